"""Looks at settings, folders, playbook and terminal for `salescoach doctor`."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from salescoach.cli.context import Context
    from salescoach.words import Words

Level = Literal["fine", "note", "wrong", "damaged"]


@dataclass(frozen=True, slots=True)
class Repair:
    """What `--repair` does about a finding: told beforehand, and done."""

    plan: str
    do: Callable[[], str]
    """Returns what was done, in words; raises OSError or StoreError."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: how it is, in words, and how to mend it if it needs mending."""

    area: str
    level: Level
    text: str
    mend: str = ""
    repair: Repair | None = None


def examine(context: Context) -> Iterator[Finding]:
    """Yield what is found, area by area, the terminal left out."""
    from salescoach.cli.checkup_store import documents, leftovers

    yield from _settings(context)
    yield from _folders(context)
    yield from _playbook(context)
    yield _workdays(context)
    yield from documents(context)
    yield from leftovers(context)


def narrowed(words: Words, path: Path, mode: int) -> Repair:
    """Return the repair that gives a file or a folder its proper mode."""
    return Repair(
        words("doctor.mend-mode", mode=f"{mode:o}", path=path), partial(_narrow, words, path, mode)
    )


def _narrow(words: Words, path: Path, mode: int) -> str:
    from salescoach.store.care.leftovers import narrow

    narrow(path, mode)
    return words("doctor.done-mode", path=path, mode=f"{mode:04o}")


def _settings(context: Context) -> Iterator[Finding]:
    path = context.paths.config_file
    warnings = context.loaded_settings[1]
    for warning in warnings:
        mend = context.words("doctor.mend-settings")
        yield Finding("settings", "wrong", str(warning), mend)
    settings = context.settings
    misfits: list[str] = []
    if settings.keymap or settings.theme not in {"auto", "dark", "light", "ansi"}:
        # The one case in which a shell command loads the screens: only they know their keys.
        from salescoach.tui.keymap import setting_problems

        misfits = setting_problems(settings, context.words)
    for misfit in misfits:
        mend = context.words("doctor.mend-settings")
        yield Finding("settings", "wrong", misfit, mend)
    if not warnings and not misfits:
        name = "doctor.settings-fine" if path.exists() else "doctor.settings-none"
        yield Finding("settings", "fine", context.words(name, path=path))


def _folders(context: Context) -> Iterator[Finding]:
    words, paths = context.words, context.paths
    rare = [paths.unfinished, paths.parked, paths.merged, paths.recovery, paths.crashes]
    rare += [place for store in context.workspace.stores for place in store.places]
    places = (
        paths.deals,
        paths.customers,
        paths.history,
        paths.locks,
        paths.quarantine,
        paths.saved,
        paths.cache,
        *(one for one in rare if os.path.lexists(one)),
    )
    for place in dict.fromkeys(places):
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
        told = words("doctor.no-access", path=place)
        return Finding("folders", "wrong", told, mend, narrowed(words, place, 0o700))
    if os.name == "posix" and place.stat().st_mode & 0o077:
        mode = f"{place.stat().st_mode & 0o777:04o}"
        mend = words("doctor.mend-mode", mode="700", path=place)
        told = words("doctor.open-mode", path=place, mode=mode)
        return Finding("folders", "wrong", told, mend, narrowed(words, place, 0o700))
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
    from salescoach.cli.checkup_playbook import concern_lines

    for concern, mend in concern_lines(context, playbook, folder):
        yield Finding("playbook", "note", concern, mend)


def _workdays(context: Context) -> Finding:
    from salescoach.document.errors import InvalidValue
    from salescoach.explain import explain

    words, path = context.words, context.paths.workdays
    try:
        years = context.workspace.workdays.years
    except InvalidValue as error:
        mend = words("doctor.mend-workdays", path=path)
        return Finding("settings", "wrong", explain(error, words), mend)
    today = context.today.year
    if today not in years:
        told = words("doctor.workdays-unknown", year=today)
        return Finding("settings", "note", told, words("doctor.mend-workdays-year", path=path))
    told = words("doctor.workdays-fine", first=min(years), last=max(years))
    return Finding("settings", "fine", told)


def terminal_findings(context: Context) -> Iterator[Finding]:
    """Yield what the terminal can do and what it cannot."""
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
