"""A small library of three articles, and its retriever."""

import gc
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

import bot
from bot.cluster.connection import ClusterConnection
from bot.cluster.errors import NoSuchLibrary
from bot.cluster.publish import PublishingOptions, delete_publication, publish
from bot.config.cluster_address import ClusterAddress

# No test times: on a shared machine an example may take any time, and so may its making.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
# CI has the same examples each time: what others find is for those who can look into it at once.
settings.register_profile("repeatable", settings.get_profile("untimed"), derandomize=True)
settings.load_profile("untimed")
# Bytecode is kept, whatever the environment says: hundreds of processes are started, and each would
# compile the package again.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False
# Nor does the terminal in which the tests are run change what the program writes.
for variable in ("COLUMNS", "LINES", "NO_COLOR"):
    os.environ.pop(variable, None)
# The modules of hosts and tests are no garbage, and to look through them takes most of a second.
gc.disable()

FILES = {
    "bridge.txt": """\
Ninety years of the Thornwick Bridge
Tuesday 8 March 2022 | 09:30

The Thornwick Bridge opened to carts and walkers in March 1932. Ada Thorne,
an engineer from Leith, designed its three arches. It replaced a ferry that
had crossed the river for two centuries.

Building it took four years and eleven thousand tonnes of granite.
""",
    "lighthouse.md": """\
---
title: The lamp of Skerry Rock
date: 2019-10-02
---
# The lamp of Skerry Rock

The lighthouse on Skerry Rock burned whale oil until 1881. Its keeper, Magnus
Flett, climbed 142 steps every evening.

## Today

A solar panel feeds the lamp now, and nobody lives on the island.
""",
    "market.txt": """\
The fish market moves

The fish market left the harbour on 4 June 2015 because its roof leaked.
Traders sell herring, crab and 猫の缶詰 in the old tram depot.
""",
}


def pytest_collection_finish() -> None:
    """Leave all that was imported out of later collections of garbage."""
    gc.freeze()
    gc.enable()


@pytest.fixture(autouse=True, scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A user of whom nothing is saved yet, and of whom nothing that the tests save is left."""
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        for name in ("CONFIG", "STATE", "CACHE"):
            patch.setenv(f"XDG_{name}_HOME", str(home / name.lower()))
        yield home


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The articles as files; do not write to it."""
    folder = tmp_path_factory.mktemp("articles")
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def library(folder: Path) -> bot.Library:
    return bot.Library.from_path(folder)


@pytest.fixture(scope="session")
def retriever(library: bot.Library) -> bot.Retriever:
    """It answers wherever a word is shared: thresholds are measured on larger libraries."""
    return bot.Retriever(library).with_threshold(0.0)


class SharedCluster:
    """A real OpenSearch of three nodes in one JVM, for all test processes.

    It ends with its standard input, a pipe that each process has open which uses the nodes. The
    lock is held by whoever starts them, and then by the one that waits for their addresses.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        self._folder, self._pipe = folder, folder / "stdin"
        self._descriptor: int | None = None

    def start(self, *, wait: bool) -> None:
        """Start the nodes if they do not run; ``wait`` if another process is starting them."""
        fcntl = import_module("fcntl")
        with (self._folder / "lock").open("w") as lock, suppress(BlockingIOError):
            fcntl.flock(lock, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
            if self._descriptor is None and not self._join():
                self._run_nodes(lock.fileno())

    def urls(self) -> list[str]:
        """Return the addresses of the nodes, once they are up."""
        self.start(wait=True)  # returns once they are, if they were started before
        self.start(wait=True)
        line = (self._folder / "nodes.json").read_text()
        assert line, (self._folder / "messages").read_text()
        urls: list[str] = json.loads(line)["urls"]
        return urls

    def leave(self) -> None:
        """Use the nodes no more."""
        if self._descriptor is not None:
            os.close(self._descriptor)

    def _join(self) -> bool:
        """Return whether the nodes run, which then go on while this process uses them."""
        try:
            self._descriptor = os.open(self._pipe, os.O_WRONLY | os.O_NONBLOCK)
        except OSError:  # nobody made the pipe, or nobody reads from it any more
            return False
        return True

    def _run_nodes(self, lock: int) -> None:
        program = Path(__file__).parent / "programs" / "cluster" / "run_nodes.py"
        for name in ("stdin", "stdout"):
            (self._folder / name).unlink(missing_ok=True)
            os.mkfifo(self._folder / name)
        nodes = '"$0" "$1" "$2" <"$2/stdin" >"$2/stdout" 2>"$2/messages" &'
        subprocess.run(["sh", "-c", nodes, sys.executable, program, self._folder], check=True)
        addresses = 'head -n 1 <"$0/stdout" >"$0/nodes.json" &'
        subprocess.run(["sh", "-c", addresses, self._folder], check=True, pass_fds=[lock])
        self._descriptor = os.open(self._pipe, os.O_WRONLY)


@pytest.fixture(autouse=True, scope="session")
def cluster(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[SharedCluster]:
    """The nodes, which start beside the first tests if any of them needs a cluster."""
    folder = tmp_path_factory.getbasetemp()
    folder = folder if "PYTEST_XDIST_WORKER" not in os.environ else folder.parent
    cluster = SharedCluster(folder / "cluster")
    users = ("cluster_urls" in getattr(item, "fixturenames", ()) for item in request.session.items)
    if not missing_for_cluster() and any(users):
        cluster.start(wait=False)
    yield cluster
    cluster.leave()


def missing_for_cluster() -> list[str]:
    """Return the names of what a cluster needs and is not there."""
    missing = [name for name in ("java", "mvn") if not shutil.which(name)]
    return missing + [name for name in ("fcntl", "opensearchpy") if not find_spec(name)]


@pytest.fixture(scope="session")
def cluster_urls(cluster: SharedCluster) -> list[str]:
    """The addresses of the nodes of a real OpenSearch."""
    if missing := missing_for_cluster():
        pytest.skip(f"no OpenSearch without {' and '.join(missing)}")
    return cluster.urls()


@pytest.fixture
def published(
    cluster_urls: list[str], library: bot.Library, request: pytest.FixtureRequest
) -> Iterator[ClusterAddress]:
    """The address of the small library on the cluster, which is deleted after the test."""
    pytest.importorskip("opensearchpy", reason="needs article-bot[cluster]")
    name = "-".join(re.findall(r"[a-z0-9]+", request.node.name.lower()))
    address = ClusterAddress(tuple(cluster_urls), name)
    publish(ClusterConnection(address), library, PublishingOptions(shards=1, replicas=0))
    yield address
    with suppress(NoSuchLibrary):  # the test may have deleted it
        delete_publication(ClusterConnection(address))
