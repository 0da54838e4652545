"""The words of a question that no sentence has: misspelt, unknown, or in a title only."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain, pairwise

from bot.articles.frozen_dict import FrozenDict
from bot.articles.searched_library import SearchedLibrary
from bot.index.engine import Engine
from bot.language.analysis import Analysis
from bot.language.analyzer import Token, WordKind
from bot.language.dictionary import QUOTED_LANGUAGES, is_dictionary_word
from bot.language.language import ENGLISH, Language
from bot.language.mentions import NUMBER_WORDS
from bot.language.spelling import corrections
from bot.lazy import lazy_function
from bot.retrieval.answer import LIKELY, SURE, Reply, Silence
from bot.retrieval.query_parser import (
    ParsedQuestion,
    UnsearchedWord,
    find_kind,
    parse_question,
    quote_spans,
    search_terms,
)
from bot.retrieval.question_forms import count_terms, find_unmatched, is_within, reword

detect_language: Callable[[str], str] = lazy_function("bot.language.detect", "detect_language")

# A text with more unknown words than this is not a question; the others are left as they are.
MAX_CORRECTIONS = 20
# Sentences that are read for the forms in which articles use a term.
MAX_FORM_HITS = 30
# Letters of each part of a word that articles write in two. One part is a word of the topic, of so
# many letters: "Toan" is not "to an", nor is "Thatre" "that re".
MIN_PART_LENGTH, MIN_TOPIC_LENGTH = 2, 3
# Two words, and their terms.
Pair = tuple[str, str]


class SpellingCorrector:
    """Corrects the words of questions to those of a library.

    >>> import bot
    >>> retriever = bot.Retriever.from_texts(["The bridge opened."])
    >>> corrector = SpellingCorrector(retriever.library, retriever.engine)
    >>> corrector.correct_word("brige")
    'bridge'
    """

    def __init__(self, library: SearchedLibrary, engine: Engine) -> None:
        self.library: SearchedLibrary = library
        self.engine: Engine = engine

    def correct(self, question: ParsedQuestion) -> ParsedQuestion:
        """Return ``question`` with its slips corrected, and its other unknown words listed.

        A word is no slip if it is quoted, stands in any text of the library, or is a word of
        English or of the language of the question.
        """
        if not find_unmatched(question, self.engine):
            return question
        question = reword(question, self.engine, self._analysis(question))
        question = self._part_compounds(question)
        tokens = self._find_unmatched(question)
        if not tokens:
            return question
        terms = dict.fromkeys(token.term for token in tokens)
        unsearched = self.library.find_unsearched(terms)
        missing = [token for token in tokens if token.term not in unsearched]
        question = replace(
            question, unsearched=tuple(locate_unsearched(tokens, unsearched)), unknown=()
        )
        return self._correct_missing(question, missing)

    def _part_compounds(self, question: ParsedQuestion) -> ParsedQuestion:
        """Return ``question`` with two words for one that sentences have in two: "signoff"."""
        text = question.search_text
        pieces: list[str] = []
        copied = 0
        analysis = self._analysis(question)
        tokens = find_unmatched(question, self.engine)
        pairs = {token: list_pairs(token.form, analysis) for token in tokens}
        # The parts of all words at once: on a cluster that is one request.
        counts = count_terms(self.engine, [*chain(*chain(*(p.values() for p in pairs.values())))])
        for token in tokens:
            if pair := self._find_pair(pairs[token], counts, analysis):
                pieces += [text[copied : token.start], " ".join(pair)]
                copied = token.end
        if not pieces:
            return question
        parted = parse_question("".join([*pieces, text[copied:]]), analysis)
        return replace(parted, text=question.text, synonyms=question.synonyms)

    def _find_pair(
        self, pairs: Mapping[Pair, Sequence[str]], counts: Mapping[str, int], analysis: Analysis
    ) -> Pair | None:
        """Return that of ``pairs`` which stands side by side in a sentence."""
        for pair, stems in pairs.items():
            is_known = all(map(counts.__getitem__, stems))
            if is_known and any(map(is_topic, map(analysis.token, pair))):
                for hit in self.engine.search(stems, MAX_FORM_HITS):
                    if pair in pairwise(analysis.words(self.library.sentence_text(hit.sentence))):
                        return pair
        return None

    def _find_unmatched(self, question: ParsedQuestion) -> list[Token]:
        """Return the tokens with a subject that no sentence has."""
        unmatched = [
            token
            for token in find_unmatched(question, self.engine)
            if token.kind is not WordKind.LIGHT and token.form not in NUMBER_WORDS
        ]
        given = {term for synonym in question.synonyms for term in synonym.terms}
        return [token for token in unmatched if token.term not in given]

    def _correct_missing(
        self, question: ParsedQuestion, missing: Iterable[Token]
    ) -> ParsedQuestion:
        """Return ``question`` with each of ``missing`` corrected or listed as unknown."""
        replacements = self._find_replacements(question, missing)
        typed = {token: question.search_text[token.start : token.end] for token in replacements}
        shown = typed.values() if question.language.is_whole else join_pieces(question, typed)
        as_typed = replace(question, unknown=tuple(dict.fromkeys(shown)))
        corrected = FrozenDict({typed[token]: word for token, word in replacements.items() if word})
        if not corrected:
            return as_typed
        unknown = tuple(word for word in as_typed.unknown if word not in corrected)
        slips = {token: word for token, word in replacements.items() if word}
        question = replace_words(question, slips, self._analysis(question))
        return replace(question, unknown=unknown, corrected=corrected, uncorrected=as_typed)

    def _find_replacements(
        self, question: ParsedQuestion, missing: Iterable[Token]
    ) -> dict[Token, str]:
        """Return the replacement of each of ``missing`` but numbers, "" for none."""
        quotes = quote_spans(question.search_text)
        replacements: dict[Token, str] = {}
        for token in missing:
            if not token.form.lstrip("_")[:1].isalpha():
                continue  # "92", "20th": the subject is not a number
            is_kept = len(replacements) >= MAX_CORRECTIONS or is_within(token, quotes)
            replacement = "" if is_kept else self.correct_word(token.form, question.language)
            # The dictionary comes last: to read it takes longer than all the rest.
            if replacement and is_correct_word(question, token):
                replacement = ""
            replacements[token] = replacement
        return replacements

    def choose_reply(
        self, question: ParsedQuestion, reply_to: Callable[[ParsedQuestion], Reply]
    ) -> Reply:
        """Return the reply to ``question`` as corrected or, where that is not good, as typed."""
        reply = reply_to(question)
        if not question.corrected or self._is_good(reply):
            return reply
        typed = replace(reply_to(question.undo_corrections()), suggested=question.corrected)
        # Less than likely, it only has the words around the slip: one in four was right.
        if typed.answers and typed.answers[0].confidence >= LIKELY:
            return typed
        silence = typed.silence or Silence.WEAK
        nearest = reply.answers or reply.nearest or typed.answers
        return replace(typed, answers=(), silence=silence, nearest=nearest)

    def _is_good(self, reply: Reply) -> bool:
        """Return whether a reply to a corrected question is good enough to be given.

        Where the corrected words are all that the question is about, it must be sure.
        """
        if not reply.answers:
            return False
        others = [*reply.question.undo_corrections().content]
        is_subject = not reply.carried and not any(self.engine.document_frequencies(others))
        return not is_subject or reply.answers[0].confidence >= SURE

    def _analysis(self, question: ParsedQuestion) -> Analysis:
        return self.library.analysis.in_language(question.language.code)

    def correct_word(self, word: str, language: Language = ENGLISH) -> str:
        """Return the word of the library that ``word`` is likeliest a slip of, "" for none.

        Among equally near words, the one whose term is in the most sentences.
        """
        analysis = self.library.analysis.in_language(language.code)
        for candidates in corrections(word, language.letters):
            ordered = sorted(candidates)
            terms = analysis.stem_all(ordered)
            counts = self.engine.document_frequencies(terms)
            frequencies = dict(zip(terms, counts, strict=True))
            known = filter(frequencies.get, frequencies)
            for term in sorted(known, key=frequencies.__getitem__, reverse=True):
                # The articles may have the term in other forms only: "centuries", not "century".
                forms = self.count_forms(term)
                if near := candidates.intersection(forms):
                    return max(near, key=lambda form: (forms[form], form))
        return ""

    def count_forms(self, term: str) -> Counter[str]:
        """Return how often each form of ``term`` is in its best sentences."""
        forms = Counter[str]()
        for hit in self.engine.search([term], MAX_FORM_HITS):
            analysis = self.library.analysis_at(hit.sentence)
            words = analysis.words(self.library.sentence_text(hit.sentence))
            forms.update(word for word in words if analysis.stem(word) == term)
        return forms


def join_pieces(question: ParsedQuestion, unknown: Collection[Token]) -> Iterator[str]:
    """Yield the words of a language without blanks of which all pieces are ``unknown``.

    Chinese characters and Thai syllables that stand together are shown as one word, but not a pair
    of syllables whose pairs with their neighbours are known: one ends a word, the other begins one.
    """
    starts = {token.start for token in unknown}
    known = [t for t in question.tokens if t.term and t.start not in starts]
    pairs = [range(t.start, t.end) for t in known if t.end - t.start > 1]
    runs: list[list[Token]] = []
    for token in sorted((t for t in question.tokens if t.term), key=lambda t: t.start):
        if (
            runs
            and token.start <= runs[-1][-1].end
            and (token.start in starts) == (runs[-1][-1].start in starts)
        ):
            runs[-1].append(token)
        else:
            runs.append([token])
    for run in runs:
        start, end = run[0].start, max(token.end for token in run)
        if start in starts and not all(any(i in pair for pair in pairs) for i in range(start, end)):
            yield question.search_text[start:end]


def list_pairs(word: str, analysis: Analysis) -> dict[Pair, Sequence[str]]:
    """Return the words that ``word`` may be in one, by two, with the terms of each pair."""
    if not word.isalpha():
        return {}
    sizes = range(MIN_PART_LENGTH, len(word) - MIN_PART_LENGTH + 1)
    pairs = [(word[:size], word[size:]) for size in sizes]
    stems = {pair: analysis.stem_all(pair) for pair in pairs}
    return {pair: terms for pair, terms in stems.items() if all(terms)}


def is_topic(part: Token) -> bool:
    """Return whether a part of a word tells of a topic: of "signoff", "sign" does."""
    return not part.is_stop_word and len(part.form) >= MIN_TOPIC_LENGTH


def is_correct_word(question: ParsedQuestion, token: Token) -> bool:
    """Return whether a token is a word of English or of the language that is written there."""
    text = question.search_text
    typed = text[token.start : token.end]
    languages = {detect_language(text), question.language.code}
    if question.language is ENGLISH and not typed.isascii():
        languages |= QUOTED_LANGUAGES
    return is_dictionary_word(typed, languages)


def locate_unsearched(
    tokens: Iterable[Token], unsearched: Mapping[str, Sequence[int]]
) -> Iterable[UnsearchedWord]:
    """Yield those of ``tokens`` that ``unsearched`` has, each with its articles."""
    for token in tokens:
        if token.term in unsearched:
            yield UnsearchedWord(token.term, token.start, token.end, tuple(unsearched[token.term]))


def replace_words(
    question: ParsedQuestion, replacements: Mapping[Token, str], analysis: Analysis
) -> ParsedQuestion:
    """Return ``question`` with other words in place of the tokens in ``replacements``.

    A capital letter is kept, so that a misspelt name is still a name.
    """
    text = question.search_text
    pieces: list[str] = []
    tokens: list[Token] = []
    copied = shift = 0  # characters of `text` in `pieces`, and by how many `pieces` are longer
    for token in question.tokens:
        start, written = token.start + shift, token
        if token in replacements and token.start >= copied:
            form = replacements[token]
            word = form.title() if text[token.start].isupper() else form
            written = analysis.token(form)
            pieces += [text[copied : token.start], word]
            copied = token.end
            shift = start + len(word) - token.end
        tokens.append(written._replace(start=start, end=token.end + shift))
    search_text = "".join([*pieces, text[copied:]])
    start = tokens[0].start if tokens else 0
    return replace(
        question,
        search_text=search_text,
        tokens=tuple(tokens),
        terms=search_terms(tokens),
        kind=find_kind(question.request, search_text[start:], question.language),
    )
