"""Whatever is done to the packaged edition's files, reading them gives a playbook or the list of its mistakes."""

from __future__ import annotations

import copy
import random
import tomllib
from collections.abc import Callable
from typing import Any

import pytest
import tomli_w

from salescoach.playbook.errors import PlaybookInvalid, Problem
from salescoach.playbook.load import packaged, read_folder
from salescoach.playbook.models import Playbook
from salescoach.playbook.parse import Piece, assemble, read_piece
from salescoach.words import Words

pytestmark = pytest.mark.slow
RUNS = 2_500
"""Mutations of each of the four tests: 10,000 in all."""
NASTY: list[Any] = [
    "",
    " ",
    "\x1b]52;c;eA==\x07",
    "[/]",
    "\u202e",
    "x" * 3_000,
    "https://a.b",
    "a b",
    "ALLIANCE",
    0,
    -1,
    2**70,
    1.5,
    float("nan"),
    float("inf"),
    True,
    False,
    None,
    [],
    [[]],
    [None],
    {},
    {"zh": 1},
    {"zh": "中", "en": "e", "fr": "f"},
    {"key": {"key": []}},
    [{"key": "a"}, {"key": "a"}],
    tomllib.loads("d = 2026-02-28\nt = 07:32:00\nz = 1979-05-27T07:32:00Z"),
]
BYTES = [
    b"\0",
    b"\xff",
    b"\xed\xa0\x80",
    b'"',
    b'"""',
    b"'",
    b"[",
    b"[[",
    b"]]",
    b"{",
    b"}",
    b"=",
    b".",
    b",",
    b"#",
]
BYTES += [
    b"\n",
    b"\\",
    b"\\u0000",
    b"\\ud800",
    b"\xef\xbb\xbf",
    b"a.b.c",
    b"[moves]\n",
    b"\xe2\x80\x9c",
    b"9" * 5_000,
]
BYTES += [
    b"[" * 2_000,
    b"a." * 300,
    b"x = 1\n",
    b'key = "need"\n',
    b"1e999",
    b"0x" + b"f" * 400,
    b"2026-99-99",
    b"\r",
]


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    found, problems = read_folder(packaged())
    assert not problems
    return found


@pytest.fixture(scope="module")
def small(files: dict[str, bytes]) -> dict[str, bytes]:
    """The packaged edition with its long lists cut, which is still valid and quick to read."""
    return {
        name: tomli_w.dumps(_cut(tomllib.loads(data.decode()))).encode()
        for name, data in files.items()
    }


def _cut(tree: Any) -> Any:
    if isinstance(tree, dict):
        return {
            key: inner if key in {"roles", "rungs", "functions"} else _cut(inner)
            for key, inner in tree.items()
        }
    if isinstance(tree, list) and any(isinstance(inner, dict) for inner in tree):
        return [_cut(inner) for inner in tree[:1]]
    return tree


def outcome(pieces: dict[str, Piece]) -> int:
    """Return how many problems the pieces have; anything but a playbook or its mistakes fails the test."""
    problems: tuple[Problem, ...] = ()
    try:
        playbook = assemble(pieces.values())
    except PlaybookInvalid as error:
        problems = error.errors
    else:
        assert isinstance(playbook, Playbook)
        return 0
    for problem in problems[:3]:
        for line in (str(problem), problem.line(Words("zh"))):
            assert line.isprintable()
    assert problems
    return len(problems)


def spoil_bytes(data: bytes, dice: random.Random) -> bytes:
    for _ in range(dice.randint(1, 3)):
        at = dice.randrange(len(data) + 1)
        match dice.randrange(6):
            case 0:
                data = data[:at]
            case 1:
                data = data[:at] + dice.choice(BYTES) + data[at:]
            case 2:
                data = data[:at] + bytes([dice.randrange(256)]) + data[at + 1 :]
            case 3:
                data = data[:at] + data[at + dice.randint(1, 60) :]
            case 4:
                lines = data.split(b"\n")
                dice.shuffle(lines)
                data = b"\n".join(lines)
            case _:
                piece = data[at : at + dice.randint(1, 400)]
                there = dice.randrange(len(data) + 1)
                data = data[:there] + piece + data[there:]
    return data


def spoil_tree(tree: Any, dice: random.Random) -> Any:
    """Change one or a few places of a tree: values, keys, entries; the tree given stays as it is."""
    tree = copy.deepcopy(tree)
    for _ in range(dice.randint(1, 3)):
        places = list(_places(tree))
        if not places:
            break
        holder, at = dice.choice(places)
        _spoil_place(holder, at, tree, dice)
    return tree


def _spoil_place(holder: Any, at: Any, tree: Any, dice: random.Random) -> None:
    match dice.randrange(6):
        case 0:
            del holder[at]
        case 1:
            holder[at] = copy.deepcopy(dice.choice(NASTY))
        case 2 if isinstance(holder, dict):
            holder[
                dice.choice(["key", "zzz", "moves", "text", "\x1b[31m", "", "a.b", at + "s"])
            ] = holder.pop(at)
        case 3 if isinstance(holder, list):
            holder.append(copy.deepcopy(dice.choice(holder)))
        case 4:
            other, there = dice.choice(list(_places(tree)))
            holder[at] = copy.deepcopy(other[there])
        case _:
            holder[at] = [copy.deepcopy(holder[at])]


def _places(tree: Any) -> Any:
    inner = list(tree.items()) if isinstance(tree, dict) else list(enumerate(tree))
    for at, value in inner:
        yield tree, at
        if isinstance(value, dict | list):
            yield from _places(value)


def run(
    edition: dict[str, bytes], seed: str, runs: int, spoil: Callable[[str, random.Random], Piece]
) -> None:
    """Spoil one file at a time, the others as they were read once."""
    dice = random.Random(seed)
    pieces = {name: read_piece(name, data) for name, data in edition.items()}
    assert outcome(pieces) == 0
    invalid = sum(
        bool(outcome(pieces | {name: spoil(name, dice)}))
        for name in dice.choices(list(edition), k=runs)
    )
    assert invalid > runs // 3, "most mutations must be mistakes, or the test tests nothing"


def test_spoilt_bytes_of_the_small_edition(small: dict[str, bytes]) -> None:
    run(small, "bytes", RUNS, lambda name, dice: read_piece(name, spoil_bytes(small[name], dice)))


@pytest.mark.parametrize("seed", ["one", "two"])
def test_spoilt_trees_of_the_small_edition(small: dict[str, bytes], seed: str) -> None:
    trees = {name: tomllib.loads(data.decode()) for name, data in small.items()}
    run(small, seed, RUNS, lambda name, dice: Piece(name, spoil_tree(trees[name], dice)))


def test_spoilt_files_of_the_whole_edition(
    files: dict[str, bytes], small: dict[str, bytes]
) -> None:
    """A tenth on the full files; the rest on the small edition, written out and read again as TOML."""
    run(
        files,
        "whole",
        RUNS // 10,
        lambda name, dice: read_piece(name, spoil_bytes(files[name], dice)),
    )
    trees = {name: tomllib.loads(data.decode()) for name, data in small.items()}

    def written(name: str, dice: random.Random) -> Piece:
        tree = spoil_tree(trees[name], dice)
        try:
            return read_piece(name, tomli_w.dumps(tree).encode())
        except (TypeError, ValueError):
            return Piece(name, tree)

    run(small, "written", RUNS - RUNS // 10, written)
