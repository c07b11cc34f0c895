"""The conflicts that a person settles in a deal: those of the deal itself, and those about its people in the customer.

A customer by itself has its own only.
"""

from __future__ import annotations

from pydantic import JsonValue

from salescoach.deal.models import Deal
from salescoach.document import conflicts
from salescoach.document.conflicts import Keep
from salescoach.document.models import AnyDocument, Conflict, Document
from salescoach.document.stamp import Stamp


def ordered(document: Document) -> list[tuple[str, Conflict]]:
    """Return the open conflicts with their ids, those of one subject side by side."""
    return sorted(document.open_conflicts.items(), key=lambda one: (one[1].path, one[0]))


def settle(document: AnyDocument, conflict_id: str, keep: Keep, stamp: Stamp) -> AnyDocument:
    """Return the deal with a conflict of its own or of its customer settled, or a customer; see `document.conflicts.settle`."""
    if not isinstance(document, Deal):
        return conflicts.settle(document, conflict_id, keep, stamp)
    deal, customer = document, document.customer_record
    if customer is not None and conflict_id in customer.conflicts.keys() - deal.conflicts.keys():
        return deal.beside(conflicts.settle(customer, conflict_id, keep, stamp, {"deal": deal.id}))
    return conflicts.settle(deal, conflict_id, keep, stamp)


def value_now(document: Document, conflict: Conflict) -> JsonValue:
    """Return what stands at a conflict's place; see `document.conflicts.value_now`."""
    return conflicts.value_now(_holder(document, conflict), conflict)


def place(document: Document, conflict: Conflict) -> dict[str, str]:
    """Return where a conflict is, as params of an event; see `document.conflicts.place`."""
    return conflicts.place(_holder(document, conflict), conflict.path)


def _holder(document: Document, conflict: Conflict) -> Document:
    customer = document.customer_record if isinstance(document, Deal) else None
    if customer is None:
        return document
    theirs = any(one is conflict for one in customer.conflicts.values())
    return customer if theirs or conflict.path[0] == "people" else document
