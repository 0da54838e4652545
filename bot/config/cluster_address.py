"""The address of a library on a cluster: URLs, index, credentials, and how long to try."""

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self
from urllib.parse import SplitResult, unquote, urlsplit

from bot.config.cluster_limits import TIMEOUT, TRIES
from bot.errors import BotError

DEFAULT_PORTS = {"http": 80, "https": 443}
# OpenSearch's rules for the name of an index, with room for the suffixes of ours.
INDEX_RE = re.compile(r"[a-z0-9][a-z0-9._-]{0,199}")
USER, PASSWORD, KEY = "BOT_ENGINE_USER", "BOT_ENGINE_PASSWORD", "BOT_ENGINE_KEY"
LOOPBACK = ("localhost", "127.0.0.1", "::1")


class InvalidAddress(BotError, ValueError):
    """A URL or index name that cannot be one."""


@dataclass(frozen=True, slots=True)
class ClusterAddress:
    """The nodes of a cluster that may be asked, and the name of a library's index there.

    The credentials, or those in the first URL, are sent with each request, and never printed.
    ``ca`` is a file of certificates to trust in place of the system's. Each request is tried up to
    ``tries`` times, for ``timeout`` seconds each, at one node after the other.

    >>> address = ClusterAddress(("https://bot:secret@search.example.org",), "news")
    >>> address.hosts(), address.credentials.user, "secret" in repr(address), address.name
    (('https://search.example.org:443',), 'bot', False, 'news at https://search.example.org:443')
    """

    urls: tuple[str, ...] = field(repr=False)
    index: str
    credentials: "Credentials" = field(default_factory=lambda: Credentials())
    ca: Path | None = None
    timeout: float = TIMEOUT
    tries: int = TRIES

    def __post_init__(self) -> None:
        if not self.urls:
            raise InvalidAddress("no address of a cluster; give one as https://host:9200")
        if not INDEX_RE.fullmatch(self.index):
            raise InvalidAddress(
                f"{self.index!r} cannot name an index: lower-case letters, digits, '-', '_' and"
                " '.' can, the first a letter or digit"
            )
        parts = [split_url(url) for url in self.urls]
        self._refuse_plain_secrets(parts)
        if self.credentials == Credentials() and parts[0].username:
            found = Credentials(unquote(parts[0].username), unquote(parts[0].password or ""))
            object.__setattr__(self, "credentials", found)

    def _refuse_plain_secrets(self, parts: Sequence[SplitResult]) -> None:
        """Raise InvalidAddress if a password or key would cross a network unencrypted."""
        for part in parts:
            has_secret = self.credentials != Credentials() or part.password
            if has_secret and part.scheme == "http" and part.hostname not in LOOPBACK:
                raise InvalidAddress(
                    f"{part.hostname}: a password or key is not sent over http; use https"
                )

    def hosts(self) -> tuple[str, ...]:
        """Return the URL of each node, with its port and without credentials."""
        return tuple(map(host_url, map(split_url, self.urls)))

    @property
    def name(self) -> str:
        """The library as messages name it."""
        return f"{self.index} at {', '.join(self.hosts())}"


@dataclass(frozen=True, slots=True)
class Credentials:
    """A user with a password, or a key, as a cluster may ask for.

    >>> Credentials.from_environment({"BOT_ENGINE_USER": "ada"}).user
    'ada'
    """

    user: str = ""
    password: str = field(default="", repr=False)
    key: str = field(default="", repr=False)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Self:
        """Return the credentials in the variables that hold them, and nowhere else."""
        return cls(*(environment.get(name, "") for name in (USER, PASSWORD, KEY)))


def build_address(
    urls: tuple[str, ...], index: str, ca: Path | None, timeout: float, tries: int = TRIES
) -> ClusterAddress:
    """Return an address with the credentials in the environment. Raises InvalidAddress.

    >>> build_address(("localhost:9200",), "news", None, 10)
    Traceback (most recent call last):
    bot.config.cluster_address.InvalidAddress: a cluster's address looks like https://host:9200
    """
    return ClusterAddress(urls, index, Credentials.from_environment(), ca, timeout, tries)


def split_url(url: str) -> SplitResult:
    """Return the parts of ``url``. Raises InvalidAddress."""
    fault = InvalidAddress("a cluster's address looks like https://host:9200")
    try:
        parts = urlsplit(url)
        is_valid = parts.scheme in DEFAULT_PORTS and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a port that is no number
        raise fault from None  # nor is the URL quoted: it may hold a password
    if not is_valid:
        raise fault
    return parts


def host_url(parts: SplitResult) -> str:
    """Return a URL with its port and path, without credentials."""
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    port = parts.port or DEFAULT_PORTS[parts.scheme]
    return f"{parts.scheme}://{host}:{port}{parts.path.rstrip('/')}"
