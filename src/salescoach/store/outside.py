"""A file that somebody put in the place of what was last saved here: an older copy, a stick's, another machine's.

What goes on from the last save is taken as it is. Anything else is merged with it, as a conflict copy is: whichever of
the two came first, nothing of either is lost.
"""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from salescoach.document.ancestry import goes_on_from
from salescoach.document.change import record
from salescoach.document.errors import MergeFailed
from salescoach.document.merge import incoming, same_content
from salescoach.store import history, saved
from salescoach.store.document import MAX_BYTES, decode
from salescoach.store.errors import StoreError, save_failed
from salescoach.store.files import add_files
from salescoach.store.merging import merged_copy
from salescoach.store.parked import park

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from salescoach.deal.models import Deal
    from salescoach.document.models import Event
    from salescoach.document.stamp import Stamp
    from salescoach.store.deals import DealStore


@dataclass(frozen=True, slots=True)
class CameFromOutside:
    """A file was found in the place of what was last saved here, and what became of the two."""

    deal: Deal
    """What is saved now."""
    came_in: tuple[Event, ...]
    """What the file brought, the newest first."""
    kept: tuple[Event, ...]
    """What was saved here and is not in the file: it would have been lost."""
    changed: bool
    """False for an older copy, which brings nothing."""
    parked: Path | None = None
    """Where the file's content is when the two make no valid deal together."""


def last_of(store: DealStore, deal: Deal) -> Deal | None:
    """Return what was last saved here where the file that `deal` was read from does not go on from it; nothing is written."""
    known = None
    with suppress(OSError):
        known = saved.last_id(store.paths.saved, deal.id)
    if known is None or goes_on_from(deal, known):
        return None
    return _last(store, deal.id)


def brought_together(
    store: DealStore, deal: Deal
) -> tuple[Deal, tuple[Deal, ...], CameFromOutside] | None:
    """Return what the file and the last save make together, what that goes on from, and what to tell.

    None when the file goes on from the last save. The caller holds the lock and
    saves. Raises StoreError when the last save cannot be kept in the history.
    """
    last = _last(store, deal.id)
    if last is None:
        return None
    _keep(store, last)
    if goes_on_from(deal, last.save):
        return None
    try:
        merged = merged_copy(last, deal, store)
    except MergeFailed:
        parked = park(store.paths.parked, deal)
        told = CameFromOutside(last, (), incoming(deal, last), changed=False, parked=parked)
        return last, (last,), told
    came, kept = incoming(last, merged), incoming(deal, merged)
    changed = not same_content(merged, last)
    if changed:
        merged = recorded(merged, came, store.stamp())
    return merged, (last, deal), CameFromOutside(merged, came, kept, changed)


def recorded(deal: Deal, came_in: Sequence[Event], stamp: Stamp) -> Deal:
    """Return a merged deal with the event that tells so."""
    return record(deal, stamp, "merged", {"count": str(len(came_in) or "")})


def _last(store: DealStore, key: str) -> Deal | None:
    data = saved.last_saved(store.paths.saved, key, MAX_BYTES)
    if data is None:
        return None
    try:
        return decode(data, store.paths.saved / f"{key}.json", key)
    except StoreError:
        return None


def _keep(store: DealStore, last: Deal) -> None:
    """Put what was last saved into the history, durably: its own file is overwritten."""
    folder = store.paths.history / last.id
    if any(one.save == last.save for one in history.versions(folder)):
        return
    copy = store.paths.saved / f"{last.id}.json"
    name = history.place(folder, last, copy).name
    try:
        add_files(folder, [(name, copy.read_bytes(), time.time_ns())])
    except OSError as error:
        raise save_failed(folder, error) from error
