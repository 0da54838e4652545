"""``bot info``: the version, the size of the library, and the paths of files."""

from collections.abc import Iterator, Mapping
from importlib.metadata import version
from pathlib import Path

from bot.cli.exit_code import ExitCode
from bot.cli.library import open_cluster, open_source
from bot.cli.output import Output
from bot.config.paths import LibrarySource, choose_source, config_file, history_file
from bot.config.settings import NO_RERANKER, Settings
from bot.language.language import find_language, load_language
from bot.render.library import describe_folder
from bot.reranking.model_card import read_languages
from bot.storage.folders import default_cache, folder_size
from bot.storage.opened_library import OpenedLibrary

NOT_SAVED = "no; to cache it, run: bot index"


def run(paths: tuple[Path, ...], settings: Settings, as_json: bool) -> int:
    """Print the facts about a library, without writing to the cache; return the exit code."""
    output = Output.from_settings(settings)
    if settings.engine:
        facts, folder = collect_cluster_facts(paths, settings, output), None
    else:
        source = choose_source(paths, settings.library)
        opened = open_source(source, output, read_only=True)
        facts, folder = collect_facts(source, opened), opened.folder
    facts["reranker"] = settings.reranker
    if settings.reranker != NO_RERANKER:
        codes = sorted(read_languages(Path(settings.reranker).expanduser()))
        facts["reads"] = [name_language(code) for code in codes]
    if as_json:
        output.write_json(facts)
    else:
        output.write_lines(f"{name:<11}{text}" for name, text in fact_rows(facts, folder))
    return ExitCode.ANSWERED


def collect_cluster_facts(
    paths: tuple[Path, ...], settings: Settings, output: Output
) -> dict[str, object]:
    """Return the facts about a library on a cluster as an object for JSON."""
    library = open_cluster(paths, settings, output).library
    return {
        "version": version("article-bot"),
        "library": [f"{settings.index} on the cluster"],
        "articles": len(library),
        "sentences": library.sentence_count,
        "languages": name_languages(library.language_counts),
        "config": path_text(config_file()),
        "history": path_text(history_file()),
    }


def collect_facts(source: LibrarySource, opened: OpenedLibrary) -> dict[str, object]:
    """Return the facts as an object for JSON."""
    library, folder = opened.library, opened.folder
    return {
        "version": version("article-bot"),
        "library": [str(path) for path in source.paths],
        "articles": len(library.articles),
        "sentences": library.sentence_count,
        "languages": name_languages(library.language_counts),
        "config": path_text(config_file()),
        "history": path_text(history_file()),
        "indexes": path_text(default_cache()),
        "saved": str(folder) if folder else None,
        "bytes": folder_size(folder) if folder else None,
    }


def name_languages(counts: Mapping[str, int]) -> list[str]:
    """Return the names of languages, the most frequent first.

    >>> name_languages({"en": 1, "de": 2})
    ['German', 'English']
    """
    codes = sorted(counts, key=lambda code: (-counts[code], code))
    return [load_language(code).name for code in codes]


def name_language(code: str) -> str:
    """Return the name of a language, or the code of one that this program has no table of.

    >>> name_language("de"), name_language("multilingual")
    ('German', 'multilingual')
    """
    return load_language(code).name if find_language(code) else code


def path_text(path: Path | None) -> str | None:
    """Return a path as text; None without a home folder."""
    return str(path) if path else None


def fact_rows(facts: dict[str, object], folder: Path | None) -> Iterator[tuple[str, str]]:
    """Yield the same facts as rows of text."""
    for name, value in facts.items():
        if name == "saved":
            size = folder_size(folder) if folder else 0
            yield name, describe_folder(folder, size) if folder else NOT_SAVED
        elif name != "bytes":
            yield name, ", ".join(value) if isinstance(value, list) else str(value or "off")
