"""Where a sentence ends: sentencex, and the corrections that news needs."""

from sentencex import get_sentence_boundaries


def spans(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return where the sentences of ``text[start:end]`` start and end in ``text``."""
    found = []
    for boundary in get_sentence_boundaries("en", text[start:end]):
        piece = boundary["text"]
        first = start + boundary["start_index"] + len(piece) - len(piece.lstrip())
        if piece.strip():
            found.append((first, first + len(piece.strip())))
    return found
