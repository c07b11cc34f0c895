"""Saves edits one after the other in a thread of its own, keeps them while the disk refuses, and tells the screens."""

from __future__ import annotations

import threading
from collections import Counter, deque
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

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
    from pathlib import Path

    from textual.message import Message

    from salescoach.document.models import AnyDocument, Document
    from salescoach.document.stamp import Stamp
    from salescoach.workspace import Workspace

Operation = Callable[[Any], Any]
"""Takes a document and returns the new one."""
Kind = Literal["deal", "customer"]
Way = Literal["edit", "undo", "redo"]
# Trying again cannot help with these: the edit is told as refused, so that it does not hold up other documents.
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
# The document is not there to be changed any more: what was done to it is parked, and can be merged once it is.
_PARKED = {NotFound: "gone", Damaged: "damaged", NewerSchema: "newer"}
_NEVER = frozenset({"too-large", "text"})
"""Reasons of a failed save that are in the edit itself."""

RETRY_AFTER = 3.0
"""Seconds after which a refused save is tried again without being asked."""


class _Door(NamedTuple):
    """The names of the workspace's methods for a kind of document."""

    read: str
    edit: str
    undo: str
    redo: str
    park: str


_DOORS: Final[dict[Kind, _Door]] = {
    "deal": _Door("read", "edit", "undo", "redo", "park"),
    "customer": _Door(
        "current_customer", "edit_customer", "undo_customer", "redo_customer", "park_customer"
    ),
}


class Edit(NamedTuple):
    """An edit that waits: what to do to which document, and the document that the person saw while deciding on it."""

    kind: Kind
    key: str
    operation: Operation
    base: Document | None = None
    way: Way = "edit"
    stamp: Stamp | None = None
    """Of an undo or a redo, for which `operation` does not matter."""
    act: str | None = None
    """The timeline's entry that an undo or redo is about; without it the person's own next one."""
    act_on_all: Callable[[], Any] | None = None
    """Does it where it changes several documents, and returns this one; `operation` is what it does to this one."""


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

    def put(
        self,
        key: str,
        operation: Operation,
        base: Document | None = None,
        *,
        kind: Kind = "deal",
        act_on_all: Callable[[], Any] | None = None,
    ) -> None:
        """Queue an edit. With `base`, what others saved since is merged with what the operation makes of it."""
        self._put(Edit(kind, key, operation, base, act_on_all=act_on_all))

    def put_travel(
        self,
        key: str,
        way: Literal["undo", "redo"],
        stamp: Stamp,
        act: str | None = None,
        *,
        kind: Kind = "deal",
    ) -> None:
        """Queue an undo or a redo of the person's own next act, or of the one that the timeline's entry `act` is of."""
        self._put(Edit(kind, key, lambda document: document, None, way, stamp, act))

    def _put(self, edit: Edit) -> None:
        with self._wake:
            self._edits.append(edit)
            self._pending[edit.key] += 1
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="saver", daemon=True)
                self._thread.start()
            self._wake.notify_all()

    def pending(self, key: str | None = None) -> int:
        """Return how many edits, of one document or of all, are not yet on the disk."""
        with self._wake:
            return self._pending[key] if key is not None else len(self._edits)

    def unheard(self, key: str) -> bool:
        """Say whether edits of a document are queued, or one is done whose message nobody has taken in yet (see `heard`)."""
        with self._wake:
            return self._pending[key] > 0 or self._unheard[key] > 0

    def heard(self, key: str) -> None:
        """Know that one message about an edit of a document, Saved or Refused, was taken in."""
        with self._wake:
            self._unheard[key] -= 1

    def on_top(self, document: AnyDocument) -> AnyDocument:
        """Return a document read from the disk with its queued edits applied, as the screens showed it."""
        return _applied(document, self._waiting(document.id))

    def as_shown(self, key: str) -> Document:
        """Return a document with its queued edits applied, as it was seen when the first was made if it cannot be read.

        Raises what reading it does, when nobody saw it.
        """
        waiting = self._waiting(key)
        try:
            document = self._read(waiting[0].kind if waiting else "deal", key)
        except StoreError:
            seen = next((edit.base for edit in waiting if edit.base is not None), None)
            if seen is None:
                raise
            document = seen
        return _applied(document, waiting)

    def _waiting(self, key: str) -> list[Edit]:
        with self._wake:
            return [edit for edit in self._edits if edit.key == key]

    def _read(self, kind: Kind, key: str) -> Document:
        document: Document = getattr(self._workspace, _DOORS[kind].read)(key)
        return document

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

    def unsaved(self) -> list[tuple[Kind, str]]:
        """Return the kinds and ids of the documents that have edits which are not yet on the disk."""
        with self._wake:
            return list(dict.fromkeys((edit.kind, edit.key) for edit in self._edits))

    def park(self, kind: Kind, document: Document) -> Path:
        """Keep a document as a file that can be merged later; see `Workspace.park`."""
        path: Path = getattr(self._workspace, _DOORS[kind].park)(document)
        return path

    def _save(self, edit: Edit) -> Message:
        key, way, door = edit.key, edit.way, _DOORS[edit.kind]
        try:
            if edit.act_on_all is not None:
                document = edit.act_on_all()
            elif way == "edit":
                document = getattr(self._workspace, door.edit)(key, edit.operation, edit.base)
            else:
                travel = getattr(self._workspace, door.undo if way == "undo" else door.redo)
                document = travel(key, edit.stamp, edit.act)
        except Exception as failure:  # noqa: BLE001 - whatever happens, the person is told and the others are saved
            error = self._parked(edit, failure) if way == "edit" else failure
            if not _may_pass(error):
                self._done(key)
                return Refused(key, error, self._reread(edit))
            return SaveFailed(key, error, self.pending())
        return Saved(document, self._done(key), way, edit.stamp.id if edit.stamp else "", key)

    def _parked(self, edit: Edit, failure: Exception) -> Exception:
        """Park the queued edits of a document that is not there to be changed, and return what to tell about the first."""
        reason = _PARKED.get(type(failure))
        # One of several documents is missing: the act is refused as it is, none of them was changed.
        if reason is None or edit.act_on_all is not None:
            return failure
        key, waiting = edit.key, self._waiting(edit.key)
        try:
            path = self.park(edit.kind, self.as_shown(key))
        except Exception as error:  # noqa: BLE001 - they stay in the queue, or there is nothing to keep
            return error
        with self._wake:
            done = {id(each) for each in waiting[1:]}
            self._edits = deque(each for each in self._edits if id(each) not in done)
            self._pending[key] -= len(done)
        return Parked(key, path, reason, {}).of(edit.kind)

    def _done(self, key: str) -> int:
        with self._wake:
            self._edits.popleft()
            self._pending[key] -= 1
            self._unheard[key] += 1
            self._wake.notify_all()
            return self._pending[key]

    def _reread(self, edit: Edit) -> Document | None:
        try:
            return self._read(edit.kind, edit.key)
        except Exception:  # noqa: BLE001 - the refusal itself is what the person is told
            return None


def _applied(document: AnyDocument, edits: Iterable[Edit]) -> AnyDocument:
    for edit in edits:
        if edit.way == "edit":
            with suppress(DocumentError):
                document = edit.operation(document)
    return document


def _may_pass(error: Exception) -> bool:
    """Say whether trying again may help: the disk, a lock. What is wrong with the edit itself stays wrong."""
    if isinstance(error, _FINAL) or (isinstance(error, NotSaved) and error.reason in _NEVER):
        return False
    return isinstance(error, StoreError | OSError)
