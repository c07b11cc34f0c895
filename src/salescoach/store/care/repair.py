"""What a doctor does to the store: damaged documents put back from their history, leftovers removed, modes narrowed.

Nothing is lost by it: a damaged file is set aside byte for byte, and what is removed is a cache, an unfinished
write or the lock of a document that is gone.
"""

from __future__ import annotations

import os
import re
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Generic, Literal, NamedTuple
from zlib import crc32

from salescoach.document.kind import D
from salescoach.store.care.quarantine import SetAside, set_aside
from salescoach.store.care.sweep import SETTLED, STALE
from salescoach.store.errors import AlreadyThere, Damaged, NotFound, StoreError, save_failed
from salescoach.store.files import history
from salescoach.store.files.atomic import (
    NotRegular,
    TooLarge,
    read_regular,
    replace_file,
    sync_names,
)
from salescoach.store.files.locks import Held, locked
from salescoach.store.files.names import is_id, is_temporary
from salescoach.store.index.connection import SUFFIXES

if TYPE_CHECKING:
    from salescoach.paths import Paths
    from salescoach.store.documents import DocumentStore

IndexState = Literal["none", "fine", "damaged", "stale"]
_MAX_CACHE = 64 * 1024 * 1024
_CACHE_TEMP = re.compile(r"\.playbook-[0-9a-f]{8}\.json\.[0-9a-f]{8}\.tmp")


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


def temporaries(paths: Paths) -> tuple[list[Path], int]:
    """Return the temporary files that are nobody's any more, and how many may still be somebody's."""
    stale: list[Path] = []
    young = 0
    folders = [paths.deals, paths.config_file.parent, paths.quarantine, paths.cache]
    folders += [paths.history / name for name in _names(paths.history) if is_id(name)]
    for folder in dict.fromkeys(folders):
        for name in _names(folder):
            if is_temporary(name) or _CACHE_TEMP.fullmatch(name):
                with suppress(OSError):
                    old = time.time() - (folder / name).lstat().st_mtime > STALE
                    stale += [folder / name] if old else []
                    young += not old
    return stale, young


def spare_locks(paths: Paths) -> list[Path]:
    """Return the lock files of documents that are not there any more, if they have not been touched for a while.

    Those of other documents stay: a writer that waits for one must wait for the same file as the next.
    """
    found: list[Path] = []
    for name in _names(paths.locks):
        key, dot, suffix = name.partition(".")
        if dot and suffix == "lock" and is_id(key) and not (paths.deals / f"{key}.json").exists():
            path = paths.locks / name
            with suppress(OSError):
                if time.time() - path.lstat().st_mtime > STALE and not path.is_symlink():
                    found.append(path)
    return found


def remove_lock(path: Path) -> bool:
    """Remove a lock file unless somebody holds it; say whether it is gone. Raises OSError."""
    try:
        with locked(path, 0):
            path.unlink()
    except Held:
        return False
    return True


def open_files(folder: Path) -> Iterator[tuple[Path, int]]:
    """Yield what below `folder`, two levels deep, others than the owner can get at, with the mode that mends it."""
    if os.name != "posix":
        return
    for name in _names(folder):
        path = folder / name
        inner = [path / one for one in _names(path)] if is_id(name) else []
        for one in (path, *inner):
            with suppress(OSError):
                status = one.lstat()
                if status.st_mode & 0o077 and not one.is_symlink():
                    yield one, 0o700 if one.is_dir() else 0o600


def narrow(path: Path, mode: int) -> None:
    """Give a file or a folder that is no link a mode. Raises OSError."""
    if not path.is_symlink():
        path.chmod(mode)


def index_state(path: Path, wanted: int) -> IndexState:
    """Look at the index without changing it: `stale` is one of another version than the `wanted` one."""
    if not any(os.path.lexists(f"{path}{suffix}") for suffix in SUFFIXES):
        return "none"
    if not path.is_file():
        return "damaged"
    if Path(f"{path}-wal").exists() and _is_database(path):
        return "fine"  # somebody is using it, and much of it is in the log only
    try:
        uri = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
        with closing(sqlite3.connect(uri, uri=True)) as file:
            if file.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
                return "damaged"
            version = int(file.execute("PRAGMA user_version").fetchone()[0])
            if version == wanted:
                file.execute("SELECT count(*) FROM documents").fetchone()
    except sqlite3.Error:
        return "damaged"
    return "fine" if version == wanted else "stale"


def damaged_caches(paths: Paths) -> list[Path]:
    """Return the parsed playbooks in the cache that are not what was written."""
    found: list[Path] = []
    for name in _names(paths.cache):
        if name.startswith("playbook-") and name.endswith(".json"):
            path = paths.cache / name
            try:
                head, _, body = read_regular(path, _MAX_CACHE)[0].partition(b"\n")
                whole = head.startswith(b"%08x " % crc32(body))
            except (NotRegular, TooLarge):
                whole = False
            except OSError:
                continue
            if not whole:
                found.append(path)
    return found


def _is_database(path: Path) -> bool:
    with suppress(OSError), path.open("rb") as file:
        return file.read(16) == b"SQLite format 3\0"
    return False


def _names(folder: Path) -> list[str]:
    try:
        return sorted(os.listdir(folder))  # noqa: PTH208 - names are all it takes
    except OSError:
        return []
