"""The logits of a reranker, kept in a file: a second fit to the same questions reads none anew."""

import sqlite3
from collections.abc import Sequence
from pathlib import Path

from bot.reranking.reranker import Reranker

# Pairs between two saves: some ten seconds of reading are lost at most.
SAVE_EVERY = 1_000


class StoredLogits:
    """A reranker that asks ``reranker`` once for a question and a sentence, and keeps the logit.

    ``file`` is for one model. Whether the logits are still those of the model is not checked:
    delete it for another.
    """

    def __init__(self, reranker: Reranker, file: Path) -> None:
        self._reranker = reranker
        self._database = sqlite3.connect(file)
        self._database.execute(
            "CREATE TABLE IF NOT EXISTS logits (question TEXT, sentence TEXT, logit REAL,"
            " PRIMARY KEY (question, sentence)) WITHOUT ROWID"
        )
        self._unsaved = 0

    @property
    def name(self) -> str:
        """The name of the model."""
        return self._reranker.name

    def logits(self, question: str, sentences: Sequence[str]) -> list[float]:
        """Return the logit of each sentence as the answer to ``question``."""
        return [self._logit(question, sentence) for sentence in sentences]

    def save(self) -> None:
        """Write what was read since the last time."""
        self._database.commit()
        self._unsaved = 0

    def _logit(self, question: str, sentence: str) -> float:
        row = self._database.execute(
            "SELECT logit FROM logits WHERE question = ? AND sentence = ?", (question, sentence)
        ).fetchone()
        if row:
            return float(row[0])
        [logit] = self._reranker.logits(question, [sentence])
        self._database.execute("INSERT INTO logits VALUES (?, ?, ?)", (question, sentence, logit))
        self._unsaved += 1
        if self._unsaved >= SAVE_EVERY:
            self.save()
        return logit
