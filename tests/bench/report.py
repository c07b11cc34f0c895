"""Turns paired runs into one line a figure: medians, the median of the ratios, the target and whether it is met."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass

HEAD = f"{'':<44}{'salescoach':>13}{'p95':>11}{'minimal':>11}{'ratio':>9}{'target':>9}"


@dataclass(frozen=True, slots=True)
class Figure:
    """Paired measurements in milliseconds of the program and of what it is held against; empty against nothing."""

    label: str
    mine: Sequence[float]
    against: Sequence[float] = ()
    target: float | None = None

    @property
    def ratio(self) -> float | None:
        """The median of the pairs' ratios."""
        if not self.against:
            return None
        return statistics.median(a / b for a, b in zip(self.mine, self.against, strict=True))

    @property
    def verdict(self) -> str:
        """`ok` or `short` of the target; nothing where there is none."""
        if self.target is None or self.ratio is None:
            return ""
        return "ok" if self.ratio <= self.target else "short"

    def line(self) -> str:
        """Return the table's line."""
        late = sorted(self.mine)[math.ceil(len(self.mine) * 0.95) - 1]
        told = f"{self.label:<44}{statistics.median(self.mine):10.1f} ms{late:8.1f} ms"
        if self.ratio is not None:
            told += f"{statistics.median(self.against):8.1f} ms{self.ratio:7.2f} x"
        if self.target is not None:
            told += f"{self.target:7.1f} x  {self.verdict}"
        return told


def paired(
    label: str,
    runs: int,
    measure: Callable[[], float],
    against: Callable[[], float],
    target: float | None = None,
) -> Figure:
    """Measure both in turn `runs` times, after one run of each that does not count."""
    measure(), against()
    pairs = [(measure(), against()) for _ in range(runs)]
    return Figure(label, [mine for mine, _ in pairs], [theirs for _, theirs in pairs], target)
