"""Saves edits one after the other in a thread of its own, keeps them while the disk refuses, and tells the screens."""

from __future__ import annotations

import threading
from collections import Counter, deque
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import TYPE_CHECKING, Literal, NamedTuple

from salescoach.document.errors import DocumentError
from salescoach.store.errors import (
    CannotTakeBack,
    Damaged,
    NewerSchema,
    NotFound,
    NothingToRedo,
    NothingToUndo,
    NotOwn,
    Parked,
    StoreError,
)
from salescoach.store.errors import SaveFailed as NotSaved
from salescoach.tui.messages import Refused, Saved, SaveFailed

if TYPE_CHECKING:
    from textual.message import Message

    from salescoach.deal.models import Deal
    from salescoach.document.stamp import Stamp
    from salescoach.workspace import Workspace

Operation = Callable[["Deal"], "Deal"]

Way = Literal["edit", "undo", "redo"]
# Trying again cannot help with these: the edit is told as refused, so that it does not hold up other deals.
_FINAL = (
    DocumentError,
    NotFound,
    Damaged,
    NewerSchema,
    NothingToUndo,
    NothingToRedo,
    NotOwn,
    CannotTakeBack,
    Parked,
)
# The deal is not there to be changed any more: what was done to it is parked, and can be merged once it is.
_PARKED = {NotFound: "gone", Damaged: "damaged", NewerSchema: "newer"}
_NEVER = frozenset({"too-large", "text"})
"""Reasons of a failed save that are in the edit itself."""

RETRY_AFTER = 3.0
"""Seconds after which a refused save is tried again without being asked."""


class Edit(NamedTuple):
    """An edit that waits: what to do to which deal, and the deal that the person saw while deciding on it."""

    deal_id: str
    operation: Operation
    base: Deal | None = None
    way: Way = "edit"
    stamp: Stamp | None = None
    """Of an undo or a redo, for which `operation` does not matter."""
    act: str | None = None
    """The timeline's entry that an undo or redo is about; without it the person's own next one."""


class Saver:
    """A queue of edits and the thread that works it off in order.

    An edit that fails stays at the head of the queue: nothing behind it is saved before it, nothing is dropped.
    """

    def __init__(self, workspace: Workspace, post: Callable[[Message], object]) -> None:
        self._workspace = workspace
        self._post = post
        self._edits: deque[Edit] = deque()
        self._pending: Counter[str] = Counter()
        self._unheard: Counter[str] = Counter()
        self._wake = threading.Condition()
        self._retry_now = False
        self._thread: threading.Thread | None = None

    def put(self, deal_id: str, operation: Operation, base: Deal | None = None) -> None:
        """Queue an edit. With `base`, what others saved since is merged with what the operation makes of it."""
        self._put(Edit(deal_id, operation, base))

    def put_travel(
        self, deal_id: str, way: Literal["undo", "redo"], stamp: Stamp, act: str | None = None
    ) -> None:
        """Queue an undo or a redo of the person's own next act, or of the one that the timeline's entry `act` is of."""
        self._put(Edit(deal_id, lambda deal: deal, None, way, stamp, act))

    def _put(self, edit: Edit) -> None:
        deal_id = edit.deal_id
        with self._wake:
            self._edits.append(edit)
            self._pending[deal_id] += 1
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="saver", daemon=True)
                self._thread.start()
            self._wake.notify_all()

    def pending(self, deal_id: str | None = None) -> int:
        """Return how many edits, of one deal or of all, are not yet on the disk."""
        with self._wake:
            return self._pending[deal_id] if deal_id is not None else len(self._edits)

    def unheard(self, deal_id: str) -> bool:
        """Say whether edits of a deal are queued, or one is done whose message nobody has taken in yet (see `heard`)."""
        with self._wake:
            return self._pending[deal_id] > 0 or self._unheard[deal_id] > 0

    def heard(self, deal_id: str) -> None:
        """Know that one message about an edit of a deal, Saved or Refused, was taken in."""
        with self._wake:
            self._unheard[deal_id] -= 1

    def on_top(self, deal: Deal) -> Deal:
        """Return a deal read from the disk with its queued edits applied, as the screens showed it."""
        with self._wake:
            waiting = [edit for edit in self._edits if edit.deal_id == deal.id]
        return _applied(deal, waiting)

    def as_shown(self, deal_id: str) -> Deal:
        """Return a deal with its queued edits applied, as it was seen when the first was made if it cannot be read.

        Raises what reading it does, when nobody saw it.
        """
        with self._wake:
            waiting = [edit for edit in self._edits if edit.deal_id == deal_id]
        try:
            deal = self._workspace.read(deal_id)
        except StoreError:
            seen = next((edit.base for edit in waiting if edit.base is not None), None)
            if seen is None:
                raise
            deal = seen
        return _applied(deal, waiting)

    def retry(self) -> None:
        """Try a refused edit again at once."""
        with self._wake:
            self._retry_now = True
            self._wake.notify_all()

    def drain(self, timeout: float) -> bool:
        """Wait until everything is saved, at most `timeout` seconds; say whether it is."""
        with self._wake:
            return self._wake.wait_for(lambda: not self._edits, timeout)

    def _work(self) -> None:
        while True:
            with self._wake:
                self._wake.wait_for(lambda: bool(self._edits))
                edit = self._edits[0]
            message = self._save(edit)
            self._post(message)
            if not self.pending():
                with suppress(Exception):  # the rows can be made from the files at any time
                    self._workspace.settle()
            if isinstance(message, SaveFailed):
                with self._wake:
                    self._wake.wait_for(lambda: self._retry_now, RETRY_AFTER)
                    self._retry_now = False

    def unsaved(self) -> list[str]:
        """Return the ids of the deals that have edits which are not yet on the disk."""
        with self._wake:
            return list(dict.fromkeys(edit.deal_id for edit in self._edits))

    def _save(self, edit: Edit) -> Message:
        deal_id, way = edit.deal_id, edit.way
        try:
            if way == "edit":
                deal = self._workspace.edit(deal_id, edit.operation, edit.base)
            elif way == "undo":
                deal = self._workspace.undo(deal_id, edit.stamp, edit.act)
            else:
                deal = self._workspace.redo(deal_id, edit.stamp, edit.act)
        except Exception as failure:  # noqa: BLE001 - whatever happens, the person is told and the others are saved
            error = self._parked(deal_id, failure) if way == "edit" else failure
            if not _may_pass(error):
                self._done(deal_id)
                return Refused(deal_id, error, self._reread(deal_id))
            return SaveFailed(deal_id, error, self.pending())
        return Saved(deal, self._done(deal_id), way, edit.stamp.id if edit.stamp else "")

    def _parked(self, deal_id: str, failure: Exception) -> Exception:
        """Park the queued edits of a deal that is not there to be changed, and return what to tell about the first."""
        reason = _PARKED.get(type(failure))
        if reason is None:
            return failure
        with self._wake:
            waiting = [edit for edit in self._edits if edit.deal_id == deal_id]
        try:
            path = self._workspace.park(self.as_shown(deal_id))
        except Exception as error:  # noqa: BLE001 - they stay in the queue, or there is nothing to keep
            return error
        with self._wake:
            done = {id(edit) for edit in waiting[1:]}
            self._edits = deque(edit for edit in self._edits if id(edit) not in done)
            self._pending[deal_id] -= len(done)
        return Parked(deal_id, path, reason, {}).of(self._workspace.store.kind.name)

    def _done(self, deal_id: str) -> int:
        with self._wake:
            self._edits.popleft()
            self._pending[deal_id] -= 1
            self._unheard[deal_id] += 1
            self._wake.notify_all()
            return self._pending[deal_id]

    def _reread(self, deal_id: str) -> Deal | None:
        try:
            return self._workspace.read(deal_id)
        except Exception:  # noqa: BLE001 - the refusal itself is what the person is told
            return None


def _applied(deal: Deal, edits: Iterable[Edit]) -> Deal:
    for edit in edits:
        if edit.way == "edit":
            with suppress(DocumentError):
                deal = edit.operation(deal)
    return deal


def _may_pass(error: Exception) -> bool:
    """Say whether trying again may help: the disk, a lock. What is wrong with the edit itself stays wrong."""
    if isinstance(error, _FINAL) or (isinstance(error, NotSaved) and error.reason in _NEVER):
        return False
    return isinstance(error, StoreError | OSError)
