"""Phone numbers and e-mail addresses as they are compared, however they were typed."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_LEAST_DIGITS: Final = 6
"""Digits of a number that tells people apart; fewer are an extension."""
_SEVERAL = re.compile(r"[,，;；、/|\n]|\bor\b|或")
_EXTENSION = re.compile(r"(?:转|分机|ext\.?|x)\s*(\d+)\s*$", re.IGNORECASE)
_CHINA = re.compile(r"^(?:00)?86(?:(1[3-9]\d{9})|0?([1-9]\d{8,10}))$")
"""A number of China as it is dialled from abroad: a mobile one, or a landline without its nought."""
_ADDRESS = re.compile(r"[^\s<>()\[\],;:，；：、/|]+@[^\s<>()\[\],;:，；：、/|]+")
_SWITCHBOARD = re.compile(r"^(?:0[1-9]\d{9,}|0[1-9]\d{8}|[48]00\d{7})$")
_OFFICES: Final = frozenset(
    ("admin", "contact", "hello", "hr", "info", "mail", "office", "sales", "service", "support")
)


def phones(text: str) -> frozenset[str]:
    """Return the numbers of a line as digits: without separators and China's prefix, with an extension behind `x`."""
    plain = unicodedata.normalize("NFKC", text)
    found = set()
    for part in _SEVERAL.split(plain):
        extension = _EXTENSION.search(part)
        number = part[: extension.start()] if extension else part
        digits = _CHINA.sub(_at_home, re.sub(r"\D", "", number))
        if len(digits) >= _LEAST_DIGITS:
            found.add(f"{digits}x{extension[1]}" if extension else digits)
    return frozenset(found)


def _at_home(number: re.Match[str]) -> str:
    return number[1] or f"0{number[2]}"


def emails(text: str) -> frozenset[str]:
    """Return the addresses of a line, folded."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return frozenset(found.strip(".") for found in _ADDRESS.findall(plain))


def is_shared(way: str) -> bool:
    """Say whether a number or address is one that several people answer: a landline, a number 400, an office's mailbox.

    A landline with an extension is one person's.
    """
    if "@" in way:
        return way.partition("@")[0] in _OFFICES
    return _SWITCHBOARD.match(way) is not None
