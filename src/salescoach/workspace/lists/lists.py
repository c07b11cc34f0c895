"""All lists of an index, and the kinds of document that it is over."""

from __future__ import annotations

from salescoach.store.index.cache import Index
from salescoach.workspace.lists.deal_rows import DEALS
from salescoach.workspace.lists.deals import DealLists
from salescoach.workspace.lists.people import Person, find_people
from salescoach.workspace.lists.work import Work

KINDS = (DEALS,)
"""The kinds of document in the index, those on which others rest first."""


class Lists:
    """What can be listed from an index over `KINDS`."""

    def __init__(self, index: Index) -> None:
        self.index = index
        self.deals = DealLists(index)
        self.work = Work(index)

    def people(self, text: str, limit: int = -1) -> list[Person]:
        """Return the people in whose name or title every word of `text` is found."""
        return find_people(self.index, text, limit)
