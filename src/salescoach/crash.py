"""What a crash leaves: a report that says where the program failed, without a value of any deal, person or path."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType

from salescoach import __version__
from salescoach.store.files.atomic import make_folder, writing

KEPT = 20
"""Reports that are kept; older ones go."""
_FRAMES = 60
_CHAIN = 10
_PARTS = ("textual", "rich", "pydantic", "tomlkit", "filelock", "platformdirs", "rapidfuzz")
_TOP = Path(__file__).resolve().parents[1]


def write_report(error: BaseException, folder: Path) -> Path | None:
    """Write a report about `error` into `folder`, for its owner only, and return where it is; None where it cannot be."""
    try:
        text = describe(error)
        make_folder(folder)
        # Named by time, so that the names' order is the reports' own.
        path = folder / f"crash-{datetime.now(UTC):%Y%m%d-%H%M%S-%f}-{os.getpid()}.txt"
        with writing(path, replace=False) as file:
            file.write(text.encode("utf-8", "backslashreplace"))
        for old in sorted(folder.glob("crash-*.txt"))[:-KEPT]:
            old.unlink()
    except Exception:  # noqa: BLE001 - the program is failing already, and a report is no reason for a second failure
        return None
    return path


def describe(error: BaseException) -> str:
    """Return what may be said of a crash: types, places in the code, versions. No message, no value, no path of a person."""
    lines = [
        f"salescoach {__version__}",
        f"Python {platform.python_version()} on {platform.system()} {platform.release()} ({platform.machine()})",
        f"at {datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC",
        *_versions(),
    ]
    for number, each in enumerate(_chain(error)):
        lines += ["", ("because of " if number else "") + _kind(each)]
        lines += [f"  {place}" for place in _places(each.__traceback__)]
    return "\n".join(lines) + "\n"


def _versions() -> Iterator[str]:
    from importlib.metadata import version

    for name in _PARTS:
        if name in sys.modules:
            with suppress(Exception):
                yield f"{name} {version(name)}"


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Yield an error, what it was raised from, and the first of the errors that it stands for."""
    seen: set[int] = set()
    waiting: list[BaseException] = [error]
    while waiting and len(seen) < _CHAIN:
        each = waiting.pop(0)
        if id(each) in seen:
            continue
        seen.add(id(each))
        yield each
        if isinstance(each, BaseExceptionGroup):
            waiting += each.exceptions[:2]
        if (inner := getattr(each, "error", None)) and isinstance(inner, BaseException):
            waiting.append(inner)  # Textual's WorkerFailed
        before = each.__cause__ or (None if each.__suppress_context__ else each.__context__)
        if before is not None:
            waiting.append(before)


def _kind(error: BaseException) -> str:
    kind = type(error)
    return (
        kind.__qualname__
        if kind.__module__ == "builtins"
        else f"{kind.__module__}.{kind.__qualname__}"
    )


def _places(trace: TracebackType | None) -> Iterator[str]:
    """Yield `file:line function` of each frame, the outermost first; of endless recursion both ends."""
    found = []
    while trace is not None:
        code = trace.tb_frame.f_code
        found.append(f"{_file(code.co_filename)}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    if len(found) > _FRAMES:
        half = _FRAMES // 2
        found = [*found[:half], f"... {len(found) - _FRAMES} more ...", *found[-half:]]
    yield from found


def _file(name: str) -> str:
    """Return a file's place below the program, a library or the interpreter; whose folders those are is nobody's business."""
    path = Path(name)
    if path.is_relative_to(_TOP):
        return path.relative_to(_TOP).as_posix()
    parts = path.parts
    for mark in ("site-packages", "dist-packages", f"python3.{sys.version_info.minor}"):
        if mark in parts:
            at = len(parts) - 1 - parts[::-1].index(mark)
            return "/".join(parts[at + 1 :])
    return path.name
