"""Parse a question: its words and quotes, and the kind of answer it asks for."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from bot.articles.frozen_dict import FrozenDict
from bot.language.analysis import DEFAULT_ANALYZER, Analysis
from bot.language.analyzer import Token, WordKind
from bot.language.language import ENGLISH, Language
from bot.language.questions import AnswerKind, answer_kind
from bot.language.requests import Request, parse_request
from bot.lazy import lazy_function
from bot.retrieval.given_synonyms import GivenSynonym

# Needed for other languages than English.
table_kind: Callable[[str, Language], AnswerKind] = lazy_function(
    "bot.language.table_kinds", "table_kind"
)
parse_table_request: Callable[[str, Language], tuple[Request, int, int]] = lazy_function(
    "bot.language.table_requests", "parse_table_request"
)

# A quote holds no quotation mark of its kind, so that a long row of marks is scanned only once.
QUOTED_RE = re.compile(r"\"[^\"]+\"|“[^“”]+”|«[^«»]+»|„[^„“”]+[“”]")

# The kind of answer that a request asks for, whatever the words of its subject.
REQUEST_KINDS = {Request.ABOUT: AnswerKind.DEFINITION, Request.DEFINE: AnswerKind.DEFINITION}

NO_CORRECTIONS: Mapping[str, str] = FrozenDict()


class UnsearchedWord(NamedTuple):
    """A word of a question, at ``text[start:end]``, that stands outside of sentences only.

    ``articles`` are the numbers of the articles that have it, ascending.
    """

    term: str
    start: int
    end: int
    articles: Sequence[int]


@dataclass(frozen=True, slots=True)
class ParsedQuestion:
    """A question as typed (``text``) and as searched for.

    ``search_text`` is the text with its spelling corrected; a follow-up without content words has
    the previous question in front. ``request`` is what "tell me about" and the like ask for, and
    ``tokens`` are the other words, with their places in ``search_text``; everything else is
    derived from them.
    ``terms`` are the terms to search for, in order and repeated as in the text. ``phrases`` are
    the quoted phrases, word by word, that an answer must contain. ``unknown`` are the words, as
    typed, that no article contains in whatever place; ``unsearched`` stand in some, but in no
    sentence. ``corrected`` maps a word as typed to its replacement; ``uncorrected`` is then the
    question without corrections. ``synonyms`` are those that were given for its words, ``language``
    is the one in which it is asked.
    """

    text: str
    search_text: str = field(repr=False)
    tokens: tuple[Token, ...] = field(repr=False)
    terms: tuple[str, ...]
    kind: AnswerKind
    phrases: tuple[tuple[str, ...], ...] = ()
    unknown: tuple[str, ...] = ()
    unsearched: tuple[UnsearchedWord, ...] = ()
    corrected: Mapping[str, str] = field(default_factory=lambda: NO_CORRECTIONS)
    uncorrected: "ParsedQuestion | None" = field(default=None, repr=False)
    request: Request = Request.ANSWER
    synonyms: tuple[GivenSynonym, ...] = ()
    language: Language = field(default=ENGLISH, repr=False)

    @property
    def content(self) -> dict[str, str]:
        """The terms of the content tokens, each with its form; all terms if there are none."""
        content = {token.term: token.form for token in self.content_tokens()}
        return content or dict(zip(self.terms, self.terms, strict=True))

    @property
    def content_as_typed(self) -> dict[str, str]:
        """The terms of ``content``, each with its word as written in ``search_text``."""
        typed = {token.term: self.search_text[token.start : token.end] for token in self.tokens}
        return {term: typed.get(term, form) for term, form in self.content.items()}

    def content_tokens(self) -> list[Token]:
        """Return the tokens that are neither stop words nor, if there are others, light words."""
        tokens = [token for token in self.tokens if token.term and not token.is_stop_word]
        return [token for token in tokens if token.kind is not WordKind.LIGHT] or tokens

    def is_of_another_day(self, sentence: str, analysis: Analysis = DEFAULT_ANALYZER) -> bool:
        """Return whether the question and ``sentence`` state days, and none of them is the same.

        >>> parse_question("Who left on 3 May 2021?").is_of_another_day("He left on 2021-05-04.")
        True
        """
        asked = {token.form for token in self.tokens if token.kind is WordKind.DATE}
        tokens = analysis.question_tokens(sentence) if asked else []
        stated = {token.form for token in tokens if token.kind is WordKind.DATE}
        return bool(asked and stated) and asked.isdisjoint(stated)

    @property
    def is_quote(self) -> bool:
        """Whether half of the content or more is quoted, so that an answer must have the phrases.

        In a long question, quotation marks are around a title or a remark that few sentences have:
        of news quizzes, one in thirty was met with silence for them alone.
        """
        quoted = {form for phrase in self.phrases for form in phrase}
        content = [token.form for token in self.content_tokens()]
        return bool(quoted) and 2 * len(quoted.intersection(content)) >= len(content)

    def undo_corrections(self) -> "ParsedQuestion":
        """Return the question with every word as typed, and the kind of answer that it has now."""
        return replace(self.uncorrected, kind=self.kind) if self.uncorrected else self

    def has_phrases(self, sentence: str, analysis: Analysis = DEFAULT_ANALYZER) -> bool:
        """Return whether ``sentence`` contains all quoted phrases, word by word.

        >>> parse_question('Who saw the "Steel Bridge"?').has_phrases("The steel bridge fell.")
        True
        """
        if not self.phrases:
            return True
        joined = f" {' '.join(analysis.words(sentence))} "
        return all(f" {' '.join(phrase)} " in joined for phrase in self.phrases)


def parse_question(text: str, analysis: Analysis = DEFAULT_ANALYZER) -> ParsedQuestion:
    """Return ``text`` parsed, with its spelling as it is; ``analysis`` finds its words.

    >>> question = parse_question("Who designed the bridges?")
    >>> question.terms, question.kind.name, question.content
    (('design', 'the', 'bridg'), 'PERSON', {'design': 'designed', 'bridg': 'bridges'})
    """
    language = analysis.language
    request, start, end = (
        parse_request(text) if language is ENGLISH else parse_table_request(text, language)
    )
    tokens = tuple(t for t in analysis.question_tokens(text) if start <= t.start < end)
    quotes = (
        tuple(token.form for token in tokens if start < token.start < end)
        for start, end in quote_spans(text)
    )
    return ParsedQuestion(
        text=text,
        search_text=text,
        tokens=tokens,
        terms=search_terms(tokens),
        kind=find_kind(request, text[start:end], language),
        phrases=tuple(filter(None, quotes)),
        request=request,
        language=language,
    )


def find_kind(request: Request, text: str, language: Language) -> AnswerKind:
    """Return the kind of answer that the question ``text`` asks for, or its request."""
    if request in REQUEST_KINDS:
        return REQUEST_KINDS[request]
    return answer_kind(text) if language is ENGLISH else table_kind(text, language)


def search_terms(tokens: Sequence[Token]) -> tuple[str, ...]:
    """Return the terms of ``tokens``, without question words and, if others are left, pronouns."""
    found = [token for token in tokens if token.term]
    return tuple(t.term for t in [t for t in found if t.kind is not WordKind.PRONOUN] or found)


def quote_spans(text: str) -> list[tuple[int, int]]:
    """Return where the quotes of ``text`` start and end, quotation marks included."""
    return [match.span() for match in QUOTED_RE.finditer(text)]


def join_questions(
    previous: ParsedQuestion, question: ParsedQuestion, kind: AnswerKind
) -> ParsedQuestion:
    """Return ``question`` ("Why?") searched with the words and terms of ``previous`` in front."""
    offset = len(previous.search_text) + 1
    moved = (
        token._replace(start=token.start + offset, end=token.end + offset)
        for token in question.tokens
    )
    return replace(
        question,
        search_text=f"{previous.search_text} {question.search_text}",
        tokens=(*previous.tokens, *moved),
        terms=previous.terms,
        synonyms=previous.synonyms,
        kind=kind,
    )
