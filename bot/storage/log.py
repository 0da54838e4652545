"""The logger "bot", which is silent unless a program listens to it."""

import sys


def log(message: str, *values: object) -> None:
    """Log at level INFO, if the program has loaded ``logging``: that takes 5 ms of a start.

    >>> log("%d articles", 3)
    """
    if logging := sys.modules.get("logging"):
        logging.getLogger("bot").info(message, *values)
