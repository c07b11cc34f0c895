"""The id of a save: a digest of the document's bytes with nothing in the id's own place."""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from hashlib import sha256

NONE = "0" * 32
"""What stands in the id's place while the digest is made."""
# Only a field of the document itself starts two spaces after a line's end; no text holds such an end.
_PLACE = re.compile(rb'\n  "save": "([0-9a-f]{32})"')


def digest(data: bytes) -> str:
    """Return the id that the document in `data` has by its bytes, whatever id it carries."""
    made = sha256()
    data = data.removeprefix(BOM_UTF8)  # editors put one there, and it means nothing
    view = memoryview(data)
    if place := _PLACE.search(data):
        made.update(view[: place.start(1)])
        made.update(NONE.encode())
        made.update(view[place.end(1) :])
    else:
        made.update(view)
    return made.hexdigest()[:32]


def seal(data: bytes) -> bytes:
    """Return the document with its id in the place where `NONE` stands. Raises ValueError where there is no such place."""
    place = _PLACE.search(data)
    if place is None:
        raise ValueError("a document without a place for its id")
    return data[: place.start(1)] + digest(data).encode() + data[place.end(1) :]


def save_id(data: bytes) -> str | None:
    """Return the id that a document, or the start of one, carries; None when it has none in the usual place."""
    place = _PLACE.search(data)
    return place[1].decode() if place else None


def sealed(data: bytes) -> bool:
    """Say whether a document is byte for byte what was saved under the id that it carries."""
    return save_id(data) == digest(data)
