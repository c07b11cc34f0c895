"""Days in Chinese: 三天后, 下下周一, 11月底, 下个月5号, 季度末, 3个工作日后."""

from __future__ import annotations

import re
from datetime import date, timedelta

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
    "今天": 0,
    "今日": 0,
    "明天": 1,
    "明日": 1,
    "后天": 2,
    "后日": 2,
    "大后天": 3,
    "昨天": -1,
    "昨日": -1,
    "前天": -2,
    "大前天": -3,
}
_DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
# A number in front of what it counts; one behind 周 is a weekday, and stays.
_NUMERAL = re.compile(
    r"(?<![周期拜])[零〇一二两三四五六七八九十百]+(?=个|天|日|号|周|星期|礼拜|月|季|年)"
)
_BY = re.compile(r"(.+?)(?<![周期拜])(?<!周末)(?:之前|以前|前)")
_AHEAD = ("后", "之后", "以后", "内", "之内", "以内")
_COUNT = re.compile(
    r"([+-]?)(再?过)?(\d{1,5}|半)"
    r"(d|w|m|y|个?工作[日天]|天|日|周|个?(?:星期|礼拜)|个半月|个?月|个?季度|年半|年)"
    r"(之?后|以后|之?内|以内|之?前|以前)?"
)
_WEEK = re.compile(r"(下+|上+|本|这|当)?个?(?:周|星期|礼拜)([一二三四五六日天末1-7]?)")
_YEAR = r"(今|本|明|后|去|前|\d{4})年"
_MONTH = re.compile(
    rf"(?:{_YEAR})?(?:(\d{{1,2}})月份?|(下+|上+|本|这|当)?个?月)"
    r"(初|中|底|末|上旬|中旬|下旬|\d{1,2}[日号]?)?"
)
_QUARTER = re.compile(rf"(?:{_YEAR})?(?:第?([1-4])|(下+|上+|本|这|当))?个?季度?(初|中|底|末)?")
_YEARS = re.compile(rf"(?:{_YEAR}|年)(初|中|底|末|终)?")
_PARTS = {
    "初": "start",
    "中": "mid",
    "底": "end",
    "末": "end",
    "终": "end",
    "上旬": "10",
    "中旬": "20",
    "下旬": "end",
}
_YEAR_STEPS = {"今": 0, "本": 0, "明": 1, "后": 2, "去": -1, "前": -2}


def read(written: str, question: Question) -> Reading | date | None:
    """Return the day of a text without spaces, or None when it is not one in Chinese.

    Raises ValueError or OverflowError for a day that the calendar does not have, InvalidValue for one that can be read
    in two ways.
    """
    written = _NUMERAL.sub(lambda found: _number(found[0]), written)
    if written in _NAMED:
        return question.today + timedelta(days=_NAMED[written])
    for reader in (_count, _week, _month, _quarter, _year):
        if (found := reader(written, question)) is not None:
            return found
    return _again(written, question)


def _again(written: str, question: Question) -> date | None:
    """Read what is in numbers once the numerals are digits: 十二月五号 and 二〇二六年十二月五日."""
    from salescoach.deal.days import numeric

    return numeric.read(written, question)


def by(written: str, question: Question) -> Reading | date | None:
    """Return the day of 周五前, 月底之前 and 12月5号以前, by which something is to be done; None for other texts.

    Before a week is not before its Monday, and 三天前 is a count back: neither is read here. Raises as `read` does.
    """
    found = _BY.fullmatch(written)
    if found is None or _COUNT.fullmatch(_NUMERAL.sub(lambda one: _number(one[0]), found[1])):
        return None
    return _again(found[1], question) or read(found[1], question)


def _number(numeral: str) -> str:
    """Return a Chinese numeral below a thousand, or digits one after another, in digits."""
    if "十" not in numeral and "百" not in numeral:
        return "".join(str(_DIGITS[char]) for char in numeral)
    total, digit = 0, 0
    for char in numeral:
        if char in _DIGITS:
            digit = _DIGITS[char]
            continue
        total += (digit or 1) * (100 if char == "百" else 10)
        digit = 0
    return str(total + digit)


def _count(written: str, question: Question) -> Reading | date | None:
    """Count days, weeks, months, years or workdays from today; half a month is 15 days."""
    found = _COUNT.fullmatch(written)
    if found is None:
        return None
    sign, passed, number, unit, after = found.groups()
    said = [sign, passed, after]
    if sum(map(bool, said)) > 1 and not (passed and after in _AHEAD):
        return None
    if not any(said) and unit in {"日", "月", "季度", "年", "m", "y", "年半", "个半月"}:
        return None  # 5日 and 3月 are names, not counts
    back = sign == "-" or bool(after and after.endswith("前"))
    step = question.direction(0 if not any(said) else -1 if back else 1)
    if number == "半":
        if unit not in {"个月", "月", "年"}:
            return None
        days = timedelta(days=15 * step)
        return question.today + days if unit != "年" else months_on(question.today, 6 * step)
    count = int(number) * step
    if "工作" in unit:
        return Reading(*question.workdays().step(question.today, _bounded(count)))
    if unit in {"d", "天", "日"}:
        return question.today + timedelta(days=count)
    if unit.removeprefix("个") in {"w", "周", "星期", "礼拜"}:
        return question.today + timedelta(weeks=count)
    if unit == "个半月":
        return months_on(question.today, count) + timedelta(days=15 * step)
    if unit == "年半":
        return months_on(question.today, count * 12 + 6 * step)
    months = {"y": 12, "年": 12, "季度": 3}.get(unit.removeprefix("个"), 1)
    return months_on(question.today, count * months)


def _bounded(count: int) -> int:
    if abs(count) > 2000:
        raise OverflowError(count)
    return count


def _week(written: str, question: Question) -> date | None:
    """Read 周五, 下下周一, 下周末: a named week is the calendar's, Monday to Sunday; the week-end is its Saturday."""
    found = _WEEK.fullmatch(written)
    if found is None or (not found[1] and not found[2]):
        return None
    which, name = found[1] or "", found[2]
    today = question.today
    index = 5 if name == "末" else min("一二三四五六日天".find(name), 6)
    if name.isdecimal():
        index = int(name) - 1
    if which:
        start = monday(today, _steps(which))
        if not name and not _steps(which):
            raise question.either(start, start + timedelta(days=6))
        return start + timedelta(days=index if name else 0)
    if name == "末":
        return question.lean(lambda step: monday(today, step) + timedelta(days=5))
    return weekday(index, question)


def weekday(index: int, question: Question) -> date:
    """Return the next such weekday after today; where the field leans back, the last one up to today."""
    ahead = (index - question.today.weekday()) % 7
    if question.past:
        return question.today - timedelta(days=(7 - ahead) % 7)
    return question.today + timedelta(days=ahead or 7)


def _steps(which: str) -> int:
    return which.count("下") - which.count("上")


def _years(name: str, question: Question) -> int:
    return int(name) if name.isdecimal() else question.today.year + _YEAR_STEPS[name]


def _month(written: str, question: Question) -> date | None:
    found = _MONTH.fullmatch(written)
    if found is None or written in {"月", "个月"}:
        return None
    year_name, number, which, rest = found.groups()
    part = _PARTS.get(rest or "", (rest or "").rstrip("日号"))
    today = question.today
    if number is None and year_name:
        return None  # 明年月底 says no month

    def made(step: int, part: str) -> date:
        if number is None:
            return part_of_month(*month(today, step), part)
        return part_of_month(today.year + step, int(number), part)

    def placed(part: str) -> date:
        if year_name:
            return part_of_month(_years(year_name, question), int(number), part)
        if which:
            return made(_steps(which), part)
        return question.lean(lambda step: made(step, part))

    if not part:
        end = placed("end")
        raise question.either(end.replace(day=1), end)
    return placed(part)


def _quarter(written: str, question: Question) -> date | None:
    found = _QUARTER.fullmatch(written)
    if found is None or written in {"季", "季度"}:
        return None
    year_name, number, which, rest = found.groups()
    today = question.today
    if year_name and not number:
        return None
    year = _years(year_name, question) if year_name else today.year
    current = (today.month - 1) // 3

    def placed(part: str) -> date:
        if year_name:
            return part_of_quarter(year, int(number) - 1, part)
        if number:
            return question.lean(lambda step: part_of_quarter(year + step, int(number) - 1, part))
        if which:
            return part_of_quarter(year, current + _steps(which), part)
        return question.lean(lambda step: part_of_quarter(year, current + step, part))

    if not rest:
        end = placed("end")
        raise question.either(end.replace(month=end.month - 2, day=1), end)
    return placed(_PARTS[rest])


def _year(written: str, question: Question) -> date | None:
    found = _YEARS.fullmatch(written)
    if found is None or written == "年":
        return None
    year_name, rest = found.groups()
    if not year_name:
        return question.lean(lambda step: part_of_year(question.today.year + step, _PARTS[rest]))
    year = _years(year_name, question)
    if not rest:
        raise question.either(part_of_year(year, "start"), part_of_year(year, "end"))
    return part_of_year(year, _PARTS[rest])
