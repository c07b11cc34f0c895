"""What a customer is called: made, and given other names."""

from __future__ import annotations

from collections.abc import Iterable

from salescoach.customer.models import Customer
from salescoach.customer.names import changed, others
from salescoach.document.change import applied, fit, make, record, record_made
from salescoach.document.stamp import Stamp

FIELDS = ("name", "other_names")
"""What `edit` changes."""


def create(
    *,
    id: str,  # noqa: A002  the field's own name
    name: str,
    stamp: Stamp,
    other_names: Iterable[str] = (),
) -> Customer:
    """Return a new customer without people. Raises InvalidValue for a name that does not fit."""
    names = others(name, other_names)
    customer = make(Customer, id=id, name=name, other_names=names, created_at=stamp.at)
    return record_made(customer, stamp, "customer-created", {"customer": customer.name})


def edit(customer: Customer, stamp: Stamp, *, deal: str = "", **fields: object) -> Customer:
    """Return the customer with the given `FIELDS`; the same customer when nothing differs.

    `deal` is the id of the deal that it was done in, empty outside of one. Raises InvalidValue.
    """
    if applied(customer, stamp):
        return customer
    unknown = set(fields) - set(FIELDS)
    if unknown:
        raise TypeError(f"a customer's edit has no {', '.join(sorted(unknown))}")
    after = fit(customer, **fields)
    after = fit(after, other_names=others(after.name, after.other_names))
    about = changed(customer, after, FIELDS)
    if not about:
        return customer
    about |= {"customer": after.name} | ({"deal": deal} if deal else {})
    return record(customer, stamp, "customer-edited", about, after)
