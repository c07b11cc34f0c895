"""A person's data leave for good: out of the record, out of what is told of others, and out of every version that is merged."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeVar

from salescoach.customer.models import Customer, Erased
from salescoach.customer.names import split
from salescoach.customer.people import person
from salescoach.customer.reach import emails, is_shared, phones
from salescoach.document.change import applied, make, mark, record
from salescoach.document.models import Event
from salescoach.document.stamp import Stamp
from salescoach.document.traces import (
    ERASED,
    PERSON_ERASED,
    Traces,
    Way,
    scrubbed,
    timeline_without,
)

AnyCustomer = TypeVar("AnyCustomer", bound=Customer)


def erase(customer: Customer, person_id: str, stamp: Stamp) -> Customer:
    """Return the customer without a person: a tombstone with the id is left, and no name of theirs anywhere.

    What others' records and the timeline say of them has `ERASED` in the name's place. Nothing takes it back. Raises
    NotThere for an unknown person.
    """
    if applied(customer, stamp):
        return customer
    person(customer, person_id)
    gone = dict.fromkeys(sorted(customer.ids_of(person_id)), make(Erased, **mark(stamp)))
    after = without(customer, gone, traces(customer, person_id))
    about = {"contact": ERASED, "contact_id": customer.person_id(person_id)}
    return record(after, stamp, PERSON_ERASED, about | {"customer": after.name})


def traces(customer: Customer, person_id: str) -> Traces:
    """Return what a person is known by, with the names beside it that are others'. Raises NotThere."""
    person(customer, person_id)
    return known_by(customer, customer.ids_of(person_id))


def without(customer: AnyCustomer, gone: Mapping[str, Erased], known_by: Traces) -> AnyCustomer:
    """Return the customer without the people `gone`, by id, who are known by these traces, and with their tombstones."""
    ids = frozenset(gone)
    raw: dict[str, Any] = customer.model_dump(mode="json", by_alias=True)
    ways = list(_ways(customer, ids))
    for field, key in ways:
        del raw[field][key]
    for one in raw["people"].values():
        if one.get("reports_to") in ids:
            one["reports_to"] = None
    ways += [("people", key) for key in ids]
    raw["timeline"] = timeline_without(raw["timeline"], ids, ways)
    let_be: set[Way] = {("name",), ("other_names",)}
    let_be |= {("people", key, name) for key in raw["people"] for name in ("name", "other_names")}
    raw = scrubbed(raw, known_by, frozenset(let_be))
    cleared = type(customer).model_validate(raw)
    return cleared.model_copy(update={"erased": {**gone, **customer.erased}})


def forgotten(
    base: AnyCustomer | None, *versions: AnyCustomer
) -> tuple[AnyCustomer | None, tuple[AnyCustomer, ...]]:
    """Return versions of a customer without anybody whom one of them has erased.

    With a record goes the one that it was merged into elsewhere: they are one person.
    """
    every = [one for one in (base, *versions) if one is not None]
    gone = _closed({key: one for each in every for key, one in each.erased.items()}, every)
    if all(gone.keys() <= one.erased.keys() and not _holds(one, gone.keys()) for one in every):
        return base, versions
    by = Traces()
    for one in every:
        by = by.and_also(known_by(one, gone.keys()))
    cleared = tuple(without(one, gone, by) for one in versions)
    return without(base, gone, by) if base is not None else None, cleared


def traces_of(
    names: Iterable[str], phone: Iterable[str], email: Iterable[str], others: Iterable[str] = ()
) -> Traces:
    """Return traces of names and of lines of numbers and addresses; those that several people answer are nobody's."""
    ways = {way for line in phone for way in phones(line)}
    ways |= {way for line in email for way in emails(line)}
    own = [way for way in ways if not is_shared(way)]
    return Traces(
        frozenset(names) - {ERASED, ""},
        frozenset(way for way in own if way.isdecimal()),
        frozenset(way for way in own if "@" in way),
        frozenset(others),
    )


def known_by(customer: Customer, ids: Iterable[str]) -> Traces:
    """Return what people are known by, and were before: the timeline tells of earlier names and numbers."""
    gone = frozenset(ids)
    stay = [one for key, one in customer.people.items() if key not in gone]
    others = [customer.name, *customer.other_names]
    others += [name for one in stay for name in (one.name, *one.other_names)]
    found: dict[str, list[str]] = {"name": [], "phone": [], "email": []}
    for key in gone & customer.people.keys():
        who = customer.people[key]
        found["name"] += [who.name, *who.other_names]
        found["phone"].append(who.phone)
        found["email"].append(who.email)
    for event in customer.timeline.values():
        for field, value in _told(event, gone):
            found[field].append(value)
    return traces_of(found["name"], found["phone"], found["email"], others)


def _told(event: Event, ids: frozenset[str]) -> Iterator[tuple[str, str]]:
    """Yield the names, numbers and addresses that an event tells of people with these ids."""
    about = event.about
    for name in ("contact", "other"):
        if about.get(f"{name}_id") in ids:
            yield "name", about.get(name, "")
    if about.get("contact_id") in ids:
        for side in ("before", "after"):
            yield from ((one, about.get(f"{one}.{side}", "")) for one in ("name", "phone", "email"))
            yield from (("name", one) for one in split(about.get(f"other_names.{side}", "")))


def _ways(customer: Customer, ids: frozenset[str]) -> Iterable[Way]:
    """Yield where something stands that is about these people alone."""
    yield from (("people", key) for key in customer.people if key in ids)
    yield from (("notes", key) for key, one in customer.notes.items() if one.person in ids)
    yield from (("apart", key) for key, one in customer.apart.items() if {one.one, one.other} & ids)
    for key, redirect in customer.redirects.items():
        if {key, redirect.to} & ids:
            yield "redirects", key
    for key, conflict in customer.conflicts.items():
        if conflict.path[0] == "people" and ids & set(conflict.path[1:2]):
            yield "conflicts", key


def _holds(customer: Customer, ids: Iterable[str]) -> bool:
    return any(True for _ in _ways(customer, frozenset(ids)))


def _closed(gone: dict[str, Erased], versions: Iterable[Customer]) -> dict[str, Erased]:
    """Return the erased with all that a redirect makes one of them."""
    pairs = {(key, one.to) for each in versions for key, one in each.redirects.items()}
    while True:
        more = {
            other: gone[one]
            for pair in pairs
            for one, other in (pair, pair[::-1])
            if one in gone and other not in gone
        }
        if not more:
            return gone
        gone = gone | more
