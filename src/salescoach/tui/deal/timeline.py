"""What happened in a deal and the notes that were taken, latest first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType

from salescoach.coach.tell import event_text
from salescoach.text import local_time
from salescoach.tui.commands import Command, bindings
from salescoach.tui.deal.part import DealPart, others
from salescoach.tui.spans import MEASURED, Span, columns, widest
from salescoach.tui.widgets.bar import Bar
from salescoach.tui.widgets.keybar import KeyBar
from salescoach.tui.widgets.panel import Panel, Para
from salescoach.tui.widgets.rows import EmptySource, Rows

if TYPE_CHECKING:
    from datetime import datetime

    from salescoach.deal.models import Deal
    from salescoach.document.models import Event
    from salescoach.playbook.models import Playbook
    from salescoach.words import Words


_BY = 18
"""Cells that the name of who did it takes at most."""


@dataclass(frozen=True, slots=True)
class Happening:
    """One line: when, who, what in one line, and all of it."""

    at: datetime
    by: str
    line: str
    whole: str
    note: bool


def happenings_of(events: Iterable[Event], playbook: Playbook, words: Words) -> Iterator[Happening]:
    """Yield what events tell, but for notes, which stand in a timeline themselves."""
    for event in events:
        if event.what != "noted":
            told = event_text(words, playbook, event)
            yield Happening(event.at, event.by, told.replace("\n", " "), told, note=False)


class Happenings:
    """Events and notes, latest first."""

    def __init__(self, entries: Iterable[Happening]) -> None:
        self.entries = sorted(entries, key=lambda entry: entry.at, reverse=True)
        self._by = widest(entry.by for entry in self.entries[:MEASURED])

    def __len__(self) -> int:
        return len(self.entries)

    def selectable(self, index: int) -> bool:
        """Every entry can be read in full."""
        return True

    def row(self, index: int, width: int) -> Sequence[Span]:
        """Return when, who, what."""
        entry = self.entries[index]
        by = min(self._by, _BY if width >= 70 else 7)
        return columns(
            [
                (local_time(entry.at), "muted", 16),
                (entry.by, "accent", by),
                (
                    ("- " if entry.note else "") + entry.line,
                    "" if entry.note else "muted",
                    width - 16 - by - 2,
                ),
            ]
        )


class Timeline(Happenings):
    """Events and notes of a deal, latest first."""

    def __init__(self, deal: Deal, playbook: Playbook, words: Words) -> None:
        notes = []
        for note in deal.notes.values():
            place = playbook.places.get(note.item or "")
            about = f"{place.number} {place.item.text.get(words.lang)}\n" if place else ""
            who = deal.contacts.get(note.contact or "")
            whom = words("deal.note-on", contact=who.name) if who else ""
            line = whom + note.text.replace("\n", " ")
            notes.append(Happening(note.at, note.by, line, about + whom + note.text, note=True))
        super().__init__([*notes, *happenings_of(deal.events.values(), playbook, words)])


class TimelineScreen(DealPart):
    """The deal's history in words."""

    TOPIC = "timeline"
    COMMANDS_HERE: ClassVar[tuple[Command, ...]] = (
        Command("timeline.note", "n", bar=True),
        Command("timeline.undo", "u", bar=True),
        Command("timeline.redo", "ctrl+r", bar=True),
        *others("timeline"),
        Command("timeline.back", "escape,q,t", bar=True, palette=False),
    )
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(COMMANDS_HERE)]

    DEFAULT_CSS = """
    TimelineScreen { & Panel { height: 6; border-top: solid $panel; } }
    """

    def compose(self) -> ComposeResult:
        """Title, entries, the one under the cursor in full, keys."""
        yield Bar(id="title")
        yield Rows(id="list")
        yield Panel()
        yield KeyBar()

    def tell(self) -> None:
        """Show the timeline of the deal as it is."""
        self.title_bar(self.words("deal.timeline"), f"rev {self.deal.rev}")
        source = Timeline(self.deal, self.behind.playbook, self.words)
        self.query_one(Rows).show(
            source if len(source) else EmptySource(self.words("deal.no-timeline"))
        )

    @on(Rows.Moved)
    def _moved(self, event: Rows.Moved) -> None:
        source = event.rows.source
        if isinstance(source, Timeline) and event.index >= 0:
            entry = source.entries[event.index]
            self.query_one(Panel).show(
                [Para(f"{local_time(entry.at)}  {entry.by}", "muted"), Para(entry.whole)]
            )

    def action_note(self) -> None:
        """Add a note to the deal."""
        from salescoach.tui.deal import item_forms

        item_forms.add_note(self.behind)
