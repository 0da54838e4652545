"""The one background job: imports, reads the articles and builds the session."""

from collections.abc import Callable
from concurrent.futures import Future
from importlib import import_module
from threading import Thread
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.repl.interpreter import Interpreter

# Retrieval and storage with their libraries take a tenth of a second to import.
INTERPRETER = "bot.repl.interpreter"


class BackgroundLoader:
    """A daemon thread that makes an interpreter and loads it while the prompt takes keys.

    ``make`` gets the class ``Interpreter``. ``finish`` is called in the thread at its end, with
    the error if there was one.
    """

    def __init__(
        self,
        make: "Callable[[type[Interpreter]], Interpreter]",
        finish: Callable[[BaseException | None], object],
    ) -> None:
        self._make, self._finish = make, finish
        self._interpreter: Future[Interpreter] = Future()
        self._thread = Thread(target=self._run, daemon=True)
        self._is_started = False

    def start(self) -> None:
        """Start the thread, once; only the main thread may call it."""
        if not self._is_started:
            self._is_started = True
            self._thread.start()

    def interpreter(self) -> "Interpreter":
        """Return the interpreter, whose articles may still be unread; wait for the imports."""
        self.start()
        return self._interpreter.result()

    def peek(self) -> "Interpreter | None":
        """Return the interpreter, or None while it is being imported."""
        is_made = self._interpreter.done() and not self._interpreter.exception()
        return self._interpreter.result() if is_made else None

    def cancel(self) -> None:
        """End the job early."""
        if interpreter := self.peek():
            interpreter.cancel()

    def _run(self) -> None:
        fault = None
        try:
            interpreter = self._make(import_module(INTERPRETER).Interpreter)
            self._interpreter.set_result(interpreter)
            interpreter.load()
        except BaseException as error:  # it is raised again wherever its result is used
            fault = error
            if not self._interpreter.done():
                self._interpreter.set_exception(error)
        self._finish(fault)
