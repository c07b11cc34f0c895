"""Runs a program in a pseudo-terminal, records what it writes with the time of each piece, and replays it afterwards.

Replaying comes after recording, so that the emulator's slowness is in no figure.
"""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time
from collections.abc import Sequence

import pyte

COLUMNS, ROWS = 120, 36
_QUIET = 0.25
_STRANGE = re.compile(
    rb"\x1b\[[<>=?]?[\d;]*\$[a-z]|\x1b\[[<>=][\d;]*[a-zA-Z]|\x1b\[[\d;]*t|\x1b\[[\d;:]*:[\d;:]*m"
)


class Terminal:
    """A program in a terminal of its own; times are seconds since just before it was started."""

    def __init__(self, command: Sequence[str], environ: dict[str, str]) -> None:
        self.pieces: list[tuple[float, bytes]] = []
        self.start = time.perf_counter()
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.execvpe(command[0], list(command), environ)
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))

    def read(self, *, quiet: float = _QUIET, limit: float = 20) -> None:
        """Record until nothing has come for `quiet` seconds, or the program ends."""
        end = time.perf_counter() + limit
        while (now := time.perf_counter()) < end:
            wait = quiet if self.pieces else end - now
            ready, _, _ = select.select([self.fd], [], [], wait)
            if not ready:
                return
            try:
                data = os.read(self.fd, 65536)
            except OSError:
                return
            if not data:
                return
            self.pieces.append((time.perf_counter() - self.start, data))
            if b"\x1b[?2026$p" in data:
                os.write(self.fd, b"\x1b[?2026;2$y")

    def press(self, keys: bytes, *, quiet: float = 0.06) -> float:
        """Send keys, record the answer, and return the milliseconds until its first piece (0 without an answer)."""
        before = len(self.pieces)
        sent = time.perf_counter() - self.start
        os.write(self.fd, keys)
        self._first_answer(before)
        self.read(quiet=quiet, limit=5)
        return (self.pieces[before][0] - sent) * 1000 if len(self.pieces) > before else 0.0

    def _first_answer(self, before: int) -> None:
        end = time.perf_counter() + 2
        while len(self.pieces) == before and time.perf_counter() < end:
            self.read(quiet=0.02, limit=0.05)

    def close(self) -> None:
        """End the program, whatever it is doing."""
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self.fd)


def first_shown(pieces: Sequence[tuple[float, bytes]], wanted: str) -> float:
    """Return the milliseconds until a text stood on the screen. Raises AssertionError with the screen if it never did."""
    screen = pyte.Screen(COLUMNS, ROWS)
    stream = pyte.ByteStream(screen)
    for at, data in pieces:
        stream.feed(_STRANGE.sub(b"", data))
        if wanted in "\n".join(screen.display):
            return at * 1000
    raise AssertionError(f"{wanted!r} never came; the screen was:\n" + "\n".join(screen.display))
