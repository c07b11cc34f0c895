"""Two records made one, of a person or a customer, in the customers and in the deals that know of them: one act.

Each function takes every document involved and returns each of them as it is afterwards; what is not changed comes back as
it was.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from salescoach.customer import merging
from salescoach.customer.models import Customer
from salescoach.deal.models import Deal
from salescoach.document.change import applied, record
from salescoach.document.stamp import Stamp


class Merged(NamedTuple):
    """The documents of one act: the customer that stays, the one that went into it if any, and the deals."""

    customer: Customer
    gone: Customer | None
    deals: tuple[Deal, ...]


def merge_people(
    customer: Customer,
    deals: Iterable[Deal],
    kept: str,
    gone: str,
    stamp: Stamp,
    ladder: Sequence[str],
) -> Merged:
    """Return the customer with two of its people as one, and its deals, in which the one has the parts of both.

    Raises what `customer.merging.merge_people` does.
    """
    names = {key: customer.people[key].name for key in (kept, gone) if key in customer.people}
    after = merging.merge_people(customer, kept, gone, stamp, ladder)
    about = {"contact": names.get(kept, ""), "contact_id": after.person_id(kept)}
    about |= {"other": names.get(gone, ""), "other_id": gone}
    return Merged(after, None, tuple(_seen(deal, after, stamp, about) for deal in deals))


def merge_customers(kept: Customer, gone: Customer, deals: Iterable[Deal], stamp: Stamp) -> Merged:
    """Return the customer `kept` with all that `gone` had, `gone` without it, and the deals as those of `kept`.

    Raises what `customer.merging.merge_customers` does.
    """
    after, left = merging.merge_customers(kept, gone, stamp)
    return Merged(after, left, tuple(_moved(deal, after, stamp) for deal in deals))


def _seen(deal: Deal, customer: Customer, stamp: Stamp, about: dict[str, str]) -> Deal:
    """Return the deal with its stakeholders under the ids that the customer has for them."""
    if applied(deal, stamp) or about["other_id"] not in deal.stakeholders:
        return deal.beside(customer)
    return record(deal, stamp, "people-merged", about, deal.beside(customer))


def _moved(deal: Deal, customer: Customer, stamp: Stamp) -> Deal:
    """Return the deal as one with the customer that its own was merged into."""
    if applied(deal, stamp) or deal.customer_id == customer.id:
        return deal.beside(customer)
    about = {"before": deal.customer, "after": customer.name}
    return record(deal, stamp, "customer-changed", about, deal.beside(customer))
