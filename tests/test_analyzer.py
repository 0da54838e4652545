"""Analyzers other than the built-in one: their terms everywhere, and saved indexes of theirs."""

import pickle
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import bot
from bot.articles.edit import Edit
from bot.language.analysis import Analysis
from bot.language.terms import terms
from bot.storage.folders import library_folder
from bot.storage.snapshot import open_snapshot

TITLES = ["Die Brücken von Köln", "Reefs"]
ARTICLES = [
    "Die Hohenzollernbrücke wurde 1911 eröffnet. Es regnete in Köln.",
    "Corals build reefs in warm seas. The C++ compiler was slow, but C was not.",
]


class Prefixes:
    """An analyzer: words are kept as written, terms are their first four letters."""

    version = "prefixes-1"

    def tokens(self, text: str, language: str = "en") -> Iterator[bot.Token]:  # noqa: ARG002
        """Yield the runs of letters, digits and plus signs in ``text``."""
        for match in re.finditer(r"[\w+]+", text):
            form = match[0]
            kind = bot.WordKind.STOP if form in ("the", "in") else bot.WordKind.CONTENT
            term = "" if form == "Who" else form[:4]
            yield bot.Token(form, term, *match.span(), kind)


class Outside:
    """An analyzer that gives a place that the text does not have."""

    version = "outside-1"

    def tokens(self, text: str, language: str = "en") -> Iterator[bot.Token]:  # noqa: ARG002
        """Yield a word too long."""
        yield bot.Token("word", "word", 0, len(text) + 1)


@pytest.fixture(scope="module")
def retriever() -> bot.Retriever:
    return bot.Retriever.from_texts(ARTICLES, TITLES, analyzer=Prefixes())


@given(st.text() | st.sampled_from(ARTICLES))
def test_built_in_analyzer_passed_as_another_finds_the_same_terms(text: str) -> None:
    """Its tokens alone make the terms of a text, variants and dates left aside."""
    analysis = Analysis(bot.DEFAULT_ANALYZER)
    tokens = bot.DEFAULT_ANALYZER.tokens(text)

    assert analysis.terms(text) == [token.term for token in tokens if token.term]
    assert set(analysis.terms(text)) <= set(terms(text))
    assert [analysis.stem(token.form) for token in tokens] == [token.term for token in tokens]


def test_terms_of_the_analyzer_are_indexed_and_searched(retriever: bot.Retriever) -> None:
    """Prefixes find other words, and case and signs matter, as this analyzer has them."""
    assert retriever.search("Hohenberg")[0].matched == ("Hohenzollernbrücke",)
    assert retriever.search("hohenzollernbrücke") == ()
    assert retriever.search("C++")[0].matched == ("C++",)
    assert bot.Retriever.from_texts(ARTICLES).search("Hohenberg") == ()


def test_matched_words_of_the_analyzer_are_places_of_the_text(retriever: bot.Retriever) -> None:
    """The words shown as matched are written so in the sentence."""
    [answer] = retriever.search("Who build the reef?", limit=1)

    assert answer.matched == ("build", "reefs")
    assert answer.text == "Corals build reefs in warm seas."


def test_stop_words_of_the_analyzer_are_no_content(retriever: bot.Retriever) -> None:
    """A stop word is searched for; a word without a term is not."""
    question = retriever.pipeline.parse("Who in the seas")

    assert question.terms == ("in", "the", "seas")
    assert question.content == {"seas": "seas"}


def test_quotes_and_corrections_use_the_analyzer(retriever: bot.Retriever) -> None:
    """A quoted phrase is compared word by word; a slip is corrected to a word of the index."""
    assert [a.text for a in retriever.search('"the C++ compiler"')] == []
    assert len(retriever.search('"The C++ compiler"')) == 1
    assert retriever.pipeline.parse("Where is the cpmpiler?").corrected == {"cpmpiler": "compiler"}


def test_words_outside_of_sentences_are_those_of_the_analyzer(retriever: bot.Retriever) -> None:
    """A title that no sentence has the word of is known, and said where."""
    assert retriever.ask("Brückenbau").unsearched == (
        '"Brückenbau" stands only in the title of text 1.',
    )
    assert retriever.ask("brückenbau").unknown == ("brückenbau",)


def test_place_outside_of_the_text_is_an_error() -> None:
    """It names the analyzer and the token."""
    with pytest.raises(ValueError, match=r"analyzer 'outside-1' gave Token.*of 8 characters"):
        bot.Retriever.from_texts(["It rains"], analyzer=Outside())


def test_library_analyzed_otherwise_is_rebuilt(tmp_path: Path) -> None:
    """A saved index is used by the same version of an analyzer only."""
    (tmp_path / "koeln.txt").write_text(ARTICLES[0], encoding="utf-8")
    cache = tmp_path / "cache"
    path = tmp_path / "koeln.txt"
    bot.Retriever.from_path(path, cache=cache)

    with pytest.warns(bot.BotWarning, match="another analyzer built it"):
        own = bot.Retriever.from_path(path, cache=cache, analyzer=Prefixes())
    again = bot.Retriever.from_path(path, cache=cache, analyzer=Prefixes())

    assert own.search("Hohenberg") == again.search("Hohenberg") != ()
    assert open_snapshot(library_folder([path], cache), analysis=Analysis(Prefixes()))


@pytest.mark.parametrize("is_stored", [False, True])
def test_edits_and_subsets_keep_the_analyzer(*, is_stored: bool, tmp_path: Path) -> None:
    """The terms of old and new articles, in sentences and outside, are of one analyzer."""
    (tmp_path / "a.txt").write_text("\n\n".join([TITLES[0], ARTICLES[0]]), encoding="utf-8")
    cache = tmp_path / "cache" if is_stored else None
    old = bot.Retriever.from_path(tmp_path / "a.txt", cache=cache, analyzer=Prefixes())
    new = bot.Library.from_texts([ARTICLES[1]], [TITLES[1]]).articles

    both = bot.Retriever(old.library.edit(Edit(added=new)))
    other = bot.Retriever(both.library, analyzer=bot.DEFAULT_ANALYZER)

    assert [len(both.search(word)) for word in ("Hohenberg", "Coralline", "hohe")] == [1, 1, 0]
    assert both.library.find_unsearched(["Brüc", "Reef", "reef"]) == {"Brüc": [0], "Reef": [1]}
    assert both.search("Coralline", where=lambda article: article.title == "Reefs")
    assert [len(other.search(word)) for word in ("Hohenberg", "CORAL")] == [0, 1]
    assert other.library.find_unsearched(["Brüc", "bruck"]) == {"bruck": [0]}
    assert both.with_threshold(0).search("Hohenberg")


def test_analyses_are_pickled() -> None:
    """A library is read in several processes; the built-in analyzer is one object in each."""
    analysis = pickle.loads(pickle.dumps(Analysis(Prefixes())))

    assert analysis.terms("Corals build") == ["Cora", "buil"]
    assert pickle.loads(pickle.dumps(bot.DEFAULT_ANALYZER)) is bot.DEFAULT_ANALYZER
