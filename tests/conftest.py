"""Keeps the tester's own home, locale, settings and network out of every test, and its files in memory where that can be."""

from __future__ import annotations

import os
import socket
import sys
import tempfile
from functools import lru_cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from salescoach.playbook import cache
from salescoach.playbook.load import load, packaged

_FOREIGN = ("LANGUAGE", "LC_MESSAGES", "NO_COLOR", "FORCE_COLOR", "COLORTERM", "COLUMNS", "LINES")
_MEMORY = Path("/dev/shm")
_ROOM = 2 * 1024**3
"""Bytes that must be free there: ten times what a run of all tests leaves."""


def _in_memory() -> bool:
    """Say whether files can be kept in memory here, programs among them."""
    if sys.platform != "linux" or "TMPDIR" in os.environ or not os.access(_MEMORY, os.W_OK):
        return False
    found = os.statvfs(_MEMORY)
    return found.f_bavail * found.f_frsize >= _ROOM and not found.f_flag & os.ST_NOEXEC


# A machine that has much else to do is no failure of what is tried.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")

if _in_memory():
    # What no test asks of a disk is to be slow: each save waits for it twice. `make faults` and `make bench` use a real one.
    os.environ["TMPDIR"] = tempfile.tempdir = str(_MEMORY)


def _read_once() -> None:
    """Let the tests of one process share what was read of the edition that comes with the program.

    Every home has a cache of its own, so that each test would parse the same TOML again. What is read is frozen.
    """
    ours = lru_cache(maxsize=1)(load)
    vars(cache)["load"] = lambda folder: ours(folder) if folder == packaged() else load(folder)
    vars(cache)["_revive"] = lru_cache(maxsize=4)(cache._revive)


_read_once()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give each worker its share of the slow tests first: who is done takes the quick ones that others have left."""
    crowd = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    slow = [item for item in items if item.get_closest_marker("slow")]
    quick = [item for item in items if not item.get_closest_marker("slow")]
    size = -(-len(quick) // crowd)
    items[:] = [
        item
        for number in range(crowd)
        for item in (*slow[number::crowd], *quick[number * size : (number + 1) * size])
    ]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder that stands for SALESCOACH_HOME; nothing else of the machine is looked at."""
    for name in [name for name in os.environ if name.startswith("SALESCOACH_")]:
        monkeypatch.delenv(name)
    for name in _FOREIGN:
        monkeypatch.delenv(name, raising=False)
    # Not the test's own folder, so that a test may count what is in that.
    outside = tmp_path.parent / f"{tmp_path.name}-home"
    for name, folder in (
        ("HOME", "user"),
        ("USERPROFILE", "user"),
        ("XDG_CONFIG_HOME", "xdg/config"),
        ("XDG_DATA_HOME", "xdg/data"),
        ("XDG_STATE_HOME", "xdg/state"),
        ("XDG_CACHE_HOME", "xdg/cache"),
    ):
        monkeypatch.setenv(name, str(outside / folder))
    place = outside / "salescoach"
    monkeypatch.setenv("SALESCOACH_HOME", str(place))
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    return place


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no test reach another machine; sockets within this one stay."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: object) -> None:
        if self.family in {socket.AF_INET, socket.AF_INET6}:
            raise AssertionError(f"a test reached for the network: {address}")
        connect(self, address)  # type: ignore[arg-type]

    monkeypatch.setattr(socket.socket, "connect", guarded)
