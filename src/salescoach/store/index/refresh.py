"""Brings the index up to date with the files: what is new, changed in any way, or gone."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from salescoach.store.errors import FolderGone, NotFound, StoreError, Unreadable
from salescoach.store.files.atomic import Sign, mtime, sign_of
from salescoach.store.index.cache import Index
from salescoach.store.index.kinds import IndexedKind, Record

_BATCH = 200
"""Documents that are written in one transaction: writers of other processes wait no longer than that takes."""

UNSEEN = Sign(-1, -1, -1, -1)
"""No file's sign: a file that the system did not let be read now may be read the next time, with nothing changed."""
_TRIES = 3
"""How often a refresh is done when the index is lost under it: what it knew must be read again."""


class Source(NamedTuple):
    """The documents of a kind, as the index reads them."""

    kind: str
    folder: Path
    """Where their files are, `<id>.json` each."""
    ids: Callable[[], Sequence[str]]
    """Returns the ids of all, in order. Raises StoreError where the folder is gone or cannot be listed."""
    read_signed: Callable[[str], tuple[Any, Sign]]
    """Returns a document with all that its record rests on, and its file's sign. Raises StoreError."""
    summarise: Callable[[Any], Mapping[str, Any]]
    """Returns what the coach says of a document."""
    spared: bool = False
    """Whether the other kinds are looked at all the same while its folder is gone; its records stay as they are."""


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What a refresh found."""

    changed: int
    """Documents that were new or different, or rested on such."""
    gone: int
    total: int
    complete: bool
    """False when it was cancelled, or there were files that the system did not let be looked at."""


def refresh(
    index: Index,
    sources: Sequence[Source],
    *,
    fingerprint: str,
    facts: Callable[[], Mapping[str, object]] = dict,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Refreshed:
    """Look at every file's status and read again what differs from the index, or rests on what does.

    Kinds on which others rest come first in `sources`. `fingerprint` stands for everything but the documents that
    summaries depend on; records made under another are made anew, and so are the `facts` that the index remembers.
    `progress(done, total)` is told about documents read; `cancelled()` is asked after each. Raises StoreError only when a
    folder itself cannot be listed, or is gone and not `spared`.
    """
    with _no_collection():
        for _ in range(_TRIES):
            renewed = index.renewed
            done = _Refresh(index, sources, fingerprint, progress, cancelled).run(facts)
            if index.renewed == renewed or not done.complete:
                break
        return done


@dataclass(slots=True)
class _Looked:
    """What a look at the files of a kind found."""

    seen: int
    """The folder's time before."""
    total: int
    changed: dict[str, Sign] = field(default_factory=dict)
    gone: list[str] = field(default_factory=list)
    unknown: OSError | None = None
    """Why nobody can tell of some file whether it changed."""
    unseen: bool = False
    """Whether there was a file that could not be looked at or read."""


class _Refresh:
    def __init__(
        self,
        index: Index,
        sources: Sequence[Source],
        fingerprint: str,
        progress: Callable[[int, int], None] | None,
        cancelled: Callable[[], bool] | None,
    ) -> None:
        self._index = index
        self._sources = sources
        self._fingerprint = fingerprint
        self._progress = progress
        self._cancelled = cancelled
        self._done = self._total = 0
        self._stopped = False

    def run(self, facts: Callable[[], Mapping[str, object]]) -> Refreshed:
        index = self._index
        looks = [(source, self._look(source)) for source in self._sources]
        self._total = sum(len(look.changed) for _, look in looks)
        for source, look in looks:
            if look.gone:
                index.remove(source.kind, look.gone)
            self._read_again(source, look)
        for source, look in looks:
            if look.unknown is not None and not look.changed and not index.known(source.kind):
                raise Unreadable(source.folder, look.unknown)
        complete = not self._stopped and not any(look.unseen for _, look in looks)
        folders = {source.kind: source.folder for source in self._sources}
        if complete and index.behind(folders, self._fingerprint):
            seen = {f"folder {source.kind}": look.seen for source, look in looks}
            index.remember(**seen, made=self._fingerprint, **facts())
        changed, gone, total = (
            sum(counts)
            for counts in zip(
                *((len(look.changed), len(look.gone), look.total) for _, look in looks), strict=True
            )
        )
        return Refreshed(changed, gone, total, complete)

    def _look(self, source: Source) -> _Looked:
        """Look at the status of every file of a kind."""
        folder = source.folder
        seen = mtime(folder)
        try:
            ids = source.ids()
        except FolderGone:
            if not source.spared:
                raise
            return _Looked(seen, 0, unseen=True)
        look = _Looked(seen, len(ids))
        for key, known in _paired(ids, self._index.signs(source.kind, self._fingerprint)):
            try:
                sign = sign_of(os.lstat(f"{folder}{os.sep}{key}.json"))
            except FileNotFoundError:
                look.gone.append(key)
            except OSError as error:
                look.unknown = error  # nobody can tell whether it changed, so its record stays
                look.unseen = True
            else:
                if sign != known:
                    look.changed[key] = sign
        return look

    def _read_again(self, source: Source, look: _Looked) -> None:
        """Make the records anew."""
        kind = self._index.layout.kinds[source.kind]
        self._add_stale(source, look)
        changed = sorted(look.changed.items())
        for start in range(0, len(changed), _BATCH):
            batch: list[tuple[str, Record, Sign]] = []
            for key, sign in changed[start : start + _BATCH]:
                self._stopped = self._stopped or (self._cancelled is not None and self._cancelled())
                if self._stopped:
                    break
                found = _record(source, kind, key, sign)
                if found is not None:
                    batch.append((key, *found))
            self._index.put_all(source.kind, batch, self._fingerprint)
            look.unseen = look.unseen or any(sign is UNSEEN for _, _, sign in batch)
            if self._stopped:
                return
            self._done += min(_BATCH, len(changed) - start)
            if self._progress is not None:
                self._progress(self._done, self._total)

    def _add_stale(self, source: Source, look: _Looked) -> None:
        """Add what rests on a document that was written since the look at the files."""
        query = "SELECT id, size, mtime_ns, inode, ctime_ns FROM documents WHERE kind = ? AND stale"
        gone = set(look.gone)
        for key, *sign in self._index.rows(query, [source.kind]):
            if key not in look.changed and key not in gone:
                look.changed[key] = Sign._make(sign)
                self._total += 1


def _paired(
    ids: Sequence[str], rows: Iterator[tuple[str, Sign | None]]
) -> Iterator[tuple[str, Sign | None]]:
    """Yield every id of either, in order, with the sign that its row has; both come in order."""
    row = next(rows, None)
    for key in ids:
        while row is not None and row[0] < key:
            yield row
            row = next(rows, None)
        if row is not None and row[0] == key:
            yield row
            row = next(rows, None)
        else:
            yield key, None
    while row is not None:
        yield row
        row = next(rows, None)


def _record(source: Source, kind: IndexedKind, key: str, sign: Sign) -> tuple[Record, Sign] | None:
    try:
        document, sign = source.read_signed(key)
    except NotFound:
        return None
    except FolderGone:
        raise  # no document of it has a problem
    except Unreadable as error:
        return kind.broken(key, error.code), UNSEEN
    except StoreError as error:
        return kind.broken(key, error.code), sign
    try:
        summary = source.summarise(document)
    except Exception:  # noqa: BLE001 - a document that the coach cannot judge is listed all the same
        summary = {}
    return kind.record(key, document, summary), sign


@contextmanager
def _no_collection() -> Iterator[None]:
    # Thousands of new objects make the collector run again and again, for nothing: they are all in use.
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
