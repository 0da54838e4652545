"""What is new or changed in files → what is saved of them: articles, and their index."""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory
from typing import NamedTuple

import numpy as np

from bot.articles.files import File, Files, fingerprint
from bot.errors import DamagedCache
from bot.index.merge import IndexPart, Merge, renumber_sentences
from bot.index.postings import Ints
from bot.index.vocabulary import Vocabulary, decode_term, encode_term
from bot.language.terms import ANALYSIS
from bot.storage import index_file as generation
from bot.storage.build import IndexChunk, build_chunks
from bot.storage.changes import Changes, batches, compare_files
from bot.storage.database import Database
from bot.storage.index_file import StoredIndex
from bot.storage.ingest import SEGMENTER, IngestedBatch, IngestedFile, ingest_batch
from bot.storage.lock import filesystem_time
from bot.storage.rows import FileRecord

# What a saved library was made by; another reader, segmenter or analysis, another library.
VERSION = f"1 {SEGMENTER} {ANALYSIS}"
# How its files are called: the articles, and their index with the number of the making.
STORE, INDEX = "articles.db", "index-"


@dataclass(frozen=True, slots=True)
class UpdateReport:
    """Of how many articles the file was new, had another content or the same, or is gone."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0


def ingest_in_order(files: Iterable[Sequence[File]]) -> Iterator[IngestedBatch]:
    """Read batches of files, one after the other."""
    return map(ingest_batch, files)


def ignore(*_: object) -> None:
    """Tell nobody."""


@dataclass(frozen=True, slots=True)
class OpenOptions:
    """How files are read, and who is told.

    ``read`` reads batches of files, in order. ``tell`` is told in a line what is out of the
    ordinary, ``progress`` how many files of how many are read. With ``wait``, another that
    saves the same is waited for, even if something is saved that could be asked. With
    ``read_only``, a cache that is current is read, and nothing is written.
    """

    read: Callable[[Iterable[Sequence[File]]], Iterator[IngestedBatch]] = ingest_in_order
    tell: Callable[[str], None] = ignore
    progress: Callable[[int, int], None] = ignore
    wait: bool = False
    read_only: bool = False


DEFAULT_OPTIONS = OpenOptions()


class Comparison(NamedTuple):
    """What need not be read and compared again, if the facts of the store still are the same."""

    facts: Mapping[str, str]
    made: StoredIndex
    known: Mapping[bytes, FileRecord]
    changes: Changes


class LibraryUpdate:
    """What is new or changed in ``files``, read and saved in ``folder``, where no other writes."""

    def __init__(
        self, files: Files, folder: Path, ways: OpenOptions, seen: Comparison | None = None
    ) -> None:
        self.files, self.folder, self.ways = files, folder, ways
        self.now = filesystem_time(folder)
        self.store = Database(folder / STORE, writing=True)
        self.facts = self.store.facts()
        if self.facts.get("version", VERSION) != VERSION:
            raise DamagedCache(self.store.file, "it was made by another version")
        if seen and seen.facts == self.facts:
            _, self.before, self.known, self.changes = seen
        else:
            self.before, self.known = self._before(), self.store.file_records()
            self.changes = compare_files(files, self.known)

    def done(self) -> UpdateReport:
        """Read and save; return what became of the files."""
        before = {path for path, known in self.known.items() if known.article is not None}
        read = {*self._read()}
        articles = self.store.article_numbers(self.files)
        if self.before.articles.tolist() != articles or "generation" not in self.facts:
            self._index(articles)
        record_clean_files(self.store, self.now, self.files, self.known, self.changes.settled)
        delete_unused(self.folder, self.facts)
        self.store.close()
        return UpdateReport(
            added=len(read - before),
            changed=len(read & before),
            unchanged=len(articles) - len(read),
            removed=len(before.intersection(self.changes.gone)),
        )

    def _before(self) -> StoredIndex:
        """Return the index as it was, an empty one where there is none to build upon."""
        try:
            return current_index(self.folder, self.facts)
        except (KeyError, DamagedCache):
            return generation.EMPTY

    def _read(self) -> list[bytes]:
        """Read and save what is new or changed, batch by batch, and forget what is gone.

        Return the paths of the files that gave an article.
        """
        store, changes, read = self.store, self.changes, 0
        found: list[bytes] = []
        numbered = TermNumbers(self.before.vocabulary, store)
        for batch in self.ways.read(batches(changes.unread)):
            own, added = numbered.numbers(batch.terms)
            readings = [
                (renumber_terms(reading, own), reading.file.state.is_clean(self.now))
                for reading in batch.files
            ]
            with store.transaction():
                store.add(readings, added)
                store.set_facts({"version": VERSION, "files": ""})
            read += len(batch.files)
            found += [os.fsencode(one.file.path) for one in batch.files if one.row]
            self.ways.progress(read, len(changes.unread))
        with store.transaction():
            store.forget_files(changes.gone)
            store.set_facts({"version": VERSION, **({"files": ""} if changes.gone else {})})
        return found

    def _index(self, articles: Sequence[int]) -> None:
        """Make and save the index of ``articles``, from what there was and what is new."""
        before = self.before
        name = f"{INDEX}{int(self.facts.get('generation', INDEX + '0')[len(INDEX) :]) + 1}"
        vocabulary = before.vocabulary
        vocabulary = vocabulary.extend([*self.store.terms(len(vocabulary)).values()])
        kept = IndexChunk(
            before.arrays, dict(zip(before.articles.tolist(), sizes(before), strict=True))
        )
        with TemporaryDirectory(dir=self.folder, prefix="chunks-") as scratch:
            fresh = [number for number in articles if number not in kept.sizes]
            all_ = [kept, *build_chunks(self.store, fresh, Path(scratch), len(vocabulary))]
            size = {number: size for chunk in all_ for number, size in chunk.sizes.items()}
            first = np.cumsum([0, *map(size.__getitem__, articles)], dtype=np.int32)
            places = dict(zip(articles, first.tolist(), strict=False))
            merging = Merge(
                [
                    IndexPart(chunk.arrays, renumber_sentences(chunk.sizes, places))
                    for chunk in all_
                ],
                len(vocabulary),
            )
            own = np.array(articles, np.int64)
            generation.save_index(self.folder / name, merging, vocabulary, own, first)
        with self.store.transaction():
            self.store.set_facts({"generation": name})
            self.store.drop_orphans()
        self.facts["generation"] = name


def current_index(folder: Path, facts: Mapping[str, str]) -> StoredIndex:
    """Return the index in ``folder`` that is the current one by ``facts``. Raises Damaged."""
    name = facts["generation"]
    if not (name.startswith(INDEX) and name.removeprefix(INDEX).isdecimal()):
        raise DamagedCache(folder / STORE, "its index has a name that none is given")
    return generation.load_index(folder / name)


def delete_unused(folder: Path, facts: Mapping[str, str]) -> None:
    """Delete what no reader that begins now will ask for."""
    for file in folder.glob(f"{INDEX}*"):
        if file.name != facts["generation"]:
            with suppress(OSError):  # somebody has it mapped, and the system keeps it so
                file.unlink()
    for left in folder.glob("chunks-*"):
        rmtree(left, ignore_errors=True)


def record_clean_files(
    store: Database,
    now: int,
    files: Files,
    known: Mapping[bytes, FileRecord],
    settled: Mapping[bytes, File],
) -> None:
    """Note the states of files whose content is what was ``known``.

    Once any change of any file would show, note what tells that there was none.
    """
    with store.transaction():
        store.mark_clean(
            known[path]._replace(**file.state._asdict(), clean=int(file.state.is_clean(now)))
            for path, file in settled.items()
        )
        whole = store.is_clean()
        store.set_facts({"files": fingerprint(files.files) if whole else ""})


def sizes(made: StoredIndex) -> list[int]:
    """Return how many sentences each article has."""
    counted: list[int] = np.diff(made.first).tolist()
    return counted


class TermNumbers:
    """The numbers of terms: those of a saved vocabulary, those saved since, and new ones."""

    def __init__(self, vocabulary: Vocabulary, store: Database) -> None:
        self._vocabulary = vocabulary
        since = store.terms(len(vocabulary))
        self._size = len(vocabulary) + len(since)
        self._numbers = {decode_term(term): number for number, term in since.items()}

    def numbers(self, terms: Sequence[str]) -> tuple[Ints, dict[int, bytes]]:
        """Return the number of each of ``terms``, ``int32``, and by their numbers the new ones."""
        own = self._numbers
        if len(self._vocabulary):
            own.update(self._vocabulary.lookup([term for term in terms if term not in own]))
        added = {}
        for term in terms:
            if term not in own:
                own[term] = self._size
                added[self._size] = encode_term(term)
                self._size += 1
        return np.fromiter(map(own.__getitem__, terms), np.int32, len(terms)), added


def renumber_terms(reading: IngestedFile, numbers: Ints) -> IngestedFile:
    """Return ``reading`` with the terms of its batch by the library's ``numbers``."""
    own = numbers[np.frombuffer(reading.terms, np.int32) - 1]
    return replace(reading, terms=own.tobytes())
