"""The settings: one by one, in the config file, and as the options and the shell see them."""

import re
import subprocess
import tomllib
from contextlib import suppress
from dataclasses import fields
from pathlib import Path
from shutil import which

import pytest
from click.shell_completion import ShellComplete
from hypothesis import given
from hypothesis import strategies as st

from bot.cli import shells
from bot.cli.main import cli
from bot.config import config_file as config
from bot.config import paths as places
from bot.config import settings
from bot.config.settings import SETTINGS, Setting, SettingError, Settings, UnknownSettingError

NAMES = [setting.name for setting in SETTINGS]


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the config file lies, in a home of its own; the file is not there yet."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    file = places.config_file()
    file.parent.mkdir(parents=True)
    return file


# One by one


def test_every_field_is_in_the_table() -> None:
    """Nothing can be set that is not explained, and the other way round."""
    assert [field.name for field in fields(Settings)] == NAMES


@pytest.mark.parametrize("setting", SETTINGS, ids=NAMES)
def test_a_setting_takes_its_examples_and_its_default(setting: Setting) -> None:
    """What is written of a value is what gives it, so that it can be typed again."""
    default = getattr(Settings(), setting.name)
    texts = (*setting.examples, *[settings.format_value(default)][: default != ()])

    for text in texts:
        assert settings.format_value(settings.parse_setting(setting.name, text)) == text


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("limit", "7", 7),
        ("confidence", "0", 0.0),
        ("confidence", "measured", None),
        ("color", "never", "never"),
        ("theme", "light", "light"),
        ("vi", "on", True),
        ("vi", "false", False),
        ("width", "0", 0),
        ("width", "20", 20),
        ("library", "a b", (Path("a b"),)),
        ("library", "~", (Path.home(),)),
    ],
)
def test_what_is_taken(name: str, text: str, value: object) -> None:
    """Each text gives its value."""
    assert settings.parse_setting(name, text) == value


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("limit", "0", "limit takes a whole number from 1, not 0"),
        ("limit", "", "limit takes a whole number from 1, not nothing"),
        ("limit", "1.5", "not 1.5"),
        ("limit", "9" * 5000, f"not {'9' * 60}…"),
        ("confidence", "1.01", "confidence takes a number from 0 to 1, or measured, not 1.01"),
        ("confidence", "nan", "not nan"),
        ("color", "red", "color takes auto, always or never, not red"),
        ("theme", "Dark", "theme takes auto, light or dark, not Dark"),
        ("vi", "maybe", "vi takes true or false, not maybe"),
        ("width", "19", "width takes 0, or a whole number from 20, not 19"),
        ("width", "-20", "not -20"),
        ("library", "a\0b", "library takes a path or a list of paths"),
        ("library", "~nobody-of-that-name/x", "library takes a path"),
    ],
)
def test_what_is_not_taken(name: str, text: str, told: str) -> None:
    """The error names the setting, what it takes, and what it was given."""
    with pytest.raises(SettingError, match=re.escape(told)):
        settings.parse_setting(name, text)


@given(st.sampled_from(NAMES), st.text())
def test_any_text_is_taken_or_refused(name: str, text: str) -> None:
    """Nothing else comes of it; what is taken can be typed as it is written."""
    with suppress(SettingError):
        value = settings.parse_setting(name, text)

        assert (
            name == "library" or settings.parse_setting(name, settings.format_value(value)) == value
        )


def test_an_unknown_setting() -> None:
    """The nearest one is named, or all of them."""
    with pytest.raises(UnknownSettingError, match="no setting is named limt; did you mean limit"):
        settings.parse_setting("limt", "3")
    with pytest.raises(UnknownSettingError, match=", ".join(NAMES)):
        settings.parse_setting("", "3")


# The config file


@pytest.mark.parametrize(
    ("text", "paths"),
    [
        ("library = 'notes'", ["config/bot/notes"]),
        ("library = '~/notes'", ["notes"]),
        ("library = ['../a', '/b']", ["config/bot/../a", "/b"]),
        ("library = []", []),
        ("# library = 'x'", []),
        ("", []),
    ],
)
def test_the_library(file: Path, text: str, paths: list[str]) -> None:
    """One path or a list, from the file's folder, from home, or absolute."""
    file.write_text("\ufeff" + text, encoding="utf-8")

    library = config.read_config(file, pytest.fail).settings.library

    assert library == tuple(file.parent.parent.parent / path for path in paths)


def test_which_articles_are_asked() -> None:
    """Those that are given, else those of the settings, else the bundled ones."""
    given, configured = (Path("lima.txt"),), (Path("notes"),)

    assert places.choose_source(given, configured) == (given, places.Origin.GIVEN)
    assert places.choose_source((), configured) == (configured, places.Origin.CONFIG)
    assert places.choose_source((), ()) == ((places.bundled_corpus(),), places.Origin.BUNDLED)


def test_a_config_file_of_everything(file: Path) -> None:
    """Each setting counts, and is known by its line."""
    file.write_text(
        "limit = 5\n\n# mine\nconfidence = 0.5\n'color' = 'never'\n\"theme\" = 'dark'\n"
        "vi = true\nwidth=72",
        encoding="utf-8",
    )

    read = config.read_config(file, pytest.fail)

    assert read.settings == Settings((), 5, 0.5, "never", "dark", vi=True, width=72)
    assert read.lines == {"limit": 1, "confidence": 4, "color": 5, "theme": 6, "vi": 7, "width": 8}


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("limit = 0", "limit takes a whole number from 1, not 0"),
        ("limit = true", "limit takes a whole number from 1, not true"),
        ("limit = [1, 2]", "limit takes a whole number from 1, not [1, 2]"),
        ("confidence = inf", "confidence takes a number from 0 to 1, or measured, not inf"),
        (f"limit = 0x{'f' * 5000}", "limit takes a whole number from 1, not a number as long"),
        ("libary = 'x'", "no setting is named libary; did you mean library?"),
        ("library = 3", 'library takes a path or a list of paths ("~/articles"), not 3'),
        ("library = ['a', '']", "library takes a path or a list of paths, not nothing"),
        ("library.path = 'x'", "library takes a path or a list of paths"),
        ("limit.\x61 = 1", "limit takes a whole number from 1, not {'a': 1}"),
    ],
)
def test_a_bad_setting(file: Path, line: str, fault: str) -> None:
    """A warning names file, line and what is allowed; the rest of the file counts."""
    file.write_text(f"# no {line}\nvi = true\n\n  {line}\nwidth = 40\n", encoding="utf-8")
    warnings: list[str] = []

    read = config.read_config(file, warnings.append)

    assert read.settings == Settings(vi=True, width=40)
    assert len(warnings) == 1
    assert warnings[0].startswith(f"{file}, line 4: {fault}")


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (b"limit = 5\nlibrary = notes", ", line 2: is no TOML: "),
        (b"limit = 5\nlibrary = '''\n\nnotes", ", line 4: is no TOML: "),
        (b"limit = 5\nlimit = 6\n", ", line 2: is no TOML: Cannot overwrite a value"),
        (b"library = '\xff'", ": is not in UTF-8"),
        (b"limit = " + b"9" * 5000, ": is no TOML: "),
        (b"limit = " + b"[" * 5000, ": is no TOML: too many brackets in brackets"),
    ],
)
def test_a_config_file_that_is_none(file: Path, text: bytes, fault: str) -> None:
    """One warning with the line, where there is one, and the defaults."""
    file.write_bytes(text)
    warnings: list[str] = []

    read = config.read_config(file, warnings.append)

    assert read == config.Config(Settings(), {})
    assert len(warnings) == 1
    assert warnings[0].startswith(f"{file}{fault}")
    assert warnings[0].endswith("; none of its settings counts until it is mended")


def test_a_folder_in_place_of_the_config_file(file: Path) -> None:
    """It cannot be read, which is a warning."""
    file.mkdir()
    warnings: list[str] = []

    config.read_config(file, warnings.append)

    assert warnings[0].startswith(f"{file}: Is a directory")


def test_no_config_file(file: Path) -> None:
    """Nothing is set, and nothing said."""
    assert config.read_config(file, pytest.fail) == config.Config(Settings(), {})


def test_the_explained_file(file: Path) -> None:
    """It names every setting and sets none; less the #, it sets each to its default."""
    explained = "\n".join(config.explain_config(file))
    uncommented = re.sub(r"(?m)^#(?=\w)", "", explained)
    file.write_text(uncommented, encoding="utf-8")

    read = config.read_config(file, pytest.fail)

    assert tomllib.loads(explained) == {}
    assert (read.settings, list(read.lines)) == (Settings(), NAMES)
    assert all(setting.takes in explained for setting in SETTINGS)


def test_the_described_file(file: Path) -> None:
    """Each setting's value, and the line that it comes from."""
    absent = list(config.describe_config(config.read_config(file, pytest.fail), file))
    file.write_text("\nlimit = 5\nlibrary='a'\n\"v\\u0069\" = false\n", encoding="utf-8")
    present = list(config.describe_config(config.read_config(file, pytest.fail), file))

    assert absent[0] == f"{file} (not there yet)"
    assert [line.split()[0] for line in absent[1:-1]] == NAMES
    assert present[0] == str(file)
    assert present[1].split() == ["library", "line", "3", str(file.parent / "a")]
    assert present[2].split() == ["limit", "line", "2", "5"]
    assert present[6].split() == ["vi", "the", "file", "false"]


# Completion by the shell


def completed(*words: str) -> list[str]:
    """Return what may stand in place of the last word."""
    shell = ShellComplete(cli, {}, "bot", "_BOT_COMPLETE")
    found = shell.get_completions(list(words[:-1]), words[-1])
    return [f"<{item.type}>" if item.type != "plain" else item.value for item in found]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["as"], ["<file>", "ask"]),
        (["--li"], ["<file>", "--limit"]),
        (["--install"], ["<file>", "--install-completion"]),
        (["ask", "--js"], ["--json", "--jsonl"]),
        (["--color", ""], ["auto", "always", "never"]),
        (["ask", "--color", "a"], ["auto", "always"]),
        (["-k", "1", "c"], ["<file>"]),
        (["nowhere/at/all", ""], ["<file>"]),
        (["ask", "who?", ""], ["<file>"]),
        (["eval", ""], ["<file>"]),
        (["config", "--e"], ["--explain"]),
    ],
)
def test_what_may_come_next(words: list[str], expected: list[str]) -> None:
    """Commands, options, what they take, and files; and no fault, whatever stands before."""
    assert completed(*words) == expected


def test_the_first_word_may_be_any_command() -> None:
    """All of them are offered."""
    assert set(cli.commands) < set(completed(""))


@pytest.mark.parametrize("shell", shells.SHELLS)
def test_the_script_of_a_shell(shell: str) -> None:
    """It asks the command what may come next."""
    script = shells.script(cli, shell)

    assert f"_BOT_COMPLETE={shell}_complete" in script
    if which(shell):
        check = subprocess.run([shell, "-n"], input=script, capture_output=True, text=True)
        assert (check.stderr, check.returncode) == ("", 0)


@pytest.mark.parametrize(
    ("shell", "environment", "place"),
    [
        ("bash", {}, ".local/share/bash-completion/completions/bot"),
        ("bash", {"XDG_DATA_HOME": "not/absolute"}, ".local/share/bash-completion/completions/bot"),
        ("bash", {"XDG_DATA_HOME": "/data"}, "/data/bash-completion/completions/bot"),
        ("zsh", {}, ".local/share/zsh/site-functions/_bot"),
        ("fish", {"XDG_CONFIG_HOME": "/config"}, "/config/fish/completions/bot.fish"),
    ],
)
def test_where_a_shell_looks(shell: str, environment: dict[str, str], place: str) -> None:
    """The folder that the environment names, else the usual one in the home."""
    assert shells.place_of(shell, environment) == Path.home() / place
