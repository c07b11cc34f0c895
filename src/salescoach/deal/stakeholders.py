"""The people of a deal: their part in it, and how that is read together with the customer's records of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, Final, Literal

from salescoach.customer.models import Customer, Person
from salescoach.document.merge import merge, same_content
from salescoach.document.merge_rules import Group, Rule
from salescoach.document.models import Event, Name, Order, Part
from salescoach.playbook.models import Key

Stance = Literal["for", "leaning", "neutral", "against", "rival"]
"""For us, leaning to us, neutral, against us, for a rival."""


class Stakeholder(Part):
    """A person's part in a deal; what is known of the person stands in the customer's document."""

    MERGE: ClassVar[Rule] = Rule((Group(along=("name", "order")),), sets=("roles",))

    name: Name
    """As last seen, for when the customer's document is missing."""
    roles: tuple[Key, ...] = ()
    key: bool = False
    """Marked as a key contact by hand, whatever the roles say."""
    stance: Stance | None = None
    """Where the person stands in this deal."""
    order: Order = 0


class Contact(Person):
    """A stakeholder as coach and screens see one: the person's record with the part in the deal."""

    roles: tuple[Key, ...] = ()
    key: bool = False
    stance: Stance | None = None


def joined(
    stakeholders: Mapping[str, Stakeholder],
    people: Mapping[str, Person],
    carried: Mapping[str, Person],
) -> dict[str, Contact]:
    """Return the stakeholders with what `people`, or else `carried`, tell of them; without a record only the name."""
    found: dict[str, Contact] = {}
    for key, part in stakeholders.items():
        person = people.get(key) or carried.get(key)
        values: dict[str, Any] = {"name": part.name}
        if person is not None:
            values = {**person.__dict__, **(person.model_extra or {})}
        values |= {"roles": part.roles, "key": part.key, "stance": part.stance, "order": part.order}
        found[key] = _BLANK.model_copy(update=values)
    return found


_BLANK: Final = Contact.model_construct(name="")
"""Copying one and filling it in takes a fraction of the time of making one, and every deal that is indexed has several."""


def seen_at(
    customer: Customer, stakeholders: Mapping[str, Stakeholder]
) -> Mapping[str, Stakeholder]:
    """Return the stakeholders under the ids and names that the customer's records have, without erased people.

    The very same mapping comes back where nothing differs. A person who was merged into another stakeholder brings the
    roles along.
    """
    if all(
        key not in customer.redirects
        and key not in customer.erased
        and (person is None or person.name == part.name)
        for key, part in stakeholders.items()
        for person in (customer.people.get(key),)
    ):
        return stakeholders
    found: dict[str, Stakeholder] = {}
    # In an order of their own: a map's says nothing, and what two of them make together is to be the same each time.
    for old, part in sorted(stakeholders.items(), key=lambda one: (one[1].order, one[0])):
        key = customer.person_id(old)
        if old in customer.erased or key in customer.erased:
            continue
        person, other = customer.people.get(key), found.get(key)
        changes: dict[str, object] = {"name": person.name} if person is not None else {}
        if other is not None:
            changes |= {
                "roles": tuple(dict.fromkeys((*other.roles, *part.roles))),
                "key": other.key or part.key,
                "stance": other.stance or part.stance,
                "order": min(other.order, part.order),
            }
        found[key] = part.model_copy(update=changes)
    return found


def with_changes(
    customer: Customer, before: Customer, after: Customer, ids: Iterable[str]
) -> Customer:
    """Return a customer with what was done to people of another one, who have the `ids`, between `before` and `after`.

    What was done to them in both is merged; see `document.merge`, whose MergeFailed it raises.
    """
    if before.id != after.id:
        return customer
    known = {customer.person_id(key) for key in ids}
    rest = {key: one for key, one in customer.people.items() if key not in known}

    def seen(other: Customer) -> dict[str, Person]:
        # Under the ids that they had there: a merge makes one of those that were made one since.
        theirs = other.people.items()
        return rest | {key: one for key, one in theirs if customer.person_id(key) in known}

    new = {key: one for key, one in after.timeline.items() if key not in before.timeline}
    base = customer.model_copy(update={"people": seen(before)})
    mine = {"people": seen(after), "timeline": {**customer.timeline, **new}}
    return merge(base, customer.model_copy(update=mine), customer)


CARRIED: Final = "contact-carried"
"""The event in a customer's timeline that tells that a person came from a deal of an earlier program."""


class Beside:
    """The customer that a deal is read with, and what follows from the two for as long as neither changes."""

    __slots__ = ("_contacts", "_events", "_of", "customer")

    def __init__(self, customer: Customer) -> None:
        self.customer = customer
        self._of: tuple[object, ...] = ()
        self._contacts: dict[str, Contact] = {}
        self._events: tuple[object, Mapping[str, Event]] = (None, {})

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Beside) and same_content(other.customer, self.customer)

    __hash__ = None  # type: ignore[assignment]

    def contacts(
        self, stakeholders: Mapping[str, Stakeholder], carried: Mapping[str, Person]
    ) -> Mapping[str, Contact]:
        """Return the stakeholders as `joined` does."""
        if not self._of or self._of[0] is not stakeholders or self._of[1] is not carried:
            self._contacts = joined(stakeholders, self.customer.people, carried)
            self._of = (stakeholders, carried)
        return self._contacts

    def events(self, deal_id: str, timeline: Mapping[str, Event]) -> Mapping[str, Event]:
        """Return the timeline with what was done to the customer in the deal, in the order of time.

        That the deal's people were carried over to the customer is nothing done in the deal, which tells of them itself.
        """
        if self._events[0] is not timeline:
            theirs = {
                key: event
                for key, event in self.customer.timeline.items()
                if key not in timeline
                and event.about.get("deal") == deal_id
                and event.what != CARRIED
            }
            both = timeline
            if theirs:
                both = dict(sorted({**timeline, **theirs}.items(), key=lambda one: one[1].at))
            self._events = (timeline, both)
        return self._events[1]
