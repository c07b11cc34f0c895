"""The deals' folder goes away and comes back under the running app; and a deal is deleted while edits of it wait."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from salescoach.tui.app import CoachApp
from salescoach.tui.keep import saver
from salescoach.tui.keep.rescue import park_unsaved
from tests.build import make_deal
from tests.kinds import deal_store
from tests.store.test_gone import WAYS, _back
from tests.tui.pilot import Person, running


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saver, "RETRY_AFTER", 0.1)


async def _tick(person: Person, *more: str) -> None:
    await person.pilot.press("space", *more)
    await person.pilot.pause(0.3)


@pytest.mark.parametrize("way", WAYS)
async def test_edits_wait_for_a_folder_that_went_away(way: str) -> None:
    """They stay on the screen, are told once as not saved, and are saved when the folder is back."""
    go, what = WAYS[way]
    async with running() as person:
        await person.new_deal()
        deal_id = person.deal.deal.id
        await person.press("down")
        place = what(person.app.workspace.paths)
        away = go(place)
        await _tick(person, "down", "space")
        assert "folder" in person.text  # told as an edit that waits, or by who watches the file
        assert "Not on the disk yet" in person.app._told_failure
        assert person.app.saver.pending(deal_id) == 2
        await person.pilot.pause(0.4)
        assert person.app.saver.pending(deal_id) == 2
        assert len(person.deal.deal.items) == 2
        _back(away, place)
        assert person.app.saver.drain(5)
        await person.settle()
        assert len(person.app.workspace.read(deal_id).items) == 2


async def test_edits_that_outlive_the_app_are_parked_though_the_deal_cannot_be_read() -> None:
    go, what = WAYS["the folder"]
    async with running(leave_unsaved=True) as person:
        await person.new_deal()
        deal_id = person.deal.deal.id
        await person.press("down")
        paths = person.app.workspace.paths
        away = go(what(paths))
        await _tick(person)
        told = park_unsaved(person.app.workspace, person.app.saver)
        assert len(told) == 1
        (kept,) = (paths.parked / deal_id).glob("*.json")
        assert str(kept) in told[0]
        assert json.loads(kept.read_bytes())["items"]
        _back(away, paths.deals)
        assert person.app.saver.drain(5)


async def test_a_deal_deleted_while_edits_wait_is_parked_and_offered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    said: list[str] = []
    monkeypatch.setattr(CoachApp, "say", lambda self, message, **how: said.append(message))
    async with running() as person:
        deal_store(person.app.workspace.paths).create(make_deal(label="other"))
        await person.new_deal()
        deal_id = person.deal.deal.id
        await person.press("down")
        paths = person.app.workspace.paths
        path: Path = person.app.workspace.store.path(deal_id)
        path.unlink()
        await _tick(person, "down", "space")
        assert person.app.saver.drain(5)
        await person.settle()
        assert any("salescoach merge" in one for one in said)
        assert not path.exists()
        assert not person.app.saver.pending()
        found = [
            json.loads(one.read_bytes())["items"] for one in (paths.parked / deal_id).glob("*.json")
        ]
        assert max(map(len, found)) == 2
        for copy in person.app.workspace.copies():
            person.app.workspace.merge_copy(copy)
        assert len(person.app.workspace.read(deal_id).items) == 2
