"""The part of a sentence without end (speech, a dumped table) that is shown as its answer."""

import re
from collections import Counter
from collections.abc import Mapping

from bot.language.analysis import Analysis
from bot.language.analyzer import Token
from bot.retrieval.answer_span import find_answer_span
from bot.retrieval.query import Query

# Characters of a sentence that are shown, five lines of a terminal. In Wikipedia 1.6 % are longer,
# in news .01 %; the answers of 67 of 69 and 28 of 35 such questions (Wikipedia, and out of
# curiosity) start in the window. At 300 characters, 63 and 26 do.
WINDOW = 400
SPACE_RE = re.compile(r"\s+")
# So far from its end a window is cut between two words, and in text without spaces anywhere.
MAX_WORD = 30


# A likely answer weighs a little less than the rarest term, so that the window has a match.
LIKELY_WEIGHT = 0.99


def find_window(text: str, query: Query, analysis: Analysis) -> range:
    """Return the characters of ``text`` to show: all, or of a long one a part around a match.

    The part has as much of the question's idf as possible, its likely answer included.
    """
    if len(text) <= WINDOW:
        return range(len(text))
    tokens = analysis.tokens(text)
    weights = [query.idf.get(token.term, 0.0) for token in tokens]
    matched = {
        text[word.start : word.end] for word, w in zip(tokens, weights, strict=True) if w > 0
    }
    likely = find_answer_span(text, matched, query.question)
    terms = {
        index: (word.term, weight) if weight else ("", LIKELY_WEIGHT * query.max_idf)
        for index, (word, weight) in enumerate(zip(tokens, weights, strict=True))
        if weight or word.start in likely
    }
    core = densest_run(tokens, terms)
    return extend_run(text, core.start, core.stop)


def densest_run(tokens: list[Token], terms: Mapping[int, tuple[str, float]]) -> range:
    """Return the characters of the run of at most ``WINDOW`` that has the heaviest terms.

    ``terms`` maps the index of a token to its term and weight; a term counts once in a run. Of
    equal runs the first and shortest is returned; without terms, the start of the text.
    """
    best, best_weight = range(0), 0.0
    counts: Counter[str] = Counter()
    indices, first, weight = sorted(terms), 0, 0.0
    for index in indices:
        term, share = terms[index]
        counts[term] += 1
        weight += share if counts[term] == 1 else 0.0
        while tokens[index].end - tokens[indices[first]].start > WINDOW:
            dropped, lost = terms[indices[first]]
            counts[dropped] -= 1
            weight -= 0.0 if counts[dropped] else lost
            first += 1
        if weight > best_weight + 1e-9:
            best = range(tokens[indices[first]].start, tokens[index].end)
            best_weight = weight
    return best


def extend_run(text: str, start: int, stop: int) -> range:
    """Return ``WINDOW`` characters of ``text`` with ``start`` to ``stop`` in their middle.

    It starts and ends with a whole word, and leaves out spaces at both ends.
    """
    left = min(max(0, start - (WINDOW - (stop - start)) // 2), len(text) - WINDOW)
    right = left + WINDOW
    if left:
        space = SPACE_RE.search(text, left - 1, min(start, left + MAX_WORD))
        left = space.end() if space else left
    if right < len(text):
        spaces = list(SPACE_RE.finditer(text, max(stop, right - MAX_WORD), right + 1))
        right = spaces[-1].start() if spaces else right
    return range(left, right)
