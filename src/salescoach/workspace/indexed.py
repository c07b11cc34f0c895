"""Keeps the index true: what is saved here goes into it, what others did is looked for."""

from __future__ import annotations

import atexit
import os
import threading
import weakref
from collections.abc import Callable
from contextlib import suppress
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, NamedTuple

from salescoach.workspace.method import WithMethod

if TYPE_CHECKING:
    from pathlib import Path

    from salescoach.customer.models import Customer
    from salescoach.deal.models import Deal
    from salescoach.deal.upgrade import Rules
    from salescoach.document.models import Document
    from salescoach.store.care.outside import CameFromOutside
    from salescoach.store.documents import DocumentStore
    from salescoach.store.files.atomic import Save
    from salescoach.store.index.cache import Index
    from salescoach.store.index.refresh import Source
    from salescoach.workspace.customers import CustomerActs
    from salescoach.workspace.deals import Deals
    from salescoach.workspace.lists.lists import Lists

_FEW = 1000
"""Documents of which every file is looked at before a list is told: a few milliseconds."""
_UNSETTLED = 32
"""Saves whose records in the index may wait."""


class Glance(NamedTuple):
    """What a look at folders and index shows; another one when anybody changed a document."""

    folders: tuple[int, ...] = ()
    """The folders' times."""
    version: int = 0
    """The index's."""
    stale: bool = False
    """Whether there are records in the index that rest on documents which changed."""


class Unsettled(NamedTuple):
    """A save whose record in the index waits."""

    kind: str
    document: Any
    save: Save


class Indexed(WithMethod):
    """The documents on disk and the index over them."""

    _registered: bool
    _settling: threading.RLock
    _unsettled: list[Unsettled]

    @cached_property
    def store(self) -> DocumentStore[Deal]:
        """The deals on disk. Change them through the workspace, which keeps the index true."""
        from salescoach.store.documents import DocumentStore
        from salescoach.workspace.kinds import DEALS

        saved = partial(self._saved, DEALS.name)
        return DocumentStore(self.paths, DEALS, saved, told=self._outside, stamp=self.stamp)

    @property
    def stores(self) -> tuple[DocumentStore[Any], ...]:
        """The documents of every kind; customers first, since what is read of a deal rests on its customer."""
        return self.customers, self.store

    @cached_property
    def customers(self) -> DocumentStore[Customer]:
        """The customers on disk."""
        from salescoach.store.documents import DocumentStore
        from salescoach.workspace.kinds import CUSTOMERS

        saved = partial(self._saved, CUSTOMERS.name)
        return DocumentStore(self.paths, CUSTOMERS, saved, told=self._outside, stamp=self.stamp)

    @cached_property
    def deals(self) -> Deals:
        """The deals with their customers, which are read and changed together."""
        from salescoach.workspace.deals import Deals

        return Deals(self.store, self.customers, self.paths.unfinished, self.hand_over_rules)

    @cached_property
    def customer_acts(self) -> CustomerActs:
        """The customers as they are changed, alone or together with their deals."""
        from salescoach.workspace.customers import CustomerActs

        return CustomerActs(self.store, self.customers, self.paths.unfinished, self.deals_of)

    def deals_of(self, customer_id: str) -> list[str]:
        """Return the ids of a customer's deals, archived ones included, the newest first."""
        from salescoach.workspace.lists.query import Where

        self.catch_up()
        found = self.lists.deals.cards(Where(customer=customer_id), sort="updated", brief=True)
        return [card.id for card in found]

    def hand_over_rules(self) -> Rules:
        """Return what the playbook and the language have to do with handing people over to their customer."""
        from salescoach.deal.upgrade import LABELLED, Rules

        labels = {name: self.words(f"fields.{name}") for name in LABELLED}
        rungs = self.playbook.tools.relationship.rungs
        return Rules(tuple(rung.key for rung in rungs), labels)

    def _outside(self, found: CameFromOutside[Any]) -> None:
        raise NotImplementedError

    @property
    def index(self) -> Index:
        """The index over all documents, with all that was saved through this workspace."""
        return self.lists.index

    @property
    def lists(self) -> Lists:
        """The lists of the index, with all that was saved through this workspace."""
        self.settle()
        return self._lists

    @cached_property
    def _lists(self) -> Lists:
        from salescoach.store.index.cache import Index
        from salescoach.workspace.lists.lists import INDEXED, Lists

        path = self.paths.index_file
        if self.playbook_path is not None:
            # A playbook tried out must not make the index of the usual one anew, twice.
            from zlib import crc32

            mark = crc32(os.fsencode(os.path.realpath(self.playbook_path)))
            path = path.with_name(f"{path.stem}-{mark:08x}.sqlite")
        return Lists(Index(path, INDEXED))

    def catch_up(self) -> None:
        """Refresh the index if one look at the folder says that it may be behind, also when it fails a reader later."""
        self.index.refill = self.refresh
        # A file edited in place does not show in its folder; where there are few, each is looked at.
        if self.behind() or self.lists.deals.count() <= _FEW:
            self.refresh()

    def glance(self) -> Glance:
        """Return what tells, by a look at the folders and the index, that anybody changed a document."""
        from salescoach.store.files.atomic import mtime

        index = self.index
        folders = tuple(map(mtime, self._folders().values()))
        return Glance(folders, index.version(), index.stale())

    def behind(self) -> bool:
        """Say, with one look at the folders and the playbook, whether the index is behind."""
        return self.index.behind(self._folders(), self.fingerprint)

    def rows_lacking(self) -> int:
        """Return how many documents have no record in the index, or one made under another program or playbook."""
        index = self.index
        return sum(
            max(0, len(source.ids()) - index.made_under(source.kind, self.fingerprint))
            for source in self.sources()
        )

    def sources(self) -> list[Source]:
        """Return the documents of each kind as the index reads them, those on which others rest first."""
        from salescoach.store.index.refresh import Source
        from salescoach.workspace.joining import Joining
        from salescoach.workspace.kinds import CUSTOMERS, DEALS

        deals, customers = self.store, self.customers
        joining = Joining(deals, customers)
        return [
            Source(
                CUSTOMERS.name,
                customers.places.folder,
                customers.ids,
                joining.read_customer,
                _untold,
                spared=True,
            ),
            Source(
                DEALS.name,
                deals.places.folder,
                deals.ids,
                joining.read_deal,
                lambda found: self._summary(found.deal),
            ),
        ]

    def _folders(self) -> dict[str, Path]:
        from salescoach.workspace.kinds import KINDS

        return {kind.name: self.paths.places(kind.folder).folder for kind in KINDS}

    def refresh(
        self,
        progress: Callable[[int, int], None] | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> int:
        """Bring the index up to date with every file, and return how many documents were changed, new or gone."""
        from salescoach.store.index.refresh import refresh

        done = refresh(
            self.index,
            self.sources(),
            fingerprint=self.fingerprint,
            facts=lambda: {"stages": self._stages()},
            progress=progress,
            cancelled=cancelled,
        )
        return done.changed + done.gone

    def forget_index(self) -> None:
        """Leave no byte of what the indexes hold, and fill the one in use again from the documents."""
        from salescoach.store.index.connection import discard

        self.index.wipe()
        with suppress(OSError):
            for path in self.paths.cache.glob(f"{self.paths.index_file.stem}-*.sqlite"):
                if path != self.index.path:
                    discard(path)
        self.refresh()

    def settle(self) -> None:
        """Write the index rows of what was saved. It happens by itself when the index is used or the program ends."""
        with self._settling:
            while self._unsettled:
                self._put(self._unsettled.pop(0))

    def _put(self, saved: Unsettled) -> None:
        from salescoach.workspace.joining import Joining
        from salescoach.workspace.lists import customer_rows, deal_rows

        kind, document, save = saved
        if kind == deal_rows.INDEXED.name:
            found = Joining(self.store, self.customers).joined(document)
            record = deal_rows.INDEXED.record(document.id, found, self._told(found.deal))
        else:
            record = customer_rows.INDEXED.record(document.id, document, {})
        self._lists.index.put(kind, document.id, record, save, self.fingerprint)

    def _saved(self, kind: str, document: Document, save: Save) -> None:
        # Judging a deal for its record takes longer than saving it, and nobody has to wait for that: the record can be
        # made from the file at any time.
        if not self._registered:
            self._registered = True
            atexit.register(_settle, weakref.ref(self))
        with self._settling:
            waiting = self._unsettled
            last = next(
                (at for at in reversed(range(len(waiting))) if waiting[at].kind == kind), None
            )
            if last is not None:
                _, before, earlier = waiting[last]
                if before.id == document.id and earlier.folder_after == save.folder_before:
                    # Only the newest of a document's saves makes a record, and nobody else came between the two.
                    save = save._replace(folder_before=earlier.folder_before)
                    waiting.pop(last)
            waiting.append(Unsettled(kind, document, save))
        if len(self._unsettled) > _UNSETTLED:
            self.settle()

    def _told(self, deal: Deal) -> dict[str, Any]:
        with suppress(Exception):  # a deal that the coach cannot judge is listed all the same
            return self._summary(deal)
        return {}

    def _summary(self, deal: Deal) -> dict[str, Any]:
        from salescoach.coach.summary import summarise

        return summarise(self.playbook, deal, self.settings.stalled_days)

    def _stages(self) -> list[tuple[str, str, str]]:
        return [(stage.key, stage.name.zh, stage.name.en) for stage in self.playbook.stages]


def _untold(customer: Customer) -> dict[str, Any]:
    """Return what the coach says of a customer: nothing."""
    del customer
    return {}


def _settle(reference: weakref.ref[Indexed]) -> None:
    workspace = reference()
    if workspace is not None and workspace.paths.deals.is_dir():
        workspace.settle()
