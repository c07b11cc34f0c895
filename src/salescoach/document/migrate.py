"""Brings the raw form of an older document to the schema that this program writes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from salescoach.document.errors import InvalidValue, TooNew
from salescoach.text import clean

Raw = dict[str, Any]
Step = Callable[[Raw], Raw]
"""Makes the next schema of a document; it returns a new mapping."""
_SHOWN = 40


def migrate(raw: Raw, steps: Mapping[int, Step], target: int) -> Raw:
    """Return the document at schema `target`; the very same object when it is there already.

    `steps` are by the schema number that they lead on from. `raw` itself is not changed. Raises TooNew for a later
    schema, InvalidValue for a schema that is no number or that no step leads on from.
    """
    found = raw.get("schema")
    if not isinstance(found, int) or isinstance(found, bool) or found < 1:
        raise InvalidValue("bad-schema", value=clean(str(found)[:_SHOWN]))
    if found > target:
        raise TooNew(found, target)
    for schema in range(found, target):
        step = steps.get(schema)
        if step is None:
            raise InvalidValue("bad-schema", value=str(schema))
        raw = {**step(dict(raw)), "schema": schema + 1}
    return raw
