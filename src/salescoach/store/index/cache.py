"""The index over all deals: a cache that lists, search and today's work are painted from; it can be deleted any time.

Whatever is wrong with its file, it works: it is made anew, or kept in memory. It knows no pydantic.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from salescoach.store.cards import NOT_LISTED, Card, Counts, Due, Row, listed_row, problem_row
from salescoach.store.files import Save, Sign, mtime
from salescoach.store.index.connection import COLUMNS, TABLES, TOLD, connect, discard, in_memory
from salescoach.store.index.finding import head, lines_of
from salescoach.store.query import Where, count, select
from salescoach.text import fold

if TYPE_CHECKING:
    from salescoach.deal.models import Deal
    from salescoach.pinyin import Readings
    from salescoach.store.index.spelling import Spelling
    from salescoach.store.people import Person

T = TypeVar("T")
_JOINED = "deals LEFT JOIN tells ON tells.n = deals.n"
_FULL = ", ".join(Card._fields)
_BRIEF = ", ".join("''" if name in TOLD else name for name in Card._fields)
_FLAGS = tuple(Card._fields.index(name) for name in ("archived", "follow_up"))
_NAMES = ", ".join(COLUMNS)
_INSERT = (
    "INSERT OR REPLACE INTO deals (n, size, mtime_ns, inode, ctime_ns, made, next_key, name_key, customer_key,"
    f" {_NAMES}) VALUES ({', '.join('?' * (9 + len(COLUMNS)))})"
)
_PIECE = 1000
_BUSY = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
_UNFIT = (OverflowError, ValueError, sqlite3.InterfaceError, sqlite3.ProgrammingError)
_BROKEN = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR})


class Index:
    """The index in the file `path`, or in memory without one. Every method may be called from any thread."""

    def __init__(self, path: Path | None) -> None:
        self.path = path
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

    def cards(
        self,
        where: Where | None = None,
        *,
        sort: str = "next",
        limit: int = -1,
        offset: int = 0,
        brief: bool = False,
    ) -> list[Card]:
        """Return the deals that fit, in the order `sort` (one of SORTS); a search puts the best matches first.

        `brief` leaves out what the coach says.
        """
        columns = _BRIEF if brief else _FULL
        also = "" if brief else "tells"
        asked = select(columns, where or Where(), sort, also=also, limit=limit, offset=offset)
        return [_card(row) for row in self._rows(*asked)]

    def lines(self, where: Where | None = None, *, sort: str = "next") -> list[str]:
        """Return the deals that fit, each as `Card.line` gives it, in the order `sort`."""
        asked = select("line", where or Where(), sort, also="lines")
        return [line for (line,) in self._rows(*asked)]

    def count(self, where: Where | None = None) -> int:
        """Return how many deals fit."""
        rows = self._rows(*count(where or Where()))
        return int(rows[0][0]) if rows else 0

    def search(self, text: str, limit: int = -1) -> list[Card]:
        """Return the deals, archived ones included, in which every word of `text` is found, best match first."""
        return self.cards(Where(text=text), limit=limit)

    def people(self, text: str, limit: int = -1) -> list[Person]:
        """Return the people of the deals in whose name or title every word of `text` is found."""
        from salescoach.store.people import Person, people_query

        return list(map(Person._make, self._rows(*people_query(text, limit))))

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

    def get(self, deal_id: str) -> Card | None:
        """Return one deal's card."""
        rows = self._rows(f"SELECT {_FULL} FROM {_JOINED} WHERE id = ?", [deal_id])
        return _card(rows[0]) if rows else None

    def idle(self, limit: int = -1) -> list[Card]:
        """Return open deals without a next step."""
        query = (
            f"SELECT {_FULL} FROM {_JOINED} WHERE archived = 0 AND status = 'open'"
            " AND next_key = '9999-99-99' ORDER BY deals.n DESC LIMIT ?"
        )
        return [_card(row) for row in self._rows(query, [limit])]

    def revisit(self, today: str, limit: int = -1) -> list[Card]:
        """Return deals in nurture to be looked at again on or before the ISO date `today`, the earliest first."""
        query = (
            f"SELECT {_FULL} FROM {_JOINED} WHERE archived = 0 AND status = 'nurture'"
            " AND revisit_on <= ? ORDER BY revisit_on, name_key LIMIT ?"
        )
        return [_card(row) for row in self._rows(query, [today, limit])]

    def won(self, limit: int = -1) -> list[Card]:
        """Return won deals that are not served and paid yet, by their next step."""
        query = (
            f"SELECT {_FULL} FROM {_JOINED} WHERE archived = 0 AND status = 'won' AND follow_up"
            " ORDER BY next_key, name_key LIMIT ?"
        )
        return [_card(row) for row in self._rows(query, [limit])]

    def due(self, until: str, limit: int = -1) -> list[Due]:
        """Return the open actions due on or before the ISO date `until`, earliest first."""
        query = (
            "SELECT d.id, a.id, a.text, a.due, a.owner, a.agreed_with, a.item, d.name, d.customer,"
            " d.status, d.stage, d.stage_number, d.moves_done, d.moves_total"
            " FROM actions a JOIN deals d ON d.n = a.n"
            " WHERE a.due <= ? ORDER BY a.due, a.n LIMIT ?"
        )
        return list(map(Due._make, self._rows(query, [until, limit])))

    def counts(self, today: str) -> Counts:
        """Return Home's counts on the ISO date `today`."""
        live = "SELECT count(*) FROM deals WHERE archived = 0 AND status ="
        query = (
            "SELECT (SELECT count(*) FROM actions WHERE due < ?1),"
            " (SELECT count(*) FROM actions WHERE due = ?1),"
            f" ({live} 'nurture' AND revisit_on <= ?1),"
            f" ({live} 'open' AND stalled_on <= ?1),"
            f" ({live} 'open' AND next_key = '9999-99-99'),"
            f" ({live} 'open'), ({live} 'nurture'), ({live} 'won'), ({live} 'lost'),"
            " (SELECT count(*) FROM deals WHERE archived = 1),"
            " (SELECT count(*) FROM deals WHERE problem <> ''),"
            " (SELECT count(*) FROM deals WHERE archived = 0 AND conflicts > 0)"
        )
        rows = self._rows(query, [today])
        return Counts._make(rows[0] if rows else (0,) * len(Counts._fields))

    def named(self, name: str, customer: str) -> list[str]:
        """Return the ids of the deals with this name and customer, however they are spaced and cased."""
        lines = lines_of((name, customer))
        start = "\n" + "".join(f"{line}\n" for line in lines)
        query = (
            "SELECT id, name, customer FROM finds JOIN deals ON deals.n = finds.n"
            " WHERE substr(hay, 1, ?) = ?"
        )
        wanted = (fold(name), fold(customer))
        rows = self._rows(query, [len(start), start])
        return [key for key, *named in rows if tuple(map(fold, named)) == wanted]

    def names(self) -> list[tuple[str, str, str]]:
        """Return (id, name, customer) of every deal."""
        return [
            (row[0], row[1], row[2]) for row in self._rows("SELECT id, name, customer FROM deals")
        ]

    def problems(self) -> dict[str, str]:
        """Return the deals that could not be read, with the reason's code."""
        rows = self._rows("SELECT id, problem FROM deals WHERE problem <> ''")
        return {row[0]: row[1] for row in rows}

    def stages(self) -> list[tuple[str, str, str]]:
        """Return (key, Chinese name, English name) of the playbook's stages in order; empty before the first refresh."""
        text = self._meta("stages")
        return [(key, zh, en) for key, zh, en in json.loads(text)] if text else []

    # Knowing whether it is behind

    def behind(self, folder: Path, fingerprint: str) -> bool:
        """Say, with one stat, whether deals were added, replaced or removed, or the playbook changed, unseen."""
        return self._meta("folder") != str(mtime(folder)) or self._meta("made") != fingerprint

    def version(self) -> int:
        """Return a number that is another one when another process, or another connection, has written the index."""
        rows = self._rows("PRAGMA data_version")
        return int(rows[0][0]) + (self.renewed << 32) if rows else 0

    def signs(self, fingerprint: str) -> Iterator[tuple[str, Sign | None]]:
        """Yield every deal's id, in order, and its sign where it was summarised under `fingerprint`.

        They are read a piece at a time: ten thousand of them at once take more memory than all else.
        """
        query = "SELECT id, made, size, mtime_ns, inode, ctime_ns FROM deals WHERE id > ? ORDER BY id LIMIT ?"
        last = ""
        while rows := self._rows(query, [last, _PIECE]):
            for key, made, *sign in rows:
                yield key, Sign._make(sign) if made == fingerprint else None
            last = rows[-1][0]

    def made_under(self, fingerprint: str) -> int:
        """Return how many deals were summarised under `fingerprint`."""
        rows = self._rows("SELECT count(*) FROM deals WHERE made = ?", [fingerprint])
        return int(rows[0][0]) if rows else 0

    # Writing

    def put(self, deal: Deal, summary: Mapping[str, Any], save: Save, fingerprint: str) -> None:
        """Keep the row of a deal that was just saved. A row that cannot be kept is found missing later."""

        def write(connection: sqlite3.Connection) -> None:
            later = "SELECT 1 FROM deals WHERE id = ? AND rev > ? AND made = ?"
            if not connection.execute(later, [deal.id, deal.rev, fingerprint]).fetchone():
                self._keep(connection, listed_row(deal, summary), save.sign, fingerprint)
            # If others changed the folder too, the next look must still find it changed.
            connection.execute(
                "UPDATE meta SET value = ? WHERE key = 'folder' AND value = ?",
                [str(save.folder_after), str(save.folder_before)],
            )

        self._transaction(write)

    def put_rows(self, rows: Iterable[tuple[Row, Sign]], fingerprint: str) -> None:
        """Keep many rows in one transaction."""

        def write(connection: sqlite3.Connection) -> None:
            for row, sign in rows:
                self._keep(connection, row, sign, fingerprint)

        self._transaction(write)

    def remove(self, ids: Iterable[str]) -> None:
        """Forget deals."""
        gone = [(key,) for key in ids]

        def write(connection: sqlite3.Connection) -> None:
            inner = "(SELECT n FROM deals WHERE id = ?)"
            for table in ("actions", "people", "finds", "lines", "tells", "deals"):
                connection.executemany(f"DELETE FROM {table} WHERE n = {inner}", gone)

        self._transaction(write)

    def remember(self, **facts: str) -> None:
        """Keep facts about the index itself: `folder`, `made`, `stages`."""

        def write(connection: sqlite3.Connection) -> None:
            connection.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", facts.items())

        self._transaction(write)

    def close(self) -> None:
        """Let go of the file."""
        with self._mutex, suppress(sqlite3.Error):
            if self._open is not None:
                self._open.close()
            self._open = None

    def _keep(self, connection: sqlite3.Connection, row: Row, sign: Sign, fingerprint: str) -> None:
        """Write a row, or one that says so where the row holds what the index cannot: a number beyond 64 bits."""
        try:
            self._write(connection, row, sign, fingerprint)
        except _UNFIT:
            self._write(connection, problem_row(row.card.id, NOT_LISTED), sign, fingerprint)

    def _write(
        self, connection: sqlite3.Connection, row: Row, sign: Sign, fingerprint: str
    ) -> None:
        card = row.card
        old = connection.execute("SELECT n FROM deals WHERE id = ?", [card.id]).fetchone()
        number = old[0] if old else None
        spelling = self._spelling_in(connection)
        first = len({fold(card.name), fold(card.customer)} - {""})
        found = spelling.kept(connection, row.texts, first)
        key = spelling.readings.key
        sorts = (key(fold(card.name)), key(fold(card.customer)))
        keys = (number, *sign, fingerprint, row.next_key, *sorts)
        values = (value for name, value in zip(Card._fields, card, strict=True) if name not in TOLD)
        written = connection.execute(_INSERT, (*keys, *values)).lastrowid
        number = number or written
        told = (number, *(getattr(card, name) for name in TOLD))
        connection.execute("INSERT OR REPLACE INTO tells VALUES (?, ?, ?, ?)", told)
        connection.execute("INSERT OR REPLACE INTO lines VALUES (?, ?)", [number, card.line()])
        heads = head(card.name, card.customer)
        connection.execute(
            f"INSERT OR REPLACE INTO finds VALUES ({_marks(5 + len(found))})",
            [number, card.archived, card.status, card.updated_at, heads, *found],
        )
        for table in ("people", "actions"):
            connection.execute(f"DELETE FROM {table} WHERE n = ?", [number])
        for person in row.people:
            kept = (number, *person, *spelling.kept(connection, person[1:]))
            connection.execute(f"INSERT INTO people VALUES ({_marks(len(kept))})", kept)
        if row.actions:
            connection.executemany(
                "INSERT INTO actions VALUES (?, ?, ?, ?, ?, ?, ?)",
                [(number, *action) for action in row.actions],
            )

    def _meta(self, key: str) -> str | None:
        rows = self._rows("SELECT value FROM meta WHERE key = ?", [key])
        return rows[0][0] if rows else None

    def _rows(self, query: str, params: Sequence[object] = ()) -> list[tuple[Any, ...]]:
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
            self._open, self.lasting = connect(self.path)
        return self._open

    def _is_sound(self) -> bool:
        """Say whether the index has all its tables and columns, so that it is the query that was none."""
        try:
            self._connection().execute(f"SELECT {_NAMES} FROM deals LIMIT 0")
            for table in TABLES:
                self._connection().execute(f"SELECT 1 FROM {table} LIMIT 1").fetchall()
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
        self._open, self.lasting = in_memory(self.path, old), False
        if old is not None:
            with suppress(sqlite3.Error):
                old.close()


def _marks(count: int) -> str:
    return ", ".join("?" * count)


def _card(row: tuple[Any, ...]) -> Card:
    values = list(row)
    for place in _FLAGS:
        values[place] = values[place] == 1
    return Card._make(values)
