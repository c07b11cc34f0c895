"""The benchmark itself runs: over few deals every figure comes out, also beside other programs."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bench.plan import Plan, quick

TOP = Path(__file__).resolve().parents[2]
MINIMAL = Path(__file__).with_name("minimal.py")
GROUPS = (
    ("cold", "start", "start-100k", "memory", "key-list"),
    ("quit", "version", "list", "next", "show", "save", "tick", "large", "key-scroll"),
    ("peer", "task", "open", "filter", "key-checklist", "key-indexing"),
)
"""What the children measure at the same time: they wait far more than they work."""
PAIRED = (
    "first frame of Home, 10 deals / minimal Textual app / 1.15",
    "first frame of Home, 100 deals / the same over 10 / 1.05",
    "first frame of Home, 200 deals / minimal Textual app / ",
    "first frame of Home, 100 deals / kanban-tui / ",
    "peak memory, 100 deals, at rest on Home / minimal Textual app / 1.35",
    "peak memory, 100 deals, a deal ready to open / minimal Textual app / ",
    "quitting, q to the process gone / minimal Textual app / 70 ms",
    "quitting, Ctrl+Q to the process gone / minimal Textual app / 70 ms",
    "`--version` / `python -c pass` / 2.5",
    "`list --json`, 100 deals / `python -c pass` / 12",
    "`list --json`, 100 deals / `task list` / 0.25",
    "`list --json`, 100 deals / `task export` / ",
    "`list`, 100 deals / `python -c pass` / ",
    "`next`, 100 deals / `python -c pass` / 6",
    "`show`, 100 deals / `python -c pass` / ",
    "a note saved, the old version kept / bare durable write / 1.3",
    "a tick in the app, key to safely on the disk / bare durable write / ",
    "key in the list, first screen / `Static.update` / 1.3",
    "key in the list, first screen, p99 / `Static.update` / 4",
    "key that scrolls the list / `Static.update` / 2.3",
    "key that scrolls the list, p99 / `Static.update` / 4",
    "key in the checklist / `Static.update` / 2.5",
    "key in the checklist, p99 / `Static.update` / 4",
    "opening a deal, Enter to all shown / `Static.update` / 4",
    "filter over 100 deals, letter shown / `Static.update` / 3",
    "filter over 100 deals, result shown / `Static.update` / 12",
)
ALONE = (
    "index deleted, 10 deals: first frame",
    "index deleted, 10 deals: all listed",
    "key while 200 deals are indexed, p99",
    "a tick among 200 people, notes and events, shown",
    "a tick among 200 people, notes and events, saved, the longest",
)
_AMOUNT = r"([\d.]+) (?:ms|s|MiB)"

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="some figures need Linux")


@pytest.fixture(scope="module")
def others(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of programs: a task list that notes its orders, a peer that runs and one that does not."""
    folder = tmp_path_factory.mktemp("others")
    programs = {
        "task": f'echo "$2" >> {folder}/orders',
        "ktui": f"exec {sys.executable} {MINIMAL}",
        "posting": "exit 1",
    }
    for name, does in programs.items():
        (folder / name).write_text(f"#!/bin/sh\n{does}\n", "utf-8")
        (folder / name).chmod(0o755)
    return folder


def _bench(*argv: str, path: Path | None = None) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.bench", "--quick", "-n", "1", *argv],
        cwd=TOP,
        env={**os.environ, "PATH": str(path)} if path else dict(os.environ),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def _cells(out: str) -> Iterator[list[str]]:
    for line in out.splitlines()[2:]:
        yield [cell.strip() for cell in line.strip("|").split("|")]


@pytest.mark.slow
def test_a_quick_run_prints_every_figure(others: Path, tmp_path: Path) -> None:
    names = list(Plan(tmp_path, quick(1)).measures())
    assert all(name.startswith(sum(GROUPS, ())) for name in names)
    children = [
        _bench(*[word for name in group for word in ("--only", name)], path=others)
        for group in GROUPS
    ]
    told = [child.communicate(timeout=120) for child in children]
    for child, (_, errors) in zip(children, told, strict=True):
        assert child.returncode == 0, errors

    rows = [cells for out, _ in told for cells in _cells(out)]
    paired = {}
    for what, mine, _late, beside, ratio, aim, met in rows:
        if ratio:
            name, _, theirs = beside.rpartition(", ")
            paired[f"{what} / {name} / {aim}"] = (mine, theirs, ratio, met)
    assert sorted(paired) == sorted(PAIRED)
    for key, (mine, theirs, ratio, met) in paired.items():
        for amount in (mine.strip("*"), theirs):
            found = re.fullmatch(_AMOUNT, amount)
            assert found is not None, key
            assert float(found[1]) > 0  # how large it is says the machine, not a test
        assert float(ratio.strip("*")) > 0
        assert (met in {"yes", "no"}) == (not key.endswith("/ "))
        assert ("*" in mine + ratio) == (met == "no")
    alone = {row[0]: row[1] for row in rows if not row[3]}
    assert set(alone) == set(ALONE)
    assert all(re.fullmatch(_AMOUNT, amount.strip("*")) for amount in alone.values())
    notes = [row[3] for row in rows if not row[1]]
    assert notes == ["posting: did not start", "vit: not installed"]
    orders = (others / "orders").read_text("utf-8").split()
    assert orders == ["import", "list", "list", "export", "export"]


@pytest.mark.slow
def test_one_figure_alone() -> None:
    child = _bench("--only", "version")
    out, _ = child.communicate(timeout=60)

    assert [row[0] for row in _cells(out)] == ["`--version`"]


def test_a_name_that_no_figure_has_is_refused() -> None:
    child = _bench("--only", "nothing")
    _, errors = child.communicate(timeout=60)

    assert child.returncode == 2
    assert "--names" in errors
