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


@pytest.fixture(scope="session")
def cluster_urls(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[str]]:
    """The nodes of a real OpenSearch, one for all test processes, which ends with the last."""
    missing = [name for name in ("java", "mvn") if not shutil.which(name)]
    if missing:
        pytest.skip(f"no OpenSearch without {' and '.join(missing)}")
    fcntl = pytest.importorskip("fcntl", reason="the test processes share it by POSIX's locks")
    folder = tmp_path_factory.getbasetemp()
    folder = (folder if "PYTEST_XDIST_WORKER" not in os.environ else folder.parent) / "cluster"
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if (folder / "nodes.json").exists():
            descriptor = os.open(folder / "stdin", os.O_WRONLY)
        else:
            descriptor = start_cluster(folder)
    yield json.loads((folder / "nodes.json").read_text())["urls"]
    os.close(descriptor)


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


def start_cluster(folder: Path) -> int:
    """Start three nodes in one JVM, and write their addresses into ``folder``.

    They end with their standard input: when no process has the descriptor open any more that is
    returned, or another one of the same pipe.
    """
    program = Path(__file__).parent / "programs" / "cluster" / "run_nodes.py"
    os.mkfifo(folder / "stdin")
    os.mkfifo(folder / "stdout")
    script = '"$0" "$1" "$2" <"$2/stdin" >"$2/stdout" 2>"$2/messages" &'
    subprocess.run(["sh", "-c", script, sys.executable, program, folder], check=True)
    descriptor = os.open(folder / "stdin", os.O_WRONLY)
    with (folder / "stdout").open() as output:
        line = output.readline()
    assert line, (folder / "messages").read_text()
    (folder / "nodes.json").write_text(line)
    return descriptor
