"""Two records made one: of a person, of a customer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, TypeVar

from salescoach.customer.erasing import forgotten
from salescoach.customer.models import Customer, Person, Redirect
from salescoach.customer.names import others
from salescoach.customer.people import person
from salescoach.customer.redirecting import brought_together, redirected
from salescoach.document.change import applied, fit, make, mark, next_order, record
from salescoach.document.errors import DocumentError, InvalidValue
from salescoach.document.merge import merge
from salescoach.document.models import MAX_WHOLE, Part
from salescoach.document.stamp import Stamp

INTO: Final = "customer-merged-into"
"""The event of a customer whose record went into another one."""
_MOVED: Final = ("redirects", "apart", "facts", "activities", "notes")
"""What goes along as it is, beside the people."""
AnyEntry = TypeVar("AnyEntry", bound=Part)


def merge_people(
    customer: Customer, kept: str, gone: str, stamp: Stamp, ladder: Sequence[str]
) -> Customer:
    """Return the customer with two of its people as one, under the id `kept`; the id `gone` leads there from then on.

    `ladder` are the rungs from low to high; see `uniting.united` for what becomes of the fields. Raises NotThere for an
    unknown person, InvalidValue where both ids stand for one.
    """
    if applied(customer, stamp):
        return customer
    one, other = person(customer, kept), person(customer, gone)
    key, gone_key = customer.person_id(kept), customer.person_id(gone)
    if key == gone_key:
        raise InvalidValue("same-record")
    redirect = make(Redirect, to=key, ladder=tuple(ladder), **mark(stamp))
    after = redirected(customer, {**customer.redirects, gone_key: redirect})
    about = {"contact": one.name, "contact_id": key, "other": other.name, "other_id": gone_key}
    about["customer"] = customer.name
    return record(customer, stamp, "people-merged", about, after)


def merge_customers(kept: Customer, gone: Customer, stamp: Stamp) -> tuple[Customer, Customer]:
    """Return the customer `kept` with all that `gone` had, and `gone`, which only says where it went.

    People keep their ids. Where somebody stands in both, the kept record's values stay, its gaps are filled, and what
    contradicts is a conflict. Raises InvalidValue for one and the same, and DocumentError for a customer that was
    merged into another one before.
    """
    if kept.id == gone.id:
        raise InvalidValue("same-record")
    if applied(kept, stamp) and applied(gone, stamp):
        return kept, gone
    for one in (kept, gone):
        if one.merged_into is not None and not applied(one, stamp):
            raise DocumentError("customer-merged", customer=one.name)
    about = {"customer": kept.name, "other": gone.name, "other_id": gone.id}
    after = kept
    if not applied(kept, stamp):
        after = record(kept, stamp, "customers-merged", about, _with(kept, gone, {}))
    return after, _emptied(gone, kept, stamp)


def has_strays(gone: Customer) -> bool:
    """Say whether a customer that was merged into another one got something since, from where nobody knew of that."""
    return gone.merged_into is not None and any(
        getattr(gone, name) for name in ("people", *_MOVED) if name != "redirects"
    )


def carry_over(kept: Customer, gone: Customer, stamp: Stamp) -> tuple[Customer, Customer]:
    """Return the customer `kept` with what `gone`, which was merged into it before, got since; and `gone` without it.

    What was changed there is changed here; where both were, it is a conflict. Raises InvalidValue for one and the same.
    """
    if kept.id == gone.id:
        raise InvalidValue("same-record")
    if applied(kept, stamp) and applied(gone, stamp):
        return kept, gone
    if not has_strays(gone) and kept.merged_into is None:
        return kept, gone
    about = {"customer": kept.name, "other": gone.name, "other_id": gone.id}
    after = kept
    if not applied(kept, stamp):
        merged = _with(kept, gone, _when_merged(gone))
        # Two who were merged into each other in two places: one of them has to stay.
        merged = merged.model_copy(update={"merged_into": None})
        after = record(kept, stamp, "customers-merged", about, merged)
    return after, _emptied(gone, kept, stamp)


def _with(kept: Customer, gone: Customer, before: Mapping[str, Person]) -> Customer:
    """Return `kept` with all of `gone`, whose people were as `before` says when they were last carried over."""
    _, (kept, gone) = forgotten(None, kept, gone)
    redirects = brought_together(kept.redirects, gone.redirects)
    kept, coming = redirected(kept, redirects), redirected(gone, redirects).people
    new = {key: one for key, one in coming.items() if key not in kept.people}
    changes: dict[str, Any] = {
        name: {**getattr(gone, name), **getattr(kept, name)} for name in _MOVED
    }
    changes |= {
        "other_names": others(kept.name, kept.other_names, (gone.name,), gone.other_names),
        "redirects": redirects,
        "erased": {**gone.erased, **kept.erased},
        "people": {**kept.people, **_placed(kept.people, new)},
        "conflicts": kept.conflicts
        | {at: one for at, one in gone.conflicts.items() if one.path[0] == "people"},
    }
    whole = kept.model_copy(update=changes)
    both = {key: one for key, one in coming.items() if key in kept.people}
    if not both:
        return whole
    theirs = {key: _filled(one, whole.people[key]) for key, one in both.items()}
    ours = {key: _filled(whole.people[key], one) for key, one in theirs.items()}
    mine = whole.model_copy(update={"people": {**whole.people, **ours}})
    stored = whole.model_copy(update={"people": {**whole.people, **theirs}})
    known = {key: _filled(before[key], ours[key]) for key in both if key in before}
    rest = {key: one for key, one in whole.people.items() if key not in both or key in known}
    base = whole.model_copy(update={"people": {**rest, **known}})
    return merge(base, mine, stored)


def _placed(people: Mapping[str, Person], new: Mapping[str, Person]) -> dict[str, Person]:
    """Return the `new` people behind those who are there, in their order."""
    after = next_order(one.order for one in people.values())
    rows = sorted(new.items(), key=lambda one: (one[1].order, one[0]))
    return {
        key: fit(one, order=min(after + number, MAX_WHOLE))
        for number, (key, one) in enumerate(rows)
    }


def _filled(one: Person, other: Person) -> Person:
    """Return a record in which the other fills what has no value."""
    gaps = {
        name: getattr(other, name)
        for name in type(one).model_fields
        if not getattr(one, name) and getattr(other, name)
    }
    return fit(one, **gaps) if gaps else one


def _emptied(gone: Customer, kept: Customer, stamp: Stamp) -> Customer:
    """Return the customer without what went to another one, which it names."""
    if applied(gone, stamp):
        return gone
    left: dict[str, Any] = {name: {} for name in ("people", *_MOVED)}
    left["conflicts"] = {
        at: one for at, one in gone.conflicts.items() if one.path[0] not in {"people", *_MOVED}
    }
    after = gone.model_copy(update=left | {"merged_into": kept.id})
    about = {"customer": gone.name, "other": kept.name, "other_id": kept.id}
    return record(gone, stamp, INTO, about, after)


def _when_merged(gone: Customer) -> dict[str, Person]:
    """Return the people as they last went to the other customer, as far as the events tell."""
    found: dict[str, Person] = {}
    for event in gone.timeline.values():
        changes = event.changes if event.what == INTO else None
        for pointer, change in (changes or {}).items():
            _, field, *key = pointer.split("/")
            old = change.get("old")
            if field == "people" and len(key) == 1 and isinstance(old, dict):
                found[key[0]] = make(Person, **old)
    return found
