"""Conflicts that a merge left in a deal: where they are, what stands there, and settling them."""

from __future__ import annotations

import json
from typing import Final, Literal, get_args

from pydantic import JsonValue, ValidationError

from salescoach.deal.change import applied, brief, record, refusal, shown
from salescoach.deal.contacts import circle
from salescoach.deal.contacts import contact as contact_of
from salescoach.deal.errors import DealError, InvalidValue, NotThere
from salescoach.deal.models import NUMBERS, AnyPart, Conflict, Deal, Part
from salescoach.deal.stamp import Stamp
from salescoach.text import clean

Keep = Literal["kept", "lost"]

_SUBJECTS: Final = {
    "contacts": "contact",
    "items": "item",
    "stages": "stage",
    "answers": "question",
    "actions": "action",
}
_NEVER = frozenset({"schema", "schema_", *NUMBERS, "id", "conflicts", "timeline"})
"""Fields of the document that no conflict is about, whatever a file may say."""
_ID_LENGTH = 36


def settle(deal: Deal, conflict_id: str, keep: Keep, stamp: Stamp) -> Deal:
    """Return the deal without a conflict: with `kept` the field stays as it is, with `lost` it gets the other value.

    Raises NotThere for a conflict that is not open, InvalidValue for a value that does not fit any more, and DealError when
    the place of the lost value is gone.
    """
    if applied(deal, stamp):
        return deal
    conflict = deal.conflicts.get(conflict_id)
    if conflict is None:
        raise NotThere("conflict-unknown", asked=shown(conflict_id))
    if keep not in get_args(Keep):
        raise InvalidValue("bad-choice", field="conflict", value=shown(keep), choices="kept, lost")
    stands = value_now(deal, conflict)
    after = deal if keep == "kept" else _put_back(deal, conflict)
    chosen, other = (stands, conflict.lost) if keep == "kept" else (conflict.lost, stands)
    about = place(deal, conflict.path) | {
        "before": _plain(deal, conflict, other),
        "after": _plain(deal, conflict, chosen),
    }
    left = {key: one for key, one in deal.conflicts.items() if key != conflict_id}
    return record(after, stamp, "conflict-settled", about, conflicts=left)


def ordered(deal: Deal) -> list[tuple[str, Conflict]]:
    """Return the open conflicts with their ids, those of one part of the deal side by side."""
    return sorted(deal.conflicts.items(), key=lambda one: (one[1].path, one[0]))


def value_now(deal: Deal, conflict: Conflict) -> JsonValue:
    """Return what stands at a conflict's place, as JSON; what was kept when the place is gone."""
    *way, name = conflict.path
    holder: object = deal
    for step in way:
        holder = _inside(holder, step)
    if isinstance(holder, Part):
        holder = holder.model_dump(mode="json", by_alias=True)
    found = holder.get(name, conflict.kept) if isinstance(holder, dict) else conflict.kept
    value: JsonValue = conflict.kept if isinstance(found, Part) else found
    return value


def place(deal: Deal, path: tuple[str, ...]) -> dict[str, str]:
    """Return where a path leads, as params of an event: the contact, item, stage, question or action, and the `fields`."""
    about: dict[str, str] = {}
    subject = _SUBJECTS.get(path[0], "") if len(path) > 2 else ""
    if subject == "contact":
        found = deal.contacts.get(path[1])
        about = {"contact": found.name if found else "", "contact_id": path[1]}
    elif subject == "action":
        action = deal.actions.get(path[1])
        about = {"action": action.text if action else "", "action_id": path[1]}
    elif subject:
        about = {subject: path[1]}
    rest = path[2:] if subject else path
    named = [clean(step) for step in rest if len(step) != _ID_LENGTH]
    return about | {"fields": " ".join(named)}


def _put_back(deal: Deal, conflict: Conflict) -> Deal:
    *way, name = conflict.path
    if conflict.path[0] in _NEVER:
        raise DealError("conflict-place-gone", place=shown(".".join(conflict.path)))
    try:
        after = _with(deal, tuple(way), {name: conflict.lost} | conflict.lost_with)
    except _Gone:
        raise DealError("conflict-place-gone", place=shown(".".join(conflict.path))) from None
    except ValidationError as error:
        raise refusal(error) from None
    if name == "reports_to" and isinstance(conflict.lost, str):
        superior = contact_of(after, conflict.lost)
        if circle(after) - circle(deal):
            person = after.contacts[conflict.path[1]].name
            raise InvalidValue("reports-to-circle", contact=person, superior=superior.name)
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
        return type(part).model_validate(known | extra | values)
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
    return type(part).model_validate(known | extra | {name: changed})


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


def _plain(deal: Deal, conflict: Conflict, value: JsonValue) -> str:
    """Return a value as an event keeps it: keys as they are, a contact by name."""
    if value is None:
        return ""
    if conflict.path[-1] == "reports_to" and isinstance(value, str) and value in deal.contacts:
        return deal.contacts[value].name
    if isinstance(value, str):
        return brief(value)
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return brief(" ".join(map(str, value)))
    return brief(json.dumps(value, ensure_ascii=False))
