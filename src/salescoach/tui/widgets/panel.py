"""A scrolling panel of wrapped paragraphs: guidance, evidence, previews."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar, NamedTuple, cast

from textual.strip import Strip

from salescoach.text import cell_width, wrap
from salescoach.tui.spans import Span
from salescoach.tui.widgets.styled import StyledScroll

if TYPE_CHECKING:
    from textual.screen import Screen

_ROWS = 3
"""Rows that a key scrolls."""


class Para(NamedTuple):
    """A paragraph: a text in one style behind an optional mark that the following lines are indented by."""

    text: str
    style: str = ""
    mark: str = ""
    mark_style: str = "muted"
    action: str = ""


BLANK = Para("")


class Panel(StyledScroll):
    """Paragraphs wrapped to the panel's width, drawn a visible line at a time."""

    DEFAULT_CSS = """
    Panel {
        height: 1fr;
        overflow-x: hidden;
        scrollbar-size-vertical: 1;
        padding: 0 1;
    }
    """

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._paras: tuple[Para, ...] = ()
        self._lines: list[list[Span]] = []
        self._strips: dict[int, Strip] = {}
        self._wrapped_at = -1

    def show(self, paras: Sequence[Para], *, keep_place: bool = False) -> None:
        """Show these paragraphs, from the top unless `keep_place`."""
        new = tuple(paras)
        if new == self._paras:
            return
        self._paras = new
        self._wrapped_at = -1
        if not keep_place and self.scroll_offset.y:
            self.scroll_to(y=0, animate=False, immediate=True)
        self._wrap()
        self.refresh()

    def lines_at(self, width: int) -> int:
        """Return how many lines the paragraphs take in `width` cells."""
        return sum(len(wrap(para.text, width - cell_width(para.mark))) for para in self._paras)

    def _wrap(self) -> None:
        width = self.scrollable_content_region.width
        if width <= 0 or width == self._wrapped_at:
            return
        self._wrapped_at = width
        lines: list[list[Span]] = []
        for para in self._paras:
            indent = cell_width(para.mark)
            for number, text in enumerate(wrap(para.text, width - indent)):
                mark = para.mark if number == 0 else " " * indent
                lines.append([Span(mark, para.mark_style), Span(text, para.style, para.action)])
        self._lines = lines
        self._strips.clear()
        self.set_length(len(lines))

    def on_resize(self) -> None:
        """Wrap to the new width."""
        self._wrap()

    def notify_style_update(self) -> None:
        """Draw again in the new style."""
        self._strips.clear()
        super().notify_style_update()
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """Draw one visible line."""
        return self.lines(y, 1)[0]

    def lines(self, first: int, count: int) -> list[Strip]:
        """Draw visible lines: what all of them need is asked for once."""
        self._wrap()
        width, top = self.scrollable_content_region.width, self.scroll_offset.y
        strips, lines = self._strips, self._lines
        found: list[Strip] = []
        for index in range(first + top, first + top + count):
            strip = strips.get(index)
            if strip is None:
                strip = self.to_strip(lines[index] if 0 <= index < len(lines) else [], width)
                strips[index] = strip
            found.append(strip)
        return found


class ScrollsPanel:
    """What a screen adds that has a panel, `PANEL` as a selector, which keys scroll."""

    PANEL: ClassVar[str] = "#panel"

    def action_scroll_down(self) -> None:
        """Scroll the panel down."""
        self._scroll_panel(_ROWS)

    def action_scroll_up(self) -> None:
        """Scroll the panel up."""
        self._scroll_panel(-_ROWS)

    def _scroll_panel(self, rows: int) -> None:
        screen = cast("Screen[None]", self)
        screen.query_one(self.PANEL, Panel).scroll_relative(y=rows, animate=False)
