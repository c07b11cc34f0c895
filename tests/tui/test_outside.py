"""A deal that is open while somebody else changes it: noticed, merged, told, and settled where both changed the same."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from decimal import Decimal

import pytest
from textual.message import Message

from salescoach.deal import contacts, identity, notes
from salescoach.deal.models import Deal
from salescoach.store.errors import ReadOnly
from salescoach.tui.messages import Came, Saved
from salescoach.tui.screens.form import FormDialog
from salescoach.workspace import Workspace, open_workspace
from tests.tui.pilot import Person, running

COLLEAGUE = "Ada Field"


def elsewhere() -> Workspace:
    """Somebody else's program on the same folder."""
    workspace = open_workspace(lang="en")
    workspace.remember("me", COLLEAGUE)
    return workspace


def change(deal_id: str, operation: Callable[..., Deal], *args: object, **given: object) -> None:
    other = elsewhere()
    stamp = other.stamp()
    other.edit(
        deal_id,
        lambda deal: operation(deal, *[stamp if a == "stamp" else a for a in args], **given),
    )


async def sees(person: Person, text: str, seconds: float = 2.0) -> None:
    """Wait until a text is on the screen, at most as long as the promise says."""
    for _ in range(int(seconds / 0.05)):
        if text in person.text:
            return
        await asyncio.sleep(0.05)
        await person.pilot.pause()
    raise AssertionError(f"{text!r} never came:\n{person.text}")


async def test_a_change_from_outside_is_shown_within_two_seconds_with_who_made_it() -> None:
    async with running() as person:
        screen = await person.new_deal()
        change(screen.deal.id, contacts.add, "stamp", name="王工")
        await sees(person, "王工")
        assert COLLEAGUE in person.text
        assert "Changed elsewhere" in person.text
        assert "(click [x] to hide)" in person.text  # Escape leaves the deal
        assert [one.name for one in person.deal.deal.contacts.values()] == ["王工"]
        await person.pilot.click("#came", offset=(2, 0))
        await person.settle()
        assert COLLEAGUE not in person.text
        assert person.deal is person.app.screen


async def test_a_file_that_cannot_be_merged_here_is_shown_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with running() as person:
        screen = await person.new_deal()

        def refuse(deal: Deal) -> bool:
            raise ReadOnly(person.app.workspace.paths.deals, "read-only")

        monkeypatch.setattr(person.app.workspace, "bring_together", refuse)
        change(screen.deal.id, contacts.add, "stamp", name="王工")
        await sees(person, "王工")


async def test_escape_leaves_the_deal_whatever_others_changed_meanwhile() -> None:
    async with running() as person:
        screen = await person.new_deal()
        change(screen.deal.id, contacts.add, "stamp", name="王工")
        await sees(person, "王工")
        await person.press("escape", "2")
        assert person.app.screen is not screen
        await person.press("enter")
        assert person.app.screen is screen
        assert COLLEAGUE not in person.text


async def test_a_look_at_the_file_between_two_saves_takes_nothing_back_and_tells_nothing() -> None:
    async with running() as person:
        screen = await person.new_deal()
        await person.press("n", "=one", "ctrl+g")
        app, stamp = person.app, person.app.workspace.stamp()
        before, sign = app.workspace.deals.read_signed(screen.deal.id)
        screen.change(lambda deal: notes.add(deal, stamp, "two"))
        assert app.saver.drain(5)
        # The watcher's message comes before the one that tells of the second save.
        app.on_came(Came(before, sign))
        assert sorted(one.text for one in screen.deal.notes.values()) == ["one", "two"]
        assert not screen.query_one("#came").display
        await person.settle()
        assert sorted(one.text for one in screen.deal.notes.values()) == ["one", "two"]


async def test_a_deal_read_ahead_is_read_again_when_it_was_changed_since() -> None:
    async with running() as person:
        screen = await person.new_deal()
        deal_id = screen.deal.id
        await person.press("escape", "2")
        await asyncio.sleep(0.3)
        await person.settle()
        ahead = person.app._ahead
        assert ahead is not None
        assert ahead[0].id == deal_id
        change(deal_id, identity.edit, "stamp", name="Changed since")
        await person.press("enter")
        assert person.deal.deal.name == "Changed since"


async def test_what_came_in_before_stays_told_until_it_is_taken_away() -> None:
    async with running() as person:
        screen = await person.new_deal()
        for name in ("First", "Second"):
            change(screen.deal.id, contacts.add, "stamp", name=name)
            await sees(person, name)
        assert "First" in person.text.splitlines()[1]
        await person.pilot.click("#came", offset=(2, 0))
        change(screen.deal.id, contacts.add, "stamp", name="Third")
        await sees(person, "Third")
        assert "First" not in person.text.splitlines()[1]


async def test_a_file_edited_by_hand_is_shown() -> None:
    async with running() as person:
        screen = await person.new_deal()
        path = person.app.workspace.store.path(screen.deal.id)
        data = json.loads(path.read_text("utf-8"))
        path.write_text(json.dumps(data | {"name": "Archive [2]"}), "utf-8")
        await sees(person, "Archive [2]")
        await sees(person, "changed elsewhere")


async def test_half_typed_text_and_the_focus_stay_and_both_changes_are_kept() -> None:
    async with running() as person:
        screen = await person.new_deal()
        deal_id = screen.deal.id
        await person.press("E", "tab", "end", "=, phase 2")
        field = person.app.focused
        change(deal_id, identity.edit, "stamp", amount=Decimal(700))
        for _ in range(40):
            await asyncio.sleep(0.05)
            if person.deal.deal.amount == 700:
                break
        assert person.deal.deal.amount == 700
        assert isinstance(person.app.screen, FormDialog)
        assert person.app.focused is field
        assert person.app.screen.values()["name"] == "Backup, phase 2"
        await person.press("ctrl+g")
        stored = person.app.workspace.read(deal_id)
        assert (stored.name, stored.amount) == ("Backup, phase 2", Decimal(700))
        assert not stored.conflicts


@pytest.mark.parametrize(("key", "name"), [("1", "Backup mine"), ("2", "Theirs")])
async def test_a_conflict_is_told_and_settled_with_a_key(key: str, name: str) -> None:
    async with running() as person:
        screen = await person.new_deal()
        deal_id = screen.deal.id
        await person.press("E", "tab", "end", "= mine")
        change(deal_id, identity.edit, "stamp", name="Theirs")
        await person.press("ctrl+g")
        assert person.app.workspace.read(deal_id).name == "Backup mine"
        assert "conflicts: 1 (C)" in person.text
        assert any("C shows the other value" in one for one in person.told)
        await person.press("C")
        assert "Theirs" in person.text
        await person.press(key)
        assert "No conflicts." in person.text
        stored = person.app.workspace.read(deal_id)
        assert (stored.name, dict(stored.conflicts)) == (name, {})
        await person.press("u")
        assert person.app.workspace.read(deal_id).conflicts


async def test_an_edit_that_waits_is_merged_with_what_came_in_meanwhile() -> None:
    async with running() as person:
        screen = await person.new_deal()
        change(screen.deal.id, notes.add, "stamp", "They called.")
        await person.press("space")
        texts = {one.text for one in person.app.workspace.read(screen.deal.id).notes.values()}
        assert texts == {"They called."}
        assert any(one.state == "claimed" for one in person.deal.deal.items.values())
        await sees(person, "They called.")


async def test_what_is_undone_does_not_come_back_with_the_next_edit() -> None:
    async with running() as person:
        screen = await person.new_deal()
        await person.press("n", "=one", "ctrl+g")
        for key in ("u", "space"):
            await person.pilot.press(key)
        await person.settle()
        stored = person.app.workspace.read(screen.deal.id)
        assert not stored.notes
        assert any(one.state == "claimed" for one in stored.items.values())


async def test_a_deal_whose_file_vanishes_stays_on_the_screen_and_is_told() -> None:
    async with running() as person:
        screen = await person.new_deal()
        person.app.workspace.store.path(screen.deal.id).unlink()
        for _ in range(40):
            await asyncio.sleep(0.05)
            if person.told:
                break
        assert "is gone" in person.told[-1]
        assert "Backup" in person.text


async def test_an_own_undo_and_redo_are_never_told_as_somebody_elses() -> None:
    async with running() as person:
        await person.new_deal()
        await person.press("n", "=one", "ctrl+g")
        await person.press("u")
        for key in ("ctrl+r", "space"):
            await person.pilot.press(key)
        await person.settle()
        await asyncio.sleep(1.2)
        await person.settle()
        assert not person.deal.query_one("#came").display
        assert [note.text for note in person.deal.deal.notes.values()] == ["one"]


async def test_what_this_program_saved_and_has_not_taken_in_yet_is_not_told_as_somebody_elses() -> (
    None
):
    async with running() as person:
        screen = await person.new_deal()
        for text in ("=one", "=two", "=three"):
            await person.press("n", text, "ctrl+g")
        told, saver, workspace = (
            person.deal.query_one("#came"),
            person.app.saver,
            person.app.workspace,
        )
        post, seen = saver._post, []

        def watcher_first(message: Message) -> None:
            # As when the watcher reads the file between the save and the word of it.
            if isinstance(message, Saved):
                person.app.post_message(Came(*workspace.deals.read_signed(screen.deal.id)))
                person.app.call_later(lambda: seen.append(told.display))
            post(message)

        saver._post = watcher_first
        await person.press("u", "u", "ctrl+r")
        await asyncio.sleep(0.7)
        await person.settle()
        assert seen == [False] * 3
        assert not told.display
        assert [note.text for note in person.deal.deal.notes.values()] == ["one", "two"]


async def test_an_edit_that_can_never_be_saved_does_not_hold_up_the_others() -> None:
    async with running() as person:
        screen = await person.new_deal()
        first = screen.deal.id
        await person.press("escape")
        second = (await person.new_deal("Initech", "Storage")).deal.id
        workspace = person.app.workspace
        stamp = workspace.stamp()

        def broken(deal: Deal) -> Deal:
            raise ZeroDivisionError

        person.app.save(first, broken)
        person.app.save(second, lambda deal: notes.add(deal, stamp, "behind it"))
        await person.settle()
        assert not person.app.saver.pending()
        assert [one.text for one in workspace.read(second).notes.values()] == ["behind it"]


async def test_a_note_undone_in_a_burst_stays_undone() -> None:
    async with running() as person:
        screen = await person.new_deal()
        await person.press("n", "=wrong", "ctrl+g")
        app, stamps = person.app, [person.app.workspace.stamp() for _ in range(2)]
        shown = screen.deal
        app.travel(shown.id, "undo")
        assert app.saver.drain(5)
        # The screen has not been told yet: what is done now was decided on the deal before the undo.
        app.save(shown.id, lambda deal: notes.add(deal, stamps[0], "right"), shown)
        await person.settle()
        assert [one.text for one in app.workspace.read(shown.id).notes.values()] == ["right"]
