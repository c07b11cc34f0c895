"""Everything that is held of a person, as one object of JSON for who asks for it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from salescoach.customer.erasing import traces
from salescoach.customer.models import Customer
from salescoach.customer.people import person
from salescoach.deal.models import Deal
from salescoach.document.models import Document
from salescoach.document.traces import Traces, texts

Json = dict[str, Any]


def export(customer: Customer, deals: Iterable[Deal], person_id: str) -> Json:
    """Return the person's record, the notes on it, what was done about it, and of each deal the part in it.

    Of a deal there are the part, evidence that names the person as who said it, actions agreed with them, notes on them, and
    every other text that names them, by its place. A deal that says nothing of the person is left out. Raises NotThere for an
    unknown person.
    """
    record, ids = person(customer, person_id), customer.ids_of(person_id)
    known_by = traces(customer, person_id)
    notes = {key: _json(one) for key, one in customer.notes.items() if one.person in ids}
    above = customer.people.get(record.reports_to or "")
    held: Json = {
        "id": customer.person_id(person_id),
        "merged_ids": sorted(ids - {customer.person_id(person_id)}),
        "customer": {"id": customer.id, "name": customer.name},
        "person": _json(record),
        "reports_to": above.name if above is not None else "",
        "notes": notes,
        "events": _events(customer, ids),
        "conflicts": {
            key: _json(one)
            for key, one in customer.conflicts.items()
            if one.path[0] == "people" and ids & set(one.path[1:2])
        },
    }
    covered = {*(("people", key) for key in ids), *(("notes", key) for key in notes)}
    held["mentions"] = _mentions(customer, known_by, covered)
    held["deals"] = [found for deal in deals if (found := _of_deal(deal, ids, known_by))]
    return held


def _of_deal(deal: Deal, ids: frozenset[str], known_by: Traces) -> Json:
    parts = {key: one for key, one in deal.stakeholders.items() if key in ids}
    carried = {key: one for key, one in deal.carried.items() if key in ids}
    notes = {key: one for key, one in deal.notes.items() if one.contact in ids}
    actions = {key: one for key, one in deal.actions.items() if known_by.found(one.agreed_with)}
    evidence = [
        {"item": item, "id": key, **_json(piece)}
        for item, state in deal.items.items()
        for key, piece in state.evidence.items()
        if known_by.found(piece.who)
    ]
    evidence += [
        {"stage": stage, "side": side, "id": key, **_json(piece)}
        for stage, state in deal.stages.items()
        for side, marker in (("entry", state.entry), ("exit", state.exit))
        for key, piece in marker.evidence.items()
        if known_by.found(piece.who)
    ]
    covered = {
        (field, key)
        for field, found in (("stakeholders", parts), ("carried", carried), ("notes", notes))
        for key in found
    }
    covered |= {("actions", key) for key in actions}
    held = {
        "stakeholder": {key: _json(one) for key, one in parts.items()},
        "carried": {key: _json(one) for key, one in carried.items()},
        "evidence": evidence,
        "actions": {key: _json(one) for key, one in actions.items()},
        "notes": {key: _json(one) for key, one in notes.items()},
        "events": _events(deal, ids),
        "mentions": _mentions(deal.beside(None), known_by, covered),
    }
    return {"id": deal.id, "name": deal.name, **held} if any(held.values()) else {}


def _events(document: Document, ids: frozenset[str]) -> list[Json]:
    return [
        {"id": key, **_json(event)}
        for key, event in document.timeline.items()
        if ids & {event.about.get("contact_id", ""), event.about.get("other_id", "")}
    ]


def _mentions(
    document: Document, known_by: Traces, covered: set[tuple[str, str]]
) -> list[dict[str, str]]:
    """Return the texts of a document that name a person, but for the parts that are `covered` and the timeline."""
    raw = document.model_dump(mode="json", by_alias=True)
    return [
        {"place": "/" + "/".join(way), "text": text}
        for way, text in texts(raw)
        if way[0] != "timeline" and way[:2] not in covered and known_by.found(text)
    ]


def _json(part: Any) -> Json:
    found: Json = part.model_dump(mode="json", by_alias=True)
    return found
