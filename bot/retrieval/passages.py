"""A sentence and what stands around it, as the evidence reads them; each is read once."""

from dataclasses import dataclass
from functools import cached_property, lru_cache

from bot.articles.library import Library
from bot.language.mentions import Mentions
from bot.language.terms import STEMS, STOP_WORDS, terms
from bot.language.words import words

# What is read of so many sentences is kept, those of the last dozens of questions, 10 KB each with
# its paragraph; and the runs of letters of so many words. A library that is small is kept whole.
KEPT, SMALL = 1_000, 20_000

# A word is compared by its runs of so many letters.
GRAM = 4


@dataclass(frozen=True, slots=True)
class AnalyzedSentence:
    """A sentence as compared: its ``words``, a blank between two, and their ``stems``.

    A question word's stem is "". ``forms`` are its words and ``terms`` their stems, each once;
    ``line`` has the terms in reading order, a blank around each, so that it shows which stand side
    by side. ``content`` are the terms of its words that are no stop words.
    """

    words: str
    stems: tuple[str, ...]
    forms: frozenset[str]
    terms: frozenset[str]
    line: str
    content: frozenset[str]


def analyze_sentence(text: str) -> AnalyzedSentence:
    """Read ``text``."""
    found = words(text)
    stems = tuple(map(STEMS.__getitem__, found))
    kept = [*filter(None, stems)]
    forms = frozenset(found)
    return AnalyzedSentence(
        words=" ".join(found),
        stems=stems,
        forms=forms,
        terms=frozenset(kept),
        line=f" {' '.join(kept)} ",
        content=content(forms),
    )


def content(forms: frozenset[str]) -> frozenset[str]:
    """Return the terms of those of the words ``forms`` that are no stop words."""
    return frozenset(map(STEMS.__getitem__, forms - STOP_WORDS))


@lru_cache(KEPT)
def grams(word: str) -> frozenset[str]:
    """Return the runs of four letters in ``word``; a shorter word is its own."""
    return frozenset(word[i : i + GRAM] for i in range(max(1, len(word) - GRAM + 1)))


@dataclass(frozen=True)
class Passage:
    """A sentence, and the terms of its paragraph, its article's title and the sentence before.

    ``inside`` are the numbers of the sentences of its article, ``beside`` of its paragraph.
    """

    text: str
    sentence: AnalyzedSentence
    paragraph: frozenset[str]
    title: frozenset[str]
    before: frozenset[str]
    inside: range
    beside: range

    @cached_property
    def mentions(self) -> Mentions:
        """What the sentence mentions; most questions want nothing of it."""
        return Mentions(self.text)


class Passages:
    """The passages of a library, by the number of their sentence."""

    def __init__(self, library: Library) -> None:
        self.library = library
        kept = SMALL if len(library) <= SMALL else KEPT
        self.title = lru_cache(kept)(self._title)
        self.paragraph = lru_cache(kept)(self._paragraph)
        self.passage = lru_cache(kept)(self._passage)

    def _title(self, article: int) -> frozenset[str]:
        return content(frozenset(words(self.library.title(article))))

    def _paragraph(self, beside: range) -> frozenset[str]:
        return frozenset(terms(self.library.join_texts(beside)))

    def _passage(self, number: int) -> Passage:
        library, sentence = self.library, self.library.sentence(number)
        inside, beside = library.sentence_numbers(sentence.article), library.paragraph_range(number)
        text = library.sentence_text(number)
        read = analyze_sentence(text)
        return Passage(
            text=text,
            sentence=read,
            paragraph=self.paragraph(beside) if len(beside) > 1 else read.terms,
            title=self.title(sentence.article),
            before=frozenset(
                terms(library.sentence_text(number - 1)) if number > inside.start else ()
            ),
            inside=inside,
            beside=beside,
        )
