"""What is said stands whole on its own line, covers nothing one works with, and goes when it should."""

from __future__ import annotations

import os
import sys

import pytest
from textual.widget import Widget

from salescoach.samples import install
from salescoach.tui.widgets.keybar import KeyBar
from salescoach.tui.widgets.message import MessageLine
from salescoach.tui.widgets.rows import Rows
from salescoach.workspace import open_workspace
from tests.bench.terminal import Screen, Terminal

from .pilot import NARROW, WIDE, Person, running

LONG = "已改期：约梁院长看演示，带上吴主任确认过的三条验收标准和去年那份没有签字的纪要，请他当面说清楚哪一条不能让步"


def _flat(person: Person) -> str:
    return "".join(person.text.split())


def _overlaps(person: Person) -> list[tuple[Widget, Widget]]:
    """Return the pairs of widgets on the screen in front that lie over each other and not in each other."""
    shown = [
        (widget, region.intersection(clip))
        for widget, (region, clip) in person.app.screen._compositor.visible_widgets.items()
    ]
    return [
        (one, other)
        for place, (one, at) in enumerate(shown)
        for other, there in shown[place + 1 :]
        if at.overlaps(there)
        and one not in other.ancestors_with_self
        and other not in one.ancestors_with_self
    ]


@pytest.mark.parametrize("size", [WIDE, NARROW])
@pytest.mark.parametrize("keys", ["", "p", "t", "g", "a"])
async def test_a_message_is_whole_and_covers_nothing(size: tuple[int, int], keys: str) -> None:
    async with running("zh", size) as person:
        await person.new_deal()
        await person.press("1", "space", *([keys] if keys else []))
        before = person.text.splitlines()
        for severity in ("information", "warning", "error"):
            person.app.say(LONG, severity=severity)
            await person.settle()
            assert LONG in _flat(person).replace("│", "")
            assert not _overlaps(person)
        person.app.hush()
        await person.settle()
        assert person.text.splitlines() == before


@pytest.mark.parametrize("size", [WIDE, NARROW])
async def test_the_next_step_and_the_cursors_row_stay_in_view(size: tuple[int, int]) -> None:
    async with running("zh", size) as person:
        await person.new_deal()
        await person.press("a", "=Call", "ctrl+g", "end")
        here = person.here
        person.app.say(LONG)
        await person.settle()
        assert person.here == here
        assert "下一步" in person.text
        said = person.app.screen.query_one(MessageLine).region
        assert said.bottom == person.app.screen.query_one(KeyBar).region.y


async def test_a_message_reaches_the_terminal_whole() -> None:
    """Beside the panel's border at 120x36 a toast lost the wide character that stood on it."""
    workspace = open_workspace(lang="zh")
    install(workspace, workspace.today())
    environ = {**os.environ, "TERM": "xterm-256color", "SALESCOACH_LANG": "zh"}
    terminal = Terminal([sys.executable, "-m", "salescoach"], environ)
    try:
        terminal.until(lambda text: "今天" in text, quiet=0.3)
        for key, shown in ((b"2", "校准线"), (b"\r", "下一步"), (b"a", "行动")):
            terminal.press(key, quiet=0.4)
            terminal.until(lambda text, shown=shown: shown in text, quiet=0.3)  # type: ignore[misc]
        terminal.press(LONG.encode() + b"\x07", quiet=0.5)
        terminal.until(lambda text: LONG[-6:] in text.replace(" ", ""), quiet=0.3)
        screen = Screen()
        for _, piece in terminal.pieces:
            screen.feed(piece)
        assert any(LONG[:40] in line.replace(" ", "") for line in screen.text().splitlines())
    finally:
        terminal.close()


async def test_an_error_that_was_seen_goes_with_the_escape_that_goes_back() -> None:
    async with running("en") as person:
        await person.new_deal()
        person.app.say("The disk is full.", severity="error")
        await person.press("p")
        assert "The disk is full." in person.text
        person.app._said_at -= 10
        await person.press("escape")
        assert "The disk is full." not in person.text
        assert not person.app.screen.query("#people")


async def test_an_escape_that_was_typed_before_an_error_came_goes_back() -> None:
    async with running("en") as person:
        await person.new_deal()
        await person.press("p")
        person.app.say("The disk is full.", severity="error")
        await person.pilot.press("escape")
        await person.settle()
        assert not person.app.screen.query("#people")
        assert "The disk is full." in person.text


async def test_a_message_goes_by_itself_and_by_a_click() -> None:
    async with running("en", NARROW) as person:
        person.app.say("Hi", timeout=0.05)
        await person.settle()
        await person.pilot.pause(0.5)
        assert "> Hi" not in person.text
        person.app.say("Sorted by name")
        await person.settle()
        assert await person.pilot.click(MessageLine)
        await person.settle()
        assert "Sorted by name" not in person.text
        assert person.app.screen.query_one(Rows).has_focus


async def test_a_message_longer_than_half_the_screen_can_be_scrolled() -> None:
    async with running("en", NARROW) as person:
        person.app.say("word " * 400, severity="error")
        await person.settle()
        line = person.app.screen.query_one(MessageLine)
        assert line.size.height == NARROW[1] // 2
        assert line.max_scroll_y > 0
