"""Takes many acts back and does them again, from processes that are killed in between."""

from __future__ import annotations

import itertools
import os
import random
import signal
import time
from pathlib import Path
from typing import Any, Final

from salescoach.paths import under
from salescoach.settings import Settings
from salescoach.store.errors import NothingToRedo, NothingToUndo
from salescoach.store.files.history import ACTS
from salescoach.workspace import Workspace
from tests.faults.kinds import TRIED, Tried
from tests.faults.program import a_deal, command, home, stored
from tests.faults.tally import Tally

PROMISE: Final = "Undo until it refuses, redo until it refuses, with kills between: all is there"
SHORT, LONG = 12, 90
_ROUNDS: Final = 4


def run(size: int) -> Tally:
    """Note `size` things in each kind of document (and beyond what undo reaches in the long run), take all back, do all again; then as shell commands."""
    tally, rng = Tally(PROMISE), random.Random(20261127)
    counts = [size, *([ACTS + 30] * _ROUNDS if size >= ACTS // 2 else [])]
    for tried, count in itertools.product(TRIED, counts):
        with home() as place:
            _back_and_forth(tried, place, count, rng, tally)
    with home() as place:
        _by_commands(place, min(size, 70), tally)
    return tally


def _back_and_forth(
    tried: Tried[Any], place: Path, count: int, rng: random.Random, tally: Tally
) -> None:
    key = tried.made(place).id
    store, add = tried.example.store(under(place)), tried.example.note
    workspace = Workspace(under(place), Settings(lang="en"), lang="en")
    for number in range(count):
        stamp = workspace.stamp()
        store.edit(key, lambda one, at=stamp, n=number: add(one, at, f"note {n}"))  # type: ignore[misc]
    for way, end in (("undo", count - min(count, ACTS)), ("redo", count)):
        killed = 0
        while not _killed(tried, place, key, way, rng):
            killed += 1
            if killed > count * 20:
                break
        found = tried.stored(under(place), key)
        tally.tried += min(count, ACTS)
        told = f"{tried.name}, {way}: {len(found.notes)} notes, not {end}"
        tally.check(len(found.notes) == end, "lost", told)


def _killed(tried: Tried[Any], place: Path, key: str, way: str, rng: random.Random) -> bool:
    """Go on that way in a fork that is killed soon; say whether it came to the end before."""
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            door = tried.door(Workspace(under(place), Settings(lang="en"), lang="en"))
            while True:
                getattr(door, way)(key)
        except (NothingToUndo, NothingToRedo):
            code = 0
        finally:
            os._exit(code)
    deadline = time.monotonic() + 0.05 + rng.random() * 0.3
    while time.monotonic() < deadline:
        done, status = os.waitpid(pid, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status) == 0
        time.sleep(0.002)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    return False


def _by_commands(place: Path, count: int, tally: Tally) -> None:
    deal = a_deal(place)
    for number in range(count):
        command(place, "note", deal.id, f"note {number}")
    for way in ("undo", "redo"):
        for _ in range(count * 2):
            done = command(place, way, deal.id)
            if done.code:
                tally.check(done.told, "silent", f"{way}: {done.err[-200:]}")
                break
            tally.tried += 1
    found = stored(under(place), deal.id)
    tally.check(len(found.notes) == count, "lost", f"{len(found.notes)} of {count} notes")
