"""What differs by operating system in the handling of files: the flags to open them with, and patience with Windows.

The calls are looked up in `os` each time, so that faults can be injected there.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

READ = (
    os.O_RDONLY
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)  # a named pipe must not hang the reader
    | getattr(os, "O_BINARY", 0)
)
"""Opens a regular file to read it."""
CREATE = (
    os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
)
"""Makes a file that is not there yet."""
FOLDER: int | None = None
"""Opens a folder, to sync it; None where folders cannot be opened."""
if sys.platform != "win32":
    FOLDER = os.O_RDONLY | os.O_DIRECTORY
WINDOWS = sys.platform == "win32"
PATIENCE = 2.5
"""Seconds for which a name that is in use is tried again."""
_FIRST_PAUSE, _LONGEST_PAUSE = 0.01, 0.2
_IN_USE = frozenset({5, 32, 33})
"""Access denied, sharing violation, lock violation: a virus scanner, an indexer or a reader has the file open for a moment."""


def replace(source: str | Path, target: str | Path) -> None:
    """Put a file in the place of another, as `os.replace`. Raises OSError."""
    _patiently(lambda: os.replace(source, target))  # noqa: PTH105


def rename(source: str | Path, target: str | Path) -> None:
    """Give a file or folder another name, as `os.rename`. Raises OSError."""
    _patiently(lambda: os.rename(source, target))  # noqa: PTH104


def unlink(path: str | Path) -> None:
    """Remove a file, as `os.unlink`. Raises OSError."""
    _patiently(lambda: os.unlink(path))  # noqa: PTH108


def _patiently(call: Callable[[], None]) -> None:
    if not WINDOWS:
        call()
        return
    until, pause = time.monotonic() + PATIENCE, _FIRST_PAUSE
    while True:
        try:
            call()
        except OSError as error:
            left = until - time.monotonic()
            if getattr(error, "winerror", None) not in _IN_USE or left <= 0:
                raise
            time.sleep(min(pause, left))
            pause = min(2 * pause, _LONGEST_PAUSE)
        else:
            return
