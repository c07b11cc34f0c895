"""A deal: its six stages' checklists, guidance beside the item, evidence and notes in place."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar, cast

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical

from salescoach.coach.progress import current_stage
from salescoach.tui.commands import Command, bindings
from salescoach.tui.deal import bars as deal_bars
from salescoach.tui.deal.bars import WIDE
from salescoach.tui.deal.checklist import Checklist, Row
from salescoach.tui.deal.side import DealSide
from salescoach.tui.screens.base import ShowsDeal
from salescoach.tui.widgets.bar import Bar
from salescoach.tui.widgets.keybar import KeyBar
from salescoach.tui.widgets.panel import Panel, Para, ScrollsPanel
from salescoach.tui.widgets.rows import Rows
from salescoach.tui.widgets.styled import Body

if TYPE_CHECKING:
    from collections.abc import Callable

    from salescoach.deal.models import Deal
    from salescoach.document.models import Document
    from salescoach.playbook.models import Stage
    from salescoach.store.errors import StoreError


class DealScreen(ScrollsPanel, DealSide):
    """One deal, one stage at a time."""

    TOPIC = "deal"
    COMMANDS_HERE: ClassVar[tuple[Command, ...]] = (
        Command("deal.tick", "space,x", bar=True),
        Command("deal.evidence", "e", bar=True),
        Command("deal.note", "n", bar=True),
        Command("deal.add-action", "a", bar=True),
        Command("deal.gate", "g", bar=True),
        Command("deal.coach", "c", bar=True),
        Command("deal.contacts", "p", bar=True),
        Command("deal.not-applicable", "minus"),
        Command("deal.actions", "A"),
        Command("deal.timeline", "t", bar=True),
        Command("deal.questions", "Q"),
        Command("deal.conflicts", "C"),
        Command("deal.phase", "b"),
        Command("deal.status", "s"),
        Command("deal.edit", "E"),
        Command("deal.remove-evidence", "R"),
        Command("deal.undo", "u", bar=True),
        Command("deal.redo", "ctrl+r"),
        Command("deal.next-view", "tab,v"),
        Command("deal.previous-view", "shift+tab", palette=False),
        Command("deal.scroll-down", "J,shift+down", palette=False),
        Command("deal.scroll-up", "K,shift+up", palette=False),
        Command("deal.next-stage", "right,l,right_square_bracket"),
        Command("deal.previous-stage", "left,h,left_square_bracket"),
        *(
            Command(f"deal.stage-{number}", str(number), palette=False, call=f"stage({number})")
            for number in range(1, 7)
        ),
        Command("deal.find", "slash"),
        Command("deal.next-step", "w"),
        Command("deal.back", "escape,q", palette=False),
    )
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(COMMANDS_HERE)]
    AUTO_FOCUS = "#checklist"

    DEFAULT_CSS = """
    DealScreen {
        & #title { background: $panel; }
        & #came { display: none; background: $primary-muted; }
        & #missing { display: none; height: auto; max-height: 4; padding: 0; }
        & #body { height: 1fr; }
        & #side { height: 1fr; width: 2fr; border-left: solid $panel; }
        & #checklist { width: 3fr; }
        & #views { height: 1; }
        &.narrow #body { layout: vertical; }
        &.narrow #side { width: 100%; height: 9; border-left: none; border-top: solid $panel; }
        &.narrow #checklist { width: 100%; height: 1fr; }
    }
    """

    def __init__(self, deal: Deal, *, stage: str | None = None, item: str | None = None) -> None:
        super().__init__()
        self.deal = deal
        self._stage_key = stage
        self._item = item
        self._view = "guidance"
        self._folded: frozenset[str] = frozenset()
        self._told_at = ""

    def compose(self) -> ComposeResult:
        """Title, stages, gate; the checklist and the panel; the next step; the keys."""
        yield Bar(id="title")
        yield Bar(id="came")
        yield Panel(id="missing")
        yield Bar(id="stages")
        yield Bar(id="gate")
        with Body(id="body"):
            yield Rows(id="checklist")
            with Vertical(id="side"):
                yield Bar(id="views")
                yield Panel(id="panel")
        yield Bar(id="promised")
        yield Bar(id="next")
        yield KeyBar(id="keys")

    @property
    def stage(self) -> Stage:
        """The stage on show."""
        stages = self.playbook.stages
        for stage in stages:
            if stage.key == self._stage_key:
                return stage
        return current_stage(self.playbook, self.deal) or stages[0]

    @property
    def rows(self) -> Rows:
        """The checklist."""
        return self.query_one("#checklist", Rows)

    def on_mount(self) -> None:
        """Show the deal's present stage."""
        self._start()

    def show_another(self, deal: Deal, stage: str | None, item: str | None) -> None:
        """Show another deal from the start, at a stage and an item if they are given."""
        self.deal, self._stage_key, self._item = deal, stage, item
        self._known.clear()
        self._told_at = ""
        self._view, self._folded = "guidance", frozenset()
        self.query_one("#came", Bar).display = False
        self._start()

    def _start(self) -> None:
        self.set_class(self.app.size.width < WIDE, "narrow")
        self.show_stage(self.stage.key, at=self._item)
        self._show_panel()
        self.show_keys()

    def on_resize(self) -> None:
        """Lay out for the new width."""
        self.set_class(self.size.width < WIDE, "narrow")
        self._show_bars()

    # Showing

    def show_checklist(self, at: str | None = None) -> None:
        """Show the stage's rows; the cursor goes to the item or move `at`, or stays."""
        source = Checklist(self.playbook, self.deal, self.stage, self.words, self._folded)
        self.rows.show(source, source.index_of(at) if at else None)

    def retell(self) -> None:
        """Say everything in the words of the moment."""
        self.show_checklist()
        self._show_bars()
        self._show_panel()
        self.show_keys()

    def _show_bars(self) -> None:
        words, deal, playbook, stage = self.words, self.deal, self.playbook, self.stage
        workspace, width = self.coach.workspace, self.size.width
        self.query_one("#title", Bar).show(*deal_bars.title(words, playbook, deal))
        self._look_for_customer()
        self.query_one("#stages", Bar).show(deal_bars.stages(words, playbook, deal, stage, width))
        self.query_one("#gate", Bar).show(deal_bars.gates(words, playbook, deal, stage, width))
        told = deal_bars.promised(words, deal, workspace.today())
        bar = self.query_one("#promised", Bar)
        bar.show(told)
        bar.display = bool(told)
        self.query_one("#next", Bar).show(
            deal_bars.next_up(
                words, playbook, deal, workspace.today(), workspace.settings.stalled_days
            )
        )

    def _look_for_customer(self) -> None:
        """Say in a line above the deal that its customer cannot be read, where that is so."""
        if self.deal.customer_record is not None or self.deal.customer_id is None:
            self._missing_shown(self.deal.id, None)
        else:
            self._ask_for_customer(self.deal)

    @work(thread=True, exclusive=True, exit_on_error=False, group="missing")
    def _ask_for_customer(self, deal: Deal) -> None:
        from salescoach.workspace.deals import problem_of

        problem = problem_of(self.coach.workspace.customers, deal)
        self.app.call_from_thread(self._missing_shown, deal.id, problem)

    def _missing_shown(self, deal_id: str, problem: StoreError | None) -> None:
        panel = self.query_one("#missing", Panel)
        if deal_id != self.deal.id:
            return
        panel.display = problem is not None
        if problem is not None:
            told = self._problem_text(problem)
            told = self.words("deal.customer-missing", customer=self.deal.customer, problem=told)
            panel.show([Para(told, "warning", "! ", "alert")])

    def _problem_text(self, problem: StoreError) -> str:
        from salescoach.store.errors import NotFound

        workspace = self.coach.workspace
        if isinstance(problem, NotFound) and self.deal.customer_id is not None:
            path = workspace.customers.path(self.deal.customer_id)
            return self.words("deal.customer-file-gone", path=path)
        told = workspace.explain(problem, self.words)
        return self.words("deal.customer-file-bad", problem=told)

    @on(Rows.Moved)
    def _moved(self, event: Rows.Moved) -> None:
        event.stop()
        row = self.current_row()
        if self._told_at and row is not None and row.item == self._told_at:
            return  # the cursor came here with the advice that the panel tells
        self._told_at = ""
        self._show_panel()

    def current_row(self) -> Row | None:
        """Return the row under the cursor."""
        source = self.rows.source
        if isinstance(source, Checklist) and 0 <= self.rows.cursor < len(source):
            return source.rows[self.rows.cursor]
        return None

    # Changing

    def show_deal(self, deal: Deal) -> None:
        """Show another state of the same deal, cursor and view as they were."""
        self.know()
        self.deal = deal
        if len(self.query("#title, #checklist, #panel")) < 3:
            return  # not composed yet: it will show this state when it is; or the program is ending
        self.show_checklist()
        self._show_bars()
        self._show_panel()
        for screen in self.app.screen_stack:
            if isinstance(screen, ShowsDeal) and screen.behind is self:
                screen.deal_changed()

    @property
    def document(self) -> Deal:
        """The deal."""
        return self.deal

    def take(self, document: Document) -> None:
        """Take a state of the deal that looks the same."""
        self.deal = cast("Deal", document)

    def show_document(self, document: Document) -> None:
        """Show another state of the deal."""
        self.show_deal(cast("Deal", document))

    def after_travel(self, document: Document) -> Callable[[], None] | None:
        """Return how to show the stage that an undo or a redo leads to, if it is another one."""
        stage = self.stage_after(cast("Deal", document))
        return None if stage is None else partial(self.show_stage, stage)

    def stage_after(self, deal: Deal) -> str | None:
        """Return the key of the stage to show when an undo or a redo leads to `deal`; None where this one stays.

        Who watched a move into another stage goes back with it.
        """
        before, after = current_stage(self.playbook, self.deal), current_stage(self.playbook, deal)
        moved = after is not None and after != before and self.stage == before
        return after.key if moved and after is not None else None

    def deal_saved(self, deal: Deal, pending: int) -> None:
        """Take the saved deal, unless more edits of it are on their way."""
        if deal.id != self.deal.id or pending:
            return
        if deal == self.deal:
            self.deal = deal  # with the numbers that the save gave it and its customer
            return
        if clashed := self.clashed(deal):
            self.say(clashed, severity="warning")
        self.show_deal(deal)

    @on(Rows.Opened)
    def _opened(self, event: Rows.Opened) -> None:
        event.stop()
        row = self.current_row()
        if row is None:
            return
        if not row.item:
            self._folded = self._folded ^ {row.move}
            self.show_checklist(at=row.move)
        elif not row.retired and self.playbook.places[row.item].item.auto == "four-questions":
            self.action_questions()
        else:
            self.action_evidence()

    # Going about

    def show_stage(self, key: str, at: str | None = None) -> None:
        """Show another stage, the cursor on an item if one is given."""
        self._stage_key = key
        source = Checklist(self.playbook, self.deal, self.stage, self.words, self._folded)
        self.rows.show(source, source.index_of(at) if at else source.start())
        self._show_bars()

    def _go(self, number: int) -> None:
        stages = self.playbook.stages
        if 0 <= number < len(stages):
            self.show_stage(stages[number].key)

    def action_next_stage(self) -> None:
        """Show the next stage."""
        self._go(self.playbook.stages.index(self.stage) + 1)

    def action_previous_stage(self) -> None:
        """Show the stage before."""
        self._go(self.playbook.stages.index(self.stage) - 1)

    def action_stage(self, number: int) -> None:
        """Show a stage by its number."""
        self._go(number - 1)

    def action_find(self) -> None:
        """Find an item or a move in any stage."""
        from salescoach.tui.screens.palette import PaletteScreen

        self.app.push_screen(PaletteScreen(kind="moves"))

    def action_back(self) -> None:
        """Go back to the list."""
        if not self.is_current:
            return  # a second key of the same burst
        self.action_forget_came()
        self.coach.follow_behind(self)
        self.dismiss(None)
