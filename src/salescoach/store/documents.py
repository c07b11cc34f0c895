"""Documents of a kind on disk, and the one door through which every change of one goes."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, cast

from salescoach.document.kind import D, Kind
from salescoach.store.errors import (
    AlreadyThere,
    Locked,
    NewerSchema,
    NotFound,
    SaveFailed,
    save_failed,
)
from salescoach.store.files import history
from salescoach.store.files.atomic import (
    Save,
    make_folder,
    replace_file,
)
from salescoach.store.files.locks import TIMEOUT, Held, locked
from salescoach.store.files.names import ConflictCopy
from salescoach.store.reading import DocumentReader, identity

if TYPE_CHECKING:
    from salescoach.document.stamp import Stamp
    from salescoach.document.undo import Own, Way
    from salescoach.paths import Paths
    from salescoach.store.care.outside import CameFromOutside
    from salescoach.store.care.sweep import Swept
    from salescoach.store.files.fragments import Fragments

_REMEMBERED = 8


class DocumentStore(DocumentReader[D]):
    """The documents of a kind below `paths`. Everything may raise a StoreError.

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
        super().__init__(paths, kind)
        self.stamp = _unnamed if stamp is None else stamp
        self._told = told
        self.lock_timeout = TIMEOUT
        self._saved = saved

    def create(self, document: D) -> D:
        """Save a new document as revision 1 and return it. Raises AlreadyThere when there is one with its id."""
        path = self.path(document.id)
        self._prepare()
        with self._locked(document.id):
            if os.path.lexists(path):
                raise AlreadyThere(document.id).of(self.kind.name)
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

                result = rebased(operation, base, document, self)
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
        from salescoach.document.merge import same_content
        from salescoach.store.care.outside import recorded
        from salescoach.store.merging import discard, put_away

        path = self.path(copy.document)
        self._prepare()
        with self._locked(copy.document):
            found = self._other(copy)
            stored, other, document = self._merged(copy, found)
            if stored is None:
                rev = max((document.rev, *history.kept(self._history(document.id))))
                document = self._write(path, numbered(document, rev + 1, document), None)
            elif same_content(document, stored):
                document = stored
            else:
                told = recorded(stored, document, self.stamp())
                document = self._write(path, numbered(told, stored.rev + 1, stored, other), stored)
            self._keep_out(document)
            if other is found:
                put_away(copy, self.places.merged)
            else:
                discard(copy)  # it tells of somebody who was erased
        return document

    def preview_copy(self, copy: ConflictCopy) -> tuple[D | None, D]:
        """Return the document that is stored, if any, and what `merge_copy` would make of it; nothing is written."""
        stored, _, document = self._merged(copy, self._other(copy))
        return stored, document

    def _other(self, copy: ConflictCopy) -> D:
        data, _ = self._bytes(copy.path, copy.document)
        return self.decode(data, copy.path, copy.document)

    def _merged(self, copy: ConflictCopy, other: D) -> tuple[D | None, D, D]:
        """Return what is stored, the copy without who was erased, and what the two make."""
        from salescoach.store.merging import merged_copy

        try:
            stored = self.read(copy.document)
        except NotFound:
            stored = None
        for path, document in ((copy.path, other), (self.path(copy.document), stored)):
            if document is not None and document.is_newer:
                raise NewerSchema(path, document.schema_).of(self.kind.name)
        if stored is None:
            other = other.forgetting(self.erased())
            return None, other, other
        other = other.forgetting({**stored.tombstones, **self.erased()})
        return stored, other, merged_copy(stored, other, self)

    def _keep_out(self, document: D) -> None:
        """Remember here who was erased elsewhere, where a document that came in says so."""
        from salescoach.store.care import erased

        known = self.erased()
        for key, one in document.tombstones.items():
            if key not in known:
                erased.remember(
                    self.paths.erased, [key], datetime.fromisoformat(one["at"]), one["by"]
                )

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

    def hold(self, key: str) -> AbstractContextManager[None]:
        """Return a context in which nobody else writes the document. Entering raises Locked or SaveFailed."""
        return self._locked(key)

    def sweep(self, ids: Iterable[str] | None = None) -> Swept:
        """Set copies of damaged documents (of `ids`, or of all) aside and remove stale temporary files; see `store.sweep`."""
        from salescoach.store.care.sweep import sweep

        return sweep(self, ids)

    def _prepare(self) -> None:
        if self.folder_gone():
            self._names()  # what is saved in the place of a share would be hidden once that is back
        try:
            make_folder(self.places.folder)
        except OSError as error:
            raise save_failed(self.places.folder, error) from error

    @contextmanager
    def _locked(self, key: str) -> Iterator[None]:
        self.path(key)  # raises for what is no id: its lock would lie elsewhere
        path = self.places.locks / f"{key}.lock"
        entered = False
        try:
            with locked(path, self.lock_timeout):
                entered = True
                yield
        except Held as error:
            raise Locked(key, error.holder).of(self.kind.name) from error
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
            raise NewerSchema(path, document.schema_).of(self.kind.name)
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
            raise NewerSchema(path, document.schema_).of(self.kind.name)
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
        # What tells of somebody who was erased is no version to be kept.
        kept = None if told.erased else document
        merged = self._write(path, numbered(merged, rev, *parents), kept)
        self._keep_out(merged)
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
        try:
            data, fragments = encode(document, path, seen[2] if seen else None)
        except SaveFailed as error:
            raise error.of(self.kind.name) from error.__cause__
        document = document.model_copy(update={"save": save_id(data)})
        try:
            keep = history.place(folder, old, path) if old is not None else None
            save = replace_file(path, data, keep)
        except OSError as error:
            raise save_failed(path, error) from error
        self._folder = identity(self.places.folder)
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
