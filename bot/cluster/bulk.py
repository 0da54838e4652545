"""Bulk requests: documents in, each of them acknowledged, or an error in one line."""

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from bot.cluster.connection import (
    BUSY,
    FIRST_WAIT,
    MAX_WAIT,
    ClusterConnection,
    encode_lines,
)
from bot.cluster.errors import ClusterBusy, PublishingFault
from bot.cluster.faults import describe_reason

# Bytes of a request, about; the cluster's own advice is 5 to 15 MB.
MAX_BYTES = 5_000_000
# Times that what a busy cluster refused is sent again: three minutes in all.
MAX_ROUNDS = 40
# Documents that are refused for good and named.
MAX_FAULTS = 3


class Action(NamedTuple):
    """A document to write or delete, and the lines that say so in a request."""

    identity: str
    lines: str


def write(index: str, identity: str, document: Mapping[str, Any]) -> Action:
    """Return the action that writes a document, in place of one with the same id."""
    head = {"index": {"_index": index, "_id": identity}}
    return Action(identity, encode_lines([head, document]))


def delete(index: str, identity: str) -> Action:
    """Return the action that deletes a document."""
    return Action(identity, encode_lines([{"delete": {"_index": index, "_id": identity}}]))


def send_bulk(connection: ClusterConnection, actions: Sequence[Action]) -> None:
    """Have ``actions`` done, what a busy cluster refuses again later. Raises ClusterError."""
    wait = FIRST_WAIT
    for _ in range(MAX_ROUNDS):
        refused = []
        for part in split_actions(actions):
            refused += send_part(connection, part)
        if not refused:
            return
        time.sleep(wait)
        actions, wait = refused, min(2 * wait, MAX_WAIT)
    raise ClusterBusy(connection.address, f"too busy for {len(actions):,} documents; run again")


def send_part(connection: ClusterConnection, actions: Sequence[Action]) -> list[Action]:
    """Send one request; return the actions that the cluster is too busy for at present."""
    try:
        answer = connection.send("POST", "/_bulk", "".join(action.lines for action in actions))
    except ClusterBusy:
        return list(actions)
    if not answer["errors"]:
        return []
    refused, faults = [], []
    for action, item in zip(actions, answer["items"], strict=True):
        [result] = item.values()
        if result["status"] == BUSY:
            refused.append(action)
        elif "error" in result:
            reason = describe_reason(result["error"].get("type"), result)
            faults.append(f"document {action.identity}: {reason}")
    if faults:
        others = f"; and {len(faults) - MAX_FAULTS:,} more" if len(faults) > MAX_FAULTS else ""
        fault = f"it refused {'; '.join(faults[:MAX_FAULTS])}{others}"
        raise PublishingFault(connection.address, fault)
    return refused


def split_actions(actions: Iterable[Action]) -> Iterator[list[Action]]:
    """Yield ``actions`` in parts of some megabytes."""
    part: list[Action] = []
    size = 0
    for action in actions:
        part.append(action)
        size += len(action.lines)
        if size > MAX_BYTES:
            yield part
            part, size = [], 0
    if part:
        yield part
