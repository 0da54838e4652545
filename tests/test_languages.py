"""Other languages than English: detection, words, kinds of question, requests, sentence ends."""

import tomllib
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wcwidth import wcswidth

import bot
from bot.articles.article import Article
from bot.articles.sentence_spans import article_language
from bot.articles.sentences import find_sentences
from bot.index import bm25
from bot.language.analysis import DEFAULT_ANALYZER
from bot.language.detect import choose_language, detect_language
from bot.language.language import (
    TABLES,
    find_language,
    language_codes,
    load_language,
    read_rows,
)
from bot.language.questions import AnswerKind
from bot.language.scripts import plain_text
from bot.language.table_kinds import kind_patterns, table_kind
from bot.language.table_requests import ROWS, parse_table_request, request_patterns
from bot.render.text import to_plain, wrap
from bot.retrieval.query import build_query

DATA = Path(__file__).parent / "data" / "languages"
DETECTION: dict[str, str] = tomllib.loads((DATA / "detection.toml").read_text("utf-8"))
KINDS: dict[str, dict[str, str]] = tomllib.loads((DATA / "kinds.toml").read_text("utf-8"))
REQUESTS: dict[str, list[list[str]]] = tomllib.loads((DATA / "requests.toml").read_text("utf-8"))
ARTICLES: dict[str, list[str]] = tomllib.loads((DATA / "articles.toml").read_text("utf-8"))
CONVERSATIONS: dict[str, dict[str, Any]] = tomllib.loads(
    (DATA / "conversations.toml").read_text("utf-8")
)
NUMBERS: dict[str, list[list[str]]] = tomllib.loads((DATA / "dates.toml").read_text("utf-8"))
TERMS: list[dict[str, str]] = tomllib.loads((DATA / "terms.toml").read_text("utf-8"))["case"]
QUESTIONS = [
    pytest.param(code, text, kind, id=text)
    for code, cases in KINDS.items()
    for text, kind in cases.items()
]


@pytest.mark.parametrize("code", language_codes())
def test_every_row_of_a_table_is_understood(code: str) -> None:
    """All phrases compile, kinds are those of answers, and there are twelve months or none."""
    language = load_language(code)

    for row in language.rows:
        assert language.pattern(row)
    assert all(isinstance(kind, AnswerKind) for kind, _ in kind_patterns(language))
    assert all(request_patterns(language, row) is not None for row in ROWS)
    assert {*language.months.values()} in ({*range(1, 13)}, set())
    assert language.words("frequent") or code in ("ja", "th", "zh")
    assert find_language(language.name) == code


@pytest.mark.parametrize("code", language_codes())
def test_rows_are_those_of_toml(code: str) -> None:
    """A table is TOML, of which the reader of tables reads every value."""
    table = (TABLES / f"{code}.toml").read_text("utf-8")

    parsed = tomllib.loads(table)

    rows: dict[str, object] = {}
    for name, row in parsed.items():
        rows |= {f"{name}.{key}": row[key] for key in row} if isinstance(row, dict) else {name: row}
    assert read_rows(table) == {
        name: str(row).lower() if isinstance(row, bool) else row for name, row in rows.items()
    }


@pytest.mark.parametrize("code", DETECTION)
def test_detect_language_of_two_sentences(code: str) -> None:
    """Two sentences tell each language, also those that are like another."""
    assert detect_language(DETECTION[code]) == code


def test_detect_language_of_short_articles() -> None:
    """Of articles of one or two sentences, 98 % are told, also among Scandinavian languages."""
    texts = [(code, text) for code, texts in ARTICLES.items() for text in texts]

    mistaken = [text for code, text in texts if detect_language(text) != code]

    assert len(mistaken) <= 0.02 * len(texts), mistaken


@pytest.mark.parametrize(("code", "text", "kind"), QUESTIONS)
def test_question_of_a_library_of_many_languages(code: str, text: str, kind: str) -> None:
    """A question's language is told among all that have cases here; its words tell its kind."""
    assert choose_language(text, ["en", *KINDS]) == code
    assert table_kind(text, load_language(code)).name == kind


@pytest.mark.parametrize(
    ("code", "line", "request_name", "subject"),
    [(code, *case) for code, cases in REQUESTS.items() for case in cases],
)
def test_request_has_its_subject(code: str, line: str, request_name: str, subject: str) -> None:
    """The words of a request are no part of the subject, before it or around it."""
    found, start, end = parse_table_request(line, load_language(code))

    assert (found.name, line[start:end]) == (request_name, subject)


@pytest.mark.parametrize("code", CONVERSATIONS)
def test_conversation(code: str) -> None:
    """Follow-ups, requests, slips, numerals and dates are understood in each language."""
    case = CONVERSATIONS[code]
    blank = " " if load_language(code).spaces else ""
    texts = [text.strip().replace("\n", blank) for text in case["articles"]]
    conversation = bot.Conversation(bot.Retriever.from_texts(texts))

    answers = [(line, part, conversation.ask(line).answers) for line, part in case["turns"]]

    for line, part, found in answers:
        assert part in "".join(answer.text for answer in found[:1]), line


@pytest.mark.parametrize("case", TERMS, ids=lambda case: case["text"])
def test_terms(case: dict[str, str]) -> None:
    """A text is found by its stems without accents, its numbers and dates in one form."""
    analysis = DEFAULT_ANALYZER.in_language(case["language"])

    assert analysis.terms(case["text"]) == case["terms"].split()


@pytest.mark.parametrize(
    ("term", "code", "text"),
    [(term, *case) for term, cases in NUMBERS.items() for case in cases],
)
def test_dates_and_numbers(term: str, code: str, text: str) -> None:
    """A date or number has one term, in whatever way it is written."""
    tokens = DEFAULT_ANALYZER.in_language(code).question_tokens(text)

    assert term in [token.term for token in tokens]


@given(st.text(), st.sampled_from(language_codes()))
def test_words_of_texts_and_questions_are_the_same(text: str, code: str) -> None:
    """The words of a text are those of its tokens, each in its place; so are those of questions."""
    analysis = DEFAULT_ANALYZER.in_language(code)
    tokens = analysis.tokens(text)

    ((words, variants),) = analysis.words_with_variants([text])

    assert words == [token.form for token in tokens]
    assert all(0 <= token.start < token.end <= len(text) for token in tokens)
    asked = [token.form for token in analysis.question_tokens(text)]
    assert asked == [*words, *variants]
    assert analysis.terms(text) == [*filter(None, map(analysis.stem, chain(words, variants)))]


@given(st.text())
def test_plain_text_keeps_places(text: str) -> None:
    """Every character stays in its place, so that a match in the plain text is one in the text."""
    assert len(plain_text(text)) == len(text)


@pytest.mark.parametrize(
    ("code", "text", "count"),
    [
        ("tr", "Osmanlı sultanı II. Murad 18. Doğu ordusunu topladı. Sonra gitti.", 2),
        ("da", "Det skete kl. 19.33 i går. Han gik.", 2),
        ("ru", "Церковь св. Георгия построена в 1932 году. Она стоит.", 2),
        ("hi", "यह पुल है। वह नदी है।", 2),
        ("ja", "橋だ。「はい」と言った。", 2),
        ("th", " ".join(["ก" * 60] * 4), 2),
    ],
)
def test_sentence_ends(code: str, text: str, count: int) -> None:
    """Ordinals and abbreviations end no sentence; Thai is cut at a blank."""
    assert len(find_sentences(text, 0, len(text), code)) == count


@pytest.mark.parametrize("declared", ["de", "de-AT", "German"])
def test_declared_language(declared: str) -> None:
    """The language of the front matter or record goes before the one that is detected."""
    article = Article("Bridge", "a.md", "It rained.", metadata={"language": declared})

    assert article_language(article) == "de"


def test_library_of_two_languages() -> None:
    """Each question is answered from the articles in its language, by that language's stems."""
    texts = ["Die alten Brücken sind lang und schön. Ada Thorne baute die Brücken im Jahr 1932.",
             "The old bridges are long. Hugo White built the bridges in 1889."]  # fmt: skip
    retriever = bot.Retriever.from_texts(texts)

    german, english = retriever.ask_many(["Wer baute die Brücke?", "Who built the bridge?"])

    assert {*retriever.library.article_languages} == {"de", "en"}
    assert german.answers[0].text.startswith("Ada Thorne")
    assert english.answers[0].text.startswith("Hugo White")


def test_rare_words_are_those_of_the_language() -> None:
    """A word's weight is that among the texts of its language, however many others there are."""
    german = ["Die Brücke ist alt.", "Die Brücke ist lang.", "Die Fähre ist neu."]
    alone = bot.Retriever.from_texts(german)
    among_others = bot.Retriever.from_texts([*german, *(f"The tower of {i}." for i in range(30))])

    for retriever in (alone, among_others):
        sentences = retriever.pipeline.languages.count_sentences("de")
        question = retriever.pipeline.parse("Wie alt ist die Brücke?")
        assert sentences.in_language == len(german)
        idf = build_query(question, retriever.engine, sentences).idf
        assert idf["bruck"] == bm25.idf(2, 3)


def test_stored_language(tmp_path: Path) -> None:
    """An index knows the language of each article."""
    for code in ("fr", "ru"):
        (tmp_path / f"{code}.txt").write_text(DETECTION[code], encoding="utf-8")

    for _ in range(2):  # the second time it is read from the cache
        library = bot.Retriever.from_path(tmp_path, cache=tmp_path / "cache").library
        assert [*library.article_languages] == ["fr", "ru"]


def test_untried_language_is_sooner_silent() -> None:
    """Without question sets, the limit of silence is that of English, which others reach less."""
    assert load_language("de").answerability_shift > 0
    assert load_language("fi").answerability_shift == load_language("xx").answerability_shift == 0


def test_no_word_is_torn_in_notices() -> None:
    """Characters and syllables that no article has are shown as the words that they are in."""
    retriever = bot.Retriever.from_texts(["利马大桥长400米。艾达·索恩于1932年建造了这座大桥。"])

    assert retriever.ask("谁发明了电话机？").unknown == ("发明", "电话机")


@pytest.mark.parametrize("code", ["ar", "hi", "ja", "ko", "th", "vi", "zh"])
def test_lines_fit_the_window(code: str) -> None:
    """No line is wider than the window, as terminals count strings, and no text is lost."""
    text = f"{DETECTION[code]} " * 3

    lines = to_plain(wrap([("", text)], 30)).split("\n")

    assert max(map(wcswidth, lines)) <= 30
    assert "".join("".join(lines).split()) == "".join(text.split())


def test_question_is_read_in_the_language_that_is_set() -> None:
    """A setting goes before what the words tell, also among articles that a filter chooses."""
    texts = ["The bridges of Lima are long.", "They are old.", "Die Brücken von Lima sind lang."]
    retriever = bot.Retriever.from_texts(texts)

    german = retriever.with_language("German")

    assert retriever.ask("Lima").question.language.code == "en"
    assert german.ask("Lima").question.language.code == "de"
    assert german.select_rows((0, 1)).ask("Lima").question.language.code == "de"
    assert german.with_threshold(0).with_language(None).language is None
    with pytest.raises(ValueError, match="'de' or 'German'"):
        retriever.with_language("Klingon")


def test_language_of_records() -> None:
    """A field of a record tells the language of its article."""
    records = [{"id": 1, "text": "Lima, Peru.", "language": "es"},
               {"id": 2, "text": "Lima, Peru.", "lang": "pt-BR"}]  # fmt: skip

    retriever = bot.Retriever.from_records(records)

    assert [*retriever.library.article_languages] == ["es", "pt"]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("De merkt werd gebouwd in 1932. De toren is hoog.", "Wanneer werd de markt gebouwd?"),
        ("La torta è del 1932. La piazza è alta.", "Di quando è la torre alta?"),
    ],
)
def test_a_word_of_the_language_is_no_slip(text: str, line: str) -> None:
    """A word of Dutch or Italian that no article has is not taken for another."""
    assert not bot.Retriever.from_texts([text]).ask(line).corrected
