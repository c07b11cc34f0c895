"""The people of a deal: their records in the customer's document, and the part that each of them plays in the deal.

What is known of a person is changed in the customer, the part in the deal, by one act: its event has the same id in both.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from salescoach.customer import people
from salescoach.customer.models import Customer
from salescoach.customer.rungs import RungChange
from salescoach.deal.models import Deal
from salescoach.deal.stakeholders import Contact, Stakeholder
from salescoach.document.change import brief, differences, fit, make, nearest, next_order, record
from salescoach.document.errors import DocumentError, NotThere
from salescoach.document.stamp import Stamp

PART: Final = ("roles", "key", "stance")
"""The fields of a person's part in the deal; roles are keys of the playbook."""
FIELDS: Final = (*people.FIELDS, *PART)
"""What `add` and `edit` take."""


def contact(deal: Deal, contact_id: str) -> Contact:
    """Return a contact. Raises NotThere with the nearest names."""
    found = deal.contacts.get(contact_id)
    if found is None:
        names = [one.name for one in deal.contacts.values()]
        near = nearest(contact_id, names) or tuple(names[:5])
        raise NotThere("contact-unknown", near=near, asked=brief(contact_id))
    return found


def add(
    deal: Deal, stamp: Stamp, *, name: str, rung: RungChange | None = None, **fields: object
) -> Deal:
    """Return the deal with a new person, keyed by the stamp's id, on a rung if one is given.

    Raises InvalidValue, and DocumentError where the customer's document is missing.
    """
    if _applied(deal, stamp):
        return deal
    part, of_person = _sorted(fields)
    customer = people.add(_customer(deal), stamp, name=name, rung=rung, deal=deal.id, **of_person)
    return _with_part(deal, customer, stamp.id, stamp, "contact-added", part)


def involve(deal: Deal, person_id: str, stamp: Stamp, **part: object) -> Deal:
    """Return the deal with one of the customer's people as a stakeholder, whose `PART` is given.

    The same deal comes back for somebody who is one already. Raises NotThere for an unknown person.
    """
    if _applied(deal, stamp):
        return deal
    customer = _customer(deal)
    people.person(customer, person_id)
    key = customer.person_id(person_id)
    if key in deal.stakeholders:
        return deal
    return _with_part(deal, customer, key, stamp, "contact-involved", _sorted(part)[0])


def edit(
    deal: Deal,
    contact_id: str,
    stamp: Stamp,
    *,
    rung: RungChange | None = None,
    **fields: object,
) -> Deal:
    """Return the deal with other `FIELDS` of a contact, and on another rung; the same deal when nothing differs.

    Raises NotThere for an unknown contact, InvalidValue for a value that does not fit or a circle of superiors, and
    DocumentError where the person's record would change and the customer's document is missing.
    """
    if _applied(deal, stamp):
        return deal
    old = contact(deal, contact_id)
    part, of_person = _sorted(fields)
    after = deal
    if of_person or rung is not None:
        customer = _customer(deal)
        changes = people.edit(customer, contact_id, stamp, rung=rung, deal=deal.id, **of_person)
        after = _with(deal, changes)
    stakeholder = after.stakeholders[contact_id]
    changed = fit(stakeholder, **part)
    if any(getattr(changed, name) != getattr(stakeholder, name) for name in PART):
        part_of = {**after.stakeholders, contact_id: changed}
        after = after.model_copy(update={"stakeholders": part_of})
    if after.stakeholders is deal.stakeholders:
        return after
    told = {"contact": changed.name, "contact_id": contact_id}
    about = told | differences(old, after.contacts[contact_id], (*FIELDS, "rung"))
    return record(deal, stamp, "contact-edited", about, after)


def set_rung(deal: Deal, contact_id: str, change: RungChange, stamp: Stamp) -> Deal:
    """Return the deal with a contact at another relationship stage; see `people.set_rung`."""
    customer = _customer_of(deal, contact_id)
    return _with(deal, people.set_rung(customer, contact_id, change, stamp, deal=deal.id))


def confirm_rung(deal: Deal, contact_id: str, stamp: Stamp) -> Deal:
    """Return the deal with the rung of a contact confirmed by a coach; see `people.confirm_rung`."""
    customer = _customer_of(deal, contact_id)
    return _with(deal, people.confirm_rung(customer, contact_id, stamp, deal=deal.id))


def challenge_rung(deal: Deal, contact_id: str, stamp: Stamp, reason: str) -> Deal:
    """Return the deal with the rung of a contact challenged by a coach; see `people.challenge_rung`."""
    customer = _customer_of(deal, contact_id)
    return _with(deal, people.challenge_rung(customer, contact_id, stamp, reason, deal=deal.id))


def judge_style(
    deal: Deal, contact_id: str, style: str, on: date | None, stamp: Stamp, note: str = ""
) -> Deal:
    """Return the deal with a judgement of a contact's communication style; see `people.judge_style`."""
    customer = _customer_of(deal, contact_id)
    return _with(
        deal, people.judge_style(customer, contact_id, style, on, stamp, note, deal=deal.id)
    )


def mark_left(
    deal: Deal,
    contact_id: str,
    stamp: Stamp,
    left: bool = True,  # noqa: FBT001, FBT002  reads well
) -> Deal:
    """Return the deal with a contact who has left the customer, or is back; see `people.mark_left`."""
    customer = _customer_of(deal, contact_id)
    return _with(deal, people.mark_left(customer, contact_id, stamp, left, deal=deal.id))


def ordered(deal: Deal) -> list[tuple[str, Contact]]:
    """Return the contacts with their ids: those who play a part first, in the order they were added."""
    return sorted(deal.contacts.items(), key=lambda one: (one[1].left, one[1].order, one[0]))


def others(deal: Deal) -> list[tuple[str, str]]:
    """Return the ids and names of the customer's people who are no stakeholders of the deal, but for those who left."""
    customer = deal.customer_record
    if customer is None:
        return []
    apart = customer.people.items()
    return [(key, one.name) for key, one in apart if key not in deal.stakeholders and not one.left]


def _applied(deal: Deal, stamp: Stamp) -> bool:
    return stamp.id in deal.events


def _customer(deal: Deal) -> Customer:
    if deal.customer_record is None:
        raise DocumentError("customer-missing", customer=deal.customer)
    return deal.customer_record


def _customer_of(deal: Deal, contact_id: str) -> Customer:
    contact(deal, contact_id)
    return _customer(deal)


def _with(deal: Deal, customer: Customer) -> Deal:
    return deal if customer is deal.customer_record else deal.beside(customer)


def _sorted(fields: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the fields of the part, and those of the person. Raises TypeError for one that a contact has not."""
    unknown = fields.keys() - set(FIELDS)
    if unknown:
        raise TypeError(f"a contact has no {', '.join(sorted(unknown))}")
    part = {name: value for name, value in fields.items() if name in PART}
    return part, {name: value for name, value in fields.items() if name not in PART}


def _with_part(
    deal: Deal, customer: Customer, key: str, stamp: Stamp, what: str, part: dict[str, Any]
) -> Deal:
    order = next_order(one.order for one in deal.stakeholders.values())
    name = customer.people[key].name
    new = make(Stakeholder, name=name, order=order, **part)
    about = {"contact": name, "contact_id": key, "roles": " ".join(new.roles)}
    stakeholders = {**deal.stakeholders, key: new}
    after = deal.beside(customer)
    return record(deal, stamp, what, about, after, stakeholders=stakeholders)
