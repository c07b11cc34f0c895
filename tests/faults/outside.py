"""Puts files of two homes in the place of each other, in any order, and asks whether everything is there and told."""

from __future__ import annotations

import random
from datetime import datetime
from pathlib import Path
from typing import Final

from salescoach.deal import identity, notes
from salescoach.deal.models import Deal
from salescoach.document.merge import same_content
from salescoach.document.models import Event
from salescoach.document.stamp import Stamp
from salescoach.document.undo import standing
from salescoach.paths import under
from salescoach.settings import Settings
from salescoach.store.care.outside import CameFromOutside
from salescoach.store.errors import CannotTakeBack, NothingToRedo, NothingToUndo, NotOwn
from salescoach.workspace import Workspace
from tests.faults.program import a_deal, command, home
from tests.faults.tally import Tally
from tests.kinds import deal_store

PROMISE: Final = "A file put in the place of another: merged, told, nothing of either is lost"
SHORT, LONG = 60, 2000
_STEPS: Final = 20
_NAMES: Final = ("A", "B")


def run(size: int) -> Tally:
    """Try about `size` files put in place: histories of twenty steps in two homes, the last exchange by shell commands."""
    tally, rng, number = Tally(PROMISE), random.Random(20261127), 0
    while tally.tried < size:
        number += 1
        with home() as place:
            _history(place, rng, tally, number)
    return tally


class _Home:
    """One of the two homes, and what it told."""

    def __init__(self, place: Path, name: str) -> None:
        self.place, self.name = place / name, name
        self.told: list[CameFromOutside[Deal]] = []
        self.saved: set[str] = set()
        """Entries of the timeline that were saved here; what was only put here is saved where it came from."""
        self.store = deal_store(under(self.place), told=self.told.append)

    def own(self, event: Event) -> bool:
        return event.by == self.name

    def put(self, data: bytes, deal: Deal) -> None:
        """Put a file in place as `cp` does, into the very file that is there."""
        path = self.store.path(deal.id)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def _history(place: Path, rng: random.Random, tally: Tally, number: int) -> None:
    homes = [_Home(place, name) for name in _NAMES]
    deal = a_deal(homes[0].place)
    first = homes[0].store.path(deal.id).read_bytes()
    homes[1].put(first, deal)
    older = [first]
    for step in range(_STEPS):
        side = rng.randrange(2)
        _act(homes[side], deal, rng, f"{number}.{step}")
        older.append(homes[side].store.path(deal.id).read_bytes())
        if rng.random() < 0.4:
            _exchange(homes[1 - side], rng.choice([older[-1], rng.choice(older)]), deal, tally)
    for giver, taker in ((0, 1), (1, 0), (0, 1)):
        data = homes[giver].store.path(deal.id).read_bytes()
        homes[taker].put(data, deal)
        tally.tried += 1
        done = command(homes[taker].place, "merge", deal.id)
        tally.check(done.code == 0 and done.clean, "silent", f"merge: {done.err[-200:]}")
    ends = [one.store.read(deal.id) for one in homes]
    tally.check(same_content(*ends), "lost", f"history {number}: the two homes differ in the end")
    for end in ends:
        _judge(end, tally, number)


def _act(at: _Home, deal: Deal, rng: random.Random, text: str) -> None:
    stamp = Stamp(_clock(at), at.name)
    what = rng.choice(("note", "note", "name", "undo", "redo"))
    try:
        if what == "note":
            at.store.edit(deal.id, lambda one: notes.add(one, stamp, f"note {text}"))
        elif what == "name":
            at.store.edit(deal.id, lambda one: identity.edit(one, stamp, name=f"name {text}"))
        else:
            getattr(at.store, what)(deal.id, stamp, at.own)
    except (NothingToUndo, NothingToRedo, NotOwn, CannotTakeBack):
        return
    at.saved |= at.store.read(deal.id).timeline.keys()


def _clock(at: _Home) -> datetime:
    return Workspace(under(at.place), Settings(lang="en"), lang="en").now()


def _exchange(taker: _Home, data: bytes, deal: Deal, tally: Tally) -> None:
    tally.tried += 1
    taker.put(data, deal)
    came = taker.store.read(deal.id)
    told = len(taker.told)
    after = taker.store.bring_together(came)
    if after is not None:
        taker.saved |= after.document.timeline.keys()
    gone = taker.saved - taker.store.read(deal.id).timeline.keys()
    tally.check(not gone, "lost", f"{len(gone)} entries of {taker.name}")
    if not taker.saved <= came.timeline.keys():
        tally.check(after is not None and len(taker.told) > told, "silent", "a replaced file")


def _judge(deal: Deal, tally: Tally, number: int) -> None:
    acts = standing(deal.timeline)
    for key, event in deal.timeline.items():
        if event.what == "noted":
            there = key in deal.notes
            story = f"history {number}: note {event.about['text']}"
            tally.check(there == (not acts[key].undone), "corrupt" if there else "lost", story)
