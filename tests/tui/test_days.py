"""A form says below a day's field which day was understood, and refuses what can be two."""

from __future__ import annotations

from datetime import timedelta

from tests.tui.pilot import running


async def test_the_day_that_is_understood_stands_below_the_field() -> None:
    async with running("zh") as person:
        await person.new_deal()
        await person.press("a", "=send an offer", "tab", "=下下周一")
        today = person.app.workspace.today()
        monday = today + timedelta(days=14 - today.weekday())
        assert f"= {monday.isoformat()} 周一" in person.text
        await person.press("ctrl+g")
        (action,) = person.deal.deal.actions.values()
        assert action.due == monday


async def test_what_can_be_two_days_is_told_when_the_field_is_left_and_not_sent() -> None:
    async with running("en") as person:
        await person.new_deal()
        await person.press("a", "=send an offer", "tab", "=2/3/2030")
        assert "2030-02-03" not in person.text
        await person.press("tab")
        assert "! “2/3/2030” can be 2030-02-03 or 2030-03-02" in person.text
        await person.press("ctrl+g")
        assert "can be 2030-02-03" in person.text
        assert person.deal.deal.actions == {}


async def test_a_year_without_holidays_is_told_with_the_day() -> None:
    async with running("en") as person:
        await person.new_deal()
        await person.press("a", "=send an offer", "tab", "=2000 business days")
        assert "are not known" in person.text


async def test_a_mistake_in_the_own_calendar_is_told_below_the_field() -> None:
    async with running("en") as person:
        person.app.workspace.paths.workdays.write_text("[2026]\nholidays = 3\n", "utf-8")
        await person.new_deal()
        await person.press("a", "=send an offer", "tab", "=3 business days", "tab")
        assert "[2026]" in person.text
