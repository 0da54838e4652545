"""The changes that opening a library found, as numbers."""

from typing import NamedTuple


class UpdateReport(NamedTuple):
    """The number of articles whose file is new, changed, unchanged, or no longer there."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0
