"""Search, ranking by evidence, confidence, and silence."""

import tomllib
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from math import log1p
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import bot
from bot.index.engine import Hit, TermFinder
from bot.language.terms import terms
from bot.retrieval.answer import Answer, Excerpt, Silence
from bot.retrieval.answer_window import WINDOW
from bot.retrieval.passages import Passages
from bot.retrieval.ranking import ScoredCandidate
from bot.retrieval.surroundings import TextTerms

DATA = Path(__file__).parent / "data"
Case = dict[str, Any]
# Called with arguments that its types do not allow.
API: Any = bot

# Few words, so that they occur in several texts; a number, a name and a question word among them.
WORDS = ["bridge", "bridges", "opened", "river", "Leith", "1932", "the", "when", "it", "in"]
lines = st.lists(st.sampled_from(WORDS), min_size=1, max_size=7).map(
    lambda words: " ".join(words).capitalize() + "."
)
texts = st.lists(lines, min_size=1, max_size=4).map("\n\n".join)
libraries = st.lists(texts, max_size=4)
questions = st.lists(st.sampled_from([*WORDS, "brigde", "quokka", "who"]), max_size=5).map(" ".join)

EVIDENCE = tomllib.loads((DATA / "evidence.toml").read_text(encoding="utf-8"))["case"]
SILENCES = tomllib.loads((DATA / "silences.toml").read_text(encoding="utf-8"))["case"]


def answer_texts(answers: Sequence[Answer]) -> list[str]:
    return [answer.text for answer in answers]


def list_places(answer: Answer) -> list[Excerpt]:
    """Return the places of an answer's sentence."""
    return [Excerpt(answer.article, answer.start, answer.end, answer.number), *answer.copies]


# Search


@given(libraries, questions)
def test_evidence_sums_to_the_score(library: list[str], question: str) -> None:
    """The parts of the evidence add up to the score of every answer."""
    for answer in bot.Retriever.from_texts(library).search(question, limit=20):
        assert answer.score == answer.evidence.score
        assert sum(answer.evidence.parts().values()) == pytest.approx(answer.score)
        assert 0 <= answer.confidence <= 1


@given(libraries, questions)
def test_answers_are_ordered_by_score(library: list[str], question: str) -> None:
    """The best answer comes first; equal scores come in reading order, each sentence once."""
    answers = bot.Retriever.from_texts(library).search(question, limit=20)

    order = [(-answer.score, answer.number) for answer in answers]
    assert order == sorted(set(order))


@given(libraries, questions)
@example(["The bridge."], "brigde")
def test_search_finds_all_sentences_with_a_shared_word(library: list[str], question: str) -> None:
    """Every sentence that shares a word with the corrected question is found, and no other."""
    retriever = bot.Retriever.from_texts(library)
    query_terms = frozenset(retriever.pipeline.parse(question).terms)

    answers = retriever.search(question, limit=100)

    expected = [t for t in retriever.library.sentence_texts() if query_terms & {*terms(t)}]
    places = [place for answer in answers for place in list_places(answer)]
    assert sorted(place.text for place in places) == sorted(expected)
    assert len({(place.article.source, place.start) for place in places}) == len(places)


@given(libraries, questions, st.integers(0, 6))
def test_limit_cuts_the_answers(library: list[str], question: str, limit: int) -> None:
    """A lower limit gives the first of the same answers; a huge one gives all there are."""
    retriever = bot.Retriever.from_texts(library)

    assert retriever.search(question, limit) == retriever.search(question, 10**9)[:limit]


@given(libraries, questions)
def test_copies_are_equal_sentences_of_other_articles(library: list[str], question: str) -> None:
    """They have the words of the answer, and no two of them are in one article."""
    for answer in bot.Retriever.from_texts(library).search(question, limit=20):
        assert all(copy.text.split() == answer.text.split() for copy in answer.copies)
        sources = [place.article.source for place in list_places(answer)]
        assert len(sources) == len({*sources})


def test_many_copies_leave_room_for_other_answers() -> None:
    """However many files have the best sentence, it takes one place."""
    texts = ["The bridge opened in 1932."] * 90 + ["A ferry passed the bridge."]

    first, second = bot.Retriever.from_texts(texts).search("When did the bridge open?")

    assert len(first.copies) == 89
    assert second.text == "A ferry passed the bridge."


def test_equal_words_about_different_things_are_no_copies() -> None:
    """After a pronoun the sentence before it decides."""
    texts = ["The mill burned. It opened in 1932.", "A school stood. It opened in 1932."]

    answers = bot.Retriever.from_texts(texts).search("What opened in 1932?")

    assert [answer.copies for answer in answers if answer.text.startswith("It")] == [(), ()]


long_texts = st.lists(
    st.sampled_from([*WORDS, "x" * 80, "猫" * 50, "\n"]), min_size=80, max_size=200
)


@given(long_texts.map(" ".join), st.sampled_from(["bridge", "Leith in 1932", "when opened", "猫"]))
def test_long_sentence_is_cut_to_a_window(text: str, question: str) -> None:
    """The window is a part of the sentence, no longer than the rule says, around a match."""
    retriever = bot.Retriever.from_texts([text])
    for answer in retriever.search(question):
        sentence = retriever.library.sentence(answer.number)

        assert answer.matched
        assert sentence.start <= answer.start < answer.end <= sentence.end
        assert answer.omits_start == (answer.start > sentence.start)
        assert answer.omits_end == (answer.end < sentence.end)
        is_long = sentence.end - sentence.start > WINDOW
        assert answer.end - answer.start <= WINDOW
        assert is_long or not (answer.omits_start or answer.omits_end)


def test_window_holds_the_rarest_words() -> None:
    """Of all places that match, the one with the most of the question is shown."""
    speech = (
        "and we went to the bridge " * 40 + "where in May 1932 a ferry sank " + "and so on " * 40
    )
    retriever = bot.Retriever.from_texts([speech, "The bridge stands.", "A bridge fell."])

    answer = retriever.search("When did the ferry sink at the bridge?")[0]

    assert "bridge where in May 1932 a ferry sank" in answer.text
    assert answer.omits_start
    assert answer.omits_end


def test_no_answers_are_no_silence(retriever: bot.Retriever) -> None:
    """With a limit of 0 there are no answers; there is a silence only if nothing answers."""
    assert retriever.search("the", 0) == ()
    for ask in (retriever.ask, bot.Conversation(retriever).ask):
        reply = ask("Who designed the bridge?", 0)
        assert (reply.answers, reply.nearest, reply.silence) == ((), (), None)
        assert ask("quokka", 0).silence is Silence.UNKNOWN


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda r: r.ask("bridge", -1), "limit is -1; give a whole number from 0 on"),
        (lambda r: r.search("bridge", "3"), "limit is '3'"),
        (lambda r: r.ask_many(["bridge"], 1.5), "limit is 1.5"),
        (lambda r: r.ask("bridge", limit=True), "limit is True"),
        (lambda r: API.Conversation(r).ask("bridge", None), "limit is None"),
        (lambda r: r.ask(None), "the question is of type NoneType; give text"),
        (lambda r: r.search(b"bridge"), "the question is of type bytes"),
        (lambda r: API.Conversation(r).ask(7), "the question is of type int"),
        (lambda r: r.ask_many("bridge"), "the questions are one text; give a list"),
        (lambda r: r.ask_many(["bridge", 1]), "the question is of type int"),
        (lambda r: r.with_threshold(5), "min_confidence is 5; give a number from 0 to 1"),
        (lambda r: r.with_threshold(float("nan")), "min_confidence is nan"),
        (lambda r: API.Retriever(r.library, min_confidence="0.5"), "min_confidence is '0.5'"),
        (lambda _: API.Retriever.from_texts("bridge"), "texts is one text"),
        (lambda _: API.Retriever.from_texts(["bridge", 7]), r"texts\[1\] is 7 \(int\)"),
        (lambda _: API.Retriever.from_texts(["bridge"], ["a", "b"]), "2 titles for 1 texts"),
        (lambda _: API.Retriever.from_texts(["bridge"], "a"), "titles is one text"),
    ],
)
def test_a_wrong_argument_is_a_value_error(
    retriever: bot.Retriever, call: Callable[[Any], object], message: str
) -> None:
    """What is wrong in a call is a ValueError that says what is allowed."""
    with pytest.raises(ValueError, match=message):
        call(retriever)


def test_answer_is_a_part_of_its_article(retriever: bot.Retriever) -> None:
    """Text, line, number and neighbours are those of the article."""
    answer = retriever.search("Who designed the three arches?")[0]

    assert answer.text == answer.article.text[answer.start : answer.end]
    assert answer.text == retriever.library.sentence_text(answer.number)
    assert answer.article.source == "bridge.txt"
    assert answer.line == 4
    assert answer.before == "The Thornwick Bridge opened to carts and walkers in March 1932."
    assert answer.after.startswith("It replaced a ferry")


def test_no_neighbours_at_the_ends_of_an_article(retriever: bot.Retriever) -> None:
    """The first sentence has nothing before it, the last has nothing after it."""
    first = retriever.search("opened to carts and walkers")[0]
    last = retriever.search("eleven thousand tonnes of granite")[0]

    assert (first.before, last.after) == ("", "")


def test_repr_of_an_answer_names_text_and_source(retriever: bot.Retriever) -> None:
    """It does not print the whole article."""
    answer = retriever.search("Who replaced the ferry?")[0]

    assert repr(answer).startswith(f"Answer({answer.text!r}, source='bridge.txt', line=5, score=")


def test_matched_words_are_written_as_in_the_sentence() -> None:
    """Each form is named once, in reading order."""
    retriever = bot.Retriever.from_texts(["Bridges and a Bridge, Thorne's bridge: bridges."])

    matched = retriever.search("thorne bridge")[0].matched

    assert matched == ("Bridges", "Bridge", "Thorne", "bridge", "bridges")


def test_boilerplate_is_never_an_answer() -> None:
    """Teasers, credits and headlines are not found by their words."""
    page = (
        "Storm shuts the harbour\nTuesday 8 March 2022 | 09:30\n\n"
        "Waves broke over the quay. Nobody was hurt.\n\n"
        "Related stories\nFerry to Lundy cancelled again\n\n(Reporting by Ellen Marsh)\n"
    )
    retriever = bot.Retriever.from_pages([page])

    assert answer_texts(retriever.search("quay")) == ["Waves broke over the quay."]
    assert retriever.search("Lundy Marsh related stories shuts") == ()


def test_same_sentence_in_several_articles() -> None:
    """The first is the answer, the others are its copies, in reading order."""
    retriever = bot.Retriever.from_texts(["The bridge opened in 1932."] * 5)

    [answer] = retriever.search("bridge")

    assert [place.article.source for place in list_places(answer)] == [
        f"text {n}" for n in range(1, 6)
    ]


def test_titles_are_searched() -> None:
    """The given titles decide between equal texts."""
    retriever = bot.Retriever.from_texts(["It opened.", "It opened."], ["The mill", "The inn"])

    assert retriever.search("When was the inn opened?")[0].article.title == "The inn"


# Evidence


def find_candidate(
    ranked: Sequence[ScoredCandidate], sentences: range, words: str
) -> ScoredCandidate:
    """Return the best of ``ranked`` that is among ``sentences`` and contains ``words``."""
    return next(
        each for each in ranked if each.hit.sentence in sentences and words in each.passage.text
    )


@pytest.mark.parametrize("case", EVIDENCE, ids=lambda case: case["label"])
def test_one_part_of_the_evidence_decides(case: Case) -> None:
    """Between two sentences that differ in one thing, the part for this thing decides."""
    library = bot.Library.from_texts([case["worse"], case["better"]], case.get("titles"))
    retriever = bot.Retriever(library)

    ranked = retriever.pipeline.score_candidates(retriever.pipeline.parse(case["question"]))

    loser, winner = (
        find_candidate(ranked, library.sentence_numbers(article), case.get("of", ""))
        for article in range(2)
    )
    assert ranked.index(winner) < ranked.index(loser)
    assert winner.evidence.parts()[case["part"]] > loser.evidence.parts()[case["part"]]


def test_every_part_of_the_evidence_has_a_case() -> None:
    """evidence.toml has a case for each part."""
    by_words = set(bot.Evidence().parts()) - {"meaning"}  # which test_reranking.py has
    assert {case["part"] for case in EVIDENCE} == by_words


@given(st.lists(st.lists(lines, min_size=1, max_size=3).map(" ".join)).map("\n\n".join))
def test_terms_of_texts_are_those_of_the_engine(text: str) -> None:
    """The texts around a candidate hold the terms that the engine has there, and so does it."""
    retriever = bot.Retriever.from_texts([text])
    library, engine = retriever.library, retriever.engine
    numbers = range(library.sentence_count)
    wanted = [
        *dict.fromkeys(term for sentence in library.sentence_texts() for term in terms(sentence))
    ]
    ranges = [range(0), *(range(n, n + 1) for n in numbers), *map(library.paragraph_range, numbers)]

    found = TextTerms(library).find_terms([*wanted, "-"], ranges)

    assert isinstance(engine, TermFinder)
    assert engine.find_terms([*wanted, "-"], ranges) == found
    for passage, bits in zip(Passages(library).passages(numbers), found[1:], strict=False):
        assert passage.sentence.terms == {t for i, t in enumerate(wanted) if bits >> i & 1}


@given(
    st.lists(st.text("abé", min_size=3, max_size=9), min_size=1, max_size=4).map(" ".join),
    st.lists(st.text("abé", min_size=3, max_size=9), min_size=1, max_size=6).map(" ".join),
)
@example("configure", "The configuration of us")
def test_letters_are_compared_with_every_word(question: str, sentence: str) -> None:
    """A missing term counts by the word with the highest Dice coefficient of four-letter runs."""
    retriever = bot.Retriever.from_texts([f"{sentence} thornwick."])

    def runs(word: str) -> set[str]:
        return {word[i : i + 4] for i in range(max(1, len(word) - 3))}

    def dice(left: str, right: str) -> float:
        return 2 * len(runs(left) & runs(right)) / (len(runs(left)) + len(runs(right)))

    for scored in retriever.pipeline.score_candidates(
        retriever.pipeline.parse(f"{question} thornwick")
    ):
        query, forms = scored.query, scored.passage.sentence.forms
        expected = sum(
            query.idf[term] * max(dice(query.content[term], form) for form in forms)
            for term in query.content_terms - scored.passage.sentence.terms
        )
        assert scored.values["letters"] == pytest.approx(expected / query.content_idf)


@given(st.permutations(["thornwick", "granite", "carts", "walkers"]))
def test_confidence_rises_with_matched_words(words: list[str]) -> None:
    """Each unknown word in place of a word of the sentence lowers the confidence."""
    retriever = bot.Retriever.from_texts(
        ["Thornwick granite bore carts, walkers.", *(f"Snow fell on day {n}." for n in range(9))]
    )
    unknown = ["qqqq", "zzzz", "jjjj"]
    confidences = [
        retriever.search(" ".join([*words[:matched], *unknown[: 4 - matched]]))[0].confidence
        for matched in (1, 2, 3, 4)
    ]

    assert confidences == sorted(confidences)
    assert confidences[0] < confidences[-1]


# Replies


@given(libraries, questions, st.integers(1, 3), st.sampled_from([0.0, 0.2, 0.9, 1.0]))
@example([""], "bridge", 1, 0.2)
def test_reply_has_answers_or_a_silence(
    library: list[str], question: str, limit: int, min_confidence: float
) -> None:
    """It has one or the other; with a silence, the nearest answers are those of a search."""
    retriever = bot.Retriever.from_texts(library).with_threshold(min_confidence)

    reply = retriever.ask(question, limit)

    assert bool(reply.answers) != (reply.silence is not None)
    assert (reply.answers or reply.nearest) == retriever.search(question, limit)
    assert (reply.silence is Silence.EMPTY) == (not library)
    if reply.answers:
        assert reply.answers[0].confidence >= min_confidence


@pytest.mark.parametrize("case", SILENCES, ids=lambda case: case["question"])
def test_silence_and_its_reason(library: bot.Library, case: Case) -> None:
    """The question is answered, or met with the expected silence; unknown words are as typed."""
    reply = bot.Retriever(library).ask(case["question"])

    assert (reply.silence.name if reply.silence else "") == case["silence"]
    assert list(reply.unknown) == case.get("unknown", [])
    assert reply.question.text == case["question"]


def test_empty_library() -> None:
    """Whatever is asked, the reply says that there are no articles."""
    retriever = bot.Retriever(bot.Library())

    assert retriever.ask("Who?").silence is Silence.EMPTY
    assert retriever.search("bridge") == ()
    assert bot.Conversation(retriever).ask("tell me more").silence is Silence.EMPTY


ODD = [
    "\0", "bridge \0", "'", "bridge's", '"', '"bridge', "“bridge\" «it»", '""', '" "',
    "how many ﾞ bridges", "how many ͺ bridges", "½ bridge", "\ud800 bridge", "🙂 bridge",
    "bridge " * 1_500, "„" * 10_000, "«" * 10_000, "x" * 10_000, "?" * 10_000, "it " * 3_000,
    "hi" + "!" * 10_000 + "x",
]  # fmt: skip


@pytest.mark.parametrize("question", ODD, ids=range(len(ODD)))
def test_odd_question_gets_a_reply(retriever: bot.Retriever, question: str) -> None:
    """Control characters, symbols and long pasted texts are questions like any other."""
    conversation = bot.Conversation(retriever)

    for reply in (
        retriever.ask(question),
        conversation.ask("bridge"),
        conversation.ask(question),
    ):
        assert bool(reply.answers) != (reply.silence is not None)


def test_ask_many(retriever: bot.Retriever) -> None:
    """The replies are those to each question alone, in order."""
    asked = ["Who designed the bridge?", "quokka", "", "Why did the market leave?"]

    assert retriever.ask_many(asked, 2) == tuple(retriever.ask(text, 2) for text in asked)


def test_concurrent_questions(library: bot.Library) -> None:
    """Eight threads get the replies that one gets, with the caches empty at first."""
    asked = ["Who designd the bridge?", "Who was the keeper?", "What do traders sell?", "the"] * 20
    alone = bot.Retriever(library).ask_many(asked)

    with ThreadPoolExecutor(8) as threads:
        together = tuple(threads.map(bot.Retriever(library).ask, asked))

    assert together == alone


def test_threshold_separates_answers_from_silence(library: bot.Library) -> None:
    """An answer with just this confidence is given; the original retriever is not changed."""
    retriever = bot.Retriever(library)
    confidence = retriever.search("Who designed the bridge?")[0].confidence

    assert retriever.with_threshold(confidence).ask("Who designed the bridge?").answers
    above = retriever.with_threshold(confidence + 1e-9).ask("Who designed the bridge?")
    assert above.silence is Silence.WEAK
    assert above.nearest[0].confidence == confidence
    assert retriever.ask("Who designed the bridge?").answers


# Libraries and engines


def test_files_and_texts_are_answered_alike(folder: Path) -> None:
    """The same articles from files and from memory give the same answers."""
    paths = sorted(folder.glob("*.txt"))
    from_files = bot.Retriever.from_path(*paths)
    from_texts = bot.Retriever.from_pages([path.read_text(encoding="utf-8") for path in paths])

    question = "fish market bridge"
    assert answer_texts(from_files.search(question)) == answer_texts(from_texts.search(question))


def test_cache_in_a_given_folder(folder: Path, tmp_path: Path) -> None:
    """The library is saved there, and read from there the next time."""
    cache = tmp_path / "cache"

    first = bot.Retriever.from_path(folder, cache=cache)
    saved = sorted(path for path in cache.rglob("*") if path.is_file())
    second = bot.Retriever.from_path(folder, cache=str(cache))

    assert saved
    assert sorted(path for path in cache.rglob("*") if path.is_file()) == saved
    assert first.search("fish market") == second.search("fish market")


def test_no_cache(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With ``cache=None`` nothing is written to the user's cache folder."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))

    retriever = bot.Retriever.from_path(folder, cache=None)

    assert retriever.search("fish market")
    assert not (tmp_path / "cache").exists()


class FullScan:
    """An engine that looks at every sentence, with the formulas as published."""

    def __init__(self, library: bot.Library) -> None:
        self.sentences = [terms(text) for text in library.sentence_texts()]
        self.paragraph_numbers = list(library.paragraph_numbers())
        self.paragraphs: list[list[str]] = [
            [] for _ in range(max(self.paragraph_numbers, default=-1) + 1)
        ]
        for sentence, number in zip(self.sentences, self.paragraph_numbers, strict=True):
            self.paragraphs[number] += sentence

    def document_frequencies(self, terms: Sequence[str]) -> list[int]:
        """Return how many sentences have each of ``terms``."""
        return [sum(term in sentence for sentence in self.sentences) for term in terms]

    def search(self, terms: Sequence[str], limit: int) -> list[Hit]:
        """Return the sentences that have one of ``terms``, best first."""
        sentence_scores = bm25(self.sentences, terms, 0.6, 0.4)
        paragraph_scores = bm25(self.paragraphs, terms, 0.9, 0.4)
        hits = []
        for number, sentence in enumerate(self.sentences):
            if set(sentence) & set(terms):
                paragraph_score = paragraph_scores[self.paragraph_numbers[number]]
                score = sentence_scores[number] + paragraph_score
                hits.append(Hit(number, score, paragraph_score))
        return sorted(hits, key=lambda hit: (-hit.score, hit.sentence))[:limit]


def bm25(documents: list[list[str]], query: Sequence[str], k1: float, b: float) -> list[float]:
    mean = sum(map(len, documents)) / max(1, len(documents))
    scores = [0.0] * len(documents)
    for term, times in sorted(Counter(query).items()):
        frequency = sum(term in document for document in documents)
        for number, document in enumerate(documents):
            if count := document.count(term):
                idf = log1p((len(documents) - frequency + 0.5) / (frequency + 0.5))
                share = count * (k1 + 1) / (count + k1 * (1 - b + b * len(document) / mean))
                scores[number] += idf * share * times
    return scores


@given(libraries, questions)
def test_another_engine_gives_the_same_answers(texts: list[str], question: str) -> None:
    """An engine that only follows the protocol leads to the same answers and scores."""
    library = bot.Library.from_texts(texts)
    engine: bot.Engine = FullScan(library)

    expected = bot.Retriever(library).search(question, limit=100)
    actual = bot.Retriever(library, engine=engine).search(question, limit=100)

    scores = {answer.number: answer.score for answer in expected}
    assert {answer.number: answer.score for answer in actual} == pytest.approx(scores, rel=1e-4)


@pytest.mark.parametrize("text", ["summarise", "Give me a summary, please", "tl;dr"])
def test_summary_quotes_the_only_article(text: str) -> None:
    """It is its opening sentences, to the letter, and the reply says that it quotes."""
    retriever = bot.Retriever.from_texts(["It opened in 1932. It is old. It will fall."])

    reply = retriever.ask(text, limit=2)

    assert [answer.text for answer in reply.answers] == ["It opened in 1932.", "It is old."]
    assert reply.notices == ("No summary, but quotations: the opening sentences of the article.",)


def test_summary_of_a_subject_quotes_its_article(retriever: bot.Retriever) -> None:
    """Of several articles, the one that the request names is quoted from its first sentence."""
    reply = retriever.ask("summarise the market article", limit=1)

    assert reply.answers[0].text.startswith("The fish market left the harbour on 4 June 2015")


def test_comparison_says_that_it_cannot() -> None:
    """The sentences that fit are shown with a line that nothing is compared."""
    retriever = bot.Retriever.from_texts(["Coffee is bitter and hot.", "Tea is mild and hot."])

    reply = retriever.with_threshold(0.0).ask("compare coffee and tea")

    assert reply.answers
    assert reply.notices[0].startswith("Nothing is compared")


# Silence and confidence


def test_min_confidence_replaces_the_measured_threshold() -> None:
    """Without it, silence depends on whether the articles answer; with it, on the confidence."""
    retriever = bot.Retriever.from_texts(["Ada Thorne designed the bridge.", "It rained."])
    first = retriever.search("Who designed the bridge?")[0]

    assert retriever.ask("Who designed the bridge?").answers[0] == first
    assert retriever.with_threshold(first.confidence).ask("Who designed the bridge?").answers
    assert (
        not retriever.with_threshold(first.confidence + 0.001)
        .ask("Who designed the bridge?")
        .answers
    )


def test_answers_share_their_answerability() -> None:
    """It is a property of the question, told by the first answer."""
    retriever = bot.Retriever.from_texts(["Ada built the bridge.", "The bridge fell."])

    answers = retriever.search("Who built the bridge?")

    assert len({answer.answerability for answer in answers}) == 1


def test_nothing_of_the_question_is_no_answer() -> None:
    """A sentence that only shares stop words is not shown, however small the library is."""
    retriever = bot.Retriever.from_texts(["She painted the sky for six decades."])

    assert retriever.ask("Where did the sponsors of clouds sleep?").silence is Silence.UNKNOWN


def test_a_title_in_quotes_need_not_stand_in_the_answer() -> None:
    """A question that is more than its quote is answered without it; one that is not, is silent."""
    retriever = bot.Retriever.from_texts(["The bridge in Lima opened to carts in March 1932."])

    assert retriever.ask('When did the bridge in Lima open to carts, "at last"?').answers
    assert retriever.ask('"Lima bridge"').silence is Silence.WEAK


# Features


def test_the_sentence_that_answers_wins_over_the_one_that_repeats_the_topic() -> None:
    """Of an article about Thornwick, it is the one that has the rest of the question."""
    text = "Thornwick is a town on a hill. It was founded in 1203 by Ada Thorne."
    retriever = bot.Retriever.from_texts([text, "Rain fell."], ["Thornwick", "Weather"])

    answer = retriever.search("Who founded Thornwick?")[0]

    assert answer.text == "It was founded in 1203 by Ada Thorne."


def test_a_sentence_that_only_asks_the_question_comes_last() -> None:
    """Of a question in a mail and the reply to it, the reply is the answer."""
    texts = ["Where is the raft?", "The raft is in the boathouse.", "Rain fell."]
    retriever = bot.Retriever.from_texts(texts)

    answers = retriever.ask("where is the raft?").answers

    assert answer_texts(answers) == [texts[1], texts[0]]


def test_a_question_that_nothing_answers_is_found() -> None:
    """The answer may stand below the question, in other words."""
    retriever = bot.Retriever.from_texts(["Who has the keys of the mill?\n\nRosa, until Friday."])

    answers = retriever.ask("who has the keys of the mill?").answers

    assert answers[0].text == "Who has the keys of the mill?"
    assert answers[0].after == "Rosa, until Friday."


def test_about_prefers_a_definition() -> None:
    """A request for a subject is answered by the sentence that says what it is."""
    texts = ["Many sailors fear the kraken.", "The kraken is a sea monster of northern tales."]
    retriever = bot.Retriever.from_texts(texts)

    answer = retriever.search("tell me about the kraken")[0]

    assert answer.text == "The kraken is a sea monster of northern tales."
