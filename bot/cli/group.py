"""The command group: ``chat`` is the default command, and options may stand before a command."""

from collections.abc import Iterable
from importlib import import_module
from typing import TYPE_CHECKING

import click

from bot.cli.options import path_exists

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

# Options of the group; any other that stands without a command belongs to ``chat``.
GROUP_OPTIONS = ("-h", "--help", "--version")


class CommandGroup(click.Group):
    """A group whose default command is ``chat``.

    click-default-group differs: after an option with a value (``-k 1 ask``) it sees no command, and
    it passes a misspelt command to the default one as a path.
    """

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
        index = self._first_word(args)
        if index is None:
            group_options = [arg for arg in args if arg in GROUP_OPTIONS]
            return group_options[:1] or ["chat", *args]
        word = args[index]
        if word in self.commands:
            return [word, *args[:index], *args[index + 1 :]]
        if not path_exists(word) and not ctx.resilient_parsing:
            ctx.fail(unknown_word_message(word, self.commands))
        return ["chat", *args]

    def _first_word(self, args: list[str]) -> int | None:
        """Return the index of the first argument that is no option nor an option's value."""
        params = [param for command in self.commands.values() for param in command.params]
        with_value = {o for p in params if not getattr(p, "is_flag", True) for o in p.opts}
        index = 0
        while index < len(args) and args[index].startswith("-") and args[index] != "--":
            index += 2 if args[index] in with_value else 1
        return index if index < len(args) and args[index] != "--" else None


def unknown_word_message(word: str, commands: Iterable[str]) -> str:
    """Return a message about a first word that is no command and no path, with a hint."""
    difflib = import_module("difflib")  # 1 ms of 50, for errors only
    near = difflib.get_close_matches(word, commands, n=1)
    hint = f"; did you mean {near[0]}?" if near else ""
    if " " in word:
        hint = f'; to ask a question: bot ask "{word}"'
    return f"no such command, file or folder: {word}{hint}"
