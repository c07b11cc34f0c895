"""One line of spans at the edge of a screen: titles, tabs, totals, key hints; spans with an action can be clicked."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events
from textual.strip import Strip

from salescoach.text import cell_width
from salescoach.tui.spans import Span, fit, width_of
from salescoach.tui.widgets.styled import Styled


class Bar(Styled):
    """A line with something on the left and, where there is room, something on the right."""

    DEFAULT_CSS = """
    Bar { height: 1; width: 100%; }
    """

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._left: list[Span] = []
        self._right: list[Span] = []
        self._strips: dict[tuple[int, int], Strip] = {}

    def show(self, left: Sequence[Span], right: Sequence[Span] = ()) -> None:
        """Show these spans; the right ones give way, first ones first, when all do not fit."""
        new_left, new_right = list(left), list(right)
        if (new_left, new_right) != (self._left, self._right):
            self._left, self._right = new_left, new_right
            self._strips.clear()
            self.refresh()

    def _layout(self, width: int) -> list[Span]:
        left, right = self._left, self._right
        while right and width_of(left) + width_of(right) + 1 > width:
            right = right[1:]
        if right:
            space = width - width_of(left) - width_of(right)
            return [*left, Span(" " * space), *right]
        return fit(left, width)

    def render_line(self, y: int) -> Strip:
        """Draw the line."""
        width = self.size.width
        strip = self._strips.get((y, width))
        if strip is None:
            strip = self.to_strip(self._layout(width) if y == 0 else [], width)
            self._strips[y, width] = strip
        return strip

    def notify_style_update(self) -> None:
        """Draw again in the new style."""
        self._strips.clear()
        super().notify_style_update()

    async def on_click(self, event: events.Click) -> None:
        """Run the action of the span under the mouse."""
        x = 0
        for span in self._layout(self.size.width):
            x += cell_width(span.text)
            if event.x < x:
                if span.action:
                    event.stop()
                    await self.screen.run_action(span.action)
                return
