"""The versions of one document that were replaced, and which of them are kept.

A version's file is named `<rev>.<kind>.<save>.json` after its revision, the id of its save, and whether an act made it
(`a`) or the taking back of one (`t`). Earlier programs named theirs `<rev>.u<undo>.r<redo>.json`.
"""

from __future__ import annotations

import os
import re
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from salescoach.document.models import Document

STEPS = 50
"""How many of the latest versions are kept, whatever made them."""
ACTS = 100
"""How many of the latest acts can be taken back and done again: what each was done on and what it made are kept."""
_ROOM = 20
"""Versions made by acts that are kept beyond that, since a merge may look like an act."""
_SLACK = 16
_NAME = re.compile(
    r"(?P<stem>(?P<rev>\d{1,16})\.(?:(?P<kind>[at])\.(?P<save>[0-9a-f]{32})|u(?P<undo>\d{1,16}|-)\.r(?:\d{1,16}|-)))"
    r"(?:\.(?P<again>\d{1,6}))?\.json"
)
_TRAVELS = frozenset({"undone", "redone"})


class Kept(NamedTuple):
    """One version in the history."""

    rev: int
    save: str | None
    """The id of its save; None in a name that an earlier program gave."""
    by_act: bool
    undo: int | None
    """The revision it replaced, in a name that an earlier program gave."""
    again: int
    path: Path


def place(folder: Path, document: Document, current: Path) -> Path:
    """Return the file that the version `document`, which is at `current`, is to be kept as.

    Another file of that name is stepped around.
    """
    last = next(reversed(document.timeline.values()), None)
    kind = "t" if last is not None and last.what in _TRAVELS else "a"
    stem = f"{document.rev}.{kind}.{document.save}"
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
    again = int(match["again"] or 0)
    while (folder / name).exists():
        if (folder / name).read_bytes() == data:
            return None
        again += 1
        name = f"{match['stem']}.{again}.json"
    return name


def versions(folder: Path) -> list[Kept]:
    """Return every version in `folder`, the latest revision first. Raises OSError.

    A folder that is a link has none: what is elsewhere is neither a history nor to be removed.
    """
    if folder.is_symlink():
        return []
    try:
        names = os.listdir(folder)  # noqa: PTH208 - names are all it takes
    except FileNotFoundError:
        return []
    found = [_kept(folder, match) for name in names if (match := _NAME.fullmatch(name))]
    return sorted(found, key=lambda one: (one.rev, one.again, one.save or ""), reverse=True)


def kept(folder: Path) -> dict[int, Kept]:
    """Return one version of each revision in `folder`; of several the later kept, as far as names tell. Raises OSError."""
    return {one.rev: one for one in reversed(versions(folder))}


def prune(folder: Path, rev: int) -> None:
    """Remove what is neither among the last versions nor needed to take the latest acts back or do them again.

    It works now and then, not at every save, and never raises OSError.
    """
    if rev % _SLACK:
        return
    with suppress(OSError):
        found = versions(folder)
        if len(found) <= STEPS:
            return
        revs = sorted({one.rev for one in found}, reverse=True)
        wanted = set(revs[:STEPS])
        acts = sorted({one.rev for one in found if one.by_act}, reverse=True)[: ACTS + _ROOM]
        # What an act was done on is what is kept before it; before a merge, whose number may be far ahead, two are.
        for act in acts:
            at = revs.index(act)
            wanted.update(revs[at : at + 3])
        for one in found:
            if one.rev not in wanted:
                one.path.unlink()


def _kept(folder: Path, match: re.Match[str]) -> Kept:
    undo = match["undo"]
    return Kept(
        rev=int(match["rev"]),
        save=match["save"],
        by_act=match["kind"] != "t",
        undo=int(undo) if undo and undo != "-" else None,
        again=int(match["again"] or 0),
        path=folder / match.string,
    )


def _same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other) or one.read_bytes() == other.read_bytes()
    except FileNotFoundError:  # a link that leads nowhere
        return False
