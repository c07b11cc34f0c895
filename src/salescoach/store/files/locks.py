"""One writer at a time: a lock that dies with its process, on a file of its own, never on what it protects."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from salescoach.store.files.atomic import make_folder

TIMEOUT = 5.0
"""Seconds to wait for somebody else's lock."""
_POLL = 0.005

try:
    import fcntl
except ImportError:  # pragma: no cover - Windows
    fcntl = None  # type: ignore[assignment]


class Held(Exception):
    """Somebody else held the lock all the time; `holder` is their process id and command, or empty."""

    def __init__(self, holder: str) -> None:
        super().__init__(holder)
        self.holder = holder


@contextmanager
def locked(path: Path, timeout: float = TIMEOUT) -> Iterator[None]:
    """Hold the lock on the file `path` while the block runs.

    Raises Held after `timeout` seconds of somebody else holding it, and OSError when there can be no lock.
    """
    if fcntl is None:
        with _portable(path, timeout):
            yield
        return
    descriptor = _open(path)
    try:
        _acquire(descriptor, timeout)
        with suppress(OSError):
            _sign(descriptor)
        yield
    finally:
        # Closing is what releases it, even when it fails; there is no other copy of the descriptor.
        with suppress(OSError):
            os.close(descriptor)


def _open(path: Path) -> int:
    flags = os.O_RDWR | getattr(os, "O_NOFOLLOW", 0)
    try:
        return os.open(path, flags)
    except FileNotFoundError:
        make_folder(path.parent)
        descriptor = os.open(path, flags | os.O_CREAT, 0o600)
    try:
        if sys.platform != "win32":
            os.fchmod(descriptor, 0o600)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def _acquire(descriptor: int, timeout: float) -> None:
    if sys.platform == "win32":  # for the types: where there is `flock` there is all of this
        raise NotImplementedError
    deadline = time.monotonic() + timeout
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= deadline:
                holder = os.pread(descriptor, 200, 0).decode(errors="replace")
                raise Held(holder.strip()) from None
            time.sleep(_POLL)
        else:
            return


def _sign(descriptor: int) -> None:
    if sys.platform == "win32":  # for the types: where there is `flock` there is all of this
        raise NotImplementedError
    note = f"{os.getpid()} {_command()}\n".encode(errors="replace")[:200]
    if os.pread(descriptor, 201, 0) == note:
        return  # a file that is not changed need not reach the disk with the save
    os.pwrite(descriptor, note, 0)
    os.ftruncate(descriptor, len(note))


def _command() -> str:
    """Return the program and its subcommand; never the rest, which may name customers."""
    words = [os.path.basename(sys.argv[0]), *sys.argv[1:2]] if sys.argv else []  # noqa: PTH119 - quicker
    return " ".join(words)


@contextmanager
def _portable(path: Path, timeout: float) -> Iterator[None]:
    # The same file and, on Unix, the same kind of lock, so both ways keep each other out. It costs more than
    # everything else in a save together, which is why it is not the only way.
    from filelock import FileLock, Timeout

    make_folder(path.parent)
    lock = FileLock(path, timeout=timeout, poll_interval=_POLL)
    try:
        lock.acquire()
    except Timeout:
        raise Held("") from None
    try:
        yield
    finally:
        lock.release()
