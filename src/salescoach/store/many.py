"""Saves many documents of a kind with few waits for the disk: what they wait for, they wait for together."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Generic, NamedTuple

from salescoach.document.kind import D
from salescoach.store.documents import numbered
from salescoach.store.errors import Locked, save_failed
from salescoach.store.files import history, saved, system
from salescoach.store.files.atomic import (
    Sign,
    keep_version,
    make_folder,
    refuse_link,
    sync_names,
    write_beside,
)
from salescoach.store.files.codec import encode

if TYPE_CHECKING:
    from salescoach.store.documents import DocumentStore

_AT_ONCE = 16
"""Files whose way to the disk is waited for at the same time: a journal takes them in one go."""


class Change(NamedTuple, Generic[D]):
    """A document to be saved: as it was read from a file with this sign, both None for a new one, and as it is to be."""

    old: D | None
    sign: Sign | None
    new: D


class _Ready(NamedTuple, Generic[D]):
    old: D | None
    key: str
    data: bytes
    path: Path


def save_many(store: DocumentStore[D], changes: Sequence[Change[D]]) -> list[str]:
    """Save documents durably, each with the version that it replaces kept; return the ids of those that were left alone.

    Left alone is what somebody else holds or changed since it was read. Where it fails or is killed, each of them is as it
    was or as it is to be. Raises SaveFailed.
    """
    left: list[str] = []
    ready: list[_Ready[D]] = []
    with ExitStack() as locks:
        for change in sorted(changes, key=lambda one: one.new.id):
            key = change.new.id
            try:
                locks.enter_context(store.hold(key))
            except Locked:
                left.append(key)
                continue
            if store.sign(key) == change.sign and not _replaced(store, change.old):
                ready.append(_encoded(store, change))
            else:
                left.append(key)
        if ready:
            _save(store, ready)
    return left


def _replaced(store: DocumentStore[D], old: D | None) -> bool:
    """Say whether a file is not what was last saved here: then the two are to be merged, which takes them one at a time."""
    if old is None:
        return False
    try:
        last = saved.last_id(store.places.saved, old.id)
    except OSError as error:
        raise save_failed(store.places.saved, error) from error
    return last is not None and last != old.save


def _encoded(store: DocumentStore[D], change: Change[D]) -> _Ready[D]:
    old, path = change.old, store.path(change.new.id)
    new = numbered(change.new, 1) if old is None else numbered(change.new, old.rev + 1, old)
    return _Ready(old, new.id, encode(new, path)[0], path)


def _save(store: DocumentStore[D], ready: Sequence[_Ready[D]]) -> None:
    folder, temps = store.places.folder, dict[Path, str]()

    def write(one: _Ready[D]) -> None:
        temps[one.path] = write_beside(one.path, one.data)

    try:
        make_folder(folder)
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            list(pool.map(write, ready))
        _keep_old(store, ready)
        for one in ready:
            system.replace(temps[one.path], one.path)
            del temps[one.path]
        sync_names(folder)
    except OSError as error:
        raise save_failed(folder, error) from error
    finally:
        for temp in temps.values():
            with suppress(OSError):
                system.unlink(temp)
    for one in ready:
        saved.keep(store.places.saved, one.key, one.data)


def _keep_old(store: DocumentStore[D], ready: Sequence[_Ready[D]]) -> None:
    """Keep the versions that are replaced, durably before they are."""
    places = [(one.old, one.path) for one in ready if one.old is not None]
    if not places:
        return
    root = store.places.history
    refuse_link(root)
    make_folder(root)
    for old, path in places:
        folder = root / old.id
        refuse_link(folder)
        with suppress(FileExistsError):
            folder.mkdir(mode=0o700)
            folder.chmod(0o700)
        keep_version(path, history.place(folder, old, path))
    sync_names(root)
