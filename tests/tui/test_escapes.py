"""Escape is Escape, whatever follows it and however the bytes are cut."""

from __future__ import annotations

from itertools import combinations

import pytest

from salescoach.tui.escapes import ESCAPE, SEQUENCE_DELAY, Escapes

SEQUENCES = ("\x1b[A", "\x1bOP", "\x1b[15~", "\x1b[1;5C", "\x1b[97;1u", "\x1b[<0;3;3M", "\x1b[[A")


def read(text: str) -> list[str]:
    """Return what a text means that is read in one go and followed by a pause."""
    escapes = Escapes()
    return [*escapes.feed(text, 0), *escapes.pause(10)]


@pytest.mark.parametrize(
    "after", ["q", "甲乙", "\r", "\t", " ", "g\x07", "]", "P", "OK", "1", ESCAPE + "x"]
)
def test_what_is_typed_right_after_escape_is_a_key_of_its_own(after: str) -> None:
    parts = read(ESCAPE + after)
    assert parts[0] == ESCAPE
    assert "".join(parts) == ESCAPE + after
    assert not any(len(part) > 1 and ESCAPE in part for part in parts)


@pytest.mark.parametrize("sequence", SEQUENCES)
def test_a_sequence_stays_whole_however_it_is_cut(sequence: str) -> None:
    whole = f"a{sequence}b{sequence}"
    for cuts in combinations(range(1, len(whole)), 2):
        escapes, parts = Escapes(), []
        for start, end in zip((0, *cuts), (*cuts, len(whole)), strict=True):
            parts += escapes.feed(whole[start:end], 0)
        assert parts == ["a", sequence, "b", sequence]


def test_escape_alone_waits_a_moment_and_the_rest_of_a_sequence_longer() -> None:
    escapes = Escapes()
    assert escapes.feed(ESCAPE, 1) == []
    wait = escapes.wait(1)
    assert wait is not None
    assert 0 < wait < SEQUENCE_DELAY
    assert escapes.pause(1 + wait / 2) == []
    assert escapes.pause(1 + wait + 0.001) == [ESCAPE]
    assert escapes.wait(2) is None
    assert escapes.feed(ESCAPE + "[", 3) == []
    assert escapes.pause(3 + wait + 0.001) == []
    assert escapes.pause(3 + SEQUENCE_DELAY + 0.001) == [ESCAPE, "["]


def test_escape_before_a_sequence_is_a_key_of_its_own() -> None:
    assert read("\x1b\x1b[A") == [ESCAPE, "\x1b[A"]
    assert read("\x1b\x1b") == [ESCAPE, ESCAPE]
