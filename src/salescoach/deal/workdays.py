"""Which days are worked: weekends, the holidays of each year and the weekend days worked in their place."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import NamedTuple

_SATURDAY = 5


class Year(NamedTuple):
    """What differs in a year from working Monday to Friday."""

    holidays: frozenset[date]
    working: frozenset[date]
    """Saturdays and Sundays that are worked."""


class Workdays:
    """The working days of the years in `years`; of any other year only the weekends are known."""

    def __init__(self, years: Mapping[int, Year]) -> None:
        self.years = dict(years)

    def is_workday(self, day: date) -> bool:
        """Say whether a day is worked."""
        year = self.years.get(day.year)
        if year is not None and day in year.working:
            return True
        return day.weekday() < _SATURDAY and (year is None or day not in year.holidays)

    def step(self, start: date, count: int) -> tuple[date, int | None]:
        """Return the `count`th workday after `start`, or before it where `count` is negative.

        With it comes the first year on the way whose holidays are not known, or None. Raises OverflowError where the
        calendar ends.
        """
        day, left = start, abs(count)
        one = timedelta(days=1 if count > 0 else -1)
        unknown: int | None = None
        while left:
            day += one
            if unknown is None and day.year not in self.years:
                unknown = day.year
            left -= self.is_workday(day)
        return day, unknown
