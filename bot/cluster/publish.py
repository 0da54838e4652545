"""Put a library on a cluster, writing only the articles that differ; see state.py."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b

from bot.articles.article import Article
from bot.articles.library import Library
from bot.cluster.batches import BATCH_SIZE, BatchWriter, split_batches
from bot.cluster.claim import LEASE, Claim, hold_claim
from bot.cluster.connection import ClusterConnection, encode_lines
from bot.cluster.documents import (
    ArticleDocuments,
    ArticleVersion,
    build_documents,
    encode_article,
)
from bot.cluster.errors import PublishingFault
from bot.cluster.generations import (
    Generation,
    create_indexes,
    delete_indexes,
    finish_indexes,
    has_version,
    next_base,
    read_spread,
)
from bot.cluster.plan import (
    PlacedArticle,
    PublicationPlan,
    WantedArticle,
    make_plan,
)
from bot.cluster.schema import VERSION
from bot.cluster.state import GRACE, State, Totals
from bot.language.analysis import DEFAULT_ANALYZER

# Articles that one generation may leave out; a larger change makes new indexes.
MAX_REMOVED = 10_000
# Articles of which the lengths of paragraphs are looked at before the first is published.
MAX_SAMPLE = 300
# Sentences of an article, whose document is one request: of these some 60 MB, and OpenSearch allows
# 100.
MAX_SENTENCES = 500_000


def ignore(*_: object) -> None:
    """Do nothing."""


@dataclass(frozen=True, slots=True)
class PublishingOptions:
    """How a library is published.

    ``shards`` and ``replicas`` are those of new indexes. With ``rebuild``, all is written anew.
    ``reader`` is the version of the programs that read the articles: another one may read them
    otherwise. ``notify`` is called with a line about anything unusual, ``progress`` with the number
    of articles written and that of all to write; ``batch_size`` characters are written at a time.
    Articles of more than ``max_sentences`` are left out.
    Replaced versions are kept for ``grace`` seconds, and another publisher that makes no sign for
    ``lease`` seconds is taken for dead.
    """

    shards: int = 3
    replicas: int = 1
    rebuild: bool = False
    reader: str = ""
    notify: Callable[[str], None] = ignore
    progress: Callable[[int, int], None] = ignore
    batch_size: int = BATCH_SIZE
    grace: float = GRACE
    lease: float = LEASE
    max_sentences: int = MAX_SENTENCES


@dataclass(frozen=True, slots=True)
class Publication:
    """The changes that were published: articles added, changed and removed, and the totals."""

    changes: Mapping[str, int]
    totals: Totals
    unchanged: int


def publish(
    connection: ClusterConnection, library: Library, options: PublishingOptions
) -> Publication:
    """Make the library on the cluster equal to ``library``. Raises ClusterError.

    Interrupted, it goes on where it was when it is called again.
    """
    if library.analysis.version != DEFAULT_ANALYZER.version:
        fault = "only a library of the built-in analyzer can be put on a cluster"
        raise PublishingFault(connection.address, fault)
    with hold_claim(connection, options.replicas, options.lease, options.notify) as claim:
        return Publisher(claim, library, options).run()


def delete_publication(connection: ClusterConnection) -> None:
    """Delete a library and all that belongs to it. Raises ClusterError."""
    options = PublishingOptions()
    with hold_claim(connection, options.replicas, options.lease, options.notify) as claim:
        for base in filter(None, (claim.state.base, claim.state.building)):
            delete_indexes(connection, base)
        claim.end()
        connection.send("DELETE", f"/{connection.address.index}")


class Publisher:
    """Publishes one library, with the right to do so."""

    def __init__(self, claim: Claim, library: Library, options: PublishingOptions) -> None:
        self.claim: Claim = claim
        self.library: Library = library
        self.options: PublishingOptions = options
        self.connection: ClusterConnection = claim.connection

    def run(self) -> Publication:
        """Publish what differs; in new indexes where the present ones can not take it."""
        wanted = [*self._wanted_articles()]
        state = self.claim.state
        if not state.building and not self.options.rebuild and has_version(self.connection, state):
            generation = Generation(self.connection, state.base, state)
            plan = self._plan(wanted, generation)
            if plan and len(plan.replaced) + len(state.removed) <= MAX_REMOVED:
                return self._publish(generation, plan, len(wanted))
        generation = self._new_generation()
        plan = self._plan(wanted, generation)
        if plan is None:  # the articles changed their order since it was interrupted
            self._drop_building()
            generation = self._new_generation()
            plan = self._plan(wanted, generation)
            assert plan
        return self._publish(generation, plan, len(wanted))

    def _wanted_articles(self) -> Iterator[WantedArticle]:
        """Yield the articles of the library with a digest of each, but for those too large."""
        versions = self.library.content_versions
        for row, listing in enumerate(self.library.listings):
            if (size := len(self.library.sentence_numbers(row))) > self.options.max_sentences:
                most = f"at most {self.options.max_sentences:,} can be put on a cluster"
                fault = f"{size:,} sentences; {most}, so it is left out: divide it"
                self.options.notify(f"{listing.source}: {fault}")
                continue
            version = versions[listing.source]
            if isinstance(version, bytes):
                digest = f"{version.hex()} {self.options.reader}"
            else:
                digest = digest_article(self.library, row)
            yield WantedArticle(row, listing.source, digest)

    def _plan(
        self, wanted: Sequence[WantedArticle], generation: Generation
    ) -> PublicationPlan | None:
        generation.refresh()
        current, pending = generation.published_articles()
        return make_plan(wanted, current, pending)

    def _new_generation(self) -> Generation:
        """Return an empty generation in new indexes, or one that was begun."""
        state = self.claim.state
        if state.building and has_version(self.connection, State(base=state.building)):
            begun = State(base=state.building, spread=read_spread(self.connection, state.building))
            return Generation(self.connection, state.building, begun)
        if state.building:
            self._drop_building()
        base = next_base(self.connection.address.index, self.claim.state)
        self.claim.replace(building=base)
        spread = estimate_spread(self.library)
        create_indexes(self.connection, base, self.options.shards, spread)
        return Generation(self.connection, base, State(base=base, spread=spread))

    def _drop_building(self) -> None:
        delete_indexes(self.connection, self.claim.state.building)
        self.claim.replace(building="")

    def _publish(self, generation: Generation, plan: PublicationPlan, wanted: int) -> Publication:
        """Write the articles of ``plan``, and make the next generation current."""
        old = generation.state
        is_new = generation.base != self.claim.state.base
        if plan.is_empty and not is_new:
            return Publication(plan.changes, old.totals, wanted)
        purged = generation.delete_leftovers(plan.complete, self.options.grace)
        written = self._write(generation, plan)
        added = sum((article.totals for article in plan.complete), written)
        lost = sum((article.totals for article in plan.replaced), Totals())
        generation.refresh()
        if is_new:
            finish_indexes(self.connection, generation.base, self.options.replicas)
        now = time.time()
        removed = {version: at for version, at in old.removed.items() if version not in purged}
        removed |= {article.version: now for article in plan.replaced}
        state = replace(
            old, generation=generation.next, totals=old.totals + added - lost, removed=removed
        )
        previous, new = self.claim.state.base, generation.move_to(state)
        self.claim.replace(
            base=generation.base,
            generation=state.generation,
            totals=state.totals,
            spread=state.spread,
            removed=removed,
            indexed=new.with_replaced().count_totals(),
            languages=new.count_languages(),
            counts=new.count_frequent(),
            changes=plan.changes,
            version=VERSION,
            building="",
            publisher="",
        )
        if is_new and previous:
            delete_indexes(self.connection, previous)
        unchanged = wanted - plan.changes["added"] - plan.changes["changed"]
        return Publication(plan.changes, state.totals, unchanged)

    def _write(self, generation: Generation, plan: PublicationPlan) -> Totals:
        """Write the articles of ``plan``, some batches at a time; return their totals."""
        total = len(plan.written) + len(plan.complete)
        done = len(plan.complete)
        writer = BatchWriter(self.connection, generation.base)
        totals = Totals()
        for batch in split_batches(self._build(generation, plan.written), self.options.batch_size):
            self.claim.check()
            writer.write(batch)
            totals = sum((documents.totals for documents in batch), totals)
            done += len(batch)
            self.options.progress(done, total)
        writer.close()
        return totals

    def _build(
        self, generation: Generation, placed: Iterable[PlacedArticle]
    ) -> Iterator[ArticleDocuments]:
        """Yield the documents of articles of the library."""
        for wanted, number in placed:
            article, spans = self.library.articles[wanted.row], self.library.spans[wanted.row]
            version = ArticleVersion.of(number, generation.next, wanted.digest)
            yield build_documents(version, article, spans, self.library.analysis)


def estimate_spread(library: Library) -> float:
    """Return how much longer the paragraph of a sentence is than a paragraph, in the mean.

    Counted in sentences, in some articles spread over the library.
    """
    count = len(library.articles)
    step = max(1, count // MAX_SAMPLE)
    sizes = [len(rows) for row in range(0, count, step) for rows in library.spans[row].paragraphs()]
    return sum(size * size for size in sizes) * len(sizes) / max(1, sum(sizes)) ** 2 or 1.0


def digest_article(library: Library, row: int) -> str:
    """Return a digest of all that is published of an article."""
    article: Article = library.articles[row]
    content = encode_article(article, library.spans[row])
    facts = {
        "title": article.title,
        "date": str(article.date),
        "id": article.id,
        "metadata": dict(article.metadata),
        **content,
    }
    return blake2b(encode_lines([facts]).encode("utf-8", "backslashreplace")).hexdigest()[:32]
