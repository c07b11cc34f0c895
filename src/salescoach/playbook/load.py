"""Finds, reads and copies editions on the disk; the only part of the method that touches files."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from zlib import crc32

from salescoach.playbook.errors import CopyRefused, PlaybookInvalid, Problem, shown

if TYPE_CHECKING:
    from salescoach.playbook.models import Playbook

_FOLDERS = ("stages", "tools")
# What editors, file managers and version control leave beside the files, and a company's own read-me.
_IGNORED = re.compile(
    r"\..*|#.*#|.*(~|\.(bak|swp|orig|md|txt))|__pycache__", re.IGNORECASE | re.DOTALL
)
_LISTING_LIMIT = 1_000
"""Names looked at in a folder: more than any edition has, few enough for a folder that is not one."""


class Found(NamedTuple):
    """A name in an edition's folder; `name` is relative with `/`."""

    name: str
    path: Path


def load(folder: Path) -> Playbook:
    """Read and check the edition in a folder. Raises PlaybookInvalid with every mistake in it."""
    from salescoach.playbook.parse import assemble, read_piece

    files, problems = read_folder(folder)
    if files or not problems:
        return assemble((read_piece(name, data) for name, data in files.items()), problems)
    raise PlaybookInvalid(tuple(problems))


def packaged() -> Path:
    """Return the folder of the edition that comes with the program: in the wheel, or at the top of a checkout."""
    here = Path(__file__).resolve()
    inside = here.parents[1] / "_data" / "playbook"
    return inside if inside.is_dir() else here.parents[3] / "playbook"


def find(explicit: Path | None, user: Path) -> Path:
    """Return the folder to load: the explicit one, else the user's if there is anything in it, else the packaged."""
    if explicit is not None:
        return explicit
    with suppress(FileNotFoundError):
        if next(entries(user), None) is not None:
            return user
    return packaged()


def entries(folder: Path) -> Iterator[Found]:
    """Yield what an edition's folder holds, two levels deep and in no order. Raises OSError."""
    for name in ("", *_FOLDERS):
        inner = folder / name
        if name and not inner.is_dir():
            continue
        with os.scandir(inner) as listing:
            for count, entry in enumerate(listing):
                if count >= _LISTING_LIMIT:
                    break
                if not _IGNORED.fullmatch(entry.name) and not (not name and _is_level(entry)):
                    yield Found(f"{name}/{entry.name}" if name else entry.name, Path(entry.path))


def mark(folder: Path) -> int:
    """Return a number that changes with the names, sizes and times of an edition's files; it is cheap to have."""
    files: list[tuple[str, int, int]] = []
    try:
        for entry in entries(folder):
            status = entry.path.stat()
            files.append((entry.name, status.st_size, status.st_mtime_ns))
    except OSError:
        files = []
    return crc32(repr(sorted(files)).encode())


def read_folder(folder: Path) -> tuple[dict[str, bytes], list[Problem]]:
    """Return the bytes of an edition's files by name, and the problems of the names that could not be read.

    A file that has no place in an edition is listed with no bytes. Reads no more than the limits of `playbook.parse`,
    follows no link out of the folder and opens nothing but regular files.
    """
    from salescoach.playbook.parse import FILES_LIMIT, TOTAL_LIMIT, model_of

    try:
        found = sorted(entries(folder), key=lambda entry: entry.name)
    except OSError as error:
        return {}, [Problem(".", "", "no-folder", {"reason": _reason(error)})]
    files: dict[str, bytes] = {}
    problems: list[Problem] = []
    total = 0
    for entry in found[: FILES_LIMIT + 1]:
        if model_of(entry.name) is None:
            files[entry.name] = b""
            continue
        data = _read(folder, entry)
        if isinstance(data, Problem):
            problems.append(data)
            continue
        total += len(data)
        if total > TOTAL_LIMIT:
            limit = {"limit": str(TOTAL_LIMIT // 1024)}
            return {}, [*problems, Problem(".", "", "all-too-large", limit)]
        files[entry.name] = data
    return files, problems


def copy_edition(source: Path, target: Path) -> None:
    """Copy an edition's files to `target`, which must not exist or be empty; parents are made.

    Raises CopyRefused when `target` has something in it or cannot be written, and PlaybookInvalid when `source` cannot
    be read. Either the whole edition is in `target` afterwards or nothing is.
    """
    files, problems = read_folder(source)
    if problems:
        raise PlaybookInvalid(tuple(problems))
    path = shown(str(target))
    final = Path(os.path.realpath(target))
    if final.is_relative_to(os.path.realpath(source)):
        raise CopyRefused("target-inside", path=path)
    # Beside the target, so that the rename stays on one disk.
    draft = final.with_name(f".{final.name}.{os.urandom(4).hex()}.tmp")
    try:
        if final.exists() and not final.is_dir():
            raise CopyRefused("target-not-a-folder", path=path)
        if final.is_dir() and any(final.iterdir()):
            raise CopyRefused("target-not-empty", path=path)
        for name, data in files.items():
            private_folder((draft / name).parent)
            write_private(draft / name, data)
        if final.is_dir():
            final.rmdir()
        draft.rename(final)
    except OSError as error:
        raise CopyRefused("copy-failed", path=path, reason=_reason(error)) from None
    finally:
        _sweep(draft)


def private_folder(folder: Path) -> None:
    """Make `folder` and what is missing above it, for its owner only, whatever the umask. Raises OSError."""
    if not folder.is_dir():
        private_folder(folder.parent)
        with suppress(FileExistsError):
            folder.mkdir(mode=0o700)
            folder.chmod(0o700)


def write_private(path: Path, data: bytes) -> None:
    """Write a new file for its owner only, whatever the umask. Raises OSError."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(path, flags, 0o600), "wb") as file:
        if hasattr(os, "fchmod"):
            os.fchmod(file.fileno(), 0o600)
        file.write(data)


def _is_level(entry: os.DirEntry[str]) -> bool:
    return entry.name in _FOLDERS and entry.is_dir()


def _read(folder: Path, entry: Found) -> bytes | Problem:
    from salescoach.playbook.parse import FILE_LIMIT

    name = entry.name
    try:
        real = Path(os.path.realpath(entry.path, strict=True))
        if not real.is_relative_to(os.path.realpath(folder)):
            return Problem(name, "", "link-outside")
        if not real.is_file():
            return Problem(name, "", "not-a-file")
        with real.open("rb") as file:
            return file.read(FILE_LIMIT + 1)
    except OSError as error:
        return Problem(name, "", "unreadable", {"reason": _reason(error)})


def _reason(error: OSError) -> str:
    return shown(error.strerror or type(error).__name__)


def _sweep(draft: Path) -> None:
    """Remove what is left of a copy that failed."""
    import shutil

    shutil.rmtree(draft, ignore_errors=True)
