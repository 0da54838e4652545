"""Wait for the lock of a folder, and hold it until standard input ends.

python hold_lock.py FOLDER
"""

import sys
from pathlib import Path

from bot.storage.lock import hold_lock

folder = Path(sys.argv[1])
with hold_lock(folder, wait=False) as is_free:
    print("free" if is_free else "waiting", flush=True)
with hold_lock(folder, wait=True):
    print("holding", flush=True)
    sys.stdin.read()
