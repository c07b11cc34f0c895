"""What a doctor does to damaged documents: they are set aside byte for byte, and put back from their history."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Generic, NamedTuple

from salescoach.document.kind import D
from salescoach.store.care.quarantine import SetAside, set_aside
from salescoach.store.care.sweep import SETTLED
from salescoach.store.errors import AlreadyThere, Damaged, NotFound, StoreError, save_failed
from salescoach.store.files import history
from salescoach.store.files.atomic import (
    NotRegular,
    TooLarge,
    read_regular,
    replace_file,
    sync_names,
)

if TYPE_CHECKING:
    from salescoach.store.documents import DocumentStore


class Whole(NamedTuple, Generic[D]):
    """The newest version in a document's history that can be read."""

    document: D
    rev: int
    saved_at: float
    """When, as seconds since the epoch."""
    next_rev: int
    """A revision that this document has not had, the damaged one included; its own where it is the last save itself."""


def whole_version(store: DocumentStore[D], key: str) -> Whole[D] | None:
    """Return the newest kept version of a document that is whole; None when there is none. Raises OSError.

    Best of all is the copy of what was last saved.
    """
    from salescoach.document.models import MAX_WHOLE
    from salescoach.store.files import saved
    from salescoach.store.files.codec import MAX_BYTES, decode

    place = store.places.saved / f"{key}.json"
    last = saved.last_saved(store.places.saved, key, MAX_BYTES)
    if last is not None:
        with suppress(StoreError):
            document = decode(last, place, key, store.kind.model)
            if not document.is_newer:
                return Whole(document, document.rev, place.stat().st_mtime, document.rev)
    versions = history.kept(store.places.history / key)
    for rev in sorted(versions, reverse=True):
        path = versions[rev].path
        with suppress(StoreError, NotRegular, TooLarge, OSError):
            data, sign = read_regular(path, MAX_BYTES)
            document = decode(data, path, key, store.kind.model)
            if not document.is_newer:
                # Each save keeps what it replaces: the lost revision is the one after the last kept.
                next_rev = min(max(versions) + 2, MAX_WHOLE)
                return Whole(document, rev, sign.mtime_ns / 1e9, next_rev)
    return None


def set_aside_document(store: DocumentStore[D], key: str) -> SetAside:
    """Set a damaged document aside, once it has been left alone for a moment. Raises AlreadyThere when it is not damaged.

    Raises StoreError too when it cannot be done, or must not, as with links; the file is where it was then.
    """
    path = store.path(key)
    try:
        # An editor may be halfway through it.
        time.sleep(max(0.0, min(SETTLED, SETTLED - (time.time() - path.lstat().st_mtime))))
        with store.hold(key):
            try:
                store.read(key)
            except Damaged as damaged:
                if damaged.reason in {"symlink", "not-a-file"}:
                    raise
                aside = set_aside(damaged, store.places.quarantine)
                sync_names(path.parent)
                return aside
            raise AlreadyThere(key).of(store.kind.name)
    except FileNotFoundError as error:
        raise NotFound(key).of(store.kind.name) from error
    except OSError as error:
        raise save_failed(path, error) from error


def put_back(store: DocumentStore[D], key: str) -> Whole[D]:
    """Save the newest whole version of a document that is not there any more as its next revision, and return it.

    Undo leads from it to where it led from that version. Raises NotFound when no version is whole, AlreadyThere when
    the document is there, or another StoreError.
    """
    from salescoach.store.documents import numbered
    from salescoach.store.files import saved
    from salescoach.store.files.codec import encode

    path = store.path(key)
    try:
        with store.hold(key):
            if os.path.lexists(path):
                raise AlreadyThere(key).of(store.kind.name)
            whole = whole_version(store, key)
            if whole is None:
                raise NotFound(key).of(store.kind.name)
            document = whole.document
            if whole.next_rev != whole.rev:
                document = numbered(document, whole.next_rev, document)
            data, _ = encode(document, path)
            replace_file(path, data)
            saved.keep(store.places.saved, key, data)
            return whole
    except OSError as error:
        raise save_failed(path, error) from error
