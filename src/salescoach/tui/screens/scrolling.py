"""Scrolling with keys what a panel has below its edge."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, cast

from salescoach.tui.widgets.panel import Panel

if TYPE_CHECKING:
    from textual.screen import Screen

_ROWS = 3
"""Rows that a key scrolls."""


class ScrollsPanel:
    """What a screen adds whose panel, `PANEL` as a selector, keys can scroll."""

    PANEL: ClassVar[str] = "#panel"

    def action_scroll_down(self) -> None:
        """Scroll the panel down."""
        self._scroll(_ROWS)

    def action_scroll_up(self) -> None:
        """Scroll the panel up."""
        self._scroll(-_ROWS)

    def _scroll(self, rows: int) -> None:
        screen = cast("Screen[None]", self)
        screen.query_one(self.PANEL, Panel).scroll_relative(y=rows, animate=False)
