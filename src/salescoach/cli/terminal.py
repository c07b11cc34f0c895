"""Asks the terminal what it can do; every answer may be missing, and nothing waits longer than a moment."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping

AMBIGUOUS = "·"
"""A character that some terminals draw one cell wide and others two."""
_POSITION = re.compile(rb"\x1b\[(\d+);(\d+)R")
_PATIENCE = 0.5
"""Seconds to wait for the terminal's answer."""


def is_terminal() -> bool:
    """Say whether a person's terminal is on both ends."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def colors(environ: Mapping[str, str]) -> str:
    """Return how many colours the environment promises: `none`, `16`, `256` or `true`."""
    term = environ.get("TERM", "")
    if environ.get("NO_COLOR") or term in {"", "dumb"}:
        return "none"
    if environ.get("COLORTERM", "").lower() in {"truecolor", "24bit"} or term.endswith("-direct"):
        return "true"
    return "256" if "256" in term else "16"


def writes_chinese(encoding: str | None) -> bool:
    """Say whether text in this encoding can hold Chinese and the frame characters."""
    try:
        "商机│·…".encode(encoding or "ascii")
    except (LookupError, UnicodeEncodeError):
        return False
    return True


def width_of(text: str) -> int | None:
    """Return how many cells the terminal draws `text` in, or None when it does not tell."""
    if sys.platform == "win32" or not is_terminal():
        return None
    import termios
    import tty

    descriptor = sys.stdin.fileno()
    try:
        before = termios.tcgetattr(descriptor)
    except termios.error:
        return None
    try:
        tty.setcbreak(descriptor)
        sys.stdout.write(f"\r{text}\x1b[6n")
        sys.stdout.flush()
        return _column(descriptor)
    except (OSError, termios.error):
        return None
    finally:
        sys.stdout.write("\r\x1b[K")
        sys.stdout.flush()
        termios.tcsetattr(descriptor, termios.TCSANOW, before)


def _column(descriptor: int) -> int | None:
    """Read the answer to a cursor-position query and return how far right the cursor is, from zero."""
    from select import select
    from time import monotonic

    answer, until = b"", monotonic() + _PATIENCE
    while (left := until - monotonic()) > 0:
        if not select([descriptor], [], [], left)[0]:
            return None
        answer += os.read(descriptor, 32)
        if found := _POSITION.search(answer):
            return int(found[2]) - 1
    return None
