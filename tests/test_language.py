"""Words, terms, answer kinds, dates and mentions of a text."""

import re
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.language.dates import MONTH_NAMES, MONTH_PATTERN, MONTHS, find_dates
from bot.language.indexed_words import index_words
from bot.language.mentions import Mentions
from bot.language.questions import MAX_QUESTION_CHARS, AnswerKind, answer_kind
from bot.language.terms import QUESTION_WORDS, StemCache, stem, terms
from bot.language.words import word_spans, words

WORDS = [
    ("Café's", ["cafe"]),
    ("The café’s owner", ["the", "cafe", "owner"]),
    ("U.S. troops", ["usa", "troops"]),
    ("1,149 metres", ["1149", "metres"]),
    ("naïve Zürich ÅNGSTRÖM", ["naive", "zurich", "angstrom"]),
    ("東京タワー 2024", ["東", "京", "タ", "ワ", "ー", "2024"]),
    ("Эйфелева башня", ["эифелева", "башня"]),
    ("snake_case", ["snake", "case"]),
    ("— … !", []),
    ("", []),
]


@pytest.mark.parametrize(("text", "expected"), WORDS, ids=[text for text, _ in WORDS])
def test_words_of_text(text: str, expected: list[str]) -> None:
    """Words are folded runs of letters and digits, and single Han and Kana characters."""
    assert words(text) == expected


# Parts of the expressions and compounds that are rewritten, so that random text has them.
PIECES = st.sampled_from(
    "U.S. US Ph.D. G. T. U p.m. e.g. 5,043 7 800 043 2021-05-03 3/5/2021 13.5.2021 3 May 2021 of "
    "3rd sign-off - -- _it_ response_model O'Neill don't cat's OAuth2Form McCoy ½ café ß ł Ørsted "
    "wa\u00adter \u200b \u00a0 Hawai\u02bbi “ ” ’ ‘ — e\u0301 東京 ℠ ſ , . Leaves leaves".split(" ")
)
TEXTS = st.lists(st.tuples(PIECES, st.sampled_from(["", " ", "\n", "-\n", "."]))).map(
    lambda pairs: "".join(piece + space for piece, space in pairs)
) | st.text("aeZ0é \t\r\x1c'’s“—_.-,US123\u0301ſ℠東\n")


@given(st.lists(TEXTS))
@example([])
def test_index_words_begin_with_words(texts: list[str]) -> None:
    """All texts at once, each has its words, then variants of them."""
    indexed = index_words(texts)

    assert len(indexed) == len(texts)
    for text, found in zip(texts, indexed, strict=True):
        assert found[: len(words(text))] == words(text)


@given(TEXTS)
@example("'S_")
def test_word_spans_equal_words(text: str) -> None:
    """The words with spans are the words that are compared; spans ascend."""
    spans = [*word_spans(text)]

    assert [word.text for word in spans] == words(text)
    assert all(0 <= word.start < word.end <= len(text) for word in spans)
    assert all(left.start <= right.start for left, right in pairwise(spans))


@given(st.text())
@example("\u2120")  # a service mark, which is two capital letters when it is folded
def test_words_of_a_word_are_that_word(text: str) -> None:
    """Folding a folded word changes nothing, so that indexed words are found again."""
    for word in words(text):
        assert words(word) == [word]


def test_terms_drop_question_words() -> None:
    """Terms are stems of all words but question words; "of" stays."""
    assert terms("When did the bridges of Sydney open?") == ["the", "bridg", "of", "sydney", "open"]
    assert not set(map(stem, QUESTION_WORDS)) - {""}


def test_longer_word_with_question_word_inside_is_kept() -> None:
    """Only whole words are dropped."""
    assert terms("WHO's who, whoever") == ["whoever"]


def test_stem_cache_is_thread_safe() -> None:
    """Threads that share a cache get the stems of one thread."""
    many_words = [f"bridges{number % 500}ing" for number in range(4_000)]
    shared, unshared = StemCache(), StemCache()

    with ThreadPoolExecutor(8) as threads:
        stems = list(threads.map(shared.__getitem__, many_words))

    assert stems == [unshared[word] for word in many_words]


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
def test_answer_kind(text: str, expected: AnswerKind) -> None:
    """The words of a question tell the kind of answer it asks for."""
    assert answer_kind(text) is expected


def test_answer_kind_ignores_the_end_of_a_long_text() -> None:
    """A question word after the first thousand characters is ignored."""
    assert answer_kind("a " * MAX_QUESTION_CHARS + "who?") is AnswerKind.ANY


def test_mentions_by_kind() -> None:
    """Numbers, times, names, places, countries and reasons have their positions."""
    mentions = Mentions(
        "In March 1932 Ada Thorne led twelve ships from Peru to Rome because of 40%."
    )

    assert [m.word for m in mentions.numbers] == ["twelve", "40"]
    assert [m.word for m in mentions.times] == ["march", "1932"]
    assert [m.word for m in mentions.names] == ["ada", "thorne", "peru", "rome"]
    assert [m.word for m in mentions.places] == ["peru", "rome"]
    assert [m.word for m in mentions.countries] == ["peru"]
    assert [m.word for m in mentions.reasons] == ["because"]
    assert [m.position for m in mentions.times] == [1, 2]


def test_month_in_lower_case_is_no_time() -> None:
    """The words "may" and "march" without a capital are not months."""
    assert Mentions("They may march on.").times == ()
    assert [m.word for m in Mentions("They left in May.").times] == ["may"]


def test_dates_in_reading_order() -> None:
    """Dates of all forms are found; impossible and ambiguous ones are left out."""
    text = "19 Nov. 2024, 2024-11-20, Nov 21, 2024, 31 June 2020, 3/4/2024, 13/4/2024, 2024年5月6日"

    dates = [str(date) for date in find_dates(text)]

    assert dates == ["2024-11-19", "2024-11-20", "2024-11-21", "2024-04-13", "2024-05-06"]


@pytest.mark.parametrize("month", sorted(MONTHS))
def test_every_month_name_makes_a_date(month: str) -> None:
    """Full names and abbreviations, in any case, stand for the month's number."""
    number = 1 + [name[:3] for name in MONTH_NAMES].index(month[:3])

    dates = [date.month for date in find_dates(f"5 {month.title()} 2024, {month.upper()}. 5, 2024")]

    assert dates == [number, number]
    assert re.fullmatch(MONTH_PATTERN, month)
