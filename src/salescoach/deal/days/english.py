"""Days in English: next wed, last friday, in 3 days, end of month, Dec 5, 5 business days."""

from __future__ import annotations

import re
from datetime import date, timedelta

from salescoach.deal.days.chinese import weekday
from salescoach.deal.days.question import (
    Question,
    Reading,
    monday,
    month,
    months_on,
    part_of_month,
    part_of_quarter,
    part_of_year,
)

_NAMED = {
    "today": 0,
    "tomorrow": 1,
    "tmr": 1,
    "tmrw": 1,
    "day after tomorrow": 2,
    "yesterday": -1,
    "day before yesterday": -2,
}
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WEEKDAY = r"(mon|tue|wed|thu|fri|sat|sun)(?:day|s|sday|nesday|rs|rsday|urday)?"
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
    r"(?:uary|ruary|ch|il|e|y|ust|t|tember|ober|ember)?"
)
_SAID = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_SMALL = {word: str(value) for value, word in enumerate(_SAID, 1)} | {"a": "1", "an": "1"}
_COUNT = re.compile(
    rf"(in |within )?(\d{{1,5}}|{'|'.join(_SMALL)}) ?"
    r"(d|w|bd|(?:business |working |work|week)days?|days?|weeks?|months?|quarters?|years?)"
    r"( ago| back| from now| from today| later)?"
)
_WEEK = re.compile(r"(this|next|last|past) (week|weekend)|weekend")
_WEEKDAY_ALONE = re.compile(
    rf"(this |next |last |past |coming )?{_WEEKDAY}( next week| this week)?"
)
_PART = r"(start|beginning|mid|middle|end)"
_PLACE = re.compile(
    rf"{_PART}[ -](?:of )?(this |next |last )?(?:(week|month|quarter|year)|q([1-4])|{_MONTH})(?: (\d{{4}}))?"
)
_TURNED = re.compile(r"(this |next |last )?(month|quarter|year)[ -]end")
_SHORT = {
    "eow": "end of week",
    "eom": "end of month",
    "eoq": "end of quarter",
    "eoy": "end of year",
}
_ALONE = re.compile(rf"(?:(this|next|last) (month|quarter|year)|q([1-4])|{_MONTH})(?: (\d{{4}}))?")
_MONTH_DAY = re.compile(rf"{_MONTH} (\d{{1,2}})(?:st|nd|rd|th)?(?: (\d{{4}}))?")
_DAY_MONTH = re.compile(rf"(\d{{1,2}})(?:st|nd|rd|th)? ?(?:of )?{_MONTH}(?: (\d{{4}}))?")
_DAY = re.compile(r"(\d{1,2})(?:st|nd|rd|th)(?: of (this|next|last) month)?")
_STEPS = {"this": 0, "next": 1, "last": -1, "past": -1}
_PARTS = {"start": "start", "beginning": "start", "mid": "mid", "middle": "mid", "end": "end"}


def read(text: str, question: Question) -> Reading | date | None:
    """Return the day of a lower-case text with single spaces, or None when it is not one in English.

    Raises ValueError or OverflowError for a day that the calendar does not have, InvalidValue for one that can be read
    in two ways.
    """
    # "by Dec. 5", "on the 5th", "Dec 5, 2026"
    text = re.sub(r"[.,] ?", " ", text) if re.search("[a-z]", text) else text
    text = re.sub(r"\bthe ", "", re.sub(r"^(by|on|until|till) ", "", text.strip()))
    text = _SHORT.get(text, text)
    if text in _NAMED:
        return question.today + timedelta(days=_NAMED[text])
    if text == "week after next":
        return monday(question.today, 2)
    if found := _TURNED.fullmatch(text):
        text = f"end of {found[1] or ''}{found[2]}"
    for reader in (_count, _weekdays, _week, _place, _month_day, _alone):
        if (read := reader(text, question)) is not None:
            return read
    return None


def _count(text: str, question: Question) -> Reading | date | None:
    """Count from today; a count that says neither ahead nor back goes where the field leans."""
    found = _COUNT.fullmatch(text)
    if found is None or (found[1] and found[4]):
        return None
    back = found[4] in {" ago", " back"}
    step = question.direction(-1 if back else 1 if found[1] or found[4] else 0)
    count = int(_SMALL.get(found[2], found[2])) * step
    unit = found[3]
    if unit == "bd" or unit.startswith(("business", "working", "work", "weekday")):
        if abs(count) > 2000:
            raise OverflowError(count)
        return Reading(*question.workdays().step(question.today, count))
    if unit.startswith("d"):
        return question.today + timedelta(days=count)
    if unit.startswith("w"):
        return question.today + timedelta(weeks=count)
    return months_on(question.today, count * {"m": 1, "q": 3, "y": 12}[unit[0]])


def _weekdays(text: str, question: Question) -> date | None:
    """Read `fri`, `next wed`, `last friday`, `wed next week`.

    `next` is the weekday in next week, Monday to Sunday; `last` is the latest before today.
    """
    found = _WEEKDAY_ALONE.fullmatch(text)
    if found is None:
        return None
    before, name, week = (found[1] or "").strip(), found[2], (found[3] or "").strip()
    if before and week:
        return None
    index = _WEEKDAYS.index(name)
    which = before or week.partition(" ")[0]
    if which in {"this", "next"}:
        return monday(question.today, _STEPS[which]) + timedelta(days=index)
    if which in {"last", "past"}:
        back = (question.today.weekday() - index) % 7
        return question.today - timedelta(days=back or 7)
    return weekday(index, question)


def _week(text: str, question: Question) -> date | None:
    """Read a week, which is its Monday, or a week-end, which is its Saturday."""
    found = _WEEK.fullmatch(text)
    if found is None:
        return None
    if not found[1]:
        return question.lean(lambda step: monday(question.today, step) + timedelta(days=5))
    start = monday(question.today, _STEPS[found[1]])
    if found[2] == "weekend":
        return start + timedelta(days=5)
    if found[1] == "this":
        raise question.either(start, start + timedelta(days=6))
    return start


def _place(text: str, question: Question) -> date | None:
    """Read `end of month`, `start of next quarter`, `mid-december`, `end of q3`; a week ends on its Friday."""
    found = _PLACE.fullmatch(text)
    if found is None:
        return None
    part, which, period, quarter, name, year = found.groups()
    if (which and not period) or (year and period):
        return None
    if period:
        return _period(_PARTS[part], (which or "").strip(), period, question)
    return _named(_PARTS[part], quarter, name, year, question)


def _period(part: str, which: str, period: str, question: Question) -> date:
    today = question.today

    def made(step: int) -> date:
        if period == "week":
            return monday(today, step) + timedelta(days={"start": 0, "mid": 2, "end": 4}[part])
        if period == "month":
            return part_of_month(*month(today, step), part)
        if period == "quarter":
            return part_of_quarter(today.year, (today.month - 1) // 3 + step, part)
        return part_of_year(today.year + step, part)

    return made(_STEPS[which]) if which else question.lean(made)


def _named(
    part: str, quarter: str | None, name: str | None, year: str | None, question: Question
) -> date:
    def made(step: int) -> date:
        which = int(year) if year else question.today.year + step
        if name:
            return part_of_month(which, _MONTHS.index(name) + 1, part)
        return part_of_quarter(which, int(quarter or 1) - 1, part)

    return made(0) if year else question.lean(made)


def _month_day(text: str, question: Question) -> date | None:
    if found := _DAY.fullmatch(text):
        day = int(found[1])
        if found[2]:
            return date(*month(question.today, _STEPS[found[2]]), day)
        return question.lean(lambda step: date(*month(question.today, step), day))
    if found := _MONTH_DAY.fullmatch(text):
        name, day_text, year = found.groups()
    elif found := _DAY_MONTH.fullmatch(text):
        day_text, name, year = found.groups()
    else:
        return None
    return _named(day_text, None, name, year, question)


def _alone(text: str, question: Question) -> date | None:
    """Refuse a month, quarter or year that is named alone, with its first and its last day."""
    found = _ALONE.fullmatch(text)
    if found is None:
        return None
    which, period, quarter, name, year = found.groups()
    if period and year:
        return None
    if period:
        raise question.either(
            *(_period(part, which, period, question) for part in ("start", "end"))
        )
    end = _named("end", quarter, name, year, question)
    raise question.either(end.replace(month=end.month - (0 if name else 2), day=1), end)
