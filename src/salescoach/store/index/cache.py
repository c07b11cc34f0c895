"""The index over documents: a cache that lists, search and today's work are painted from; it can be deleted any time.

It knows kinds of document by what they tell of themselves (`kinds.py`), no pydantic, and no document's fields. Whatever is
wrong with its file, it works: it is made anew, or kept in memory.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from salescoach.store.files.atomic import Save, Sign, mtime
from salescoach.store.index.connection import connect, discard, in_memory, prepare
from salescoach.store.index.kinds import NOT_LISTED, Entry, IndexedKind, Record, Table
from salescoach.store.index.layout import Layout
from salescoach.text import fold

if TYPE_CHECKING:
    from salescoach.pinyin import Readings
    from salescoach.store.index.spelling import Spelling

T = TypeVar("T")
_PIECE = 1000
_BUSY = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
_UNFIT = (OverflowError, ValueError, sqlite3.InterfaceError, sqlite3.ProgrammingError)
_BROKEN = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR})
_INSERT = f"INSERT OR REPLACE INTO documents VALUES ({', '.join('?' * 13)})"
_STALE = (
    "SELECT 1 FROM rests LEFT JOIN documents other ON other.kind = rests.kind AND other.id = rests.id"
    " WHERE rests.n = documents.n AND coalesce(other.save, '') <> rests.save"
)
_MARK = f"UPDATE documents SET stale = EXISTS ({_STALE}) WHERE n"


class Index:
    """The index over `kinds` in the file `path`, or in memory without one. Every method may be called from any thread."""

    def __init__(self, path: Path | None, kinds: Sequence[IndexedKind]) -> None:
        self.path = path
        self.layout = Layout(kinds)
        self._mutex = threading.RLock()
        self._open: sqlite3.Connection | None = None
        self._spelling: Spelling | None = None
        self.lasting = True
        """Whether the index outlives the process."""
        self.renewed = 0
        """How often the index had to be made anew, or taken into memory: rows may be missing since."""
        self.refill: Callable[[], object] | None = None
        """Called once when the index was renewed under a reader who was promised that it is up to date."""

    # Reading

    def rows(self, query: str, params: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Return what a query finds; nothing where the file is broken, which is then made anew.

        The functions `spelled` and `spelled_rank`, which `spelling.matches` and `spelling.rank` ask, are there.
        """

        def read(connection: sqlite3.Connection) -> list[tuple[Any, ...]]:
            if "spelled" in query:
                self._spelling_in(connection)
            return connection.execute(query, params).fetchall()

        try:
            return self._run(read, [], self._refill)
        except (
            UnicodeEncodeError
        ):  # a lone surrogate, as a shell passes a byte that is no text: it fits nothing
            return []

    def number(self, query: str, params: Sequence[object] = ()) -> int:
        """Return the number that a query finds; 0 where the file is broken."""
        rows = self.rows(query, params)
        return int(rows[0][0]) if rows else 0

    def readings(self, text: str) -> Readings:
        """Return how the characters that it knows are read, and those of `text`, which are looked up once."""
        from salescoach.pinyin import Readings

        def known() -> Readings:
            return self._run(lambda connection: self._spelling_in(connection).readings, Readings())

        if known().missing(text):
            self._transaction(
                lambda connection: self._spelling_in(connection).learn(connection, text)
            )
        return known()

    def known(self, kind: str) -> int:
        """Return how many documents of a kind have a record, whatever it is worth."""
        return self.number("SELECT count(*) FROM documents WHERE kind = ?", [kind])

    def problems(self, kind: str) -> dict[str, str]:
        """Return the documents of a kind that could not be read, with the reason's code."""
        query = "SELECT id, problem FROM documents WHERE kind = ? AND problem <> ''"
        return dict(self.rows(query, [kind]))

    def fact(self, key: str) -> Any:
        """Return what `remember` kept; None without it."""
        rows = self.rows("SELECT value FROM meta WHERE key = ?", [key])
        with suppress(ValueError):
            return json.loads(rows[0][0]) if rows else None
        return None

    def wipe(self) -> bool:
        """Forget everything, so that no byte of it is left in the files; say whether that is certain.

        It is not where others are reading it just now. The next refresh fills it again.
        """
        with self._mutex:
            self._spelling = None
            try:
                connection = self._connection()
                connection.execute("PRAGMA secure_delete=ON")
                connection.execute("PRAGMA user_version=0")
                prepare(connection, self.layout)
                connection.execute("VACUUM")
                (busy, *_) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            except sqlite3.Error:
                busy = 1
            self.renewed += 1
            if busy and self.path is not None:
                self.close()
                return discard(self.path)
            return True

    # Knowing whether it is behind

    def behind(self, folders: Mapping[str, Path], fingerprint: str) -> bool:
        """Say whether documents were added, replaced or removed unseen, or what they are described by changed.

        `folders` has the folder of each kind: one `stat` of each is enough.
        """
        return (
            self.fact("made") != fingerprint
            or any(self.fact(f"folder {kind}") != mtime(folder) for kind, folder in folders.items())
            or self.stale()
        )

    def stale(self) -> bool:
        """Say whether there is a record that rests on another document as that is no more."""
        return bool(self.rows("SELECT 1 FROM documents WHERE stale LIMIT 1"))

    def version(self) -> int:
        """Return a number that is another one when another process, or another connection, has written the index."""
        rows = self.rows("PRAGMA data_version")
        return int(rows[0][0]) + (self.renewed << 32) if rows else 0

    def signs(self, kind: str, fingerprint: str) -> Iterator[tuple[str, Sign | None]]:
        """Yield the id of every document of a kind, in order, and its sign where its record holds under `fingerprint`.

        They are read a piece at a time: ten thousand of them at once take more memory than all else.
        """
        query = (
            "SELECT id, made, stale, size, mtime_ns, inode, ctime_ns FROM documents"
            " WHERE kind = ? AND id > ? ORDER BY id LIMIT ?"
        )
        last = ""
        while rows := self.rows(query, [kind, last, _PIECE]):
            for key, made, stale, *sign in rows:
                yield key, Sign._make(sign) if made == fingerprint and not stale else None
            last = rows[-1][0]

    def made_under(self, kind: str, fingerprint: str) -> int:
        """Return how many documents of a kind have a record that holds under `fingerprint`."""
        query = "SELECT count(*) FROM documents WHERE kind = ? AND made = ? AND NOT stale"
        return self.number(query, [kind, fingerprint])

    # Writing

    def put(self, kind: str, key: str, record: Record, save: Save, fingerprint: str) -> None:
        """Keep the record of a document that was just saved. One that cannot be kept is found missing later."""

        def write(connection: sqlite3.Connection) -> None:
            later = "SELECT 1 FROM documents WHERE kind = ? AND id = ? AND rev > ? AND made = ?"
            if not connection.execute(later, [kind, key, record.rev, fingerprint]).fetchone():
                self._keep(connection, kind, (key, record, save.sign), fingerprint)
            # If others changed the folder too, the next look must still find it changed.
            connection.execute(
                "UPDATE meta SET value = ? WHERE key = ? AND value = ?",
                [str(save.folder_after), f"folder {kind}", str(save.folder_before)],
            )

        self._transaction(write)

    def put_all(
        self, kind: str, records: Iterable[tuple[str, Record, Sign]], fingerprint: str
    ) -> None:
        """Keep many records in one transaction: ids, records and the signs of the files they were made from."""

        def write(connection: sqlite3.Connection) -> None:
            for one in records:
                self._keep(connection, kind, one, fingerprint)

        self._transaction(write)

    def remove(self, kind: str, ids: Iterable[str]) -> None:
        """Forget documents of a kind."""
        gone = [(kind, key) for key in ids]
        tables = [table.name for table in self.layout.kinds[kind].tables]

        def write(connection: sqlite3.Connection) -> None:
            inner = "(SELECT n FROM documents WHERE kind = ? AND id = ?)"
            for table in ("dated", "rests", *tables, "documents"):
                connection.executemany(f"DELETE FROM {table} WHERE n = {inner}", gone)
            for one in gone:
                self._mark_dependent(connection, *one)

        self._transaction(write)

    def remember(self, **facts: object) -> None:
        """Keep facts about the index itself or about what is shown without documents, as JSON."""
        kept = [(key, json.dumps(value, ensure_ascii=False)) for key, value in facts.items()]

        def write(connection: sqlite3.Connection) -> None:
            connection.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", kept)

        self._transaction(write)

    def close(self) -> None:
        """Let go of the file."""
        with self._mutex, suppress(sqlite3.Error):
            if self._open is not None:
                self._open.close()
            self._open = None

    def _keep(
        self,
        connection: sqlite3.Connection,
        kind: str,
        entry: tuple[str, Record, Sign],
        fingerprint: str,
    ) -> None:
        """Write a record, or one that says so where it holds what the index cannot: a number beyond 64 bits."""
        key, record, sign = entry
        try:
            self._write(connection, kind, key, record, (*sign, fingerprint))
        except _UNFIT:
            broken = self.layout.kinds[kind].broken(key, NOT_LISTED)
            self._write(connection, kind, key, broken, (*sign, fingerprint))

    def _write(
        self,
        connection: sqlite3.Connection,
        kind: str,
        key: str,
        record: Record,
        made: tuple[object, ...],
    ) -> None:
        find = "SELECT n, save FROM documents WHERE kind = ? AND id = ?"
        number, save = connection.execute(find, [kind, key]).fetchone() or (None, "")
        told = (0, record.rev, record.save, record.title, record.problem)
        written = connection.execute(_INSERT, (number, kind, key, *made, *told)).lastrowid
        known, number = number is not None, number or written
        for table in self.layout.kinds[kind].tables:
            if table.many and known:
                connection.execute(f"DELETE FROM {table.name} WHERE n = ?", [number])
            entries = record.rows.get(table.name, ())
            for entry in entries:
                self._insert(connection, table, number, entry)
            if not table.many and not entries:
                connection.execute(f"DELETE FROM {table.name} WHERE n = ?", [number])
        for name, rows in (("dated", record.dated), ("rests", record.rests)):
            if known:
                connection.execute(f"DELETE FROM {name} WHERE n = ?", [number])
            if rows:
                marks = ", ".join("?" * (len(rows[0]) + 1))
                insert = f"INSERT INTO {name} VALUES ({marks})"
                connection.executemany(insert, [(number, *row) for row in rows])
        if record.rests:
            connection.execute(f"{_MARK} = ?", [number])
        if save != record.save:
            self._mark_dependent(connection, kind, key)

    def _insert(
        self, connection: sqlite3.Connection, table: Table, number: int | None, entry: Entry
    ) -> None:
        """Write a row of a kind's table, with how its texts are read where that is asked for."""
        values = entry.values
        if table.found or table.keys:
            spelling = self._spelling_in(connection)
            if table.found:
                values += spelling.kept(connection, entry.texts, entry.first)
            for place in self.layout.keys(table):
                text = fold(str(values[place]))
                spelling.learn(connection, text)
                values = (*values[:place], spelling.readings.key(text), *values[place + 1 :])
        insert = self.layout.insert(table, len(values) + 1)
        connection.execute(insert, (number, *values))

    def _mark_dependent(self, connection: sqlite3.Connection, kind: str, key: str) -> None:
        """Mark the records that rest on a document which was replaced or is gone, or take the mark from them."""
        resting = "(SELECT n FROM rests WHERE kind = ? AND id = ?)"
        connection.execute(f"{_MARK} IN {resting}", [kind, key])

    def _transaction(self, write: Callable[[sqlite3.Connection], None]) -> None:
        def work(connection: sqlite3.Connection) -> None:
            connection.execute("BEGIN IMMEDIATE")
            try:
                write(connection)
                connection.execute("COMMIT")
            except BaseException:
                with suppress(sqlite3.Error):
                    connection.execute("ROLLBACK")
                raise

        self._run(work, None)

    def _refill(self) -> None:
        refill, self.refill = self.refill, None
        if refill is not None:
            refill()

    def _run(
        self,
        work: Callable[[sqlite3.Connection], T],
        otherwise: T,
        renewed: Callable[[], object] = lambda: None,
    ) -> T:
        with self._mutex:
            for _ in range(2):
                try:
                    return work(self._connection())
                except sqlite3.DatabaseError as error:
                    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
                    if code in _BUSY or (code == sqlite3.SQLITE_ERROR and self._is_sound()):
                        return otherwise
                    self._replace(broken=code in _BROKEN)
                    renewed()
            return otherwise

    def _spelling_in(self, connection: sqlite3.Connection) -> Spelling:
        """Return what is known of readings, up to date with the index; loaded when somebody searches or saves."""
        if self._spelling is None:
            from salescoach.store.index.spelling import Spelling

            self._spelling = Spelling()
        self._spelling.attach(connection)
        return self._spelling

    def _connection(self) -> sqlite3.Connection:
        if self._open is None:
            self._open, self.lasting = connect(self.path, self.layout)
        return self._open

    def _is_sound(self) -> bool:
        """Say whether the index has all its tables and columns, so that it is the query that was none."""
        try:
            for table in self.layout.names:
                columns = self.layout.columns(table)
                self._connection().execute(f"SELECT {columns} FROM {table} LIMIT 1").fetchall()
        except sqlite3.Error:
            return False
        return True

    def _replace(self, *, broken: bool) -> None:
        # A broken file is made anew; one that cannot be written (a full or read-only disk) is left alone.
        self.renewed += 1
        if broken or self.path is None:
            self.close()
            if self.path is None or discard(self.path):
                return
        old = self._open
        self._open, self.lasting = in_memory(self.path, self.layout, old), False
        if old is not None:
            with suppress(sqlite3.Error):
                old.close()
