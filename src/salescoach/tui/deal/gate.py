"""The gate of a stage: what its markers rest on, exactly what is missing, filled in on the spot, and moving on."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar, cast

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical

from salescoach.coach.gates import (
    Missing,
    advance,
    close_stage,
    gate,
    open_stage,
    reopen_stage,
)
from salescoach.deal import stages
from salescoach.deal.errors import GateClosed
from salescoach.playbook.lookup import stage_of
from salescoach.tui.commands import Command, bindings
from salescoach.tui.deal import contact_forms, item_forms, question_forms, review_forms
from salescoach.tui.deal import forms as deal_forms
from salescoach.tui.deal.gate_rows import GateRows
from salescoach.tui.deal.guidance import marker_state
from salescoach.tui.deal.part import OverDeal, others
from salescoach.tui.forms import check_lengths
from salescoach.tui.screens.base import DIALOG_COMMANDS, Dialog
from salescoach.tui.screens.form import Field, FormDialog, opens_form
from salescoach.tui.spans import Span
from salescoach.tui.widgets.bar import Bar
from salescoach.tui.widgets.keybar import KeyBar
from salescoach.tui.widgets.panel import Panel, Para
from salescoach.tui.widgets.rows import Rows

if TYPE_CHECKING:
    from salescoach.deal.parts import Side
    from salescoach.playbook.models import Stage
    from salescoach.tui.deal.changes import DealChanges
    from salescoach.tui.deal.gate_rows import Doing
    from salescoach.tui.keep.saver import Operation


class GateDialog(OverDeal, Dialog[None]):
    """The gate of the stage on show."""

    TOPIC = "gate"
    COMMANDS_HERE: ClassVar[tuple[Command, ...]] = (
        Command("gate.move", "m", bar=True),
        Command("gate.regardless", "r", bar=True),
        Command("gate.evidence", "e", bar=True),
        Command("gate.coach", "c", bar=True),
        Command("gate.undo", "u", bar=True),
        Command("gate.redo", "ctrl+r"),
        *others("gate"),
        Command("gate.back", "escape,q,g", bar=True, palette=False),
    )
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(COMMANDS_HERE), *bindings(DIALOG_COMMANDS)]
    AUTO_FOCUS = "Rows"

    DEFAULT_CSS = """
    GateDialog {
        align: center middle;
        & > Vertical {
            width: 92; max-width: 100%; height: 96%; max-height: 26;
            background: $surface; border: round $primary; padding: 0 1;
        }
        & #markers { height: auto; max-height: 9; padding: 0; }
        & Rows { height: 1fr; border-top: solid $panel; }
        & KeyBar { dock: none; background: $surface; }
    }
    """

    def __init__(self, behind: DealChanges) -> None:
        super().__init__()
        self.behind = behind

    def compose(self) -> ComposeResult:
        """The markers, what is missing, the keys."""
        with Vertical():
            yield Bar(id="heading")
            yield Panel(id="markers")
            yield Rows()
            yield KeyBar()

    def on_mount(self) -> None:
        """Show the gate."""
        self.retell()
        self.query_one(KeyBar).show_commands(
            self.COMMANDS_HERE, self.words, self.coach.workspace.settings.keymap
        )

    @property
    def _stage(self) -> Stage:
        return self.behind.stage

    def retell(self) -> None:
        """Show the gate of the deal as it is."""
        words, playbook, deal, stage = (
            self.words,
            self.behind.playbook,
            self.behind.deal,
            self._stage,
        )
        number = playbook.stages.index(stage) + 1
        self.query_one("#heading", Bar).show(
            [Span(f"{words('deal.gate')}  {number} {stage.name.get(words.lang)}", "heading")]
        )
        found = gate(playbook, deal, stage.key)
        paras: list[Para] = []
        for side, marker, status in (
            ("entry", stage.entry, found.entry),
            ("exit", stage.exit, found.exit),
        ):
            told = marker_state(words, status)
            paras.append(
                Para(
                    f"{marker.text.get(words.lang)}: {told}",
                    "success" if status.met else "warning",
                    words("deal." + side) + "  ",
                )
            )
            if status.challenge:
                told = words("deal.challenged", reason=status.challenge)
                paras.append(Para(told, "warning", "  ! ", "alert"))
            if not status.met:
                paras.append(Para(marker.ask.get(words.lang), "muted", "  "))
        rows = GateRows(words, playbook, deal, stage)
        if rows.missing:
            leads = any(one.kind == "item" for one in rows.missing)
            told = words("deal.gate-missing", count=len(rows.missing))
            paras.append(Para(f"{told} {words('deal.gate-leads')}" if leads else told, "alert"))
        if rows.also_open:
            paras.append(Para(words("deal.gate-also-open", count=len(rows.also_open)), "muted"))
        self.query_one("#markers", Panel).show(paras, keep_place=True)
        self.query_one(Rows).show(rows)

    def deal_changed(self) -> None:
        """The deal has another state."""
        if self.query(Rows):
            self.retell()

    @property
    def _rows(self) -> GateRows:
        return cast("GateRows", self.query_one(Rows).source)

    @on(Rows.Opened)
    def _opened(self, event: Rows.Opened) -> None:
        found = self._rows.at(event.index)
        if isinstance(found, Missing):
            self._fill(found)
        elif found is not None:
            self.dismiss(None)
            place = self.behind.playbook.places[found]
            self.behind.show_stage(place.stage.key, at=found)
        else:
            self._do(self._rows.doing(event.index))

    # Filling in what is missing

    def _fill(self, missing: Missing) -> None:
        if missing.kind == "marker":
            self._fill_marker(missing.stage, missing.side)
        elif missing.kind in {"question", "basis"}:
            question_forms.answer(self.behind, missing.key)
        elif missing.kind == "proof":
            who = self.behind.deal.contacts[missing.key]
            contact_forms.prove_rung(self.behind, missing.key, who.rung)
        elif missing.kind == "contact":
            if missing.key:
                contact_forms.set_rung(self.behind, missing.key)
            else:
                contact_forms.add(self.behind)
        elif missing.kind == "field":
            deal_forms.edit(self.behind)
        else:
            place = self.behind.playbook.places[missing.key]
            self.dismiss(None)
            self.behind.show_stage(place.stage.key, at=missing.key)

    @opens_form
    def _fill_marker(self, stage_key: str, side: Side) -> None:
        stage = stage_of(self.behind.playbook, stage_key)
        marker = stage.entry if side == "entry" else stage.exit

        def done(given: dict[str, object]) -> None:
            stamp = self.coach.workspace.stamp()
            self.behind.change(
                lambda deal: stages.add_marker_evidence(deal, stage_key, side, stamp, **given)  # type: ignore[arg-type]
            )

        item_forms.evidence_form(
            self.coach, marker.text.get(self.words.lang), marker.ask.get(self.words.lang), done
        )

    # Moving on

    def _do(self, doing: Doing) -> None:
        if doing == "regardless":
            self._ask_reason(self._move)
            return
        key, playbook = self._stage.key, self.behind.playbook
        stamp = self.coach.workspace.stamp()
        if doing == "move":
            self._move("")
        elif doing == "open":
            self._try(lambda deal: open_stage(playbook, deal, key, stamp), self._open_regardless)
        elif doing == "close":
            self._try(lambda deal: close_stage(playbook, deal, key, stamp), self._close_regardless)
        else:
            self._ask_reason(self._reopen, needed=False)

    def _try(self, operation: Operation, otherwise: Callable[[str], None]) -> None:
        try:
            operation(self.behind.deal)
        except GateClosed:
            self._ask_reason(otherwise)
            return
        self.behind.change(operation)

    def _move(self, reason: str) -> None:
        playbook, target, stage = self.behind.playbook, self._rows.target, self._stage
        stamp = self.coach.workspace.stamp()
        if target is None:
            moved = self._attempt(
                lambda deal: close_stage(playbook, deal, stage.key, stamp, reason)
            )
        else:
            moved = self._attempt(lambda deal: advance(playbook, deal, stamp, target, reason))
        if moved:
            self.dismiss(None)
            self.behind.show_stage(target or stage.key)
            self.say(self.words("deal.gate-moved"))

    def _attempt(self, operation: Operation) -> bool:
        try:
            operation(self.behind.deal)
        except GateClosed as error:
            self.say(self.words("deal.gate-not-yet", count=len(error.missing)), severity="warning")
            self.query_one(Rows).move_to(0)
            return False
        return self.behind.change(operation)

    def _open_regardless(self, reason: str) -> None:
        playbook, key, stamp = self.behind.playbook, self._stage.key, self.coach.workspace.stamp()
        self.behind.change(lambda deal: open_stage(playbook, deal, key, stamp, reason))

    def _close_regardless(self, reason: str) -> None:
        playbook, key, stamp = self.behind.playbook, self._stage.key, self.coach.workspace.stamp()
        self.behind.change(lambda deal: close_stage(playbook, deal, key, stamp, reason))

    def _reopen(self, reason: str) -> None:
        playbook, key, stamp = self.behind.playbook, self._stage.key, self.coach.workspace.stamp()
        self.behind.change(lambda deal: reopen_stage(playbook, deal, key, stamp, reason))

    @opens_form
    def _ask_reason(self, then: Callable[[str], None], *, needed: bool = True) -> None:
        words = self.words

        def sent(values: dict[str, str] | None) -> None:
            if values is not None:
                then(values["reason"])

        fields = [Field("reason", words("dialogs.reason"), required=needed, lines=3)]
        note = words("dialogs.regardless-note") if needed else ""
        form = FormDialog(
            words("dialogs.regardless" if needed else "dialogs.reopen-stage"),
            fields,
            lambda values: check_lengths(self.coach, values),
            note=note,
        )
        self.app.push_screen(form, sent)

    def action_move(self) -> None:
        """Move on, if nothing is missing."""
        doings = self._rows.doings
        self._do("move" if "move" in doings else doings[0])

    def action_regardless(self) -> None:
        """Move on with a reason although something is missing."""
        if "regardless" in self._rows.doings:
            self._do("regardless")
        else:
            self.action_move()

    def action_evidence(self) -> None:
        """Fill in what is under the cursor, or add evidence for the stage's exit marker."""
        found = self._rows.at(self.query_one(Rows).cursor)
        if isinstance(found, Missing):
            self._fill(found)
        else:
            opened = stages.stage_record(self.behind.deal, self._stage.key).opened
            self._fill_marker(self._stage.key, "exit" if opened else "entry")

    def action_coach(self) -> None:
        """Let a coach confirm or challenge one of the stage's markers."""
        review_forms.of_marker(self.behind, self._stage.key)

    def action_back(self) -> None:
        """Go back to the checklist."""
        if not self.is_current:
            return  # a second key of the same burst
        self.dismiss(None)
