"""What each command does."""

import os
from base64 import b64encode
from dataclasses import replace
from functools import partial
from pathlib import Path
from statistics import median

from bot.config.settings import BY_NAME as SET_BY_NAME
from bot.config.settings import SETTINGS, UnknownSettingError, format_value, parse_setting
from bot.errors import BotError
from bot.render import articles as pages
from bot.render.explanation import format_explanation
from bot.render.text import pluralize, sanitize, wrap
from bot.repl import transcript as exporting
from bot.repl.editor import editor_command, find_editor
from bot.repl.results import ClearScreen, Copy, Print, Quit, Result, RunEditor, ShowPage, ShowReply
from bot.repl.session import ChatSession
from bot.retrieval.answer import Answer
from bot.retrieval.filters import ALL_ARTICLES, parse_filter

NEAREST = "Nothing answers that well enough; this came closest:"
UNFILTERED = "All articles are asked. /help filter says how to ask only some."
# A message holds what was typed, and that may be a whole file, pasted.
LONGEST = 1000
ELSEWHERE = "Other articles need a new start: bot PATH"


class NoSuchAnswer(BotError):
    """A number that means none of the answers on the screen."""

    def __init__(self, number: str, count: int) -> None:
        self.number, self.count = number, count
        there = {0: "no answer is on the screen", 1: "there is one answer"}
        super().__init__(f"No answer {number}: {there.get(count, f'there are {count} answers')}")


class ArticleChanged(BotError):
    """An article that has changed or vanished since it was shown."""

    def __init__(self, title: str) -> None:
        self.title = title
        super().__init__(f"{title} has changed or is gone since; ask again")


def print_text(text: str) -> Print:
    """Return ``text`` as something to show, so far as one would read it."""
    text = sanitize(text)
    text = text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
    return Print(partial(wrap, [("", text)]))


def find_answer(talk: ChatSession, number: str) -> Answer:
    """Return the answer on the screen that ``number`` means, the first where it is "".

    Raises NoAnswer, and Gone where it may not be quoted any more.
    """
    answers = talk.reply.answers if talk.reply else ()
    place = number or "1"
    if not place.isdecimal() or not 1 <= int(place[:9]) <= len(answers):
        raise NoSuchAnswer(place, len(answers))
    answer = answers[int(place) - 1]
    if not talk.has_article(answer.article):
        raise ArticleChanged(answer.article.title)
    return answer


def more(talk: ChatSession, _: str) -> Result:
    """Show the next answers to the question before; after a silence, what came closest."""
    reply = talk.reply
    if talk.conversation.last is None:
        return print_text("More of what? Ask a question first.")
    if reply and reply.silence and reply.nearest:
        talk.reply = replace(reply, answers=reply.nearest, silence=None, nearest=())
        return ShowReply(talk.reply, NEAREST)
    following = talk.ask("more")
    if not following.answers:
        talk.reply = reply  # whose answers still are on the screen
        return print_text("There are no more.")
    return ShowReply(following)


def context(talk: ChatSession, number: str) -> Result:
    """Show the paragraphs around an answer."""
    return Print(partial(pages.format_context, find_answer(talk, number)))


def show(talk: ChatSession, number: str) -> Result:
    """Show the article of an answer."""
    return ShowPage(partial(pages.format_article, find_answer(talk, number)))


def open_file(talk: ChatSession, number: str) -> Result:
    """Open the file of an answer at its line."""
    answer = find_answer(talk, number)
    file = answer.article.metadata.get("path", "")
    if not Path(file).is_file():
        return print_text(f"There is no file of {answer.article.title} to open.")
    return RunEditor(editor_command(find_editor(os.environ), file, answer.line or 1))


def explain(talk: ChatSession, number: str) -> Result:
    """Show what the score of an answer is made of."""
    answer, reply = find_answer(talk, number), talk.reply
    assert reply
    retriever = talk.retriever
    return Print(lambda width: format_explanation(answer, reply, retriever, width))


def sources(talk: ChatSession, text: str) -> Result:
    """List the articles that are asked, or those of them that ``text`` describes."""
    wanted, library = parse_filter(text), talk.retriever.library
    rows = [row for row, article in enumerate(library.listings) if wanted.matches(article)]
    return ShowPage(partial(pages.format_listing, library, rows, talk.filter.text))


def choose(talk: ChatSession, text: str) -> Result:
    """Ask only some of the articles, or say which are asked."""
    if not text:
        return print_text(describe_filter(talk) or UNFILTERED)
    wanted = ALL_ARTICLES if text.lower() == "off" else parse_filter(text)
    taken = talk.set_filter(wanted)
    if not taken and wanted.text:
        return print_text(f"No article is like that: {text}. What was asked is asked still.")
    whole = len(talk.full_retriever.library.articles)
    return print_text(f"{pluralize(taken, 'article')} of {whole:,} will be asked.")


def describe_filter(talk: ChatSession) -> str:
    """Return which articles alone are asked, "" where all are."""
    return sanitize(f"Asked are only: {talk.filter.text}") if talk.filter.text else ""


def stats(talk: ChatSession, _: str) -> Result:
    """Show how much there is, and how fast it was asked."""
    library = talk.retriever.library
    times = [exchange.milliseconds for exchange in talk.exchanges]
    rows = [
        ("articles", f"{len(library.articles):,}"),
        ("sentences", f"{len(library):,}"),
        ("questions asked", f"{len(times):,}"),
        *([("median time", f"{median(times):.1f} ms")] if times else []),
        *([("filter", sanitize(talk.filter.text))] if talk.filter.text else []),
    ]
    return Print(partial(pages.format_table, rows))


def reload(talk: ChatSession, _: str) -> Result:
    """Read the articles again."""
    return print_text(f"{talk.reload() or 'Nothing changed'}.")


def assign(talk: ChatSession, text: str) -> Result:
    """List the settings, or change one for this conversation."""
    name, _, value = text.replace("=", " ", 1).partition(" ")
    if not name:
        rows = [
            (f"{s.name} = {sanitize(format_value(current(talk, s.name)))}", s.help)
            for s in SETTINGS
        ]
        return Print(partial(pages.format_table, rows))
    if name not in SET_BY_NAME:
        raise UnknownSettingError(name, value)
    if not value.strip():
        setting = SET_BY_NAME[name]
        row = (f"{name} = {sanitize(format_value(current(talk, name)))}", setting.help)
        return Print(partial(pages.format_help, [], [row], [f"It takes {setting.takes}."]))
    if name == "library":
        return print_text(ELSEWHERE)
    # The table has a row a field, whose parser returns what the field holds.
    talk.settings = replace(talk.settings, **{name: parse_setting(name, value.strip())})
    return print_text(f"{name} = {format_value(current(talk, name))}")


def current(talk: ChatSession, name: str) -> object:
    """Return what the setting ``name`` is now; of the library, what is asked in fact."""
    return talk.source.paths if name == "library" else getattr(talk.settings, name)


def save(talk: ChatSession, name: str) -> Result:
    """Write the conversation to a file that is not there yet."""
    if name and os.path.lexists(exporting.transcript_path(name, talk.source.paths)):
        return print_text(f"{name} is there already; to replace it: /save! {name}")
    return overwrite(talk, name)


def overwrite(talk: ChatSession, name: str) -> Result:
    """Write the conversation to a file, whether it is there or not."""
    if not name:
        return print_text("Save it where? /save talk.md")
    file = exporting.transcript_path(name, talk.source.paths)
    exporting.save_transcript(exporting.FORMS[file.suffix.lower()](talk.exchanges), file)
    return print_text(f"Saved {pluralize(len(talk.exchanges), 'question')} to {file}.")


def copy(talk: ChatSession, number: str) -> Result:
    """Put an answer on the clipboard, through the terminal."""
    # As shown, on one line: what is pasted into a shell is not to run.
    text = sanitize(find_answer(talk, number).text)
    # "Manipulate selection data" of xterm, which terminals far away understand as well.
    sequence = f"\x1b]52;c;{b64encode(text.encode()).decode()}\x07"
    return Copy(sequence, print_text("Copied, if your terminal lets programs copy.").lay)


def history(talk: ChatSession, _: str) -> Result:
    """List what was asked in this conversation."""
    if not talk.exchanges:
        return print_text("Nothing was asked yet.")
    rows = [f"{row:>4}  {sanitize(one.typed)}" for row, one in enumerate(talk.exchanges, 1)]
    return Print(lambda width: [p for row in rows for p in wrap([("", row)], width, " " * 6)])


def clear(talk: ChatSession, _: str) -> Result:
    """Clear the screen, so that numbers mean none of the answers that stood there."""
    talk.reply = None
    return ClearScreen()


def leave(_: ChatSession, __: str) -> Result:
    """End the conversation."""
    return Quit()
