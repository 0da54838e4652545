"""Find the date, number or name inside an answer that the question probably asks for."""

from collections.abc import Collection, Iterator, Sequence
from math import exp

from bot.language.analysis import DEFAULT_ANALYZER
from bot.language.analyzer import Token
from bot.language.mentions import Mentions
from bot.language.questions import AnswerKind
from bot.retrieval.candidates import MENTIONS_BY_KIND
from bot.retrieval.query_parser import ParsedQuestion

# The weight of a matched word by its distance: six words further away, it counts e times less.
DECAY = tuple(exp(-distance / 6) for distance in range(60))
# Of a reason or a statement, only the first word is known.
SPAN_KINDS = MENTIONS_BY_KIND.keys() - {AnswerKind.REASON, AnswerKind.SAID}
# Characters that may stand between two words of one span: "4 June, 2015", "Jean-Luc", "3.5".
SEPARATORS = frozenset((" ", ", ", "-", ".", ",", "–", "’", "'", ". "))
# A single word at the start of a sentence has its capital letter in any case, and is no name.
NAME_KINDS = frozenset((AnswerKind.PERSON, AnswerKind.PLACE))
FIRST_WORD = range(1)
# If the second best span scores more than this share of the best, none is shown. On the right
# sentences of the question sets, the span shown overlaps the answer in 78 % (Wikipedia) and 81 %
# (news); without this margin in 71 and 78 %.
MAX_RUNNER_UP = 0.8


def find_answer_span(text: str, matched: Collection[str], question: ParsedQuestion) -> range:
    """Return the character positions of the likely answer in ``text``, empty if none is sure.

    ``matched`` are the words of ``text`` that ``question`` shares. Of the mentions of the kind
    asked for, the one nearest to those is returned.

    >>> from bot.retrieval.query_parser import parse_question
    >>> text = "The bridge opened on 19 March 1932."
    >>> span = find_answer_span(text, ["bridge", "opened"], parse_question("When did it open?"))
    >>> text[span.start : span.stop]
    '19 March 1932'
    """
    if question.kind not in SPAN_KINDS:
        return range(0)
    analysis = DEFAULT_ANALYZER.in_language(question.language.code)
    tokens = analysis.tokens(text)
    shared = {
        index
        for index, word in enumerate(tokens)
        if text[word.start : word.end] in matched and not word.is_stop_word
    }
    runs = list(candidate_runs(text, tokens, shared, question))
    if not runs:
        return range(0)
    ranked = sorted((proximity(run, shared), len(run), run.start) for run in runs)
    if len(ranked) > 1 and ranked[-2][0] > MAX_RUNNER_UP * ranked[-1][0]:
        return range(0)
    best = next(run for run in runs if run.start == ranked[-1][2])
    return range(tokens[best.start].start, tokens[best.stop - 1].end)


def candidate_runs(
    text: str, tokens: Sequence[Token], shared: set[int], question: ParsedQuestion
) -> Iterator[range]:
    """Yield the runs of words, by index, that are of the kind asked for and not in the question."""
    kind, forms = question.kind, {token.form for token in question.tokens}
    analysis = DEFAULT_ANALYZER.in_language(question.language.code)
    indices, months = mention_indices(analysis.mentions(text), kind), question.language.months
    if kind is AnswerKind.TIME:
        indices |= {
            index
            for index, word in enumerate(tokens)
            if word.form.isdecimal()
            and any(other.form in months for other in tokens[max(0, index - 1) : index + 2])
        }
    for run in consecutive_runs(text, tokens, [i for i in indices if tokens[i].form not in forms]):
        if shared.isdisjoint(run) and (run != FIRST_WORD or kind not in NAME_KINDS):
            yield run


def consecutive_runs(text: str, tokens: Sequence[Token], indices: Collection[int]) -> list[range]:
    """Return ``indices`` as runs of words that are side by side, in order."""
    runs: list[range] = []
    for index in sorted(indices):
        if runs and are_adjacent(text, tokens, runs[-1].stop - 1, index):
            runs[-1] = range(runs[-1].start, index + 1)
        else:
            runs.append(range(index, index + 1))
    return runs


def mention_indices(mentions: Mentions, kind: AnswerKind) -> set[int]:
    """Return the indices of the words that may answer a question of ``kind``."""
    indices = {mention.position for mention in getattr(mentions, MENTIONS_BY_KIND[kind])}
    if kind is AnswerKind.PERSON:
        places = {mention.position for mention in (*mentions.places, *mentions.countries)}
        return indices - places or indices
    return indices


def are_adjacent(text: str, tokens: Sequence[Token], left: int, right: int) -> bool:
    """Return whether two words are side by side, at most a separator between them."""
    return right == left + 1 and text[tokens[left].end : tokens[right].start] in SEPARATORS


def proximity(run: range, shared: set[int]) -> float:
    """Return how near ``run`` is to the matched words: the sum of their weights by distance."""
    return sum(
        DECAY[min(min(abs(index - match) for index in run), len(DECAY) - 1)] for match in shared
    )
