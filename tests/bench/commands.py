"""Whole shell commands beside Python doing nothing, and beside other programs where they are installed."""

from __future__ import annotations

import json
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from salescoach.workspace.lists.cards import Card
from tests.bench.home import APP, PYTHON, Home
from tests.bench.report import Figure, paired

_BARE = [PYTHON, "-c", "pass"]
_ENTRY = "20260101T000000Z"


def process(command: list[str], environ: dict[str, str]) -> float:
    """Return the milliseconds that a whole process takes."""
    began = time.perf_counter()
    subprocess.run(
        command,
        env=environ,
        check=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    return (time.perf_counter() - began) * 1000


def command(
    home: Home, runs: int, label: str, arguments: list[str], target: float | None = None
) -> Figure:
    """Measure a command against Python doing nothing."""
    home.ready()
    return paired(
        label,
        runs,
        lambda: process([*APP, *arguments], home.environ),
        "`python -c pass`",
        lambda: process(_BARE, home.environ),
        target,
        warm=home.warm,
    )


def show(home: Home, runs: int, label: str) -> Figure:
    """Measure showing a deal against Python doing nothing."""
    deal_id = min(path.stem for path in home.ready().paths.deals.glob("*.json"))
    return command(home, runs, label, ["show", deal_id])


def beside_task(home: Home, runs: int, target: float) -> Iterator[Figure]:
    """Measure `list --json` against taskwarrior telling as many tasks, where it is installed."""
    over = f"`list --json`, {home.count:,} deals"
    task = shutil.which("task")
    if task is None:
        yield Figure(over, beside="`task list`", target=target, note="not installed")
        return
    task_environ = _tasks(Path(task), home)

    def mine() -> float:
        home.ready()
        return process([*APP, "list", "--json"], home.environ)

    def theirs(report: str) -> Callable[[], float]:
        return lambda: process([task, "rc.confirmation=off", report], task_environ)

    yield paired(over, runs, mine, "`task list`", theirs("list"), target)
    yield paired(over, runs, mine, "`task export`", theirs("export"))


def _tasks(task: Path, home: Home) -> dict[str, str]:
    """Put a task for each deal into a taskwarrior of its own and return the environment that it runs in."""
    place = home.place.with_name(f"{home.place.name}-tasks")
    environ = home.environ | {"TASKRC": str(place / "taskrc"), "TASKDATA": str(place)}
    if not place.exists():
        place.mkdir()
        (place / "taskrc").write_text("news.version=9\nverbose=nothing\n", "ascii")
        told = [_task(card) for card in home.ready().cards()]
        source = place / "tasks.json"
        source.write_text(json.dumps(told, ensure_ascii=False), "utf-8")
        process([str(task), "rc.confirmation=off", "import", str(source)], environ)
    return environ


def _task(card: Card) -> dict[str, object]:
    """Return what of a deal a task can hold."""
    due = {"due": card.close_on.replace("-", "") + "T000000Z"} if card.close_on else {}
    return {
        "description": card.name,
        "project": card.customer,
        "status": "pending",
        "tags": [card.stage],
        "annotations": [{"entry": _ENTRY, "description": card.next_text or card.name}],
        **due,
    }
