"""What one act changes in several documents is saved together: in order, and finished later where a crash came between.

Before the first of them is saved, a note with all of them is made durable. It goes when the last one is saved; a note that is
still there belongs to an act that is being saved now, which the documents' locks tell, or to one that was cut short.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from salescoach.document.errors import DocumentError, MergeFailed
from salescoach.document.stamp import new_id
from salescoach.store.errors import HalfSaved, NotFound, StoreError, save_failed
from salescoach.store.files.atomic import make_folder, refuse_link, replace_file

if TYPE_CHECKING:
    from salescoach.document.models import Document
    from salescoach.store.documents import DocumentStore


class Change(NamedTuple):
    """A document as an act left it, and as it was on the disk before; None for a new one."""

    store: DocumentStore[Any]
    new: Document
    old: Document | None


def save_together(changes: Sequence[Change], folder: Path) -> list[Any]:
    """Save what one act changed, in this order, and return the documents as they are saved.

    The caller holds all of them. With several, a note in `folder` sees to it that either none or all are saved in the end.
    Raises what `DocumentStore.put` does when nothing was saved, HalfSaved when only a part could be,
    or may have been.
    """
    if len(changes) == 1:
        return [changes[0].store.put(changes[0].new, changes[0].old)]
    note = _write_note(changes, folder)
    saved: list[Any] = []
    for change in changes:
        try:
            saved.append(change.store.put(change.new, change.old))
        except StoreError as error:
            if saved or not _is_as_before(change):
                raise HalfSaved(note, error) from error
            _forget(note)
            raise
    _forget(note)
    return saved


def _is_as_before(change: Change) -> bool:
    """Say whether a document that could not be saved is for certain what it was: its file may be the new one all the same."""
    try:
        stored = change.store.read(change.new.id)
    except NotFound:
        return change.old is None
    except StoreError:
        return False
    return change.old is not None and stored.save == change.old.save


def finish(stores: Iterable[DocumentStore[Any]], folder: Path) -> int:
    """Finish what a crash left half done, and return how many acts there were; what cannot be done now waits.

    It never raises: the documents that were saved are whole, whatever becomes of the others.
    """
    by_kind = {store.kind.name: store for store in stores}
    count = 0
    with suppress(OSError):
        for note in sorted(folder.glob("*.json")):
            with suppress(StoreError, DocumentError, OSError, ValueError, KeyError, TypeError):
                count += _finish(note, by_kind)
    return count


def _write_note(changes: Sequence[Change], folder: Path) -> Path:
    from salescoach.store.files.codec import encode

    note = folder / f"{new_id()}.json"
    told = [
        {
            "kind": change.store.kind.name,
            "id": change.new.id,
            "base": change.old.save if change.old is not None else "",
            "document": base64.b64encode(encode(change.new, note)[0]).decode(),
        }
        for change in changes
    ]
    try:
        refuse_link(folder)
        make_folder(folder)
        replace_file(note, json.dumps({"documents": told}).encode())
    except OSError as error:
        raise save_failed(note, error) from error
    return note


def _forget(note: Path) -> None:
    with suppress(OSError):
        note.unlink()


def _finish(note: Path, stores: Mapping[str, DocumentStore[Any]]) -> bool:
    from salescoach.store.files.codec import decode
    from salescoach.store.files.notes import read_note

    told = read_note(note)["documents"]
    wanted = [(stores[one["kind"]], one["id"], one["base"], one["document"]) for one in told]
    with ExitStack() as held:
        for store, key, _, _ in hold_order(wanted):
            held.enter_context(store.hold(key))
        if not note.exists():
            return False  # whoever wrote it has saved everything meanwhile
        for store, key, base, text in wanted:
            new = decode(base64.b64decode(text), note, key, store.kind.model)
            _put(store, new.forgetting(store.erased()), base)
        _forget(note)
    return True


def hold_order(wanted: Iterable[Any]) -> list[Any]:
    """Return tuples that begin with a store and an id in the order in which they are locked, deals before customers.

    All who lock several documents lock them in this order, so that nobody waits for somebody who waits for him.
    """
    return sorted(wanted, key=lambda one: (one[0].kind.lock_order, one[1]))


def _put(store: DocumentStore[Any], new: Document, base: str) -> None:
    """Save one document of a note, unless its act is in what is stored."""
    try:
        stored = store.current(new.id)
    except NotFound:
        if base:
            return  # it was there and is gone: nobody brings it back behind the person's back
        store.put(new, None)
        return
    before = stored if stored.save == base else store.saved_version(new.id, base)
    known = before.timeline if before is not None else {}
    if stored.timeline.keys() >= new.timeline.keys() - known.keys():
        return
    if stored.save == base:
        store.put(new, stored)
        return
    from salescoach.document.merge import (
        merge,
    )  # brings the models, which a start with nothing to finish does without

    try:
        store.put(merge(before, new, stored), stored)
    except MergeFailed:
        from salescoach.store.care.parked import park

        park(store.places.parked, new)
