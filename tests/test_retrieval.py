"""From a question to ranked answers, or silence; and what a conversation adds."""

import tomllib
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from math import log1p
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import bot
from bot.index.engine import Hit
from bot.language.spelling import corrections
from bot.language.terms import terms
from bot.retrieval.answer import Answer, Reply, Silence
from bot.retrieval.passages import Passages

DATA = Path(__file__).parent / "data"
Case = dict[str, Any]

# Few words, so that they collide; a number, a name and a question word among them.
WORDS = ["bridge", "bridges", "opened", "river", "Leith", "1932", "the", "when", "it", "in"]
lines = st.lists(st.sampled_from(WORDS), min_size=1, max_size=7).map(
    lambda found: " ".join(found).capitalize() + "."
)
texts = st.lists(lines, min_size=1, max_size=4).map("\n\n".join)
libraries = st.lists(texts, max_size=4)
questions = st.lists(st.sampled_from([*WORDS, "brigde", "quokka", "who"]), max_size=5).map(" ".join)


def cases(name: str, label: str) -> list[Any]:
    """Return the cases of a file; those that are known to fail are strict xfails."""
    found = tomllib.loads((DATA / name).read_text(encoding="utf-8"))["case"]
    return [
        pytest.param(
            case,
            id=case[label],
            marks=[pytest.mark.xfail(strict=True)] if case.get("expect") == "fail" else [],
        )
        for case in found
    ]


def told(answers: Sequence[Answer]) -> list[str]:
    return [answer.text for answer in answers]


def one_of(answers: Sequence[Answer], article: bot.Article, holding: str) -> Answer:
    """Return the best of ``answers`` that is of ``article`` and holds ``holding``."""
    return next(a for a in answers if a.article is article and holding in a.text)


# search


@given(libraries, questions)
def test_the_evidence_is_the_score(library: list[str], question: str) -> None:
    """Its parts sum to the score of every answer, and nothing else does."""
    for answer in bot.Retriever.from_texts(library).search(question, limit=20):
        assert answer.score == answer.evidence.score
        assert sum(answer.evidence.parts().values()) == pytest.approx(answer.score)
        assert 0 <= answer.confidence <= 1


@given(libraries, questions)
def test_scores_descend(library: list[str], question: str) -> None:
    """Best first; equal scores come in reading order, each sentence once."""
    answers = bot.Retriever.from_texts(library).search(question, limit=20)

    order = [(-answer.score, answer.number) for answer in answers]
    assert order == sorted(set(order))


@given(libraries, questions)
@example(["The bridge."], "brigde")
def test_answers_share_a_word(library: list[str], question: str) -> None:
    """Every sentence that shares one with the question as corrected is found, and no other."""
    retriever = bot.Retriever.from_texts(library)
    asked = frozenset(retriever.ask(question).question.terms)

    answers = retriever.search(question, limit=100)

    sharing = [n for n in range(len(retriever.library)) if asked & {*terms(text(retriever, n))}]
    assert sorted(answer.number for answer in answers) == sharing


def text(retriever: bot.Retriever, number: int) -> str:
    return retriever.library.sentence_text(number)


@given(libraries, questions, st.integers(0, 6))
def test_a_limit_cuts(library: list[str], question: str, limit: int) -> None:
    """Fewer are the first of more; beyond what there is, there is what there is."""
    retriever = bot.Retriever.from_texts(library)

    assert retriever.search(question, limit) == retriever.search(question, 10**9)[:limit]


def test_a_limit_below_one_gives_none(retriever: bot.Retriever) -> None:
    """Neither answers nor a failure, and a silence that does not deny what is known."""
    assert retriever.search("the", 0) == retriever.search("the", -1) == ()
    assert retriever.ask("bridge", 0).silence is Silence.WEAK


def test_an_answer_is_its_article_to_the_letter(retriever: bot.Retriever) -> None:
    """Its place, its line, its number and its neighbours are the article's."""
    answer = retriever.search("Who designed the three arches?")[0]

    assert answer.text == answer.article.text[answer.start : answer.end]
    assert answer.text == retriever.library.sentence_text(answer.number)
    assert answer.article.source == "bridge.txt"
    assert answer.line == 4
    assert answer.before == "The Thornwick Bridge opened to carts and walkers in March 1932."
    assert answer.after.startswith("It replaced a ferry")


def test_neighbours_end_with_the_article(retriever: bot.Retriever) -> None:
    """Before the first sentence, and after the last, there is nothing."""
    first = retriever.search("opened to carts and walkers")[0]
    last = retriever.search("eleven thousand tonnes of granite")[0]

    assert (first.before, last.after) == ("", "")


def test_matched_words_are_the_articles() -> None:
    """As written there, in reading order, each once."""
    retriever = bot.Retriever.from_texts(["Bridges and a Bridge, Thorne's bridge: bridges."])

    assert retriever.search("thorne bridge")[0].matched == ("Bridges", "Bridge", "Thorne", "bridge",
                                                            "bridges")  # fmt: skip


def test_furniture_is_no_answer() -> None:
    """Teasers, credits and headlines are found by no word of theirs."""
    page = (
        "Storm shuts the harbour\nTuesday 8 March 2022 | 09:30\n\n"
        "Waves broke over the quay. Nobody was hurt.\n\n"
        "Related stories\nFerry to Lundy cancelled again\n\n(Reporting by Ellen Marsh)\n"
    )
    retriever = bot.Retriever.from_texts([page])

    assert told(retriever.search("quay")) == ["Waves broke over the quay."]
    assert retriever.search("Lundy Marsh related stories shuts") == ()


# evidence


@pytest.mark.parametrize("case", cases("evidence.toml", "label"))
def test_what_decides(case: Case) -> None:
    """Between two sentences that are else alike, one part of the evidence decides."""
    library = bot.Library.from_texts([case["worse"], case["better"]], case.get("titles"))
    retriever = bot.Retriever(library)
    worse, better = library.articles

    answers = retriever.search(case["question"], limit=20)

    won = one_of(answers, better, case.get("of", ""))
    lost = one_of(answers, worse, case.get("of", ""))
    assert answers.index(won) < answers.index(lost)
    assert won.evidence.parts()[case["part"]] > lost.evidence.parts()[case["part"]]


def test_every_part_decides_somewhere() -> None:
    """No part of the evidence is without its case."""
    decided = {case.values[0]["part"] for case in cases("evidence.toml", "label")}

    assert decided == set(bot.Evidence().parts())


@given(st.lists(st.lists(lines, min_size=1, max_size=3).map(" ".join)).map("\n\n".join))
def test_what_surrounds_a_sentence_is_read_as_sentences_are(text: str) -> None:
    """A paragraph's terms are those of its sentences, one by one."""
    library = bot.Library.from_texts([text])
    passages = Passages(library)

    for number in range(len(library)):
        passage = passages.passage(number)
        each = [frozenset(terms(library.sentence_text(other))) for other in passage.beside]
        assert passage.paragraph == frozenset().union(*each)
        assert passage.sentence.terms == each[number - passage.beside.start]


@given(
    st.lists(st.text("abé", min_size=3, max_size=9), min_size=1, max_size=4).map(" ".join),
    st.lists(st.text("abé", min_size=3, max_size=9), min_size=1, max_size=6).map(" ".join),
)
@example("configure", "The configuration of us")
def test_letters_are_compared_with_every_word(question: str, sentence: str) -> None:
    """Twice the runs of four letters that two words share over those they have, of the likest."""
    retriever = bot.Retriever.from_texts([f"{sentence} thornwick."])

    def runs(word: str) -> set[str]:
        return {word[i : i + 4] for i in range(max(1, len(word) - 3))}

    def like(one: str, other: str) -> float:
        return 2 * len(runs(one) & runs(other)) / (len(runs(one)) + len(runs(other)))

    for one in retriever.score_candidates(retriever.parse(f"{question} thornwick")):
        asked, forms = one.query, one.candidate.passage.sentence.forms
        likest = [
            asked.idf[term] * max(like(asked.content[term], form) for form in forms)
            for term in one.candidate.missing
        ]
        assert one.values["letters"] == pytest.approx(sum(likest) / asked.mass)


@given(st.permutations(["thornwick", "granite", "carts", "walkers"]))
def test_confidence_rises_with_what_is_held(asked: list[str]) -> None:
    """Each unknown word in place of one that the sentence holds makes it less sure."""
    retriever = bot.Retriever.from_texts(
        ["Thornwick granite bore carts, walkers.", *(f"Snow fell on day {n}." for n in range(9))]
    )
    made_up = ["qqqq", "zzzz", "jjjj"]
    sure = [
        retriever.search(" ".join([*asked[:held], *made_up[: 4 - held]]))[0].confidence
        for held in (1, 2, 3, 4)
    ]

    assert sure == sorted(sure)
    assert sure[0] < sure[-1]


# ask


@given(libraries, questions, st.integers(1, 3), st.sampled_from([0.0, 0.2, 0.9, 1.1]))
@example([""], "bridge", 1, 0.2)
def test_a_reply_answers_or_is_silent(
    library: list[str], question: str, limit: int, least: float
) -> None:
    """One or the other; the silence says why, and what came closest."""
    retriever = bot.Retriever.from_texts(library).with_threshold(least)

    reply = retriever.ask(question, limit)

    assert bool(reply.answers) != (reply.silence is not None)
    assert (reply.answers or reply.nearest) == retriever.search(question, limit)
    assert (reply.silence is Silence.EMPTY) == (not library)
    if reply.answers:
        assert reply.answers[0].confidence >= least


@pytest.mark.parametrize("case", cases("silences.toml", "question"))
def test_silences(library: bot.Library, case: Case) -> None:
    """Answered, or silent for a reason; the words that no article holds are named as typed."""
    reply = bot.Retriever(library).ask(case["question"])

    assert (reply.silence.name if reply.silence else "") == case["silence"]
    assert list(reply.unknown) == case.get("unknown", [])
    assert reply.question.text == case["question"]


def test_an_empty_library_says_so() -> None:
    """Whatever is asked of it, a conversation included."""
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
def test_odd_questions(retriever: bot.Retriever, question: str) -> None:
    """What is pasted in by mistake gets a reply like any other, and soon."""
    talk = bot.Conversation(retriever)

    for reply in (retriever.ask(question), talk.ask("bridge"), talk.ask(question)):
        assert bool(reply.answers) != (reply.silence is not None)


def test_duplicates_are_answers_each(retriever: bot.Retriever) -> None:
    """The same sentence in five articles is found five times, in reading order."""
    retriever = bot.Retriever.from_texts(["The bridge opened in 1932."] * 5)

    assert [answer.number for answer in retriever.search("bridge")] == [0, 1, 2, 3, 4]


def test_many_questions_at_once(retriever: bot.Retriever) -> None:
    """In order, the replies that each gets alone."""
    asked = ["Who designed the bridge?", "quokka", "", "Why did the market leave?"]

    assert retriever.ask_many(asked, 2) == tuple(retriever.ask(text, 2) for text in asked)


def test_many_threads_get_what_one_gets(library: bot.Library) -> None:
    """Also while what is read is read for the first time."""
    asked = ["Who designd the bridge?", "Who was the keeper?", "What do traders sell?", "the"] * 20
    alone = bot.Retriever(library).ask_many(asked)

    with ThreadPoolExecutor(8) as threads:
        together = tuple(threads.map(bot.Retriever(library).ask, asked))

    assert together == alone


def test_files_and_texts_give_the_same(folder: Path) -> None:
    """Whether read from a folder or held."""
    paths = sorted(folder.glob("*.txt"))
    read = bot.Retriever.from_path(*paths)
    held = bot.Retriever.from_texts([path.read_text(encoding="utf-8") for path in paths])

    assert told(read.search("fish market bridge")) == told(held.search("fish market bridge"))


def test_titles_are_those_given() -> None:
    """One a text, and they are searched."""
    retriever = bot.Retriever.from_texts(["It opened.", "It opened."], ["The mill", "The inn"])

    assert retriever.search("When was the inn opened?")[0].article.title == "The inn"


def test_the_threshold_parts_answers_from_silence(library: bot.Library) -> None:
    """What is as sure as it, is an answer; the retriever that it was had from stays as it was."""
    retriever = bot.Retriever(library)
    sure = retriever.search("Who designed the bridge?")[0].confidence

    assert retriever.with_threshold(sure).ask("Who designed the bridge?").answers
    above = retriever.with_threshold(sure + 1e-9).ask("Who designed the bridge?")
    assert above.silence is Silence.WEAK
    assert above.nearest[0].confidence == sure
    assert retriever.ask("Who designed the bridge?").answers


class Scan:
    """An engine that looks at every sentence, by the formulas as their paper has them."""

    def __init__(self, library: bot.Library) -> None:
        self.rows = [terms(text) for text in library.sentence_texts()]
        self.around = list(library.paragraph_numbers())
        self.wholes: list[list[str]] = [[] for _ in range(max(self.around, default=-1) + 1)]
        for row, number in zip(self.rows, self.around, strict=True):
            self.wholes[number] += row

    def document_frequencies(self, terms: Sequence[str]) -> list[int]:
        """Return how many sentences hold each of ``terms``."""
        return [sum(term in row for row in self.rows) for term in terms]

    def search(self, terms: Sequence[str], limit: int) -> list[Hit]:
        """Return the sentences that hold one of ``terms``, best first."""
        own = bm25(self.rows, terms, 0.6, 0.4)
        shared = bm25(self.wholes, terms, 0.9, 0.4)
        hits = [
            Hit(number, own[number] + shared[self.around[number]], shared[self.around[number]])
            for number, row in enumerate(self.rows)
            if set(row) & set(terms)
        ]
        return sorted(hits, key=lambda hit: (-hit.score, hit.sentence))[:limit]


def bm25(rows: list[list[str]], query: Sequence[str], k1: float, b: float) -> list[float]:
    mean = sum(map(len, rows)) / max(1, len(rows))
    scores = [0.0] * len(rows)
    for term, times in sorted(Counter(query).items()):
        holding = sum(term in row for row in rows)
        for number, row in enumerate(rows):
            if count := row.count(term):
                idf = log1p((len(rows) - holding + 0.5) / (holding + 0.5))
                share = count * (k1 + 1) / (count + k1 * (1 - b + b * len(row) / mean))
                scores[number] += idf * share * times
    return scores


@given(libraries, questions)
def test_any_engine_fits(library: list[str], question: str) -> None:
    """One written by the protocol alone leads to the same answers, equally sure."""
    held = bot.Library.from_texts(library)
    engine: bot.Engine = Scan(held)

    expected = bot.Retriever(held).search(question, limit=100)
    actual = bot.Retriever(held, engine=engine).search(question, limit=100)

    scores = {answer.number: answer.score for answer in expected}
    assert {answer.number: answer.score for answer in actual} == pytest.approx(scores, rel=1e-4)


# spelling and quotes


@pytest.mark.parametrize("case", cases("spelling.toml", "question"))
def test_spelling(retriever: bot.Retriever, case: Case) -> None:
    """A word that no article holds is searched as one that was meant, or named as unknown."""
    reply = retriever.ask(case["question"])

    assert dict(reply.corrected) == case["corrected"]
    assert list(reply.unknown) == case.get("unknown", [])


@given(st.text("abcdeilnorst", min_size=4, max_size=9), st.data())
def test_one_slip_is_undone(word: str, data: st.DataObject) -> None:
    """A letter too many, missing, wrong or swapped behind the first leads back to the word."""
    place = data.draw(st.integers(1, len(word) - 1))
    letter = data.draw(st.sampled_from("aeioustz"))
    head, tail = word[:place], word[place:]
    typed = data.draw(
        st.sampled_from([head + letter + tail, head + tail[1:], head + letter + tail[1:],
                         head + tail[1:2] + tail[:1] + tail[2:]])
    )  # fmt: skip

    if len(typed) >= 4 and typed != word and typed[0] == word[0]:
        assert word in next(corrections(typed))


@pytest.mark.parametrize("word", ["cat", "x" * 25, "br1dge", ""])
def test_no_slips(word: str) -> None:
    """Of what is too short, too long or no word."""
    assert not list(corrections(word))


@given(libraries, st.lists(st.sampled_from(WORDS), max_size=4).map(" ".join))
def test_a_known_word_is_left_alone(library: list[str], question: str) -> None:
    """In form or stem: what a sentence holds is never respelt, nor called unknown."""
    retriever = bot.Retriever.from_texts(library)
    known = {term for line in retriever.library.sentence_texts() for term in terms(line)}

    reply = retriever.ask(question)

    for typed in (*reply.corrected, *reply.unknown):
        assert not known & set(terms(typed))


def test_the_commoner_word_was_meant() -> None:
    """Of words that are equally near, the one that more sentences hold."""
    retriever = bot.Retriever.from_texts(["The boat sank.", "The boat sailed.", "The boar ate."])

    assert dict(retriever.ask("boal").corrected) == {"boal": "boat"}


def test_a_misspelt_name_is_a_name() -> None:
    """Its capital letter counts as that of one spelt well."""
    retriever = bot.Retriever.from_texts(["Old Magnus kept the lamp.", "A lamp of magnus kept."])

    spelt, misspelt = (retriever.search(f"Was {name} kept?") for name in ("Magnus", "Magnuss"))

    assert [answer.score for answer in misspelt] == [answer.score for answer in spelt]


QUOTES = ['"steel bridge"', "“steel bridge”", "«steel bridge»", "„steel bridge“"]


@pytest.mark.parametrize("quoted", QUOTES)
def test_a_quoted_phrase_must_occur(quoted: str) -> None:
    """Word by word, side by side, whatever the case and the marks."""
    retriever = bot.Retriever.from_texts(
        ["The bridge is a steel marvel, a bridge.", "The Steel Bridge fell.", "Steel bridges fell."]
    )

    assert told(retriever.search(f"What of the {quoted}?")) == ["The Steel Bridge fell."]
    assert told(retriever.ask(f"What of the {quoted}?").answers) == ["The Steel Bridge fell."]
    assert retriever.search('bridge "fell marvel"') == ()


def test_every_sentence_that_holds_the_phrase() -> None:
    """However many there are, a limit beyond them gives them all."""
    retriever = bot.Retriever.from_texts(["The steel bridge fell.\n\n" * 1_100])

    assert len(retriever.search('"steel bridge"', 2_000)) == 1_100


# conversation


@pytest.mark.parametrize("case", cases("followups.toml", "label"))
def test_followups(retriever: bot.Retriever, case: Case) -> None:
    """Each turn is answered with what was said before it in mind."""
    talk = bot.Conversation(retriever)
    reply = Reply(retriever.ask("").question, ())
    for typed, expected in case["turns"]:
        reply = talk.ask(typed)
        if expected == "-":
            assert reply.silence, typed
        else:
            assert reply.answers, typed
            assert expected in reply.answers[0].text, typed

    assert sorted(reply.carried) == sorted(case.get("carried", reply.carried))


@pytest.mark.parametrize("then", ["and the lighthouse?", "how about the lighthouse?"])
def test_what_asks_nothing_itself_asks_the_same(retriever: bot.Retriever, then: str) -> None:
    """For the kind of answer that was asked for before it."""
    talk = bot.Conversation(retriever)
    kind = talk.ask("Who designed the Thornwick Bridge?").question.kind

    reply = talk.ask(then)

    assert reply.carried
    assert reply.question.kind is kind


SUBJECTS = ["bridge", "lighthouse", "fish market", "keeper of Skerry Rock", "old tram depot"]


@given(st.sampled_from(SUBJECTS), st.sampled_from(SUBJECTS))
@settings(max_examples=30)
def test_a_whole_question_drops_the_subject(
    retriever: bot.Retriever, first: str, then: str
) -> None:
    """It gets the reply that it gets without a conversation."""
    talk = bot.Conversation(retriever)
    talk.ask(f"Where was the {first}?")

    assert talk.ask(f"When was the {then} opened?") == retriever.ask(f"When was the {then} opened?")


def test_the_first_question_is_whole(retriever: bot.Retriever) -> None:
    """Whatever it is, there is nothing that it could lean on."""
    for question in ("When did it open?", "And granite?", "granite", "the first one"):
        assert bot.Conversation(retriever).ask(question) == retriever.ask(question)


def test_more_is_the_next_best_until_there_is_none(retriever: bot.Retriever) -> None:
    """Each answer once, in the order of a search; then silence."""
    talk = bot.Conversation(retriever)
    shown = list(talk.ask("bridge of granite", limit=1).answers)

    while reply := talk.ask("tell me more", limit=1).answers:
        shown += reply

    assert told(shown) == told(retriever.search("bridge of granite", limit=20))
    assert talk.ask("anything else?").silence is Silence.WEAK
    assert talk.ask("the last one").answers == tuple(shown[-1:])


def test_more_holds_the_phrase_too(library: bot.Library) -> None:
    """Where no sentence holds what was quoted, no other one is shown for it."""
    talk = bot.Conversation(bot.Retriever(library))

    reply = talk.ask('Who saw the "granite ferry" of the river?')

    assert reply.silence is Silence.WEAK
    assert reply.nearest
    assert talk.ask("more").answers == ()


def test_an_answer_that_there_is_not(retriever: bot.Retriever) -> None:
    """Of one answer, the third is not shown; what there is, is told."""
    talk = bot.Conversation(retriever)
    talk.ask("Who designed the bridge?", limit=1)

    assert talk.ask("the third one").remark == "There was one answer."


REMARKS = ["Hello!", "good morning", "thanks", "Thank you very much.", "bye", "Who are you?"]


@pytest.mark.parametrize("said", REMARKS)
def test_what_is_said_to_a_bot(retriever: bot.Retriever, said: str) -> None:
    """It is no question to the articles; what was asked before it is not forgotten."""
    talk = bot.Conversation(retriever)
    talk.ask("Who designed the Thornwick Bridge?")

    reply = talk.ask(said)

    assert reply.remark
    assert (reply.answers, reply.silence) == ((), None)
    assert "March 1932" in talk.ask("When did it open?").answers[0].text


@pytest.mark.parametrize("articles", [1, 6, 7, 50])
def test_what_can_be_asked(articles: int) -> None:
    """Some titles, from the first to near the last, and how many more there are."""
    titles = [f"The mill number {number}" for number in range(articles)]
    talk = bot.Conversation(bot.Retriever.from_texts(["It stands."] * articles, titles))

    remark = talk.ask("What can I ask?").remark

    named = [title for title in titles if title in words_apart(remark)]
    assert len(named) == min(6, articles)
    assert remark.endswith(f" and {articles - 6} more." if articles > 6 else ".")
    assert titles.index(named[-1]) >= articles * 2 // 3


def words_apart(remark: str) -> list[str]:
    """Return the titles that ``remark`` names."""
    return remark.removeprefix("Ask about: ").removesuffix(".").split(" and ")[0].split("; ")


def test_nothing_can_be_asked_of_nothing() -> None:
    """And the bot says so."""
    talk = bot.Conversation(bot.Retriever(bot.Library()))

    assert talk.ask("what can I ask about").remark == "There are no articles to ask about."
