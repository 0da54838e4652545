"""``bot serve``: answer over HTTP until a signal stops it."""

import errno
import gc
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from pathlib import Path
from socket import gaierror, socket
from tempfile import TemporaryDirectory
from typing import Any

from bot.cli.exit_code import ExitCode
from bot.cli.library import open_cluster, open_retriever
from bot.cli.output import Output
from bot.config.paths import choose_source
from bot.config.settings import Settings
from bot.errors import BotError, explain_missing_extra
from bot.index.memory import MemoryEngine
from bot.storage.parallel import usable_processors

with explain_missing_extra("server", "jinja2", "starlette", "uvicorn"):
    from bot.integrations.http.app import build_app
    from bot.integrations.http.cluster_follower import ClusterFollower
    from bot.integrations.http.follower import Follower
    from bot.integrations.http.gate import AccessRule
    from bot.integrations.http.library_follower import LibraryFollower
    from bot.integrations.http.peers import Peers
    from bot.integrations.http.responder import Responder
    from bot.integrations.http.server import serve
    from bot.integrations.http.sockets import CAN_SHARE, address_url, is_loopback, listen_at
    from bot.integrations.http.workers import run_workers

# More processes than this answer no faster for one person, and each takes
# 16 to 22 MB of its own, with the bundled corpus.
MAX_WORKERS = 4
REMEDIES = {
    errno.EADDRINUSE: "another program listens there; choose another with --port, or --port 0",
    errno.EACCES: "this user may not listen there; choose a --port above 1023",
    errno.EADDRNOTAVAIL: "this machine has no such address; give one of its own to --host",
}


@dataclass(frozen=True, slots=True)
class ServeOptions:
    """Where to listen, who may ask, and the number of processes, None for one a processor."""

    host: str
    port: int
    workers: int | None
    token: str | None
    names: tuple[str, ...]

    def count_workers(self) -> int:
        """Return how many processes answer: one where they cannot listen at one address."""
        if not CAN_SHARE:
            return 1
        return self.workers or min(usable_processors() or 1, MAX_WORKERS)


class CannotListen(BotError):
    """An address at which no server can be started."""

    def __init__(self, host: str, port: int, error: OSError) -> None:
        self.host: str = host
        self.port: int = port
        is_unknown = isinstance(error, gaierror)
        fault = "no such host is known; give a name or an address to --host"
        remedy = fault if is_unknown else REMEDIES.get(error.errno or 0, error.strerror)
        super().__init__(f"cannot listen at {host}, port {port}: {remedy}")


def run(paths: tuple[Path, ...], settings: Settings, given: Mapping[str, Any]) -> int:
    """Serve the articles at ``paths``; return the exit code."""
    options = ServeOptions(**given)
    output = Output.from_settings(settings)
    follow = choose_follower(paths, settings, output)
    listeners = open_listeners(options)
    access = allow_access(listeners[0], options, output)

    def run_worker(index: int, listener: socket, folder: Path) -> None:
        note = output.note if index == 0 else ignore
        peers = Peers(folder, index, len(listeners))
        responder = Responder(follow(note), peers, settings.limit)
        app = build_app(responder, access, output.note, version("article-bot"))
        serve(app, listener, has_parent=len(listeners) > 1)

    output.note(f"Serving at {address_url(listeners[0])} (Ctrl-C stops it)")
    # What is there now lives as long as the workers: none need look at it, and write to pages of
    # memory that they share.
    gc.freeze()
    with TemporaryDirectory(prefix="bot-") as folder:
        start = partial(run_worker, folder=Path(folder))
        is_interrupted = run_workers(listeners, start, output.warn)
    return ExitCode.INTERRUPTED if is_interrupted else ExitCode.ANSWERED


def choose_follower(
    paths: tuple[Path, ...], settings: Settings, output: Output
) -> Callable[[Callable[[str], None]], Follower]:
    """Return the function with which each worker follows the library; print which that is."""
    if not settings.engine:
        source = choose_source(paths, settings.library)
        retriever = open_retriever(paths, settings, output)
        # Here, and not in each of the workers while it is asked: half a second and 100 MB.
        MemoryEngine.kernel.load()
        return partial(LibraryFollower, source.paths, retriever)
    retriever = open_cluster(paths, settings, output)
    # Connections are not shared between processes.
    return lambda note: ClusterFollower(retriever.reconnect(), note)


def ignore(_: str) -> None:
    """Leave it to the first worker to note a change that all of them see."""


def open_listeners(options: ServeOptions) -> list[socket]:
    """Return a listening socket for each worker. Raises CannotListen."""
    try:
        return listen_at(options.host, options.port, options.count_workers())
    except OSError as error:
        raise CannotListen(options.host, options.port, error) from error


def allow_access(listener: socket, options: ServeOptions, output: Output) -> AccessRule:
    """Return who may ask; warn where that is anybody."""
    is_local = is_loopback(listener)
    if not is_local and not options.token:
        output.warn("every machine that reaches this one may ask; --token asks for a password")
    names = frozenset(name.lower() for name in (*options.names, options.host))
    return AccessRule(is_local, names, options.token or "")
