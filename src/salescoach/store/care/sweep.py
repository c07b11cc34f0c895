"""Keeps the folders in order: what is damaged is copied before anything is done to it, temporary files that are nobody's any more are removed."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from salescoach.store.care.quarantine import SetAside, keep_copy
from salescoach.store.errors import Damaged, StoreError
from salescoach.store.files.names import is_temporary, temporary_maker

if TYPE_CHECKING:
    from pathlib import Path

    from salescoach.document.kind import D
    from salescoach.paths import Paths, Places
    from salescoach.store.documents import DocumentStore

SETTLED = 2.0
"""Seconds a damaged file must have been left alone before it is set aside: an editor may be halfway through it."""
STALE = 600.0
"""Seconds after which a temporary file is nobody's any more."""


@dataclass(frozen=True, slots=True)
class Swept:
    """What a sweep did: damaged documents of which a copy was set aside, and how many stale temporary files were removed."""

    set_aside: tuple[SetAside, ...]
    temporary: int


def sweep(store: DocumentStore[D], ids: Iterable[str] | None = None) -> Swept:
    """Set copies of damaged documents (of `ids`, or of all) aside and remove stale temporary files.

    The damaged files stay where they are, which a person or `doctor --repair` changes. What cannot be copied or removed
    is left for the next time.
    """
    found: list[SetAside] = []
    for damaged in store.damaged(ids):
        with suppress(OSError, StoreError):
            aside = _set_aside(store, damaged)
            if aside is not None:
                found.append(aside)
    return Swept(tuple(found), _remove_stale(store.paths, store.places))


def _set_aside(store: DocumentStore[D], damaged: Damaged) -> SetAside | None:
    key = damaged.path.stem
    with store.hold(key):
        try:
            store.read(key)
        except Damaged as again:
            status = again.path.lstat()
            settled = time.time() - status.st_mtime > SETTLED
            if again.reason in {"symlink", "not-a-file", "too-large"} or not settled:
                return None
            return keep_copy(again, store.places.quarantine)
    return None


def remove_abandoned(folder: Path) -> None:
    """Remove the temporary files that a killed backup left in `folder`, where people keep other things too.

    They are old, and the process that made them has ended: on a share it may be another machine's that still writes.
    """
    with suppress(OSError):
        for name in os.listdir(folder):  # noqa: PTH208 - names are all it takes
            maker = temporary_maker(name)
            path = folder / name
            if maker is not None and ".zip." in name and not _runs(maker):
                with suppress(OSError):
                    if time.time() - path.lstat().st_mtime > STALE:
                        path.unlink()


def _runs(pid: int) -> bool:
    if os.name != "posix":
        return False  # its age has to tell
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True


def _remove_stale(paths: Paths, own: Places) -> int:
    removed = 0
    places = (own.folder, paths.config_file.parent, own.quarantine, paths.unfinished, paths.erasing)
    for folder in (*places, *own.parked.glob("*")):
        with suppress(OSError):
            names = os.listdir(folder)  # noqa: PTH208 - thousands of names, hardly a path
            for path in [folder / name for name in names if is_temporary(name)]:
                with suppress(OSError):
                    if time.time() - path.lstat().st_mtime > STALE:
                        path.unlink()
                        removed += 1
    return removed
