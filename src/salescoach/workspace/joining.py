"""Deals as the index reads them: each with its customer, and every customer read once, whatever the number of deals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from salescoach.store.errors import StoreError
from salescoach.store.index.kinds import Rest
from salescoach.workspace.kinds import CUSTOMERS
from salescoach.workspace.lists.deal_rows import ListedDeal

if TYPE_CHECKING:
    from salescoach.customer.models import Customer
    from salescoach.deal.models import Deal
    from salescoach.store.documents import DocumentStore
    from salescoach.store.files.atomic import Sign

_KEPT = 5000
"""Customers that are kept; a customer of ten people takes about 20 KB."""


class Joining:
    """Reads deals and customers for one refresh of the index."""

    def __init__(self, deals: DocumentStore[Deal], customers: DocumentStore[Customer]) -> None:
        self._deals = deals
        self._customers = customers
        self._read: dict[str, Customer | None] = {}

    def read_customer(self, key: str) -> tuple[Customer, Sign]:
        """Return a customer and its file's sign, as the store does, and keep it for its deals. Raises StoreError."""
        customer, sign = self._customers.read_signed(key)
        self._keep(key, customer)
        return customer, sign

    def read_deal(self, key: str) -> tuple[ListedDeal, Sign]:
        """Return a deal with its customer and its file's sign. Raises StoreError where the deal cannot be read."""
        deal, sign = self._deals.read_signed(key)
        return self.joined(deal), sign

    def joined(self, deal: Deal) -> ListedDeal:
        """Return a deal with its customer, or the one that was merged into; without one where it cannot be read."""
        from salescoach.customer.surviving import surviving

        rests: list[Rest] = []

        def read(key: str) -> Customer | None:
            customer = self._customer(key)
            save = customer.save if customer is not None else ""
            rests.append(Rest(CUSTOMERS.name, key, save))
            return customer

        key = deal.customer_id
        customer = surviving(key, read) if key is not None else None
        return ListedDeal(deal.beside(customer), tuple(rests))

    def _customer(self, key: str) -> Customer | None:
        if key not in self._read:
            try:
                found: Customer | None = self._customers.read(key)
            except StoreError:
                found = None
            self._keep(key, found)
        return self._read[key]

    def _keep(self, key: str, customer: Customer | None) -> None:
        if len(self._read) >= _KEPT:
            self._read.pop(next(iter(self._read)))
        self._read[key] = customer
