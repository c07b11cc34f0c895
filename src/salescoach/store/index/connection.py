"""A connection to the index's file whatever state that is in: made anew, or in memory with what can still be read."""

from __future__ import annotations

import os
import sqlite3
from contextlib import suppress
from pathlib import Path

from salescoach.store.files.atomic import make_folder
from salescoach.store.index.layout import Layout

BUSY_SECONDS = 2.0
SUFFIXES = ("", "-wal", "-shm")
"""Of the files that make up the index."""


def connect(path: Path | None, layout: Layout) -> tuple[sqlite3.Connection, bool]:
    """Return a connection to the index at `path`, and whether what is written there lasts.

    A file that is no index, or one of another version, is made anew. Where that is impossible, or `path` is None,
    the index is kept in memory, with what can still be read from the file.
    """
    if path is not None:
        for _ in range(2):
            try:
                return _open(path, layout), True
            except sqlite3.OperationalError:
                break
            except sqlite3.DatabaseError:
                if not discard(path):
                    break
            except OSError:
                break
    return in_memory(path, layout), False


def in_memory(
    path: Path | None, layout: Layout, broken: sqlite3.Connection | None = None
) -> sqlite3.Connection:
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
    prepare(memory, layout)
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


def _open(path: Path, layout: Layout) -> sqlite3.Connection:
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
        prepare(connection, layout)
    except BaseException:
        connection.close()
        raise
    return connection


def prepare(connection: sqlite3.Connection, layout: Layout) -> None:
    """Make the tables of an index of another version anew."""
    if _version(connection) == layout.version:
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        if _version(connection) != layout.version:
            # Also those of a program that had others: whatever is there goes.
            there = (
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
            )
            for (name,) in connection.execute(there).fetchall():
                connection.execute(f'DROP TABLE "{name.replace(chr(34), chr(34) * 2)}"')
            for statement in layout.statements():
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version={layout.version}")
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
