"""Files that somebody put in the place of what was last saved here: merged, and told of."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from salescoach.workspace.listed import Listed

if TYPE_CHECKING:
    from salescoach.deal.models import Deal
    from salescoach.store.care.outside import CameFromOutside
    from salescoach.store.documents import DocumentStore


class WithOutside(Listed):
    """Documents that came from outside."""

    told_outside: Callable[[CameFromOutside[Any]], None] | None

    def bring_together(self, deal: Deal) -> bool:
        """Merge a file that somebody put in the place of what was last saved here; say whether `deal` was such a one."""
        customer = deal.customer_record
        found = self.bring_document_together(self.store, deal.beside(None))
        return (
            customer is not None and self.bring_document_together(self.customers, customer)
        ) or found

    def bring_document_together(self, store: DocumentStore[Any], document: Any) -> bool:
        """Do so for a document of `store`; the people whom a deal of an earlier program brought go to their customer."""
        found = store.bring_together(document)
        if found is not None and store is self.store:
            self.deals.handed_over(found.document)
        return found is not None

    def bring_all_together(self) -> int:
        """Do so for every document whose file was touched after this program saved it; return how many there were.

        What came to customers that were merged into others is carried over to those.
        """
        from salescoach.store.errors import StoreError
        from salescoach.store.files.saved import replaced, touched

        found = 0
        for store in self.stores:
            for key in touched(store.places, store.ids()):
                if replaced(store.path(key), store.places.saved, key):
                    with suppress(StoreError):
                        found += self.bring_document_together(store, store.read(key))
        self.catch_up()
        for key in self.lists.customers.strays():
            with suppress(StoreError):
                found += self.customer_acts.carry_over(key, self.stamp())
        return found

    def outside_text(self, found: CameFromOutside[Any]) -> str:
        """Return one line that tells what became of such a file."""
        name, kept, came = found.document.name, len(found.kept), len(found.came_in)
        if found.parked is not None:
            return self.words("storage.outside-parked", name=name, path=found.parked)
        if not found.changed:
            return self.words("storage.outside-older", name=name, kept=kept)
        told = self.words("storage.outside-merged", name=name, kept=kept, came=came)
        count = len(found.document.conflicts)
        return self.words("storage.outside-conflicts", told=told, count=count) if count else told

    def _outside(self, found: CameFromOutside[Any]) -> None:
        if self.told_outside is not None:
            self.told_outside(found)
