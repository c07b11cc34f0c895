"""Screens over a deal's own: each shows one part of the same deal, follows its changes and leads to the others."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from salescoach.tui.commands import Command
from salescoach.tui.screens.base import CoachScreen
from salescoach.tui.spans import Span
from salescoach.tui.widgets.bar import Bar

if TYPE_CHECKING:
    from textual.screen import Screen

    from salescoach.deal.models import Deal
    from salescoach.tui.deal.changes import DealChanges

_OTHERS = (
    Command("part.gate", "g", bar=True),
    Command("part.contacts", "p", bar=True),
    Command("part.actions", "A", bar=True),
    Command("part.timeline", "t", bar=True),
)


def others(but: str) -> tuple[Command, ...]:
    """Return the commands that lead to a deal's other parts, under the deal's own keys; `but` is the part itself."""
    return tuple(command for command in _OTHERS if command.id != "part." + but)


class OverDeal:
    """What every screen over a deal's can do; `behind` is the deal's screen, which makes the changes."""

    behind: DealChanges

    def _switch(self, part: str) -> None:
        screen = cast("Screen[None]", self)
        if not screen.is_current:
            return  # a second key of the same burst
        # In the place of this one, so that Escape goes back to the deal wherever the person has been.
        screen.dismiss(None)
        getattr(self.behind, f"action_{part}")()

    def action_gate(self) -> None:
        """Show the gate instead."""
        self._switch("gate")

    def action_contacts(self) -> None:
        """Show the people at the customer instead."""
        self._switch("contacts")

    def action_actions(self) -> None:
        """Show the deal's actions instead."""
        self._switch("actions")

    def action_timeline(self) -> None:
        """Show what happened instead."""
        self._switch("timeline")

    def action_undo(self) -> None:
        """Take the last change of this deal back."""
        self.behind.action_undo()

    def action_redo(self) -> None:
        """Do the change taken back again."""
        self.behind.action_redo()


class DealPart(OverDeal, CoachScreen[None]):
    """Contacts, actions, the timeline."""

    DEFAULT_CSS = """
    DealPart { & #title { background: $panel; } }
    """

    def __init__(self, behind: DealChanges) -> None:
        super().__init__()
        self.behind = behind

    @property
    def deal(self) -> Deal:
        """The deal as it is on its screen."""
        return self.behind.deal

    def on_mount(self) -> None:
        """Show the part."""
        self.retell()

    def tell(self) -> None:
        """Show this part of the deal as it is."""

    def retell(self) -> None:
        """Say everything in the words of the moment."""
        self.tell()
        self.show_keys()

    def deal_changed(self) -> None:
        """The deal behind has another state."""
        if self.query(Bar):
            self.tell()

    def title_bar(self, part: str, note: str = "") -> None:
        """Show which part of which deal this is."""
        left = [
            Span(f" {self.deal.customer} / {self.deal.name}  ", "heading"),
            Span(f"[{part}]", "tab"),
        ]
        self.query_one("#title", Bar).show(left, [Span(note + " ", "muted")])

    def action_back(self) -> None:
        """Go back to the deal."""
        if not self.is_current:
            return  # a second key of the same burst
        self.dismiss(None)
