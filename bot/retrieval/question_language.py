"""The language in which a question is asked, and its words in the other languages of a library."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property

from bot.articles.searched_library import SearchedLibrary
from bot.index.engine import Engine
from bot.language.analyzer import Token
from bot.language.language import ENGLISH
from bot.lazy import lazy_function
from bot.retrieval.query import SentenceCounts
from bot.retrieval.query_parser import ParsedQuestion, parse_question, search_terms
from bot.retrieval.question_forms import find_unmatched

choose_language: Callable[[str, Sequence[str]], str] = lazy_function(
    "bot.language.detect", "choose_language"
)


class QuestionLanguages:
    """Parses questions in the languages of a library.

    >>> import bot
    >>> retriever = bot.Retriever.from_texts(["Der Turm ist alt und nicht hoch."])
    >>> QuestionLanguages(retriever.library, retriever.engine).parse("Wie hoch?").language.name
    'German'
    """

    def __init__(
        self, library: SearchedLibrary, engine: Engine, language: str | None = None
    ) -> None:
        self.library: SearchedLibrary = library
        self.engine: Engine = engine
        self.language: str | None = language

    @cached_property
    def counts(self) -> Mapping[str, int]:
        """The code of each language → the number of articles in it."""
        return self.library.language_counts

    @cached_property
    def codes(self) -> Sequence[str]:
        """The codes of the languages of the articles, the most frequent first, then by name."""
        counts = self.counts
        return sorted(counts, key=lambda code: (-counts[code], code)) or [ENGLISH.code]

    def count_sentences(self, code: str) -> SentenceCounts:
        """Return how many sentences there are, and about how many of them are in a language.

        Of a language in which no article is, the words are looked for in all.
        """
        counts, total = self.counts, self.library.sentence_count
        share = counts.get(code, 0) / max(1, sum(counts.values()))
        return SentenceCounts(total, max(1, round(total * share)) if 0 < share < 1 else total)

    def parse(self, text: str) -> ParsedQuestion:
        """Return ``text`` parsed in the likeliest of the languages, its spelling as it is."""
        codes = self.codes
        language = self.language or (codes[0] if len(codes) == 1 else choose_language(text, codes))
        return parse_question(text, self.library.analysis.in_language(language))

    def borrow_terms(self, question: ParsedQuestion) -> ParsedQuestion:
        """Return ``question`` with the terms of other languages for those that no article has.

        An English question may ask for a word of a German title.
        """
        others = [code for code in self.codes if code != question.language.code]
        analyses = [*map(self.library.analysis.in_language, others)]
        borrowed: dict[Token, Token] = {}
        for token in find_unmatched(question, self.engine) if others else ():
            word = question.search_text[token.start : token.end]
            terms = [t.term for analysis in analyses for t in analysis.tokens(word)[:1] if t.term]
            found = [term for term in terms if self._has_term(term)]
            if found and not self._has_term(token.term):
                borrowed[token] = token._replace(term=found[0])
        if not borrowed:
            return question
        tokens = tuple(borrowed.get(token, token) for token in question.tokens)
        return replace(question, tokens=tokens, terms=search_terms(tokens))

    def _has_term(self, term: str) -> bool:
        """Return whether any text of the library has ``term``."""
        (count,) = self.engine.document_frequencies([term])
        return bool(count or self.library.find_unsearched([term]))
