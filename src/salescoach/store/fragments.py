"""Writes a deal as JSON again in a fraction of the time, from what was written of its unchanged parts before.

A change touches one or two of the hundreds of entries in a deal's keyed maps; the others are the very same frozen
objects, and so are their bytes.
"""

from __future__ import annotations

from pydantic_core import to_json

from salescoach.deal.models import Deal, Part

_MAPS = ("phases", "stages", "answers", "items", "contacts", "actions", "notes", "timeline")
_EMPTY: dict[str, dict[str, Part]] = {name: {} for name in _MAPS}
# Only a field of the document itself starts two spaces after a line's end; no text holds such an end.
_PLACES = tuple((name, b'\n  "%s": {}' % name.encode()) for name in _MAPS)
_INDENT = b"\n    "

Fragments = dict[int, tuple[Part, str, bytes]]
"""By an entry's identity: the entry itself, so that the identity stays taken, its key, and its bytes with the key."""


def write(deal: Deal, known: Fragments) -> tuple[bytes, Fragments]:
    """Return the deal as indented UTF-8 JSON in model order, and what to give as `known` next time.

    The bytes are those of `deal.model_dump_json(indent=2, by_alias=True)`, whatever `known` is. Raises
    PydanticSerializationError or ValueError for what JSON cannot hold.
    """
    shell = deal.model_copy(update=_EMPTY)
    rest = Deal.__pydantic_serializer__.to_json(shell, indent=2, by_alias=True)
    fresh: Fragments = {}
    pieces: list[bytes] = []
    for name, place in _PLACES:
        entries: dict[str, Part] = getattr(deal, name)
        if not entries:
            continue
        lines: list[bytes] = []
        for key, entry in entries.items():
            at = id(entry)
            found = known.get(at)
            if found is None or found[0] is not entry or found[1] != key:
                found = (entry, key, _line(key, entry))
            fresh[at] = found
            lines.append(found[2])
        before, _, rest = rest.partition(place)
        pieces += (before, place[:-1], b",".join(lines), b"\n  }")
    pieces.append(rest)
    return b"".join(pieces), fresh


def _line(key: str, entry: Part) -> bytes:
    body = type(entry).__pydantic_serializer__.to_json(entry, indent=2, by_alias=True)
    return b"%s%s: %s" % (_INDENT, to_json(key), body.replace(b"\n", _INDENT))
