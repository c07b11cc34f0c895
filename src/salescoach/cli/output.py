"""Writes data to stdout and messages to stderr: cleaned, coloured only on a terminal, never failing on an encoding."""

from __future__ import annotations

import sys
from contextlib import suppress
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, TextIO

from salescoach.text import FORBIDDEN, cell_width, clean, wrap

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from salescoach.cli.table import Column

JSON_VERSION = 1
"""The shape of everything that `--json` writes; a change that breaks a reader raises it."""

_AT_ONCE = 100
_LEAST = 30
"""Cells below which a terminal is too narrow to break lines for."""

Part = str | tuple[str, str]
"""A piece of a line: plain text, or text and the name of a style."""

_STYLES = {"bold": "1", "dim": "2", "good": "32", "warning": "33", "bad": "31", "accent": "36"}


def wants_color(stream: TextIO, environ: Mapping[str, str], *, allowed: bool = True) -> bool:
    """Say whether `stream` is a terminal that takes colour and nobody asked for none."""
    return (
        allowed
        and stream.isatty()
        and not environ.get("NO_COLOR")
        and environ.get("TERM", "") not in {"", "dumb"}
    )


class Output:
    """Where a command writes."""

    def __init__(self, environ: Mapping[str, str], *, color: bool = True) -> None:
        self.stdout = _tolerant(sys.stdout)
        self.stderr = _tolerant(sys.stderr)
        self._out_color = wants_color(self.stdout, environ, allowed=color)
        self._err_color = wants_color(self.stderr, environ, allowed=color)

    def line(self, *parts: Part, indent: int = 0) -> None:
        """Write one line of data; what its texts contain is cleaned, newlines become spaces.

        A terminal gets a long line in several, broken between words.
        """
        _write(self.stdout, parts, indent, color=self._out_color)

    def block(self, text: str, *, indent: int = 0) -> None:
        """Write a text that may have several lines, each one indented."""
        for line in clean(text, multiline=True).split("\n"):
            self.line(line, indent=indent)

    def raw(self, text: str) -> None:
        """Write data that is the program's own, as it is."""
        self.stdout.write(text)

    def tell(self, *parts: Part, indent: int = 0) -> None:
        """Write one line of message to stderr."""
        with suppress(OSError):  # the command's own end tells it
            self.stdout.flush()
        try:
            _write(self.stderr, parts, indent, color=self._err_color)
        except (OSError, ValueError):
            # There is nobody to tell: what was done stays done, and the exit code says so.
            from salescoach.cli.streams import silence

            silence(2, self.stderr)

    def json(self, kind: str, payload: Mapping[str, object]) -> None:
        """Write `{"version": 1, "kind": kind, ...payload}`, indented, in ASCII where stdout knows no more."""
        import json
        import re

        data = {"version": JSON_VERSION, "kind": kind, **payload}
        text = json.dumps(data, ensure_ascii=not self._unicode, indent=2, default=str)
        # What is no text does something to a terminal, or to a program that reads it as a sentence.
        self.stdout.write(re.sub(FORBIDDEN, "", text) + "\n")

    def json_lines(self, kind: str, name: str, entries: Sequence[str]) -> None:
        """Write `{"version": 1, "kind": kind, name: [...]}` from cleaned JSON objects, a line each."""
        if not self._unicode:
            import json

            entries = [json.dumps(json.loads(entry)) for entry in entries]
        write = self.stdout.write
        write(f'{{"version": {JSON_VERSION}, "kind": "{kind}", "{name}": [')
        # In pieces: one text of all of them, and its bytes, would each be memory that nobody has used before.
        for first in range(0, len(entries), _AT_ONCE):
            write(",\n" if first else "\n")
            text = ",\n".join(entries[first : first + _AT_ONCE])
            if not text.replace("\n", "").isprintable():
                import re

                # An index that an older program has made may hold what this one no longer lets in.
                text = re.sub(FORBIDDEN, "", text)
            write(text)
        write("\n]}\n" if entries else "]}\n")

    @property
    def _unicode(self) -> bool:
        return (self.stdout.encoding or "").lower().replace("-", "").startswith("utf")

    def table(self, columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> None:
        """Write rows under the columns' heads: fitted to the terminal, or whole off it."""
        from salescoach.cli.table import lay_out

        limit = None
        if self.stdout.isatty():
            from shutil import get_terminal_size

            limit = get_terminal_size().columns
        head, *lines = lay_out(columns, rows, limit)
        self.line((head, "bold"))
        for line in lines:
            self.line(line)


def _tolerant(stream: TextIO) -> TextIO:
    """Make a stream write what its encoding lacks as an escape instead of failing."""
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(errors="backslashreplace")
    return stream


def _write(stream: TextIO, parts: Sequence[Part], indent: int, *, color: bool) -> None:
    for number, line in enumerate(_fold(stream, parts, indent)):
        # What goes on stands under the text, not under the dash before it.
        inset = indent + (2 if number and str(_plain(parts[0])).startswith("- ") else 0)
        stream.write(" " * inset + _join(line, color=color).rstrip() + "\n")


def _plain(part: Part) -> str:
    return _clean_inside(part if isinstance(part, str) else part[0])


def _fold(stream: TextIO, parts: Sequence[Part], indent: int) -> list[Sequence[Part]]:
    """Break a line that is wider than the terminal between its words; each piece keeps its style."""
    text = "".join(map(_plain, parts))
    if not stream.isatty() or indent + cell_width(text) < _LEAST:
        return [parts]
    from shutil import get_terminal_size

    room = get_terminal_size().columns - indent
    if cell_width(text.rstrip()) <= room or room < _LEAST:
        return [parts]
    styles = [
        "" if isinstance(part, str) else part[1] for part in parts for _ in range(len(_plain(part)))
    ]
    lines: list[Sequence[Part]] = []
    at = 0
    for line in wrap(text, room - 2):
        at = text.index(line, at)
        lines.append(
            [
                ("".join(char for char, _ in run), style)
                for style, run in groupby(zip(line, styles[at:], strict=False), key=itemgetter(1))
            ]
        )
        at += len(line)
    return lines


def _join(parts: Sequence[Part], *, color: bool) -> str:
    text = ""
    for part in parts:
        words, style = (part, "") if isinstance(part, str) else part
        body = _clean_inside(words)
        text += f"\x1b[{_STYLES[style]}m{body}\x1b[0m" if color and style and body else body
    return text


def _clean_inside(words: str) -> str:
    """Clean a part and keep its own spaces at the ends: they separate it from its neighbours."""
    inside = words.strip(" ")
    if not inside:
        return words
    start = words.index(inside)
    return words[:start] + clean(inside) + words[start + len(inside) :]
