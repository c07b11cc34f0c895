"""Merging on disk: a change with what was saved meanwhile, and a copy with the version that both went on from."""

from __future__ import annotations

import errno
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from salescoach.document.ancestry import merge_base
from salescoach.document.changes import telling_all
from salescoach.document.errors import DocumentError, MergeFailed
from salescoach.document.merge import merge, same_content
from salescoach.store.care.parked import park, unused
from salescoach.store.errors import CopyStays, Parked
from salescoach.store.files import system
from salescoach.store.files.atomic import keep_version, make_folder, refuse_link
from salescoach.store.files.names import ConflictCopy, is_id

if TYPE_CHECKING:
    from salescoach.document.kind import D
    from salescoach.store.documents import DocumentStore


def rebased(operation: Callable[[D], D], base: D, stored: D, store: DocumentStore[D]) -> D:
    """Return what an operation that was done on `base` means for the document that is `stored` by now.

    What it refuses on `base` is left to the stored document. Where the two cannot be merged, the changed document is parked
    in `store` and Parked is raised.
    """
    if same_content(base, stored):
        return operation(stored)
    try:
        mine = operation(base)
    except DocumentError:
        return operation(stored)
    new = mine.timeline.keys() - base.timeline.keys()
    if new and new <= stored.timeline.keys():
        return stored  # it was saved before, and what became of it since is for others to say
    try:
        return telling_all(stored, merge(base, mine, stored))
    except MergeFailed as error:
        path = park(store.places.parked, mine)
        raise Parked(stored.id, path, error.code, error.params).of(store.kind.name) from error


def merged_copy(stored: D, copy: D, store: DocumentStore[D]) -> D:
    """Return `stored` with what a copy of it holds; the one that was changed later has its way in conflicts.

    They are merged on the latest version that both go on from and that `store` has kept. Raises MergeFailed.
    """
    base = merge_base(stored, copy, lambda save: store.saved_version(stored.id, save))
    if base is None:
        base = _guessed(stored, copy, store)
    if _changed(copy) > _changed(stored):
        return merge(base, copy, stored)
    return merge(base, stored, copy)


def put_away(copy: ConflictCopy, folder: Path) -> None:
    """Move a copy whose content is in its document into `folder`. Raises CopyStays when that fails."""
    name = copy.path.name
    named = name if name.lower().startswith(copy.document) else f"{copy.document}.{name}"
    try:
        refuse_link(folder)
        make_folder(folder)
        target = unused(folder / named)
        try:
            system.rename(copy.path, target)
        except OSError as error:
            if error.errno != errno.EXDEV:
                raise
            keep_version(copy.path, target)
            system.unlink(copy.path)
    except OSError as error:
        raise CopyStays(copy.path, error) from error
    with suppress(OSError):
        target.chmod(0o600)
        if is_id(copy.path.parent.name):  # a change that was parked, perhaps the last one
            copy.path.parent.rmdir()


def discard(copy: ConflictCopy) -> None:
    """Remove a copy whose content is in its document, but for what must not be kept. Raises CopyStays when that fails."""
    try:
        system.unlink(copy.path)
    except OSError as error:
        raise CopyStays(copy.path, error) from error
    with suppress(OSError):
        if is_id(copy.path.parent.name):
            copy.path.parent.rmdir()


def _guessed(stored: D, copy: D, store: DocumentStore[D]) -> D | None:
    """Return the newest version that both went on from, for files without a record of it, which earlier programs wrote.

    The kept versions and the timelines tell, as far as they can.
    """
    versions = list(store.older(stored))
    if any(one.rev == copy.rev and same_content(one, copy) for one in versions):
        return copy  # nobody changed the copy since; what was undone here meanwhile stays undone
    here, there = stored.timeline.keys(), copy.timeline.keys()
    if here < there:
        return stored
    if there < here:
        return copy
    if here == there:
        return None  # one of them was edited by hand, and nothing tells which: what differs is for a person to settle
    both = here & there
    return next((version for version in versions if version.timeline.keys() <= both), None)


def _changed(document: D) -> datetime:
    return max((event.at for event in document.timeline.values()), default=document.created_at)
