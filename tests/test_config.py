"""The settings, the config file, and the choice of articles."""

import os
import re
import tomllib
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.config.config_file import Config, describe_config, explain_config, read_config
from bot.config.paths import LibrarySource, Origin, bundled_corpus, choose_source, config_file
from bot.config.settings import (
    SETTINGS,
    Setting,
    SettingError,
    Settings,
    UnknownSettingError,
    format_value,
    parse_setting,
)

NAMES = [setting.name for setting in SETTINGS]


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The path of the config file in an empty home; the file does not exist yet."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    file = config_file()
    assert file
    file.parent.mkdir(parents=True)
    return file


# Settings


def test_table_has_a_row_for_each_field() -> None:
    """Every setting is explained, and every row is a setting."""
    assert [*Settings._fields] == NAMES


@pytest.mark.parametrize("setting", SETTINGS, ids=NAMES)
def test_formatted_value_parses_to_itself(setting: Setting) -> None:
    """Examples and the default are accepted as they are written."""
    default = getattr(Settings(), setting.name)
    texts = (*setting.examples, *[format_value(default)][: default != ()])

    for text in texts:
        assert format_value(parse_setting(setting.name, text)) == text


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("limit", "7", 7),
        ("confidence", "0", 0.0),
        ("confidence", "measured", None),
        ("color", "never", "never"),
        ("vi", "on", True),
        ("vi", "false", False),
        ("width", "0", 0),
        ("width", "20", 20),
        ("library", "a b", (Path("a b"),)),
        ("library", "~", (Path.home(),)),
    ],
)
def test_accepted_values(name: str, text: str, value: object) -> None:
    """Each text is parsed to its value."""
    assert parse_setting(name, text) == value


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("limit", "0", "limit takes a whole number from 1, not 0"),
        ("limit", "", "limit takes a whole number from 1, not nothing"),
        ("limit", "1.5", "not 1.5"),
        ("limit", "9" * 5000, f"not {'9' * 60}…"),
        ("confidence", "1.01", "confidence takes a number from 0 to 1, or measured, not 1.01"),
        ("confidence", "nan", "not nan"),
        ("color", "red", "color takes auto, always or never, not red"),
        ("vi", "maybe", "vi takes true or false, not maybe"),
        ("width", "19", "width takes 0, or a whole number from 20, not 19"),
        ("width", "-20", "not -20"),
        ("library", "a\0b", "library takes a path or a list of paths"),
        ("library", "~nobody-of-that-name/x", "library takes a path"),
    ],
)
def test_rejected_values(name: str, text: str, message: str) -> None:
    """The error names the setting, the accepted values, and the value given."""
    with pytest.raises(SettingError, match=re.escape(message)):
        parse_setting(name, text)


@given(st.sampled_from(NAMES), st.text())
@example("language", ".0")
def test_any_text_is_accepted_or_rejected(name: str, text: str) -> None:
    """No other error is raised, and an accepted value parses from its own format."""
    with suppress(SettingError):
        value = parse_setting(name, text)

        assert name == "library" or parse_setting(name, format_value(value)) == value


def test_unknown_setting_gets_a_hint() -> None:
    """The error names the nearest setting, or all of them."""
    with pytest.raises(UnknownSettingError, match="unknown setting limt; did you mean limit"):
        parse_setting("limt", "3")
    with pytest.raises(UnknownSettingError, match=", ".join(NAMES)):
        parse_setting("", "3")


# The articles


def test_choose_source() -> None:
    """Paths on the command line come before those of the settings, then the bundled corpus."""
    given, configured = (Path("lima.txt"),), (Path("notes"),)

    assert choose_source(given, configured) == LibrarySource(given, Origin.GIVEN)
    assert choose_source((), configured) == LibrarySource(configured, Origin.CONFIG)
    assert choose_source((), ()) == LibrarySource((bundled_corpus(),), Origin.BUNDLED)


@pytest.mark.parametrize(
    ("paths", "name"), [(("a/notes",), "notes"), (("a/notes", "b"), "notes +1"), (("/",), "/")]
)
def test_source_name(paths: tuple[str, ...], name: str) -> None:
    """The name of the first path, and the number of the others."""
    assert LibrarySource(tuple(map(Path, paths)), Origin.GIVEN).name == name


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
def test_library_paths(file: Path, text: str, paths: list[str]) -> None:
    """One path or a list: relative to the file's folder, from home, or absolute."""
    file.write_text("\ufeff" + text, encoding="utf-8")

    library = read_config(file, pytest.fail).settings.library

    assert library == tuple(file.parent.parent.parent / path for path in paths)


def test_file_with_every_setting(file: Path) -> None:
    """Each setting is read, with the number of its line."""
    file.write_text(
        "limit = 5\n\n# mine\nconfidence = 0.5\n'color' = 'never'\n\"vi\" = true\nwidth=72",
        encoding="utf-8",
    )

    config = read_config(file, pytest.fail)

    assert config.settings == Settings((), 5, 0.5, "never", vi=True, width=72)
    assert config.lines == {"limit": 1, "confidence": 4, "color": 5, "vi": 6, "width": 7}


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("limit = 0", "limit takes a whole number from 1, not 0"),
        ("limit = true", "limit takes a whole number from 1, not true"),
        ("limit = [1, 2]", "limit takes a whole number from 1, not [1, 2]"),
        ("confidence = inf", "confidence takes a number from 0 to 1, or measured, not inf"),
        (f"limit = 0x{'f' * 5000}", "limit takes a whole number from 1, not a number of that"),
        ("libary = 'x'", "unknown setting libary; did you mean library?"),
        ("library = 3", 'library takes a path or a list of paths ("~/articles"), not 3'),
        ("library = ['a', '']", "library takes a path or a list of paths, not nothing"),
        ("library.path = 'x'", "library takes a path or a list of paths"),
        ("limit.\x61 = 1", "limit takes a whole number from 1, not {'a': 1}"),
    ],
)
def test_wrong_setting_is_a_warning(file: Path, line: str, fault: str) -> None:
    """It names the file, the line and the accepted values; the rest of the file is used."""
    file.write_text(f"# no {line}\nvi = true\n\n  {line}\nwidth = 40\n", encoding="utf-8")
    warnings: list[str] = []

    config = read_config(file, warnings.append)

    assert config.settings == Settings(vi=True, width=40)
    assert len(warnings) == 1
    assert warnings[0].startswith(f"{file}, line 4: {fault}")


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (b"limit = 5\nlibrary = notes", ", line 2: is not valid TOML: "),
        (b"limit = 5\nlibrary = '''\n\nnotes", ", line 4: is not valid TOML: "),
        (b"limit = 5\nlimit = 6\n", ", line 2: is not valid TOML: Cannot overwrite a value"),
        (b"library = '\xff'", ": is not encoded in UTF-8"),
        (b"limit = " + b"9" * 5000, ": is not valid TOML: "),
        (b"limit = " + b"[" * 5000, ": is not valid TOML: brackets nested too deep"),
    ],
)
def test_broken_file_is_a_warning(file: Path, text: bytes, fault: str) -> None:
    """It names the line, if it is known, and the defaults are used."""
    file.write_bytes(text)
    warnings: list[str] = []

    config = read_config(file, warnings.append)

    assert config == Config(Settings(), {})
    assert len(warnings) == 1
    assert warnings[0].startswith(f"{file}{fault}")
    assert warnings[0].endswith("; the whole file is ignored")


def test_folder_instead_of_file_is_a_warning(file: Path) -> None:
    """The config file cannot be read if it is a folder."""
    file.mkdir()
    warnings: list[str] = []

    read_config(file, warnings.append)

    assert warnings[0].startswith(f"{file}: Is a directory")


def test_fifo_instead_of_file_is_a_warning(file: Path) -> None:
    """It is not opened, which would wait for its writer."""
    os.mkfifo(file)
    warnings: list[str] = []

    read_config(file, warnings.append)

    assert warnings == [f"{file}: is not a regular file; the whole file is ignored"]


def test_link_to_the_null_device_is_silent(file: Path) -> None:
    """It is an empty file, by which users ask for the defaults."""
    file.symlink_to(os.devnull)

    assert read_config(file, pytest.fail) == Config(Settings(), {})


def test_missing_file_is_silent(file: Path) -> None:
    """The defaults are used without a warning."""
    assert read_config(file, pytest.fail) == Config(Settings(), {})


def test_explained_file_sets_nothing(file: Path) -> None:
    """It names every setting; without the #, it sets each to its default."""
    explained = "\n".join(explain_config(file))
    uncommented = re.sub(r"(?m)^#(?=\w)", "", explained)
    file.write_text(uncommented, encoding="utf-8")

    config = read_config(file, pytest.fail)

    assert tomllib.loads(explained) == {}
    assert (config.settings, list(config.lines)) == (Settings(), NAMES)
    assert all(setting.takes in explained for setting in SETTINGS)


def test_description_names_lines(file: Path) -> None:
    """Each setting has its value and its line in the file."""
    absent = list(describe_config(read_config(file, pytest.fail), file))
    file.write_text("\nlimit = 5\nlibrary='a'\n\"v\\u0069\" = false\n", encoding="utf-8")
    present = list(describe_config(read_config(file, pytest.fail), file))

    assert absent[0] == f"{file} (does not exist)"
    assert [line.split()[0] for line in absent[1:-1]] == NAMES
    assert present[0] == str(file)
    assert present[1].split() == ["library", "line", "3", str(file.parent / "a")]
    assert present[2].split() == ["limit", "line", "2", "5"]
    assert present[5].split() == ["vi", "config", "file", "false"]
