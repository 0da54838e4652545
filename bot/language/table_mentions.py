"""The parts of a text that may answer a question, in a language that has a table."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from functools import cached_property

from bot.language.analyzer import Token
from bot.language.language import Language
from bot.language.mentions import CURRENCY_SIGNS, YEAR_RE, Mention, Mentions

# A unit may stand up to so many words before or after its number: "yüzde 20", "40 Millionen Euro".
MAX_UNIT_DISTANCE = 2
# Signs behind the digits of a date in the languages of East Asia.
DATE_SIGNS = frozenset("年月日년월일")
QUOTATION_RE = re.compile('["“”«»„「」『』]')
PERCENT_SIGNS = "%٪％"


class TableMentions(Mentions):
    """The mentions of a text of ``tokens``; each kind is computed on first access.

    >>> from bot.language.analysis import DEFAULT_ANALYZER
    >>> analysis = DEFAULT_ANALYZER.in_language("de")
    >>> text = "Im Mai 1932 kaufte Ada Thorne zwölf Schiffe."
    >>> mentions = TableMentions(text, analysis.tokens(text), analysis.language)
    >>> [mention.word for mention in mentions.times]
    ['mai', '1932']
    >>> [mention.word for mention in mentions.numbers]
    ['zwölf']
    """

    def __init__(self, text: str, tokens: Sequence[Token], language: Language) -> None:
        self._text, self._tokens, self._language = text, tokens, language
        self._plain = language.plain(text)
        self._starts = [token.start for token in tokens]

    @cached_property
    def numbers(self) -> tuple[Mention, ...]:
        """Numbers in digits or words, except years and days of a month."""
        digits = (
            position
            for position, token in enumerate(self._tokens)
            if token.form[:1].isdigit() and not self._is_of_date(position)
        )
        return self._mentions({*digits, *self._find_row("numbers")})

    @cached_property
    def money(self) -> tuple[Mention, ...]:
        """Numbers beside a currency sign, or near a currency."""
        return self._find_counted("answers.money", CURRENCY_SIGNS)

    @cached_property
    def percents(self) -> tuple[Mention, ...]:
        """Numbers beside "%", or near its word."""
        return self._find_counted("answers.percents", frozenset(PERCENT_SIGNS))

    @cached_property
    def measures(self) -> tuple[Mention, ...]:
        """Numbers near a unit of measurement."""
        return self._find_counted("answers.measures")

    @cached_property
    def durations(self) -> tuple[Mention, ...]:
        """Numbers near a unit of time."""
        return self._find_counted("answers.durations")

    @cached_property
    def ages(self) -> tuple[Mention, ...]:
        """Numbers: words for an age are not told."""
        return self.numbers

    @cached_property
    def times(self) -> tuple[Mention, ...]:
        """Years, months, weekdays and other words for times."""
        months = self._language.months
        positions = {
            position
            for position, token in enumerate(self._tokens)
            if token.form in months or self._is_of_date(position)
        }
        words = (*self._find_row("weekdays"), *self._find_row("answers.times"))
        return self._mentions(positions.union(words))

    @cached_property
    def names(self) -> tuple[Mention, ...]:
        """Capitalized words that are not common words; in German, those beside another."""
        language = self._language
        common = language.stop_words | language.light_words | language.months.keys()
        capitalized = [
            position
            for position, token in enumerate(self._tokens)
            if self._text[token.start].isupper() and token.form not in common
        ]
        if language.capitals == "nouns":
            found = {*capitalized}
            before = {
                position + 1
                for row in ("places", "agents")
                for position in self._find_row(f"answers.{row}")
            }
            capitalized = [p for p in capitalized if found & {p - 1, p + 1} or p in before]
        return self._mentions(capitalized)

    @cached_property
    def places(self) -> tuple[Mention, ...]:
        """Names after a preposition of place; all names, where a language has no such words."""
        if not self._language.row("answers.places"):
            return self.names
        before = {*self._find_row("answers.places")}
        return tuple(m for m in self.names if before & {m.position - 1, m.position - 2})

    @cached_property
    def countries(self) -> tuple[Mention, ...]:
        """Names: those of countries are not told."""
        return self.names

    @cached_property
    def statements(self) -> tuple[Mention, ...]:
        """The first word after each quotation mark."""
        return self._mentions(
            {self._position(m.start()) for m in QUOTATION_RE.finditer(self._text)}
        )

    @cached_property
    def reasons(self) -> tuple[Mention, ...]:
        """The first word of each phrase that begins a reason."""
        return self._mentions({*self._find_row("answers.reasons")})

    def _mentions(self, positions: "Sequence[int] | set[int]") -> tuple[Mention, ...]:
        return tuple(Mention(p, self._tokens[p].form) for p in sorted(positions) if p >= 0)

    def _find_row(self, row: str) -> list[int]:
        """Return the positions of the words and phrases of a row of the table."""
        matches = self._language.pattern(row).finditer(self._plain)
        return [self._position(match.start()) for match in matches]

    def _position(self, offset: int) -> int:
        """Return the position of the first word at or after ``offset``, -1 without words."""
        return min(bisect_left(self._starts, offset), len(self._starts) - 1)

    def _find_counted(self, row: str, signs: frozenset[str] = frozenset()) -> tuple[Mention, ...]:
        """Return the numbers that one of ``signs`` is beside, or that a word of a row is near."""
        units = {*self._find_row(row)}
        return tuple(
            m
            for m in self.numbers
            if self._has_sign(m.position, signs)
            or any(abs(unit - m.position) <= MAX_UNIT_DISTANCE for unit in units)
        )

    def _has_sign(self, position: int, signs: frozenset[str]) -> bool:
        token = self._tokens[position]
        before = self._text[: token.start].rstrip()[-1:]
        after = self._text[token.end :].lstrip()[:1]
        return before in signs or after in signs if signs else False

    def _is_of_date(self, position: int) -> bool:
        """Return whether a number is a year, or is beside a month."""
        token, tokens = self._tokens[position], self._tokens
        if not token.form[:1].isdigit():
            return False
        if YEAR_RE.fullmatch(token.form) and token.end - token.start == len(token.form):
            return True
        following = tokens[position + 1].form if position + 1 < len(tokens) else ""
        if following in DATE_SIGNS:
            return True
        beside = tokens[max(0, position - 1) : position + 2]
        return any(other.form in self._language.months for other in beside)
