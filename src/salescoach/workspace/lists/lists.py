"""All lists of an index, and the kinds of document that it is over."""

from __future__ import annotations

from salescoach.store.index.cache import Index
from salescoach.workspace.lists import customer_rows, deal_rows
from salescoach.workspace.lists.customers import CustomerLists
from salescoach.workspace.lists.deals import DealLists
from salescoach.workspace.lists.people import PeopleLists
from salescoach.workspace.lists.work import Work

INDEXED = (customer_rows.INDEXED, deal_rows.INDEXED)
"""What the index knows of the kinds of document, of those first on which others rest."""


class Lists:
    """What can be listed from an index over `INDEXED`."""

    def __init__(self, index: Index) -> None:
        self.index = index
        self.deals = DealLists(index)
        self.customers = CustomerLists(index)
        self.people = PeopleLists(index)
        self.work = Work(index)
