"""Adding somebody to a deal: one of the customer's people is offered while the name is typed; what a person's form asks."""

from __future__ import annotations

import pytest

from salescoach.deal import contacts
from salescoach.deal.models import Deal
from salescoach.workspace import Workspace, open_workspace
from tests.tui.pilot import Person, running


def two_deals() -> tuple[Workspace, Deal, Deal, str]:
    """Return two deals of one customer; somebody is a stakeholder of the first."""
    workspace = open_workspace(lang="en")
    first = workspace.create(name="CRM", customer="Globex")
    second = workspace.create(name="ERP", customer="Globex")
    stamp = workspace.stamp()
    workspace.edit(
        first.id, lambda deal: contacts.add(deal, stamp, name="王芳", phone="13900000001")
    )
    return workspace, first, second, stamp.id


async def to_add(person: Person, deal: Deal) -> None:
    person.app.open_deal(deal.id)
    await person.settle()
    await person.press("p", "a")


async def test_one_of_the_customers_people_is_found_by_pinyin_and_becomes_a_stakeholder() -> None:
    workspace, first, second, key = two_deals()
    async with running() as person:
        await to_add(person, second)
        await person.press("=wangf")
        assert "13900000001" in person.text
        await person.press("down", "enter", "=CTO", "ctrl+g")
        assert list(person.deal.deal.contacts) == [key]
        assert person.app.saver.drain(5)
    assert workspace.read(second.id).contacts[key].title == "CTO"
    assert workspace.read(first.id).contacts[key].title == "CTO"
    assert workspace.read(first.id).contacts[key].phone == "13900000001"


async def test_another_name_makes_somebody_new() -> None:
    workspace, _, second, key = two_deals()
    async with running() as person:
        await to_add(person, second)
        await person.press("=Lena Ortiz")
        assert "somebody new" in person.text
        await person.press("ctrl+g")
        assert person.app.saver.drain(5)
    (who,) = workspace.read(second.id).contacts
    assert who != key


async def test_who_may_be_there_already_is_asked_about_once() -> None:
    _, _, second, _ = two_deals()
    async with running() as person:
        await to_add(person, second)
        await person.press("=王芳", "ctrl+g")
        assert "may be 王芳" in person.text
        await person.press("ctrl+g")
        assert [one.name for one in person.deal.deal.contacts.values()] == ["王芳"]


async def test_birthday_other_names_and_stance_are_asked_and_told() -> None:
    workspace, _, second, _ = two_deals()
    async with running() as person:
        await to_add(person, second)
        await person.press("=Lena Ortiz", *["tab"] * 9, "3")
        await person.press(*["tab"] * 3, "=Lena O", "tab", "=13-40", "ctrl+g")
        assert "not a birthday" in person.text
        await person.press("ctrl+u", "=3/8", "ctrl+g")
        for told in ("Lena O", "leaning to us", "03-08"):
            assert told in person.text, told
        await person.press("delete")
        assert "has left the customer" in person.text
        assert person.app.saver.drain(5)
    (who,) = workspace.read(second.id).contacts.values()
    assert (who.other_names, who.stance, who.birthday) == (("Lena O",), "leaning", "03-08")


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
async def test_a_form_longer_than_the_terminal_still_says_how_to_send_it(
    size: tuple[int, int],
) -> None:
    _, _, second, _ = two_deals()
    async with running(size=size) as person:
        await to_add(person, second)
        assert "Ctrl+G" in person.text
        await person.press(*["tab"] * 16)
        assert "Ctrl+G" in person.text
