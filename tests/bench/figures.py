"""What is measured: starts, commands, a save, keys and opening a deal, each beside the least that does the same."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import cached_property
from itertools import cycle, islice
from pathlib import Path

from salescoach.deal import notes
from salescoach.paths import under
from salescoach.settings import Settings
from salescoach.workspace import Workspace
from tests.bench.corpus import fill
from tests.bench.report import Figure, paired
from tests.bench.terminal import Terminal, answers, complete, first_shown

PYTHON = sys.executable
MINIMAL = [PYTHON, str(Path(__file__).with_name("minimal.py"))]
APP = [PYTHON, "-m", "salescoach"]
DOWN, UP, ENTER, BACK = b"\x1b[B", b"\x1b[A", b"\r", b"q"
_SETTLED = 0.4
"""Seconds without output after which a program counts as at rest."""
_WARM = 3
"""Presses that come before those that count."""


def environ(home: Path) -> dict[str, str]:
    """Return the environment of a measured program."""
    kept = {"PATH": os.environ.get("PATH", os.defpath), "HOME": str(home)}
    kept |= {"SALESCOACH_HOME": str(home), "LANG": "en_US.UTF-8"}
    return kept | {"TERM": "xterm-256color", "COLORTERM": "truecolor"}


def _ready(text: str) -> bool:
    return "READY" in text


def _keys_told(text: str) -> bool:
    return "? help" in text.splitlines()[-1]


class Home:
    """A folder with `count` indexed deals and how the program looks over it."""

    def __init__(self, place: Path, count: int, *, patience: float = 1.0) -> None:
        self.place = place
        self.count = count
        self.environ = environ(place)
        self.patience = patience
        """How long to wait for a program to come to rest, as a share of what is safe on a busy machine."""

    def fill(self) -> None:
        """Write the deals; the first start or use of the workspace indexes them."""
        fill(self.place, self.count)

    @cached_property
    def workspace(self) -> Workspace:
        """The folder's workspace, its index up to date."""
        workspace = Workspace(under(self.place), Settings(lang="en"))
        workspace.refresh()
        return workspace

    def shown(self, text: str) -> bool:
        """Say whether Home is there, all deals counted."""
        return _keys_told(text) and f"Deals {self.count} " in text

    def started(self, *keys: bytes) -> Terminal:
        """Return the program at rest on Home, after `keys`; the presses so far are not kept."""
        self.workspace.catch_up()
        terminal = Terminal(APP, self.environ)
        terminal.until(self.shown, quiet=1.5 * self.patience)
        for key in keys:
            terminal.press(key, quiet=0.4 * self.patience)
        terminal.presses.clear()
        return terminal

    def minimal(self) -> Terminal:
        """Return the minimal app at rest."""
        terminal = Terminal(MINIMAL, self.environ)
        terminal.until(_ready, quiet=0.5 * self.patience)
        return terminal

    # Starts

    def first_index(self) -> Iterator[Figure]:
        """Start the program over deals that were never indexed."""
        terminal = Terminal(APP, self.environ)
        terminal.until(self.shown, quiet=3 * self.patience, limit=600)
        terminal.close()
        over = f"no index yet, {self.count:,} deals: "
        yield Figure(over + "first frame", [first_shown(terminal.pieces, _keys_told)])
        yield Figure(over + "all listed", [complete(terminal.pieces)])

    def start(self, runs: int) -> Figure:
        """Measure exec to the first complete frame: every cell as it still stands when the program is at rest."""

        self.workspace.catch_up()

        def measure(command: list[str], *, mine: bool) -> float:
            terminal = Terminal(command, self.environ)
            terminal.until(self.shown if mine else _ready, quiet=_SETTLED)
            terminal.close()
            return complete(terminal.pieces)

        return paired(
            f"first frame of Home over {self.count:,} deals",
            runs,
            lambda: measure(APP, mine=True),
            lambda: measure(MINIMAL, mine=False),
            1.5,
        )

    # Commands

    def command(self, runs: int, label: str, arguments: list[str], target: float | None) -> Figure:
        """Measure a whole process against Python doing nothing."""

        self.workspace.catch_up()

        def measure(command: list[str]) -> float:
            began = time.perf_counter()
            subprocess.run(command, env=self.environ, check=True, stdout=subprocess.DEVNULL)
            return (time.perf_counter() - began) * 1000

        bare = [PYTHON, "-c", "pass"]
        return paired(
            label, runs, lambda: measure([*APP, *arguments]), lambda: measure(bare), target
        )

    def a_deal(self) -> str:
        """Return some deal's id."""
        return min(path.stem for path in self.workspace.paths.deals.glob("*.json"))

    # Saving

    def save(self, runs: int) -> Figure:
        """Measure a durable edit against a bare durable write of the bytes that it leaves."""
        deal_id, folder = self.a_deal(), self.place / "bare"
        folder.mkdir()

        def edit() -> float:
            stamp = self.workspace.stamp()
            began = time.perf_counter()
            self.workspace.edit(deal_id, lambda deal: notes.add(deal, stamp, "seen"))
            return (time.perf_counter() - began) * 1000

        def bare() -> float:
            data = (self.workspace.paths.deals / f"{deal_id}.json").read_bytes()
            draft, target = str(folder / "draft"), str(folder / "deal.json")
            began = time.perf_counter()
            file = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            os.write(file, data)
            os.fsync(file)
            os.close(file)
            os.replace(draft, target)  # noqa: PTH105 - the bare calls are what is measured
            descriptor = os.open(folder, os.O_RDONLY)
            os.fsync(descriptor)
            os.close(descriptor)
            return (time.perf_counter() - began) * 1000

        figure = paired("a note saved, beside a bare durable write", runs, edit, bare, 1.5)
        self.workspace.settle()
        return figure

    # Keys

    def key(self, presses: int, label: str, before: list[bytes], keys: list[bytes]) -> Figure:
        """Measure from a key to the first change of the screen, `keys` over and over, after the keys `before`."""
        app, minimal = self.started(*before), self.minimal()
        for key in islice(cycle(keys), presses + _WARM):
            app.press(key, quiet=0.06)
            minimal.press(b"x", quiet=0.06)
        app.close()
        minimal.close()
        return Figure(label, answers(app)[_WARM:], answers(minimal)[_WARM:], 2.5)

    def opening(self, times: int) -> Figure:
        """Measure from Enter on a deal to the last change of the screen's text, each time another deal."""
        app, minimal = self.started(b"2"), self.minimal()
        for _ in range(times + _WARM):
            app.press(ENTER, quiet=0.4 * self.patience)
            minimal.press(b"x", quiet=0.06)
            opened = app.presses[-1]
            app.press(BACK, quiet=0.4 * self.patience)
            app.press(DOWN, quiet=0.2 * self.patience)
            app.presses[-2:] = []
            assert opened is app.presses[-1]
        app.close()
        minimal.close()
        whole = answers(app, last=True)[_WARM:]
        return Figure("opening a deal, Enter to all shown", whole, answers(minimal)[_WARM:], 8.0)
