"""Compares a backup with what is here, and puts back what is wanted; nothing that is here is ever lost by it."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Generic, Literal

from salescoach.document.kind import D
from salescoach.store.care.archive import MAX_MEMBER, Archive, Kind, Place, Progress
from salescoach.store.errors import (
    AlreadyThere,
    Damaged,
    NewerSchema,
    SaveFailed,
    StoreError,
    save_failed,
)
from salescoach.store.files import history, saved, system
from salescoach.store.files.atomic import (
    NotRegular,
    TooLarge,
    add_files,
    make_folder,
    read_regular,
    refuse_link,
    replace_file,
    sync_names,
)

if TYPE_CHECKING:
    from salescoach.document.stamp import Stamp
    from salescoach.store.documents import DocumentStore

State = Literal[
    "new",
    "new-damaged",
    "history",
    "same",
    "older",
    "newer",
    "different",
    "damaged-here",
    "damaged",
    "newer-schema",
    "blocked",
    "lost",
]
CREATED: frozenset[State] = frozenset({"new", "new-damaged", "history"})
_OTHERS: tuple[Kind, ...] = ("copy", "quarantine", "workdays")
"""Kinds of files of which none is ever replaced."""
"""Nothing is here: it is put back as it was."""
ASKED: frozenset[State] = frozenset({"older", "newer", "different", "damaged-here"})
"""Something else is here: it is replaced only when a person says so."""

FilesState = Literal["none", "new", "same", "different"]


@dataclass(frozen=True, slots=True)
class Fate:
    """A document in the backup against what is here; each revision is None where there is no readable document."""

    id: str
    state: State
    name: str = ""
    rev: int | None = None
    here: int | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What a restore would find; whether it is wanted is asked elsewhere."""

    documents: tuple[Fate, ...]
    settings: FilesState
    playbook: FilesState
    others: tuple[str, ...]
    """Members that are not here: what had been set aside, sync services' copies, and years of workdays."""


class Restore(Generic[D]):
    """A checked backup and the store it is to go into. `damaged` names the members to leave alone."""

    def __init__(
        self, archive: Archive, store: DocumentStore[D], damaged: tuple[str, ...] = ()
    ) -> None:
        self._archive = archive
        self._store = store
        self._damaged = frozenset(damaged)
        self._names: dict[Kind, list[str]] = {}
        self._versions: dict[str, list[str]] = {}
        for name, place in archive.places.items():
            if place.kind == "history":
                self._versions.setdefault(place.document, []).append(name)
            elif name not in self._damaged or place.kind == "deal":
                self._names.setdefault(place.kind, []).append(name)

    def plan(self, progress: Progress | None = None) -> Plan:
        """Compare everything with what is here; nothing is written. Raises BackupDamaged or OSError."""
        ids = {place.document for place in self._archive.places.values() if place.kind == "deal"}
        every = sorted(ids | self._versions.keys())
        fates: list[Fate] = []
        for done, key in enumerate(every, 1):
            fates.append(self._judge(key) if key in ids else self._only_history(key))
            if progress is not None:
                progress(done, len(every))
        others = [name for kind in _OTHERS for name in self._names.get(kind, ())]
        return Plan(
            tuple(fates),
            self._compare("settings"),
            self._compare("playbook"),
            tuple(name for name in others if not os.path.lexists(self._target(name))),
        )

    def need_room(self, plan: Plan) -> None:
        """Raise SaveFailed when the disk has less room than what is new takes."""
        created = {fate.id for fate in plan.documents if fate.state in CREATED}
        needed = sum(
            self._archive.head.members[name].size
            for name, place in self._archive.places.items()
            if place.document in created or name in plan.others
        )
        folder = self._store.places.folder
        while not folder.exists() and folder != folder.parent:
            folder = folder.parent
        with suppress(OSError):
            if shutil.disk_usage(folder).free < needed:
                raise SaveFailed(self._store.places.folder, "disk-full")

    # One document

    def _judge(self, key: str) -> Fate:
        name = f"deals/{key}.json"
        if name in self._damaged:
            return Fate(key, "lost")
        data = self._archive.read(name)
        title, rev = _glance(data)
        path = self._store.path(key)
        if not os.path.lexists(path):
            state: State = "new-damaged" if self._decoded(data, key) == "damaged" else "new"
            return Fate(key, state, title, rev)
        try:
            present, _ = read_regular(path, MAX_MEMBER)
        except (NotRegular, TooLarge, OSError):
            return Fate(key, "blocked", title, rev)
        if present == data:
            return Fate(key, "same", title, rev, rev)
        try:
            ours = self._store.read(key)
        except Damaged:
            state = "damaged" if self._decoded(data, key) == "damaged" else "damaged-here"
            return Fate(key, state, title, rev)
        except NewerSchema:
            return Fate(key, "newer-schema", title, rev)
        except StoreError:
            return Fate(key, "blocked", title, rev)
        theirs = self._decoded(data, key)
        if isinstance(theirs, str):
            return Fate(key, theirs, title, rev, ours.rev)
        return Fate(key, self._compared(theirs, data, ours, present), title, rev, ours.rev)

    def _compared(self, theirs: D, data: bytes, ours: D, present: bytes) -> State:
        from salescoach.document.ancestry import goes_on_from
        from salescoach.document.models import NUMBERS

        if theirs.is_newer or ours.is_newer:
            return "newer-schema"
        apart = set(NUMBERS)
        if theirs.timeline.keys() <= ours.timeline.keys():
            apart.add("timeline")  # what was done since and taken back
        if theirs.model_dump(exclude=apart) == ours.model_dump(exclude=apart):
            return "same"
        if goes_on_from(ours, theirs.save):
            return "older"
        if goes_on_from(theirs, ours.save):
            return "newer"
        # Files that earlier programs wrote tell nothing. The histories know best; what was dropped from them is told by the timeline, which only grows.
        if self._kept_here(theirs.id, data):
            return "older"
        if self._kept_there(theirs.id, present):
            return "newer"
        if theirs.rev < ours.rev and theirs.timeline.keys() <= ours.timeline.keys():
            return "older"
        if theirs.rev > ours.rev and theirs.timeline.keys() >= ours.timeline.keys():
            return "newer"
        return "different"

    def _kept_here(self, key: str, data: bytes) -> bool:
        with suppress(OSError):
            for version in history.kept(self._store.places.history / key).values():
                same_size = version.path.stat().st_size == len(data)
                if same_size and version.path.read_bytes() == data:
                    return True
        return False

    def _kept_there(self, key: str, data: bytes) -> bool:
        digest = hashlib.sha256(data).hexdigest()
        members = self._archive.head.members
        return any(members[name].sha256 == digest for name in self._versions.get(key, ()))

    def _only_history(self, key: str) -> Fate:
        """Judge a document of which the backup has kept versions and no current one."""
        here = os.path.lexists(self._store.path(key)) or (self._store.places.history / key).exists()
        return Fate(key, "same" if here else "history")

    def _decoded(self, data: bytes, key: str) -> D | Literal["damaged", "newer-schema"]:
        """Return the document in a document from the backup, or why it cannot be shown."""
        from salescoach.store.files.codec import decode

        try:
            return decode(data, self._store.path(key), key, self._store.kind.model)
        except NewerSchema:
            return "newer-schema"
        except Damaged:
            return "damaged"

    def put_back(self, fate: Fate) -> None:
        """Put one document back: as it was where nothing is here, else as a change that undo takes back.

        Raises StoreError, and then what was here is as it was.
        """
        if fate.state in CREATED:
            self._create(fate.id)
        elif fate.state == "damaged-here":
            from salescoach.store.care.quarantine import bring_back
            from salescoach.store.care.repair import set_aside_document

            aside = set_aside_document(self._store, fate.id)
            try:
                self._create(fate.id)
            except BaseException:
                with suppress(OSError):
                    bring_back(aside, self._store.places.folder)
                raise
        elif fate.state in ASKED:
            theirs = self._decoded(self._archive.read(f"deals/{fate.id}.json"), fate.id)
            if not isinstance(theirs, str):
                stamp = self._store.stamp()
                self._store.edit(fate.id, lambda ours: _in_place_of(ours, theirs, stamp))

    def _create(self, key: str) -> None:
        path, name = self._store.path(key), f"deals/{key}.json"
        folder = self._store.places.history / key
        try:
            make_folder(path.parent)
            with self._store.hold(key):
                if os.path.lexists(path):
                    raise AlreadyThere(key).of(self._store.kind.name)
                versions = list(self._missing_versions(key, folder))
                refuse_link(folder)
                if versions:
                    add_files(folder, versions)
                # What was last saved of a document that is gone must not be merged into the one that comes.
                saved.forget(self._store.places.saved, key)
                # The document comes last: whoever sees it can undo.
                if name in self._archive.head.members:
                    add_files(path.parent, [(path.name, *self._entry(name))])
        except OSError as error:
            raise save_failed(path, error) from error

    def _missing_versions(self, key: str, folder: Path) -> Iterator[tuple[str, bytes, int]]:
        for member in sorted(self._versions.get(key, ())):
            if member not in self._damaged:
                data, mtime_ns = self._entry(member)
                name = history.spot(folder, self._archive.places[member].name, data)
                if name is not None:
                    yield name, data, mtime_ns

    # Everything else

    def put_back_others(self, plan: Plan) -> None:
        """Put back what is of the kinds `_OTHERS` where nothing has its name. Raises StoreError."""
        for name in plan.others:
            target = self._target(name)
            try:
                if target.parent == self._store.places.quarantine:
                    refuse_link(target.parent)
                add_files(target.parent, [(target.name, *self._entry(name))])
            except OSError as error:
                raise save_failed(target, error) from error

    def put_back_settings(self, now: datetime) -> Path | None:
        """Put the settings file back; return where the one that was here is kept, if there was one. Raises StoreError."""
        # Where the file is a link, as people do who keep their settings in one place, what it leads to is written.
        target = Path(os.path.realpath(self._store.paths.config_file))
        kept = _free(target.with_name(f"{target.stem}.{now:%Y%m%dT%H%M%S}{target.suffix}"))
        data = self._archive.read("config.toml")
        try:
            make_folder(target.parent)
            there = target.exists()
            replace_file(target, data, kept if there else None)
        except OSError as error:
            raise save_failed(target, error) from error
        return kept if there else None

    def put_back_playbook(self, now: datetime) -> Path | None:
        """Put the user's own playbook back; return where the one that was here is kept, if any. Raises StoreError."""
        target = self._store.paths.playbook
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
        for member in self._names.get("playbook", ()):
            folder, _, name = self._archive.places[member].name.rpartition("/")
            found.setdefault(folder, []).append((name, *self._entry(member)))
        return found

    def _compare(self, kind: Kind) -> FilesState:
        names = self._names.get(kind, [])
        if not names:
            return "none"
        paths = self._store.paths
        there = paths.config_file.exists() if kind == "settings" else _any_in(paths.playbook)
        if not there:
            return "new"
        same = all(self._is_here(name) for name in names)
        return "same" if same else "different"

    def _is_here(self, name: str) -> bool:
        try:
            # People who keep these files in one place link to them.
            here, _ = read_regular(Path(os.path.realpath(self._target(name))), MAX_MEMBER)
        except (NotRegular, TooLarge, OSError):
            return False
        return here == self._archive.read(name)

    def _entry(self, name: str) -> tuple[bytes, int]:
        return self._archive.read(name), self._archive.head.members[name].mtime_ns

    def _target(self, name: str) -> Path:
        place: Place = self._archive.places[name]
        paths = self._store.paths
        if place.kind == "settings":
            return paths.config_file
        if place.kind == "workdays":
            return paths.workdays
        folders = {"playbook": paths.playbook, "quarantine": paths.quarantine}
        return folders.get(place.kind, paths.deals) / place.name


def _in_place_of(ours: D, theirs: D, stamp: Stamp) -> D:
    """Return the document of a backup with the event that tells so; what happened here meanwhile stays in the timeline."""
    from salescoach.document.change import record_merged

    events = {**ours.timeline, **theirs.timeline}
    timeline = dict(sorted(events.items(), key=lambda entry: entry[1].at))
    merged = theirs.model_copy(update={"timeline": timeline})
    return record_merged(ours, stamp, "restored", {}, merged)


def _glance(data: bytes) -> tuple[str, int | None]:
    """Return the name and the revision in a document, as far as there are any."""
    try:
        raw = json.loads(data)
        name, rev = raw.get("name", ""), raw.get("rev")
    except (ValueError, RecursionError, AttributeError):
        return "", None
    known = type(rev) is int and 0 <= rev < 2**63
    return name if isinstance(name, str) else "", rev if known else None


def _any_in(folder: Path) -> bool:
    from salescoach.playbook.load import entries

    try:
        return next(entries(folder), None) is not None
    except FileNotFoundError:
        return False
    except OSError:
        return True


def _free(path: Path) -> Path:
    """Return `path`, or a name like it that nothing has."""
    found, again = path, 0
    while os.path.lexists(found):
        again += 1
        found = path.with_name(f"{path.stem}.{again}{path.suffix}")
    return found
