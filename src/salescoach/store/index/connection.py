"""The index's tables, and a connection to them whatever state the file is in."""

from __future__ import annotations

import os
import sqlite3
from contextlib import suppress
from pathlib import Path

from salescoach.store.cards import Card
from salescoach.store.files import make_folder

VERSION = 7
"""Another number in the file means other tables: it is made anew."""
BUSY_SECONDS = 2.0
SUFFIXES = ("", "-wal", "-shm")
"""Of the files that make up the index."""
TOLD = ("promised", "step", "told")
"""Columns as long as all others together, which only the cards that are looked at need: a table of their own."""
COLUMNS = tuple(name for name in Card._fields if name not in TOLD)
_TYPES = dict.fromkeys(
    (
        "rev",
        "archived",
        "stage_number",
        "moves_done",
        "moves_total",
        "stage_moves_done",
        "stage_moves_total",
        "items_done",
        "items_total",
        "follow_up",
        "conflicts",
    ),
    "INTEGER",
)
_TABLES = (
    "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID",
    "CREATE TABLE deals (n INTEGER PRIMARY KEY, size INTEGER, mtime_ns INTEGER, inode INTEGER, ctime_ns INTEGER,"
    " made TEXT, next_key TEXT, name_key TEXT, customer_key TEXT, "
    + ", ".join(f"{name} {_TYPES.get(name, 'TEXT')}" for name in COLUMNS)
    + ", UNIQUE (id))",
    "CREATE INDEX by_next ON deals (archived, status, next_key)",
    "CREATE INDEX by_update ON deals (archived, status, updated_at)",
    "CREATE INDEX by_name ON deals (archived, status, name_key)",
    "CREATE INDEX by_stage ON deals (archived, status, stage_number, coalesce(close_on, '9999'), name_key, problem)",
    "CREATE INDEX by_problem ON deals (id) WHERE problem <> ''",
    "CREATE INDEX by_conflict ON deals (archived) WHERE conflicts > 0",
    # All that finding out what changed needs, so that it never reads the rows themselves.
    "CREATE INDEX by_sign ON deals (id, made, size, mtime_ns, inode, ctime_ns)",
    "CREATE TABLE tells (n INTEGER PRIMARY KEY, promised TEXT, step TEXT, told TEXT)",
    # A list of all deals for scripts is read from here as it is: making JSON of the columns takes twice as long.
    "CREATE TABLE lines (n INTEGER PRIMARY KEY, line TEXT)",
    # All that finding a word needs, so that it never reads the deals' own rows.
    "CREATE TABLE finds (n INTEGER PRIMARY KEY, archived INTEGER, status TEXT, updated_at TEXT, head INTEGER, {sounds}, hay TEXT)",
    # How the characters in it are read, so that nobody who searches needs a dictionary.
    "CREATE TABLE readings (char TEXT PRIMARY KEY, syllables TEXT) WITHOUT ROWID",
    # The people of the deals, for whoever looks for one of them and not for a deal.
    "CREATE TABLE people (n INTEGER, id TEXT, name TEXT, title TEXT, {sounds}, hay TEXT)",
    "CREATE INDEX by_person ON people (n)",
    "CREATE TABLE actions (n INTEGER, id TEXT, due TEXT, text TEXT, owner TEXT, agreed_with TEXT, item TEXT)",
    "CREATE INDEX by_due ON actions (due, n)",
    "CREATE INDEX by_deal ON actions (n)",
)
TABLES = ("meta", "deals", "tells", "lines", "finds", "readings", "people", "actions")


def connect(path: Path | None) -> tuple[sqlite3.Connection, bool]:
    """Return a connection to the index at `path`, and whether what is written there lasts.

    A file that is no index, or one of another version, is made anew. Where that is impossible, or `path` is None,
    the index is kept in memory, with what can still be read from the file.
    """
    if path is not None:
        for _ in range(2):
            try:
                return _open(path), True
            except sqlite3.OperationalError:
                break
            except sqlite3.DatabaseError:
                if not discard(path):
                    break
            except OSError:
                break
    return in_memory(path), False


def in_memory(path: Path | None, broken: sqlite3.Connection | None = None) -> sqlite3.Connection:
    """Return a connection to an index in memory, with what `broken`, or else the file at `path`, still lets be read."""
    memory = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    try:
        if broken is not None:
            broken.backup(memory)
        elif path is not None:
            _salvage(path, memory)
    except sqlite3.Error:
        if path is not None:
            _salvage(path, memory)
    _prepare(memory)
    return memory


def discard(path: Path) -> bool:
    """Delete the index; say whether it is gone."""
    try:
        for suffix in SUFFIXES:
            Path(f"{path}{suffix}").unlink(missing_ok=True)
    except OSError:
        return False
    return True


def _clear_way(path: Path) -> None:
    """Remove what is no file in the place of the index's files: a named pipe there would hang whoever opens it.

    Raises OSError for what cannot be removed, such as a folder.
    """
    for suffix in SUFFIXES:
        file = f"{path}{suffix}"
        if os.path.lexists(file) and not os.path.isfile(file):  # noqa: PTH113 - at every start
            os.unlink(file)  # noqa: PTH108


def _open(path: Path) -> sqlite3.Connection:
    make_folder(path.parent)
    _clear_way(path)
    if not path.exists():
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        path.chmod(0o600)
    connection = sqlite3.connect(
        path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
    )
    try:
        # With a write-ahead log readers never wait; NORMAL never waits for the disk outside checkpoints.
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")
        # Sorting all that is listed would otherwise go by way of a file.
        connection.execute("PRAGMA temp_store=MEMORY")
        _prepare(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _prepare(connection: sqlite3.Connection) -> None:
    if _version(connection) == VERSION:
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        if _version(connection) != VERSION:
            for name in TABLES:
                connection.execute(f"DROP TABLE IF EXISTS {name}")
            from salescoach.store.index.spelling import SOUNDS

            sounds = ", ".join(f"{name} INTEGER" for name in SOUNDS)
            for statement in _TABLES:
                connection.execute(statement.replace("{sounds}", sounds))
            connection.execute(f"PRAGMA user_version={VERSION}")
        connection.execute("COMMIT")
    except BaseException:
        with suppress(sqlite3.Error):
            connection.execute("ROLLBACK")
        raise


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _salvage(path: Path, memory: sqlite3.Connection) -> None:
    if not path.is_file():
        return
    with suppress(sqlite3.Error, OSError):
        file = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
        try:
            file.backup(memory)
        finally:
            file.close()
