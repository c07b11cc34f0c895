"""On Windows a name that somebody else has open for a moment is tried again, and elsewhere nothing is waited for."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from salescoach.store.files import system
from salescoach.store.files.atomic import replace_file


class InUse(OSError):
    """What Windows raises: `winerror` is an attribute there."""

    def __init__(self, winerror: int) -> None:
        super().__init__(13, "in use")
        self.winerror = winerror


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Let time pass only by sleeping, on a system that is Windows; the last number is the time."""
    times = [0.0]
    monkeypatch.setattr(system, "WINDOWS", True)
    monkeypatch.setattr(time, "monotonic", lambda: times[-1])
    monkeypatch.setattr(time, "sleep", lambda seconds: times.append(times[-1] + seconds))
    return times


def refusing(monkeypatch: pytest.MonkeyPatch, name: str, error: OSError, times: int) -> list[int]:
    """Make a call of `os` fail so many times before it does what it does; return what counts the calls."""
    real: Callable[..., None] = getattr(os, name)
    calls: list[int] = []

    def call(*args: object) -> None:
        calls.append(1)
        if len(calls) <= times:
            raise error
        real(*args)

    monkeypatch.setattr(os, name, call)
    return calls


@pytest.mark.parametrize("winerror", [5, 32, 33])
@pytest.mark.parametrize("name", ["replace", "rename", "unlink"])
def test_a_file_in_use_is_waited_for(
    name: str,
    winerror: int,
    tmp_path: Path,
    clock: list[float],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    old.write_text("text")
    calls = refusing(monkeypatch, name, InUse(winerror), 6)
    getattr(system, name)(*([old] if name == "unlink" else [old, new]))
    assert len(calls) == 7
    assert not old.exists()
    assert 0 < clock[-1] < system.PATIENCE


def test_the_patience_ends(
    tmp_path: Path, clock: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    refusing(monkeypatch, "replace", InUse(32), 10_000)
    with pytest.raises(InUse):
        system.replace(tmp_path / "a", tmp_path / "b")
    assert clock[-1] == pytest.approx(system.PATIENCE)


@pytest.mark.parametrize("error", [InUse(112), FileNotFoundError(2, "none")])
def test_what_no_waiting_mends_is_raised_at_once(
    error: OSError, tmp_path: Path, clock: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = refusing(monkeypatch, "replace", error, 10_000)
    with pytest.raises(OSError) as raised:
        system.replace(tmp_path / "a", tmp_path / "b")
    assert raised.value is error
    assert (len(calls), clock) == (1, [0.0])


def test_elsewhere_nothing_is_waited_for(
    tmp_path: Path, clock: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(system, "WINDOWS", False)
    calls = refusing(monkeypatch, "replace", InUse(32), 10_000)
    with pytest.raises(InUse):
        system.replace(tmp_path / "a", tmp_path / "b")
    assert (len(calls), clock) == (1, [0.0])


def test_a_save_over_a_file_that_is_in_use_succeeds(
    tmp_path: Path, clock: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "deal.json"
    path.write_bytes(b"old")
    refusing(monkeypatch, "replace", InUse(32), 4)
    replace_file(path, b"new")
    assert path.read_bytes() == b"new"
    assert [one.name for one in tmp_path.iterdir()] == ["deal.json"]
