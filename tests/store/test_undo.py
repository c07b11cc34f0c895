"""Undo and redo over restarts, and what the history keeps."""

from __future__ import annotations

import errno
import os
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salescoach.deal.models import Deal
from salescoach.paths import Paths, under
from salescoach.store import history
from salescoach.store.deals import DealStore
from salescoach.store.errors import Damaged, NotFound, NothingToRedo, NothingToUndo
from tests.build import make_deal

from .doing import renamed


def content(deal: Deal) -> dict[str, Any]:
    """Return everything in a deal but its number and where undo and redo lead."""
    return deal.model_dump(exclude={"rev", "versions"})


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(["edit", "undo", "redo", "nothing"]), max_size=40))
def test_undo_and_redo_do_what_an_editor_does(steps: list[str]) -> None:
    """Promise 8: whatever the order, each step by another process, undo after do is the identity, and so is redo after undo."""
    with tempfile.TemporaryDirectory() as folder:
        paths = under(Path(folder))
        deal = DealStore(paths).create(make_deal())
        past: list[dict[str, Any]] = []
        future: list[dict[str, Any]] = []
        now, rev = content(deal), 1
        for number, step in enumerate(steps):
            store = DealStore(paths)
            if step == "edit":
                past, future = [*past, now], []
                deal = store.edit(deal.id, renamed(f"name {number}"))
                now = content(deal)
            elif step == "nothing":
                assert store.edit(deal.id, lambda deal: deal) == deal
                continue
            elif not (past if step == "undo" else future):
                refused = NothingToUndo if step == "undo" else NothingToRedo
                with pytest.raises(refused):
                    getattr(store, step)(deal.id)
                continue
            elif step == "undo":
                future, now, past = [*future, now], past[-1], past[:-1]
                deal = store.undo(deal.id)
            else:
                past, now, future = [*past, now], future[-1], future[:-1]
                deal = store.redo(deal.id)
            rev += 1
            assert deal.rev == rev
            assert content(deal) == now
            assert content(DealStore(paths).read(deal.id)) == now


def test_fifty_steps_back_and_forth(paths: Paths, store: DealStore, deal: Deal) -> None:
    """Promise 8: of many more versions the last fifty can be undone and redone; what nothing reaches is not kept."""
    for number in range(200):
        store.edit(deal.id, renamed(f"name {number}"))
    for step in range(50):
        assert store.undo(deal.id).name == f"name {198 - step}"
    for step in range(50):
        assert DealStore(paths).redo(deal.id).name == f"name {150 + step}"
    with pytest.raises(NothingToRedo):
        store.redo(deal.id)
    assert 50 <= len(store.versions(deal.id)) <= 3 * history.STEPS + 20


def test_versions_tell_where_they_lead(store: DealStore, deal: Deal) -> None:
    """Promise 8: the versions are listed latest first, and each can be read."""
    store.edit(deal.id, renamed("second"))
    store.undo(deal.id)
    versions = store.versions(deal.id)
    assert [(found.rev, found.undo, found.redo, found.current) for found in versions] == [
        (3, None, 2, True),
        (2, 1, None, False),
        (1, None, None, False),
    ]
    assert all(found.size > 100 and found.saved_at > 0 for found in versions)
    assert store.read_version(deal.id, 2).name == "second"
    assert store.read_version(deal.id, 3) == store.read(deal.id)
    with pytest.raises(NotFound):
        store.read_version(deal.id, 9)


def test_an_untouched_original_is_kept(paths: Paths, store: DealStore, deal: Deal) -> None:
    """A file that a person or another program formatted is in the history byte for byte."""
    path = store.path(deal.id)
    path.write_bytes(b"\n\n" + path.read_bytes().replace(b"  ", b"\t"))
    before = path.read_bytes()
    store.edit(deal.id, renamed("new"))
    assert (paths.history / deal.id / "1.u-.r-.json").read_bytes() == before


@pytest.mark.parametrize("code", [errno.EXDEV, errno.EPERM, errno.EMLINK])
def test_without_links_versions_are_copied(
    store: DealStore, deal: Deal, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    """Promise 8 on disks without hard links, or with the state on another disk."""

    def refuse(*args: object, **kwargs: object) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, "link", refuse)
    store.edit(deal.id, renamed("second"))
    store.edit(deal.id, renamed("third"))
    assert store.undo(deal.id).name == "second"
    assert content(store.undo(deal.id)) == content(deal)
    assert store.redo(deal.id).name == "second"


def test_a_version_from_elsewhere_overwrites_none(
    paths: Paths, store: DealStore, deal: Deal
) -> None:
    """A file brought by a sync service with a revision that the history has already: both stay."""
    first = store.path(deal.id).read_bytes()
    store.edit(deal.id, renamed("second"))
    other = first.replace("华鼎数据".encode(), "蓝海物流".encode())
    store.path(deal.id).write_bytes(other)
    edited = store.edit(deal.id, renamed("third"))
    folder = paths.history / deal.id
    assert (folder / "1.u-.r-.json").read_bytes() == first
    assert (folder / "1.u-.r-.1.json").read_bytes() == other
    assert edited.rev == 2
    assert store.undo(deal.id).customer == "蓝海物流"


def test_a_save_that_was_cut_off_after_keeping_the_old_version(
    paths: Paths, store: DealStore, deal: Deal
) -> None:
    """The version that is kept already is not kept twice."""
    folder = paths.history / deal.id
    folder.mkdir(parents=True)
    os.link(store.path(deal.id), folder / "1.u-.r-.json")
    store.edit(deal.id, renamed("new"))
    assert [path.name for path in folder.iterdir()] == ["1.u-.r-.json"]
    assert content(store.undo(deal.id)) == content(deal)


def test_a_damaged_version_stops_undo_and_nothing_else(
    paths: Paths, store: DealStore, deal: Deal
) -> None:
    """What cannot be undone to is told; the deal stays as it is, and so does everything that lies about there."""
    edited = store.edit(deal.id, renamed("second"))
    folder = paths.history / deal.id
    (folder / "notes.txt").write_text("mine", "utf-8")
    (folder / "1.u-.r-.json").write_bytes(b"{")
    with pytest.raises(Damaged):
        store.undo(deal.id)
    assert store.read(deal.id) == edited
    (folder / "1.u-.r-.json").unlink()
    with pytest.raises(NothingToUndo):
        store.undo(deal.id)
    assert (folder / "notes.txt").exists()


def test_pruning_keeps_what_it_cannot_list(tmp_path: Path) -> None:
    """A history that cannot be read is no reason for a save to fail."""
    folder = tmp_path / "history"
    folder.write_text("not a folder", "utf-8")
    history.prune(folder, 16, None, None)
    assert folder.read_text("utf-8") == "not a folder"


def test_what_undo_leads_to_outlives_many_redos(tmp_path: Path) -> None:
    """Revisions that are old by number but one undo away are kept when others are pruned."""
    for rev in range(1, 121):
        (tmp_path / f"{rev}.u{rev - 1 if rev > 1 else '-'}.r-.json").write_bytes(b"{}")
    history.prune(tmp_path, 128, 5, 9)
    assert sorted(history.kept(tmp_path)) == [1, 2, 3, 4, 5, 9, *range(71, 121)]
    history.prune(tmp_path, 129, None, None)
    assert 9 in history.kept(tmp_path)
