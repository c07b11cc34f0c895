"""Keys in the app, each beside a key of the minimal app that was pressed in the same moment."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle, islice

from tests.bench.home import Home
from tests.bench.report import Figure, percentile
from tests.bench.terminal import answers, typing

DOWN, UP, ENTER, BACK, RUBOUT = b"\x1b[B", b"\x1b[A", b"\r", b"q", b"\x7f"
_BESIDE = "`Static.update`"
_WARM = 3
"""Presses that come before those that count."""
_TYPED = (b"4", b"2", b"7", RUBOUT, RUBOUT, RUBOUT)
"""What is typed into the search field, over and over: each press finds other deals, since their names end in numbers."""


def key(
    home: Home, presses: int, label: str, before: list[bytes], keys: list[bytes], target: float
) -> Iterator[Figure]:
    """Measure from a key to the first change of the screen, `keys` over and over, after the keys `before`.

    The second figure is the 99th percentile.
    """
    app, minimal, warm = home.started(*before), home.minimal(), _warm(home)
    for one in islice(cycle(keys), presses + warm):
        app.press(one, quiet=0.06)
        minimal.press(b"x", quiet=0.06)
    app.close()
    minimal.close()
    figure = Figure(label, answers(app)[warm:], _BESIDE, answers(minimal)[warm:], target)
    yield figure
    yield figure.worst(4.0)


def while_indexing(home: Home, presses: int, limit: float) -> Figure:
    """Measure keys in the list while every row of the index is made anew; the figure is their 99th percentile.

    Presses that come after the indexing is done count too: with few deals it is over soon.
    """
    app = home.outdated(b"2")
    for one in islice(cycle([*[DOWN] * 20, *[UP] * 20]), presses):
        app.press(one, quiet=0.06)
    app.close()
    late = [percentile(answers(app), 99)]
    return Figure(f"key while {home.count:,} deals are indexed, p99", late, limit=limit)


def _warm(home: Home) -> int:
    return _WARM if home.warm else 0


def opening(home: Home, times: int, target: float) -> Figure:
    """Measure from Enter on a deal to the last change of the screen's text, each time another deal."""
    app, minimal, warm = home.started(b"2"), home.minimal(), _warm(home)
    for _ in range(times + warm):
        app.press(ENTER, quiet=0.4 * home.patience)
        minimal.press(b"x", quiet=0.06)
        opened = app.presses[-1]
        app.press(BACK, quiet=0.4 * home.patience)
        app.press(DOWN, quiet=0.2 * home.patience)
        app.presses[-2:] = []
        assert opened is app.presses[-1]
    app.close()
    minimal.close()
    whole = answers(app, last=True)[warm:]
    label = "opening a deal, Enter to all shown"
    return Figure(label, whole, _BESIDE, answers(minimal)[warm:], target)


def filtering(home: Home, times: int, echo: float, result: float) -> Iterator[Figure]:
    """Measure from a letter in the search field to the field showing it, and to the list showing what it finds."""
    app, minimal = home.started(b"2", b"/"), home.minimal()
    warm = len(_TYPED) if home.warm else 0
    for letter in islice(cycle(_TYPED), len(_TYPED) * times + warm):
        app.press(letter, quiet=0.3 * home.patience)
        minimal.press(b"x", quiet=0.06)
    app.close()
    minimal.close()
    echoes, results = (found[warm:] for found in typing(app))
    beside = answers(minimal)[warm:]
    over = f"filter over {home.count:,} deals, "
    yield Figure(over + "letter shown", echoes, _BESIDE, beside, echo)
    yield Figure(over + "result shown", results, _BESIDE, beside, result)
