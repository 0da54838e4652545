"""Search a cached library as a user who may not write to the cache.

    python search_unprivileged.py ARTICLES CACHE QUESTION

Prints the number of notices and the first answer. Root, who may write anywhere, becomes nobody.
"""

import os
import sys
from pathlib import Path

import bot
from bot.storage.cache import open_library
from bot.storage.options import OpenOptions

NOBODY = 65534


def search(cache: Path | None) -> str:
    """Return the number of notices and the text of the first answer."""
    notices: list[str] = []
    opened = open_library([articles], cache, OpenOptions(notify=notices.append))
    answer = bot.Retriever(opened.library, engine=opened.engine).search(sys.argv[3])[0]
    return f"{len(notices)} {answer.text}"


articles = Path(sys.argv[1])
search(None)  # imports every module: nobody may not read their files
if os.getuid() == 0:
    os.setgid(NOBODY)
    os.setuid(NOBODY)
print(search(Path(sys.argv[2])))
