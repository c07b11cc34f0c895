"""Damaged documents set aside, moved or copied, each with a note of the reason beside it; their bytes are never touched."""

from __future__ import annotations

import errno
import os
import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from salescoach.store.errors import Damaged
from salescoach.store.files import system
from salescoach.store.files.atomic import (
    copy_file,
    make_folder,
    refuse_link,
    replace_file,
    sync_names,
)

_NOTE = ".reason.txt"
_MARKS = (".stfolder", ".dropbox", ".dropbox.cache", ".nextcloudsync.log", ".owncloudsync.log")
_SERVICES = re.compile(
    "(dropbox|onedrive|nextcloud|owncloud|google ?drive|my drive|icloud|mobile documents|cloudstorage|seafile|nutstore"
    "|syncthing|pcloud|坚果云|百度网盘)( ?[-(].*)?",
    re.IGNORECASE,
)
"""Names of folders that sync services make."""


@dataclass(frozen=True, slots=True)
class SetAside:
    """A damaged document in quarantine."""

    path: Path
    document: str
    """The id in the name it had."""
    reason: str
    """What the note beside it says; empty when there is none."""


def set_aside(damaged: Damaged, folder: Path) -> SetAside:
    """Move a damaged document's file into `folder` and write down why. Raises OSError, and then the file is where it was."""
    target = _target(damaged, folder)
    reason = _note(damaged, target)
    try:
        system.rename(damaged.path, target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            _forget_note(target)
            raise
        copy_file(damaged.path, target)
        sync_names(folder)
        system.unlink(damaged.path)
    return SetAside(target, damaged.path.stem, reason)


def keep_copy(damaged: Damaged, folder: Path) -> SetAside | None:
    """Copy a damaged document's file into `folder` and write down why; None where the same bytes of it are there already.

    The file itself stays: where a sync service watches its folder, taking it away would take the document from every other
    machine too, where it may be whole. Raises OSError.
    """
    data = damaged.path.read_bytes()
    for path in folder.glob(f"{damaged.path.stem}.*.json"):
        if path.is_file() and path.stat().st_size == len(data) and path.read_bytes() == data:
            return None
    target = _target(damaged, folder)
    reason = _note(damaged, target)
    try:
        copy_file(damaged.path, target)
        sync_names(folder)
    except OSError:
        _forget_note(target)
        raise
    return SetAside(target, damaged.path.stem, reason)


def synced(folder: Path) -> bool:
    """Say whether a sync service seems to watch `folder`: by the names of the folders it is in, or by what lies in them."""
    place = Path(os.path.realpath(folder))
    return any(
        _SERVICES.fullmatch(one.name) or any(os.path.lexists(one / mark) for mark in _MARKS)
        for one in (place, *place.parents)
    )


def _target(damaged: Damaged, folder: Path) -> Path:
    refuse_link(folder)
    make_folder(folder)
    base = f"{damaged.path.stem}.{datetime.now(UTC):%Y%m%dT%H%M%S}"
    target, again = folder / f"{base}.json", 0
    while target.exists():
        again += 1
        target = folder / f"{base}.{again}.json"
    return target


def _note(damaged: Damaged, target: Path) -> str:
    """Write down beside `target` why a document is set aside, and return the reason."""
    detail = f" ({damaged.detail})" if damaged.detail else ""
    reason = f"{damaged.reason}{detail}"
    note = f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC\n{damaged.path}\n{reason}\n"
    replace_file(target.with_name(target.name + _NOTE), note.encode("utf-8", "replace"))
    return reason


def _forget_note(target: Path) -> None:
    with suppress(OSError):
        target.with_name(target.name + _NOTE).unlink()


def bring_back(aside: SetAside, folder: Path) -> None:
    """Move what was set aside back into `folder`, where nothing has taken its place. Raises OSError."""
    target = folder / f"{aside.document}.json"
    if not os.path.lexists(target):
        try:
            system.rename(aside.path, target)
        except OSError as error:
            if error.errno != errno.EXDEV:
                raise
            copy_file(aside.path, target)
            system.unlink(aside.path)
        _forget_note(aside.path)


def quarantined(folder: Path) -> list[SetAside]:
    """Return what was set aside, oldest first by name."""
    found: list[SetAside] = []
    with suppress(FileNotFoundError):
        for path in sorted(folder.iterdir()):
            if path.name.endswith(".json"):
                note = path.with_name(path.name + _NOTE)
                lines = note.read_text("utf-8", "replace").splitlines() if note.exists() else []
                reason = lines[-1] if lines else ""
                found.append(SetAside(path, path.name.partition(".")[0], reason))
    return found
