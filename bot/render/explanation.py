"""The explanation of a score: a chart of its parts, and of each word's share in one of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.render.reply import format_answer, format_plain_reply, join_blocks
from bot.render.text import Fragments, count_columns, fit_width, sanitize
from bot.retrieval.answer import Answer, Reply
from bot.retrieval.query import CONTEXT_WEIGHT
from bot.retrieval.retriever import Retriever

GAIN, LOSS = "█", "░"
# Columns of a name, of a figure, and the longest and shortest bar that can still be compared.
NAME_WIDTH, FIGURE_WIDTH = 16, 7
MAX_BAR, MIN_BAR = 30, 4


@dataclass(frozen=True, slots=True)
class ChartRow:
    """A row of the chart; one of depth 1 is a share of the row of depth 0 above it."""

    name: str
    hundredths: int
    depth: int = 0


def format_explained_reply(
    reply: Reply, retriever: Retriever, width: int | None = None
) -> Fragments:
    """Lay out each answer with the explanation of its score; ``width`` None: do not wrap."""
    if not reply.answers:
        return format_plain_reply(reply, width)
    return join_blocks(
        format_explanation(answer, reply, retriever, width) for answer in reply.answers
    )


def format_explanation(
    answer: Answer, reply: Reply, retriever: Retriever, width: int | None
) -> Fragments:
    """Lay out an answer with the chart of its score and its confidence below."""
    confidence = f"{fit('confidence', name_width(width))}{answer.confidence:{FIGURE_WIDTH}.2f}\n"
    return [
        *format_answer(answer, reply, "", width),
        ("", "\n"),
        *format_chart(chart_rows(answer, reply, retriever), width),
        ("", confidence),
    ]


def chart_rows(answer: Answer, reply: Reply, retriever: Retriever) -> list[ChartRow]:
    """Return the rows of the chart: parts other than 0.00, with the words below "words"."""
    parts = answer.evidence.parts()
    rows: list[ChartRow] = []
    figures = round_to_hundredths(list(parts.values()), round(answer.score * 100))
    for name, figure in zip(parts, figures, strict=True):
        if figure or name == "words":
            rows.append(ChartRow(name, figure))
        if name == "words":
            words = word_shares(answer, reply, retriever)
            split = round_to_hundredths(list(words.values()), figure)
            rows += [ChartRow(word, share, 1) for word, share in zip(words, split, strict=True)]
    return rows


def word_shares(answer: Answer, reply: Reply, retriever: Retriever) -> dict[str, float]:
    """Return the share of each matched word, as the article writes it, in the part "words".

    The part is divided by idf. A word carried over by a follow-up has the lower weight that the
    ranking gives it.
    """
    matched = frozenset(answer.matched)
    forms: dict[str, str] = {}
    for token in retriever.library.analysis_at(answer.number).tokens(answer.text):
        form = answer.text[token.start : token.end]
        if form in matched:
            forms.setdefault(token.term, form)
    typed = frozenset(reply.question.terms)
    idf = retriever.pipeline.idf(list(forms))
    weights = {term: idf[term] * (1.0 if term in typed else CONTEXT_WEIGHT) for term in forms}
    total = sum(weights.values())
    shares = {forms[t]: answer.evidence.words * w / total for t, w in weights.items()}
    return dict(sorted(shares.items(), key=lambda share: -abs(share[1])))


def round_to_hundredths(values: Sequence[float], total: int) -> list[int]:
    """Return ``values`` as whole hundredths that add up to ``total``, each off by less than one.

    ``total`` is their sum, rounded. The values with the largest remainders are rounded up.
    """
    hundredths = [int(value * 100 // 1) for value in values]
    order = sorted(range(len(values)), key=lambda i: hundredths[i] - values[i] * 100)
    for index in order[: total - sum(hundredths)]:
        hundredths[index] += 1
    return hundredths


def format_chart(rows: Sequence[ChartRow], width: int | None) -> Fragments:
    """Lay out ``rows``, each with a bar if there is room for one, and their sum."""
    names = name_width(width)
    room = MAX_BAR if width is None else min(MAX_BAR, width - names - FIGURE_WIDTH - 2)
    largest = max((abs(row.hundredths) for row in rows), default=0) or 1
    chart: Fragments = []
    for row in rows:
        name = fit("  " * row.depth + sanitize(row.name), names)
        bar = (GAIN if row.hundredths > 0 else LOSS) * round(room * abs(row.hundredths) / largest)
        bar = f"  {bar}".rstrip() if room >= MIN_BAR else ""
        style = "note" if row.depth else ""
        chart.append((style, f"{name}{row.hundredths / 100:{FIGURE_WIDTH}.2f}"))
        chart += [("bar", bar), ("", "\n")]
    score = sum(row.hundredths for row in rows if not row.depth) / 100
    return [*chart, ("", f"{fit('score', names)}{score:{FIGURE_WIDTH}.2f}\n")]


def name_width(width: int | None) -> int:
    """Return the columns of a name in a chart of ``width`` columns; None: there is no limit."""
    return NAME_WIDTH if width is None else min(NAME_WIDTH, max(1, width - FIGURE_WIDTH - 1))


def fit(text: str, columns: int) -> str:
    """Return ``text`` padded to ``columns``, or cut short with "…"."""
    if count_columns(text) > columns:
        text = text[: fit_width(text, 0, columns - 1)] + "…"
    return text + " " * (columns - count_columns(text))
