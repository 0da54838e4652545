"""The description of the HTTP interface, in OpenAPI 3.1."""

from typing import Any

from bot.integrations.http.parameters import (
    CONVERSATION_RE,
    MAX_LIMIT,
    MAX_OFFSET,
    MAX_PAGE,
    MAX_QUESTION,
    MAX_TURNS,
    MAX_WHERE,
    VISIBLE_RE,
)

Schema = dict[str, Any]
TEXT: Schema = {"type": "string"}
NUMBER: Schema = {"type": "number"}
COUNT: Schema = {"type": "integer", "minimum": 0}
NULL: Schema = {"type": "null"}


def or_null(schema: Schema) -> Schema:
    """Return the schema of a value that may be null."""
    return {"anyOf": [schema, NULL]}


QUESTION: Schema = {
    "type": "string",
    "maxLength": MAX_QUESTION,
    "pattern": VISIBLE_RE.pattern,
    "description": "A question in plain words.",
    "examples": ["When did the Sydney Harbour Bridge open?"],
}
LIMIT: Schema = {
    "type": "integer",
    "minimum": 1,
    "maximum": MAX_LIMIT,
    "description": "Answers wanted at most.",
}
WHERE: Schema = {
    "type": "string",
    "maxLength": MAX_WHERE,
    "description": "Only articles that match: words of the title, a path with *, dates.",
    "examples": ["bridge since 2020", "*.md"],
}
SCALAR: Schema = {"type": ["string", "number", "boolean"]}
SCALARS: Schema = {"anyOf": [or_null(SCALAR), {"type": "array", "items": or_null(SCALAR)}]}
COMPARISONS: Schema = {
    "type": "object",
    "properties": {
        "=": SCALARS,
        **dict.fromkeys(("<", "<=", ">", ">="), SCALAR),
        "prefix": TEXT,
    },
    "additionalProperties": False,
}
WHERE_FIELDS: Schema = {
    "type": "object",
    "additionalProperties": {"anyOf": [SCALARS, COMPARISONS]},
    "description": "Fields of metadata, or id, title, source and date, each with a value, a list "
    "of values, or comparisons.",
    "examples": [{"title": {"prefix": "The"}, "date": {">=": 2020}}],
}
CONVERSATION: Schema = {
    "type": "string",
    "pattern": f"^{CONVERSATION_RE.pattern}$",
    "description": "An id of the client's choice, random so that nobody can guess it. Questions "
    "with the same id are one conversation, which is forgotten an hour after its last.",
}


def object_of(required: Schema, optional: Schema | None = None, *, is_open: bool = True) -> Schema:
    """Return the schema of an object with fields that must, and fields that may be there."""
    return {
        "type": "object",
        "properties": {**required, **(optional or {})},
        "required": [*required],
        "additionalProperties": is_open,
    }


def list_of(schema: Schema, **limits: int) -> Schema:
    """Return the schema of a list."""
    return {"type": "array", "items": schema, **limits}


# Of a record, the id may be a number.
ID: Schema = {"type": ["string", "integer"]}
PLACE: Schema = {
    "id": ID,
    "source": TEXT,
    "line": or_null(COUNT),
    "start": COUNT,
    "end": COUNT,
}
ANSWER = object_of(
    {
        "rank": COUNT,
        "text": {**TEXT, "description": "The article's text from start to end, to the letter."},
        "score": NUMBER,
        "confidence": {"type": "number", "minimum": 0, "maximum": 1},
        "title": TEXT,
        "date": or_null(TEXT),
        **PLACE,
        "before": TEXT,
        "after": TEXT,
        "matched": list_of(TEXT),
        "evidence": {
            "type": "object",
            "additionalProperties": NUMBER,
            "description": "The parts of the score.",
        },
    }
)
REPLY = object_of(
    {
        "question": TEXT,
        "answers": list_of(ANSWER),
        "silence": or_null(
            object_of({"reason": {"enum": ["empty", "unknown", "weak"]}, "message": TEXT})
        ),
        "unknown": list_of(TEXT),
        "corrected": {"type": "object", "additionalProperties": TEXT},
        "notices": list_of(TEXT),
    }
)
LISTING: Schema = {
    "id": ID,
    "title": TEXT,
    "date": or_null(TEXT),
    "source": TEXT,
    "metadata": {"type": "object"},
}
SCHEMAS: Schema = {
    "Reply": REPLY,
    "Answers": object_of({"question": TEXT, "answers": list_of(ANSWER)}),
    "Articles": object_of(
        {
            "total": COUNT,
            "offset": COUNT,
            "articles": list_of(object_of({**LISTING, "sentences": COUNT})),
            "next_offset": or_null(COUNT),
        }
    ),
    "Article": object_of({**LISTING, "link": or_null(TEXT), "text": TEXT}),
    "Health": object_of(
        {"status": {"const": "ok"}, "version": TEXT, "articles": COUNT, "sentences": COUNT}
    ),
    "Refusal": object_of({"status": COUNT, "error": TEXT, "reason": TEXT}),
}
WHERE_IN_BODY: Schema = {"anyOf": [WHERE, WHERE_FIELDS, NULL]}
SEARCH = object_of(
    {"question": QUESTION}, {"limit": or_null(LIMIT), "where": WHERE_IN_BODY}, is_open=False
)
ASK: Schema = {
    **SEARCH,
    "properties": {**SEARCH["properties"], "conversation": or_null(CONVERSATION)},
}
BODY_REFUSALS = ("400", "403", "408", "409", "413", "415", "422")


def json_content(schema: Schema | str) -> Schema:
    """Return the content of a body in JSON, by its schema or the name of one."""
    if isinstance(schema, str):
        schema = {"$ref": f"#/components/schemas/{schema}"}
    return {"application/json": {"schema": schema}}


def operation(summary: str, result: str, refusals: tuple[str, ...], **more: object) -> Schema:
    """Return the description of an operation: any may be refused by name, token or load."""
    codes = sorted({"400", "401", "408", "421", "503", *refusals})
    return {
        "summary": summary,
        "responses": {
            "200": {"description": "Done.", "content": json_content(result)},
            **{
                code: {
                    "description": "Refused, with the reason.",
                    "content": json_content("Refusal"),
                }
                for code in codes
            },
        },
        **more,
    }


def in_query(name: str, schema: Schema, *, required: bool = False) -> Schema:
    """Return the description of a parameter in the address."""
    return {"name": name, "in": "query", "required": required, "schema": schema}


def with_body(schema: Schema) -> Schema:
    """Return the description of a body that is required."""
    return {"required": True, "content": json_content(schema)}


def paths() -> Schema:
    """Return the description of each path."""
    questions = list_of(QUESTION, minItems=1, maxItems=MAX_TURNS)
    page = {"type": "integer", "minimum": 1, "maximum": MAX_PAGE}
    offset = {"type": "integer", "minimum": 0, "maximum": MAX_OFFSET}
    where = in_query("where", WHERE)
    return {
        "/ask": {
            "get": operation(
                "Answer the last of the questions, which may follow up those before it.",
                "Reply",
                ("409", "422"),
                operationId="askByAddress",
                parameters=[
                    in_query("q", questions, required=True), in_query("limit", LIMIT), where
                ],
            ),
            "post": operation(
                "Answer a question, or say why not.",
                "Reply",
                BODY_REFUSALS,
                operationId="ask",
                requestBody=with_body(ASK),
            ),
        },
        "/search": {
            "post": operation(
                "Return the best sentences, whatever their confidence.",
                "Answers",
                BODY_REFUSALS,
                operationId="search",
                requestBody=with_body(SEARCH),
            )
        },
        "/articles": {
            "get": operation(
                "List the articles.",
                "Articles",
                ("409", "422"),
                operationId="listArticles",
                parameters=[in_query("offset", offset), in_query("limit", page), where],
            )
        },
        "/articles/{id}": {
            "get": operation(
                "Return an article with its text.",
                "Article",
                ("404",),
                operationId="readArticle",
                parameters=[{"name": "id", "in": "path", "required": True, "schema": TEXT}],
            )
        },
        "/health": {
            "get": operation(
                "Say that the server lives.", "Health", (), operationId="checkHealth", security=[]
            )
        },
        "/openapi.json": {
            "get": {
                "summary": "Return this description.",
                "operationId": "describe",
                "responses": operation("", "Refusal", ())["responses"]
                | {"200": {"description": "Done.", "content": json_content({"type": "object"})}},
            }
        },
    }  # fmt: skip


def describe_api(version: str, *, has_token: bool) -> Schema:
    """Return the description of the whole interface; ``has_token`` says that one is needed."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "bot",
            "version": version,
            "description": "Answers from articles, word for word, with the source, or silence.",
        },
        "paths": paths(),
        "components": {
            "schemas": SCHEMAS,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
        "security": [{"token": []}] if has_token else [],
    }
