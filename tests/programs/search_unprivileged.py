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


def main() -> None:
    """Open the library and search."""
    articles, cache = map(Path, sys.argv[1:3])
    open_library([articles], None)  # imports every module: nobody may not read them
    if os.getuid() == 0:
        os.setgid(NOBODY)
        os.setuid(NOBODY)
    notices: list[str] = []
    opened = open_library([articles], cache, OpenOptions(notify=notices.append))
    retriever = bot.Retriever(opened.library, engine=opened.engine)
    print(len(notices), retriever.search(sys.argv[3])[0].text)


if __name__ == "__main__":
    main()
