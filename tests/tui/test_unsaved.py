"""While the disk refuses, edits stay on the screen, and leaving asks before anything is lost."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from salescoach.deal.models import Deal
from salescoach.store.errors import SaveFailed
from salescoach.tui.screens.choice import ChoiceDialog
from tests.tui.pilot import Person, running


def full(*_: object) -> Deal:
    """Refuse an edit as a full disk does."""
    raise SaveFailed(Path("deals"), "disk-full", "No space left on device")


async def tick_on_a_full_disk(person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    await person.new_deal()
    monkeypatch.setattr(person.app.workspace, "edit", full)
    await person.pilot.press("down", "space")
    for _ in range(100):
        await person.pilot.pause(0.05)
        if "[x ]" in person.text and "Not on the disk yet" in person.text:
            break


async def test_a_refused_edit_is_told_with_the_reason_and_saved_later(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with running() as person:
        edit: Callable[..., Deal] = person.app.workspace.edit
        await tick_on_a_full_disk(person, monkeypatch)
        assert "[x ]" in person.text
        assert "Not on the disk yet" in person.text
        await person.pilot.press("escape")
        await person.pilot.pause(0.2)
        monkeypatch.setattr(person.app.workspace, "edit", edit)
        await person.press("f5", "2", "enter")
        assert "[x ]" in person.text
        assert person.app.workspace.read(person.deal.deal.id).items


async def test_leaving_with_unsaved_edits_asks_and_staying_keeps_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with running() as person:
        edit: Callable[..., Deal] = person.app.workspace.edit
        await tick_on_a_full_disk(person, monkeypatch)
        await person.pilot.press("ctrl+q")
        await person.pilot.pause(2.5)
        assert isinstance(person.app.screen, ChoiceDialog)
        assert "Edits that cannot be saved: 1." in person.text
        await person.pilot.press("1")
        await person.pilot.pause(0.1)
        assert person.app.is_running
        monkeypatch.setattr(person.app.workspace, "edit", edit)
        await person.press("f5")
        assert person.app.workspace.read(person.deal.deal.id).items


async def test_leaving_all_the_same_loses_them_knowingly(monkeypatch: pytest.MonkeyPatch) -> None:
    async with running(leave_unsaved=True) as person:
        await tick_on_a_full_disk(person, monkeypatch)
        await person.pilot.press("ctrl+q")
        await person.pilot.pause(2.5)
        await person.pilot.press("2")
        await person.pilot.pause(0.1)
        assert person.app.leave_unsaved
        assert person.app.return_value == 0
