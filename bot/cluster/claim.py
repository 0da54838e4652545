"""One publisher at a time: an entry in the state, kept alive by a thread."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from threading import Event, Lock, Thread
from typing import Any
from uuid import uuid4

from bot.cluster.connection import ClusterConnection
from bot.cluster.errors import (
    ClusterError,
    ForeignIndex,
    NoSuchLibrary,
    PublishingFault,
    WriteConflict,
)
from bot.cluster.schema import PROGRAM, state_body
from bot.cluster.state import STATE_ID, State

# Seconds between two beats of a publisher, and after which one without a beat is taken for dead.
BEAT, LEASE = 3.0, 15.0
WAITING = "another process publishes to {name}; waiting for it"


class Claim:
    """The right to publish, held by this process until it is released or lost."""

    def __init__(self, connection: ClusterConnection, state: State) -> None:
        self.connection: ClusterConnection = connection
        self._state = state
        self._lock = Lock()
        self._is_lost = False

    @property
    def state(self) -> State:
        """The state as this process wrote it last."""
        return self._state

    def check(self) -> None:
        """Raise PublishingFault if another process has taken over."""
        if self._is_lost:
            raise PublishingFault(
                self.connection.address, "another process took over, as this one stood still"
            )

    def end(self) -> None:
        """Give up the right, for the state itself is deleted."""
        with self._lock:
            self._is_lost = True

    def replace(self, **changes: Any) -> None:
        """Replace the state, if no other process did meanwhile. Raises PublishingFault."""
        with self._lock:
            self.check()
            try:
                self._state = write_state(self.connection, replace(self._state, **changes))
            except WriteConflict:
                self._is_lost = True
                self.check()

    def keep_alive(self, stop: Event) -> None:
        """Count the beat up until ``stop`` is set."""
        while not stop.wait(BEAT):
            with suppress(ClusterError):  # the work itself meets it, too, or the next beat works
                self.replace(beat=self._state.beat + 1)


@contextmanager
def hold_claim(
    connection: ClusterConnection, replicas: int, lease: float, notify: Callable[[str], None]
) -> Iterator[Claim]:
    """Hold the right to publish for the ``with`` block. Raises ClusterError.

    Another publisher whose beat stands still for ``lease`` seconds is taken for dead.
    """
    claim = Claim(connection, make_claim(connection, replicas, lease, notify))
    stop = Event()
    thread = Thread(target=claim.keep_alive, args=(stop,), daemon=True)
    thread.start()
    try:
        yield claim
    finally:
        stop.set()
        thread.join()
        with suppress(ClusterError):  # it ends by itself, or another process has it
            if claim.state.publisher:
                claim.replace(publisher="")


def make_claim(
    connection: ClusterConnection, replicas: int, lease: float, notify: Callable[[str], None]
) -> State:
    """Return the state with this process as its publisher, once no other is at work."""
    name = uuid4().hex
    state, seen = read_any_state(connection, replicas), time.monotonic()
    if state.publisher:
        notify(WAITING.format(name=connection.address.name))
    while True:
        if not state.publisher or time.monotonic() - seen > lease:
            with suppress(WriteConflict):
                return write_state(connection, replace(state, publisher=name))
        time.sleep(min(BEAT, lease) / 6)
        latest = read_any_state(connection, replicas)
        if latest.sequence != state.sequence:
            state, seen = latest, time.monotonic()


def read_any_state(connection: ClusterConnection, replicas: int) -> State:
    """Return the state of any version; where there is none, make it."""
    address = connection.address
    try:
        index = connection.send("GET", f"/{address.index}")
    except NoSuchLibrary:
        with suppress(ClusterError):  # another process made it at the same moment
            connection.send("PUT", f"/{address.index}", state_body(replicas))
        index = connection.send("GET", f"/{address.index}")
    require_own(connection, index)
    document = connection.get(address.index, STATE_ID)
    return State.from_document(document) if document and document.get("found") else State()


def require_own(connection: ClusterConnection, index: dict[str, Any]) -> None:
    """Raise ForeignIndex unless this program made the index described."""
    for description in index.values():
        if description["mappings"].get("_meta", {}).get("program") != PROGRAM:
            fault = "that index is not one of bot's, and stays as it is; choose another name"
            raise ForeignIndex(connection.address, fault)


def write_state(connection: ClusterConnection, state: State) -> State:
    """Write the state if it is unchanged since it was read. Raises WriteConflict."""
    path = f"/{connection.address.index}/_doc/{STATE_ID}"
    number, term = state.sequence
    params = {"refresh": "true"}
    if number < 0:
        params["op_type"] = "create"
    else:
        params.update(if_seq_no=str(number), if_primary_term=str(term))
    answer = connection.send("PUT", path, state.to_document(), **params)
    return replace(state, sequence=(answer["_seq_no"], answer["_primary_term"]))
