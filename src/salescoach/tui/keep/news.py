"""What came into the document that is open: found, and told in a line above it."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar

from salescoach.coach.tell import event_text
from salescoach.tui.screens.base import CoachScreen
from salescoach.tui.spans import Span
from salescoach.tui.widgets.bar import Bar

if TYPE_CHECKING:
    from salescoach.document.models import Document, Event
    from salescoach.tui.keep.saver import Kind

_TOLD = 3
"""Events that are told in full."""


def parts(document: Document) -> tuple[Document, ...]:
    """Return a document, and the customer that it is read with."""
    customer = getattr(document, "customer_record", None)
    return (document,) if customer is None else (document, customer)


def events_of(document: Document) -> Mapping[str, Event]:
    """Return what was done in a document and, wherever that was, to the customer that it is read with."""
    together: dict[str, Event] = {}
    for part in reversed(parts(document)):
        together |= part.timeline
    return together


def is_older(document: Document, shown: Document) -> bool:
    """Say whether a document, or the customer that it is read with, was saved before what is shown."""
    known = {part.id: part.rev for part in parts(shown)}
    return any(part.rev < known.get(part.id, part.rev) for part in parts(document))


class ShowsDocument(CoachScreen[None]):
    """The screen of a document, which has a bar `#came` for what somebody else changed."""

    KIND: ClassVar[Kind]

    def __init__(self) -> None:
        super().__init__()
        self._came: Sequence[Event] = ()
        self._known: set[str] = set()

    @property
    @abstractmethod
    def document(self) -> Document:
        """The document as it is shown."""

    @abstractmethod
    def take(self, document: Document) -> None:
        """Take a state of the document that looks the same."""

    @abstractmethod
    def show_document(self, document: Document) -> None:
        """Show another state of the document."""

    def after_travel(self, document: Document) -> Callable[[], None] | None:
        """Return what is to be done once an undo or a redo that leads to `document` is shown, if anything."""
        return None

    def know(self) -> None:
        """Take what is on the screen for known."""
        self._known |= events_of(self.document).keys()

    def news(self, document: Document) -> list[Event]:
        """Return what a state of the document tells that was never on the screen, the newest first.

        What was undone here and done again was.
        """
        self.know()
        mine = self.coach.workspace.made_here
        new = [
            event
            for key, event in events_of(document).items()
            if key not in self._known and not mine(event)
        ]
        return sorted(new, key=lambda event: event.at, reverse=True)

    def tell_came(self, events: Sequence[Event]) -> None:
        """Say in a line above the document what somebody else changed in it, the newest first.

        What was told there before and not taken away stays behind it. It goes by a click on its mark and when the document
        is left. Escape has but one meaning: a line that comes up by itself must not take the key that was meant to go back.
        """
        words, playbook = self.words, self.coach.workspace.playbook
        if not self.query("#came"):
            return  # not composed yet
        bar = self.query_one("#came", Bar)
        events = self._came = [*events, *(self._came if bar.display else ())]
        told = [
            words("deal.came-by", who=event.by, what=what) if event.by else what
            for event in events[:_TOLD]
            for what in (event_text(words, playbook, event),)
        ]
        if len(events) > len(told):
            told.append(words("deal.came-more", count=len(events) - len(told)))
        text = words("deal.came", what=words("deal.came-separator").join(told))
        unknown = words("deal.came-unknown" if self.KIND == "deal" else "customers.came-unknown")
        bar.show([Span(" [x] ", "key", "forget_came"), Span(text if told else unknown, "strong")])
        bar.display = True

    def action_forget_came(self) -> None:
        """Take the line away that says what somebody else changed."""
        self.query_one("#came", Bar).display = False
