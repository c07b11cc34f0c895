"""What reading a day goes by, what comes of it, and the steps over weeks, months and quarters that its readers share."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from salescoach.deal.workdays import Workdays
from salescoach.document.change import shown
from salescoach.document.errors import InvalidValue

FIRST_YEAR, LAST_YEAR = 1900, 2199


class Reading(NamedTuple):
    """The day that a text means."""

    day: date
    unknown_year: int | None = None
    """A year of which only the weekends are known, where workdays were counted through it."""


@dataclass(frozen=True, slots=True)
class Question:
    """A text about a day, and what it is read by."""

    text: str
    """As it was typed, for a refusal."""
    today: date
    past: bool
    """Whether a day that comes again and again means the last one up to today, and not the next from today on."""
    workdays: Callable[[], Workdays]

    def lean(self, occurrence: Callable[[int], date]) -> date:
        """Return the nearest day of those that come once a period, in the direction of the field.

        `occurrence` gives the day in the period that lies so many after the current one. Raises ValueError where that
        period does not have the day.
        """
        try:
            here: date | None = occurrence(0)
        except ValueError:
            if not self.past:
                raise
            here = None  # a day that this month does not have lies behind its end
        if self.past:
            return here if here is not None and here <= self.today else occurrence(-1)
        return here if here is not None and here >= self.today else occurrence(1)

    def refusal(self, code: str) -> InvalidValue:
        """Return the refusal of the text with this code."""
        return InvalidValue(code, value=shown(self.text))

    def either(self, first: date, second: date) -> InvalidValue:
        """Return the refusal of a text that means one of two days."""
        return InvalidValue(
            "two-days", value=shown(self.text), first=first.isoformat(), second=second.isoformat()
        )

    def direction(self, said: int) -> int:
        """Return 1 for ahead and -1 for back: what the text said, or with 0 where the field leans."""
        return said or (-1 if self.past else 1)


def monday(today: date, weeks: int = 0) -> date:
    """Return the Monday of the week that lies so many after the one of `today`."""
    return today - timedelta(days=today.weekday()) + timedelta(weeks=weeks)


def month(today: date, months: int = 0) -> tuple[int, int]:
    """Return the year and month that lie so many months after the one of `today`. Raises ValueError out of range."""
    year, index = divmod(today.year * 12 + today.month - 1 + months, 12)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise OverflowError(year)
    return year, index + 1


def end_of(year: int, number: int) -> date:
    """Return the last day of a month."""
    return date(year, number, monthrange(year, number)[1])


def months_on(today: date, months: int) -> date:
    """Return the same day so many months on, or the last one of a month that is too short for it."""
    year, number = month(today, months)
    return date(year, number, min(today.day, monthrange(year, number)[1]))


def part_of_month(year: int, number: int, part: str) -> date:
    """Return the first, middle or last day of a month; `part` is `start`, `mid` or `end`, or a day's number."""
    if part == "start":
        return date(year, number, 1)
    if part == "mid":
        return date(year, number, 15)
    return end_of(year, number) if part == "end" else date(year, number, int(part))


def part_of_quarter(year: int, quarter: int, part: str) -> date:
    """Return the first, middle or last day of a quarter; `quarter` may lie beyond 0 to 3, in another year."""
    years, index = divmod(quarter, 4)
    first = index * 3 + 1
    return part_of_month(year + years, first + {"start": 0, "mid": 1, "end": 2}[part], part)


def part_of_year(year: int, part: str) -> date:
    """Return the first, middle or last day of a year: the middle is the end of June."""
    return {"start": date(year, 1, 1), "mid": date(year, 6, 30), "end": date(year, 12, 31)}[part]
