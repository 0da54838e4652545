"""Records added, updated and removed: each change is a new retriever, as one built anew."""

import gc
import weakref
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

import bot

WORDS = "bridge river tower old stone opened the of harbour built ferry light keeper".split()
SENTENCE = st.lists(st.sampled_from(WORDS), min_size=1, max_size=6).map(
    lambda words: f"{' '.join(words).capitalize()}."
)
TEXT = st.lists(SENTENCE, min_size=1, max_size=4).map("\n\n".join)
TITLE = st.sampled_from(["", "The lamp", "Old bridge"])
IDS = [1, 2, "n-3", "n-4", "5"]
RECORDS = st.dictionaries(st.sampled_from(IDS), st.tuples(TEXT, TITLE), max_size=3)
QUESTIONS = ["When was the old bridge opened?", "tower of stone", "harbuor", "the lamp", "ferry"]

Records = dict[int | str, tuple[str, str]]


def as_records(articles: Records) -> list[dict[str, object]]:
    """Return the records of ``articles``, whose texts and titles are given by id."""
    return [
        {"id": key, "text": text, "title": title, "n": 1} for key, (text, title) in articles.items()
    ]


class History(RuleBasedStateMachine):
    """A history of changes of a retriever; ``articles`` are those that it should have."""

    def __init__(self) -> None:
        super().__init__()
        self.retriever = bot.Retriever.from_records([])
        self.articles: Records = {}

    @rule(records=RECORDS)
    def add(self, records: Records) -> None:
        """Add those whose ids are new."""
        new = {key: value for key, value in records.items() if key not in self.articles}
        self.retriever = self.retriever.add(as_records(new))
        self.articles |= new

    @rule(records=RECORDS)
    def update(self, records: Records) -> None:
        """Replace or add them."""
        self.retriever = self.retriever.update(as_records(records))
        self.articles |= records

    @precondition(lambda self: self.articles)
    @rule(data=st.data())
    def remove(self, data: st.DataObject) -> None:
        """Remove some; the retriever of before has them still."""
        ids = data.draw(st.sets(st.sampled_from([*self.articles])))
        before, known = self.retriever, dict(self.articles)
        self.retriever = self.retriever.remove(ids)
        for key in ids:
            del self.articles[key]
        assert [article.id for article in before.library.articles] == [*known]

    @invariant()
    def answers_as_one_built_anew(self) -> None:
        """Replies are equal in order, scores, silence, corrections and unknown words."""
        fresh = bot.Retriever.from_records(as_records(self.articles))
        for question in QUESTIONS:
            assert self.retriever.ask(question) == fresh.ask(question)
            assert self.retriever.search(question) == fresh.search(question)


TestHistory = pytest.mark.slow(History.TestCase)
TestHistory.settings = settings(max_examples=6, stateful_step_count=12)


RECORD = ("n-1", "The bridge opened in 1932.")


def test_wrong_ids_are_errors_that_name_them() -> None:
    """Nothing is changed then."""
    retriever = bot.Retriever.from_records([RECORD])

    with pytest.raises(ValueError, match="'n-1' is in the library"):
        retriever.add([RECORD])
    with pytest.raises(ValueError, match="no article has the id 'n-7'"):
        retriever.remove(["n-1", "n-7"])
    with pytest.raises(ValueError, match="give a list"):
        retriever.remove("n-1")

    assert retriever.ask("When did the bridge open?").answers


def test_fields_have_the_names_given() -> None:
    """Records are read as by ``from_records``; the last of an id counts in an update."""
    retriever = bot.Retriever.from_records([RECORD])
    names = {"id": "key", "text": "body", "title": "name", "date": "day"}
    record = {"key": "n-2", "body": "A ferry left.", "name": "Ferry", "day": "2024-11-19"}

    added = retriever.add([record], **names).library.articles[1]
    updated = retriever.update([record, record | {"name": "Ship"}], **names).library.articles[1]

    assert (added.id, added.title, str(added.date)) == ("n-2", "Ferry", "2024-11-19")
    assert updated.title == "Ship"


def test_threshold_stays() -> None:
    """A retriever that answers only when it is sure does so after a change."""
    retriever = bot.Retriever.from_records([RECORD]).with_threshold(0.999)

    changed = retriever.add([("n-2", "A ferry left.")])

    assert changed.ask("When did the bridge open?").silence is bot.Silence.WEAK


def test_threads_meet_one_snapshot_or_the_other() -> None:
    """Sixteen threads ask while records come and go: each reply is that of a whole snapshot."""
    texts = [f"The bridge number {number} opened in {1900 + number}." for number in range(10)]
    snapshots = [bot.Retriever.from_records([("n-0", texts[0])])]
    question, asked, ended = "When did the bridge open?", list[tuple[int, bot.Reply]](), Event()

    def ask() -> None:
        while not ended.is_set():
            size = len(snapshots)
            asked.append((size, snapshots[size - 1].ask(question)))

    with ThreadPoolExecutor(16) as pool:
        workers = [pool.submit(ask) for _ in range(16)]
        for number, text in enumerate(texts[1:], 1):
            snapshots.append(snapshots[-1].add([(f"n-{number}", text)]))
        ended.set()
        for worker in workers:
            worker.result()

    expected = {
        size: bot.Retriever.from_records(
            (f"n-{number}", text) for number, text in enumerate(texts[:size])
        ).ask(question)
        for size in {size for size, _ in asked}
    }
    assert all(reply == expected[size] for size, reply in asked)


def test_old_snapshots_leave_memory() -> None:
    """A retriever that nobody uses any more, and its index, go at once, without a collection."""
    retriever = bot.Retriever.from_records([RECORD])
    retriever.ask("When did the brigde open in Lima?", where={"id": "n-1"})
    old = weakref.ref(retriever), weakref.ref(retriever.engine)

    gc.disable()
    try:
        retriever = retriever.add([("n-2", "A ferry left.")])

        assert [each() for each in old] == [None] * 2
    finally:
        gc.enable()
    assert retriever.library.articles[0].id == "n-1"
