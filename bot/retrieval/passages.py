"""A sentence with its surroundings, analyzed for the features and cached."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache

from bot.articles.searched_library import SearchedLibrary
from bot.language.analysis import DEFAULT_ANALYZER, Analysis
from bot.language.language import Language
from bot.language.mentions import Mentions

# Passages that are cached, those of the last dozens of questions: 10 KB each with the paragraph.
# The grams of as many words are, too.
MAX_CACHED = 1_000
# A library of at most so many sentences is cached whole.
MAX_SMALL_LIBRARY = 20_000

# Words are compared by their runs of so many letters.
GRAM_LENGTH = 4


@dataclass(frozen=True, slots=True)
class AnalyzedSentence:
    """A sentence as the features read it.

    ``joined_words`` are its words with a space between two, ``stems`` their stems, "" for a
    question word. ``forms`` is the set of words, ``terms`` the set of stems, ``content`` that of
    the stems of words that are no stop words. ``joined_terms`` are the terms in order with a space
    around each, so that neighbouring terms are found as " left right ".
    """

    joined_words: str
    stems: tuple[str, ...]
    forms: frozenset[str]
    terms: frozenset[str]
    joined_terms: str
    content: frozenset[str]


def analyze_sentence(text: str, analysis: Analysis) -> AnalyzedSentence:
    """Return the words and terms of a sentence."""
    tokens, variants = analysis.words_with_variants(text)
    stems = tuple(map(analysis.stem, tokens))
    sentence_terms = [*filter(None, stems)]
    forms = frozenset(tokens).union(variants)
    return AnalyzedSentence(
        joined_words=" ".join(tokens),
        stems=stems,
        forms=forms,
        terms=frozenset(sentence_terms).union(filter(None, map(analysis.stem, variants))),
        joined_terms=f" {' '.join(sentence_terms)} ",
        content=analysis.content_terms(forms),
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
    """A sentence with the terms of its paragraph, its article's title and its neighbours.

    ``article_sentences`` and ``paragraph_sentences`` are the numbers of the sentences in its
    article and in its paragraph.
    """

    text: str
    analysis: Analysis
    sentence: AnalyzedSentence
    paragraph: frozenset[str]
    title: frozenset[str]
    before: frozenset[str]
    after: frozenset[str]
    article_sentences: range
    paragraph_sentences: range

    @cached_property
    def mentions(self) -> Mentions:
        """The numbers, dates, names… in the sentence; most questions need none of them."""
        return self.analysis.mentions(self.text)

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
    tokens = (token for token in analysis.tokens(text) if token.term in shared)
    matched = dict.fromkeys(text[token.start : token.end] for token in tokens)
    if not matched:
        chunks = (c for c in text.split() if not shared.isdisjoint(analysis.terms(c)))
        matched = dict.fromkeys(chunks)
    return tuple(matched)


class Passages:
    """The passages of a library, by sentence number."""

    def __init__(self, library: SearchedLibrary) -> None:
        self.library: SearchedLibrary = library
        size = MAX_SMALL_LIBRARY if library.sentence_count <= MAX_SMALL_LIBRARY else MAX_CACHED
        self.title: Callable[[int], frozenset[str]] = lru_cache(size)(self._title)
        self.paragraph: Callable[[range], frozenset[str]] = lru_cache(size)(self._paragraph)
        self.sentence_terms: Callable[[int], frozenset[str]] = lru_cache(size)(self._sentence_terms)
        self.passage: Callable[[int], Passage] = lru_cache(size)(self._passage)

    def _title(self, article: int) -> frozenset[str]:
        analysis = self.library.analysis_of(article)
        words = analysis.index_words([self.library.title(article)])
        return analysis.content_terms(frozenset(*words))

    def _paragraph(self, numbers: range) -> frozenset[str]:
        analysis = self.library.analysis_at(numbers.start)
        return frozenset(analysis.terms(self.library.join_texts(numbers)))

    def _sentence_terms(self, number: int) -> frozenset[str]:
        return frozenset(self.library.analysis_at(number).terms(self.library.sentence_text(number)))

    def _passage(self, number: int) -> Passage:
        library, article = self.library, self.library.sentence(number).article
        inside, beside = library.sentence_numbers(article), library.paragraph_range(number)
        text = library.sentence_text(number)
        analysis = library.analysis_of(article)
        sentence = analyze_sentence(text, analysis)
        is_first, is_last = number == inside[0], number == inside[-1]
        return Passage(
            text=text,
            analysis=analysis,
            sentence=sentence,
            paragraph=self.paragraph(beside) if len(beside) > 1 else sentence.terms,
            title=self.title(article),
            before=frozenset() if is_first else self.sentence_terms(number - 1),
            after=frozenset() if is_last else self.sentence_terms(number + 1),
            article_sentences=inside,
            paragraph_sentences=beside,
        )
