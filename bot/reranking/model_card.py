"""The languages of a model, as its README.md names them for model hubs."""

from pathlib import Path

from bot.articles.front_matter import parse_front_matter
from bot.language.language import ENGLISH, find_language

CARD = "README.md"
MULTILINGUAL = "multilingual"


def read_languages(folder: Path) -> frozenset[str]:
    r"""Return the codes in the entry ``language`` of the model's README.md.

    ``MULTILINGUAL`` stands for all. English alone, where there is no such file or entry.

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     _ = Path(folder, CARD).write_text("---\nlanguage:\n- en\n- pt-BR\n---\n# A model")
    ...     sorted(read_languages(Path(folder)))
    ['en', 'pt']
    """
    try:
        lines = (folder / CARD).read_text("utf-8", "replace").splitlines()
    except OSError:
        lines = []
    entries, _ = parse_front_matter(lines or [""])
    names = entries.get("language", ENGLISH.code).lower().split(", ")
    return frozenset(find_language(name) or name for name in names)
