"""`salescoach doctor`: looks at everything the program rests on and says how to mend what it finds."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator
    from pathlib import Path

    from salescoach.cli.context import Context
    from salescoach.words import Words

Level = Literal["fine", "note", "wrong", "damaged"]
_STYLES: dict[Level, str] = {"fine": "good", "note": "dim", "wrong": "warning", "damaged": "bad"}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: how it is, in words, and how to mend it if it needs mending."""

    area: str
    level: Level
    text: str
    mend: str = ""


def add_arguments(parser: argparse.ArgumentParser, command: str, words: Words) -> None:
    """Describe the form."""
    parser.add_argument("--json", action="store_true", help=words("help.json"))


def run(context: Context, args: argparse.Namespace) -> int:
    """Write every finding; exit with 6 when a deal is damaged, 1 when something else is wrong."""
    findings = list(examine(context))
    levels = {finding.level for finding in findings}
    code = 6 if "damaged" in levels else 1 if "wrong" in levels else 0
    if args.json:
        entries = [
            {"area": found.area, "level": found.level, "text": found.text, "mend": found.mend}
            for found in findings
        ]
        context.out.json("doctor", {"fine": code == 0, "findings": entries})
        return code
    words = context.words
    for found in findings:
        mark = (words(f"doctor.{found.level}"), _STYLES[found.level])
        context.out.line(mark, f" {words(f'doctor.area-{found.area}')}: {found.text}")
        if found.mend:
            context.out.line(f"{words('doctor.mend')} {found.mend}", indent=6)
    context.out.tell(words("doctor.all-fine" if code == 0 else "doctor.not-fine"))
    return code


def examine(context: Context) -> Iterator[Finding]:
    """Yield what is found, area by area."""
    yield from _settings(context)
    yield from _folders(context)
    yield from _playbook(context)
    yield from _deals(context)
    yield from _leftovers(context)
    yield from _terminal(context)


def _settings(context: Context) -> Iterator[Finding]:
    path = context.paths.config_file
    warnings = context.loaded_settings[1]
    for warning in warnings:
        mend = context.words("doctor.mend-settings")
        yield Finding("settings", "wrong", str(warning), mend)
    if not warnings:
        name = "doctor.settings-fine" if path.exists() else "doctor.settings-none"
        yield Finding("settings", "fine", context.words(name, path=path))


def _folders(context: Context) -> Iterator[Finding]:
    words, paths = context.words, context.paths
    for place in (paths.deals, paths.history, paths.locks, paths.quarantine, paths.cache):
        if not place.exists():
            if _can_be_made(place):
                yield Finding("folders", "note", words("doctor.folder-none", path=place))
            else:
                mend = words("doctor.mend-folder", path=place.parent)
                yield Finding("folders", "wrong", words("doctor.folder-blocked", path=place), mend)
            continue
        yield _folder(words, place)


def _folder(words: Words, place: Path) -> Finding:
    if not place.is_dir():
        mend = words("doctor.mend-not-a-folder", path=place)
        return Finding("folders", "wrong", words("doctor.not-a-folder", path=place), mend)
    if not os.access(place, os.R_OK | os.W_OK | os.X_OK):
        mend = words("doctor.mend-access", path=place)
        return Finding("folders", "wrong", words("doctor.no-access", path=place), mend)
    if os.name == "posix" and place.stat().st_mode & 0o077:
        mode = f"{place.stat().st_mode & 0o777:04o}"
        mend = words("doctor.mend-mode", mode="700", path=place)
        return Finding("folders", "wrong", words("doctor.open-mode", path=place, mode=mode), mend)
    return Finding("folders", "fine", words("doctor.folder-fine", path=place))


def _can_be_made(place: Path) -> bool:
    while not place.exists() and place != place.parent:
        place = place.parent
    return place.is_dir() and os.access(place, os.W_OK | os.X_OK)


def _playbook(context: Context) -> Iterator[Finding]:
    from salescoach.playbook.errors import PlaybookInvalid
    from salescoach.playbook.load import find, load

    words = context.words
    folder = find(context.playbook_path, context.paths.playbook)
    try:
        playbook = load(folder)
    except PlaybookInvalid as invalid:
        for problem in invalid.errors:
            mend = words("doctor.mend-playbook", path=folder)
            yield Finding("playbook", "wrong", problem.line(words), mend)
        return
    told = words("doctor.playbook-fine", id=playbook.id, version=playbook.version, path=folder)
    yield Finding("playbook", "fine", told)


def _deals(context: Context) -> Iterator[Finding]:
    from salescoach.explain import explain
    from salescoach.store.errors import Damaged, NewerSchema, StoreError

    words, store = context.words, context.workspace.store
    sound = 0
    try:
        ids = store.ids()
    except StoreError as error:
        mend = words("doctor.mend-access", path=context.paths.deals)
        yield Finding("deals", "wrong", explain(error, words), mend)
        return
    for key in ids:
        try:
            deal = store.read(key)
        except Damaged as error:
            mend = words("doctor.mend-damaged", history=context.paths.history / key)
            yield Finding("deals", "damaged", explain(error, words), mend)
        except NewerSchema as error:
            mend = words("doctor.mend-newer")
            yield Finding("deals", "note", explain(error, words), mend)
        except StoreError as error:
            mend = words("doctor.mend-access", path=store.path(key))
            yield Finding("deals", "wrong", explain(error, words), mend)
        else:
            sound += 1
            yield from _deal_file(words, store.path(key), deal.name)
    yield Finding("deals", "fine", words("doctor.deals-fine", count=sound))


def _deal_file(words: Words, path: Path, name: str) -> Iterator[Finding]:
    mode = path.stat().st_mode & 0o777
    if os.name == "posix" and mode & 0o077:
        mend = words("doctor.mend-mode", mode="600", path=path)
        told = words("doctor.open-file", name=name, mode=f"{mode:04o}")
        yield Finding("deals", "wrong", told, mend)


def _leftovers(context: Context) -> Iterator[Finding]:
    from salescoach.store.errors import StoreError
    from salescoach.store.names import is_temporary

    words, store = context.words, context.workspace.store
    try:
        copies, aside, parked = store.conflict_copies(), store.quarantined(), store.parked()
        temporary = [path for path in context.paths.deals.iterdir() if is_temporary(path.name)]
    except (OSError, StoreError):
        return
    for copy in copies:
        service = copy.service or words("doctor.some-service")
        told = words("doctor.conflict-copy", path=copy.path, service=service)
        mend = words("doctor.mend-copy", deal=copy.deal[:8])
        yield Finding("deals", "wrong", told, mend)
    for change in parked:
        told = words("doctor.parked", path=change.path)
        yield Finding("deals", "wrong", told, words("doctor.mend-parked", deal=change.deal[:8]))
    for entry in aside:
        told = words("doctor.set-aside", path=entry.path, reason=entry.reason)
        mend = words("doctor.mend-aside", path=context.paths.deals)
        yield Finding("deals", "damaged", told, mend)
    if temporary:
        told = words("doctor.temporary", count=len(temporary), path=context.paths.deals)
        yield Finding("deals", "note", told, words("doctor.mend-temporary"))


def _terminal(context: Context) -> Iterator[Finding]:
    from salescoach.cli import terminal

    words = context.words
    encoding = sys.stdout.encoding
    if terminal.writes_chinese(encoding):
        yield Finding("terminal", "fine", words("doctor.encoding-fine", encoding=encoding))
    else:
        told = words("doctor.encoding-poor", encoding=encoding)
        yield Finding("terminal", "wrong", told, words("doctor.mend-encoding"))
    if not terminal.is_terminal():
        yield Finding("terminal", "note", words("doctor.no-terminal"))
        return
    found = terminal.colors(context.environ)
    told = words("doctor.colors", colors=words(f"doctor.colors-{found}"))
    if found == "none":
        yield Finding("terminal", "note", told, words("doctor.mend-colors"))
    else:
        yield Finding("terminal", "fine", told)
    yield _ambiguous(words, terminal.width_of(terminal.AMBIGUOUS))


def _ambiguous(words: Words, width: int | None) -> Finding:
    if width is None:
        return Finding("terminal", "note", words("doctor.width-unknown"))
    if width == 1:
        return Finding("terminal", "fine", words("doctor.width-narrow"))
    told = words("doctor.width-wide", cells=width)
    return Finding("terminal", "note", told, words("doctor.mend-width"))
