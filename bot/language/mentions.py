"""The parts of a text that may answer a question: numbers, times, names, places, reasons."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple

from bot.language.dates import MONTHS, WEEKDAY_NAMES
from bot.language.words import word_spans

YEAR_RE = re.compile(r"(?:1\d{3}|20\d\d)(?:s)?")
DIGIT_RE = re.compile(r"\d")
TIME_WORDS = frozenset(
    "century centuries decade decades bc bce ad today yesterday tomorrow tonight midnight "
    "noon spring summer autumn winter morning afternoon evening ago".split()
)
NUMBER_WORDS = frozenset(
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty "
    "ninety hundred thousand million billion trillion dozen half twice once".split()
)
# Number words that often do not count anything: "one of the ships", "once".
VAGUE_NUMBERS = frozenset("one two half twice once".split())
# A unit may stand up to so many words after its number: "forty million dollars".
MAX_UNIT_DISTANCE = 2
CURRENCY_SIGNS = frozenset("$£€¥₹")
MONEY_UNITS = frozenset(
    "dollar dollars pound pounds euro euros cent cents penny pence sixpence yen yuan rupee rupees "
    "franc francs mark marks shilling shillings guilders roubles rubles crowns usd eur gbp".split()
)
PERCENT_UNITS = frozenset("percent percentage per pc".split())
MEASURE_UNITS = frozenset(
    "metre metres meter meters kilometre kilometres kilometer kilometers km m cm mm centimetre "
    "centimetres centimeter centimeters millimetre millimetres millimeters mile miles foot feet "
    "ft inch inches yard yards acre acres hectare hectares square cubic litre litres liter liters "
    "gallon gallons tonne tonnes ton tons kilogram kilograms kilogramme kg gram grams pound pounds "
    "ounce ounces second seconds minute minutes hour hours day days week weeks month months year "
    "years decade decades century centuries degree degrees celsius fahrenheit kelvin knot knots "
    "mph kph watt watts volt volts storey storeys story stories".split()
)
# Units of time, and those that tell a duration without a number: "for weeks".
DURATION_UNITS = frozenset(
    "second seconds minute minutes hour hours day days week weeks month months year years decade "
    "decades century centuries generation generations fortnight".split()
)
PLURAL_DURATIONS = frozenset(
    "weeks months years decades centuries hours days minutes generations".split()
)
# The patterns from here on are compiled when a question asks for what they find.
# An age: "aged 12", "12-year-old", "at 12", "in her twenties", "Ada Thorne, 12, said".
AGE_PATTERN = (
    r"(?i)\b(?:aged?|age of|aged between)\s+(\d+)|\b(\w+)[\s-]years?[\s-]old\b|"
    r"\bat (?:the age of )?(\d{1,2})\b|\b(?:in )?(?:his|her|their) (\w+ties|teens)\b|,\s+(\d\d),"
)
# Quotation marks and verbs of saying.
STATEMENT_PATTERN = (
    r"(?i)[\"“”«»]|\b(?:said|says?|saying|told|tells|add(?:ed|s)|announc(?:ed|es)|stat(?:ed|es|ing)|"
    r"claim(?:ed|s)|argu(?:ed|es)|stress(?:ed|es|ing)|emphasi[sz](?:ed|es|ing)|warn(?:ed|s)|"
    r"describ(?:ed|es)|declar(?:ed|es)|explain(?:ed|s)|insist(?:ed|s)|acknowledg(?:ed|es)|"
    r"suggest(?:ed|s)|believ(?:ed|es)|reiterat(?:ed|es)|reaffirm(?:ed|s)|according to|"
    r"call(?:ed|s|ing) (?:for|on)|agree[sd]?|promis(?:ed|es)|pledg(?:ed|es)|discuss(?:ed|es)?|"
    r"highlight(?:ed|s)|"
    r"wrote|writes|outlin(?:ed|es)|repli(?:ed|es)|respond(?:ed|s)|conclud(?:ed|es)|express(?:ed|es)|"
    r"propos(?:ed|es)|denied|denies|admit(?:ted|s)|not(?:ed|es)|quoted?)\b"
)
# Where a reason or a purpose begins.
REASON_PATTERN = (
    r"(?i)\b(?:because|due to|owing to|so that|in order to|as a result|result(?:ed|s)? (?:of|from)|"
    r"caused? by|thanks to|since (?!\d)|in (?:response|reaction|honou?r) (?:to|of)|"
    r"therefore|hence|thus|for this reason|reasons? (?:for|why|that|is|was)|"
    r"led to|leads? to|attributed to|stems? from|"
    r"blam(?:ed|es|ing)|on the grounds|so as to|for the purpose|aim(?:ed|s|ing)? (?:to|at)|"
    r"after (?:he|she|it|they|the)\b)"
)
PREPOSITIONS = frozenset("in at from near to of on across through around within outside".split())
# Common words that begin with a capital letter at the start of a sentence, and are no names.
FUNCTION_WORDS = frozenset(
    "a an the this that these those he she it they we you i his her its their our my your in "
    "on at by for from of to with as and but or if when while after before since although "
    "though however there here what who which where why how not no some many most all each "
    "both one two three under over during because also then thus such other another several".split()
)
NOT_NAMES = FUNCTION_WORDS | MONTHS | {*WEEKDAY_NAMES}
COUNTRIES = frozenset(
    "afghanistan albania algeria angola argentina armenia australia austria azerbaijan "
    "bahrain bangladesh belarus belgium bolivia bosnia botswana brazil britain bulgaria burma "
    "cambodia cameroon canada chile china colombia congo croatia cuba cyprus czechia denmark "
    "ecuador egypt england eritrea estonia ethiopia fiji finland france gabon gambia georgia "
    "germany ghana greece guatemala guinea haiti honduras hungary iceland india indonesia "
    "iran iraq ireland israel italy jamaica japan jordan kazakhstan kenya korea kosovo kuwait "
    "laos latvia lebanon lesotho liberia libya lithuania luxembourg madagascar malawi "
    "malaysia maldives mali malta mexico moldova monaco mongolia montenegro morocco "
    "mozambique myanmar namibia nepal netherlands nicaragua niger nigeria norway oman "
    "pakistan palestine panama paraguay peru philippines poland portugal qatar romania russia "
    "rwanda samoa scotland senegal serbia singapore slovakia slovenia somalia spain sudan "
    "suriname sweden switzerland syria taiwan tajikistan tanzania thailand togo tonga tunisia "
    "turkey turkmenistan uganda ukraine uruguay uzbekistan venezuela vietnam wales yemen "
    "zambia zimbabwe usa uk us states kingdom ussr yugoslavia prussia persia ottoman zealand "
    "salvador rica lanka leone emirates arabia alabama alaska arizona arkansas california "
    "colorado connecticut delaware florida hawaii idaho illinois indiana iowa kansas kentucky "
    "louisiana maine maryland massachusetts michigan minnesota mississippi missouri montana "
    "nebraska nevada hampshire jersey york carolina dakota ohio oklahoma oregon pennsylvania "
    "tennessee texas utah vermont virginia washington wisconsin wyoming victoria queensland "
    "tasmania".split()
)


class Mention(NamedTuple):
    """A folded word of a text, and its position among the text's words, from 0."""

    position: int
    word: str


class Mentions:
    """The mentions of a text by kind, in reading order; each kind is computed on first access.

    >>> mentions = Mentions("In May 1932 Ada Thorne bought twelve ships in Peru.")
    >>> [mention.word for mention in mentions.times]
    ['may', '1932']
    >>> mentions.numbers
    (Mention(position=6, word='twelve'),)
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._spans = tuple(word_spans(text))
        self._words = tuple(Mention(i, span.text) for i, span in enumerate(self._spans))

    @cached_property
    def numbers(self) -> tuple[Mention, ...]:
        """Numbers in digits or words, except years and days of a month."""
        words = self._words
        return tuple(
            m
            for m in words
            if (_is_number(m.word) or self._has_separators(m)) and not _is_day(words, m.position)
        )

    @cached_property
    def money(self) -> tuple[Mention, ...]:
        """Numbers after a currency sign or shortly before a currency."""
        text, spans = self._text, self._spans
        return tuple(
            m
            for m in self.numbers
            if text[max(0, spans[m.position].start - 1)] in CURRENCY_SIGNS
            or self._has_unit(m, MONEY_UNITS)
        )

    @cached_property
    def percents(self) -> tuple[Mention, ...]:
        """Numbers before "%" or "percent"."""
        text, spans = self._text, self._spans
        return tuple(
            m
            for m in self.numbers
            if text[spans[m.position].end :][:1] == "%" or self._has_unit(m, PERCENT_UNITS)
        )

    @cached_property
    def measures(self) -> tuple[Mention, ...]:
        """Numbers before a unit of measurement."""
        return tuple(m for m in self.numbers if self._has_unit(m, MEASURE_UNITS))

    @cached_property
    def amounts(self) -> tuple[Mention, ...]:
        """Money, percents and measures."""
        return tuple(sorted({*self.money, *self.percents, *self.measures}))

    @cached_property
    def times(self) -> tuple[Mention, ...]:
        """Years, months, weekdays and other words for times."""
        return tuple(
            m
            for m in self._words
            if _is_time(m.word, self._is_capitalized(m)) and not self._has_separators(m)
        )

    @cached_property
    def names(self) -> tuple[Mention, ...]:
        """Capitalized words that are not common words."""
        return tuple(m for m in self._words if self._is_capitalized(m) and m.word not in NOT_NAMES)

    @cached_property
    def places(self) -> tuple[Mention, ...]:
        """Names after a preposition of place, "in" or "at"."""
        return tuple(m for m in self.names if _is_place(self._words, m.position))

    @cached_property
    def countries(self) -> tuple[Mention, ...]:
        """Names of countries and states."""
        return tuple(m for m in self.names if m.word in COUNTRIES)

    @cached_property
    def durations(self) -> tuple[Mention, ...]:
        """Numbers before a unit of time, and units such as "weeks" in "for weeks"."""
        counted = {m for m in self.numbers if self._has_unit(m, DURATION_UNITS)}
        return tuple(sorted({*counted, *(m for m in self._words if m.word in PLURAL_DURATIONS)}))

    @cached_property
    def ages(self) -> tuple[Mention, ...]:
        """The first word of each age: "aged 5", "five years old"."""
        return self._find(AGE_PATTERN)

    @cached_property
    def statements(self) -> tuple[Mention, ...]:
        """The first word after each quotation mark, and verbs of saying."""
        return self._find(STATEMENT_PATTERN)

    @cached_property
    def reasons(self) -> tuple[Mention, ...]:
        """The first word of each phrase that begins a reason, such as "because"."""
        return self._find(REASON_PATTERN)

    def _find(self, pattern: str) -> tuple[Mention, ...]:
        """Return the first word at or after each match of ``pattern``."""
        if not self._words:
            return ()
        starts, last = [span.start for span in self._spans], len(self._spans) - 1
        matches = re.finditer(pattern, self._text)
        positions = dict.fromkeys(min(bisect_left(starts, m.start()), last) for m in matches)
        return tuple(self._words[position] for position in positions)

    def _is_capitalized(self, mention: Mention) -> bool:
        """Return whether a word begins with a capital, or is the month of a date in digits."""
        first = self._text[self._spans[mention.position].start]
        return first.isupper() or (first.isdigit() and mention.word in MONTHS)

    def _has_separators(self, mention: Mention) -> bool:
        """Return whether a word is a number written as in "1,932", which is no year."""
        _, start, end = self._spans[mention.position]
        digits = "".join(filter(str.isdigit, self._text[start:end]))
        return end - start > len(mention.word) and mention.word == digits

    def _has_unit(self, number: Mention, units: frozenset[str]) -> bool:
        """Return whether one of ``units`` follows ``number``: "forty million dollars"."""
        first = number.position + 1
        following = self._words[first : first + MAX_UNIT_DISTANCE]
        return not units.isdisjoint(mention.word for mention in following)


def _is_number(word: str) -> bool:
    if word in NUMBER_WORDS:
        return True
    return DIGIT_RE.search(word) is not None and not YEAR_RE.fullmatch(word)


def _is_day(words: Sequence[Mention], position: int) -> bool:
    """Return whether the number at ``position`` is next to a month, as in "19 March"."""
    return any(mention.word in MONTHS for mention in words[max(0, position - 1) : position + 2])


def _is_time(word: str, is_capitalized: bool) -> bool:
    if word in MONTHS or word in WEEKDAY_NAMES:
        return is_capitalized  # "may" and "march" in lower case are other words
    return word in TIME_WORDS or YEAR_RE.fullmatch(word) is not None


def _is_place(words: Sequence[Mention], position: int) -> bool:
    """Return whether a preposition is one or two words before the name at ``position``."""
    preceding = [mention.word for mention in words[max(0, position - 2) : position]]
    return not PREPOSITIONS.isdisjoint(preceding)
