"""Save libraries of different texts in the folder given, a line after each, until killed."""

import sys
from itertools import count

import bot

for number in count(1):
    texts = [f"The bridge number {number} opened in {1_000 + year}." for year in range(300)]
    retriever = bot.Retriever.from_texts(texts)
    for _ in range(20):
        retriever.save(sys.argv[1])
        print(number, flush=True)
