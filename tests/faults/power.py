"""What a disk still has after a power cut: only what was synced for certain, and anything else or not.

A file's bytes are certain once it was synced, a name once its folder was. A rename is done or not done, never half.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path
from typing import Any, Final, NamedTuple

import pytest

Files = dict[str, bytes]
_SUBSETS: Final = 6
"""Up to so many unsynced names every combination of them is tried; of more, a choice."""
_CHOSEN: Final = 40


class Event(NamedTuple):
    """One call as it was made: `what` is done to `path`, with `other` as the second path or the data."""

    what: str
    path: str
    other: Any = None


class _Name(NamedTuple):
    """A change of names that is not certain yet."""

    folders: tuple[str, ...]
    """Syncing one of these makes it certain."""
    gone: str
    come: str
    inode: int


@contextmanager
def recording(root: Path) -> Iterator[list[Event]]:
    """Record what `os` is asked to write below `root`; the caller may add events of its own."""
    events: list[Event] = []
    opened: dict[int, str] = {}
    real = {name: getattr(os, name) for name in _WRAPPED}

    def inside(path: object) -> bool:
        return os.fspath(path).startswith(str(root))  # type: ignore[call-overload, no-any-return]

    def open_(path: Any, flags: int, *rest: Any, **more: Any) -> int:
        new = bool(flags & os.O_CREAT) and not os.path.lexists(path)
        descriptor: int = real["open"](path, flags, *rest, **more)
        if inside(path):
            opened[descriptor] = os.fspath(path)
            if new:
                events.append(Event("create", os.fspath(path)))
        return descriptor

    def close(descriptor: int) -> None:
        opened.pop(descriptor, None)
        real["close"](descriptor)

    def on_file(name: str) -> Callable[..., Any]:
        def call(descriptor: int, *rest: Any) -> Any:
            done = real[name](descriptor, *rest)
            if descriptor in opened:
                data = bytes(rest[0][:done]) if name == "write" else None
                events.append(Event(name, opened[descriptor], data))
            return done

        return call

    def on_names(name: str) -> Callable[..., Any]:
        def call(path: Any, *rest: Any, **more: Any) -> Any:
            done = real[name](path, *rest, **more)
            if inside(path):
                other = os.fspath(rest[0]) if name in {"link", "rename", "replace"} else None
                what = "rename" if name == "replace" else name
                events.append(Event(what, os.fspath(path), other))
            return done

        return call

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "open", open_)
        patch.setattr(os, "close", close)
        for name in ("write", "fsync"):
            patch.setattr(os, name, on_file(name))
        for name in ("link", "rename", "replace", "unlink", "mkdir"):
            patch.setattr(os, name, on_names(name))
        yield events


_WRAPPED: Final = (
    "open",
    "close",
    "write",
    "fsync",
    "link",
    "rename",
    "replace",
    "unlink",
    "mkdir",
)


@dataclass(slots=True)
class Disk:
    """A disk to which events are done one by one."""

    names: dict[str, int] = field(default_factory=dict)
    certain: dict[str, int] = field(default_factory=dict)
    pending: list[_Name] = field(default_factory=list)
    folders: set[int] = field(default_factory=set)
    data: dict[int, bytes] = field(default_factory=dict)
    synced: dict[int, bytes] = field(default_factory=dict)

    def do(self, event: Event) -> None:
        """Take in what one call did."""
        path = event.path
        if event.what in {"create", "mkdir"}:
            inode = len(self.data)
            self.data[inode] = b""
            if event.what == "mkdir":
                self.folders.add(inode)
            self._name("", path, inode)
        elif event.what == "write":
            self.data[self.names[path]] += event.other
        elif event.what == "fsync":
            self._sync(path)
        elif event.what == "link":
            self._name("", event.other, self.names[path])
        elif event.what == "rename":
            self._name(path, event.other, self.names[path])
        elif event.what == "unlink":
            self._name(path, "", -1)

    def _name(self, gone: str, come: str, inode: int) -> None:
        change = _Name(tuple(_folder(path) for path in (gone, come) if path), gone, come, inode)
        self.pending.append(change)
        _apply(self.names, change)

    def _sync(self, path: str) -> None:
        inode = self.names.get(path)
        if inode is not None:
            self.synced[inode] = self.data[inode]
        for change in [change for change in self.pending if path in change.folders]:
            _apply(self.certain, change)
            self.pending.remove(change)

    def cuts(self, root: str, rng: random.Random) -> Iterator[Files]:
        """Yield in any order what may be on the disk if the power goes here: the files and their bytes by path."""
        seen = set()
        choices = [(chosen, share) for chosen in self._choices(rng) for share in (0.0, 0.5, 1.0)]
        rng.shuffle(choices)
        for chosen, share in choices:
            names = dict(self.certain)
            for number in chosen:
                _apply(names, self.pending[number])
            found = self._files(names, root, share)
            known = hash(frozenset(found.items()))
            if known not in seen:
                seen.add(known)
                yield found

    def _choices(self, rng: random.Random) -> Iterator[tuple[int, ...]]:
        count = len(self.pending)
        every = range(count)
        if count <= _SUBSETS:
            for size in range(count + 1):
                yield from combinations(every, size)
            return
        yield ()
        for number in every:
            yield tuple(every[: number + 1])
            yield (number,)
            yield tuple(other for other in every if other != number)
        for _ in range(_CHOSEN):
            yield tuple(sorted(rng.sample(every, rng.randrange(count))))

    def _files(self, names: dict[str, int], root: str, share: float) -> Files:
        found: Files = {}
        folders = {path for path, inode in names.items() if inode in self.folders}
        for path, inode in names.items():
            if path not in folders and _reachable(path, root, folders):
                safe, full = self.synced.get(inode, b""), self.data[inode]
                more = full[len(safe) :]
                found[path] = safe + more[: int(len(more) * share)]
        return found


def _folder(path: str) -> str:
    return path.rpartition(os.sep)[0]


def _apply(names: dict[str, int], change: _Name) -> None:
    names.pop(change.gone, None)
    if change.come:
        names[change.come] = change.inode


def _reachable(path: str, root: str, folders: set[str]) -> bool:
    folder = _folder(path)
    while folder != root:
        if folder not in folders:
            return False
        folder = _folder(folder)
    return True
