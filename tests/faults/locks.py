"""Kills processes that hold a deal's lock, and waits for those that live."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest

from salescoach.paths import under
from salescoach.store import documents
from salescoach.store.errors import Locked
from tests.faults.program import Outcome, a_deal, command, home, shell, stored
from tests.faults.tally import Tally
from tests.kinds import deal_store
from tests.store.doing import renamed

PROMISE: Final = "A lock dies with its process; one that is held is told after 5 s, with its holder"
SHORT, LONG = 6, 200
_AT_ONCE: Final = 0.5
"""Seconds in which a lock that nobody holds must be had, on a busy machine too."""
_BRIEF: Final = 0.03
"""The time-out used in place of the five seconds."""
_REAL_FROM: Final = 50
"""From this size on one command waits the real five seconds."""


def run(size: int) -> Tally:
    """Meet `size` holders: killed ones, stopped ones and living ones in turn."""
    tally = Tally(PROMISE)
    with home() as place:
        key = a_deal(place).id
        for number in range(size):
            tally.tried += 1
            if number % 3 == 0:
                _killed(place, key, number, tally)
            else:
                _alive(place, key, number, tally, stopped=number % 3 == 1)
        if size >= _REAL_FROM:
            tally.tried += 1
            with _holder(place, key) as pid:
                start = time.monotonic()
                _refused(shell(place, "note", key, "too late"), pid, "a real wait", tally)
                waited = time.monotonic() - start
            tally.check(4.9 < waited < 9, "silent", f"it waited {waited:.1f} s")
    return tally


def _killed(place: Path, key: str, number: int, tally: Tally) -> None:
    with _holder(place, key) as pid:
        os.kill(pid, signal.SIGKILL)
        start = time.monotonic()
        try:
            edited = deal_store(under(place)).edit(key, renamed(f"killed {number}"))
        except Locked as error:
            tally.blame("corrupt", f"a killed process holds its lock: {error}")
            return
    waited = time.monotonic() - start
    tally.check(waited < _AT_ONCE, "corrupt", f"it took {waited:.2f} s to get a free lock")
    tally.check(stored(under(place), key) == edited, "lost", "the edit after a kill")


def _alive(place: Path, key: str, number: int, tally: Tally, *, stopped: bool) -> None:
    before = stored(under(place), key)
    with _holder(place, key) as pid, pytest.MonkeyPatch.context() as patch:
        if stopped:
            os.kill(pid, signal.SIGSTOP)
        patch.setattr(documents, "TIMEOUT", _BRIEF)
        if number % 2:
            _refused(command(place, "note", key, "too late"), pid, "a command", tally)
        else:
            try:
                deal_store(under(place)).edit(key, renamed(f"too late {number}"))
                tally.blame("lost", "an edit under somebody else's lock")
            except Locked as error:
                told = error.holder.partition(" ")[0] == str(pid)
                tally.check(told, "silent", f"{error.holder} instead of {pid}")
        tally.check(stored(under(place), key) == before, "corrupt", "a refused edit changed it")
    after = deal_store(under(place)).edit(key, renamed(f"after {number}"))
    tally.check(after.rev == before.rev + 1, "lost", "an edit after the lock was given back")


def _refused(outcome: Outcome, pid: int, what: str, tally: Tally) -> None:
    told = outcome.told and outcome.code == 5 and str(pid) in outcome.err
    tally.check(told, "silent", f"{what}: exit {outcome.code}, {outcome.err!r} for {pid}")


@contextmanager
def _holder(place: Path, key: str) -> Iterator[int]:
    """Fork a process that is in the middle of an edit, holding the deal's lock, and give its id."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            os.close(reading)

            def hold(deal: object) -> None:
                os.write(writing, b"held")
                time.sleep(60)

            deal_store(under(place)).edit(key, hold)  # type: ignore[arg-type]  # it never returns
        finally:
            os._exit(1)
    os.close(writing)
    try:
        assert os.read(reading, 4) == b"held"
        yield pid
    finally:
        os.close(reading)
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
