"""Damaged deals set aside, each with a note of the reason beside it; their bytes are never touched."""

from __future__ import annotations

import errno
import os
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from salescoach.store import system
from salescoach.store.errors import Damaged
from salescoach.store.files import keep_version, make_folder, refuse_link, replace_file, sync_names

_NOTE = ".reason.txt"


@dataclass(frozen=True, slots=True)
class SetAside:
    """A damaged deal in quarantine."""

    path: Path
    deal: str
    """The id in the name it had."""
    reason: str
    """What the note beside it says; empty when there is none."""


def set_aside(damaged: Damaged, folder: Path) -> SetAside:
    """Move a damaged deal's file into `folder` and write down why. Raises OSError, and then the file is where it was."""
    refuse_link(folder)
    make_folder(folder)
    now = datetime.now(UTC)
    base = f"{damaged.path.stem}.{now:%Y%m%dT%H%M%S}"
    target, again = folder / f"{base}.json", 0
    while target.exists():
        again += 1
        target = folder / f"{base}.{again}.json"
    detail = f" ({damaged.detail})" if damaged.detail else ""
    reason = f"{damaged.reason}{detail}"
    note = f"{now:%Y-%m-%d %H:%M:%S} UTC\n{damaged.path}\n{reason}\n"
    replace_file(target.with_name(target.name + _NOTE), note.encode("utf-8", "replace"))
    try:
        system.rename(damaged.path, target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            with suppress(OSError):
                target.with_name(target.name + _NOTE).unlink()
            raise
        keep_version(damaged.path, target)
        sync_names(folder)
        system.unlink(damaged.path)
    return SetAside(target, damaged.path.stem, reason)


def bring_back(aside: SetAside, folder: Path) -> None:
    """Move what was set aside back into `folder`, where nothing has taken its place. Raises OSError."""
    target = folder / f"{aside.deal}.json"
    if not os.path.lexists(target):
        system.rename(aside.path, target)
        with suppress(OSError):
            aside.path.with_name(aside.path.name + _NOTE).unlink()


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
