"""Makes a process whose standard streams are closed or broken end with a sentence and a true exit code."""

from __future__ import annotations

import errno
import io
import os
import sys
from contextlib import suppress


class _Closed(io.TextIOBase):
    """A stream that was closed before the program began: it is told when somebody writes, and reads nothing."""

    encoding = "utf-8"

    def __init__(self, *, deaf: bool) -> None:
        self._deaf = deaf

    def write(self, text: str) -> int:
        """Refuse, as the system would, or let the text vanish where there is nobody to tell."""
        if self._deaf:
            return len(text)
        raise OSError(errno.EBADF, os.strerror(errno.EBADF))

    def read(self, *_: object) -> str:
        """Return nothing."""
        return ""

    def readline(self, *_: object) -> str:  # type: ignore[override]  # the base class speaks of bytes
        """Return nothing."""
        return ""

    def silence(self) -> None:
        """Let everything vanish from now on."""
        self._deaf = True


def fill() -> None:
    """Put something in the place of standard streams that are closed; call it before any file is opened.

    The first file opened would become the standard output otherwise, and a message would be written into a deal.
    """
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest number that is free
    sys.stdin = sys.stdin or _Closed(deaf=True)
    sys.stdout = sys.stdout or _Closed(deaf=False)
    sys.stderr = sys.stderr or _Closed(deaf=True)


def output_failed(error: OSError) -> bool:
    """Say whether it was the standard output that failed with `error`, and point it at nothing if so.

    The interpreter's last flush would fail again otherwise, with a traceback and an exit code of its own.
    """
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    # A failing write names no file. Flushing again says nothing, since the first failure emptied the buffer; but only
    # commands, and the parser with its help, write to a stream themselves.
    module = trace.tb_frame.f_globals.get("__name__", "") if trace is not None else ""
    failed = error.filename is None and module.startswith(("salescoach.cli", "argparse"))
    if failed:
        silence(1, sys.stdout)
    return failed


def silence(number: int, stream: object) -> None:
    """Point a standard stream at nothing."""
    with suppress(OSError, ValueError, AttributeError):
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, number)
        os.close(nothing)
    if isinstance(stream, _Closed):
        stream.silence()
