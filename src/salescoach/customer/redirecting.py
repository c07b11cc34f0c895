"""Records of people that were merged into others: made one in a document, and in the versions of it that are merged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, TypeVar
from uuid import UUID, uuid5

from salescoach.customer.models import Apart, Customer, NoteEntry, Person, Redirect
from salescoach.customer.uniting import united, without_circle
from salescoach.document.change import fit
from salescoach.document.models import Conflict

_LEFT_OVER: Final = "note"
AnyCustomer = TypeVar("AnyCustomer", bound=Customer)


def redirected(customer: AnyCustomer, redirects: Mapping[str, Redirect]) -> AnyCustomer:
    """Return the customer with these `redirects` and none of its own; records that stand under their ids are made one.

    A record of an id that leads to nobody takes that id over.
    """
    if customer.redirects == redirects and not redirects.keys() & customer.people.keys():
        return customer
    people, notes = dict(customer.people), dict(customer.notes)
    for gone in sorted(redirects, key=lambda key: (-len(_way(key, redirects)), key)):
        record = people.pop(gone, None)
        if record is None:
            continue
        redirect, key = redirects[gone], _way(gone, redirects)[-1]
        kept = people.get(key)
        if kept is None:
            people[key] = record
            continue
        people[key], rest = united(kept, record, redirect.ladder)
        if rest:
            entry = NoteEntry(text=rest, person=key, at=redirect.at, by=redirect.by)
            notes.setdefault(str(uuid5(UUID(gone), _LEFT_OVER)), entry)
    for key, who in people.items():
        people[key] = _reporting(who, key, redirects)
    for key in {_way(gone, redirects)[-1] for gone in redirects} & people.keys():
        people[key] = without_circle(people, key, customer.people)
    changes = {
        "people": people,
        "notes": notes,
        "redirects": dict(redirects),
        "conflicts": {at: _moved(one, redirects) for at, one in customer.conflicts.items()},
        "apart": {at: one for at, one in customer.apart.items() if not _one(one, redirects)},
    }
    return customer.model_copy(update=changes)


def brought_together(*several: Mapping[str, Redirect]) -> dict[str, Redirect]:
    """Return redirects that say of everybody what any of `several` say: those of one, or all of them with one end each.

    Where one place merged somebody into one record and another place into another, all three are one person; where two
    were merged each into the other, the smallest id stays.
    """
    found: dict[str, Redirect] = {}
    clear = True
    for redirects in several:
        for key, redirect in redirects.items():
            known = found.get(key)
            clear = clear and (known is None or known.to == redirect.to)
            found[key] = redirect if known is None else min(known, redirect, key=_when)
    if clear and not any(_is_around(key, found) for key in found):
        return found
    return _with_one_end(several)


def agreed_on(base: Customer | None, mine: Customer, stored: Customer) -> dict[str, Redirect]:
    """Return the redirects that two versions of a customer come to: those of either that the other has not taken back."""
    before = base.redirects if base is not None else {}
    sides = (mine.redirects, stored.redirects)
    taken_back = {key for key in before if any(key not in side for side in sides)}
    return brought_together(
        *({key: one for key, one in side.items() if key not in taken_back} for side in sides)
    )


def _with_one_end(several: Sequence[Mapping[str, Redirect]]) -> dict[str, Redirect]:
    every = [(key, one) for redirects in several for key, one in redirects.items()]
    every.sort(key=lambda pair: (_when(pair[1]), pair[0]))
    groups: dict[str, frozenset[str]] = {}
    for key, redirect in every:
        whole = groups.get(key, frozenset((key,))) | groups.get(
            redirect.to, frozenset((redirect.to,))
        )
        groups |= dict.fromkeys(whole, whole)
    gone = {key for key, _ in every}
    first: dict[str, Redirect] = {}
    for key, redirect in every:
        first.setdefault(key, redirect)
        first.setdefault(redirect.to, redirect)
    ends = {whole: min(whole - gone or whole) for whole in groups.values()}
    return {
        key: fit(first[key], to=ends[whole]) for key, whole in groups.items() if key != ends[whole]
    }


def _when(redirect: Redirect) -> tuple[object, ...]:
    return (redirect.at, redirect.by, redirect.to, redirect.ladder)


def _is_around(key: str, redirects: Mapping[str, Redirect]) -> bool:
    """Say whether a way ends at an id that leads on: it has come around."""
    return _way(key, redirects)[-1] in redirects


def _way(key: str, redirects: Mapping[str, Redirect]) -> Sequence[str]:
    """Return the ids that an id leads over, itself first; each once."""
    way = [key]
    while (found := redirects.get(way[-1])) is not None and found.to not in way:
        way.append(found.to)
    return way


def _reporting(who: Person, key: str, redirects: Mapping[str, Redirect]) -> Person:
    if who.reports_to is None:
        return who
    above: str | None = _way(who.reports_to, redirects)[-1]
    if above == key:
        above = None
    return who if above == who.reports_to else fit(who, reports_to=above)


def _moved(conflict: Conflict, redirects: Mapping[str, Redirect]) -> Conflict:
    if len(conflict.path) < 3 or conflict.path[0] != "people" or conflict.path[1] not in redirects:
        return conflict
    path = ("people", _way(conflict.path[1], redirects)[-1], *conflict.path[2:])
    return fit(conflict, path=path)


def _one(pair: Apart, redirects: Mapping[str, Redirect]) -> bool:
    return _way(pair.one, redirects)[-1] == _way(pair.other, redirects)[-1]
