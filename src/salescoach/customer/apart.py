"""Two who look alike are called different, so that they are not offered for merging again."""

from __future__ import annotations

from uuid import UUID, uuid5

from salescoach.customer.models import Apart, Customer
from salescoach.customer.people import person
from salescoach.document.change import applied, make, mark, record
from salescoach.document.errors import InvalidValue
from salescoach.document.stamp import Stamp


def keep_people_apart(customer: Customer, one: str, other: str, stamp: Stamp) -> Customer:
    """Return the customer with two of its people called different; the same customer when they are already.

    Raises NotThere for an unknown person, InvalidValue where both ids stand for one.
    """
    if applied(customer, stamp) or customer.are_apart(one, other):
        return customer
    first, second = person(customer, one), person(customer, other)
    ids = customer.person_id(one), customer.person_id(other)
    about = {"contact": first.name, "contact_id": ids[0], "other": second.name, "other_id": ids[1]}
    return _put(customer, ids, stamp, "kept-apart", about | {"customer": customer.name})


def keep_customers_apart(customer: Customer, other: Customer, stamp: Stamp) -> Customer:
    """Return the customer as another one than `other`; the same customer when either says so already.

    Raises InvalidValue for one and the same.
    """
    ids = customer.id, other.id
    if applied(customer, stamp) or customer.are_apart(*ids) or other.are_apart(*ids):
        return customer
    about = {"customer": customer.name, "other": other.name, "other_id": other.id}
    return _put(customer, ids, stamp, "customers-kept-apart", about)


def customers_apart(customer: Customer) -> set[frozenset[str]]:
    """Return the pairs of ids of this customer and each one that it was called different from."""
    pairs = (frozenset((one.one, one.other)) for one in customer.apart.values())
    return {pair for pair in pairs if customer.id in pair}


def _put(
    customer: Customer, ids: tuple[str, str], stamp: Stamp, what: str, about: dict[str, str]
) -> Customer:
    first, second = sorted(ids)
    if first == second:
        raise InvalidValue("same-record")
    entry = make(Apart, one=first, other=second, **mark(stamp))
    # Whoever says it, here or elsewhere, it is the same entry.
    key = str(uuid5(UUID(first), second))
    return record(customer, stamp, what, about, apart={**customer.apart, key: entry})
