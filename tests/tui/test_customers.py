"""The customers' screens: listed, opened, edited, merged, taken back, exported."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from salescoach.customer import people
from salescoach.deal import actions, contacts, stages
from salescoach.deal.models import Deal
from salescoach.store.care.backup import make_backup
from salescoach.tui.customer.list import CustomersScreen
from salescoach.tui.customer.screen import CustomerScreen
from salescoach.tui.deal.screen import DealScreen
from salescoach.tui.home.screen import HomeScreen
from salescoach.workspace import Workspace, open_workspace
from tests.tui.pilot import NARROW, WIDE, Person, running
from tests.tui.test_outside import elsewhere, sees


def with_person(workspace: Workspace, deal: Deal, name: str, **fields: str) -> str:
    stamp = workspace.stamp()
    workspace.edit(deal.id, lambda old: contacts.add(old, stamp, name=name, **fields))  # type: ignore[arg-type]
    return stamp.id


def filled(lang: str = "en") -> tuple[Workspace, Deal, Deal]:
    """Return a home with two customers; the first has two deals, two people and an action."""
    workspace = open_workspace(lang=lang)
    first = workspace.create(name="CRM", customer="华鼎数据")
    second = workspace.create(name="ERP", customer="华鼎数据")
    workspace.create(name="Backup", customer="Globex")
    with_person(workspace, first, "Li Hua", phone="13900000001")
    with_person(workspace, second, "Wang Fang", title="CTO")
    stamp = workspace.stamp()
    workspace.edit(first.id, lambda old: actions.add(old, stamp, "Send the offer"))
    workspace.settle()
    return workspace, first, second


def customer_screen(person: Person) -> CustomerScreen:
    screen = person.app.screen
    assert isinstance(screen, CustomerScreen)
    return screen


async def open_first(person: Person) -> CustomerScreen:
    await person.press("c", "slash", "=huading", "enter", "enter")
    return customer_screen(person)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("size", [NARROW, WIDE])
async def test_the_list_leads_to_a_customer_and_on_to_its_deal(
    lang: str, size: tuple[int, int]
) -> None:
    filled(lang)
    async with running(lang, size) as person:
        await person.press("c")
        assert "华鼎数据" in person.text
        assert "Globex" in person.text
        await person.press("q")
        screen = await open_first(person)
        assert screen.customer.name == "华鼎数据"
        for told in ("Li Hua", "13900000001", "Wang Fang", "CRM", "ERP", "Send the offer"):
            assert told in person.text, told
        await person.press("down", "down", "enter")
        assert person.deal.deal.name == "CRM"
        assert isinstance(person.app.screen, DealScreen)
        await person.press("escape", "escape", "escape", "escape", "q")
        assert isinstance(person.app.screen, HomeScreen)


async def test_pinyin_finds_a_customer_while_it_is_typed() -> None:
    filled()
    async with running() as person:
        await person.press("c", "slash", "=hdsj")
        assert "华鼎数据" in person.text
        assert "Globex" not in person.text
        await person.press("escape")
        assert "Globex" in person.text
        await person.press("s", "s")
        assert isinstance(person.app.screen, CustomersScreen)


async def test_a_person_is_added_changed_noted_and_all_is_taken_back() -> None:
    workspace, _, second = filled()
    async with running() as person:
        screen = await open_first(person)
        await person.press("a", "=赵工", *["tab"] * 9, "=Zhao", "ctrl+g")
        assert [one.name for one in screen.customer.people.values()][-1] == "赵工"
        assert "赵工" in person.here
        await person.press("e", *["tab"] * 10, "=3月8日", "ctrl+g")
        (who,) = [one for one in screen.customer.people.values() if one.name == "赵工"]
        assert (who.other_names, who.birthday) == (("Zhao",), "03-08")
        await person.press("n", "=likes tea", "ctrl+g")
        assert "likes tea" in person.text
        await person.press("delete")
        assert "has left" in person.text
        await person.press("u", "u", "u", "u")
        assert len(screen.customer.people) == 2
        await person.press("ctrl+r")
        assert len(screen.customer.people) == 3
        assert person.app.saver.drain(5)
    found = workspace.read(second.id).customer_record
    assert found is not None
    assert len(found.people) == 3


async def test_what_cannot_be_is_told_at_its_field_and_a_twin_is_asked_about_once() -> None:
    filled()
    async with running() as person:
        screen = await open_first(person)
        await person.press("a", "=Li Hua", *["tab"] * 10, "=44-44", "ctrl+g")
        assert "not a birthday" in person.text
        await person.press("ctrl+u", "ctrl+g")
        assert "may be Li Hua" in person.text
        await person.press("ctrl+g")
        assert len(screen.customer.people) == 3


async def test_the_customers_new_name_is_shown_in_its_deals() -> None:
    workspace, first, _ = filled()
    async with running() as person:
        screen = await open_first(person)
        await person.press("E", "=Huading", "tab", "=华鼎数据", "ctrl+g")
        assert screen.customer.other_names == ("华鼎数据",)
        assert person.app.saver.drain(5)
        assert workspace.read(first.id).customer == "Huading"


async def test_two_people_are_made_one_after_a_look_and_two_again() -> None:
    workspace, first, second = filled()
    gone = with_person(workspace, second, "Li Hua", title="Head of IT", phone="13900000002")
    workspace.settle()
    async with running() as person:
        screen = await open_first(person)
        await person.press("D")
        assert "one or two" in person.text
        assert "gives way" in person.text
        await person.press("2")
        assert person.app.saver.drain(5)
        await person.settle()
        assert gone not in screen.customer.people
        assert gone not in workspace.store.read(second.id).stakeholders
        await person.press("u")
        assert person.app.saver.drain(5)
        await person.settle()
        assert gone in screen.customer.people
        assert gone in workspace.store.read(second.id).stakeholders
        # Called two, they are not offered again.
        await person.press("D", "4")
        assert person.app.saver.drain(5)
        await person.settle()
        assert any("Nothing looks like a duplicate" in told for told in person.told)
    assert len(workspace.read(first.id).contacts) == 1


async def test_two_customers_are_made_one_and_two_again() -> None:
    workspace, first, _ = filled()
    other = workspace.create(name="Desk", customer="华鼎数据有限公司")
    workspace.settle()
    async with running() as person:
        await person.press("c", "D")
        assert "one or two" in person.text
        await person.press("2")
        assert person.app.saver.drain(5)
        await person.settle()
        assert workspace.read(other.id).customer_id == workspace.read(first.id).customer_id
        await person.press("u")
        assert person.app.saver.drain(5)
        await person.settle()
        assert workspace.read(other.id).customer_id != workspace.read(first.id).customer_id


async def test_what_somebody_else_does_to_the_open_customer_is_shown_and_told() -> None:
    _, first, _ = filled()
    async with running() as person:
        screen = await open_first(person)
        other = elsewhere()
        stamp = other.stamp()
        who = next(key for key, one in screen.customer.people.items() if one.name == "Li Hua")
        assert first.customer_id is not None
        other.edit_customer(
            first.customer_id, lambda old: people.edit(old, who, stamp, phone="13911112222")
        )
        await sees(person, "13911112222")
        assert "Changed elsewhere: Ada Field" in person.text


async def test_all_that_is_held_of_a_person_is_written_into_a_file(tmp_path: Path) -> None:
    filled()
    path = tmp_path / "held.json"
    async with running() as person:
        await open_first(person)
        await person.press("x", f"={path}", "ctrl+g")
        await person.settle()
        assert any("Written to" in told for told in person.told)
    held = json.loads(path.read_text("utf-8"))
    assert held["person"]["name"] == "Li Hua"
    assert held["deals"][0]["name"] == "CRM"
    assert path.stat().st_mode & 0o077 == 0


async def test_a_customers_history_is_told_and_goes_back() -> None:
    filled()
    async with running() as person:
        screen = await open_first(person)
        await person.press("n", "=hello", "ctrl+g", "t")
        assert "hello" in person.text
        assert "Li Hua" in person.text
        await person.press("u")
        assert person.app.saver.drain(5)
        await person.settle()
        assert not screen.customer.notes
        await person.press("escape")
        assert person.app.screen is screen


async def test_a_person_is_erased_once_the_name_is_typed() -> None:
    workspace, first, _ = filled()
    backup = workspace.paths.deals.parent / "old.zip"
    make_backup(workspace.stores, backup, now=workspace.now(), replace=False)
    async with running() as person:
        screen = await open_first(person)
        await person.press("X", "=Li", "ctrl+g")
        assert "type it as it is" in person.text
        await person.press("= Hua", "ctrl+g")
        await person.settle()
        assert "old.zip" in person.text
        await person.press("enter")
        assert [one.name for one in screen.customer.people.values()] == ["Wang Fang"]
        await person.press("u")
        assert person.app.saver.drain(5)
    assert not workspace.read(first.id).stakeholders
    held = workspace.paths.deals.parent.rglob("*.json")
    assert [path for path in held if "Li Hua" in path.read_text("utf-8")] == []


async def test_a_deal_of_a_customer_stands_at_the_highest_open_stage() -> None:
    workspace, first, _ = filled("zh")
    above = workspace.playbook.stages[2]
    stamp = workspace.stamp()
    workspace.edit(
        first.id, lambda old: stages.open_stage(old, above.key, stamp, reason="They asked")
    )
    workspace.settle()
    async with running("zh", WIDE) as person:
        await open_first(person)
        row = next(line for line in person.text.splitlines() if "CRM" in line)
        assert above.name.get("zh") in row
