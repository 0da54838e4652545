"""The indexes of a library on a cluster: their names, settings and fields.

A library NAME has four kinds of index:

- ``NAME`` has one document, the state: which generation is current (state.py);
- ``NAME-N-sentences`` has a document for each sentence, which also holds its paragraph;
- ``NAME-N-articles`` has the articles;
- ``NAME-N-terms`` has a document for each term, which is its id, so that the spelling of hundreds
  of words is looked up in one request.
"""

import re
from hashlib import blake2b
from typing import Any, NamedTuple

from bot.index.memory import PARAGRAPH_B, PARAGRAPH_K1, SENTENCE_B, SENTENCE_K1
from bot.language.terms import ANALYZER_VERSION

PROGRAM = "bot"
# An index of another version is refused, and replaced when it is published again.
VERSION = f"5 {ANALYZER_VERSION} {(SENTENCE_K1, SENTENCE_B, PARAGRAPH_K1, PARAGRAPH_B)}"
KINDS = ("sentences", "articles", "terms")
# A token is a term of at most so many bytes, or the digest of a longer one: Lucene's whitespace
# tokenizer splits at 255 letters, and an id has at most 512 bytes.
MAX_TOKEN_BYTES = 200
# Lone surrogates, which UTF-8 cannot write, and the escape itself.
ESCAPE = "\U0010fffd"
SURROGATE_RE = re.compile(f"[\ud800-\udfff{ESCAPE}]")
ESCAPED_RE = re.compile(f"{ESCAPE}(.)", re.DOTALL)
SHIFT = 0x100000 - 0xD800


def index_name(base: str, kind: str) -> str:
    """Return the name of an index of a generation.

    >>> index_name("news-3", "terms")
    'news-3-terms'
    """
    return f"{base}-{kind}"


def encode_token(term: str) -> str:
    """Return the token that stands for ``term`` in the cluster.

    >>> encode_token("bridg"), len(encode_token("x" * 300))
    ('bridg', 33)
    """
    data = term.encode("utf-8", "surrogatepass")
    if len(data) <= MAX_TOKEN_BYTES and not SURROGATE_RE.search(term):
        return term
    return "#" + blake2b(data, digest_size=16).hexdigest()


def encode_text(text: str) -> str:
    r"""Return ``text`` with lone surrogates escaped; :func:`decode_text` is the inverse.

    >>> decode_text(encode_text("caf\udce9")) == "caf\udce9"
    True
    """
    return SURROGATE_RE.sub(lambda match: ESCAPE + _escape(match[0]), text)


def decode_text(text: str) -> str:
    """Return the text that was given to :func:`encode_text`."""
    if ESCAPE not in text:
        return text
    return ESCAPED_RE.sub(lambda match: _unescape(match[1]), text)


def _escape(character: str) -> str:
    return character if character == ESCAPE else chr(ord(character) + SHIFT)


def _unescape(character: str) -> str:
    return character if character == ESCAPE else chr(ord(character) - SHIFT)


def token_field(similarity: str) -> dict[str, Any]:
    """Return the mapping of a field of tokens, scored by ``similarity``."""
    return {
        "type": "text",
        "analyzer": "whitespace",
        "similarity": similarity,
        "index_options": "freqs",
    }


# What tells which documents a reader sees, of sentences and of articles alike.
VISIBLE_FIELDS: dict[str, Any] = {
    "article": {"type": "long"},
    "version": {"type": "keyword"},
    "from": {"type": "long"},
}
FIELDS: dict[str, dict[str, Any]] = {
    "sentences": {
        **VISIBLE_FIELDS,
        "row": {"type": "integer"},
        "first": {"type": "boolean"},
        "length": {"type": "integer", "index": False},
        "paragraph_length": {"type": "integer", "index": False},
        "sentence": token_field("sentence"),
        "paragraph": token_field("paragraph"),
        "tokens": {"type": "object", "enabled": False},
        "near": {"type": "object", "enabled": False},
        "place": {"type": "object", "enabled": False},
    },
    "articles": {
        **VISIBLE_FIELDS,
        "source": {"type": "keyword"},
        "language": {"type": "keyword"},
        "digest": {"type": "keyword", "index": False},
        "unsearched": {**token_field("sentence"), "norms": False, "index_options": "docs"},
        "sizes": {"type": "object", "enabled": False},
        "content": {"type": "object", "enabled": False},
    },
    "terms": {},
}
# Not kept in the stored document, which has the same in another form.
NOT_STORED: dict[str, list[str]] = {
    "sentences": ["sentence"],
    "articles": ["unsearched", "source"],
    "terms": [],
}


class Similarity(NamedTuple):
    """The constants of BM25 in the cluster."""

    k1: float
    b: float


def paragraph_similarity(spread: float) -> Similarity:
    """Return the constants with which the cluster scores paragraphs as MemoryEngine does.

    It has the mean length of the paragraphs of all sentences, which is ``spread`` times that of
    the paragraphs: a long one counts once for each of its sentences.

    >>> [round(each, 9) for each in paragraph_similarity(1.0)] == [PARAGRAPH_K1, PARAGRAPH_B]
    True
    """
    fixed, growing = PARAGRAPH_K1 * (1 - PARAGRAPH_B), PARAGRAPH_K1 * PARAGRAPH_B * spread
    return Similarity(fixed + growing, growing / (fixed + growing))


def index_body(kind: str, shards: int, replicas: int, spread: float) -> dict[str, Any]:
    """Return the settings and mappings of an index of ``kind``; for ``spread`` see above."""
    settings = {
        "number_of_shards": shards,
        "number_of_replicas": replicas,
        "refresh_interval": "-1",
        "similarity": {
            "sentence": {"type": "BM25", "k1": SENTENCE_K1, "b": SENTENCE_B},
            "paragraph": {"type": "BM25", **paragraph_similarity(spread)._asdict()},
        },
    }
    if kind == "sentences":
        settings["codec"] = "best_compression"
    mappings = {
        "dynamic": False,
        "_meta": {"program": PROGRAM, "version": VERSION, "spread": spread},
        "_source": {"excludes": NOT_STORED[kind]},
        "properties": FIELDS[kind],
    }
    return {"settings": {"index": settings}, "mappings": mappings}


def state_body(replicas: int) -> dict[str, Any]:
    """Return the settings and mappings of the index that has the state."""
    return {
        "settings": {"index": {"number_of_shards": 1, "number_of_replicas": replicas}},
        "mappings": {
            "dynamic": False,
            "_meta": {"program": PROGRAM},
            "properties": {},
        },
    }
