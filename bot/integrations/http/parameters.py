"""The parameters of requests: read from a body or an address, checked, with the reason if wrong."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from bot.integrations.http.refusals import Refusal
from bot.render.safe_json import replace_surrogates
from bot.retrieval import filters
from bot.retrieval.date_ranges import FilterError

# Of the bundled corpus, a question of a thousand characters takes 20 to 30 ms, one of a line 4.
MAX_QUESTION = 1_000
MAX_WHERE = 500
MAX_LIMIT = 100
# Questions of one address: a conversation is asked anew from its first question.
MAX_TURNS = 8
MAX_PAGE = 1_000
MAX_OFFSET = 10**9
CONVERSATION_RE = re.compile(r"[A-Za-z0-9_-]{8,64}")
# A character that neither Python nor JavaScript, whose patterns OpenAPI has, takes for a space.
VISIBLE_RE = re.compile(r"[^\s\x1c-\x1f\x85\ufeff]")
INTEGER_RE = re.compile(r"-?[0-9]{1,12}")


# Articles to choose: the text of a filter, or values by field.
JsonWhere = str | Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class AskRequest:
    """Questions of which the last is answered, after those before it, if there are any.

    ``where`` chooses articles, None for all; see ``Retriever.select``. ``conversation`` is the id
    that the client gave its conversation, "" for none. A question that is ``alone`` is asked
    outside of any: it follows up nothing, and no remark is made to it.
    """

    questions: tuple[str, ...]
    limit: int
    where: JsonWhere | None = None
    conversation: str = ""
    alone: bool = False


@dataclass(frozen=True, slots=True)
class PageRequest:
    """The articles from ``offset`` on, at most ``limit`` of those that match ``where``."""

    offset: int
    limit: int
    where: JsonWhere | None


def wrong(reason: str) -> Refusal:
    """Return the refusal of a value that is not allowed."""
    return Refusal(HTTPStatus.UNPROCESSABLE_ENTITY, reason)


def read_json_object(body: bytes) -> Mapping[str, object]:
    """Return the object that ``body`` holds. Raises Refusal."""
    try:
        value = json.loads(body, parse_constant=refuse_constant)
    except (ValueError, RecursionError) as error:
        reason = f"The body is no JSON: {error or 'it is nested too deeply'}."
        raise Refusal(HTTPStatus.BAD_REQUEST, reason) from error
    if not isinstance(value, dict):
        raise wrong('The body must be an object, such as {"question": "When did it open?"}.')
    return value


def refuse_constant(name: str) -> object:
    """Raise ValueError: Python's parser takes constants that JSON does not have."""
    raise ValueError(f"{name} is no number")


def parse_ask(fields: Mapping[str, object], limit: int) -> AskRequest:
    """Return the request of a JSON body; ``limit`` is that of a request without one."""
    check_names(fields, ("question", "limit", "where", "conversation"))
    conversation = parse_conversation(fields.get("conversation"))
    return AskRequest(
        (parse_question_text(fields.get("question")),),
        parse_limit(fields.get("limit"), limit),
        parse_where(fields.get("where")),
        conversation,
        alone=not conversation,
    )


def parse_search(fields: Mapping[str, object], limit: int) -> AskRequest:
    """Return the request of a JSON body for a search, which belongs to no conversation."""
    check_names(fields, ("question", "limit", "where"))
    return parse_ask(fields, limit)


def parse_ask_query(query: Sequence[tuple[str, str]], limit: int) -> AskRequest:
    """Return the request of an address, in which ``q`` may stand several times."""
    questions = [value for name, value in query if name == "q"]
    fields = single_fields([pair for pair in query if pair[0] != "q"], ("limit", "where"))
    if not 1 <= len(questions) <= MAX_TURNS:
        raise wrong(f"Give 1 to {MAX_TURNS} questions, each as q=…: /ask?q=When+did+it+open")
    return AskRequest(
        tuple(map(parse_question_text, questions)),
        parse_limit(fields.get("limit"), limit),
        parse_where(fields.get("where")),
    )


def parse_page_query(query: Sequence[tuple[str, str]]) -> PageRequest:
    """Return the request of an address for a list of articles."""
    fields = single_fields(query, ("offset", "limit", "where"))
    return PageRequest(
        parse_integer("offset", fields.get("offset", "0"), 0, MAX_OFFSET),
        parse_integer("limit", fields.get("limit", "100"), 1, MAX_PAGE),
        parse_where(fields.get("where")),
    )


def single_fields(query: Sequence[tuple[str, str]], names: Sequence[str]) -> Mapping[str, str]:
    """Return the fields of an address, each of which may stand once."""
    fields = dict(query)
    check_names(fields, names)
    if len(fields) < len(query):
        raise wrong(f"Give each of {', '.join(names)} once.")
    return fields


def check_names(fields: Mapping[str, object], names: Sequence[str]) -> None:
    """Refuse fields that are not among ``names``: one of them may be a slip."""
    for name in fields:
        if name not in names:
            raise wrong(f"There is no field {name[:40]!r}, but {', '.join(names)}.")


def parse_question_text(value: object) -> str:
    """Return a question that is neither blank nor too long."""
    if not isinstance(value, str) or not VISIBLE_RE.search(value):
        raise wrong('"question" must be a text that is not blank.')
    if len(value) > MAX_QUESTION:
        raise wrong(f'"question" has {len(value):,} characters; {MAX_QUESTION:,} are allowed.')
    return replace_surrogates(value)


def parse_limit(value: object, default: int) -> int:
    """Return the number of answers wanted at most; ``default`` for None."""
    return default if value is None else parse_integer("limit", value, 1, MAX_LIMIT)


def parse_integer(name: str, value: object, least: int, most: int) -> int:
    """Return a whole number, given as a number (50 or 50.0, for JSON the same) or as a text.

    >>> parse_integer("limit", 50.0, 1, 100), parse_integer("limit", "5", 1, 100)
    (50, 5)
    """
    if isinstance(value, str) and INTEGER_RE.fullmatch(value):
        value = int(value)
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or not least <= value <= most or value % 1:  # type: ignore[operator]
        raise wrong(f'"{name}" must be a whole number from {least} to {most:,}.')
    return int(value)  # type: ignore[call-overload, no-any-return]


def parse_where(value: object) -> JsonWhere | None:
    """Return a filter of articles, None for all."""
    if isinstance(value, str) and len(value) <= MAX_WHERE:
        value = replace_surrogates(value).strip() or None
    elif not isinstance(value, dict | None):
        raise wrong(f'"where" must be an object, or a text of at most {MAX_WHERE} characters.')
    try:
        filters.parse_where(value or "")
    except FilterError as error:
        raise wrong(f'"where": {error}') from error
    return value


def parse_conversation(value: object) -> str:
    """Return the id of a conversation; "" for None."""
    if value is None:
        return ""
    if not isinstance(value, str) or not CONVERSATION_RE.fullmatch(value):
        raise wrong(
            '"conversation" must be an id of your choice, of 8 to 64 letters, digits, "-" and "_";'
            " a random one that nobody can guess."
        )
    return value
