"""The deal's next steps: open ones by date, then what is done."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType

from salescoach.deal import actions
from salescoach.document.errors import DocumentError
from salescoach.tui.commands import Command, bindings
from salescoach.tui.deal import action_forms
from salescoach.tui.deal.part import DealPart, others
from salescoach.tui.figures import due_mark
from salescoach.tui.spans import MEASURED, Span, columns, share, widest
from salescoach.tui.widgets.bar import Bar
from salescoach.tui.widgets.keybar import KeyBar
from salescoach.tui.widgets.rows import EmptySource, Rows

if TYPE_CHECKING:
    from datetime import date

    from salescoach.deal.models import Deal
    from salescoach.deal.parts import Action
    from salescoach.words import Words


_WHEN = 10
"""Cells in which every due date is told."""


class ActionRows:
    """The actions of a deal."""

    def __init__(self, deal: Deal, words: Words, today: date) -> None:
        done = [(key, action) for key, action in deal.actions.items() if action.done_at]
        done.sort(key=lambda pair: pair[1].done_at or pair[1].at, reverse=True)
        self.entries: list[tuple[str, Action]] = [*actions.open_actions(deal), *done]
        self._words = words
        self._today = today
        self._shared: tuple[int, list[int]] = (0, [])

    def __len__(self) -> int:
        return len(self.entries)

    def selectable(self, index: int) -> bool:
        """Every action can be worked on."""
        return True

    def row(self, index: int, width: int) -> Sequence[Span]:
        """Return when, what, whose, agreed with whom."""
        action = self.entries[index][1]
        if action.done_at:
            mark, style = self._words("deal.action-done"), "muted"
        else:
            mark, style = due_mark(action.due, self._today, self._words)
            mark = mark or self._words("deal.no-date")
        due, text, owner, agreed = self._widths(width)
        return columns(
            [
                (mark, style, due),
                (_text(action), "muted" if action.done_at else "", text),
                (action.owner, "muted", owner),
                (action.agreed_with, "muted", agreed),
            ]
        )

    def _widths(self, width: int) -> list[int]:
        if width != self._shared[0]:
            shown = [action for _, action in self.entries[:MEASURED]]
            wishes = [
                _WHEN,
                widest(map(_text, shown)),
                widest(action.owner for action in shown),
                widest(action.agreed_with for action in shown),
            ]
            self._shared = width, share(width, wishes)
        return self._shared[1]


def _text(action: Action) -> str:
    """Return what an action is, and what came of it."""
    return f"{action.text}: {action.outcome}" if action.outcome else action.text


class ActionsScreen(DealPart):
    """Next steps, one a row."""

    TOPIC = "actions"
    COMMANDS_HERE: ClassVar[tuple[Command, ...]] = (
        Command("actions.add", "a", bar=True),
        Command("actions.done", "d,space", bar=True),
        Command("actions.snooze", "z", bar=True),
        Command("actions.edit", "e,E", bar=True),
        Command("actions.undo", "u", bar=True),
        Command("actions.redo", "ctrl+r"),
        *others("actions"),
        Command("actions.back", "escape,q,A", bar=True, palette=False),
    )
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(COMMANDS_HERE)]

    def compose(self) -> ComposeResult:
        """Title, actions, keys."""
        yield Bar(id="title")
        yield Rows(id="list")
        yield KeyBar()

    def tell(self) -> None:
        """Show the actions of the deal as it is."""
        words = self.words
        self.title_bar(words("deal.actions"))
        here = self._under_cursor()
        source = ActionRows(self.deal, words, self.coach.workspace.today())
        keys = [key for key, _ in source.entries]
        # The cursor stays on its action, wherever that is listed by now.
        at = keys.index(here) if here in keys else None
        empty = EmptySource(words("deal.no-actions"))
        self.query_one(Rows).show(source if len(source) else empty, at)

    def _under_cursor(self) -> str:
        rows = self.query_one(Rows)
        return (
            rows.source.entries[rows.cursor][0]
            if isinstance(rows.source, ActionRows) and rows.cursor >= 0
            else ""
        )

    def _chosen(self) -> str:
        """Return the id of the action under the cursor; say so where there is none."""
        key = self._under_cursor()
        if not key:
            self.refuse(self.words("deal.no-actions"))
        return key

    def action_add(self) -> None:
        """Plan a next step."""
        action_forms.add(self.behind, "")

    def action_done(self) -> None:
        """Mark the action as done and ask what came of it, or ask before opening it again."""
        if key := self._chosen():
            action = self.deal.actions[key]
            if action.done_at:
                action_forms.reopen(self.behind, key)
            else:
                action_forms.finish(self.coach, key, action.text, action.item, self.behind.change)

    def action_snooze(self) -> None:
        """Move the action's date."""
        if key := self._chosen():
            action = self.deal.actions[key]
            if action.done_at:
                # Said now and not when another day has been written.
                told = DocumentError("action-is-done", text=action.text)
                self.refuse(self.coach.workspace.explain(told, self.words))
                return
            action_forms.snooze(self.coach, key, action.text, action.due, self.behind.change)

    @on(Rows.Opened)
    def _opened(self) -> None:
        self.action_edit()

    def action_edit(self) -> None:
        """Change the action."""
        if key := self._chosen():
            action_forms.edit(self.behind, key)
