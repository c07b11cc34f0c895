"""What a rep and a coach do with a deal, told as they would do it: by keys alone."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from salescoach.deal.models import Deal
from salescoach.store.errors import SaveFailed
from salescoach.tui.screens.base import APP_COMMANDS, CoachScreen
from salescoach.tui.screens.deal import DealScreen
from salescoach.tui.screens.home import HomeScreen
from salescoach.tui.screens.palette import PaletteScreen
from tests.tui.pilot import NARROW, WIDE, running


async def test_the_samples_come_into_an_empty_store_and_are_found_by_pinyin() -> None:
    async with running("zh") as person:
        await person.press("e")
        await person.press("2")
        assert "华鼎数据" in person.text
        assert "蓝海物流" in person.text
        await person.press("slash", "=hd")
        assert "华鼎数据" in person.text
        assert "蓝海物流" not in person.text
        await person.press("escape")
        assert "蓝海物流" in person.text
        await person.press("slash", "=zzzz")
        assert "华鼎数据" not in person.text


async def test_samples_are_not_put_beside_deals_of_ones_own() -> None:
    async with running() as person:
        await person.new_deal()
        await person.press("escape", "e")
        assert person.app.workspace.counts().open == 1


async def test_the_gate_lists_exactly_what_the_coach_says_is_missing() -> None:
    async with running() as person:
        screen = await person.new_deal()
        await person.press("g")
        tools = screen.playbook.tools.opportunity
        for question in tools.questions:
            assert f"not answered with yes: {question.name.en}"[:50] in person.text
        await person.press("home", "enter", "2", "tab", "=no budget yet", "ctrl+g")
        assert "4 missing" in person.text
        assert screen.deal.answers[tools.questions[0].key].answer == "no"
        await person.press("home", "enter", "1", "ctrl+g")
        assert "3 missing" in person.text


async def test_a_marker_takes_evidence_in_the_gate() -> None:
    async with running() as person:
        screen = await person.new_deal()
        await person.press("2", "g")
        assert "Open this stage" in person.text
        await person.press("end", "e", "=They called us in", "ctrl+g")
        record = screen.deal.stages["building-trust"]
        assert [piece.note for piece in record.entry.evidence.values()] == ["They called us in"]


async def test_an_override_without_a_reason_is_refused() -> None:
    async with running() as person:
        screen = await person.new_deal()
        await person.press("g", "r", "ctrl+g")
        assert "Reason is needed" in person.text
        assert screen.deal.stages["customer-analysis"].closed is None
        await person.press("=Obeying", "ctrl+g", "1", "tab", "tab", "tab")
        person.app.clear_notifications()  # the panel's last lines are under one
        await person.press("J", "J", "J", "J")
        assert "Obeying" in person.text


async def test_not_applicable_needs_a_reason_and_shows_it() -> None:
    async with running() as person:
        screen = await person.new_deal()
        await person.press("down", "minus", "ctrl+g")
        assert "Reason is needed" in person.text
        await person.press("=No board here", "ctrl+g")
        (state,) = screen.deal.items.values()
        assert (state.state, state.reason) == ("not_applicable", "No board here")
        assert "[- ]" in person.text
        await person.press("tab")
        assert "Does not apply: No board here" in person.text


async def test_a_coach_confirms_by_name_and_challenges_with_a_reason() -> None:
    async with running() as person:
        screen = await person.new_deal()
        await person.press("down", "e", "=She said so", "ctrl+g")
        await person.press("c", "tab", "=Wang", "ctrl+g")
        (state,) = screen.deal.items.values()
        assert (state.state, state.confirmed_by) == ("confirmed", "Wang")
        assert "[xc]" in person.text
        await person.press("c", "2", "ctrl+g")
        assert "Throw it away" not in person.text
        assert "Give at least one" in person.text
        await person.press("=Who is she", "ctrl+g")
        (state,) = screen.deal.items.values()
        assert state.state != "confirmed"


@pytest.mark.parametrize(
    ("pick", "reason", "tab", "status"),
    [
        ("1", ["=Best fit"], "4", "won"),
        ("2", ["=Price"], "4", "lost"),
        ("3", ["tab", "=No money this year"], "3", "nurture"),
    ],
)
async def test_a_deal_ends_or_rests_and_opens_again(
    pick: str, reason: list[str], tab: str, status: str
) -> None:
    async with running() as person:
        screen = await person.new_deal()
        await person.press("s", pick, *reason, "ctrl+g")
        assert screen.deal.status == status
        assert screen.deal.status_reason == reason[-1][1:]
        await person.press("escape", "2")
        assert "Globex" not in person.text
        await person.press(tab)
        assert "Globex" in person.text
        await person.press("enter", "s", "1", "ctrl+g")
        assert person.deal.deal.status == "open"


async def test_the_timeline_tells_what_was_done_latest_first() -> None:
    async with running() as person:
        await person.new_deal()
        await person.press("down", "space", "n", "=A note of mine", "ctrl+g", "t")
        lines = person.text.splitlines()
        (note,) = [line for line in lines[:10] if "A note of mine" in line]
        assert lines.index(note) == 1
        await person.press("n", "=Another", "ctrl+g")
        assert "Another" in person.text.splitlines()[1]


async def test_the_language_changes_and_the_cursor_stays() -> None:
    async with running() as person:
        await person.new_deal()
        await person.press("3", "down", "down", "down")
        screen = person.deal
        row, cursor = screen.current_row(), screen.rows.cursor
        await person.press("f2")
        assert screen.current_row() == row
        assert screen.rows.cursor == cursor
        assert "挖掘需求" in person.text
        assert person.here
        await person.press("f2")
        assert "挖掘需求" not in person.text


async def test_home_keeps_its_cursor_when_the_language_changes() -> None:
    async with running("zh") as person:
        await person.press("e")
        await person.press("2", "down", "down")
        before = person.here
        await person.press("f2")
        assert person.here[:14] == before[:14]


async def test_the_palette_finds_a_deal_a_command_and_an_item() -> None:
    async with running("zh") as person:
        await person.press("e")
        await person.press("ctrl+p", "=hd")
        assert "华鼎数据" in person.text
        await person.press("enter")
        assert isinstance(person.app.screen, DealScreen)
        assert person.app.screen.deal.customer == "华鼎数据"
    async with running() as person:
        await person.press("2", "enter", "ctrl+p", "=timeline", "enter")
        assert "[Timeline]" in person.text
        await person.press("escape")
        places = person.deal.playbook.places
        place = next(one for one in places.values() if one.stage.key == "follow-up")
        await person.press("ctrl+p", f"={place.item.key}", "enter")
        row = person.deal.current_row()
        assert row is not None
        assert row.item == place.item.key


async def test_the_palette_finds_nothing_and_says_so() -> None:
    async with running() as person:
        await person.press("ctrl+p", "=qqqqqq", "enter")
        assert isinstance(person.app.screen, PaletteScreen)
        await person.press("escape")
        assert isinstance(person.app.screen, HomeScreen)


async def test_a_theme_is_picked_from_the_list_and_remembered() -> None:
    async with running() as person:
        await person.press("f3", "down", "enter")
        assert person.app.theme == "textual-light"
    async with running() as person:
        assert person.app.theme == "textual-light"


async def test_letters_go_into_the_search_not_to_the_commands() -> None:
    async with running("zh") as person:
        await person.press("e")
        await person.press("2", "slash", "=nqsduz3")
        assert isinstance(person.app.screen, HomeScreen)
        assert "nqsduz3" in person.text
        await person.press("question_mark")
        assert isinstance(person.app.screen, HomeScreen)


@pytest.mark.parametrize("size", [NARROW, WIDE])
@pytest.mark.parametrize("opening", [[], ["p"], ["t"], ["A"], ["home"]])
async def test_the_help_lists_every_command(opening: list[str], size: tuple[int, int]) -> None:
    async with running(size=size) as person:
        if opening != ["home"]:
            await person.new_deal()
            await person.press(*opening)
        screen = person.app.screen
        assert isinstance(screen, CoachScreen)
        await person.press("question_mark")
        seen = person.text
        for _ in range(20):
            await person.pilot.press("pagedown")
            await person.pilot.pause()
            seen += person.text
        for command in (*screen.COMMANDS_HERE, *APP_COMMANDS):
            assert person.app.words("helps." + command.id)[:30] in seen, command.id


@pytest.mark.parametrize(("lang", "told"), [("zh", "甲木测绘"), ("en", "Quillhaven")])
async def test_the_samples_come_in_the_readers_language(lang: str, told: str) -> None:
    async with running(lang) as person:
        await person.press("e", "2")
        assert told in person.text
        customers = {card.customer for card in person.app.workspace.cards()}
        assert {name.isascii() for name in customers} == {lang == "en"}


async def test_a_contact_without_a_level_says_which_item_it_opened() -> None:
    async with running(size=NARROW) as person:
        screen = await person.new_deal()
        await person.press("p", "a", "=Ann", "tab", "tab", "tab", "2", "tab", "2", "tab", "1")
        await person.press("ctrl+g")
        assert not len(person.app._notifications)
        await person.press("a", "=Wang", "ctrl+g")
        (said,) = [one.message for one in person.app._notifications]
        assert "is open again: Wang has no level, function, roles yet" in said
        assert len(screen.deal.contacts) == 2
        assert "Wang has no level" in " ".join(person.text.split())


SIBLINGS = {
    "p": "ContactsScreen",
    "A": "ActionsScreen",
    "t": "TimelineScreen",
    "g": "GateDialog",
}


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
        await person.pilot.press(*["backspace"] * 3, "plus", "5", "d", "ctrl+g")
        await person.pilot.pause()
        assert person.app.saver.pending() == 1
        assert "in 5d" in person.text
        saved.set()
        await person.settle()
        (action,) = screen.deal.actions.values()
        assert action.snoozed == 1
        assert "in 5d" in person.text


async def test_home_says_done_only_when_it_is_saved(monkeypatch: pytest.MonkeyPatch) -> None:
    async with running() as person:
        await person.new_deal()
        await person.press("a", "=Call Ann", "tab", "=today", "ctrl+g", "escape", "1")
        edit = person.app.workspace.edit
        refusals = [SaveFailed(Path("deals"), "disk-full", "No space left on device")]

        def refuse_once(deal_id: str, operation: Callable[[Deal], Deal], *_: object) -> Deal:
            if refusals:
                raise refusals.pop()
            return edit(deal_id, operation)

        said: list[str] = []
        say = person.app.say

        def noted(message: str, **how: Any) -> None:
            said.append(message)
            say(message, **how)

        monkeypatch.setattr(person.app, "say", noted)
        monkeypatch.setattr(person.app.workspace, "edit", refuse_once)
        await person.pilot.press("d", "d")
        await person.pilot.pause(0.2)
        assert person.app.saver.pending() == 1
        assert ["the disk is full" in line for line in said] == [True]
        await person.press("f5")
        assert said[1:] == ["Done: Call Ann. u takes it back."]
