"""The sentences of a block: those of sentencex, corrected for news."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from itertools import accumulate, repeat

from sentencex import segment

from bot.articles.datelines import bare_dateline_end, dateline_end
from bot.articles.sentence_rules import (
    ABBREVIATIONS,
    ACRONYM_RE,
    BRACKET_PAIRS,
    BULLET_RE,
    CERTAIN_END_RE,
    CLOSING_MARKS,
    CLOSING_MARKS_RE,
    CONTINUATION_RE,
    INITIALS_RE,
    LIST_MARKER_RE,
    MAX_QUOTATION_LENGTH,
    MAX_WORD_LENGTH,
    MISSED_END_RE,
    NAME_RE,
    NO_PREFIXES,
    NONBREAKING_PREFIXES,
    NOT_ABBREVIATIONS,
    NUMERAL_RE,
    OPENING_MARKS,
    POSSIBLE_END_RE,
    QUOTE_OR_BRACKET_RE,
    ROMAN_DIGITS,
    SINGLE_CLOSE_RE,
    SINGLE_OPEN_RE,
    SMALL_NUMERAL_RE,
    SMALL_WORD_RE,
    SPEAKER_RE,
    STARTER_RE,
    SURE_END_RE,
    VARIABLES,
    NonbreakingPrefixes,
)
from bot.articles.table_sentences import find_eastern_ends, is_continued_in
from bot.articles.thai_sentences import ends_thai_word, find_thai_ends
from bot.language.language import language_codes, load_language

THAI = "th"
LINE_RE = re.compile(r"\S(?:[^\n]*\S)?")


def find_sentences(text: str, start: int, end: int, language: str = "en") -> list[tuple[int, int]]:
    """Return the start and end in ``text`` of each sentence of the block ``text[start:end]``.

    Sentences are in order and have no white space around them; every other character of the
    block is in one of them. A line break within the block is white space like any other.
    """
    block = text[start:end].replace("\n", " ").replace("\r", " ")
    if not block.isascii():
        # sentencex takes valid Unicode only, and fails on "A", a wide space and a full stop.
        block = re.sub(r"\s", " ", block.encode(errors="replace").decode())
    spans, offset = [], 0
    for sentence_end in (*find_sentence_ends(block, language), len(block)):
        sentence = block[offset:sentence_end].rstrip()
        if length := len(sentence.lstrip()):
            stop = start + offset + len(sentence)
            spans.append((stop - length, stop))
        offset = sentence_end
    return spans


def find_lines(text: str, start: int, end: int, _: str = "") -> list[tuple[int, int]]:
    """Return the start and end of each line of ``text[start:end]``, without blanks around it."""
    return [match.span() for match in LINE_RE.finditer(text, start, end)]


def find_sentence_ends(block: str, language: str) -> list[int]:
    """Return the offsets within ``block`` at which a new sentence begins, ascending."""
    # Most blocks begin with a capital and a lower-case letter, as no marker does.
    has_no_marker = block[:1].isalpha() and block[1:2].islower()
    markers = [] if has_no_marker else find_markers(block)
    if not markers and block.isascii() and not POSSIBLE_END_RE.search(block, 0, len(block) - 1):
        return []
    length, prefixes = len(block), NONBREAKING_PREFIXES.get(language, NO_PREFIXES)
    proposed = [*accumulate(map(len, segment(language, block)))]
    ends = {
        end if block[end - 1].isspace() else skip_closing_marks(block, end)
        for end in proposed
        if end < length
        and (CERTAIN_END_RE.match(block, end) or not is_continued(block, end, prefixes))
    }
    if "]" in block:
        ends.difference_update([end for end in ends if is_within_citation(block, end)])
    if language in language_codes():
        table = load_language(language)
        ends = {end for end in ends if not is_continued_in(block, end, table)}
        ends.update(find_eastern_ends(block))
        if language == THAI:
            bounds = sorted({0, length, *(end for end in ends if not ends_thai_word(block, end))})
            ends = {*bounds[1:-1]}.union(*map(find_thai_ends, repeat(block), bounds, bounds[1:]))
    elif language == "en":
        ends.update(find_missed_ends(block, proposed))
    for start, end in markers:
        ends.difference_update(range(start + 1, end + 1))
        ends.add(start)
    return sorted(ends)


def is_continued(block: str, end: int, prefixes: NonbreakingPrefixes) -> bool:
    """Whether the sentence before ``end`` goes on after it."""
    if CONTINUATION_RE.match(block, end):
        return True
    words = block[max(0, end - MAX_WORD_LENGTH) : end].split()
    word = words[-1].lstrip(OPENING_MARKS) if words else ""
    if word in prefixes and prefixes[word].match(block, end):
        return True
    if word[-2:-1] in ROMAN_DIGITS and is_numeral(block, end, word):
        return True
    if word[-2:-1] in ("?", "!"):  # before a closing quote
        return bool(SPEAKER_RE.match(block, end))
    return word[1:2] == "." and bool(INITIALS_RE.fullmatch(word) and NAME_RE.match(block, end))


def is_numeral(block: str, end: int, word: str) -> bool:
    """Whether the Roman numeral ``word`` before ``end`` goes with a number or name after it."""
    if SMALL_NUMERAL_RE.fullmatch(word):
        return block[end : end + 1].isdecimal()
    before = NUMERAL_RE.search(block, max(0, end - MAX_WORD_LENGTH), end)
    return bool(before and NAME_RE.match(block, end))


def is_within_citation(block: str, end: int) -> bool:
    """Whether the sentence goes on after the bracket before ``end``: "Yan et al. [2004] found"."""
    before = block[max(0, end - 3) : end].rstrip()
    return before.endswith("]") and bool(SMALL_WORD_RE.match(block, end))


def skip_closing_marks(block: str, end: int) -> int:
    """Return the end of the closing marks that follow ``end`` without a space."""
    match = CLOSING_MARKS_RE.match(block, end)
    return match.end() if match else end


def find_missed_ends(block: str, proposed: list[int]) -> Iterator[int]:
    """Yield the sentence ends of an English ``block`` that sentencex missed, ascending.

    ``proposed`` are the ends that it found.
    """
    known, start = set(proposed), 0
    for match in MISSED_END_RE.finditer(block):
        end = match.end()
        if end in known:
            continue
        row = bisect_left(proposed, end)
        start = max(start, *proposed[row - 1 : row], 0)
        sentence = block[start:end].rstrip()
        if sentence and is_complete(sentence, block[end : end + MAX_WORD_LENGTH]):
            start = end
            yield end


def is_complete(sentence: str, following: str) -> bool:
    """Whether ``sentence`` is one or more whole sentences, given the text ``following`` it."""
    word = sentence[-MAX_WORD_LENGTH:].split()[-1].strip(OPENING_MARKS + CLOSING_MARKS)
    prefix = NONBREAKING_PREFIXES["en"].get(f"{word}.")
    if prefix and prefix.match(following):
        return False
    if word in VARIABLES or sentence.endswith("…"):
        ends = bool(STARTER_RE.match(following))
    elif word in NOT_ABBREVIATIONS or ACRONYM_RE.fullmatch(word):
        ends = True
    else:
        sure = SURE_END_RE.search(sentence, max(0, len(sentence) - MAX_WORD_LENGTH))
        ends = bool(sure and QUOTE_OR_BRACKET_RE.search(sentence)) and word not in ABBREVIATIONS
    return ends and (len(sentence) > MAX_QUOTATION_LENGTH or is_balanced(sentence))


def is_balanced(sentence: str) -> bool:
    """Whether every quotation and bracket that opens in ``sentence`` closes in it."""
    opens, closes = len(SINGLE_OPEN_RE.findall(sentence)), len(SINGLE_CLOSE_RE.findall(sentence))
    return (
        opens <= closes
        and sentence.count('"') % 2 == 0
        and all(sentence.count(left) <= sentence.count(right) for left, right in BRACKET_PAIRS)
    )


def find_markers(block: str) -> list[tuple[int, int]]:
    """Return the start and end of each marker with which a sentence begins.

    A marker is a dateline at the start of the block, a bullet, or the number or letter of a list
    item. Its full stop ends no sentence.
    """
    if end := dateline_end(block, 0) or bare_dateline_end(block, 0):
        return [(0, end)]
    if BULLET_RE.match(block):
        return [bullet.span() for bullet in BULLET_RE.finditer(block)]
    first = LIST_MARKER_RE.match(block)
    if not first:
        return []
    if len(first[1]) > 1 and first[1].isalpha():  # a Roman numeral
        return [first.span()]
    markers = [first.span(), *find_next_markers(block, first)]
    # A letter without a successor is the initial of a name.
    return markers if len(markers) > 1 or first[1].isdigit() else []


def find_next_markers(block: str, marker: re.Match[str]) -> Iterator[tuple[int, int]]:
    """Yield the spans of the markers that continue the list: 1, 2, 3 or a, b, c."""
    label, punctuation = marker[1], re.escape(marker[2])
    offset = marker.end()
    while True:
        label = str(int(label) + 1) if label.isdigit() else chr(ord(label) + 1)
        pattern = re.compile(rf"(?<=\s)\(?{re.escape(label)}{punctuation}\s")
        match = pattern.search(block, offset)
        if not match:
            return
        yield match.span()
        offset = match.end()
