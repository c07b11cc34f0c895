"""Kills processes that hold a document's lock, and waits for those that live."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import pytest

from salescoach.paths import under
from salescoach.store import documents
from salescoach.store.errors import Locked
from tests.faults.kinds import TRIED, Tried
from tests.faults.program import Outcome, command, home, shell
from tests.faults.tally import Tally

PROMISE: Final = "A lock dies with its process; one that is held is told after 5 s, with its holder"
SHORT, LONG = 6, 200
_AT_ONCE: Final = 0.5
"""Seconds in which a lock that nobody holds must be had, on a busy machine too."""
_BRIEF: Final = 0.03
"""The time-out used in place of the five seconds."""
_REAL_FROM: Final = 50
"""From this size on one command waits the real five seconds."""


def run(size: int) -> Tally:
    """Meet `size` holders of each kind of document: killed ones, stopped ones and living ones in turn."""
    tally = Tally(PROMISE)
    for tried in TRIED:
        with home() as place:
            _holders(tried, place, size, tally)
    return tally


def _holders(tried: Tried[Any], place: Path, size: int, tally: Tally) -> None:
    key = tried.made(place).id
    for number in range(size):
        tally.tried += 1
        if number % 3 == 0:
            _killed(tried, place, key, number, tally)
        else:
            _alive(tried, place, key, number, tally, stopped=number % 3 == 1)
    if tried.note and size >= _REAL_FROM:
        tally.tried += 1
        with _holder(tried, place, key) as pid:
            start = time.monotonic()
            _refused(shell(place, *tried.note, key, "too late"), pid, "a real wait", tally)
            waited = time.monotonic() - start
        tally.check(4.9 < waited < 9, "silent", f"it waited {waited:.1f} s")


def _killed(tried: Tried[Any], place: Path, key: str, number: int, tally: Tally) -> None:
    store = tried.example.store(under(place))
    with _holder(tried, place, key) as pid:
        os.kill(pid, signal.SIGKILL)
        start = time.monotonic()
        try:
            edited = store.edit(key, tried.renamed(f"killed {number}"))
        except Locked as error:
            tally.blame("corrupt", f"a killed process holds its lock: {error}")
            return
    waited = time.monotonic() - start
    tally.check(waited < _AT_ONCE, "corrupt", f"it took {waited:.2f} s to get a free lock")
    tally.check(tried.stored(under(place), key) == edited, "lost", "the edit after a kill")


def _alive(
    tried: Tried[Any], place: Path, key: str, number: int, tally: Tally, *, stopped: bool
) -> None:
    before, store = tried.stored(under(place), key), tried.example.store
    with _holder(tried, place, key) as pid, pytest.MonkeyPatch.context() as patch:
        if stopped:
            os.kill(pid, signal.SIGSTOP)
        patch.setattr(documents, "TIMEOUT", _BRIEF)
        if tried.note and number % 2:
            _refused(command(place, *tried.note, key, "too late"), pid, "a command", tally)
        else:
            try:
                store(under(place)).edit(key, tried.renamed(f"too late {number}"))
                tally.blame("lost", "an edit under somebody else's lock")
            except Locked as error:
                told = error.holder.partition(" ")[0] == str(pid)
                tally.check(told, "silent", f"{error.holder} instead of {pid}")
        now = tried.stored(under(place), key)
        tally.check(now == before, "corrupt", "a refused edit changed it")
    after = store(under(place)).edit(key, tried.renamed(f"after {number}"))
    tally.check(after.rev == before.rev + 1, "lost", "an edit after the lock was given back")


def _refused(outcome: Outcome, pid: int, what: str, tally: Tally) -> None:
    told = outcome.told and outcome.code == 5 and str(pid) in outcome.err
    tally.check(told, "silent", f"{what}: exit {outcome.code}, {outcome.err!r} for {pid}")


@contextmanager
def _holder(tried: Tried[Any], place: Path, key: str) -> Iterator[int]:
    """Fork a process that is in the middle of an edit, holding the document's lock, and give its id."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            os.close(reading)

            def hold(document: object) -> None:
                os.write(writing, b"held")
                time.sleep(60)

            tried.example.store(under(place)).edit(key, hold)
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
