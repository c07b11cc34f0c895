"""A small disk and folders that can be made read-only, in a mount namespace of their own that ends with its process."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.bench.home import environ
from tests.faults.program import TOP
from tests.faults.tally import Tally, from_json

MEGABYTE = 1024 * 1024


def own_mounts() -> list[str] | None:
    """Return the command that runs another with mounts of its own; None where that is not allowed."""
    unshare = shutil.which("unshare")
    if unshare is None or sys.platform != "linux":
        return None
    for way in ([unshare, "-m"], [unshare, "-U", "-m", "--map-root-user"]):
        tried = subprocess.run(
            [*way, "mount", "-t", "tmpfs", "none", "/mnt"], capture_output=True, check=False
        )
        if tried.returncode == 0:
            return way
    return None


def inside(module: str, promise: str, size: int, place: Path) -> Tally:
    """Run `python -m module size` where it may mount, and return the tally that it writes."""
    way = own_mounts()
    if way is None:
        return Tally(promise, skipped="no mounts of one's own are allowed")
    done = subprocess.run(
        [*way, sys.executable, "-m", module, str(size)],
        cwd=TOP,
        env=environ(place),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return from_json(done.stdout)


@contextmanager
def small_disk(place: Path, size: int = MEGABYTE) -> Iterator[Path]:
    """Mount an empty disk of `size` bytes at the folder `place` and return a folder on it."""
    place.mkdir(parents=True, exist_ok=True)
    _mount("-t", "tmpfs", "-o", f"size={size},mode=700", "none", str(place))
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)


@contextmanager
def read_only(place: Path) -> Iterator[None]:
    """Let nothing below the folder `place` be written while the block runs."""
    _mount("--bind", str(place), str(place))
    try:
        _mount("-o", "remount,bind,ro", str(place))
        yield
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)


def _mount(*arguments: str) -> None:
    subprocess.run(["mount", *arguments], check=True)


class Ballast:
    """A file that takes the room on a small disk."""

    def __init__(self, disk: Path) -> None:
        self.path = disk / "ballast"

    def fill(self, leave: int = 0) -> None:
        """Take all the room but `leave` bytes."""
        with self.path.open("ab", buffering=0) as file:
            for step in (65_536, 4_096):
                try:
                    while True:
                        file.write(bytes(step))
                except OSError:
                    continue
            file.truncate(max(0, file.tell() - leave))

    def drop(self) -> None:
        """Give the room back."""
        self.path.unlink(missing_ok=True)
