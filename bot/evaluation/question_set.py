"""Question sets in SQuAD format, as a library and the places of the right answers."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from bot.articles.article import Article, Block
from bot.articles.library import Library
from bot.errors import BotError


class QuestionSetError(BotError):
    """A question set that is not in SQuAD format."""

    def __init__(self, file: str, place: str, fault: str) -> None:
        self.file, self.place, self.fault = file, place, fault
        super().__init__(f"{file}: {place}: {fault}" if place else f"{file}: {fault}")


@dataclass(frozen=True, slots=True)
class Case:
    """A question and where it is answered: ``places`` are (article, character in its text).

    Empty ``places`` say that the articles do not answer it. ``follows`` is the question
    before it in a conversation, "" where it stands alone.
    """

    identity: str
    text: str
    places: frozenset[tuple[int, int]]
    follows: str = ""


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """What one file holds: its articles and its questions, in the file's order."""

    file: str
    articles: tuple[Article, ...]
    cases: tuple[Case, ...]

    @property
    def asked(self) -> tuple[Case, ...]:
        """The questions that count: where some follow others, only those."""
        return tuple(case for case in self.cases if case.follows) or self.cases


class JsonValue:
    """A value of a JSON file and the road to it, for the message when it is not as it should be."""

    def __init__(self, file: str, road: str, value: object) -> None:
        self.file, self.road, self.value = file, road, value

    def fault(self, fault: str) -> QuestionSetError:
        """Return the error that names this place."""
        return QuestionSetError(self.file, self.road, fault)

    def member(self, name: str) -> "JsonValue":
        """Return the member ``name`` of an object."""
        if not isinstance(self.value, Mapping):
            raise self.fault("is no object")
        if name not in self.value:
            raise self.fault(f"has no {name!r}")
        road = f"{self.road}.{name}" if self.road else name
        return JsonValue(self.file, road, self.value[name])

    def has(self, name: str) -> bool:
        """Whether this is an object with a member ``name`` that is not null."""
        return isinstance(self.value, Mapping) and self.value.get(name) is not None

    def items(self) -> Iterator["JsonValue"]:
        """Yield the items of an array."""
        if not isinstance(self.value, list):
            raise self.fault("is no array")
        for number, value in enumerate(self.value):
            yield JsonValue(self.file, f"{self.road}[{number}]", value)

    def string(self) -> str:
        """Return the value, which has to be a string."""
        if not isinstance(self.value, str):
            raise self.fault("is no string")
        return self.value

    def truth(self) -> bool:
        """Return the value, which has to be true or false."""
        if not isinstance(self.value, bool):
            raise self.fault("is neither true nor false")
        return self.value

    def whole(self) -> int:
        """Return the value, which has to be a whole number."""
        if not isinstance(self.value, int) or isinstance(self.value, bool):
            raise self.fault("is no whole number")
        return self.value


def read_questions(path: Path) -> QuestionSet:
    """Read a file in the format of SQuAD 1.1 or 2.0; ``BrokenQuestions`` says where it is not."""
    root = JsonValue(str(path), "", _parsed(path))
    articles: list[Article] = []
    cases: dict[str, Case] = {}
    entries: dict[str, JsonValue] = {}
    for number, item in enumerate(root.member("data").items()):
        article, asked = _article(item, number)
        articles.append(article)
        for entry, case in asked:
            if case.identity in cases:
                raise entry.fault(f"the id {case.identity!r} stands twice")
            cases[case.identity], entries[case.identity] = case, entry
    for identity, entry in entries.items():
        _check_follows(entry, identity, cases)
    return QuestionSet(str(path), tuple(articles), tuple(cases.values()))


def _parsed(path: Path) -> object:
    try:
        return cast(object, json.loads(path.read_bytes()))
    except OSError as error:
        raise QuestionSetError(str(path), "", error.strerror or "cannot be read") from error
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise QuestionSetError(str(path), place, f"is no JSON: {error.msg}") from error
    except UnicodeDecodeError as error:
        raise QuestionSetError(str(path), f"byte {error.start}", "is no UTF-8") from error
    except (ValueError, RecursionError) as error:  # a number too long, nesting too deep
        raise QuestionSetError(str(path), "", f"is no JSON that can be read: {error}") from error


def _article(item: JsonValue, number: int) -> tuple[Article, list[tuple[JsonValue, Case]]]:
    """Return an article, each context a block of it, and its questions with their places."""
    blocks: list[Block] = []
    asked: list[tuple[JsonValue, Case]] = []
    text = ""
    title = item.member("title").string().replace("_", " ")
    for paragraph in item.member("paragraphs").items():
        context = paragraph.member("context").string()
        start = len(text)
        blocks.append(Block(start, start + len(context)))
        text += context + "\n\n"
        entries = paragraph.member("qas").items() if paragraph.has("qas") else ()
        asked.extend((entry, _case(entry, number, start, len(context))) for entry in entries)
    return Article(title, title, text, blocks=tuple(blocks)), asked


def _case(entry: JsonValue, article: int, start: int, length: int) -> Case:
    text = entry.member("question").string()
    places = set()
    if not (entry.has("is_impossible") and entry.member("is_impossible").truth()):
        for answer in entry.member("answers").items():
            place = answer.member("answer_start")
            if not 0 <= place.whole() < length:
                raise place.fault(f"lies outside of its context of {length} characters")
            places.add((article, start + place.whole()))
        if not places:
            raise entry.fault('has no answers; if there is none, say "is_impossible": true')
    follows = entry.member("follows").string() if entry.has("follows") else ""
    return Case(entry.member("id").string(), text, frozenset(places), follows)


def _check_follows(entry: JsonValue, identity: str, cases: Mapping[str, Case]) -> None:
    """Refuse a question that follows none of the file, or in the end itself."""
    seen = {identity}
    while follows := cases[identity].follows:
        if follows not in cases:
            raise entry.member("follows").fault(f"no question has the id {follows!r}")
        if follows in seen:
            raise entry.member("follows").fault(f"leads back to {follows!r}")
        seen.add(follows)
        identity = follows


def build_library(questions: QuestionSet) -> Library:
    """Return the articles of ``questions`` as a library."""
    return Library(questions.articles)
