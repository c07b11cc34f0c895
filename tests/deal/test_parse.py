"""Amounts and days in numbers are read as people type them, and refused in one clear way."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salescoach.deal.days.read import read_day
from salescoach.deal.parse import parse_amount
from salescoach.document.errors import InvalidValue
from tests.build import refused

MONDAY = date(2026, 11, 23)


def parse_date(text: str, today: date, *, past: bool = False) -> date:
    return read_day(text, today, past=past).day


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1,200,000", "1200000"),
        ("120万", "1200000"),
        ("１２０ 万元", "1200000"),
        ("1.2m", "1200000"),
        ("1.2 Million", "1200000"),
        ("¥1200000", "1200000"),
        ("￥1,200,000.50", "1200000.50"),
        ("CNY 300k", "300000"),
        ("RMB 1.5亿", "150000000"),
        ("3百万", "3000000"),
        ("0", "0"),
        ("12.5", "12.50"),
    ],
)
def test_an_amount_is_read(text: str, amount: str) -> None:
    assert str(parse_amount(text)) == amount


@pytest.mark.parametrize(
    "text",
    ["12,00x", "12,00", "-5", "1e9", "1.2.3", "NaN", "inf", "[/]", "十万", "9" * 16, "99999999亿"],
)
def test_what_is_no_amount_is_refused(text: str) -> None:
    with refused(InvalidValue, "bad-amount"):
        parse_amount(text)


def test_an_empty_and_a_too_fine_amount_have_their_own_mend() -> None:
    with refused(InvalidValue, "empty", field="amount"):
        parse_amount(" \x00")
    with refused(InvalidValue, "amount-too-fine", value="1.234"):
        parse_amount("1.234")


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-02-28", date(2026, 2, 28)),
        ("2026/2/8", date(2026, 2, 8)),
        ("20260228", date(2026, 2, 28)),
        ("2026年2月28日", date(2026, 2, 28)),
        ("02-28", date(2027, 2, 28)),
        ("11-23", MONDAY),
        ("12月1号", date(2026, 12, 1)),
        ("25号", date(2026, 11, 25)),
        ("5日", date(2026, 12, 5)),
        ("today", MONDAY),
        ("Tomorrow", date(2026, 11, 24)),
        ("明天", date(2026, 11, 24)),
        ("大后天", date(2026, 11, 26)),
        ("+3d", date(2026, 11, 26)),
        ("+ 2w", date(2026, 12, 7)),
        ("+1m", date(2026, 12, 23)),
        ("+1y", date(2027, 11, 23)),
        ("3天后", date(2026, 11, 26)),
        ("1个月后", date(2026, 12, 23)),
        ("-1d", date(2026, 11, 22)),
        ("2天前", date(2026, 11, 21)),
        ("fri", date(2026, 11, 27)),
        ("Monday", date(2026, 11, 30)),
        ("周五", date(2026, 11, 27)),
        ("周日", date(2026, 11, 29)),
        ("星期天", date(2026, 11, 29)),
        ("下周五", date(2026, 12, 4)),
        ("本周一", MONDAY),
        ("上周五", date(2026, 11, 20)),
    ],
)
def test_a_day_is_read(text: str, day: date) -> None:
    assert parse_date(text, MONDAY) == day


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("11-20", date(2026, 11, 20)),
        ("12-20", date(2025, 12, 20)),
        ("11-23", MONDAY),
        ("25号", date(2026, 10, 25)),
        ("20号", date(2026, 11, 20)),
        ("周五", date(2026, 11, 20)),
        ("mon", MONDAY),
    ],
)
def test_for_evidence_a_day_without_a_year_lies_behind(text: str, day: date) -> None:
    assert parse_date(text, MONDAY, past=True) == day


@pytest.mark.parametrize("text", ["2026-02-30", "02-30", "31.4", "2026-13-01", "00-10", "20261301"])
def test_a_day_that_the_calendar_does_not_have_is_refused_as_such(text: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        parse_date(text, MONDAY)
    assert caught.value.code in {"no-such-day", "bad-date"}
    assert caught.value.params == {"value": text}


def test_the_thirtieth_of_february_is_no_such_day() -> None:
    with refused(InvalidValue, "no-such-day", value="2026-02-30"):
        parse_date("2026-02-30", MONDAY)


@pytest.mark.parametrize(
    "text",
    [
        "soon",
        "+3天后",
        "1899-01-01",
        "2200-01-01",
        "+99999y",
        "+99999w",
        "-9999y",
        "-3天前",
        "[/]",
    ],
)
def test_what_is_no_day_is_refused(text: str) -> None:
    with refused(InvalidValue, "bad-date"):
        parse_date(text, MONDAY)


def test_an_empty_day_is_refused() -> None:
    with refused(InvalidValue, "empty", field="date"):
        parse_date("", MONDAY)


def test_the_end_of_a_month_stays_within_the_month() -> None:
    assert parse_date("+1m", date(2027, 1, 31)) == date(2027, 2, 28)
    assert parse_date("5日", date(2026, 12, 9)) == date(2027, 1, 5)


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_an_iso_day_is_itself_and_a_weekday_is_within_a_week(day: date, today: date) -> None:
    assert parse_date(day.isoformat(), today) == day
    name = day.strftime("%a").lower()
    found = parse_date(name, today)
    assert timedelta(0) < found - today <= timedelta(days=7)
    assert found.weekday() == day.weekday()
    assert timedelta(0) <= today - parse_date(name, today, past=True) < timedelta(days=7)


@given(st.decimals(0, 10**12, places=2))
def test_an_amount_written_out_is_read_back(amount: Decimal) -> None:
    assert parse_amount(f"{amount:,f}") == amount


@given(st.text(max_size=60) | st.from_regex(r"[0-9+,./年月日万kmw -]{1,20}"))
def test_anything_else_is_read_or_refused_never_worse(text: str) -> None:
    for read in (parse_amount, lambda value: parse_date(value, MONDAY)):
        refusal = None
        try:
            read(text)
        except InvalidValue as error:
            refusal = error
        assert refusal is None or len(str(refusal.params.get("value", ""))) <= 40
