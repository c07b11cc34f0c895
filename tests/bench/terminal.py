"""Runs a program in a pseudo-terminal, records what it writes with the time of each piece, and replays it afterwards.

Replaying comes after recording, so that the emulator's slowness is in no figure.
"""

from __future__ import annotations

import fcntl
import os
import re
import selectors
import signal
import struct
import termios
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pyte

COLUMNS, ROWS = 120, 36
_STRANGE = re.compile(
    rb"\x1b\[[<>=?]?[\d;]*\$[a-z]|\x1b\[[<>=][\d;]*[a-zA-Z]|\x1b\[[\d;]*t|\x1b\[[\d;:]*:[\d;:]*m"
)
"""Sequences that the emulator would print instead of obeying."""
_CUT = re.compile(rb"\x1b(?:\[[<>=?]?[\d;:]*\$?)?$")
"""A sequence whose end comes with the next piece."""


def ready_of(files: Sequence[int], seconds: float) -> list[int]:
    """Return which files can be read from, after `seconds` at most; their numbers may be of any size."""
    with selectors.DefaultSelector() as waiting:
        for file in files:
            waiting.register(file, selectors.EVENT_READ)
        return [key.fd for key, _ in waiting.select(seconds)]


@dataclass(frozen=True, slots=True)
class Press:
    """A key press: when it was sent, in seconds since the start, and the pieces `first:end` that came after it."""

    key: bytes
    sent: float
    first: int
    end: int


class Terminal:
    """A program in a terminal of its own; times are seconds since just before it was started."""

    def __init__(self, command: Sequence[str], environ: dict[str, str]) -> None:
        self.pieces: list[tuple[float, bytes]] = []
        self.presses: list[Press] = []
        self.ended = False
        self._reaped = False
        self.fd, other = os.openpty()
        fcntl.ioctl(other, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
        self.start = time.perf_counter()
        self.pid = os.fork()
        if self.pid == 0:
            try:
                os.close(self.fd)
                os.setsid()
                fcntl.ioctl(other, termios.TIOCSCTTY, 0)
                for number in range(3):
                    os.dup2(other, number)
                os.execve(command[0], list(command), environ)
            finally:
                os._exit(127)
        os.close(other)

    def read(self, *, quiet: float, limit: float) -> None:
        """Record until nothing has come for `quiet` seconds after the first piece, or for `limit` seconds in all."""
        end = time.perf_counter() + limit
        heard = bool(self.pieces)
        while not self.ended and (left := end - time.perf_counter()) > 0:
            if not ready_of([self.fd], min(quiet, left) if heard else left):
                return
            try:
                data = os.read(self.fd, 65536)
            except OSError:  # how Linux says that the program has closed its terminal
                data = b""
            if not data:
                self.ended = True
                return
            self.pieces.append((time.perf_counter() - self.start, data))
            heard = True
            if b"\x1b[?2026$p" in data:
                os.write(self.fd, b"\x1b[?2026;2$y")

    def until(self, shown: Callable[[str], bool], *, quiet: float, limit: float = 30) -> None:
        """Record until `shown` is true of the screen and nothing has come for `quiet` seconds.

        Raises AssertionError with the screen if that never was.
        """
        end = time.perf_counter() + limit
        screen, fed = Screen(), 0
        while True:
            self.read(quiet=quiet, limit=max(0.01, end - time.perf_counter()))
            while fed < len(self.pieces):
                screen.feed(self.pieces[fed][1])
                fed += 1
            if shown(screen.text()):
                return
            if self.ended or time.perf_counter() > end:
                raise AssertionError(
                    "what was waited for never came; the screen:\n" + screen.text()
                )

    def press(self, key: bytes, *, quiet: float) -> None:
        """Send a key and record the answer, until nothing has come for `quiet` seconds after it."""
        first = len(self.pieces)
        sent = time.perf_counter() - self.start
        os.write(self.fd, key)
        ready_of([self.fd], 2)
        self.read(quiet=quiet, limit=5)
        self.presses.append(Press(key, sent, first, len(self.pieces)))

    def press_until(
        self, key: bytes, event: int, happened: Callable[[], bool], limit: float
    ) -> float:
        """Send a key and return the milliseconds until `happened`, asked whenever `event` can be read from.

        What the program writes meanwhile is recorded. Raises AssertionError when it never happens within `limit`
        seconds.
        """
        sent = time.perf_counter()
        os.write(self.fd, key)
        while (left := sent + limit - time.perf_counter()) > 0:
            ready = ready_of([event] if self.ended else [event, self.fd], left)
            if event in ready and happened():
                return (time.perf_counter() - sent) * 1000
            if self.fd in ready:
                self.read(quiet=0, limit=0.001)
        raise AssertionError(f"{limit} seconds after {key!r} nothing had happened")

    def quit(self, key: bytes) -> float:
        """Send the key that ends the program and return the milliseconds until its process is gone."""
        process = os.pidfd_open(self.pid)
        try:
            took = self.press_until(key, process, lambda: True, 10)
        finally:
            os.close(process)
        _, status = os.waitpid(self.pid, 0)
        self._reaped = True
        assert os.waitstatus_to_exitcode(status) == 0
        return took

    def wait(self) -> int:
        """Wait for a program that is ending and return its exit code."""
        _, status = os.waitpid(self.pid, 0)
        self._reaped = True
        return os.waitstatus_to_exitcode(status)

    def peak(self) -> float:
        """Return the most memory that the program has held so far, in MiB."""
        told = Path(f"/proc/{self.pid}/status").read_text("ascii")
        return int(told.partition("VmHWM:")[2].split()[0]) / 1024

    def close(self) -> None:
        """End the program, whatever it is doing."""
        if not self._reaped:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        os.close(self.fd)


class Screen:
    """What the recorded pieces make of a screen, colours included."""

    def __init__(self) -> None:
        self._screen = pyte.Screen(COLUMNS, ROWS)
        self._stream = pyte.ByteStream(self._screen)
        self._rows = [self._row(number) for number in range(ROWS)]
        self._kept = b""

    def feed(self, data: bytes) -> bool:
        """Draw a piece and say whether anything on the screen is another than before."""
        data = self._kept + data
        cut = _CUT.search(data)
        self._kept = data[cut.start() :] if cut else b""
        self._screen.dirty.clear()
        self._stream.feed(_STRANGE.sub(b"", data[: cut.start()] if cut else data))
        changed = False
        for number in self._screen.dirty:
            row = self._row(number)
            if row != self._rows[number]:
                self._rows[number] = row
                changed = True
        return changed

    def _row(self, number: int) -> tuple[object, ...]:
        line = self._screen.buffer[number]
        return tuple(line[column] for column in range(COLUMNS))

    def rows(self) -> list[tuple[object, ...]]:
        """Return every cell of the screen, a tuple a row."""
        return list(self._rows)

    def text(self) -> str:
        """Return the screen's text, a line a row."""
        # Not the emulator's own display: that fails where half of a wide character was overwritten.
        buffer = self._screen.buffer
        return "\n".join(
            "".join(buffer[number][column].data for column in range(COLUMNS))
            for number in range(ROWS)
        )


def first_shown(pieces: Sequence[tuple[float, bytes]], shown: Callable[[str], bool]) -> float:
    """Return the milliseconds until `shown` was first true of the screen; the pieces must be known to fulfil it."""
    screen = Screen()
    for at, data in pieces:
        if screen.feed(data) and shown(screen.text()):
            return at * 1000
    raise AssertionError("it never came; the screen:\n" + screen.text())


def complete(pieces: Sequence[tuple[float, bytes]]) -> float:
    """Return the milliseconds until every cell first stood as it stands in the end."""
    screen = Screen()
    states = [(at, screen.rows()) for at, data in pieces if screen.feed(data)]
    return next(at for at, rows in states if rows == states[-1][1]) * 1000


def text_complete(pieces: Sequence[tuple[float, bytes]]) -> float:
    """Return the milliseconds until the text first stood as it stands in the end, whatever blinks."""
    screen = Screen()
    states = [(at, screen.text()) for at, data in pieces if screen.feed(data)]
    return next(at for at, text in states if text == states[-1][1]) * 1000


def answers(terminal: Terminal, *, last: bool = False) -> list[float]:
    """Return for each press the milliseconds until the first change of the screen, or with `last` the last one.

    Raises AssertionError for a press that changed nothing: it would make the figure too good.
    """
    screen, fed, found = Screen(), 0, []
    for press in terminal.presses:
        for _, data in terminal.pieces[fed : press.first]:
            screen.feed(data)
        changes = [at for at, data in terminal.pieces[press.first : press.end] if screen.feed(data)]
        fed = press.end
        if not changes:
            raise AssertionError("a key changed nothing; the screen:\n" + screen.text())
        found.append((changes[-1 if last else 0] - press.sent) * 1000)
    return found


def typing(terminal: Terminal) -> tuple[list[float], list[float]]:
    """Return for each press in a search field the milliseconds until the field and until the last row below changed.

    The field is the row that shows the first key alone. Only text counts, since the cursor blinks. Raises
    AssertionError for a press that changed nothing in one of the two.
    """
    screen, fed, echoes, results = Screen(), 0, [], []
    field = -1
    for press in terminal.presses:
        for _, data in terminal.pieces[fed : press.first]:
            screen.feed(data)
        shown = [(0.0, screen.text().splitlines())]
        for at, data in terminal.pieces[press.first : press.end]:
            screen.feed(data)
            shown.append(((at - press.sent) * 1000, screen.text().splitlines()))
        fed = press.end
        end = shown[-1][1]
        if field < 0:
            field = next(row for row, text in enumerate(end) if text.strip() == press.key.decode())
        before = shown[0][1]
        echo = [at for at, rows in shown if rows[field] != before[field]]
        results_shown = [
            at
            for (_, old), (at, new) in pairwise(shown)
            if [*old[:field], *old[field + 1 :]] != [*new[:field], *new[field + 1 :]]
        ]
        if not echo or not results_shown:
            raise AssertionError("a letter changed nothing; the screen:\n" + "\n".join(end))
        echoes.append(echo[0])
        results.append(results_shown[-1])
    return echoes, results
