"""Who saved what on top of what: the record in a document that tells whether it goes on from another one.

A save's id is made from the bytes that are saved, so that a copied folder has no counter of its own to confuse, and a
file that was changed by hand is known for one: it goes on from the save whose id it still carries.
"""

from __future__ import annotations

from collections.abc import Callable

from salescoach.document.errors import DocumentError
from salescoach.document.merge import merge
from salescoach.document.models import Ancestry, AnyDocument, Document

KEPT = 400
"""How many of the latest saves a document's record has at least, where there were as many."""
_SLACK = 100
_AT_ONCE = 4
"""How many latest common ancestors are made into one; more is no history that people make."""


def on_top_of(*parents: Document) -> Ancestry:
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


def edited_by_hand(document: AnyDocument, save: str) -> AnyDocument:
    """Return a document whose file is another than the save that it names, under an id of its own, `save`."""
    ancestry = on_top_of(document) if document.save else Ancestry()
    return document.model_copy(update={"save": save, "ancestry": ancestry})


def goes_on_from(document: Document, save: str) -> bool:
    """Say whether `document` is that save or was saved on top of it, as far as its record goes back."""
    return save == document.save or save in document.ancestry.before


def common(one: Document, other: Document) -> list[str]:
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


def merge_base(
    one: AnyDocument, other: AnyDocument, version: Callable[[str], AnyDocument | None]
) -> AnyDocument | None:
    """Return what `one` and `other` are to be merged on: the latest version both go on from that is still kept.

    `version(save)` returns a kept version. Where there are several latest ones they are merged first. None when
    nothing is known that both go on from.
    """
    at_hand = {one.save: one, other.save: other}
    parents = {**other.ancestry.before, **one.ancestry.before}
    waiting, seen, found = common(one, other), set[str](), list[AnyDocument]()
    while waiting:
        save = waiting.pop(0)
        if save in seen:
            continue
        seen.add(save)
        document = at_hand.get(save) or version(save)
        if document is not None:
            found.append(document)
        else:
            waiting += parents.get(save, ())
    latest = [
        document
        for document in found
        if not any(each is not document and goes_on_from(each, document.save) for each in found)
    ]
    if not latest:
        return None
    base = latest[0]
    for further in latest[1:_AT_ONCE]:
        try:
            base = merge(merge_base(base, further, version), base, further)
        except DocumentError:
            break
    return base


def _cover(save: str, parents: dict[str, tuple[str, ...]], covered: set[str]) -> None:
    waiting = [save]
    while waiting:
        for parent in parents.get(waiting.pop(), ()):
            if parent not in covered:
                covered.add(parent)
                waiting.append(parent)
