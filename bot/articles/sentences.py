"""Where a sentence ends: sentencex, and the corrections that news needs."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from itertools import accumulate

from sentencex import segment

from bot.articles.sentence_rules import (
    ABBREVIATIONS,
    ACRONYM_RE,
    ASKED,
    BULLET_RE,
    CLEAR_RE,
    CLOSING,
    CONTINUES_RE,
    DATELINE_RE,
    END_RE,
    INITIALS_RE,
    ITEM_RE,
    JOINS,
    LONGEST,
    LONGEST_QUOTATION,
    NAME_RE,
    NO_JOINS,
    OPENING,
    PAIRS,
    PLAIN_END_RE,
    QUOTING_RE,
    SINGLE_CLOSE_RE,
    SINGLE_OPEN_RE,
    SPEAKER_RE,
    STARTER_RE,
    STOP_RE,
    TRAILING_RE,
    VARIABLES,
    WHOLE,
    Joins,
)


def find_sentences(text: str, start: int, end: int, language: str = "en") -> list[tuple[int, int]]:
    """Return where the sentences of the block ``text[start:end]`` start and end in ``text``.

    In order, without the white space around them; every other character is in one of them.
    A line's end within the block is white space like any other.
    """
    block = text[start:end].replace("\n", " ").replace("\r", " ")
    if not block.isascii():
        # sentencex takes what UTF-8 can write, and fails on "A", a wide space and a stop.
        block = re.sub(r"\s", " ", block.encode(errors="replace").decode())
    found, last = [], 0
    for place in (*sentence_ends(block, language), len(block)):
        piece = block[last:place].rstrip()
        if kept := len(piece.lstrip()):
            stop = start + last + len(piece)
            found.append((stop - kept, stop))
        last = place
    return found


def sentence_ends(block: str, language: str) -> list[int]:
    """Return where sentences end within ``block``, ascending."""
    # Nearly all begin with a capital and a small letter, and no mark does.
    begun = [] if block[:1].isalpha() and block[1:2].islower() else marks(block)
    if not begun and block.isascii() and not STOP_RE.search(block, 0, len(block) - 1):
        return []
    size, joins = len(block), JOINS.get(language, NO_JOINS)
    proposed = [*accumulate(map(len, segment(language, block)))]
    kept = {
        place if block[place - 1].isspace() else trailing(block, place)
        for place in proposed
        if place < size and (CLEAR_RE.match(block, place) or not joined(block, place, joins))
    }
    if language == "en":
        kept.update(missed(block, proposed))
    for start, end in begun:
        kept.difference_update(range(start + 1, end + 1))
        kept.add(start)
    return sorted(kept)


def joined(block: str, place: int, joins: Joins) -> bool:
    """Whether the sentence before ``place`` goes on after it."""
    if CONTINUES_RE.match(block, place):
        return True
    word = (block[max(0, place - LONGEST) : place].split() or [""])[-1].lstrip(OPENING)
    if word in joins and joins[word].match(block, place):
        return True
    if word[-2:-1] in ASKED:
        return bool(SPEAKER_RE.match(block, place))
    return word[1:2] == "." and bool(INITIALS_RE.fullmatch(word) and NAME_RE.match(block, place))


def trailing(block: str, place: int) -> int:
    """Return where the closing marks end that follow ``place`` without a space."""
    match = TRAILING_RE.match(block, place)
    return match.end() if match else place


def missed(block: str, proposed: list[int]) -> Iterator[int]:
    """Yield the ends in an English ``block`` that are not among those ``proposed``, ascending."""
    seen, last = set(proposed), 0
    for match in END_RE.finditer(block):
        place = match.end()
        if place in seen:
            continue
        last = max(last, *proposed[(row := bisect_left(proposed, place)) - 1 : row], 0)
        piece = block[last:place].rstrip()
        if piece and is_over(piece, block[place : place + LONGEST]):
            last = place
            yield place


def is_over(piece: str, following: str) -> bool:
    """Whether ``piece`` is a whole sentence, or several, before what is ``following``."""
    word = piece[-LONGEST:].split()[-1].strip(OPENING + CLOSING)
    if word in VARIABLES:
        ended = bool(STARTER_RE.match(following))
    elif word in WHOLE or ACRONYM_RE.fullmatch(word):
        ended = True
    else:
        plain = PLAIN_END_RE.search(piece, max(0, len(piece) - LONGEST))
        ended = bool(plain and QUOTING_RE.search(piece)) and word not in ABBREVIATIONS
    return ended and (len(piece) > LONGEST_QUOTATION or is_closed(piece))


def is_closed(piece: str) -> bool:
    """Whether every quotation and bracket that opens in ``piece`` closes in it."""
    opened, closed = map(len, (SINGLE_OPEN_RE.findall(piece), SINGLE_CLOSE_RE.findall(piece)))
    return (
        opened <= closed
        and piece.count('"') % 2 == 0
        and all(piece.count(left) <= piece.count(right) for left, right in PAIRS)
    )


def marks(block: str) -> list[tuple[int, int]]:
    """Return where marks start and end that begin a sentence: a dateline, the items of a list."""
    if dateline := DATELINE_RE.match(block):
        return [dateline.span()]
    if BULLET_RE.match(block):
        return [bullet.span() for bullet in BULLET_RE.finditer(block)]
    first = ITEM_RE.match(block)
    if not first:
        return []
    if len(first[1]) > 1 and first[1].isalpha():
        return [first.span()]
    items = [first.span(), *following(block, first)]
    # A lone letter is somebody's initial.
    return items if len(items) > 1 or first[1].isdigit() else []


def following(block: str, item: re.Match[str]) -> Iterator[tuple[int, int]]:
    """Yield the place of the next item's mark, and so on: 1, 2, 3 or a, b, c."""
    label, closing = item[1], re.escape(item[2])
    place = item.end()
    while True:
        label = str(int(label) + 1) if label.isdigit() else chr(ord(label) + 1)
        match = re.compile(rf"(?<=\s)\(?{re.escape(label)}{closing}\s").search(block, place)
        if not match:
            return
        yield match.span()
        place = match.end()
