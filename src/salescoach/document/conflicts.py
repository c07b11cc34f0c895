"""Conflicts that a merge left in a document: where they are, what stands there, and settling them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Literal, get_args

from pydantic import JsonValue, ValidationError

from salescoach.document.change import applied, brief, record, refusal, shown
from salescoach.document.errors import DocumentError, InvalidValue, NotThere
from salescoach.document.models import NUMBERS, AnyDocument, AnyPart, Conflict, Document, Part
from salescoach.document.stamp import Stamp
from salescoach.text import clean

Keep = Literal["kept", "lost"]

_NEVER = frozenset({"schema", "schema_", *NUMBERS, "id", "conflicts", "timeline"})
"""Fields of the document that no conflict is about, whatever a file may say."""
_ID_LENGTH = 36


def settle(
    document: AnyDocument,
    conflict_id: str,
    keep: Keep,
    stamp: Stamp,
    told: Mapping[str, str] | None = None,
) -> AnyDocument:
    """Return the document without a conflict: with `kept` the field stays as it is, with `lost` it gets the other value.

    `told` is what the event tells besides. Raises NotThere for a conflict that is not open, InvalidValue for a value that
    does not fit any more, and DocumentError when the place of the lost value is gone.
    """
    if applied(document, stamp):
        return document
    conflict = document.conflicts.get(conflict_id)
    if conflict is None:
        raise NotThere("conflict-unknown", asked=shown(conflict_id))
    if keep not in get_args(Keep):
        raise InvalidValue("bad-choice", field="conflict", value=shown(keep), choices="kept, lost")
    stands = value_now(document, conflict)
    after = document if keep == "kept" else _put_back(document, conflict)
    chosen, other = (stands, conflict.lost) if keep == "kept" else (conflict.lost, stands)
    about = {**(told or {}), **place(document, conflict.path)} | {
        "before": _plain(document, conflict, other),
        "after": _plain(document, conflict, chosen),
    }
    left = {key: one for key, one in document.conflicts.items() if key != conflict_id}
    return record(document, stamp, "conflict-settled", about, after, conflicts=left)


def ordered(document: Document) -> list[tuple[str, Conflict]]:
    """Return the open conflicts with their ids, those of one part of the document side by side."""
    return sorted(document.conflicts.items(), key=lambda one: (one[1].path, one[0]))


def value_now(document: Document, conflict: Conflict) -> JsonValue:
    """Return what stands at a conflict's place, as JSON; what was kept when the place is gone."""
    *way, name = conflict.path
    holder: object = document
    for step in way:
        holder = _inside(holder, step)
    if isinstance(holder, Part):
        holder = holder.model_dump(mode="json", by_alias=True)
    found = holder.get(name, conflict.kept) if isinstance(holder, dict) else conflict.kept
    value: JsonValue = conflict.kept if isinstance(found, Part) else found
    return value


def place(document: Document, path: tuple[str, ...]) -> dict[str, str]:
    """Return where a path leads, as params of an event: its subject and the `fields`."""
    about = document.subject(path[:2]) if len(path) > 2 else {}
    rest = path[2:] if about else path
    named = [clean(step) for step in rest if len(step) != _ID_LENGTH]
    return about | {"fields": " ".join(named)}


def _put_back(document: AnyDocument, conflict: Conflict) -> AnyDocument:
    *way, name = conflict.path
    if conflict.path[0] in _NEVER:
        raise DocumentError("conflict-place-gone", place=shown(".".join(conflict.path)))
    try:
        after = _with(document, tuple(way), {name: conflict.lost} | conflict.lost_with)
    except _Gone:
        raise DocumentError("conflict-place-gone", place=shown(".".join(conflict.path))) from None
    except ValidationError as error:
        raise refusal(error) from None
    after.settled(document, conflict.path)
    return after


class _Gone(Exception):
    pass


def _with(part: AnyPart, way: tuple[str, ...], values: dict[str, JsonValue]) -> AnyPart:
    """Return `part` with `values` in the part or the unknown object that `way` leads to. Raises _Gone."""
    known = {name: getattr(part, name) for name in type(part).model_fields}
    extra = part.model_extra or {}
    if not way:
        if any(isinstance(known.get(name), Part | dict) for name in values):
            raise _Gone
        return part.but(**values)
    name, *rest = way
    inner = known.get(name)
    changed: object
    if isinstance(inner, Part):
        changed = _with(inner, tuple(rest), values)
    elif isinstance(inner, dict) and rest:
        key, *further = rest
        entry = inner.get(key) or _fresh(type(part), name)
        changed = {**inner, key: _with(entry, tuple(further), values)}
    elif name in known:
        raise _Gone
    else:
        changed = _unknown_with(extra.get(name, {}), tuple(rest), values)
    return part.but(**{name: changed})


def _fresh(holder: type[Part], field: str) -> Part:
    """Return an entry nobody touched, for a map whose entries need nothing; others cannot be made up. Raises _Gone."""
    model = next(
        (one for one in get_args(holder.model_fields[field].annotation) if _is_part(one)), None
    )
    if model is None:
        raise _Gone
    try:
        made: Part = model()
    except ValidationError:
        raise _Gone from None
    return made


def _is_part(model: object) -> bool:
    return isinstance(model, type) and issubclass(model, Part)


def _unknown_with(
    value: JsonValue, way: tuple[str, ...], values: dict[str, JsonValue]
) -> JsonValue:
    if not isinstance(value, dict):
        raise _Gone
    if not way:
        return {**value, **values}
    return {**value, way[0]: _unknown_with(value.get(way[0], {}), way[1:], values)}


def _inside(holder: object, step: str) -> object:
    if isinstance(holder, Part):
        if step in type(holder).model_fields:
            return getattr(holder, step)
        return (holder.model_extra or {}).get(step)
    return holder.get(step) if isinstance(holder, dict) else None


def _plain(document: Document, conflict: Conflict, value: JsonValue) -> str:
    """Return a value as an event keeps it: keys as they are, a contact by name."""
    if value is None:
        return ""
    if (name := document.name_of(conflict.path[-1], value)) is not None:
        return name
    if isinstance(value, str):
        return brief(value)
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return brief(" ".join(map(str, value)))
    return brief(json.dumps(value, ensure_ascii=False))
