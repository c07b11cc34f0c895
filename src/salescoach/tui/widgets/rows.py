"""A virtual list, drawn only where it is visible, so that ten thousand rows cost what ten cost.

Each row is a line; the row under the cursor is as many lines as show it whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Protocol

from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip

from salescoach.tui.spans import Span, fit, unfold
from salescoach.tui.widgets.styled import StyledScroll

_KEPT = 500
GUTTER = 2
"""Cells before each row where the cursor's mark stands, so that it is not told by colour alone."""


class RowSource(Protocol):
    """What a list shows."""

    def __len__(self) -> int:
        """Return the number of rows."""

    def row(self, index: int, width: int) -> Sequence[Span]:
        """Return the spans of a row for a list `width` cells wide."""

    def selectable(self, index: int) -> bool:
        """Say whether the cursor may rest on a row."""


class EmptySource:
    """A list of nothing but one line that says why."""

    def __init__(self, message: str = "") -> None:
        self._message = message

    def __len__(self) -> int:
        return 1 if self._message else 0

    def row(self, index: int, width: int) -> Sequence[Span]:
        """Return the message."""
        return [Span(" "), Span(self._message, "muted")]

    def selectable(self, index: int) -> bool:
        """Nothing can be chosen."""
        return False


class Rows(StyledScroll, can_focus=True):
    """A list with a cursor over a `RowSource`."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "up", show=False, id="list.up"),
        Binding("down,j", "down", show=False, id="list.down"),
        Binding("pageup,ctrl+u", "page_up", show=False, id="list.page-up"),
        Binding("pagedown,ctrl+d", "page_down", show=False, id="list.page-down"),
        Binding("home", "first", show=False, id="list.first"),
        Binding("end,G", "last", show=False, id="list.last"),
        Binding("enter", "open", show=False, id="list.open"),
    ]

    DEFAULT_CSS = """
    Rows {
        height: 1fr;
        overflow-x: hidden;
        /* Always there, and seen only when it is needed: coming and going, it would have the screen laid out twice. */
        overflow-y: scroll;
        scrollbar-size-vertical: 1;
        scrollbar-background: transparent;
        scrollbar-background-hover: transparent;
        scrollbar-background-active: transparent;
    }
    """

    class Told(Message):
        """Something about a row of `rows`."""

        def __init__(self, rows: Rows) -> None:
            super().__init__()
            self.rows = rows

        @property
        def control(self) -> Rows:
            """The list."""
            return self.rows

    class Moved(Told):
        """The cursor rests on another row, or the rows under it changed."""

        @property
        def index(self) -> int:
            """The row under the cursor by now: more keys may have come since, and other rows."""
            return self.rows.cursor

    class Opened(Told):
        """The row `index` was chosen with Enter or a second click."""

        def __init__(self, rows: Rows, index: int) -> None:
            super().__init__(rows)
            self.index = index

    def __init__(
        self, source: RowSource | None = None, *, id: str | None = None, classes: str | None = None
    ) -> None:
        super().__init__(id=id, classes=classes)
        self._source: RowSource = source if source is not None else EmptySource()
        self._cursor = 0
        self._drawn: dict[int, Strip] = {}
        self._drawn_width = 0
        self._more: list[Strip] = []
        """The lines of the row under the cursor after its first."""
        self._settle_cursor()

    @property
    def source(self) -> RowSource:
        """What the list shows."""
        return self._source

    @property
    def cursor(self) -> int:
        """The index of the row under the cursor; -1 where no row can be chosen."""
        return self._cursor

    def show(self, source: RowSource, cursor: int | None = None) -> None:
        """Show another source, the cursor on `cursor` or as near as it can be to where it was."""
        self._source = source
        self._drawn.clear()
        if cursor is not None:
            self._cursor = cursor
        self._settle_cursor()
        self._unfold()
        self.set_length(len(source) + len(self._more))
        self._scroll_to_cursor()
        self.refresh()
        self.post_message(self.Moved(self))

    def redraw(self) -> None:
        """Draw all rows again: the source tells another story about the same rows."""
        self._drawn.clear()
        self._unfold_again()
        self.refresh()

    def redraw_row(self, index: int) -> None:
        """Draw one row again."""
        self._drawn.pop(index, None)
        if index == self._cursor:
            self._unfold_again()
        self.refresh_line(index)

    def move_to(self, index: int) -> None:
        """Put the cursor on `index` or the nearest row that can be chosen."""
        old = self._cursor
        self._cursor = index
        self._settle_cursor()
        if self._cursor == old:
            return
        for row in (old, self._cursor):
            self._drawn.pop(row, None)
        if not (self._unfold_again() or self._more):
            for row in (old, self._cursor):
                self.refresh_line(row)
        self._scroll_to_cursor()
        # The cursor is seen to move before what the row has to tell is looked up and laid out.
        self.call_after_refresh(self.post_message, self.Moved(self))

    def _settle_cursor(self) -> None:
        count = len(self._source)
        wanted = min(max(self._cursor, 0), count - 1)
        for distance in range(count):
            for index in (wanted + distance, wanted - distance):
                if 0 <= index < count and self._source.selectable(index):
                    self._cursor = index
                    return
        self._cursor = -1

    def _step(self, start: int, step: int) -> int:
        """Return the next row that can be chosen from `start` on in the direction of `step`, or the cursor's."""
        index = start
        while 0 <= index < len(self._source):
            if self._source.selectable(index):
                return index
            index += step
        return self._cursor

    def _unfold(self) -> bool:
        """Lay the row under the cursor out in as many lines as it takes; say whether the lines of the list change."""
        width, height = self.scrollable_content_region.size
        before, self._more = self._more, []
        if self._cursor >= 0 and width > GUTTER and height > 0:
            inner = width - GUTTER
            lines = unfold(fit(self._source.row(self._cursor, inner), inner), height)
            over, mark = self._marks(self._cursor)
            self._drawn[self._cursor] = self.to_strip(
                [Span(mark, "accent"), *lines[0]], width, over
            )
            blank = Span(" " * GUTTER)
            self._more = [self.to_strip([blank, *line], width, over) for line in lines[1:]]
        return len(before) != len(self._more)

    def _unfold_again(self) -> bool:
        """Lay the row under the cursor out; where it or another was longer than a line, draw all lines again."""
        turned, longer = bool(self._more), self._unfold()
        if longer:
            self.set_length(len(self._source) + len(self._more))
        if turned or self._more:
            self.refresh()
        return turned

    def _row_at(self, line: int) -> int:
        """Return the row that a line of the list belongs to."""
        after = line - self._cursor
        if self._cursor < 0 or after <= 0:
            return line
        return self._cursor if after <= len(self._more) else line - len(self._more)

    def _scroll_to_cursor(self) -> None:
        height = self.scrollable_content_region.height
        if height <= 0 or self._cursor < 0:
            return
        top = self.scroll_offset.y
        # A heading above the first row that can be chosen comes into view with it.
        wanted = 0 if self._step(0, 1) == self._cursor else self._cursor
        last = self._cursor + len(self._more)
        if wanted < top:
            self.scroll_to(y=wanted, animate=False, immediate=True)
        elif last >= top + height:
            self.scroll_to(y=last - height + 1, animate=False, immediate=True)

    def action_up(self) -> None:
        """Go up a row."""
        self.move_to(self._step(self._cursor - 1, -1))

    def action_down(self) -> None:
        """Go down a row."""
        self.move_to(self._step(self._cursor + 1, 1))

    def action_page_up(self) -> None:
        """Go up a page."""
        self.move_to(max(0, self._cursor - max(1, self.scrollable_content_region.height - 1)))

    def action_page_down(self) -> None:
        """Go down a page."""
        self.move_to(
            min(
                len(self._source) - 1,
                self._cursor + max(1, self.scrollable_content_region.height - 1),
            )
        )

    def action_first(self) -> None:
        """Go to the first row."""
        self.move_to(0)

    def action_last(self) -> None:
        """Go to the last row."""
        self.move_to(len(self._source) - 1)

    def action_open(self) -> None:
        """Choose the row under the cursor."""
        if self._cursor >= 0:
            self.post_message(self.Opened(self, self._cursor))

    def on_click(self, event: events.Click) -> None:
        """Put the cursor where the mouse is; a second click chooses the row."""
        index = self._row_at(event.y + self.scroll_offset.y)
        if not (0 <= index < len(self._source) and self._source.selectable(index)):
            return
        if index == self._cursor and event.chain > 1:
            self.action_open()
        else:
            self.move_to(index)

    def on_mount(self) -> None:
        """Tell the scroll bars how long the list is."""
        self.set_length(len(self._source))

    def on_resize(self) -> None:
        """Keep the cursor in view."""
        self._unfold_again()
        self._scroll_to_cursor()

    def on_focus(self) -> None:
        """Show the cursor as the place where keys go."""
        self._redraw_cursor()

    def on_blur(self) -> None:
        """Show that keys go elsewhere."""
        self._redraw_cursor()

    def _redraw_cursor(self) -> None:
        if self._cursor >= 0:
            self.redraw_row(self._cursor)

    def notify_style_update(self) -> None:
        """Draw all rows again in the new style."""
        self._drawn.clear()
        super().notify_style_update()
        if self.is_mounted:
            self._unfold()

    def refresh_line(self, y: int) -> None:
        """Refresh the first line of a row if it is in view."""
        top = y - self.scroll_offset.y
        if y > self._cursor >= 0:
            top += len(self._more)
        if 0 <= top < self.size.height:
            self.refresh(Region(0, top, self.size.width, 1))

    def render_line(self, y: int) -> Strip:
        """Draw one visible line."""
        return self.lines(y, 1)[0]

    def lines(self, first: int, count: int) -> list[Strip]:
        """Draw visible lines: what all of them need is asked for once."""
        width = self.scrollable_content_region.width
        drawn = self._drawn
        if width != self._drawn_width or len(drawn) > _KEPT:
            drawn.clear()
            self._drawn_width = width
        first += self.scroll_offset.y
        cursor, more = self._cursor, self._more
        found: list[Strip] = []
        for line in range(first, first + count):
            row = line
            if more and line > cursor:
                row -= len(more)
                if row <= cursor:
                    found.append(more[line - cursor - 1])
                    continue
            strip = drawn.get(row)
            if strip is None:
                strip = drawn[row] = self._draw(row, width)
            found.append(strip)
        return found

    def _marks(self, index: int) -> tuple[str, str]:
        """Return the style that lies over a row and what stands before it."""
        if index != self._cursor:
            return "", "  "
        return ("cursor", "> ") if self.has_focus else ("quiet-cursor", "- ")

    def _draw(self, index: int, width: int) -> Strip:
        if not 0 <= index < len(self._source):
            return self.to_strip([], width)
        over, mark = self._marks(index)
        inner = max(0, width - GUTTER)
        spans = fit(self._source.row(index, inner), inner)
        if index == self._cursor:
            spans = unfold(spans, self.scrollable_content_region.height)[0]
        return self.to_strip([Span(mark, "accent"), *spans], width, over)
