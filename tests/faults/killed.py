"""Kills an act over several documents before each call to the system that it makes, and looks what the next start makes of it."""

from __future__ import annotations

import os
import random
import shutil
import signal
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

import pytest

from salescoach.paths import Paths, under
from salescoach.settings import Settings
from salescoach.store.errors import StoreError
from salescoach.store.files.locks import Held, locked
from salescoach.workspace import Workspace
from tests.faults.kinds import TRIED, add_person, change_person
from tests.faults.program import a_deal, command, forked, home
from tests.faults.syscalls import WATCHED
from tests.faults.tally import Tally

_TWICE: Final = 4
"""One start in so many that is to finish an act is killed too."""
_BY_COMMAND: Final = 5
"""One next start in so many is that of a shell command that writes."""


@dataclass(frozen=True, slots=True)
class Act:
    """Something that changes several documents: how the home with a deal is made ready, and what is done in it."""

    name: str
    ready: Callable[[Workspace, str], object]
    do: Callable[[Workspace, str], object]


State = Mapping[str, tuple[frozenset[str], object]]
"""By document the ids of its events, but for those of notes, and what it says of people and of other documents."""


@dataclass(frozen=True, slots=True)
class _Whole:
    """An act that nobody kills: how many calls it makes, and what it leaves."""

    calls: int
    after: State


def before_calls(count: int, rng: random.Random, tally: Tally) -> None:
    """Kill `count` acts before some call, spread over all calls of all acts; again and again where there are fewer."""
    with home() as outer:
        outer.mkdir()
        homes = {act: _ready(act, outer / f"{number}") for number, act in enumerate(ACTS)}
        wholes = {act: _whole(act, *homes[act]) for act in ACTS}
        every = [(act, at) for act in ACTS for at in range(1, wholes[act].calls + 1)]
        while count > 0:
            rng.shuffle(every)
            for act, number in every[:count]:
                _killed(act, *homes[act], wholes[act], number, tally)
            count -= len(every)


def workspace(place: Path) -> Workspace:
    """Return what a program that has just started opens."""
    return Workspace(under(place), Settings(lang="en"), lang="en")


def _ready(act: Act, place: Path) -> tuple[Path, str]:
    deal = a_deal(place)
    act.ready(workspace(place), deal.id)
    return place, deal.id


@contextmanager
def _copied(ready: Path) -> Iterator[Path]:
    place = ready.with_name("home")
    shutil.copytree(ready, place)
    try:
        yield place
    finally:
        shutil.rmtree(place)


def _whole(act: Act, ready: Path, key: str) -> _Whole:
    reading, writing = os.pipe()
    with _copied(ready) as place:

        def work() -> int:
            with _dying(0) as made:
                act.do(workspace(place), key)
            os.write(writing, str(len(made)).encode())
            return 0

        outcome = forked(work)
        os.close(writing)
        with os.fdopen(reading) as pipe:
            assert outcome.code == 0, outcome
            whole = _Whole(int(pipe.read()), _state(under(place)))
    assert len(_changed(_state(under(ready)), whole.after)) > 1, f"{act.name} changes one document"
    return whole


def _killed(act: Act, ready: Path, key: str, whole: _Whole, number: int, tally: Tally) -> None:
    with _copied(ready) as place:

        def work() -> int:
            with _dying(number):
                act.do(workspace(place), key)
            return 0

        before = _state(under(place))
        outcome = forked(work)
        met = f"{act.name}, killed before call {number}"
        tally.tried += 1
        tally.check(outcome.code in {0, -signal.SIGKILL}, "silent", f"{met}: {outcome.err[-300:]}")
        if number % _TWICE == 0:
            forked(partial(start, place, number // _TWICE))
        next_start(place, key, tally, by_command=number % _BY_COMMAND == 0)
        _judge(under(place), before, whole.after, met, tally, saved=outcome.code == 0)
        nothing_left(under(place), met, tally)


def _judge(
    paths: Paths, before: State, after: State, met: str, tally: Tally, *, saved: bool
) -> None:
    """Look whether all the documents of the act have it, or none, and each says what it does before or after."""
    try:
        found = _state(paths)
    except StoreError as error:
        tally.blame("corrupt", f"{met}: {error}")
        return
    changed, wanted = _changed(before, found), _changed(before, after)
    tally.check(not changed or changed == wanted, "corrupt", f"{met}: only {changed} have it")
    tally.check(bool(changed) or not saved, "lost", f"{met}: it was saved and is gone")
    for key, (events, said) in found.items():
        tally.check(events >= before.get(key, (frozenset(), None))[0], "lost", f"{met}: events")
        state = after if key in changed else before
        tally.check(said == state[key][1], "corrupt", f"{met}: {key} says {said}")


def _changed(before: State, after: State) -> set[str]:
    return {
        key for key, (events, _) in after.items() if key not in before or events != before[key][0]
    }


def _state(paths: Paths) -> State:
    found: dict[str, tuple[frozenset[str], object]] = {}
    for tried in TRIED:
        store = tried.example.store(paths)
        for key in store.ids():
            document = store.read(key)
            events = {key for key, event in document.timeline.items() if event.what != "noted"}
            found[f"{tried.name} {key}"] = (frozenset(events), _said(document))
    return found


def _said(document: Any) -> object:
    people = getattr(document, "people", None)
    if people is None:
        parts = sorted((one.name, one.roles) for one in document.stakeholders.values())
        return parts, document.customer_id
    return sorted((one.name, one.phone) for one in people.values()), document.merged_into


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


def start(place: Path, number: int = 0) -> int:
    """Start the program as far as it finishes what was left, killed before the call `number` of that."""
    with _dying(number):
        workspace(place).sweep()
    return 0


def next_start(place: Path, deal_id: str, tally: Tally, *, by_command: bool = False) -> None:
    """Start the program once more, so that it finishes what was left."""
    if by_command:
        outcome = command(place, "note", deal_id, "the next start")
    else:
        outcome = forked(lambda: start(place))
    tally.check(outcome.code == 0, "silent", f"the next start: {outcome.err[-300:]}")


def nothing_left(paths: Paths, met: str, tally: Tally) -> None:
    """Look whether no note of an act and no lock is left, and whether a half written note goes once it is nobody's any more."""
    notes = list(paths.unfinished.glob("*.json"))
    tally.check(not notes, "corrupt", f"{met}: {notes} is left")
    for half in paths.unfinished.glob(".*"):
        os.utime(half, (1, 1))
    workspace(paths.deals.parent).sweep()
    stale = list(paths.unfinished.glob("*"))
    tally.check(not stale, "corrupt", f"{met}: {stale} is never swept")
    for lock in paths.locks.rglob("*.lock"):
        try:
            with locked(lock, 0):
                pass
        except Held:
            tally.blame("corrupt", f"{met}: {lock.name} is held")


# The acts


def _nothing(workspace: Workspace, key: str) -> None:
    """Leave the deal as it is."""


def _somebody(workspace: Workspace, key: str) -> None:
    add_person(workspace, key, "Ann")
    change_person(workspace, key, "first")


def _taken_back(workspace: Workspace, key: str) -> None:
    _somebody(workspace, key)
    workspace.undo(key)


def _two_people(workspace: Workspace, key: str) -> None:
    add_person(workspace, key, "Ann")
    add_person(workspace, key, "Anne")
    other = workspace.create(name="Another", customer="华鼎数据")
    add_person(workspace, other.id, "Bo")


def _made_one(workspace: Workspace, key: str) -> None:
    customer = workspace.read(key).customer_record
    assert customer is not None
    kept, gone = sorted(one for one, who in customer.people.items() if who.name.startswith("Ann"))
    workspace.merge_people(customer.id, kept, gone)


def _two_customers(workspace: Workspace, key: str) -> None:
    add_person(workspace, key, "Ann")
    other = workspace.create(name="Another", customer="华鼎")
    add_person(workspace, other.id, "Bo")


def _customers_made_one(workspace: Workspace, key: str) -> None:
    kept, gone = workspace.customer_named("华鼎数据"), workspace.customer_named("华鼎")
    assert kept is not None
    assert gone is not None
    workspace.merge_customers(kept.id, gone.id)


def _merged_customers(workspace: Workspace, key: str) -> None:
    _two_customers(workspace, key)
    _customers_made_one(workspace, key)


def _merge_taken_back(workspace: Workspace, key: str) -> None:
    kept = workspace.customer_named("华鼎数据")
    assert kept is not None
    workspace.undo_customer(kept.id)


ACTS: Final = (
    Act("a person added", _nothing, lambda workspace, key: add_person(workspace, key, "Ann")),
    Act("a person changed", _somebody, lambda workspace, key: change_person(workspace, key, "new")),
    Act("undo", _somebody, lambda workspace, key: workspace.undo(key)),
    Act("redo", _taken_back, lambda workspace, key: workspace.redo(key)),
    Act("two people made one", _two_people, _made_one),
    Act("two customers made one", _two_customers, _customers_made_one),
    Act("two customers made one, taken back", _merged_customers, _merge_taken_back),
)
