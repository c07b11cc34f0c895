"""What may well be meant as it stands but is asked about once: a field, the question's name and what it needs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

_PHONE = re.compile(r"[+(]?\d[\d\s()./+-]{4,}(?:(?:x|ext\.?|转)\s*\d+)?", re.IGNORECASE)
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


class Doubt(NamedTuple):
    """Something to ask about: `code` is a word of the area `doubts`, `params` fill its sentence."""

    field: str
    code: str
    params: dict[str, str]


def contact_doubts(phone: str, email: str) -> Iterator[Doubt]:
    """Yield what looks misplaced in the ways to reach somebody."""
    if email and not _EMAIL.fullmatch(email):
        code = "email-is-phone" if _PHONE.fullmatch(email) else "email-odd"
        yield Doubt("email", code, {"value": email})
    if phone and not any(char.isdigit() for char in phone):
        yield Doubt("phone", "phone-is-email" if "@" in phone else "phone-odd", {"value": phone})
    elif "@" in phone:
        yield Doubt("phone", "phone-is-email", {"value": phone})


def close_doubts(close_on: date | None, today: date) -> Iterator[Doubt]:
    """Yield a day of signing that has passed already."""
    if close_on is not None and close_on < today:
        yield Doubt("close_on", "close-past", {"day": close_on.isoformat()})
