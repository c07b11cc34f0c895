"""An index over deals without the rest of the program: making it, bringing it up to date, reading it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from salescoach.customer.models import Customer
from salescoach.deal.models import Deal
from salescoach.store.documents import DocumentStore
from salescoach.store.files.atomic import Save, Sign
from salescoach.store.index.cache import Index
from salescoach.store.index.kinds import Record
from salescoach.store.index.refresh import Refreshed, Source, refresh
from salescoach.workspace.joining import Joining
from salescoach.workspace.kinds import CUSTOMERS, DEALS
from salescoach.workspace.lists import deal_rows
from salescoach.workspace.lists.deal_rows import ListedDeal
from salescoach.workspace.lists.deals import DealLists
from salescoach.workspace.lists.lists import INDEXED
from salescoach.workspace.lists.work import Work


def made(path: Path | None = None) -> Index:
    """Return the index at `path`, or one in memory."""
    return Index(path, INDEXED)


def source(store: DocumentStore[Deal], summarise: Any = lambda deal: {}) -> Source:
    """Return a store's deals as the index reads them."""
    joining = Joining(store, customers(store))
    read = joining.read_deal
    return Source(
        DEALS.name, store.places.folder, store.ids, read, lambda found: summarise(found.deal)
    )


def customers(store: DocumentStore[Deal]) -> DocumentStore[Customer]:
    """Return the customers beside a store's deals."""
    return DocumentStore(store.paths, CUSTOMERS)


def bring(
    index: Index,
    store: DocumentStore[Deal],
    mark: str = "1",
    summarise: Any = lambda deal: {},
    **more: Any,
) -> Refreshed:
    """Refresh the index."""
    return refresh(index, [source(store, summarise)], fingerprint=mark, **more)


def put(
    index: Index, deal: Deal, save: Save, summary: Mapping[str, Any] | None = None, mark: str = "1"
) -> None:
    """Keep the record of a deal that was saved."""
    record = deal_rows.INDEXED.record(deal.id, ListedDeal(deal), summary or {})
    index.put(DEALS.name, deal.id, record, save, mark)


def put_all(index: Index, *records: tuple[str, Record, Sign], mark: str = "1") -> None:
    """Keep records of deals."""
    index.put_all(DEALS.name, records, mark)


def behind(index: Index, store: DocumentStore[Deal], mark: str = "1") -> bool:
    """Say whether an index over deals alone is behind."""
    return index.behind({DEALS.name: store.places.folder}, mark)


def deals(index: Index) -> DealLists:
    """Return the lists of deals of an index."""
    return DealLists(index)


def work(index: Index) -> Work:
    """Return today's work of an index."""
    return Work(index)
