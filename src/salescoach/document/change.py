"""What every operation is made of: validated parts, one timeline event per stamp, refusals instead of stack traces."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from difflib import get_close_matches
from typing import Any, NamedTuple

from pydantic import TypeAdapter, ValidationError

from salescoach.document.changes import decided, difference
from salescoach.document.errors import InvalidValue
from salescoach.document.models import (
    MAX_WHOLE,
    AnyDocument,
    AnyPart,
    Changes,
    Document,
    Event,
    Part,
)
from salescoach.document.stamp import Stamp
from salescoach.playbook.models import Key
from salescoach.text import NAME_LIMIT, clean

_KEY: TypeAdapter[str] = TypeAdapter(Key)
_SHOWN = 40
_AMOUNTS = ("decimal", "amount_range", "finite_number", "is_instance_of")
_DATES = ("date", "datetime", "timezone")


def applied(document: Document, stamp: Stamp) -> bool:
    """Say whether the doing `stamp` is in the document already, so that applying it again changes nothing."""
    return stamp.id in document.timeline


def record(
    before: AnyDocument,
    stamp: Stamp,
    what: str,
    about: Mapping[str, str],
    after: AnyDocument | None = None,
    **changes: object,
) -> AnyDocument:
    """Return the document with `changes` (field name to an already validated value) and one event for them.

    The event has the old and new values of what differs from the document `before`. With `after` the changes are made to
    that one, which an operation has made of it.
    """
    result = (after or before).model_copy(update=changes)
    return _told(result, stamp, what, about, difference(before, result))


def record_made(
    document: AnyDocument, stamp: Stamp, what: str, about: Mapping[str, str]
) -> AnyDocument:
    """Return a document that was just made with the event for that, which tells no values: all of them are new."""
    return _told(document, stamp, what, about, {})


def record_merged(
    stored: AnyDocument, stamp: Stamp, what: str, about: Mapping[str, str], merged: AnyDocument
) -> AnyDocument:
    """Return what was made of a `stored` document and another version of it, with one event for that.

    The events that came in tell what they changed; this one tells what else became of the stored document.
    """
    return _told(merged, stamp, what, about, decided(stored, merged))


def _told(
    document: AnyDocument,
    stamp: Stamp,
    what: str,
    about: Mapping[str, str],
    changes: Changes | None,
) -> AnyDocument:
    event = make(
        Event,
        what=what,
        about={name: brief(value) for name, value in about.items() if value},
        role=stamp.role,
        by_id=stamp.by_id,
        changes=changes,
        **mark(stamp),
    )
    return document.model_copy(update={"timeline": {**document.timeline, stamp.id: event}})


def differences(before: Part, after: Part, names: Iterable[str]) -> dict[str, str]:
    """Return what an event tells of those fields `names` that differ; empty where none does.

    `fields` names them; `<field>.before` and `<field>.after` are their values as text: keys of a set with spaces
    between, days as ISO, yes and no as `true` and `false`. What is empty is left out.
    """
    changed = [name for name in names if getattr(before, name) != getattr(after, name)]
    about = {"fields": " ".join(changed)} if changed else {}
    for name in changed:
        for side, part in (("before", before), ("after", after)):
            if value := _as_text(getattr(part, name)):
                about[f"{name}.{side}"] = value
    return about


def _as_text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return " ".join(map(str, value))
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


class Difference(NamedTuple):
    """A field that an edit changed, with its values as text; empty for no value."""

    field: str
    before: str
    after: str


def changes(event: Event) -> list[Difference]:
    """Return what an edit's event tells of the fields that changed.

    Events of earlier programs hold the values of a single field only, or none: such fields are left out.
    """
    about = event.about
    names = about.get("fields", "").split()
    if len(names) == 1 and ("before" in about or "after" in about):
        return [Difference(names[0], about.get("before", ""), about.get("after", ""))]
    return [
        Difference(name, about.get(f"{name}.before", ""), about.get(f"{name}.after", ""))
        for name in names
        if f"{name}.before" in about or f"{name}.after" in about
    ]


def mark(stamp: Stamp) -> dict[str, Any]:
    """Return the `at` and `by` of what a doing creates."""
    return {"at": stamp.at, "by": brief(stamp.by)}


def make(model: type[AnyPart], **values: object) -> AnyPart:
    """Return a new part. Raises InvalidValue for the first value that does not fit."""
    try:
        return model.model_validate(values)
    except ValidationError as error:
        raise refusal(error) from None


def fit(part: AnyPart, **changes: object) -> AnyPart:
    """Return `part` with `changes`. Raises InvalidValue for the first value that does not fit."""
    try:
        return part.but(**changes)
    except ValidationError as error:
        raise refusal(error) from None


def key(value: str, field: str) -> str:
    """Return a playbook key unchanged. Raises InvalidValue for a text that cannot be one."""
    try:
        return _KEY.validate_python(value)
    except ValidationError:
        raise InvalidValue("bad-key", field=field, value=shown(value)) from None


def required(value: str, code: str, **params: object) -> str:
    """Return a cleaned multi-line text. Raises InvalidValue `code` when nothing is left of it."""
    text = clean(value, multiline=True)
    if not text.strip():
        raise InvalidValue(code, **params)
    return text


def brief(value: str) -> str:
    """Return a text as one cleaned line, cut to what a line may have."""
    line = clean(value)
    return line if len(line) <= NAME_LIMIT else line[: NAME_LIMIT - 1] + "…"


def shown(value: object) -> str:
    """Return a refused value as a short cleaned line that fits a message."""
    line = clean(str(value)[: _SHOWN * 4])
    return line if len(line) <= _SHOWN else line[: _SHOWN - 1] + "…"


def nearest(asked: str, names: Iterable[str]) -> tuple[str, ...]:
    """Return up to three of `names` that look like `asked`, best first."""
    return tuple(get_close_matches(asked, list(names), n=3, cutoff=0.4))


def next_order(parts: Iterable[int]) -> int:
    """Return the order number after all of `parts`; after the largest there can be, that one again."""
    return min(max(parts, default=0) + 1, MAX_WHOLE)


def refusal(error: ValidationError) -> InvalidValue:
    """Turn pydantic's first finding into the refusal that names the field and the mend."""
    first = error.errors(include_url=False)[0]
    field = str(first["loc"][0]).rstrip("_") if first["loc"] else "document"
    kind, value = first["type"], shown(first["input"])
    if kind == "too_long":
        return InvalidValue("too-long", field=field, limit=first["ctx"]["limit"])
    if kind in {"too_short", "string_too_short", "missing"}:
        return InvalidValue("empty", field=field)
    if field in {"currency", "signed_currency"}:
        return InvalidValue("bad-currency", value=value)
    if kind == "literal_error":
        return InvalidValue(
            "bad-choice", field=field, value=value, choices=str(first["ctx"]["expected"])
        )
    if field == "amount" or kind.startswith(_AMOUNTS):
        return InvalidValue("bad-amount", value=value)
    if kind.startswith(_DATES):
        return InvalidValue("bad-date", value=value)
    return InvalidValue("bad-value", field=field, value=value)
