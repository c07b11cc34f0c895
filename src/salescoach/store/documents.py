"""Deals on disk, and the one door through which every change of one goes."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Generic, cast

from salescoach.document.kind import D, Kind
from salescoach.store.errors import (
    AlreadyThere,
    Damaged,
    FolderGone,
    Locked,
    NewerSchema,
    NotFound,
    StoreError,
    Unreadable,
    save_failed,
)
from salescoach.store.files import history
from salescoach.store.files.atomic import (
    NotRegular,
    Save,
    Sign,
    TooLarge,
    make_folder,
    read_regular,
    replace_file,
    sign_of,
)
from salescoach.store.files.locks import TIMEOUT, Held, locked
from salescoach.store.files.names import ConflictCopy, conflict_copy, document_id, is_id

if TYPE_CHECKING:
    from salescoach.document.stamp import Stamp
    from salescoach.document.undo import Own, Way
    from salescoach.paths import Paths
    from salescoach.store.care.outside import CameFromOutside
    from salescoach.store.care.quarantine import SetAside
    from salescoach.store.care.sweep import Swept
    from salescoach.store.files.fragments import Fragments

_REMEMBERED = 8


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


class DocumentStore(Generic[D]):
    """The documents of a kind below `paths`. Reading never writes; everything may raise a StoreError.

    `saved(document, save)` is called after each durable save, while nobody else can save that document. `told(found)` is called
    when a file that somebody put in the place of what was last saved here was merged with it; `stamp()` returns who does
    that, and when.
    """

    def __init__(
        self,
        paths: Paths,
        kind: Kind[D],
        saved: Callable[[D, Save], None] | None = None,
        *,
        told: Callable[[CameFromOutside[D]], None] | None = None,
        stamp: Callable[[], Stamp] | None = None,
    ) -> None:
        self.paths = paths
        self.kind = kind
        self.places = paths.places(kind.folder)
        self.stamp = _unnamed if stamp is None else stamp
        self._told = told
        self.lock_timeout = TIMEOUT
        self._saved = saved
        self._seen: dict[str, tuple[bytes, D, Fragments]] = {}
        self._folder: tuple[int, int] | None = None

    def path(self, key: str) -> Path:
        """Return the file of a document. Raises NotFound for anything that is not an id, so that no name becomes a path."""
        if not is_id(key):
            raise NotFound(key)
        return self.places.folder / f"{key}.json"

    def ids(self) -> list[str]:
        """Return the ids of all documents, damaged ones included, in order."""
        return sorted(key for name in self._names() if (key := document_id(name)))

    def conflict_copies(self) -> list[ConflictCopy]:
        """Return the copies that sync services left in the folder, by name."""
        folder = self.places.folder
        found = (conflict_copy(folder / name) for name in sorted(self._names()))
        return [copy for copy in found if copy]

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

    def folder_gone(self) -> bool:
        """Say whether the folder in which documents were found before is missing, or another one is in its place.

        A document that is not there is then not gone: a disk, a share or a sync service may bring it back.
        """
        return self._folder is not None and _identity(self.places.folder) != self._folder

    def _missing(self, key: str) -> StoreError:
        return FolderGone(self.places.folder) if self.folder_gone() else NotFound(key)

    def _read(self, path: Path, key: str) -> tuple[D, Sign]:
        try:
            data, sign = _bytes(path, key)
        except NotFound:
            raise self._missing(key) from None
        self._folder = _identity(self.places.folder)
        seen = self._seen.get(key)
        if seen is not None and seen[0] == data:
            return seen[1], sign
        from salescoach.store.files.codec import decode

        return decode(data, path, key, self.kind.model), sign

    def create(self, document: D) -> D:
        """Save a new document as revision 1 and return it. Raises AlreadyThere when there is one with its id."""
        path = self.path(document.id)
        self._prepare()
        with self._locked(document.id):
            if os.path.lexists(path):
                raise AlreadyThere(document.id)
            return self._write(path, numbered(document, 1), None)

    def edit(self, key: str, operation: Callable[[D], D], base: D | None = None) -> D:
        """Apply `operation` to the document as it is on the disk, save the result durably and return it.

        With the `base` that a person saw while deciding on the operation, what others changed since is merged with what
        it made of the base. When the result is an equal document nothing is written. What the operation raises passes
        through; raises Parked when the two cannot be merged.
        """

        def change(document: D) -> D:
            if base is None:
                result = operation(document)
            else:
                from salescoach.store.merging import rebased

                result = rebased(operation, base, document, self.places.parked)
            if result.id != document.id:
                raise ValueError("an operation may not change a document's id")
            if result is document or result == document:
                return document
            return result

        return self._change(key, change)

    def bring_together(self, document: D) -> CameFromOutside[D] | None:
        """Merge a file that somebody put in the place of what was last saved here with that, and return what to tell.

        `document` is what was read from the file. None, and nothing is written, where it goes on from the last save.
        """
        from salescoach.store.care.outside import last_of

        if last_of(self, document) is None:
            return None
        found: list[CameFromOutside[D]] = []
        self._change(document.id, lambda stored: stored, found)
        return found[0] if found else None

    def merge_copy(self, copy: ConflictCopy) -> D:
        """Merge a conflict copy, or a parked change, into its document, move it away and return the document.

        A document whose own file is gone comes back. Raises Damaged for a copy that is none of that document, MergeFailed when
        the two make no valid document, CopyStays when all is saved but the copy cannot be moved.
        """
        from salescoach.document.merge import incoming, same_content
        from salescoach.store.care.outside import recorded
        from salescoach.store.merging import put_away

        path = self.path(copy.document)
        self._prepare()
        with self._locked(copy.document):
            other = self._other(copy)
            stored, document = self._merged(copy, other)
            if stored is None:
                rev = max((document.rev, *history.kept(self._history(document.id))))
                document = self._write(path, numbered(document, rev + 1, document), None)
            elif same_content(document, stored):
                document = stored
            else:
                told = recorded(document, incoming(stored, document), self.stamp())
                document = self._write(path, numbered(told, stored.rev + 1, stored, other), stored)
            put_away(copy, self.places.merged)
        return document

    def preview_copy(self, copy: ConflictCopy) -> tuple[D | None, D]:
        """Return the document that is stored, if any, and what `merge_copy` would make of it; nothing is written."""
        return self._merged(copy, self._other(copy))

    def _other(self, copy: ConflictCopy) -> D:
        from salescoach.store.files.codec import decode

        return decode(
            _bytes(copy.path, copy.document)[0], copy.path, copy.document, self.kind.model
        )

    def _merged(self, copy: ConflictCopy, other: D) -> tuple[D | None, D]:
        from salescoach.store.merging import merged_copy

        try:
            stored = self.read(copy.document)
        except NotFound:
            stored = None
        for path, document in ((copy.path, other), (self.path(copy.document), stored)):
            if document is not None and document.is_newer:
                raise NewerSchema(path, document.schema_)
        if stored is None:
            return None, other
        return stored, merged_copy(stored, other, self)

    def parked(self) -> list[ConflictCopy]:
        """Return the changes that could not be merged when they were to be saved, as copies of their documents."""
        from salescoach.store.care.parked import parked

        return parked(self.places.parked)

    def undo(
        self,
        key: str,
        stamp: Stamp | None = None,
        own: Own | None = None,
        act: str | None = None,
    ) -> D:
        """Take back the latest act of one's own, or the one that the timeline's entry `act` is of, and save the document.

        `own` says which events are one's own; without it all are. Raises NothingToUndo, NotOwn where only what others did
        is left, and CannotTakeBack where what the act changed was changed since.
        """
        return self._travel(key, "undo", stamp, own, act)

    def redo(
        self,
        key: str,
        stamp: Stamp | None = None,
        own: Own | None = None,
        act: str | None = None,
    ) -> D:
        """Do again what one took back last; as `undo` but for NothingToRedo."""
        return self._travel(key, "redo", stamp, own, act)

    def _travel(
        self, key: str, way: Way, stamp: Stamp | None, own: Own | None, act: str | None
    ) -> D:
        def change(document: D) -> D:
            from salescoach.store.travel import travelled

            found = travelled([(self, document)], document, way, stamp or self.stamp(), own, act)
            return cast("D", found[0])

        return self._change(key, change)

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
            raise NotFound(f"{key} rev {rev}")
        return self.read_kept(key, version)

    def kept_versions(self, key: str) -> list[history.Kept]:
        """Return every version in a document's history, the latest revision first."""
        return history.versions(self._history(key))

    def read_kept(self, key: str, version: history.Kept) -> D:
        """Return the document in a version of the history."""
        from salescoach.store.files.codec import decode

        data, _ = _bytes(version.path, key)
        return decode(data, version.path, key, self.kind.model)

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

    def hold(self, key: str) -> AbstractContextManager[None]:
        """Return a context in which nobody else writes the document. Entering raises Locked or SaveFailed."""
        return self._locked(key)

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

    def quarantined(self) -> list[SetAside]:
        """Return the damaged documents that were set aside."""
        from salescoach.store.care.quarantine import quarantined

        return quarantined(self.places.quarantine)

    def sweep(self, ids: Iterable[str] | None = None) -> Swept:
        """Set copies of damaged documents (of `ids`, or of all) aside and remove stale temporary files; see `store.sweep`."""
        from salescoach.store.care.sweep import sweep

        return sweep(self, ids)

    def _names(self) -> list[str]:
        try:
            names = os.listdir(self.places.folder)  # noqa: PTH208 - names are all it takes
        except FileNotFoundError:
            names = []
        except OSError as error:
            raise Unreadable(self.places.folder, error) from error
        if not names and self.folder_gone():
            raise FolderGone(self.places.folder)
        if names and self._folder is None:
            self._folder = _identity(self.places.folder)
        return names

    def _history(self, key: str) -> Path:
        return self.places.history / key

    def _prepare(self) -> None:
        if self.folder_gone():
            self._names()  # what is saved in the place of a share would be hidden once that is back
        try:
            make_folder(self.places.folder)
        except OSError as error:
            raise save_failed(self.places.folder, error) from error

    @contextmanager
    def _locked(self, key: str) -> Iterator[None]:
        path = self.places.locks / f"{key}.lock"
        entered = False
        try:
            with locked(path, self.lock_timeout):
                entered = True
                yield
        except Held as error:
            raise Locked(key, error.holder) from error
        except OSError as error:
            if entered:
                raise
            raise save_failed(path, error) from error

    def _change(
        self,
        key: str,
        change: Callable[[D], D],
        found: list[CameFromOutside[D]] | None = None,
    ) -> D:
        if not os.path.lexists(self.path(key)):
            raise self._missing(key)  # and no lock is made for it
        with self._locked(key):
            document = self.current(key, found)
            result = change(document)
            return document if result is document else self.put(result, document)

    def current(self, key: str, found: list[CameFromOutside[D]] | None = None) -> D:
        """Return a document that the caller holds, to be changed; what was put in its place is merged with it first.

        What that was is added to `found`. Raises as `read`, and NewerSchema for one that is only to be shown.
        """
        from salescoach.store.files import saved

        path = self.path(key)
        document, _ = self._read(path, key)
        if document.is_newer:
            raise NewerSchema(path, document.schema_)
        try:
            last = saved.last_id(self.places.saved, key)
        except OSError as error:
            raise save_failed(self.places.saved, error) from error
        if last is not None and last != document.save:
            document = self._from_outside(path, document, found)
        return document

    def put(self, document: D, old: D | None) -> D:
        """Save a document that the caller holds, on top of `old`, which is what is stored, and return it.

        Raises SaveFailed, or NewerSchema for what this program does not write.
        """
        path = self.path(document.id)
        if document.is_newer:
            raise NewerSchema(path, document.schema_)
        if old is None:
            self._prepare()
            return self._write(path, numbered(document, 1), None)
        return self._write(path, numbered(document, old.rev + 1, old), old)

    def _from_outside(self, path: Path, document: D, found: list[CameFromOutside[D]] | None) -> D:
        from salescoach.store.care.outside import brought_together

        together = brought_together(self, document)
        if together is None:
            return document
        merged, parents, told = together
        rev = max(one.rev for one in (document, *parents)) + 1
        merged = self._write(path, numbered(merged, rev, *parents), document)
        told = replace(told, document=merged)
        if found is not None:
            found.append(told)
        if self._told is not None:
            with suppress(Exception):  # it is saved, whatever becomes of the telling
                self._told(told)
        return merged

    def _write(self, path: Path, document: D, old: D | None) -> D:
        from salescoach.store.files import saved
        from salescoach.store.files.codec import encode
        from salescoach.store.files.seal import save_id

        folder, seen = self._history(document.id), self._seen.get(document.id)
        data, fragments = encode(document, path, seen[2] if seen else None)
        document = document.model_copy(update={"save": save_id(data)})
        try:
            keep = history.place(folder, old, path) if old is not None else None
            save = replace_file(path, data, keep)
        except OSError as error:
            raise save_failed(path, error) from error
        self._folder = _identity(self.places.folder)
        saved.keep(self.places.saved, document.id, data)
        self._remember(document, data, fragments)
        history.prune(folder, document.rev)
        if self._saved is not None:
            with suppress(
                Exception
            ):  # the document is saved, whatever becomes of its row in the index
                self._saved(document, save)
        return document

    def _remember(self, document: D, data: bytes, fragments: Fragments) -> None:
        # The next edit re-reads the file; where its bytes are these, parsing them again would only cost time.
        self._seen.pop(document.id, None)
        while len(self._seen) >= _REMEMBERED:
            self._seen.pop(next(iter(self._seen)), None)
        self._seen[document.id] = (data, document, fragments)


def _bytes(path: Path, key: str) -> tuple[bytes, Sign]:
    from salescoach.store.files.codec import MAX_BYTES

    try:
        return read_regular(path, MAX_BYTES)
    except FileNotFoundError as error:
        raise NotFound(key) from error
    except NotRegular as error:
        raise Damaged(path, error.reason) from error
    except TooLarge as error:
        raise Damaged(path, "too-large") from error
    except OSError as error:
        raise Unreadable(path, error) from error


def numbered(document: D, rev: int, *parents: D) -> D:
    """Return a document that is to be saved as `rev` on top of `parents`; the save gives it its id."""
    from salescoach.document.ancestry import on_top_of
    from salescoach.document.models import MAX_WHOLE, Versions

    # No save of ours gets there, and a file that says so must stay readable.
    rev = min(rev, MAX_WHOLE)
    # A newer schema in the history keeps its number, so that the caller refuses to write it.
    numbers = {
        "schema_": max(document.schema_, document.SCHEMA),
        "rev": rev,
        "save": "",
        "versions": Versions(),
    }
    return document.model_copy(update={**numbers, "ancestry": on_top_of(*parents)})


def _unnamed() -> Stamp:
    from datetime import datetime

    from salescoach.document.stamp import Stamp

    return Stamp(datetime.now().astimezone())


def _identity(folder: Path) -> tuple[int, int] | None:
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
