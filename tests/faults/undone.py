"""Takes many acts back and does them again, from processes that are killed in between."""

from __future__ import annotations

import os
import random
import signal
import time
from pathlib import Path
from typing import Final

from salescoach.deal import notes
from salescoach.paths import under
from salescoach.settings import Settings
from salescoach.store.errors import NothingToRedo, NothingToUndo
from salescoach.store.files.history import ACTS
from salescoach.workspace import Workspace
from tests.faults.program import a_deal, command, home, stored
from tests.faults.tally import Tally
from tests.kinds import deal_store

PROMISE: Final = "Undo until it refuses, redo until it refuses, with kills between: all is there"
SHORT, LONG = 12, 90
_ROUNDS: Final = 4


def run(size: int) -> Tally:
    """Note `size` things (and beyond what undo reaches in the long run), take all back, do all again; then as shell commands."""
    tally, rng = Tally(PROMISE), random.Random(20261127)
    counts = [size, *([ACTS + 30] * _ROUNDS if size >= ACTS // 2 else [])]
    for count in counts:
        with home() as place:
            _back_and_forth(place, count, rng, tally)
    with home() as place:
        _by_commands(place, min(size, 70), tally)
    return tally


def _back_and_forth(place: Path, count: int, rng: random.Random, tally: Tally) -> None:
    deal = a_deal(place)
    store = deal_store(under(place))
    workspace = Workspace(under(place), Settings(lang="en"), lang="en")
    for number in range(count):
        stamp = workspace.stamp()
        store.edit(deal.id, lambda one, at=stamp, n=number: notes.add(one, at, f"note {n}"))  # type: ignore[misc]
    for way, end in (("undo", count - min(count, ACTS)), ("redo", count)):
        killed = 0
        while not _killed(place, deal.id, way, rng):
            killed += 1
            if killed > count * 20:
                break
        found = stored(under(place), deal.id)
        tally.tried += min(count, ACTS)
        tally.check(len(found.notes) == end, "lost", f"{way}: {len(found.notes)} notes, not {end}")


def _killed(place: Path, deal_id: str, way: str, rng: random.Random) -> bool:
    """Go on that way in a fork that is killed soon; say whether it came to the end before."""
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            workspace = Workspace(under(place), Settings(lang="en"), lang="en")
            while True:
                getattr(workspace, way)(deal_id)
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
