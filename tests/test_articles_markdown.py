"""The Markdown reader: cases, and markdown-it-py as the oracle of CommonMark's constructs."""

import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from bot.articles.article import Article, Role
from bot.articles.markdown import read_markdown
from bot.articles.markdown_inline import strip_marks

ARTICLES = Path(__file__).parent / "data" / "articles"
COMMONMARK = MarkdownIt("commonmark").enable(["table", "strikethrough"])

Outline = list[tuple[tuple[str, ...], str]]  # the headings above a paragraph or item, and its text


def read(text: str) -> Article:
    return read_markdown(text.encode(), "page.md")


def story(article: Article, *roles: Role) -> list[str]:
    """Return the blocks of text, or those with the ``roles``."""
    wanted = roles or (Role.STORY,)
    return [article.text[b.start : b.end] for b in article.blocks if b.role in wanted]


def test_markdown_page() -> None:
    """Paragraphs, items and quotations are text, apart from code and tables."""
    article = read_markdown((ARTICLES / "windmill.md").read_bytes(), "windmill.md")

    assert article.title == "The windmill: a short history"
    assert article.date == datetime.date(2021, 5, 8)
    assert article.metadata["author"] == "Karl Olsen"
    assert story(article) == [
        "The oldest windmills that we know of stood in Persia.\nThey turned on an upright axle.",
        "The post mill turns as a whole\nto face the wind.",
        "In the tower mill only the cap turns.",
        '"No wind, no flour," said the millers.',
    ]
    assert {block.headings for block in article.blocks[1:2]} == {()}
    assert article.blocks[3].headings == ("Europe",)


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("**bold**, *it*, ***both***, __b__, _i_ and ~~gone~~", "bold, it, both, b, i and gone"),
        ("2 * 3 * 4 and snake_case_name", "2 * 3 * 4 and snake_case_name"),
        (r"\*not it\* and \[no\](link)", "*not it* and [no](link)"),
        ("`a *b* [c](d)` and ``e``", "a *b* [c](d) and e"),
        ("``a ` b`` and `c``", "a ` b and `c``"),
        ("[one](x), [two](<y z> 'title'), [three](u_(v))", "one, two, three"),
        ("[one](x (title))", "one"),
        ("a [**b** [c]](x) and [![img](i.png)](y)!", "a b [c] and !"),
        ("[known][k], [k], [other][o] and [o]", "known, k, [other][o] and [o]"),
        ("Here.[^1] ![picture](p.png)", "Here. "),
        ("<b>x</b><br/> 2 < 3 > 1 <https://a.b/_c_>", "x 2 < 3 > 1 https://a.b/_c_"),
        ("Write to <ann@example.org>.", "Write to ann@example.org."),
        ("Tom &amp; Ann &#42;x&#42; &nosuch;", "Tom & Ann *x* &nosuch;"),
        ("a [link\nover](x\n'y') lines\\\nend", "a link\nover\n lines\nend"),
    ],
)
def test_strip_marks(markdown: str, text: str) -> None:
    """A paragraph becomes the text that a page displays, on as many lines."""
    assert strip_marks(markdown, frozenset({"k"})) == text


@pytest.mark.parametrize(
    ("markdown", "title"),
    [
        ("# Why C# matters", "Why C# matters"),
        ("## Issue # 5", "Issue # 5"),
        ("# Learn C# ##", "Learn C#"),
        ("# Learn F #", "Learn F"),
        ("Learn F #\n===", "Learn F #"),
        (r"# Learn F \#", "Learn F #"),
    ],
)
def test_heading_marks_only_at_ends(markdown: str, title: str) -> None:
    """Of a heading's "#", only those at its start and those that close it are markup."""
    assert read(markdown).title == title


def test_headings_of_blocks() -> None:
    """A block has the headings above it, outermost first, without the title."""
    article = read("T\n=\n\n## A\n\n### B ###\n\nIn B.\n\nC\n---\n\nIn C.\n")

    assert article.title == "T"
    assert {article.text[b.start : b.end]: b.headings for b in article.blocks} == {
        "T": (), "A": (), "B": ("A",), "In B.": ("A", "B"), "C": (), "In C.": ("C",),
    }  # fmt: skip


def test_sentences_above_rule_are_not_heading() -> None:
    """Dashes below sentences are a horizontal rule."""
    assert story(read("It rained.\n---\nIt rained\nand it snowed.\n---\n")) == [
        "It rained.",
        "It rained\nand it snowed.",
    ]


@pytest.mark.parametrize(
    "hidden",
    [
        "```\nHidden.\n\nHidden.\n```",
        "~~~~ py\nHidden.\n```\n~~~\n~~~~",
        "    Hidden.",
        "<!-- Hidden.\n\nHidden. -->",
        "<script>\nHidden.\n\nHidden.\n</script>",
        "| Hidden. |\n|---|\n| Hidden. |",
        "Hidden. | x\n--- | ---\nHidden. | y",
        "[hidden]: http://example.org",
        "* * *",
        "![Hidden.](x.png)",
        "> [!NOTE]",
        "<nav>\nHidden.\n</nav>",
        "%% Hidden.\n\nHidden. %%",
        "{{< figure src='hidden.png' >}}",
        "::: {.hidden}",
        "{: .hidden }",
        "## See also\n\n- [Hidden](x)",
    ],
)
def test_hidden_blocks(hidden: str) -> None:
    """Code, comments, tables, tags, images and boilerplate do not answer."""
    article = read(f"# Title\n\nBefore.\n\n{hidden}\n\n## Next\n\nAfter.\n")

    assert story(article) == ["Before.", "After."]


def test_items_and_quotations() -> None:
    """An item continues on its next lines, and a year at the start of a line begins no list."""
    text = "- one\n  more\n  - two\n\n  under\n+ [x] three\n\n> said\n> so\n\n"

    assert story(read(text + "The war of\n1914. Ended.\n")) == [
        "one\nmore", "two", "under", "three", "said\nso", "The war of\n1914. Ended.",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("markdown", "blocks"),
    [
        ("> He said so\nand left.\n\nShe stayed.", ["He said so\nand left.", "She stayed."]),
        ("> - He said so\nand left.", ["He said so\nand left."]),
        ("> He said so.\n- She left.", ["He said so.", "She left."]),
        ("> He said so.\n>\nShe left.", ["He said so.", "She left."]),
        ("> He said so.\n---\nShe left.", ["He said so.", "She left."]),
    ],
)
def test_lazy_quotation(markdown: str, blocks: list[str]) -> None:
    """A line of text without ">" continues the quoted paragraph above it."""
    assert story(read(markdown)) == blocks


@pytest.mark.parametrize(
    "markup", ["[", "*", "(", "`", "<", "<!--", "[a](", '[a](b "', "![", "| ", "> ", "- ", "a*"]
)
@pytest.mark.parametrize("repeat", ["markup", "blank"])
def test_pathological_markup_in_linear_time(markup: str, repeat: str) -> None:
    """Repeated markup, or a megabyte of blanks, is read; quadratic time would take hours."""
    long = markup * 100_000 + "x" if repeat == "markup" else markup + " " * 1_000_000 + "x"

    assert "\n" not in read(long).text


# CommonMark by its reference implementation.


def oracle_outline(markdown: str) -> Outline:
    """Return the paragraphs and items of a text as markdown-it-py parses it."""
    outline: Outline = []
    parents: list[Token] = []
    headings: list[tuple[str, str]] = []
    for token in COMMONMARK.parse(markdown):
        if token.nesting == 1:
            parents.append(token)
        elif token.nesting == -1:
            parents.pop()
        elif token.type == "inline" and (text := inline_text(token)):
            if parents[-1].type == "heading_open":
                level = parents[-1].tag
                headings = [heading for heading in headings if heading[0] < level]
                headings.append((level, text))
            elif parents[-1].type == "paragraph_open":
                outline.append((tuple(heading for _, heading in headings), text))
    return outline


def inline_text(token: Token) -> str:
    """Return the displayed text of an inline token, on one line."""
    parts = []
    for child in token.children or []:
        if child.type in ("text", "code_inline"):
            parts.append(child.content)
        elif child.type in ("softbreak", "hardbreak"):
            parts.append(" ")
    return " ".join("".join(parts).split())


def outline(markdown: str) -> Outline:
    """Return the paragraphs and items that an article of ``markdown`` may answer with."""
    article = read(f"---\ntitle: Page\n---\n{markdown}")
    return [
        (block.headings, " ".join(article.text[block.start : block.end].split()))
        for block in article.blocks
        if block.role is Role.STORY
    ]


WORDS = st.sampled_from(
    "rain Lima wind over river C# 5 km/h snake_case it's (old) 3 < 4".split(" ")
)
MARKUP = st.sampled_from(
    [
        "*wind*", "**old river**", "_rain_", "__Lima__", "***both***", "~~gone~~", "`code *x*`",
        "``a ` b``", "[link](http://a.b)", '[link](/x "title")', "[*wind*](<a b>)", "![pic](p.png)",
        r"\*stars\*", "&amp;", "&#42;", "<b>bold</b>", "<https://a.b/c>", "2 * 3", "a*b*c",
    ]
)  # fmt: skip
LINES = st.lists(WORDS | MARKUP, max_size=5).map(lambda parts: " ".join(["The", *parts]))
PARAGRAPHS = st.lists(LINES, min_size=1, max_size=3).map("\n".join)
HEADINGS = st.builds(
    lambda level, text, closing: f"{'#' * level} {text}{closing}",
    st.integers(1, 6), LINES, st.sampled_from(["", " #", " ###  "]),
) | st.builds("{} rain\n{}".format, LINES, st.sampled_from(["===", "---", "="]))  # fmt: skip


def indent(text: str, first: str, rest: str) -> str:
    return first + text.replace("\n", "\n" + rest)


LISTS = st.builds(
    lambda markers, items, between: between.join(
        indent(item, f"{marker} ", " " * (len(marker) + 1))
        for marker, item in zip(markers, items, strict=False)
    ),
    st.sampled_from([("-", "-", "-"), ("*", "*", "*"), ("1.", "2.", "3."), ("1)", "2)", "3)")]),
    st.lists(
        PARAGRAPHS
        | st.builds("{}\n- {}".format, PARAGRAPHS, LINES)
        | st.builds("{}\n\n{}".format, PARAGRAPHS, PARAGRAPHS),
        min_size=1,
        max_size=3,
    ),
    st.sampled_from(["\n", "\n\n"]),
)
QUOTATIONS = st.builds(
    lambda text, rest: indent(text, "> ", rest), PARAGRAPHS, st.sampled_from(["> ", ">", ""])
) | LISTS.map(lambda text: indent(text, "> ", "> "))
HIDDEN = st.sampled_from(
    ["```\ncode\n\ncode\n```", "~~~ py\n# code\n~~~", "***", "_ _ _", "<!-- remark -->",
     "<nav>\ntag\n</nav>", "[label]: http://a.b", "| a | b |\n|---|---|\n| c | d |"]
)  # fmt: skip
DOCUMENTS = st.lists(
    HEADINGS | PARAGRAPHS | LISTS | QUOTATIONS | HIDDEN, min_size=1, max_size=5
).map("\n\n".join)


@given(DOCUMENTS)
def test_reader_agrees_with_commonmark(markdown: str) -> None:
    """Paragraphs, items and their headings are those that markdown-it-py finds."""
    assert outline(markdown) == oracle_outline(markdown)


@pytest.mark.parametrize(
    "markdown",
    [
        "# Rain\n\nIt rained.\n\n## Wind #\n\nIt blew\\\nhard.",
        "Rain\n===\nIt rained.\n\nWind\n---\nIt blew.",
        "- one\n\n  two\n- three\n  1. four\n  2. five",
        "- one\n\n  > two\n  > three",
        "1. one\n   two\n\n   three\n2. four",
        "> one\ntwo\n\nthree",
        "> one\n>\n> two\n\n> three",
        "> 1. one\n> 2. two",
        "one\n# two\nthree",
        "one\n- two\nthree\n\nfour",
        "one\n***\ntwo",
        "the war of\n1914. It ended.",
        "[one][a] and [a]\n\n[a]: http://a.b 'title'",
        "    code\n\none",
        "one\n    two",
        "![one](a.png) two",
    ],
)
def test_commonmark_case(markdown: str) -> None:
    """The constructs of CommonMark are read as markdown-it-py reads them."""
    assert outline(markdown) == oracle_outline(markdown)


@pytest.mark.parametrize(
    "markdown",
    [
        "- # One\n\n  two",
        "- - one",
        "- ```\n  code\n  ```\n- one",
        "- one\n-\n- two",
        "[a]:\nhttp://a.b\n\n[a] one",
        "*one**two*",
        "![a]\n\n[a]: p.png",
        "Foo\nBar\n---\n\none",
    ],
)
@pytest.mark.xfail(strict=True)
def test_commonmark_shortcoming(markdown: str) -> None:
    """Constructs that the reader does not know, all of them rare in prose."""
    assert outline(markdown) == oracle_outline(markdown)
