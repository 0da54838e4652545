"""Import every module, and answer a question, where Python has nothing that is POSIX's alone.

    python ask_without_posix.py QUESTION ARTICLES

The libraries that differ by system themselves are imported before: here they need Linux.
"""

import multiprocessing.popen_spawn_posix
import multiprocessing.resource_tracker
import os
import pkgutil
import signal
import sys
from contextlib import suppress
from importlib import import_module

import numpy
import platformdirs
import prompt_toolkit

import bot
from bot.errors import MissingExtra

LIBRARIES = (
    multiprocessing.popen_spawn_posix,
    multiprocessing.resource_tracker,
    numpy,
    platformdirs,
    prompt_toolkit,
)
EXTRAS = ("mcp", "onnxruntime", "tokenizers")
MODULES = "fcntl pwd grp termios tty pty resource syslog readline curses".split()
NAMES = {
    os: """chown fchmod fchown fork forkpty getegid geteuid getgid getpgid getuid killpg lchown
        mkfifo mknod O_CLOEXEC O_NOCTTY O_NONBLOCK openpty register_at_fork sched_getaffinity setsid
        statvfs tcgetpgrp ttyname uname WNOHANG""",
    signal: """alarm pthread_kill pthread_sigmask setitimer sigtimedwait sigwait SIGALRM SIGCHLD
        SIGCONT SIGHUP SIGKILL SIGPIPE SIGQUIT SIGTSTP SIGUSR1 SIGWINCH""",
}


def remove_posix() -> None:
    """Have imports of POSIX's modules fail, and take its names out of the others."""
    sys.modules.update(dict.fromkeys(MODULES))  # type: ignore[arg-type]
    for module, names in NAMES.items():
        for name in names.split():
            if hasattr(module, name):
                delattr(module, name)


def main() -> None:
    """Import every module, those of extras where they are installed, and run the command."""
    assert LIBRARIES
    for name in EXTRAS:
        with suppress(ModuleNotFoundError):
            import_module(name)
    remove_posix()
    for module in pkgutil.walk_packages(bot.__path__, "bot."):
        try:
            import_module(module.name)
        except (MissingExtra, ModuleNotFoundError) as error:
            if isinstance(error, ModuleNotFoundError) and error.name in MODULES:
                raise
    sys.argv[1:] = ["ask", *sys.argv[1:]]
    sys.exit(import_module("bot.cli.run").run())


if __name__ == "__main__":
    main()
