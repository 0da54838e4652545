"""The programs that show a page, a PDF or an office document, and how each opens it at a place."""

import shutil
import sys
from collections.abc import Callable, Mapping
from pathlib import Path, PurePath

from bot.articles.article import FilePlace
from bot.errors import BotError
from bot.lazy import lazy_function
from bot.repl.terminal import split_command

quote: Callable[..., str] = lazy_function("urllib.parse", "quote")

PAGE_SUFFIXES = (".html", ".htm", ".xhtml", ".xht", ".shtml", ".mhtml", ".mht")
# Words of a sentence that a text fragment names: enough to find it, few enough to be alike in
# the text and on the page.
FRAGMENT_WORDS = 6
# Browsers that show a page in the terminal; all other programs have a window of their own.
TERMINAL_BROWSERS = frozenset("w3m lynx links elinks browsh".split())
BROWSERS = tuple("firefox chromium chromium-browser google-chrome brave-browser".split())
# Viewers that open a PDF at a page; a browser does as well.
PDF_VIEWERS: dict[str, tuple[str, ...]] = {
    "okular": ("-p", "{page}", "{file}"),
    "evince": ("--page-index={page}", "{file}"),
    "zathura": ("-P", "{page}", "{file}"),
    "qpdfview": ("{file}#{page}",),
    "xpdf": ("{file}", "{page}"),
}
# Programs that open any file as the desktop would.
OPENERS = {"darwin": ("open",), "win32": ("explorer",)}
DEFAULT_OPENERS = ("xdg-open", "gio open")


class NoViewerFound(BotError):
    """No program is installed that shows a file."""

    def __init__(self, file: str) -> None:
        self.file = file
        super().__init__(f"{file}: no program found to show it; set one: export BROWSER=firefox")


def viewer_command(
    file: str, place: FilePlace, sentence: str, environment: Mapping[str, str]
) -> tuple[str, ...]:
    """Return the command that shows ``file`` at ``place``, or at ``sentence`` on a web page.

    Raises NoViewerFound.
    """
    suffix = Path(file).suffix.lower()
    browser = environment.get("BROWSER", "").split(":")[0].strip()
    if suffix in (*PAGE_SUFFIXES, ".pdf"):
        if browser:
            return (*split_command(browser), file_url(Path(file), place, sentence))
        if suffix == ".pdf" and (command := pdf_command(file, place)):
            return command
        if program := next(filter(shutil.which, BROWSERS), ""):
            return program, file_url(Path(file), place, sentence)
    for opener in OPENERS.get(sys.platform, DEFAULT_OPENERS):
        program, *arguments = opener.split()
        if shutil.which(program):
            return program, *arguments, file
    raise NoViewerFound(file)


def pdf_command(file: str, place: FilePlace) -> tuple[str, ...]:
    """Return the command of the first PDF viewer that is installed, () if there is none."""
    page = str(place.value) if place.unit == "page" else "1"
    for program, arguments in PDF_VIEWERS.items():
        if shutil.which(program):
            return program, *(
                argument.replace("{page}", page).replace("{file}", file) for argument in arguments
            )
    return ()


def file_url(file: PurePath, place: FilePlace, sentence: str) -> str:
    """Return the URL of ``file``, an absolute path, with the fragment at which a browser opens it.

    >>> from pathlib import PurePosixPath, PureWindowsPath
    >>> file_url(PurePosixPath("/a/r.pdf"), FilePlace(0, "page", 3, "page=3"), "It rained.")
    'file:///a/r.pdf#page=3'
    >>> file_url(PureWindowsPath("C:/my notes/b.html"), FilePlace(0), "Two well-known men met.")
    'file:///C:/my%20notes/b.html#:~:text=Two%20well%2Dknown%20men%20met.'
    """
    url = file.as_uri()
    if file.suffix.lower() == ".pdf":
        return f"{url}#{place.target}" if place.target else url
    words = " ".join(sentence.split()[:FRAGMENT_WORDS])
    return f"{url}#:~:text={quote(words, safe='').replace('-', '%2D')}" if words else url


def is_terminal_program(command: tuple[str, ...]) -> bool:
    """Return whether ``command`` runs in the terminal, and has no window of its own."""
    return Path(command[0]).name in TERMINAL_BROWSERS
