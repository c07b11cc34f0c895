"""The ways in which the program writes: how a home is made ready, what is done, and what must be there afterwards."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from salescoach.deal import contacts
from salescoach.paths import Paths
from salescoach.settings import load_settings, set_setting
from salescoach.store.care.repair import set_aside_document
from tests.build import make_deal, stamp
from tests.faults.kinds import TRIED, Tried
from tests.kinds import deal_store, joined_deals


@dataclass(frozen=True, slots=True)
class Way:
    """One operation: how the home is made ready, what is done, what must be kept, and what is there once it worked."""

    name: str
    ready: Callable[[Paths], object]
    do: Callable[[Paths], object]
    done: Callable[[Paths], bool]
    brief: bool = False
    """Whether a short run lets failures that last meet it too."""

    def kept(self, paths: Paths) -> dict[str, bytes]:
        """Return what an operation that failed may not change."""
        return dict(_files(paths))


def _files(paths: Paths) -> Iterator[tuple[str, bytes]]:
    for folder in (*(tried.folder(paths) for tried in TRIED), paths.quarantine):
        for path in sorted(folder.rglob("*.json")):
            yield path.stem[:36], path.read_bytes()
    if paths.config_file.exists():
        yield "config", paths.config_file.read_bytes()


class _Of:
    """The ways to write a document of one kind."""

    def __init__(self, tried: Tried[Any]) -> None:
        self._tried = tried
        self._first = tried.example.make()
        self._key: str = self._first.id

    def _store(self, paths: Paths) -> Any:
        return self._tried.example.store(paths)

    def _make(self, paths: Paths) -> None:
        self._store(paths).create(self._tried.example.make())

    def _other(self, paths: Paths) -> None:
        self._store(paths).create(self._tried.example.make(label="other"))

    def _edit(self, paths: Paths, name: str = "new") -> None:
        self._store(paths).edit(self._key, self._tried.renamed(name))

    def _edited(self, paths: Paths) -> None:
        self._make(paths)
        self._edit(paths, "first")
        self._edit(paths, "second")

    def _undone(self, paths: Paths) -> None:
        self._edited(paths)
        self._store(paths).undo(self._key)

    def _many(self, paths: Paths) -> None:
        self._make(paths)
        store = self._store(paths)
        for number in range(2, 64):
            store.edit(self._key, lambda one, number=number: one.but(name=f"name {number}"))

    def _damaged(self, paths: Paths) -> None:
        folder = self._tried.folder(paths)
        folder.mkdir(parents=True)
        path = folder / f"{self._key}.json"
        path.write_bytes(b'{"id": "half a docu')
        os.utime(path, (1, 1))

    def _set_aside(self, paths: Paths) -> None:
        set_aside_document(self._store(paths), self._key)

    def _is_set_aside(self, paths: Paths) -> bool:
        return [aside.document for aside in self._store(paths).quarantined()] == [self._key]

    def _called(self, name: str) -> Callable[[Paths], bool]:
        def called(paths: Paths) -> bool:
            store = self._store(paths)
            return self._key in store.ids() and store.read(self._key).name == name

        return called

    def ways(self) -> Iterator[Way]:
        """Yield them."""
        first, of = self._called(self._first.name), f"of a {self._tried.name}"
        yield Way(f"first one {of}", _nothing, self._make, first)
        yield Way(f"making {of}", self._other, self._make, first)
        yield Way(f"first edit {of}", self._make, self._edit, self._called("new"))
        yield Way(f"edit {of}", self._edited, self._edit, self._called("new"), brief=True)
        yield Way(f"edit {of} that prunes", self._many, self._edit, self._called("new"))
        undo, redo = (
            lambda paths: self._store(paths).undo(self._key),
            lambda paths: self._store(paths).redo(self._key),
        )
        yield Way(f"undo {of}", self._edited, undo, self._called("first"))
        yield Way(f"redo {of}", self._undone, redo, self._called("second"))
        yield Way(f"quarantine {of}", self._damaged, self._set_aside, self._is_set_aside)


def _nothing(paths: Paths) -> None:
    """Leave even the home to be made."""


# Acts over two documents


def _deal(paths: Paths) -> None:
    joined_deals(paths).create(make_deal())


def _add_person(paths: Paths) -> None:
    deals = joined_deals(paths)
    (key,) = deal_store(paths).ids()
    at = stamp("somebody")
    deals.edit(key, lambda deal: contacts.add(deal, at, name="Ann"))


def _has_person(paths: Paths) -> bool:
    (key,) = deal_store(paths).ids()
    deal = joined_deals(paths).read(key)
    assert deal.customer_record is not None
    return set(deal.stakeholders) == set(deal.customer_record.people) == {stamp("somebody").id}


# Settings


def _settings(paths: Paths) -> None:
    set_setting(paths.config_file, "me", "Anna")


def _other_settings(paths: Paths) -> None:
    set_setting(paths.config_file, "me", "Bo")


def _chosen(paths: Paths) -> bool:
    return load_settings(paths.config_file, {})[0].me == "Anna"


WAYS: Final = (
    *(way for tried in TRIED for way in _Of(tried).ways()),
    Way("a person in a deal and its customer", _deal, _add_person, _has_person, brief=True),
    Way("first settings", _nothing, _settings, _chosen),
    Way("settings", _other_settings, _settings, _chosen),
)
