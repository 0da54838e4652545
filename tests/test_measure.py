"""Question sets: what is read from them, what their questions come to, and how that is said."""

import copy
import json
import sys
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import bot
from bot.cli.main import run as run_command
from bot.evaluation import report
from bot.evaluation.metrics import (
    Metrics,
    Outcome,
    auroc,
    compute_metrics,
    interval,
    mean,
    quantile,
)
from bot.evaluation.question_set import QuestionSetError, build_library, read_questions
from bot.evaluation.run import Evaluation, conversation_before, evaluate

Json = Any  # what a file in this format may hold

BROKEN = tomllib.loads(
    (Path(__file__).parent / "data" / "broken_sets.toml").read_text(encoding="utf-8")
)["case"]

MARKET = "The fish market opened in June 2015. Traders sell herring and crab there."
BRIDGE = "The Thornwick Bridge opened in March 1932. Ada Thorne designed its three arches."
FERRY = "It replaced a ferry that had crossed the river for two centuries."

Save = Callable[[Json], Path]
# Arguments → exit code, what was printed on stdout, what on stderr.
Command = Callable[..., tuple[int, str, str]]


def asked(identity: str, text: str, context: str, *answers: str, **more: Json) -> Json:
    """Return a question whose answers stand in ``context``; without any, it is impossible."""
    found = [{"text": answer, "answer_start": context.index(answer)} for answer in answers]
    impossible = {} if found else {"is_impossible": True}
    return {"id": identity, "question": text, "answers": found} | impossible | more


def paragraph(context: str, *qas: Json) -> Json:
    return {"context": context, "qas": list(qas)}


def squad(**articles: Sequence[Json]) -> Json:
    """Return a set; each article is a list of paragraphs under its title."""
    data = [{"title": title, "paragraphs": list(each)} for title, each in articles.items()]
    return {"version": "1.1", "data": data}


OPENED = asked("opened", "When did the Thornwick Bridge open?", BRIDGE, "March 1932", "1932")
DESIGNED = asked("designed", "Who designed its arches?", BRIDGE, "Ada Thorne")
PRICED = asked("priced", "What does a quokka cost?", FERRY)
# As in SQuAD 1.1: an article, a paragraph without questions, no word of impossible ones.
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
    def command(*words: str | Path) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["bot", "eval", *map(str, words)])
        code = run_command()
        return code, *capsys.readouterr()

    return command


def first_texts(result: Evaluation) -> list[str]:
    """Return the first answer to each question that counts."""
    return [one.ranked[0].text for one in result.asked]


# What is read


def test_articles_and_paragraphs(save: Save) -> None:
    """A title is an article, a context a block of it, to the letter; questions need not be."""
    questions = read_questions(save(PLAIN))

    assert [article.title for article in questions.articles] == ["Fish market", "Thornwick Bridge"]
    blocks = [
        [article.text[block.start : block.end] for block in article.blocks]
        for article in questions.articles
    ]
    assert blocks == [[MARKET], [BRIDGE, FERRY]]
    assert questions.articles[1].text == f"{BRIDGE}\n\n{FERRY}\n\n"


def test_places(save: Save) -> None:
    """A place is an article and a character of its text, any annotator's; none is impossible."""
    second = asked("old", "How long had the ferry crossed?", FERRY, "two centuries")

    questions = read_questions(save(squad(a=[paragraph(BRIDGE, OPENED), paragraph(FERRY, second)])))

    first, after = questions.cases
    text = questions.articles[0].text
    assert {text[place:][:10] for _, place in first.places} == {"March 1932", "1932. Ada "}
    assert [text[place:][:13] for _, place in after.places] == ["two centuries"]


def test_impossible(save: Save) -> None:
    """An impossible question has no places, whatever answers somebody found plausible."""
    tempting = OPENED | {"is_impossible": True}

    questions = read_questions(save(squad(a=[paragraph(BRIDGE, tempting, DESIGNED)])))

    assert [bool(case.places) for case in questions.cases] == [False, True]


def test_byte_order_mark(save: Save) -> None:
    """A byte order mark, as some editors write, is no part of the JSON."""
    path = save(PLAIN)
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())

    assert len(read_questions(path).cases) == 2


# What is no question set


def broken(case: Json) -> Json:
    """Return a sound set with what a case does to it."""
    root: Json = {"root": copy.deepcopy(PLAIN)}
    road: list[str | int] = ["root", *case["at"]]
    last = road.pop()
    holder = root
    for step in road:
        holder = holder[step]
    if "put" in case:
        holder[last] = json.loads(case["put"])
    else:
        del holder[last]
    return root["root"]


@pytest.mark.parametrize("case", BROKEN, ids=lambda case: case["label"])
def test_broken(case: Json, save: Save, command: Command) -> None:
    """The file, the place and the fault are named; exit 2, and nothing on stdout."""
    path = save(broken(case))

    code, out, err = command(path)

    assert (code, out) == (2, "")
    assert err.startswith(f"bot: error: {path}: ")
    assert err.endswith(f"{case['says']}\n")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "line 1, column 1: is no JSON: Expecting value"),
        (b"Ada Thorne\n", "line 1, column 1: is no JSON: Expecting value"),
        (b'{"data": [\n  }', "line 2, column 3: is no JSON: Expecting value"),
        (b'{"data": "caf\xe9"}', "byte 13: is no UTF-8"),
        (b'{"data": ' + b"1" * 5000 + b"}", "is no JSON that can be read"),
        (b'{"data": ' + b"[" * 100_000, "is no JSON that can be read"),
    ],
    ids=["empty", "prose", "half", "Latin-1", "a number too long", "nested too deep"],
)
def test_no_json(content: bytes, says: str, tmp_path: Path, command: Command) -> None:
    """The file and the place are named; exit 2, and nothing on stdout."""
    path = tmp_path / "set.json"
    path.write_bytes(content)

    code, out, err = command(path)

    assert (code, out) == (2, "")
    assert err.startswith(f"bot: error: {path}: {says}")


def test_no_file(tmp_path: Path, command: Command) -> None:
    """A file that is not there, and a folder: named with the reason; exit 2."""
    missing = tmp_path / "missing.json"

    assert command(missing) == (2, "", f"bot: error: {missing}: No such file or directory\n")
    assert command(tmp_path) == (2, "", f"bot: error: {tmp_path}: Is a directory\n")


def test_one_broken_of_two(save: Save, command: Command, tmp_path: Path) -> None:
    """Nothing is printed of the sound file either."""
    sound = save(PLAIN)
    torn = tmp_path / "torn.json"
    torn.write_text("{", encoding="utf-8")

    code, out, err = command(sound, torn)

    assert (code, out) == (2, "")
    assert "torn.json: line 1, column 2" in err


def test_parts_of_the_error(save: Save) -> None:
    """A program finds the file, the place and the fault apart."""
    path = save({"data": [7]})

    with pytest.raises(QuestionSetError) as caught:
        read_questions(path)

    error = caught.value
    assert (error.file, error.place, error.fault) == (str(path), "data[0]", "is no object")
    assert isinstance(error, bot.BotError)


# What a hit is


def test_a_hit_lies_in_the_right_paragraph(save: Save) -> None:
    """The same words in another paragraph, ranked before, are no hit."""
    again = asked("again", "When did the Thornwick Bridge open?", BRIDGE, "March 1932")
    other = squad(First=[paragraph(BRIDGE)], Second=[paragraph(BRIDGE, again)])

    (one,) = evaluate(save(other)).asked

    assert one.ranked[0].text == one.ranked[1].text
    assert one.outcome.rank == 2


def test_a_hit_holds_the_first_character(save: Save) -> None:
    """An answer that runs into the next sentence is found in the one where it starts."""
    start = BRIDGE.index("Ada")
    runs_on = asked("on", "Who designed the arches?", BRIDGE, "1932. Ada Thorne")
    starts = asked("at", "Who designed the arches?", BRIDGE, BRIDGE[start:])

    over, inside = evaluate(save(squad(a=[paragraph(BRIDGE, runs_on, starts)]))).asked

    assert over.ranked[0].text == inside.ranked[0].text == BRIDGE[start:]
    assert (over.outcome.rank, inside.outcome.rank) == (2, 1)


def test_any_annotator(save: Save) -> None:
    """One right place of several is enough."""
    two = asked("two", "Who designed the arches?", BRIDGE, "Thornwick", "Ada Thorne")

    (one,) = evaluate(save(squad(a=[paragraph(BRIDGE, two)]))).asked

    assert one.outcome.rank == 1


def test_ranked_before_silence(save: Save) -> None:
    """A right answer that is held back counts as a hit, and as a false silence."""
    unsure = asked("unsure", "Was it a crossing for two pigs of gold?", FERRY, "two centuries")

    (one,) = evaluate(
        save(squad(Market=[paragraph(MARKET)], Ferry=[paragraph(FERRY, unsure)]))
    ).asked

    assert one.outcome.silent
    assert one.outcome.rank == 1


def test_no_word_in_common(save: Save) -> None:
    """Without a sentence to rank there is no rank, no confidence and no length."""
    unheard = asked("unheard", "Quokka wombat?", FERRY, "ferry")

    (one,) = evaluate(save(squad(a=[paragraph(FERRY, unheard)]))).asked

    outcome = one.outcome
    assert (one.ranked, outcome.rank, outcome.confidence, outcome.words) == ((), 0, 0.0, 0)
    assert outcome.silent


# Follow-ups

LEADS = asked("bridge", "Who designed the Thornwick Bridge?", BRIDGE, "Ada Thorne")
LEANS = asked("leans", "When did it open?", BRIDGE, "March 1932", follows="bridge")


def test_only_follow_ups_count(save: Save) -> None:
    """Where a question follows another, those that follow none are not counted."""
    both = squad(Fish_market=[paragraph(MARKET)], Bridge=[paragraph(BRIDGE, LEADS, LEANS, OPENED)])

    result = evaluate(save(both))

    assert [one.case.identity for one in result.asked] == ["leans"]
    assert result.figures.questions == 1


def test_follows_nothing(save: Save) -> None:
    """A question whose "follows" is null or empty stands alone."""
    alone = [LEADS | {"follows": None}, OPENED | {"follows": ""}]

    questions = read_questions(save(squad(a=[paragraph(BRIDGE, *alone)])))

    assert questions.asked == questions.cases


def test_each_right_after_its_question(save: Save) -> None:
    """A follow-up knows the question before it, and none of another conversation."""
    sold = asked("sold", "What do traders sell?", MARKET, "herring")
    market = LEANS | asked("market", "When did it open?", MARKET, "June 2015", follows="sold")
    both = squad(
        Fish_market=[paragraph(MARKET, sold, market)], Bridge=[paragraph(BRIDGE, LEADS, LEANS)]
    )

    result = evaluate(save(both))

    assert first_texts(result) == [
        "The fish market opened in June 2015.",
        "The Thornwick Bridge opened in March 1932.",
    ]


def test_a_conversation_of_three(save: Save) -> None:
    """A follow-up of a follow-up is asked after both, in their order."""
    third = asked("third", "And who designed it?", BRIDGE, "Ada Thorne", follows="leans")
    questions = read_questions(save(squad(a=[paragraph(BRIDGE, third, LEADS, LEANS)])))
    cases = {case.identity: case for case in questions.cases}
    retriever = bot.Retriever(build_library(questions))
    expected = bot.Conversation(retriever)
    for question in (LEADS, LEANS):
        expected.ask(question["question"])

    talk = conversation_before(cases["third"], cases, retriever)

    assert talk.last == expected.last


# Figures


OUTCOME = Outcome(answerable=True, rank=0, confidence=0.0, silent=False, words=0, seconds=0.0)


def test_figures_by_hand() -> None:
    """Four questions that have answers and two that have none, counted by hand."""
    found = compute_metrics(
        [
            replace(OUTCOME, rank=1, confidence=0.9, words=10, seconds=0.001),
            replace(OUTCOME, rank=2, confidence=0.8, words=20, seconds=0.002),
            replace(OUTCOME, rank=4, confidence=0.3, words=30, silent=True, seconds=0.003),
            replace(OUTCOME, rank=0, confidence=0.0, silent=True, seconds=0.004),
            replace(
                OUTCOME,
                rank=0,
                confidence=0.3,
                words=40,
                answerable=False,
                silent=True,
                seconds=0.005,
            ),
            replace(OUTCOME, rank=0, confidence=0.85, words=50, answerable=False, seconds=0.006),
        ]
    )

    assert found == Metrics(
        questions=6,
        answerable=4,
        hit_1=1 / 4,
        hit_3=2 / 4,
        mrr_10=(1 + 1 / 2 + 1 / 4) / 4,
        # .9 exceeds both, .8 and .3 and 0: one of the two, half of one, none.
        silence_auroc=(2 + 1 + 0.5 + 0) / 8,
        false_silences=2 / 4,
        kept_silences=1 / 2,
        words_per_answer=(10 + 20 + 30 + 40 + 50) / 5,
        p50_ms=3.0,
        p95_ms=6.0,
    )


def test_figures_of_nothing() -> None:
    """What nothing can be said about is None, not 0."""
    assert compute_metrics([]) == Metrics(0, 0, *[None] * 9)
    assert mean([]) is None
    assert quantile([], 0.5) is None


confidences = st.lists(st.integers(0, 5).map(lambda n: n / 5), max_size=12)


@given(confidences, confidences)
def test_auroc_is_the_share_of_pairs(positive: list[float], negative: list[float]) -> None:
    """Every pair compared, a tie for half; None where there is no pair."""
    pairs = [(a > b) + (a == b) / 2 for a in positive for b in negative]

    assert auroc(positive, negative) == (pytest.approx(sum(pairs) / len(pairs)) if pairs else None)


@given(st.lists(st.integers(0, 30).map(float), min_size=1, max_size=60), st.sampled_from([50, 95]))
def test_quantile_is_the_least_that_is_enough(values: list[float], percent: int) -> None:
    """So many of a hundred do not exceed it, and it is the least such value."""
    enough = [
        value for value in values if 100 * sum(v <= value for v in values) >= percent * len(values)
    ]

    assert quantile(sorted(values), percent / 100) == min(enough)


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
def test_interval(right: int, count: int, low: float, high: float) -> None:
    """Wilson's interval, as it is published."""
    assert interval(right / count, count) == pytest.approx((low, high), abs=0.00006)


# What is printed

TYPES: dict[str, tuple[type, ...]] = {
    "file": (str,),
    "questions": (int,),
    "answerable": (int,),
    "hit@1": (float,),
    "hit@3": (float,),
    "mrr@10": (float,),
    "silence_auroc": (float,),
    "false_silences": (float,),
    "kept_silences": (float,),
    "words_per_answer": (float,),
    "p50_ms": (float,),
    "p95_ms": (float,),
}


def test_json(save: Save, command: Command) -> None:
    """One file is an object with the names and types that programs rely on."""
    path = save(MIXED)

    code, out, err = command(path, "--json", "--color", "always")

    record = json.loads(out)
    assert (code, err, out.count("\n")) == (0, "", 1)
    assert [*record] == [*TYPES]
    assert all(type(value) in TYPES[name] for name, value in record.items())
    assert record["file"] == str(path)
    assert (record["questions"], record["answerable"]) == (3, 2)
    assert (record["hit@1"], record["silence_auroc"], record["kept_silences"]) == (1.0, 1.0, 1.0)
    assert record["words_per_answer"] == (7 + 6 + 12) / 3  # what came closest to a quokka, too
    assert 0 < record["p50_ms"] <= record["p95_ms"]


def test_json_has_each_figure_under_its_name(save: Save) -> None:
    """Figures that all differ come out in the order of their names."""
    distinct = Metrics(1, 2, *(number / 10 for number in range(1, 10)))

    record = report.as_json(replace(evaluate(save(PLAIN)), figures=distinct))

    assert [*record.values()][1:] == [1, 2, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]


def test_json_without_impossible_ones(save: Save, command: Command) -> None:
    """Of silences that nobody could keep, null is said."""
    _, out, _ = command(save(PLAIN), "--json")

    record = json.loads(out)
    assert [name for name, value in record.items() if value is None] == [
        "silence_auroc",
        "kept_silences",
    ]


def test_json_of_several(save: Save, command: Command, tmp_path: Path) -> None:
    """Several files are an array, in the order in which they were named."""
    mixed = save(MIXED).rename(tmp_path / "mixed.json")
    plain = save(PLAIN)

    code, out, _ = command("--json", plain, mixed)

    records = json.loads(out)
    assert code == 0
    assert [record["file"] for record in records] == [str(plain), str(mixed)]
    assert [record["questions"] for record in records] == [2, 3]


def test_table(save: Save, command: Command) -> None:
    """A line a figure, shares in percent with their interval."""
    path = save(MIXED)

    code, out, err = command(path)

    lines = out.splitlines()
    assert (code, err) == (0, "")
    assert lines[0] == f"{path}: 3 questions, 2 answerable"
    assert lines[1].split() == "first answer right 100.0 % (34.2 to 100.0)".split()
    assert lines[5].split() == "impossible, silence kept 100.0 % (20.7 to 100.0)".split()
    assert lines[6].split()[-1] == "1.000"
    assert len(lines) == 10


def test_table_leaves_out_what_is_not_there(save: Save) -> None:
    """Where no question is impossible, no line speaks of silences kept."""
    text = report.table(evaluate(save(PLAIN)))

    assert "impossible" not in text
    assert "AUROC" not in text


def test_tables_of_several(save: Save, command: Command) -> None:
    """A blank line parts the tables of two files."""
    path = save(PLAIN)

    _, out, _ = command(path, path)

    assert [part.splitlines()[0] for part in out.split("\n\n")] == [
        f"{path}: 2 questions, 2 answerable"
    ] * 2


def test_an_empty_set(save: Save, command: Command) -> None:
    """No article and no question: nothing is found, and nothing fails."""
    code, out, err = command(save({"data": []}), "--peers")

    assert (code, err) == (0, "")
    assert out.splitlines()[0].endswith("set.json: 0 questions, 0 answerable")
    assert len(out.splitlines()) == 1


def test_misses(save: Save, command: Command, tmp_path: Path) -> None:
    """Each wrong first answer stands beside the right one, in a line; right ones do not."""
    wrong = asked("wrong", "Who\n designed the arches?", BRIDGE, "Thornwick", "Bridge")
    unheard = asked("unheard", "Quokka wombat?", FERRY, "ferry")
    path = save(squad(a=[paragraph(BRIDGE, wrong, OPENED), paragraph(FERRY, unheard, PRICED)]))
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


def test_misses_are_safe_to_show(save: Save, command: Command) -> None:
    """What would command a terminal is a symbol; half a pair of UTF-16 is written, too."""
    odd = "Tolls \x1b[2J were \ud800 taken at dawn. Ada Thorne took them."
    case = asked("odd", "When were tolls taken?", odd, "Ada")

    code, out, err = command(save(squad(a=[paragraph(odd, case)])), "--misses", "-")

    assert (code, err) == (0, "")
    assert "answered: Tolls \N{SYMBOL FOR ESCAPE}[2J were \N{REPLACEMENT CHARACTER} taken" in out


def test_misses_that_cannot_be_written(save: Save, command: Command, tmp_path: Path) -> None:
    """That is said before anything is measured: exit 2, nothing on stdout."""
    code, out, err = command(save(PLAIN), "--misses", tmp_path / "missing" / "misses.txt")

    assert (code, out) == (2, "")
    assert "No such file or directory" in err


def test_usage(command: Command) -> None:
    """Without a file there is nothing to measure: exit 2."""
    code, out, err = command()

    assert (code, out) == (2, "")
    assert "Missing argument 'FILE...'" in err


# Beside others


def test_peers(save: Save, command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    """rank-bm25's rows stand there; a package that is not installed is left out."""
    monkeypatch.setitem(sys.modules, "bm25s", None)
    path = save(MIXED)

    _, table, _ = command(path, "--peers")
    _, out, _ = command(path, "--peers", "--json")

    rows = [line.split("  ")[1] for line in table.splitlines() if ": first right" in line]
    assert rows == ["rank-bm25, as its README: first right", "rank-bm25, cleaned: first right"]
    assert json.loads(out)["peers"] == {"rank-bm25, as its README": 1.0, "rank-bm25, cleaned": 1.0}


@pytest.mark.skipif(find_spec("bm25s") is None, reason="bm25s is not installed")
def test_bm25s(save: Save) -> None:
    """bm25s is measured where it is installed."""
    assert evaluate(save(MIXED), with_peers=True).peers["bm25s"] == 1.0


def test_peers_that_are_wrong(save: Save) -> None:
    """Only the first sentence counts, and only in the right place."""
    wrong = asked("wrong", "Who designed the arches?", BRIDGE, "Thornwick")

    others = [paragraph(MARKET), paragraph(FERRY)]
    path = save(squad(a=[*others, paragraph(BRIDGE, wrong, OPENED)]))

    peers = evaluate(path, with_peers=True).peers

    assert set(peers.values()) == {0.5}


def test_peers_without_words(save: Save) -> None:
    """Articles of stop words alone are no fault of the set."""
    alone = "Where is it? There!"
    case = asked("where", "Where is the Thornwick Bridge?", alone, "There")

    peers = evaluate(save(squad(a=[paragraph(alone, case)])), with_peers=True).peers

    assert peers["rank-bm25, cleaned"] == 0.0
