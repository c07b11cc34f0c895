"""Puts back of a backup what is wanted; nothing that is here is ever lost by it, and nobody who was erased comes back."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from salescoach.document.kind import D
from salescoach.store.care.archive import Archive, Progress
from salescoach.store.care.compare import ASKED, CREATED, Fate, Plan, compare
from salescoach.store.care.contents import Contents
from salescoach.store.errors import AlreadyThere, SaveFailed, save_failed
from salescoach.store.files import history, saved, system
from salescoach.store.files.atomic import (
    add_files,
    make_folder,
    refuse_link,
    replace_file,
    sync_names,
)

if TYPE_CHECKING:
    from salescoach.document.stamp import Stamp
    from salescoach.store.documents import DocumentStore


class Restore:
    """A checked backup and the stores it is to go into. `damaged` names the members to leave alone."""

    def __init__(
        self, archive: Archive, stores: Sequence[DocumentStore[Any]], damaged: Iterable[str] = ()
    ) -> None:
        self._contents = Contents(archive, stores, damaged)
        self._paths = self._contents.paths

    def plan(self, progress: Progress | None = None) -> Plan:
        """Compare everything with what is here; nothing is written. Raises BackupDamaged or OSError."""
        return compare(self._contents, progress)

    def need_room(self, plan: Plan) -> None:
        """Raise SaveFailed when the disk has less room than what is new takes."""
        created = {(fate.folder, fate.id) for fate in plan.documents if fate.state in CREATED}
        archive = self._contents.archive
        needed = sum(
            archive.head.members[name].size
            for name, place in archive.places.items()
            if (place.folder, place.document) in created or name in plan.others
        )
        asked = folder = self._paths.deals
        while not folder.exists() and folder != folder.parent:
            folder = folder.parent
        with suppress(OSError):
            if shutil.disk_usage(folder).free < needed:
                raise SaveFailed(asked, "disk-full")

    # One document

    def put_back(self, fate: Fate) -> None:
        """Put one document back: as it was where nothing is here, else as a change that undo takes back.

        Raises StoreError, and then what was here is as it was.
        """
        store = self._contents.stores[fate.folder]
        if fate.state in CREATED:
            self._create(store, fate.id)
        elif fate.state == "damaged-here":
            from salescoach.store.care.quarantine import bring_back
            from salescoach.store.care.repair import set_aside_document

            aside = set_aside_document(store, fate.id)
            try:
                self._create(store, fate.id)
            except BaseException:
                with suppress(OSError):
                    bring_back(aside, store.places.folder)
                raise
        elif fate.state in ASKED:
            data = self._contents.archive.read(f"{fate.folder}/{fate.id}.json")
            theirs: Any = self._contents.decoded(store, data, fate.id)
            if not isinstance(theirs, str):
                stamp = store.stamp()
                store.edit(fate.id, lambda ours: _in_place_of(ours, theirs, stamp))

    def _create(self, store: DocumentStore[Any], key: str) -> None:
        path, name = store.path(key), f"{store.kind.folder}/{key}.json"
        folder = store.places.history / key
        try:
            make_folder(path.parent)
            with store.hold(key):
                if os.path.lexists(path):
                    raise AlreadyThere(key).of(store.kind.name)
                versions = list(self._missing_versions(store, key, folder))
                refuse_link(folder)
                if versions:
                    add_files(folder, versions)
                # What was last saved of a document that is gone must not be merged into the one that comes.
                saved.forget(store.places.saved, key)
                # The document comes last: whoever sees it can undo.
                if name in self._contents.archive.head.members:
                    add_files(path.parent, [(path.name, *self._entry(store, name, key))])
        except OSError as error:
            raise save_failed(path, error) from error

    def _entry(self, store: DocumentStore[Any], name: str, key: str) -> tuple[bytes, int]:
        """Return a document's bytes as they were, but for who was erased here since, and its mtime."""
        from salescoach.store.documents import numbered
        from salescoach.store.files.codec import encode

        data, mtime_ns = self._contents.entry(name)
        if not self._contents.holds_erased(store, data, key):
            return data, mtime_ns
        cleared: Any = self._contents.decoded(store, data, key)
        if isinstance(cleared, str):
            # Nobody can take them out of it: only what is whole comes back.
            raise SaveFailed(store.path(key), "text", f"{cleared}")
        return encode(numbered(cleared, cleared.rev + 1, cleared), store.path(key))[0], mtime_ns

    def _missing_versions(
        self, store: DocumentStore[Any], key: str, folder: Path
    ) -> Iterator[tuple[str, bytes, int]]:
        for member in sorted(self._contents.versions(store.kind.folder, key)):
            if member not in self._contents.damaged:
                data, mtime_ns = self._contents.entry(member)
                if self._contents.holds_erased(store, data, key):
                    continue
                name = history.spot(folder, self._contents.archive.places[member].name, data)
                if name is not None:
                    yield name, data, mtime_ns

    # Everything else

    def put_back_others(self, plan: Plan) -> None:
        """Put back what is of the groups `contents.OTHERS` where nothing has its name. Raises StoreError."""
        for name in plan.others:
            target = self._contents.target(name)
            try:
                if self._contents.archive.places[name].group == "quarantine":
                    refuse_link(target.parent)
                add_files(target.parent, [(target.name, *self._contents.entry(name))])
            except OSError as error:
                raise save_failed(target, error) from error

    def put_back_settings(self, now: datetime) -> Path | None:
        """Put the settings file back; return where the one that was here is kept, if there was one. Raises StoreError."""
        # Where the file is a link, as people do who keep their settings in one place, what it leads to is written.
        target = Path(os.path.realpath(self._paths.config_file))
        kept = _free(target.with_name(f"{target.stem}.{now:%Y%m%dT%H%M%S}{target.suffix}"))
        data = self._contents.archive.read("config.toml")
        try:
            make_folder(target.parent)
            there = target.exists()
            replace_file(target, data, kept if there else None)
        except OSError as error:
            raise save_failed(target, error) from error
        return kept if there else None

    def put_back_playbook(self, now: datetime) -> Path | None:
        """Put the user's own playbook back; return where the one that was here is kept, if any. Raises StoreError."""
        target = self._paths.playbook
        draft = _free(target.with_name(f".playbook.{os.urandom(4).hex()}.tmp"))
        kept = _free(target.with_name(f"{target.name}.{now:%Y%m%dT%H%M%S}"))
        try:
            make_folder(target.parent)
            for folder, files in self._playbook_files().items():
                add_files(draft / folder, files)
            there = os.path.lexists(target)
            if there:
                system.rename(target, kept)
            try:
                system.rename(draft, target)
            except OSError:
                if there:
                    system.rename(kept, target)
                raise
            sync_names(target.parent)
        except OSError as error:
            raise save_failed(target, error) from error
        finally:
            shutil.rmtree(draft, ignore_errors=True)
        return kept if there else None

    def _playbook_files(self) -> dict[str, list[tuple[str, bytes, int]]]:
        found: dict[str, list[tuple[str, bytes, int]]] = {}
        for member in self._contents.of("playbook"):
            folder, _, name = self._contents.archive.places[member].name.rpartition("/")
            found.setdefault(folder, []).append((name, *self._contents.entry(member)))
        return found


def _in_place_of(ours: D, theirs: D, stamp: Stamp) -> D:
    """Return the document of a backup with the event that tells so; what happened here meanwhile stays in the timeline.

    Who was erased in either of them stays so.
    """
    from salescoach.document.change import record_merged

    _, ours, theirs = type(ours).aligned(None, ours, theirs)
    events = {**ours.timeline, **theirs.timeline}
    timeline = dict(sorted(events.items(), key=lambda entry: entry[1].at))
    merged = theirs.model_copy(update={"timeline": timeline})
    return record_merged(ours, stamp, "restored", {}, merged)


def _free(path: Path) -> Path:
    """Return `path`, or a name like it that nothing has."""
    found, again = path, 0
    while os.path.lexists(found):
        again += 1
        found = path.with_name(f"{path.stem}.{again}{path.suffix}")
    return found
