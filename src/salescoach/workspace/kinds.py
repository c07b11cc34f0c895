"""The kinds of document that there are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from salescoach.document.kind import Kind

if TYPE_CHECKING:
    from salescoach.customer.models import Customer
    from salescoach.deal.models import Deal


def _deal() -> type[Deal]:
    from salescoach.deal.models import Deal

    return Deal


def _customer() -> type[Customer]:
    from salescoach.customer.models import Customer

    return Customer


DEALS: Kind[Deal] = Kind("deal", "deals", _deal)
CUSTOMERS: Kind[Customer] = Kind("customer", "customers", _customer, lock_order=1)
KINDS: tuple[Kind[Any], ...] = (CUSTOMERS, DEALS)
"""Customers first: what is read of a deal rests on its customer."""
