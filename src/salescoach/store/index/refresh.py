"""Brings the index up to date with the files: what is new, changed in any way, or gone."""

from __future__ import annotations

import gc
import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from salescoach.store.cards import Row, listed_row, problem_row
from salescoach.store.errors import FolderGone, NotFound, StoreError, Unreadable
from salescoach.store.files import Sign, mtime, sign_of
from salescoach.store.index.cache import Index

if TYPE_CHECKING:
    from salescoach.deal.models import Deal
    from salescoach.store.documents import DocumentStore

_BATCH = 200
"""Deals that are written in one transaction: writers of other processes wait no longer than that takes."""

UNSEEN = Sign(-1, -1, -1, -1)
"""No file's sign: a file that the system did not let be read now may be read the next time, with nothing changed."""
_TRIES = 3
"""How often a refresh is done when the index is lost under it: what it knew must be read again."""


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What a refresh found."""

    changed: int
    """Deals that were new or different."""
    gone: int
    total: int
    complete: bool
    """False when it was cancelled, or there were files that the system did not let be looked at."""


def refresh(
    index: Index,
    store: DocumentStore[Deal],
    summarise: Callable[[Deal], Mapping[str, Any]],
    *,
    fingerprint: str,
    stages: Callable[[], Sequence[tuple[str, str, str]]],
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Refreshed:
    """Look at every file's status and read again what differs from the index.

    `fingerprint` stands for everything but the deal that `summarise` depends on; rows made under another are made
    anew. `progress(done, total)` is told about deals read; `cancelled()` is asked after each. Raises StoreError only
    when the folder itself is gone or cannot be listed.
    """
    work = _Refresh(index, store, summarise, fingerprint, progress, cancelled)
    with _no_collection():
        for _ in range(_TRIES):
            renewed = index.renewed
            done = work.run(stages)
            if index.renewed == renewed or not done.complete:
                break
        return done


@dataclass(frozen=True, slots=True)
class _Refresh:
    index: Index
    store: DocumentStore[Deal]
    summarise: Callable[[Deal], Mapping[str, Any]]
    fingerprint: str
    progress: Callable[[int, int], None] | None
    cancelled: Callable[[], bool] | None

    def run(self, stages: Callable[[], Sequence[tuple[str, str, str]]]) -> Refreshed:
        index, folder = self.index, self.store.paths.deals
        seen = mtime(folder)
        ids = self.store.ids()
        changed: list[tuple[str, Sign]] = []
        gone: list[str] = []
        unknown: OSError | None = None
        for key, known in _paired(ids, index.signs(self.fingerprint)):
            try:
                sign = sign_of(os.lstat(f"{folder}{os.sep}{key}.json"))
            except FileNotFoundError:
                gone.append(key)
            except OSError as error:
                unknown = error  # nobody can tell whether it changed, so its row stays
            else:
                if sign != known:
                    changed.append((key, sign))
        if gone:
            index.remove(gone)
        complete = self._read_again(changed)
        if unknown is not None:
            if not changed and not self.index.count():
                raise Unreadable(folder, unknown)
            return Refreshed(len(changed), len(gone), len(ids), complete=False)
        if complete and index.behind(folder, self.fingerprint):
            told = json.dumps(list(stages()))
            index.remember(folder=str(seen), made=self.fingerprint, stages=told)
        return Refreshed(len(changed), len(gone), len(ids), complete)

    def _read_again(self, changed: list[tuple[str, Sign]]) -> bool:
        """Make the rows anew; say whether all could be read."""
        unseen = False
        for start in range(0, len(changed), _BATCH):
            rows: list[tuple[Row, Sign]] = []
            stop = False
            for key, sign in changed[start : start + _BATCH]:
                stop = self.cancelled is not None and self.cancelled()
                if stop:
                    break
                row = _row(self.store, key, sign, self.summarise)
                if row is not None:
                    rows.append(row)
            self.index.put_rows(rows, self.fingerprint)
            unseen = unseen or any(sign is UNSEEN for _, sign in rows)
            if stop:
                return False
            if self.progress is not None:
                self.progress(min(start + _BATCH, len(changed)), len(changed))
        return not unseen


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


def _row(
    store: DocumentStore[Deal], key: str, sign: Sign, summarise: Callable[[Deal], Mapping[str, Any]]
) -> tuple[Row, Sign] | None:
    try:
        deal, sign = store.read_signed(key)
    except NotFound:
        return None
    except FolderGone:
        raise  # no deal of it has a problem
    except Unreadable as error:
        return problem_row(key, error.code), UNSEEN
    except StoreError as error:
        return problem_row(key, error.code), sign
    try:
        summary = summarise(deal)
    except Exception:  # noqa: BLE001 - a deal that the coach cannot judge is listed all the same
        summary = {}
    return listed_row(deal, summary), sign


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
