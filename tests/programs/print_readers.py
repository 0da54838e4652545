"""Print which of the modules that read articles were loaded to open a library.

python print_readers.py ARTICLES CACHE
"""

import sys
from pathlib import Path

from bot.storage.cache import open_library

READERS = {"bot.articles.plain", "sentencex"}

articles, cache = map(Path, sys.argv[1:3])
open_library([articles], cache)
print(*sorted(READERS & sys.modules.keys()))
