"""A cached library as it is at one moment, and the names of its files; see cache.py."""

from collections.abc import Iterator
from contextlib import closing, contextmanager, nullcontext, suppress
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from bot.articles.files import file_identity
from bot.errors import DamagedCache, OutdatedCache
from bot.language.analysis import DEFAULT_ANALYZER, OWN_ANALYZER, Analysis
from bot.storage.connection import Access
from bot.storage.database import Database
from bot.storage.database_articles import DamageGuard
from bot.storage.index_file import StoredIndex, load_index
from bot.storage.rows import Manifest

DATABASE_NAME = "articles.db"
INDEX_PREFIX = "index-"
# An empty file: a reader found damage, so the next process to open the library rebuilds it.
DAMAGE_MARK = "damaged"


def segmenter_version() -> str:
    """Return the installed release of sentencex; importlib.metadata takes 11 ms to find it."""
    spec = find_spec("sentencex")
    assert spec
    assert spec.origin
    site_packages = Path(spec.origin).parents[1]
    return " ".join(sorted(path.stem for path in site_packages.glob("sentencex-*.dist-info")))


SEGMENTER = segmenter_version()


def library_version(analysis: Analysis) -> str:
    """Return the version of a library: one by other readers, segmenter or analyzer is rebuilt."""
    return f"8 {SEGMENTER} {analysis.version}"


class Snapshot(NamedTuple):
    """The database, manifest and index of a library, unaffected by later writes."""

    database: Database
    manifest: Manifest
    stored_index: StoredIndex


def open_snapshot(
    folder: Path, access: Access = Access.READ, analysis: Analysis = DEFAULT_ANALYZER
) -> Snapshot | None:
    """Return the last snapshot in ``folder``, None if no index was finished yet.

    Raises DamagedCache, also where the library is of another version or analyzer.
    """
    file = folder / DATABASE_NAME
    while file.exists():
        identity = file_identity(file)
        if (folder / DAMAGE_MARK).exists():
            raise DamagedCache(file, "it was found damaged before")
        database = Database(file, access)
        database.begin_snapshot()
        manifest = database.manifest()
        if not manifest.index_file:
            database.close()
            return None
        try:
            check_version(file, manifest, analysis)
            guard = nullcontext if access is Access.FROZEN else partial(mark_damage, folder)
            index = load_current_index(folder, manifest, guard)
        except DamagedCache:
            database.close()
            if file_identity(file) == identity and read_manifest(file, access) == manifest:
                raise
            continue  # a writer has replaced the index or the whole library meanwhile
        if file_identity(file) == identity:
            return Snapshot(database, manifest, index)
        database.close()
    return None


def read_manifest(file: Path, access: Access) -> Manifest:
    """Return the present manifest of the database in ``file``."""
    with closing(Database(file, access)) as database:
        return database.manifest()


def check_version(file: Path, manifest: Manifest, analysis: Analysis = DEFAULT_ANALYZER) -> None:
    """Raise DamagedCache if another version or analyzer built the library in ``file``.

    It is an OutdatedCache if both analyzers are of this program.
    """
    if manifest == Manifest() or manifest.version == library_version(analysis):
        return
    if any(
        f" {OWN_ANALYZER} " in version for version in (manifest.version, library_version(analysis))
    ):
        raise DamagedCache(file, "another analyzer built it")
    raise OutdatedCache(file)


def load_current_index(
    folder: Path, manifest: Manifest, guard: DamageGuard = nullcontext
) -> StoredIndex:
    """Return the index that ``manifest`` names. Raises DamagedCache, later within ``guard``."""
    if not index_number(manifest):
        raise DamagedCache(folder / DATABASE_NAME, "its manifest names no index")
    return load_index(folder / manifest.index_file, guard)


def index_number(manifest: Manifest) -> int:
    """Return N of "index-N", the name of the index; 0 if that is not a name of an index."""
    prefix, _, number = manifest.index_file.partition(INDEX_PREFIX)
    return int(number) if not prefix and number.isdecimal() else 0


@contextmanager
def mark_damage(folder: Path) -> Iterator[None]:
    """Have the library rebuilt at the next opening if the ``with`` block raises DamagedCache."""
    try:
        yield
    except DamagedCache:
        with suppress(OSError):
            (folder / DAMAGE_MARK).touch()
        raise
