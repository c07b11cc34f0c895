"""Notes on a customer or on one of its people: only added, never edited."""

from __future__ import annotations

from salescoach.customer.models import Customer, NoteEntry
from salescoach.customer.people import person as person_of
from salescoach.document.change import applied, make, mark, record, required
from salescoach.document.stamp import Stamp


def add(
    customer: Customer, stamp: Stamp, text: str, person: str | None = None, *, deal: str = ""
) -> Customer:
    """Return the customer with a note, keyed by the stamp's id; `deal` is the id of the one it was written in.

    Raises InvalidValue for an empty or overlong text, NotThere for an unknown person.
    """
    if applied(customer, stamp):
        return customer
    body = required(text, "empty", field="note")
    name, key = "", None
    if person is not None:
        name, key = person_of(customer, person).name, customer.person_id(person)
    entry = make(NoteEntry, text=body, person=key, **mark(stamp))
    about = {"text": entry.text, "contact": name, "contact_id": key or ""}
    about |= {"deal": deal} if deal else {"customer": customer.name}
    return record(customer, stamp, "noted", about, notes={**customer.notes, stamp.id: entry})


def newest_first(customer: Customer, person: str | None = None) -> list[tuple[str, NoteEntry]]:
    """Return the notes with their ids, the newest first; with `person` only those on that person."""
    key = customer.person_id(person) if person is not None else None
    found = [
        one
        for one in customer.notes.items()
        if key is None or (one[1].person is not None and customer.person_id(one[1].person) == key)
    ]
    return sorted(found, key=lambda one: (one[1].at, one[0]), reverse=True)
