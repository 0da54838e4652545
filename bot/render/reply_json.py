"""A reply as JSON, in the format that other programs rely on."""

import json
import re

from bot.retrieval.answer import Answer, Reply

# Characters that JSON may hold unescaped, but that control a terminal.
UNSAFE_RE = re.compile("[\x7f-\x9f\u200b\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]")


def reply_as_dict(reply: Reply) -> dict[str, object]:
    """Return ``reply`` as the object that ``bot ask --json`` prints."""
    silence = reply.silence
    return {
        "question": reply.question.text,
        "answers": [answer_as_dict(rank, answer) for rank, answer in enumerate(reply.answers, 1)],
        "silence": {"reason": silence.name.lower(), "message": silence.value} if silence else None,
        "unknown": list(reply.unknown),
        "corrected": dict(reply.corrected),
        "notices": list(reply.notices),
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
    }


def dump_json(value: object, *, ascii_only: bool = False) -> str:
    """Return ``value`` as one line of JSON that is safe to print on a terminal."""
    text = json.dumps(value, ensure_ascii=ascii_only, allow_nan=False)
    return UNSAFE_RE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)
