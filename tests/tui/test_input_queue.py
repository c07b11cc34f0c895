"""Keys that come while something is under way wait for it, in a real terminal and in the middle of the app."""

from __future__ import annotations

import os
import termios
import time
from pathlib import Path

import pytest

from salescoach.paths import under
from tests.bench.home import APP, environ, keys_told
from tests.bench.keys import ENTER
from tests.bench.terminal import Terminal
from tests.faults.program import a_deal, stored

TAB, SEND, ESCAPE, KILL = b"\t", b"\x07", b"\x1b", b"\x15"


def text(typed: str) -> list[bytes]:
    """Return the keys of a text."""
    return [char.encode() for char in typed]


def send(terminal: Terminal, keys: list[bytes], gap: float) -> None:
    """Send keys `gap` milliseconds apart, 0 meaning in one write."""
    if not gap:
        os.write(terminal.fd, b"".join(keys))
        return
    for key in keys:
        os.write(terminal.fd, key)
        terminal.read(quiet=gap / 1000, limit=gap / 1000)


def settled(terminal: Terminal, wanted: object) -> bool:
    """Read what the program writes until `wanted` holds."""
    end = time.monotonic() + 15
    while time.monotonic() < end:
        terminal.read(quiet=0.02, limit=0.05)
        if wanted():  # type: ignore[operator]
            return True
    return False


@pytest.mark.parametrize("gap", [0, 5, 20, 50])
def test_tabs_in_a_form_that_is_just_opening_lead_to_the_next_field(gap: int, home: Path) -> None:
    deal = a_deal(home)
    terminal = Terminal(APP, environ(home))
    try:
        terminal.until(keys_told, quiet=0.3)
        keys = [b"2", ENTER, b"p", b"a", *text("甲"), TAB, *text("乙"), TAB, *text("丙"), SEND]
        send(terminal, keys, gap)
        assert settled(terminal, lambda: stored(under(home), deal.id).contacts)
        (who,) = stored(under(home), deal.id).contacts.values()
        assert (who.name, who.title, who.department) == ("甲", "乙", "丙")
        assert len(stored(under(home), deal.id).timeline) == len(deal.timeline) + 1
    finally:
        terminal.close()


@pytest.mark.parametrize("after", [0.0, 0.03, 0.1, 0.2])
def test_what_is_typed_before_the_first_screen_arrives(after: float, home: Path) -> None:
    a_deal(home)
    terminal = Terminal(APP, environ(home))
    try:
        time.sleep(after)
        keys = (
            b"n"
            + "环球".encode()
            + ENTER
            + "备份".encode()
            + TAB
            + b"700"
            + ENTER
            + SEND
            + b"nhello"
            + SEND
        )
        os.write(terminal.fd, keys)
        paths = under(home)

        def found() -> list[object]:
            deals = [stored(paths, path.stem) for path in paths.deals.glob("*.json")]
            return [
                (one.customer, one.name, one.amount, note.text)
                for one in deals
                for note in one.notes.values()
            ]

        assert settled(terminal, found)
        assert found() == [("环球", "备份", 700, "hello")]
    finally:
        terminal.close()


def test_escape_and_text_in_one_write_are_escape_and_text(home: Path) -> None:
    deal = a_deal(home)
    terminal = Terminal(APP, environ(home))
    try:
        terminal.until(keys_told, quiet=0.3)
        os.write(terminal.fd, b"2" + ENTER + b"p" + ESCAPE + "n甲乙".encode() + SEND)
        assert settled(terminal, lambda: stored(under(home), deal.id).notes)
        assert [one.text for one in stored(under(home), deal.id).notes.values()] == ["甲乙"]
    finally:
        terminal.close()


def test_the_terminal_is_given_back_as_it_was(home: Path) -> None:
    a_deal(home)
    terminal = Terminal(APP, environ(home))
    try:
        before = termios.tcgetattr(terminal.fd)
        terminal.until(keys_told, quiet=0.3)
        assert termios.tcgetattr(terminal.fd)[3] != before[3]
        terminal.quit(b"q")
        assert termios.tcgetattr(terminal.fd) == before
    finally:
        terminal.close()
