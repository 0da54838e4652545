"""Questions about files as people have them: notes, chats, dialects of Markdown, odd characters."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import bot
from bot.articles.article import Article, Role
from bot.articles.markdown import read_markdown
from bot.articles.plain import parse_plain
from bot.language.words import words

CASES = tomllib.loads(
    (Path(__file__).parent / "data" / "reading.toml").read_text(encoding="utf-8")
)["case"]


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(
            case,
            id=case["label"],
            marks=[pytest.mark.xfail(reason=case["shortcoming"], strict=True)]
            if "shortcoming" in case
            else [],
        )
        for case in CASES
    ],
)
def test_answer_from_file(case: dict[str, str], tmp_path: Path) -> None:
    """The first answer is the text expected, or there is none; a known shortcoming fails."""
    (tmp_path / case["file"]).write_text(case["text"], encoding="utf-8")
    retriever = bot.Retriever.from_path(tmp_path, cache=None)
    if case["answer"]:
        retriever = retriever.with_threshold(0.05)

    answers = retriever.ask(case["question"]).answers

    assert [answer.text for answer in answers[:1]] == [case["answer"]] * bool(case["answer"])


NOTE_WORDS = st.sampled_from(
    "Find us on Mill Lane Subscribe today Read: Photo: By Ann Lee 4 May 2021 Share 30 - code "
    "4417 the bridge is old. “so” *** it's Related stories More: © click here [Ann]: > # x".split()
)
NOTES = st.lists(
    st.tuples(NOTE_WORDS, st.sampled_from([" ", " ", " ", "\n", "\n\n"])), min_size=1, max_size=30
).map(lambda pairs: "".join(word + space for word, space in pairs))


def block_words(article: Article) -> set[str]:
    """Return the words of all blocks."""
    return {
        word for block in article.blocks for word in words(article.text[block.start : block.end])
    }


@given(NOTES)
def test_no_word_of_a_text_is_lost(note: str) -> None:
    """Each word of a plain text is in a block that answers or is boilerplate."""
    assert set(words(note)) <= block_words(parse_plain(note, "note.txt"))


@given(NOTES)
def test_words_of_markdown_without_marks_are_kept(note: str) -> None:
    """Each word of a Markdown text is in a block, unless a mark hides it."""
    text = "".join(char for char in note if char not in "[]#>*-")

    assert set(words(text)) <= block_words(read_markdown(f"x\n\n{text}".encode(), "note.md"))


@given(
    st.lists(st.sampled_from(["Share this", "Read: Emma", "Find us on Mill Lane", "Sign up today"]))
)
def test_no_boilerplate_without_news(lines: list[str]) -> None:
    """On a page without date, byline or story, each line can answer."""
    article = parse_plain("\n".join(["It is so.", *lines]), "note.txt")

    assert {block.role for block in article.blocks} == {Role.STORY}
