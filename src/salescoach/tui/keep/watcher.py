"""Looks at the files of the deal that is open, its own and its customer's, in a thread of its own, and tells when it is another than before."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from salescoach.store.errors import FolderGone, NotFound, ReadOnly
from salescoach.tui.messages import Came, Vanished
from salescoach.workspace.signs import Signs

if TYPE_CHECKING:
    from textual.message import Message

    from salescoach.workspace import Workspace

EVERY = 0.5
"""Seconds between two looks; each is one `stat`."""


class Watcher:
    """Watches one deal at a time. A change that cannot be read is looked at again when the file changes next."""

    def __init__(self, workspace: Workspace, post: Callable[[Message], object]) -> None:
        self._workspace = workspace
        self._post = post
        self._wake = threading.Condition()
        self._deal_id: str | None = None
        self._customer_id: str | None = None
        self._sign: Signs | None = None
        self._first = False
        """Whether the deal is looked at for the first time: its file may have been put there before the app began."""
        self._thread: threading.Thread | None = None

    def watch(self, deal_id: str | None, sign: Signs | None = None) -> None:
        """Watch this deal from now on, `sign` being that of the file it was read from; None watches nothing."""
        with self._wake:
            self._deal_id, self._sign, self._first = deal_id, sign, True
            if deal_id is not None and self._thread is None:
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
                self._wake.wait_for(lambda: self._deal_id is not None)
                self._wake.wait(EVERY)
                deal_id, known, first = self._deal_id, self._sign, self._first
                self._first = False
            if deal_id is None:
                continue
            if first:
                self._bring_together(deal_id)
            message, sign = self._look(deal_id, known)
            with self._wake:
                if self._deal_id != deal_id:
                    continue
                if self._sign == known:
                    self._sign = sign
            if message is not None:
                self._post(message)

    def _bring_together(self, deal_id: str) -> None:
        from salescoach.store.files.saved import replaced

        store = self._workspace.store
        with suppress(Exception):  # what cannot be done now is done by the next change
            if replaced(store.path(deal_id), store.paths.saved, deal_id):
                self._workspace.bring_together(self._workspace.read(deal_id))

    def _look(self, deal_id: str, known: Signs | None) -> tuple[Message | None, Signs | None]:
        from salescoach.store.files.atomic import NO_FILE

        nothing = Signs(NO_FILE, None)
        try:
            sign = self._workspace.deals.signs(deal_id, self._customer_id)
            if sign == known:
                return None, known
            deal, sign = self._workspace.deals.read_signed(deal_id)
            with suppress(ReadOnly):  # nothing can be merged here: what the files hold is shown
                if self._workspace.bring_together(deal):
                    deal, sign = self._workspace.deals.read_signed(deal_id)
            self._customer_id = deal.customer_id
        except (FileNotFoundError, NotFound, FolderGone):
            gone = Vanished(deal_id, folder=self._workspace.store.folder_gone())
            return (None if known == nothing else gone), nothing
        except Exception:  # noqa: BLE001 - a file that cannot be read now is looked at again; watching goes on
            return None, known
        return Came(deal, sign), sign
