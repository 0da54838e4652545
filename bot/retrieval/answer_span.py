"""Where in an answer the likely answer stands: the date, number or name that was asked for."""

from collections.abc import Collection, Iterator, Sequence
from math import exp

from bot.language.dates import MONTHS
from bot.language.mentions import Mentions
from bot.language.questions import AnswerKind, Question
from bot.language.terms import STOP_WORDS
from bot.language.words import Word, word_spans, words
from bot.retrieval.features import MENTIONS_BY_KIND

# By the distance of two words: what is six words away counts e times less.
DECAY = tuple(exp(-distance / 6) for distance in range(60))
# A reason is a clause, of which only the first word is known.
POINTED = MENTIONS_BY_KIND.keys() - {AnswerKind.REASON}
# What may stand between two words of one answer: "4 June, 2015", "Jean-Luc", "3.5".
JOINS = frozenset((" ", ", ", "-", ".", ",", "–", "’", "'", ". "))
NAMES = frozenset((AnswerKind.PERSON, AnswerKind.PLACE))
# A single word at the beginning has its capital letter anyhow.
FIRST = range(1)
# Where the second nearest is almost as near, none is shown. On the right sentences of the question
# sets, what is shown then overlaps the answer in 78 % (Wikipedia) and 81 % (news); else 71 and 78.
MARGIN = 0.8


def find_answer_span(text: str, matched: Collection[str], question: Question) -> range:
    """Return the places in ``text``, an answer, of what was probably asked for; none if unsure.

    ``matched`` are its words that ``question`` shares. Of all mentions of the kind asked for, it is
    the one nearest to those.
    """
    if question.kind not in POINTED:
        return range(0)
    found = list(word_spans(text))
    shared = {
        place
        for place, word in enumerate(found)
        if text[word.start : word.end] in matched and word.text not in STOP_WORDS
    }
    runs = list(candidate_runs(text, found, shared, question))
    if not runs:
        return range(0)
    near = sorted((nearness(run, shared), len(run), run.start) for run in runs)
    if len(near) > 1 and near[-2][0] > MARGIN * near[-1][0]:
        return range(0)
    best = next(run for run in runs if run.start == near[-1][2])
    return range(found[best.start].start, found[best.stop - 1].end)


def candidate_runs(
    text: str, found: Sequence[Word], shared: set[int], question: Question
) -> Iterator[range]:
    """Yield each run of words, by their places, that is of the kind asked for and not asked."""
    asked, kind = set(words(question.text)), question.kind
    wanted = wanted_words(Mentions(text), kind)
    if kind is AnswerKind.TIME:
        wanted |= {
            place
            for place, word in enumerate(found)
            if word.text.isdecimal()
            and any(other.text in MONTHS for other in found[max(0, place - 1) : place + 2])
        }
    places = sorted(place for place in wanted if found[place].text not in asked)
    start = 0
    for row, place in enumerate(places, 1):
        end = row == len(places) or not are_adjacent(text, found, place, places[row])
        if end:
            run = range(places[start], place + 1)
            start = row
            if shared.isdisjoint(run) and (run != FIRST or kind not in NAMES):
                yield run


def wanted_words(found: Mentions, kind: AnswerKind) -> set[int]:
    """Return the places of the words that may be what a question of ``kind`` asks for."""
    items = {mention.place for mention in getattr(found, MENTIONS_BY_KIND[kind])}
    if kind is AnswerKind.PERSON:
        elsewhere = {mention.place for mention in (*found.places, *found.countries)}
        return items - elsewhere or items
    return items


def are_adjacent(text: str, found: Sequence[Word], one: int, other: int) -> bool:
    """Return whether two words stand side by side."""
    return other == one + 1 and text[found[one].end : found[other].start] in JOINS


def nearness(run: range, shared: set[int]) -> float:
    """Return how near a run stands to the words that are shared."""
    return sum(
        DECAY[min(min(abs(place - word) for place in run), len(DECAY) - 1)] for word in shared
    )
