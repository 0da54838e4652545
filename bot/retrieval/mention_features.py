"""Features of the mentions in a sentence that are of the kind that the question asks for.

``bot.retrieval.ranking.FEATURES`` has the kinds of question that each of them is for.
"""

from collections.abc import Sequence
from math import exp

from bot.language.mentions import VAGUE_NUMBERS, YEAR_RE, Mention
from bot.language.questions import AnswerKind
from bot.retrieval.candidates import Candidates
from bot.retrieval.features import early, title_match
from bot.retrieval.passages import Passage
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


def has_mention(_: Query, found: Candidates) -> list[float]:
    """Return 1 if the sentence has a mention of the kind asked for."""
    return [float(bool(mentions)) for mentions in found.mentions]


def number_mention(_: Query, found: Candidates) -> list[float]:
    """Return 1 for a number or amount that is asked for, half for a mere "one" or "once"."""
    return [
        grade([float(mention.word not in VAGUE_NUMBERS) for mention in mentions])
        for mentions in found.mentions
    ]


def time_mention(_: Query, found: Candidates) -> list[float]:
    """Return 1 for a time that is asked for with month and year, half with neither."""
    values = []
    for mentions, passage in zip(found.mentions, found.passages, strict=True):
        months = passage.language.months
        has_month = any(mention.word in months for mention in mentions)
        has_year = any(YEAR_RE.fullmatch(mention.word) for mention in mentions)
        quality = (has_month + has_year + (has_month or has_year)) / 3
        values.append(grade([quality] if mentions else []))
    return values


def name_mention(_: Query, found: Candidates) -> list[float]:
    """Return 1 for a name of two words that "who" asks for, half for a single word."""
    rows = [{mention.position for mention in mentions} for mentions in found.mentions]
    return [grade([float(position + 1 in row) for position in row]) for row in rows]


def grade(qualities: Sequence[float]) -> float:
    """Return 0 without a mention, else half plus half of the best quality, 0 to 1."""
    return (1 + max(qualities)) / 2 if qualities else 0.0


def counted_unit(query: Query, found: Candidates) -> list[float]:
    """Return 1 if a number is shortly before the unit that "how many" counts."""
    unit = query.unit
    return [
        float(bool(unit) and unit in passage.sentence.terms and counts_unit(passage, unit))
        for passage in found.passages
    ]


def counts_unit(passage: Passage, unit: str) -> bool:
    """Return whether a number is shortly before the term ``unit``."""
    numbers = {mention.position for mention in passage.mentions.numbers}
    return any(
        term == unit and not numbers.isdisjoint(range(position - MAX_UNIT_DISTANCE, position))
        for position, term in enumerate(passage.sentence.stems)
    )


def proximity_to_matches(query: Query, found: Candidates) -> list[float]:
    """Return how near the nearest mention is to the matched terms, 0 to 1.

    A term at a distance of d words adds its share of the matched idf times e^(-d / 6).
    """
    pairs = zip(found.passages, found.mentions, strict=True)
    return [measure_proximity(query, each, mentions) for each, mentions in pairs]


def measure_proximity(query: Query, passage: Passage, mentions: Sequence[Mention]) -> float:
    """Return the same for one sentence with its mentions."""
    positions: dict[str, list[int]] = {}
    for position, term in enumerate(passage.sentence.stems):
        if term in query.content:
            positions.setdefault(term, []).append(position)
    weighted = [(query.idf[term], places) for term, places in positions.items()]
    if not mentions or not weighted:  # a joined compound matches without a position
        return 0.0
    best = max(
        sum(idf * decay(mention.position, places) for idf, places in weighted)
        for mention in mentions
    )
    return best / sum(idf for idf, _ in weighted)


def decay(position: int, others: Sequence[int]) -> float:
    """Return e^(-d / 6) of the distance d to the nearest of ``others``."""
    return exp(-min(abs(position - other) for other in others) / 6)


def title_with_mention(query: Query, found: Candidates) -> list[float]:
    """Return the share of the content terms in the title, if there is a mention as asked for."""
    pairs = zip(title_match(query, found), found.mentions, strict=True)
    return [share if mentions else 0.0 for share, mentions in pairs]


def agent(query: Query, found: Candidates) -> list[float]:
    """Return 1 if "who founded" meets "founded by" with a name after it."""
    pairs = zip(found.passages, found.mentions, strict=True)
    return [float(bool(mentions) and has_agent(query, each, mentions)) for each, mentions in pairs]


def has_agent(query: Query, passage: Passage, mentions: Sequence[Mention]) -> bool:
    """Return whether a matched term, "by" and a mention follow each other."""
    sentence, agents = passage.sentence, passage.language.agents
    if agents.isdisjoint(sentence.forms):
        return False
    names = {mention.position for mention in mentions}
    return any(
        word in agents
        and sentence.stems[position - 1] in query.content
        and not names.isdisjoint(range(position + 1, position + 1 + MAX_AGENT_DISTANCE))
        for position, word in enumerate(sentence.joined_words.split(" "))
        if position
    )


def which_name(query: Query, found: Candidates) -> list[float]:
    """Return 1 if "which" asks for an unknown kind, and the sentence has a new name."""
    if query.forms.isdisjoint(query.question.language.choosing_words):
        return [0.0] * len(found.hits)
    return [
        float(any(mention.word not in query.forms for mention in passage.mentions.names))
        for passage in found.passages
    ]


def definition(query: Query, found: Candidates) -> list[float]:
    """Return the share of the content before "is a", half of that before a mere "is"."""
    return [measure_definition(query, passage) for passage in found.passages]


def measure_definition(query: Query, passage: Passage) -> float:
    """Return the same for one sentence."""
    sentence, language = passage.sentence, passage.language
    words = sentence.joined_words.split(" ")
    for position, word in enumerate(words[:MAX_COPULA_POSITION]):
        if word in language.copulas:
            before = query.content.keys() & {*sentence.stems[:position]}
            share = query.share(query.find_bits(before))
            following = words[position + 1] if position + 1 < len(words) else ""
            return share if word in DEFINING_VERBS or following in language.articles else share / 2
    return 0.0


def early_definition(query: Query, found: Candidates) -> list[float]:
    """Return :func:`definition` times :func:`bot.retrieval.features.early`."""
    pairs = zip(definition(query, found), early(query, found), strict=True)
    return [share * place for share, place in pairs]
