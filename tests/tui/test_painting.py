"""What the screens keep of their painting is never older than what they would paint afresh."""

from __future__ import annotations

import random

import pytest
from textual.events import MouseDown, MouseMove, MouseUp
from textual.screen import ModalScreen
from textual.strip import Strip
from textual.widget import Widget

from salescoach.samples import install
from salescoach.tui.screens.base import CoachScreen
from salescoach.tui.widgets.bar import Bar
from salescoach.tui.widgets.message import MessageLine
from salescoach.tui.widgets.panel import Panel
from salescoach.tui.widgets.rows import Rows
from salescoach.tui.widgets.styled import Body, Ground, Kept, KeptBar, Line, Spans
from salescoach.workspace import open_workspace

from .pilot import NARROW, WIDE, Person, running

_HOME = ("1", "2", "3", "4", "down", "up", "j", "pagedown", "end", "home", "s", "f2", "f3")
_DEAL = (
    "down",
    "up",
    "right",
    "left",
    "3",
    "end",
    "home",
    "tab",
    "v",
    "J",
    "K",
    "space",
    "u",
    "f2",
)
_PARTS = ("p", "A", "t", "g", "question_mark", "ctrl+p", "n", "w", "E")


def _forget(widget: Widget) -> None:
    """Drop everything that the widget and Textual keep of how it looks."""
    widget._set_dirty()
    widget._layout_cache.clear()
    if isinstance(widget, Spans):
        widget._painted = widget._styles_by_name = widget._overs_by_name = None
    if isinstance(widget, Ground):
        widget._line = None
    if isinstance(widget, Rows):
        widget._drawn.clear()
    if isinstance(widget, Panel | Bar):
        widget._strips.clear()


def _painted(person: Person) -> list[list[tuple[str, str]]]:
    """Return every line on the screen as its texts and their styles, neighbours of one style put together."""
    strips = person.app.screen._compositor.render_strips()
    return [[(part.text, str(part.style)) for part in strip.simplify()] for strip in strips]


def _same_as_afresh(person: Person, after: list[str]) -> None:
    kept = _painted(person)
    screen = person.app.screen
    # What shows through a dialog's screen is there only while the app itself paints.
    own = [] if isinstance(screen, ModalScreen) else [screen]
    for widget in [*own, *screen.walk_children(Widget)]:
        for each in (widget, widget._vertical_scrollbar, widget._horizontal_scrollbar):
            if each is not None:
                _forget(each)
    for number, (old, new) in enumerate(zip(kept, _painted(person), strict=True)):
        assert old == new, f"line {number} after {after}"


@pytest.mark.parametrize("seed", range(4))
async def test_a_walk_leaves_nothing_stale(seed: int) -> None:
    chance = random.Random(seed)
    workspace = open_workspace(lang="en")
    install(workspace, workspace.today())
    async with running(size=chance.choice((WIDE, NARROW))) as person:
        pressed: list[str] = []

        async def press(*keys: str) -> None:
            for key in keys:
                pressed.append(key)
                await person.press(key)
                _same_as_afresh(person, pressed[-6:])

        await press("2", *chance.choices(_HOME, k=8))
        for theme in ("textual-light", "ansi-dark", "textual-dark"):
            person.app.theme = theme
            await person.settle()
            _same_as_afresh(person, [*pressed[-3:], theme])
        for size in (NARROW, WIDE):
            await person.pilot.resize_terminal(*size)
            await person.settle()
            _same_as_afresh(person, [*pressed[-3:], str(size)])
            await press("2", "enter", *chance.choices(_DEAL, k=8))
            part = chance.choice(_PARTS)
            await press(part, "down", "f3", "escape")
            while len(person.app.screen_stack) > 1:
                await press("escape")


async def test_a_list_that_grows_and_shrinks_keeps_its_scroll_bar_true() -> None:
    workspace = open_workspace(lang="en")
    for number in range(60):
        workspace.create(name=f"Deal {number}", customer="Globex")
    async with running(size=NARROW) as person:
        await person.press("2", "end")
        _same_as_afresh(person, ["end"])
        bar = person.app.screen.query_one("#list", Rows).vertical_scrollbar
        assert bar.window_virtual_size == 60
        await person.press("slash", "=Deal 41")
        _same_as_afresh(person, ["slash"])
        rows = person.app.screen.query_one("#list", Rows)
        assert rows.scroll_offset.y == 0
        assert "Deal 41" in person.text
        assert bar.window_virtual_size == 1
        await person.press("escape")
        _same_as_afresh(person, ["escape"])
        assert bar.window_virtual_size == 60


def test_a_line_is_cut_before_its_last_cell_as_any_other_is() -> None:
    from rich.segment import Segment
    from rich.style import Style

    segments = [Segment("王工 a", Style(bold=True)), Segment("b  "), Segment(" ")]
    quick, plain = Line(segments, 10), Strip(segments, 10)
    for cuts in ([9, 10], [10], [4, 9, 10], [3, 10], [9]):
        quickly = [list(part) for part in quick.divide(cuts)]
        assert quickly == [list(part) for part in plain.divide(cuts)], cuts
    full = [Segment("王工 a"), Segment("bcde")]
    assert [part.text for part in Line(full, 10).divide([9, 10])] == ["王工 abcd", "e"]


async def test_list_and_panel_stand_beside_each_other_where_there_is_room() -> None:
    async with running(size=WIDE) as person:
        await person.new_deal()
        for key, rows in (("", "#checklist"), ("p", "#people")):
            if key:
                await person.press(key)
            at, beside = (person.app.screen.query_one(one).region for one in (rows, "#panel"))
            assert at.right <= beside.x
            assert at.y <= beside.y < at.bottom
        await person.pilot.resize_terminal(*NARROW)
        await person.settle()
        at, below = (person.app.screen.query_one(one).region for one in ("#people", "#panel"))
        assert at.bottom <= below.y


@pytest.mark.parametrize(
    ("kind", "styled_as"),
    [(CoachScreen, "Screen"), (Body, "Horizontal"), (KeptBar, "ScrollBar"), (Rows, "ScrollView")],
)
def test_what_keeps_its_painting_is_styled_as_what_it_is(
    kind: type[Widget], styled_as: str
) -> None:
    assert styled_as in kind._css_type_names
    assert kind.render_lines is Kept.render_lines


async def test_dialogs_have_no_stripe_where_a_scroll_bar_would_stand() -> None:
    async with running() as person:
        await person.new_deal()
        await person.press("ctrl+p", "=wayward")
        rows = person.app.screen.query_one(Rows)
        bar = rows.vertical_scrollbar.region
        strips = person.app.screen._compositor.render_strips()
        for y in range(bar.y, bar.bottom):
            beside, at = strips[y].crop(bar.x - 1, bar.x), strips[y].crop(bar.x, bar.x + 1)
            colors = [str(part.style and part.style.bgcolor) for part in (*beside, *at)]
            assert len(set(colors)) == 1, colors


async def test_a_message_can_be_dragged_over_with_the_mouse() -> None:
    async with running(size=NARROW) as person:
        person.app.say("something to copy")
        await person.settle()
        line = person.app.screen.query_one(MessageLine)
        for kind, x in ((MouseMove, 3), (MouseDown, 3), (MouseMove, 9), (MouseUp, 9)):
            at = (line.region.x + x, line.region.y)
            event = kind(None, *at, 0, 0, 1, False, False, False, *at)
            person.app.screen._forward_event(event)
            await person.settle()
        assert "something to copy" in person.text
