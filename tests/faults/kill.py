"""Kills a process that saves, at random moments, and looks at what it leaves."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from salescoach.document.stamp import Stamp
from salescoach.paths import Paths, under
from salescoach.settings import Settings
from salescoach.store.errors import NothingToRedo, NothingToUndo, StoreError
from salescoach.store.files.locks import Held, locked
from salescoach.workspace import Workspace
from tests.bench.home import APP, environ
from tests.faults.kinds import TRIED, Tried
from tests.faults.program import home
from tests.faults.tally import Tally

PROMISE: Final = (
    "A save survives SIGKILL at any moment: whole, acknowledged, undoable, no lock left"
)
SHORT, LONG = 12, 1_000
_ROUND = 20
"""Kills over one document, whose history grows all the while."""
_SHELL_EVERY = 20
"""One kill in so many is of a shell command in a process of its own."""


def run(size: int) -> Tally:
    """Kill `size` writers of each kind of document."""
    tally, rng = Tally(PROMISE), random.Random(7)
    for tried in TRIED:
        end = tally.tried + size
        while tally.tried < end:
            with home() as place:
                _round(tried, place, rng, tally, min(_ROUND, end - tally.tried))
    return tally


def _round(tried: Tried[Any], place: Path, rng: random.Random, tally: Tally, kills: int) -> None:
    document = tried.made(place)
    paths = under(place)
    names = {document.rev: document.name}
    for number in range(kills):
        tally.tried += 1
        if tried.note and number % _SHELL_EVERY == _SHELL_EVERY // 2:
            _kill_command(tried, place, document.id, rng, tally)
        else:
            said = _kill_writer(tried, place, document.id, rng)
            _judge(tried, paths, document.id, names, said, tally)
        try:
            # What a killed shell command did is known from here on.
            found = tried.stored(paths, document.id)
        except StoreError:
            return
        names[found.rev] = found.name


def _kill_writer(tried: Tried[Any], place: Path, key: str, rng: random.Random) -> list[str]:
    """Fork a writer, kill it, and return what it said: `? intent`, and `! rev name` once that was saved."""
    reading, writing = os.pipe()
    seed = rng.random()
    pid = os.fork()
    if pid == 0:
        try:
            os.close(reading)
            _write(tried, place, key, random.Random(seed), writing)
        finally:
            os._exit(1)
    os.close(writing)
    with os.fdopen(reading, encoding="utf-8") as pipe:
        first = pipe.readline()
        time.sleep(rng.random() * 0.025)
        os.kill(pid, signal.SIGKILL)
        said = [first, *pipe]
    os.waitpid(pid, 0)
    # A line that the kill cut was never told to anybody.
    return [line.rstrip("\n") for line in said if line.endswith("\n")]


def _write(tried: Tried[Any], place: Path, key: str, rng: random.Random, pipe: int) -> None:
    workspace = Workspace(under(place), Settings(lang="en"), lang="en")
    door = tried.door(workspace)
    ways: dict[str, Callable[[], Any]] = {
        "undo": lambda: door.undo(key),
        "redo": lambda: door.redo(key),
    }
    os.write(pipe, b"ready\n")
    while True:
        way = rng.choice(("edit", "edit", "edit", "undo", "redo"))
        name = f"name {rng.getrandbits(40)}"
        text = f"{name} " * rng.randrange(1, 900)

        stamp = workspace.stamp()

        def edit(document: Any, name: str = name, text: str = text, stamp: Stamp = stamp) -> Any:
            long = document.but(**{tried.long: text[:20_000]})
            return tried.example.rename(long, stamp, name)

        os.write(pipe, f"? {name if way == 'edit' else way}\n".encode())
        try:
            saved = door.edit(key, edit) if way == "edit" else ways[way]()
        except (NothingToUndo, NothingToRedo):
            continue
        os.write(pipe, f"! {saved.rev} {saved.name}\n".encode())


def _judge(
    tried: Tried[Any],
    paths: Paths,
    key: str,
    names: dict[int, str],
    said: list[str],
    tally: Tally,
) -> None:
    acked = [line.split(" ", 2)[1:] for line in said if line.startswith("! ")]
    names.update((int(rev), name) for rev, name in acked)
    last = max(names)
    intent = said[-1].removeprefix("? ") if said[-1].startswith("? ") else ""
    try:
        found = tried.stored(paths, key)
    except StoreError as error:
        tally.blame("corrupt", f"{tried.name}, after {said[-1]!r}: {error}")
        return
    if not tally.check(found.rev >= last, "lost", f"rev {found.rev} after {last} was saved"):
        return
    if found.rev > last:
        # It was saved, and killed before it could say so.
        possible = {intent} if intent.startswith("name") else set(names.values())
        kept = found.rev == last + 1 and bool(intent) and found.name in possible
        tally.check(kept, "corrupt", f"rev {found.rev} {found.name!r} after {said[-2:]}")
    else:
        tally.check(found.name == names[last], "lost", f"{found.name!r} at rev {last}")
    text = f"{found.name} " * 900
    long = getattr(found, tried.long, "")
    tally.check(text.startswith(long), "corrupt", f"{tried.name}: parts of two versions")
    _history(tried, paths, key, names, tally)
    _lock(tried, paths, key, tally)


def _history(
    tried: Tried[Any], paths: Paths, key: str, names: dict[int, str], tally: Tally
) -> None:
    store = tried.example.store(paths)
    try:
        versions = store.versions(key)
        kept = {version.rev for version in versions}
        for version in versions[:8]:
            name = store.read_version(key, version.rev).name
            expected = names.get(version.rev, name)
            tally.check(name == expected, "corrupt", f"history {version.rev} is {name!r}")
    except StoreError as error:
        tally.blame("corrupt", f"history: {error}")
        return
    missing = [rev for rev in names if rev > max(names) - 40 and rev not in kept]
    tally.check(not missing, "lost", f"versions {missing} are not in the history")


def _lock(tried: Tried[Any], paths: Paths, key: str, tally: Tally) -> None:
    try:
        with locked(tried.locks(paths) / f"{key}.lock", 0):
            pass
    except Held as error:
        tally.blame("corrupt", f"the lock is still held by {error.holder}")


def _kill_command(
    tried: Tried[Any], place: Path, key: str, rng: random.Random, tally: Tally
) -> None:
    """Kill a shell command that adds a note in the middle of anything it does; exit code 0 is its acknowledgement."""
    before = tried.stored(under(place), key)
    process = subprocess.Popen(
        [*APP, *tried.note, key, "told by a shell command"],
        env=environ(place),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        code = process.wait(rng.random() * 0.4)
    except subprocess.TimeoutExpired:
        process.kill()
        code = process.wait()
    try:
        found = tried.stored(under(place), key)
    except StoreError as error:
        tally.blame("corrupt", f"{tried.name}, after a killed command: {error}")
        return
    more = len(found.notes) - len(before.notes)
    tally.check(more == found.rev - before.rev in {0, 1}, "corrupt", f"{more} notes more")
    tally.check(code != 0 or more == 1, "lost", "a note that the shell command saved")
    _lock(tried, under(place), key, tally)
