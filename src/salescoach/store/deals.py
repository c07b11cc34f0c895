"""Deals on disk, and the one door through which every change of one goes."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from salescoach.store import history
from salescoach.store.errors import (
    AlreadyThere,
    Damaged,
    FolderGone,
    Locked,
    NewerSchema,
    NotFound,
    NothingToRedo,
    NothingToUndo,
    StoreError,
    Unreadable,
    save_failed,
)
from salescoach.store.files import (
    NotRegular,
    Save,
    Sign,
    TooLarge,
    make_folder,
    read_regular,
    replace_file,
    sign_of,
)
from salescoach.store.locks import TIMEOUT, Held, locked
from salescoach.store.names import ConflictCopy, conflict_copy, deal_id, is_id

if TYPE_CHECKING:
    from salescoach.deal.models import Deal
    from salescoach.paths import Paths
    from salescoach.store.fragments import Fragments
    from salescoach.store.quarantine import SetAside
    from salescoach.store.sweep import Swept

_REMEMBERED = 8


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a deal."""

    rev: int
    undo: int | None
    redo: int | None
    saved_at: float
    """When, as seconds since the epoch."""
    size: int
    current: bool


class DealStore:
    """The deals below `paths`. Reading never writes; everything may raise a StoreError.

    `saved(deal, save)` is called after each durable save, while nobody else can save that deal.
    """

    def __init__(self, paths: Paths, saved: Callable[[Deal, Save], None] | None = None) -> None:
        self.paths = paths
        self.lock_timeout = TIMEOUT
        self._saved = saved
        self._seen: dict[str, tuple[bytes, Deal, Fragments]] = {}
        self._folder: tuple[int, int] | None = None

    def path(self, deal_id: str) -> Path:
        """Return the file of a deal. Raises NotFound for anything that is not an id, so that no name becomes a path."""
        if not is_id(deal_id):
            raise NotFound(deal_id)
        return self.paths.deals / f"{deal_id}.json"

    def ids(self) -> list[str]:
        """Return the ids of all deals, damaged ones included, in order."""
        return sorted(key for name in self._names() if (key := deal_id(name)))

    def conflict_copies(self) -> list[ConflictCopy]:
        """Return the copies that sync services left in the folder, by name."""
        folder = self.paths.deals
        found = (conflict_copy(folder / name) for name in sorted(self._names()))
        return [copy for copy in found if copy]

    def writable(self) -> bool:
        """Say whether deals can be saved, as far as that can be told without trying."""
        places = (self.paths.deals, self.paths.history, self.paths.locks)
        return all(os.access(_existing(place), os.W_OK | os.X_OK) for place in places)

    def sign(self, deal_id: str) -> Sign | None:
        """Return the sign of a deal's file; None where there is none that can be looked at."""
        with suppress(OSError):
            return sign_of(self.path(deal_id).lstat())
        return None

    def read(self, deal_id: str) -> Deal:
        """Return a deal. Raises NotFound, Damaged, Unreadable or NewerSchema."""
        return self.read_signed(deal_id)[0]

    def read_signed(self, deal_id: str) -> tuple[Deal, Sign]:
        """Return a deal and the sign of the file it was read from."""
        return self._read(self.path(deal_id), deal_id)

    def folder_gone(self) -> bool:
        """Say whether the folder in which deals were found before is missing, or another one is in its place.

        A deal that is not there is then not gone: a disk, a share or a sync service may bring it back.
        """
        return self._folder is not None and _identity(self.paths.deals) != self._folder

    def _missing(self, deal_id: str) -> StoreError:
        return FolderGone(self.paths.deals) if self.folder_gone() else NotFound(deal_id)

    def _read(self, path: Path, deal_id: str) -> tuple[Deal, Sign]:
        try:
            data, sign = _bytes(path, deal_id)
        except NotFound:
            raise self._missing(deal_id) from None
        self._folder = _identity(self.paths.deals)
        seen = self._seen.get(deal_id)
        if seen is not None and seen[0] == data:
            return seen[1], sign
        from salescoach.store.document import decode

        return decode(data, path, deal_id), sign

    def create(self, deal: Deal) -> Deal:
        """Save a new deal as revision 1 and return it. Raises AlreadyThere when there is one with its id."""
        path = self.path(deal.id)
        self._prepare()
        with self._locked(deal.id):
            if os.path.lexists(path):
                raise AlreadyThere(deal.id)
            return self._write(path, _numbered(deal, 1, None, None), None)

    def edit(
        self, deal_id: str, operation: Callable[[Deal], Deal], base: Deal | None = None
    ) -> Deal:
        """Apply `operation` to the deal as it is on the disk, save the result durably and return it.

        With the `base` that a person saw while deciding on the operation, what others changed since is merged with what
        it made of the base. When the result is an equal deal nothing is written. What the operation raises passes
        through; raises Parked when the two cannot be merged.
        """

        def change(deal: Deal) -> Deal:
            if base is None:
                result = operation(deal)
            else:
                from salescoach.store.merging import rebased

                result = rebased(operation, base, deal, self.paths.parked)
            if result.id != deal.id:
                raise ValueError("an operation may not change a deal's id")
            if result is deal or result == deal:
                return deal
            return _numbered(result, deal.rev + 1, deal.rev, None)

        return self._change(deal_id, change)

    def merge_copy(self, copy: ConflictCopy) -> Deal:
        """Merge a conflict copy, or a parked change, into its deal, move it away and return the deal.

        A deal whose own file is gone comes back. Raises Damaged for a copy that is none of that deal, MergeFailed when
        the two make no valid deal, CopyStays when all is saved but the copy cannot be moved.
        """
        from salescoach.deal.merge import same_content
        from salescoach.store.merging import put_away

        path = self.path(copy.deal)
        self._prepare()
        with self._locked(copy.deal):
            stored, deal = self.preview_copy(copy)
            if stored is None:
                rev = max((deal.rev, *history.kept(self._history(deal.id))))
                deal = self._write(path, _numbered(deal, rev + 1, None, None), None)
            elif same_content(deal, stored):
                deal = stored
            else:
                deal = self._write(path, _numbered(deal, stored.rev + 1, stored.rev, None), stored)
            put_away(copy, self.paths.merged)
        return deal

    def preview_copy(self, copy: ConflictCopy) -> tuple[Deal | None, Deal]:
        """Return the deal that is stored, if any, and what `merge_copy` would make of it; nothing is written."""
        from salescoach.deal.models import SCHEMA
        from salescoach.store.document import decode
        from salescoach.store.merging import merged_copy

        other = decode(_bytes(copy.path, copy.deal)[0], copy.path, copy.deal)
        try:
            stored = self.read(copy.deal)
        except NotFound:
            stored = None
        for path, deal in ((copy.path, other), (self.path(copy.deal), stored)):
            if deal is not None and deal.schema_ > SCHEMA:
                raise NewerSchema(path, deal.schema_)
        if stored is None:
            return None, other
        return stored, merged_copy(stored, other, self._older(stored))

    def parked(self) -> list[ConflictCopy]:
        """Return the changes that could not be merged when they were to be saved, as copies of their deals."""
        from salescoach.store.parked import parked

        return parked(self.paths.parked)

    def undo(self, deal_id: str) -> Deal:
        """Take back the last change and return the deal as it was. Raises NothingToUndo."""

        def change(deal: Deal) -> Deal:
            old = self._version(deal, deal.versions.undo)
            if old is None:
                raise NothingToUndo(id=deal_id)
            return _numbered(old, deal.rev + 1, old.versions.undo, deal.rev)

        return self._change(deal_id, change)

    def redo(self, deal_id: str) -> Deal:
        """Take back the last undo and return the deal. Raises NothingToRedo."""

        def change(deal: Deal) -> Deal:
            old = self._version(deal, deal.versions.redo)
            if old is None:
                raise NothingToRedo(id=deal_id)
            return _numbered(old, deal.rev + 1, deal.rev, old.versions.redo)

        return self._change(deal_id, change)

    def versions(self, deal_id: str) -> list[Version]:
        """Return the current version and those that were kept, latest first."""
        path = self.path(deal_id)
        deal = self.read(deal_id)
        current = history.Kept(deal.rev, deal.versions.undo, deal.versions.redo, path)
        older = history.kept(self._history(deal_id))
        older.pop(deal.rev, None)
        found: list[Version] = []
        for version in (current, *sorted(older.values(), reverse=True)):
            with suppress(FileNotFoundError):
                status = version.path.stat()
                found.append(
                    Version(
                        version.rev,
                        version.undo,
                        version.redo,
                        status.st_mtime,
                        status.st_size,
                        version is current,
                    )
                )
        return found

    def read_version(self, deal_id: str, rev: int) -> Deal:
        """Return the deal as it was at revision `rev`. Raises NotFound when that one is not kept."""
        deal = self.read(deal_id)
        old = deal if rev == deal.rev else self._version(deal, rev)
        if old is None:
            raise NotFound(f"{deal_id} rev {rev}")
        return old

    def hold(self, deal_id: str) -> AbstractContextManager[None]:
        """Return a context in which nobody else writes the deal. Entering raises Locked or SaveFailed."""
        return self._locked(deal_id)

    def damaged(self, ids: Iterable[str] | None = None) -> list[Damaged]:
        """Return what is wrong with each deal (of `ids`, or of all) that cannot be read; it reads every one."""
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
        """Return the damaged deals that were set aside."""
        from salescoach.store.quarantine import quarantined

        return quarantined(self.paths.quarantine)

    def sweep(self, ids: Iterable[str] | None = None) -> Swept:
        """Set damaged deals (of `ids`, or of all) aside and remove stale temporary files; see `store.sweep`."""
        from salescoach.store.sweep import sweep

        return sweep(self, ids)

    def _names(self) -> list[str]:
        try:
            names = os.listdir(self.paths.deals)  # noqa: PTH208 - names are all it takes
        except FileNotFoundError:
            names = []
        except OSError as error:
            raise Unreadable(self.paths.deals, error) from error
        if not names and self.folder_gone():
            raise FolderGone(self.paths.deals)
        if names and self._folder is None:
            self._folder = _identity(self.paths.deals)
        return names

    def _history(self, deal_id: str) -> Path:
        return self.paths.history / deal_id

    def _version(self, deal: Deal, rev: int | None) -> Deal | None:
        if rev is None:
            return None
        version = history.kept(self._history(deal.id)).get(rev)
        if version is None:
            return None
        from salescoach.store.document import decode

        data, _ = _bytes(version.path, deal.id)
        return decode(data, version.path, deal.id)

    def _older(self, deal: Deal) -> Iterator[Deal]:
        """Yield the readable versions in the history, the latest first."""
        for rev in sorted(history.kept(self._history(deal.id)), reverse=True):
            with suppress(StoreError):
                old = self._version(deal, rev)
                if old is not None:
                    yield old

    def _prepare(self) -> None:
        if self.folder_gone():
            self._names()  # what is saved in the place of a share would be hidden once that is back
        try:
            make_folder(self.paths.deals)
        except OSError as error:
            raise save_failed(self.paths.deals, error) from error

    @contextmanager
    def _locked(self, deal_id: str) -> Iterator[None]:
        path = self.paths.locks / f"{deal_id}.lock"
        entered = False
        try:
            with locked(path, self.lock_timeout):
                entered = True
                yield
        except Held as error:
            raise Locked(deal_id, error.holder) from error
        except OSError as error:
            if entered:
                raise
            raise save_failed(path, error) from error

    def _change(self, deal_id: str, change: Callable[[Deal], Deal]) -> Deal:
        from salescoach.deal.models import SCHEMA

        path = self.path(deal_id)
        if not os.path.lexists(path):
            raise self._missing(deal_id)  # and no lock is made for it
        with self._locked(deal_id):
            deal, _ = self._read(path, deal_id)
            if deal.schema_ > SCHEMA:
                raise NewerSchema(path, deal.schema_)
            result = change(deal)
            if result is deal:
                return deal
            if result.schema_ > SCHEMA:
                raise NewerSchema(path, result.schema_)
            return self._write(path, result, deal)

    def _write(self, path: Path, deal: Deal, old: Deal | None) -> Deal:
        from salescoach.store.document import encode

        folder, seen = self._history(deal.id), self._seen.get(deal.id)
        data, fragments = encode(deal, path, seen[2] if seen else None)
        try:
            keep = None
            if old is not None:
                undo, redo = old.versions.undo, old.versions.redo
                keep = history.place(folder, old.rev, undo, redo, path)
            save = replace_file(path, data, keep)
        except OSError as error:
            raise save_failed(path, error) from error
        self._folder = _identity(self.paths.deals)
        self._remember(deal, data, fragments)
        history.prune(folder, deal.rev, deal.versions.undo, deal.versions.redo)
        if self._saved is not None:
            with suppress(Exception):  # the deal is saved, whatever becomes of its row in the index
                self._saved(deal, save)
        return deal

    def _remember(self, deal: Deal, data: bytes, fragments: Fragments) -> None:
        # The next edit re-reads the file; where its bytes are these, parsing them again would only cost time.
        self._seen.pop(deal.id, None)
        while len(self._seen) >= _REMEMBERED:
            self._seen.pop(next(iter(self._seen)), None)
        self._seen[deal.id] = (data, deal, fragments)


def _bytes(path: Path, deal_id: str) -> tuple[bytes, Sign]:
    from salescoach.store.document import MAX_BYTES

    try:
        return read_regular(path, MAX_BYTES)
    except FileNotFoundError as error:
        raise NotFound(deal_id) from error
    except NotRegular as error:
        raise Damaged(path, error.reason) from error
    except TooLarge as error:
        raise Damaged(path, "too-large") from error
    except OSError as error:
        raise Unreadable(path, error) from error


def _numbered(deal: Deal, rev: int, undo: int | None, redo: int | None) -> Deal:
    from salescoach.deal.models import MAX_WHOLE, SCHEMA

    rev = min(
        rev, MAX_WHOLE
    )  # no save of ours gets there, and a file that says so must stay readable
    versions = deal.versions.model_copy(update={"undo": undo, "redo": redo})
    # A newer schema in the history keeps its number, so that the caller refuses to write it.
    schema = max(deal.schema_, SCHEMA)
    return deal.model_copy(update={"schema_": schema, "rev": rev, "versions": versions})


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
