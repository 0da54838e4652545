"""The words and terms of a text in a language that has a table: of all but English."""

import re
from collections.abc import Iterator, Sequence
from functools import cached_property
from threading import Lock
from typing import Any

import Stemmer

from bot.language.affixes import Affixes, find_affixes
from bot.language.analyzer import Token, WordKind
from bot.language.language import Language
from bot.language.numerals import (
    HAN_NUMERAL_RE,
    find_dates,
    find_digital_dates,
    read_han_numeral,
)
from bot.language.scripts import WORD_RE, drop_accents, normalize, split_word

# Signs between groups of three digits, where a table has none.
THOUSANDS = ","
LEADING_ZERO_RE = re.compile(r"0\d")
# In Turkish, the capital letter of "ı" is "I".
TURKISH_LETTERS = str.maketrans("Iİ", "ıi")


class TableStems(dict[str, Token]):
    """A cache of form → the token of a word, filled on access; a question word has the term "".

    >>> from bot.language.language import load_language
    >>> TableStems(load_language("de"))["brücken"].term
    'bruck'
    """

    def __init__(self, language: Language) -> None:
        super().__init__()
        self.language = language
        self.stemmer: Any = Stemmer.Stemmer(language.stemmer, 0) if language.stemmer else None
        self.affixes: Affixes = find_affixes(language)
        self.lock: Lock = Lock()  # a stemmer is not thread-safe

    def __missing__(self, form: str) -> Token:
        token = self[form] = self.build_token(form)
        return token

    def build_token(self, form: str) -> Token:
        """Return the token of a form without caching."""
        language = self.language
        if form in language.question_words:
            return Token(form, "", 0, len(form), WordKind.STOP)
        kind = WordKind.CONTENT
        if form in language.pronouns:
            kind = WordKind.PRONOUN
        elif form in language.stop_words:
            kind = WordKind.STOP
        elif form in language.light_words:
            kind = WordKind.LIGHT
        return Token(form, self.stem(form), 0, len(form), kind)

    def stem(self, form: str) -> str:
        """Return the stem of a form, without accents: they are cut off behind the stemmer."""
        if LEADING_ZERO_RE.fullmatch(form):
            return form[1]
        stem = self.language.base_forms.get(form, form)
        if self.stemmer:
            with self.lock:
                stem = str(self.stemmer.stemWord(stem)) or form
        if not self.language.accents:
            stem = drop_accents(stem) or stem
        affixes = self.affixes
        remove = affixes.remove_participle if self.stemmer else affixes.remove_affixes
        return affixes.remove_ending(remove(stem))


class TableWords:
    """Finds the words of texts in one language.

    >>> from bot.language.language import load_language
    >>> german = TableWords(load_language("de"))
    >>> [token.term for token in german.tokens("Wie groß sind die 1.250 Brücken?")]
    ['', 'gross', 'sind', 'die', '1250', 'bruck']
    """

    def __init__(self, language: Language) -> None:
        self.language = language
        self.known: TableStems = TableStems(language)

    @cached_property
    def token_re(self) -> re.Pattern[str]:
        """The pattern of a number with separators, or of a word."""
        signs = re.escape(self.language.row("thousands") or THOUSANDS).replace(
            "\\ ", " \u00a0\u202f"
        )
        number = rf"(?<![\d.,])\d{{1,3}}(?:[{signs}]\d{{2,3}})*[{signs}]\d{{3}}(?![\d])"
        return re.compile(f"(?P<number>{number})|{WORD_RE.pattern}")

    def tokens(self, text: str) -> list[Token]:
        """Return the words of ``text`` in reading order, with their places."""
        return [*self._find_tokens(text)]

    def _find_tokens(self, text: str) -> Iterator[Token]:
        is_turkish = self.language.code == "tr"
        for match in self.token_re.finditer(text):
            start, word = match.start(), match[0]
            if match["number"]:
                digits = normalize("".join(filter(str.isdigit, word)))
                yield Token(digits, digits, start, match.end())
                continue
            if is_turkish:
                word = word.translate(TURKISH_LETTERS)
            for first, last in split_word(word):
                for form in WORD_RE.findall(normalize(word[first:last])):
                    yield self.known[form]._replace(start=start + first, end=start + last)

    def question_tokens(self, text: str) -> list[Token]:
        """Return the words of ``text``, then the dates and numerals that it states.

        >>> from bot.language.language import load_language
        >>> chinese = TableWords(load_language("zh"))
        >>> [token.term for token in chinese.question_tokens("谁有三百?") if token.term]
        ['有', '三', '百', '300']
        """
        tokens = self.tokens(text)
        variants = [*self._find_variants(text, tokens)]
        if not self.language.is_whole:
            tokens = self._mark_words(text, tokens)
        return [*tokens, *variants]

    def _mark_words(self, text: str, tokens: Sequence[Token]) -> list[Token]:
        """Return ``tokens`` of a language without blanks, those in its lists of words marked."""
        plain, marked = self.language.plain(text), [*tokens]
        for row, kind in (
            ("light_words", WordKind.LIGHT),
            ("pronouns", WordKind.PRONOUN),
            ("question_words", WordKind.STOP),
        ):
            for match in self.language.pattern(row).finditer(plain):
                for place, token in enumerate(tokens):
                    if token.start < match.end() and match.start() < token.end:
                        term = "" if row == "question_words" else token.term
                        marked[place] = token._replace(term=term, kind=kind)
        return marked

    def _find_variants(self, text: str, tokens: Sequence[Token]) -> Iterator[Token]:
        """Yield the dates that a text states, and its numerals in digits."""
        forms = [token.form for token in tokens]
        for date, span in find_dates(forms, self.language.months):
            start, end = tokens[span.start].start, tokens[span.stop - 1].end
            yield Token(date, date, start, end, WordKind.DATE)
        for date, place in find_digital_dates(text):
            yield Token(date, date, *place, WordKind.DATE)
        if not text.isascii():
            for match in HAN_NUMERAL_RE.finditer(text):
                number = str(read_han_numeral(match[0]))
                yield Token(number, number, *match.span())

    def words_with_variants(self, text: str) -> tuple[list[str], list[str]]:
        """Return the words of ``text``, and the further words that an index has for them."""
        tokens = self.tokens(text)
        variants = [token.form for token in self._find_variants(text, tokens)]
        return [token.form for token in tokens], variants
