"""Follow-ups: what was said, and a question → the whole question."""

import re

from bot.retrieval.answer import Reply
from bot.retrieval.asked import NOTHING, Earlier, content
from bot.retrieval.retriever import Retriever
from bot.retrieval.understanding import Understood

PRONOUN = (
    r"\b(?:he|she|it|they|him|her|his|hers|its|them|their|theirs|this|that|these|those|there)\b"
)
# Why a question is taken for a follow-up; each is looked for where it can tell something.
LEANS = (
    re.compile(r"(?i)^\W*(?:and|but|so|also|or|then)\b"),  # "And when did it open?"
    re.compile(r"(?i)^\W*(?:what|how) about\b"),
    re.compile(
        r"(?i)^\W*(?:what|which|who|whom|whose|when|where|why|how)(?: else| so| many| much)?\W*$"
    ),
    re.compile(rf"^.?[^A-Z]*?(?i:{PRONOUN})"),  # no name before it that it could stand for
)


class Conversation:
    """The same ``ask``, with a memory of what was asked and shown."""

    def __init__(self, retriever: Retriever) -> None:
        self.retriever = retriever
        self.earlier = NOTHING

    def ask(self, text: str, limit: int = 3) -> Reply:
        """Return the reply to ``text``, as a follow-up where it leans on what was said before."""
        understood = self.retriever.understood(text)
        earlier = self.earlier if leans(text) else NOTHING
        reply = self.retriever.reply(understood, limit, earlier)
        self.earlier = remembered(understood, earlier, reply)
        return reply


def leans(text: str) -> bool:
    """Return whether ``text`` needs what was said before to be understood."""
    return any(pattern.search(text) for pattern in LEANS)


def remembered(understood: Understood, earlier: Earlier, reply: Reply) -> Earlier:
    """Return what the next question may lean on."""
    said = {**earlier.content, **content(understood.question)}
    return Earlier(said, tuple(answer.number for answer in reply.answers or reply.nearest))
