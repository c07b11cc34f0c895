"""Lays a table out in cells: whole off a terminal, fitted to its width on one; rows stay one line each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from salescoach.text import cell_width, clean, truncate

if TYPE_CHECKING:
    from collections.abc import Sequence

GAP = 2
"""Cells between two columns."""
_FLOOR = 10
"""Cells that an elastic column keeps before another column is left out for it."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its head, and how it gives way where the terminal is narrow.

    An `elastic` column is cut short; of the others those with the highest `spare` are left out first, 0 never.
    """

    head: str
    right: bool = False
    elastic: bool = False
    spare: int = 0


def lay_out(
    columns: Sequence[Column], rows: Sequence[Sequence[str]], limit: int | None = None
) -> list[str]:
    """Return the head and the rows as aligned lines, at most `limit` cells wide as far as that is possible."""
    cells = [[column.head for column in columns], *([clean(cell) for cell in row] for row in rows)]
    natural = [max(cell_width(row[at]) for row in cells) for at in range(len(columns))]
    widths = dict(enumerate(natural)) if limit is None else _fit(columns, natural, limit)
    return [_line(columns, row, widths) for row in cells]


def _line(columns: Sequence[Column], row: Sequence[str], widths: dict[int, int]) -> str:
    parts = []
    for at, width in widths.items():
        cell = truncate(row[at], width)
        space = " " * (width - cell_width(cell))
        parts.append(space + cell if columns[at].right else cell + space)
    return (" " * GAP).join(parts).rstrip()


def _fit(columns: Sequence[Column], natural: Sequence[int], limit: int) -> dict[int, int]:
    """Return the width of each column that is shown, by its place."""
    shown = list(range(len(columns)))
    while True:
        widths = {at: natural[at] for at in shown}
        excess = sum(widths.values()) + GAP * (len(shown) - 1) - limit
        while excess > 0:
            wide = [at for at in shown if columns[at].elastic and widths[at] > _FLOOR]
            if not wide:
                break
            widths[max(wide, key=widths.__getitem__)] -= 1
            excess -= 1
        spare = max(shown, key=lambda at: columns[at].spare)
        if excess <= 0 or not columns[spare].spare:
            return widths
        shown.remove(spare)
