"""Metrics as a table, as JSON, and the wrong first answers as a list."""

from bot.evaluation.metrics import Metrics, wilson_interval
from bot.evaluation.run import Evaluation


def evaluation_as_dict(evaluation: Evaluation) -> dict[str, object]:
    """Return the metrics as the object that ``bot eval --json`` prints."""
    metrics = evaluation.metrics
    return {
        "file": evaluation.questions.file,
        "questions": metrics.questions,
        "answerable": metrics.answerable,
        "hit@1": metrics.hit_1,
        "hit@3": metrics.hit_3,
        "mrr@10": metrics.mrr_10,
        "silence_auroc": metrics.silence_auroc,
        "false_silences": metrics.false_silences,
        "kept_silences": metrics.kept_silences,
        "words_per_answer": metrics.words_per_answer,
        "p50_ms": metrics.p50_ms,
        "p95_ms": metrics.p95_ms,
        "calibration": [
            {"from": tenth / 10, **each._asdict()} for tenth, each in metrics.calibration.items()
        ],
        "kinds": {kind: each._asdict() for kind, each in metrics.kinds.items()},
    }


def format_evaluation(evaluation: Evaluation) -> str:
    """Return the metrics as lines, each share with its 95 % confidence interval."""
    metrics = evaluation.metrics
    impossible = metrics.questions - metrics.answerable
    rows = [
        ("first answer right", format_share(metrics.hit_1, metrics.answerable)),
        ("one of the first three right", format_share(metrics.hit_3, metrics.answerable)),
        ("mean reciprocal rank of ten", format_number(metrics.mrr_10, ".3f")),
        ("answerable, but silent", format_share(metrics.false_silences, metrics.answerable)),
        ("impossible, and silent", format_share(metrics.kept_silences, impossible)),
        ("AUROC of answerability", format_number(metrics.silence_auroc, ".3f")),
        ("words per answer", format_number(metrics.words_per_answer, ".1f")),
        ("milliseconds, median", format_number(metrics.p50_ms, ".2f")),
        ("milliseconds, 95th percentile", format_number(metrics.p95_ms, ".2f")),
        *calibration_rows(metrics),
        *kind_rows(metrics),
    ]
    width = max(len(label) for label, _ in rows)
    file, questions = evaluation.questions.file, metrics.questions
    lines = [
        f"{file}: {questions} questions, {metrics.answerable} answerable",
        *(f"  {label:{width}}  {value}" for label, value in rows if value),
    ]
    return "".join(f"{line}\n" for line in lines)


def calibration_rows(metrics: Metrics) -> list[tuple[str, str]]:
    """Return a row for each tenth of confidence: how many answers shown are right."""
    return [
        (
            f"confidence {tenth / 10:.1f} to {(tenth + 1) / 10:.1f}",
            f"{100 * each.right:5.1f} % of {each.answers} right, "
            f"{100 * each.mean_confidence:.1f} % expected",
        )
        for tenth, each in metrics.calibration.items()
    ]


def kind_rows(metrics: Metrics) -> list[tuple[str, str]]:
    """Return a row for each kind of question: how many answerable ones are met with silence."""
    return [
        (f"asks for {kind}, but silent", f"{100 * each.false_silences:5.1f} % of {each.questions}")
        for kind, each in metrics.kinds.items()
    ]


def format_share(value: float | None, count: int) -> str:
    """Return a share in percent with its interval, "" if there is nothing to measure."""
    if value is None or not count:
        return ""
    low, high = wilson_interval(value, count)
    return f"{100 * value:5.1f} %  ({100 * low:.1f} to {100 * high:.1f})"


def format_number(value: float | None, precision: str) -> str:
    """Return a number with the precision of a format such as ".2f", "" for None."""
    return "" if value is None else f"{value:5{precision}}"


def format_misses(evaluation: Evaluation) -> str:
    """Return each question whose first answer is wrong, with that and the right answers."""
    return "\n".join(
        f"? {join_lines(each.case.text)}\n"
        f"  answered: {join_lines(each.answers[0].text) if each.answers else '(nothing)'}\n"
        + "".join(f"  right:    {join_lines(text)}\n" for text in each.right)
        for each in evaluation.cases
        if each.case.answers and each.outcome.rank != 1
    )


def join_lines(text: str) -> str:
    """Return ``text`` in one line, with single spaces."""
    return " ".join(text.split())
