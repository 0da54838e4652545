"""The state of a library on a cluster: the one document that says which generation is current.

Theory of operation
===================
Everything that readers must see together hangs on this document, which is replaced in one step.

- A sentence or article carries ``from``, the generation that brought it, and ``version``, the id
  of that version of its article. A reader of generation g leaves out all that is ``from`` a later
  one, and the versions in ``removed``.
- A change in place writes the new versions as of generation g + 1, which nobody sees, makes them
  searchable with one refresh, and replaces the state: from then on they are seen, and the versions
  that they replace are ``removed``. Those are deleted by a later publication, at the earliest
  after ``GRACE`` seconds: a request that still needs them has ended before, unless its timeout
  was set as long. Each request of a reader looks at the state, too; if that has another
  generation, the question is asked again.
- A large change, another version of this program, or a place in the reading order with no number
  left makes new indexes (``base``) in the same way, from an empty generation 0; the state then
  moves to those, and the old ones are deleted. Who still reads them gets an error, and asks again.
- A publisher first enters itself as ``publisher`` by a conditional write, and counts ``beat`` up
  while it works; another one waits for it, or succeeds it when the beat stands still (claim.py). It
  keeps the articles that are complete, and deletes the others.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Self

from bot.cluster.schema import PROGRAM, VERSION

STATE_ID = "state"
# Seconds for which a replaced version is kept: twelve times the default timeout of a request.
GRACE = 120.0


@dataclass(frozen=True, slots=True)
class Totals:
    """The sizes of a generation: numbers of articles, sentences, paragraphs and their terms.

    ``repeated_terms`` is the sum of the paragraphs' terms, each as often as it has sentences.
    """

    articles: int = 0
    sentences: int = 0
    paragraphs: int = 0
    sentence_terms: int = 0
    paragraph_terms: int = 0
    repeated_terms: int = 0

    def __add__(self, other: Self) -> "Totals":
        return Totals(*map(sum, zip(self.numbers(), other.numbers(), strict=True)))

    def __sub__(self, other: Self) -> "Totals":
        pairs = zip(self.numbers(), other.numbers(), strict=True)
        return Totals(*(left - right for left, right in pairs))

    def numbers(self) -> tuple[int, ...]:
        """Return the numbers in order."""
        return tuple(asdict(self).values())


@dataclass(frozen=True, slots=True)
class State:
    """The current generation: where it is, what it leaves out, and how large it is.

    ``indexed`` are the totals with the versions in ``removed``; ``spread`` is that of the base's
    paragraphs (schema.py). ``languages`` has the number of articles in each, by its code;
    ``counts`` has the counts of the most frequent terms, as TermCounts has them.
    ``removed`` maps each version that was replaced to the time (Unix, s). ``changes`` are the
    numbers of articles that the last publication added, changed and removed. ``publisher`` is
    "" or the process at work, which counts ``beat`` up; ``building`` are the new indexes that it
    fills, if any. ``sequence`` is the document's own version.
    """

    base: str = ""
    generation: int = 0
    totals: Totals = Totals()
    indexed: Totals = Totals()
    spread: float = 1.0
    languages: Mapping[str, int] = field(default_factory=dict)
    counts: Mapping[str, tuple[int, int, int]] = field(default_factory=dict)
    removed: Mapping[str, float] = field(default_factory=dict)
    changes: Mapping[str, int] = field(default_factory=dict)
    publisher: str = ""
    beat: int = 0
    building: str = ""
    version: str = VERSION
    sequence: tuple[int, int] = (-1, 0)

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Self:
        """Return the state in a document as the cluster gives it."""
        known = {each.name for each in fields(cls)}  # of a later version there may be others
        source = {name: value for name, value in document["_source"].items() if name in known}
        for name in source.keys() & {"totals", "indexed"}:
            source[name] = Totals(**source[name])
        source["counts"] = {term: tuple(counts) for term, counts in source["counts"].items()}
        return cls(
            **source, sequence=(document.get("_seq_no", -1), document.get("_primary_term", 0))
        )

    def to_document(self) -> dict[str, Any]:
        """Return the state as a document."""
        document = asdict(self)
        del document["sequence"]
        return {"program": PROGRAM, **document}
