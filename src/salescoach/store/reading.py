"""Documents of a kind as they are on the disk, with their versions; nothing here writes."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Generic

from salescoach.document.kind import D, Kind
from salescoach.store.errors import (
    Damaged,
    FolderGone,
    NewerSchema,
    NotFound,
    StoreError,
    Unreadable,
)
from salescoach.store.files import history
from salescoach.store.files.atomic import NotRegular, Sign, TooLarge, read_regular, sign_of
from salescoach.store.files.names import ConflictCopy, conflict_copy, document_id, is_id

if TYPE_CHECKING:
    from salescoach.paths import Paths
    from salescoach.store.care.erased import Tombstones
    from salescoach.store.care.quarantine import SetAside
    from salescoach.store.files.fragments import Fragments


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a document."""

    rev: int
    save: str
    """The id of its save; empty where an earlier program kept it."""
    saved_at: float
    """When, as seconds since the epoch."""
    size: int
    current: bool


class DocumentReader(Generic[D]):
    """The documents of a kind below `paths`, to be read; everything may raise a StoreError."""

    def __init__(self, paths: Paths, kind: Kind[D]) -> None:
        self.paths = paths
        self.kind = kind
        self.places = paths.places(kind.folder)
        self._seen: dict[str, tuple[bytes, D, Fragments]] = {}
        """What was last saved from here: bytes that are read again need no parsing."""
        self._folder: tuple[int, int] | None = None

    def path(self, key: str) -> Path:
        """Return the file of a document. Raises NotFound for anything that is not an id, so that no name becomes a path."""
        if not is_id(key):
            raise NotFound(key).of(self.kind.name)
        return self.places.folder / f"{key}.json"

    def ids(self) -> list[str]:
        """Return the ids of all documents, damaged ones included, in order."""
        return sorted(key for name in self._names() if (key := document_id(name)))

    def conflict_copies(self) -> list[ConflictCopy]:
        """Return the copies that sync services left in the folder, by name."""
        folder = self.places.folder
        found = (conflict_copy(folder / name, self.kind.name) for name in sorted(self._names()))
        return [copy for copy in found if copy]

    def parked(self) -> list[ConflictCopy]:
        """Return the changes that could not be merged when they were to be saved, as copies of their documents."""
        from salescoach.store.care.parked import parked

        return parked(self.places.parked, self.kind.name)

    def quarantined(self) -> list[SetAside]:
        """Return the damaged documents that were set aside."""
        from salescoach.store.care.quarantine import quarantined

        return quarantined(self.places.quarantine)

    def writable(self) -> bool:
        """Say whether documents can be saved, as far as that can be told without trying."""
        places = (self.places.folder, self.places.history, self.places.locks)
        return all(os.access(_existing(place), os.W_OK | os.X_OK) for place in places)

    def sign(self, key: str) -> Sign | None:
        """Return the sign of a document's file; None where there is none that can be looked at."""
        with suppress(OSError):
            return sign_of(self.path(key).lstat())
        return None

    def nearly_full(self, key: str) -> int:
        """Return how many per cent of the largest size a document's file has, once that is worth telling; else 0."""
        from salescoach.store.files.codec import FULL_FROM, MAX_BYTES

        sign = self.sign(key)
        share = 100 * sign.size // MAX_BYTES if sign is not None else 0
        return share if share >= FULL_FROM else 0

    def read(self, key: str) -> D:
        """Return a document. Raises NotFound, Damaged, Unreadable or NewerSchema."""
        return self.read_signed(key)[0]

    def read_signed(self, key: str) -> tuple[D, Sign]:
        """Return a document and the sign of the file it was read from."""
        return self._read(self.path(key), key)

    def erased(self) -> Tombstones:
        """Return who was erased in this home: nothing that comes in brings them back. Raises Unreadable."""
        from salescoach.store.care import erased

        try:
            return erased.read(self.paths.erased)
        except OSError as error:
            raise Unreadable(self.paths.erased, error) from error

    def damaged(self, ids: Iterable[str] | None = None) -> list[Damaged]:
        """Return what is wrong with each document (of `ids`, or of all) that cannot be read; it reads every one."""
        found: list[Damaged] = []
        for key in self.ids() if ids is None else ids:
            try:
                self.read(key)
            except Damaged as error:
                found.append(error)
            except StoreError:
                continue
        return found

    def folder_gone(self) -> bool:
        """Say whether the folder in which documents were found before is missing, or another one is in its place.

        A document that is not there is then not gone: a disk, a share or a sync service may bring it back.
        """
        return self._folder is not None and identity(self.places.folder) != self._folder

    def versions(self, key: str) -> list[Version]:
        """Return the current version and those that were kept, latest first."""
        path = self.path(key)
        document = self.read(key)
        kept = history.kept(self._history(key))
        kept.pop(document.rev, None)
        older = [
            (one.rev, one.save or "", one.path) for _, one in sorted(kept.items(), reverse=True)
        ]
        found: list[Version] = []
        for rev, save, place in ((document.rev, document.save, path), *older):
            with suppress(FileNotFoundError):
                status = place.stat()
                found.append(Version(rev, save, status.st_mtime, status.st_size, place is path))
        return found

    def read_version(self, key: str, rev: int) -> D:
        """Return the document as it was at revision `rev`. Raises NotFound when that one is not kept."""
        document = self.read(key)
        if rev == document.rev:
            return document
        version = history.kept(self._history(key)).get(rev)
        if version is None:
            raise NotFound(f"{key} rev {rev}").of(self.kind.name)
        return self.read_kept(key, version)

    def kept_versions(self, key: str) -> list[history.Kept]:
        """Return every version in a document's history, the latest revision first."""
        return history.versions(self._history(key))

    def read_kept(self, key: str, version: history.Kept) -> D:
        """Return the document in a version of the history."""
        data, _ = self._bytes(version.path, key)
        return self.decode(data, version.path, key)

    def saved_version(self, key: str, save: str) -> D | None:
        """Return the version that was saved with this id, if it is kept and can be read."""
        for version in self.kept_versions(key):
            if version.save == save:
                with suppress(Damaged, NewerSchema, NotFound):
                    found = self.read_kept(key, version)
                    if found.save == save:
                        return found
        return None

    def parents(self, document: D) -> Iterator[D]:
        """Yield the kept versions that a document was saved on top of."""
        for save in document.ancestry.on:
            if (found := self.saved_version(document.id, save)) is not None:
                yield found
        if (
            document.versions.undo is not None and not document.ancestry.on
        ):  # an earlier program saved it
            older = history.kept(self._history(document.id)).get(document.versions.undo)
            with suppress(Damaged, NewerSchema, NotFound):
                if older is not None:
                    yield self.read_kept(document.id, older)

    def older(self, document: D) -> Iterator[D]:
        """Yield the readable versions in the history, the latest first."""
        for version in self.kept_versions(document.id):
            with suppress(StoreError):
                yield self.read_kept(document.id, version)

    def _names(self) -> list[str]:
        try:
            names = os.listdir(self.places.folder)  # noqa: PTH208 - names are all it takes
        except FileNotFoundError:
            names = []
        except OSError as error:
            raise Unreadable(self.places.folder, error).of(self.kind.name) from error
        if not names and self.folder_gone():
            raise FolderGone(self.places.folder).of(self.kind.name)
        if names and self._folder is None:
            self._folder = identity(self.places.folder)
        return names

    def _history(self, key: str) -> Path:
        return self.places.history / key

    def _missing(self, key: str) -> StoreError:
        gone = self.folder_gone()
        return (FolderGone(self.places.folder) if gone else NotFound(key)).of(self.kind.name)

    def _read(self, path: Path, key: str) -> tuple[D, Sign]:
        try:
            data, sign = self._bytes(path, key)
        except NotFound:
            raise self._missing(key) from None
        self._folder = identity(self.places.folder)
        seen = self._seen.get(key)
        if seen is not None and seen[0] == data:
            return seen[1], sign
        return self.decode(data, path, key), sign

    def decode(self, data: bytes, path: Path, key: str) -> D:
        """Return the document in `data`; see `files.codec.decode`."""
        from salescoach.store.files.codec import decode

        try:
            return decode(data, path, key, self.kind.model)
        except StoreError as error:
            raise error.of(self.kind.name) from error.__cause__

    def _bytes(self, path: Path, key: str) -> tuple[bytes, Sign]:
        from salescoach.store.files.codec import MAX_BYTES

        try:
            return read_regular(path, MAX_BYTES)
        except FileNotFoundError as error:
            raise NotFound(key).of(self.kind.name) from error
        except NotRegular as error:
            raise Damaged(path, error.reason).of(self.kind.name) from error
        except TooLarge as error:
            raise Damaged(path, "too-large").of(self.kind.name) from error
        except OSError as error:
            raise Unreadable(path, error).of(self.kind.name) from error


def identity(folder: Path) -> tuple[int, int] | None:
    """Return what tells a folder from another one at the same place; None when it is not there."""
    try:
        status = os.stat(folder)  # noqa: PTH116 - at every read
    except OSError:
        return None
    return status.st_dev, status.st_ino


def _existing(place: Path) -> Path:
    while not place.exists() and place != place.parent:
        place = place.parent
    return place
