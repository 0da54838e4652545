"""Figures → what people and programs read."""

from bot.evaluation.metrics import interval
from bot.evaluation.run import Evaluation, right_sentences


def as_json(measured: Evaluation) -> dict[str, object]:
    """Return the figures of a set under the names that programs rely on.

    The shares of ``peers`` stand beside them where they were measured.
    """
    figures = measured.figures
    record: dict[str, object] = {
        "file": measured.questions.file,
        "questions": figures.questions,
        "answerable": figures.answerable,
        "hit@1": figures.hit_1,
        "hit@3": figures.hit_3,
        "mrr@10": figures.mrr_10,
        "silence_auroc": figures.silence_auroc,
        "false_silences": figures.false_silences,
        "kept_silences": figures.kept_silences,
        "words_per_answer": figures.words_per_answer,
        "p50_ms": figures.p50_ms,
        "p95_ms": figures.p95_ms,
    }
    return record | ({"peers": dict(measured.peers)} if measured.peers else {})


def table(measured: Evaluation) -> str:
    """Return the figures of a set as lines, each share with its 95 % interval."""
    figures, peers = measured.figures, measured.peers
    impossible = figures.questions - figures.answerable
    rows = [
        ("first answer right", share(figures.hit_1, figures.answerable)),
        ("one of three right", share(figures.hit_3, figures.answerable)),
        ("mean reciprocal rank of ten", plain(figures.mrr_10, ".3f")),
        ("answerable, met with silence", share(figures.false_silences, figures.answerable)),
        ("impossible, silence kept", share(figures.kept_silences, impossible)),
        ("confidence parts the two (AUROC)", plain(figures.silence_auroc, ".3f")),
        ("words an answer", plain(figures.words_per_answer, ".1f")),
        ("milliseconds, median", plain(figures.p50_ms, ".2f")),
        ("milliseconds, 95 of 100 within", plain(figures.p95_ms, ".2f")),
        *((f"{peer}: first right", share(hit, figures.answerable)) for peer, hit in peers.items()),
    ]
    width = max(len(label) for label, _ in rows)
    head = (
        f"{measured.questions.file}: {figures.questions} questions, {figures.answerable} answerable"
    )
    lines = [head, *(f"  {label:{width}}  {value}" for label, value in rows if value)]
    return "".join(f"{line}\n" for line in lines)


def share(value: float | None, count: int) -> str:
    """Return a share in percent with its interval; "" where there is none."""
    if value is None or not count:
        return ""
    low, high = interval(value, count)
    return f"{100 * value:5.1f} %  ({100 * low:.1f} to {100 * high:.1f})"


def plain(value: float | None, places: str) -> str:
    """Return a figure; "" where there is none."""
    return "" if value is None else f"{value:5{places}}"


def misses(measured: Evaluation) -> str:
    """Return each wrong first answer beside the right one, for reading."""
    return "\n".join(
        f"? {line(one.case.text)}\n"
        f"  answered: {line(one.ranked[0].text) if one.ranked else '(nothing)'}\n"
        + "".join(
            f"  right:    {line(text)}\n" for text in right_sentences(one.case, measured.library)
        )
        for one in measured.asked
        if one.case.places and one.outcome.rank != 1
    )


def line(text: str) -> str:
    """Return ``text`` in one line."""
    return " ".join(text.split())
