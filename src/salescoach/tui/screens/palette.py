"""The palette: every command of the screen, every deal, customer and person, every move and item, found by typing."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, ClassVar, Literal

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.widgets import Input

from salescoach.text import cell_width
from salescoach.tui import hits as found
from salescoach.tui.commands import Command, bindings, key_sign
from salescoach.tui.hits import Finder, Hit
from salescoach.tui.screens.base import APP_COMMANDS, CoachScreen, Dialog
from salescoach.tui.spans import Span, column
from salescoach.tui.widgets.rows import EmptySource, Rows

if TYPE_CHECKING:
    from salescoach.deal.models import Deal
    from salescoach.words import Words


_DEALS_FIRST = 5
"""Deals that come before the customers: those of a customer with many are not to hide it."""


class _Hits:
    def __init__(self, hits: Sequence[Hit], words: Words) -> None:
        self.hits = hits
        self._words = words

    def __len__(self) -> int:
        return len(self.hits)

    def selectable(self, index: int) -> bool:
        return True

    def row(self, index: int, width: int) -> Sequence[Span]:
        hit = self.hits[index]
        kind = self._words("dialogs.hit-" + hit.kind)
        note = min(26, width // 3)
        cells = width - 8 - note - 2
        label = hit.short if hit.short and cell_width(hit.label) > cells else hit.label
        return [
            column(kind, "muted", 8),
            Span(" "),
            column(label, "", cells, hit.label),
            Span(" "),
            column(hit.note, "muted", note),
        ]


class PaletteScreen(Dialog[None]):
    """Type a few letters, pinyin too, then Enter."""

    COMMANDS_HERE: ClassVar[tuple[Command, ...]] = (
        Command("palette.cancel", "escape", palette=False),
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings(COMMANDS_HERE),
        ("down", "move(1)", ""),
        ("up", "move(-1)", ""),
        ("pagedown", "move(10)", ""),
        ("pageup", "move(-10)", ""),
    ]
    AUTO_FOCUS = "Input"

    DEFAULT_CSS = """
    PaletteScreen {
        align: center top;
        & > Vertical { width: 90; max-width: 100%; height: 80%; margin-top: 2; background: $surface; border: round $primary; }
        & Input { border: none; height: 1; padding: 0 1; background: $boost; }
        & Input:focus { border: none; }
    }
    """

    def __init__(self, kind: Literal["all", "moves"] = "all") -> None:
        super().__init__()
        self._kind = kind
        self._finder: Finder | None = None

    def compose(self) -> ComposeResult:
        """A field and what it finds."""
        with Vertical():
            box = Input(id="asked", select_on_focus=False)
            box.placeholder = self.words(
                "dialogs.palette" if self._kind == "all" else "dialogs.palette-moves"
            )
            yield box
            yield Rows(id="hits")

    def on_mount(self) -> None:
        """Offer what is used most."""
        self._find("")

    def _behind(self) -> CoachScreen[object]:
        # A form or the gate may stand between: what is done there is done on the screen.
        return next(
            screen
            for screen in reversed(self.app.screen_stack[:-1])
            if isinstance(screen, CoachScreen)
        )

    def on_input_changed(self, event: Input.Changed) -> None:
        """Look again."""
        self._find(event.value.strip())

    def _commands(self) -> list[Hit]:
        if self._kind == "moves":
            return []
        words, keymap = self.words, self.coach.workspace.settings.keymap
        found = []
        for command in (*self._behind().COMMANDS_HERE, *APP_COMMANDS):
            if command.palette and command.id != "app.palette":
                sign = key_sign(keymap.get(command.id, command.keys))
                found.append(
                    Hit(
                        "command",
                        command.action,
                        f"{words('keys.' + command.id)}  {words('helps.' + command.id)}",
                        sign,
                    )
                )
        return found

    def _deal(self) -> Deal | None:
        from salescoach.tui.deal.screen import DealScreen

        for screen in reversed(self.app.screen_stack):
            if isinstance(screen, DealScreen):
                return screen.deal
        return None

    @work(thread=True, exclusive=True, exit_on_error=False, group="palette")
    def _find(self, text: str) -> None:
        workspace, words = self.coach.workspace, self.words
        finder = self._finder = self._finder or Finder(workspace)
        deal = self._deal() if text or self._kind == "moves" else None
        hits = finder.fitting(text, self._commands())
        if self._kind == "all":
            deals = found.deals(workspace, words, text)
            customers = found.customers(workspace, words, text)
            hits += [*deals[:_DEALS_FIRST], *customers, *deals[_DEALS_FIRST:]]
        if deal is not None:
            hits += finder.fitting(text, found.people_of(deal)) if text else []
        if self._kind == "all":
            hits += found.people(workspace, text, deal.id if deal else "")
        if text or self._kind == "moves":
            hits += finder.fitting(text, found.places(workspace.playbook, words))
        self.app.call_from_thread(self._show, finder.sorted(text, hits), text)

    def _show(self, hits: list[Hit], text: str) -> None:
        if text != self.query_one(Input).value.strip():
            return
        source = (
            _Hits(hits, self.words)
            if hits
            else EmptySource(self.words("home.found-none", text=text))
        )
        self.query_one(Rows).show(source, 0)

    def action_move(self, step: int) -> None:
        """Move the cursor while the field keeps the focus."""
        rows = self.query_one(Rows)
        rows.move_to(rows.cursor + step)

    def on_input_submitted(self) -> None:
        """Do what is under the cursor."""
        self._do(self.query_one(Rows).cursor)

    @on(Rows.Opened)
    def _opened(self, event: Rows.Opened) -> None:
        self._do(event.index)

    def _do(self, index: int) -> None:
        source = self.query_one(Rows).source
        if not isinstance(source, _Hits) or index < 0 or not self.is_current:
            return
        hit, behind, app = source.hits[index], self._behind(), self.coach
        self.dismiss(None)
        # From the app: a question that a form asks must have somebody to answer to, and the palette is going.
        if hit.kind == "deal":
            app.call_later(app.leave_dialogs, partial(app.open_deal, hit.value))
        elif hit.kind == "customer":
            app.call_later(app.leave_dialogs, partial(app.open_customer, hit.value))
        elif hit.kind == "person":
            app.call_later(app.leave_dialogs, partial(app.open_deal, hit.extra, person=hit.value))
        elif hit.kind in {"move", "item"}:
            app.call_later(app.leave_dialogs, partial(app.show_item, hit.extra, hit.value))
        elif hit.value in {one.action for one in APP_COMMANDS}:
            app.call_later(app.run_action, hit.value)
        else:
            do = partial(app.call_later, behind.run_action, hit.value)
            app.call_later(app.leave_dialogs, do)

    def action_cancel(self) -> None:
        """Close the palette."""
        if not self.is_current:
            return  # a second key of the same burst
        self.dismiss(None)
