"""Who was erased in this home: a line for each id, which everything that brings documents in asks first.

A tombstone in a document goes with the document; this list stays when the document is gone, or an older one is put in its place.
"""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from salescoach.store.errors import save_failed
from salescoach.store.files.atomic import (
    NotRegular,
    TooLarge,
    make_folder,
    read_regular,
    refuse_link,
    replace_file,
)
from salescoach.store.files.locks import Held, locked
from salescoach.text import clean

Tombstones = Mapping[str, Mapping[str, str]]
"""By the id of who was erased: when (`at`) and by whom (`by`)."""

_LIMIT = 64 * 1024 * 1024
_LINE = re.compile(
    r"(?P<id>[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})(?: (?P<at>\S+))?(?: (?P<by>.*))?"
)


def read(path: Path) -> dict[str, dict[str, str]]:
    """Return the tombstones in the file `path`; none where there is no such file. Raises OSError.

    Of a line that is no more than an id, the time is that of the file: nobody comes back because a line is damaged.
    """
    try:
        data, sign = read_regular(path, _LIMIT)
    except FileNotFoundError:
        return {}
    except (NotRegular, TooLarge) as error:
        raise OSError(errno.EINVAL, os.strerror(errno.EINVAL), str(path)) from error
    lines = data.decode("utf-8", "replace").splitlines()
    written = datetime.fromtimestamp(sign.mtime_ns / 1e9, UTC).isoformat()
    found: dict[str, dict[str, str]] = {}
    for line in lines:
        if match := _LINE.search(line):
            at = written
            with suppress(ValueError, TypeError):
                at = match["at"] if datetime.fromisoformat(match["at"]).tzinfo else written
            found[match["id"]] = {"at": at, "by": clean(match["by"] or "")}
    return found


def remember(path: Path, ids: Iterable[str], at: datetime, by: str) -> None:
    """Add these ids to the file `path`, durably; one that is there stays as it is. Raises SaveFailed."""
    try:
        refuse_link(path)
        make_folder(path.parent)
        with locked(path.with_suffix(".lock")):
            known = read(path)
            for key in ids:
                known.setdefault(key, {"at": at.isoformat(), "by": clean(by)})
            lines = [f"{key} {one['at']} {one['by']}".rstrip() for key, one in known.items()]
            replace_file(path, "".join(f"{line}\n" for line in lines).encode())
    except (OSError, Held) as error:
        cause = error if isinstance(error, OSError) else OSError(str(error))
        raise save_failed(path, cause) from error


def may_tell(data: bytes, gone: Tombstones) -> bool:
    """Say whether these bytes may tell of somebody who was erased: they hold the id."""
    return any(key.encode() in data for key in gone)
