"""Writes a document as JSON again in a fraction of the time, from what was written of its unchanged parts before.

A change touches one or two of the hundreds of entries in a document's keyed maps; the others are the very same frozen
objects, and so are their bytes.
"""

from __future__ import annotations

from functools import cache
from itertools import islice
from operator import is_
from typing import NamedTuple, get_args, get_origin

from pydantic_core import to_json

from salescoach.document.models import TAIL, Document, Part

_TAIL = set(TAIL)
_INDENT = b"\n    "


class _Filled(dict[str, Part]):
    """An empty map that counts as one with entries."""

    def __bool__(self) -> bool:
        return True


_FILLED = _Filled()


class Written(NamedTuple):
    """A keyed map as it was written."""

    entries: dict[str, Part]
    lines: dict[str, tuple[Part, bytes]]
    """Each entry and its bytes with the key; the dict is handed on, so a save that failed may have left more in it."""
    text: tuple[bytes, ...]
    """All of them, with the commas between, in few pieces."""


_PIECES = 100
"""How many pieces a map's text may have before they are put together."""
Fragments = dict[str, Written]
"""By the map's field."""


def write(document: Document, known: Fragments) -> tuple[bytes, Fragments]:
    """Return the document as indented UTF-8 JSON, and what to give as `known` next time.

    Its fields are in model order but for those of TAIL, which are last. The bytes are the same whatever `known` is.
    Raises PydanticSerializationError or ValueError for what JSON cannot hold.
    """
    maps = _maps(type(document))
    # A map that is left out while it is empty still needs its place where it is not.
    shell = document.model_copy(
        update={name: _FILLED if getattr(document, name) else {} for name in maps}
    )
    serializer = type(document).__pydantic_serializer__
    head = serializer.to_json(shell, indent=2, by_alias=True, exclude=_TAIL)
    tail = serializer.to_json(shell, indent=2, by_alias=True, include=_TAIL)
    rest = b"%s,%s" % (head.removesuffix(b"\n}"), tail.removeprefix(b"{"))
    fresh: Fragments = {}
    pieces: list[bytes] = []
    for name, place in maps.items():
        entries: dict[str, Part] = getattr(document, name)
        if not entries:
            continue
        fresh[name] = written = _written(entries, known.get(name))
        before, _, rest = rest.partition(place)
        pieces += (before, place[:-1], *written.text, b"\n  }")
    pieces += (rest, b"\n")
    return b"".join(pieces), fresh


@cache
def _maps(model: type[Document]) -> dict[str, bytes]:
    """Return a kind's keyed maps in the order in which they are written, each with how it looks while it is empty."""
    found = []
    for name, field in model.model_fields.items():
        kinds = get_args(field.annotation) if get_origin(field.annotation) is dict else ()
        if kinds and isinstance(kinds[1], type) and issubclass(kinds[1], Part):
            found.append(name)
    # Only a field of the document itself starts two spaces after a line's end; no text holds such an end.
    return {
        name: b'\n  "%s": {}' % name.encode()
        for name in sorted(found, key=lambda name: TAIL.index(name) if name in TAIL else -1)
    }


def _written(entries: dict[str, Part], known: Written | None) -> Written:
    if known is None:
        lines = {key: (entry, _line(key, entry)) for key, entry in entries.items()}
    elif entries is known.entries:
        return known
    elif _begins(entries, known.entries):
        # Most maps only ever grow at their end.
        lines, text = known.lines, [*known.text]
        for key, entry in islice(entries.items(), len(known.entries), None):
            lines[key] = (entry, _line(key, entry))
            text += (b",", lines[key][1])
        return Written(entries, lines, tuple(text) if len(text) < _PIECES else (b"".join(text),))
    else:
        lines = {}
        for key, entry in entries.items():
            found = known.lines.get(key)
            if found is None or found[0] is not entry:
                found = (entry, _line(key, entry))
            lines[key] = found
    return Written(entries, lines, (b",".join([line for _, line in lines.values()]),))


def _begins(entries: dict[str, Part], known: dict[str, Part]) -> bool:
    # Equal entries are not enough: they may be written differently.
    return all(map(is_, entries.values(), known.values())) and list(known) == list(
        islice(entries, len(known))
    )


def _line(key: str, entry: Part) -> bytes:
    body = type(entry).__pydantic_serializer__.to_json(entry, indent=2, by_alias=True)
    return b"%s%s: %s" % (_INDENT, to_json(key), body.replace(b"\n", _INDENT))
