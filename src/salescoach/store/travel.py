"""Undo and redo in the store: which act comes next, whose it is, and the document without it or with it again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from salescoach.document.errors import MergeFailed
from salescoach.document.undo import latest, standing, taken_back
from salescoach.store.acts import Act, find_act
from salescoach.store.errors import CannotTakeBack, NothingToRedo, NothingToUndo, NotOwn
from salescoach.store.files.history import ACTS

if TYPE_CHECKING:
    from salescoach.document.kind import D
    from salescoach.document.models import Document
    from salescoach.document.stamp import Stamp
    from salescoach.document.undo import Own, Way
    from salescoach.store.documents import DocumentStore


Place = tuple["DocumentStore[Any]", "Document"]
"""A document as it is stored, and where."""


def travelled(
    places: Sequence[Place],
    shown: Document,
    way: Way,
    stamp: Stamp,
    own: Own | None,
    act: str | None,
) -> list[Document]:
    """Return the documents, in the order of `places`, with one act taken back, or done again, in all that have a part of it.

    `shown` is what the person sees: its `events` are those of all places, in the order of time. See
    `DocumentStore.undo` for the rest.
    """
    documents = [document for _, document in places]
    events = shown.events
    if stamp.id in events:
        return documents
    nothing = NothingToUndo if way == "undo" else NothingToRedo
    event = latest(events, way, own or _any, ACTS) if act is None else act
    if event not in standing(events):
        event = None  # there is no such act, or nothing takes it back
    found = None if event is None else _find(places, event)
    if found is None and act is None and own is not None:
        other = latest(events, way, _any, ACTS)
        if other is not None and other != event and _find(places, other) is not None:
            told = other if way == "undo" else standing(events)[other].last
            raise NotOwn(other, shown, way, events[told].by)
    if found is None or event is None:
        raise nothing(id=shown.id)
    if not all(one.alone for one in found.values()):
        raise CannotTakeBack("together", events[event])
    return [
        _taken_back(document, found[at], way, stamp, event) if at in found else document
        for at, document in enumerate(documents)
    ]


def _find(places: Sequence[Place], event: str) -> dict[int, Act[Any]] | None:
    """Return the act's part in each place that has one; None where any of them, or all, cannot be found."""
    found: dict[int, Act[Any]] = {}
    for at, (store, document) in enumerate(places):
        if event in document.timeline:
            act = find_act(store, document, event)
            if act is None:
                return None
            found[at] = act
    return found or None


def _taken_back(document: D, act: Act[D], way: Way, stamp: Stamp, event: str) -> D:
    try:
        return taken_back(document, act.events, act.before, act.after, way, stamp)
    except MergeFailed as error:
        path = getattr(error, "path", ())
        reason = error.code if error.code == "handed-over" else "clash"
        raise CannotTakeBack(reason, document.timeline[event], path) from error


def _any(_event: object) -> bool:
    return True
