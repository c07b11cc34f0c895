"""The index over kinds of document that the program does not have: it knows of a kind what the kind tells of itself."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from salescoach.store.errors import NotFound
from salescoach.store.files.atomic import Save, mtime, sign_of
from salescoach.store.index.cache import Index
from salescoach.store.index.kinds import Dated, Entry, IndexedKind, Record, Rest, Table
from salescoach.store.index.refresh import Refreshed, Source, refresh
from salescoach.store.index.spelling import matches
from salescoach.workspace.lists.lists import INDEXED
from salescoach.workspace.lists.work import Work


class Doc(NamedTuple):
    """A document of a few words: a shop, or an order that rests on a shop."""

    id: str
    save: str
    name: str
    due: str = ""
    shop: str = ""
    beside: Doc | None = None


def _broken(key: str, problem: str) -> Record:
    return Record(0, key, problem=problem)


def _shop(doc: Doc, summary: Mapping[str, Any]) -> Record:
    return Record(1, doc.name, doc.save, {"shops": [Entry((doc.name, doc.name), (doc.name,))]})


def _order(doc: Doc, summary: Mapping[str, Any]) -> Record:
    told = f"{doc.name} at {doc.beside.name}" if doc.beside else doc.name
    dated = [Dated("delivery", f"{doc.id}-1", doc.due, doc.name)] if doc.due else []
    rests = [Rest("shop", doc.shop, doc.beside.save if doc.beside else "")] if doc.shop else []
    return Record(1, doc.name, doc.save, {"orders": [Entry((told,))]}, dated, rests)


SHOPS = IndexedKind(
    "shop",
    (Table("shops", ("name TEXT", "key TEXT"), ("(key)",), keys=("key",), found=True),),
    _shop,
    _broken,
)
ORDERS = IndexedKind("order", (Table("orders", ("told TEXT",)),), _order, _broken)


class Shelf:
    """Documents in two folders."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.reads: list[str] = []
        for kind in ("shop", "order"):
            (folder / kind).mkdir(parents=True)

    def write(self, kind: str, key: str, name: str, **more: str) -> Save:
        """Write a document as a store does: into a file beside it, then in its place."""
        folder = self.folder / kind
        before = mtime(folder)
        temporary = folder / ".tmp"
        temporary.write_text(json.dumps({"name": name, **more}), "utf-8")
        path = temporary.replace(folder / f"{key}.json")
        return Save(sign_of(path.lstat()), before, mtime(folder))

    def read(self, kind: str, key: str) -> Doc:
        """Return a document, an order with its shop."""
        self.reads.append(key)
        try:
            text = (self.folder / kind / f"{key}.json").read_text("utf-8")
        except FileNotFoundError as error:
            raise NotFound(key) from error
        doc = Doc(key, f"save of {text}", **json.loads(text))
        if doc.shop and (self.folder / "shop" / f"{doc.shop}.json").exists():
            doc = doc._replace(beside=self.read("shop", doc.shop))
        return doc

    def source(self, kind: str) -> Source:
        """Return the documents of a kind as the index reads them."""
        folder = self.folder / kind
        return Source(
            kind,
            folder,
            lambda: sorted(path.stem for path in folder.glob("*.json")),
            lambda key: (self.read(kind, key), sign_of((folder / f"{key}.json").lstat())),
            lambda doc: {},
        )

    @property
    def folders(self) -> dict[str, Path]:
        """The folders by kind."""
        return {kind: self.folder / kind for kind in ("shop", "order")}


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path / "shelf")


@pytest.fixture
def index(tmp_path: Path) -> Index:
    return Index(tmp_path / "cache" / "index.sqlite", (SHOPS, ORDERS))


def bring(index: Index, shelf: Shelf, mark: str = "1") -> Refreshed:
    return refresh(index, [shelf.source("shop"), shelf.source("order")], fingerprint=mark)


def told(index: Index) -> list[str]:
    return sorted(text for (text,) in index.rows("SELECT told FROM orders"))


def test_each_kind_is_looked_at_and_found_by_its_own_tables(index: Index, shelf: Shelf) -> None:
    shelf.write("shop", "s", "华鼎")
    shelf.write("order", "o", "paper", shop="s")
    assert index.behind(shelf.folders, "1")
    assert bring(index, shelf) == Refreshed(changed=2, gone=0, total=2, complete=True)
    assert not index.behind(shelf.folders, "1")
    test, words = matches("shops", "hd")
    assert index.rows(f"SELECT name, key FROM shops WHERE {test}", words) == [("华鼎", "huading")]
    assert told(index) == ["paper at 华鼎"]
    assert (index.known("shop"), index.made_under("order", "1")) == (1, 1)
    (shelf.folder / "shop" / "s.json").unlink()
    assert index.behind(shelf.folders, "1")
    assert bring(index, shelf) == Refreshed(changed=1, gone=1, total=1, complete=True)
    assert (index.known("shop"), told(index)) == (0, ["paper"])


def test_what_rests_on_a_document_is_made_anew_with_it(index: Index, shelf: Shelf) -> None:
    """Changed, gone, come back: after one refresh all tells it, and what does not rest on it is not read again."""
    shelf.write("order", "o", "paper", shop="s")
    shelf.write("order", "p", "pens", shop="t")
    shelf.write("shop", "t", "T")
    bring(index, shelf)
    assert told(index) == ["paper", "pens at T"]
    for name in ("first", "second", ""):
        if name:
            shelf.write("shop", "s", name)
        else:
            (shelf.folder / "shop" / "s.json").unlink()
        shelf.reads.clear()
        assert bring(index, shelf).complete
        assert told(index) == [f"paper at {name}" if name else "paper", "pens at T"]
        assert "p" not in shelf.reads
        assert not index.behind(shelf.folders, "1")
        assert bring(index, shelf).changed == 0


def test_what_is_saved_marks_what_rests_on_it(index: Index, shelf: Shelf) -> None:
    """Nobody waits for it at the save: the next look finds it, unless what rests on it was saved with it."""
    shelf.write("shop", "s", "before")
    for key in ("o", "p"):
        shelf.write("order", key, key, shop="s")
    bring(index, shelf)

    def put(kind: str, key: str, save: Save) -> None:
        document = shelf.read(kind, key)
        record = index.layout.kinds[kind].record(key, document, {})
        index.put(kind, key, record, save, "1")

    put("shop", "s", shelf.write("shop", "s", "after"))
    assert (index.stale(), index.behind(shelf.folders, "1")) == (True, True)
    assert told(index) == ["o at before", "p at before"]
    assert index.made_under("order", "1") == 0
    put("order", "o", shelf.write("order", "o", "o", shop="s"))
    assert index.made_under("order", "1") == 1
    put("order", "p", shelf.write("order", "p", "p", shop="s"))
    assert not index.behind(shelf.folders, "1")
    assert told(index) == ["o at after", "p at after"]
    # The other way round: the order's record comes first.
    shop = shelf.write("shop", "s", "last")
    put("order", "o", shelf.write("order", "o", "o", shop="s"))
    assert index.stale()
    put("shop", "s", shop)
    assert index.made_under("order", "1") == 1
    assert bring(index, shelf).changed == 1
    assert told(index) == ["o at last", "p at last"]


def test_a_kind_of_dated_thing_needs_no_table(shelf: Shelf, tmp_path: Path) -> None:
    """Today's work and its counts have whatever stands there, in the order of the days, of whatever document."""
    index = Index(None, (*INDEXED, SHOPS, ORDERS))
    shelf.write("order", "o", "paper", due="2026-11-20")
    shelf.write("order", "p", "pens", due="2026-11-23")
    bring(index, shelf)
    due = Work(index).due("2026-11-23")
    assert [(one.kind, one.document, one.what, one.id, one.text, one.name) for one in due] == [
        ("order", "o", "delivery", "o-1", "paper", "paper"),
        ("order", "p", "delivery", "p-1", "pens", "pens"),
    ]
    assert (due[0].customer, due[0].stage_number) == ("", 0)
    counts = Work(index).counts("2026-11-23")
    assert (counts.overdue, counts.today) == (1, 1)


def test_a_table_that_is_another_one_makes_the_file_anew(index: Index, shelf: Shelf) -> None:
    """Nobody has to remember to raise a number; tables that nobody has any more go."""
    shelf.write("order", "o", "paper")
    bring(index, shelf)
    index.close()
    more = ORDERS._replace(tables=(Table("orders", ("told TEXT", "more TEXT")),))
    assert index.path is not None
    other = Index(index.path, (more,))
    assert other.rows("SELECT told, more FROM orders") == []
    assert other.behind(shelf.folders, "1")
    other.close()
    with sqlite3.connect(index.path) as file:
        names = {name for (name,) in file.execute("SELECT name FROM sqlite_master")}
    file.close()
    assert "orders" in names
    assert "shops" not in names
