"""Reads amounts and days as people type them, in Chinese and English; what cannot be read is refused with the mend."""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from datetime import date, timedelta
from decimal import Decimal

from salescoach.deal.change import shown
from salescoach.deal.errors import InvalidValue
from salescoach.text import clean

_UNITS = {
    "": 0,
    "k": 3,
    "thousand": 3,
    "千": 3,
    "w": 4,
    "万": 4,
    "萬": 4,
    "十万": 5,
    "m": 6,
    "mn": 6,
    "mio": 6,
    "million": 6,
    "百万": 6,
    "千万": 7,
    "亿": 8,
    "億": 8,
    "b": 9,
    "bn": 9,
    "billion": 9,
}
_AMOUNT = re.compile(r"(\d{1,3}(?:,\d{3})+|\d{1,16})(\.\d{1,6})?([^\W\d_]*)")
_MONEY_SIGNS = re.compile(r"^(?:[¥$€£]|cny|rmb|usd|eur|gbp|hkd|jpy|人民币)|(?:元整?|块钱?|圆)$")
_CEILING = Decimal(10) ** 15

_FULL = re.compile(r"(\d{4})(?:[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d{2})(\d{2}))")
_SHORT = re.compile(r"(\d{1,2})(?:[-/.月])(\d{1,2})[日号]?")
_DAY = re.compile(r"(\d{1,2})[日号]")
_STEP = re.compile(r"([+-]?)(\d{1,5})(d|w|m|y|天|日|周|星期|个?月|年)(后|前)?")
_NAMED = {
    "today": 0,
    "今天": 0,
    "今日": 0,
    "tomorrow": 1,
    "tmr": 1,
    "明天": 1,
    "明日": 1,
    "后天": 2,
    "大后天": 3,
    "yesterday": -1,
    "昨天": -1,
    "前天": -2,
}
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WEEKDAY_NAMES = (
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
)
_WEEKDAY_ZH = re.compile(r"(下|上|本|这)?个?(?:周|星期|礼拜)([一二三四五六日天])")
_FIRST_YEAR, _LAST_YEAR = 1900, 2199


def parse_amount(text: str) -> Decimal:
    """Return an amount written as `1,200,000`, `120万`, `1.2m` or `¥1200000`. Raises InvalidValue."""
    if not clean(text):
        raise InvalidValue("empty", field="amount")
    written = "".join(_fold(text).split())
    bare = _MONEY_SIGNS.sub("", _MONEY_SIGNS.sub("", written))
    found = _AMOUNT.fullmatch(bare)
    power = _UNITS.get(found[3]) if found else None
    if found is None or power is None:
        raise InvalidValue("bad-amount", value=shown(text))
    digits = found[1].replace(",", "") + (found[2] or "")
    amount = Decimal(digits).scaleb(power)
    if amount >= _CEILING:
        raise InvalidValue("bad-amount", value=shown(text))
    exact = amount.quantize(Decimal("0.01"))
    if exact != amount:
        raise InvalidValue("amount-too-fine", value=shown(text))
    return exact if exact != exact.to_integral_value() else exact.quantize(Decimal(1))


def parse_date(text: str, today: date, *, past: bool = False) -> date:
    """Return a day written as `2026-02-28`, `02-28`, `tomorrow`, `明天`, `+3d`, `fri` or `周五`.

    A day without a year, a month or a week is the next one after `today`; with `past`, the last one up to it. Raises
    InvalidValue, with its own word for a day that the calendar does not have.
    """
    if not clean(text):
        raise InvalidValue("empty", field="date")
    written = " ".join(_fold(text).split()).replace(" ", "")
    if written in _NAMED:
        return today + timedelta(days=_NAMED[written])
    for read in (_absolute, _relative, _weekday):
        found = read(written, today, past)
        if found is not None:
            return found
    raise InvalidValue("bad-date", value=shown(text))


def _fold(text: str) -> str:
    return unicodedata.normalize("NFKC", clean(text)).casefold()


def _absolute(written: str, today: date, past: bool) -> date | None:  # noqa: FBT001
    if found := _FULL.fullmatch(written):
        month, day = (found[2], found[3]) if found[2] else (found[4], found[5])
        return _day(written, int(found[1]), int(month), int(day))
    if found := _SHORT.fullmatch(written):
        month, day = int(found[1]), int(found[2])
        near = (month, day) < (today.month, today.day)
        if past:
            near = (month, day) > (today.month, today.day)
            return _day(written, today.year - near, month, day)
        return _day(written, today.year + near, month, day)
    if found := _DAY.fullmatch(written):
        day = int(found[1])
        step = 0
        if past and day > today.day:
            step = -1
        elif not past and day < today.day:
            step = 1
        year, month = divmod(today.year * 12 + today.month - 1 + step, 12)
        return _day(written, year, month + 1, day)
    return None


def _relative(written: str, today: date, past: bool) -> date | None:  # noqa: FBT001, ARG001
    found = _STEP.fullmatch(written)
    if found is None or not (found[1] or found[4]) or (found[1] and found[4]):
        return None
    count = int(found[2]) * (-1 if found[1] == "-" or found[4] == "前" else 1)
    unit = found[3]
    try:
        if unit in {"d", "天", "日"}:
            day = today + timedelta(days=count)
        elif unit in {"w", "周", "星期"}:
            day = today + timedelta(weeks=count)
        else:
            months = count * 12 if unit in {"y", "年"} else count
            year, month = divmod(today.year * 12 + today.month - 1 + months, 12)
            last = monthrange(year, month + 1)[1] if _FIRST_YEAR <= year <= _LAST_YEAR else 1
            day = date(year, month + 1, min(today.day, last))
    except (OverflowError, ValueError):
        raise InvalidValue("bad-date", value=shown(written)) from None
    return _day(written, day.year, day.month, day.day)


def _weekday(written: str, today: date, past: bool) -> date | None:  # noqa: FBT001
    which = ""
    if found := _WEEKDAY_ZH.fullmatch(written):
        which, index = found[1] or "", min("一二三四五六日天".index(found[2]), 6)
    elif written in _WEEKDAYS:
        index = _WEEKDAYS.index(written)
    elif written in _WEEKDAY_NAMES:
        index = _WEEKDAY_NAMES.index(written)
    else:
        return None
    if which:
        monday = today - timedelta(days=today.weekday())
        weeks = {"下": 1, "上": -1}.get(which, 0)
        return monday + timedelta(weeks=weeks, days=index)
    ahead = (index - today.weekday()) % 7
    if past:
        return today - timedelta(days=(7 - ahead) % 7)
    return today + timedelta(days=ahead or 7)


def _day(written: str, year: int, month: int, day: int) -> date:
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise InvalidValue("bad-date", value=shown(written))
    try:
        return date(year, month, day)
    except ValueError:
        raise InvalidValue("no-such-day", value=shown(written)) from None
