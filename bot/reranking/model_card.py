"""The languages of a model, as its README.md names them for model hubs."""

from pathlib import Path

from bot.articles.front_matter import parse_front_matter
from bot.language.language import ENGLISH

CARD = "README.md"
MULTILINGUAL = "multilingual"


def read_languages(folder: Path) -> frozenset[str]:
    r"""Return the codes in the entry ``language`` of the model's README.md.

    ``MULTILINGUAL`` stands for all. English alone, where there is no such file or entry.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     _ = Path(folder, CARD).write_text("---\nlanguage:\n- en\n- de\n---\n# A model")
    ...     sorted(read_languages(Path(folder)))
    ['de', 'en']
    """
    try:
        lines = (folder / CARD).read_text("utf-8", "replace").splitlines()
    except OSError:
        lines = []
    entries, _ = parse_front_matter(lines or [""])
    codes = entries.get("language", ENGLISH.code).lower().split(", ")
    return frozenset(codes)
