"""Questions as parsed: words, spelling, quotes; and remarks to the bot."""

import sys
import tomllib
import unicodedata
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import bot
from bot.language.analysis import DEFAULT_ANALYZER
from bot.language.requests import parse_request
from bot.language.spelling import corrections
from bot.language.terms import terms
from bot.language.words import word_spans, words
from bot.retrieval.query_parser import parse_question

DATA = Path(__file__).parent / "data"
SPELLING = tomllib.loads((DATA / "spelling.toml").read_text(encoding="utf-8"))["case"]
REQUESTS = tomllib.loads((DATA / "requests.toml").read_text(encoding="utf-8"))["case"]

WORDS = ["bridge", "bridges", "opened", "river", "Leith", "1932", "the", "when", "it", "in"]
lines = st.lists(st.sampled_from(WORDS), min_size=1, max_size=7).map(
    lambda words: " ".join(words).capitalize() + "."
)
libraries = st.lists(st.lists(lines, min_size=1, max_size=4).map("\n\n".join), max_size=4)

# Tokens


@given(st.text() | st.text("aéΣςs'’½℠ﬁ ﾞ\u0301-“”猫", max_size=12))
@example(unicodedata.normalize("NFD", "Zürich, “Café's” élan"))
@example("½ of the ℠ﬁve")
def test_tokens_are_the_words_of_the_index(text: str) -> None:
    """A question is cut into the same words as a sentence, each with its place in the text."""
    tokens = DEFAULT_ANALYZER.question_tokens(text)

    assert [token.form for token in tokens] == words(text)
    assert set(parse_question(text).terms) <= set(terms(text))
    assert all(0 <= token.start < token.end <= len(text) for token in tokens)


QUESTIONS = [
    "Who desinged the bridge?",
    'Did "Ada Thorne" build it? When did it open?',
    "and the lighthouse?",
    "why?",
    "how many tonnes of granite?",
    "the old depot",
    "quokkas",
]


def test_question_is_tokenized_once(retriever: bot.Retriever) -> None:
    """Corrections, quotes, the features and the context of a follow-up all use the same tokens."""
    conversation = bot.Conversation(retriever)
    tokenizers = {words.__code__, word_spans.__code__}
    frames = []

    def record(frame: FrameType, event: str, _: object) -> None:
        is_first = frame not in frames  # a generator is called again for each of its values
        if event == "call" and frame.f_code in tokenizers and is_first:
            frames.append(frame)

    for question in QUESTIONS:
        sys.setprofile(record)
        conversation.ask(question)
        sys.setprofile(None)
        tokenized = [frame.f_locals["text"] for frame in frames]
        assert [text for text in tokenized if text and text in question] == [question]
        frames.clear()


# Spelling


def spelling_case(case: dict[str, Any]) -> Any:
    """Return a case as a parameter; one that is known to fail is a strict xfail."""
    marks = [pytest.mark.xfail(strict=True)] if case.get("expect") == "fail" else []
    return pytest.param(case, id=case["question"], marks=marks)


@pytest.mark.parametrize("case", list(map(spelling_case, SPELLING)))
def test_spelling(retriever: bot.Retriever, case: dict[str, Any]) -> None:
    """A word that no article has is replaced by the word it was meant to be, or is unknown."""
    reply = retriever.ask(case["question"])

    assert dict(reply.corrected) == case["corrected"]
    assert dict(reply.suggested) == case.get("suggested", {})
    assert list(reply.unknown) == case.get("unknown", [])


@given(st.text("abcdeilnorst", min_size=4, max_size=9), st.data())
def test_one_edit_is_undone(word: str, data: st.DataObject) -> None:
    """A letter added, missing, wrong or swapped after the first leads back to the word."""
    position = data.draw(st.integers(1, len(word) - 1))
    letter = data.draw(st.sampled_from("aeioustz"))
    head, tail = word[:position], word[position:]
    edits = (letter + tail, tail[1:], letter + tail[1:], tail[1:2] + tail[:1] + tail[2:])
    typed = head + data.draw(st.sampled_from(edits))

    if len(typed) >= 4 and typed != word and typed[0] == word[0]:
        assert word in next(corrections(typed))


@pytest.mark.parametrize("word", ["cat", "x" * 25, "br1dge", ""])
def test_no_corrections(word: str) -> None:
    """A string that is too short, too long or no word has no corrections."""
    assert not list(corrections(word))


@given(libraries, st.lists(st.sampled_from(WORDS), max_size=4).map(" ".join))
def test_known_word_is_not_corrected(library: list[str], question: str) -> None:
    """A word whose term is in a sentence is neither corrected nor unknown."""
    retriever = bot.Retriever.from_texts(library)
    known = {term for line in retriever.library.sentence_texts() for term in terms(line)}

    reply = retriever.ask(question)

    for typed in (*reply.corrected, *reply.unknown):
        assert not known & set(terms(typed))


def test_correction_to_the_more_frequent_word() -> None:
    """Of words that are equally near, the one in more sentences is taken."""
    retriever = bot.Retriever.from_texts(["The boat sank.", "The boat sailed.", "The boar ate."])

    assert dict(retriever.pipeline.parse("boal").corrected) == {"boal": "boat"}


def test_corrected_name_is_a_name() -> None:
    """The capital letter of a misspelt name counts as that of a name spelt well."""
    retriever = bot.Retriever.from_texts(["Old Magnus kept the lamp.", "A lamp of magnus kept."])

    spelt, misspelt = (retriever.search(f"Was {name} kept?") for name in ("Magnus", "Magnuss"))

    assert [answer.score for answer in misspelt] == [answer.score for answer in spelt]


@pytest.mark.parametrize(
    "question", ["Who sial, brigde of Leith, Leiht?", "brigde's “rivr” brigde"]
)
def test_corrected_tokens_match_the_corrected_text(question: str) -> None:
    """The tokens are those of the corrected text, parsed again."""
    retriever = bot.Retriever.from_texts(["The bridge of Leith. Sail the river. It is long."])

    parsed = retriever.pipeline.parse(question)

    assert parsed.corrected
    assert parsed.tokens == tuple(DEFAULT_ANALYZER.question_tokens(parsed.search_text))
    assert parsed.terms == parse_question(parsed.search_text).terms


# Quotes


QUOTES = ['"steel bridge"', "“steel bridge”", "«steel bridge»", "„steel bridge“"]


@pytest.mark.parametrize("quoted", QUOTES)
def test_quoted_phrase_is_required(quoted: str) -> None:
    """An answer has the words side by side, whatever the case and the quotation marks."""
    retriever = bot.Retriever.from_texts(
        ["The bridge is a steel marvel, a bridge.", "The Steel Bridge fell.", "Steel bridges fell."]
    )
    expected = ["The Steel Bridge fell."]

    question = f"What of the {quoted}?"
    assert [answer.text for answer in retriever.search(question)] == expected
    assert [answer.text for answer in retriever.ask(question).answers] == expected
    assert retriever.search('bridge "fell marvel"') == ()


def test_all_sentences_with_a_quoted_phrase() -> None:
    """A limit above their number gives all of them."""
    retriever = bot.Retriever.from_texts(["The steel bridge fell.\n\n" * 1_100])

    assert len(retriever.search('"steel bridge"', 2_000)) == 1_100


# Requests and light words


@pytest.mark.parametrize("case", REQUESTS, ids=lambda case: case["text"])
def test_request(case: dict[str, str]) -> None:
    """The request in front of a subject is told, and is no part of the subject."""
    text = case["text"]

    request, start, end = parse_request(text)

    assert (request.name, text[start:end]) == (case["request"], case["subject"])
    question = parse_question(text)
    assert (question.request, question.kind.name) == (request, case["kind"])


@pytest.mark.parametrize(
    ("text", "content"),
    [
        ("what did they say about trade?", {"trade"}),
        ("What kind of thing is a kiln?", {"kiln"}),
        ("how many people came?", {"mani", "peopl", "come"}),  # there are no other words
        ("please tell me about the kiln", {"kiln"}),
    ],
)
def test_light_words_are_no_content(text: str, content: set[str]) -> None:
    """Light words are content only of a question that has no other words."""
    assert parse_question(text).content.keys() == content


def test_pronouns_are_not_searched() -> None:
    """Any sentence may have a pronoun; without other words, it is searched all the same."""
    assert parse_question("Where did they meet?").terms == ("meet",)
    assert parse_question("they?").terms == ("they",)


@pytest.mark.parametrize("text", ["please say much about trade", "Did seven people trade in 1931?"])
def test_light_words_and_numbers_are_never_unknown(text: str) -> None:
    """That no article has the word "say" is no news."""
    retriever = bot.Retriever.from_texts(["Trade grew in March."])

    assert retriever.ask(text).unknown == ()


def test_synonyms_of_unknown_words_are_searched() -> None:
    """No sentence has "summit", and one has "meeting"."""
    retriever = bot.Retriever.from_texts(["They ate.\n\nThe meeting was in Lima."])

    answer = retriever.search("which summit?")[0]

    assert (answer.text, answer.matched) == ("The meeting was in Lima.", ("meeting",))
