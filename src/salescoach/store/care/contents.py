"""What a backup holds, sorted by what it belongs to, beside the stores that it may go into."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from salescoach.store.care import erased
from salescoach.store.care.archive import Archive, Group, Place
from salescoach.store.errors import Damaged, NewerSchema, StoreError

if TYPE_CHECKING:
    from salescoach.document.models import Document
    from salescoach.document.traces import Traces
    from salescoach.store.documents import DocumentStore

OTHERS: tuple[Group, ...] = ("copy", "quarantine", "workdays")
"""Files of which none is ever replaced."""


class Contents:
    """A checked backup and the stores it is to go into. `damaged` names the members to leave alone."""

    def __init__(
        self, archive: Archive, stores: Sequence[DocumentStore[Any]], damaged: Iterable[str] = ()
    ) -> None:
        self.archive = archive
        self.paths = stores[0].paths
        self.stores = {store.kind.folder: store for store in stores}
        self.damaged = frozenset(damaged)
        self.erased = erased.read(self.paths.erased)
        """Who was erased here: nothing of the backup brings them back."""
        self.documents: dict[str, set[str]] = {folder: set() for folder in self.stores}
        """By folder: the ids of the documents in the backup."""
        self._versions: dict[tuple[str, str], list[str]] = {}
        self._names: dict[Group, list[str]] = {}
        for name, place in archive.places.items():
            if place.group == "history":
                self._versions.setdefault((place.folder, place.document), []).append(name)
            elif place.group == "document":
                self.documents[place.folder].add(place.document)
            elif name not in self.damaged:
                self._names.setdefault(place.group, []).append(name)

    def of(self, group: Group) -> list[str]:
        """Return the names of the whole members of a group."""
        return self._names.get(group, [])

    def versions(self, folder: str, key: str) -> list[str]:
        """Return the names of a document's kept versions, damaged ones included."""
        return self._versions.get((folder, key), [])

    def with_versions(self, folder: str) -> set[str]:
        """Return the ids of the documents of which there are kept versions."""
        return {key for where, key in self._versions if where == folder}

    def others(self) -> list[str]:
        """Return the members of the groups OTHERS that are not here and tell of nobody who was erased."""
        names = [name for group in OTHERS for name in self.of(group)]
        return [
            name
            for name in names
            if not os.path.lexists(self.target(name)) and not self._tells_of_erased(name)
        ]

    def entry(self, name: str) -> tuple[bytes, int]:
        """Return a member's bytes and its mtime. Raises BackupDamaged or OSError."""
        return self.archive.read(name), self.archive.head.members[name].mtime_ns

    def target(self, name: str) -> Path:
        """Return where a member that is no document and no version belongs."""
        place: Place = self.archive.places[name]
        if place.group == "settings":
            return self.paths.config_file
        if place.group == "workdays":
            return self.paths.workdays
        if place.group == "playbook":
            return self.paths.playbook / place.name
        own = self.stores[place.folder].places
        return (own.quarantine if place.group == "quarantine" else own.folder) / place.name

    def decoded(
        self, store: DocumentStore[Any], data: bytes, key: str
    ) -> Document | Literal["damaged", "newer-schema"]:
        """Return the document in these bytes of the backup without who was erased here, or why it cannot be shown."""
        try:
            document: Document = store.decode(data, store.path(key), key)
        except NewerSchema:
            return "newer-schema"
        except Damaged:
            return "damaged"
        return self._without(document, data)

    def _without(self, document: Document, data: bytes) -> Document:
        """Return a document of the backup without who was erased here, also where texts name them as other documents tell."""
        known_by, knowing = self._known_by
        about = known_by and any(key.encode() in data for key in (*self.erased, *knowing))
        return document.forgetting(self.erased, known_by if about else None)

    @cached_property
    def _known_by(self) -> tuple[Traces, tuple[str, ...]]:
        """What documents of the backup know the erased by, and the ids of these documents."""
        from salescoach.document.traces import Traces

        found, knowing = Traces(), []
        for name, place in self.archive.places.items() if self.erased else ():
            if place.group not in {"document", "history"} or name in self.damaged:
                continue
            data, store = self.archive.read(name), self.stores[place.folder]
            if erased.may_tell(data, self.erased):
                with suppress(StoreError):
                    document = store.decode(data, store.path(place.document), place.document)
                    more = document.known_by(self.erased)
                    found = found.and_also(more)
                    knowing += [place.document] if more else []
        return found, tuple(dict.fromkeys(knowing))

    def holds_erased(self, store: DocumentStore[Any], data: bytes, key: str) -> bool:
        """Say whether these bytes of a document tell of somebody who was erased here."""
        if not any(key.encode() in data for key in (*self.erased, *self._known_by[1])):
            return False
        try:
            document: Document = store.decode(data, store.path(key), key)
        except StoreError:
            return True  # nobody can take them out of it
        return self._without(document, data) is not document

    def _tells_of_erased(self, name: str) -> bool:
        if not self.erased:
            return False
        place = self.archive.places[name]
        data = self.archive.read(name)
        if place.group == "copy":
            return self.holds_erased(self.stores[place.folder], data, place.document)
        return erased.may_tell(data, self.erased)
