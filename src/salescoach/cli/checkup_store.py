"""Looks at the documents and at what lies about them for `salescoach doctor`, and holds the repairs of what can be mended."""

from __future__ import annotations

import errno
import os
from contextlib import suppress
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from salescoach.cli.checkup import Finding, Level, Repair, narrowed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from salescoach.cli.context import Context
    from salescoach.customer.models import Customer
    from salescoach.deal.models import Deal
    from salescoach.store.documents import DocumentStore
    from salescoach.store.errors import Damaged
    from salescoach.words import Words


def documents(context: Context) -> Iterator[Finding]:
    """Yield how each document of each kind is: what is wrong with it, and how many are sound."""
    for store in context.workspace.stores:
        yield from _of_kind(context, store)


def _of_kind(context: Context, store: DocumentStore[Any]) -> Iterator[Finding]:
    from salescoach.explain import explain
    from salescoach.store.care.outside import last_of
    from salescoach.store.errors import Damaged, NewerSchema, StoreError

    words, area = context.words, store.kind.folder
    sound = 0
    try:
        ids = store.ids()
    except StoreError as error:
        mend = words("doctor.mend-access", path=store.places.folder)
        yield Finding(area, "wrong", explain(error, words), mend)
        return
    for key in ids:
        try:
            document = store.read(key)
        except Damaged as error:
            mend = words("doctor.mend-damaged", history=store.places.history / key)
            repair = _mending(context, store, key, error)
            yield Finding(area, "damaged", explain(error, words), mend, repair)
        except NewerSchema as error:
            mend = words("doctor.mend-newer")
            yield Finding(area, "note", explain(error, words), mend)
        except StoreError as error:
            path = store.path(key)
            mend = words("doctor.mend-access", path=path)
            repair = narrowed(words, path, 0o600)
            yield Finding(area, "wrong", explain(error, words), mend, repair)
        else:
            if _cannot_be_listed(key, document):
                kind = words(f"storage.kind-{store.kind.name}")
                told = words("storage.not-listed", path=store.path(key), kind=kind)
                yield Finding(area, "damaged", told, words("doctor.mend-not-listed"))
                continue
            sound += 1
            if last_of(store, document) is not None:
                told = words("doctor.replaced", name=document.name)
                mend = words("doctor.mend-replaced", id=key[:8])
                yield Finding(area, "wrong", told, mend)
            yield from _mode(words, store, key, document.name)
            if share := store.nearly_full(key):
                near = "nearly-full" if area == "deals" else "nearly-full-customer"
                told = words(f"storage.{near}", name=document.name, share=share)
                yield Finding(area, "note", told)
    if ids or area == "deals":
        yield Finding(area, "fine", words(f"doctor.{area}-fine", count=sound))


def _cannot_be_listed(key: str, document: Deal | Customer) -> bool:
    from salescoach.deal.models import Deal
    from salescoach.workspace.lists import customer_rows, deal_rows

    if isinstance(document, Deal):
        listed = deal_rows.ListedDeal(document)
        return bool(deal_rows.INDEXED.record(key, listed, {}).problem)
    return bool(customer_rows.INDEXED.record(key, document, {}).problem)


def _mode(words: Words, store: DocumentStore[Any], key: str, name: str) -> Iterator[Finding]:
    path = store.path(key)
    mode = path.stat().st_mode & 0o777
    if os.name == "posix" and mode & 0o077:
        mend = words("doctor.mend-mode", mode="600", path=path)
        told = words("doctor.open-file", name=name, mode=f"{mode:04o}")
        yield Finding(store.kind.folder, "wrong", told, mend, narrowed(words, path, 0o600))


def _mending(
    context: Context, store: DocumentStore[Any], key: str, error: Damaged
) -> Repair | None:
    """Return the repair of a damaged document: set aside, and the newest whole version put back."""
    from salescoach.store.care.quarantine import synced
    from salescoach.store.care.repair import whole_version

    if error.reason in {"symlink", "not-a-file"}:
        return None
    words, quarantine = context.words, store.places.quarantine
    plan = [words("doctor.plan-aside", path=quarantine)]
    whole = whole_version(store, key)
    if whole is None:
        plan.append(words("doctor.plan-no-version"))
        if synced(store.places.folder):
            plan = [words("doctor.plan-copied", path=quarantine)]
    else:
        told = words("doctor.plan-version", rev=whole.rev, when=_when(whole.saved_at))
        plan.append(told)
    put = whole is not None
    return Repair(" ".join(plan), partial(_mend, context.words, store, key, put=put))


def _mend(words: Words, store: DocumentStore[Any], key: str, *, put: bool) -> str:
    from salescoach.store.care.quarantine import bring_back, synced
    from salescoach.store.care.repair import set_aside_document

    if not put and synced(store.places.folder):
        # Taking it away here would take it from every other machine, where it may be whole.
        store.sweep([key])
        return words("doctor.done-copied", path=store.places.quarantine)
    aside = set_aside_document(store, key)
    told = words("doctor.done-aside", path=aside.path)
    if not put:
        return told
    try:
        return f"{told} {_put_back(words, store, key)}"
    except BaseException:
        with suppress(OSError):
            bring_back(aside, store.places.folder)
        raise


def _put_back(words: Words, store: DocumentStore[Any], key: str) -> str:
    from salescoach.store.care.repair import put_back

    whole = put_back(store, key)
    when = _when(whole.saved_at)
    return words("doctor.done-version", name=whole.document.name, rev=whole.rev, when=when)


def leftovers(context: Context) -> Iterator[Finding]:
    """Yield what lies about: copies that can be merged, what was set aside, files of nobody, a damaged cache."""
    from salescoach.store.errors import StoreError

    for store in context.workspace.stores:
        try:
            yield from _copies(context.words, store)
        except StoreError:
            return
    for store in context.workspace.stores:
        yield from _set_aside(context.words, store)
    yield from _temporary(context)
    yield from _locks(context)
    yield from _modes(context)
    yield from _cache(context)


def _copies(words: Words, store: DocumentStore[Any]) -> Iterator[Finding]:
    area = store.kind.folder
    for copy in store.conflict_copies():
        service = copy.service or words("doctor.some-service")
        told = words("doctor.conflict-copy", path=copy.path, service=service)
        yield Finding(area, "wrong", told, words("doctor.mend-copy", id=copy.document[:8]))
    for change in store.parked():
        told = words("doctor.parked", path=change.path)
        yield Finding(area, "wrong", told, words("doctor.mend-parked", id=change.document[:8]))


def _set_aside(words: Words, store: DocumentStore[Any]) -> Iterator[Finding]:
    from salescoach.store.care.repair import whole_version
    from salescoach.store.files.names import is_id

    area, kind = store.kind.folder, words(f"storage.kind-{store.kind.name}")
    try:
        aside = store.quarantined()
    except OSError:
        return
    offered: set[str] = set()
    for entry in aside:
        told = words("doctor.set-aside", kind=kind, path=entry.path, reason=entry.reason)
        known = is_id(entry.document)
        if known and os.path.lexists(store.path(entry.document)):
            # The document itself is judged where all are; this file is only kept.
            yield Finding(area, "note", told, words("doctor.mend-aside-kept", kind=kind))
            continue
        mend = words("doctor.mend-aside", path=store.places.folder)
        fresh = known and entry.document not in offered
        whole = whole_version(store, entry.document) if fresh else None
        repair = None
        if whole is not None:
            offered.add(entry.document)
            plan = words("doctor.plan-version", rev=whole.rev, when=_when(whole.saved_at))
            repair = Repair(plan, partial(_put_back, words, store, entry.document))
        yield Finding(area, "damaged", told, mend, repair)


def _temporary(context: Context) -> Iterator[Finding]:
    from salescoach.store.care.leftovers import temporaries

    words, paths = context.words, context.paths
    stale, young = temporaries(paths, [store.places for store in context.workspace.stores])
    if stale:
        told = words("doctor.temporary-stale", count=len(stale))
        plan = words("doctor.plan-remove", count=len(stale))
        repair = Repair(plan, partial(_remove, words, stale))
        yield Finding("deals", "note", told, words("doctor.mend-temporary"), repair)
    if young:
        told = words("doctor.temporary", count=young, path=paths.deals)
        yield Finding("deals", "note", told, words("doctor.mend-temporary"))


def _remove(words: Words, files: Sequence[Path]) -> str:
    for path in files:
        path.unlink(missing_ok=True)
    return words("doctor.done-remove", count=len(files))


def _locks(context: Context) -> Iterator[Finding]:
    from salescoach.store.care.leftovers import spare_locks

    words = context.words
    spare = [lock for store in context.workspace.stores for lock in spare_locks(store.places)]
    if spare:
        told = words("doctor.locks", count=len(spare))
        plan = words("doctor.plan-remove", count=len(spare))
        yield Finding("deals", "note", told, "", Repair(plan, partial(_unlock, words, spare)))


def _unlock(words: Words, files: Sequence[Path]) -> str:
    from salescoach.store.care.leftovers import remove_lock

    return words("doctor.done-remove", count=sum(remove_lock(path) for path in files))


def _modes(context: Context) -> Iterator[Finding]:
    from salescoach.store.care.leftovers import open_files

    words, workspace = context.words, context.workspace
    places = (workspace.store.places, workspace.customers.places)
    own = (one for each in places for one in (each.history, each.saved, each.quarantine))
    for folder in (*own, workspace.paths.state):
        found = list(open_files(folder))
        if folder == workspace.paths.state:  # its folders are looked at one by one
            found = [one for one in found if not one[0].is_dir()]
        if found:
            told = words("doctor.open-files", count=len(found), path=folder)
            mend = words("doctor.mend-open-files", path=folder)
            plan = words("doctor.plan-modes", count=len(found))
            repair = Repair(plan, partial(_narrow_all, words, found))
            yield Finding("folders", "wrong", told, mend, repair)


def _narrow_all(words: Words, files: Sequence[tuple[Path, int]]) -> str:
    from salescoach.store.care.leftovers import narrow

    for path, mode in files:
        narrow(path, mode)
    return words("doctor.done-modes", count=len(files))


def _cache(context: Context) -> Iterator[Finding]:
    from salescoach.store.care.leftovers import damaged_caches, index_state

    words, path = context.words, context.paths.index_file
    state = index_state(path, context.workspace.index.layout.version)
    if state in {"damaged", "stale"}:
        told = words(f"doctor.index-{state}", path=path)
        repair = Repair(words("doctor.plan-index"), partial(_rebuild, context))
        level: Level = "wrong" if state == "damaged" else "note"
        yield Finding("folders", level, told, words("doctor.mend-cache", path=path), repair)
    if caches := damaged_caches(context.paths):
        told = words("doctor.cache-damaged", path=caches[0])
        plan = words("doctor.plan-remove", count=len(caches))
        repair = Repair(plan, partial(_remove, words, caches))
        mend = words("doctor.mend-cache", path=caches[0])
        yield Finding("folders", "note", told, mend, repair)


def _rebuild(context: Context) -> str:
    from salescoach.cli.ask import Progress
    from salescoach.store.index.connection import discard

    path = context.paths.index_file
    if not discard(path):
        raise OSError(errno.EACCES, os.strerror(errno.EACCES), str(path))
    progress = Progress(context.out, context.words)
    context.workspace.refresh(progress)
    progress.clear()
    return context.words("doctor.done-index", path=path)


def _when(seconds: float) -> str:
    from salescoach.text import local_time

    return local_time(datetime.fromtimestamp(seconds).astimezone())
