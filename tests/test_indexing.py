"""A large index is brought up to date in a process of its own, and here where that process fails."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from salescoach import indexing
from salescoach.indexing import Indexing, work
from salescoach.paths import under
from salescoach.settings import Settings
from salescoach.workspace import Workspace
from tests.build import make_deal, uid

COUNT = 7


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    """Return a workspace of a few deals and no index, to which even these are many."""
    made = Workspace(under(tmp_path / "home"), Settings(stalled_days=9, keymap={"home.new": "y"}))
    for number in range(COUNT):
        made.add(make_deal(label=str(number), name=f"Deal {number}", customer="Acme"))
    made.settle()
    made.index.remove("deal", [uid(str(number)) for number in range(COUNT)])
    yield made
    made.index.close()


def _names(workspace: Workspace) -> list[str]:
    return sorted(card.name for card in workspace.lists.deals.cards())


ALL = [f"Deal {number}" for number in range(COUNT)]


def test_many_rows_are_made_by_another_process(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(indexing, "MANY", COUNT)
    read_here: list[str] = []
    monkeypatch.setattr(workspace.store, "read_signed", read_here.append)
    told: list[tuple[int, int]] = []

    changed = Indexing(workspace).run(lambda done, total: told.append((done, total)))

    assert _names(workspace) == ALL
    assert changed == COUNT
    assert told[-1] == (COUNT, COUNT)
    assert read_here == []


def test_few_rows_are_made_here(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    told: list[tuple[int, int]] = []

    assert Indexing(workspace).run(lambda done, total: told.append((done, total))) == COUNT
    assert _names(workspace) == ALL


@pytest.mark.parametrize("program", ["/nowhere/python", "/bin/false", "/bin/echo"])
def test_where_the_process_fails_the_rows_are_made_here(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, program: str
) -> None:
    monkeypatch.setattr(indexing, "MANY", COUNT)
    monkeypatch.setattr(sys, "executable", program)

    assert Indexing(workspace).run(lambda done, total: None) == COUNT
    assert _names(workspace) == ALL


def test_the_process_tells_how_far_it_is(workspace: Workspace) -> None:
    settings = workspace.settings._replace(keymap={})._asdict()
    task = {
        "paths": [str(path) for path in workspace.paths],
        "playbook": None,
        "settings": settings,
    }
    out = io.StringIO()

    work(io.StringIO(json.dumps(task)), out)

    assert out.getvalue().splitlines()[-1] == f"{COUNT} {COUNT}"
    assert _names(workspace) == ALL


def test_stopping_ends_a_refresh(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(indexing, "MANY", COUNT)
    refresh = Indexing(workspace)

    refresh.run(lambda done, total: refresh.stop())
    refresh.run(lambda done, total: pytest.fail("it was stopped before it began"))
