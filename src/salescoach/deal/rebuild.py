"""A deal with its customer as both were on a day, and what the events of a deal must tell for that."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from salescoach.customer.models import Customer
from salescoach.customer.surviving import surviving
from salescoach.deal.models import Deal
from salescoach.document import rebuild
from salescoach.document.changes import telling_all
from salescoach.document.merge import merge


def as_of(
    deal: Deal, moment: date | datetime, read: Callable[[str], Customer | None]
) -> Deal | None:
    """Return a deal with its customer as they were at the end of a day, or at an instant; None before it was made.

    The deal is given as it was saved, without its customer, whose names and ids of now would be in it. `read` returns the
    customer with an id as it is, None where there is none that can be read. The result comes without a customer where that
    one was not on record then. Raises NotTold as `document.rebuild.as_of` does.
    """
    then = rebuild.as_of(deal, moment)
    return None if then is None else then.beside(_customer(then.customer_id, moment, read))


def told(stored: Deal, held: Deal, result: Deal) -> Deal:
    """Return the `result` of an act whose event also tells what came into a `stored` deal when it was read as `held`.

    Read with its customer a deal has the names and ids that the customer gives; they are saved with the next act.
    """
    as_stored = held.stakeholders is stored.stakeholders and (held.customer_id, held.customer) == (
        stored.customer_id,
        stored.customer,
    )
    return result if as_stored else telling_all(stored, result)


def merged(base: Deal, mine: Deal, stored: Deal) -> Deal:
    """Return the merge of two deals with their customers, in which the events of `mine` tell all that it did to `stored`.

    Raises MergeFailed.
    """
    both = merge(base, mine, stored)
    known, customer = stored.customer_record, both.customer_record
    if known is not None and customer is not None and known.id == customer.id:
        customer = telling_all(known, customer)
    return telling_all(stored, both).beside(customer)


def _customer(
    key: str | None, moment: date | datetime, read: Callable[[str], Customer | None]
) -> Customer | None:
    def then(one: str) -> Customer | None:
        found = read(one)
        return rebuild.as_of(found, moment) if found is not None else None

    return surviving(key, then) if key is not None else None
