"""Question sets: reading, hits, metrics, and the reports of ``bot eval``."""

import copy
import json
import sys
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import bot
from bot.cli.run import run_cli
from bot.evaluation.metrics import (
    CalibrationBin,
    KindSilences,
    Metrics,
    Outcome,
    auroc,
    compute_metrics,
    mean,
    quantile,
    wilson_interval,
)
from bot.evaluation.question_set import QuestionSetError, build_library, read_questions
from bot.evaluation.report import evaluation_as_dict, format_evaluation
from bot.evaluation.run import Evaluation, conversation_before, evaluate

Json = Any  # any value that a file of JSON may have

DATA = Path(__file__).parent / "data"
BROKEN = tomllib.loads((DATA / "broken_sets.toml").read_text(encoding="utf-8"))["case"]

MARKET = "The fish market opened in June 2015. Traders sell herring and crab there."
BRIDGE = "The Thornwick Bridge opened in March 1932. Ada Thorne designed its three arches."
FERRY = "It replaced a ferry that had crossed the river for two centuries."

Save = Callable[[Json], Path]
# Arguments → exit code, standard output, standard error.
Command = Callable[..., tuple[int, str, str]]


def question(identity: str, text: str, context: str, *answers: str, **members: Json) -> Json:
    """Return a question with its answers in ``context``, impossible if there are none."""
    entries = [{"text": answer, "answer_start": context.index(answer)} for answer in answers]
    impossible = {} if entries else {"is_impossible": True}
    return {"id": identity, "question": text, "answers": entries} | impossible | members


def paragraph(context: str, *qas: Json) -> Json:
    return {"context": context, "qas": list(qas)}


def squad(**articles: Sequence[Json]) -> Json:
    """Return a set; each article is a list of paragraphs under its title."""
    data = [{"title": title, "paragraphs": list(each)} for title, each in articles.items()]
    return {"version": "1.1", "data": data}


OPENED = question("opened", "When did the Thornwick Bridge open?", BRIDGE, "March 1932", "1932")
DESIGNED = question("designed", "Who designed its arches?", BRIDGE, "Ada Thorne")
PRICED = question("priced", "What does a quokka cost?", FERRY)
# As in SQuAD 1.1: a paragraph without questions, and no "is_impossible".
PLAIN = squad(
    Fish_market=[{"context": MARKET}],
    Thornwick_Bridge=[paragraph(BRIDGE, OPENED, DESIGNED), paragraph(FERRY)],
)
# As in SQuAD 2.0.
MIXED = squad(
    Fish_market=[{"context": MARKET, "qas": None}],
    Thornwick_Bridge=[
        paragraph(BRIDGE, OPENED | {"is_impossible": False}, DESIGNED),
        paragraph(FERRY, PRICED),
    ],
)


@pytest.fixture
def save(tmp_path: Path) -> Save:
    def save(value: Json, name: str = "set.json") -> Path:
        path = tmp_path / name
        path.write_text(json.dumps(value), encoding="utf-8")
        return path

    return save


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    def command(*arguments: str | Path) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["bot", "eval", *map(str, arguments)])
        code = run_cli()
        return code, *capsys.readouterr()

    return command


def first_texts(evaluation: Evaluation) -> list[str]:
    """Return the first answer to each question that counts."""
    return [case.answers[0].text for case in evaluation.cases]


# Reading


def test_articles_and_paragraphs(save: Save) -> None:
    """A title is an article, a context a block of it; a paragraph may have no questions."""
    questions = read_questions(save(PLAIN))

    assert [article.title for article in questions.articles] == ["Fish market", "Thornwick Bridge"]
    blocks = [
        [article.text[block.start : block.end] for block in article.blocks]
        for article in questions.articles
    ]
    assert blocks == [[MARKET], [BRIDGE, FERRY]]
    assert questions.articles[1].text == f"{BRIDGE}\n\n{FERRY}\n\n"


def test_answer_positions(save: Save) -> None:
    """An answer is an article and a position in its text; all annotators' answers count."""
    second = question("old", "How long had the ferry crossed?", FERRY, "two centuries")

    questions = read_questions(save(squad(a=[paragraph(BRIDGE, OPENED), paragraph(FERRY, second)])))

    opened, crossed = questions.cases
    text = questions.articles[0].text
    assert {text[start:][:10] for _, start in opened.answers} == {"March 1932", "1932. Ada "}
    assert [text[start:][:13] for _, start in crossed.answers] == ["two centuries"]


def test_impossible_question_has_no_answers(save: Save) -> None:
    """Plausible answers of an impossible question are ignored."""
    impossible = OPENED | {"is_impossible": True}

    questions = read_questions(save(squad(a=[paragraph(BRIDGE, impossible, DESIGNED)])))

    assert [bool(case.answers) for case in questions.cases] == [False, True]


def test_byte_order_mark(save: Save) -> None:
    """A byte order mark, as some editors write, is skipped."""
    path = save(PLAIN)
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())

    assert len(read_questions(path).cases) == 2


# Errors


def break_set(case: Json) -> Json:
    """Return a valid set with the change of a case: ``put`` a value in a place, or remove it."""
    root: Json = {"root": copy.deepcopy(PLAIN)}
    path: list[str | int] = ["root", *case["at"]]
    last = path.pop()
    parent = root
    for step in path:
        parent = parent[step]
    if "put" in case:
        parent[last] = json.loads(case["put"])
    else:
        del parent[last]
    return root["root"]


@pytest.mark.parametrize("case", BROKEN, ids=lambda case: case["label"])
def test_invalid_set(case: Json, save: Save, command: Command) -> None:
    """The error names file, place and fault; exit 2, nothing on stdout."""
    path = save(break_set(case))

    code, out, err = command(path)

    assert (code, out) == (2, "")
    assert err.startswith(f"bot: error: {path}: ")
    assert err.endswith(f"{case['says']}\n")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "line 1, column 1: not JSON: Expecting value"),
        (b"Ada Thorne\n", "line 1, column 1: not JSON: Expecting value"),
        (b'{"data": [\n  }', "line 2, column 3: not JSON: Expecting value"),
        (b'{"data": "caf\xe9"}', "byte 13: not UTF-8"),
        (b'{"data": ' + b"1" * 5000 + b"}", "JSON that cannot be read"),
        (b'{"data": ' + b"[" * 100_000, "JSON that cannot be read"),
    ],
    ids=["empty", "prose", "truncated", "Latin-1", "number too long", "nested too deep"],
)
def test_invalid_json(content: bytes, message: str, tmp_path: Path, command: Command) -> None:
    """The error names file and place; exit 2, nothing on stdout."""
    path = tmp_path / "set.json"
    path.write_bytes(content)

    code, out, err = command(path)

    assert (code, out) == (2, "")
    assert err.startswith(f"bot: error: {path}: {message}")


def test_missing_file_or_folder(tmp_path: Path, command: Command) -> None:
    """A missing file, or a folder, is named with the reason; exit 2."""
    missing = tmp_path / "missing.json"

    assert command(missing) == (2, "", f"bot: error: {missing}: No such file or directory\n")
    assert command(tmp_path) == (2, "", f"bot: error: {tmp_path}: Is a directory\n")


def test_one_invalid_file_of_two(save: Save, command: Command, tmp_path: Path) -> None:
    """Nothing is printed about the valid file either."""
    valid = save(PLAIN)
    invalid = tmp_path / "invalid.json"
    invalid.write_text("{", encoding="utf-8")

    code, out, err = command(valid, invalid)

    assert (code, out) == (2, "")
    assert "invalid.json: line 1, column 2" in err


def test_attributes_of_the_error(save: Save) -> None:
    """File, place and fault are attributes."""
    path = save({"data": [7]})

    with pytest.raises(QuestionSetError) as raised:
        read_questions(path)

    error = raised.value
    assert (error.file, error.place, error.fault) == (str(path), "data[0]", "is not an object")
    assert isinstance(error, bot.BotError)


# Hits


def test_same_sentence_in_another_paragraph_is_no_hit(save: Save) -> None:
    """A copy in the wrong article that ranks before the right one is wrong."""
    again = question("again", "When did the Thornwick Bridge open?", BRIDGE, "March 1932")
    copies = squad(First=[paragraph(BRIDGE)], Second=[paragraph(BRIDGE, again)])

    (case,) = evaluate(save(copies)).cases

    assert [copy.text for copy in case.answers[0].copies] == [case.answers[0].text]
    assert case.outcome.rank == 2


def test_hit_has_the_first_character_of_the_answer(save: Save) -> None:
    """The right sentence of an answer across two sentences is the first of them."""
    start = BRIDGE.index("Ada")
    across = question("across", "Who designed the arches?", BRIDGE, "1932. Ada Thorne")
    within = question("within", "Who designed the arches?", BRIDGE, BRIDGE[start:])

    first, second = evaluate(save(squad(a=[paragraph(BRIDGE, across, within)]))).cases

    assert first.answers[0].text == second.answers[0].text == BRIDGE[start:]
    assert (first.outcome.rank, second.outcome.rank) == (2, 1)


def test_hit_by_any_annotator(save: Save) -> None:
    """One of several annotated answers is enough."""
    two = question("two", "Who designed the arches?", BRIDGE, "Thornwick", "Ada Thorne")

    (case,) = evaluate(save(squad(a=[paragraph(BRIDGE, two)]))).cases

    assert case.outcome.rank == 1


def test_hit_in_a_silent_reply(save: Save) -> None:
    """A right answer below the threshold counts as a hit and as a false silence."""
    unsure = question("unsure", "Was the pig crossing gold?", FERRY, "two centuries")
    questions = squad(Market=[paragraph(MARKET)], Ferry=[paragraph(FERRY, unsure)])

    (case,) = evaluate(save(questions)).cases

    assert case.outcome.silent
    assert case.outcome.rank == 1


def test_outcome_without_answers(save: Save) -> None:
    """Without a shared word there is no rank, no confidence and no length."""
    unknown = question("unknown", "Quokka wombat?", FERRY, "ferry")

    (case,) = evaluate(save(squad(a=[paragraph(FERRY, unknown)]))).cases

    outcome = case.outcome
    assert (case.answers, outcome.rank, outcome.confidence, outcome.words) == ((), 0, 0.0, 0)
    assert outcome.silent


# Follow-ups

FIRST = question("bridge", "Who designed the Thornwick Bridge?", BRIDGE, "Ada Thorne")
SECOND = question("second", "When did it open?", BRIDGE, "March 1932", follows="bridge")


def test_only_follow_ups_count(save: Save) -> None:
    """In a set with follow-ups, the other questions are not counted."""
    questions = squad(
        Fish_market=[paragraph(MARKET)], Bridge=[paragraph(BRIDGE, FIRST, SECOND, OPENED)]
    )

    evaluation = evaluate(save(questions))

    assert [case.case.identity for case in evaluation.cases] == ["second"]
    assert evaluation.metrics.questions == 1


def test_empty_follows(save: Save) -> None:
    """A question whose "follows" is null or empty stands alone."""
    alone = [FIRST | {"follows": None}, OPENED | {"follows": ""}]

    questions = read_questions(save(squad(a=[paragraph(BRIDGE, *alone)])))

    assert questions.counted_cases == questions.cases


def test_follow_up_is_asked_after_its_question(save: Save) -> None:
    """It is asked in a conversation with the question that it follows, and no other."""
    sold = question("sold", "What do traders sell?", MARKET, "herring")
    market = SECOND | question("market", "When did it open?", MARKET, "June 2015", follows="sold")
    questions = squad(
        Fish_market=[paragraph(MARKET, sold, market)], Bridge=[paragraph(BRIDGE, FIRST, SECOND)]
    )

    evaluation = evaluate(save(questions))

    assert first_texts(evaluation) == [
        "The fish market opened in June 2015.",
        "The Thornwick Bridge opened in March 1932.",
    ]


def test_follow_up_of_a_follow_up(save: Save) -> None:
    """It is asked after both questions, in their order."""
    third = question("third", "And who designed it?", BRIDGE, "Ada Thorne", follows="second")
    questions = read_questions(save(squad(a=[paragraph(BRIDGE, third, FIRST, SECOND)])))
    cases = {case.identity: case for case in questions.cases}
    retriever = bot.Retriever(build_library(questions))
    expected = bot.Conversation(retriever)
    for each in (FIRST, SECOND):
        expected.ask(each["question"])

    conversation = conversation_before(cases["third"], cases, retriever)

    assert conversation.last == expected.last


# Metrics


OUTCOME = Outcome(
    answerable=True, rank=0, confidence=0.0, silent=False, words=0, seconds=0.0, kind="a time"
)


def test_metrics_counted_by_hand() -> None:
    """Four answerable and two impossible questions."""
    impossible = replace(OUTCOME, answerable=False)

    metrics = compute_metrics(
        [
            replace(OUTCOME, rank=1, confidence=0.9, answerability=0.9, words=10, seconds=0.001),
            replace(OUTCOME, rank=2, confidence=0.8, answerability=0.8, words=20, seconds=0.002),
            replace(
                OUTCOME,
                rank=4,
                confidence=0.3,
                answerability=0.3,
                words=30,
                silent=True,
                seconds=0.003,
            ),
            replace(OUTCOME, rank=0, confidence=0.0, answerability=0.0, silent=True, seconds=0.004),
            replace(
                impossible, confidence=0.3, answerability=0.3, words=40, silent=True, seconds=0.005
            ),
            replace(impossible, confidence=0.85, answerability=0.85, words=50, seconds=0.006),
        ]
    )

    assert metrics == Metrics(
        questions=6,
        answerable=4,
        hit_1=1 / 4,
        hit_3=2 / 4,
        mrr_10=(1 + 1 / 2 + 1 / 4) / 4,
        # Of answerability: .9 exceeds both, .8 and .3 and 0: one of the two, half of one, none.
        silence_auroc=(2 + 1 + 0.5 + 0) / 8,
        false_silences=2 / 4,
        kept_silences=1 / 2,
        words_per_answer=(10 + 20 + 30 + 40 + 50) / 5,
        p50_ms=3.0,
        p95_ms=6.0,
        calibration={
            8: CalibrationBin(answers=2, mean_confidence=(0.8 + 0.85) / 2, right=0.0),
            9: CalibrationBin(answers=1, mean_confidence=0.9, right=1.0),
        },
        kinds={"a time": KindSilences(questions=4, false_silences=2 / 4)},
    )


def test_metrics_without_questions() -> None:
    """A metric of nothing is None, not 0."""
    assert compute_metrics([]) == Metrics(0, 0, *[None] * 9)
    assert mean([]) is None
    assert quantile([], 0.5) is None


confidences = st.lists(st.integers(0, 5).map(lambda n: n / 5), max_size=12)


@given(confidences, confidences)
def test_auroc_is_the_share_of_ordered_pairs(positive: list[float], negative: list[float]) -> None:
    """It equals a comparison of all pairs, ties counted by half; None without pairs."""
    pairs = [(a > b) + (a == b) / 2 for a in positive for b in negative]

    assert auroc(positive, negative) == (pytest.approx(sum(pairs) / len(pairs)) if pairs else None)


@given(st.lists(st.integers(0, 30).map(float), min_size=1, max_size=60), st.sampled_from([50, 95]))
def test_quantile(values: list[float], percent: int) -> None:
    """It is the smallest value that so many percent do not exceed."""
    allowed = [
        value for value in values if 100 * sum(v <= value for v in values) >= percent * len(values)
    ]

    assert quantile(sorted(values), percent / 100) == min(allowed)


@pytest.mark.parametrize(
    ("right", "count", "low", "high"),
    [
        (8, 10, 0.4902, 0.9433),
        (0, 10, 0.0, 0.2775),
        (10, 10, 0.7225, 1.0),
        (50, 100, 0.4038, 0.5962),
        (81, 263, 0.2553, 0.3662),  # Newcombe, 1998, table I
        (15, 148, 0.0624, 0.1605),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_interval(right: int, count: int, low: float, high: float) -> None:
    """It equals published values."""
    assert wilson_interval(right / count, count) == pytest.approx((low, high), abs=0.00006)


# Reports

TYPES = {
    "file": str,
    "questions": int,
    "answerable": int,
    "hit@1": float,
    "hit@3": float,
    "mrr@10": float,
    "silence_auroc": float,
    "false_silences": float,
    "kept_silences": float,
    "words_per_answer": float,
    "p50_ms": float,
    "p95_ms": float,
    "calibration": list,
    "kinds": dict,
}


def test_json_of_one_file(save: Save, command: Command) -> None:
    """It is an object with the documented names and types."""
    path = save(MIXED)

    code, out, err = command(path, "--json", "--color", "always")

    record = json.loads(out)
    assert (code, err, out.count("\n")) == (0, "", 1)
    assert {name: type(value) for name, value in record.items()} == TYPES
    assert record["file"] == str(path)
    assert (record["questions"], record["answerable"]) == (3, 2)
    assert (record["hit@1"], record["silence_auroc"], record["kept_silences"]) == (1.0, 1.0, 1.0)
    assert record["words_per_answer"] == (7 + 6 + 12) / 3  # with the nearest answer of a silence
    assert 0 < record["p50_ms"] <= record["p95_ms"]


def test_json_has_each_metric_under_its_name(save: Save) -> None:
    """Metrics that all differ come out in the order of their names."""
    distinct = Metrics(1, 2, *(number / 10 for number in range(1, 10)))

    record = evaluation_as_dict(replace(evaluate(save(PLAIN)), metrics=distinct))

    assert [*record] == [*TYPES]
    assert [*record.values()][1:-2] == [1, 2, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]


def test_json_without_impossible_questions(save: Save, command: Command) -> None:
    """Metrics of impossible questions are null."""
    _, out, _ = command(save(PLAIN), "--json")

    record = json.loads(out)
    assert [name for name, value in record.items() if value is None] == [
        "silence_auroc",
        "kept_silences",
    ]


def test_json_of_several_files(save: Save, command: Command, tmp_path: Path) -> None:
    """It is an array, in the order of the arguments."""
    mixed = save(MIXED).rename(tmp_path / "mixed.json")
    plain = save(PLAIN)

    code, out, _ = command("--json", plain, mixed)

    records = json.loads(out)
    assert code == 0
    assert [record["file"] for record in records] == [str(plain), str(mixed)]
    assert [record["questions"] for record in records] == [2, 3]


def test_table(save: Save, command: Command) -> None:
    """It has a line for each metric, shares in percent with their interval."""
    path = save(MIXED)

    code, out, err = command(path)

    lines = out.splitlines()
    assert (code, err) == (0, "")
    assert lines[0] == f"{path}: 3 questions, 2 answerable"
    assert lines[1].split() == "first answer right 100.0 % (34.2 to 100.0)".split()
    assert lines[5].split() == "impossible, and silent 100.0 % (20.7 to 100.0)".split()
    assert lines[6].split() == "AUROC of answerability 1.000".split()
    assert any(line.split()[:1] == ["confidence"] for line in lines[10:])
    assert [line for line in lines if "asks for a person or organisation, but silent" in line]


def test_each_article_is_a_library_of_its_own(save: Save) -> None:
    """The idf of the words and the other articles do not matter."""
    path = save(MIXED)

    alone = evaluate(path, each=True)

    assert [each.case.identity for each in alone.cases] == [
        each.case.identity for each in evaluate(path).cases
    ]
    assert all(each.answers[0].article.title == "Thornwick Bridge" for each in alone.cases)


def test_table_without_impossible_questions(save: Save) -> None:
    """Lines about impossible questions are left out."""
    lines = format_evaluation(evaluate(save(PLAIN))).splitlines()

    assert not [line for line in lines[1:] if "impossible" in line or "AUROC" in line]


def test_tables_of_several_files(save: Save, command: Command) -> None:
    """The tables are separated by a blank line."""
    path = save(PLAIN)

    _, out, _ = command(path, path)

    heads = [table.splitlines()[0] for table in out.split("\n\n")]
    assert heads == [f"{path}: 2 questions, 2 answerable"] * 2


def test_empty_set(save: Save, command: Command) -> None:
    """Without articles and questions the table has only its first line."""
    code, out, err = command(save({"data": []}))

    assert (code, err) == (0, "")
    assert out.splitlines()[0].endswith("set.json: 0 questions, 0 answerable")
    assert len(out.splitlines()) == 1


def test_misses(save: Save, command: Command, tmp_path: Path) -> None:
    """Each wrong first answer is listed with the right ones; right first answers are not."""
    wrong = question("wrong", "Who\n designed the arches?", BRIDGE, "Thornwick", "Bridge")
    unknown = question("unknown", "Quokka wombat?", FERRY, "ferry")
    path = save(squad(a=[paragraph(BRIDGE, wrong, OPENED), paragraph(FERRY, unknown, PRICED)]))
    misses = tmp_path / "misses.txt"

    code, out, _ = command(path, "--misses", misses)

    assert code == 0
    assert "first answer right" in out
    assert misses.read_text(encoding="utf-8") == (
        "? Who designed the arches?\n"
        "  answered: Ada Thorne designed its three arches.\n"
        "  right:    The Thornwick Bridge opened in March 1932.\n"
        "\n"
        "? Quokka wombat?\n"
        "  answered: (nothing)\n"
        f"  right:    {FERRY}\n"
    )


def test_misses_are_sanitized(save: Save, command: Command) -> None:
    """Control characters and unpaired surrogates are written as symbols."""
    odd = "Tolls \x1b[2J were \ud800 taken at dawn. Ada Thorne took them."
    case = question("odd", "When were tolls taken?", odd, "Ada")

    code, out, err = command(save(squad(a=[paragraph(odd, case)])), "--misses", "-")

    assert (code, err) == (0, "")
    assert "answered: Tolls \N{SYMBOL FOR ESCAPE}[2J were \N{REPLACEMENT CHARACTER} taken" in out


def test_misses_to_an_unwritable_file(save: Save, command: Command, tmp_path: Path) -> None:
    """It is an error before anything is measured: exit 2, nothing on stdout."""
    code, out, err = command(save(PLAIN), "--misses", tmp_path / "missing" / "misses.txt")

    assert (code, out) == (2, "")
    assert "No such file or directory" in err


def test_missing_argument(command: Command) -> None:
    """Without a file the command exits with 2."""
    code, out, err = command()

    assert (code, out) == (2, "")
    assert "Missing argument 'FILE...'" in err
