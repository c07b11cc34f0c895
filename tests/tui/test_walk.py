"""A rep opens a deal, works it, quits, comes back, and finds everything as it was."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from salescoach.deal import notes
from salescoach.deal.models import Deal
from salescoach.store.errors import SaveFailed
from tests.tui.pilot import running


async def test_the_first_start_says_what_to_do() -> None:
    async with running() as person:
        text = person.text
        assert "Create your first deal" in text
        assert "six sample deals" in text


async def test_work_on_a_deal_is_there_after_a_restart() -> None:
    async with running() as person:
        screen = await person.new_deal()
        await person.press("down", "space")
        assert "[x ]" in person.text
        await person.press("e", "=She told us herself", "tab", "=Li", "ctrl+g")
        assert "[xe]" in person.text
        await person.press("n", "=Call again", "ctrl+g")
        await person.press("a", "=Send the offer", "tab", "=+2d", "ctrl+g")
        deal_id = screen.deal.id
    async with running() as person:
        assert "Send the offer" in person.text
        await person.press("2", "enter")
        deal = person.app.workspace.read(deal_id)
        (state,) = deal.items.values()
        assert state.state == "evidenced"
        assert [piece.who for piece in state.evidence.values()] == ["Li"]
        assert [note.text for note in deal.notes.values()] == ["Call again"]
        text = person.text
        assert "[xe]" in text
        assert "Globex / Backup" in text


async def test_the_gate_says_what_is_missing_and_takes_it_on_the_spot() -> None:
    async with running() as person:
        screen = await person.new_deal()
        await person.press("g")
        assert "4 missing" in person.text
        await person.press("m")
        assert screen.deal.stages["customer-analysis"].closed is None
        for _ in range(4):
            await person.press("home", "enter", "1", "=because", "ctrl+g")
        assert "missing" not in person.text
        await person.press("m")
        assert person.app.screen is screen
        assert screen.deal.stages["customer-analysis"].closed is not None
        assert screen.deal.stages["building-trust"].is_open


async def test_going_on_regardless_keeps_the_reason() -> None:
    async with running() as person:
        screen = await person.new_deal()
        await person.press("g", "r", "=The tender starts tomorrow", "ctrl+g")
        stage = screen.deal.stages["customer-analysis"]
        assert stage.closed is not None
        assert stage.exit.override == "The tender starts tomorrow"


async def test_undo_and_redo() -> None:
    async with running() as person:
        screen = await person.new_deal()
        await person.press("down", "space")
        ticked = screen.deal.items
        await person.press("u")
        assert not screen.deal.items
        await person.press("ctrl+r")
        assert screen.deal.items == ticked


async def test_people_are_added_and_climb() -> None:
    async with running() as person:
        screen = await person.new_deal()
        await person.press("p", "a", "=Li Hua", "ctrl+g", "r", "3", "ctrl+g")
        assert "What happened is needed" in person.text
        assert "Why is needed" in person.text
        await person.press("=Came to our office", "ctrl+g")
        assert screen.deal.contacts[next(iter(screen.deal.contacts))].rung is None
        await person.press("=Old friends", "ctrl+g", "i")
        (who,) = screen.deal.contacts.values()
        assert (who.name, who.rung, who.guide) == ("Li Hua", "engagement", True)
        (step,) = who.rungs.values()
        assert (step.who, step.note, step.reason) == ("Li Hua", "Came to our office", "Old friends")
        assert "Li Hua" in person.text


async def test_brackets_and_escapes_stay_text() -> None:
    async with running() as person:
        stamp_free = person.app.workspace.create(
            name='close [/] now [on_click="x', customer="[Acme] \x1b]52;c;eA==\x07Ltd \u202eevil"
        )
        await person.press("f5", "2")
        assert 'close [/] now [on_click="x' in person.text
        await person.press("enter")
        text = person.text
        assert "[Acme] Ltd evil" in text
        assert "\x1b" not in text
        assert "\u202e" not in text
        for key in ("p", "escape", "t", "escape", "A", "escape", "g", "escape", "question_mark"):
            await person.press(key)
        assert person.app.workspace.read(stamp_free.id).customer == "[Acme] Ltd evil"


async def test_the_language_changes_while_it_runs() -> None:
    async with running(size=(80, 24)) as person:
        await person.new_deal()
        assert "Customer analysis" in person.text
        await person.press("down", "down", "f2")
        text = person.text
        assert "客户分析" in text
        assert "Customer analysis" not in text
    async with running() as person:
        assert person.app.workspace.settings.lang == "zh"


async def test_letters_do_not_fire_in_a_field() -> None:
    async with running() as person:
        await person.press("n", "=quq2n")
        await person.press("escape")
        assert "Throw it away" in person.text
        await person.press("2")
        assert not person.app.workspace.has_deals()


async def test_an_action_done_on_home_leaves_the_list_and_comes_back_with_undo() -> None:
    async with running() as person:
        await person.new_deal()
        await person.press("a", "=Send the offer", "tab", "=today", "ctrl+g", "escape", "1")
        assert "Send the offer" in person.text
        await person.press("d", "enter")
        await person.app.workers.wait_for_complete()
        rows = [line for line in person.text.splitlines() if "Send the offer" in line]
        assert all("Done:" in line for line in rows)
        await person.press("u")
        assert person.app.workspace.due(person.app.workspace.today(), 9)


async def test_an_edit_the_disk_refuses_stays_and_is_saved_by_a_retry(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with running() as person:
        screen = await person.new_deal()
        edit = person.app.workspace.edit
        refusals = [SaveFailed(Path("deals"), "disk-full", "No space left on device")]

        def refuse_once(
            deal_id: str, operation: Callable[[Deal], Deal], base: Deal | None = None
        ) -> Deal:
            if refusals:
                raise refusals.pop()
            return edit(deal_id, operation, base)

        monkeypatch.setattr(person.app.workspace, "edit", refuse_once)
        await person.pilot.press("down", "space")
        await person.pilot.pause(0.3)
        assert "[x ]" in person.text
        assert person.app.saver.pending() == 1
        await person.press("f5")
        assert person.app.saver.pending() == 0
        assert person.app.workspace.read(screen.deal.id).items


async def test_a_damaged_deal_is_told_and_the_others_work() -> None:
    async with running() as person:
        screen = await person.new_deal()
        path = person.app.workspace.paths.deals / f"{screen.deal.id}.json"
        path.write_text("{not a deal", "utf-8")
        await person.press("escape", "f5", "2", "enter")
        assert person.app.screen is not screen
        assert path.read_text("utf-8") == "{not a deal"


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
@pytest.mark.parametrize("lang", ["zh", "en"])
async def test_every_screen_shows_its_keys_and_the_help(lang: str, size: tuple[int, int]) -> None:
    async with running(lang, size) as person:
        await person.press("e")
        for keys in (["2"], ["enter"], ["p"], ["escape", "t"], ["escape", "A"]):
            await person.press(*keys)
            assert "? " in person.text.splitlines()[-1]
            await person.press("question_mark", "escape")
        await person.press("escape", "g", "escape", "escape", "ctrl+p")
        await person.press("=jiamu", "down", "up", "escape")


async def test_an_edit_of_a_vanished_deal_does_not_hold_up_the_others() -> None:
    async with running() as person:
        screen = await person.new_deal()
        other = person.app.workspace.create(name="Other", customer="Initech")
        person.app.save("00000000-0000-4000-8000-000000000000", lambda deal: deal)
        stamp = person.app.workspace.stamp()
        person.app.save(other.id, lambda deal: notes.add(deal, stamp, "kept"))
        await person.settle()
        assert person.app.saver.pending() == 0
        assert [note.text for note in person.app.workspace.read(other.id).notes.values()] == [
            "kept"
        ]
        assert screen.deal.id != other.id


async def test_undo_waits_for_what_is_queued_before_it() -> None:
    async with running() as person:
        screen = await person.new_deal()
        await person.pilot.press("down", "space", "down", "space", "u", "u")
        await person.settle()
        assert not person.app.workspace.read(screen.deal.id).items
        assert not screen.deal.items


async def test_a_burst_of_keys_closes_one_screen_only() -> None:
    async with running() as person:
        screen = await person.new_deal()
        await person.press("p", "question_mark")
        help_screen = person.app.screen
        help_screen.action_back()  # type: ignore[attr-defined]
        help_screen.action_back()  # type: ignore[attr-defined]
        await person.settle()
        assert person.app.screen is not screen
        assert person.app.screen_stack[-2] is screen


async def test_a_tick_that_a_coach_confirmed_is_not_taken_back_by_a_stray_key() -> None:
    async with running() as person:
        screen = await person.new_deal()
        await person.press("space", "c", "tab", "=Meyer", "ctrl+g")
        (state,) = screen.deal.items.values()
        assert state.state == "confirmed"
        await person.press("space")
        assert "Meyer has confirmed" in person.text
        await person.press("enter")
        assert screen.deal.items == {next(iter(screen.deal.items)): state}
        await person.press("space", "2")
        assert next(iter(screen.deal.items.values())).state == "open"


async def test_a_deal_opens_on_the_first_thing_to_do_and_folds_visibly() -> None:
    async with running() as person:
        screen = await person.new_deal()
        await person.press("space")
        assert list(screen.deal.items) == ["guide-low-level-first"]
        assert "v 1.1" in person.text
        await person.press("up", "enter")
        assert "+ 1.1" in person.text


async def test_one_deal_after_the_other_shows_its_own() -> None:
    async with running() as person:
        await person.new_deal()
        await person.press("2", "escape", "n", "=Initech", "enter", "=Printer", "ctrl+g")
        assert "Initech / Printer" in person.text
        await person.press("space", "3", "p", "ctrl+p", "=globex", "enter")
        text = person.text
        assert "Globex / Backup" in text
        assert "[x ]" not in text
        assert "[1* Customer analysis" in text
        await person.press("escape")
        assert person.app.screen.id != "DealScreen"
        assert len(person.app.screen_stack) == 1


async def test_a_gate_passed_with_a_reason_says_so() -> None:
    async with running() as person:
        await person.new_deal()
        await person.press("g", "r", "=The tender starts tomorrow", "ctrl+g", "1")
        assert "not met, passed with a reason" in person.text


async def test_what_was_said_goes_with_its_screen() -> None:
    async with running() as person:
        await person.new_deal()
        await person.press("up", "space")
        assert "Put the cursor on an item first." in person.text
        await person.press("escape")
        assert person.app.said is None


async def test_the_work_of_a_won_deal_is_on_home() -> None:
    async with running() as person:
        await person.new_deal()
        await person.press("a", "=Collect the money", "tab", "=today", "ctrl+g")
        await person.press("s", "1", "ctrl+g")
        assert "What was signed is needed" in person.text
        await person.press("=PO 7", "tab", "tab", "=5000", "ctrl+g", "escape", "1")
        assert "Collect the money" in person.text


async def test_a_form_tells_all_its_mistakes_at_once() -> None:
    async with running() as person:
        await person.press("n", "tab", "tab", "=12,00x", "tab", "tab", "=2026-02-30", "ctrl+g")
        text = person.text
        assert "Customer is needed" in text
        assert "Deal is needed" in text
        assert "is not an amount" in text
        assert "There is no day" in text
        assert not person.app.workspace.has_deals()


async def test_a_contact_just_added_is_under_the_cursor() -> None:
    async with running() as person:
        screen = await person.new_deal()
        for name in ("Li Hua", "Zhang Wei"):
            await person.press(*(() if name == "Zhang Wei" else ("p",)), "a", f"={name}", "ctrl+g")
        await person.press("r", "2", "=She knows my name", "ctrl+g")
        rungs = {who.name: who.rung for who in screen.deal.contacts.values()}
        assert rungs == {"Li Hua": None, "Zhang Wei": "acquaintance"}


async def test_undo_says_what_it_took_back() -> None:
    async with running() as person:
        await person.new_deal()
        await person.press("a", "=Send the offer", "ctrl+g")
        assert person.app.said
        assert person.app.said.text == "Planned: Send the offer"
        await person.press("u")
        assert "Undone: " in person.app.said.text
        assert "Send the offer" in person.app.said.text
