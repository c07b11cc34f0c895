"""Turns paired runs into one line a figure, a row of a Markdown table that also reads well in a terminal."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass

_WIDTHS = (51, 10, 10, 32, 9, 8, 5)


def _row(*cells: str) -> str:
    return "| " + " | ".join(map(str.ljust, cells, _WIDTHS)) + " |"


HEAD = _row("what", "salescoach", "p95", "beside", "ratio", "aim", "met")
RULE = "|" + "|".join("-" * (width + 2) for width in _WIDTHS) + "|"


@dataclass(frozen=True, slots=True)
class Figure:
    """Paired measurements, in `unit`, of the program and of what it is held against; empty against nothing."""

    label: str
    mine: Sequence[float] = ()
    beside: str = ""
    """What it is held against."""
    against: Sequence[float] = ()
    target: float | None = None
    """The largest ratio that is aimed at."""
    limit: float | None = None
    """The largest median that is aimed at, in `unit`."""
    unit: str = "ms"
    note: str = ""
    """Why there is no figure."""

    @property
    def ratio(self) -> float | None:
        """The median of the pairs' ratios."""
        if not self.against:
            return None
        return statistics.median(a / b for a, b in zip(self.mine, self.against, strict=True))

    @property
    def met(self) -> bool | None:
        """Whether what is aimed at is reached; None where nothing is aimed at or measured."""
        if self.limit is not None and self.mine:
            return statistics.median(self.mine) <= self.limit
        if self.target is None or self.ratio is None:
            return None
        return self.ratio <= self.target

    def line(self) -> str:
        """Return the table's row; what misses the aim stands in bold."""
        if self.note:
            return _row(self.label, "", "", f"{self.beside}: {self.note}", "", self._aim, "")
        middle, late = statistics.median(self.mine), percentile(self.mine, 95)
        ratio = "" if self.ratio is None else f"{self.ratio:.{1 if self.ratio >= 10 else 2}f}"
        told = _told(middle, self.unit)
        if self.met is False:
            ratio = f"**{ratio}**" if self.limit is None else ratio
            told = f"**{told}**" if self.limit is not None else told
        beside = self.beside
        if self.against:
            beside += f", {_told(statistics.median(self.against), self.unit)}"
        met = "" if self.met is None else "yes" if self.met else "no"
        # The 95th of a hundred says nothing where there are few.
        spread = _told(late, self.unit) if len(self.mine) > 1 else ""
        return _row(self.label, told, spread, beside, ratio, self._aim, met)

    @property
    def _aim(self) -> str:
        if self.limit is not None:
            return f"{self.limit:g} {self.unit}"
        return "" if self.target is None else f"{self.target:g}"

    def worst(self, target: float) -> Figure:
        """Return the row that holds the 99th percentile against the median of what this one is held against."""
        late = [percentile(self.mine, 99)]
        usual = [statistics.median(self.against)]
        return Figure(f"{self.label}, p99", late, self.beside, usual, target)


def percentile(values: Sequence[float], share: float) -> float:
    """Return the smallest of `values` that at least `share` per cent of them do not exceed."""
    return sorted(values)[math.ceil(len(values) * share / 100) - 1]


def _told(value: float, unit: str) -> str:
    if unit == "ms" and value >= 2000:
        value, unit = value / 1000, "s"
    places = 2 if value < 1 else 1 if value < 10 or unit == "s" else 0
    return f"{value:.{places}f} {unit}"


def paired(
    label: str,
    runs: int,
    measure: Callable[[], float],
    beside: str,
    against: Callable[[], float],
    target: float | None = None,
    *,
    limit: float | None = None,
    unit: str = "ms",
    warm: bool = True,
) -> Figure:
    """Measure both in turn `runs` times, with `warm` after one run of each that does not count."""
    if warm:
        measure(), against()
    pairs = [(measure(), against()) for _ in range(runs)]
    mine, theirs = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    return Figure(label, mine, beside, theirs, target, limit, unit)
