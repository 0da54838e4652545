"""The exit codes of the command."""

from enum import IntEnum


class ExitCode(IntEnum):
    """How a command ended, as scripts rely on it."""

    ANSWERED = 0
    UNANSWERED = 1
    FAILED = 2
    INTERRUPTED = 130
