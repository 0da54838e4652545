"""A program of another author that uses the public names: it is checked, and can be run."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence

import bot
from bot.index.okapi import BM25L, BM25Plus, Okapi


class Words:
    """An analyzer of another author."""

    version = "words-1"

    def tokens(self, text: str, language: str = "en") -> Iterator[bot.Token]:  # noqa: ARG002
        """Yield the words of ``text``."""
        start = 0
        for word in text.split():
            start = text.index(word, start)
            yield bot.Token(word, word, start, start + len(word), bot.WordKind.CONTENT)
            start += len(word)


class NoSentences:
    """An engine of another author."""

    def search(self, terms: Sequence[str], limit: int) -> list[bot.Hit]:  # noqa: ARG002
        """Return nothing."""
        return []

    def document_frequencies(self, terms: Sequence[str]) -> list[int]:
        """Return how many sentences hold each term: none."""
        return [0] * len(terms)


def show(reply: bot.Reply) -> list[str]:
    """Return the answers of a reply, or the reason for silence."""
    if reply.silence is not None:
        return [reply.silence.value]
    return [f"{a.article.id} {a.line} {a.text} {a.evidence.words > 0}" for a in reply.answers]


def main() -> None:
    """Use each public name once."""
    records: list[Mapping[str, object]] = [{"id": 1, "text": "The bridge opened.", "year": 1932}]
    retriever: bot.Retriever = bot.Retriever.from_records(records)
    lines = show(retriever.ask("When did the bridge open?", where={"year": {">=": 1932}}))
    lines += show(asyncio.run(retriever.aask("bridge")))
    lines += [answer.text for answer in bot.Conversation(retriever).ask("bridge").answers]
    library = bot.Library.from_texts(["It rained."], ["Rain"])
    lines += show(bot.Retriever(library, engine=NoSentences()).ask("rain", limit=1))
    lines += show(bot.Retriever(library, analyzer=Words()).ask("rained."))
    for ranking in (Okapi, BM25L, BM25Plus):
        lines.append(str(ranking([["a"], ["b"], ["c"]]).get_top_n(["b"], ["a", "b", "c"], n=1)))
    try:
        bot.Retriever.from_path("no such folder", cache=None)
    except bot.NothingToRead as error:
        lines.append(str(error.paths))
    print("\n".join(lines))


if __name__ == "__main__":
    main()
