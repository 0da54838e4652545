"""Every error that a user may meet: place, fault, remedy."""


class BotError(Exception):
    """What went wrong, said to the user; every error of this program is one."""


class Unreadable(BotError):
    """A file or folder that could not be read; the rest is read all the same."""

    def __init__(self, path: str, fault: str) -> None:
        self.path, self.fault = path, fault
        super().__init__(f"{path}: {fault}")


class NothingToRead(BotError):
    """None of the paths that were named gave an article."""

    def __init__(self, paths: tuple[str, ...], faults: tuple[Unreadable, ...] = ()) -> None:
        self.paths, self.faults = paths, faults
        why = "; ".join(map(str, faults)) or "no article there (.md, .txt)"
        super().__init__(f"nothing to read in {', '.join(paths)}: {why}")
