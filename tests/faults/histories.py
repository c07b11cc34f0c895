"""Rebuilds a deal and its customers from their events for every day of random histories of 500 acts."""

from __future__ import annotations

import random
from typing import Final

from tests.faults.tally import Tally
from tests.histories import differs, first, lived

PROMISE: Final = (
    "A deal and its customers after 500 random acts, rebuilt for every day from their events: as"
    " they were, without a kept version"
)
SHORT, LONG = 4, 300
_ACTS: Final = 500


def run(size: int) -> Tally:
    """Try `size` histories, each of its own seed."""
    tally = Tally(PROMISE)
    for seed in range(size):
        chance = random.Random(f"long {seed}")
        found = differs(lived(first(), _ACTS, chance), chance)
        tally.tried += 1
        tally.check(not found, "corrupt", f"history {seed}: {found}")
    return tally
