"""Tries what the store promises and prints a table: how often, and how often something was lost, corrupt or silent."""

from __future__ import annotations

import argparse
import sys
import time
from importlib import import_module
from typing import Protocol, cast

from tests.faults.tally import HEAD, Tally

FAULTS = (
    "kill",
    "syscalls",
    "commands",
    "unsynced",
    "full",
    "readonly",
    "locks",
    "crowd",
    "damaged",
    "bounds",
    "away",
    "places",
    "backups",
    "outside",
    "undone",
    "histories",
    "together",
    "upgrade",
    "keys",
    "terminal",
    "streams",
)


class Fault(Protocol):
    """What a fault's module offers."""

    PROMISE: str
    SHORT: int
    LONG: int

    def run(self, size: int) -> Tally:
        """Try the promise in a measure that `size` stands for."""


def fault(name: str) -> Fault:
    """Return the module of a fault."""
    return cast("Fault", import_module(f"tests.faults.{name}"))


def main() -> int:
    """Run the faults that are asked for; return 1 when a promise was broken."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a few of each")
    parser.add_argument(
        "--only", action="append", choices=FAULTS, metavar="NAME", help=", ".join(FAULTS)
    )
    options = parser.parse_args()
    broken = 0
    print(HEAD, flush=True)
    for name in options.only or FAULTS:
        one = fault(name)
        start = time.perf_counter()
        tally = one.run(one.SHORT if options.quick else one.LONG)
        print(tally.line(), flush=True)
        print(f"{name}: {time.perf_counter() - start:.0f} s", file=sys.stderr)
        for story in tally.stories:
            print(f"  {story}", file=sys.stderr)
        broken += tally.broken
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
