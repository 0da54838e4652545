"""A library and its engine as a snapshot: changed into another one, refreshed, saved, loaded."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from os import PathLike
from pathlib import Path
from typing import Any, Self, TypeVar
from warnings import warn

from bot.articles.article import Article
from bot.articles.edit import Edit
from bot.articles.library import Library, read_records, record_fields
from bot.errors import BotWarning
from bot.index.engine import Engine
from bot.language.analysis import DEFAULT_ANALYZER, analysis_of
from bot.language.analyzer import Analyzer
from bot.lazy import lazy_function
from bot.reranking.reranker import Reranker
from bot.storage.cache import open_library
from bot.storage.options import OpenOptions
from bot.storage.origin import FilesOrigin, FolderOrigin, Origin

# Needed where a library is changed, saved or loaded.
plan_addition: Callable[[Library, list[Article]], Edit] = lazy_function(
    "bot.retrieval.record_edits", "plan_addition"
)
plan_update: Callable[[Library, list[Article]], Edit] = lazy_function(
    "bot.retrieval.record_edits", "plan_update"
)
plan_removal: Callable[[Library, Iterable[str | int]], Edit] = lazy_function(
    "bot.retrieval.record_edits", "plan_removal"
)
build_engine: Callable[[Library], Engine] = lazy_function("bot.storage.build", "build_engine")
edit_library: Callable[[Library, Engine, Edit], tuple[Library, Engine]] = lazy_function(
    "bot.storage.build", "edit_library"
)
copy_to_memory: Callable[[Library], Library] = lazy_function(
    "bot.articles.composed_library", "copy_to_memory"
)
save_library: Callable[[Library, Engine, Path], None] = lazy_function(
    "bot.storage.saved_library", "save_library"
)
load_library: Callable[..., tuple[Library, Engine]] = lazy_function(
    "bot.storage.saved_library", "load_library"
)

Snapshot = TypeVar("Snapshot")


class LibrarySnapshot:
    """A library and its engine, which never change: each change gives another snapshot.

    What is asked meanwhile, in any thread, is answered by the snapshot that was asked.
    """

    def __init__(  # noqa: PLR0913 - named, and each may be left out
        self,
        library: Library,
        *,
        engine: Engine | None = None,
        min_confidence: float | None = None,
        analyzer: Analyzer | None = None,
        reranker: Reranker | None = None,
        language: str | None = None,
    ) -> None:
        if analyzer is not None and analyzer is not library.analysis.analyzer:
            library = library.with_analysis(analysis_of(analyzer))
        self.library: Library = library
        self.engine: Engine = engine if engine is not None else build_engine(library)
        self.min_confidence: float | None = min_confidence
        self.reranker: Reranker | None = reranker
        self.language: str | None = language

    def with_threshold(self, min_confidence: float) -> Self:
        """Return a retriever of the same library that is silent below ``min_confidence``.

        Raises ValueError unless it is from 0 to 1.

        >>> import bot
        >>> retriever = bot.Retriever.from_texts(["Ada Thorne designed the bridge."])
        >>> retriever.with_threshold(0.999).ask("Who designed the bridge?").silence.name
        'WEAK'
        """
        return self._copy(min_confidence=min_confidence)

    def with_reranker(self, reranker: Reranker) -> Self:
        """Return a retriever of the same library whose best sentences ``reranker`` reads, too.

        ``bot.reranking.onnx.OnnxReranker`` is one, of the extra "rerank".

        >>> class Longest:
        ...     name = "longest"
        ...     def logits(self, question, sentences):
        ...         return [float(len(sentence)) for sentence in sentences]
        >>> import bot
        >>> retriever = bot.Retriever.from_texts(["The bridge.", "The bridge of Ada Thorne."])
        >>> retriever.with_reranker(Longest()).search("bridge")[0].text
        'The bridge of Ada Thorne.'
        """
        return self._copy(reranker=reranker)

    def with_language(self, language: str | None) -> Self:
        """Return a retriever that reads questions in ``language``: "de", "German".

        With None, each question's is told by its words. Raises ValueError for an unknown one.

        >>> import bot
        >>> retriever = bot.Retriever.from_texts(["Die Brücke ist lang.", "The bridge is long."])
        >>> retriever.with_language("German").ask("Lima bridge").question.language.name
        'German'
        """
        return self._copy(language=language)

    def add(
        self,
        records: Iterable[object],
        *,
        id: str = "id",
        text: str | Sequence[str] = "text",
        title: str = "title",
        date: str = "date",
    ) -> Self:
        """Return a retriever of these articles and of ``records``, as ``from_records`` reads them.

        This one stays as it is, and may be asked meanwhile. Only the new articles are analyzed;
        answers are those of a retriever that was built anew. Raises ValueError for a record that
        cannot be read, or whose id is there already.

        >>> import bot
        >>> retriever = bot.Retriever.from_records([("n-1", "The bridge opened in 1932.")])
        >>> [answer.article.id for answer in retriever.add([("n-2", "A ferry.")]).search("ferry")]
        ['n-2']
        """
        articles = read_records(records, record_fields(id, text, title, date))
        return self.edit(plan_addition(self.library, articles))

    def update(
        self,
        records: Iterable[object],
        *,
        id: str = "id",
        text: str | Sequence[str] = "text",
        title: str = "title",
        date: str = "date",
    ) -> Self:
        """Return a retriever in which ``records`` take the place of the articles with their ids.

        Records with other ids are added; of several with one id, the last counts. This retriever
        stays as it is. Raises ValueError for a record that cannot be read.

        >>> import bot
        >>> retriever = bot.Retriever.from_records([("n-1", "The bridge opened in 1932.")])
        >>> retriever.update([("n-1", "The bridge opened in 1933.")]).search("bridge")[0].text
        'The bridge opened in 1933.'
        """
        articles = read_records(records, record_fields(id, text, title, date), replace=True)
        return self.edit(plan_update(self.library, articles))

    def remove(self, ids: Iterable[str | int]) -> Self:
        """Return a retriever of these articles without those that have ``ids``.

        This one stays as it is. Raises ValueError for an id that no article has, and for one id
        in place of a list.

        >>> import bot
        >>> retriever = bot.Retriever.from_records([("n-1", "A bridge."), ("n-2", "A ferry.")])
        >>> len(retriever.remove(["n-1"]).library.articles)
        1
        """
        return self.edit(plan_removal(self.library, ids))

    def edit(self, edit: Edit) -> Self:
        """Return a retriever of these articles after ``edit``, which names them by row.

        An engine of your own cannot be edited: the new articles are indexed in memory.

        >>> import bot
        >>> retriever = bot.Retriever.from_texts(["It rained.", "It snowed."])
        >>> retriever.edit(Edit(removed={0})).library.articles[0].text
        'It snowed.'
        """
        library, engine = edit_library(self.library, self.engine, edit)
        return self._builder(library, engine=engine)

    def refresh(self) -> Self:
        """Return a retriever of the files as they are now, or this one if they are unchanged.

        Only files that are new or changed are read. Raises ValueError where the library was not
        read from files, or was edited since, and NothingToRead where no file is left.

        >>> from pathlib import Path
        >>> from tempfile import TemporaryDirectory
        >>> import bot
        >>> with TemporaryDirectory() as folder:
        ...     _ = Path(folder, "rain.txt").write_text("It rained.")
        ...     retriever = bot.Retriever.from_path(folder, cache=None)
        ...     _ = Path(folder, "snow.txt").write_text("It snowed.")
        ...     len(retriever.refresh().library.articles)
        2
        """
        origin = self.library.origin
        if not isinstance(origin, FilesOrigin):
            raise ValueError(  # noqa: TRY004 - the API raises ValueError for what is wrong in a call
                "only the library of files, as from_path() gives it, can be refreshed; for records,"
                " call add(), update() or remove()"
            )
        if not origin.has_changed():
            return self
        library, engine = reopen_library(origin)
        return self._builder(library, engine=engine)

    def save(self, folder: str | PathLike[str]) -> None:
        """Save the library and its index in ``folder``, for ``load``.

        The folder is new, empty, or has a library that was saved before, which is replaced as a
        whole: whatever happens meanwhile, the old or the new is there. Raises LibraryNotSaved,
        which is a BotError, where the folder has other files or cannot be written, and for
        metadata that is no JSON.

        >>> from tempfile import TemporaryDirectory
        >>> import bot
        >>> retriever = bot.Retriever.from_records([("n-1", "The bridge opened in 1932.")])
        >>> with TemporaryDirectory() as folder:
        ...     retriever.save(folder)
        ...     bot.Retriever.load(folder).search("bridge")[0].article.id
        'n-1'
        """
        save_library(self.library, self.engine, Path(folder))

    @classmethod
    def load(cls, folder: str | PathLike[str], *, analyzer: Analyzer = DEFAULT_ANALYZER) -> Self:
        """Return a retriever of the library that was saved in ``folder``, as it was.

        Articles are read when they are needed; one file stays open. Raises UnusableLibrary,
        which is a BotError, where there is none, or where it is damaged, or of another version of
        the bot or ``analyzer``.

        >>> import bot
        >>> try:
        ...     bot.Retriever.load("no-such-folder")
        ... except bot.BotError as error:
        ...     print("there is no saved library" in str(error))
        True
        """
        library, engine = load_library(Path(folder).absolute(), analysis_of(analyzer))
        return cls(library, engine=engine)

    @property
    def _builder(self) -> partial[Self]:
        """The class, to be called with another library; the settings are those of this one."""
        return partial(
            type(self),
            min_confidence=self.min_confidence,
            reranker=self.reranker,
            language=self.language,
        )

    @property
    def _copy(self) -> partial[Self]:
        """A copy of the retriever, to be called with the settings that change."""
        return partial(self._builder, self.library, engine=self.engine)

    def __reduce__(self) -> tuple[Callable[..., Self], tuple[Any, ...]]:
        """Pickle a library on disk as the place where it is opened again, another by its content.

        An engine of your own is pickled as it is.
        """
        origin = self.library.origin
        if isinstance(origin, FilesOrigin | FolderOrigin):
            return reopen_snapshot, (self._builder, origin)
        library = copy_to_memory(self.library)
        return partial(self._builder, engine=self.engine), (library,)


def reopen_library(origin: Origin) -> tuple[Library, Engine]:
    """Return the library at ``origin`` as it is now, and its engine."""
    if isinstance(origin, FolderOrigin):
        return load_library(origin.folder, origin.analysis)
    notices = list[str]()
    options = OpenOptions(notify=notices.append, analysis=origin.analysis)
    opened = open_library(origin.paths, origin.cache, options).require_articles(origin.paths)
    for notice in notices:
        warn(notice, BotWarning, stacklevel=3)  # the line that calls the public method
    return opened.library, opened.engine


def reopen_snapshot(build: Callable[..., Snapshot], origin: Origin) -> Snapshot:
    """Return the snapshot that was pickled as its ``origin``."""
    library, engine = reopen_library(origin)
    return build(library, engine=engine)
