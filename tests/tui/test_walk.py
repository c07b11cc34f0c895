"""A rep opens a deal, works it, quits, comes back, and finds everything as it was."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.pilot import Pilot

from salescoach.deal import notes
from salescoach.deal.models import Deal
from salescoach.store.errors import SaveFailed
from salescoach.tui.app import CoachApp
from salescoach.tui.screens.deal import DealScreen
from salescoach.workspace import open_workspace


@asynccontextmanager
async def running(
    lang: str = "en", size: tuple[int, int] = (120, 36)
) -> AsyncIterator[tuple[CoachApp, Pilot[int]]]:
    """Run the app on the test's own home; leave only when everything is saved."""
    app = CoachApp(open_workspace(lang=lang))
    async with app.run_test(size=size) as pilot:
        await settle(app, pilot)
        yield app, pilot
        app.saver.drain(5)
        await settle(app, pilot)


async def settle(app: CoachApp, pilot: Pilot[int]) -> None:
    """Wait until the workers and the saver are done and the screen shows it."""
    await pilot.pause()
    await app.workers.wait_for_complete()
    if app.saver.pending():
        app.saver.drain(5)
    await pilot.pause(0.05)


def shown(app: CoachApp) -> str:
    """Return the text on the screen."""
    strips = app.screen._compositor.render_strips()
    return "\n".join(strip.text for strip in strips)


async def press(app: CoachApp, pilot: Pilot[int], *keys: str) -> None:
    """Press keys one after the other; `=text` types a text."""
    for key in keys:
        if key.startswith("="):
            await pilot.press(*("space" if char == " " else char for char in key[1:]))
        else:
            await pilot.press(key)
        await settle(app, pilot)


async def new_deal(app: CoachApp, pilot: Pilot[int]) -> DealScreen:
    await press(app, pilot, "n", "=Globex", "enter", "=Backup", "ctrl+g")
    screen = app.screen
    assert isinstance(screen, DealScreen)
    return screen


async def test_the_first_start_says_what_to_do() -> None:
    async with running() as (app, _):
        text = shown(app)
        assert "Create your first deal" in text
        assert "six sample deals" in text


async def test_work_on_a_deal_is_there_after_a_restart() -> None:
    async with running() as (app, pilot):
        screen = await new_deal(app, pilot)
        await press(app, pilot, "down", "space")
        assert "[x ]" in shown(app)
        await press(app, pilot, "e", "=She told us herself", "tab", "=Li", "ctrl+g")
        assert "[xe]" in shown(app)
        await press(app, pilot, "n", "=Call again", "ctrl+g")
        await press(app, pilot, "a", "=Send the offer", "tab", "=+2d", "ctrl+g")
        deal_id = screen.deal.id
    async with running() as (app, pilot):
        assert "Send the offer" in shown(app)
        await press(app, pilot, "2", "enter")
        deal = app.workspace.read(deal_id)
        (state,) = deal.items.values()
        assert state.state == "evidenced"
        assert [piece.who for piece in state.evidence.values()] == ["Li"]
        assert [note.text for note in deal.notes.values()] == ["Call again"]
        text = shown(app)
        assert "[xe]" in text
        assert "Globex / Backup" in text


async def test_the_gate_says_what_is_missing_and_takes_it_on_the_spot() -> None:
    async with running() as (app, pilot):
        screen = await new_deal(app, pilot)
        await press(app, pilot, "g")
        assert "4 missing" in shown(app)
        await press(app, pilot, "m")
        assert screen.deal.stages["customer-analysis"].closed is None
        for _ in range(4):
            await press(app, pilot, "home", "enter", "tab", "=because", "ctrl+g")
        assert "missing" not in shown(app)
        await press(app, pilot, "m")
        assert app.screen is screen
        assert screen.deal.stages["customer-analysis"].closed is not None
        assert screen.deal.stages["building-trust"].is_open


async def test_going_on_regardless_keeps_the_reason() -> None:
    async with running() as (app, pilot):
        screen = await new_deal(app, pilot)
        await press(app, pilot, "g", "r", "=The tender starts tomorrow", "ctrl+g")
        stage = screen.deal.stages["customer-analysis"]
        assert stage.closed is not None
        assert stage.exit.override == "The tender starts tomorrow"


async def test_undo_and_redo() -> None:
    async with running() as (app, pilot):
        screen = await new_deal(app, pilot)
        await press(app, pilot, "down", "space")
        ticked = screen.deal.items
        await press(app, pilot, "u")
        assert not screen.deal.items
        await press(app, pilot, "ctrl+r")
        assert screen.deal.items == ticked


async def test_people_are_added_and_climb() -> None:
    async with running() as (app, pilot):
        screen = await new_deal(app, pilot)
        await press(app, pilot, "p", "a", "=Li Hua", "ctrl+g", "r", "3", "i")
        (who,) = screen.deal.contacts.values()
        assert (who.name, who.rung, who.guide) == ("Li Hua", "engagement", True)
        assert "Li Hua" in shown(app)


async def test_brackets_and_escapes_stay_text() -> None:
    async with running() as (app, pilot):
        stamp_free = app.workspace.create(
            name='close [/] now [on_click="x', customer="[Acme] \x1b]52;c;eA==\x07Ltd \u202eevil"
        )
        await press(app, pilot, "f5", "2")
        assert 'close [/] now [on_click="x' in shown(app)
        await press(app, pilot, "enter")
        text = shown(app)
        assert "[Acme] Ltd evil" in text
        assert "\x1b" not in text
        assert "\u202e" not in text
        for key in ("p", "escape", "t", "escape", "A", "escape", "g", "escape", "question_mark"):
            await press(app, pilot, key)
        assert app.workspace.read(stamp_free.id).customer == "[Acme] Ltd evil"


async def test_the_language_changes_while_it_runs() -> None:
    async with running(size=(80, 24)) as (app, pilot):
        await new_deal(app, pilot)
        assert "Customer analysis" in shown(app)
        await press(app, pilot, "down", "down", "f2")
        text = shown(app)
        assert "客户分析" in text
        assert "Customer analysis" not in text
    async with running() as (app, _):
        assert app.workspace.settings.lang == "zh"


async def test_letters_do_not_fire_in_a_field() -> None:
    async with running() as (app, pilot):
        await press(app, pilot, "n", "=quq2n")
        await press(app, pilot, "escape")
        assert "Throw it away" in shown(app)
        await press(app, pilot, "2")
        assert not app.workspace.has_deals()


async def test_an_action_done_on_home_leaves_the_list_and_comes_back_with_undo() -> None:
    async with running() as (app, pilot):
        await new_deal(app, pilot)
        await press(app, pilot, "a", "=Send the offer", "tab", "=today", "ctrl+g", "escape", "1")
        assert "Send the offer" in shown(app)
        await press(app, pilot, "d")
        await app.workers.wait_for_complete()
        rows = [line for line in shown(app).splitlines() if "Send the offer" in line]
        assert all("Done:" in line for line in rows)
        await press(app, pilot, "u")
        assert app.workspace.due(app.workspace.today(), 9)


async def test_an_edit_the_disk_refuses_stays_and_is_saved_by_a_retry(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with running() as (app, pilot):
        screen = await new_deal(app, pilot)
        edit = app.workspace.edit
        refusals = [SaveFailed(Path("deals"), "disk-full", "No space left on device")]

        def refuse_once(
            deal_id: str, operation: Callable[[Deal], Deal], base: Deal | None = None
        ) -> Deal:
            if refusals:
                raise refusals.pop()
            return edit(deal_id, operation, base)

        monkeypatch.setattr(app.workspace, "edit", refuse_once)
        await pilot.press("down", "space")
        await pilot.pause(0.3)
        assert "[x ]" in shown(app)
        assert app.saver.pending() == 1
        await press(app, pilot, "f5")
        assert app.saver.pending() == 0
        assert app.workspace.read(screen.deal.id).items


async def test_a_damaged_deal_is_told_and_the_others_work() -> None:
    async with running() as (app, pilot):
        screen = await new_deal(app, pilot)
        path = app.workspace.paths.deals / f"{screen.deal.id}.json"
        path.write_text("{not a deal", "utf-8")
        await press(app, pilot, "escape", "f5", "2", "enter")
        assert app.screen is not screen
        assert path.read_text("utf-8") == "{not a deal"


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
@pytest.mark.parametrize("lang", ["zh", "en"])
async def test_every_screen_shows_its_keys_and_the_help(lang: str, size: tuple[int, int]) -> None:
    async with running(lang, size) as (app, pilot):
        await press(app, pilot, "e")
        for keys in (["2"], ["enter"], ["p"], ["escape", "t"], ["escape", "A"]):
            await press(app, pilot, *keys)
            assert "? " in shown(app).splitlines()[-1]
            await press(app, pilot, "question_mark", "escape")
        await press(app, pilot, "escape", "g", "escape", "escape", "ctrl+p")
        await press(app, pilot, "=jiamu", "down", "up", "escape")


async def test_an_edit_of_a_vanished_deal_does_not_hold_up_the_others() -> None:
    async with running() as (app, pilot):
        screen = await new_deal(app, pilot)
        other = app.workspace.create(name="Other", customer="Initech")
        app.save("00000000-0000-4000-8000-000000000000", lambda deal: deal)
        stamp = app.workspace.stamp()
        app.save(other.id, lambda deal: notes.add(deal, stamp, "kept"))
        await settle(app, pilot)
        assert app.saver.pending() == 0
        assert [note.text for note in app.workspace.read(other.id).notes.values()] == ["kept"]
        assert screen.deal.id != other.id


async def test_undo_waits_for_what_is_queued_before_it() -> None:
    async with running() as (app, pilot):
        screen = await new_deal(app, pilot)
        await pilot.press("down", "space", "down", "space", "u", "u")
        await settle(app, pilot)
        assert not app.workspace.read(screen.deal.id).items
        assert not screen.deal.items


async def test_a_burst_of_keys_closes_one_screen_only() -> None:
    async with running() as (app, pilot):
        screen = await new_deal(app, pilot)
        await press(app, pilot, "p", "question_mark")
        help_screen = app.screen
        help_screen.action_back()  # type: ignore[attr-defined]
        help_screen.action_back()  # type: ignore[attr-defined]
        await settle(app, pilot)
        assert app.screen is not screen
        assert app.screen_stack[-2] is screen


async def test_a_tick_that_a_coach_confirmed_is_not_taken_back_by_a_stray_key() -> None:
    async with running() as (app, pilot):
        screen = await new_deal(app, pilot)
        await press(app, pilot, "space", "c", "tab", "=Meyer", "ctrl+g")
        (state,) = screen.deal.items.values()
        assert state.state == "confirmed"
        await press(app, pilot, "space")
        assert "Meyer has confirmed" in shown(app)
        await press(app, pilot, "enter")
        assert screen.deal.items == {next(iter(screen.deal.items)): state}
        await press(app, pilot, "space", "2")
        assert next(iter(screen.deal.items.values())).state == "open"


async def test_a_deal_opens_on_the_first_thing_to_do_and_folds_visibly() -> None:
    async with running() as (app, pilot):
        screen = await new_deal(app, pilot)
        await press(app, pilot, "space")
        assert list(screen.deal.items) == ["guide-low-level-first"]
        assert "v 1.1" in shown(app)
        await press(app, pilot, "up", "enter")
        assert "+ 1.1" in shown(app)


async def test_one_deal_after_the_other_shows_its_own() -> None:
    async with running() as (app, pilot):
        await new_deal(app, pilot)
        await press(app, pilot, "2", "escape", "n", "=Initech", "enter", "=Printer", "ctrl+g")
        assert "Initech / Printer" in shown(app)
        await press(app, pilot, "space", "3", "p", "ctrl+p", "=globex", "enter")
        text = shown(app)
        assert "Globex / Backup" in text
        assert "[x ]" not in text
        assert "[1* Customer analysis" in text
        await press(app, pilot, "escape")
        assert app.screen.id != "DealScreen"
        assert len(app.screen_stack) == 1


async def test_a_gate_passed_with_a_reason_says_so() -> None:
    async with running() as (app, pilot):
        await new_deal(app, pilot)
        await press(app, pilot, "g", "r", "=The tender starts tomorrow", "ctrl+g", "1")
        assert "not met, passed with a reason" in shown(app)


async def test_what_was_said_goes_with_its_screen() -> None:
    async with running() as (app, pilot):
        await new_deal(app, pilot)
        await press(app, pilot, "up", "space")
        assert [one.message for one in app._notifications] == ["Put the cursor on an item first."]
        await press(app, pilot, "escape")
        assert not len(app._notifications)


async def test_the_work_of_a_won_deal_is_on_home() -> None:
    async with running() as (app, pilot):
        await new_deal(app, pilot)
        await press(app, pilot, "a", "=Collect the money", "tab", "=today", "ctrl+g")
        await press(app, pilot, "s", "1", "ctrl+g", "escape", "1")
        assert "Collect the money" in shown(app)


async def test_a_form_tells_all_its_mistakes_at_once() -> None:
    async with running() as (app, pilot):
        await press(app, pilot, "n", "tab", "tab", "=12,00x", "tab", "tab", "=2026-02-30", "ctrl+g")
        text = shown(app)
        assert "Customer is needed" in text
        assert "Deal is needed" in text
        assert "is not an amount" in text
        assert "There is no day" in text
        assert not app.workspace.has_deals()


async def test_a_contact_just_added_is_under_the_cursor() -> None:
    async with running() as (app, pilot):
        screen = await new_deal(app, pilot)
        for name in ("Li Hua", "Zhang Wei"):
            await press(
                app, pilot, *(() if name == "Zhang Wei" else ("p",)), "a", f"={name}", "ctrl+g"
            )
        await press(app, pilot, "r", "4")
        rungs = {who.name: who.rung for who in screen.deal.contacts.values()}
        assert rungs == {"Li Hua": None, "Zhang Wei": "confidence"}


async def test_undo_says_what_it_took_back() -> None:
    async with running() as (app, pilot):
        await new_deal(app, pilot)
        await press(app, pilot, "a", "=Send the offer", "ctrl+g")
        assert [one.message for one in app._notifications] == ["Planned: Send the offer"]
        await press(app, pilot, "u")
        (said,) = [one.message for one in app._notifications]
        assert said.startswith("Undone: ")
        assert "Send the offer" in said
