"""A form asks once about what may not be meant as it stands; sending again is the answer yes."""

from __future__ import annotations

from salescoach.tui.screens.form import FormDialog
from tests.tui.pilot import running


async def test_a_second_deal_of_the_same_name_is_asked_about_once() -> None:
    async with running() as person:
        first = await person.new_deal("Globex", "Backup")
        known = first.deal.id
        await person.press("escape", "n", "=globex", "enter", "=BACKUP", "ctrl+g")
        assert isinstance(person.app.screen, FormDialog)
        assert f"already ({known[:8]})" in person.text
        await person.press("ctrl+g")
        assert person.deal.deal.id != known
        assert person.deal.deal.name == "BACKUP"


async def test_a_close_date_gone_by_is_asked_about_and_another_one_again() -> None:
    async with running() as person:
        await person.new_deal()
        await person.press("E")
        field = person.app.screen.query_one("#field-close_on")
        field.focus()
        await person.press("=2020-01-05", "ctrl+g")
        assert "2020-01-05 has passed" in person.text
        await person.press("backspace", "=6", "ctrl+g")
        assert "2020-01-06 has passed" in person.text
        await person.press("ctrl+g")
        close_on = person.deal.deal.close_on
        assert close_on is not None
        assert close_on.isoformat() == "2020-01-06"


async def test_a_phone_number_for_an_address_is_asked_about() -> None:
    async with running("zh") as person:
        await person.new_deal()
        await person.press("p", "a", "=李工")
        person.app.screen.query_one("#field-email").focus()
        await person.press("=13800138000", "ctrl+g")
        assert "像电话，不像邮箱" in person.text
        assert not person.deal.deal.contacts
        await person.press("ctrl+g")
        (who,) = person.deal.deal.contacts.values()
        assert who.email == "13800138000"


async def test_an_unknown_currency_is_refused_and_an_old_one_is_told() -> None:
    async with running() as person:
        screen = await person.new_deal()
        await person.press("E")
        field = person.app.screen.query_one("#field-currency")
        field.value = ""  # type: ignore[attr-defined]
        field.focus()
        await person.press("=rmb", "ctrl+g")
        assert "no currency code" in person.text
        assert "CNY" in person.text
        field.value = "usd"  # type: ignore[attr-defined]
        await person.press("ctrl+g")
        assert screen.deal.currency == "USD"
        person.deal.change(lambda deal: deal.but(currency="ABC", rev=deal.rev))
        await person.press("E")
        assert "“ABC” is no currency code" in person.text
        await person.press("ctrl+g")
        assert screen.deal.currency == "ABC"
