"""A person's data leave a deal for good: the part in it, what is told of them, and their name wherever a text has it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from salescoach.customer.erasing import traces, traces_of
from salescoach.customer.models import Erased
from salescoach.document.change import applied, make, mark, record
from salescoach.document.traces import (
    ERASED,
    PERSON_ERASED,
    Traces,
    Way,
    places,
    scrubbed,
    timeline_without,
)

if TYPE_CHECKING:
    from salescoach.deal.models import Deal
    from salescoach.document.models import Document
    from salescoach.document.stamp import Stamp

AnyDeal = TypeVar("AnyDeal", bound="Deal")
_PARTS = ("stakeholders", "carried")


def erase(deal: AnyDeal, ids: Iterable[str], known_by: Traces, stamp: Stamp) -> AnyDeal:
    """Return the deal without the person of these `ids`, who is known by these traces.

    Texts have `ERASED` where the person was named. The same deal comes back when nothing in it is about the person.
    """
    gone = dict.fromkeys(sorted(ids), make(Erased, **mark(stamp)))
    if applied(deal, stamp) or not _tells(deal, frozenset(gone), known_by):
        return deal
    after = without(deal, gone, known_by)
    about = {"contact": ERASED, "contact_id": next(iter(gone), "")}
    return record(after, stamp, PERSON_ERASED, about).beside(deal.customer_record)


def found_in(document: Document, known_by: Traces) -> list[Way]:
    """Return the ways to the places of a document that name a person, also where it is the name of somebody else."""
    return places(document.model_dump(mode="json", by_alias=True), known_by)


def without(deal: AnyDeal, gone: Mapping[str, Erased], known_by: Traces) -> AnyDeal:
    """Return the deal without the people `gone`, by id, who are known by these traces, and with their tombstones."""
    ids = frozenset(gone)
    raw: dict[str, Any] = deal.model_dump(mode="json", by_alias=True)
    ways = list(_ways(deal, ids))
    for field, key in ways:
        del raw[field][key]
    ways += [(field, key) for field in _PARTS for key in ids]
    raw["timeline"] = timeline_without(raw["timeline"], ids, ways)
    let_be: set[Way] = {("customer",), ("owner",), ("playbook",)}
    let_be |= {(field, key, "name") for field in _PARTS for key in raw.get(field, ())}
    cleared = type(deal).model_validate(scrubbed(raw, known_by, frozenset(let_be)))
    cleared = cleared.model_copy(update={"erased": {**gone, **deal.erased}})
    return cleared.beside(deal.customer_record)


def forgotten(
    base: AnyDeal | None, *versions: AnyDeal
) -> tuple[AnyDeal | None, tuple[AnyDeal, ...]]:
    """Return versions of a deal without anybody whom one of them, or the customer that it is read with, has erased."""
    every = [one for one in (base, *versions) if one is not None]
    gone: dict[str, Erased] = {}
    for one in every:
        customer = one.customer_record
        if customer is not None:
            gone |= {key: each for key, each in customer.erased.items() if _knows(every, key)}
        gone |= one.erased
    holding = [one for one in every if any(True for _ in _ways(one, frozenset(gone)))]
    if not holding and all(gone.keys() <= one.erased.keys() for one in every):
        return base, versions
    known_by = Traces()
    for one in holding:
        known_by = known_by.and_also(_traces(one, frozenset(gone)))
    cleared = tuple(without(one, gone, known_by) for one in versions)
    return without(base, gone, known_by) if base is not None else None, cleared


def _knows(versions: Iterable[Deal], key: str) -> bool:
    return any(key in getattr(one, field) for one in versions for field in (*_PARTS, "erased"))


def _tells(deal: Deal, ids: frozenset[str], known_by: Traces) -> bool:
    if any(True for _ in _ways(deal, ids)):
        return True
    about = (event.about for event in deal.timeline.values())
    if any(ids & {one.get("contact_id"), one.get("other_id")} for one in about):
        return True
    return bool(found_in(deal, known_by))


def _traces(deal: Deal, ids: frozenset[str]) -> Traces:
    """Return what a deal, and the customer that it is read with, know people by."""
    names = [deal.stakeholders[key].name for key in ids & deal.stakeholders.keys()]
    carried = [deal.carried[key] for key in ids & deal.carried.keys()]
    names += [name for one in carried for name in (one.name, *one.other_names)]
    for event in deal.timeline.values():
        for name in ("contact", "other"):
            if event.about.get(f"{name}_id") in ids:
                names.append(event.about.get(name, ""))
    parts = [one for field in _PARTS for one in getattr(deal, field).items()]
    others = [deal.customer, *(one.name for key, one in parts if key not in ids)]
    known_by = traces_of(
        names, [one.phone for one in carried], [one.email for one in carried], others
    )
    customer = deal.customer_record
    for key in ids:
        if customer is not None and key in customer.people:
            known_by = known_by.and_also(traces(customer, key))
    return known_by


def _ways(deal: Deal, ids: frozenset[str]) -> Iterable[Way]:
    """Yield where something stands that is about these people alone."""
    for field in _PARTS:
        yield from ((field, key) for key in getattr(deal, field) if key in ids)
    yield from (("notes", key) for key, one in deal.notes.items() if one.contact in ids)
    for key, conflict in deal.conflicts.items():
        if conflict.path[0] in _PARTS and ids & set(conflict.path[1:2]):
            yield "conflicts", key
