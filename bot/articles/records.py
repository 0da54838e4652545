"""A record with named fields, as rows and JSON have it → an article."""

from collections.abc import Iterable, Mapping
from typing import Any

from bot.articles.article import Article
from bot.articles.builder import ArticleBuilder, clean_text
from bot.articles.paragraphs import find_paragraphs
from bot.articles.timestamps import parse_date
from bot.errors import UnreadableFile

# What fields are called, the surest first.
TEXTS = (
    "text body content article content_text story description abstract passage paragraph".split()
)
TITLES = "title headline name subject heading".split()
DATES = "date published publishdate pubdate date_published published_at created created_at".split()
LINKS = "url link href permalink canonical source_url web_url".split()
IDS = "id _id uid guid key doc_id docid article_id".split()
AUTHORS = "author authors byline creator by".split()
SHOWN = frozenset((*TEXTS, *TITLES, *DATES, *LINKS, *AUTHORS))
LONGEST_VALUE = 500


def find_field(fields: Iterable[str], names: Iterable[str]) -> str:
    """Return which of ``fields`` is the first of ``names``, in whatever case; "" if none is."""
    by_name = {field.strip().lower().replace("-", "_"): field for field in reversed([*fields])}
    return next((by_name[name] for name in names if name in by_name), "")


def show_value(value: Any) -> str:
    """Return a value as text: a list's joined; of a record, its name."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool) or value is None:
        return "" if value is None else str(value).lower()
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, list):
        return ", ".join(filter(None, map(show_value, value[:50])))
    return show_value(value.get("name")) if isinstance(value, dict) else ""


def record_article(record: Mapping[str, Any], source: str, row: int) -> Article:
    """Return the article of the record in ``row``. Raises UnreadableFile if it has no text."""
    text = show_value(record.get(find_field(record, TEXTS)))
    if not text.strip():
        raise UnreadableFile(f"{source}#{row}", f"row {row}: no text in it")

    def text_of_field(names: list[str]) -> str:
        return show_value(record.get(find_field(record, names)))

    built = ArticleBuilder()
    built.place("row", row)
    for start, end, _ in find_paragraphs(text.replace("\r\n", "\n")):
        built.paragraph(text.replace("\r\n", "\n")[start:end])
    link = text_of_field(LINKS)
    return built.build(
        text_of_field(TITLES),
        source,
        part=str(row),
        date=parse_date(text_of_field(DATES)),
        metadata={
            **{
                key: clean_text(show_value(value))
                for key, value in record.items()
                if key.lower() not in SHOWN and len(show_value(value)) <= LONGEST_VALUE
            },
            "id": text_of_field(IDS),
            "author": text_of_field(AUTHORS),
        },
        link=link if link.startswith(("http://", "https://")) else "",
    )
