"""The benchmark itself runs: over ten deals every figure comes out."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parents[2]
FIGURES = (
    "first frame of Home over 10 deals",
    "--version",
    "list --json over 10 deals",
    "list over 10 deals",
    "show over 10 deals",
    "a note saved, beside a bare durable write",
    "key in the list of deals",
    "key in the checklist",
    "opening a deal, Enter to all shown",
)


@pytest.mark.slow
def test_a_quick_run_prints_every_figure() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench", "--quick", "-n", "1"],
        cwd=TOP,
        env=dict(os.environ),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    lines = {line[:44].strip(): line[44:] for line in done.stdout.splitlines()}
    assert {"no index yet, 10 deals: first frame", "no index yet, 10 deals: all listed"} < set(
        lines
    )
    for label in FIGURES:
        found = re.search(r"([\d.]+) ms +([\d.]+) ms +([\d.]+) ms +([\d.]+) x", lines[label])
        assert found is not None, lines[label]
        middle, late, minimal, ratio = map(float, found.groups())
        assert 0 < middle <= late
        assert minimal > 0
        assert ratio > 0  # how large it is says the machine, not a test


@pytest.mark.slow
def test_one_figure_alone() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench", "--quick", "-n", "1", "--only", "version"],
        cwd=TOP,
        env=dict(os.environ),
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )

    assert [line[:9] for line in done.stdout.splitlines()[1:]] == ["--version"]
