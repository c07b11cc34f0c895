"""The customer in a deal's forms: found while it is typed, taken by keys, new where nobody has the name."""

from __future__ import annotations

import pytest

from salescoach.deal.models import Deal
from salescoach.tui.screens.form import FormDialog
from salescoach.workspace import Workspace, open_workspace
from tests.tui.pilot import NARROW, WIDE, running


def with_deals(*names: tuple[str, str]) -> tuple[Workspace, list[Deal]]:
    workspace = open_workspace(lang="en")
    deals = [workspace.create(name=name, customer=customer) for name, customer in names]
    workspace.settle()
    return workspace, deals


@pytest.mark.parametrize("size", [NARROW, WIDE])
async def test_a_new_deal_finds_its_customer_by_pinyin(size: tuple[int, int]) -> None:
    _, (first, *_) = with_deals(("CRM", "华鼎数据"), ("Backup", "Globex"))
    async with running(size=size) as person:
        await person.press("n", "=hdsj")
        assert "华鼎数据" in person.text
        await person.press("down", "enter", "=ERP", "ctrl+g")
        assert person.deal.deal.customer_id == first.customer_id
        assert person.deal.deal.customer == "华鼎数据"


async def test_keys_that_come_in_a_burst_take_what_is_found_too() -> None:
    _, (first,) = with_deals(("CRM", "华鼎数据"))
    async with running() as person:
        await person.burst("n", "=hdsj", "down", "enter", "=ERP", "ctrl+g")
        assert person.deal.deal.customer_id == first.customer_id


async def test_an_other_name_finds_the_customer_and_a_name_of_nobodys_makes_one() -> None:
    workspace, (first,) = with_deals(("CRM", "华鼎数据"))
    assert first.customer_id is not None
    stamp = workspace.stamp()
    from salescoach.customer.identity import edit

    workspace.edit_customer(
        first.customer_id, lambda old: edit(old, stamp, other_names=("Huading Ltd",))
    )
    workspace.settle()
    async with running() as person:
        await person.press("n", "=Huading Ltd")
        assert "a customer that is there already" in person.text
        await person.press("enter", "=ERP", "ctrl+g")
        assert person.deal.deal.customer_id == first.customer_id
        await person.press("escape", "n", "=Acme")
        assert "a new customer" in person.text
        await person.press("enter", "=Desk", "ctrl+g")
        assert person.deal.deal.customer_id != first.customer_id


async def test_both_forms_have_the_customer_before_the_name() -> None:
    with_deals(("CRM", "Globex"))
    async with running() as person:
        await person.press("n")
        assert isinstance(person.app.screen, FormDialog)
        first = [field.name for field in person.app.screen._fields][:2]
        await person.press("escape", "2", "enter", "E")
        assert isinstance(person.app.screen, FormDialog)
        assert (
            [field.name for field in person.app.screen._fields][:2] == first == ["customer", "name"]
        )


async def test_a_new_name_for_the_only_deals_customer_renames_it() -> None:
    workspace, (deal,) = with_deals(("CRM", "Globex"))
    async with running() as person:
        await person.press("2", "enter", "E", "=Globex Corp", "ctrl+g")
        assert person.app.saver.drain(5)
    found = workspace.read(deal.id)
    assert (found.customer, found.customer_id) == ("Globex Corp", deal.customer_id)


@pytest.mark.parametrize("answer", ["1", "2", "3"])
async def test_with_other_deals_it_asks_whether_the_customer_is_called_so(answer: str) -> None:
    workspace, (first, second) = with_deals(("CRM", "Globex"), ("ERP", "Globex"))
    async with running() as person:
        person.app.open_deal(first.id)
        await person.settle()
        await person.press("E", "=Globex East", "ctrl+g")
        assert "other deal(s)" in person.text
        await person.press(answer)
        assert person.app.saver.drain(5)
        await person.settle()
    one, other = workspace.read(first.id), workspace.read(second.id)
    if answer == "1":
        assert (one.customer, other.customer) == ("Globex East", "Globex")
        assert one.customer_id != other.customer_id
    elif answer == "2":
        assert (one.customer, other.customer) == ("Globex East", "Globex East")
    else:
        assert (one.customer, other.customer) == ("Globex", "Globex")


async def test_a_deal_goes_to_another_customer_that_is_picked() -> None:
    workspace, (first, second) = with_deals(("CRM", "Globex"), ("ERP", "Acme"))
    async with running() as person:
        person.app.open_deal(first.id)
        await person.settle()
        await person.press("E", "=Ac", "down", "enter", "ctrl+g")
        assert person.app.saver.drain(5)
        await person.press("u")
        assert person.app.saver.drain(5)
        assert workspace.read(first.id).customer == "Globex"
        await person.press("ctrl+r")
        assert person.app.saver.drain(5)
    assert workspace.read(first.id).customer_id == second.customer_id
