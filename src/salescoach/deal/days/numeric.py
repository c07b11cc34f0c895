"""Days written in numbers, with or without a year."""

from __future__ import annotations

import re
from datetime import date

from salescoach.deal.days.question import Question, month

_FULL = re.compile(r"(\d{4})(?:[-/.年](\d{1,2})[-/.月](\d{1,2})[日号]?|(\d{2})(\d{2}))")
_SHORT = re.compile(r"(\d{1,2})(?:[-/.月])(\d{1,2})[日号]?")
_SLASHES = re.compile(r"(\d{1,2})/(\d{1,2})(?:/(\d{4}))?")
_DAY = re.compile(r"(\d{1,2})[日号]")


def read(written: str, question: Question) -> date | None:
    """Return the day of a text without spaces, or None when it is not one in numbers.

    Raises ValueError for a day that the calendar does not have, InvalidValue for one that can be read in two ways.
    """
    if found := _FULL.fullmatch(written):
        number, day = (found[2], found[3]) if found[2] else (found[4], found[5])
        return date(int(found[1]), int(number), int(day))
    if found := _SLASHES.fullmatch(written):
        return _slashes(int(found[1]), int(found[2]), int(found[3] or 0), question)
    if found := _SHORT.fullmatch(written):
        return _in_year(int(found[1]), int(found[2]), question)
    if found := _DAY.fullmatch(written):
        day_number = int(found[1])
        return question.lean(lambda step: date(*month(question.today, step), day_number))
    return None


def _slashes(first: int, second: int, year: int, question: Question) -> date:
    """Read `12/5`: the month comes first in one country and the day in another, so only what cannot be both is taken."""

    def made(number: int, day: int) -> date:
        return date(year, number, day) if year else _in_year(number, day, question)

    if first != second and first <= 12 and second <= 12:
        raise question.either(made(first, second), made(second, first))
    return made(second, first) if first > 12 else made(first, second)


def _in_year(number: int, day: int, question: Question) -> date:
    today = question.today
    year = today.year
    if question.past:
        year -= (number, day) > (today.month, today.day)
    else:
        year += (number, day) < (today.month, today.day)
    return date(year, number, day)
