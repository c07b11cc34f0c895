"""The palette and a deal's search find commands, people, moves, items and titles by their words and by pinyin."""

from __future__ import annotations

import pytest

from salescoach.customer.identity import edit
from salescoach.deal.identity import edit as edit_deal
from salescoach.tui.customer.screen import CustomerScreen
from salescoach.tui.deal.contacts import ContactsScreen
from salescoach.tui.deal.screen import DealScreen
from salescoach.workspace import open_workspace
from tests.tui.pilot import NARROW, WIDE, Person, running
from tests.tui.test_outside import change, sees


async def _with_people(person: Person) -> None:
    await person.new_deal(customer="远航重工", name="备份")
    await person.press("p", "a", "=单玉梅", "tab", "=采购部行长", "ctrl+g", "escape")


async def test_a_deals_search_finds_people_titles_moves_and_items_by_any_reading() -> None:
    async with running("zh") as person:
        await _with_people(person)
        for typed in ("shanyumei", "sym", "danym", "hangzhang", "行长"):
            await person.press("slash", f"={typed}")
            assert "单玉梅" in person.text, typed
            await person.press("escape")
        move = person.deal.playbook.stages[2].moves[1]
        assert move.name.zh == "问题和障碍"
        await person.press("slash", "=wthza")
        assert f"3.2 {move.name.zh}" in person.text
        await person.press("enter")
        row = person.deal.current_row()
        assert row is not None
        assert row.move == move.key


async def test_a_person_that_is_found_is_shown_among_the_people() -> None:
    async with running("zh") as person:
        await _with_people(person)
        await person.press("p", "a", "=曾国强", "ctrl+g", "escape")
        await person.press("slash", "=sym", "enter")
        assert isinstance(person.app.screen, ContactsScreen)
        assert "单玉梅" in person.here
        await person.press("escape", "slash", "=zenggq", "enter")
        assert "曾国强" in person.here


async def test_the_palette_finds_people_of_every_deal_and_commands() -> None:
    async with running("zh") as person:
        await _with_people(person)
        await person.press("escape", "ctrl+p", "=shanym")
        assert "单玉梅" in person.text
        await person.press("enter")
        assert isinstance(person.app.screen, ContactsScreen)
        assert "单玉梅" in person.here
        assert person.deal.deal.customer == "远航重工"
        await person.press("escape", "escape", "ctrl+p", "=xinj")
        assert "新建  " in person.text
        await person.press("escape", "ctrl+p", "=yh")
        first = next(line for line in person.text.splitlines() if "│- " in line)
        assert "远航重工 备份" in first  # what begins so comes before what has it inside
    async with running("zh") as person:  # and before any deal was opened
        await person.press("ctrl+p", "=单玉梅", "enter")
        assert isinstance(person.app.screen, ContactsScreen)
        assert "单玉梅" in person.here
        await person.press("escape")
        assert "[联系人]" not in person.text


async def test_what_nobody_is_called_finds_nothing() -> None:
    async with running("zh") as person:
        await _with_people(person)
        await person.press("slash", "=shenym")
        assert "单玉梅" not in person.text


@pytest.mark.parametrize(
    ("lang", "size", "kind"), [("zh", NARROW, "客户"), ("en", WIDE, "customer")]
)
async def test_the_palette_finds_a_customer_by_each_of_its_names(
    lang: str, size: tuple[int, int], kind: str
) -> None:
    workspace = open_workspace(lang=lang)
    deals = [workspace.create(name=f"D{at}", customer="华鼎数据") for at in range(8)]
    key, stamp = deals[0].customer_id, workspace.stamp()
    assert key is not None
    workspace.edit_customer(key, lambda old: edit(old, stamp, other_names=("Acme Ltd",)))
    workspace.settle()
    async with running(lang, size) as person:
        for typed in ("huading", "hdsj", "华鼎", "acme"):
            await person.press("ctrl+p", f"={typed}")
            (line,) = [one for one in person.text.splitlines() if "Acme Ltd" in one]
            assert f" {kind} " in line, typed
            assert "华鼎数据" in line, typed
            assert "8" in line, typed
            await person.press("escape")
        await person.press("ctrl+p", "=acme", "enter")
        assert isinstance(person.app.screen, CustomerScreen)
        assert person.app.screen.customer.id == key
        await person.press("escape", "ctrl+p", "=nobodyelse")
        assert "Acme" not in person.text


async def test_the_deal_behind_a_customer_of_the_palette_is_followed_again() -> None:
    async with running() as person:
        screen = await person.new_deal()
        await person.press("ctrl+p", "=globex", "down", "enter")
        assert isinstance(person.app.screen, CustomerScreen)
        await person.press("escape")
        assert isinstance(person.app.screen, DealScreen)
        change(screen.deal.id, edit_deal, "stamp", name="Theirs")
        await sees(person, "Theirs")
