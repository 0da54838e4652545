"""Rows, one a line → articles: JSONL, CSV, TSV."""

import csv
import io
import json
from collections.abc import Iterator, Sequence
from itertools import chain, islice

from bot.articles.article import Article
from bot.articles.builder import ArticleBuilder, clean_text, file_title, part_source
from bot.articles.encoding import decode
from bot.articles.records import TEXTS, TITLES, find_field, record_article
from bot.errors import UnreadableFile

DELIMITERS = ",;\t|"
SAMPLE_LINES = 10
MOST_ROWS = 1_000_000
# A quoted value with more lines than this was never closed.
MOST_LINES = 200


def read_jsonl(data: bytes, source: str) -> Iterator[Article | UnreadableFile]:
    """Read a file of JSON records, one a line: an article each, its line the place."""
    for row, line in enumerate(decode(data, source).split("\n"), 1):
        if line.strip():
            yield _read_line(line, source, row)


def _read_line(line: str, source: str, row: int) -> Article | UnreadableFile:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        return UnreadableFile(part_source(source, str(row)), f"row {row}: no JSON; mend the line")
    if not isinstance(record, dict):
        return UnreadableFile(part_source(source, str(row)), f"row {row}: no JSON record")
    try:
        return record_article(record, source, row)
    except UnreadableFile as fault:
        return fault


def read_csv(data: bytes, source: str) -> Iterator[Article | UnreadableFile]:
    """Read a table: where a column is a text, an article a row; else one article of all rows."""
    text = decode(data, source)
    rows = _rows(text)
    try:
        start, first = next(rows, (1, []))
        header = [clean_text(name) for name in first]
        if find_field(header, TEXTS) and len(header) > 1:
            yield from _row_articles(rows, header, source)
        else:
            yield _table(rows, (start, header), source)
    except csv.Error as error:
        yield UnreadableFile(
            source, f"no table from some row on ({error}); mend its quotation marks"
        )
        return
    if text.count('"') % 2 and _is_unclosed(text):
        yield UnreadableFile(source, "a quotation mark is never closed; mend the table")


# A row's number, from 1 and with the header's, as a spreadsheet counts, and its values.
Row = tuple[int, list[str]]


def _rows(text: str) -> Iterator[Row]:
    """Yield the rows of a table that are not empty, by the delimiter that its first lines have."""
    sample = text.split("\n", SAMPLE_LINES)[:SAMPLE_LINES]
    if sample[0].startswith("sep=") and len(sample[0].strip()) == len("sep=;"):
        delimiter, text = sample[0][4], text.partition("\n")[2]
    else:
        delimiter = max(DELIMITERS, key=lambda mark: _regular(sample, mark))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    for number, row in enumerate(islice(reader, MOST_ROWS), 1):
        if any(value.strip() for value in row):
            yield number, row


def _regular(lines: Sequence[str], mark: str) -> tuple[int, int]:
    """Return how many lines have a delimiter as often as the first, and how often that is."""
    most = lines[0].count(mark)
    return (sum(line.count(mark) == most for line in lines) if most else 0, most)


def _is_unclosed(text: str) -> bool:
    """Whether the last quotation mark opens a value that goes on for lines."""
    return text.count("\n", text.rindex('"')) > 1


def _row_articles(
    rows: Iterator[Row], header: Sequence[str], source: str
) -> Iterator[Article | UnreadableFile]:
    for number, row in rows:
        record = {name: value for name, value in zip(header, row, strict=False) if name}
        if any(value.count("\n") > MOST_LINES for value in row):
            yield UnreadableFile(
                part_source(source, str(number)),
                f"row {number}: a value of hundreds of lines; close its quotation mark",
            )
        try:
            yield record_article(record, source, number)
        except UnreadableFile as fault:
            yield fault


def _table(rows: Iterator[Row], first: Row, source: str) -> Article:
    """Return a table as one article, a paragraph a row: "Name: Kvist | Height: 41 m"."""
    built = ArticleBuilder()
    header = first[1]
    second = next(rows, None)
    named = second is not None and _is_header(header, second[1])
    names = [] if not named else ["" if name.lower() in TITLES else name for name in header]
    above = [] if named else [first]
    for number, row in chain(above, [second] if second else [], rows):
        built.place("row", number)
        built.paragraph(" | ".join(_cells(names, row)))
    return built.build(file_title(source), source)


def _cells(names: Sequence[str], row: Sequence[str]) -> Iterator[str]:
    """Yield the values of a row, each with its column's name."""
    for column, written in enumerate(row):
        if value := clean_text(written):
            name = names[column] if column < len(names) else ""
            yield f"{name}: {value}" if name else value


def _is_header(first: Sequence[str], second: Sequence[str]) -> bool:
    """Whether a table's first row names its columns: short, all different, no number."""
    filled = [name for name in first if name]
    return (
        len(filled) > 1
        and len({*filled}) == len(filled)
        and all(len(name) <= 60 and not name.replace(".", "").isdecimal() for name in filled)
        and len(second) >= len(filled) - 1
    )
