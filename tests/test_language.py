"""Words, terms, kinds of question, and what a sentence mentions."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.language.mentions import Mentions
from bot.language.questions import MAX_QUESTION_CHARS, AnswerKind, answer_kind
from bot.language.terms import QUESTION_WORDS, Stems, stem, terms
from bot.language.words import fold, word_spans, words, words_by_line

WORDS = [
    ("Café's", ["cafe"]),
    ("The café’s owner", ["the", "cafe", "owner"]),
    ("U.S. troops", ["u", "s", "troops"]),
    ("1,149 metres", ["1", "149", "metres"]),
    ("naïve Zürich ÅNGSTRÖM", ["naive", "zurich", "angstrom"]),
    ("東京タワー 2024", ["東", "京", "タ", "ワ", "ー", "2024"]),
    ("Эйфелева башня", ["эифелева", "башня"]),
    ("snake_case", ["snake_case"]),
    ("— … !", []),
    ("", []),
]


@pytest.mark.parametrize(("text", "expected"), WORDS, ids=[text for text, _ in WORDS])
def test_words(text: str, expected: list[str]) -> None:
    """Runs of letters and digits, folded; Han and Kana letter by letter."""
    assert words(text) == expected


@given(st.lists(st.text("aeZ0é \t\r\x1c'’s“—_.\u0301ſ℠東")))
@example([])
def test_words_of_lines_are_words(lines: list[str]) -> None:
    """Line by line or all at once, the words are the same."""
    assert words_by_line("\n".join(lines)) == [words(line) for line in lines or [""]]


@given(st.text(st.characters(max_codepoint=0x7F)))
def test_placed_words_are_words(text: str) -> None:
    """What is placed is what is compared, possessives left out in both."""
    assert [word.text for word in word_spans(text)] == words(text)


@given(st.text())
def test_places_lie_in_the_text(text: str) -> None:
    """Each word's place holds that word as written; places ascend."""
    last = 0
    for word in word_spans(text):
        assert last <= word.start < word.end <= len(text)
        assert fold(text[word.start : word.end]) == word.text
        last = word.end


@given(st.text())
@example("\u2120")  # a service mark, which is two capital letters when it is folded
def test_folding_twice_changes_nothing_for_words(text: str) -> None:
    """A folded word stays as it is, so that what was indexed is found again."""
    for word in words(text):
        assert words(word) == [word]


def test_terms_are_stems_without_question_words() -> None:
    """Words that only ask are dropped; "in" and "of" stay."""
    assert terms("When did the bridges of Sydney open?") == ["the", "bridg", "of", "sydney", "open"]
    assert not set(map(stem, QUESTION_WORDS)) - {""}


def test_a_question_word_within_another_word_stays() -> None:
    """Only whole words are dropped."""
    assert terms("WHO's who, whoever") == ["whoever"]


def test_stems_from_many_threads_are_the_same() -> None:
    """One stemmer serves all threads, one at a time."""
    asked = [f"bridges{number % 500}ing" for number in range(4_000)]
    shared, alone = Stems(), Stems()

    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(shared.__getitem__, asked))

    assert found == [alone[word] for word in asked]


KINDS = [
    ("How many ships sank?", AnswerKind.NUMBER),
    ("what is the population of Peru", AnswerKind.NUMBER),
    ("How much did it cost to build?", AnswerKind.MONEY),
    ("What was the price of the ticket?", AnswerKind.MONEY),
    ("What percentage of voters stayed at home?", AnswerKind.PERCENT),
    ("how tall is the tower", AnswerKind.MEASURE),
    ("What is the height of Everest?", AnswerKind.MEASURE),
    ("When did it open?", AnswerKind.TIME),
    ("In what year was it built?", AnswerKind.TIME),
    ("The bridge was opened in which month?", AnswerKind.TIME),
    ("Where did the two leaders meet?", AnswerKind.PLACE),
    ("Which city hosted the games?", AnswerKind.PLACE),
    ("Which country won?", AnswerKind.COUNTRY),
    ("In what US state is it?", AnswerKind.COUNTRY),
    ("Who designed the bridge?", AnswerKind.PERSON),
    ("Which company built it?", AnswerKind.PERSON),
    ("Why did the tower fall?", AnswerKind.REASON),
    ("What was the cause of the fire?", AnswerKind.REASON),
    ("How does a bee find its way?", AnswerKind.MANNER),
    ("What is photosynthesis?", AnswerKind.DEFINITION),
    ("Did they agree on climate?", AnswerKind.YES_NO),
    ("bridge designer", AnswerKind.ANY),
    ("", AnswerKind.ANY),
]


@pytest.mark.parametrize(("text", "expected"), KINDS, ids=[text for text, _ in KINDS])
def test_kinds(text: str, expected: AnswerKind) -> None:
    """What a question asks for, told by its words."""
    assert answer_kind(text) is expected


def test_only_the_head_of_a_pasted_text_tells_its_kind() -> None:
    """A question behind a thousand characters is not looked for."""
    assert answer_kind("a " * MAX_QUESTION_CHARS + "who?") is AnswerKind.ANY


def test_mentions() -> None:
    """Numbers, times, names, places, countries and reasons, each with its place."""
    found = Mentions("In March 1932 Ada Thorne led twelve ships from Peru to Rome because of 40%.")

    assert [m.word for m in found.numbers] == ["twelve", "40"]
    assert [m.word for m in found.times] == ["march", "1932"]
    assert [m.word for m in found.names] == ["ada", "thorne", "peru", "rome"]
    assert [m.word for m in found.places] == ["peru", "rome"]
    assert [m.word for m in found.countries] == ["peru"]
    assert [m.word for m in found.reasons] == ["to", "because"]
    assert [m.position for m in found.times] == [1, 2]


def test_a_month_has_a_capital() -> None:
    """Without one, "may" and "march" are other words."""
    assert Mentions("They may march on.").times == ()
    assert [m.word for m in Mentions("They left in May.").times] == ["may"]
