"""What a doctor finds lying about, and how it goes: unfinished writes, locks of what is gone, open modes, damaged caches.

Nothing is lost by it: what is removed is a cache, an unfinished write or the lock of a document that is gone.
"""

from __future__ import annotations

import os
import re
import sqlite3
import time
from collections.abc import Iterable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from zlib import crc32

from salescoach.store.care.sweep import STALE
from salescoach.store.files.atomic import NotRegular, TooLarge, read_regular
from salescoach.store.files.locks import Held, locked
from salescoach.store.files.names import is_id, is_temporary
from salescoach.store.index.connection import SUFFIXES

if TYPE_CHECKING:
    from salescoach.paths import Paths, Places

IndexState = Literal["none", "fine", "damaged", "stale"]
_MAX_CACHE = 64 * 1024 * 1024
_CACHE_TEMP = re.compile(r"\.playbook-[0-9a-f]{8}\.json\.[0-9a-f]{8}\.tmp")


def temporaries(paths: Paths, every: Iterable[Places]) -> tuple[list[Path], int]:
    """Return the temporary files that are nobody's any more, and how many may still be somebody's.

    `every` are the places of the kinds of document that there are.
    """
    stale: list[Path] = []
    young = 0
    folders = [paths.config_file.parent, paths.cache, paths.unfinished]
    for own in every:
        folders += [own.folder, own.quarantine, own.parked]
        for place in (own.history, own.parked):
            folders += [place / name for name in _names(place) if is_id(name)]
    for folder in dict.fromkeys(folders):
        for name in _names(folder):
            if is_temporary(name) or _CACHE_TEMP.fullmatch(name):
                with suppress(OSError):
                    old = time.time() - (folder / name).lstat().st_mtime > STALE
                    stale += [folder / name] if old else []
                    young += not old
    return stale, young


def spare_locks(own: Places) -> list[Path]:
    """Return the lock files of documents of a kind that are not there any more, if they have not been touched for a while.

    Those of other documents stay: a writer that waits for one must wait for the same file as the next.
    """
    found: list[Path] = []
    for name in _names(own.locks):
        key, dot, suffix = name.partition(".")
        if dot and suffix == "lock" and is_id(key) and not (own.folder / f"{key}.json").exists():
            path = own.locks / name
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
