"""What was changed in two places at once: both values side by side, settled with a key each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType

from salescoach.coach.tell import conflict_text
from salescoach.deal.conflicts import ordered, settle
from salescoach.document.conflicts import Keep
from salescoach.tui.commands import Command, bindings
from salescoach.tui.deal.part import DealPart
from salescoach.tui.spans import Span, columns
from salescoach.tui.widgets.bar import Bar
from salescoach.tui.widgets.keybar import KeyBar
from salescoach.tui.widgets.panel import BLANK, Panel, Para
from salescoach.tui.widgets.rows import EmptySource, Rows

if TYPE_CHECKING:
    from salescoach.deal.models import Deal
    from salescoach.playbook.models import Playbook
    from salescoach.words import Words


class ConflictRows:
    """The open conflicts of a deal, the field and the two values of each."""

    def __init__(self, words: Words, playbook: Playbook, deal: Deal) -> None:
        self.entries = [
            (key, conflict, conflict_text(words, playbook, deal, conflict))
            for key, conflict in ordered(deal)
        ]

    def __len__(self) -> int:
        return len(self.entries)

    def selectable(self, index: int) -> bool:
        """Every conflict can be settled."""
        return True

    def row(self, index: int, width: int) -> Sequence[Span]:
        """Return the field, what the deal has, what the other place had."""
        field, kept, lost = self.entries[index][2]
        value = max(8, (width - width // 3 - 2) // 2)
        one_line = [" ".join(text.split()) for text in (kept, lost)]
        return columns(
            [
                (field, "strong", width - 2 * value - 2),
                (f"1 {one_line[0]}", "", value),
                (f"2 {one_line[1]}", "accent", value),
            ]
        )


class ConflictsScreen(DealPart):
    """Conflicts, one a row; 1 keeps what the deal has, 2 takes the other value."""

    TOPIC = "conflicts"
    COMMANDS_HERE: ClassVar[tuple[Command, ...]] = (
        Command("conflicts.keep", "1", bar=True),
        Command("conflicts.take", "2", bar=True),
        Command("conflicts.undo", "u", bar=True),
        Command("conflicts.redo", "ctrl+r"),
        Command("conflicts.back", "escape,q", bar=True, palette=False),
    )
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(COMMANDS_HERE)]
    DEFAULT_CSS = """
    ConflictsScreen { & Panel { height: 9; border-top: solid $panel; } }
    """

    def compose(self) -> ComposeResult:
        """Title, conflicts, the two values in full, keys."""
        yield Bar(id="title")
        yield Rows(id="list")
        yield Panel(id="panel")
        yield KeyBar()

    def tell(self) -> None:
        """Show the conflicts of the deal as it is."""
        words = self.words
        self.title_bar(words("deal.conflicts"))
        source = ConflictRows(words, self.behind.playbook, self.deal)
        empty = EmptySource(words("deal.no-conflicts"))
        self.query_one(Rows).show(source if len(source) else empty)
        if not len(source):
            self.query_one(Panel).show([])

    @on(Rows.Moved)
    def _moved(self, event: Rows.Moved) -> None:
        source = event.rows.source
        if not isinstance(source, ConflictRows) or event.index < 0:
            return
        _, conflict, (field, kept, lost) = source.entries[event.index]
        told = self.words
        self.query_one(Panel).show(
            [
                Para(field, "heading"),
                Para(kept, "", f"1 {told('deal.conflict-has')} ", "key"),
                Para(
                    told(
                        "deal.conflict-side",
                        who=conflict.kept_by,
                        at=f"{conflict.kept_at:%m-%d %H:%M}",
                    ),
                    "muted",
                ),
                BLANK,
                Para(lost, "", f"2 {told('deal.conflict-other')} ", "key"),
                Para(
                    told(
                        "deal.conflict-side",
                        who=conflict.lost_by,
                        at=f"{conflict.lost_at:%m-%d %H:%M}",
                    ),
                    "muted",
                ),
            ]
        )

    def _settle(self, keep: Keep) -> None:
        rows = self.query_one(Rows)
        if not isinstance(rows.source, ConflictRows) or rows.cursor < 0:
            return
        key, _, (field, kept, lost) = rows.source.entries[rows.cursor]
        stamp = self.coach.workspace.stamp()
        if self.behind.change(lambda deal: settle(deal, key, keep, stamp)):
            value = " ".join((kept if keep == "kept" else lost).split())
            self.say(self.words("deal.conflict-settled", field=field, value=value))

    def action_keep(self) -> None:
        """Keep what the deal has."""
        self._settle("kept")

    def action_take(self) -> None:
        """Take the other value."""
        self._settle("lost")
