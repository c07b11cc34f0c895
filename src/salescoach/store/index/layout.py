"""The index's tables: its own, and those that the kinds of document have in it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from zlib import crc32

from salescoach.store.index.kinds import IndexedKind, Table

MEANING = 8
"""Raised when what is written into the same tables comes to mean something else: an index is then made anew."""
_OWN = (
    "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID",
    # Every document of every kind: the sign of its file, under what it was described, and whether it must be again.
    (
        "CREATE TABLE documents (n INTEGER PRIMARY KEY, kind TEXT, id TEXT, size INTEGER, mtime_ns INTEGER, inode INTEGER,"
        " ctime_ns INTEGER, made TEXT, stale INTEGER, rev INTEGER, save TEXT, title TEXT, problem TEXT, UNIQUE (kind, id))"
    ),
    # All that finding out what changed needs, so that it never reads the rows themselves.
    "CREATE INDEX by_sign ON documents (kind, id, made, stale, size, mtime_ns, inode, ctime_ns)",
    "CREATE INDEX by_problem ON documents (kind, id, problem) WHERE problem <> ''",
    "CREATE INDEX by_stale ON documents (kind) WHERE stale",
    # The other documents that a record rests on, each as it was at one save.
    "CREATE TABLE rests (n INTEGER, kind TEXT, id TEXT, save TEXT)",
    "CREATE INDEX rests_of ON rests (n)",
    "CREATE INDEX rests_on ON rests (kind, id, n)",
    # All that has a day, of whatever kind and in whatever document.
    (
        "CREATE TABLE dated (n INTEGER, what TEXT, id TEXT, due TEXT, text TEXT, owner TEXT, agreed_with TEXT, item TEXT,"
        " owner_id TEXT)"
    ),
    "CREATE INDEX dated_of ON dated (n)",
    "CREATE INDEX dated_by_day ON dated (due, n)",
    # How the characters in what is searched are read, so that nobody who searches needs a dictionary.
    "CREATE TABLE readings (char TEXT PRIMARY KEY, syllables TEXT) WITHOUT ROWID",
)
OWN_TABLES = ("meta", "documents", "rests", "dated", "readings")


class Layout:
    """The tables of an index over some kinds of document."""

    def __init__(self, kinds: Sequence[IndexedKind]) -> None:
        self.kinds = {kind.name: kind for kind in kinds}
        self._inserts: dict[str, str] = {}
        self._keys: dict[str, tuple[int, ...]] = {}

    @cached_property
    def tables(self) -> dict[str, Table]:
        """The kinds' tables by name."""
        return {table.name: table for kind in self.kinds.values() for table in kind.tables}

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all tables."""
        return *OWN_TABLES, *self.tables

    @cached_property
    def version(self) -> int:
        """A number that is another one where tables, columns or what they mean are: such a file is made anew."""
        return crc32(repr((MEANING, _OWN, list(self.tables.values()))).encode()) & 0x7FFFFFFF

    def columns(self, name: str) -> str:
        """Return the columns that a kind's table must have, as SQL; `*` for a table of the index's own."""
        table = self.tables.get(name)
        if table is None:
            return "*"
        return ", ".join(("n", *_names(table), *(("hay",) if table.found else ())))

    def keys(self, table: Table) -> tuple[int, ...]:
        """Return the places of a table's values that are texts to be sorted by how they are read."""
        found = self._keys.get(table.name)
        if found is None:
            found = tuple(map(_names(table).index, table.keys))
            self._keys[table.name] = found
        return found

    def statements(self) -> list[str]:
        """Return the SQL that makes all tables."""
        return [*_OWN, *(sql for table in self.tables.values() for sql in _statements(table))]

    def insert(self, table: Table, values: int) -> str:
        """Return the SQL that writes a row with so many values into a table."""
        sql = self._inserts.get(table.name)
        if sql is None:
            marks = ", ".join("?" * values)
            sql = f"INSERT OR REPLACE INTO {table.name} VALUES ({marks})"
            self._inserts[table.name] = sql
        return sql


def _names(table: Table) -> tuple[str, ...]:
    return tuple(column.partition(" ")[0] for column in table.columns)


def _statements(table: Table) -> list[str]:
    columns = ["n INTEGER" if table.many else "n INTEGER PRIMARY KEY", *table.columns]
    if table.found:
        from salescoach.store.index.spelling import SOUNDS

        columns += [*(f"{name} INTEGER" for name in SOUNDS), "hay TEXT"]
    made = [f"CREATE TABLE {table.name} ({', '.join(columns)})"]
    on = (*(("(n)",) if table.many else ()), *table.indexes)
    return made + [
        f"CREATE INDEX {table.name}_{number} ON {table.name} {columns}"
        for number, columns in enumerate(on)
    ]
