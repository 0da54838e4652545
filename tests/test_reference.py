"""The reference of the API, and the logger."""

import logging
import os
import re
import subprocess
import sys
from html import unescape
from pathlib import Path

import pytest

import bot

PROGRAM = Path(__file__).parent / "programs" / "write_reference.py"
OTHERS = {
    "bot/index/okapi.html": "PostingsRanking.get_top_n",
    "bot/retrieval/coroutines.html": "Coroutines.aask",
    "bot/retrieval/library_snapshot.html": "LibrarySnapshot.add",
}


@pytest.mark.slow
def test_reference_has_every_public_name(tmp_path: Path) -> None:
    """With its methods and examples; no name is missed, and nothing is warned of."""
    pytest.importorskip("pdoc", reason="pdoc is in the extra docs")
    done = subprocess.run(
        [sys.executable, PROGRAM, tmp_path], capture_output=True, text=True, check=True
    )
    page = (tmp_path / "bot.html").read_text(encoding="utf-8")
    text = unescape(re.sub(r"<[^>]*>", "", page))

    assert done.stderr == ""
    missing = [name for name in bot.__all__ if f'id="{name}"' not in page]
    assert missing == []
    assert all(f'id="Retriever.{name}"' in page for name in ("ask", "search", "from_records"))
    assert 'retriever.ask("Who designed the bridge?").answers[0].text' in text
    for other, name in OTHERS.items():
        assert f'id="{name}"' in (tmp_path / other).read_text(encoding="utf-8")


SLOW_LOGGING = """\
import gate

gate.entered.set()
gate.opened.wait()
getLogger = gate.Logger
"""
GATE = """\
from threading import Event

entered, opened = Event(), Event()

class Logger:
    def __init__(self, name):
        self.info = print
"""
LOG_MEANWHILE = """\
import sys
from threading import Thread
import gate
from bot.storage.log import log

sys.setswitchinterval(60)  # a thread goes on until it waits
Thread(target=__import__, args=["logging"]).start()
gate.entered.wait()
Thread(target=gate.opened.set).start()
log("It rained.")
"""


def test_logger_waits_for_another_thread_that_imports_logging(tmp_path: Path) -> None:
    """The module is listed as soon as its import begins, when it has no names yet."""
    (tmp_path / "logging.py").write_text(SLOW_LOGGING)
    (tmp_path / "gate.py").write_text(GATE)
    path = os.pathsep.join([str(tmp_path), str(Path(bot.__file__).parents[1])])

    done = subprocess.run(
        [sys.executable, "-c", LOG_MEANWHILE],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True, text=True,
    )  # fmt: skip

    assert (done.stdout, done.stderr) == ("It rained.\n", "")


def test_logger_is_silent_unless_a_program_listens(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """It tells of libraries that were opened, at level INFO."""
    (tmp_path / "rain.txt").write_text("It rained.", encoding="utf-8")
    code = f"import logging, bot; bot.Retriever.from_path({str(tmp_path)!r}, cache=None)"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    with caplog.at_level(logging.INFO, "bot"):
        bot.Retriever.from_path(tmp_path, cache=None)

    assert (done.stdout, done.stderr) == ("", "")
    assert caplog.messages == [
        f"opened {tmp_path}: 1 articles, of which 1 are new and 0 changed; 0 removed"
    ]
