"""Print which slow modules are loaded along with the prompt of a conversation."""

import sys

import bot.repl.app

SLOW = (
    "numpy",
    "sqlite3",
    "multiprocessing",
    "bot.retrieval",
    "bot.storage",
    "bot.articles.library",
)

assert bot.repl.app
sys.stdout.write(f"{sorted(set(SLOW) & sys.modules.keys())}\n")
