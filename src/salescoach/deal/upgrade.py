"""Hands the people whom deals of an earlier program carry over to their customer's document.

An earlier program kept all that is known of a person in each deal. Whatever is handed over, in which parts and however
often, lands in the same records: a person's id is the one that the contact had, and what makes one record of two follows
from what they say. Nothing here asks for the time: what is recorded was true when the deals say so.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID, uuid5

from salescoach.customer.matching import CONTRADICTING, same_person
from salescoach.customer.models import Customer, NoteEntry, Person, Redirect
from salescoach.customer.names import folded
from salescoach.customer.reach import emails, phones
from salescoach.customer.records import Record, united
from salescoach.customer.reporting import circle
from salescoach.customer.rungs import with_steps_down
from salescoach.deal.models import Deal
from salescoach.deal.stakeholders import CARRIED
from salescoach.document.change import brief, fit, make
from salescoach.document.models import Conflict, Event

_RUNGS: Final = frozenset({"rung-set", "rung-shown", "rung-confirmed", "rung-challenged"})
_LEFT: Final = frozenset({"contact-left", "contact-back"})


LABELLED: Final = ("title", "department", "level", "function", "rung", "phone", "email", "birthday")
"""Fields of a person whose values a note may tell."""


class Rules(NamedTuple):
    """What of playbook and language counts: the rungs from low to high, and the names of `LABELLED` for notes."""

    ladder: Sequence[str] = ()
    labels: Mapping[str, str] = {}


class HandedOver(NamedTuple):
    """A customer with the people, and the deals without them, in the order in which they were given."""

    customer: Customer
    deals: tuple[Deal, ...]


class _Given(NamedTuple):
    """One person as one deal carries him."""

    deal: Deal
    key: str
    record: Record
    added: datetime
    event: str


def hand_over(
    customer: Customer | None, deals: Sequence[Deal], rules: Rules | None = None
) -> HandedOver:
    """Return the customer with the people whom `deals`, all of this customer, carry, and the deals without them.

    Without a `customer` one is made of what the deals say. People who are certainly one become one record: that of
    the contact who was added first.
    """
    made, known = customer or _made(deals), rules or Rules()
    given = sorted(
        (one for deal in deals for one in _given(deal, known.ladder)),
        key=lambda one: (one.added, one.key, one.deal.id),
    )
    work = _Work(made, given, known)
    after = work.customer()
    return HandedOver(after, tuple(without_carried(deal, after) for deal in deals))


def without_carried(deal: Deal, customer: Customer) -> Deal:
    """Return a deal whose people were handed over to `customer`, read with it, under the ids and names given there.

    The very same deal comes back where there is nothing to change.
    """
    after = deal.beside(customer)
    notes = {
        key: note
        if note.contact is None or note.contact == customer.person_id(note.contact)
        else note.model_copy(update={"contact": customer.person_id(note.contact)})
        for key, note in deal.notes.items()
    }
    conflicts = {key: one for key, one in deal.conflicts.items() if one.path[0] != "carried"}
    return after.model_copy(update={"carried": {}, "notes": notes, "conflicts": conflicts})


def _made(deals: Sequence[Deal]) -> Customer:
    first = min(deals, key=lambda deal: (deal.created_at, deal.id))
    last = max(deals, key=lambda deal: (_changed(deal), deal.id))
    key = first.customer_key
    event = make(
        Event, what="customer-created", about={"customer": last.customer}, at=first.created_at
    )
    return make(
        Customer,
        id=key,
        name=last.customer,
        created_at=first.created_at,
        timeline={str(uuid5(UUID(key), "created")): event},
    )


def _given(deal: Deal, ladder: Sequence[str]) -> Iterable[_Given]:
    if not deal.carried:
        return
    added, edited = _times(deal.timeline)
    for key, person in sorted(deal.carried.items(), key=lambda one: (one[1].order, one[0])):
        times = edited.get(key, {})
        since = added.get(key, deal.created_at)
        record = Record(with_steps_down(person, ladder), since, times, deal.name)
        text = json.dumps(person.model_dump(mode="json"), sort_keys=True)
        yield _Given(deal, key, record, since, str(uuid5(UUID(deal.id), f"carried {key} {text}")))


def _times(
    timeline: Mapping[str, Event], person_id: Callable[[str], str] = str
) -> tuple[dict[str, datetime], dict[str, dict[str, datetime]]]:
    """Return when each person was added, and when which of a person's fields was changed, as a timeline tells.

    `person_id` returns the record that an id leads to.
    """
    added: dict[str, datetime] = {}
    edited: dict[str, dict[str, datetime]] = {}
    for event in timeline.values():
        key = person_id(event.about.get("contact_id", ""))
        if event.what in {"contact-added", CARRIED}:
            made = _moment(event.about.get("made", "")) or event.at
            added[key] = max(made, added.get(key, made))
        names = event.about.get("fields", "").split()
        names += ["rung"] * (event.what in _RUNGS) + ["left"] * (event.what in _LEFT)
        times = edited.setdefault(key, {})
        for name in names:
            times[name] = max(event.at, times.get(name, event.at))
    return added, edited


def _moment(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo is not None else None


class _Work:
    """The records of one customer while people are handed over to it."""

    def __init__(
        self,
        customer: Customer,
        given: Sequence[_Given],
        rules: Rules,
    ) -> None:
        self.before = customer
        self.rules = rules
        self.redirects = dict(customer.redirects)
        self.taken = [
            one
            for one in given
            if one.event not in customer.timeline
            and customer.person_id(one.key) not in customer.erased
            and one.key not in customer.erased
        ]
        self.records = _known(customer)
        self.deals = _deals_of(customer)
        self.fresh: set[str] = set()
        self.alike: dict[str, list[str]] = {}
        for key, record in self.records.items():
            self._remember(key, record.person)
        self.unclear = _unclear(
            [
                (key, record.person, self.deals.get(key, set()))
                for key, record in self.records.items()
            ]
            + [(self._person_id(one.key), one.record.person, {one.deal.id}) for one in self.taken]
        )

    def customer(self) -> Customer:
        """Return the customer with everything that was given."""
        if not self.taken:
            return self.before
        events: dict[str, Event] = {}
        conflicts: dict[str, Conflict] = {}
        for one in self.taken:
            key = self._place(one)
            about = {"contact": one.record.person.name, "contact_id": key, "deal": one.deal.id}
            about |= {
                "made": one.record.made.isoformat(),
                "fields": " ".join(sorted(one.record.edited)),
            }
            told = {name: brief(value) for name, value in about.items() if value}
            events[one.event] = make(Event, what=CARRIED, about=told, at=one.record.touched)
            conflicts |= _moved_conflicts(one, key)
        people = self._people()
        conflicts |= self._conflicts()
        timeline = {**self.before.timeline, **events}
        return fit(
            self.before,
            people=people,
            redirects=self.redirects,
            notes=self._notes(),
            conflicts={**conflicts, **self.before.conflicts},
            timeline=dict(sorted(timeline.items(), key=lambda each: (each[1].at, each[0]))),
        )

    def _place(self, one: _Given) -> str:
        """Put a person among the records and return the id that he has there."""
        own = self._person_id(one.key)
        key = own if own in self.records else self._same(one) or own
        known = self.records.get(key)
        if known is None:
            order = len(self.records) + 1
            self.records[key] = Record(
                fit(one.record.person, order=order),
                one.record.made,
                one.record.edited,
                one.record.place,
            )
        else:
            self.records[key] = united(
                known, one.record, ladder=self.rules.ladder, labels=self.rules.labels
            )
        if key != own:
            self.redirects[own] = make(Redirect, to=key, at=one.record.touched)
        self.fresh.add(key)
        self.deals.setdefault(key, set()).add(one.deal.id)
        self._remember(key, self.records[key].person)
        return key

    def _same(self, one: _Given) -> str | None:
        """Return the record of the person who certainly is the one given; None where nobody is, or several may be."""
        who = one.record.person
        near = dict.fromkeys(key for mark in _marks(who) for key in self.alike.get(mark, ()))
        unclear = not self.unclear.isdisjoint(_names(who))
        found = []
        for key in near:
            other = self.records[key].person
            if self.before.are_apart(one.key, key):
                continue
            if unclear and not _ways(who) & _ways(other):
                continue
            beside = one.deal.id in self.deals.get(key, ())
            if same_person(who, other, beside=beside).likeness == "same":
                found.append(key)
        return found[0] if len(found) == 1 else None

    def _remember(self, key: str, who: Person) -> None:
        for mark in _marks(who):
            keys = self.alike.setdefault(mark, [])
            if key not in keys:
                keys.append(key)

    def _person_id(self, key: str) -> str:
        seen = {key}
        while (found := self.redirects.get(key)) is not None and found.to not in seen:
            key = found.to
            seen.add(key)
        return key

    def _people(self) -> dict[str, Person]:
        """Return everybody, superiors under the ids that they have here, and nobody his own superior in the end."""
        people = {key: record.person for key, record in self.records.items()}
        for key in self.fresh:
            who = people[key]
            above = None if who.reports_to is None else self._person_id(who.reports_to)
            if above == key or above not in people:
                above = None
            if above != who.reports_to:
                people[key] = fit(who, reports_to=above)
        for key in sorted(circle(people) & self.fresh):
            if key in circle(people):
                people[key] = fit(people[key], reports_to=None)
        return people

    def _conflicts(self) -> dict[str, Conflict]:
        """Return what records tell differently of fields that this program does not know; a person settles it."""
        found: dict[str, Conflict] = {}
        for key in sorted(self.fresh):
            for each in self.records[key].differing:
                path = ("people", key, *each.path)
                pair = sorted(json.dumps(value, sort_keys=True) for value in (each.kept, each.lost))
                name = str(uuid5(UUID(self.before.id), json.dumps([path, *pair])))
                found[name] = make(
                    Conflict,
                    path=path,
                    kept=each.kept,
                    lost=each.lost,
                    kept_at=each.kept_at,
                    lost_at=each.lost_at,
                )
        return found

    def _notes(self) -> dict[str, NoteEntry]:
        """Return the customer's notes with those for which a person's own note has no room."""
        found = dict(self.before.notes)
        for key in sorted(self.fresh):
            record = self.records[key]
            for text in record.over:
                name = str(uuid5(UUID(key), text))
                found.setdefault(name, make(NoteEntry, text=text, person=key, at=record.touched))
        return found


def _known(customer: Customer) -> dict[str, Record]:
    """Return the records that a customer has already."""
    if not customer.people:
        return {}
    added, edited = _times(customer.timeline, customer.person_id)
    found: dict[str, Record] = {}
    for key, person in customer.people.items():
        times = edited.get(key, {})
        since = added.get(key, customer.created_at)
        found[key] = Record(person, since, times)
    return found


def _deals_of(customer: Customer) -> dict[str, set[str]]:
    """Return the deals from which each of the people is known."""
    found: dict[str, set[str]] = {}
    for event in customer.timeline.values():
        key, deal = event.about.get("contact_id"), event.about.get("deal")
        if key and deal:
            found.setdefault(customer.person_id(key), set()).add(deal)
    return found


def _unclear(people: Iterable[tuple[str, Person, set[str]]]) -> set[str]:
    """Return the folded names under which there may be several people, so that the name alone tells nobody.

    It is so where two of one deal have it, or where what is told under it contradicts itself.
    """
    told: dict[str, dict[str, set[str]]] = {}
    deals: dict[str, dict[str, str]] = {}
    found: set[str] = set()
    for key, who, places in people:
        for name in _names(who):
            for place in places:
                if deals.setdefault(name, {}).setdefault(place, key) != key:
                    found.add(name)
            for field in CONTRADICTING:
                value = getattr(who, field)
                if value:
                    told.setdefault(name, {}).setdefault(field, set()).add(folded(str(value)))
    return found | {
        name for name, fields in told.items() if any(len(values) > 1 for values in fields.values())
    }


def _names(who: Person) -> list[str]:
    return [folded(name) for name in (who.name, *who.other_names)]


def _ways(who: Person) -> frozenset[str]:
    """Return the numbers and addresses that reach somebody."""
    return phones(who.phone) | emails(who.email)


def _marks(who: Person) -> list[str]:
    """Return words of which people who are certainly one share one."""
    return [*_names(who), *sorted(_ways(who))]


def _moved_conflicts(one: _Given, key: str) -> dict[str, Conflict]:
    """Return the open conflicts of a deal about a person's fields, with their place in the customer's document."""
    return {
        name: fit(conflict, path=("people", key, *conflict.path[2:]))
        for name, conflict in one.deal.conflicts.items()
        if conflict.path[:2] == ("carried", one.key) and len(conflict.path) > 2
    }


def _changed(deal: Deal) -> datetime:
    return max((event.at for event in deal.timeline.values()), default=deal.created_at)
