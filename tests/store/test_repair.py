"""What the doctor does to the store when things are not as they were when it looked."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any

import pytest

from salescoach.paths import Paths
from salescoach.store.care import leftovers, repair
from salescoach.store.documents import DocumentStore
from salescoach.store.errors import AlreadyThere, Damaged, NotFound, StoreError
from tests.lists import made

from .doing import failing, renamed, tree


@pytest.fixture
def store(documents: DocumentStore[Any]) -> DocumentStore[Any]:
    """The documents of each kind in turn, as the fixture `document` is one of each."""
    return documents


def _damage(store: DocumentStore[Any], document: Any, *, age: int = 60) -> Path:
    path = store.path(document.id)
    path.write_bytes(b"{")
    at = path.stat().st_mtime - age
    os.utime(path, (at, at))
    return path


def test_only_what_is_damaged_is_set_aside(
    store: DocumentStore[Any], document: Any, tmp_path: Path
) -> None:
    with pytest.raises(AlreadyThere):
        repair.set_aside_document(store, document.id)
    path = store.path(document.id)
    path.rename(tmp_path / "moved.json")
    with pytest.raises(NotFound):
        repair.set_aside_document(store, document.id)
    path.symlink_to(tmp_path / "moved.json")
    with pytest.raises(Damaged, match="symlink"):
        repair.set_aside_document(store, document.id)
    assert path.is_symlink()
    assert store.quarantined() == []


def test_a_file_of_this_moment_is_waited_for(
    store: DocumentStore[Any], document: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An editor may be halfway through it; when it is whole after the wait, it stays."""
    path = store.path(document.id)
    whole = path.read_bytes()
    _damage(store, document, age=0)
    waits: list[float] = []

    def finish(seconds: float) -> None:
        waits.append(seconds)
        path.write_bytes(whole)

    monkeypatch.setattr("time.sleep", finish)
    with pytest.raises(AlreadyThere):
        repair.set_aside_document(store, document.id)
    assert 1.5 < waits[0] <= 2
    assert store.read(document.id) == document


def test_a_version_is_put_back_only_where_nothing_is(
    store: DocumentStore[Any], document: Any
) -> None:
    edited = store.edit(document.id, renamed("second"))
    with pytest.raises(AlreadyThere):
        repair.put_back(store, document.id)
    assert store.read(document.id) == edited
    store.path(document.id).unlink()
    assert repair.put_back(store, document.id).rev == 2
    assert (store.read(document.id).name, store.read(document.id).rev) == ("second", 2)
    assert store.edit(document.id, renamed("third")).rev == 3
    assert [store.undo(document.id).name for _ in range(2)] == ["second", document.name]


def test_without_a_whole_version_nothing_is_put_back(
    paths: Paths, store: DocumentStore[Any], document: Any
) -> None:
    store.edit(document.id, renamed("second"))
    store.path(document.id).unlink()
    (version,) = (store.places.history / document.id).iterdir()
    last = store.places.saved / f"{document.id}.json"
    newer = version.read_bytes().replace(b'"schema": %d' % document.SCHEMA, b'"schema": 999')
    for data in (newer, b"", b"{"):
        version.write_bytes(data)
        last.write_bytes(data)
        with pytest.raises(NotFound):
            repair.put_back(store, document.id)
        assert store.ids() == []
        assert version.read_bytes() == data


def test_a_repair_that_fails_loses_nothing(
    paths: Paths, store: DocumentStore[Any], document: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whichever call fails: the damaged bytes are here or in quarantine, and trying again completes it."""
    store.edit(document.id, renamed("second"))
    failures = 0
    for number in range(1, 100):
        for entry in store.quarantined():
            entry.path.unlink()
        _damage(store, document)
        with failing(monkeypatch, number, errno.ENOSPC) as made:
            try:
                if store.path(document.id).exists():
                    repair.set_aside_document(store, document.id)
                repair.put_back(store, document.id)
            except AlreadyThere:
                pass  # the step before had put it back when only telling so failed
            except StoreError:
                failures += 1
        kept = [
            path
            for folder in (store.places.folder, store.places.quarantine)
            for path in folder.glob("*.json")
        ]
        assert b"{" in [path.read_bytes() for path in kept]
        if len(made) < number:
            break
    assert failures > 5
    assert store.read(document.id).name == document.name


def test_the_index_is_judged_without_being_changed(tmp_path: Path) -> None:
    path = tmp_path / "cache" / "index.sqlite"
    assert leftovers.index_state(path, made().layout.version) == "none"
    index = made(path)
    index.remember(made="1")
    with_a_log = tree(path.parent)
    assert leftovers.index_state(path, made().layout.version) == "fine"
    assert tree(path.parent) == with_a_log
    index.close()
    assert leftovers.index_state(path, made().layout.version) == "fine"
    whole = path.read_bytes()
    for data, state in (
        (whole[:4096], "damaged"),
        (whole[:100] + b"\xff" * 4000 + whole[4100:], "damaged"),
        (whole[:60] + b"\0\0\0\x63" + whole[64:], "stale"),
        (b"", "stale"),
    ):
        path.write_bytes(data)
        assert leftovers.index_state(path, made().layout.version) == state
        assert path.read_bytes() == data
    path.unlink()
    path.mkdir()
    assert leftovers.index_state(path, made().layout.version) == "damaged"


def test_locks_of_deals_that_are_there_stay(
    paths: Paths, store: DocumentStore[Any], document: Any
) -> None:
    lock = store.places.locks / f"{document.id}.lock"
    os.utime(lock, (1, 1))
    assert leftovers.spare_locks(store.places) == []
    store.path(document.id).unlink()
    assert leftovers.spare_locks(store.places) == [lock]
    assert leftovers.remove_lock(lock)
    assert not lock.exists()
