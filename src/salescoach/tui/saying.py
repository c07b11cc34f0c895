"""What the app says to the person, in the message line of the screen in front."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.app import App

from salescoach.text import cell_width, clean
from salescoach.tui.widgets.message import MessageLine, Said, Severity

if TYPE_CHECKING:
    from textual.timer import Timer

    from salescoach.tui.input_queue import InputQueue
    from salescoach.words import Words
    from salescoach.workspace import Workspace

_READING = 12
"""Cells of a message that are read in a second, when it is a long one."""
_SEEN = 0.5
"""Seconds after which a person has seen an error: an Escape typed before is not meant for it."""


class SayingApp(App[int]):
    """Says one thing at a time."""

    workspace: Workspace
    words: Words
    input_queue: InputQueue

    def __init__(self) -> None:
        super().__init__()
        self.said: Said | None = None
        """What the message line of the screen in front shows."""
        self._said_at = 0.0
        self._saying: Timer | None = None

    def say(self, message: str, *, severity: Severity = "information", timeout: float = 4) -> None:
        """Show a message over the key bar in place of the one before; foreign text in it stays text.

        It stays for `timeout` seconds, longer when it takes longer to read.
        """
        from time import monotonic

        text = clean(message, multiline=True)
        self.said, self._said_at = Said(text, severity), monotonic()
        if self._saying is not None:
            self._saying.stop()
        self._saying = self.set_timer(max(timeout, cell_width(text) / _READING), self.hush)
        self.show_said()

    def show_said(self) -> None:
        """Show on the screen in front what was said, or that nothing is said any more."""
        for screen in self.screen_stack[-1:]:
            for line in screen.query(MessageLine):
                line.tell(self.said)

    def hush(self, *, errors: bool = True) -> None:
        """Take the message away; with `errors` false only one that is no error."""
        if self.said is None or (self.said.severity == "error" and not errors):
            return
        self.said = None
        self.show_said()

    def dismiss_error(self) -> None:
        """Take an error away that the person has had time to see."""
        from time import monotonic

        if self.said is not None and monotonic() - self._said_at > _SEEN:
            self.hush()

    def say_error(self, error: Exception) -> None:
        """Show an error as one line with its mend."""
        self.say(self.workspace.explain(error, self.words), severity="error", timeout=8)
