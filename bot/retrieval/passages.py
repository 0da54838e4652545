"""A sentence with its surroundings, analyzed for the features and cached."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

from bot.articles.bounded_cache import BoundedCache
from bot.articles.searched_library import SearchedLibrary
from bot.language.analysis import DEFAULT_ANALYZER, Analysis
from bot.language.language import Language
from bot.language.mentions import Mentions

# Passages that are cached, those of the last dozens of questions: 10 KB each with the paragraph.
# The grams of as many words are, too.
MAX_CACHED = 1_000
# Titles that are cached: a question reads those of a hundred hits.
MAX_TITLES = 5_000
# A library of at most so many sentences is cached whole.
MAX_SMALL_LIBRARY = 20_000

# Words are compared by their runs of so many letters.
GRAM_LENGTH = 4


class AnalyzedSentence(NamedTuple):
    """A sentence as the features read it.

    ``joined_words`` are its words with a space between two, ``stems`` their stems, "" for a
    question word. ``forms`` is the set of words, ``terms`` the set of stems, ``content_size`` the
    number of those that a word has which is no stop word. ``joined_terms`` are the terms in order
    with a space around each, so that neighbouring terms are found as " left right ".
    ``has_subject_pronoun`` tells whether the first word is a pronoun, as "it" and "they".
    """

    joined_words: str
    stems: tuple[str, ...]
    forms: frozenset[str]
    terms: frozenset[str]
    joined_terms: str
    content_size: int
    has_subject_pronoun: bool


def analyze_sentence(
    words: Sequence[str], variants: Sequence[str], analysis: Analysis
) -> AnalyzedSentence:
    """Return a sentence of ``words``, which is also found by ``variants``."""
    stems = analysis.stem_words(words)
    terms = [*filter(None, stems)]
    forms = frozenset([*words, *variants])
    return AnalyzedSentence(
        joined_words=" ".join(words),
        stems=tuple(stems),
        forms=forms,
        terms=frozenset([*terms, *filter(None, analysis.stem_words(variants))]),
        joined_terms=f" {' '.join(terms)} ",
        content_size=len(analysis.content_terms(forms)),
        has_subject_pronoun=bool(words) and words[0] in analysis.language.pronouns,
    )


@lru_cache(MAX_CACHED)
def grams(word: str) -> frozenset[str]:
    """Return the runs of four letters in ``word``, or a shorter word or a date itself.

    >>> sorted(grams("bridge")), sorted(grams("oil"))
    (['brid', 'idge', 'ridg'], ['oil'])
    """
    if "-" in word:
        return frozenset((word,))
    return frozenset(word[i : i + GRAM_LENGTH] for i in range(max(1, len(word) - GRAM_LENGTH + 1)))


@dataclass(frozen=True)
class Passage:
    """A sentence with the terms of its article's title.

    ``article_sentences`` and ``paragraph_sentences`` are the numbers of the sentences in its
    article and in its paragraph; ``before`` and ``after`` those of the sentences beside it.
    """

    text: str
    analysis: Analysis
    sentence: AnalyzedSentence
    title: frozenset[str]
    article_sentences: range
    paragraph_sentences: range
    before: range
    after: range

    @cached_property
    def mentions(self) -> Mentions:
        """The numbers, dates, names… in the sentence; most questions need none of them."""
        return self.analysis.mentions(self.text)

    @cached_property
    def comparable_text(self) -> str:
        """The text with a space between two words, by which copies of a sentence are told."""
        text = " ".join(self.text.split())
        return self.text if text == self.text else text  # so that one of two is kept

    @property
    def language(self) -> Language:
        """The language of the article."""
        return self.analysis.language


def find_matched_words(
    text: str, shared: frozenset[str], analysis: Analysis = DEFAULT_ANALYZER
) -> tuple[str, ...]:
    """Return the words of ``text`` whose terms are ``shared``, or that have a variant which is.

    >>> find_matched_words("The sign-off was filmed.", frozenset({"signoff"}))
    ('sign-off',)
    """
    matched = dict.fromkeys(text[start:end] for start, end in analysis.find_terms(text, shared))
    if not matched:
        chunks = (c for c in text.split() if not shared.isdisjoint(analysis.terms(c)))
        matched = dict.fromkeys(chunks)
    return tuple(matched)


class Passages:
    """The passages of a library, by sentence number.

    Those of a question are built at once: articles are read together, and the words of many texts
    found in less time than one after the other.
    """

    def __init__(self, library: SearchedLibrary) -> None:
        self.library: SearchedLibrary = library
        size = MAX_SMALL_LIBRARY if library.sentence_count <= MAX_SMALL_LIBRARY else MAX_CACHED
        self._titles: BoundedCache[int, frozenset[str]] = BoundedCache(max(size, MAX_TITLES))
        self._passages: BoundedCache[int, Passage] = BoundedCache(size)

    def titles(self, articles: Sequence[int]) -> list[frozenset[str]]:
        """Return the content terms in the title of each of ``articles``."""
        return self._titles.load_all(articles, self._analyze_titles)

    def passages(self, numbers: Sequence[int]) -> list[Passage]:
        """Return the passage of each sentence."""
        return self._passages.load_all(numbers, self._build_passages)

    def _analyze_titles(self, articles: Sequence[int]) -> dict[int, frozenset[str]]:
        by_language: dict[str, dict[int, str]] = {}
        for article, title in zip(articles, self.library.load_titles(articles), strict=True):
            by_language.setdefault(title.language, {})[article] = title.text
        terms: dict[int, frozenset[str]] = {}
        for code, titles in by_language.items():
            analysis = self.library.analysis.in_language(code)
            words = analysis.index_words([*titles.values()])
            contents = map(analysis.content_terms, map(frozenset, words))
            terms.update(zip(titles, contents, strict=True))
        return terms

    def _build_passages(self, numbers: Sequence[int]) -> dict[int, Passage]:
        articles = self.library.article_numbers(numbers)
        self.library.prefetch(articles)
        by_analysis: dict[Analysis, list[int]] = {}
        for number, article in zip(numbers, articles, strict=True):
            by_analysis.setdefault(self.library.analysis_of(article), []).append(number)
        places = dict(zip(numbers, zip(articles, self.titles(articles), strict=True), strict=True))
        passages: dict[int, Passage] = {}
        for analysis, group in by_analysis.items():
            texts = self.library.load_texts(group)
            words = analysis.words_with_variants([*texts.values()])
            for number, found in zip(texts, words, strict=True):
                article, title = places[number]
                inside = self.library.sentence_numbers(article)
                passages[number] = Passage(
                    text=texts[number],
                    analysis=analysis,
                    sentence=analyze_sentence(*found, analysis),
                    title=title,
                    article_sentences=inside,
                    paragraph_sentences=self.library.paragraph_range(number),
                    before=range(max(number - 1, inside.start), number),
                    after=range(number + 1, min(number + 2, inside.stop)),
                )
        return passages
