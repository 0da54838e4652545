"""A language: its words, read from its table when an article or a question needs it."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path

from bot.language.dates import MONTH_ABBREVIATIONS, MONTH_NAMES
from bot.lazy import lazy_function

# Needed for other languages than English.
compile_phrases: Callable[..., re.Pattern[str]] = lazy_function(
    "bot.language.phrases", "compile_phrases"
)
find_words: Callable[[str], list[str]] = lazy_function("bot.language.scripts", "find_words")
normalize: Callable[[str], str] = lazy_function("bot.language.scripts", "normalize")
drop_accents: Callable[[str], str] = lazy_function("bot.language.scripts", "drop_accents")
plain_text: Callable[..., str] = lazy_function("bot.language.scripts", "plain_text")

TABLES = Path(__file__).with_name("tables")
# A language without a table: its words are not stemmed, and none of them is known.
OTHER = "und"
ENGLISH_LETTERS = "abcdefghijklmnopqrstuvwxyz"
# A row of fewer letters has those that English lacks.
MANY_LETTERS = 15
# The shifts of languages without question sets. In pieces of words more of a question matches.
UNTRIED_PIECES_ANSWERABILITY = -1.3
UNTRIED_CONFIDENCE, UNTRIED_PIECES_CONFIDENCE = -0.14, -0.55
# A row of another name in a table is a mistake.
ROWS = frozenset(
    "name stemmer capitals spaces accents thousands letters frequent question_words stop_words "
    "choosing_words light_words pronouns conjunctions forms months weekdays numbers kinds requests "
    "affixes answers sentences answerability_shift confidence_shift".split()
)
# A table is TOML of strings and two switches. This reads all thirty in 2 ms, tomllib in 15: to tell
# the language of one article takes the words of each.
ROW_RE = re.compile(
    r'^(?:\[(?P<section>\w+)\]|(?P<name>\w+) = (?:"""\n?([^"]*)"""|"([^"\n]*)"|(\w+))) *(?:#.*)?$',
    re.MULTILINE,
)


@dataclass(frozen=True, eq=False)
class Language:
    """A language by its ``code`` in ISO 639-1, and the rows of its table.

    ``name`` is that in English, ``stemmer`` the name of a Snowball stemmer, "" for none.
    ``capitals`` begin "names" or all "nouns", or there are "none". Without ``spaces``, words are
    found anywhere in a text. ``accents`` says whether words that differ in accents only are
    different words.

    >>> german = load_language("de")
    >>> german.name, "welche" in german.question_words, german.months["mai"]
    ('German', True, 5)
    """

    code: str
    name: str = "another language"
    stemmer: str = ""
    capitals: str = "names"
    spaces: bool = True
    accents: bool = False
    rows: Mapping[str, str] = field(default_factory=dict)

    def __reduce__(self) -> tuple[Callable[[str], "Language"], tuple[str]]:
        return load_language, (self.code,)

    @classmethod
    def from_rows(cls, code: str, rows: Mapping[str, str]) -> "Language":
        """Return the language that the rows of a table describe."""
        sections = {name.partition(".")[0] for name in rows}
        if unknown := sections - ROWS:
            raise ValueError(f"the table of {code!r} has rows of other names: {sorted(unknown)}")
        options = {name: rows[name] == "true" for name in ("spaces", "accents") if name in rows}
        named = {name: rows[name] for name in ("name", "stemmer", "capitals") if name in rows}
        return cls(code=code, rows=rows, **named, **options)  # type: ignore[arg-type]

    @property
    def answerability_shift(self) -> float:
        """The summand of the log odds that articles answer a question in this language.

        It is fitted on half of XQuAD's questions, in folds by article, so that 7 % of those with
        an answer are met with silence. Without question sets, silence comes rather too soon.
        """
        untried = 0.0 if self.is_whole else UNTRIED_PIECES_ANSWERABILITY
        return float(self.row("answerability_shift") or untried)

    @property
    def confidence_shift(self) -> float:
        """The summand of the log odds that a sentence in this language answers a question.

        It is fitted like that of answerability. Without question sets, it is the lowest of the
        measured ones, those whose words are searched for as a whole or in pieces.
        """
        untried = UNTRIED_CONFIDENCE if self.is_whole else UNTRIED_PIECES_CONFIDENCE
        return float(self.row("confidence_shift") or untried)

    def join(self, words: Iterable[str]) -> str:
        """Return words in a row, as a notice shows them: characters without commas.

        >>> load_language("zh").join("大桥"), load_language("de").join(["Brücke", "Lima"])
        ('大桥', 'Brücke, Lima')
        """
        return ("" if self.code in ("zh", "ja") else ", ").join(words)

    @property
    def is_whole(self) -> bool:
        """Whether its words are searched for as a whole, not in pieces."""
        return self.spaces and self.code != "ko"

    def row(self, name: str) -> str:
        """Return a row of the table, of a section as "kinds.place", "" if it has none."""
        return self.rows.get(name, "")

    def words(self, row: str) -> frozenset[str]:
        """Return the words of a row, as they are compared: without blanks, those of one piece."""
        text = self.row(row)
        if not self.spaces:
            text = " ".join(entry for entry in text.split() if len(find_words(entry)) == 1)
        return frozenset(normalize_form(" ".join(find_row_words(text))).split())

    @cached_property
    def question_words(self) -> frozenset[str]:
        """The words that only ask; nobody searches for them. Many are typed without accents."""
        words = self.words("question_words")
        return words if self.accents else words.union(map(drop_accents, words))

    @cached_property
    def stop_words(self) -> frozenset[str]:
        """The words without a topic of their own."""
        listed = self.words("stop_words") | self.words("conjunctions")
        return listed | self.question_words | self.pronouns

    @cached_property
    def light_words(self) -> frozenset[str]:
        """Verbs and nouns without a subject of their own."""
        return self.words("light_words")

    @cached_property
    def pronouns(self) -> frozenset[str]:
        """The words that refer to something named before."""
        return self.words("pronouns")

    @cached_property
    def base_forms(self) -> Mapping[str, str]:
        """The forms that no stemmer's rule reduces → their base: "entwarf" → "entwerfen"."""
        groups = [normalize_form(forms).split() for forms in split_phrases(self.row("forms"))]
        return {form: base for base, *forms in groups for form in forms}

    @cached_property
    def months(self) -> Mapping[str, int]:
        """The forms of the names of months → 1 to 12."""
        groups = enumerate(split_phrases(self.row("months")), 1)
        return {normalize_form(form): number for number, forms in groups for form in forms.split()}

    @cached_property
    def agents(self) -> frozenset[str]:
        """The words before the name of someone who did what is told: "by"."""
        return self.words("answers.agents")

    @cached_property
    def copulas(self) -> frozenset[str]:
        """The words between a thing and what it is, and "means"."""
        return self.words("answers.copulas")

    @cached_property
    def articles(self) -> frozenset[str]:
        """The articles before a noun."""
        return self.words("answers.articles")

    @cached_property
    def choosing_words(self) -> frozenset[str]:
        """The words that ask to choose one of a kind: "which"."""
        return self.words("choosing_words")

    @property
    def letters(self) -> str:
        """The letters that a misspelt word may have instead."""
        letters = self.row("letters")
        return letters if len(letters) > MANY_LETTERS else ENGLISH_LETTERS + letters

    def pattern(self, row: str) -> re.Pattern[str]:
        """Return the pattern of the words or phrases of a row, to match in ``self.plain(text)``."""
        return compile_row(self, row)

    def plain(self, text: str) -> str:
        """Return a text as the patterns match it, each character in its place."""
        return plain_text(text, with_accents=self.accents)


# The words of English that ask, and those without a topic, are in bot.language.terms.
ENGLISH = Language(
    "en",
    "English",
    "english",
    rows={
        "choosing_words": "which whose",
        "months": ", ".join(
            " ".join((name, *(short for short in MONTH_ABBREVIATIONS if name.startswith(short))))
            for name in MONTH_NAMES
        ),
        "pronouns": "he she it they this these his her its their",
        "answers.agents": "by",
        "answers.copulas": "is are was were means refers describes",
        "answers.articles": "a an the one any",
    },
)


def read_rows(table: str) -> dict[str, str]:
    r"""Return the rows of a table by name, those of a section with its name in front.

    >>> read_rows('name = "French"\n[kinds]\ntime = "quand"')
    {'name': 'French', 'kinds.time': 'quand'}
    """
    rows, section = {}, ""
    for match in ROW_RE.finditer(table):
        if match["section"]:
            section = match["section"] + "."
        else:
            rows[section + match["name"]] = match[match.lastindex or 0]
    return rows


def split_phrases(row: str) -> list[str]:
    """Return the phrases of a row, which commas part.

    >>> split_phrases("wie viele, wie oft")
    ['wie viele', 'wie oft']
    """
    return [phrase.strip() for phrase in row.split(",") if phrase.strip()]


def find_row_words(row: str) -> list[str]:
    """Return the words of a row; those of English are found without the scripts of the world."""
    return row.split() if row.isascii() and row.replace(" ", "").isalnum() else find_words(row)


def normalize_form(form: str) -> str:
    """Return a form as it is compared, one of English without the scripts of the world."""
    return form.lower() if form.isascii() else normalize(form)


@cache
def language_codes() -> tuple[str, ...]:
    """Return the codes of the languages that have a table, in order: all but English."""
    return tuple(sorted(table.stem for table in TABLES.glob("*.toml")))


@cache
def load_language(code: str) -> Language:
    """Return the language of a code, one without any words if it has no table.

    >>> load_language("xx").question_words
    frozenset()
    """
    if code == ENGLISH.code:
        return ENGLISH
    if code not in language_codes():
        return Language(code)
    return Language.from_rows(code, read_rows((TABLES / f"{code}.toml").read_text("utf-8")))


# Other codes of the same languages.
ALIASES = {"nb": "no", "nn": "no", "iw": "he", "in": "id"}


def find_language(name: str) -> str:
    """Return the code of a language by a code or its name in English, "" if there is none.

    >>> [find_language(name) for name in ("de", "pt-BR", "German", "Klingon")]
    ['de', 'pt', 'de', '']
    """
    name = name.strip().lower()
    code = re.split(r"[-_]", name)[0]
    code = ALIASES.get(code, code)
    codes = (ENGLISH.code, *language_codes())
    if not name or code in codes:
        return code
    return next((code for code in codes if load_language(code).name.lower() == name), "")


# Rows whose entries are words, with blanks between; the entries of others are phrases.
WORD_ROWS = frozenset(
    "question_words stop_words light_words pronouns conjunctions weekdays numbers answers.times "
    "answers.money answers.percents answers.measures answers.durations answers.places "
    "answers.agents answers.copulas answers.articles".split()
)


@cache
def compile_row(language: Language, row: str) -> re.Pattern[str]:
    """Return the pattern of a row of a language's table."""
    text = language.row(row)
    entries = text.replace(",", " ").split() if row in WORD_ROWS else split_phrases(text)
    return compile_phrases(entries, has_spaces=language.spaces, with_accents=language.accents)
