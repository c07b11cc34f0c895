"""The backup file: the names in it, its manifest, and reading one that may be damaged or made by somebody hostile.

It is a zip: the standard library writes and reads it, any system opens it without this program, and a damaged
member leaves the others whole. Nothing is ever unpacked by name: a member's name is only recognised, and the place
that it stands for is worked out from what was recognised.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Literal, NamedTuple

from salescoach.paths import own_place
from salescoach.store.errors import BackupDamaged, BackupNotFound, BackupRefused
from salescoach.store.files import history
from salescoach.store.files.names import conflict_copy, document_id, is_id
from salescoach.store.files.shape import shape

FORMAT = 2
"""A backup of a higher format is refused; one of format 1 knows no documents but deals."""
KIND = "salescoach-backup"
MANIFEST = "manifest.json"
MAX_MEMBER = 64 * 1024 * 1024
"""Bytes of the largest member; four times the largest document."""
MAX_MEMBERS = 1_000_000
MANIFEST_ROOM = 64 * 1024
MANIFEST_SHARE = 1024
"""Bytes that the manifest may have, and how many more for each member."""
_MANIFEST_VALUES = 8
"""Values that the manifest may hold for each member; it has four."""
_MANIFEST_DEPTH = 4
SMALL = 1024 * 1024
"""Bytes up to which a member may have been packed however tightly."""
MAX_RATIO = 200
"""How many times smaller than itself a larger member may be in the file; the writer stores what packs better."""
MAX_TOTAL_RATIO = 100
TOTAL_ROOM = 16 * 1024 * 1024
"""All members together may be so many times larger than the file, and so many bytes more."""

Group = Literal["document", "copy", "history", "quarantine", "settings", "workdays", "playbook"]
"""What a member is one of."""
Progress = Callable[[int, int], None]

_QUARANTINE = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]{0,180}\.json(\.reason\.txt)?")
_NOT_IN_NAMES = frozenset('/\\:*?"<>|')
_DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
_SHA = re.compile(r"[0-9a-f]{64}")
_BROKEN = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    struct.error,
    EOFError,
    LookupError,
    OverflowError,
    RuntimeError,
    ValueError,
)
"""What the standard library raises for files that are no zip any more."""


class Place(NamedTuple):
    """What a member's name stands for."""

    group: Group
    folder: str
    """The folder of its kind of document; empty for what belongs to none."""
    document: str
    """The document's id; empty for what belongs to none."""
    name: str
    """The file's own name; for a playbook's file with its folder, separated by `/`."""


class Member(NamedTuple):
    """What the manifest says of a member."""

    size: int
    sha256: str
    mtime_ns: int


@dataclass(frozen=True, slots=True)
class Head:
    """What the manifest says of the whole."""

    made_at: datetime
    program: str
    members: Mapping[str, Member]


def member_folder(group: Literal["history", "quarantine"], folder: str) -> str:
    """Return the folder in a backup of what belongs to the documents in `folder`, as it is in the state folder."""
    return "/".join(filter(None, (group, own_place(folder))))


def place_of(name: str, folders: Iterable[str]) -> Place | None:
    """Return what a member's name stands for, with documents in these `folders`; None for a name that no backup has."""
    if name == "config.toml":
        return Place("settings", "", "", name)
    if name == "workdays.toml":
        return Place("workdays", "", "", name)
    start, _, rest = name.partition("/")
    if start == "playbook":
        inner, slash, last = rest.rpartition("/")
        known = _sane(last) and (not slash or inner in {"stages", "tools"})
        return Place("playbook", "", "", rest) if known else None
    return next((place for folder in folders if (place := _place_in(folder, name))), None)


def _place_in(folder: str, name: str) -> Place | None:
    """Return what a name stands for among the documents in `folder` and what belongs to them."""
    if rest := _below(folder, name):
        if key := document_id(rest):
            return Place("document", folder, key, rest)
        # In capitals it would be the document itself on systems that do not tell the two apart.
        own = document_id(rest.lower())
        copy = conflict_copy(Path(rest)) if not own and _sane(rest) else None
        return Place("copy", folder, copy.document, rest) if copy else None
    if rest := _below(member_folder("history", folder), name):
        key, _, version = rest.partition("/")
        known = is_id(key) and history.is_version(version)
        return Place("history", folder, key, version) if known else None
    if rest := _below(member_folder("quarantine", folder), name):
        return Place("quarantine", folder, "", rest) if _QUARANTINE.fullmatch(rest) else None
    return None


def _below(folder: str, name: str) -> str:
    """Return what follows a folder in a member's name; empty where the name is not of that folder."""
    return name.removeprefix(f"{folder}/") if name.startswith(f"{folder}/") else ""


def _sane(name: str) -> bool:
    """Say whether every system takes this for one file's name, in the folder it is put in."""
    return (
        0 < len(name.encode("utf-8", "surrogatepass")) <= 200
        and name.isprintable()
        and _NOT_IN_NAMES.isdisjoint(name)
        and name[0] != "."
        and name[-1] not in ". "
        and not _DEVICES.fullmatch(name)
    )


class Archive:
    """A backup whose names, sizes and manifest are in order; what its members hold is checked as they are read."""

    def __init__(
        self, packed: zipfile.ZipFile, path: Path, head: Head, folders: Sequence[str]
    ) -> None:
        self._packed = packed
        self.path = path
        self.head = head
        self.places: dict[str, Place] = {
            name: place for name in head.members if (place := place_of(name, folders))
        }

    def read(self, name: str) -> bytes:
        """Return a member's bytes, which are what was backed up. Raises BackupDamaged, or OSError."""
        member = self.head.members[name]
        with _guarded(self.path, "member", name):
            data = _take(self._packed, name, member.size)
        if len(data) != member.size or hashlib.sha256(data).hexdigest() != member.sha256:
            raise BackupDamaged(self.path, "member", name)
        return data

    def check(self, progress: Progress | None = None) -> tuple[str, ...]:
        """Read every member and return the names of those that are not what was backed up. Raises OSError."""
        damaged: list[str] = []
        total = len(self.head.members)
        for done, name in enumerate(self.head.members, 1):
            try:
                self.read(name)
            except BackupDamaged:
                damaged.append(name)
            if progress is not None:
                progress(done, total)
        return tuple(damaged)


@contextmanager
def opened(path: Path, folders: Sequence[str]) -> Iterator[Archive]:
    """Open the backup at `path`, of documents in `folders`. Raises BackupNotFound, BackupRefused, BackupDamaged or OSError."""
    try:
        # A named pipe must not hang the reader.
        flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
        descriptor = os.open(path, flags)
    except FileNotFoundError as error:
        raise BackupNotFound(path) from error
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise BackupRefused(path, "not-one")
        with reading(file, path, folders) as archive:
            yield archive


@contextmanager
def reading(file: IO[bytes], path: Path, folders: Sequence[str]) -> Iterator[Archive]:
    """Read the backup of documents in `folders` in an open file; `path` is what messages call it. Raises as `opened` does."""
    file.seek(0)
    if file.read(4) != b"PK\x03\x04":
        raise BackupRefused(path, "not-one")
    size = file.seek(0, os.SEEK_END)
    with _guarded(path, "cut-off", ""):
        packed = zipfile.ZipFile(file)
    with packed:
        _inspect(packed, path, size, folders)
        yield Archive(packed, path, _head(packed, path, folders), folders)


def _inspect(packed: zipfile.ZipFile, path: Path, size: int, folders: Sequence[str]) -> None:
    """Look at all that the directory says of the members before any of them is read."""
    infos = packed.infolist()
    if len(infos) > MAX_MEMBERS:
        raise BackupDamaged(path, "bomb", str(len(infos)))
    seen: set[str] = set()
    together = unpacked = 0
    for info in infos:
        name = info.filename
        if info.orig_filename != name or (name != MANIFEST and place_of(name, folders) is None):
            raise BackupDamaged(path, "name", info.orig_filename[:200])
        if name in seen:
            raise BackupDamaged(path, "twice", name)
        seen.add(name)
        if stat.S_IFMT(info.external_attr >> 16) not in {0, stat.S_IFREG}:
            raise BackupDamaged(path, "link", name)
        if info.flag_bits & 1 or info.compress_type not in {
            zipfile.ZIP_STORED,
            zipfile.ZIP_DEFLATED,
        }:
            raise BackupDamaged(path, "packing", name)
        unpacked += info.file_size
        limit = _most_manifest(len(infos)) if name == MANIFEST else MAX_MEMBER
        # Members that lie over one another would unpack to more than a file of this size can hold.
        together += info.compress_size
        swells = info.file_size > SMALL and info.file_size > MAX_RATIO * info.compress_size
        if info.file_size > limit or swells or together > size:
            raise BackupDamaged(path, "bomb", name)
    if MANIFEST not in seen:
        raise BackupRefused(path, "not-one")
    if unpacked > TOTAL_ROOM + MAX_TOTAL_RATIO * size:
        raise BackupDamaged(path, "total", f"{unpacked // 1024**2:,}")


def _most_manifest(members: int) -> int:
    return MANIFEST_ROOM + MANIFEST_SHARE * members


def _head(packed: zipfile.ZipFile, path: Path, folders: Sequence[str]) -> Head:
    with _guarded(path, "manifest", ""):
        count = len(packed.NameToInfo)
        data = _take(packed, MANIFEST, _most_manifest(count))
        # Parsed, a few bytes of it can take a hundred times their room.
        depth, values = shape(data, _MANIFEST_DEPTH)
        if depth > _MANIFEST_DEPTH or values > _MANIFEST_VALUES * (count + 8):
            raise ValueError("manifest")
        raw = json.loads(data, parse_int=_whole)
    if not isinstance(raw, dict) or raw.get("kind") != KIND:
        raise BackupRefused(path, "not-one")
    number = raw.get("format")
    if type(number) is not int or number < 1:
        raise BackupDamaged(path, "manifest", "format")
    if number > FORMAT:
        raise BackupRefused(path, "newer", str(number)[:20])
    with _guarded(path, "manifest", ""):
        head = Head(
            _instant(raw["made_at"]), str(raw["program"])[:100], _members(raw["members"], folders)
        )
    for name in packed.NameToInfo:
        if name != MANIFEST and name not in head.members:
            raise BackupDamaged(path, "unlisted", name)
    return head


def _whole(text: str) -> int:
    if len(text) > 40:
        raise ValueError(text[:40])
    return int(text)


def _instant(text: object) -> datetime:
    moment = datetime.fromisoformat(text) if isinstance(text, str) else None
    if moment is None or moment.tzinfo is None:
        raise ValueError("made_at")
    return moment


def _members(raw: object, folders: Sequence[str]) -> dict[str, Member]:
    if not isinstance(raw, dict):
        raise ValueError("members")  # noqa: TRY004 - whatever is wrong, the manifest is damaged
    found: dict[str, Member] = {}
    for name, entry in raw.items():
        size, mtime_ns, digest = entry["size"], entry["mtime_ns"], entry["sha256"]
        whole = type(size) is int and type(mtime_ns) is int and isinstance(digest, str)
        if not whole or not _SHA.fullmatch(digest) or place_of(name, folders) is None:
            raise ValueError(name)
        if not (0 <= size <= MAX_MEMBER and abs(mtime_ns) < 2**63):
            raise ValueError(name)
        found[name] = Member(size, digest, mtime_ns)
    return found


def _take(packed: zipfile.ZipFile, name: str, limit: int) -> bytes:
    with packed.open(name) as member:
        return member.read(limit + 1)


@contextmanager
def _guarded(path: Path, reason: str, detail: str) -> Iterator[None]:
    """Turn what the standard library raises for damage into BackupDamaged."""
    try:
        yield
    except (*_BROKEN, TypeError) as error:
        raise BackupDamaged(path, reason, detail) from error
    except OSError as error:
        # A damaged offset is a place that no file has.
        if error.errno not in {None, errno.EINVAL}:
            raise
        raise BackupDamaged(path, reason, detail) from error
