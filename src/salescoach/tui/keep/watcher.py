"""Looks at the file of the document that is open, of a deal also at its customer's, in a thread of its own, and tells of changes."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Protocol

from salescoach.store.errors import FolderGone, NotFound, ReadOnly
from salescoach.store.files.saved import replaced
from salescoach.tui.messages import Came, Vanished

if TYPE_CHECKING:
    from textual.message import Message

    from salescoach.document.models import Document
    from salescoach.tui.keep.saver import Kind
    from salescoach.workspace import Workspace

EVERY = 0.5
"""Seconds between two looks; each is one `stat`."""


class Watcher:
    """Watches one document at a time. A change that cannot be read is looked at again when the file changes next."""

    def __init__(self, workspace: Workspace, post: Callable[[Message], object]) -> None:
        self._workspace = workspace
        self._post = post
        self._wake = threading.Condition()
        self._watched: Watched | None = None
        self._sign: object = None
        self._first = False
        """Whether the document is looked at for the first time: its file may have been put there before the app began."""
        self._thread: threading.Thread | None = None

    def watch(
        self,
        key: str | None,
        sign: object = None,
        *,
        kind: Kind = "deal",
        customer: str | None = None,
    ) -> None:
        """Watch this document from now on, `sign` being that of what it was read from; None watches nothing."""
        watched: Watched | None = None
        if key is not None and kind == "deal":
            watched = WatchedDeal(self._workspace, key, customer)
        elif key is not None:
            watched = WatchedCustomer(self._workspace, key)
        with self._wake:
            self._watched, self._sign, self._first = watched, sign, True
            if watched is not None and self._thread is None:
                self._thread = threading.Thread(target=self._work, name="watcher", daemon=True)
                self._thread.start()
            self._wake.notify_all()

    def doubt(self) -> None:
        """Read the file again at the next look, changed or not."""
        with self._wake:
            self._sign = None

    def _work(self) -> None:
        while True:
            with self._wake:
                self._wake.wait_for(lambda: self._watched is not None)
                self._wake.wait(EVERY)
                watched, known, first = self._watched, self._sign, self._first
                self._first = False
            if watched is None:
                continue
            if first:
                with suppress(Exception):  # what cannot be done now is done by the next change
                    watched.bring_together()
            message, sign = self._look(watched, known)
            with self._wake:
                if self._watched is not watched:
                    continue
                if self._sign == known:
                    self._sign = sign
            if message is not None:
                self._post(message)

    def _look(self, watched: Watched, known: object) -> tuple[Message | None, object]:
        from salescoach.store.files.atomic import NO_FILE

        try:
            sign = watched.sign()
            if sign == known:
                return None, known
            document, sign = watched.read()
        except (FileNotFoundError, NotFound, FolderGone):
            gone = Vanished(watched.key, folder=watched.folder_gone())
            return (None if known == NO_FILE else gone), NO_FILE
        except Exception:  # noqa: BLE001 - a file that cannot be read now is looked at again; watching goes on
            return None, known
        return Came(document, sign), sign


class Watched(Protocol):
    """A document that is watched."""

    key: str

    def sign(self) -> object:
        """Return what tells, by a look, whether it is another than before. Raises FileNotFoundError."""

    def read(self) -> tuple[Document, object]:
        """Return it with its sign, after merging what somebody put in the place of its file. Raises StoreError."""

    def bring_together(self) -> None:
        """Merge what somebody put in the place of its file before the app began."""

    def folder_gone(self) -> bool:
        """Say whether all that was in its folder is gone."""


class WatchedDeal:
    """A deal with its customer."""

    def __init__(self, workspace: Workspace, key: str, customer: str | None) -> None:
        self.key = key
        self._workspace = workspace
        self._customer_id = customer

    def sign(self) -> object:
        """Return the signs of both files."""
        return self._workspace.deals.signs(self.key, self._customer_id)

    def read(self) -> tuple[Document, object]:
        """Return the deal with its customer, and the signs of both files."""
        workspace = self._workspace
        deal, sign = workspace.deals.read_signed(self.key)
        with suppress(ReadOnly):  # nothing can be merged here: what the files hold is shown
            if workspace.bring_together(deal):
                deal, sign = workspace.deals.read_signed(self.key)
        self._customer_id = deal.customer_id
        return deal, sign

    def bring_together(self) -> None:
        """Merge what somebody put in the place of the deal's file."""
        store = self._workspace.store
        if replaced(store.path(self.key), store.places.saved, self.key):
            self._workspace.bring_together(self._workspace.read(self.key))

    def folder_gone(self) -> bool:
        """Say whether the folder of the deals is gone."""
        return self._workspace.store.folder_gone()


class WatchedCustomer:
    """A customer by itself."""

    def __init__(self, workspace: Workspace, key: str) -> None:
        self.key = key
        self._workspace = workspace

    def sign(self) -> object:
        """Return the sign of its file. Raises FileNotFoundError."""
        found = self._workspace.customers.sign(self.key)
        if found is None:
            raise FileNotFoundError(self.key)
        return found

    def read(self) -> tuple[Document, object]:
        """Return the customer and the sign of its file."""
        store = self._workspace.customers
        customer, sign = store.read_signed(self.key)
        with suppress(ReadOnly):  # nothing can be merged here: what the file holds is shown
            if store.bring_together(customer):
                customer, sign = store.read_signed(self.key)
        return customer, sign

    def bring_together(self) -> None:
        """Merge what somebody put in the place of its file."""
        store = self._workspace.customers
        if replaced(store.path(self.key), store.places.saved, self.key):
            store.bring_together(store.read(self.key))

    def folder_gone(self) -> bool:
        """Say whether the folder of the customers is gone."""
        return self._workspace.customers.folder_gone()
