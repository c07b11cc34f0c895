"""What the bytes of a terminal mean: keys and pastes, told apart whatever they hold and however they are cut."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salescoach.tui.terminal_input import (
    CUT_CHARACTER,
    CUT_OFF,
    END,
    PASTE_LIMIT,
    SETTLE,
    SETTLE_LIMIT,
    START,
    TerminalInput,
)


def taken(*chunks: bytes, gap: float = 0.0, reader: TerminalInput | None = None) -> list[str]:
    """Return what chunks that arrive `gap` seconds apart mean: keys as they are, a paste in angle brackets."""
    reader = reader or TerminalInput()
    now, pieces = 0.0, []
    for chunk in chunks:
        pieces += reader.feed(chunk, now)
        now += gap
        pieces += reader.pause(now)
    for _ in range(3):
        now += CUT_OFF + 1
        pieces += reader.pause(now)
    found: list[str] = []
    for piece in pieces:
        if piece.fresh:
            # The parser forgets what it holds of the marker.
            found[-1] = found[-1][: found[-1].rindex("\x1b")]
            found = [one for one in found if one]
        elif piece.kind == "paste":
            found.append(f"<{piece.text}>")
        elif found and not found[-1].startswith("<"):
            found[-1] += piece.text
        elif piece.text:
            found.append(piece.text)
    return found


def test_keys_pass_as_they_are() -> None:
    assert taken(b"ab\x1b[A", "客户".encode()) == ["ab\x1b[A客户"]


def test_a_paste_is_one_piece_and_keys_after_it_are_keys() -> None:
    assert taken(b"a" + START + "客户".encode() + END, b"b", gap=0.2) == ["a", "<客户>", "b"]
    assert taken(START + b"one" + END + b"\t") == ["<one>", "\t"]


@pytest.mark.parametrize(
    "inside",
    [
        b"x\x1b[A\x1b",
        b"x" + END + b":q\r",
        b"x" + END + b"q" + START + b"y",
        b"x\x1b]52;c;eA==\x07" + END + b"d" * 5000 + END,
    ],
)
def test_nothing_inside_a_paste_acts_as_a_key(inside: bytes) -> None:
    whole = START + inside + END
    for size in (len(whole), 1, 7):
        chunks = [whole[at : at + size] for at in range(0, len(whole), size)]
        found = taken(*chunks)
        assert len(found) == 1
        assert found[0].startswith("<x")
        assert "\x1b" not in found[0]


def test_a_paste_whose_end_never_comes_is_shown_and_keys_work_again() -> None:
    reader = TerminalInput()
    assert reader.feed(START + b"half", 0.0) == []
    assert reader.wait(0.0) == CUT_OFF
    (piece,) = reader.pause(CUT_OFF)
    assert (piece.kind, piece.text) == ("paste", "half")
    # Its second half is no key when it comes late ...
    assert reader.feed(b" a text", 5.0) == []
    assert [one.kind for one in reader.pause(5.0 + CUT_OFF)] == ["paste"]
    # ... but a single key is one.
    assert [(one.kind, one.text) for one in reader.feed(b"\x1b", 9.0)] == [("keys", "\x1b")]
    assert [(one.kind, one.text) for one in reader.feed(b"q", 9.1)] == [("keys", "q")]


def test_an_end_marker_cut_in_two_by_a_long_silence_still_ends_the_paste() -> None:
    reader = TerminalInput()
    reader.feed(START + b"text" + END[:3], 0.0)
    assert [one.text for one in reader.pause(CUT_OFF)] == ["text"]
    reader.feed(END[3:], 5.0)
    assert reader.pause(5.0 + SETTLE) == []
    assert [(one.kind, one.text) for one in reader.feed(b"qq", 6.0)] == [("keys", "qq")]


def test_keys_that_keep_coming_after_a_paste_wait_no_longer_than_a_moment() -> None:
    reader = TerminalInput()
    reader.feed(START + b"text" + END, 0.0)
    now = 0.0
    while not (pieces := reader.pause(now)):
        now += SETTLE / 2
        reader.feed(b"k", now)
        assert now < SETTLE_LIMIT * 2
    assert [one.kind for one in pieces] == ["paste", "keys"]


def test_what_is_no_utf8_is_left_out_and_told() -> None:
    reader = TerminalInput()
    assert taken(b"a\xe9", b"b", gap=CUT_CHARACTER, reader=reader) == ["ab"]
    assert reader.lost


def test_a_character_of_another_encoding_is_no_command() -> None:
    # The second byte of this one is a Q.
    assert taken(b"\x81Q", gap=1) == []


def test_a_character_cut_in_two_is_whole() -> None:
    reader = TerminalInput()
    data = "客".encode()
    assert taken(data[:1], data[1:], gap=0.1, reader=reader) == ["客"]
    assert not reader.lost


def test_the_answers_of_a_terminal_are_no_keys() -> None:
    assert taken(b"a\x1b]11;rgb:ff/ff/ff\x07b\x1bP1$r0m\x1b\\c") == ["abc"]


def test_a_paste_without_measure_is_cut_and_ends() -> None:
    reader = TerminalInput()
    assert reader.feed(START, 0) == []
    for _ in range(PASTE_LIMIT // 4096 + 100):
        assert reader.feed(b"x" * 4096, 0) == []
    reader.feed(END[:2], 0)
    reader.feed(END[2:], 0)
    (piece,) = reader.pause(1)
    assert PASTE_LIMIT <= len(piece.text) < PASTE_LIMIT + 10_000
    assert [one.text for one in reader.feed(b"q", 2)] == ["q"]


@given(st.lists(st.one_of(st.binary(max_size=20), st.sampled_from([START, END, b"\x1b", b"\xff"]))))
def test_any_bytes_are_taken(chunks: list[bytes]) -> None:
    for piece in taken(*chunks, gap=0.004):
        assert "\ufffd" not in piece


@given(st.text(max_size=30), st.lists(st.integers(0, 120), max_size=6))
def test_cuts_change_nothing(text: str, cuts: list[int]) -> None:
    text = "".join(char for char in text if char.isalnum())
    data = b"a" + START + text.encode() + END
    edges = sorted({0, len(data), *(min(cut, len(data)) for cut in cuts)})
    chunks = [data[a:b] for a, b in pairwise(edges)]
    assert taken(*chunks) == taken(data)
