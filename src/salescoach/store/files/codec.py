"""Between the bytes of a document's file and the document: whatever the bytes are, either a document or one reason why not."""

from __future__ import annotations

import json
import math
import re
from pathlib import Path

from pydantic import ValidationError
from pydantic_core import PydanticSerializationError

from salescoach.document.ancestry import edited_by_hand
from salescoach.document.errors import DocumentError
from salescoach.document.kind import D
from salescoach.document.models import Document
from salescoach.store.errors import Damaged, NewerSchema, SaveFailed
from salescoach.store.files.fragments import Fragments, write
from salescoach.store.files.seal import NONE, digest, seal
from salescoach.store.files.shape import shape

MAX_BYTES = 16 * 1024 * 1024
"""A larger file is no document."""
FULL_FROM = 80
"""Per cent of MAX_BYTES from which people are told that a document nears the limit."""
MAX_DEPTH = 64
"""How deep a document may nest; the known fields need eight levels."""
MAX_VALUES = 1_000_000
"""How many values a document may hold; written out, that many take more than MAX_BYTES."""
MAX_DIGITS = 40
"""How many digits a whole number may have, where nothing narrower is said of its field."""
# A JSON escape, taken whole so that an escaped backslash never looks like the start of the next one.
_ESCAPE = re.compile(
    r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|u([dD][89a-fA-F])[0-9a-fA-F]{2}|.)"
)


_RANGES = frozenset(
    {"date_range", "amount_range", "less_than_equal", "greater_than_equal", "int_parsing_size"}
)
"""Of pydantic's findings, those about a value that is of the right kind and too large or too small."""


class _Duplicate(ValueError):
    pass


class _NotFinite(ValueError):
    pass


def encode(
    document: Document, path: Path, known: Fragments | None = None
) -> tuple[bytes, Fragments]:
    """Return the document's bytes (UTF-8, indented, in model order) and what makes encoding the next version quick.

    A document without the id of a save gets one: these bytes are a save of it. Raises SaveFailed, about `path`, for a document that cannot be written.
    """
    fresh = not document.save
    try:
        data, fragments = write(
            document.model_copy(update={"save": NONE}) if fresh else document, known or {}
        )
    except (PydanticSerializationError, ValueError) as error:
        raise SaveFailed(path, "text", str(error)[:200]) from error
    if len(data) > MAX_BYTES or _too_many(data):
        raise SaveFailed(path, "too-large")
    return seal(data) if fresh else data, fragments


def decode(data: bytes, path: Path, key: str, model: type[D]) -> D:
    """Return the document in `data`, which was read from `path` and must have the id `key`.

    A document of a newer schema is returned as far as this program understands it (its `schema_` says so). Raises
    Damaged, or NewerSchema for a newer one that cannot be shown. Its `save` is that of the bytes, whatever they say: a
    file that was changed by hand goes on from the save that it names.
    """
    raw = _parse(data, path)
    schema = raw.get("schema", model.SCHEMA)
    newer = isinstance(schema, int) and schema > model.SCHEMA
    try:
        document = model.model_validate(raw if newer else _migrated(raw, model))
    except ValidationError as error:
        if isinstance(schema, int) and newer:
            raise NewerSchema(path, schema) from error
        raise Damaged(path, *_first(error)) from error
    except DocumentError as error:
        raise Damaged(path, "not-a-document", f"schema: {str(schema)[:40]}") from error
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise Damaged(path, "not-a-document", type(error).__name__) from error
    if document.id != key:
        raise Damaged(path, "wrong-id", document.id)
    found = digest(data)
    return document if found == document.save else edited_by_hand(document, found)


def _migrated(raw: dict[str, object], model: type[Document]) -> dict[str, object]:
    if raw.get("schema", model.SCHEMA) == model.SCHEMA:
        return raw
    from salescoach.document.migrate import migrate

    return migrate(raw, model.STEPS, model.SCHEMA)


def _parse(data: bytes, path: Path) -> dict[str, object]:
    if not data.strip():
        raise Damaged(path, "empty")
    if not data.strip(b"\0"):
        raise Damaged(path, "nul")
    depth, values = shape(data, MAX_DEPTH)
    if depth > MAX_DEPTH:
        raise Damaged(path, "too-deep")
    if values > MAX_VALUES:
        raise Damaged(path, "too-large")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Damaged(path, "not-utf8", str(error.start)) from error
    if "\\ud" in text or "\\uD" in text:
        text = _ESCAPE.sub(lambda match: "" if match[1] else match[0], text)
    try:
        raw = json.loads(
            text,
            object_pairs_hook=_pairs,
            parse_float=_float,
            parse_int=_whole,
            parse_constant=_refuse,
        )
    except _Duplicate as error:
        raise Damaged(path, "duplicate-key", str(error)) from error
    except _NotFinite as error:
        raise Damaged(path, "not-a-number", str(error)) from error
    except json.JSONDecodeError as error:
        raise Damaged(path, "not-json", f"{error.lineno}:{error.colno}") from error
    if not isinstance(raw, dict):
        raise Damaged(path, "not-a-document", type(raw).__name__)
    return raw


def _too_many(data: bytes) -> bool:
    """Say whether JSON that was just written holds more values than are read again."""
    return (
        sum(map(data.count, (b",", b"[", b"{"))) > MAX_VALUES
        and shape(data, MAX_DEPTH)[1] > MAX_VALUES
    )


def _pairs(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                raise _Duplicate(key[:100])
            seen.add(key)
    return found


def _float(text: str) -> float:
    value = float(text)
    if math.isinf(value):
        raise _NotFinite(text[:40])
    return value


def _refuse(text: str) -> object:
    raise _NotFinite(text)


def _whole(text: str) -> int:
    if len(text) > MAX_DIGITS:
        raise _NotFinite(text[:MAX_DIGITS])
    return int(text)


def _first(error: ValidationError) -> tuple[str, str]:
    """Return the reason for which a document is damaged, and where."""
    found = error.errors(include_url=False, include_context=False, include_input=False)
    where = ".".join(str(step) for step in found[0]["loc"])
    more = f" (+{len(found) - 1})" if len(found) > 1 else ""
    reason = "out-of-range" if found[0]["type"] in _RANGES else "not-a-document"
    return reason, f"{where}: {found[0]['msg']}{more}"[:300]
