"""A screen over a deal's own that shows one part of the same deal and follows its changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from salescoach.tui.screens.base import CoachScreen
from salescoach.tui.spans import Span
from salescoach.tui.widgets.bar import Bar

if TYPE_CHECKING:
    from salescoach.deal.models import Deal
    from salescoach.tui.screens.deal_changes import DealChanges


class DealPart(CoachScreen[None]):
    """Contacts, actions, the timeline: `behind` is the deal's screen, which makes the changes."""

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

    def action_undo(self) -> None:
        """Take the last change of this deal back."""
        self.coach.travel(self.deal.id, "undo")

    def action_redo(self) -> None:
        """Do the change taken back again."""
        self.coach.travel(self.deal.id, "redo")

    def action_back(self) -> None:
        """Go back to the deal."""
        if not self.is_current:
            return  # a second key of the same burst
        self.dismiss(None)
