"""Deals on disk, and the one door through which every change of one goes."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, replace
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
    from salescoach.document.stamp import Stamp
    from salescoach.document.undo import Own, Way
    from salescoach.paths import Paths
    from salescoach.store.fragments import Fragments
    from salescoach.store.outside import CameFromOutside
    from salescoach.store.quarantine import SetAside
    from salescoach.store.sweep import Swept

_REMEMBERED = 8


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a deal."""

    rev: int
    save: str
    """The id of its save; empty where an earlier program kept it."""
    saved_at: float
    """When, as seconds since the epoch."""
    size: int
    current: bool


class DealStore:
    """The deals below `paths`. Reading never writes; everything may raise a StoreError.

    `saved(deal, save)` is called after each durable save, while nobody else can save that deal. `told(found)` is called
    when a file that somebody put in the place of what was last saved here was merged with it; `stamp()` returns who does
    that, and when.
    """

    def __init__(
        self,
        paths: Paths,
        saved: Callable[[Deal, Save], None] | None = None,
        *,
        told: Callable[[CameFromOutside], None] | None = None,
        stamp: Callable[[], Stamp] | None = None,
    ) -> None:
        self.paths = paths
        self.stamp = _unnamed if stamp is None else stamp
        self._told = told
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

    def nearly_full(self, deal_id: str) -> int:
        """Return how many per cent of the largest size a deal's file has, once that is worth telling; else 0."""
        from salescoach.store.document import FULL_FROM, MAX_BYTES

        sign = self.sign(deal_id)
        share = 100 * sign.size // MAX_BYTES if sign is not None else 0
        return share if share >= FULL_FROM else 0

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
            return self._write(path, numbered(deal, 1), None)

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
            return numbered(result, deal.rev + 1, deal)

        return self._change(deal_id, change)

    def bring_together(self, deal: Deal) -> CameFromOutside | None:
        """Merge a file that somebody put in the place of what was last saved here with that, and return what to tell.

        `deal` is what was read from the file. None, and nothing is written, where it goes on from the last save.
        """
        from salescoach.store.outside import last_of

        if last_of(self, deal) is None:
            return None
        found: list[CameFromOutside] = []
        self._change(deal.id, lambda stored: stored, found)
        return found[0] if found else None

    def merge_copy(self, copy: ConflictCopy) -> Deal:
        """Merge a conflict copy, or a parked change, into its deal, move it away and return the deal.

        A deal whose own file is gone comes back. Raises Damaged for a copy that is none of that deal, MergeFailed when
        the two make no valid deal, CopyStays when all is saved but the copy cannot be moved.
        """
        from salescoach.document.merge import incoming, same_content
        from salescoach.store.merging import put_away
        from salescoach.store.outside import recorded

        path = self.path(copy.deal)
        self._prepare()
        with self._locked(copy.deal):
            other = self._other(copy)
            stored, deal = self._merged(copy, other)
            if stored is None:
                rev = max((deal.rev, *history.kept(self._history(deal.id))))
                deal = self._write(path, numbered(deal, rev + 1, deal), None)
            elif same_content(deal, stored):
                deal = stored
            else:
                told = recorded(deal, incoming(stored, deal), self.stamp())
                deal = self._write(path, numbered(told, stored.rev + 1, stored, other), stored)
            put_away(copy, self.paths.merged)
        return deal

    def preview_copy(self, copy: ConflictCopy) -> tuple[Deal | None, Deal]:
        """Return the deal that is stored, if any, and what `merge_copy` would make of it; nothing is written."""
        return self._merged(copy, self._other(copy))

    def _other(self, copy: ConflictCopy) -> Deal:
        from salescoach.store.document import decode

        return decode(_bytes(copy.path, copy.deal)[0], copy.path, copy.deal)

    def _merged(self, copy: ConflictCopy, other: Deal) -> tuple[Deal | None, Deal]:
        from salescoach.store.merging import merged_copy

        try:
            stored = self.read(copy.deal)
        except NotFound:
            stored = None
        for path, deal in ((copy.path, other), (self.path(copy.deal), stored)):
            if deal is not None and deal.is_newer:
                raise NewerSchema(path, deal.schema_)
        if stored is None:
            return None, other
        return stored, merged_copy(stored, other, self)

    def parked(self) -> list[ConflictCopy]:
        """Return the changes that could not be merged when they were to be saved, as copies of their deals."""
        from salescoach.store.parked import parked

        return parked(self.paths.parked)

    def undo(
        self,
        deal_id: str,
        stamp: Stamp | None = None,
        own: Own | None = None,
        act: str | None = None,
    ) -> Deal:
        """Take back the latest act of one's own, or the one that the timeline's entry `act` is of, and save the deal.

        `own` says which events are one's own; without it all are. Raises NothingToUndo, NotOwn where only what others did
        is left, and CannotTakeBack where what the act changed was changed since.
        """
        return self._travel(deal_id, "undo", stamp, own, act)

    def redo(
        self,
        deal_id: str,
        stamp: Stamp | None = None,
        own: Own | None = None,
        act: str | None = None,
    ) -> Deal:
        """Do again what one took back last; as `undo` but for NothingToRedo."""
        return self._travel(deal_id, "redo", stamp, own, act)

    def _travel(
        self, deal_id: str, way: Way, stamp: Stamp | None, own: Own | None, act: str | None
    ) -> Deal:
        def change(deal: Deal) -> Deal:
            from salescoach.store.travel import travelled

            result = travelled(self, deal, way, stamp or self.stamp(), own, act)
            return deal if result is deal else numbered(result, deal.rev + 1, deal)

        return self._change(deal_id, change)

    def versions(self, deal_id: str) -> list[Version]:
        """Return the current version and those that were kept, latest first."""
        path = self.path(deal_id)
        deal = self.read(deal_id)
        kept = history.kept(self._history(deal_id))
        kept.pop(deal.rev, None)
        older = [
            (one.rev, one.save or "", one.path) for _, one in sorted(kept.items(), reverse=True)
        ]
        found: list[Version] = []
        for rev, save, place in ((deal.rev, deal.save, path), *older):
            with suppress(FileNotFoundError):
                status = place.stat()
                found.append(Version(rev, save, status.st_mtime, status.st_size, place is path))
        return found

    def read_version(self, deal_id: str, rev: int) -> Deal:
        """Return the deal as it was at revision `rev`. Raises NotFound when that one is not kept."""
        deal = self.read(deal_id)
        if rev == deal.rev:
            return deal
        version = history.kept(self._history(deal_id)).get(rev)
        if version is None:
            raise NotFound(f"{deal_id} rev {rev}")
        return self.read_kept(deal_id, version)

    def kept_versions(self, deal_id: str) -> list[history.Kept]:
        """Return every version in a deal's history, the latest revision first."""
        return history.versions(self._history(deal_id))

    def read_kept(self, deal_id: str, version: history.Kept) -> Deal:
        """Return the deal in a version of the history."""
        from salescoach.store.document import decode

        data, _ = _bytes(version.path, deal_id)
        return decode(data, version.path, deal_id)

    def saved_version(self, deal_id: str, save: str) -> Deal | None:
        """Return the version that was saved with this id, if it is kept and can be read."""
        for version in self.kept_versions(deal_id):
            if version.save == save:
                with suppress(Damaged, NewerSchema, NotFound):
                    found = self.read_kept(deal_id, version)
                    if found.save == save:
                        return found
        return None

    def parents(self, deal: Deal) -> Iterator[Deal]:
        """Yield the kept versions that a deal was saved on top of."""
        for save in deal.ancestry.on:
            if (found := self.saved_version(deal.id, save)) is not None:
                yield found
        if deal.versions.undo is not None and not deal.ancestry.on:  # an earlier program saved it
            older = history.kept(self._history(deal.id)).get(deal.versions.undo)
            with suppress(Damaged, NewerSchema, NotFound):
                if older is not None:
                    yield self.read_kept(deal.id, older)

    def older(self, deal: Deal) -> Iterator[Deal]:
        """Yield the readable versions in the history, the latest first."""
        for version in self.kept_versions(deal.id):
            with suppress(StoreError):
                yield self.read_kept(deal.id, version)

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
        """Set copies of damaged deals (of `ids`, or of all) aside and remove stale temporary files; see `store.sweep`."""
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

    def _change(
        self,
        deal_id: str,
        change: Callable[[Deal], Deal],
        found: list[CameFromOutside] | None = None,
    ) -> Deal:
        from salescoach.store import saved

        path = self.path(deal_id)
        if not os.path.lexists(path):
            raise self._missing(deal_id)  # and no lock is made for it
        with self._locked(deal_id):
            deal, _ = self._read(path, deal_id)
            if deal.is_newer:
                raise NewerSchema(path, deal.schema_)
            try:
                last = saved.last_id(self.paths.saved, deal_id)
            except OSError as error:
                raise save_failed(self.paths.saved, error) from error
            if last is not None and last != deal.save:
                deal = self._from_outside(path, deal, found)
            result = change(deal)
            if result is deal:
                return deal
            if result.is_newer:
                raise NewerSchema(path, result.schema_)
            return self._write(path, result, deal)

    def _from_outside(self, path: Path, deal: Deal, found: list[CameFromOutside] | None) -> Deal:
        from salescoach.store.outside import brought_together

        together = brought_together(self, deal)
        if together is None:
            return deal
        merged, parents, told = together
        rev = max(one.rev for one in (deal, *parents)) + 1
        merged = self._write(path, numbered(merged, rev, *parents), deal)
        told = replace(told, deal=merged)
        if found is not None:
            found.append(told)
        if self._told is not None:
            with suppress(Exception):  # it is saved, whatever becomes of the telling
                self._told(told)
        return merged

    def _write(self, path: Path, deal: Deal, old: Deal | None) -> Deal:
        from salescoach.store import saved
        from salescoach.store.document import encode
        from salescoach.store.seal import save_id

        folder, seen = self._history(deal.id), self._seen.get(deal.id)
        data, fragments = encode(deal, path, seen[2] if seen else None)
        deal = deal.model_copy(update={"save": save_id(data)})
        try:
            keep = history.place(folder, old, path) if old is not None else None
            save = replace_file(path, data, keep)
        except OSError as error:
            raise save_failed(path, error) from error
        self._folder = _identity(self.paths.deals)
        saved.keep(self.paths.saved, deal.id, data)
        self._remember(deal, data, fragments)
        history.prune(folder, deal.rev)
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


def numbered(deal: Deal, rev: int, *parents: Deal) -> Deal:
    """Return a deal that is to be saved as `rev` on top of `parents`; the save gives it its id."""
    from salescoach.document.ancestry import on_top_of
    from salescoach.document.models import MAX_WHOLE, Versions

    # No save of ours gets there, and a file that says so must stay readable.
    rev = min(rev, MAX_WHOLE)
    # A newer schema in the history keeps its number, so that the caller refuses to write it.
    numbers = {
        "schema_": max(deal.schema_, deal.SCHEMA),
        "rev": rev,
        "save": "",
        "versions": Versions(),
    }
    return deal.model_copy(update={**numbers, "ancestry": on_top_of(*parents)})


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
