"""Folders of the program's own that are links are refused: nothing is written through them or removed behind them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from salescoach.paths import Paths
from salescoach.store.care.parked import park
from salescoach.store.care.quarantine import set_aside
from salescoach.store.care.recovery import Draft, RecoveryNote
from salescoach.store.documents import DocumentStore
from salescoach.store.errors import Damaged, NothingToUndo, SaveFailed
from salescoach.store.files.saved import forget, last_id
from tests.kinds import new_in

from .doing import renamed, tree


@pytest.fixture
def store(documents: DocumentStore[Any]) -> DocumentStore[Any]:
    """The documents of each kind in turn, as the fixture `document` is one of each."""
    return documents


def _link(path: Path, elsewhere: Path) -> Path:
    elsewhere.mkdir()
    (elsewhere / "kept").write_bytes(b"kept")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.symlink_to(elsewhere)
    return elsewhere


def test_a_history_that_is_a_link_is_never_written_through(
    paths: Paths, store: DocumentStore[Any], document: Any, tmp_path: Path
) -> None:
    elsewhere = _link(store.places.history / document.id, tmp_path / "elsewhere")
    before, saved = tree(elsewhere), store.path(document.id).read_bytes()
    with pytest.raises(SaveFailed) as failure:
        store.edit(document.id, renamed("new"))
    assert failure.value.code == "save-failed-link"
    assert str(store.places.history / document.id) == failure.value.params["path"]
    assert (tree(elsewhere), store.path(document.id).read_bytes()) == (before, saved)
    with pytest.raises(NothingToUndo):
        store.undo(document.id)
    assert len(store.versions(document.id)) == 1


def test_nothing_behind_a_history_that_is_a_link_is_pruned(
    paths: Paths, store: DocumentStore[Any], document: Any, tmp_path: Path
) -> None:
    from salescoach.store.files.history import STEPS, prune

    elsewhere = _link(store.places.history / document.id, tmp_path / "elsewhere")
    for number in range(1, 2 * STEPS):
        (elsewhere / f"{number}.u-.r-.json").write_bytes(b"{}")
    before = tree(elsewhere)
    prune(store.places.history / document.id, 160)
    assert tree(elsewhere) == before


WRITERS: dict[
    str,
    tuple[Callable[[DocumentStore[Any], str], Path], Callable[[DocumentStore[Any], Any], object]],
] = {
    "quarantine": (
        lambda store, key: store.places.quarantine,
        lambda store, document: set_aside(
            Damaged(store.path(document.id), "empty"), store.places.quarantine
        ),
    ),
    "parked": (
        lambda store, key: store.places.parked,
        lambda store, document: park(store.places.parked, document),
    ),
    "parked, one document's": (
        lambda store, key: store.places.parked / key,
        lambda store, document: park(store.places.parked, document),
    ),
    "recovery": (
        lambda store, key: store.paths.recovery,
        lambda store, document: RecoveryNote(store.paths.recovery).keep(
            Draft("title", (("a", "b"),), datetime.now(UTC))
        ),
    ),
}


@pytest.mark.parametrize("name", WRITERS)
def test_no_other_folder_of_the_state_is_written_through(
    paths: Paths, store: DocumentStore[Any], document: Any, tmp_path: Path, name: str
) -> None:
    place, write = WRITERS[name]
    elsewhere = _link(place(store, document.id), tmp_path / "elsewhere")
    before, saved = tree(elsewhere), store.path(document.id).read_bytes()
    with pytest.raises((SaveFailed, OSError)):
        write(store, document)
    assert (tree(elsewhere), store.path(document.id).read_bytes()) == (before, saved)


def test_last_saves_are_neither_kept_nor_removed_nor_believed_behind_a_link(
    paths: Paths, store: DocumentStore[Any], document: Any, tmp_path: Path
) -> None:
    rename_to = tmp_path / "moved"
    store.places.saved.rename(rename_to)
    elsewhere = _link(store.places.saved, tmp_path / "elsewhere")
    other = rename_to / f"{document.id}.json"
    (elsewhere / other.name).write_bytes(other.read_bytes().replace(b"timeline", b"TIMELINE"))
    before = tree(elsewhere)
    assert store.edit(document.id, renamed("new")).name == "new"
    forget(store.places.saved, document.id)
    assert tree(elsewhere) == before
    assert last_id(store.places.saved, document.id) is None


def test_a_folder_of_documents_that_is_a_link_is_the_users_own(
    paths: Paths, store: DocumentStore[Any], tmp_path: Path
) -> None:
    """People keep them where a sync service takes them from."""
    folder = store.places.folder
    (tmp_path / "synced").mkdir()
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.symlink_to(tmp_path / "synced")
    document = store.create(new_in(store))
    assert store.edit(document.id, renamed("new")).name == "new"
    assert (tmp_path / "synced" / f"{document.id}.json").exists()
