"""Sees from outside when a file was durably replaced: the kernel says when the new one is in place and the folder's sync is over."""

from __future__ import annotations

import ctypes
import os
import struct
import sys
from pathlib import Path
from types import TracebackType
from typing import Self

LINUX = sys.platform == "linux"
_MOVED_TO, _CLOSED_UNCHANGED, _FOLDER = 0x80, 0x10, 0x40000000
_EVENT = struct.Struct("iIII")


class Watch:
    """Watches one folder, on Linux. `fd` can be read from when something happened in it. Raises OSError."""

    def __init__(self, folder: Path) -> None:
        libc = ctypes.CDLL(None, use_errno=True)
        self.fd: int = libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
        wanted = _MOVED_TO | _CLOSED_UNCHANGED
        if self.fd < 0 or libc.inotify_add_watch(self.fd, os.fsencode(folder), wanted) < 0:
            raise OSError(ctypes.get_errno(), "the folder cannot be watched")
        self.replaced = ""
        """The name of the file that was last put in the place of another."""
        self._synced = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        os.close(self.fd)

    def forget(self) -> None:
        """Start anew: what happened so far does not count."""
        self.durable()
        self.replaced, self._synced = "", False

    def durable(self) -> bool:
        """Take in what happened and say whether a file was replaced and the folder closed after it.

        The program syncs the file before it replaces and the folder after it, and then closes the folder.
        """
        try:
            data = os.read(self.fd, 65536)
        except BlockingIOError:
            return self._synced
        at = 0
        while at < len(data):
            _, mask, _, length = _EVENT.unpack_from(data, at)
            name = data[at + _EVENT.size : at + _EVENT.size + length].rstrip(b"\0").decode("utf-8")
            at += _EVENT.size + length
            if mask & _MOVED_TO:
                self.replaced = name
            elif mask & _FOLDER and self.replaced:
                self._synced = True
        return self._synced
