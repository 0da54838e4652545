"""The page of ``bot serve``, driven in a browser: by keyboard, without a script, on all screens."""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from urllib.request import urlopen

import pytest

pytest.importorskip("starlette", reason="needs article-bot[server]")
sync_api = pytest.importorskip("playwright.sync_api", reason="needs article-bot[hosts-dev]")
axe = pytest.importorskip(
    "axe_playwright_python.sync_playwright", reason="needs article-bot[hosts-dev]"
)

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page
else:
    Browser = Page = Any
expect = sync_api.expect
PATIENCE = 60_000  # milliseconds until a test fails that waits for the page
expect.set_options(timeout=PATIENCE)

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM, reason="needs Chromium: apt-get install chromium"),
]

QUESTION = "Who designed the Thornwick Bridge?"
ANSWER = re.compile("Ada Thorne, an engineer from Leith, designed its three arches.")
# Everything in it is text.
HOSTILE = """\
<script>document.title = "broken"</script> and the wizard of Gallowmere

The <b>wizard</b> of Gallowmere said <img src=x onerror="document.title = 'broken'"> to the king.

The \u202ekcab\u202c of Gallowmere is &lt;hidden&gt; "quoted" and 'single' {{ 7 * 7 }}.
"""
# Each view of the page, by an address.
VIEWS = {
    "home": "/",
    "answers": "/?q=Who+designed+the+Thornwick+Bridge%3F",
    "follow-up": "/?q=Who+designed+the+Thornwick+Bridge%3F&q=When+did+it+open%3F",
    "corrected": "/?q=Who+designed+the+Thornwick+Brigde%3F",
    "silent": "/?q=Where+is+the+quokka%3F",
    "remark": "/?q=hello",
    "article": "/?open=bridge.txt&start=138&end=202&q=bridge#answer",
    "list": "/?list&where=*.md",
    "refusal": "/?q=bridge&where=2020..x",
}


@pytest.fixture(scope="module")
def url(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server of the small library and a hostile article."""
    articles = tmp_path_factory.mktemp("page")
    shutil.copytree(folder, articles, dirs_exist_ok=True)
    (articles / "hostile.txt").write_text(HOSTILE, encoding="utf-8")
    command = [sys.executable, "-m", "bot", "serve", str(articles), "--port", "0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, encoding="utf-8") as process:
        assert process.stderr
        found = next(filter(None, (re.search(r"http://\S+(?=/)", line) for line in process.stderr)))
        yield found[0]
        process.terminate()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser, url: str) -> Iterator[Page]:
    """A page in which nothing may fail, or be fetched from elsewhere."""
    faults: list[str] = []
    context = browser.new_context(base_url=url)
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda message: faults.append(message.text))
    page.on("request", lambda r: None if r.url.startswith((url, "data:")) else faults.append(r.url))
    yield page
    context.close()
    # A refused question is a page with the status of a refusal.
    assert [fault for fault in faults if "status of 422" not in fault] == []


def ask(page: Page, question: str) -> None:
    """Type a question into the first field."""
    page.get_by_role("searchbox").fill(question)
    page.keyboard.press("Enter")


def test_keyboard_suffices(page: Page) -> None:
    """Ask, go to an answer, open its article at the sentence, come back, ask again."""
    page.goto("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type(QUESTION)
    page.keyboard.press("Enter")
    expect(page.get_by_role("blockquote").first).to_contain_text(ANSWER)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    expect(page.get_by_role("link", name="Ninety years").first).to_be_focused()

    page.keyboard.press("Enter")

    mark = page.locator("mark#answer")
    expect(mark).to_contain_text("an engineer from Leith, designed")
    expect(mark).to_be_focused()
    expect(mark).to_be_in_viewport()
    page.go_back()
    expect(page.get_by_role("blockquote").first).to_contain_text(ANSWER)
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("searchbox")).to_have_value("")


def test_words_are_marked(page: Page) -> None:
    """An answer has its words marked, its title, date and place."""
    page.goto("/")

    ask(page, "When did the Thornwick Bridge open?")

    first = page.locator(".answers > li").first
    expect(first).to_contain_text("Ninety years of the Thornwick Bridge")
    assert {"Thornwick", "Bridge", "opened"} <= {*first.locator("mark").all_inner_texts()}
    expect(first).to_contain_text("8 Mar 2022 · bridge.txt · line 4")


def test_follow_up_is_in_the_address(page: Page) -> None:
    """A follow-up leans on the question before it; so does the page when it is loaded again."""
    page.goto(VIEWS["answers"])

    page.get_by_label("Follow up").fill("When did it open?")
    page.keyboard.press("Enter")

    for _ in range(2):
        expect(page.get_by_role("main")).to_contain_text("Understood as a follow-up")
        expect(page.get_by_role("blockquote").first).to_contain_text("March 1932")
        page.reload()
    page.get_by_role("navigation").get_by_role("link").click()
    expect(page.get_by_role("blockquote").first).to_contain_text(ANSWER)


def test_evidence_has_bars(page: Page) -> None:
    """Each part of a score has its figure and a bar; they sum to the score."""
    page.goto(VIEWS["answers"])

    page.get_by_text("Why this answer?").first.click()

    table = page.get_by_role("table").first
    parts = [float(text) for text in table.locator(".part td:nth-child(2)").all_inner_texts()]
    score = float(table.locator(".sum td").first.inner_text())
    assert sum(parts) == pytest.approx(score, abs=0.001)
    bars = [float(bar.get_attribute("width") or 0) for bar in table.locator(".part rect").all()]
    assert bars == pytest.approx(
        [abs(part) * max(bars) / max(map(abs, parts)) for part in parts], abs=0.1
    )


def test_corrected_words_can_be_searched_as_typed(page: Page) -> None:
    """A correction is told, and one click takes it back."""
    page.goto(VIEWS["corrected"])
    expect(page.get_by_role("main")).to_contain_text("Searched for bridge instead of Brigde.")

    page.get_by_role("link", name="Search for Brigde as typed").click()

    expect(page.get_by_role("searchbox")).to_have_value('Who designed the Thornwick "Brigde"?')
    expect(page.get_by_role("main")).not_to_contain_text("Searched for")


def test_silence_says_why(page: Page) -> None:
    """Without an answer, the page says so, and which word no article has."""
    page.goto(VIEWS["silent"])

    expect(page.locator(".silence")).to_have_text("Nothing in the articles mentions that.")
    expect(page.get_by_role("main")).to_contain_text("No article has the word: quokka")
    expect(page).to_have_title(re.compile("^No answer: Where is the quokka"))


def test_what_came_closest_is_behind_a_click(page: Page) -> None:
    """The answers withheld are there for those who want them."""
    page.goto("/?q=Where+is+the+quokka+of+the+harbour%3F")
    closest = page.get_by_text("The sentences that came closest")
    expect(page.get_by_role("blockquote")).to_have_count(0)

    closest.click()

    expect(page.get_by_role("blockquote").first).to_contain_text("harbour")


@pytest.mark.parametrize("name", [name for name in VIEWS if name != "refusal"])
def test_each_view_has_its_twin(page: Page, url: str, name: str) -> None:
    """The JSON behind a view has the texts that the view shows."""
    page.goto(VIEWS[name])
    link = page.get_by_role("link", name="This page as JSON").get_attribute("href")

    with urlopen(f"{url}{link}") as response:
        twin = json.load(response)

    shown = page.get_by_role("main").inner_text()
    texts = [answer["text"] for answer in twin.get("answers", [])]
    texts += [article["title"] for article in twin.get("articles", [])]
    texts += twin.get("text", "").split("\n\n")[2:]
    texts += [twin["silence"]["message"]] if twin.get("silence") else []
    assert texts or name == "remark"
    for text in texts:
        assert " ".join(text.split()) in " ".join(shown.split())


def test_hostile_articles_stay_text(page: Page) -> None:
    """Markup in a title or text is shown, not run; invisible characters are shown, too."""
    page.goto("/")

    ask(page, "What did the wizard of Gallowmere say to the king?")

    expect(page.get_by_role("blockquote").first).to_contain_text("onerror")
    page.get_by_role("link", name="<script>").first.click()
    article = page.get_by_role("article")
    expect(article).to_contain_text("⟨U+202E⟩kcab")
    expect(article).to_contain_text("{{ 7 * 7 }}")
    expect(article.locator("img, script, b")).to_have_count(0)
    expect(page).to_have_title(re.compile("^<script>"))


def test_hostile_questions_stay_text(page: Page) -> None:
    """A question is text wherever the page repeats it."""
    question = "\"><script>document.title='broken'</script><a href='javascript:x'>"
    page.goto("/")

    ask(page, question)

    expect(page.get_by_role("heading", level=1)).to_have_text(question)
    expect(page.get_by_role("searchbox")).to_have_value(question)
    expect(page.locator("[href^=javascript]")).to_have_count(0)


def test_no_script_is_needed(browser: Browser, url: str) -> None:
    """Forms and links do it all where scripts are off."""
    context = browser.new_context(base_url=url, java_script_enabled=False)
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.goto("/")

    ask(page, QUESTION)
    expect(page.get_by_role("blockquote").first).to_contain_text(ANSWER)
    page.get_by_text("Why this answer?").first.click()
    expect(page.get_by_role("table").first).to_be_visible()
    page.get_by_role("link", name="Ninety years").first.click()

    expect(page.locator("mark#answer")).to_be_in_viewport()
    context.close()


def test_policy_is_strict(page: Page) -> None:
    """Only what bears the nonce of a response runs in it, and each response has its own."""
    responses = [page.goto("/"), page.goto("/")]

    policies = [one.headers["content-security-policy"] for one in responses if one]

    assert policies[0] != policies[1]
    for policy in policies:
        assert policy.startswith("default-src 'none'; script-src 'nonce-")
        assert "unsafe" not in policy


@pytest.mark.parametrize("width", [320, 800, 1400])
def test_no_view_is_wider_than_its_window(page: Page, width: int) -> None:
    """Nothing has to be scrolled sideways, whatever is unfolded."""
    page.set_viewport_size({"width": width, "height": 900})
    for name, address in VIEWS.items():
        page.goto(address)
        unfold(page)

        assert page.evaluate("document.documentElement.scrollWidth") <= width, name


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_accessibility(page: Page, scheme: Literal["light", "dark"]) -> None:
    """axe-core finds no fault in any view: names, roles, landmarks, contrast."""
    page.emulate_media(color_scheme=scheme)
    found = []
    for name, address in VIEWS.items():
        page.goto(address)
        unfold(page)
        results = axe.Axe().run(page)
        found += [f"{name}: {fault['id']}" for fault in results.response["violations"]]

    assert found == []


def unfold(page: Page) -> None:
    """Open everything that is folded."""
    page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")


def test_print(page: Page) -> None:
    """On paper there are the answers and their sources, but nothing to click."""
    page.goto(VIEWS["answers"])

    page.emulate_media(media="print")

    expect(page.get_by_role("blockquote").first).to_be_visible()
    expect(page.get_by_role("button")).to_have_count(0)
    expect(page.get_by_text("Why this answer?").first).to_be_hidden()
