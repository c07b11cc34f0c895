"""Cleans and measures text that a person or a file supplied, and tells an instant; imported by every layer."""

from __future__ import annotations

import re
import unicodedata
from contextlib import suppress
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

NAME_LIMIT = 200
"""Characters a single-line field (a name, a title, an action) may have."""
NOTE_LIMIT = 20_000
"""Characters a multi-line field (a note, a piece of evidence, a reason) may have."""

# C0 without tab and newline, DEL, C1, bidi marks, embeddings, overrides and isolates, lone surrogates, line and
# paragraph separators, non-characters, the interlinear controls, and format characters that nobody sees: the tags (which
# can hide a whole text), soft hyphens, zero-width spaces and the like. None of them is text, and each of them has moved a
# cursor, reversed a line, hidden a sentence or written a clipboard somewhere. The joiners of emoji and scripts stay.
FORBIDDEN = (
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f"
    "\ufeff\ufff0-\ufffb\ufffe\uffff\ud800-\udfff\U0001d173-\U0001d17a\U000e0000-\U000e007f]"
)
"""A pattern for each character that is no text."""
# A whole escape sequence goes, not just its first byte: what is left of one would be noise in a name.
_ESCAPES = (
    "(?:\x1b\\[|\x9b)[0-?]*[ -/]*[@-~]"
    "|(?:\x1b[\\]PX^_]|[\x90\x98\x9d\x9e\x9f])[^\x07\x1b\x9c]*(?:\x07|\x1b\\\\|\x9c)?"
    "|\x1b[ -/]*[0-~]"
)


def clean(value: str, *, multiline: bool = False) -> str:
    """Return `value` in NFC without controls, escape sequences, bidi and invisible format characters and lone surrogates.

    A single-line text has its newlines and tabs turned into spaces and its ends stripped; a multi-line text keeps
    newlines and tabs and loses trailing white space. Cleaning twice is the same as cleaning once. Length is not
    touched: see `too_long`.
    """
    if value.isascii() and value.isprintable():
        return value.strip() if not multiline else value.rstrip()
    value = value.replace("\r\n", "\n").replace("\r", "\n")
    if "\x1b" in value or not value.isprintable():
        # Compiled when it is first needed: most texts have nothing of the kind, and a start must not wait for it.
        value = re.sub(FORBIDDEN, "", re.sub(_ESCAPES, "", value))
    value = unicodedata.normalize("NFC", value)
    if multiline:
        return value.rstrip()
    return value.replace("\n", " ").replace("\t", " ").strip()


def local_time(moment: datetime) -> str:
    """Tell an instant to the minute with its day, in the time zone of the person who reads."""
    with suppress(OverflowError):  # the first and the last day that there is are told as they stand
        moment = moment.astimezone()
    return f"{moment:%Y-%m-%d %H:%M}"


def fold(text: str) -> str:
    """Return `text` so that full width, case and spacing no longer tell texts apart."""
    return " ".join(unicodedata.normalize("NFKC", clean(text)).casefold().split())


def too_long(value: str, *, multiline: bool = False) -> bool:
    """Say whether a cleaned text is longer than its kind of field may be."""
    return len(value) > (NOTE_LIMIT if multiline else NAME_LIMIT)


def cell_width(value: str) -> int:
    """Return how many terminal cells a cleaned single-line text takes."""
    return len(value) if value.isascii() else _wide_width(value)


@lru_cache(8192)
def _wide_width(value: str) -> int:
    return sum(map(_char_width, value))


def truncate(value: str, cells: int) -> str:
    """Shorten a cleaned single-line text to at most `cells` cells, ending in `..` where something was cut.

    The usual ellipsis has an ambiguous East-Asian width and would push the columns after it out of line.
    """
    if cells <= 0:
        return ""
    if cell_width(value) <= cells:
        return value
    mark = ".." if cells > 3 else ""
    used = 0
    kept: list[str] = []
    for char in value:
        width = _char_width(char)
        if used + width > cells - len(mark):
            break
        kept.append(char)
        used += width
    return "".join(kept) + mark


def pad(value: str, cells: int) -> str:
    """Shorten or fill a cleaned single-line text to exactly `cells` cells."""
    short = truncate(value, cells)
    return short + " " * max(0, cells - cell_width(short))


@lru_cache(8192)
def _char_width(char: str) -> int:
    if "\x20" <= char < "\x7f":
        return 1
    if unicodedata.combining(char) or unicodedata.category(char) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(char) in {"W", "F"} else 1


# A line never begins with one of these: they hang on to what they close.
_CLOSING = frozenset("，。、；：？！）】》」』”’…,.;:?!)]}%")
_OPENING = frozenset("（【《「『“‘([{")


def wrap(value: str, cells: int) -> list[str]:
    """Break a cleaned text into lines of at most `cells` cells, at spaces and between wide characters.

    Newlines break a line; a line never starts with closing punctuation as long as there is room to hang it; a word
    longer than a line is cut. At least one line comes back.
    """
    lines: list[str] = []
    for paragraph in value.expandtabs(4).split("\n"):
        lines.extend(_wrap_paragraph(paragraph, max(2, cells)))
    return lines


def _wrap_paragraph(paragraph: str, cells: int) -> list[str]:
    if cell_width(paragraph) <= cells:
        return [paragraph]
    lines: list[str] = []
    line, used = "", 0
    for piece in _pieces(paragraph):
        width = cell_width(piece)
        if used + width <= cells or (piece.isspace() and not line):
            line, used = line + piece, used + width
            continue
        if line:
            lines.append(line.rstrip())
        line, used = ("", 0) if piece.isspace() else (piece, width)
        while used > cells:
            head = _head(line, cells)
            lines.append(head)
            line = line[len(head) :]
            used = cell_width(line)
    lines.append(line.rstrip())
    return lines


def _pieces(paragraph: str) -> list[str]:
    """Split into what may not be broken: words, runs of spaces, wide characters with their punctuation."""
    pieces: list[str] = []
    for char in paragraph:
        last = pieces[-1] if pieces else ""
        if not last:
            pieces.append(char)
        elif char in _CLOSING or last[-1] in _OPENING or _char_width(char) == 0:
            pieces[-1] += char
        elif char == " ":
            if last.isspace():
                pieces[-1] += char
            else:
                pieces.append(char)
        elif char.isalpha() and last[-1] == "/" and last[-2:-1].isalpha():
            pieces.append(char)  # between two words; numbers such as 5/24 stay together
        elif _char_width(char) == 1 and not last.isspace() and _char_width(last[-1]) == 1:
            pieces[-1] += char
        else:
            pieces.append(char)
    return pieces


def _head(value: str, cells: int) -> str:
    used = 0
    for index, char in enumerate(value):
        used += _char_width(char)
        if used > cells:
            return value[: max(1, index)]
    return value
