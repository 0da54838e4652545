"""A library on a real OpenSearch cluster of three nodes: the same as in memory."""

import random
import tomllib
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields, replace
from itertools import pairwise
from pathlib import Path

import pytest

import bot
from bot.articles.article import Article
from bot.articles.library import Library
from bot.cluster.connection import ClusterConnection
from bot.cluster.documents import ROW_BITS
from bot.cluster.errors import ForeignIndex, NoSuchLibrary
from bot.cluster.publish import (
    Publication,
    PublishingOptions,
    delete_publication,
    publish,
)
from bot.cluster.state import STATE_ID, State
from bot.config.cluster_address import ClusterAddress
from bot.errors import LibraryReplaced
from bot.index.engine import Hit, TermFinder
from bot.retrieval.answer import Answer, Reply
from bot.retrieval.arguments import Where
from bot.retrieval.question_forms import find_unmatched

pytestmark = [pytest.mark.slow]
pytest.importorskip("opensearchpy", reason="needs article-bot[cluster]")

ROOT = Path(__file__).parent.parent
CASES = tomllib.loads((ROOT / "tests/data/questions.toml").read_text(encoding="utf-8"))
QUESTIONS = [case["text"] for case in CASES["question"] + CASES["unanswerable"]]
SMALL = PublishingOptions(shards=1, replicas=0)


class Index:
    """The name of a library on the cluster, with the calls that most tests make."""

    def __init__(self, urls: Sequence[str], name: str) -> None:
        self.urls, self.name = urls, name
        self.connection = ClusterConnection(ClusterAddress(tuple(urls), name))

    def publish(self, library: Library, options: PublishingOptions = SMALL) -> Publication:
        """Publish ``library``."""
        return publish(self.connection, library, options)

    def retriever(self) -> bot.Retriever:
        """Return a retriever of the library."""
        return bot.Retriever.from_cluster(self.urls, index=self.name)

    def state(self) -> State:
        """Return the state of the library."""
        document = self.connection.get(self.name, STATE_ID)
        assert document
        return State.from_document(document)

    def names(self) -> set[str]:
        """Return the names of all indexes of the library."""
        found = self.connection.send("GET", f"/{self.name}*")
        return {*found}


@pytest.fixture
def index(cluster_urls: list[str], request: pytest.FixtureRequest) -> Iterator[Index]:
    """A name that no other test uses; its indexes are deleted after the test."""
    letters = [letter if letter.isalnum() else "-" for letter in request.node.name.lower()]
    index = Index(cluster_urls, "".join(letters).strip("-"))
    yield index
    for name in index.names():
        index.connection.send("DELETE", f"/{name}")


def zipf_library(sentences: int, seed: int) -> Library:
    """Return texts of short and long paragraphs, words as uneven as in English, some equal."""
    chance = random.Random(seed)
    words = [f"{a}{b}{c}" for a in "bdfgkmprt" for b in "aou" for c in "bdkmp"]
    weights = [1 / rank for rank in range(1, len(words) + 1)]
    texts = []
    for _ in range(sentences // 20):
        lines = [
            " ".join(chance.choices(words, weights, k=chance.randint(1, 30))).capitalize() + "."
            for _ in range(20)
        ]
        lines[7] = "Bad gob kam."
        bounds = (0, 1, 2, 4, 8, 20)
        texts.append("\n\n".join(" ".join(lines[i:j]) for i, j in pairwise(bounds)))
    return Library.from_texts(texts)


@pytest.fixture(scope="module")
def zipf(cluster_urls: list[str]) -> tuple[bot.Retriever, bot.Retriever]:
    """A library of random words, in memory and on three shards with a copy each."""
    library = zipf_library(3_000, seed=1932)
    index = Index(cluster_urls, "zipf")
    index.publish(library, PublishingOptions())
    return bot.Retriever(library), index.retriever()


@pytest.fixture(scope="module")
def corpus(cluster_urls: list[str]) -> tuple[bot.Retriever, bot.Retriever]:
    """The bundled articles, in memory and on three shards with a copy each."""
    memory = bot.Retriever.from_path(ROOT / "corpus", cache=None)
    index = Index(cluster_urls, "corpus")
    assert isinstance(memory.library, Library)
    index.publish(memory.library, PublishingOptions())
    return memory, index.retriever()


def numbers_in_memory(memory: bot.Retriever, cluster: bot.Retriever) -> Callable[[int], int]:
    """Return the function from a sentence's number on the cluster to that in memory."""
    rows = {number: row for row, (number, _) in enumerate(cluster.library.numbered_listings())}

    def convert(number: int) -> int:
        article, row = number >> ROW_BITS, number % (1 << ROW_BITS)
        return memory.library.sentence_numbers(rows[article])[row]

    return convert


def connection_of(retriever: bot.Retriever) -> ClusterConnection:
    """Return the connection of a retriever on the cluster, which counts its requests."""
    connection: ClusterConnection = retriever.library.snapshot.connection  # type: ignore[attr-defined]
    return connection


def without_path(article: Article) -> Article:
    """Return ``article`` as it is on any machine."""
    return replace(article, path="")


def content(reply: Reply) -> list[object]:
    """Return all of a reply but numbers, which differ on a cluster, and paths, which it has not."""
    shown: list[object] = [
        reply.as_dict(),
        reply.silence,
        reply.carried,
        reply.suggested,
        reply.unsearched,
    ]
    for answer in (*reply.answers, *reply.nearest):
        shown += [
            getattr(answer, field.name)
            for field in fields(Answer)
            if field.name not in ("article", "number", "copies")
        ]
        shown.append(without_path(answer.article))
        shown += [(without_path(copy.article), copy.start, copy.end) for copy in answer.copies]
    return shown


@pytest.mark.parametrize("limit", [-1, 0, 1, 30, 100, 1_000])
def test_hits_equal_those_in_memory(zipf: tuple[bot.Retriever, bot.Retriever], limit: int) -> None:
    """The same sentences, scores (to the bit) and order, ties in reading order."""
    memory, cluster = zipf
    convert = numbers_in_memory(memory, cluster)
    chance = random.Random(limit)
    words = ["bab", "bad", "bak", "gob", "kam", "tup", "mud", "unknown", "pop", "fad", "gum"]

    for _ in range(12 if 1 <= limit <= 100 else 2):
        query = chance.choices(words, k=chance.randint(1, 8))
        hits = cluster.engine.search(query, limit)

        expected = memory.engine.search(query, limit)
        assert [Hit(convert(hit.sentence), *hit[1:]) for hit in hits] == expected
        assert cluster.engine.search(sorted(query), limit) == hits


def test_document_frequencies_equal_those_in_memory(
    zipf: tuple[bot.Retriever, bot.Retriever],
) -> None:
    """Counts are exact, those of a thousand words at once too."""
    memory, cluster = zipf
    guesses = [f"{a}{b}{c}" for a in "bcdfgkmprst" for b in "aeiou" for c in "bcdgkmnprst"]

    for terms in (["bad"], ["gob", "unknown", "gob"], guesses, []):
        frequencies = cluster.engine.document_frequencies(terms)

        assert frequencies == memory.engine.document_frequencies(terms)


def test_terms_around_equal_those_in_memory(zipf: tuple[bot.Retriever, bot.Retriever]) -> None:
    """Of paragraphs and sentences, whether they were found before or not."""
    memory, cluster = zipf
    convert = numbers_in_memory(memory, cluster)
    terms = ["bad", "gob", "unknown", "kam", "fad"]
    cluster.engine.search(terms, 30)
    assert isinstance(memory.engine, TermFinder)
    assert isinstance(cluster.engine, TermFinder)

    for number, _ in [*cluster.library.numbered_listings()][::7]:
        numbers = cluster.library.sentence_numbers(number)
        ranges = [range(each, each + 1) for each in numbers]
        ranges += [*map(cluster.library.paragraph_range, numbers), numbers[:0]]
        same = [range(convert(each.start), convert(each.start) + len(each)) for each in ranges[:-1]]
        found = cluster.engine.find_terms(terms, ranges)
        assert found == [*memory.engine.find_terms(terms, same), 0]


def test_queries_without_a_known_term_find_nothing(
    zipf: tuple[bot.Retriever, bot.Retriever],
) -> None:
    """Terms are compared exactly, case included."""
    _, cluster = zipf

    assert cluster.engine.search([], 5) == []
    assert cluster.engine.search(["unknown", "Bad"], 5) == []


def test_replies_equal_those_in_memory(corpus: tuple[bot.Retriever, bot.Retriever]) -> None:
    """Every reply of the quality tests: answers, silences, spellings, notices, confidence.

    Counts, hits and articles are a request each. Words that no sentence has take more, and for one
    question in a hundred the hits are asked for twice, where scores lie close.
    """
    memory, cluster = corpus
    connection = connection_of(cluster)
    differing, expensive = [], {}

    for text in QUESTIONS:
        before = connection.requests
        reply, expected = cluster.ask(text), memory.ask(text)
        if content(reply) != content(expected):
            differing.append(text)
        requests = connection.requests - before
        typed = memory.pipeline.parse_as_typed(text)
        if requests > 3 and not find_unmatched(typed, memory.engine):
            expensive[text] = requests

    assert differing == []
    assert max(expensive.values(), default=0) <= 4
    assert len(expensive) <= len(QUESTIONS) / 100


def test_conversations_equal_those_in_memory(
    corpus: tuple[bot.Retriever, bot.Retriever],
) -> None:
    """Follow-ups, "more", remarks and summaries."""
    memory, cluster = map(bot.Conversation, corpus)

    for text in (
        "what can I ask?",
        "Who were the first people to land on the moon?",
        "when did they land?",
        "more",
        "the second one",
        "and what did Armstrong say?",
        "summarise the article about coffee",
        '"surface of the moon"',
        "thanks",
        "who desinged the brige?",
    ):
        assert content(cluster.ask(text)) == content(memory.ask(text)), text


@pytest.mark.parametrize("where", ["*.md", "since 2024", {"source": {"prefix": "s"}}])
def test_chosen_articles_equal_those_in_memory(
    corpus: tuple[bot.Retriever, bot.Retriever], where: Where
) -> None:
    """The articles that a filter leaves out are as if they were not there, counts included."""
    memory, cluster = (retriever.select(where) for retriever in corpus)

    assert len(cluster.library.articles) == len(memory.library.articles)
    assert cluster.library.sentence_count == memory.library.sentence_count
    for text in QUESTIONS[::20]:
        assert content(cluster.ask(text)) == content(memory.ask(text)), text


def test_library_equals_that_in_memory(corpus: tuple[bot.Retriever, bot.Retriever]) -> None:
    """Each fact about each article and sentence, fetched one by one."""
    memory, cluster = corpus
    convert = numbers_in_memory(memory, cluster)
    mine, other = cluster.library, memory.library

    assert (len(mine), mine.sentence_count) == (len(other), other.sentence_count)
    assert [*mine.sentence_texts()] == [*other.sentence_texts()]
    assert [*mine.paragraph_numbers()] == [*other.paragraph_numbers()]
    assert mine.content_versions.keys() == other.content_versions.keys()
    for row, (number, listing) in enumerate(mine.numbered_listings()):
        article = other.articles[row]
        assert without_path(article) == mine.articles[number]
        assert (listing.title, listing.source, listing.date) == (
            article.title, article.source, article.date,
        )  # fmt: skip
        assert mine.listings[row] == listing
        assert mine.find_source(article.source) == [number]
        assert mine.title(number) == article.title
        for sentence in mine.sentence_numbers(number)[::5]:
            place, same = mine.sentence(sentence), convert(sentence)
            expected = other.sentence(same)
            assert (place.block, place.start, place.end) == (
                expected.block, expected.start, expected.end,
            )  # fmt: skip
            assert mine.is_code(sentence) == other.is_code(same)
            assert mine.sentence_text(sentence) == other.sentence_text(same)
            paragraph = mine.paragraph_range(sentence)
            assert [*map(convert, paragraph)] == [*other.paragraph_range(same)]
            assert [*mine.load_texts(paragraph).values()] == [
                *other.load_texts(other.paragraph_range(same)).values()
            ]
    with pytest.raises(IndexError):
        mine.sentence(5)
    with pytest.raises(IndexError):
        mine.listings[10**6]


def test_round_trips(corpus: tuple[bot.Retriever, bot.Retriever]) -> None:
    """Counts, hits and articles are one request each; of counts and articles known, none."""
    _, cluster = corpus
    cluster = cluster.with_threshold(0.0)
    connection = connection_of(cluster)

    before = connection.requests
    cluster.ask("Who were the first people to land on the moon?")
    first = connection.requests - before
    cluster.ask("Who were the first people to land on the moon?")

    assert first <= 3
    assert connection.requests - before - first == 1


TEXTS = {
    "alpha": "Ada Thorne designed the bridge. It opened in 1932.",
    "beta": "The ferry left the harbour at noon. Nobody saw it return.",
    "delta": "Magnus Flett kept the lighthouse. It burned whale oil.",
}


def library_of(texts: dict[str, str]) -> Library:
    """Return the library of records with these ids and texts."""
    return Library.from_records(texts.items())


def assert_equal(index: Index, library: Library, retriever: bot.Retriever | None = None) -> None:
    """Check that the library on the cluster gives the replies of ``library``."""
    memory, cluster = bot.Retriever(library), retriever or index.retriever()
    for text in ("Who designed the bridge?", "What burned oil?", "the feryr at noon", "quokka"):
        assert content(cluster.ask(text)) == content(memory.ask(text)), text


def test_changes_are_published(index: Index) -> None:
    """Only what differs is written; who asks follows, and articles keep their order."""
    index.publish(library_of(TEXTS))
    retriever = index.retriever()
    pinned = retriever.on_snapshot(lambda snapshot: snapshot)
    talk = bot.Conversation(index.retriever())
    assert talk.ask("Who kept the lighthouse?").answers
    changed = {
        **TEXTS,
        "beta": "The ferry sank. Ada Thorne designed the bridge.",
        "gamma": "Ada Thorne designed the bridge. It was lit.",
    }
    changed = dict(sorted(changed.items()))
    del changed["delta"]

    publication = index.publish(library_of(changed))

    assert publication.changes == {"added": 1, "changed": 1, "removed": 1}
    assert publication.unchanged == 1
    assert_equal(index, library_of(changed), retriever)
    assert [listing.id for listing in retriever.library.listings] == [*changed]
    assert talk.ask("and who kept the lighthouse?").silence
    with pytest.raises(LibraryReplaced):
        pinned.ask("Who designed the bridge?")


def test_replaced_versions_change_no_hits(index: Index) -> None:
    """A word that only they have often is as rare as in the articles that are seen."""
    harbours = "\n\n".join(f"Harbour {'stone ' * size}." for size in range(1, 301))
    drafts = "\n\n".join(["Draft harbour stone.", "Draft stone stone."] * 150)
    last = "\n\n".join([*["Note stone stone."] * 299, f"Draft {'stone ' * 800}."])
    index.publish(library_of({"draft": drafts, "harbour": harbours}))
    library = library_of({"draft": last, "harbour": harbours})

    index.publish(library)

    memory, cluster = bot.Retriever(library), index.retriever()
    convert = numbers_in_memory(memory, cluster)
    assert index.state().removed
    for chosen in (None, {"source": ["draft", "harbour"]}):
        engine = cluster.engine if chosen is None else cluster.select(chosen).engine
        hits = engine.search(["draft", "harbour"], 100)
        expected = memory.engine.search(["draft", "harbour"], 100)
        assert [Hit(convert(hit.sentence), *hit[1:]) for hit in hits] == expected


def test_nothing_is_written_where_nothing_changed(index: Index) -> None:
    """The generation stays."""
    index.publish(library_of(TEXTS))
    before = index.state()

    index.publish(library_of(TEXTS))

    assert index.state().generation == before.generation


def test_many_changes_one_after_the_other(index: Index) -> None:
    """After each change, the replies are those of a library built anew; waste is deleted."""
    texts = dict(TEXTS)
    options = replace(SMALL, grace=0.0)
    index.publish(library_of(texts), options)
    retriever = index.retriever()

    for step in range(4):
        texts[f"alpha-{step}"] = f"The ferry number {step} left at noon. It burned oil."
        texts["beta"] = f"The ferry left the harbour {step} times."
        texts.pop(f"alpha-{step - 2}", None)
        texts = dict(sorted(texts.items()))
        index.publish(library_of(texts), options)

        assert_equal(index, library_of(texts), retriever)

    assert len(index.state().removed) <= 2


def test_another_order_makes_new_indexes(index: Index) -> None:
    """Numbers ascend in reading order, so that another order needs others."""
    index.publish(library_of(TEXTS))
    before = index.state().base
    other = library_of(dict(reversed(TEXTS.items())))

    index.publish(other)

    assert index.state().base != before
    assert_equal(index, other)
    assert not {name for name in index.names() if name.startswith(before)}


def test_rebuild_while_others_ask(index: Index) -> None:
    """Each reply is of one generation or the other, whole; nobody gets an error."""
    two = {key: text.replace("1932", "1955") for key, text in TEXTS.items()}
    libraries = [library_of(TEXTS), library_of(two)]
    index.publish(libraries[0])
    retriever = index.retriever()
    question = "When did the bridge open?"
    allowed = [content(bot.Retriever(library).ask(question)) for library in libraries]

    def ask(_: int) -> bool:
        return content(retriever.ask(question)) in allowed

    with ThreadPoolExecutor(2) as threads:
        asked = threads.map(ask, range(60))
        for step in range(1, 4):
            index.publish(libraries[step % 2], replace(SMALL, rebuild=step == 2))
        are_whole = [*asked]

    assert all(are_whole)


class Interrupted(Exception):
    """The end of a publication in its midst."""


def test_interrupted_publication_is_continued(index: Index) -> None:
    """Readers see nothing of it; the next one keeps the articles that are complete."""
    index.publish(library_of(TEXTS))
    many = {**TEXTS, **{f"e{n:03}": f"The ferry {n} left at noon." for n in range(60)}}
    options = replace(SMALL, batch_size=100)

    def interrupt(done: int, _: int) -> None:
        if done > 30:
            raise Interrupted

    with pytest.raises(Interrupted):
        index.publish(library_of(many), replace(options, progress=interrupt))
    assert_equal(index, library_of(TEXTS))
    firsts: list[int] = []
    publication = index.publish(
        library_of(many), replace(options, progress=lambda done, _: firsts.append(done))
    )

    assert (publication.changes["added"], publication.unchanged) == (60, 3)
    assert 10 < firsts[0] < 60
    assert firsts[-1] == 60
    assert_equal(index, library_of(many))


def test_killed_publisher_is_succeeded(index: Index) -> None:
    """One that makes no sign any more is waited for, then taken for dead; the user is told."""
    index.publish(library_of(TEXTS))
    document = replace(index.state(), publisher="somebody").to_document()
    index.connection.send("PUT", f"/{index.name}/_doc/{STATE_ID}", document)
    lines: list[str] = []

    index.publish(library_of({"a": "It rained."}), replace(SMALL, lease=0.5, notify=lines.append))

    assert len(lines) == 1
    assert "another process publishes" in lines[0]
    assert len(index.retriever().library) == 1


def test_foreign_index_stays_as_it_is(index: Index) -> None:
    """An index that somebody else made is refused, by publishers and readers."""
    index.connection.send("PUT", f"/{index.name}")
    index.connection.send("PUT", f"/{index.name}/_doc/{STATE_ID}", {"mine": 1})

    with pytest.raises(ForeignIndex, match="stays as it is"):
        index.publish(library_of(TEXTS))
    with pytest.raises(ForeignIndex, match="not one of bot's"):
        index.retriever()
    with pytest.raises(ForeignIndex, match="stays as it is"):
        delete_publication(index.connection)

    assert index.names() == {index.name}
    assert (index.connection.get(index.name, STATE_ID) or {})["_source"] == {"mine": 1}


def test_foreign_index_of_a_later_name_stays(index: Index) -> None:
    """New indexes never take the place of one that somebody else made."""
    other = f"{index.name}-1-articles"
    index.connection.send("PUT", f"/{other}")
    index.connection.send("PUT", f"/{other}/_doc/1", {"mine": 1})

    with pytest.raises(ForeignIndex, match="stays as it is"):
        index.publish(library_of(TEXTS))

    assert (index.connection.get(other, "1") or {})["_source"] == {"mine": 1}


def test_another_version_is_refused_then_replaced(index: Index) -> None:
    """Readers say so in a sentence; publishing makes new indexes."""
    index.publish(library_of(TEXTS))
    document = {**replace(index.state(), version="later").to_document(), "colour": "red"}
    index.connection.send("PUT", f"/{index.name}/_doc/{STATE_ID}", document)

    with pytest.raises(ForeignIndex, match="another version of bot made it"):
        index.retriever()
    index.publish(library_of(TEXTS))

    assert_equal(index, library_of(TEXTS))


def test_missing_library(index: Index) -> None:
    """The error has the command that puts a library there."""
    with pytest.raises(NoSuchLibrary, match="bot index --engine http://127"):
        index.retriever()


def test_strange_texts_survive(index: Index) -> None:
    """Lone surrogates, escapes, long words and records with metadata, to the letter."""
    records = [
        {"id": 1, "text": "caf\udce9 \U0010fffd\U000f0000 opened. " + "x" * 300, "tags": ["a", 2]},
        {"id": "two", "text": "", "title": "An empty one \ud800"},
        {
            "id": 3,
            "text": "x" * 300 + " closed\u2028there.",
            "note": "\udcff",
            "date": "2024-02-29",
        },
    ]
    library = Library.from_records(records[:1] + records[2:])

    index.publish(library)

    cluster, memory = index.retriever(), bot.Retriever(library)
    assert [*cluster.library.articles] == [*library.articles]
    for text in ("x" * 300, "caf\udce9 opened", "what closed?"):
        assert content(cluster.ask(text)) == content(memory.ask(text))


LANGUAGES = {
    "de": "Der Turm von Lindau wurde im Jahr 1932 gebaut. Er ist nicht hoch, aber sehr alt.",
    "de-2": "Die Fähre verließ den Hafen um acht Uhr. Niemand sah sie zurückkehren.",
    "zh": "这座桥于1932年建成。桥的设计师是来自北京的王芳。渡船在两百年前停止了运行。",
    "en": "The lighthouse burned whale oil until 1881. Its keeper was Magnus Flett.",
}
ASKED = (
    "Wann wurde der Turm gebaut?",
    "Wer sah die Fähre?",
    "Wan wurde der Trum gebaut?",
    "桥是什么时候建成的？",
    "谁设计了这座桥？",
    "Who was the keeper of the lighthouse?",
    "What is Lindau?",
    "¿Quién?",
)


def test_languages(index: Index) -> None:
    """Questions in the languages of the articles; which those are is known from the beginning."""
    library = library_of(LANGUAGES)
    index.publish(library)
    memory, cluster = bot.Retriever(library), index.retriever()
    before = connection_of(cluster).requests

    assert content(cluster.ask(ASKED[0])) == content(memory.ask(ASKED[0]))
    assert connection_of(cluster).requests - before <= 3
    german = {"source": {"prefix": "de"}}
    for chosen, same in ((cluster, memory), (cluster.select(german), memory.select(german))):
        assert chosen.library.language_counts == same.library.language_counts
        for text in ASKED:
            assert content(chosen.ask(text)) == content(same.ask(text)), text
    index.publish(library_of({"en": LANGUAGES["en"], "zh": LANGUAGES["zh"]}))
    assert index.state().languages == {"en": 1, "zh": 1}


def test_long_paragraph(index: Index) -> None:
    """A text without blank lines is several paragraphs; an article that is too long is named."""
    lines = [f"The ferry number {n} left at {n % 24} sharp." for n in range(450)]
    texts = {"long": " ".join(lines), "longer": " ".join(2 * lines), **TEXTS}
    options, notes = replace(SMALL, max_sentences=500), list[str]()

    index.publish(library_of(texts), replace(options, notify=notes.append))

    assert notes == [
        "longer: 900 sentences; at most 500 can be put on a cluster, so it is left out: divide it"
    ]
    del texts["longer"]
    assert_equal(index, library_of(texts))
    memory, cluster = bot.Retriever(library_of(texts)), index.retriever()
    for text in ("When did ferry number 399 leave?", "ferry 400", "ferry 401"):
        assert content(cluster.ask(text)) == content(memory.ask(text)), text


def test_empty_library(index: Index) -> None:
    """It is valid, and says that there is nothing to answer from."""
    index.publish(Library())

    assert index.retriever().ask("Who designed the bridge?").silence is bot.Silence.EMPTY
