"""The errors a user may meet; each says where, what failed, and what happens or helps."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from os import PathLike


class BotError(Exception):
    """Base of every error this program raises for its user; its text is the message.

    >>> import bot
    >>> try:
    ...     bot.Retriever.from_path("no-such-folder", cache=None)
    ... except bot.BotError as error:
    ...     print("nothing to read" in str(error))
    True
    """

    def __reduce__(self) -> tuple[Callable[..., "BotError"], tuple[object, ...]]:
        # An error of a worker process is pickled; its arguments are not those of its class.
        return restore_error, (type(self), self.args, vars(self))


def restore_error(
    kind: type[BotError], arguments: tuple[object, ...], fields: Mapping[str, object]
) -> BotError:
    """Return the error that was pickled.

    >>> import copy
    >>> copy.copy(UnreadableFile("a.txt", "gone")).fault
    'gone'
    """
    error = kind.__new__(kind)
    error.args = arguments
    vars(error).update(fields)
    return error


class BotWarning(UserWarning):
    """The category of every warning: something went wrong, and the work goes on.

    >>> import bot, warnings
    >>> warnings.simplefilter("ignore", bot.BotWarning)
    """


class UnreadableFile(BotError):
    """A file or folder that cannot be read; the others are read all the same.

    >>> str(UnreadableFile("a.txt", "no permission"))
    'a.txt: no permission'
    """

    def __init__(self, path: str, fault: str) -> None:
        self.path: str = path
        self.fault: str = fault
        super().__init__(f"{path}: {fault}")


class NothingToRead(BotError):
    """No article was found at any of the given paths.

    >>> NothingToRead(("articles",), (UnreadableFile("a.txt", "no permission"),)).faults[0].path
    'a.txt'
    """

    def __init__(self, paths: tuple[str, ...], faults: tuple[UnreadableFile, ...] = ()) -> None:
        self.paths: tuple[str, ...] = paths
        self.faults: tuple[UnreadableFile, ...] = faults
        why = (
            "; ".join(map(str, faults))
            or "no article there (text, web pages, PDF, office documents, mail …)"
        )
        super().__init__(f"nothing to read in {', '.join(paths)}: {why}")


class DamagedCache(BotError):
    """A cache file that fails a check; opening the library again rebuilds it.

    >>> DamagedCache("articles.db", "its checksum is wrong").fault
    'its checksum is wrong'
    """

    def __init__(self, file: PathLike[str], fault: str) -> None:
        self.file: PathLike[str] = file
        self.fault: str = fault
        super().__init__(f"{file}: {fault}; the cache will be rebuilt from the articles")


class OutdatedCache(DamagedCache):
    """A cache of another version of this program, as after each update of it.

    >>> OutdatedCache("articles.db").fault
    'another version of this program made it'
    """

    def __init__(self, file: PathLike[str]) -> None:
        super().__init__(file, "another version of this program made it")


class CacheNotWritable(BotError):
    """The cache cannot be written; the library is built in memory at every start.

    >>> CacheNotWritable("articles.db", "the disk is full").fault
    'the disk is full'
    """

    def __init__(self, file: PathLike[str], fault: str) -> None:
        self.file: PathLike[str] = file
        self.fault: str = fault
        super().__init__(f"{file}: {fault}; nothing is cached, so every start reads all articles")


class LibraryNotSaved(BotError):
    """A library that could not be saved; the folder is as it was.

    >>> from pathlib import Path
    >>> str(LibraryNotSaved(Path("notes"), "it has files of others: a.txt", "give a new folder"))
    'notes: it has files of others: a.txt; nothing was saved: give a new folder'
    """

    def __init__(self, folder: PathLike[str], fault: str, remedy: str) -> None:
        self.folder: PathLike[str] = folder
        self.fault: str = fault
        self.remedy: str = remedy
        super().__init__(f"{folder}: {fault}; nothing was saved: {remedy}")


class UnusableLibrary(BotError):
    """A saved library that cannot be loaded, or that was damaged since.

    >>> from pathlib import Path
    >>> str(UnusableLibrary(Path("library.bot"), "wrong checksum of starts"))
    'library.bot: wrong checksum of starts; save the library again, from its articles'
    """

    def __init__(self, file: PathLike[str], fault: str) -> None:
        self.file: PathLike[str] = file
        self.fault: str = fault
        super().__init__(f"{file}: {fault}; save the library again, from its articles")


class LibraryReplaced(BotError):
    """A library that was replaced by another generation while it was read; ask it again.

    >>> str(LibraryReplaced("news"))
    'news: the library was replaced meanwhile; ask again'
    """

    def __init__(self, name: str) -> None:
        self.name: str = name
        super().__init__(f"{name}: the library was replaced meanwhile; ask again")


class MissingExtra(BotError, ImportError):
    """A package that is installed only with an extra.

    >>> str(MissingExtra("mcp", "mcp"))
    "mcp is not installed: pip install 'article-bot[mcp]'"
    """

    def __init__(self, extra: str, package: str) -> None:
        self.extra: str = extra
        self.package: str = package
        super().__init__(f"{package} is not installed: pip install 'article-bot[{extra}]'")


@contextmanager
def explain_missing_extra(extra: str, *packages: str) -> Iterator[None]:
    """Raise MissingExtra if one of ``packages`` cannot be found in the ``with`` block.

    Any other import that fails, in a package that is installed, keeps its own traceback.

    >>> with explain_missing_extra("server", "no_such_package"):
    ...     import no_such_package
    Traceback (most recent call last):
    bot.errors.MissingExtra: no_such_package is not installed: pip install 'article-bot[server]'
    """
    try:
        yield
    except ModuleNotFoundError as error:
        if error.name not in packages:
            raise
        raise MissingExtra(extra, error.name) from error
