"""The public entry: answer questions from articles, or stay silent."""

from collections.abc import Callable, Iterable, Sequence
from os import PathLike, fspath
from pathlib import Path
from typing import TYPE_CHECKING

from bot.articles.edit import Edit
from bot.articles.library import Library
from bot.index.engine import Engine
from bot.language.analysis import DEFAULT_ANALYZER, analysis_of
from bot.language.analyzer import Analyzer
from bot.lazy import lazy_function
from bot.reranking.reranker import Reranker
from bot.retrieval import arguments
from bot.retrieval.answer import Answer, Reply
from bot.retrieval.arguments import Where
from bot.retrieval.cluster_opening import ClusterOpening
from bot.retrieval.given_synonyms import Synonyms
from bot.retrieval.library_snapshot import LibrarySnapshot, reopen_library
from bot.retrieval.pipeline import Pipeline
from bot.retrieval.subset import Subsets
from bot.storage.folders import USER_CACHE, CacheLocation, default_cache
from bot.storage.origin import FilesOrigin

if TYPE_CHECKING:
    from bot.retrieval.tool import AnswerTool

build_tool: Callable[["Retriever"], "AnswerTool"] = lazy_function(
    "bot.retrieval.tool", "AnswerTool"
)


class Retriever(LibrarySnapshot, ClusterOpening):
    """Answers questions from a library; many threads may ask at once.

    ``ask`` stays silent if the articles probably do not answer the question, by a measured
    threshold; with ``min_confidence``, if the confidence of the first answer is below it.
    ``engine`` searches the library's sentences; without one, an index is built in memory. All
    texts and questions are analyzed by ``analyzer``, by default as the library was before. The best
    sentences are read by a ``reranker``, if there is one. Questions are in ``language``, by default
    in that of the articles which their words tell.

    Each method says which errors it raises. A ValueError is a mistake in the call, a BotError a
    fault outside of it, which its message tells a user; FilterError is both.

    >>> import bot
    >>> library = bot.Library.from_texts(["Ada Thorne designed the bridge.", "It rained."])
    >>> bot.Retriever(library).ask("Who designed the bridge?").answers[0].text
    'Ada Thorne designed the bridge.'
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
        super().__init__(
            library,
            engine=engine,
            min_confidence=arguments.check_confidence(min_confidence),
            analyzer=analyzer,
            reranker=reranker,
            language=arguments.check_language(language),
        )
        self.pipeline: Pipeline = Pipeline(
            self.library, self.engine, min_confidence, reranker, self.language
        )
        self.subsets: Subsets[Retriever] = Subsets(self.library)

    @classmethod
    def from_path(
        cls,
        *paths: str | PathLike[str],
        cache: str | PathLike[str] | CacheLocation | None = USER_CACHE,
        analyzer: Analyzer = DEFAULT_ANALYZER,
    ) -> "Retriever":
        """Return a retriever of the articles in files and folders; see ``Library.from_path``.

        The library and its index are saved in the folder ``cache``, by default the user's cache
        folder, so that next time only files that are new or changed are read. With
        ``cache=None`` nothing is read from a cache or written. A cache that cannot be used is a
        BotWarning, and so is one made with another version of ``analyzer``: it is rebuilt. Raises
        NothingToRead, which is a BotError, if no article can be read, and ValueError without a
        path.

        >>> from pathlib import Path
        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as folder:
        ...     _ = Path(folder, "bridge.txt").write_text("Ada Thorne designed the bridge.")
        ...     retriever = Retriever.from_path(folder, cache=None)
        >>> retriever.search("Who designed the bridge?")[0].article.source
        'bridge.txt'
        """
        if isinstance(cache, CacheLocation):
            cache = default_cache()
        folder = None if cache is None else Path(cache)
        origin = FilesOrigin(tuple(fspath(path) for path in paths), folder, analysis_of(analyzer))
        library, engine = reopen_library(origin)
        return cls(library, engine=engine)

    @classmethod
    def from_texts(
        cls,
        texts: Iterable[str],
        titles: Iterable[str] | None = None,
        *,
        analyzer: Analyzer = DEFAULT_ANALYZER,
    ) -> "Retriever":
        """Return a retriever of texts as they are; raises ValueError, see ``Library.from_texts``.

        >>> retriever = Retriever.from_texts(["It opened in 1932."], titles=["The bridge"])
        >>> retriever.library.articles[0].title
        'The bridge'
        """
        return cls(Library.from_texts(texts, titles), analyzer=analyzer)

    @classmethod
    def from_pages(
        cls,
        texts: Iterable[str],
        titles: Iterable[str] | None = None,
        *,
        analyzer: Analyzer = DEFAULT_ANALYZER,
    ) -> "Retriever":
        r"""Return a retriever of texts read as pages, or raise ValueError: ``Library.from_pages``.

        >>> Retriever.from_pages(["The bridge\n\nIt opened in 1932."]).library.articles[0].title
        'The bridge'
        """
        return cls(Library.from_pages(texts, titles), analyzer=analyzer)

    @classmethod
    def from_records(  # noqa: PLR0913 - each field of a record by its name
        cls,
        records: Iterable[object],
        *,
        id: str = "id",
        text: str | Sequence[str] = "text",
        title: str = "title",
        date: str = "date",
        replace: bool = False,
        analyzer: Analyzer = DEFAULT_ANALYZER,
    ) -> "Retriever":
        """Return a retriever of records with ids; raises ValueError, see ``Library.from_records``.

        >>> records = [{"id": 17, "text": "It opened in 1932.", "section": "world"}]
        >>> article = Retriever.from_records(records).search("When did it open?")[0].article
        >>> article.id, article.metadata["section"]
        (17, 'world')
        """
        library = Library.from_records(
            records, id=id, text=text, title=title, date=date, replace=replace
        )
        return cls(library, analyzer=analyzer)

    def select(self, where: Where) -> "Retriever":
        """Return a retriever of the articles that ``where`` chooses, as if these were all.

        It is the text of a filter, as ``/filter`` takes it; a mapping of fields to a value, a list
        of values or comparisons, which must all hold; or a function of the article. The fields are
        those of metadata, and id, title, source and date. The last few subsets are kept. Raises
        FilterError, which is a ValueError, for what is no filter and for a field that no article
        has; what a function raises is passed on.

        >>> records = [{"id": 1, "text": "It rained.", "year": 2019, "section": "world"}]
        >>> retriever = Retriever.from_records(records)
        >>> wheres = ["section:world year>=2020", {"year": {">=": 2019}}, {"section": ["a", "b"]}]
        >>> [len(retriever.select(where).library.articles) for where in wheres]
        [0, 1, 0]
        """
        return self.select_rows(self.subsets.find_rows(where))

    def select_rows(self, rows: tuple[int, ...]) -> "Retriever":
        """Return a retriever of the articles in ``rows``, ascending, as if these were all.

        >>> retriever = Retriever.from_texts(["It rained.", "It snowed."])
        >>> retriever.select_rows((1,)).library.articles[0].text
        'It snowed.'
        """

        def build() -> Retriever:
            return self.edit(Edit(removed={*range(len(self.library.articles))}.difference(rows)))

        return self.subsets.get(rows, build)

    def search(
        self,
        text: str,
        limit: int = 5,
        where: Where | None = None,
        synonyms: Synonyms | None = None,
    ) -> tuple[Answer, ...]:
        """Return at most ``limit`` answers, best first, whatever their confidence.

        Each shares a word with the question, as corrected, and contains its quoted phrases. For
        ``where`` and ``synonyms`` see ``ask``, whose errors it raises.

        >>> retriever = Retriever.from_texts(["The bridge opened.", "A ferry left the bridge."])
        >>> [answer.text for answer in retriever.search("ferry at the bridge")]
        ['A ferry left the bridge.', 'The bridge opened.']
        """
        if where is not None:
            return self.select(where).search(text, limit, synonyms=synonyms)
        question = self.pipeline.parse(arguments.check_question(text), synonyms)
        answers = self.pipeline.rank_answers(question, arguments.check_limit(limit))
        return tuple(
            answer
            for answer in answers
            if question.has_phrases(answer.text, self.library.analysis_at(answer.number))
        )

    def ask(
        self,
        text: str,
        limit: int = 3,
        where: Where | None = None,
        synonyms: Synonyms | None = None,
    ) -> Reply:
        """Return at most ``limit`` answers, best first, or the reason for silence.

        With ``where``, the articles that it does not choose are as if they were not there; see
        ``select``. ``synonyms``: ``{"gdp": ["gross domestic product"]}``. Raises ValueError for
        arguments that are not allowed, as a limit below 0 or a filter of no field, and BotError
        where articles on disk or on a cluster cannot be read: DamagedCache, ClusterError.

        >>> retriever = Retriever.from_texts(["Ada Thorne designed the bridge."])
        >>> retriever.ask("Who designed the bridge?").answers[0].text
        'Ada Thorne designed the bridge.'
        >>> retriever.ask("Where is the lighthouse?").silence.value
        'Nothing in the articles mentions that.'
        """
        if where is not None:
            return self.select(where).ask(text, limit, synonyms=synonyms)
        question = self.pipeline.parse(arguments.check_question(text), synonyms)
        return self.pipeline.reply(question, arguments.check_limit(limit))

    def as_tool(self) -> "AnswerTool":
        """Return a tool that language models call: its JSON schema, and a ``run`` for calls.

        ``run`` returns a mistake in a call as JSON for the model, and raises BotError as ``ask``.

        >>> Retriever.from_texts(["It rained."]).as_tool().run('{"question": "rain?"}')[:35]
        '{"answers": [{"text": "It rained.",'
        """
        return build_tool(self)

    def ask_many(
        self,
        texts: Iterable[str],
        limit: int = 3,
        where: Where | None = None,
        synonyms: Synonyms | None = None,
    ) -> tuple[Reply, ...]:
        """Return the reply to each question, in order.

        Raises the errors of ``ask``; ValueError before the first question if one is no text.

        >>> retriever = Retriever.from_texts(["Ada Thorne designed the bridge."])
        >>> [len(reply.answers) for reply in retriever.ask_many(["The bridge?", "Lima?"])]
        [1, 0]
        """
        asked = self if where is None else self.select(where)
        return tuple(
            asked.ask(text, limit, synonyms=synonyms) for text in arguments.check_questions(texts)
        )
