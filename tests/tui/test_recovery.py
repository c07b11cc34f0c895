"""What was typed and not saved when the program ended, and what the next start does about it."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
from pathlib import Path

import pytest

from salescoach.deal import identity
from salescoach.deal.models import Deal
from salescoach.document.errors import InvalidValue
from salescoach.store.care.recovery import left_behind
from salescoach.store.errors import SaveFailed
from salescoach.tui.app import CoachApp
from salescoach.tui.keep.rescue import park_unsaved
from salescoach.tui.screens.choice import ChoiceDialog
from salescoach.tui.screens.form import FormDialog
from salescoach.workspace import open_workspace
from tests.tui.pilot import Person, running, started_before


async def type_a_note(person: Person, text: str) -> None:
    await person.press("n", f"={text}")
    assert isinstance(person.app.screen, FormDialog)


async def kept(folder: Path, text: str) -> None:
    for _ in range(60):
        if any(text in path.read_text("utf-8") for path in folder.glob("*.json")):
            return
        await asyncio.sleep(0.05)
    raise AssertionError("no recovery note was written")


def gone(app: CoachApp) -> None:
    """Let go of the locks as the end of the process does: here it is the test's own."""
    assert app._rescue is not None
    for note, _ in app._rescue._sent:
        note.let_go()
    if app._rescue._open is not None:
        app._rescue._open.let_go()


async def a_killed_program(text: str) -> str:
    """Type a note, keep a copy of what a kill would leave, and go on; return the deal's id."""
    async with running() as person:
        screen = await person.new_deal()
        folder = person.app.workspace.paths.recovery
        await type_a_note(person, text)
        await kept(folder, text)
        shutil.copytree(folder, folder.with_name("as-killed"))
        await person.press("escape", "2")
        return screen.deal.id


def bring_back() -> None:
    state = open_workspace(lang="en").paths.state
    shutil.rmtree(state / "recovery", ignore_errors=True)
    (state / "as-killed").rename(state / "recovery")


async def test_a_note_half_typed_is_offered_at_the_next_start_and_added() -> None:
    deal_id = await a_killed_program("Call [Wang] on 5")
    bring_back()
    async with running() as person:
        await asyncio.sleep(0.2)
        await person.settle()
        assert isinstance(person.app.screen, ChoiceDialog)
        assert "Call [Wang] on 5" in person.text
        await person.press("1")
        notes = person.app.workspace.read(deal_id).notes.values()
        assert [note.text for note in notes] == ["Call [Wang] on 5"]
        assert left_behind(person.app.workspace.paths.recovery) == []


@pytest.mark.parametrize(("keys", "left"), [(["2"], 1), (["3", "2"], 0), (["3", "1"], 1)])
async def test_a_draft_can_wait_or_be_thrown_away(keys: list[str], left: int) -> None:
    await a_killed_program("Later")
    bring_back()
    async with running() as person:
        await asyncio.sleep(0.2)
        await person.settle()
        await person.press(*keys)
        assert len(left_behind(person.app.workspace.paths.recovery)) == left


async def test_a_form_that_is_sent_or_left_leaves_no_note() -> None:
    async with running() as person:
        await person.new_deal()
        folder = person.app.workspace.paths.recovery
        for leave in (["ctrl+g"], ["escape", "2"]):
            await type_a_note(person, "Something")
            await kept(folder, "Something")
            await person.press(*leave)
            for _ in range(60):
                if not any(folder.glob("*.json")):
                    break
                await asyncio.sleep(0.05)
            assert not any(folder.glob("*.json"))


async def test_a_new_deal_half_typed_is_gone_on_with() -> None:
    async with running() as person:
        await person.press("n", "=Globex", "enter", "=Backup [2]")
        folder = person.app.workspace.paths.recovery
        await kept(folder, "Backup [2]")
        shutil.copytree(folder, folder.with_name("as-killed"))
        await person.press("escape", "2")
    bring_back()
    async with running() as person:
        await asyncio.sleep(0.2)
        await person.settle()
        await person.press("1")
        assert isinstance(person.app.screen, FormDialog)
        await person.press("ctrl+g")
        assert (person.deal.deal.customer, person.deal.deal.name) == ("Globex", "Backup [2]")
        assert left_behind(person.app.workspace.paths.recovery) == []


async def test_a_running_programs_note_is_not_offered_to_another() -> None:
    async with running() as person:
        await person.new_deal()
        await type_a_note(person, "Mine")
        await kept(person.app.workspace.paths.recovery, "Mine")
        assert left_behind(person.app.workspace.paths.recovery) == []
        await person.press("escape", "2")


async def test_a_crash_keeps_what_is_typed_and_edits_that_could_not_be_saved(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    app = CoachApp(started_before())
    found: list[str] = []

    async def session() -> None:
        async with app.run_test(size=(120, 36)) as pilot:
            person = Person(app, pilot)
            await person.settle()
            screen = await person.new_deal()
            found.append(screen.deal.id)

            def refuse(*_: object) -> None:
                raise SaveFailed(Path("deals"), "disk-full", "No space left on device")

            monkeypatch.setattr(app.workspace, "edit", refuse)
            await pilot.press("space")
            await pilot.press("n", *"Typed")
            await pilot.pause()
            app.call_later(lambda: 1 // 0)
            await pilot.pause(0.2)

    with pytest.raises(ZeroDivisionError):
        await session()
    (deal_id,) = found
    (told,) = park_unsaved(app.workspace, app.saver)
    assert "press M" in told
    workspace = open_workspace(lang="en")
    (copy,) = workspace.copies()
    merged = workspace.store.merge_copy(copy)
    assert merged.id == deal_id
    assert [one.state for one in merged.items.values()] == ["claimed"]
    assert workspace.copies() == []
    gone(app)
    (draft,) = left_behind(workspace.paths.recovery)
    assert "Typed" in draft.text()
    assert draft.document == deal_id


async def test_a_draft_is_not_offered_over_what_is_being_typed() -> None:
    await a_killed_program("Call [Wang] on 5")
    bring_back()
    app = CoachApp(started_before())
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.press("n", *"paid 3")
        person = Person(app, pilot)
        await asyncio.sleep(0.3)
        await person.settle()
        assert isinstance(app.screen, FormDialog)
        assert app.screen.values()["customer"] == "paid 3"
        await person.press("escape", "2")
        assert isinstance(app.screen, ChoiceDialog)
        assert "Call [Wang] on 5" in person.text


async def test_two_programs_do_not_both_offer_a_draft_and_it_is_added_once() -> None:
    deal_id = await a_killed_program("Once")
    bring_back()
    async with running() as person:
        await asyncio.sleep(0.2)
        await person.settle()
        assert isinstance(person.app.screen, ChoiceDialog)
        assert left_behind(person.app.workspace.paths.recovery) == []
        await person.press("1")
        assert len(person.app.workspace.read(deal_id).notes) == 1


async def test_what_is_refused_when_it_is_sent_is_offered_and_not_lost() -> None:
    async with running() as person:
        screen = await person.new_deal()
        deal_id = screen.deal.id
        await person.press("p", "a", "=Ann", "ctrl+g", "escape", "E", "tab", "end", "= typed long")
        other = open_workspace(lang="en")
        stamp = other.stamp()
        other.edit(deal_id, lambda deal: identity.archive(deal, stamp, archived=True))

        def refuse(*_: object, **__: object) -> Deal:
            raise InvalidValue("bad-key", field="name", value="x")

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("salescoach.deal.identity.edit", refuse)
            await person.press("ctrl+g")
        assert isinstance(person.app.screen, ChoiceDialog)
        assert "Backup typed long" in person.text
        await person.press("1")
        notes = person.app.workspace.read(deal_id).notes.values()
        assert ["Backup typed long" in note.text for note in notes] == [True]


async def test_a_new_deal_that_cannot_be_created_is_offered_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with running() as person:
        await person.press("n", "=Globex", "enter", "=Backup")

        def refuse(*_: object, **__: object) -> Deal:
            raise SaveFailed(Path("deals"), "disk-full", "No space left on device")

        with monkeypatch.context() as patch:
            patch.setattr(person.app.workspace, "create", refuse)
            await person.press("ctrl+g")
        assert isinstance(person.app.screen, ChoiceDialog)
        await person.press("1", "ctrl+g")
        assert person.deal.deal.name == "Backup"


async def test_the_first_keys_of_a_session_are_kept_when_the_terminal_closes() -> None:
    app = CoachApp(started_before())
    async with app.run_test(size=(120, 36)) as pilot:
        person = Person(app, pilot)
        await person.settle()
        await pilot.press("n", *"Acm")
        assert app._rescue is None
        os.kill(os.getpid(), signal.SIGHUP)
        await asyncio.sleep(0.3)
    gone(app)
    (draft,) = left_behind(app.workspace.paths.recovery)
    assert draft.text() == "Acm"


async def test_edits_that_no_place_beside_the_deals_takes_are_kept_elsewhere(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    def refuse(*_: object) -> None:
        raise SaveFailed(Path("deals"), "read-only", "Read-only file system")

    async with running(leave_unsaved=True) as person:
        screen = await person.new_deal()
        workspace = person.app.workspace
        monkeypatch.setattr(workspace, "edit", refuse)
        monkeypatch.setattr(workspace, "park", refuse)
        await person.pilot.press("space")
        await person.pilot.pause()
        (told,) = park_unsaved(workspace, person.app.saver)
        (path,) = tmp_path.glob("*.json")
        assert str(path) in told
    fresh = open_workspace(lang="en")
    path.rename(fresh.paths.deals / path.name)
    (copy,) = fresh.copies()
    assert [one.state for one in fresh.store.merge_copy(copy).items.values()] == ["claimed"]
    assert copy.document == screen.deal.id


async def test_a_closed_terminal_keeps_what_is_typed() -> None:
    app = CoachApp(started_before())
    async with app.run_test(size=(120, 36)) as pilot:
        person = Person(app, pilot)
        await person.settle()
        await person.new_deal()
        await pilot.press("n", *"Hello")
        await pilot.pause()
        os.kill(os.getpid(), signal.SIGHUP)
        await asyncio.sleep(0.3)
    gone(app)
    (draft,) = left_behind(app.workspace.paths.recovery)
    assert "Hello" in draft.text()


async def test_conflict_copies_are_merged_with_a_key() -> None:
    async with running() as person:
        screen = await person.new_deal()
        path = person.app.workspace.store.path(screen.deal.id)
        copy = path.with_name(f"{path.stem}.sync-conflict-20261123-101500-ABCDEFG.json")
        await person.press("n", "=ours", "ctrl+g")
        copy.write_bytes(path.read_bytes().replace(b"ours", b"both"))
        await person.press("escape", "M")
        assert "Merge these copies? (1)" in person.text
        await person.press("1")
        await person.settle()
        assert not copy.exists()
        assert person.app.workspace.copies() == []
        await person.press("M")
        assert not isinstance(person.app.screen, ChoiceDialog)
