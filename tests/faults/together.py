"""Kills acts over a deal and its customer between any two calls to the system, and asks the next start for all or nothing."""

from __future__ import annotations

import os
import random
import shutil
import signal
import time
from collections.abc import Callable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

import pytest

from salescoach.deal.models import Deal
from salescoach.document.models import Event
from salescoach.paths import Paths, under
from salescoach.settings import Settings
from salescoach.store.errors import NothingToRedo, NothingToUndo, StoreError
from salescoach.store.files.locks import Held, locked
from salescoach.workspace import Workspace
from tests.faults.kinds import DEALS, add_person, change_person
from tests.faults.program import a_deal, command, forked, home
from tests.faults.syscalls import WATCHED
from tests.faults.tally import Tally

PROMISE: Final = "An act over a deal and its customer survives SIGKILL: after the next start both have it, or neither"
SHORT, LONG = 40, 1_000
_RANDOM: Final = 0.4
"""The share of the kills that come at a random moment of a program that does one act after the other."""
_ROUND: Final = 20
"""Such kills over one deal."""
_TWICE: Final = 4
"""One start in so many that is to finish an act is killed too."""
_BY_COMMAND: Final = 5
"""One next start in so many is that of a shell command that writes."""
_MOST: Final = 150


@dataclass(frozen=True, slots=True)
class Act:
    """Something that changes a deal and its customer: how the home is made ready, and what is done in it."""

    name: str
    ready: Callable[[Workspace, str], object]
    do: Callable[[Workspace, str], object]


def run(size: int) -> Tally:
    """Kill `size` programs: some at random moments, the others before each call in turn that an act makes."""
    tally, rng = Tally(PROMISE), random.Random(20261128)
    while tally.tried < size * _RANDOM:
        with home() as place:
            _round(place, rng, tally, min(_ROUND, round(size * _RANDOM) - tally.tried))
    moments = list(_moments(size - tally.tried, rng))
    for act in ACTS:
        with home() as place:
            _at_calls(act, place, [at for one, at in moments if one is act], tally)
    return tally


# At random moments


def _round(place: Path, rng: random.Random, tally: Tally, kills: int) -> None:
    deal = a_deal(place)
    for _ in range(kills):
        tally.tried += 1
        said = _kill_writer(place, deal.id, rng)
        _next_start(place, deal.id, tally)
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
    workspace, ways = _workspace(place), DEALS.joint
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


# Before each call


def _moments(count: int, rng: random.Random) -> Iterator[tuple[Act, int]]:
    """Yield acts and the number of a call each, spread over all there are; again and again where there are fewer."""
    every: list[tuple[Act, int]] = []
    for act in ACTS:
        with home() as place:
            deal = a_deal(place)
            act.ready(_workspace(place), deal.id)
            calls = _calls(act, place, deal.id)
            every += [(act, number) for number in range(1, calls + 1)]
    while count > 0:
        rng.shuffle(every)
        yield from every[:count]
        count -= len(every)


def _calls(act: Act, place: Path, deal_id: str) -> int:
    """Return how many calls an act makes."""
    reading, writing = os.pipe()

    def work() -> int:
        with _dying(0) as made:
            act.do(_workspace(place), deal_id)
        os.write(writing, str(len(made)).encode())
        return 0

    outcome = forked(work)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        assert outcome.code == 0, outcome
        return int(pipe.read())


def _at_calls(act: Act, place: Path, numbers: list[int], tally: Tally) -> None:
    deal = a_deal(place)
    act.ready(_workspace(place), deal.id)
    ready = place.rename(place.with_name("ready"))
    for number in numbers:
        shutil.copytree(ready, place)
        before = _events(under(place), deal.id)

        def work(number: int = number) -> int:
            with _dying(number):
                act.do(_workspace(place), deal.id)
            return 0

        outcome = forked(work)
        met = f"{act.name}, killed before call {number}"
        tally.tried += 1
        tally.check(outcome.code in {0, -signal.SIGKILL}, "silent", f"{met}: {outcome.err[-300:]}")
        if number % _TWICE == 0:
            forked(partial(_start, place, number // _TWICE))
        _next_start(place, deal.id, tally, by_command=number % _BY_COMMAND == 0)
        _judge(under(place), deal.id, met, tally, before=before, saved=outcome.code == 0)
        shutil.rmtree(place)


@contextmanager
def _dying(number: int) -> Iterator[list[str]]:
    """Kill this process before the call `number` of those that write; yields the names of the calls made."""
    made: list[str] = []

    def wrap(name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            made.append(name)
            if len(made) == number:
                os.kill(os.getpid(), signal.SIGKILL)
            return real(*args, **kwargs)

        return call

    with pytest.MonkeyPatch.context() as patch:
        for name in WATCHED:
            patch.setattr(os, name, wrap(name, getattr(os, name)))
        yield made


def _start(place: Path, number: int = 0) -> int:
    """Start the program as far as it finishes what was left, killed before the call `number` of that."""
    with _dying(number):
        _workspace(place).sweep()
    return 0


# What is found afterwards


def _next_start(place: Path, deal_id: str, tally: Tally, *, by_command: bool = False) -> None:
    if by_command:
        outcome = command(place, "note", deal_id, "the next start")
    else:
        outcome = forked(lambda: _start(place))
    tally.check(outcome.code == 0, "silent", f"the next start: {outcome.err[-300:]}")


def _events(paths: Paths, deal_id: str) -> tuple[Mapping[str, Event], Mapping[str, Event]]:
    """Return the timelines of the deal and of its customer, as files read on their own."""
    workspace = _workspace(paths.deals.parent)
    deal = workspace.store.read(deal_id)
    assert deal.customer_id is not None
    return deal.timeline, workspace.customers.read(deal.customer_id).timeline


def _judge(
    paths: Paths,
    deal_id: str,
    met: str,
    tally: Tally,
    *,
    before: tuple[Mapping[str, Event], Mapping[str, Event]] = ({}, {}),
    acked: AbstractSet[str] = frozenset(),
    saved: bool = False,
) -> None:
    """Look whether each act is in both documents or in neither, and what was there `before` or told as saved still is."""
    if (found := _together(paths, deal_id, met, tally)) is None:
        return
    deal, customer = found
    kept = deal.keys() >= before[0].keys() | acked and customer.keys() >= before[1].keys()
    tally.check(kept, "lost", f"{met}: events that were saved are gone")
    if before[0]:
        done = (deal.keys() & customer.keys()) - before[0].keys()
        tally.check(bool(done) or not saved, "lost", f"{met}: it was saved and is gone")
        tally.check(len(done) <= 1, "corrupt", f"{met}: it was done {len(done)} times")
    _nothing_left(paths, met, tally)
    for lock in paths.locks.rglob("*.lock"):
        try:
            with locked(lock, 0):
                pass
        except Held:
            tally.blame("corrupt", f"{met}: {lock.name} is held")


def finished(paths: Paths, met: str, tally: Tally) -> None:
    """Let the next start finish what was left half done, and look whether each act is in both documents or in neither."""
    workspace = _workspace(paths.deals.parent)
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
        read = _workspace(paths.deals.parent).read(deal_id)
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


def _nothing_left(paths: Paths, met: str, tally: Tally) -> None:
    """Look whether no note of an act is left, and whether a half written one goes once it is nobody's any more."""
    notes = list(paths.unfinished.glob("*.json"))
    tally.check(not notes, "corrupt", f"{met}: {notes} is left")
    for half in paths.unfinished.glob(".*"):
        os.utime(half, (1, 1))
    _workspace(paths.deals.parent).sweep()
    stale = list(paths.unfinished.glob("*"))
    tally.check(not stale, "corrupt", f"{met}: {stale} is never swept")


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


# The acts


def _workspace(place: Path) -> Workspace:
    return Workspace(under(place), Settings(lang="en"), lang="en")


def _nothing(workspace: Workspace, deal_id: str) -> None:
    """Leave the deal as it is."""


def _with_somebody(workspace: Workspace, deal_id: str) -> None:
    add_person(workspace, deal_id, "Ann")
    change_person(workspace, deal_id, "first")


def _taken_back(workspace: Workspace, deal_id: str) -> None:
    _with_somebody(workspace, deal_id)
    workspace.undo(deal_id)


ACTS: Final = (
    Act("a person added", _nothing, lambda workspace, key: add_person(workspace, key, "Ann")),
    Act(
        "a person changed",
        _with_somebody,
        lambda workspace, key: change_person(workspace, key, "second"),
    ),
    Act("undo", _with_somebody, lambda workspace, deal_id: workspace.undo(deal_id)),
    Act("redo", _taken_back, lambda workspace, deal_id: workspace.redo(deal_id)),
)
