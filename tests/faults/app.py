"""The running app in a terminal of its own, driven by keys."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.bench.home import APP, PYTHON, environ
from tests.bench.keys import DOWN, ENTER
from tests.bench.terminal import Screen, Terminal

RETRY = b"\x1b[15~"
TICKED = "[x ]"
_UNSAVED = re.compile(r"Not on the disk yet")


class RunningApp(AbstractContextManager["RunningApp"]):
    """The app over a home; it is killed at the end of the block."""

    def __init__(self, place: Path, *, setup: str = "") -> None:
        """Start it; `setup` is Python code that is run in its process before."""
        start = f"{setup}\nimport sys\nfrom salescoach.cli import main\nsys.exit(main([]))"
        command = [PYTHON, "-c", start] if setup else APP
        self.terminal = Terminal(command, environ(place))

    def __enter__(self) -> Self:
        self.shows("? help")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.terminal.close()

    def press(self, *keys: bytes) -> None:
        """Press keys, each after the answer to the one before."""
        for key in keys:
            self.terminal.press(key, quiet=0.1)

    def ask_again(self) -> None:
        """Press the key that tries a refused save again; nothing on the screen needs to answer."""
        os.write(self.terminal.fd, RETRY)

    def shows(self, wanted: str | Callable[[str], bool], limit: float = 20) -> None:
        """Wait until the screen shows a text. Raises AssertionError with the screen if it never does."""

        def shown(text: str) -> bool:
            return wanted in text if isinstance(wanted, str) else wanted(text)

        self.terminal.until(shown, quiet=0.1, limit=limit)

    def text(self) -> str:
        """Return what the screen shows now."""
        screen = Screen()
        for _, data in self.terminal.pieces:
            screen.feed(data)
        return screen.text()

    def open_the_deal(self) -> None:
        """Go to the only deal there is, the cursor on its first item."""
        self.press(b"2", ENTER)
        self.shows(lambda text: "space" in text.casefold())
        self.press(DOWN)

    def tells_unsaved(self) -> None:
        """Wait until it says that an edit is not on the disk."""
        self.shows(lambda text: _UNSAVED.search(text) is not None and TICKED in text)


def comes_true(wanted: Callable[[], bool], limit: float = 10) -> bool:
    """Wait until something outside the app is so; say whether it came to be."""
    end = time.monotonic() + limit
    while not wanted():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True
