"""Every error that a user may meet: place, fault, remedy."""

from os import PathLike


class BotError(Exception):
    """What went wrong, said to the user; every error of this program is one."""


class UnreadableFile(BotError):
    """A file or folder that could not be read; the rest is read all the same."""

    def __init__(self, path: str, fault: str) -> None:
        self.path, self.fault = path, fault
        super().__init__(f"{path}: {fault}")


class NothingToRead(BotError):
    """None of the paths that were named gave an article."""

    def __init__(self, paths: tuple[str, ...], faults: tuple[UnreadableFile, ...] = ()) -> None:
        self.paths, self.faults = paths, faults
        why = "; ".join(map(str, faults)) or "no article there (.md, .txt)"
        super().__init__(f"nothing to read in {', '.join(paths)}: {why}")


class DamagedCache(BotError):
    """Something that was saved is not what it was; it can be made again from the files."""

    def __init__(self, file: PathLike[str], fault: str) -> None:
        self.file, self.fault = file, fault
        super().__init__(f"{file}: {fault}; what was saved is made again from the articles")


class CacheNotWritable(BotError):
    """What was read could not be saved; it is asked all the same."""

    def __init__(self, file: PathLike[str], fault: str) -> None:
        self.file, self.fault = file, fault
        super().__init__(f"{file}: {fault}; nothing is saved, and each start reads all again")
