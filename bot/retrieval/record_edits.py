"""The edit of a library that adding, updating or removing records by their ids comes to."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from bot.articles.article import Article
from bot.articles.edit import Edit
from bot.articles.library import Library


def plan_addition(library: Library, articles: Sequence[Article]) -> Edit:
    """Return the edit that adds ``articles``. Raises ValueError for an id that is in ``library``.

    >>> library = Library.from_records([("n-1", "It rained.")])
    >>> plan_addition(library, library.articles)
    Traceback (most recent call last):
    ValueError: id 'n-1' is in the library; to replace its article, call update()
    """
    rows = find_rows(library, {str(article.id) for article in articles})
    for article in articles:
        if str(article.id) in rows:
            raise ValueError(
                f"id {article.id!r} is in the library; to replace its article, call update()"
            )
    return Edit(added=articles)


def plan_update(library: Library, articles: Sequence[Article]) -> Edit:
    """Return the edit that replaces the articles with the ids of ``articles``, and adds the rest.

    >>> library = Library.from_records([("n-1", "It rained.")])
    >>> [*plan_update(library, Library.from_records([("n-1", "It snowed.")]).articles).replaced]
    [0]
    """
    rows = find_rows(library, {str(article.id) for article in articles})
    replaced = {rows[str(article.id)]: article for article in articles if str(article.id) in rows}
    return Edit(replaced, added=[each for each in articles if str(each.id) not in rows])


def plan_removal(library: Library, ids: Iterable[str | int]) -> Edit:
    """Return the edit that removes the articles with ``ids``. Raises ValueError for another id.

    >>> plan_removal(Library.from_records([("n-1", "It rained.")]), ["n-2"])
    Traceback (most recent call last):
    ValueError: no article has the id 'n-2'; nothing was removed
    """
    if isinstance(ids, str | int):
        raise ValueError(f"ids is one id, {ids!r}; give a list of them")  # noqa: TRY004
    wanted = [*ids]
    rows = find_rows(library, {*map(str, wanted)})
    for each in wanted:
        if str(each) not in rows:
            raise ValueError(f"no article has the id {each!r}; nothing was removed")
    return Edit(removed={*rows.values()})


def find_rows(library: Library, ids: Collection[str]) -> Mapping[str, int]:
    """Return the row of each article whose id, as text, is among ``ids``."""
    return {
        text: row
        for row, listing in enumerate(library.listings)
        if (text := str(listing.id)) in ids
    }
