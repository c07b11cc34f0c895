"""Cuts the power after each call of a save, drops what was not synced, and looks at what a restart finds."""

from __future__ import annotations

import errno
import os
import random
import shutil
from collections.abc import Callable
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, Final

import pytest

from salescoach.document.stamp import Stamp
from salescoach.paths import Paths, under
from salescoach.settings import Settings, load_settings
from salescoach.store.care.repair import set_aside_document
from salescoach.store.documents import DocumentStore
from salescoach.store.errors import NothingToRedo, NothingToUndo, StoreError
from salescoach.workspace import Workspace
from tests.build import uid
from tests.faults import together
from tests.faults.kinds import TRIED, Joint, Tried
from tests.faults.power import Disk, Event, Files, recording
from tests.faults.program import home
from tests.faults.tally import Tally

PROMISE: Final = "What was told to be saved survives a power cut; nothing is torn"
SHORT, LONG = 300, 10_000
_STEPS: Final = 8
_DAMAGED: Final = b'{"id": "half a dea'


def run(size: int) -> Tally:
    """Look at about `size` disks as a power cut may leave them, for each kind of document."""
    tally = Tally(PROMISE)
    for tried in TRIED:
        seed, end = 0, tally.tried + size
        while tally.tried < end:
            rng = random.Random(seed)
            with home() as place:
                place.parent.joinpath("cut").mkdir()
                # Every third disk knows no links, so that versions are copied.
                events = _work(tried, place, rng, links=seed % 3 != 2)
                _cut_everywhere(place, events, rng, tally, size)
            seed += 1
    return tally


def _work(tried: Tried[Any], place: Path, rng: random.Random, *, links: bool) -> list[Event]:
    """Do some changes and return the calls they made, with `acked` events in between: what is saved from then on."""
    paths = under(place)
    with pytest.MonkeyPatch.context() as patch, recording(place.parent) as events:
        if not links:
            patch.setattr(os, "link", _no_link)
            patch.setattr(os, "rename", _no_rename)
        workspace = Workspace(paths, Settings(lang="en"), lang="en")
        store, add = tried.example.store(paths), tried.example.note
        key = tried.create(workspace).id
        ways: dict[str, Callable[[int], object]] = {
            "create": lambda n: store.create(tried.example.make(label=f"another {n}")),
            "edit": lambda n: store.edit(key, partial(_noted, add, workspace.stamp(), n)),
            "undo": lambda n: tried.door(workspace).undo(key),
            "redo": lambda n: tried.door(workspace).redo(key),
            "settings": lambda n: workspace.remember("me", f"name {n}"),
            "quarantine": lambda n: _damage_and_sweep(store, uid(f"bad {n}")),
            **{name: partial(_do, act, workspace, key) for name, act in tried.joint.items()},
        }
        often = ("edit", "edit", "edit", *tried.joint)
        events.append(Event("acked", "", _saved(paths)))
        for number in range(1, _STEPS):
            way = rng.choice((*often, *ways))
            try:
                ways[way](number)
            except (NothingToUndo, NothingToRedo):
                continue
            events.append(Event("acked", "", _saved(paths)))
    # Locks hold nothing, and the cache may go at any time.
    aside = tuple(str(folder) for folder in (paths.locks, paths.cache))
    return [event for event in events if not event.path.startswith(aside)]


def _noted(add: Callable[..., Any], stamp: Stamp, number: int, document: Any) -> Any:
    return add(document, stamp, f"note {number} " * number)


def _do(act: Joint, workspace: Workspace, key: str, number: int) -> None:
    act(workspace, key, f"{number}")


def _damage_and_sweep(store: DocumentStore[Any], key: str) -> None:
    """Put a damaged document there, so that it is safe, and let it be set aside."""
    path = store.path(key)
    other = path.with_name("other")
    descriptor = os.open(other, os.O_WRONLY | os.O_CREAT, 0o600)
    os.write(descriptor, _DAMAGED)
    os.fsync(descriptor)
    os.close(descriptor)
    other.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)
    os.utime(path, (1, 1))
    set_aside_document(store, key)


def _no_link(path: object, other: object) -> None:
    raise OSError(errno.EPERM, "no links here")


def _no_rename(path: object, other: object) -> None:
    raise OSError(errno.EXDEV, "another disk")


def _saved(paths: Paths) -> Files:
    """Return what must not be lost from here on: documents, set aside ones and settings, by what they are."""
    found: Files = {}
    for folder in (*(tried.folder(paths) for tried in TRIED), paths.quarantine):
        found |= {path.name[:36]: path.read_bytes() for path in folder.rglob("*.json")}
    if paths.config_file.exists():
        found["config"] = paths.config_file.read_bytes()
    return found


def _cut_everywhere(
    place: Path, events: list[Event], rng: random.Random, tally: Tally, size: int
) -> None:
    acks = [event.other for event in events if event.what == "acked"]
    history = {key: [ack[key] for ack in acks if key in ack] for ack in acks for key in ack}
    disk, passed = Disk(), 0
    for number, event in enumerate(events):
        if event.what == "acked":
            passed += 1
            continue
        disk.do(event)
        # A few of what is possible at this point, so that a short run sees every point too.
        few = max(2, size // len(events) // 2)
        for files in islice(disk.cuts(str(place.parent), rng), few):
            tally.tried += 1
            saved = acks[passed - 1] if passed else {}
            coming = acks[passed] if passed < len(acks) else saved
            met = f"after {number} {event.what} {Path(event.path).name}"
            _judge(place, files, (saved, coming), history, met, tally)


def _judge(
    place: Path,
    files: Files,
    states: tuple[Files, Files],
    history: dict[str, list[bytes]],
    met: str,
    tally: Tally,
) -> None:
    paths = _restarted(place, files)
    found, (saved, coming) = _saved(paths), states
    for key, data in saved.items():
        if key not in found:
            tally.blame("lost", f"{met}: {key} is gone")
        elif found[key] not in {data, coming.get(key)}:
            old = found[key] in history[key]
            tally.blame("lost" if old else "corrupt", f"{met}: {key} is another")
    for key in found.keys() - saved.keys():
        tally.check(found[key] in {coming.get(key), _DAMAGED}, "corrupt", f"{met}: {key} is torn")
    for tried in TRIED:
        store = tried.example.store(paths)
        for key in store.ids():
            if found[key] != _DAMAGED:
                _readable(store, key, history, met, tally)
    if "config" in found:
        tally.check(not load_settings(paths.config_file, {})[1], "corrupt", f"{met}: settings")
    if any(paths.unfinished.glob("*.json")):
        together.finished(paths, met, tally)


def _readable(
    store: DocumentStore[Any], key: str, history: dict[str, list[bytes]], met: str, tally: Tally
) -> None:
    try:
        store.read(key)
    except StoreError as error:
        tally.blame("corrupt", f"{met}: {error}")
    for path in (store.places.history / key).glob("*.json"):
        tally.check(path.read_bytes() in history[key], "corrupt", f"{met}: {path.name} is torn")


def _restarted(place: Path, files: Files) -> Paths:
    """Put the files where a restart of the program finds them."""
    cut = place.parent / "cut" / "home"
    shutil.rmtree(cut, ignore_errors=True)
    for path, data in files.items():
        target = cut / Path(path).relative_to(place)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    return under(cut)
