"""Takes apart what a terminal sends: text for the key parser, and pastes, which never act as keys.

A terminal puts `ESC[200~` before a paste and `ESC[201~` behind it. Pasted text may itself hold escape sequences, even
the end marker: what arrives in one go is pasted up to its last end marker, not its first.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from typing import Literal

from salescoach.text import clean

START, END = b"\x1b[200~", b"\x1b[201~"
SETTLE = 0.01
"""Seconds of quiet after an end marker: what a terminal has in hand arrives faster."""
SETTLE_LIMIT = 0.1
"""Seconds after an end marker when it counts even though keys keep coming."""
CUT_OFF = 1.0
"""Seconds of quiet inside a paste after which its end is no longer waited for."""
CUT_CHARACTER = 0.5
"""Seconds of quiet after which the rest of a character is no longer waited for."""
PASTE_LIMIT = 4_000_000
"""Bytes that a paste may have; a field holds far less."""
_KEY = 8
"""Bytes that a single key may send, as most."""
_REPORT = re.compile(rb"\x1b[\]PX^_][^\x07\x1b]{0,4000}(?:\x07|\x1b\\)")
"""A terminal's answer to a question about its colours and the like, which no key sends."""
_LOST = "\ufffd"


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of the input: text for the key parser, or a whole paste, already cleaned."""

    kind: Literal["keys", "paste"]
    text: str
    fresh: bool = False
    """The parser holds the beginning of this paste's start marker and has to forget it."""


class TerminalInput:
    """The input so far. `lost` says whether bytes that are no UTF-8 were left out since it was last set to False."""

    def __init__(self) -> None:
        self.lost = False
        self._decoder = codecs.getincrementaldecoder("utf-8")("salescoach-keys")
        self._tail = b""
        self._body: bytearray | None = None
        self._since = 0.0
        self._ended_at: float | None = None
        self._cut_off = False

    def feed(self, data: bytes, now: float) -> list[Piece]:
        """Take bytes that arrived at `now` (in seconds of any clock) and return the pieces that are complete."""
        self._since = now
        if self._body is None:
            return self._typed(data)
        if self._cut_off and len(data) <= _KEY and (data[:1] == b"\x1b" or _characters(data) == 1):
            # After a long silence a single key is a key: the paste's end is not going to come.
            rest = self._finish(len(self._body))
            return [*rest, *self._typed(data)]
        self._cut_off = False
        last = len(self._body) - len(END)
        if last >= PASTE_LIMIT:
            # Too much for any field: only the end matters, whose marker may have begun.
            data = bytes(self._body[last:]) + data
            at = data.find(END)
            data = data[at:] if at >= 0 else data[-2 * len(END) :]
            self._body, last = self._body[:PASTE_LIMIT], PASTE_LIMIT
        self._body += data
        if self._ended_at is None and self._body.find(END, max(0, last)) >= 0:
            self._ended_at = now
        return []

    def wait(self, now: float) -> float | None:
        """Return the seconds until `pause` has something to do if nothing else arrives; None for never."""
        until = None
        if self._ended_at is not None:
            until = min(self._since + SETTLE, self._ended_at + SETTLE_LIMIT)
        elif self._body is not None and not self._cut_off:
            until = self._since + CUT_OFF
        elif self._body is None and self._decoder.getstate()[0]:
            until = self._since + CUT_CHARACTER
        return None if until is None else max(0.0, until - now)

    def pause(self, now: float) -> list[Piece]:
        """Return the pieces that are complete now that nothing has arrived until `now`."""
        if self.wait(now) != 0:
            return []
        if self._body is None:
            return self._decoded(b"", final=True)
        if self._ended_at is not None:
            return self._finish(self._body.rfind(END))
        self._cut_off = True
        kept = _open_marker(self._body, END)
        body, self._body = bytes(self._body[:kept]), self._body[kept:]
        return self._pasted(body)

    def _finish(self, end: int) -> list[Piece]:
        body, self._body = bytes(self._body or b""), None
        self._ended_at, self._cut_off = None, False
        return [*self._pasted(body[:end]), *self._typed(body[end + len(END) :])]

    def _pasted(self, body: bytes) -> list[Piece]:
        text = body.replace(START, b"").replace(END, b"").decode("utf-8", "replace")
        self.lost = self.lost or _LOST in text
        text = clean(text.replace(_LOST, ""), multiline=True)
        return [Piece("paste", text)] if text else []

    def _typed(self, data: bytes) -> list[Piece]:
        """Decode up to the start of a paste, whose marker may have begun in the bytes before."""
        if not data:
            return []
        joined = self._tail + data
        at = joined.find(START)
        if at < 0:
            self._tail = joined[_open_marker(joined, START) :]
            return self._decoded(_REPORT.sub(b"", data))
        before, begun = joined[len(self._tail) : at], at < len(self._tail)
        self._tail, self._body = b"", bytearray()
        pieces = self._decoded(_REPORT.sub(b"", before), final=True)
        if begun:
            pieces.append(Piece("keys", "", fresh=True))
        self.feed(joined[at + len(START) :], self._since)
        return pieces

    def _decoded(self, data: bytes, *, final: bool = False) -> list[Piece]:
        text = self._decoder.decode(data, final)
        if final:
            self._decoder.reset()
        if _LOST in text:
            self.lost = True
            text = text.replace(_LOST, "")
        return [Piece("keys", text)] if text else []


def _open_marker(data: bytes | bytearray, marker: bytes) -> int:
    """Return where `marker` may have begun at the end of `data`; the length of `data` where it has not."""
    for size in range(min(len(marker) - 1, len(data)), 0, -1):
        if data.endswith(marker[:size]):
            return len(data) - size
    return len(data)


def _characters(data: bytes) -> int:
    return len(data.decode("utf-8", "replace"))


def _pass_over(error: UnicodeError) -> tuple[str, int]:
    """Replace what is no UTF-8; the second byte of a Chinese character in another encoding may look like a letter."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    end = error.end
    if error.object[error.start] > 0x80 and error.object[end : end + 1].isalpha():
        end += 1
    return _LOST, end


codecs.register_error("salescoach-keys", _pass_over)
