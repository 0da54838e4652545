"""The prompt's output to terminals that count the columns of a text in another way."""

import sys

from prompt_toolkit.output import ColorDepth, Output, create_output
from prompt_toolkit.output.vt100 import Vt100_Output
from prompt_toolkit.utils import get_bell_environment_variable, get_term_environment_variable


class TerminalOutput(Vt100_Output):
    """Begins at the start of a line, whatever stands in it, when it erases from there.

    prompt-toolkit goes back by the columns that wcwidth counts. In xterm, VTE and tmux the vowel
    signs of Hindi take a column each, so that a part of a typed line was left, and stood twice.
    """

    def erase_down(self) -> None:
        """Erase from the start of the line on: prompt-toolkit does so from nowhere else."""
        self.write_raw("\r")
        super().erase_down()


def create_terminal_output() -> Output:
    """Return the output to the terminal; consoles of Windows have outputs of their own."""
    output = create_output()
    if type(output) is not Vt100_Output:
        return output
    return TerminalOutput.from_pty(
        sys.stdout,
        term=get_term_environment_variable(),
        default_color_depth=ColorDepth.from_env(),
        enable_bell=get_bell_environment_variable(),
    )
