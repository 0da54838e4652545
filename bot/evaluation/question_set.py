"""Read question sets in SQuAD format: articles, questions and the positions of their answers."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

from bot.articles.article import Article, Block
from bot.articles.library import Library
from bot.errors import BotError


class QuestionSetError(BotError):
    """A question set that is not in SQuAD format: the file, the place in it, and the fault."""

    def __init__(self, file: str, place: str, fault: str) -> None:
        self.file: str = file
        self.place: str = place
        self.fault: str = fault
        super().__init__(f"{file}: {place}: {fault}" if place else f"{file}: {fault}")


@dataclass(frozen=True, slots=True)
class Case:
    """A question and its ``answers``: pairs of article number and character position in its text.

    Without answers, the articles do not answer it. ``follows`` is the id of the question before it
    in a conversation, "" if it stands alone. ``article`` is the one whose questions it is among.
    """

    identity: str
    text: str
    answers: frozenset[tuple[int, int]]
    follows: str = ""
    article: int = 0


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """The articles and questions of one file, in the file's order."""

    file: str
    articles: tuple[Article, ...]
    cases: tuple[Case, ...]

    @property
    def counted_cases(self) -> tuple[Case, ...]:
        """The questions that count: only follow-ups if there are any, else all."""
        return tuple(case for case in self.cases if case.follows) or self.cases


class JsonValue:
    """A value of a JSON file with its path, for error messages: ``data[0].title``."""

    def __init__(self, file: str, path: str, value: object) -> None:
        self.file: str = file
        self.path: str = path
        self.value: object = value

    def error(self, fault: str) -> QuestionSetError:
        """Return the error that names this value."""
        return QuestionSetError(self.file, self.path, fault)

    def member(self, name: str) -> "JsonValue":
        """Return the member ``name`` of an object."""
        if not isinstance(self.value, Mapping):
            raise self.error("is not an object")
        if name not in self.value:
            raise self.error(f"has no {name!r}")
        path = f"{self.path}.{name}" if self.path else name
        return JsonValue(self.file, path, self.value[name])

    def has(self, name: str) -> bool:
        """Return whether this is an object with a member ``name`` that is not null."""
        return isinstance(self.value, Mapping) and self.value.get(name) is not None

    def items(self) -> Iterator["JsonValue"]:
        """Yield the items of an array."""
        if not isinstance(self.value, list):
            raise self.error("is not an array")
        for index, value in enumerate(self.value):
            yield JsonValue(self.file, f"{self.path}[{index}]", value)

    def string(self) -> str:
        """Return the value, which must be a string."""
        if not isinstance(self.value, str):
            raise self.error("is not a string")
        return self.value

    def boolean(self) -> bool:
        """Return the value, which must be true or false."""
        if not isinstance(self.value, bool):
            raise self.error("is not true or false")
        return self.value

    def integer(self) -> int:
        """Return the value, which must be an integer."""
        if not isinstance(self.value, int) or isinstance(self.value, bool):
            raise self.error("is not an integer")
        return self.value


def read_questions(path: Path) -> QuestionSet:
    """Read a file in the format of SQuAD 1.1 or 2.0. Raises QuestionSetError."""
    root = JsonValue(str(path), "", _load_json(path))
    articles: list[Article] = []
    cases: dict[str, Case] = {}
    entries: dict[str, JsonValue] = {}
    for number, item in enumerate(root.member("data").items()):
        article, article_cases = _read_article(item, number)
        articles.append(article)
        for entry, case in article_cases:
            if case.identity in cases:
                raise entry.error(f"duplicate id {case.identity!r}")
            cases[case.identity], entries[case.identity] = case, entry
    for identity, entry in entries.items():
        _check_follows(entry, identity, cases)
    return QuestionSet(str(path), tuple(articles), tuple(cases.values()))


def _load_json(path: Path) -> object:
    try:
        return cast(object, json.loads(path.read_bytes()))
    except OSError as error:
        raise QuestionSetError(str(path), "", error.strerror or "cannot be read") from error
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise QuestionSetError(str(path), place, f"not JSON: {error.msg}") from error
    except UnicodeDecodeError as error:
        raise QuestionSetError(str(path), f"byte {error.start}", "not UTF-8") from error
    except (ValueError, RecursionError) as error:  # an integer too long, nesting too deep
        raise QuestionSetError(str(path), "", f"JSON that cannot be read: {error}") from error


def _read_article(item: JsonValue, number: int) -> tuple[Article, list[tuple[JsonValue, Case]]]:
    """Return an article with a block for each context, and its questions."""
    blocks: list[Block] = []
    cases: list[tuple[JsonValue, Case]] = []
    text = ""
    title = item.member("title").string().replace("_", " ")
    for paragraph in item.member("paragraphs").items():
        context = paragraph.member("context").string()
        start = len(text)
        blocks.append(Block(start, start + len(context)))
        text += context + "\n\n"
        entries = paragraph.member("qas").items() if paragraph.has("qas") else ()
        cases.extend((entry, _read_case(entry, number, start, len(context))) for entry in entries)
    return Article(title, title, text, blocks=tuple(blocks)), cases


def _read_case(entry: JsonValue, article: int, start: int, length: int) -> Case:
    text = entry.member("question").string()
    answers = set()
    if not (entry.has("is_impossible") and entry.member("is_impossible").boolean()):
        for answer in entry.member("answers").items():
            position = answer.member("answer_start")
            if not 0 <= position.integer() < length:
                raise position.error(f"is outside the context of {length} characters")
            answers.add((article, start + position.integer()))
        if not answers:
            raise entry.error('has no answers; if it is impossible, set "is_impossible": true')
    follows = entry.member("follows").string() if entry.has("follows") else ""
    return Case(entry.member("id").string(), text, frozenset(answers), follows, article)


def _check_follows(entry: JsonValue, identity: str, cases: Mapping[str, Case]) -> None:
    """Raise QuestionSetError if a question follows an unknown one or, in the end, itself."""
    chain = {identity}
    while follows := cases[identity].follows:
        if follows not in cases:
            raise entry.member("follows").error(f"no question has the id {follows!r}")
        if follows in chain:
            raise entry.member("follows").error(f"leads back to {follows!r}")
        chain.add(follows)
        identity = follows


def build_library(questions: QuestionSet) -> Library:
    """Return the articles of ``questions`` as a library."""
    return Library(questions.articles)


def split_by_article(questions: QuestionSet) -> Iterator[QuestionSet]:
    """Yield a set for each article that has questions: the article alone, with its questions."""
    cases: dict[int, list[Case]] = {}
    for case in questions.cases:
        answers = frozenset((0, position) for article, position in case.answers)
        cases.setdefault(case.article, []).append(replace(case, answers=answers, article=0))
    for number, article_cases in sorted(cases.items()):
        articles = (questions.articles[number],)
        yield replace(questions, articles=articles, cases=tuple(article_cases))
