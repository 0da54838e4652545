"""The actions of the commands: each takes the session and its argument, and returns a result."""

import os
from functools import partial
from pathlib import Path
from statistics import median

from bot.articles.formats import VIEWED_SUFFIXES
from bot.config.settings import (
    SETTINGS,
    SETTINGS_BY_NAME,
    UnknownSettingError,
    format_value,
    parse_setting,
    replace_setting,
)
from bot.errors import BotError
from bot.render.articles import (
    Page,
    collect_listing,
    format_article,
    format_context,
    format_help,
    format_listing,
    format_table,
)
from bot.render.explanation import format_explanation
from bot.render.reply import NO_MORE
from bot.render.text import pluralize, sanitize, wrap
from bot.repl.editor import editor_command, find_editor
from bot.repl.results import (
    ClearScreen,
    CopyText,
    Print,
    Result,
    RunEditor,
    ShowPage,
    ShowReply,
    StartViewer,
)
from bot.repl.session import ChatSession
from bot.repl.transcript import transcript_path, write_transcript
from bot.repl.viewer import is_terminal_program, viewer_command
from bot.retrieval.answer import Answer
from bot.retrieval.date_ranges import ALL_DATES
from bot.retrieval.filters import ALL_ARTICLES, Filter, parse_filter

NEAREST = "No answer is certain enough; these came closest:"
UNFILTERED = "No filter: all articles are searched. /help filter shows how to set one."
FIXED_LIBRARY = "The library cannot change during a conversation; start another one: bot PATH"
# A message may quote the line typed, and that may be a whole file, pasted.
MAX_MESSAGE_LENGTH = 1000


class NoSuchAnswer(BotError):
    """A number that refers to no answer on the screen."""

    def __init__(self, number: str, count: int) -> None:
        self.number: str = number
        self.count: int = count
        answers = pluralize(count, "answer") if count else "no answers"
        super().__init__(f"No answer {number}; the screen shows {answers}")


class ArticleChanged(BotError):
    """An article that was changed or removed after its answer was shown."""

    def __init__(self, title: str) -> None:
        self.title = title
        super().__init__(f"'{title}' was changed or removed; ask again")


def print_text(text: str) -> Print:
    """Return the result that prints ``text``, cut at ``MAX_MESSAGE_LENGTH``."""
    text = sanitize(text)
    text = text if len(text) <= MAX_MESSAGE_LENGTH else f"{text[:MAX_MESSAGE_LENGTH]}…"
    return Print(partial(wrap, [("", text)]))


def find_answer(session: ChatSession, number: str) -> Answer:
    """Return the answer ``number`` (1-based) on the screen; "" means the first.

    Raises NoSuchAnswer, and ArticleChanged if the answer may not be quoted any more.
    """
    answers = session.reply.answers if session.reply else ()
    number = number or "1"
    if not number.isdecimal() or not 1 <= int(number[:9]) <= len(answers):
        raise NoSuchAnswer(number, len(answers))
    answer = answers[int(number) - 1]
    if not session.has_article(answer.article):
        raise ArticleChanged(answer.article.title or answer.article.source)
    return answer


def show_more(session: ChatSession, _: str) -> Result:
    """Show the next answers to the last question; after a silence, the closest ones."""
    if not session.is_started:
        return print_text("Nothing to continue; ask a question first.")
    if nearest := session.show_nearest():
        return ShowReply(nearest, notices=(NEAREST,))
    reply = session.ask_more()
    return ShowReply(reply) if reply.answers else print_text(NO_MORE)


def show_context(session: ChatSession, number: str) -> Result:
    """Show the paragraphs around an answer."""
    return Print(partial(format_context, find_answer(session, number)))


def show_article(session: ChatSession, number: str) -> Result:
    """Show the article of an answer."""
    return ShowPage(partial(format_article, find_answer(session, number)))


def open_file(session: ChatSession, number: str) -> Result:
    """Open the file of an answer at its place: text in the editor, the rest in a viewer."""
    answer = find_answer(session, number)
    file = answer.article.path
    if not Path(file).is_file():
        return print_text(f"'{answer.article.title or answer.article.source}' has no file to open.")
    if Path(file).suffix.lower() in VIEWED_SUFFIXES:
        command = viewer_command(file, answer.place, answer.text, os.environ)
        return RunEditor(command) if is_terminal_program(command) else StartViewer(command)
    row = answer.place.value if answer.place.unit == "row" else 1
    line = answer.line or (row if isinstance(row, int) else 1)
    return RunEditor(editor_command(find_editor(os.environ), file, line))


def explain_score(session: ChatSession, number: str) -> Result:
    """Show the parts of an answer's score."""
    answer, reply = find_answer(session, number), session.reply
    assert reply
    retriever = session.retriever
    return Print(lambda width: format_explanation(answer, reply, retriever, width))


def list_articles(session: ChatSession, text: str) -> Result:
    """List the articles searched, or those of them that match the filter ``text``."""
    wanted, library = parse_filter(text), session.retriever.library
    numbers = wanted.find_matches(library.numbered_listings()) if text else None
    return ShowPage(partial(format_listing, collect_listing(library, numbers), session.filter.text))


def change_filter(session: ChatSession, text: str) -> Result:
    """Search only some of the articles, or show the current filter."""
    total = len(session.full_retriever.library.articles)
    if not text:
        count = len(session.retriever.library.articles)
        described = f"Filter: {session.filter.text} ({count:,} of {pluralize(total, 'article')})"
        return print_text(described if session.filter.text else UNFILTERED)
    new = ALL_ARTICLES if text.lower() == "off" else parse_filter(text)
    count = session.set_filter(new)
    if not count and new.text:
        return print_text(f"{explain_no_match(session, new)}; filter unchanged.")
    return print_text(f"Searching {count:,} of {pluralize(total, 'article')}.")


def explain_no_match(session: ChatSession, wanted: Filter) -> str:
    """Return why no article passes a filter, as the beginning of a sentence."""
    listings = session.full_retriever.library.listings
    if wanted.dates != ALL_DATES and not any(listing.date for listing in listings):
        return f"No article has a date, so none matches '{wanted.text}'"
    return f"No article matches '{wanted.text}'"


def show_statistics(session: ChatSession, _: str) -> Result:
    """Show the size of the library, and the median time of a reply."""
    library = session.retriever.library
    times = [exchange.milliseconds for exchange in session.exchanges]
    rows = [
        ("articles", f"{len(library.articles):,}"),
        ("sentences", f"{library.sentence_count:,}"),
        ("questions asked", f"{len(times):,}"),
        *([("median time", f"{median(times):.1f} ms")] if times else []),
        *([("filter", sanitize(session.filter.text))] if session.filter.text else []),
    ]
    return Print(partial(format_table, rows))


def reload_articles(session: ChatSession, _: str) -> Result:
    """Read the articles again."""
    return print_text(f"{session.reload() or 'The articles are up to date'}.")


def change_setting(session: ChatSession, text: str) -> Result:
    """List the settings, or show or change one for this conversation."""
    name, _, value = text.replace("=", " ", 1).partition(" ")
    if not name:
        rows = [(format_setting(session, row.name), row.help) for row in SETTINGS]
        return ShowPage(lambda width: Page(format_table(rows, width), 0))
    if name not in SETTINGS_BY_NAME:
        raise UnknownSettingError(name, value)
    if not value.strip():
        row = SETTINGS_BY_NAME[name]
        rows = [(format_setting(session, name), row.help)]
        return Print(partial(format_help, [], rows, [f"Takes {row.takes}."]))
    if name == "library":
        return print_text(FIXED_LIBRARY)
    new = parse_setting(name, value.strip())
    session.apply_settings(replace_setting(session.settings, name, new))
    return print_text(format_setting(session, name))


def format_setting(session: ChatSession, name: str) -> str:
    """Return "name = value"; the library is the one in use, wherever it was named."""
    is_library = name == "library"
    value = session.source.paths if is_library else getattr(session.settings, name)
    return f"{name} = {sanitize(format_value(value))}"


def save_transcript(session: ChatSession, name: str) -> Result:
    """Write the conversation to a new file."""
    name = remove_quotes(name)
    if name and os.path.lexists(transcript_path(name, session.source.paths)):
        return print_text(f"{name} already exists; /save! {name} replaces it.")
    return replace_transcript(session, name)


def replace_transcript(session: ChatSession, name: str) -> Result:
    """Write the conversation to a new or existing file."""
    name = remove_quotes(name)
    if not name:
        return print_text("No file given; for example: /save talk.md")
    file = transcript_path(name, session.source.paths)
    write_transcript(session.exchanges, file)
    return print_text(f"Saved {pluralize(len(session.exchanges), 'question')} to {file}.")


def remove_quotes(name: str) -> str:
    """Return a file name without the quotation marks around it."""
    is_quoted = len(name) > 1 and name[0] == name[-1] and name[0] in "'\""
    return name[1:-1] if is_quoted else name


def copy_answer(session: ChatSession, number: str) -> Result:
    """Copy an answer to the clipboard, by way of the terminal."""
    # On one line, as shown: a line end pasted into a shell would run a command.
    return CopyText(sanitize(find_answer(session, number).text))


def list_questions(session: ChatSession, _: str) -> Result:
    """List the questions of this conversation."""
    if not session.exchanges:
        return print_text("No questions asked yet.")
    rows = [
        f"{number:>4}  {sanitize(exchange.typed)}"
        for number, exchange in enumerate(session.exchanges, 1)
    ]
    return Print(lambda width: [p for row in rows for p in wrap([("", row)], width, " " * 6)])


def clear_screen(session: ChatSession, _: str) -> Result:
    """Clear the screen; answer numbers refer to nothing until the next question."""
    session.reply = None
    return ClearScreen()
