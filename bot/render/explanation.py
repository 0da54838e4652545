"""What a score is made of, as a chart of text: each part, and each word's share of its own."""

from collections.abc import Sequence
from dataclasses import dataclass

from wcwidth import wcswidth

from bot.language.terms import stem
from bot.language.words import word_spans
from bot.render.reply import format_answer
from bot.render.text import Fragments, fit_width, sanitize
from bot.retrieval.answer import Answer, Reply
from bot.retrieval.query import CONTEXT_WEIGHT
from bot.retrieval.retriever import Retriever

GAIN, LOSS = "█", "░"
# The longest bar; beyond it, a bar is no easier to compare.
LONGEST = 30
# A name's columns at most, those of a figure, and the least of a bar that shows anything.
NAME, FIGURE, SHORTEST = 16, 7, 4


@dataclass(frozen=True, slots=True)
class Share:
    """A row of the chart, in hundredths; ``depth`` 1 is a share of the row of depth 0 above."""

    name: str
    hundredths: int
    depth: int = 0


def round_to_hundredths(values: Sequence[float], total: int) -> list[int]:
    """Return ``values`` in whole hundredths that add up to ``total``, each off by less than one.

    ``total`` is their sum, rounded. Those with the largest remainders are rounded up.
    """
    floors = [int(value * 100 // 1) for value in values]
    order = sorted(range(len(values)), key=lambda i: floors[i] - values[i] * 100)
    for row in order[: total - sum(floors)]:
        floors[row] += 1
    return floors


def word_shares(answer: Answer, reply: Reply, retriever: Retriever) -> dict[str, float]:
    """Return what each matched word adds to the part "words", by rarity, as the article has it.

    A word that a follow-up took over from before counts as the ranking counts it.
    """
    matched = frozenset(answer.matched)
    written: dict[str, str] = {}
    for word in word_spans(answer.text):
        form = answer.text[word.start : word.end]
        if form in matched:
            written.setdefault(stem(word.text), form)
    own = frozenset(reply.question.terms)
    rarity = retriever.idf(list(written))
    weights = {term: rarity[term] * (1.0 if term in own else CONTEXT_WEIGHT) for term in written}
    most = sum(weights.values())
    shares = {written[t]: answer.evidence.words * w / most for t, w in weights.items()}
    return dict(sorted(shares.items(), key=lambda share: -abs(share[1])))


def shares(answer: Answer, reply: Reply, retriever: Retriever) -> list[Share]:
    """Return the rows of the chart: parts that count for something, words beneath "words"."""
    parts = answer.evidence.parts()
    rows: list[Share] = []
    figures = round_to_hundredths(list(parts.values()), round(answer.score * 100))
    for name, figure in zip(parts, figures, strict=True):
        if figure or name == "words":
            rows.append(Share(name, figure))
        if name == "words":
            words = word_shares(answer, reply, retriever)
            split = round_to_hundredths(list(words.values()), figure)
            rows += [Share(word, part, 1) for word, part in zip(words, split, strict=True)]
    return rows


def chart(rows: Sequence[Share], width: int) -> Fragments:
    """Lay out ``rows`` with a bar each, as far as ``width`` columns hold one, and their sum."""
    name = min(NAME, max(1, width - FIGURE - 1))
    room = min(LONGEST, width - name - FIGURE - 2)
    most = max((abs(row.hundredths) for row in rows), default=0) or 1
    laid: Fragments = []
    for row in rows:
        label = pad("  " * row.depth + sanitize(row.name), name)
        bar = (GAIN if row.hundredths > 0 else LOSS) * round(room * abs(row.hundredths) / most)
        bar = f"  {bar}".rstrip() if room >= SHORTEST else ""
        style = "note" if row.depth else ""
        laid.append((style, f"{label}{row.hundredths / 100:{FIGURE}.2f}{bar}\n"))
    total = sum(row.hundredths for row in rows if not row.depth)
    return [*laid, ("", f"{pad('score', name)}{total / 100:{FIGURE}.2f}\n")]


def pad(text: str, columns: int) -> str:
    """Return ``text`` in just so many columns, cut short with "…" where it is longer."""
    if wcswidth(text) > columns:
        text = text[: fit_width(text, 0, columns - 1)] + "…"
    return text + " " * (columns - wcswidth(text))


def format_explanation(answer: Answer, reply: Reply, retriever: Retriever, width: int) -> Fragments:
    """Lay out an answer and the chart of its score beneath."""
    sure = f"{pad('confidence', min(NAME, max(1, width - FIGURE - 1)))}"
    return [
        *format_answer(answer, reply, "", width),
        ("", "\n"),
        *chart(shares(answer, reply, retriever), width),
        ("", f"{sure}{answer.confidence:{FIGURE}.2f}\n"),
    ]
