"""The colours of the prompt, on dark and light screens."""

import pytest
from prompt_toolkit.styles import default_ui_style, merge_styles

from bot.repl.prompt import STYLE

# Of WCAG 2.2, success criterion 1.4.3, for text.
LEAST_CONTRAST = 4.5
DARK, LIGHT = "000000", "ffffff"


def luminance(colour: str) -> float:
    """Return the relative luminance of a colour, by the formula of WCAG 2.2.

    >>> luminance("ffffff"), luminance("000000")
    (1.0, 0.0)
    """
    channels = [int(colour[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, from 1 to 21."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("screen", [DARK, LIGHT])
@pytest.mark.parametrize(
    "name",
    [
        "auto-suggestion",
        "completion-menu.completion",
        "completion-menu.completion.current",
        "completion-menu.meta.completion",
        "completion-menu.meta.completion.current",
    ],
)
def test_text_is_readable(name: str, screen: str) -> None:
    """A suggestion and the menu of completions have enough contrast wherever they stand."""
    parts = name.split(".")
    classes = [".".join(parts[: count + 1]) for count in range(len(parts))]
    style = merge_styles([default_ui_style(), STYLE])

    attrs = style.get_attrs_for_style_str(" ".join(f"class:{part}" for part in classes))

    back = attrs.bgcolor or screen
    assert attrs.color
    assert not attrs.reverse
    assert contrast(attrs.color, back) >= LEAST_CONTRAST
