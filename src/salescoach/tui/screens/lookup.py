"""What is offered under a line of a form while it is typed: things that are there already, taken with the arrows and Enter."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from textual import events, work
from textual.geometry import Size

from salescoach.text import clean
from salescoach.tui.spans import columns
from salescoach.tui.widgets.panel import Panel, Para

if TYPE_CHECKING:
    from salescoach.tui.screens.fields import Field
    from salescoach.tui.screens.form import FormDialog

_INDENT = 16
"""Cells before an offer: it stands under the line and not under its label."""
_LABEL = 34


class Offer(NamedTuple):
    """Something that is there already: what the line says when it is taken, what tells it from others, and its id."""

    text: str
    note: str
    key: str


class Looked(NamedTuple):
    """What a text finds, and what it is taken for where nothing of that is taken."""

    offers: Sequence[Offer] = ()
    told: str = ""


class Offers(Panel, can_focus=False):
    """The offers under one line."""

    DEFAULT_CSS = """
    Offers { height: auto; max-height: 7; display: none; padding: 0; }
    """

    def __init__(self, spec: Field) -> None:
        super().__init__(id=f"offers-{spec.name}")
        self._spec = spec
        self._looked = Looked()
        self._at = -1
        self._taken: Offer | None = None

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Return the lines that the offers take in `width` cells, also before they are shown for the first time."""
        return self.lines_at(width)

    def key(self, text: str) -> str:
        """Return the id of what was taken, if the line still says it; else an empty text."""
        taken = self._taken
        return taken.key if taken is not None and clean(taken.text) == clean(text) else ""

    @work(thread=True, exclusive=True, exit_on_error=False, group="lookup")
    def look(self, text: str) -> None:
        """Look for a text, away from the event loop."""
        assert self._spec.lookup is not None  # noqa: S101 - it has offers because it has one
        looked = self._spec.lookup(text) if text else Looked()
        self.app.call_from_thread(self._show, text, looked)

    def _show(self, text: str, looked: Looked) -> None:
        self._looked, self._at = looked, -1
        if self.key(text):
            self._looked = looked._replace(offers=(), told=self._taken.note if self._taken else "")
        self._draw()

    def _draw(self) -> None:
        paras = []
        for at, offer in enumerate(self._looked.offers):
            style, mark = ("accent", "> ") if at == self._at else ("", "  ")
            line = "".join(
                one.text for one in columns([(offer.text, "", _LABEL), (offer.note, "", 60)])
            )
            paras.append(Para(line.rstrip(), style, " " * (_INDENT - 2) + mark, style))
        if self._looked.told and self._at < 0:
            paras.append(Para(self._looked.told, "muted", " " * _INDENT + "= ", "muted"))
        self.display = bool(paras)
        self.show(paras)

    def fold(self) -> None:
        """Show only what the line is taken for: it is left."""
        self._looked, self._at = self._looked._replace(offers=()), -1
        self._draw()

    def move(self, step: int) -> bool:
        """Move the mark; say whether there is anything to move it over."""
        count = len(self._looked.offers)
        if count:
            self._at = max(-1, min(count - 1, self._at + step))
            self._draw()
        return bool(count)

    def take(self) -> Offer | None:
        """Take the offer under the mark, if it is on one."""
        if not 0 <= self._at < len(self._looked.offers):
            return None
        self._taken = self._looked.offers[self._at]
        self._looked, self._at = Looked(told=self._taken.note), -1
        self._draw()
        return self._taken

    def on_click(self, event: events.Click) -> None:
        """Take the offer that is pointed at."""
        at = event.y + self.scroll_offset.y
        if 0 <= at < len(self._looked.offers):
            event.stop()
            self._at = at
            form: FormDialog = self.screen  # type: ignore[assignment]
            form.take_offer(self._spec.name)
