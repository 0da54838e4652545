"""A text → what it mentions that a question may ask for: numbers, times, names, places."""

import re
from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple

from bot.language.dates import MONTHS, WEEKDAY_NAMES
from bot.language.words import word_spans

YEAR_RE = re.compile(r"(?:1\d{3}|20\d\d)(?:s)?")
DIGIT_RE = re.compile(r"\d")
TIMES = frozenset(
    "century centuries decade decades bc bce ad today yesterday tomorrow tonight midnight "
    "noon spring summer autumn winter morning afternoon evening ago".split()
)
NUMBERS = frozenset(
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty "
    "ninety hundred thousand million billion trillion dozen half twice once".split()
)
# Numbers that often count nothing: "one of the ships", "once".
WEAK_NUMBERS = frozenset("one two half twice once".split())
# A number may stand so many words before what it measures: "forty million dollars".
REACH = 2
CURRENCIES = frozenset("$£€¥₹")
MONEY = frozenset(
    "dollar dollars pound pounds euro euros cent cents penny pence sixpence yen yuan rupee rupees "
    "franc francs mark marks shilling shillings guilders roubles rubles crowns usd eur gbp".split()
)
PERCENTS = frozenset("percent percentage per pc".split())
UNITS = frozenset(
    "metre metres meter meters kilometre kilometres kilometer kilometers km m cm mm centimetre "
    "centimetres centimeter centimeters millimetre millimetres millimeters mile miles foot feet "
    "ft inch inches yard yards acre acres hectare hectares square cubic litre litres liter liters "
    "gallon gallons tonne tonnes ton tons kilogram kilograms kilogramme kg gram grams pound pounds "
    "ounce ounces second seconds minute minutes hour hours day days week weeks month months year "
    "years decade decades century centuries degree degrees celsius fahrenheit kelvin knot knots "
    "mph kph watt watts volt volts storey storeys story stories".split()
)
REASONS = frozenset(
    "because since due owing cause caused causes therefore hence thus so to".split()
)
PREPOSITIONS = frozenset("in at from near to of on across through around within outside".split())
# Capital letters that name no one: what can begin a sentence, and what a calendar holds.
FUNCTION_WORDS = frozenset(
    "a an the this that these those he she it they we you i his her its their our my your in "
    "on at by for from of to with as and but or if when while after before since although "
    "though however there here what who which where why how not no some many most all each "
    "both one two three under over during because also then thus such other another several".split()
)
NO_NAMES = FUNCTION_WORDS | MONTHS | {*WEEKDAY_NAMES}
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
    """A word that a text mentions, folded, and which of the text's words it is, from 0."""

    position: int
    word: str


class Mentions:
    """What a text, a sentence, mentions, by kind, each in reading order.

    A question asks for one kind: each is looked for when it is first asked for.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._words = tuple(word_spans(text))
        self._found = tuple(Mention(place, word.text) for place, word in enumerate(self._words))

    @cached_property
    def numbers(self) -> tuple[Mention, ...]:
        """Numbers in digits or words, years and days left out."""
        found = self._found
        return tuple(m for m in found if _is_number(m.word) and not _is_day(found, m.position))

    @cached_property
    def money(self) -> tuple[Mention, ...]:
        """The numbers with a currency before or behind."""
        text, words = self._text, self._words
        return tuple(
            m
            for m in self.numbers
            if text[max(0, words[m.position].start - 1)] in CURRENCIES or self._has_unit(m, MONEY)
        )

    @cached_property
    def percents(self) -> tuple[Mention, ...]:
        """The numbers with "%" or "percent" behind."""
        text, words = self._text, self._words
        return tuple(
            m
            for m in self.numbers
            if text[words[m.position].end :][:1] == "%" or self._has_unit(m, PERCENTS)
        )

    @cached_property
    def measures(self) -> tuple[Mention, ...]:
        """The numbers with a unit behind."""
        return tuple(m for m in self.numbers if self._has_unit(m, UNITS))

    @cached_property
    def amounts(self) -> tuple[Mention, ...]:
        """All of money, percents and measures."""
        return tuple(sorted({*self.money, *self.percents, *self.measures}))

    @cached_property
    def times(self) -> tuple[Mention, ...]:
        """Years, months, days and such."""
        return tuple(m for m in self._found if _is_time(m.word, self._is_capital(m)))

    @cached_property
    def names(self) -> tuple[Mention, ...]:
        """Words that begin with a capital letter and are no common word."""
        return tuple(m for m in self._found if self._is_capital(m) and m.word not in NO_NAMES)

    @cached_property
    def places(self) -> tuple[Mention, ...]:
        """Names that "in", "at" or the like stands before."""
        return tuple(m for m in self.names if _is_place(self._found, m.position))

    @cached_property
    def countries(self) -> tuple[Mention, ...]:
        """Names of countries and states."""
        return tuple(m for m in self.names if m.word in COUNTRIES)

    @cached_property
    def reasons(self) -> tuple[Mention, ...]:
        """Words such as "because"."""
        return tuple(m for m in self._found if m.word in REASONS)

    def _is_capital(self, mention: Mention) -> bool:
        return self._text[self._words[mention.position].start].isupper()

    def _has_unit(self, number: Mention, units: frozenset[str]) -> bool:
        """Whether one of ``units`` stands shortly after ``number``: "forty million dollars"."""
        after = self._found[number.position + 1 : number.position + 1 + REACH]
        return not units.isdisjoint(mention.word for mention in after)


def _is_number(word: str) -> bool:
    if word in NUMBERS:
        return True
    return DIGIT_RE.search(word) is not None and not YEAR_RE.fullmatch(word)


def _is_day(words: Sequence[Mention], place: int) -> bool:
    """Whether the number at ``place`` stands beside a month, as in "19 March"."""
    return any(mention.word in MONTHS for mention in words[max(0, place - 1) : place + 2])


def _is_time(word: str, capital: bool) -> bool:
    if word in MONTHS or word in WEEKDAY_NAMES:
        return capital
    return word in TIMES or YEAR_RE.fullmatch(word) is not None


def _is_place(words: Sequence[Mention], place: int) -> bool:
    """Whether a preposition stands before the name at ``place``, or a word before that."""
    before = [mention.word for mention in words[max(0, place - 2) : place]]
    return not PREPOSITIONS.isdisjoint(before)
