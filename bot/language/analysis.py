"""The way from a text to its words and terms, by the built-in analyzer or by another."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from types import MappingProxyType

from bot.language import terms as english
from bot.language.analyzer import DEFAULT_LANGUAGE, Analyzer, Token, WordKind
from bot.language.dates import find_date_words
from bot.language.indexed_words import index_words, words_with_variants
from bot.language.language import ENGLISH, Language, load_language
from bot.language.mentions import Mentions
from bot.language.synonyms import SYNONYMS
from bot.language.words import word_spans, words
from bot.lazy import lazy_function

# Needed where a library has articles in other languages.
find_table_mentions: Callable[[str, Sequence[Token], Language], Mentions] = lazy_function(
    "bot.language.table_mentions", "TableMentions"
)
build_table_analysis: Callable[["BuiltInAnalysis", Language], "Analysis"] = lazy_function(
    "bot.language.table_analysis", "TableAnalysis"
)

NO_SYNONYMS: Mapping[str, frozenset[str]] = MappingProxyType({})
# The kinds of the words that are no content; a word may be in several lists.
KINDS = {
    **dict.fromkeys(english.LIGHT_WORDS, WordKind.LIGHT),
    **dict.fromkeys(english.STOP_WORDS, WordKind.STOP),
    **dict.fromkeys(english.PRONOUNS, WordKind.PRONOUN),
}


# The first word of the version of an analysis by an analyzer of the user's.
OWN_ANALYZER = "own"


class Analysis:
    """The words and terms of texts by ``analyzer``, as all rooms get them.

    They are those of texts in ``language``; :meth:`in_language` gives the analysis of others.

    >>> Analysis(DEFAULT_ANALYZER).terms("the bridges of Sydney")
    ['the', 'bridg', 'of', 'sydney']
    """

    def __init__(
        self, analyzer: Analyzer, version: str | None = None, language: Language = ENGLISH
    ) -> None:
        self.analyzer: Analyzer = analyzer
        self.language: Language = language
        self.version: str = f"{OWN_ANALYZER} {analyzer.version}" if version is None else version
        self._known: dict[str, Token] = {}  # form → a token of it
        self._others: dict[str, Analysis] = {language.code: self}

    def in_language(self, code: str) -> "Analysis":
        """Return the analysis of texts in another language, by the same analyzer.

        >>> DEFAULT_ANALYZER.in_language("de").terms("die Brücken")
        ['die', 'bruck']
        """
        if code not in self._others:
            self._others.setdefault(code, self._build(load_language(code)))
        return self._others[code]

    def _build(self, language: Language) -> "Analysis":
        analysis = Analysis(self.analyzer, self.version, language)
        analysis._others = self._others
        return analysis

    def tokens(self, text: str) -> list[Token]:
        """Return the words of ``text`` in reading order, with their places.

        Raises ValueError for a place outside of ``text``.
        """
        tokens = [*self.analyzer.tokens(text, self.language.code)]
        for token in tokens:
            if not 0 <= token.start <= token.end <= len(text):
                raise ValueError(
                    f"analyzer {self.analyzer.version!r} gave {token}, a place outside of a text "
                    f"of {len(text)} characters"
                )
            self._known.setdefault(token.form, token)
        return tokens

    def find_terms(self, text: str, terms: Collection[str]) -> list[tuple[int, int]]:
        """Return the start and end of each word of ``text`` whose term is among ``terms``."""
        return [(token.start, token.end) for token in self.tokens(text) if token.term in terms]

    def question_tokens(self, text: str) -> list[Token]:
        """Return the words of ``text``, then the dates that it states."""
        return self.tokens(text)

    def token(self, word: str) -> Token:
        """Return the token of a word in the form in which words are compared."""
        if word not in self._known:
            found = [*self.analyzer.tokens(word, self.language.code)]
            same = (token for token in found if token.form == word)
            self._known[word] = next(same, Token(word, "", 0, len(word)))
        return self._known[word]

    def stem(self, word: str) -> str:
        """Return the term of a word, "" for one that is not searched for."""
        return self.token(word).term

    def stem_words(self, words: Iterable[str]) -> list[str]:
        """Return the term of each of ``words``."""
        return [*map(self.stem, words)]

    def stem_all(self, forms: Sequence[str]) -> list[str]:
        """Return the term of each of ``forms`` without remembering it: most are misspellings."""
        stems = []
        for form in forms:
            found = self.analyzer.tokens(form, self.language.code)
            stems.append(next((token.term for token in found if token.form == form), ""))
        return stems

    def words(self, text: str) -> list[str]:
        """Return the words of ``text`` in the form in which they are compared."""
        return [token.form for token in self.tokens(text)]

    def words_with_variants(self, texts: Sequence[str]) -> list[tuple[list[str], list[str]]]:
        """Return the words of each text, and the further words that an index has for them."""
        return [(self.words(text), []) for text in texts]

    def index_words(self, texts: Sequence[str]) -> list[list[str]]:
        """Return the words of each text, and then its variants."""
        return [self.words(text) for text in texts]

    def terms(self, text: str) -> list[str]:
        """Return the terms of ``text`` as an index has them, with repetitions."""
        return [token.term for token in self.tokens(text) if token.term]

    def index_terms(self, texts: Sequence[str]) -> list[list[str]]:
        """Return the terms of each text: in less time than one text at a time.

        >>> DEFAULT_ANALYZER.index_terms(["the bridges", "of Sydney"])
        [['the', 'bridg'], ['of', 'sydney']]
        """
        return [self.terms(text) for text in texts]

    def content_terms(self, forms: frozenset[str]) -> frozenset[str]:
        """Return the terms of those words among ``forms`` that are no stop words."""
        tokens = (self.token(form) for form in forms)
        return frozenset(token.term for token in tokens if not token.is_stop_word)

    def synonyms(self) -> Mapping[str, frozenset[str]]:
        """Return the terms that may stand for each term."""
        return NO_SYNONYMS

    def mentions(self, text: str) -> Mentions:
        """Return the numbers, dates, names… that ``text`` mentions."""
        if self.language is ENGLISH:
            return Mentions(text)
        return find_table_mentions(text, self.tokens(text), self.language)


class BuiltInAnalysis(Analysis):
    """The analysis of the bot, which is itself an analyzer: :mod:`bot.language.terms`.

    >>> [token.term for token in BuiltInAnalysis().tokens("the bridges of Sydney")]
    ['the', 'bridg', 'of', 'sydney']
    """

    def __init__(self) -> None:
        super().__init__(self, english.ANALYZER_VERSION)

    def __reduce__(self) -> str:
        return "DEFAULT_ANALYZER"

    def _build(self, language: Language) -> "Analysis":
        return build_table_analysis(self, language)

    def tokens(self, text: str, language: str = DEFAULT_LANGUAGE) -> list[Token]:
        """Return the words of ``text`` in reading order, with their places."""
        if language != DEFAULT_LANGUAGE:
            return self.in_language(language).tokens(text)
        stems, kinds = english.STEMS, KINDS
        return [
            Token(word, stems[word], start, end, kinds.get(word, WordKind.CONTENT))
            for word, start, end in word_spans(text)
        ]

    def find_terms(self, text: str, terms: Collection[str]) -> list[tuple[int, int]]:
        """Return the start and end of each word of ``text`` whose term is among ``terms``."""
        stems = english.STEMS
        return [(start, end) for word, start, end in word_spans(text) if stems[word] in terms]

    def question_tokens(self, text: str) -> list[Token]:
        """Return the words of ``text``, then the dates that it states.

        >>> [token.form for token in BuiltInAnalysis().question_tokens("on 3 May 2021")]
        ['on', '3', 'may', '2021', '2021-05-03']
        """
        tokens = self.tokens(text)
        for date, span in find_date_words([token.form for token in tokens]):
            start, end = tokens[span.start].start, tokens[span.stop - 1].end
            tokens.append(Token(date, date, start, end, WordKind.DATE))
        return tokens

    def token(self, word: str) -> Token:
        """Return the token of a word in the form in which words are compared."""
        kind = KINDS.get(word, WordKind.CONTENT)
        return Token(word, english.STEMS[word], 0, len(word), kind)

    def stem(self, word: str) -> str:
        """Return the term of a word, "" for one that is not searched for."""
        return english.STEMS[word]

    def stem_words(self, words: Iterable[str]) -> list[str]:
        """Return the term of each of ``words``."""
        return [*map(english.STEMS.__getitem__, words)]

    def stem_all(self, forms: Sequence[str]) -> list[str]:
        """Return the term of each of ``forms`` without remembering it: most are misspellings."""
        return english.STEMS.stem_all(forms)

    def words(self, text: str) -> list[str]:
        """Return the words of ``text`` in the form in which they are compared."""
        return words(text)

    def words_with_variants(self, texts: Sequence[str]) -> list[tuple[list[str], list[str]]]:
        """Return the words of each text, and the further words that an index has for them."""
        return words_with_variants(texts)

    def index_words(self, texts: Sequence[str]) -> list[list[str]]:
        """Return the words of each text, and then its variants."""
        return index_words(texts)

    def terms(self, text: str) -> list[str]:
        """Return the terms of ``text`` as an index has them, with repetitions."""
        return english.terms(text)

    def index_terms(self, texts: Sequence[str]) -> list[list[str]]:
        """Return the terms of each text: in less time than one text at a time."""
        stem = english.STEMS.__getitem__
        return [[*filter(None, map(stem, words))] for words in index_words(texts)]

    def content_terms(self, forms: frozenset[str]) -> frozenset[str]:
        """Return the terms of those words among ``forms`` that are no stop words."""
        return frozenset(map(english.STEMS.__getitem__, forms - english.STOP_WORDS))

    def synonyms(self) -> Mapping[str, frozenset[str]]:
        """Return the terms that may stand for each term."""
        return SYNONYMS


DEFAULT_ANALYZER = BuiltInAnalysis()


def analysis_of(analyzer: Analyzer) -> Analysis:
    """Return the analysis by ``analyzer``, the object itself if it is the built-in one."""
    return analyzer if isinstance(analyzer, BuiltInAnalysis) else Analysis(analyzer)
