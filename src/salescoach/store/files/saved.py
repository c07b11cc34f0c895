"""A copy of what was last saved here of each document, out of the reach of who puts another file in its place.

`cp` writes into the file that is there, so a link would be overwritten with it. The copy is not made durable and need
not be: it carries the id that is made from its bytes, which tells a torn one.
"""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from salescoach.store.files.atomic import (
    NotRegular,
    TooLarge,
    make_folder,
    read_regular,
    refuse_link,
)
from salescoach.store.files.seal import save_id, sealed

if TYPE_CHECKING:
    from salescoach.paths import Places

_HEAD = 256
"""Bytes in which a document that this program saved has its id."""
_FLAGS = (
    os.O_WRONLY
    | os.O_CREAT
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_BINARY", 0)
)


def keep(folder: Path, key: str, data: bytes) -> None:
    """Keep `data` as what was last saved of `key`. It never raises: the save itself is done.

    A folder that is a link keeps nothing: what is written there would go elsewhere.
    """
    if folder.is_symlink():
        return
    path = folder / f"{key}.json"
    try:
        _write(path, data)
    except FileNotFoundError:
        with suppress(OSError):
            make_folder(folder)
            _write(path, data)
    except OSError:
        forget(folder, key)  # better nothing than an older one, which would be taken for the last


def forget(folder: Path, key: str) -> None:
    """Know no longer what was last saved of `key`, since something else is put in its place on purpose."""
    with suppress(OSError):
        refuse_link(folder)
        (folder / f"{key}.json").unlink()


def last_id(folder: Path, key: str) -> str | None:
    """Return the id of the last save of `key`; None when it is not known. Raises OSError when it cannot be looked at."""
    return None if folder.is_symlink() else _id_in(folder / f"{key}.json")


def _id_in(path: Path) -> str | None:
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    except FileNotFoundError:
        return None
    try:
        return save_id(os.read(descriptor, _HEAD))
    finally:
        with suppress(OSError):
            os.close(descriptor)


def replaced(path: Path, folder: Path, key: str) -> bool:
    """Say, without reading more than its start, whether the file at `path` is of another save than the last one here.

    What cannot be looked at is told by whoever changes it.
    """
    with suppress(OSError):
        known = last_id(folder, key)
        return known is not None and known != _id_in(path)
    return False


def touched(places: Places, keys: Iterable[str]) -> list[str]:
    """Return the documents whose files were changed after this program saved them, as far as the file system tells."""
    found: list[str] = []
    for key in keys:
        name = f"{key}.json"
        try:
            file, copy = (places.folder / name).lstat(), (places.saved / name).lstat()
        except OSError:
            continue
        # A file that is put in place may bring an old time along; when it was put there it cannot hide.
        if sys.platform == "win32" or file.st_ctime_ns > copy.st_mtime_ns:
            found.append(key)
    return found


def last_saved(folder: Path, key: str, limit: int) -> bytes | None:
    """Return what was last saved of `key`, whole as it was saved; None when that is not kept."""
    with suppress(OSError, NotRegular, TooLarge):
        refuse_link(folder)
        data, _ = read_regular(folder / f"{key}.json", limit)
        if sealed(data):
            return data
    return None


def _write(path: Path, data: bytes) -> None:
    descriptor = os.open(path, _FLAGS, 0o600)
    try:
        if hasattr(os, "fchmod") and stat.S_IMODE(os.fstat(descriptor).st_mode) != 0o600:
            os.fchmod(descriptor, 0o600)  # a strange umask took bits away
        view = memoryview(data)
        while view:
            view = view[os.write(descriptor, view) :]
        os.ftruncate(
            descriptor, len(data)
        )  # afterwards: the file keeps its blocks, which is quicker
    finally:
        os.close(descriptor)
