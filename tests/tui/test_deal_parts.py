"""The screens over a deal: how they lead to each other, and what they tell in full."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from salescoach.deal.models import Deal
from tests.tui.pilot import NARROW, running

SIBLINGS = {
    "p": "ContactsScreen",
    "A": "ActionsScreen",
    "t": "TimelineScreen",
    "g": "GateDialog",
}


def unbroken(text: str) -> str:
    """Return the text on the screen as one line, without the frames around it."""
    return " ".join(text.replace("│", " ").split())


async def test_a_contact_without_a_level_says_which_item_it_opened() -> None:
    async with running(size=NARROW) as person:
        screen = await person.new_deal()
        await person.press("p", "a", "=Ann", "tab", "tab", "tab", "2", "2", "1")
        await person.press("ctrl+g")
        assert person.app.said is None
        await person.press("a", "=Wang", "ctrl+g")
        assert person.app.said
        assert "is open again: Wang has no level, function, roles yet" in person.app.said.text
        assert len(screen.deal.contacts) == 2
        assert "Wang has no level" in " ".join(person.text.split())


@pytest.mark.parametrize("first", SIBLINGS)
async def test_a_part_of_a_deal_leads_to_the_others_and_escape_to_the_deal(first: str) -> None:
    async with running() as person:
        screen = await person.new_deal()
        await person.press(first)
        for key in [key for key in SIBLINGS if key != first] + [first]:
            await person.press(key)
            assert type(person.app.screen).__name__ == SIBLINGS[key]
            assert person.app.screen_stack[-2] is screen
        await person.press("escape")
        assert person.app.screen is screen


@pytest.mark.parametrize("part", SIBLINGS)
async def test_undo_and_redo_work_in_every_part_of_a_deal(part: str) -> None:
    async with running() as person:
        screen = await person.new_deal()
        await person.press("space", part, "u")
        assert not screen.deal.items
        await person.press("ctrl+r")
        assert screen.deal.items
        assert type(person.app.screen).__name__ == SIBLINGS[part]


async def test_another_date_shows_in_a_deals_actions_before_it_is_on_the_disk(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with running() as person:
        screen = await person.new_deal()
        await person.press("a", "=Call Ann", "tab", "=+1d", "ctrl+g", "A")
        assert "tomorrow" in person.text
        saved = threading.Event()
        edit = person.app.workspace.edit

        def late(deal_id: str, operation: Callable[[Deal], Deal], *_: object) -> Deal:
            saved.wait(5)
            return edit(deal_id, operation)

        monkeypatch.setattr(person.app.workspace, "edit", late)
        await person.press("z", "end")
        await person.pilot.press(*["backspace"] * 10, "plus", "5", "d", "ctrl+g")
        await person.pilot.pause()
        assert person.app.saver.pending() == 1
        assert "in 5d" in person.text
        saved.set()
        await person.settle()
        (action,) = screen.deal.actions.values()
        assert action.snoozed == 1
        assert "in 5d" in person.text


@pytest.mark.parametrize("lang", ["zh", "en"])
async def test_what_a_narrow_terminal_cuts_is_told_in_full_below(lang: str) -> None:
    async with running(lang, NARROW) as person:
        screen = await person.new_deal()
        roles = screen.playbook.tools.organisation.roles
        await person.press("p", "a", "=Ann", "tab", "=Vice President of the Northern Region")
        await person.press("tab", "tab", "2", "2")
        for number, role in enumerate(roles, 1):
            shown = person.text.replace(">[", " [")  # the mark is on one of them
            assert f"{number} [ ] {role.name.get(screen.words.lang)} " in shown
        await person.press("1", "2", "4", "5", "ctrl+g")
        panel = person.text.splitlines()[12:]
        whole = " ".join(" ".join(panel).split())
        assert "Ann Vice President of the Northern Region" in whole
        names = [roles[index].name.get(screen.words.lang) for index in (0, 1, 3, 4)]
        assert screen.words("fields.list-separator").join(names) in whole
        organisation = screen.playbook.tools.organisation
        for entry in (organisation.levels[0], organisation.functions[0]):
            assert entry.name.get(screen.words.lang) in whole


async def test_the_gate_and_a_form_tell_a_long_item_in_full() -> None:
    async with running(size=NARROW) as person:
        screen = await person.new_deal()
        here = [one for one in screen.playbook.places.values() if one.stage == screen.stage]
        longest = max(here, key=lambda place: len(place.item.text.en) * place.item.required)
        assert len(longest.item.text.en) > NARROW[0]
        person.app.show_item(longest.stage.key, longest.item.key)
        await person.press("e")
        assert f"{longest.number} {longest.item.text.en}" in unbroken(person.text)
        await person.press("escape", "g")
        while longest.number not in person.here:
            before = person.here
            await person.press("down")
            assert person.here != before, "the item is not in the gate"
        assert f"{longest.number} {longest.item.text.en}" in unbroken(person.text)
