"""Which customer has the record of one that was merged into another."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from salescoach.customer.models import Customer


def surviving(key: str, read: Callable[[str], Customer | None]) -> Customer | None:
    """Return the customer that `key` leads to; None where one on the way cannot be read.

    Of customers that were merged into each other in two places it is the one with the smallest id.
    """
    way: dict[str, Customer] = {}
    while key not in way:
        found = read(key)
        if found is None or found.merged_into is None:
            return found
        way[key] = found
        key = found.merged_into
    around = list(way)[list(way).index(key) :]
    return way[min(around)]
