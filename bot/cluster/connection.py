"""Requests to a cluster: tried again where that helps, and refused where an answer is partial."""

import json
import logging
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib import import_module
from typing import Any, TypeVar

from bot.cluster.errors import (
    ClusterBusy,
    ClusterError,
    ClusterRefusal,
    ClusterUnreachable,
    NoSuchLibrary,
    PartialResult,
    WriteConflict,
)
from bot.cluster.faults import (
    describe_certificates,
    describe_connection,
    describe_credentials,
    describe_reason,
    describe_tls,
)
from bot.config.cluster_address import ClusterAddress
from bot.errors import LibraryReplaced, explain_missing_extra

Result = TypeVar("Result")
Search = tuple[str, Mapping[str, Any]]  # the name of an index, and the body of a search in it

# Statuses of a cluster that is busy, and of one that has just lost a node.
BUSY = 429
PASSING = frozenset((BUSY, 500, 502, 503, 504))
# Seconds before a request is tried again, doubled each time.
FIRST_WAIT, MAX_WAIT = 0.2, 5.0
# Document frequencies are those of all shards, and no shard may be left out.
SEARCH: dict[str, str | bool] = {
    "search_type": "dfs_query_then_fetch",
    "allow_partial_search_results": False,
}


class PassingFault(Exception):
    """A fault that may be over at the next try; ``error`` is raised if it is not."""

    def __init__(self, error: ClusterError) -> None:
        self.error = error
        super().__init__(str(error))


class ClusterConnection:
    """Sends requests to one cluster, from any thread. Raises ClusterError."""

    def __init__(self, address: ClusterAddress) -> None:
        self.address = address
        self._faults = import_opensearch().exceptions
        self._client = open_client(address)
        self.requests: int = 0

    def send(self, method: str, path: str, body: Any = None, **params: str) -> Any:
        """Send a request and return the answer, decoded; a passing fault is tried again."""
        return self.try_again(lambda: self._send(method, path, body, params))

    def search(self, searches: Sequence[Search]) -> list[Mapping[str, Any]]:
        """Run searches in one request and return the result of each, whole."""
        lines = [line for index, body in searches for line in ({**SEARCH, "index": index}, body)]
        encoded = encode_lines(lines)

        def request() -> list[Mapping[str, Any]]:
            answer = self._send("POST", "/_msearch", encoded, {})
            results = answer.get("responses", ())
            if len(results) != len(searches):
                raise PassingFault(PartialResult(self.address, "searches without a result"))
            for result in results:
                self._check_whole(result)
            return list(results)

        return self.try_again(request)

    def get(self, index: str, identity: str) -> Mapping[str, Any] | None:
        """Return a document as it is now, None if there is none."""
        try:
            answer = self.send("GET", f"/{index}/_doc/{identity}")
        except NoSuchLibrary:
            return None
        found: Mapping[str, Any] = answer
        return found

    def try_again(self, request: Callable[[], Result]) -> Result:
        """Return the result of ``request``, tried again after a passing fault."""
        wait = FIRST_WAIT
        for _ in range(self.address.tries - 1):
            try:
                return request()
            except PassingFault:
                time.sleep(wait)
                wait = min(2 * wait, MAX_WAIT)
        try:
            return request()
        except PassingFault as fault:
            raise fault.error from fault.__cause__

    def _send(self, method: str, path: str, body: Any, params: Mapping[str, str]) -> Any:
        self.requests += 1
        try:
            return self._client.transport.perform_request(method, path, params=params, body=body)
        except self._faults.ConnectionTimeout as error:
            late = f"no answer within {self.address.timeout:g} s"
            raise PassingFault(ClusterUnreachable(self.address, late)) from error
        except self._faults.SSLError as error:
            raise ClusterUnreachable(self.address, describe_tls(error, self.address.ca)) from error
        except self._faults.ConnectionError as error:
            unreachable = ClusterUnreachable(self.address, describe_connection(error))
            raise PassingFault(unreachable) from error
        except self._faults.TransportError as error:
            raise self._translate(error.status_code, error.error, error.info) from error
        except self._faults.SerializationError as error:
            strange = "its answer is not that of OpenSearch"
            raise ClusterUnreachable(self.address, strange) from error

    def _translate(self, status: object, kind: object, info: object) -> Exception:
        """Return the error for a status that is not 200."""
        reason = describe_reason(kind, info)
        if status == 401:
            return ClusterRefusal(self.address, describe_credentials(self.address))
        if status == 403:
            index = self.address.index
            remedy = f"give the user the rights to {index} and {index}-*"
            return ClusterRefusal(self.address, f"not allowed; {remedy} ({reason})")
        if status == 404:
            return NoSuchLibrary(self.address, "no such index or document")
        if status == 409:
            return WriteConflict(self.address, "another process changed it at the same moment")
        if status == BUSY:
            return PassingFault(ClusterBusy(self.address, f"too busy: {reason}"))
        if status in PASSING:
            return PassingFault(PartialResult(self.address, f"a part does not answer: {reason}"))
        return ClusterError(self.address, f"status {status}: {reason}")

    def _check_whole(self, result: Mapping[str, Any]) -> None:
        """Raise an error unless all shards gave their part of ``result``."""
        if "error" in result:
            kind = result["error"].get("type") if isinstance(result["error"], Mapping) else ""
            if kind == "index_not_found_exception":
                raise LibraryReplaced(self.address.name)
            raise self._translate(result.get("status"), kind, result)
        if result.get("timed_out") or result["_shards"]["failed"]:
            fault = "a part of the index does not answer"
            raise PassingFault(PartialResult(self.address, fault))


def encode_lines(lines: Iterable[Mapping[str, Any]]) -> str:
    r"""Return objects as JSON, one a line.

    >>> encode_lines([{"a": 1}, {}])
    '{"a":1}\n{}\n'
    """
    return "".join(
        json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n" for line in lines
    )


def import_opensearch() -> Any:
    """Return the client library, half a second's import. Raises MissingExtra."""
    with explain_missing_extra("cluster", "opensearchpy"):
        return import_module("opensearchpy")


def open_client(address: ClusterAddress) -> Any:
    """Return a client of the cluster; nothing is sent yet. Raises ClusterUnreachable."""
    # Without a handler of the program's, Python would print the client's warnings.
    logging.getLogger("opensearch").addHandler(logging.NullHandler())
    options: dict[str, Any] = {"timeout": address.timeout, "max_retries": 0, "pool_maxsize": 16}
    credentials = address.credentials
    if credentials.key:
        options["headers"] = {"Authorization": f"ApiKey {credentials.key}"}
    elif credentials.user:
        options["http_auth"] = (credentials.user, credentials.password)
    if address.ca:
        if fault := describe_certificates(address.ca):
            raise ClusterUnreachable(address, fault)
        options["ca_certs"] = str(address.ca)
    return import_opensearch().OpenSearch(list(address.hosts()), **options)
