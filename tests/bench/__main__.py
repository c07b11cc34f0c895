"""Prints every figure with its ratio to a minimal program: medians of paired runs, one after the other in turn."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.bench.figures import DOWN, ENTER, UP, Home
from tests.bench.report import HEAD, Figure

SIZES = (10, 1_000, 10_000)
Measure = Callable[[], Iterator[Figure] | Figure]


def plan(home: Home, runs: int, *, largest: bool, long: bool) -> dict[str, Measure]:
    """Return what is measured over a home by name, in order."""
    size = home.count
    start: dict[str, Measure] = {
        f"cold-{size}": home.first_index,  # before everything else: it leaves the index
        f"start-{size}": lambda: home.start(runs),
    }
    if not largest:
        return start
    some = min(20, size - 1)
    around = [*[DOWN] * some, *[UP] * some]
    over = f" over {size:,} deals"
    keys: dict[str, Measure] = {
        "key-list": lambda: home.key(6 * runs, "key in the list of deals", [b"2"], around),
        "key-scroll": lambda: home.key(
            6 * runs, "key that scrolls the list of deals", [b"2", *[DOWN] * 30], [DOWN]
        ),
        "key-checklist": lambda: home.key(
            6 * runs, "key in the checklist", [b"2", ENTER], [*[DOWN] * 8, *[UP] * 8]
        ),
        "open": lambda: home.opening(min(2 * runs, size - 4)),
    }
    if not long:
        del keys["key-scroll"]
    return (
        start
        | {
            "version": lambda: home.command(runs, "--version", ["--version"], 3.0),
            "list-json": lambda: home.command(runs, "list --json" + over, ["list", "--json"], 12.0),
            "list": lambda: home.command(runs, "list" + over, ["list"], None),
            "show": lambda: home.command(runs, "show" + over, ["show", home.a_deal()], None),
            "save": lambda: home.save(5 * runs),
        }
        | keys
    )


def main() -> None:
    """Measure everything, or with --quick the same over few deals and runs, and print a line for each figure."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="ten deals, few runs")
    parser.add_argument("-n", type=int, metavar="RUNS", help="paired runs of each start (11)")
    parser.add_argument(
        "--only", action="append", metavar="NAME", help="figures whose names begin so, e.g. key"
    )
    options = parser.parse_args()
    runs = options.n or (2 if options.quick else 11)
    wanted = tuple(options.only or [""])
    sizes = SIZES[:1] if options.quick else SIZES
    print(HEAD)
    with tempfile.TemporaryDirectory(prefix="salescoach-bench-") as folder:
        for size in sizes:
            # Only what is asked for is made: ten thousand deals take a while.
            home = Home(Path(folder) / str(size), size, patience=0.3 if options.quick else 1.0)
            names = plan(home, runs, largest=size == sizes[-1], long=not options.quick)
            chosen = [measure for name, measure in names.items() if name.startswith(wanted)]
            if chosen:
                home.fill()
            for measure in chosen:
                found = measure()
                for figure in [found] if isinstance(found, Figure) else found:
                    print(figure.line(), flush=True)


if __name__ == "__main__":
    main()
