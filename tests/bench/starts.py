"""Starting and leaving the app, and what it holds in memory, beside the minimal app."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from tests.bench.home import APP, MINIMAL, MINIMAL_APP, Home, keys_told, minimal_ready
from tests.bench.report import Figure, paired
from tests.bench.terminal import Terminal, complete, first_shown
from tests.bench.watch import LINUX

_SETTLED = 0.4
"""Seconds without output after which a program that shows all that it should counts as at rest."""
_QUIT_KEYS = {"q": b"q", "Ctrl+Q": b"\x11"}
_PAGE_DOWN, _END = b"\x1b[6~", b"\x1b[F"


def _first_frame(command: list[str], home: Home, shown: Callable[[str], bool]) -> float:
    """Return exec to the first complete frame: every cell as it still stands when the program is at rest."""
    terminal = Terminal(command, home.environ)
    terminal.until(shown, quiet=_SETTLED * home.patience)
    terminal.close()
    return complete(terminal.pieces)


def minimal_start(home: Home) -> float:
    """Return the milliseconds of one start of the minimal app."""
    return _first_frame(MINIMAL, home, minimal_ready)


def app_start(home: Home) -> float:
    """Return the milliseconds of one start of the app on Home."""
    home.ready()
    return _first_frame(APP, home, home.shown)


def first_index(home: Home) -> Iterator[Figure]:
    """Start the program once over deals whose index was deleted."""
    home.without_index()
    terminal = Terminal(APP, home.environ)
    terminal.until(home.shown, quiet=3 * home.patience, limit=900)
    terminal.close()
    over = f"index deleted, {home.count:,} deals: "
    yield Figure(over + "first frame", [first_shown(terminal.pieces, keys_told)])
    yield Figure(over + "all listed", [complete(terminal.pieces)])


def start(home: Home, runs: int, target: float | None) -> Figure:
    """Measure the first frame against the minimal app's."""
    return paired(
        f"first frame of Home, {home.count:,} deals",
        runs,
        lambda: app_start(home),
        MINIMAL_APP,
        lambda: minimal_start(home),
        target,
        warm=home.warm,
    )


def start_ratio(home: Home, few: Home, runs: int, target: float) -> Figure:
    """Measure the first frame over many deals against the one over few."""
    return paired(
        f"first frame of Home, {home.count:,} deals",
        runs,
        lambda: app_start(home),
        f"the same over {few.count}",
        lambda: app_start(few),
        target,
        warm=home.warm,
    )


def memory(home: Home, runs: int, target: float) -> Iterator[Figure]:
    """Measure the most memory held: at rest on Home, and once the list was scrolled to its end and a deal is read ahead."""
    over = f"peak memory, {home.count:,} deals, "
    for label, keys, aim in (
        (over + "at rest on Home", (), target),
        (over + "a deal ready to open", (b"2", _PAGE_DOWN, _PAGE_DOWN, _END), None),
    ):
        if not LINUX:
            yield Figure(label, beside=MINIMAL_APP, target=aim, note="needs Linux")
            continue
        yield paired(
            label,
            runs,
            partial(_peak, partial(home.started, *keys), 0),
            MINIMAL_APP,
            partial(_peak, home.minimal, len(keys)),
            aim,
            unit="MiB",
            warm=False,
        )


def _peak(start: Callable[[], Terminal], presses: int) -> float:
    terminal = start()
    for _ in range(presses):
        terminal.press(b"x", quiet=0.06)
    found = terminal.peak()
    terminal.close()
    return found


def leaving(home: Home, runs: int, limit: float) -> Iterator[Figure]:
    """Measure from the key that leaves to the process being gone."""
    for name, key in _QUIT_KEYS.items():
        label = f"quitting, {name} to the process gone"
        if not LINUX:
            yield Figure(label, beside=MINIMAL_APP, limit=limit, note="needs Linux")
            continue

        def mine(key: bytes = key) -> float:
            return _leave(home.started(), key)

        def minimal() -> float:
            return _leave(home.minimal(), _QUIT_KEYS["Ctrl+Q"])

        yield paired(label, runs, mine, MINIMAL_APP, minimal, limit=limit, warm=False)


def _leave(terminal: Terminal, key: bytes) -> float:
    took = terminal.quit(key)
    terminal.close()
    return took
