"""Puts everything a person cannot make again into one file, durably, and reads it back before it counts."""

from __future__ import annotations

import hashlib
import json
import os
import stat
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, NamedTuple

from salescoach import __version__
from salescoach.store.care import archive
from salescoach.store.care.archive import Progress, member_folder
from salescoach.store.care.sweep import remove_abandoned
from salescoach.store.errors import BackupDamaged, BackupNotVerified, BackupRefused, save_failed
from salescoach.store.files import history
from salescoach.store.files.atomic import NotRegular, Sign, TooLarge, read_regular, sign_of, writing
from salescoach.store.files.names import is_id, is_temporary

if TYPE_CHECKING:
    from salescoach.paths import Paths
    from salescoach.store.documents import DocumentStore

_LOOKS = 5
"""How often a document that is saved meanwhile is read again, until it and its history fit together."""
_ZIP_YEARS = (1980, 2107)


class LeftOut(NamedTuple):
    """A file that is not in the backup: `reason` is `symlink`, `not-a-file`, `too-large`, `name` or the system's."""

    path: Path
    reason: str


@dataclass(frozen=True, slots=True)
class Made:
    """A backup that was written and read back."""

    path: Path
    made_at: datetime
    size: int
    """Bytes of the file."""
    counts: dict[str, int]
    """How many documents there are of each kind, by its name, and how many members of each other group."""
    left_out: tuple[LeftOut, ...]


class _Entry(NamedTuple):
    name: str
    counted: str
    """As what it is counted: a kind of document, or a group of members."""
    data: bytes
    mtime_ns: int


def make_backup(
    stores: Sequence[DocumentStore[Any]],
    target: Path,
    *,
    now: datetime,
    replace: bool,
    progress: Progress | None = None,
) -> Made:
    """Write the documents of all `stores`, histories, what was set aside, settings and the user's own playbook into the file `target`.

    Damaged documents go in byte for byte; what cannot be read is left out and told. `progress(done, total)` counts documents
    written and then members read back. Raises StoreError, and FileExistsError when `target` is there and `replace` is
    not set; then, and when it is interrupted, nothing of it is left.
    """
    made = _Making(stores, now, progress)
    remove_abandoned(target.parent)
    try:
        with writing(target, replace=replace) as file:
            made.write(file)
            _read_back(file, target, made.folders, progress)
            size = file.seek(0, os.SEEK_END)
    except FileExistsError:
        raise
    except OSError as error:
        raise save_failed(target, error) from error
    return Made(target, now, size, made.counts, tuple(made.left_out))


def _read_back(
    file: IO[bytes], target: Path, folders: Sequence[str], progress: Progress | None
) -> None:
    file.flush()
    try:
        with archive.reading(file, target, folders) as written:
            damaged = written.check(progress)
    except (BackupDamaged, BackupRefused) as error:
        raise BackupNotVerified(target, error.reason) from error
    if damaged:
        raise BackupNotVerified(target, damaged[0])


class _Making:
    """A backup on its way: what went into it, and what could not."""

    def __init__(
        self, stores: Sequence[DocumentStore[Any]], now: datetime, progress: Progress | None
    ) -> None:
        self.stores = stores
        self.folders = tuple(store.kind.folder for store in stores)
        self.now = now
        self.progress = progress
        self.counts: dict[str, int] = {}
        self.left_out: list[LeftOut] = []
        self._members: dict[str, dict[str, object]] = {}
        self._unpacked = self._packed = 0
        year = min(max(now.year, _ZIP_YEARS[0]), _ZIP_YEARS[1])
        self._date = (year, now.month, now.day, now.hour, now.minute, now.second)

    def write(self, file: IO[bytes]) -> None:
        """Write the whole zip into an empty file."""
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
            for entry in self._entries():
                self._pack(packed, entry.name, entry.data)
                digest = hashlib.sha256(entry.data).hexdigest()
                told = {"size": len(entry.data), "sha256": digest, "mtime_ns": entry.mtime_ns}
                self._members[entry.name] = told
                self.counts[entry.counted] = self.counts.get(entry.counted, 0) + 1
            head = {
                "kind": archive.KIND,
                "format": archive.FORMAT,
                "program": __version__,
                "made_at": self.now.isoformat(),
                "members": self._members,
            }
            self._pack(packed, archive.MANIFEST, json.dumps(head, indent=1).encode())

    def _pack(self, packed: zipfile.ZipFile, name: str, data: bytes) -> None:
        info = zipfile.ZipInfo(name, self._date)
        info.create_system = 3
        info.external_attr = (stat.S_IFREG | 0o600) << 16
        info.compress_type = zipfile.ZIP_DEFLATED
        # The reader takes what swells too much for a bomb, so such a member, all zeros for instance, goes in as it is.
        swells = len(data) > archive.SMALL and (
            len(data) > archive.MAX_RATIO // 2 * len(zlib.compress(data))
        )
        allowed = archive.TOTAL_ROOM // 2 + archive.MAX_TOTAL_RATIO // 2 * self._packed
        if swells or self._unpacked + len(data) > allowed:
            info.compress_type = zipfile.ZIP_STORED
        packed.writestr(info, data)
        self._unpacked += len(data)
        self._packed += info.compress_size

    def _entries(self) -> Iterator[_Entry]:
        every = [(store, key) for store in self.stores for key in self._ids(store)]
        for done, (store, key) in enumerate(every, 1):
            yield from self._document(store, key)
            if self.progress is not None:
                self.progress(done, len(every))
        for store in self.stores:
            folder = store.kind.folder
            for copy in store.conflict_copies():
                yield from self._file(f"{folder}/{copy.path.name}", copy.path)
            inside = member_folder("quarantine", folder)
            for name in self._listed(store.places.quarantine):
                path = store.places.quarantine / name
                if not path.is_dir():  # that of another kind
                    yield from self._file(f"{inside}/{name}", path)
        paths = self.stores[0].paths
        yield from self._settings(paths)
        yield from self._playbook(paths)

    def _ids(self, store: DocumentStore[Any]) -> list[str]:
        kept = {name for name in self._listed(store.places.history) if is_id(name)}
        return sorted({*store.ids(), *kept})

    def _document(self, store: DocumentStore[Any], key: str) -> list[_Entry]:
        """Return a document and its history as they were at one moment, as far as writers leave one between their saves."""
        path = store.path(key)
        folder = store.places.history / key
        inside = member_folder("history", store.kind.folder)
        before = len(self.left_out)
        found: list[_Entry] = []
        for _ in range(_LOOKS):
            del self.left_out[before:]
            sign = _sign(path)
            found = list(self._file(f"{store.kind.folder}/{key}.json", path))
            if folder.is_symlink():
                self.left_out.append(LeftOut(folder, "symlink"))
                break
            for name in self._listed(folder):
                if history.is_version(name):
                    found += self._file(f"{inside}/{key}/{name}", folder / name)
            if _sign(path) == sign:
                break
        return found

    def _file(self, name: str, path: Path, *, linked: bool = False) -> Iterator[_Entry]:
        place = archive.place_of(name, self.folders)
        if place is None:
            self.left_out.append(LeftOut(path, "name"))
            return
        try:
            real = Path(os.path.realpath(path)) if linked else path
            data, sign = read_regular(real, archive.MAX_MEMBER)
        except FileNotFoundError:
            return
        except NotRegular as error:
            self.left_out.append(LeftOut(path, error.reason))
        except TooLarge:
            self.left_out.append(LeftOut(path, "too-large"))
        except OSError as error:
            self.left_out.append(LeftOut(path, error.strerror or type(error).__name__))
        else:
            yield _Entry(name, self._counted(place), data, sign.mtime_ns)

    def _counted(self, place: archive.Place) -> str:
        if place.group != "document":
            return place.group
        return next(store.kind.name for store in self.stores if store.kind.folder == place.folder)

    def _settings(self, paths: Paths) -> Iterator[_Entry]:
        # People who keep their settings in one place link to them, here and for the playbook.
        yield from self._file("config.toml", paths.config_file, linked=True)
        yield from self._file("workdays.toml", paths.workdays, linked=True)

    def _playbook(self, paths: Paths) -> Iterator[_Entry]:
        for inner in ("", "stages/", "tools/"):
            folder = paths.playbook / inner
            for name in self._listed(folder):
                path = folder / name
                if name[0] != "." and not path.is_dir():
                    yield from self._file(f"playbook/{inner}{name}", path, linked=True)

    def _listed(self, folder: Path) -> list[str]:
        """Return the names in a folder, in order, without temporary files; none when there is no such folder."""
        try:
            names = os.listdir(folder)  # noqa: PTH208 - names are all it takes
        except (FileNotFoundError, NotADirectoryError):
            return []
        except OSError as error:
            self.left_out.append(LeftOut(folder, error.strerror or type(error).__name__))
            return []
        return sorted(name for name in names if not is_temporary(name))


def _sign(path: Path) -> Sign | None:
    try:
        return sign_of(path.lstat())
    except OSError:
        return None
