"""A PDF → its article, read by a program of its own within limits of time and memory."""

import atexit
import contextlib
import json
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from typing import Any

from bot.articles.article import Article
from bot.articles.builder import ArticleBuilder, clean_text, file_title, first_of
from bot.articles.docx import proper_title
from bot.articles.pdf_guard import empty_large_streams
from bot.articles.pdf_layout import append_lines
from bot.articles.pdf_lines import PdfLine, find_title
from bot.articles.timestamps import parse_date
from bot.errors import UnreadableFile

# Seconds that a file may take, those for each of its first pages on top of that, and those that may
# pass without a page. A page takes 5 ms, on a busy machine three times that; a map takes a second.
LONGEST, PER_PAGE, LONGEST_PAGE = 30.0, 0.01, 5.0
MOST_PAGES = 10_000
FAULTS = {
    "password": "password-protected; save a copy without the password",
    "damaged": "damaged, or no PDF; open it in its program and print it to a PDF",
    "memory": "it takes more than 2 GB of memory; split it, or print it to a PDF anew",
    "time": "it takes too long to read; split it, or print it to a PDF anew",
    "died": "the PDF library fails on it; print it to a PDF anew",
}
LARGE = "drawings of more than 40 MB left out; split it, or print it to a PDF anew"
SCAN = "no text in it; a scan? have its text recognised (OCR) first"
# The worker finds modules where this process does.
START = "import sys; sys.path[:] = sys.argv[1:]; from bot.articles.pdf_worker import main; main()"


class WorkerFailed(Exception):
    """The program that reads PDFs gave up; ``reason`` is a key of FAULTS."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


class PdfWorker:
    """The program that reads PDFs, begun when the first comes, and again after it was ended."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._messages: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self._owner = 0

    def messages(self, data: bytes, longest: float = LONGEST) -> Iterator[Any]:
        """Yield the worker's messages about a file. Raises WorkerFailed."""
        with self._lock:
            finished = False
            try:
                self._send(data)
                yield from self._receive(longest)
                finished = True
            finally:
                if not finished:
                    self.stop()

    def stop(self) -> None:
        """End the program; the next file begins it anew."""
        process, self._process = self._process, None
        if process is None or self._owner != os.getpid():
            return
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe:
                with contextlib.suppress(OSError):
                    pipe.close()

    def _send(self, data: bytes) -> None:
        if self._process is None or self._owner != os.getpid() or self._process.poll() is not None:
            self._start()
        assert self._process
        assert self._process.stdin
        try:
            self._process.stdin.write(b"%d\n" % len(data) + data)
            self._process.stdin.flush()
        except OSError as error:
            raise WorkerFailed("died") from error

    def _start(self) -> None:
        self._messages = queue.SimpleQueue()
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-c", START, *filter(None, sys.path)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                start_new_session=True,  # Ctrl-C is the bot's to answer
            )
        except OSError as error:
            raise WorkerFailed("died") from error
        self._owner = os.getpid()
        threading.Thread(
            target=_pump, args=(self._process, self._messages), daemon=True, name="pdf"
        ).start()

    def _receive(self, longest: float) -> Iterator[Any]:
        end = time.monotonic() + longest
        while True:
            left = min(end - time.monotonic(), LONGEST_PAGE)
            try:
                line = self._messages.get(timeout=max(left, 0.0))
            except queue.Empty as error:
                raise WorkerFailed("time") from error
            if not line:
                raise WorkerFailed("died")
            message = json.loads(line)
            if isinstance(message, dict) and "error" in message:
                raise WorkerFailed(message["error"])
            yield message
            if isinstance(message, dict):
                end += PER_PAGE * min(message.get("pages", 0), MOST_PAGES)
                if "end" in message:
                    return


def _pump(process: "subprocess.Popen[bytes]", messages: "queue.SimpleQueue[bytes]") -> None:
    """Hand on what the program writes, a line at a time; b"" once it has ended."""
    assert process.stdout
    with contextlib.suppress(ValueError, OSError):  # closed meanwhile
        for line in process.stdout:
            messages.put(line)
    messages.put(b"")


WORKER_PROCESS = PdfWorker()
atexit.register(WORKER_PROCESS.stop)


def read_pdf(data: bytes, source: str) -> Iterator[Article | UnreadableFile]:
    """Read a PDF; its pages, counted from 1, are places."""
    if b"%PDF-" not in data[:1024]:
        raise UnreadableFile(source, FAULTS["damaged"])
    data, emptied = empty_large_streams(data)
    faults = [LARGE] if emptied else []
    meta: dict[str, Any] = {}
    pages: list[list[PdfLine]] = []
    try:
        for message in WORKER_PROCESS.messages(data):
            if isinstance(message, list):
                number = len(pages) + 1
                pages.append([PdfLine(number, *line) for line in message])
            else:
                meta |= message
    except WorkerFailed as failure:
        fault = FAULTS.get(failure.reason, FAULTS["damaged"])
        read = f"read up to page {len(pages)} of {meta.get('pages', 0)}: " if any(pages) else ""
        faults.append(read + fault)
    if not any(pages):
        raise UnreadableFile(source, faults[-1] if faults else SCAN)
    yield _article(pages, meta["meta"], source)
    yield from (UnreadableFile(source, fault) for fault in faults)


def _article(pages: list[list[PdfLine]], meta: dict[str, str], source: str) -> Article:
    built = ArticleBuilder()
    title = first_of(proper_title(meta.get("Title", "")), find_title(pages))
    append_lines(built, pages, title)
    return built.build(
        title or file_title(source),
        source,
        date=parse_date(meta.get("CreationDate", "").removeprefix("D:")[:8]),
        metadata={"author": clean_text(meta.get("Author", ""))},
    )
