"""Looks at the deals and at what lies about them for `salescoach doctor`, and holds the repairs of what can be mended."""

from __future__ import annotations

import errno
import os
from contextlib import suppress
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from salescoach.cli.checkup import Finding, Level, Repair, narrowed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from salescoach.cli.context import Context
    from salescoach.store.errors import Damaged
    from salescoach.words import Words


def deals(context: Context) -> Iterator[Finding]:
    """Yield how each deal is: what is wrong with it, and how many are sound."""
    from salescoach.explain import explain
    from salescoach.store.care.outside import last_of
    from salescoach.store.errors import Damaged, NewerSchema, StoreError
    from salescoach.workspace.lists.deal_rows import INDEXED, ListedDeal

    words, store = context.words, context.workspace.store
    sound = 0
    try:
        ids = store.ids()
    except StoreError as error:
        mend = words("doctor.mend-access", path=context.paths.deals)
        yield Finding("deals", "wrong", explain(error, words), mend)
        return
    for key in ids:
        try:
            deal = store.read(key)
        except Damaged as error:
            mend = words("doctor.mend-damaged", history=context.paths.history / key)
            repair = _mending(context, key, error)
            yield Finding("deals", "damaged", explain(error, words), mend, repair)
        except NewerSchema as error:
            mend = words("doctor.mend-newer")
            yield Finding("deals", "note", explain(error, words), mend)
        except StoreError as error:
            path = store.path(key)
            mend = words("doctor.mend-access", path=path)
            repair = narrowed(words, path, 0o600)
            yield Finding("deals", "wrong", explain(error, words), mend, repair)
        else:
            if INDEXED.record(key, ListedDeal(deal), {}).problem:
                kind = words("storage.kind-deal")
                told = words("storage.not-listed", path=store.path(key), kind=kind)
                yield Finding("deals", "damaged", told, words("doctor.mend-not-listed"))
                continue
            sound += 1
            if last_of(store, deal) is not None:
                told = words("doctor.replaced", name=deal.name)
                mend = words("doctor.mend-replaced", deal=key[:8])
                yield Finding("deals", "wrong", told, mend)
            yield from _deal_file(words, store.path(key), deal.name)
            if share := store.nearly_full(key):
                told = words("storage.nearly-full", name=deal.name, share=share)
                yield Finding("deals", "note", told)
    yield Finding("deals", "fine", words("doctor.deals-fine", count=sound))


def _deal_file(words: Words, path: Path, name: str) -> Iterator[Finding]:
    mode = path.stat().st_mode & 0o777
    if os.name == "posix" and mode & 0o077:
        mend = words("doctor.mend-mode", mode="600", path=path)
        told = words("doctor.open-file", name=name, mode=f"{mode:04o}")
        yield Finding("deals", "wrong", told, mend, narrowed(words, path, 0o600))


def _mending(context: Context, key: str, error: Damaged) -> Repair | None:
    """Return the repair of a damaged deal: set aside, and the newest whole version put back."""
    from salescoach.store.care.quarantine import synced
    from salescoach.store.care.repair import whole_version

    if error.reason in {"symlink", "not-a-file"}:
        return None
    words = context.words
    plan = [words("doctor.plan-aside", path=context.paths.quarantine)]
    whole = whole_version(context.workspace.store, key)
    if whole is None:
        plan.append(words("doctor.plan-no-version"))
        if synced(context.paths.deals):
            plan = [words("doctor.plan-copied", path=context.paths.quarantine)]
    else:
        told = words("doctor.plan-version", rev=whole.rev, when=_when(whole.saved_at))
        plan.append(told)
    return Repair(" ".join(plan), partial(_mend, context, key, put=whole is not None))


def _mend(context: Context, key: str, *, put: bool) -> str:
    from salescoach.store.care.quarantine import bring_back, synced
    from salescoach.store.care.repair import set_aside_document

    if not put and synced(context.paths.deals):
        # Taking it away here would take it from every other machine, where it may be whole.
        context.workspace.store.sweep([key])
        return context.words("doctor.done-copied", path=context.paths.quarantine)
    aside = set_aside_document(context.workspace.store, key)
    told = context.words("doctor.done-aside", path=aside.path)
    if not put:
        return told
    try:
        return f"{told} {_put_back(context, key)}"
    except BaseException:
        with suppress(OSError):
            bring_back(aside, context.paths.deals)
        raise


def _put_back(context: Context, key: str) -> str:
    from salescoach.store.care.repair import put_back

    whole = put_back(context.workspace.store, key)
    return context.words(
        "doctor.done-version", deal=whole.document.name, rev=whole.rev, when=_when(whole.saved_at)
    )


def leftovers(context: Context) -> Iterator[Finding]:
    """Yield what lies about: copies that can be merged, what was set aside, files of nobody, a damaged cache."""
    from salescoach.store.errors import StoreError

    words = context.words
    try:
        stores = (context.workspace.store, context.workspace.customers)
        copies = [copy for store in stores for copy in store.conflict_copies()]
        parked = [change for store in stores for change in store.parked()]
    except StoreError:
        return
    for copy in copies:
        service = copy.service or words("doctor.some-service")
        told = words("doctor.conflict-copy", path=copy.path, service=service)
        mend = words("doctor.mend-copy", deal=copy.document[:8])
        yield Finding("deals", "wrong", told, mend)
    for change in parked:
        told = words("doctor.parked", path=change.path)
        yield Finding("deals", "wrong", told, words("doctor.mend-parked", deal=change.document[:8]))
    yield from _set_aside(context)
    yield from _temporary(context)
    yield from _locks(context)
    yield from _modes(context)
    yield from _cache(context)


def _set_aside(context: Context) -> Iterator[Finding]:
    from salescoach.store.care.repair import whole_version
    from salescoach.store.files.names import is_id

    words, store = context.words, context.workspace.store
    try:
        aside = store.quarantined()
    except OSError:
        return
    offered: set[str] = set()
    for entry in aside:
        told = words("doctor.set-aside", path=entry.path, reason=entry.reason)
        known = is_id(entry.document)
        if known and os.path.lexists(store.path(entry.document)):
            # The deal itself is judged where the deals are; this file is only kept.
            yield Finding("deals", "note", told, words("doctor.mend-aside-kept"))
            continue
        mend = words("doctor.mend-aside", path=context.paths.deals)
        whole = (
            whole_version(store, entry.document)
            if known and entry.document not in offered
            else None
        )
        repair = None
        if whole is not None:
            offered.add(entry.document)
            plan = words("doctor.plan-version", rev=whole.rev, when=_when(whole.saved_at))
            repair = Repair(plan, partial(_put_back, context, entry.document))
        yield Finding("deals", "damaged", told, mend, repair)


def _temporary(context: Context) -> Iterator[Finding]:
    from salescoach.store.care.repair import temporaries

    words, paths = context.words, context.paths
    stale, young = temporaries(paths)
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
    from salescoach.store.care.repair import spare_locks

    words = context.words
    if spare := spare_locks(context.paths):
        told = words("doctor.locks", count=len(spare))
        plan = words("doctor.plan-remove", count=len(spare))
        yield Finding("deals", "note", told, "", Repair(plan, partial(_unlock, words, spare)))


def _unlock(words: Words, files: Sequence[Path]) -> str:
    from salescoach.store.care.repair import remove_lock

    return words("doctor.done-remove", count=sum(remove_lock(path) for path in files))


def _modes(context: Context) -> Iterator[Finding]:
    from salescoach.store.care.repair import open_files

    words, workspace = context.words, context.workspace
    places = (workspace.store.places, workspace.customers.places)
    for folder in (one for each in places for one in (each.history, each.saved, each.quarantine)):
        found = list(open_files(folder))
        if found:
            told = words("doctor.open-files", count=len(found), path=folder)
            mend = words("doctor.mend-open-files", path=folder)
            plan = words("doctor.plan-modes", count=len(found))
            repair = Repair(plan, partial(_narrow_all, words, found))
            yield Finding("folders", "wrong", told, mend, repair)


def _narrow_all(words: Words, files: Sequence[tuple[Path, int]]) -> str:
    from salescoach.store.care.repair import narrow

    for path, mode in files:
        narrow(path, mode)
    return words("doctor.done-modes", count=len(files))


def _cache(context: Context) -> Iterator[Finding]:
    from salescoach.store.care.repair import damaged_caches, index_state

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
