"""Compares what a backup holds with what is here; nothing is written."""

from __future__ import annotations

import hashlib
import json
import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from salescoach.store.care.archive import MAX_MEMBER, Group, Progress
from salescoach.store.care.contents import Contents
from salescoach.store.errors import Damaged, NewerSchema, StoreError
from salescoach.store.files import history
from salescoach.store.files.atomic import NotRegular, TooLarge, read_regular

if TYPE_CHECKING:
    from salescoach.document.models import Document
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
"""Nothing is here: it is put back as it was."""
ASKED: frozenset[State] = frozenset({"older", "newer", "different", "damaged-here"})
"""Something else is here: it is replaced only when a person says so."""

FilesState = Literal["none", "new", "same", "different"]


@dataclass(frozen=True, slots=True)
class Fate:
    """A document in the backup against what is here; each revision is None where there is no readable document."""

    kind: str
    """The name of its kind."""
    folder: str
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


def compare(contents: Contents, progress: Progress | None = None) -> Plan:
    """Compare everything with what is here. Raises BackupDamaged or OSError."""
    every = [
        (store, key)
        for folder, store in contents.stores.items()
        for key in sorted(contents.documents[folder] | contents.with_versions(folder))
    ]
    fates: list[Fate] = []
    for done, (store, key) in enumerate(every, 1):
        fates.append(_Document(contents, store, key).judged())
        if progress is not None:
            progress(done, len(every))
    return Plan(
        tuple(fates),
        _files(contents, "settings"),
        _files(contents, "playbook"),
        tuple(contents.others()),
    )


class _Document:
    """One document of the backup beside what is here of it."""

    def __init__(self, contents: Contents, store: DocumentStore[Any], key: str) -> None:
        self._contents = contents
        self._store = store
        self._key = key
        self._folder = store.kind.folder

    def judged(self) -> Fate:
        """Return what there is to say about it."""
        key, path = self._key, self._store.path(self._key)
        if key not in self._contents.documents[self._folder]:
            here = os.path.lexists(path) or (self._store.places.history / key).exists()
            return self._fate("same" if here else "history")
        name = f"{self._folder}/{key}.json"
        if name in self._contents.damaged:
            return self._fate("lost")
        data = self._contents.archive.read(name)
        title, rev = _glance(data)
        if not os.path.lexists(path):
            state: State = "new-damaged" if self._decoded(data) == "damaged" else "new"
            return self._fate(state, title, rev)
        try:
            present, _ = read_regular(path, MAX_MEMBER)
        except (NotRegular, TooLarge, OSError):
            return self._fate("blocked", title, rev)
        if present == data:
            return self._fate("same", title, rev, rev)
        try:
            ours = self._store.read(key)
        except Damaged:
            state = "damaged" if self._decoded(data) == "damaged" else "damaged-here"
            return self._fate(state, title, rev)
        except NewerSchema:
            return self._fate("newer-schema", title, rev)
        except StoreError:
            return self._fate("blocked", title, rev)
        theirs = self._decoded(data)
        if isinstance(theirs, str):
            return self._fate(theirs, title, rev, ours.rev)
        return self._fate(self._compared(theirs, data, ours, present), title, rev, ours.rev)

    def _fate(
        self, state: State, name: str = "", rev: int | None = None, here: int | None = None
    ) -> Fate:
        return Fate(self._store.kind.name, self._folder, self._key, state, name, rev, here)

    def _decoded(self, data: bytes) -> Document | Literal["damaged", "newer-schema"]:
        return self._contents.decoded(self._store, data, self._key)

    def _compared(self, theirs: Document, data: bytes, ours: Document, present: bytes) -> State:
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
        if self._kept_here(data):
            return "older"
        if self._kept_there(present):
            return "newer"
        if theirs.rev < ours.rev and theirs.timeline.keys() <= ours.timeline.keys():
            return "older"
        if theirs.rev > ours.rev and theirs.timeline.keys() >= ours.timeline.keys():
            return "newer"
        return "different"

    def _kept_here(self, data: bytes) -> bool:
        with suppress(OSError):
            for version in history.kept(self._store.places.history / self._key).values():
                same_size = version.path.stat().st_size == len(data)
                if same_size and version.path.read_bytes() == data:
                    return True
        return False

    def _kept_there(self, data: bytes) -> bool:
        digest = hashlib.sha256(data).hexdigest()
        members = self._contents.archive.head.members
        versions = self._contents.versions(self._folder, self._key)
        return any(members[name].sha256 == digest for name in versions)


def _files(contents: Contents, group: Group) -> FilesState:
    """Compare settings or playbook."""
    names = contents.of(group)
    if not names:
        return "none"
    paths = contents.paths
    there = paths.config_file.exists() if group == "settings" else _any_in(paths.playbook)
    if not there:
        return "new"
    return "same" if all(_is_here(contents, name) for name in names) else "different"


def _is_here(contents: Contents, name: str) -> bool:
    try:
        # People who keep these files in one place link to them.
        here, _ = read_regular(Path(os.path.realpath(contents.target(name))), MAX_MEMBER)
    except (NotRegular, TooLarge, OSError):
        return False
    return here == contents.archive.read(name)


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
