"""The ways in which a deal's bytes can be damaged; a few of them leave a deal that can be read."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from typing import Any, Final

Bend = Callable[[bytes, random.Random], bytes]

_ODD: Final[tuple[Any, ...]] = (
    None, True, -1, 10**400, 1.5, "", "x" * 70_000, "2026-02-30", [], [[]], {}, {"": {}}, "\x1b]52;c;eA==\x07",
)  # fmt: skip
_DEEP: Final = 5_000


def _cut(data: bytes, rng: random.Random) -> bytes:
    return data[: rng.randrange(len(data))]


def _flip(data: bytes, rng: random.Random) -> bytes:
    bent = bytearray(data)
    for _ in range(rng.randrange(1, 4)):
        bent[rng.randrange(len(bent))] ^= 1 << rng.randrange(8)
    return bytes(bent)


def _nuls(data: bytes, rng: random.Random) -> bytes:
    at, size = rng.randrange(len(data)), rng.choice((1, 512, 4096))
    return data[:at] + bytes(size) + data[at + size :]


def _into(data: bytes, rng: random.Random, text: str) -> bytes:
    """Put more fields at the start or at the end of the document."""
    body = data.strip()
    if rng.random() < 0.5:
        return b"{" + text.encode() + b"," + body[1:]
    return body[:-1] + b"," + text.encode() + b"}"


def _deep(data: bytes, rng: random.Random) -> bytes:
    nested = rng.choice(("[" * _DEEP + "]" * _DEEP, '{"a":' * _DEEP + "1" + "}" * _DEEP))
    return nested.encode() if rng.random() < 0.3 else _into(data, rng, f'"other": {nested}')


def _duplicate(data: bytes, rng: random.Random) -> bytes:
    key = rng.choice(list(json.loads(data)))
    return _into(data, rng, f'"{key}": {rng.choice(("null", "{}", "1"))}')


def _number(data: bytes, rng: random.Random) -> bytes:
    number = rng.choice(("NaN", "Infinity", "-Infinity", "1e999", "9" * 5_000, "1e-999", "-0.0"))
    return _put(data, rng.choice(("rev", "amount", "schema", "other")), "@number").replace(
        b'"@number"', number.encode()
    )


def _put(data: bytes, key: str, value: object) -> bytes:
    return json.dumps(json.loads(data) | {key: value}, ensure_ascii=False).encode()


def _places(tree: Any) -> list[tuple[Any, Any]]:
    found: list[tuple[Any, Any]] = []
    if isinstance(tree, dict):
        for key, value in tree.items():
            found += [(tree, key), *_places(value)]
    return found


def _wrong_type(data: bytes, rng: random.Random) -> bytes:
    tree = json.loads(data)
    holder, key = rng.choice(_places(tree))
    holder[key] = rng.choice(_ODD)
    return json.dumps(tree).encode()


def _missing(data: bytes, rng: random.Random) -> bytes:
    tree = json.loads(data)
    holder, key = rng.choice(_places(tree))
    del holder[key]
    return json.dumps(tree).encode()


def _wrong_id(data: bytes, rng: random.Random) -> bytes:
    other = rng.choice(("00000000-0000-4000-8000-000000000000", "", "../../etc/passwd", "\u202e"))
    return _put(data, "id", other)


def _newer(data: bytes, rng: random.Random) -> bytes:
    return (
        _put(_wrong_type(data, rng), "schema", 99)
        if rng.random() < 0.5
        else _put(data, "schema", 99)
    )


BENDS: Final[dict[str, Bend]] = {
    "cut": _cut,
    "flipped": _flip,
    "NULs": _nuls,
    "all NULs": lambda data, rng: bytes(len(data)),
    "BOM": lambda data, rng: b"\xef\xbb\xbf" + data,
    "UTF-16": lambda data, rng: data.decode().encode("utf-16"),
    "deep": _deep,
    "duplicate key": _duplicate,
    "number": _number,
    "empty": lambda data, rng: rng.choice((b"", b"\n", b" " * 4096)),
    "wrong type": _wrong_type,
    "missing": _missing,
    "wrong id": _wrong_id,
    "newer": _newer,
    "noise": lambda data, rng: rng.randbytes(rng.randrange(1, 9_000)),
    "twice": lambda data, rng: data + data,
    "no object": lambda data, rng: rng.choice((b"[]", b"null", b'"deal"', b"1", b"{}")),
    "surrogates": lambda data, rng: _put(data, "name", "@").replace(b'"@"', rb'"\ud800 \\udc00"'),
}
"""By name, what is done to the bytes."""
