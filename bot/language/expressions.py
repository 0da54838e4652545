"""Numbers, dates and acronyms: written in many ways, compared in one."""

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from bot.language.dates import find_date, spell_date


class Expression(NamedTuple):
    """An expression at ``text[start:end]``, and the words that it stands for."""

    start: int
    end: int
    words: str


def _rewrite_acronym(written: str) -> str:
    letters = "".join(filter(str.isalpha, written)).lower()
    # Not "us": that is a pronoun, and a stop word.
    return "usa" if letters == "us" else letters


def _rewrite_number(written: str) -> str:
    return "".join(filter(str.isdigit, written))


def _rewrite_date(written: str) -> str:
    """Return "3 may 2021", or a date that may be of two days ("3/4/2021") as it is."""
    date = find_date(written)
    return spell_date(date) if date else written


END = r"(?![^\W_])"
# Each row: how an expression begins, its pattern, how it is rewritten. All begin where a word does.
RULES: tuple[tuple[str, str, Callable[[str], str]], ...] = (
    # "5,043", "1,287.5", "12 000 000", "12'400", "12.400.000" but no address of a computer.
    (r"\d",
     r"(?<![\d.,'])(?!(?:[12]?\d{1,2}\.){3}[12]?\d{1,2}(?!\d))"
     r"\d{1,3}(?:(?:(?:,\d{3})+|(?: \d{3})+)(?![\d,]*\d)"
     r"|(?:(?:'\d{3})+|(?:\.\d{3}){2,})(?![\d,.']*\d))",
     _rewrite_number),
    # "2021-05-03", "3.5.2021", "5/13/2021".
    (r"\d",
     r"(?<![\d/.-])(?:\d{4}(?P<iso>[-/.])\d\d?(?P=iso)\d\d?"
     r"|\d\d?(?P<sign>[/.])\d\d?(?P=sign)\d{4})(?!\d)",
     _rewrite_date),
    # "G.T.U.", "Ph.D.", "N.A.T.O"; "J. R. R." before a name; "US".
    ("[A-Z]",
     rf"[A-Z][a-z]?(?:\.[A-Z][a-z]?{END})+\.?|(?<!\.)[A-Z]\.(?: [A-Z]\.)+(?= [A-Z][a-z])|US{END}",
     _rewrite_acronym),
    # "p.m.", "g.t.u."; "e.g." stays.
    (r"[a-z]\.", rf"(?<!\.)(?:[a-z](?:\.[a-z]){{2,}}|[ap]\.m){END}\.?", _rewrite_acronym),
)  # fmt: skip
EXPRESSION_RE = re.compile(
    r"\b(?=[A-Z\d]|[a-z]\.)(?:"
    + "|".join(
        f"(?={opening})(?P<rule{row}>{pattern})" for row, (opening, pattern, _) in enumerate(RULES)
    )
    + ")"
)
RULE_BY_GROUP = {f"rule{row}": rewrite for row, (*_, rewrite) in enumerate(RULES)}


def find_expressions(text: str) -> Iterator[Expression]:
    """Yield the numbers, dates and acronyms in ``text`` that are compared in another form.

    >>> [expression.words for expression in find_expressions("5,043 in the U.S. on 2021-05-03")]
    ['5043', 'usa', '3 may 2021']
    """
    for match in EXPRESSION_RE.finditer(text.replace("_", " ")):
        rewrite = next(RULE_BY_GROUP[name] for name in RULE_BY_GROUP if match[name])
        yield Expression(*match.span(), rewrite(match[0]))


def rewrite_expressions(text: str) -> str:
    """Return ``text`` with its expressions in the form in which they are compared."""
    pieces: list[str] = []
    offset = 0
    for start, end, words in find_expressions(text):
        pieces += [text[offset:start], " ", words, " "]
        offset = end
    return "".join([*pieces, text[offset:]])
