"""What each command does."""

import os
from base64 import b64encode
from dataclasses import replace
from functools import partial
from pathlib import Path
from statistics import median

from bot.config.settings import BY_NAME as SET_BY_NAME
from bot.config.settings import SETTINGS, UnknownSetting, parsed, written
from bot.errors import BotError
from bot.render import articles as pages
from bot.render.explanation import explained
from bot.render.text import shown, wrapped
from bot.repl import transcript as exporting
from bot.repl.editor import editor, opening
from bot.repl.results import Cleared, Copied, Left, Opened, Outcome, Paged, Replied, Shown
from bot.repl.session import Talk
from bot.retrieval.answer import Answer
from bot.retrieval.filters import EVERYTHING, filter_of

NEAREST = "Nothing answers that well enough; this came closest:"
UNFILTERED = "All articles are asked. /help filter says how to ask only some."
# A message holds what was typed, and that may be a whole file, pasted.
LONGEST = 1000
ELSEWHERE = "Other articles need a new start: bot PATH"


class NoAnswer(BotError):
    """A number that means none of the answers on the screen."""

    def __init__(self, number: str, count: int) -> None:
        self.number, self.count = number, count
        there = {0: "no answer is on the screen", 1: "there is one answer"}
        super().__init__(f"No answer {number}: {there.get(count, f'there are {count} answers')}")


class Gone(BotError):
    """An article that has changed or vanished since it was shown."""

    def __init__(self, title: str) -> None:
        self.title = title
        super().__init__(f"{title} has changed or is gone since; ask again")


def said(text: str) -> Shown:
    """Return ``text`` as something to show, so far as one would read it."""
    text = shown(text)
    text = text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
    return Shown(partial(wrapped, [("", text)]))


def chosen(talk: Talk, number: str) -> Answer:
    """Return the answer on the screen that ``number`` means, the first where it is "".

    Raises NoAnswer, and Gone where it may not be quoted any more.
    """
    answers = talk.reply.answers if talk.reply else ()
    place = number or "1"
    if not place.isdecimal() or not 1 <= int(place[:9]) <= len(answers):
        raise NoAnswer(place, len(answers))
    answer = answers[int(place) - 1]
    if not talk.holds(answer.article):
        raise Gone(answer.article.title)
    return answer


def more(talk: Talk, _: str) -> Outcome:
    """Show the next answers to the question before; after a silence, what came closest."""
    reply = talk.reply
    if talk.conversation.last is None:
        return said("More of what? Ask a question first.")
    if reply and reply.silence and reply.nearest:
        talk.reply = replace(reply, answers=reply.nearest, silence=None, nearest=())
        return Replied(talk.reply, NEAREST)
    following = talk.ask("more")
    if not following.answers:
        talk.reply = reply  # whose answers still are on the screen
        return said("There are no more.")
    return Replied(following)


def context(talk: Talk, number: str) -> Outcome:
    """Show the paragraphs around an answer."""
    return Shown(partial(pages.around, chosen(talk, number)))


def show(talk: Talk, number: str) -> Outcome:
    """Show the article of an answer."""
    return Paged(partial(pages.article, chosen(talk, number)))


def open_file(talk: Talk, number: str) -> Outcome:
    """Open the file of an answer at its line."""
    answer = chosen(talk, number)
    file = answer.article.metadata.get("path", "")
    if not Path(file).is_file():
        return said(f"There is no file of {answer.article.title} to open.")
    return Opened(opening(editor(os.environ), file, answer.line or 1))


def explain(talk: Talk, number: str) -> Outcome:
    """Show what the score of an answer is made of."""
    answer, reply = chosen(talk, number), talk.reply
    assert reply
    retriever = talk.retriever
    return Shown(lambda width: explained(answer, reply, retriever, width))


def sources(talk: Talk, text: str) -> Outcome:
    """List the articles that are asked, or those of them that ``text`` describes."""
    wanted, library = filter_of(text), talk.retriever.library
    rows = [row for row, article in enumerate(library.listings) if wanted.takes(article)]
    return Paged(partial(pages.listed, library, rows, talk.filter.text))


def choose(talk: Talk, text: str) -> Outcome:
    """Ask only some of the articles, or say which are asked."""
    if not text:
        return said(only(talk) or UNFILTERED)
    wanted = EVERYTHING if text.lower() == "off" else filter_of(text)
    taken = talk.choose(wanted)
    if not taken and wanted.text:
        return said(f"No article is like that: {text}. What was asked is asked still.")
    whole = len(talk.everything.library.articles)
    return said(f"{pages.counted(taken, 'article')} of {whole:,} will be asked.")


def only(talk: Talk) -> str:
    """Return which articles alone are asked, "" where all are."""
    return shown(f"Asked are only: {talk.filter.text}") if talk.filter.text else ""


def stats(talk: Talk, _: str) -> Outcome:
    """Show how much there is, and how fast it was asked."""
    library = talk.retriever.library
    times = [exchange.milliseconds for exchange in talk.exchanges]
    rows = [
        ("articles", f"{len(library.articles):,}"),
        ("sentences", f"{len(library):,}"),
        ("questions asked", f"{len(times):,}"),
        *([("median time", f"{median(times):.1f} ms")] if times else []),
        *([("filter", shown(talk.filter.text))] if talk.filter.text else []),
    ]
    return Shown(partial(pages.table, rows))


def reload(talk: Talk, _: str) -> Outcome:
    """Read the articles again."""
    return said(f"{talk.reload() or 'Nothing changed'}.")


def assign(talk: Talk, text: str) -> Outcome:
    """List the settings, or change one for this conversation."""
    name, _, value = text.replace("=", " ", 1).partition(" ")
    if not name:
        rows = [(f"{s.name} = {shown(written(current(talk, s.name)))}", s.help) for s in SETTINGS]
        return Shown(partial(pages.table, rows))
    if name not in SET_BY_NAME:
        raise UnknownSetting(name, value)
    if not value.strip():
        setting = SET_BY_NAME[name]
        row = (f"{name} = {shown(written(current(talk, name)))}", setting.help)
        return Shown(partial(pages.help_page, [], [row], [f"It takes {setting.takes}."]))
    if name == "library":
        return said(ELSEWHERE)
    # The table has a row a field, whose parser returns what the field holds.
    talk.settings = replace(talk.settings, **{name: parsed(name, value.strip())})
    return said(f"{name} = {written(current(talk, name))}")


def current(talk: Talk, name: str) -> object:
    """Return what the setting ``name`` is now; of the library, what is asked in fact."""
    return talk.shelf.paths if name == "library" else getattr(talk.settings, name)


def save(talk: Talk, name: str) -> Outcome:
    """Write the conversation to a file that is not there yet."""
    if name and os.path.lexists(exporting.file_of(name, talk.shelf.paths)):
        return said(f"{name} is there already; to replace it: /save! {name}")
    return overwrite(talk, name)


def overwrite(talk: Talk, name: str) -> Outcome:
    """Write the conversation to a file, whether it is there or not."""
    if not name:
        return said("Save it where? /save talk.md")
    file = exporting.file_of(name, talk.shelf.paths)
    exporting.save(exporting.FORMS[file.suffix.lower()](talk.exchanges), file)
    return said(f"Saved {pages.counted(len(talk.exchanges), 'question')} to {file}.")


def copy(talk: Talk, number: str) -> Outcome:
    """Put an answer on the clipboard, through the terminal."""
    # As shown, on one line: what is pasted into a shell is not to run.
    text = shown(chosen(talk, number).text)
    # "Manipulate selection data" of xterm, which terminals far away understand as well.
    sequence = f"\x1b]52;c;{b64encode(text.encode()).decode()}\x07"
    return Copied(sequence, said("Copied, if your terminal lets programs copy.").lay)


def history(talk: Talk, _: str) -> Outcome:
    """List what was asked in this conversation."""
    if not talk.exchanges:
        return said("Nothing was asked yet.")
    rows = [f"{row:>4}  {shown(one.typed)}" for row, one in enumerate(talk.exchanges, 1)]
    return Shown(lambda width: [p for row in rows for p in wrapped([("", row)], width, " " * 6)])


def clear(talk: Talk, _: str) -> Outcome:
    """Clear the screen, so that numbers mean none of the answers that stood there."""
    talk.reply = None
    return Cleared()


def leave(_: Talk, __: str) -> Outcome:
    """End the conversation."""
    return Left()
