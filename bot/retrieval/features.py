"""What can speak for a sentence: how each feature's value is had from a candidate."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import log1p

from bot.index.engine import Hit
from bot.language.dates import MONTHS
from bot.language.mentions import WEAK_NUMBERS, YEAR_RE, Mention
from bot.language.questions import AnswerKind
from bot.retrieval.passages import Passage, grams
from bot.retrieval.query import Query

# Where a mention is found that answers a question of the kind.
MENTIONS_BY_KIND = {
    AnswerKind.NUMBER: "numbers",
    AnswerKind.AMOUNT: "amounts",
    AnswerKind.MONEY: "money",
    AnswerKind.PERCENT: "percents",
    AnswerKind.MEASURE: "measures",
    AnswerKind.TIME: "times",
    AnswerKind.PLACE: "places",
    AnswerKind.COUNTRY: "countries",
    AnswerKind.PERSON: "names",
    AnswerKind.REASON: "reasons",
}
# How many words before its unit a number may stand: "twelve of the old ships".
UNIT_REACH = 4
# Articles of so few sentences are news in brief. There the first sentence tells most: without
# `lead`, 2.4 points of news are lost, while in longer articles it is worth nothing. In those a
# sentence begins with what it is about: `onset` is worth .3 on them, and costs .4 on news in brief.
BRIEF = 10


@dataclass(frozen=True, slots=True)
class Candidate:
    """A hit with its passage: the content terms ``held`` by the sentence, and those ``lacked``.

    ``best_paragraph`` and ``best_base`` are the highest among the candidates.
    """

    hit: Hit
    passage: Passage
    matched: frozenset[str]
    missing: frozenset[str]
    best_paragraph: float
    best_base: float


def base(hit: Hit) -> float:
    """Return the sentence's own score and half of its paragraph's."""
    return hit.score - 0.5 * hit.paragraph


def build_candidates(
    asked: Query, hits: Sequence[Hit], passages: Iterable[Passage]
) -> list[Candidate]:
    """Return the candidates of ``hits``, in their order."""
    content = frozenset(asked.content)
    best_paragraph = max((hit.paragraph for hit in hits), default=0.0)
    best_base = max(map(base, hits), default=0.0)
    found = []
    for hit, passage in zip(hits, passages, strict=True):
        held = content & passage.sentence.terms
        found.append(Candidate(hit, passage, held, content - held, best_paragraph, best_base))
    return found


Value = Callable[[Query, Candidate], float]


def words(asked: Query, candidate: Candidate) -> float:
    """Return the sentence's own BM25 score over the most that the question could get."""
    return (candidate.hit.score - candidate.hit.paragraph) / (1.6 * asked.total)


def paragraph(asked: Query, candidate: Candidate) -> float:
    """Return the paragraph's BM25 score over the rarities of what is asked."""
    return candidate.hit.paragraph / asked.total


def best_paragraph(_: Query, candidate: Candidate) -> float:
    """Return the paragraph's BM25 score over the best one's."""
    best = candidate.best_paragraph
    return candidate.hit.paragraph / best if best else 0.0  # an engine may know no paragraphs


def best_base(_: Query, candidate: Candidate) -> float:
    """Return sentence and half a paragraph over the best such sum."""
    return base(candidate.hit) / candidate.best_base


def held_unit(asked: Query, candidate: Candidate) -> float:
    """Return 1 where a number stands shortly before the thing that is counted."""
    if not asked.unit or asked.unit not in candidate.passage.sentence.terms:
        return 0.0
    stems = candidate.passage.sentence.stems
    numbers = {item.place for item in candidate.passage.mentions.numbers}
    return float(
        any(
            term == asked.unit and not numbers.isdisjoint(range(place - UNIT_REACH, place))
            for place, term in enumerate(stems)
        )
    )


def letters(asked: Query, candidate: Candidate) -> float:
    """Return how much of the lacked words' letters the sentence holds, by rarity, 0 to 1.

    Two words are as like as their runs of four letters (Dice): "inventor", "invention".
    """
    total = 0.0
    sentence = candidate.passage.sentence
    for term in candidate.missing:
        wanted = grams(asked.content[term])
        # Most words have no run in common, which is told without making theirs.
        if any(map(sentence.words.__contains__, wanted)):
            like = [word for word in sentence.forms if any(map(word.__contains__, wanted))]
            total += asked.idf[term] * max(dice(wanted, grams(word)) for word in like)
    return total / asked.mass


def dice(one: frozenset[str], other: frozenset[str]) -> float:
    """Return twice what two sets share over what they have, 0 to 1."""
    return 2 * len(one & other) / (len(one) + len(other))


def find_mentions(asked: Query, candidate: Candidate) -> list[Mention]:
    """Return what the sentence mentions of the kind asked for, one of ``SOUGHT``, and anew."""
    items: Sequence[Mention] = getattr(
        candidate.passage.mentions, MENTIONS_BY_KIND[asked.question.kind]
    )
    return [item for item in items if item.word not in asked.forms]


def holds(*kinds: AnswerKind) -> Value:
    """Return the feature: 1 where a question of ``kinds`` finds there what it asks for."""
    return lambda asked, candidate: float(
        asked.question.kind in kinds and bool(find_mentions(asked, candidate))
    )


def number(asked: Query, candidate: Candidate) -> float:
    """Return 1 where the number or amount asked for is found, half for a mere "one" or "once"."""
    if asked.question.kind not in (AnswerKind.NUMBER, AnswerKind.AMOUNT):
        return 0.0
    return graded(
        [float(item.word not in WEAK_NUMBERS) for item in find_mentions(asked, candidate)]
    )


def time(asked: Query, candidate: Candidate) -> float:
    """Return 1 where the time asked for is found with month and year, half without either."""
    if asked.question.kind is not AnswerKind.TIME:
        return 0.0
    items = find_mentions(asked, candidate)
    month = any(item.word in MONTHS for item in items)
    year = any(YEAR_RE.fullmatch(item.word) for item in items)
    return graded([(month + year + (month or year)) / 3] if items else [])


def name(asked: Query, candidate: Candidate) -> float:
    """Return 1 where "who" finds a name of two words, half where a shorter one."""
    if asked.question.kind is not AnswerKind.PERSON:
        return 0.0
    places = {item.place for item in find_mentions(asked, candidate)}
    return graded([float(place + 1 in places) for place in places])


def graded(worth: Sequence[float]) -> float:
    """Return half for there being one, and as much again for what the best is worth, 0 to 1."""
    return (1 + max(worth)) / 2 if worth else 0.0


def onset(_: Query, candidate: Candidate) -> float:
    """Return what share of the sentence goes by before what is asked; 0 in a brief article."""
    if len(candidate.passage.inside) <= BRIEF:
        return 0.0
    stems = candidate.passage.sentence.stems
    first = (place for place, term in enumerate(stems) if term in candidate.matched)
    return next(first, len(stems)) / len(stems)


def missing_in(part: Callable[[Passage], frozenset[str]]) -> Value:
    """Return the feature: the share of what is asked that the sentence lacks and ``part`` holds."""
    return lambda asked, candidate: asked.share(candidate.missing & part(candidate.passage))


def covered(asked: Query, candidate: Candidate) -> float:
    """Return the share of what is asked that the paragraph or the title holds."""
    return asked.share(around(candidate.passage, asked.content))


def around(passage: Passage, terms: Iterable[str]) -> list[str]:
    """Return those of ``terms`` that the paragraph or the title holds."""
    return [term for term in terms if term in passage.paragraph or term in passage.title]


def last(asked: Query, candidate: Candidate) -> float:
    """Return the share held of what the question's last sentence asks."""
    mass = asked.share(asked.last)
    return asked.share(asked.last & candidate.matched) / mass if mass else 0.0


def rarest(asked: Query, candidate: Candidate) -> float:
    """Return the rarity of the rarest word held over that of the rarest asked."""
    rarity = asked.idf
    return max((rarity[term] for term in candidate.matched), default=0.0) / asked.rarest


def exact(asked: Query, candidate: Candidate) -> float:
    """Return the share of the words asked that occur in the very form."""
    forms = candidate.passage.sentence.forms
    return asked.share([term for term in candidate.matched if asked.content[term] in forms])


def pairs(asked: Query, candidate: Candidate) -> float:
    """Return the share of the question's pairs of words that stand side by side there too."""
    mass = sum(asked.pairs.values())
    if not mass:
        return 0.0
    line = candidate.passage.sentence.line
    return sum([weight for pair, weight in asked.pairs.items() if pair in line]) / mass


def names(asked: Query, candidate: Candidate) -> float:
    """Return the share of the names asked that the sentence holds."""
    return _names(asked, asked.names & candidate.matched)


def names_around(asked: Query, candidate: Candidate) -> float:
    """Return the share of the names asked that the paragraph or the title holds."""
    return _names(asked, around(candidate.passage, asked.names))


def _names(asked: Query, held: Iterable[str]) -> float:
    return asked.share(held) / asked.share(asked.names) if asked.names else 0.0


def title(asked: Query, candidate: Candidate) -> float:
    """Return the share of what is asked that the title holds."""
    return asked.share([term for term in asked.content if term in candidate.passage.title])


def size(_: Query, candidate: Candidate) -> float:
    """Return ln(1 + how many sentences the paragraph has)."""
    return log1p(len(candidate.passage.beside))


def article_size(_: Query, candidate: Candidate) -> float:
    """Return ln(1 + how many sentences the article has)."""
    return log1p(len(candidate.passage.inside))


def lead(_: Query, candidate: Candidate) -> float:
    """Return 1 for the first sentence of a brief article."""
    inside = candidate.passage.inside
    return float(len(inside) <= BRIEF and candidate.hit.sentence == inside.start)


def length(_: Query, candidate: Candidate) -> float:
    """Return ln(1 + how many content words the sentence has)."""
    return log1p(len(candidate.passage.sentence.content))


def new(asked: Query, candidate: Candidate) -> float:
    """Return ln(1 + how many of the sentence's content words were not asked)."""
    return log1p(len(candidate.passage.sentence.content.difference(asked.content)))


def earlier(asked: Query, candidate: Candidate) -> float:
    """Return the share of what was asked before that the sentence holds."""
    terms = candidate.passage.sentence.terms
    return _earlier(asked, [term for term in asked.context.content if term in terms])


def earlier_around(asked: Query, candidate: Candidate) -> float:
    """Return the share of what was asked before that the paragraph or the title holds."""
    return _earlier(asked, around(candidate.passage, asked.context.content))


def _earlier(asked: Query, held: Iterable[str]) -> float:
    rarity = asked.idf
    mass = sum(rarity[term] for term in asked.context.content)
    return sum(rarity[term] for term in held) / mass if mass else 0.0


def same_article(asked: Query, candidate: Candidate) -> float:
    """Return 1 where the article is that of the answer shown before."""
    return float(any(number in candidate.passage.inside for number in asked.context.shown[:1]))


def same_paragraph(asked: Query, candidate: Candidate) -> float:
    """Return 1 where the paragraph is that of the answer shown before."""
    return float(any(number in candidate.passage.beside for number in asked.context.shown[:1]))


def shown(asked: Query, candidate: Candidate) -> float:
    """Return 1 for the sentence that was shown before."""
    return float(candidate.hit.sentence in asked.context.shown[:1])
