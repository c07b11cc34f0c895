"""Notes on a deal, an item or a contact: only added, never edited."""

from __future__ import annotations

from salescoach.deal.contacts import contact as contact_of
from salescoach.deal.models import Deal
from salescoach.deal.parts import NoteEntry
from salescoach.document.change import applied, make, mark, record, required
from salescoach.document.stamp import Stamp


def add(
    deal: Deal, stamp: Stamp, text: str, item: str | None = None, contact: str | None = None
) -> Deal:
    """Return the deal with a note, keyed by the stamp's id.

    Raises InvalidValue for an empty or overlong text, NotThere for an unknown contact.
    """
    if applied(deal, stamp):
        return deal
    body = required(text, "empty", field="note")
    name = contact_of(deal, contact).name if contact is not None else ""
    entry = make(NoteEntry, text=body, item=item, contact=contact, **mark(stamp))
    about = {"text": entry.text, "item": item or "", "contact": name, "contact_id": contact or ""}
    return record(deal, stamp, "noted", about, notes={**deal.notes, stamp.id: entry})


def newest_first(deal: Deal, contact: str | None = None) -> list[tuple[str, NoteEntry]]:
    """Return the notes with their ids, the newest first; with `contact` only those on that person."""
    customer = deal.customer_record
    stays = customer.person_id if customer is not None else str
    found = [
        one
        for one in deal.notes.items()
        if contact is None or stays(one[1].contact or "") == stays(contact)
    ]
    return sorted(found, key=lambda one: (one[1].at, one[0]), reverse=True)
