"""Taking acts back and doing them again: which of them stand, and the merge of an act's inverse with what came since.

An act is everything that one stamp did. Its events stay in the timeline; taking it back is an event of its own, which
names the act's (`act`) and the event that it reverses (`of`): the act's own, or the last reversal of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final, Literal, NamedTuple

from salescoach.document.authors import author, is_among
from salescoach.document.change import applied, record
from salescoach.document.merge import merge
from salescoach.document.models import NUMBERS, AnyDocument, Event
from salescoach.document.stamp import Stamp
from salescoach.document.traces import PERSON_ERASED

Way = Literal["undo", "redo"]
Own = Callable[[Event], bool]
"""Says whether an event is of who asks."""

UNDONE: Final = "undone"
REDONE: Final = "redone"
TRAVELS: Final = frozenset({UNDONE, REDONE})
"""Events that tell that an act was taken back or done again."""
FINAL: Final = frozenset({PERSON_ERASED})
"""Acts that nothing takes back."""
WHOLE: Final = frozenset({"merged", "restored"})
"""Acts that bring what others did before: they are taken back with all that came with them."""


class Standing(NamedTuple):
    """How an act's event stands: whether it is taken back, and the event that says so last."""

    undone: bool
    last: str


def standing(timeline: Mapping[str, Event]) -> dict[str, Standing]:
    """Return how each act's event in the timeline stands, in its order: that of the acts, whatever clocks said.

    Where two places reversed one event apart from each other, it counts as taken back when either says so.
    """
    reversals: dict[str, list[str]] = {}
    for key, event in timeline.items():
        if event.what in TRAVELS:
            reversals.setdefault(event.about.get("of", ""), []).append(key)
    acts = [key for key, event in timeline.items() if event.what not in TRAVELS | FINAL]
    return {key: _stands(timeline, key, reversals) for key in acts}


def latest(timeline: Mapping[str, Event], way: Way, own: Own, within: int) -> str | None:
    """Return the event of the act that comes next on that way; None where there is none among the last `within`.

    Undo takes back the latest act of one's own that stands, redo does again what one took back last, as long as one
    did nothing else since.
    """
    acts = standing(timeline)
    reach = list(acts)[-within:]
    mine = [key for key in reach if own(timeline[key])]
    if way == "undo":
        return next((key for key in reversed(mine) if not acts[key].undone), None)
    order = {key: at for at, key in enumerate(timeline)}
    back = [
        (order[acts[key].last], key)
        for key in reach
        if acts[key].undone and own(timeline[acts[key].last])
    ]
    if not back:
        return None
    since, found = max(back)
    return None if any(order[key] > since for key in mine) else found


def taken_back(
    document: AnyDocument,
    acts: Sequence[str],
    before: AnyDocument,
    after: AnyDocument,
    way: Way,
    stamp: Stamp,
) -> AnyDocument:
    """Return the document with an act taken back, or done again, and all that came since.

    `acts` are its events, `before` and `after` the document without and with it. Raises Clash where what it changed was
    changed since, MergeFailed where no valid document is left.
    """
    if applied(document, stamp):
        return document
    document.takes_back(before, after)
    numbers = {name: getattr(document, name) for name in ("timeline", *NUMBERS)}
    base, wanted = (after, before) if way == "undo" else (before, after)
    result = merge(
        base.model_copy(update=numbers), wanted.model_copy(update=numbers), document, strict=True
    )
    acts_now, told_of = standing(document.timeline), document
    for number, key in enumerate(acts):
        event = document.timeline[key]
        about = {**event.about, "done": event.what, "act": key, "of": acts_now[key].last}
        if not is_among(author(stamp), [author(event)]):
            about["whose"] = event.by
        own = stamp if number == 0 else stamp.derive(key)
        name = UNDONE if way == "undo" else REDONE
        result = told_of = record(told_of, own, name, about, after=result)
    return result


def _stands(timeline: Mapping[str, Event], key: str, reversals: dict[str, list[str]]) -> Standing:
    """Follow the reversals of one event; a file may hold anything, also a circle of them."""
    seen, ends, waiting = {key}, list[str](), [key]
    while waiting:
        step = waiting.pop()
        further = [one for one in reversals.get(step, ()) if one not in seen]
        seen.update(further)
        waiting += further
        if not further:
            ends.append(step)
    taken = [one for one in ends if timeline[one].what == UNDONE]
    last = max(taken or ends, key=lambda one: timeline[one].at)
    return Standing(bool(taken), last)
