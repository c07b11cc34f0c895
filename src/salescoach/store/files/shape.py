"""How deep JSON nests and how much it holds, found out before any of it is parsed."""

from __future__ import annotations

_ONLY_OPEN_AND_SHUT = bytes.maketrans(b"[{]}", b"(())")
_NO_STRUCTURE = bytes(sorted(set(range(256)) - set(b"[]{},")))


def shape(data: bytes, deepest: int) -> tuple[int, int]:
    """Return how deep JSON nests and about how many values it holds.

    The interpreter's own limit is another one in each of its versions, and is met only when the memory is taken. The
    depth is exact up to one more than `deepest`.
    """
    plain = data.replace(b"\\\\", b"").replace(b'\\"', b"") if b"\\" in data else data
    outside = b"".join(plain.split(b'"')[::2]).translate(_ONLY_OPEN_AND_SHUT, _NO_STRUCTURE)
    values = len(outside) - outside.count(b")")
    brackets = outside.translate(None, b",")
    for depth in range(deepest):
        if not brackets:
            return depth, values
        brackets = brackets.replace(b"()", b"")  # what nests nothing any more
    if not brackets:
        return deepest, values
    if b"()" in brackets:
        return deepest + 1, values
    # Brackets that do not fit together; nothing after the first that closes too much is read.
    return 0 if brackets.startswith(b")") else len(brackets), values
