"""The help of commands: options and commands in groups, examples, exit codes, at any width."""

import shutil
from collections.abc import Callable, Iterable, Sequence

import click

# Columns of a narrow window still leave room for an option's name; more than a hundred are hard
# to read, and some are left free at the edge.
MIN_WIDTH, MAX_WIDTH, EDGE = 18, 100, 2
# In fewer columns, click splits the words of the usage.
LEAST_USAGE_WIDTH = 30
# Heading → names of the parameters below it, or of the commands; others come last.
OPTION_GROUPS: dict[str, tuple[str, ...]] = {
    "Answers": ("limit", "confidence", "reranker"),
    "Cache": ("action",),
    "Output": ("form", "as_json", "misses", "color"),
}
COMMAND_GROUPS = {
    "Questions": ("chat", "ask"),
    "Articles": ("index", "info"),
    "Other programs": ("serve", "mcp"),
}
OTHER_OPTIONS, OTHER_COMMANDS = "Other options", "Other commands"


class NarrowFormatter(click.HelpFormatter):
    """Help that fits a narrow window, with arguments below the usage, meanings below long names."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """Write how a command is called."""
        if self.width >= LEAST_USAGE_WIDTH:
            super().write_usage(prog, args, prefix)
            return
        self.write(f"{prefix or 'Usage: '}{prog}\n")
        with self.indentation():
            self.write_text(args)

    def write_dl(
        self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2
    ) -> None:
        """Write a table of names and meanings."""
        super().write_dl([*rows], min(col_max, self.width // 3), col_spacing)


class HelpContext(click.Context):
    """The context of a command whose help is written by ``NarrowFormatter``."""

    formatter_class: type[click.HelpFormatter] = NarrowFormatter


class HelpfulCommand(click.Command):
    """A command whose help has its options in groups."""

    context_class: type[click.Context] = HelpContext

    def get_short_help_str(self, limit: int = MAX_WIDTH) -> str:
        """Return the first sentence of the help, whole: shells show it beside the name."""
        return super().get_short_help_str(max(limit, MAX_WIDTH))

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write a table of the options of each group."""
        params = [param for param in self.get_params(ctx) if isinstance(param, click.Option)]
        headings = {name: head for head, names in OPTION_GROUPS.items() for name in names}
        for heading in (*OPTION_GROUPS, OTHER_OPTIONS):
            rows = [
                row
                for param in params
                if headings.get(param.name or "", OTHER_OPTIONS) == heading
                and (row := param.get_help_record(ctx))
            ]
            write_table(formatter, heading, rows)


def format_command_groups(group: click.Group, formatter: click.HelpFormatter) -> None:
    """Write a table of the commands of each group."""
    headings = {name: head for head, names in COMMAND_GROUPS.items() for name in names}
    for heading in (*COMMAND_GROUPS, OTHER_COMMANDS):
        rows = [
            (name, command.get_short_help_str())
            for name, command in group.commands.items()
            if headings.get(name, OTHER_COMMANDS) == heading
        ]
        write_table(formatter, heading, rows)


def write_table(
    formatter: click.HelpFormatter, heading: str, rows: Sequence[tuple[str, str]]
) -> None:
    """Write a heading and a table, if the table has rows."""
    if rows:
        with formatter.section(heading):
            formatter.write_dl(rows)


def help_width(terminal_size: Callable[[], tuple[int, int]] = shutil.get_terminal_size) -> int:
    """Return the columns of help in the window."""
    return max(MIN_WIDTH, min(terminal_size()[0], MAX_WIDTH) - EDGE)


def end_of_help(*examples: str, codes: str = "0 done, 2 wrong usage or nothing to read") -> str:
    r"""Return the end of a command's help: examples, each on a line of its own, and exit codes.

    >>> end_of_help("bot info").splitlines()[2:]
    ['  bot info', '', 'Exit codes: 0 done, 2 wrong usage or nothing to read, 130 interrupted.']
    """
    lines = "\n".join(f"  {example}" for example in examples)
    return f"\b\nExamples:\n{lines}\n\nExit codes: {codes}, 130 interrupted."
