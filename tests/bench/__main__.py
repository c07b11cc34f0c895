"""Prints every figure with its ratio to a minimal program: medians of paired runs, one after the other in turn."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from tests.bench.plan import HUGE, Plan, chosen, full, quick
from tests.bench.report import HEAD, RULE, Figure


def main() -> None:
    """Measure everything, or with --quick the same over few deals and runs, and print a row for each figure."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="few deals, few runs")
    parser.add_argument("-n", type=int, metavar="RUNS", help="paired runs of each start (11)")
    parser.add_argument(
        "--only",
        action="append",
        metavar="NAME",
        help=f"figures whose names begin so, e.g. key; {HUGE} by its full name",
    )
    parser.add_argument("--names", action="store_true", help="print the figures' names and end")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="salescoach-bench-") as folder:
        plan = Plan(Path(folder), quick(options.n) if options.quick else full(options.n))
        measures = plan.measures()
        if options.names:
            print(*measures, sep="\n")
            return
        wanted = [*chosen(measures, options.only)]
        if not wanted:
            parser.error("no figure is named so; --names prints the names")
        print(HEAD, RULE, sep="\n", flush=True)
        for measure in wanted:
            found = measure()
            for figure in [found] if isinstance(found, Figure) else found:
                print(figure.line(), flush=True)


if __name__ == "__main__":
    main()
