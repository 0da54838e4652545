"""The command group: ``chat`` is the default command, options may stand before a command.

Several words that are no command and no path are a question: ``bot what is coffee``.
"""

import re
from collections.abc import Iterable
from importlib import import_module
from typing import TYPE_CHECKING

import click

from bot.cli.help import HelpContext, HelpfulCommand, format_command_groups
from bot.cli.options import path_exists

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

# Options of the group; any other that stands without a command belongs to ``chat``.
GROUP_OPTIONS = ("-h", "--help", "--version")
PATH_RE = re.compile(r"^[.~]|[/\\]|\.[a-z]\w{1,7}$")


class CommandGroup(click.Group):
    """A group whose default command is ``chat``.

    click-default-group differs: after an option with a value (``-k 1 ask``) it sees no command, and
    it passes a misspelt command to the default one as a path.
    """

    command_class: type[click.Command] | None = HelpfulCommand
    context_class: type[click.Context] = HelpContext

    def format_commands(self, _: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands in groups."""
        format_command_groups(self, formatter)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse ``args`` with the command put first."""
        is_first_word_completed = ctx.resilient_parsing and not args
        return super().parse_args(ctx, args if is_first_word_completed else self._sort(ctx, args))

    def shell_complete(self, ctx: click.Context, incomplete: str) -> "list[CompletionItem]":
        """Return the completions of the first word: paths, commands, and options of ``chat``."""
        chat = self.commands["chat"]
        paths = next(param for param in chat.params if param.name == "paths")
        options = chat.shell_complete(click.Context(chat, ctx), incomplete)
        items = {item.value: item for item in [*options, *super().shell_complete(ctx, incomplete)]}
        return [*paths.shell_complete(ctx, incomplete), *items.values()]

    def _sort(self, ctx: click.Context, args: list[str]) -> list[str]:
        words = self._words(args)
        if not words:
            group_options = [arg for arg in args if arg in GROUP_OPTIONS]
            return group_options[:1] or ["chat", *args]
        first = args[words[0]]
        if first in self.commands:
            return [first, *args[: words[0]], *args[words[0] + 1 :]]
        if path_exists(first) or ctx.resilient_parsing:
            return ["chat", *args]
        if not is_question(typed := [args[index] for index in words], self.commands):
            ctx.fail(unknown_word_message(first, self.commands))
        options = [arg for index, arg in enumerate(args) if index not in words]
        return ["ask", *options, "--", " ".join(typed)]

    def _words(self, args: list[str]) -> list[int]:
        """Return the indices of the arguments that are no options nor their values.

        After "--" there are none: it is for paths.
        """
        params = [param for command in self.commands.values() for param in command.params]
        with_value = {o for p in params if not getattr(p, "is_flag", True) for o in p.opts}
        indices, index = [], 0
        while index < len(args) and args[index] != "--":
            if args[index].startswith("-") and args[index] != "-":
                index += 2 if args[index] in with_value else 1
            else:
                indices.append(index)
                index += 1
        return indices


def is_question(words: list[str], commands: Iterable[str]) -> bool:
    """Return whether ``words``, which begin with no command and no path, ask a question.

    They are several, or one argument of several, of which none looks like a path. Two of which the
    first is nearly a command are a slip: "aks x".

    >>> [is_question(line.split(), ["ask"]) for line in ("what is coffee", "aks coffee", "notes")]
    [True, False, False]
    """
    if any(path_exists(word) or looks_like_path(word) for word in words):
        return False
    count = len(" ".join(words).split())
    return count > 2 or (count == 2 and not near_commands(words[0], commands))


def looks_like_path(word: str) -> bool:
    """Return whether ``word`` was meant as a path: it has a separator, or begins or ends like one.

    >>> [looks_like_path(word) for word in ("notes/2024", "~", "talk.md", "coffee?", "U.S.")]
    [True, True, True, False, False]
    """
    return bool(PATH_RE.search(word))


def near_commands(word: str, commands: Iterable[str]) -> list[str]:
    """Return the command that ``word`` may be a slip for, if there is one."""
    difflib = import_module("difflib")  # 1 ms of 50, for errors only
    near: list[str] = difflib.get_close_matches(word, commands, n=1)
    return near


def unknown_word_message(word: str, commands: Iterable[str]) -> str:
    """Return a message about a first word that is no command and no path, with a hint."""
    near = near_commands(word, commands)
    hint = f"; did you mean {near[0]}?" if near else ""
    if " " in word:
        hint = f'; to ask a question: bot ask "{word}"'
    return f"no such command, file or folder: {word}{hint}"
