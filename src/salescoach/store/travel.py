"""Undo and redo in the store: which act comes next, whose it is, and the deal without it or with it again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from salescoach.document.errors import MergeFailed
from salescoach.document.undo import latest, standing, taken_back
from salescoach.store.acts import Act, find_act
from salescoach.store.errors import CannotTakeBack, NothingToRedo, NothingToUndo, NotOwn
from salescoach.store.history import ACTS

if TYPE_CHECKING:
    from salescoach.deal.models import Deal
    from salescoach.document.stamp import Stamp
    from salescoach.document.undo import Own, Way
    from salescoach.store.deals import DealStore


def travelled(
    store: DealStore, deal: Deal, way: Way, stamp: Stamp, own: Own | None, act: str | None
) -> Deal:
    """Return the deal with one act taken back, or done again; see `DealStore.undo`."""
    if stamp.id in deal.timeline:
        return deal
    nothing = NothingToUndo if way == "undo" else NothingToRedo
    event = latest(deal, way, own or _any, ACTS) if act is None else act
    found = find_act(store, deal, event) if event in deal.timeline else None
    if found is None and act is None and own is not None:
        other = latest(deal, way, _any, ACTS)
        if other is not None and other != event and find_act(store, deal, other) is not None:
            told = other if way == "undo" else standing(deal)[other].last
            raise NotOwn(other, deal, way, deal.timeline[told].by)
    if found is None or event is None:
        raise nothing(id=deal.id)
    if not found.alone:
        raise CannotTakeBack("together", deal.timeline[event])
    return _taken_back(deal, found, way, stamp, event)


def _taken_back(deal: Deal, act: Act, way: Way, stamp: Stamp, event: str) -> Deal:
    try:
        return taken_back(deal, act.events, act.before, act.after, way, stamp)
    except MergeFailed as error:
        path = getattr(error, "path", ())
        raise CannotTakeBack("clash", deal.timeline[event], path) from error


def _any(_event: object) -> bool:
    return True
