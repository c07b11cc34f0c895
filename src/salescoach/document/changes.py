"""What an act changed in a document, value by value, and the way back from what it made.

A change is named by the JSON Pointer (RFC 6901) of its place in the document. It has an `old` and a `new` value, as JSON;
what was added has only a new one, what was removed only an old one. An entry of a map is added and removed as a whole; the
new one leaves out what has its default value.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from typing import Any, Final

from pydantic import JsonValue
from pydantic_core import to_jsonable_python

from salescoach.document.models import NUMBERS, AnyDocument, Changes, Document, Event, Part
from salescoach.document.values import ABSENT, MAX_DEPTH, depth, same_json

_APART: Final = frozenset({"schema_", "timeline", *NUMBERS})
"""Fields that tell about the save, and what the changes themselves are kept in."""
_PLAIN: Final = frozenset({str, bool, int, type(None)})
"""Of these, two that are equal and of one type are written as the same JSON."""

Raw = dict[str, Any]


def difference(before: Document, after: Document) -> Changes | None:
    """Return what differs between two versions of a document; None where a value lies too deep to be kept in an event.

    Parts and maps that are the very same object in both are not looked into.
    """
    return _bounded(dict(_parts(before, after, "", _APART)))


def content(document: Document) -> Raw:
    """Return the JSON of what a document says, without its timeline and what tells about the save."""
    return document.model_dump(mode="json", by_alias=True, exclude={"timeline", *NUMBERS})


def take_back(raw: Raw, changes: Changes) -> None:
    """Put the old values of `changes` into the JSON of a document, in place and in their order.

    A change whose place is not there is passed over: where two places went on from one version, one may have removed
    what the other changed.
    """
    for pointer, change in changes.items():
        *way, name = _way(pointer)
        holder = _at(raw, way)
        if not way or not isinstance(holder, dict):
            continue
        if "old" in change:
            holder[name] = deepcopy(change["old"])
        else:
            holder.pop(name, None)


def came_in(stored: Document, merged: Document) -> dict[str, Event]:
    """Return the events that a merge brought into the document that was `stored`, in the order of the timeline."""
    return {key: one for key, one in merged.timeline.items() if key not in stored.timeline}


def decided(stored: Document, merged: Document) -> Changes | None:
    """Return what a merge did to the document that was `stored` beside what the acts did that came in with it.

    With these changes in an event of its own the way back from `merged` leads to what both sides went on from, and on the
    way to what was stored, but for what both had changed. Conflicts that it left and what came in without an act are
    among them. None where an act that came in does not tell what it changed, or a value lies too deep.
    """
    now, was = content(merged), content(stored)
    left = deepcopy(now)
    for event in reversed(came_in(stored, merged).values()):
        if event.changes is None:
            return None
        take_back(left, event.changes)
    found: Changes = {}
    for pointer in dict(_maps(was, left, "")):
        way = _way(pointer)
        change = _change(_at(was, way), _at(now, way))
        if change:
            found[pointer] = change
    return _bounded(found)


def telling_all(stored: AnyDocument, merged: AnyDocument) -> AnyDocument:
    """Return `merged`, in which an act came to a `stored` document, with all that the merge did told by the act's event."""
    came = came_in(stored, merged)
    if not came:
        return merged
    told: dict[str, Changes | None]
    key, first = next(iter(came.items()))
    if list(merged.timeline)[-len(came) :] == list(came):
        # It comes last: going back over it leads to what was stored.
        told = {at: {} for at in came} | {key: difference(stored, merged)}
    else:
        rest, own = decided(stored, merged), first.changes
        told = {key: None if rest is None or own is None else rest | own}
    events = {at: came[at].model_copy(update={"changes": one}) for at, one in told.items()}
    return merged.model_copy(update={"timeline": merged.timeline | events})


def _parts(
    before: Part, after: Part, pointer: str, apart: frozenset[str] = frozenset()
) -> Iterator[tuple[str, dict[str, JsonValue]]]:
    for name, field in type(after).model_fields.items():
        if name not in apart:
            place = _under(pointer, field.alias or name)
            yield from _values(getattr(before, name), getattr(after, name), place)
    yield from _maps(before.model_extra or {}, after.model_extra or {}, pointer)


def _maps(
    before: dict[str, Any], after: dict[str, Any], pointer: str
) -> Iterator[tuple[str, dict[str, JsonValue]]]:
    if before is after:
        return
    for key, value in after.items():
        was = before.get(key, ABSENT)
        if was is not value:
            yield from _values(was, value, _under(pointer, key))
    for key, was in before.items():
        if key not in after:
            yield from _values(was, ABSENT, _under(pointer, key))


def _values(
    before: object, after: object, pointer: str
) -> Iterator[tuple[str, dict[str, JsonValue]]]:
    if before is after:
        return
    if isinstance(before, Part) and type(before) is type(after):
        yield from _parts(before, after, pointer)
    elif isinstance(before, dict) and isinstance(after, dict):
        yield from _maps(before, after, pointer)
    elif before is ABSENT and isinstance(after, Part):
        # The way back asks for old values only: what a new entry has by default would make files twice as long.
        yield pointer, {"new": after.model_dump(mode="json", by_alias=True, exclude_defaults=True)}
    elif not (type(before) is type(after) and type(after) in _PLAIN and before == after):
        change = _change(_json(before), _json(after))
        if change:
            yield pointer, change


def _change(old: object, new: object) -> dict[str, JsonValue]:
    if same_json(old, new):
        return {}
    sides: dict[str, Any] = {"old": old, "new": new}
    return {side: value for side, value in sides.items() if value is not ABSENT}


def _bounded(changes: Changes) -> Changes | None:
    values = (value for change in changes.values() for value in change.values())
    return None if any(depth(value) > MAX_DEPTH for value in values) else changes


def _json(value: object) -> object:
    return value if value is ABSENT else to_jsonable_python(value)


def _at(raw: object, way: list[str]) -> object:
    """Return what is at a place in JSON, ABSENT where there is none; a way starts with what stands before the first slash."""
    for step in way[1:]:
        raw = raw.get(step, ABSENT) if isinstance(raw, dict) else ABSENT
    return raw


def _under(pointer: str, key: str) -> str:
    return f"{pointer}/{key.replace('~', '~0').replace('/', '~1')}"


def _way(pointer: str) -> list[str]:
    steps = pointer.split("/")
    return [one.replace("~1", "/").replace("~0", "~") for one in steps] if "~" in pointer else steps
