"""The sample deals: moved to today, saved like any other deal, never in the way of one that is there."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from salescoach import samples
from salescoach.workspace import Workspace, open_workspace

ANCHOR = date(2026, 3, 2)
ID = "6f1f0d0e-54b0-4d6c-9a44-0f3a8d3c2b11"
SAMPLE: dict[str, Any] = {
    "schema": 1,
    "rev": 7,
    "id": ID,
    "playbook": {"id": "cuilong-6", "version": "1.0.0"},
    "name": "2026-03-02 is no day here: a name",
    "customer": "华鼎数据",
    "close_on": "2026-04-01",
    "created_at": "2026-02-27T09:30:00+08:00",
    "stages": {"customer-analysis": {"opened": "2026-02-27T09:30:00+08:00"}},
    "actions": {ID: {"text": "call", "due": "2026-03-02", "at": "2026-02-28T17:00:00Z"}},
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put one sample of our own in the place of the packaged ones."""
    (tmp_path / "anchor.txt").write_text(f"{ANCHOR.isoformat()}\n", "utf-8")
    (tmp_path / "1-first.json").write_text(json.dumps(SAMPLE, ensure_ascii=False), "utf-8")
    monkeypatch.setattr(samples, "folder", lambda: tmp_path)
    return tmp_path


@pytest.fixture
def workspace() -> Workspace:
    return open_workspace()


def test_every_day_and_instant_moves_by_the_same_days(folder: Path, workspace: Workspace) -> None:
    (made,) = samples.install(workspace, ANCHOR + timedelta(days=100))
    deal = workspace.read(made)
    assert made == ID
    assert deal.close_on == date(2026, 4, 1) + timedelta(days=100)
    assert deal.actions[ID].due == ANCHOR + timedelta(days=100)
    assert deal.created_at.date() == date(2026, 2, 27) + timedelta(days=100)
    assert deal.created_at.hour == 9
    assert deal.name == SAMPLE["name"]
    assert deal.rev == 1


def test_a_deal_that_is_there_is_left_alone(folder: Path, workspace: Workspace) -> None:
    samples.install(workspace, ANCHOR)
    workspace.edit(ID, lambda deal: deal.model_copy(update={"owner": "me"}))
    (second,) = samples.install(workspace, ANCHOR)
    assert second != ID
    assert workspace.read(ID).owner == "me"
    assert len(workspace.cards()) == 2


def test_the_packaged_samples_show_every_stage_fresh(workspace: Workspace) -> None:
    """One sample per stage; none of them has a retired item or an id of another."""
    from salescoach.coach.progress import current_stage, retired

    today = workspace.today()
    made = samples.install(workspace, today)
    deals = [workspace.read(key) for key in made]
    playbook = workspace.playbook
    stages = [stage.key for deal in deals if (stage := current_stage(playbook, deal))]
    assert sorted(set(stages)) == sorted(stage.key for stage in playbook.stages)
    assert len(made) == len(set(made)) == 6
    assert not any(retired(playbook, deal) for deal in deals)
    latest = max(event.at for deal in deals for event in deal.timeline.values())
    assert today - timedelta(days=7) <= latest.date() <= today + timedelta(days=1)
