"""Prints every figure with its ratio to a minimal program: medians of paired runs, one after the other in turn."""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from salescoach.workspace import Workspace
from tests.bench.corpus import fill
from tests.bench.terminal import Terminal, first_shown

PYTHON = sys.executable
MINIMAL = [PYTHON, str(Path(__file__).with_name("minimal.py"))]
APP = [PYTHON, "-m", "salescoach"]
DOWN, ENTER = b"\x1b[B", b"\r"


def environ(home: Path) -> dict[str, str]:
    """Return the environment of a measured program."""
    kept = {"PATH": os.environ["PATH"], "HOME": str(home), "SALESCOACH_HOME": str(home)}
    return kept | {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "en_US.UTF-8"}


def paired(
    label: str, runs: int, measure: Callable[[], float], against: Callable[[], float], target: float
) -> None:
    """Measure both in turn and print the medians in milliseconds and of the ratios."""
    measure(), against()
    mine, theirs, ratios = [], [], []
    for _ in range(runs):
        a, b = measure(), against()
        mine.append(a)
        theirs.append(b)
        ratios.append(a / b)
    ratio = statistics.median(ratios)
    verdict = "ok" if ratio <= target else "SHORT"
    print(
        f"{label:<44}{statistics.median(mine):9.1f} ms {statistics.median(theirs):9.1f} ms"
        f"{ratio:8.2f} x   target {target:5.2f}  {verdict}",
        flush=True,
    )


def start(command: list[str], home: Path, wanted: str) -> float:
    """Return the milliseconds from exec until `wanted` is on the screen."""
    terminal = Terminal(command, environ(home))
    terminal.read()
    terminal.close()
    return first_shown(terminal.pieces, wanted)


def process(command: list[str], home: Path) -> float:
    """Return the milliseconds that a whole process takes."""
    began = time.perf_counter()
    subprocess.run(command, env=environ(home), check=True, stdout=subprocess.DEVNULL)
    return (time.perf_counter() - began) * 1000


def keys(
    command: list[str], home: Path, before: list[bytes], key: bytes, count: int
) -> list[float]:
    """Return the milliseconds from each press of `key` until the screen has changed, after the keys `before`."""
    terminal = Terminal(command, environ(home))
    terminal.read(quiet=1.5)
    for one in before:
        terminal.press(one, quiet=0.8)
    times = [terminal.press(key) for _ in range(count + 3)][3:]
    terminal.close()
    return [took for took in times if took]


def key_figures(home: Path, count: int, *, few: bool) -> None:
    """Measure keys in the lists and the checklist, and opening a deal."""
    base = statistics.median(keys(MINIMAL, home, [], b"x", count))

    def told(label: str, times: list[float], target: float) -> None:
        times.sort()
        middle, late = statistics.median(times), times[int(len(times) * 0.99)]
        verdict = "ok" if middle / base <= target else "SHORT"
        print(
            f"{label:<44}{middle:9.1f} ms {base:9.1f} ms{middle / base:8.2f} x   target {target:5.2f}"
            f"  {verdict}  p99 {late / base:.1f} x",
            flush=True,
        )

    told(
        "key in the list of deals, first screen", keys(APP, home, [b"2"], DOWN, min(count, 25)), 2.5
    )
    if not few:
        scrolled = [b"2", *[DOWN] * 30]
        told("key in the list of deals, scrolling", keys(APP, home, scrolled, DOWN, count), 2.5)
    told("key in the checklist", keys(APP, home, [b"2", ENTER], DOWN, min(count, 20)), 2.5)
    opening = []
    terminal = Terminal(APP, environ(home))
    terminal.read(quiet=2)
    terminal.press(b"2", quiet=0.8)
    for _ in range(max(4, count // 5)):
        opening.append(terminal.press(ENTER, quiet=0.3))
        terminal.press(b"q", quiet=0.3)
        terminal.press(DOWN, quiet=0.2)
    terminal.close()
    told("opening a deal", opening[1:], 8)


def save_figure(workspace: Workspace, runs: int) -> None:
    """Measure a durable edit against a bare durable write of the same bytes."""
    from salescoach.deal import notes

    deal_id = workspace.cards()[0].id
    folder = workspace.paths.deals

    def edit() -> float:
        stamp = workspace.stamp()
        began = time.perf_counter()
        workspace.edit(deal_id, lambda deal: notes.add(deal, stamp, "seen"))
        return (time.perf_counter() - began) * 1000

    def bare() -> float:
        data = (folder / f"{deal_id}.json").read_bytes()
        began = time.perf_counter()
        draft = folder.parent / "bare.tmp"
        with draft.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(folder.parent / "bare.json")
        descriptor = os.open(folder.parent, os.O_RDONLY)
        os.fsync(descriptor)
        os.close(descriptor)
        return (time.perf_counter() - began) * 1000

    paired("a note saved, beside a bare durable write", runs, edit, bare, 1.5)


def main() -> None:
    """Measure everything, or with --quick the same over few deals and runs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="ten deals, few runs")
    parser.add_argument("-n", type=int, default=11, help="paired runs of each figure")
    options = parser.parse_args()
    runs, sizes = (2, (10,)) if options.quick else (options.n, (10, 1_000, 10_000))
    with tempfile.TemporaryDirectory(prefix="salescoach-bench-") as folder:
        homes = {size: Path(folder) / str(size) for size in sizes}
        spaces = {size: fill(home, size) for size, home in homes.items()}
        largest = homes[sizes[-1]]
        print(f"{'':<44}{'salescoach':>12} {'minimal':>12}{'ratio':>8}")
        for size, home in homes.items():
            label = f"first frame of Home over {size:,} deals"
            paired(
                label,
                runs,
                lambda home=home: start(APP, home, "? help"),  # type: ignore[misc]
                lambda home=home: start(MINIMAL, home, "READY"),  # type: ignore[misc]
                1.5,
            )
        bare = [PYTHON, "-c", "pass"]
        last = spaces[sizes[-1]].cards()[0].id
        for label, arguments, target in (
            ("--version", ["--version"], 3.0),
            (f"list --json over {sizes[-1]:,} deals", ["list", "--json"], 12.0),
            (f"show, one of {sizes[-1]:,} deals", ["show", last], 30.0),
        ):
            paired(
                label,
                runs,
                lambda arguments=arguments: process([*APP, *arguments], largest),  # type: ignore[misc]
                lambda: process(bare, largest),
                target,
            )
        save_figure(spaces[sizes[-1]], runs * 5)
        key_figures(largest, 4 if options.quick else 60, few=options.quick)


if __name__ == "__main__":
    main()
