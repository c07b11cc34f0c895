"""The versions of one deal that were replaced, and which of them undo and redo still lead to.

A version's file is named `<rev>.u<undo>.r<redo>.json` after the revision it holds and the two revisions that undo
and redo lead to from there, so that the chains can be followed without opening a file.
"""

from __future__ import annotations

import os
import re
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

STEPS = 50
"""How many undo steps, redo steps and latest revisions are kept."""
_SLACK = 16
_NAME = re.compile(r"(\d{1,16})\.u(\d{1,16}|-)\.r(\d{1,16}|-)(?:\.(\d{1,6}))?\.json")


class Kept(NamedTuple):
    """One version in the history."""

    rev: int
    undo: int | None
    redo: int | None
    path: Path


def place(folder: Path, rev: int, undo: int | None, redo: int | None, current: Path) -> Path:
    """Return the file that the version `rev`, which is at `current`, is to be kept as.

    Another version with the same numbers, brought by a sync service or a backup, is stepped around.
    """
    stem = f"{rev}.u{_dash(undo)}.r{_dash(redo)}"
    target = folder / f"{stem}.json"
    again = 0
    while os.path.lexists(target) and not _same(target, current):
        again += 1
        target = folder / f"{stem}.{again}.json"
    return target


def is_version(name: str) -> bool:
    """Say whether the name is that of a version in a history."""
    return _NAME.fullmatch(name) is not None


def spot(folder: Path, name: str, data: bytes) -> str | None:
    """Return the name under which the version `data`, called `name` elsewhere, goes into `folder`; None if it is there.

    Another version of that name is stepped around, so that the one put in is the later. Raises OSError.
    """
    match = _NAME.fullmatch(name)
    if match is None:
        raise ValueError(name)
    stem, again = f"{match[1]}.u{match[2]}.r{match[3]}", int(match[4] or 0)
    while (folder / name).exists():
        if (folder / name).read_bytes() == data:
            return None
        again += 1
        name = f"{stem}.{again}.json"
    return name


def kept(folder: Path) -> dict[int, Kept]:
    """Return the versions in `folder` by revision; of two with the same one, the later kept. Raises OSError."""
    found: dict[int, tuple[int, Kept]] = {}
    try:
        names = os.listdir(folder)  # noqa: PTH208 - names are all it takes
    except FileNotFoundError:
        return {}
    for name in names:
        match = _NAME.fullmatch(name)
        if match:
            rev, again = int(match[1]), int(match[4] or 0)
            if rev not in found or found[rev][0] < again:
                version = Kept(rev, _number(match[2]), _number(match[3]), folder / name)
                found[rev] = (again, version)
    return {rev: version for rev, (_, version) in found.items()}


def prune(folder: Path, rev: int, undo: int | None, redo: int | None) -> None:
    """Remove what neither the last revisions nor undo and redo from revision `rev` can reach.

    It works now and then, not at every save, and never raises OSError.
    """
    if rev % _SLACK:
        return
    with suppress(OSError):
        versions = kept(folder)
        if len(versions) <= STEPS:
            return
        wanted = set(sorted(versions)[-STEPS:])
        wanted |= _chain(versions, undo, back=True) | _chain(versions, redo, back=False)
        for path in folder.iterdir():
            match = _NAME.fullmatch(path.name)
            if match and int(match[1]) not in wanted:
                path.unlink()


def _chain(versions: dict[int, Kept], first: int | None, *, back: bool) -> set[int]:
    reached: set[int] = set()
    step = first
    while step is not None and step in versions and step not in reached and len(reached) < STEPS:
        reached.add(step)
        step = versions[step].undo if back else versions[step].redo
    return reached


def _same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other) or one.read_bytes() == other.read_bytes()
    except FileNotFoundError:  # a link that leads nowhere
        return False


def _dash(number: int | None) -> str:
    return "-" if number is None else str(number)


def _number(text: str) -> int | None:
    return None if text == "-" else int(text)
