"""Search in two processes while a third changes an article and updates the library.

    python search_during_updates.py ARTICLES CACHE

Prints the exit statuses. The first argument is a folder for articles, which this writes.
"""

import os
import sys
from pathlib import Path

from child_process import fork

import bot
from bot.storage.cache import open_library
from bot.storage.options import OpenOptions, WorkSizes

FIRST_YEAR, LAST_YEAR = 1900, 1939
QUESTION = "When did the Thornwick Bridge open?"

articles, cache = map(Path, sys.argv[1:3])


def write_year(year: int) -> None:
    """Replace the article about the bridge."""
    new = articles / "new"
    new.write_text(f"The Thornwick Bridge opened in {year}.")
    new.replace(articles / "bridge.txt")


def check_notice(line: str) -> None:
    """Accept the one notice that is expected."""
    assert line.startswith("another bot process"), line


def open_retriever() -> bot.Retriever:
    """Return a retriever over the cached library, after an update."""
    options = OpenOptions(notify=check_notice, sizes=WorkSizes(batch_bytes=3_000))
    opened = open_library([articles], cache, options)
    return bot.Retriever(opened.library, engine=opened.engine)


def update() -> None:
    """Change the article year by year."""
    for year in range(FIRST_YEAR, LAST_YEAR + 1):
        write_year(year)
        open_retriever()


def search() -> None:
    """Search until the last year is found; no year comes after a later one."""
    last = 0
    while last < LAST_YEAR:
        retriever = open_retriever()
        answer = retriever.search(QUESTION, 1)[0]
        assert answer.text.startswith("The Thornwick Bridge opened in "), answer.text
        year = int(answer.text[-5:-1])
        assert year >= last, (year, last)
        assert len(retriever.library.articles) == 21, len(retriever.library.articles)
        last = year


def main() -> None:
    """Start the three processes and wait for them."""
    for number in range(20):
        (articles / f"{number}.txt").write_text(f"The ferry {number} sank. " * 30)
    write_year(FIRST_YEAR)
    children = [fork(work) for work in (update, search, search)]
    print(*[os.waitpid(child, 0)[1] for child in children])


if __name__ == "__main__":
    main()
