"""The panel beside a deal's checklist: what there is to know of the row under the cursor, and the one next step."""

from __future__ import annotations

from abc import abstractmethod

from salescoach.coach.advice import next_steps
from salescoach.coach.tell import advice_text
from salescoach.playbook.lookup import move_number
from salescoach.tui.deal import guidance
from salescoach.tui.deal.changes import DealChanges
from salescoach.tui.deal.checklist import Checklist
from salescoach.tui.deal.tools import tool_paras
from salescoach.tui.spans import Span
from salescoach.tui.widgets.bar import Bar
from salescoach.tui.widgets.panel import Panel, Para
from salescoach.tui.widgets.rows import Rows

VIEWS = ("guidance", "evidence", "tools", "gate")


class DealSide(DealChanges):
    """A deal's screen with its panel."""

    _view: str
    _told_at: str
    """The item whose advice the panel tells."""

    @property
    @abstractmethod
    def rows(self) -> Rows:
        """The checklist."""

    def _show_panel(self) -> None:
        words = self.words
        spans: list[Span] = [Span(" ")]
        for view in VIEWS:
            label = words("deal.view-" + view)
            spans.append(
                Span(
                    f"[{label}]" if view == self._view else f" {label} ",
                    "tab" if view == self._view else "",
                    f"view('{view}')",
                )
            )
        self.query_one("#views", Bar).show(spans)
        self.query_one("#panel", Panel).show(self._paras())

    def _paras(self) -> list[Para]:
        row, words, playbook = self.current_row(), self.words, self.playbook
        if self._view == "gate" or row is None:
            return guidance.gate_paras(words, playbook, self.deal, self.stage)
        if row.retired and not row.item:
            return [Para(words("deal.stage-retired-why"), "warning")]
        if row.retired:
            return [
                Para(words("deal.retired-why"), "warning"),
                *guidance.evidence_paras(words, self.deal, row.item),
            ]
        move = next(move for move in self.stage.moves if move.key == row.move)
        number = move_number(playbook, move.key)
        if self._view == "tools":
            return tool_paras(words, playbook, self.deal, move)
        if not row.item:
            return guidance.move_paras(words, move, number)
        if self._view == "evidence":
            return guidance.evidence_paras(words, self.deal, row.item)
        source = self.rows.source
        assert isinstance(source, Checklist)  # noqa: S101 - current_row said so
        return guidance.item_paras(
            words,
            playbook,
            playbook.places[row.item].item,
            move,
            number,
            source.status(row.item),
            self.deal.items.get(row.item),
        )

    def action_view(self, view: str) -> None:
        """Show another view in the panel."""
        self._view = view
        self._show_panel()

    def action_next_view(self) -> None:
        """Show the panel's next view."""
        self.action_view(VIEWS[(VIEWS.index(self._view) + 1) % len(VIEWS)])

    def action_previous_view(self) -> None:
        """Show the panel's view before."""
        self.action_view(VIEWS[(VIEWS.index(self._view) - 1) % len(VIEWS)])

    def action_next_step(self) -> None:
        """Say what was promised and is overdue, the one next step that matters, and why."""
        workspace, words = self.coach.workspace, self.words
        steps = next_steps(
            self.playbook,
            self.deal,
            workspace.today(),
            stalled_days=workspace.settings.stalled_days,
        )
        if steps.promised is None and steps.step is None:
            self.say(words("deal.nothing-next"))
            return
        self._view = "guidance"
        lead = steps.step or steps.promised
        place = self.playbook.places.get((lead.item if lead else None) or "")
        if place is not None:
            self.show_stage(place.stage.key, at=place.item.key)
            self._told_at = place.item.key
        paras = []
        for label, advice in (("promised", steps.promised), ("step", steps.step)):
            if advice is not None:
                text, why = advice_text(words, self.playbook, advice)
                style = "alert" if advice is steps.promised else "accent"
                paras.append(Para(text, "strong", words("home." + label) + " ", style))
                paras.append(Para(words("home.why", why=why), "muted", "  "))
        self.query_one("#panel", Panel).show(paras)
