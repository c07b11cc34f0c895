"""The screens. `run` starts the app; nothing of Textual is imported before it is called."""

from __future__ import annotations

import gc
import os
import sys
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from textual.driver import Driver

    from salescoach.workspace import Workspace


def run(*, lang: str | None = None, playbook: Path | None = None, deal: str | None = None) -> int:
    """Open the app and return its exit code once it is closed and everything is saved.

    `deal` is a deal's id to open at once. Where standard input or output is no terminal, a line on standard error says so.
    """
    # The imports make a great many objects that live as long as the program: collecting among them only costs.
    gc.disable()
    # Textual paints at most so many times a second: with its own 60 whatever follows a first paint, such as the
    # guidance beside an item, comes up to 17 ms later.
    os.environ.setdefault("TEXTUAL_FPS", "250")
    from salescoach.tui.raw import ask_for_keys
    from salescoach.workspace import open_workspace

    ask_for_keys()
    workspace = open_workspace(lang=lang, playbook=playbook)
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        sys.stderr.write(workspace.words("home.no-terminal") + "\n")
        return 1
    from salescoach.tui.app import CoachApp

    app = CoachApp(workspace, deal=deal)
    if not os.environ.get("SALESCOACH_SLOW_EXIT"):
        app.at_once = partial(_restore_and_leave, workspace)
    code = app.run() or 0
    if not app.leave_unsaved and not app.saver.drain(5):
        from salescoach.tui.keep.rescue import park_unsaved

        for sentence in park_unsaved(workspace, app.saver):
            _tell(sentence)
    if app.crashed is not None:
        from salescoach.crash import write_report

        path = write_report(app.crashed, workspace.paths.crashes)
        key = "errors.crash-unreported" if path is None else "errors.crash"
        _tell(app.words(key, kind=type(app.crashed).__name__, path=path))
    app.forget_forms()
    with suppress(Exception):  # the next start brings the index up to date
        workspace.settle()
    _leave(code if app.return_code == 0 else app.return_code or 1)
    return code


def _tell(sentence: str) -> None:
    with suppress(OSError):  # the terminal may have been closed
        sys.stderr.write(sentence + "\n")


def _restore_and_leave(workspace: Workspace, driver: Driver) -> None:
    """Give the terminal back and end the process with everything saved.

    Textual waits up to a tenth of a second for the thread that reads keys, and as long for its other parts to close.
    """
    with suppress(Exception):  # the next start brings the index up to date
        workspace.settle()
    if hasattr(driver, "_key_thread"):
        driver._key_thread = None  # noqa: SLF001
    driver.stop_application_mode()
    driver.close()
    _leave(0)


def _leave(code: int) -> None:
    """Leave at once: all is saved and the terminal is restored, so tearing the interpreter down only takes time."""
    from salescoach.tui.raw import give_back

    give_back()
    sys.stdout.flush()
    sys.stderr.flush()
    if not os.environ.get("SALESCOACH_SLOW_EXIT"):
        os._exit(code)
