"""Undo and redo in the store: which act comes next, whose it is, and the document without it or with it again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from salescoach.document.errors import MergeFailed
from salescoach.document.undo import latest, standing, taken_back
from salescoach.store.acts import Act, find_act
from salescoach.store.errors import CannotTakeBack, NothingToRedo, NothingToUndo, NotOwn
from salescoach.store.files.history import ACTS

if TYPE_CHECKING:
    from salescoach.document.kind import D
    from salescoach.document.stamp import Stamp
    from salescoach.document.undo import Own, Way
    from salescoach.store.documents import DocumentStore


def travelled(
    store: DocumentStore[D], document: D, way: Way, stamp: Stamp, own: Own | None, act: str | None
) -> D:
    """Return the document with one act taken back, or done again; see `DocumentStore.undo`."""
    if stamp.id in document.timeline:
        return document
    nothing = NothingToUndo if way == "undo" else NothingToRedo
    event = latest(document, way, own or _any, ACTS) if act is None else act
    found = find_act(store, document, event) if event in document.timeline else None
    if found is None and act is None and own is not None:
        other = latest(document, way, _any, ACTS)
        if other is not None and other != event and find_act(store, document, other) is not None:
            told = other if way == "undo" else standing(document)[other].last
            raise NotOwn(other, document, way, document.timeline[told].by)
    if found is None or event is None:
        raise nothing(id=document.id)
    if not found.alone:
        raise CannotTakeBack("together", document.timeline[event])
    return _taken_back(document, found, way, stamp, event)


def _taken_back(document: D, act: Act[D], way: Way, stamp: Stamp, event: str) -> D:
    try:
        return taken_back(document, act.events, act.before, act.after, way, stamp)
    except MergeFailed as error:
        path = getattr(error, "path", ())
        raise CannotTakeBack("clash", document.timeline[event], path) from error


def _any(_event: object) -> bool:
    return True
