"""What a rep and a coach do with a deal, told as they would do it: by keys alone."""

from __future__ import annotations

import pytest

from salescoach.tui.deal.screen import DealScreen
from salescoach.tui.home.screen import HomeScreen
from salescoach.tui.screens.base import APP_COMMANDS, CoachScreen
from salescoach.tui.screens.palette import PaletteScreen
from tests.tui.pilot import NARROW, WIDE, running


async def test_the_gate_lists_exactly_what_the_coach_says_is_missing() -> None:
    async with running() as person:
        screen = await person.new_deal()
        await person.press("g")
        tools = screen.playbook.tools.opportunity
        for question in tools.questions:
            assert f"not answered with yes: {question.name.en}"[:50] in person.text
        await person.press("home", "enter", "2", "=no budget yet", "ctrl+g")
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
        assert "What is missing is needed" in person.text
        await person.press("=Who is she", "ctrl+g")
        (state,) = screen.deal.items.values()
        assert state.state != "confirmed"


@pytest.mark.parametrize(
    ("pick", "reason", "tab", "status"),
    [
        ("1", ["=PO 7", "tab", "tab", "=5000", "tab", "tab", "=Best fit"], "4", "won"),
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
        seen, before = person.text, ""
        while before != person.text:
            before = person.text
            await person.press("pagedown")
            seen += person.text
        for command in (*screen.COMMANDS_HERE, *APP_COMMANDS):
            assert person.app.words("helps." + command.id)[:30] in seen, command.id


async def test_undoing_a_move_goes_back_to_the_stage_it_was_made_from() -> None:
    async with running() as person:
        screen = await person.new_deal()
        first = screen.stage.key
        await person.press("g", "r", "=They signed the budget already", "ctrl+g")
        second = screen.stage.key
        assert second != first
        await person.press("u")
        assert screen.stage.key == first
        await person.press("ctrl+r")
        assert screen.stage.key == second
        await person.press("4", "u")
        assert screen.stage == screen.playbook.stages[3]  # who looks at another stage stays there


async def test_a_second_contact_of_one_name_is_asked_about_once_and_can_be_taken_back() -> None:
    async with running() as person:
        screen = await person.new_deal()
        await person.press("p", "a", "=Lena Ortiz", "ctrl+g")
        assert "already" not in person.text
        await person.press("a", "=lena  ortiz", "ctrl+g")
        assert "this may be Lena Ortiz" in person.text
        assert len(screen.deal.contacts) == 1
        await person.press("ctrl+g")
        assert len(screen.deal.contacts) == 2
        await person.press("u")
        assert len(screen.deal.contacts) == 1
