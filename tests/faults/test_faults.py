"""A short run of every fault, and that each kind of broken promise would be seen."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import suppress

import pytest

from salescoach.store.files import atomic as files
from tests.faults import __main__ as harness
from tests.faults import syscalls, tally, unsynced, ways
from tests.faults.program import TOP

_NAIVE = """
import sys
import time
from salescoach.store import documents
from salescoach.store.files.atomic import Save, keep_version, sign_of
from tests.faults import kill

def replace_file(path, data, keep=None):
    if keep is not None:
        keep_version(path, keep)
    path.unlink(missing_ok=True)
    with path.open("wb", buffering=0) as file:
        file.write(data[: len(data) // 2])
        time.sleep(0.01)
        file.write(data[len(data) // 2 :])
    return Save(sign_of(path.stat()), 0, 0)

documents.replace_file = replace_file
print(kill.run(12).to_json())
"""
"""Kills a store that writes its files in place."""

_NO_NOTE = """
from pathlib import Path
from salescoach.store import together as saving
from tests.faults import together

saving._write_note = lambda changes, folder: Path("/nowhere")
print(together.run(40).to_json())
"""
"""Kills acts of which no note is made before they are saved."""

_PEOPLE_LAST = """
from salescoach.workspace import upgrade as upgrades
from tests.faults import upgrade

upgrades._Upgrading._save_customers = lambda self, made: set()
print(upgrade.run(4).to_json())
"""
"""Kills an upgrade in which the deals let go of people that no customer has yet."""


def python(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Python in a process of its own: the faults fork it, which a process with threads must not be."""
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=TOP,
        env=dict(os.environ),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.slow
@pytest.mark.parametrize("name", harness.FAULTS)
def test_the_promises_hold_in_a_short_run(name: str) -> None:
    done = python("-m", "tests.faults", "--quick", "--only", name)
    assert done.returncode == 0, done.stdout + done.stderr
    row = done.stdout.splitlines()[-1]
    if "not here" in row:
        pytest.skip(row)
    promise, tried, *broken = [cell.strip() for cell in row.strip("|").split("|")]
    assert promise == harness.fault(name).PROMISE
    assert int(tried) >= (2 if name == "histories" else 4)  # each history is 500 acts
    assert broken == ["0", "0", "0"]


@pytest.mark.slow
def test_a_store_that_writes_in_place_does_not_survive_the_kills() -> None:
    done = python("-c", _NAIVE)
    assert done.returncode == 0, done.stderr
    assert tally.from_json(done.stdout).corrupt > 0


@pytest.mark.slow
def test_acts_without_a_note_stay_half_done_after_the_kills() -> None:
    done = python("-c", _NO_NOTE)
    assert done.returncode == 0, done.stderr
    assert tally.from_json(done.stdout).corrupt > 0


def test_people_whom_deals_let_go_of_too_early_are_missed() -> None:
    done = python("-c", _PEOPLE_LAST)
    assert done.returncode == 0, done.stderr
    assert tally.from_json(done.stdout).lost > 0


def test_a_folder_that_is_not_synced_loses_saves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "_sync_folder", lambda folder: None)
    assert unsynced.run(100).lost > 0


def test_a_file_that_is_not_synced_is_torn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "_sync", lambda descriptor: None)
    assert unsynced.run(100).corrupt > 0


def test_a_failing_sync_that_is_passed_over_is_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    real = files._sync

    def sync(descriptor: int) -> None:
        with suppress(OSError):
            real(descriptor)

    monkeypatch.setattr(files, "_sync", sync)
    some = tuple(way for way in ways.WAYS if way.name == "edit of a deal")
    monkeypatch.setattr(syscalls, "WAYS", some)
    assert syscalls.run(1).silent > 0


def test_a_broken_promise_is_told_and_fails_the_run(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = tally.Tally("A save survives", tried=1_000)
    broken.check(False, "lost", "rev 7 is gone")
    broken.add(tally.Tally("A save survives", tried=1, silent=2))
    monkeypatch.setattr(
        harness.fault("kill"), "run", lambda size: tally.from_json(broken.to_json())
    )
    monkeypatch.setattr(sys, "argv", ["faults", "--only", "kill"])
    assert harness.main() == 1
    told = capsys.readouterr()
    assert told.out.splitlines()[-1] == "| A save survives | 1,001 | 1 | 0 | 2 |"
    assert "rev 7 is gone" in told.err


def test_what_cannot_be_tried_here_says_why(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    skipped = tally.Tally("A full disk", skipped="no mounts")
    monkeypatch.setattr(harness.fault("full"), "run", lambda size: skipped)
    monkeypatch.setattr(sys, "argv", ["faults", "--quick", "--only", "full"])
    assert harness.main() == 0
    assert "not here: no mounts" in capsys.readouterr().out
