"""All lists of an index, and the kinds of document that it is over."""

from __future__ import annotations

from salescoach.store.index.cache import Index
from salescoach.workspace.lists import deal_rows
from salescoach.workspace.lists.deals import DealLists
from salescoach.workspace.lists.people import Person, find_people
from salescoach.workspace.lists.work import Work

INDEXED = (deal_rows.INDEXED,)
"""What the index knows of the kinds of document, of those first on which others rest."""


class Lists:
    """What can be listed from an index over `INDEXED`."""

    def __init__(self, index: Index) -> None:
        self.index = index
        self.deals = DealLists(index)
        self.work = Work(index)

    def people(self, text: str, limit: int = -1) -> list[Person]:
        """Return the people in whose name or title every word of `text` is found."""
        return find_people(self.index, text, limit)
