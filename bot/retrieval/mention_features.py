"""Features of the mentions in a sentence that are of the kind that the question asks for.

``bot.retrieval.ranking.FEATURES`` has the kinds of question that each of them is for.
"""

from collections.abc import Sequence
from math import exp

from bot.language.mentions import VAGUE_NUMBERS, YEAR_RE
from bot.language.questions import AnswerKind
from bot.retrieval.candidates import Candidate
from bot.retrieval.features import early, title_match
from bot.retrieval.query import Query

# Kinds of number that are told by what is next to them.
QUANTITIES = (
    AnswerKind.MONEY,
    AnswerKind.PERCENT,
    AnswerKind.MEASURE,
    AnswerKind.DURATION,
    AnswerKind.AGE,
)
NUMBERS = (AnswerKind.NUMBER, AnswerKind.AMOUNT, *QUANTITIES)
# A name may be at most so many words after "by": "founded by the young Ada Thorne".
MAX_AGENT_DISTANCE = 4
# A definition has a copula between the word and its meaning, among its first words.
MAX_COPULA_POSITION = 30
DEFINING_VERBS = frozenset(("means", "refers"))
# A number may be at most so many words before its unit: "twelve of the old ships".
MAX_UNIT_DISTANCE = 4


def has_mention(_: Query, candidate: Candidate) -> float:
    """Return 1 if the sentence has a mention of the kind asked for."""
    return float(bool(candidate.mentions))


def number_mention(_: Query, candidate: Candidate) -> float:
    """Return 1 for a number or amount that is asked for, half for a mere "one" or "once"."""
    return grade([float(mention.word not in VAGUE_NUMBERS) for mention in candidate.mentions])


def time_mention(_: Query, candidate: Candidate) -> float:
    """Return 1 for a time that is asked for with month and year, half with neither."""
    mentions = candidate.mentions
    months = candidate.passage.language.months
    has_month = any(mention.word in months for mention in mentions)
    has_year = any(YEAR_RE.fullmatch(mention.word) for mention in mentions)
    return grade([(has_month + has_year + (has_month or has_year)) / 3] if mentions else [])


def name_mention(_: Query, candidate: Candidate) -> float:
    """Return 1 for a name of two words that "who" asks for, half for a single word."""
    positions = {mention.position for mention in candidate.mentions}
    return grade([float(position + 1 in positions) for position in positions])


def grade(qualities: Sequence[float]) -> float:
    """Return 0 without a mention, else half plus half of the best quality, 0 to 1."""
    return (1 + max(qualities)) / 2 if qualities else 0.0


def counted_unit(query: Query, candidate: Candidate) -> float:
    """Return 1 if a number is shortly before the unit that "how many" counts."""
    if not query.unit or query.unit not in candidate.passage.sentence.terms:
        return 0.0
    numbers = {mention.position for mention in candidate.passage.mentions.numbers}
    return float(
        any(
            term == query.unit
            and not numbers.isdisjoint(range(position - MAX_UNIT_DISTANCE, position))
            for position, term in enumerate(candidate.passage.sentence.stems)
        )
    )


def proximity_to_matches(query: Query, candidate: Candidate) -> float:
    """Return how near the nearest mention is to the matched terms, 0 to 1.

    A term at a distance of d words adds its share of the matched idf times e^(-d / 6).
    """
    positions: dict[str, list[int]] = {}
    for position, term in enumerate(candidate.passage.sentence.stems):
        if term in candidate.matched:
            positions.setdefault(term, []).append(position)
    weighted = [(query.idf[term], found) for term, found in positions.items()]
    if not candidate.mentions or not weighted:  # a joined compound matches without a position
        return 0.0
    best = max(
        sum(idf * decay(mention.position, found) for idf, found in weighted)
        for mention in candidate.mentions
    )
    return best / sum(idf for idf, _ in weighted)


def decay(position: int, others: Sequence[int]) -> float:
    """Return e^(-d / 6) of the distance d to the nearest of ``others``."""
    return exp(-min(abs(position - other) for other in others) / 6)


def title_with_mention(query: Query, candidate: Candidate) -> float:
    """Return the share of the content terms in the title, if there is a mention as asked for."""
    return title_match(query, candidate) if candidate.mentions else 0.0


def agent(_: Query, candidate: Candidate) -> float:
    """Return 1 if "who founded" meets "founded by" with a name after it."""
    sentence, agents = candidate.passage.sentence, candidate.passage.language.agents
    if not candidate.mentions or agents.isdisjoint(sentence.forms):
        return 0.0
    names = {mention.position for mention in candidate.mentions}
    return float(
        any(
            word in agents
            and sentence.stems[position - 1] in candidate.matched
            and not names.isdisjoint(range(position + 1, position + 1 + MAX_AGENT_DISTANCE))
            for position, word in enumerate(sentence.joined_words.split(" "))
            if position
        )
    )


def which_name(query: Query, candidate: Candidate) -> float:
    """Return 1 if "which" asks for an unknown kind, and the sentence has a new name."""
    if query.forms.isdisjoint(query.question.language.choosing_words):
        return 0.0
    names = candidate.passage.mentions.names
    return float(any(mention.word not in query.forms for mention in names))


def definition(query: Query, candidate: Candidate) -> float:
    """Return the share of the content before "is a", half of that before a mere "is"."""
    sentence, language = candidate.passage.sentence, candidate.passage.language
    words = sentence.joined_words.split(" ")
    for position, word in enumerate(words[:MAX_COPULA_POSITION]):
        if word in language.copulas:
            before = query.content.keys() & {*sentence.stems[:position]}
            share = query.share(query.find_bits(before))
            following = words[position + 1] if position + 1 < len(words) else ""
            return share if word in DEFINING_VERBS or following in language.articles else share / 2
    return 0.0


def early_definition(query: Query, candidate: Candidate) -> float:
    """Return :func:`definition` times :func:`bot.retrieval.features.early`."""
    value = definition(query, candidate)
    return value * early(query, candidate) if value else 0.0
