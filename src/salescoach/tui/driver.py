"""The terminal's driver: Textual's own, guarded so that no byte that arrives and no failing write ends or blocks the app.

Bytes are taken apart by `terminal_input`; what is no paste goes through Textual's parser, whose mistakes over broken
sequences are passed over here and nowhere else.
"""

from __future__ import annotations

import os
import re
import selectors
import time
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, TextIO, cast

from textual import events
from textual._xterm_parser import XTermParser, _re_mouse_event, _re_terminal_mode_response
from textual.drivers.linux_driver import LinuxDriver
from textual.keys import Keys
from textual.message import Message

from salescoach.tui.escapes import ESCAPE, Escapes
from salescoach.tui.messages import TerminalGone, Unreadable
from salescoach.tui.terminal_input import Piece, TerminalInput

if TYPE_CHECKING:
    from textual.app import App

_LARGEST = 2_000
"""Columns or rows that a terminal may say it has."""
_TELL_EVERY = 10.0
"""Seconds between two sentences about input that cannot be read."""
_CONTROL = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]")
_FAILURES = 20
"""How often the reading thread starts again before it is given up."""


class GuardedParser(XTermParser):
    """Textual's parser; a sequence that is none, or whose numbers are none, is passed over."""

    def _sequence_to_key_events(self, sequence: str, alt: bool = False) -> Iterable[events.Key]:  # noqa: FBT001, FBT002 - Textual's signature
        try:
            keys = list(super()._sequence_to_key_events(sequence, alt))
        except (ValueError, OverflowError, IndexError):
            return [events.Key(Keys.Ignore, sequence)]
        if any(_is_surrogate(key.character) for key in keys):
            return [events.Key(Keys.Ignore, sequence)]
        if not keys and _CONTROL.fullmatch(sequence) and not _known_otherwise(sequence):
            # Textual would hand an unknown sequence on as the keys that it is spelt with.
            return [events.Key(Keys.Ignore, sequence)]
        return keys

    def parse_mouse_code(self, code: str) -> Message | None:
        """Return the event of a mouse report; None for one that cannot be."""
        try:
            event = super().parse_mouse_code(code)
        except (ValueError, OverflowError, ArithmeticError):
            return None
        if isinstance(event, events.MouseEvent) and max(event.x, event.y) > _LARGEST:
            return None
        return event

    def successor(self) -> GuardedParser:
        """Return a parser that has read nothing yet and knows what this one knows of the terminal."""
        new = GuardedParser()
        new.last_x, new.last_y = self.last_x, self.last_y
        new.mouse_pixels = self.mouse_pixels
        new.terminal_size, new.terminal_pixel_size = self.terminal_size, self.terminal_pixel_size
        return new


def _is_surrogate(character: str | None) -> bool:
    return character is not None and any("\ud800" <= one <= "\udfff" for one in character)


def _known_otherwise(sequence: str) -> bool:
    """Say whether the parser looks for this sequence after it has looked for keys."""
    return bool(
        _re_mouse_event.match(sequence)
        or _re_terminal_mode_response.match(sequence)
        or sequence.startswith(("\x1b[M", "\x1b[["))
    )


class GuardedDriver(LinuxDriver):
    """The driver of Linux and macOS."""

    def __init__(self, app: App[object], **options: Any) -> None:
        super().__init__(app, **options)
        self._file = cast("Any", _GuardedStream(cast("TextIO", self._file), self._gone))
        self._told = -_TELL_EVERY
        self._escapes = Escapes()

    def _gone(self) -> None:
        self.send_message(TerminalGone())

    def _run_input_thread(self) -> None:
        # Textual would end the app with a traceback here, and with it what is half typed.
        for _ in range(_FAILURES):
            try:
                self.run_input_thread()
            except Exception as error:  # noqa: BLE001 - whatever it was, the terminal goes on being read
                failure = error
            else:
                return
        self._app.call_later(self._app._handle_exception, failure)  # noqa: SLF001 - as Textual's own threads do

    def run_input_thread(self) -> None:
        """Read the terminal until the app ends, and send it what the bytes mean."""
        taken, parser = TerminalInput(), GuardedParser()
        with selectors.DefaultSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            while not self.exit_event.is_set():
                now = time.monotonic()
                waits = [taken.wait(now), self._escapes.wait(now), 0.1]
                if selector.select(min(wait for wait in waits if wait is not None)):
                    data = self._read()
                    pieces = taken.feed(data, time.monotonic())
                    if not data:
                        self.exit_event.wait(0.1)
                else:
                    pieces = taken.pause(time.monotonic())
                for piece in pieces:
                    parser = self._take(piece, parser)
                parser = self._parse(self._escapes.pause(time.monotonic()), parser)
                for event in _guarded(parser.tick()):
                    self.process_message(event)
                self._tell_lost(taken)

    def _read(self) -> bytes:
        try:
            return os.read(self.fileno, 4096)
        except OSError:  # the terminal is gone: a signal says so too
            return b""

    def _take(self, piece: Piece, parser: GuardedParser) -> GuardedParser:
        """Send what a piece means; return the parser for the next one."""
        if piece.fresh:
            self._escapes.forget()
            return parser.successor()
        if piece.kind == "paste":
            # An Escape that was pressed just before must not wait for the rest of a sequence.
            parser = self._parse(self._escapes.flush(), parser)
            self.process_message(events.Paste(piece.text))
            return parser
        return self._parse(self._escapes.feed(piece.text, time.monotonic()), parser)

    def _parse(self, parts: Iterable[str], parser: GuardedParser) -> GuardedParser:
        """Send what keys and sequences mean; return the parser for the next ones."""
        for part in parts:
            if part == ESCAPE:
                self.process_message(events.Key("escape", part))
                continue
            size, pixels = parser.terminal_size, parser.terminal_pixel_size
            try:
                # A terminal that still works on what is typed makes a line feed of Enter: see `raw`.
                for event in parser.feed(part.replace("\n", "\r")):
                    if isinstance(event, events.Resize) and not self._believes(event):
                        parser.terminal_size, parser.terminal_pixel_size = size, pixels
                        continue
                    self.process_message(event)
            except (ValueError, ArithmeticError, LookupError, RuntimeError, StopIteration):
                parser = parser.successor()
        return parser

    def _believes(self, event: events.Resize) -> bool:
        """Say whether a size that was read from the terminal can be one, from a terminal that said it tells sizes."""
        width, height = event.size
        pixels = event.pixel_size
        return (
            self._in_band_window_resize
            and 0 < width <= _LARGEST
            and 0 < height <= _LARGEST
            and (pixels is None or min(pixels) > 0)
        )

    def _tell_lost(self, taken: TerminalInput) -> None:
        if taken.lost:
            taken.lost = False
            if time.monotonic() - self._told > _TELL_EVERY:
                self._told = time.monotonic()
                self.process_message(Unreadable())


def _guarded(found: Iterable[Message]) -> Iterator[Message]:
    """Yield events until the parser fails."""
    try:
        yield from found
    except (ValueError, ArithmeticError, LookupError, RuntimeError):
        return


class _GuardedStream:
    """The terminal as a stream: what its encoding lacks is replaced, and a terminal that is gone takes everything."""

    def __init__(self, stream: TextIO, gone: Callable[[], None]) -> None:
        self._stream = stream
        self._gone = gone
        self._is_gone = False

    def write(self, text: str) -> None:
        """Write a text as far as it can be written."""
        try:
            self._stream.write(text)
        except UnicodeError:
            encoding = self._stream.encoding or "ascii"
            self.write(text.encode(encoding, "replace").decode(encoding, "replace"))
        except (OSError, ValueError):
            self._lose()

    def flush(self) -> None:
        """Hand on what was written."""
        try:
            self._stream.flush()
        except (OSError, ValueError):
            self._lose()

    def fileno(self) -> int:
        """Return the terminal's descriptor."""
        return self._stream.fileno()

    def _lose(self) -> None:
        if not self._is_gone:
            self._is_gone = True
            self._gone()
