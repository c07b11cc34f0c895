"""Brings the raw form of an older document to the schema that this program writes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from salescoach.deal.change import shown
from salescoach.deal.errors import InvalidValue, TooNew
from salescoach.deal.models import SCHEMA

__all__ = ["STEPS", "Step", "TooNew", "migrate"]

Raw = dict[str, Any]
Step = Callable[[Raw], Raw]

STEPS: Mapping[int, Step] = {}
"""By schema number: what makes the next schema of a document; a step returns a new mapping."""


def migrate(raw: Raw, *, steps: Mapping[int, Step] | None = None, target: int = SCHEMA) -> Raw:
    """Return the document at schema `target`; the very same object when it is there already.

    `raw` itself is not changed. Raises TooNew for a later schema, InvalidValue for a schema that is no number or that no
    step leads on from.
    """
    known = STEPS if steps is None else steps
    found = raw.get("schema")
    if not isinstance(found, int) or isinstance(found, bool) or found < 1:
        raise InvalidValue("bad-schema", value=shown(found))
    if found > target:
        raise TooNew(found, target)
    for schema in range(found, target):
        step = known.get(schema)
        if step is None:
            raise InvalidValue("bad-schema", value=shown(schema))
        raw = {**step(dict(raw)), "schema": schema + 1}
    return raw
