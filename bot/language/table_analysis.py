"""The analysis of texts in a language that has a table."""

from collections.abc import Sequence

from bot.language.analysis import Analysis, BuiltInAnalysis
from bot.language.analyzer import Token
from bot.language.language import Language
from bot.language.table_words import TableWords


class TableAnalysis(Analysis):
    """The analysis of texts in a language that has a table, by ``built_in``.

    >>> from bot.language.analysis import DEFAULT_ANALYZER
    >>> DEFAULT_ANALYZER.in_language("ru").terms("Где построили мосты?")
    ['постро', 'мост']
    """

    def __init__(self, built_in: BuiltInAnalysis, language: Language) -> None:
        super().__init__(built_in, built_in.version, language)
        self._others = built_in._others
        self._words = TableWords(language)

    def tokens(self, text: str) -> list[Token]:
        """Return the words of ``text`` in reading order, with their places."""
        return self._words.tokens(text)

    def question_tokens(self, text: str) -> list[Token]:
        """Return the words of ``text``, then the dates and numerals that it states."""
        return self._words.question_tokens(text)

    def token(self, word: str) -> Token:
        """Return the token of a word in the form in which words are compared."""
        return self._words.known[word]

    def stem(self, word: str) -> str:
        """Return the term of a word, "" for one that is not searched for."""
        return self._words.known[word].term

    def stem_all(self, forms: Sequence[str]) -> list[str]:
        """Return the term of each of ``forms`` without remembering it: most are misspellings."""
        return [self._words.known.build_token(form).term for form in forms]

    def words_with_variants(self, texts: Sequence[str]) -> list[tuple[list[str], list[str]]]:
        """Return the words of each text, and the further words that an index has for them."""
        return [*map(self._words.words_with_variants, texts)]

    def index_words(self, texts: Sequence[str]) -> list[list[str]]:
        """Return the words of each text, and then its variants."""
        return [[*words, *variants] for words, variants in self.words_with_variants(texts)]

    def terms(self, text: str) -> list[str]:
        """Return the terms of ``text`` as an index has them, with repetitions."""
        (words,) = self.index_words([text])
        return [*filter(None, map(self.stem, words))]
