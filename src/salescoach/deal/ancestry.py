"""Who saved what on top of what: the record in a document that tells whether it goes on from another one.

A save's id is made from the bytes that are saved, so that a copied folder has no counter of its own to confuse, and a
file that was changed by hand is known for one: it goes on from the save whose id it still carries.
"""

from __future__ import annotations

from collections.abc import Callable

from salescoach.deal.errors import DealError
from salescoach.deal.merge import merge
from salescoach.deal.models import Ancestry, Deal

KEPT = 400
"""How many of the latest saves a document's record has at least, where there were as many."""
_SLACK = 100
_AT_ONCE = 4
"""How many latest common ancestors are made into one; more is no history that people make."""


def on_top_of(*parents: Deal) -> Ancestry:
    """Return the record of a save that goes on from `parents`, in whose order older ones are told apart."""
    before: dict[str, tuple[str, ...]] = {}
    for parent in parents:
        before |= {save: on for save, on in parent.ancestry.before.items() if save not in before}
        if parent.save:
            before.setdefault(parent.save, parent.ancestry.on)
    if len(before) > KEPT + _SLACK:
        before = dict(list(before.items())[-KEPT:])
    return Ancestry.model_construct(
        on=tuple(dict.fromkeys(parent.save for parent in parents if parent.save)), before=before
    )


def edited_by_hand(deal: Deal, save: str) -> Deal:
    """Return a deal whose file is another than the save that it names, under an id of its own, `save`."""
    ancestry = on_top_of(deal) if deal.save else Ancestry()
    return deal.model_copy(update={"save": save, "ancestry": ancestry})


def goes_on_from(deal: Deal, save: str) -> bool:
    """Say whether `deal` is that save or was saved on top of it, as far as its record goes back."""
    return save == deal.save or save in deal.ancestry.before


def common(one: Deal, other: Deal) -> list[str]:
    """Return the latest saves that both go on from: one, or several where each had merged the other's."""
    parents = {**other.ancestry.before, **one.ancestry.before, one.save: one.ancestry.on}
    parents.setdefault(other.save, other.ancestry.on)
    covered: set[str] = set()
    found: list[str] = []
    for save in reversed([*one.ancestry.before, one.save]):
        if save and save not in covered and goes_on_from(other, save):
            found.append(save)
            _cover(save, parents, covered)
    return found


def merge_base(one: Deal, other: Deal, version: Callable[[str], Deal | None]) -> Deal | None:
    """Return what `one` and `other` are to be merged on: the latest version both go on from that is still kept.

    `version(save)` returns a kept version. Where there are several latest ones they are merged first. None when
    nothing is known that both go on from.
    """
    at_hand = {one.save: one, other.save: other}
    parents = {**other.ancestry.before, **one.ancestry.before}
    waiting, seen, found = common(one, other), set[str](), list[Deal]()
    while waiting:
        save = waiting.pop(0)
        if save in seen:
            continue
        seen.add(save)
        deal = at_hand.get(save) or version(save)
        if deal is not None:
            found.append(deal)
        else:
            waiting += parents.get(save, ())
    latest = [
        deal
        for deal in found
        if not any(each is not deal and goes_on_from(each, deal.save) for each in found)
    ]
    if not latest:
        return None
    base = latest[0]
    for further in latest[1:_AT_ONCE]:
        try:
            base = merge(merge_base(base, further, version), base, further)
        except DealError:
            break
    return base


def _cover(save: str, parents: dict[str, tuple[str, ...]], covered: set[str]) -> None:
    waiting = [save]
    while waiting:
        for parent in parents.get(waiting.pop(), ()):
            if parent not in covered:
                covered.add(parent)
                waiting.append(parent)
