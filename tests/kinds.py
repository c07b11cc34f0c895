"""What tests need of each kind of document."""

from __future__ import annotations

from typing import Any

from salescoach.customer.models import Customer
from salescoach.deal.models import Deal
from salescoach.paths import Paths
from salescoach.store.documents import DocumentStore
from salescoach.workspace.deals import Deals
from salescoach.workspace.kinds import CUSTOMERS, DEALS


def deal_store(paths: Paths, saved: Any = None, **more: Any) -> DocumentStore[Deal]:
    """Return the deals below `paths`; the rest is given to the store as it is."""
    return DocumentStore(paths, DEALS, saved, **more)


def customer_store(paths: Paths, saved: Any = None, **more: Any) -> DocumentStore[Customer]:
    """Return the customers below `paths`; the rest is given to the store as it is."""
    return DocumentStore(paths, CUSTOMERS, saved, **more)


def joined_deals(paths: Paths) -> Deals:
    """Return the deals below `paths`, read and changed with their customers."""
    return Deals(deal_store(paths), customer_store(paths), paths.unfinished)
