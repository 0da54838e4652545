"""Select the answers to give from ranked candidates: equal sentences take one place."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from bot.articles.article import Article
from bot.articles.searched_library import SearchedLibrary
from bot.retrieval.answer import Answer, Excerpt
from bot.retrieval.answer_context import opens_with_pronoun
from bot.retrieval.answer_window import find_window
from bot.retrieval.confidence import answerability, can_answer, confidence
from bot.retrieval.passages import find_matched_words
from bot.retrieval.ranking import ScoredCandidate


def group_copies(library: SearchedLibrary, ranked: Sequence[ScoredCandidate]) -> list[list[int]]:
    """Return the indices of ``ranked``, those of equal sentences together, best first.

    Sentences of several articles are equal if their texts are, white space aside. Where they open
    with a pronoun, the sentences before them must be equal as well: "It opened in 1932." of two
    bridges is not. A sentence that an article repeats is not grouped with itself.
    """
    texts = [scored.passage.comparable_text for scored in ranked]
    counts = Counter(texts)
    if len(counts) == len(texts):
        return [[index] for index in range(len(texts))]
    groups: dict[tuple[str, int], list[int]] = {}
    repeats: dict[tuple[int, str], int] = {}
    for index, scored in enumerate(ranked):
        text = texts[index]
        words = text if counts[text] == 1 else comparable_words(library, scored)
        key = scored.passage.article_sentences.start, words
        repeat = repeats[key] = repeats.get(key, -1) + 1
        groups.setdefault((words, repeat), []).append(index)
    return list(groups.values())


def comparable_words(library: SearchedLibrary, scored: ScoredCandidate) -> str:
    """Return the words of a sentence and, if it opens with a pronoun, of the one before it."""
    passage, number = scored.passage, scored.hit.sentence
    if number == passage.article_sentences.start or not opens_with_pronoun(passage.text):
        return passage.comparable_text
    before = " ".join(library.sentence_text(number - 1).split())
    return f"{before}\n{passage.comparable_text}"


def put_code_last(
    library: SearchedLibrary,
    ranked: Sequence[ScoredCandidate],
    groups: Iterable[list[int]],
    limit: int,
    min_confidence: float | None,
) -> list[list[int]]:
    """Return the best ``limit`` groups: code behind text, unless only code is sure enough."""
    text: list[list[int]] = []
    code: list[list[int]] = []
    for group in groups:
        if len(text) == limit:
            break
        (code if library.is_code(ranked[group[0]].hit.sentence) else text).append(group)
    if code:
        is_sure = [
            bool(found) and can_answer(ranked[found[0][0]], min_confidence)
            for found in (text, code)
        ]
        if not text or is_sure == [False, True]:
            text, code = code, text
    return [*text, *code][:limit]


def select_answers(
    library: SearchedLibrary, ranked: Sequence[ScoredCandidate], groups: Iterable[Sequence[int]]
) -> tuple[Answer, ...]:
    """Return an answer for the first of each group of ``ranked``, with its copies."""
    first_chance = answerability(ranked[0]) if ranked else 0.0
    groups = [*groups]
    numbers = (ranked[i].hit.sentence for group in groups for i in group)
    # At once: on a cluster it is a request.
    articles = library.load_articles(map(library.article_number, numbers))
    places = [[find_excerpt(library, articles, ranked[i]) for i in group] for group in groups]
    return tuple(
        build_answer(library, ranked[group[0]], first_chance, excerpts)
        for group, excerpts in zip(groups, places, strict=True)
    )


def find_excerpt(
    library: SearchedLibrary, articles: Mapping[int, Article], scored: ScoredCandidate
) -> Excerpt:
    """Return the article and span of the part of a sentence that is shown."""
    sentence = library.sentence(scored.hit.sentence)
    window = find_window(scored.passage.text, scored.query, library.analysis_at(sentence.number))
    start, end = sentence.start + window.start, sentence.start + window.stop
    return Excerpt(articles[sentence.article], start, end, sentence.number)


def build_answer(
    library: SearchedLibrary,
    scored: ScoredCandidate,
    answerability: float,
    excerpts: Sequence[Excerpt],
) -> Answer:
    """Return the first of ``excerpts``, that of ``scored``, as an answer with its copies."""
    number, passage, query = scored.hit.sentence, scored.passage, scored.query
    sentence, (place, *copies) = library.sentence(number), excerpts
    text = place.text
    shared = {*query.question.terms, *query.context.content, *query.replacements}
    return Answer(
        article=place.article,
        start=place.start,
        end=place.end,
        confidence=confidence(scored),
        matched=find_matched_words(text, frozenset(shared), library.analysis_at(number)),
        before="".join(map(library.sentence_text, passage.before)),
        after="".join(map(library.sentence_text, passage.after)),
        evidence=scored.evidence,
        number=number,
        answerability=answerability,
        copies=tuple(copies),
        omits_start=place.start > sentence.start,
        omits_end=place.end < sentence.end,
    )
