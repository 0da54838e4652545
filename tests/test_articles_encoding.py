"""The encodings of files: detection, damage, binary data."""

import pytest

from bot.articles.encoding import decode
from bot.errors import UnreadableFile


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("café", "utf-8"),
        ("café", "utf-8-sig"),
        ("café", "utf-16"),
        ("café", "utf-32"),
        ("The café opened.", "utf-16-le"),
        ("The café opened.", "utf-16-be"),
        ("café", "cp1252"),
        ("It costs £5.", "latin-1"),
        ("“Quotes” – and a dash", "cp1252"),
        ("El Niño: ¿qué pasó?", "cp1252"),
        ("Zażółć gęślą jaźń. Most został otwarty w 1932 roku.", "cp1250"),
        ("Мост открыли в 1932 году, и люди пришли посмотреть на него.", "koi8_r"),
        ("橋は1932年に開通しました。多くの人が見に来ました。", "cp932"),
    ],
)
def test_decode_detects_encoding(text: str, encoding: str) -> None:
    """The encoding is detected, and a byte order mark removed."""
    assert decode(text.encode(encoding), "x") == text


def test_decode_truncated_utf8() -> None:
    """UTF-8 that ends within a character is still decoded as UTF-8."""
    assert decode("Żółć i gęślą jaźń".encode() * 9 + b"\xc5", "x").endswith("jaźń\ufffd")


def test_decode_carriage_returns() -> None:
    """In a file of an old Mac, carriage returns end lines."""
    assert decode(b"one\rtwo\r", "x") == "one\ntwo\n"


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"", "empty"),
        (b" \n\t\n", "empty"),
        (b"\xef\xbb\xbf\n", "empty"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "not a text file"),
        (bytes(range(1, 256)) * 4, "not a text file"),
    ],
)
def test_decode_refuses_binary_and_empty(data: bytes, fault: str) -> None:
    """Binary data and blank text raise an error with the file and the reason."""
    with pytest.raises(UnreadableFile) as error:
        decode(data, "x.txt")

    assert (error.value.path, error.value.fault) == ("x.txt", fault)
