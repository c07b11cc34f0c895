"""What the store's tests do to deals and to the disk."""

from __future__ import annotations

import errno
import hashlib
import os
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from salescoach.deal.models import Deal
from salescoach.document.models import NUMBERS
from tests.build import stamp
from tests.kinds import example_of

CALLS = ("open", "write", "fsync", "close", "link", "replace", "mkdir", "pwrite", "ftruncate")
"""What the store asks of the system while it writes."""


def renamed(name: str) -> Callable[[Any], Any]:
    """Return the operation that gives a document another name; the same doing for the same name."""

    def rename(document: Any) -> Any:
        return example_of(document).rename(document, stamp(f"rename {name}"), name)

    return rename


def without_timeline(deal: Deal) -> dict[str, Any]:
    """Return what a deal says, without its number, its ancestry and what it tells of how it came about."""
    return deal.model_dump(exclude={"timeline", *NUMBERS})


def tree(folder: Path) -> dict[str, tuple[str, int]]:
    """Return every file below a folder with a hash of its bytes and its mode, and every folder with its mode."""
    return {
        str(path.relative_to(folder)): (
            hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "",
            path.lstat().st_mode & 0o777,
        )
        for path in sorted(folder.rglob("*"))
    }


@contextmanager
def failing(
    patch: pytest.MonkeyPatch,
    number: int,
    code: int,
    names: tuple[str, ...] = CALLS,
    *,
    lasting: bool = False,
) -> Iterator[list[str]]:
    """Let the `number`th of the calls in `names` fail with `code`, and if `lasting` all after it.

    Yields the names of the calls made.
    """
    made: list[str] = []

    def wrap(name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            made.append(name)
            if len(made) == number or (lasting and len(made) > number):
                if name == "close":
                    real(*args, **kwargs)
                raise OSError(code, os.strerror(code), *map(str, args[:1]))
            return real(*args, **kwargs)

        return call

    with patch.context() as inner:
        for name in names:
            inner.setattr(os, name, wrap(name, getattr(os, name)))
        yield made


@contextmanager
def read_only(patch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let everything that would write fail, as on a disk that is mounted read-only."""
    real_open = os.open
    writes = os.O_WRONLY | os.O_RDWR | os.O_CREAT

    def refuse(*args: Any, **kwargs: Any) -> Any:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    def only_reading(path: Any, flags: int, *args: Any, **kwargs: Any) -> int:
        if flags & writes:
            refuse()
        return real_open(path, flags, *args, **kwargs)

    with patch.context() as inner:
        inner.setattr(os, "open", only_reading)
        for name in ("link", "replace", "rename", "mkdir", "unlink"):
            inner.setattr(os, name, refuse)
        yield


def start(code: str, *args: object) -> subprocess.Popen[str]:
    """Start a Python process that runs `code` with `args` as sys.argv[1:]."""
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code), *map(str, args)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
        env={**os.environ, "PYTHONPATH": "src"},
    )
