"""What was done to a customer and the notes on it and its people, latest first."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType

from salescoach.text import local_time
from salescoach.tui.commands import Command, bindings
from salescoach.tui.deal.timeline import Happening, Happenings, happenings_of
from salescoach.tui.screens.base import CoachScreen
from salescoach.tui.spans import Span
from salescoach.tui.widgets.bar import Bar
from salescoach.tui.widgets.keybar import KeyBar
from salescoach.tui.widgets.panel import Panel, Para
from salescoach.tui.widgets.rows import EmptySource, Rows

if TYPE_CHECKING:
    from salescoach.customer.models import Customer
    from salescoach.playbook.models import Playbook
    from salescoach.tui.customer.screen import CustomerScreen
    from salescoach.words import Words


def timeline(customer: Customer, playbook: Playbook, words: Words) -> Happenings:
    """Return a customer's events, those of its deals among them, and its notes."""
    notes = []
    for note in customer.notes.values():
        who = customer.people.get(note.person or "")
        text = (words("deal.note-on", contact=who.name) if who else "") + note.text
        notes.append(Happening(note.at, note.by, text.replace("\n", " "), text, note=True))
    return Happenings([*notes, *happenings_of(customer.timeline.values(), playbook, words)])


class CustomerTimeline(CoachScreen[None]):
    """A customer's history in words."""

    TOPIC = "timeline"
    COMMANDS_HERE: ClassVar[tuple[Command, ...]] = (
        Command("customer-timeline.undo", "u", bar=True),
        Command("customer-timeline.redo", "ctrl+r", bar=True),
        Command("customer-timeline.back", "escape,q,t", bar=True, palette=False),
    )
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(COMMANDS_HERE)]

    DEFAULT_CSS = """
    CustomerTimeline {
        & #title { background: $panel; }
        & Panel { height: 6; border-top: solid $panel; }
    }
    """

    def __init__(self, behind: CustomerScreen) -> None:
        super().__init__()
        self._behind = behind

    def compose(self) -> ComposeResult:
        """Title, entries, the one under the cursor in full, keys."""
        yield Bar(id="title")
        yield Rows(id="list")
        yield Panel(id="panel")
        yield KeyBar()

    def on_mount(self) -> None:
        """Show it."""
        self.retell()

    def retell(self) -> None:
        """Say everything in the words of the moment."""
        customer, words = self._behind.customer, self.words
        part = words("deal.timeline")
        left = [Span(f" {customer.name}  ", "heading"), Span(f"[{part}]", "tab")]
        self.query_one("#title", Bar).show(left, [Span(f"rev {customer.rev} ", "muted")])
        source = timeline(customer, self.coach.workspace.playbook, words)
        none = EmptySource(words("deal.no-timeline"))
        self.query_one(Rows).show(source if len(source) else none)
        self.show_keys()

    def customer_saved(self, customer: Customer, pending: int) -> None:
        """Show what an undo or a redo came to, once the screen behind has it."""
        if customer.id == self._behind.customer.id and not pending:
            self.call_later(self.retell)

    @on(Rows.Moved)
    def _moved(self, event: Rows.Moved) -> None:
        source = event.rows.source
        if isinstance(source, Happenings) and event.index >= 0:
            entry = source.entries[event.index]
            head = Para(f"{local_time(entry.at)}  {entry.by}", "muted")
            self.query_one(Panel).show([head, Para(entry.whole)])

    def action_undo(self) -> None:
        """Take the last change of this customer back."""
        self._behind.action_undo()

    def action_redo(self) -> None:
        """Do the change taken back again."""
        self._behind.action_redo()

    def action_back(self) -> None:
        """Go back to the customer."""
        if self.is_current:
            self.dismiss(None)
