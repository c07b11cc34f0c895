"""JSON values: how deep they nest, and whether two are the same."""

from __future__ import annotations

import json
from typing import Final

from pydantic import JsonValue

MAX_DEPTH: Final = 40
"""How deep a value may nest that is kept in a conflict or an event; a document has its own limit, and they lie deeper there."""
ABSENT: Final = object()
"""Stands for a value that is not there, which null is."""


def depth(value: JsonValue) -> int:
    """Return how many levels a value has, itself included."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return 1 + max(map(depth, inner), default=0)


def same_json(one: object, other: object) -> bool:
    """Compare values of JSON, of which 1, 1.0 and true are three, and `ABSENT` is none."""
    if one is ABSENT or other is ABSENT:
        return one is other
    return one is other or json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)
