"""Kills programs that change a deal and its customer by one act, and asks the next start for all of it or nothing."""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import Final

from salescoach.deal.models import Deal
from salescoach.document.models import Event
from salescoach.paths import Paths, under
from salescoach.store.errors import NothingToRedo, NothingToUndo, StoreError
from tests.faults import killed
from tests.faults.kinds import DEALS
from tests.faults.program import a_deal, home
from tests.faults.tally import Tally

PROMISE: Final = "An act over a deal and its customer survives SIGKILL: after the next start both have it, or neither"
SHORT, LONG = 40, 1_000
_RANDOM: Final = 0.4
"""The share of the kills that come at a random moment of a program that does one act after the other."""
_ROUND: Final = 20
"""Such kills over one deal."""


def run(size: int) -> Tally:
    """Kill `size` programs: some at random moments, the others before each call in turn that an act makes."""
    tally, rng = Tally(PROMISE), random.Random(20261128)
    while tally.tried < size * _RANDOM:
        with home() as place:
            _round(place, rng, tally, min(_ROUND, round(size * _RANDOM) - tally.tried))
    killed.before_calls(size - tally.tried, rng, tally)
    return tally


# At random moments


def _round(place: Path, rng: random.Random, tally: Tally, kills: int) -> None:
    deal = a_deal(place)
    for _ in range(kills):
        tally.tried += 1
        said = _kill_writer(place, deal.id, rng)
        killed.next_start(place, deal.id, tally)
        acked = [set(line.split()[1:]) for line in said if line.startswith("! ")]
        told = f"killed after {len(said)} lines"
        _judge(under(place), deal.id, told, tally, acked=acked[-1] if acked else set())


def _kill_writer(place: Path, deal_id: str, rng: random.Random) -> list[str]:
    """Fork a program that does acts, kill it, and return what it said: `?` before each, `!` and all events once it was saved."""
    reading, writing = os.pipe()
    seed = rng.random()
    pid = os.fork()
    if pid == 0:
        try:
            os.close(reading)
            _write(place, deal_id, random.Random(seed), writing)
        finally:
            os._exit(1)
    os.close(writing)
    with os.fdopen(reading, encoding="utf-8") as pipe:
        first = pipe.readline()
        time.sleep(rng.random() * 0.04)
        os.kill(pid, signal.SIGKILL)
        said = [first, *pipe]
    os.waitpid(pid, 0)
    return [line.rstrip("\n") for line in said if line.endswith("\n")]


def _write(place: Path, deal_id: str, rng: random.Random, pipe: int) -> None:
    workspace, ways = killed.workspace(place), DEALS.joint
    os.write(pipe, b"ready\n")
    while True:
        way, text = rng.choice((*ways, *ways, "undo", "undo", "redo")), f"{rng.getrandbits(40)}"
        os.write(pipe, b"?\n")
        try:
            if way in ways:
                deal = ways[way](workspace, deal_id, text)
            else:
                deal = workspace.undo(deal_id) if way == "undo" else workspace.redo(deal_id)
        except (NothingToUndo, NothingToRedo):
            continue
        os.write(pipe, f"! {' '.join(deal.timeline)}\n".encode())


# What is found afterwards


def _events(paths: Paths, deal_id: str) -> tuple[Mapping[str, Event], Mapping[str, Event]]:
    """Return the timelines of the deal and of its customer, as files read on their own."""
    workspace = killed.workspace(paths.deals.parent)
    deal = workspace.store.read(deal_id)
    assert deal.customer_id is not None
    return deal.timeline, workspace.customers.read(deal.customer_id).timeline


def _judge(
    paths: Paths,
    deal_id: str,
    met: str,
    tally: Tally,
    *,
    acked: AbstractSet[str],
) -> None:
    """Look whether each act is in both documents or in neither, and whether the events `acked` as saved are there."""
    if (found := _together(paths, deal_id, met, tally)) is not None:
        tally.check(found[0].keys() >= acked, "lost", f"{met}: events that were saved are gone")
    killed.nothing_left(paths, met, tally)


def finished(paths: Paths, met: str, tally: Tally) -> None:
    """Let the next start finish what was left half done, and look whether each act is in both documents or in neither."""
    workspace = killed.workspace(paths.deals.parent)
    workspace.sweep()
    for key in workspace.store.ids():
        if not workspace.store.damaged([key]):
            _together(paths, key, met, tally)


def _together(
    paths: Paths, deal_id: str, met: str, tally: Tally
) -> tuple[Mapping[str, Event], Mapping[str, Event]] | None:
    """Return the timelines of the deal and of its customer once it is seen that they fit; None where they cannot be read."""
    try:
        deal, customer = _events(paths, deal_id)
        read = killed.workspace(paths.deals.parent).read(deal_id)
    except StoreError as error:
        tally.blame("corrupt", f"{met}: {error}")
        return None
    every = {**deal, **customer}
    for key in deal.keys() ^ customer.keys():
        if _is_joint(every[key]):
            where = "deal" if key in deal else "customer"
            tally.blame("corrupt", f"{met}: {every[key].what} is in the {where} only")
    _fits(read, met, tally)
    return deal, customer


def _is_joint(event: Event) -> bool:
    """Say whether the act that an event is of changes both documents."""
    return event.what not in {"created", "customer-created", "noted"}


def _fits(deal: Deal, met: str, tally: Tally) -> None:
    """Look whether the people and their parts in the deal are those of the same acts."""
    customer = deal.customer_record
    assert customer is not None
    people, parts = customer.people.keys(), deal.stakeholders.keys()
    tally.check(people == parts, "corrupt", f"{met}: {len(people)} people, {len(parts)} parts")
    for key in people & parts:
        person, part = customer.people[key], deal.stakeholders[key]
        roles = (person.phone,) if person.phone else ()
        tally.check(part.roles == roles, "corrupt", f"{met}: {person.phone!r} beside {part.roles}")
