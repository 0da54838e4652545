"""A reply as JSON, in the format that other programs rely on."""

import json
import re

from bot.render.reply import copy_notices
from bot.retrieval.answer import Answer, Excerpt, Reply

# Characters that JSON may hold unescaped, but that control a terminal.
UNSAFE_RE = re.compile("[\x7f-\x9f\u200b\u2028-\u202e\u2060-\u206f\ufeff]")
# Bytes of an argument or a file name that are not UTF-8; no JSON parser has to accept them.
SURROGATE_RE = re.compile("[\ud800-\udfff]")


def reply_as_dict(reply: Reply) -> dict[str, object]:
    """Return ``reply`` as the object that ``bot ask --json`` prints."""
    silence = reply.silence
    return {
        "question": reply.question.text,
        "answers": [answer_as_dict(rank, answer) for rank, answer in enumerate(reply.answers, 1)],
        "silence": {"reason": silence.name.lower(), "message": silence.value} if silence else None,
        "unknown": list(reply.unknown),
        "corrected": dict(reply.corrected),
        "notices": [*reply.notices, *copy_notices(reply)],
    }


def answer_as_dict(rank: int, answer: Answer) -> dict[str, object]:
    """Return an answer as an object; the best one has rank 1."""
    article = answer.article
    return {
        "rank": rank,
        "text": answer.text,
        "score": answer.score,
        "confidence": answer.confidence,
        "title": article.title,
        "date": article.date.isoformat() if article.date else None,
        "source": article.source,
        "line": answer.line,
        "place": answer.place.as_dict(),
        "link": article.link or None,
        "start": answer.start,
        "end": answer.end,
        "before": answer.before,
        "after": answer.after,
        "matched": list(answer.matched),
        "evidence": answer.evidence.parts(),
        "copies": [copy_as_dict(copy) for copy in answer.copies],
    }


def copy_as_dict(place: Excerpt) -> dict[str, object]:
    """Return another place of an answer's sentence as an object."""
    return {
        "source": place.article.source,
        "line": place.line,
        "start": place.start,
        "end": place.end,
    }


def replace_surrogates(text: str) -> str:
    """Return ``text`` with U+FFFD for each byte that was not UTF-8, as standard input has it."""
    return SURROGATE_RE.sub("\ufffd", text)


def dump_json(value: object, *, ascii_only: bool = False) -> str:
    r"""Return ``value`` as one line of JSON that is safe to print on a terminal.

    >>> dump_json({"question": "caf\udce9 ☕"}, ascii_only=True)
    '{"question": "caf\\ufffd \\u2615"}'
    """
    text = replace_surrogates(json.dumps(value, ensure_ascii=False, allow_nan=False))
    if ascii_only:
        text = json.dumps(json.loads(text))
    return UNSAFE_RE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)
