"""A question as typed → as searched: its quotes, its spelling, its unknown words."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from bot.index.engine import Engine
from bot.language.questions import Question, parse_question
from bot.language.spelling import corrections
from bot.language.terms import STEMS, STOP_WORDS, stem
from bot.language.words import Word, word_spans, words

# No mark of its kind within a quote, so that a line of marks is read but once.
QUOTED_RE = re.compile(r"\"[^\"]+\"|“[^“”]+”|«[^«»]+»|„[^„“”]+[“”]")

# So many unknown words are looked for in another spelling; a text that has more is no question.
RESPELT = 20

# Term → the forms in which articles write it, and how often.
Forms = Callable[[str], Counter[str]]


@dataclass(frozen=True, slots=True)
class ParsedQuestion:
    """A question as ``typed``, and as searched for.

    ``phrases`` are its quoted ones, word by word, which an answer must hold; ``unknown`` its
    words, as typed, that no article holds; ``corrected`` maps a word as typed to the word
    searched for in its place.
    """

    typed: str
    question: Question
    phrases: tuple[tuple[str, ...], ...]
    unknown: tuple[str, ...]
    corrected: Mapping[str, str]

    @property
    def asked(self) -> Question:
        """The question as typed, with the terms and the kind of answer that are searched for."""
        return replace(self.question, text=self.typed)


def parse_query(text: str, engine: Engine, forms: Forms) -> ParsedQuestion:
    """Return how ``text`` is understood by the words that ``engine`` knows."""
    quotes = [match.span() for match in QUOTED_RE.finditer(text)]
    phrases = (tuple(words(text[start + 1 : end - 1])) for start, end in quotes)
    corrected: dict[str, str] = {}
    unknown: list[str] = []
    pieces, last = [], 0
    for word in _unknown(text, engine):
        typed = text[word.start : word.end]
        quoted = any(start <= word.start < end for start, end in quotes)
        given_up = quoted or len(corrected) + len(unknown) >= RESPELT
        meant = "" if given_up else correct_word(word.text, engine, forms)
        if meant:
            corrected[typed] = meant
            # With its capital letter, so that a misspelt name still is one.
            pieces += [text[last : word.start], meant.title() if typed[0].isupper() else meant]
            last = word.end
        else:
            unknown.append(typed)
    return ParsedQuestion(
        text,
        parse_question("".join([*pieces, text[last:]])),
        tuple(filter(None, phrases)),
        tuple(dict.fromkeys(unknown)),
        corrected,
    )


def _unknown(text: str, engine: Engine) -> Iterator[Word]:
    """Yield the words of ``text`` that no article holds, stop words left out."""
    found = [word for word in word_spans(text) if word.text not in STOP_WORDS]
    held = engine.document_frequencies([stem(word.text) for word in found])
    return (word for word, holding in zip(found, held, strict=True) if not holding)


def correct_word(word: str, engine: Engine, forms: Forms) -> str:
    """Return the word of the articles that ``word`` was meant to be, "" where there is none.

    Of those equally near, the one whose term most sentences hold.
    """
    for near in corrections(word):
        meant = sorted(near)
        terms = STEMS.stem_all(meant)
        held = dict(zip(terms, engine.document_frequencies(terms), strict=True))
        for term in sorted(filter(held.get, held), key=held.__getitem__, reverse=True):
            # That a term is known does not say that the articles write a word just so.
            written = {form: count for form, count in forms(term).items() if form in near}
            if written:
                return max(written, key=lambda form: (written[form], form))
    return ""
