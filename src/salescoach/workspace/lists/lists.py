"""All lists of an index, and what it knows of the kinds of document; each kind of list is loaded when it is asked for."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from salescoach.store.index.cache import Index
from salescoach.workspace.lists import customer_rows, deal_rows

if TYPE_CHECKING:
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

    @cached_property
    def deals(self) -> DealLists:
        """The deals."""
        from salescoach.workspace.lists.deals import DealLists

        return DealLists(self.index)

    @cached_property
    def customers(self) -> CustomerLists:
        """The customers."""
        from salescoach.workspace.lists.customers import CustomerLists

        return CustomerLists(self.index)

    @cached_property
    def people(self) -> PeopleLists:
        """The people of all customers."""
        from salescoach.workspace.lists.people import PeopleLists

        return PeopleLists(self.index)

    @cached_property
    def work(self) -> Work:
        """Today's work."""
        from salescoach.workspace.lists.work import Work

        return Work(self.index)
