"""Three-way merge of documents: two places went on from one version, and everything that both did is in the result.

Keyed maps merge key by key, parts field by field, values as a whole. Where both sides changed the same thing to different
things, the side that is saved later is kept and the other value goes into the document's conflicts.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, Generic, cast
from uuid import UUID, uuid5

from pydantic import JsonValue, ValidationError

from salescoach.document.errors import Clash, MergeFailed
from salescoach.document.merge_rules import Group, Rule
from salescoach.document.models import (
    NUMBERS,
    AnyDocument,
    AnyPart,
    Conflict,
    Document,
    Event,
    Part,
)
from salescoach.document.values import ABSENT, MAX_DEPTH, depth, same_json


def merge(
    base: AnyDocument | None, mine: AnyDocument, stored: AnyDocument, *, strict: bool = False
) -> AnyDocument:
    """Return what `mine` and `stored` made of `base` together; `mine` is the one that is saved later.

    With `strict` every change of `mine` must come about and none of `stored` give way: else Clash is raised.

    Without a `base`, when no common version is known, maps are united and every field that differs is a conflict. The
    result has the `NUMBERS` of `stored`. Raises MergeFailed when the two make no valid document, and
    ValueError for different documents.
    """
    if len({document.id for document in (base, mine, stored) if document is not None}) != 1:
        raise ValueError("versions of different documents")
    base, mine, stored = type(stored).aligned(base, mine, stored)
    numbers = {"schema_": max(mine.schema_, stored.schema_)} | {
        name: getattr(stored, name) for name in NUMBERS
    }
    if base is not None:
        was, ours, theirs = (
            document.model_copy(update=numbers) for document in (base, mine, stored)
        )
        if _identical(ours, was):
            return theirs
        if _identical(theirs, was):
            return ours
    work = _Merge(base, mine, stored, strict=strict)
    try:
        merged = work.part(base, mine, stored, ())
    except ValidationError as error:
        where = ".".join(map(str, error.errors(include_url=False)[0]["loc"]))
        raise MergeFailed("merge-invalid", place=where) from error
    timeline = dict(sorted(merged.timeline.items(), key=lambda entry: entry[1].at))
    changes = {"timeline": timeline, "conflicts": work.all_conflicts()} | numbers
    return merged.model_copy(update=changes).merged(base, mine, stored, strict=strict)


def same_content(one: Document, other: Document) -> bool:
    """Say whether two versions of a document differ in nothing but their numbers."""
    if one is other:
        return True
    return other == one.model_copy(update={name: getattr(other, name) for name in NUMBERS})


def incoming(base: Document, stored: Document) -> tuple[Event, ...]:
    """Return the events that `stored` has and `base` has not, the newest first."""
    new = [(one.at, key, one) for key, one in stored.events.items() if key not in base.events]
    return tuple(one for _, _, one in sorted(new, key=lambda entry: entry[:2], reverse=True))


class _Merge(Generic[AnyDocument]):
    """One merge under way: the three documents, and the conflicts met so far."""

    def __init__(
        self,
        base: AnyDocument | None,
        mine: AnyDocument,
        stored: AnyDocument,
        *,
        strict: bool = False,
    ) -> None:
        self.base = base
        self.strict = strict
        self.mine = mine
        self.stored = stored
        self.found: dict[str, Conflict] = {}
        self._open = (*mine.conflicts.values(), *stored.conflicts.values())
        self._mine_told = _last_told(mine, stored, base)
        self._stored_told = _last_told(stored, mine, base)

    def part(
        self, base: AnyPart | None, mine: AnyPart, stored: AnyPart, path: tuple[str, ...]
    ) -> AnyPart:
        """Return one part of the result; `base` is None when both sides made it."""
        if mine is base or _identical(mine, stored):
            return stored
        model = type(stored)
        rule = model.MERGE
        values: dict[str, Any] = {name: getattr(stored, name) for name in model.model_fields}
        named = set(rule.apart)
        for group in rule.groups:
            values |= self._group(group, base, mine, stored, path)
            named |= {*group.fields, *group.along}
        for name in model.model_fields.keys() - named:
            values[name] = self._field(rule, name, base, mine, stored, path)
        # Where they disagree a person decides, and nothing is put in order behind his back.
        clashes = (*self.found.values(), *self._open)
        agreed = all(clash.path[: len(path)] != path for clash in clashes)
        if agreed and (base is None or not _identical(stored, base)):
            model.mend(values, (mine, stored, base))
        before = (base.model_extra if base is not None else None) or {}
        extra = self._json(before, mine.model_extra or {}, stored.model_extra or {}, path)
        return model.model_validate(values | extra)

    def _field(
        self,
        rule: Rule,
        name: str,
        base: Part | None,
        mine: Part,
        stored: Part,
        path: tuple[str, ...],
    ) -> object:
        ours, theirs = getattr(mine, name), getattr(stored, name)
        before = getattr(base, name) if base is not None else None
        if isinstance(theirs, Part):
            return self.part(before, ours, theirs, (*path, name))
        if isinstance(theirs, dict):
            keep_all = name in rule.only_added
            return self._map(before or {}, ours, theirs, (*path, name), keep_all=keep_all)
        if name in rule.sets:
            return _united(before or (), ours, theirs)
        return self._group(Group((name,)), base, mine, stored, path)[name]

    def _map(
        self,
        base: Mapping[str, Part],
        mine: Mapping[str, Part],
        stored: Mapping[str, Part],
        path: tuple[str, ...],
        *,
        keep_all: bool,
    ) -> dict[str, Part]:
        if mine is stored or mine is base:
            return dict(stored)
        result: dict[str, Part] = {}
        for key in {**stored, **mine}:
            ours, theirs, before = mine.get(key), stored.get(key), base.get(key)
            left = ours if ours is not None else theirs
            if left is None:
                continue
            since = before is not None and not _identical(left, before)
            if since and left.MERGE.absent_is_untouched and not self.strict:
                # One side took all of it back; what the other did since is merged with that like anything else.
                untouched = type(left)()
                ours, theirs = ours or untouched, theirs or untouched
            if ours is not None and theirs is not None:
                if before is None and self.base is not None and theirs.MERGE.absent_is_untouched:
                    before = type(theirs)()
                result[key] = self.part(before, ours, theirs, (*path, key))
                continue
            # The other side deleted it; a change made to it here meanwhile is worth more than that.
            if keep_all or before is None or since:
                if self.strict and before is not None:
                    raise Clash((*path, key))
                result[key] = left
        return result

    def _group(
        self, group: Group, base: Part | None, mine: Part, stored: Part, path: tuple[str, ...]
    ) -> dict[str, Any]:
        names = (*group.fields, *group.along)
        ours, theirs = _values(mine, names), _values(stored, names)
        before = _values(base, names) if base is not None else None
        if _told(group, ours) == _told(group, theirs):
            return _either(before, ours, theirs)
        if before is not None and _changed(group, before, ours) is None:
            return theirs
        steps = [(ours, theirs)[side][group.fields[0]] for side in (0, 1)] if group.ranks else []
        if steps and all(step in group.ranks for step in steps):
            same = _told(group, ours)[1:] == _told(group, theirs)[1:]
            climbed = before is None or before[group.fields[0]] not in group.ranks
            if same and climbed:
                return ours if group.ranks.index(steps[0]) > group.ranks.index(steps[1]) else theirs
        if before is None or _changed(group, before, theirs) is not None:
            field = cast("str", _changed(group, theirs, ours))
            self._group_conflict((*path, field), names, mine, stored)
        return ours

    def _group_conflict(
        self, path: tuple[str, ...], names: tuple[str, ...], mine: Part, stored: Part
    ) -> None:
        kept, lost = (side.model_dump(mode="json", include=set(names)) for side in (mine, stored))
        beside = [name for name in names if name != path[-1] and kept[name] != lost[name]]
        self._conflict(
            path,
            kept[path[-1]],
            lost[path[-1]],
            {name: kept[name] for name in beside},
            {name: lost[name] for name in beside},
        )

    def _json(
        self,
        base: Mapping[str, JsonValue],
        mine: Mapping[str, JsonValue],
        stored: Mapping[str, JsonValue],
        path: tuple[str, ...],
    ) -> dict[str, JsonValue]:
        """Merge the fields that this program does not know."""
        result: dict[str, JsonValue] = {}
        for key in {**stored, **mine}:
            before: object = base.get(key, ABSENT)
            if key not in mine or key not in stored:
                left = mine[key] if key in mine else stored[key]
                if not same_json(left, before):
                    result[key] = left
                continue
            ours, theirs = mine[key], stored[key]
            if isinstance(ours, dict) and isinstance(theirs, dict):
                known = before if isinstance(before, dict) else {}
                result[key] = self._json(known, ours, theirs, (*path, key))
            elif same_json(ours, theirs) or same_json(ours, before):
                result[key] = theirs
            else:
                result[key] = ours
                if not same_json(theirs, before):
                    self._conflict((*path, key), ours, theirs, {}, {})
        return result

    def _conflict(
        self,
        path: tuple[str, ...],
        kept: JsonValue,
        lost: JsonValue,
        kept_with: dict[str, JsonValue],
        lost_with: dict[str, JsonValue],
    ) -> None:
        if self.strict:
            raise Clash(path)
        if max(depth(kept), depth(lost)) > MAX_DEPTH:
            raise MergeFailed("merge-too-deep", place=".".join(path)[:80])
        pair = sorted(json.dumps(value, sort_keys=True) for value in (kept, lost))
        # Whichever side is kept, and however often the two are merged, it is the same conflict.
        key = str(uuid5(UUID(self.stored.id), json.dumps([path, *pair])))
        (kept_at, kept_by), (lost_at, lost_by) = self._mine_told, self._stored_told
        self.found[key] = Conflict(
            path=path,
            kept=kept,
            kept_with=kept_with,
            kept_at=kept_at,
            kept_by=kept_by,
            lost=lost,
            lost_with=lost_with,
            lost_at=lost_at,
            lost_by=lost_by,
        )

    def all_conflicts(self) -> dict[str, Conflict]:
        """Return the conflicts of both sides but for those that either has settled, and those of this merge."""
        before = self.base.conflicts if self.base is not None else {}
        mine, stored = self.mine.conflicts, self.stored.conflicts
        known = {
            key: mine.get(key) or stored[key]
            for key in stored | mine
            if key not in before or (key in mine and key in stored)
        }
        for key, conflict in self.found.items():
            if key not in known or not same_json(known[key].kept, conflict.kept):
                known[key] = conflict
        return known


def _values(part: Part, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(part, name) for name in names}


def _told(group: Group, values: Mapping[str, Any]) -> list[object]:
    return [True if isinstance(values[name], datetime) else values[name] for name in group.fields]


def _changed(group: Group, before: Mapping[str, Any], after: Mapping[str, Any]) -> str | None:
    return next((name for name in group.fields if after[name] != before[name]), None)


def _either(
    base: dict[str, Any] | None, mine: dict[str, Any], stored: dict[str, Any]
) -> dict[str, Any]:
    """Return the side that changed what goes along, the later one when both did."""
    if mine in (stored, base):
        return stored
    if stored == base:
        return mine
    return max(mine, stored, key=_lateness)


def _lateness(values: Mapping[str, Any]) -> tuple[float, str]:
    moments = [value.timestamp() for value in values.values() if isinstance(value, datetime)]
    days = [value.toordinal() for value in values.values() if type(value) is date]
    return max((*moments, *days), default=0.0), repr(sorted(values.items()))


def _united(
    base: tuple[str, ...], mine: tuple[str, ...], stored: tuple[str, ...]
) -> tuple[str, ...]:
    if mine in (stored, base):
        return stored
    if stored == base:
        return mine
    kept = [one for one in base if one in mine and one in stored]
    return (*kept, *sorted({*mine, *stored}.difference(base)))


def _identical(one: Part, other: Part) -> bool:
    """Compare parts with what they hold unknown to this program, where 1, 1.0 and true are three things."""
    return one is other or (one == other and one.model_dump_json() == other.model_dump_json())


def _last_told(side: Document, other: Document, base: Document | None) -> tuple[datetime, str]:
    """Return when and by whom a side was last changed, as far as the other had no part in it."""
    before = base.timeline if base is not None else {}
    own: Callable[[str], bool]
    for own in (
        lambda key: key not in before and key not in other.timeline,
        lambda key: key not in before,
        lambda _: True,
    ):
        events = [(event.at, event.by) for key, event in side.timeline.items() if own(key)]
        if events:
            return max(events)
    return side.created_at, ""
