"""The line over the key bar that says something to the person: it takes its own room and covers nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from salescoach.text import wrap
from salescoach.tui.widgets.panel import Panel, Para

if TYPE_CHECKING:
    from textual import events

    from salescoach.tui.app import CoachApp

Severity = Literal["information", "warning", "error"]

_STYLES = {"information": "strong", "warning": "warning", "error": "alert"}
_MARKS = {"information": "> ", "warning": "! ", "error": "! "}
_SHARE = 2
"""A message takes at most this part of the screen's height; a longer one is scrolled."""


class Said(NamedTuple):
    """A message to the person, cleaned."""

    text: str
    severity: Severity = "information"


class MessageLine(Panel, can_focus=False, inherit_css=False):
    """Shows what was said last, in as many lines as it takes; without anything said it is not there.

    It stands in the layout and not over it: Textual's own toasts cover what one works on, and a line that lies over the
    edge of another widget is cut there, which takes the wide character that stands on the edge away.
    """

    DEFAULT_CSS = """
    MessageLine {
        display: none;
        height: 1;
        width: 100%;
        background: $panel;
        padding: 0 1;
        overflow-x: hidden;
        overflow-y: auto;
        scrollbar-size-vertical: 1;
    }
    """

    def tell(self, said: Said | None) -> None:
        """Show `said`, or nothing."""
        if said is None:
            self.display = False
            return
        mark, style = _MARKS[said.severity], _STYLES[said.severity]
        self.show([Para(said.text, style, mark, style)])
        self._fit(said.text)
        self.display = True

    def _fit(self, text: str) -> None:
        # Two cells of padding, two of the mark and one where a scroll bar may come.
        lines = len(wrap(text, max(10, self.app.size.width - 5)))
        self.styles.height = max(1, min(lines, self.app.size.height // _SHARE))

    def on_mount(self) -> None:
        """Show what was said before the screen was there."""
        app: CoachApp = self.app  # type: ignore[assignment]
        self.tell(app.said)

    def on_resize(self) -> None:
        """Take the lines that the new width asks for."""
        super().on_resize()
        if self._paras:
            self._fit(self._paras[0].text)

    def on_click(self, event: events.Click) -> None:
        """Take the message away."""
        event.stop()
        app: CoachApp = self.app  # type: ignore[assignment]
        app.hush()
