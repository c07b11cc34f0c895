"""Puts a day that was read from somebody's words into words again, so that they see what was understood."""

from __future__ import annotations

from datetime import date

from salescoach.deal.days.question import Reading
from salescoach.words import Words


def day_text(words: Words, day: date) -> str:
    """Return the ISO date with its weekday."""
    weekday = words("home.weekdays").split()[day.weekday()]
    return words("days.day", day=day.isoformat(), weekday=weekday)


def reading_text(words: Words, reading: Reading) -> str:
    """Return the day that was understood, and whether its workdays were counted without knowing a year's holidays."""
    told = day_text(words, reading.day)
    if reading.unknown_year is None:
        return told
    return words("days.unknown-year", day=told, year=reading.unknown_year)
