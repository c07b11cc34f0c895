"""The palette and a deal's search find commands, people, moves, items and titles by their words and by pinyin."""

from __future__ import annotations

from salescoach.tui.deal.contacts import ContactsScreen
from tests.tui.pilot import Person, running


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
