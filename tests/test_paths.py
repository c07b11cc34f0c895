"""Where things live."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from salescoach.paths import Paths, find_paths, under


def test_one_folder_for_everything(tmp_path: Path) -> None:
    """SALESCOACH_HOME holds config, playbook, deals, state and cache."""
    found = find_paths({"SALESCOACH_HOME": str(tmp_path)})
    assert found == under(tmp_path)
    assert found == Paths(
        config_file=tmp_path / "config.toml",
        playbook=tmp_path / "playbook",
        deals=tmp_path / "deals",
        history=tmp_path / "state" / "history",
        locks=tmp_path / "state" / "locks",
        quarantine=tmp_path / "state" / "quarantine",
        state=tmp_path / "state",
        cache=tmp_path / "cache",
    )
    assert found.index_file == tmp_path / "cache" / "index.sqlite"
    assert list(tmp_path.iterdir()) == []


def test_a_relative_home_is_made_whole(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Changing the folder later does not move the deals; `~` is the user's home."""
    monkeypatch.chdir(tmp_path)
    assert find_paths({"SALESCOACH_HOME": "here/../mine"}).deals == tmp_path / "mine" / "deals"
    monkeypatch.setenv("HOME", str(tmp_path))
    assert find_paths({"SALESCOACH_HOME": "~/mine"}).deals == tmp_path / "mine" / "deals"


def test_the_platforms_folders(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without SALESCOACH_HOME the XDG folders, and their defaults where they are unset or relative."""
    monkeypatch.setattr(sys, "platform", "linux")
    found = find_paths(
        {
            "SALESCOACH_HOME": " ",
            "HOME": "/home/anna",
            "XDG_DATA_HOME": "/data",
            "XDG_CACHE_HOME": "relative",
        }
    )
    assert found.deals == Path("/data/salescoach/deals")
    assert found.config_file == Path("/home/anna/.config/salescoach/config.toml")
    assert found.locks == Path("/home/anna/.local/state/salescoach/locks")
    assert found.cache == Path("/home/anna/.cache/salescoach")
    assert find_paths({}).deals == Path.home() / ".local/share/salescoach/deals"


def test_the_defaults_are_those_of_platformdirs(monkeypatch: pytest.MonkeyPatch) -> None:
    """On Linux by hand, because it is faster; elsewhere platformdirs is asked."""
    monkeypatch.setattr(sys, "platform", "linux")
    by_hand = find_paths({})
    monkeypatch.setattr(sys, "platform", "darwin")
    for name in ("CONFIG", "DATA", "STATE", "CACHE"):
        monkeypatch.delenv(f"XDG_{name}_HOME")
    assert find_paths({}) == by_hand
