"""Days are read as people say them in both languages, and what can be two days is refused with both."""

from __future__ import annotations

import re
from datetime import date, timedelta
from itertools import zip_longest
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salescoach.deal.days.read import read_day
from salescoach.deal.workdays import Workdays, Year
from salescoach.document.errors import InvalidValue
from tests.build import refused

MONDAY = date(2026, 11, 23)
FRIDAY = date(2026, 11, 27)
WEEK_OF_FIFTH = Workdays(
    {2026: Year(frozenset({date(2026, 11, 24)}), frozenset({date(2026, 11, 28)}))}
)

CHINESE = {
    "三天后": date(2026, 11, 26),
    "两周后": date(2026, 12, 7),
    "半个月后": date(2026, 12, 8),
    "月底": date(2026, 11, 30),
    "11月底": date(2026, 11, 30),
    "10月底": date(2027, 10, 31),
    "下月初": date(2026, 12, 1),
    "下个月5号": date(2026, 12, 5),
    "年底": date(2026, 12, 31),
    "季度末": date(2026, 12, 31),
    "下下周一": date(2026, 12, 7),
    "下周末": date(2026, 12, 5),
    "十二月五号": date(2026, 12, 5),
    "3个工作日后": date(2026, 11, 27),
    "五个工作日后": date(2026, 11, 30),
    "十个工作日内": date(2026, 12, 7),
    "明天": date(2026, 11, 24),
    "后天": date(2026, 11, 25),
    "大后天": date(2026, 11, 26),
    "下周三": date(2026, 12, 2),
    "这周五": FRIDAY,
    "上周五": date(2026, 11, 20),
    "下星期天": date(2026, 12, 6),
    "周末": date(2026, 11, 28),
    "下周": date(2026, 11, 30),
    "月初": date(2026, 12, 1),
    "月中": date(2026, 12, 15),
    "本月底": date(2026, 11, 30),
    "下个月底": date(2026, 12, 31),
    "上个月25号": date(2026, 10, 25),
    "12月中旬": date(2026, 12, 20),
    "三月初": date(2027, 3, 1),
    "明年3月底": date(2027, 3, 31),
    "明年三月五号": date(2027, 3, 5),
    "明年初": date(2027, 1, 1),
    "年中": date(2027, 6, 30),
    "下季度末": date(2027, 3, 31),
    "一季度末": date(2027, 3, 31),
    "第四季度初": date(2027, 10, 1),
    "二〇二七年一月二十五日": date(2027, 1, 25),
    "一个半月后": date(2027, 1, 7),
    "半年后": date(2027, 5, 23),
    "再过两周": date(2026, 12, 7),
    "三个月以后": date(2027, 2, 23),
    "十五天内": date(2026, 12, 8),
    "二十五号": date(2026, 11, 25),
    "三天前": date(2026, 11, 20),
    "3天": date(2026, 11, 26),
}
ENGLISH = {
    "next wed": date(2026, 12, 2),
    "last friday": date(2026, 11, 20),
    "next week": date(2026, 11, 30),
    "in 3 days": date(2026, 11, 26),
    "eom": date(2026, 11, 30),
    "end of month": date(2026, 11, 30),
    "Dec 5": date(2026, 12, 5),
    "5 business days": date(2026, 11, 30),
    "in 3 working days": FRIDAY,
    "in 2 weeks": date(2026, 12, 7),
    "end of quarter": date(2026, 12, 31),
    "eoy": date(2026, 12, 31),
    "5 Dec": date(2026, 12, 5),
    "Dec 5th": date(2026, 12, 5),
    "December 5, 2027": date(2027, 12, 5),
    "the 5th of december": date(2026, 12, 5),
    "5 dec 2027": date(2027, 12, 5),
    "tomorrow": date(2026, 11, 24),
    "the day after tomorrow": date(2026, 11, 25),
    "this friday": FRIDAY,
    "by friday": FRIDAY,
    "Wednesday next week": date(2026, 12, 2),
    "next Tuesday": date(2026, 12, 1),
    "thurs": date(2026, 11, 26),
    "week after next": date(2026, 12, 7),
    "in a month": date(2026, 12, 23),
    "two weeks from now": date(2026, 12, 7),
    "a week ago": date(2026, 11, 16),
    "this weekend": date(2026, 11, 28),
    "next weekend": date(2026, 12, 5),
    "end of week": FRIDAY,
    "end of next month": date(2026, 12, 31),
    "year end": date(2026, 12, 31),
    "end of q1": date(2027, 3, 31),
    "end of December": date(2026, 12, 31),
    "mid-december": date(2026, 12, 15),
    "start of next quarter": date(2027, 1, 1),
    "beginning of march": date(2027, 3, 1),
    "25th": date(2026, 11, 25),
    "12/25": date(2026, 12, 25),
    "25/12/2026": date(2026, 12, 25),
    "3 days": date(2026, 11, 26),
    "1d": date(2026, 11, 24),
}


def _read(text: str, today: date = MONDAY, *, past: bool = False) -> date:
    return read_day(text, today, past=past, workdays=lambda: WEEK_OF_FIFTH).day


def _refusal(text: str, today: date, *, past: bool) -> str | None:
    try:
        _read(text, today, past=past)
    except InvalidValue as error:
        return error.code if len(str(error.params.get("value", ""))) <= 40 else "too long"
    return None


@pytest.mark.parametrize("kinds", [CHINESE, ENGLISH], ids=["zh", "en"])
def test_every_kind_is_read(kinds: dict[str, date]) -> None:
    assert {text: _read(text) for text in kinds} == kinds


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("月底", date(2026, 10, 31)),
        ("11月底", date(2025, 11, 30)),
        ("月初", date(2026, 11, 1)),
        ("年底", date(2025, 12, 31)),
        ("季度末", date(2026, 9, 30)),
        ("周末", date(2026, 11, 21)),
        ("三天", date(2026, 11, 20)),
        ("十二月五号", date(2025, 12, 5)),
        ("30号", date(2026, 10, 30)),
        ("dec 5", date(2025, 12, 5)),
        ("eom", date(2026, 10, 31)),
        ("end of q4", date(2025, 12, 31)),
        ("3 days", date(2026, 11, 20)),
        ("fri", date(2026, 11, 20)),
        ("下周三", date(2026, 12, 2)),
        ("next wed", date(2026, 12, 2)),
    ],
)
def test_a_field_that_tells_of_the_past_leans_back_where_the_text_does_not_say(
    text: str, day: date
) -> None:
    assert _read(text, past=True) == day


@pytest.mark.parametrize(
    ("text", "first", "second"),
    [
        ("12/5", "2026-12-05", "2027-05-12"),
        ("5/12/2027", "2027-05-12", "2027-12-05"),
        ("12月", "2026-12-01", "2026-12-31"),
        ("下个月", "2026-12-01", "2026-12-31"),
        ("next month", "2026-12-01", "2026-12-31"),
        ("december", "2026-12-01", "2026-12-31"),
        ("本周", "2026-11-23", "2026-11-29"),
        ("this week", "2026-11-23", "2026-11-29"),
        ("四季度", "2026-10-01", "2026-12-31"),
        ("q4", "2026-10-01", "2026-12-31"),
        ("q1 2027", "2027-01-01", "2027-03-31"),
        ("明年", "2027-01-01", "2027-12-31"),
        ("next year", "2027-01-01", "2027-12-31"),
    ],
)
def test_what_can_be_two_days_is_refused_with_both(text: str, first: str, second: str) -> None:
    with refused(InvalidValue, "two-days", value=text, first=first, second=second):
        _read(text)


@pytest.mark.parametrize(
    "text",
    [
        "周", "月", "年", "季度", "半天后", "明年月底", "下下", "-3天前", "in 3 days ago", "next",
        "end of", "5", "12", "3月后天", "99999个工作日后", "99999 business days", "the", "周八",
        "[/]", "9" * 80, "一" * 50 + "天后", "二千天后",
    ],
)  # fmt: skip
def test_what_is_no_day_is_refused(text: str) -> None:
    with refused(InvalidValue, "bad-date"):
        _read(text)


@pytest.mark.parametrize(
    "text", ["下个月32号", "2月30号", "feb 30", "31/13", "13月底", "二月三十号"]
)
def test_a_day_that_the_calendar_does_not_have_is_refused_as_such(text: str) -> None:
    with refused(InvalidValue, "no-such-day"):
        _read(text)


def test_the_page_about_days_is_true() -> None:
    """Every text in its first column is read, or refused as the second column says."""
    page = (Path(__file__).parents[2] / "docs" / "days.md").read_text("utf-8")
    rows = [line.split("|") for line in page.splitlines() if line.startswith("| `")]
    wrong, seen = [], 0
    for _, written, means, _ in rows:
        for group, meaning in zip_longest(written.split("·"), means.split("·")):
            assert group is not None
            for text in re.findall("`([^`]+)`", group):
                expected = "two-days" if "refused" in (meaning or means) else None
                seen += 1
                if _refusal(text, MONDAY, past=False) != expected:
                    wrong.append(text)
    assert wrong == []
    assert seen >= 100


def test_on_the_day_itself_a_date_is_today_and_a_weekday_a_week_away() -> None:
    last = date(2026, 11, 30)
    for text in ("月底", "eom", "11月30号", "30号", "nov 30", "30th"):
        assert _read(text, last) == _read(text, last, past=True) == last
    assert _read("周一") == MONDAY + timedelta(days=7)
    assert _read("mon", past=True) == MONDAY


def test_next_and_last_weekdays_from_the_end_of_a_week() -> None:
    saturday = date(2026, 11, 28)
    assert _read("next wed", saturday) == date(2026, 12, 2)
    assert _read("last friday", saturday) == FRIDAY
    assert _read("上周五", saturday) == date(2026, 11, 20)
    assert _read("last friday", FRIDAY) == date(2026, 11, 20)


def test_workdays_pass_over_holidays_and_count_worked_weekends() -> None:
    # Tuesday is a holiday, Saturday is worked.
    assert [_read(f"{count} business days") for count in (1, 2, 3, 4, 5)] == [
        date(2026, 11, day) for day in (25, 26, 27, 28, 30)
    ]
    assert _read("1个工作日前", date(2026, 11, 25)) == MONDAY


def test_a_year_whose_holidays_are_unknown_is_told() -> None:
    near = read_day("5个工作日后", MONDAY, workdays=lambda: WEEK_OF_FIFTH)
    far = read_day("50个工作日后", MONDAY, workdays=lambda: WEEK_OF_FIFTH)
    assert near.unknown_year is None
    assert far.unknown_year == 2027


def test_the_calendar_is_asked_only_where_workdays_are_counted() -> None:
    asked: list[str] = []

    def ask() -> Workdays:
        asked.append("workdays")
        return WEEK_OF_FIFTH

    for text in (*CHINESE, *ENGLISH):
        asked.clear()
        read_day(text, MONDAY, workdays=ask)
        counts = any(word in text for word in ("工作日", "business", "working"))
        assert bool(asked) == counts, text


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.sampled_from([*CHINESE, *ENGLISH]))
def test_every_kind_means_a_day_from_every_today(today: date, text: str) -> None:
    for past in (False, True):
        # The 25th of last month is always there; a 29th of a February need not be.
        assert _refusal(text, today, past=past) in {None, "no-such-day"}, text


@given(
    st.text(max_size=70)
    | st.from_regex(
        r"[0-9下上本半个周月底初末季度年工作日天后前一二十第中明今]{1,9}", fullmatch=True
    )
    | st.from_regex(r"(end|mid|next|last|in|of|the|[0-9]{1,4}| |dec|fri|days|week|month|q){1,6}")
)
def test_anything_else_is_read_or_refused(text: str) -> None:
    for past in (False, True):
        known = {None, "empty", "bad-date", "no-such-day", "two-days"}
        assert _refusal(text, MONDAY, past=past) in known


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("周五前", "周五"),
        ("下周三之前", "下周三"),
        ("月底前", "月底"),
        ("11月底以前", "11月底"),
        ("十二月五号前", "12月5号"),
        ("2026-12-05前", "2026-12-05"),
        ("明天前", "明天"),
    ],
)
def test_by_which_day_is_answered_with_before_it(text: str, same: str) -> None:
    assert _read(text) == _read(same)


@pytest.mark.parametrize("text", ["下周前", "周末前", "-3天前", "半天前", "前", "国庆前"])
def test_before_a_week_or_before_no_day_is_refused(text: str) -> None:
    with pytest.raises(InvalidValue):
        _read(text)


def test_before_a_day_is_no_day_on_which_something_happened() -> None:
    with pytest.raises(InvalidValue):
        read_day("周五前", FRIDAY, past=True)
    assert _read("三天前") == MONDAY - timedelta(days=3)
