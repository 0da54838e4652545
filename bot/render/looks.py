"""What the terminal can show, as far as its environment tells."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.config.settings import Settings
from bot.render.text import STYLES, Fragments, to_ansi, to_plain

# The one colour, of confidence; both are among the sixteen, and none is lost on its ground.
THEMES = {"auto": STYLES, "dark": STYLES | {"bar": "36"}, "light": STYLES | {"bar": "34"}}
# Terminals that have links (OSC 8), by what they put into the environment: name → the beginnings
# of its value. Others may show the sequence as text.
LINKED: dict[str, tuple[str, ...]] = {
    "KITTY_WINDOW_ID": ("",),
    "KONSOLE_VERSION": ("2", "3"),
    "TERM": ("alacritty", "contour", "foot", "xterm-ghostty", "xterm-kitty"),
    "TERM_PROGRAM": ("ghostty", "iTerm.app", "rio", "Tabby", "vscode", "WezTerm"),
    "VTE_VERSION": ("5", "6", "7", "8", "9"),  # GNOME's and its kin, from 0.50
    "WT_SESSION": ("",),  # Windows Terminal
}
# Programs between us and the terminal, which may not know links.
BETWEEN = ("screen", "tmux", "dumb", "linux")


@dataclass(frozen=True, slots=True)
class Look:
    """How styles look: whether they do at all, on which ground, and whether there are links."""

    coloured: bool
    theme: str = "auto"
    links: bool = False

    def text(self, fragments: Fragments) -> str:
        """Return what the terminal is sent to show ``fragments``."""
        if not self.coloured and not self.links:
            return to_plain(fragments)
        return to_ansi(fragments, THEMES[self.theme] if self.coloured else {}, self.links)


def look(settings: Settings, environment: Mapping[str, str]) -> Look:
    """Return how styles look on the terminal of ``environment``."""
    plain_one = environment.get("NO_COLOR") or environment.get("TERM") == "dumb"
    coloured = settings.color == "always" or (settings.color == "auto" and not plain_one)
    theme = ground(environment) if settings.theme == "auto" else settings.theme
    return Look(coloured, theme, has_links(environment))


def ground(environment: Mapping[str, str]) -> str:
    """Return which ground the terminal says it has: "light", "dark", or "auto" if it does not."""
    # As rxvt and Konsole set it: the numbers of the colours of text and ground.
    number = environment.get("COLORFGBG", "").rpartition(";")[2]
    if not number.isdecimal():
        return "auto"
    return "light" if int(number) in (7, 15) else "dark"


def has_links(environment: Mapping[str, str]) -> bool:
    """Return whether the terminal of ``environment`` is known to have links."""
    if environment.get("TERM", "dumb").startswith(BETWEEN) or environment.get("TMUX"):
        return False
    return any(
        name in environment and environment[name].startswith(values)
        for name, values in LINKED.items()
    )
