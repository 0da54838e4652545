"""The text beside an answer that it cannot be understood without."""

import re
from itertools import islice, takewhile

from bot.retrieval.answer import Answer

# A sentence that begins with one of these speaks of something in the sentence before it.
OPENING_PRONOUN_RE = re.compile(
    r"(?i)^\W*(?:he|she|it|they|this|that|these|those|his|her|its|their|such)\b"
)
COLONS = (":", "：")
ITEM_RE = re.compile(r"\s*(?:[-*+•‣–·]|\(?(?:\d{1,3}|[a-z])[.)])\s+\S")
# Items that are shown of a list, and characters of a line or of the sentence before.
MAX_ITEMS = 10
MAX_LENGTH = 200


def opens_with_pronoun(text: str) -> bool:
    """Return whether ``text`` begins with a pronoun ("It opened", "Their keeper").

    >>> opens_with_pronoun("It opened in 1932."), opens_with_pronoun("Italy won.")
    (True, False)
    """
    return bool(OPENING_PRONOUN_RE.match(text))


def find_lead_in(answer: Answer) -> str:
    """Return the sentence before an answer that opens with a pronoun, else "".

    Of a long sentence the end is returned, after "…".

    >>> import bot
    >>> text = "Ada Thorne was an engineer. She designed the bridge."
    >>> [answer, *_] = bot.Retriever.from_texts([text]).search("Who designed the bridge?")
    >>> find_lead_in(answer)
    'Ada Thorne was an engineer.'
    """
    if answer.omits_start or not opens_with_pronoun(answer.text):
        return ""
    before = answer.before
    return before if len(before) <= MAX_LENGTH else f"… {before[-MAX_LENGTH:].partition(' ')[2]}"


def find_list(answer: Answer) -> list[str]:
    r"""Return the lines of the list that an answer with a colon at its end introduces.

    Without a list after it, the next sentence is returned.

    >>> import bot
    >>> text = "The traders sell three things:\n\n- herring\n- crab\n- eel\n\nThey close at noon."
    >>> [answer, *_] = bot.Retriever.from_texts([text]).search("What do the traders sell?")
    >>> find_list(answer)
    ['- herring', '- crab', '- eel']
    """
    if answer.omits_end or not answer.text.endswith(COLONS):
        return []
    text = answer.article.text
    rest = text[answer.end : answer.end + 2 * MAX_ITEMS * MAX_LENGTH]
    lines = (line.strip() for line in rest.splitlines() if line.strip())
    items = list(islice(takewhile(ITEM_RE.match, lines), MAX_ITEMS + 1))
    if len(items) > MAX_ITEMS:
        items[-1] = "…"
    return [clip(line) for line in items or [answer.after] if line]


def clip(text: str) -> str:
    """Return ``text``, of a long one the start with "…" behind it."""
    return text if len(text) <= MAX_LENGTH else f"{text[:MAX_LENGTH].rpartition(' ')[0]} …"
