"""Keeps the parsed form of an edition, so that opening a deal does not read and check all its TOML again.

The cache is plain JSON that the models check again; it can be deleted at any time.
"""

from __future__ import annotations

import gc
import json
import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4
from zlib import crc32

from salescoach import __version__
from salescoach.playbook.load import entries, load, private_folder, write_private

if TYPE_CHECKING:
    from salescoach.playbook.models import Playbook

_LIMIT = 16 * 1024 * 1024


def load_cached(folder: Path, cache_dir: Path | None) -> Playbook:
    """Return the edition in `folder`, from the cache in `cache_dir` when none of its files has changed.

    A file has changed when its name, size or time has; the cache also goes with the program's version. A cache that is
    damaged, or cannot be written, is passed over in silence. Raises PlaybookInvalid as `load` does.
    """
    state = _state(folder) if cache_dir is not None else None
    if cache_dir is None or state is None:
        return load(folder)
    path = _path(folder, cache_dir)
    with suppress(ValueError):
        if (body := _read(path, state)) is not None:
            return _revive(body)
    playbook = load(folder)
    body = playbook.model_dump_json().encode()
    with suppress(OSError):
        _write(path, b"%08x %s\n%s" % (crc32(body), state, body))
    return playbook


def is_cached(folder: Path, cache_dir: Path) -> bool:
    """Say whether the edition in `folder` was found to be without mistakes and has not changed since."""
    state = _state(folder)
    return state is not None and _read(_path(folder, cache_dir), state) is not None


def _path(folder: Path, cache_dir: Path) -> Path:
    return cache_dir / f"playbook-{crc32(os.fsencode(os.path.realpath(folder))):08x}.json"


def _state(folder: Path) -> bytes | None:
    """Describe an edition's files in one line, or return None when they cannot be listed.

    The times are taken before the files are read, so a file that changes meanwhile is read again next time.
    """
    try:
        times = [(entry.name, entry.path.stat()) for entry in entries(folder)]
    except OSError:
        return None
    files = sorted((name, at.st_size, at.st_mtime_ns, at.st_ctime_ns) for name, at in times)
    return json.dumps([__version__, os.path.realpath(folder), files]).encode()


def _read(path: Path, state: bytes) -> bytes | None:
    if not path.is_file():  # a named pipe would hang whoever opens it
        return None
    try:
        with path.open("rb") as file:
            head, _, body = file.read(_LIMIT).partition(b"\n")
    except OSError:
        return None
    return body if head == b"%08x %s" % (crc32(body), state) else None


def _revive(body: bytes) -> Playbook:
    from salescoach.playbook.models import Playbook

    # Thousands of small objects come to stay: collecting while they are made finds nothing and takes a millisecond.
    collecting = gc.isenabled()
    gc.disable()
    try:
        return Playbook.model_validate_json(body)
    finally:
        if collecting:
            gc.enable()


def _write(path: Path, data: bytes) -> None:
    private_folder(path.parent)
    draft = path.with_name(f".{path.name}.{uuid4().hex[:8]}.tmp")
    try:
        write_private(draft, data)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
