"""A file that somebody put in the place of what was last saved here: an older copy, a stick's, another machine's.

What goes on from the last save is taken as it is. Anything else is merged with it, as a conflict copy is: whichever of
the two came first, nothing of either is lost.
"""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic

from salescoach.document.ancestry import goes_on_from
from salescoach.document.change import record_merged
from salescoach.document.changes import came_in
from salescoach.document.errors import MergeFailed
from salescoach.document.kind import D
from salescoach.document.merge import incoming, same_content
from salescoach.store.care.parked import park
from salescoach.store.errors import StoreError, save_failed
from salescoach.store.files import history, saved
from salescoach.store.files.atomic import add_files
from salescoach.store.files.codec import MAX_BYTES, decode
from salescoach.store.merging import merged_copy

if TYPE_CHECKING:
    from pathlib import Path

    from salescoach.document.models import Event
    from salescoach.document.stamp import Stamp
    from salescoach.store.documents import DocumentStore


@dataclass(frozen=True, slots=True)
class CameFromOutside(Generic[D]):
    """A file was found in the place of what was last saved here, and what became of the two."""

    document: D
    """What is saved now."""
    came_in: tuple[Event, ...]
    """What the file brought, the newest first."""
    kept: tuple[Event, ...]
    """What was saved here and is not in the file: it would have been lost."""
    changed: bool
    """False for an older copy, which brings nothing."""
    parked: Path | None = None
    """Where the file's content is when the two make no valid document together."""
    erased: bool = False
    """Whether the file told of somebody who was erased here, which nothing keeps."""


def last_of(store: DocumentStore[D], document: D) -> D | None:
    """Return what was last saved here where the file that `document` was read from does not go on from it; nothing is written."""
    known = None
    with suppress(OSError):
        known = saved.last_id(store.places.saved, document.id)
    if known is None or goes_on_from(document, known):
        return None
    return _last(store, document.id)


def brought_together(
    store: DocumentStore[D], document: D
) -> tuple[D, tuple[D, ...], CameFromOutside[D]] | None:
    """Return what the file and the last save make together, what that goes on from, and what to tell.

    None when the file goes on from the last save. The caller holds the lock and
    saves. Raises StoreError when the last save cannot be kept in the history.
    """
    last = _last(store, document.id)
    if last is None:
        return None
    _keep(store, last)
    if goes_on_from(document, last.save):
        return None
    found, document = document, document.forgetting({**last.tombstones, **store.erased()})
    erased = document is not found
    try:
        merged = merged_copy(last, document, store)
    except MergeFailed:
        parked = park(store.places.parked, document)
        kept = incoming(document, last)
        told = CameFromOutside(last, (), kept, changed=False, parked=parked, erased=erased)
        return last, (last,), told
    came, kept = incoming(last, merged), incoming(document, merged)
    changed = not same_content(merged, last)
    if changed:
        merged = recorded(last, merged, store.stamp())
    return merged, (last, document), CameFromOutside(merged, came, kept, changed, erased=erased)


def recorded(stored: D, merged: D, stamp: Stamp) -> D:
    """Return a merged document with the event that tells what became of the one that was stored."""
    count = len(came_in(stored, merged))
    return record_merged(stored, stamp, "merged", {"count": str(count or "")}, merged)


def _last(store: DocumentStore[D], key: str) -> D | None:
    data = saved.last_saved(store.places.saved, key, MAX_BYTES)
    if data is None:
        return None
    try:
        return decode(data, store.places.saved / f"{key}.json", key, store.kind.model)
    except StoreError:
        return None


def _keep(store: DocumentStore[D], last: D) -> None:
    """Put what was last saved into the history, durably: its own file is overwritten."""
    folder = store.places.history / last.id
    if any(one.save == last.save for one in history.versions(folder)):
        return
    copy = store.places.saved / f"{last.id}.json"
    name = history.place(folder, last, copy).name
    try:
        add_files(folder, [(name, copy.read_bytes(), time.time_ns())])
    except OSError as error:
        raise save_failed(folder, error) from error
