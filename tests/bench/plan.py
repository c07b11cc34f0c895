"""What is measured, by name and in order, and what is aimed at."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tests.bench import commands, keys, large, peers, saves, starts
from tests.bench.home import Home
from tests.bench.keys import DOWN, ENTER, UP
from tests.bench.report import Figure

Measure = Callable[[], Iterable[Figure] | Figure]


@dataclass(frozen=True, slots=True)
class Scale:
    """How many deals, paired runs and key presses, and how patiently."""

    starts: tuple[int, ...]
    few: int
    many: int
    huge: int
    large: int
    """People, notes and events, so many of each, of the one deal that is large."""
    runs: int
    presses: int
    patience: float
    warm: bool


def full(runs: int | None) -> Scale:
    """Return the scale of the figures that are told; it takes a quarter of an hour."""
    runs = runs or 11
    return Scale(
        starts=(10, 1_000, 10_000),
        few=10,
        many=10_000,
        huge=100_000,
        large=2_000,
        runs=runs,
        presses=27 * runs,
        patience=1.0,
        warm=True,
    )


def quick(runs: int | None) -> Scale:
    """Return a scale that says whether everything can be measured, not how quick it is."""
    runs = runs or 2
    return Scale(
        starts=(10,),
        few=10,
        many=100,
        huge=200,
        large=200,
        runs=runs,
        presses=3 * runs,
        patience=0.3,
        warm=False,
    )


class Plan:
    """Names every figure of a scale; homes are made in `folder` when they are first measured on."""

    def __init__(self, folder: Path, scale: Scale) -> None:
        self.scale = scale
        self._folder = folder
        self._homes = {
            size: Home(folder / str(size), size, patience=scale.patience, warm=scale.warm)
            for size in {*scale.starts, scale.few, scale.many, scale.huge}
        }

    def measures(self) -> dict[str, Measure]:
        """Return what can be measured by name, in order."""
        found: dict[str, Measure] = {}
        for size in self.scale.starts:
            home = self._homes[size]
            found[f"cold-{size}"] = partial(starts.first_index, home)
            found[f"start-{size}"] = partial(starts.start, home, self.scale.runs, 1.15)
        return found | self._starts() | self._commands() | self._edits() | self._keys()

    @property
    def _many(self) -> Home:
        return self._homes[self.scale.many]

    def _starts(self) -> dict[str, Measure]:
        home, runs, few = self._many, self.scale.runs, self._homes[self.scale.few]
        return {
            "start-ratio": partial(starts.start_ratio, home, few, runs, 1.05),
            HUGE: partial(starts.start, self._homes[self.scale.huge], runs, None),
            "memory": partial(starts.memory, home, min(runs, 5), 1.35),
            "quit": partial(starts.leaving, home, runs, 70.0),
            **{
                f"peer-{peer.name}": partial(peers.first_frame, home, peer, min(runs, 5))
                for peer in peers.PEERS
            },
        }

    def _commands(self) -> dict[str, Measure]:
        home, runs = self._many, self.scale.runs
        over = f", {home.count:,} deals"
        command = partial(commands.command, home, runs)
        return {
            "version": partial(command, "`--version`", ["--version"], 2.5),
            "list-json": partial(command, "`list --json`" + over, ["list", "--json"], 12.0),
            "list-text": partial(command, "`list`" + over, ["list"]),
            "next": partial(command, "`next`" + over, ["next"], 6.0),
            "show": partial(commands.show, home, runs, "`show`" + over),
            "task": partial(commands.beside_task, home, runs, 0.25),
        }

    def _edits(self) -> dict[str, Measure]:
        home, runs = self._many, self.scale.runs
        return {
            "save": partial(saves.save, home, 5 * runs, 1.3),
            "tick": partial(saves.tick, home, 3 * runs),
            "large": self._large,
        }

    def _large(self) -> Iterable[Figure]:
        scale = self.scale
        place = self._folder / "large"
        home = large.made(place, scale.large, patience=scale.patience, warm=scale.warm)
        return large.tick(home, scale.large, scale.runs, 100.0, 300.0)

    def _keys(self) -> dict[str, Measure]:
        home, runs, presses = self._many, self.scale.runs, self.scale.presses
        key = partial(keys.key, home, presses)
        around = [*[DOWN] * 20, *[UP] * 20]
        checklist = [*[DOWN] * 8, *[UP] * 8]
        return {
            "key-list": partial(key, "key in the list, first screen", [b"2"], around, 1.3),
            "key-scroll": partial(key, "key that scrolls the list", [b"2", DOWN * 30], [DOWN], 2.3),
            "key-checklist": partial(key, "key in the checklist", [b"2", ENTER], checklist, 2.5),
            "key-indexing": partial(
                keys.while_indexing, self._homes[self.scale.huge], presses, 25.0
            ),
            "open": partial(keys.opening, home, 2 * runs, 4.0),
            "filter": partial(keys.filtering, home, runs, 3.0, 12.0),
        }


HUGE = "start-100k"


def chosen(measures: dict[str, Measure], only: list[str] | None) -> Iterator[Measure]:
    """Return what is asked for: names that begin with one of `only`, or everything; what takes minutes by its full name."""
    for name, measure in measures.items():
        if only is None or name in only or (name != HUGE and name.startswith(tuple(only))):
            yield measure
