"""Puts files of two homes in the place of each other, in any order, and asks whether everything is there and told."""

from __future__ import annotations

import random
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from salescoach.document.merge import same_content
from salescoach.document.models import Event
from salescoach.document.stamp import Stamp
from salescoach.document.undo import standing
from salescoach.paths import under
from salescoach.settings import Settings
from salescoach.store.care.outside import CameFromOutside
from salescoach.store.errors import CannotTakeBack, NothingToRedo, NothingToUndo, NotOwn
from salescoach.workspace import Workspace
from tests.faults.kinds import TRIED, Tried
from tests.faults.program import command, home
from tests.faults.tally import Tally

PROMISE: Final = "A file put in the place of another: merged, told, nothing of either is lost"
SHORT, LONG = 60, 2000
_STEPS: Final = 20
_NAMES: Final = ("A", "B")


def run(size: int) -> Tally:
    """Try about `size` files of each kind put in place: histories of twenty steps in two homes.

    The last exchange is made by shell commands where there is one for it.
    """
    tally, rng = Tally(PROMISE), random.Random(20261127)
    for tried in TRIED:
        number, end = 0, tally.tried + size
        while tally.tried < end:
            number += 1
            with home() as place:
                _history(tried, place, rng, tally, number)
    return tally


class _Home:
    """One of the two homes, and what it told."""

    def __init__(self, tried: Tried[Any], place: Path, name: str) -> None:
        self.tried, self.place, self.name = tried, place / name, name
        self.told: list[CameFromOutside[Any]] = []
        self.saved: set[str] = set()
        """Entries of the timeline that were saved here; what was only put here is saved where it came from."""
        self.store = tried.example.store(under(self.place), told=self.told.append)

    def own(self, event: Event) -> bool:
        return event.by == self.name

    def put(self, data: bytes, key: str) -> None:
        """Put a file in place as `cp` does, into the very file that is there."""
        path = self.store.path(key)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)

    def bring_together(self, key: str, tally: Tally) -> None:
        """Have the program merge what was put there."""
        if self.tried.merge:
            done = command(self.place, *self.tried.merge, key)
            tally.check(done.code == 0 and done.clean, "silent", f"merge: {done.err[-200:]}")
        else:
            self.store.bring_together(self.store.read(key))


def _history(tried: Tried[Any], place: Path, rng: random.Random, tally: Tally, number: int) -> None:
    homes = [_Home(tried, place, name) for name in _NAMES]
    key = tried.made(homes[0].place).id
    first = homes[0].store.path(key).read_bytes()
    homes[1].put(first, key)
    older = [first]
    for step in range(_STEPS):
        side = rng.randrange(2)
        _act(homes[side], key, rng, f"{number}.{step}")
        older.append(homes[side].store.path(key).read_bytes())
        if rng.random() < 0.4:
            _exchange(homes[1 - side], rng.choice([older[-1], rng.choice(older)]), key, tally)
    for giver, taker in ((0, 1), (1, 0), (0, 1)):
        data = homes[giver].store.path(key).read_bytes()
        homes[taker].put(data, key)
        tally.tried += 1
        homes[taker].bring_together(key, tally)
    ends = [one.store.read(key) for one in homes]
    told = f"{tried.name}, history {number}"
    tally.check(same_content(*ends), "lost", f"{told}: the two homes differ in the end")
    for end in ends:
        _judge(end, tally, told)


def _act(at: _Home, key: str, rng: random.Random, text: str) -> None:
    stamp, example = Stamp(_clock(at), at.name), at.tried.example
    what = rng.choice(("note", "note", "name", "undo", "redo"))
    try:
        if what == "note":
            at.store.edit(key, lambda one: example.note(one, stamp, f"note {text}"))
        elif what == "name":
            at.store.edit(key, lambda one: example.rename(one, stamp, f"name {text}"))
        else:
            getattr(at.store, what)(key, stamp, at.own)
    except (NothingToUndo, NothingToRedo, NotOwn, CannotTakeBack):
        return
    at.saved |= at.store.read(key).timeline.keys()


def _clock(at: _Home) -> datetime:
    return Workspace(under(at.place), Settings(lang="en"), lang="en").now()


def _exchange(taker: _Home, data: bytes, key: str, tally: Tally) -> None:
    tally.tried += 1
    taker.put(data, key)
    came = taker.store.read(key)
    told = len(taker.told)
    after = taker.store.bring_together(came)
    if after is not None:
        taker.saved |= after.document.timeline.keys()
    gone = taker.saved - taker.store.read(key).timeline.keys()
    tally.check(not gone, "lost", f"{len(gone)} entries of {taker.name}")
    if not taker.saved <= came.timeline.keys():
        tally.check(after is not None and len(taker.told) > told, "silent", "a replaced file")


def _judge(document: Any, tally: Tally, told: str) -> None:
    acts = standing(document.timeline)
    for key, event in document.timeline.items():
        if event.what == "noted":
            there = key in document.notes
            story = f"{told}: note {event.about['text']}"
            tally.check(there == (not acts[key].undone), "corrupt" if there else "lost", story)
