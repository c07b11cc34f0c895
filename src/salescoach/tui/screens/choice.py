"""A dialog that lets a person pick one of a few things, by cursor or by number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical

from salescoach.text import wrap
from salescoach.tui.commands import Command, bindings
from salescoach.tui.screens.base import DIALOG_COMMANDS, Dialog
from salescoach.tui.spans import Span
from salescoach.tui.widgets.bar import Bar
from salescoach.tui.widgets.panel import Panel, Para
from salescoach.tui.widgets.rows import Rows


@dataclass(frozen=True, slots=True)
class Option:
    """Something to pick: the value that comes back, its label, and what it means."""

    value: str
    label: str
    note: str = ""


class _Options:
    def __init__(self, options: Sequence[Option], current: str) -> None:
        self.options = options
        self.current = current

    def __len__(self) -> int:
        return len(self.options)

    def row(self, index: int, width: int) -> Sequence[Span]:
        option = self.options[index]
        number = f"{index + 1} " if index < 9 else "  "
        here = " *" if option.value == self.current else ""
        return [Span(number, "key"), Span(option.label + here)]

    def selectable(self, index: int) -> bool:
        return True


class ChoiceDialog(Dialog[str | None]):
    """Pick one of `options`; None comes back when nothing was picked."""

    COMMANDS_HERE: ClassVar[tuple[Command, ...]] = (
        Command("choice.cancel", "escape,q", palette=False),
    )
    TOPIC = "choice"
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings(COMMANDS_HERE),
        *bindings(one for one in DIALOG_COMMANDS if one.id == "app.help"),
    ]
    AUTO_FOCUS = "Rows"

    DEFAULT_CSS = """
    ChoiceDialog {
        align: center middle;
        & > Vertical {
            width: 72; max-width: 100%; height: auto; max-height: 90%;
            background: $surface; border: round $primary; padding: 0 1;
        }
        & Rows { height: auto; max-height: 14; }
        & Panel { height: auto; max-height: 6; min-height: 1; margin-top: 1; padding: 0; }
    }
    """

    def __init__(
        self, title: str, options: Sequence[Option], current: str = "", *, note: str = ""
    ) -> None:
        super().__init__()
        self._title = title
        self._options = list(options)
        self._current = current
        self._note = note

    def compose(self) -> ComposeResult:
        """The title, the options, what the one under the cursor means."""
        with Vertical():
            yield Bar(id="heading")
            yield Rows(_Options(self._options, self._current))
            yield Panel(id="meaning")

    def on_mount(self) -> None:
        """Put the cursor on what holds now."""
        self.query_one(Bar).show([Span(self._title, "heading")])
        rows = self.query_one(Rows)
        longest = max(len(wrap(option.label, 60)) for option in self._options)
        rows.styles.height = min(14, len(self._options) + longest - 1)
        panel = self.query_one(Panel)
        lines = max([len(wrap(option.note, 66)) for option in self._options if option.note] or [0])
        lines += len(wrap(self._note, 66)) if self._note else 0
        panel.styles.height = min(6, lines)
        panel.display = lines > 0
        values = [option.value for option in self._options]
        rows.move_to(values.index(self._current) if self._current in values else 0)
        self._explain(rows.cursor)

    def _explain(self, index: int) -> None:
        paras = [Para(self._note, "warning")] if self._note else []
        if 0 <= index < len(self._options) and self._options[index].note:
            paras.append(Para(self._options[index].note, "muted"))
        self.query_one(Panel).show(paras)

    @on(Rows.Moved)
    def _moved(self, event: Rows.Moved) -> None:
        self._explain(event.index)

    @on(Rows.Opened)
    def _picked(self, event: Rows.Opened) -> None:
        if self.is_current:
            self.dismiss(self._options[event.index].value)

    def on_key(self, event: events.Key) -> None:
        """Pick by number."""
        if event.character and event.character.isdecimal():
            index = int(event.character) - 1
            if 0 <= index < len(self._options):
                event.stop()
                self.dismiss(self._options[index].value)

    def action_cancel(self) -> None:
        """Pick nothing."""
        if not self.is_current:
            return  # a second key of the same burst
        self.dismiss(None)
