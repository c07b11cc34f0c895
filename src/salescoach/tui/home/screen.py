"""Home: today's work over all deals first, then the lists of deals, of those in nurture and of the closed ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import BindingType

from salescoach.tui.commands import Command, bindings
from salescoach.tui.home.lists import SORTS, TABS, HomeLists
from salescoach.tui.home.sources import Cards, Today, Welcome
from salescoach.tui.widgets.panel import ScrollsPanel
from salescoach.tui.widgets.rows import Rows

if TYPE_CHECKING:
    from textual.widgets import Input

    from salescoach.workspace.lists.work import Due

SEARCHING = (
    Command("home.into-list", "enter", bar=True),
    Command("home.clear", "escape", bar=True),
    Command("app.help", "f1", bar=True),
)
"""What the key bar shows while a search is typed."""


class HomeScreen(ScrollsPanel, HomeLists):
    """The first screen."""

    TOPIC = "home"
    PANEL = "#preview"
    COMMANDS_HERE: ClassVar[tuple[Command, ...]] = (
        Command("home.open", "enter,o", bar=True, palette=False),
        Command("home.new", "n,plus", bar=True),
        Command("home.search", "slash", bar=True),
        Command("home.sort", "s", bar=True),
        Command("home.done", "d", bar=True),
        Command("home.snooze", "z", bar=True),
        Command("home.undo", "u", bar=True),
        Command("home.redo", "ctrl+r"),
        Command("home.today", "1", call="tab('today')"),
        Command("home.deals", "2", call="tab('deals')"),
        Command("home.nurture", "3", call="tab('nurture')"),
        Command("home.closed", "4", call="tab('closed')"),
        Command("home.next-tab", "tab,right,l", palette=False, call="turn(1)"),
        Command("home.previous-tab", "shift+tab,left,h", palette=False, call="turn(-1)"),
        Command("home.stalled", "S"),
        Command("home.customers", "c", bar=True),
        Command("home.scroll-down", "J,shift+down", palette=False),
        Command("home.scroll-up", "K,shift+up", palette=False),
        Command("home.samples", "e"),
        Command("home.merge", "M"),
        Command("home.clear", "escape", palette=False),
        Command("home.quit", "q", bar=True),
    )
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(COMMANDS_HERE)]
    AUTO_FOCUS = "#list"

    # Commands

    @on(Rows.Opened)
    def _opened(self) -> None:
        self.action_open()

    def action_open(self) -> None:
        """Open the deal under the cursor."""
        source, cursor = self.rows.source, self.rows.cursor
        if isinstance(source, Welcome):
            choices = (
                self.action_new,
                self.action_samples,
                self.coach.action_help,
                self.coach.action_language,
            )
            choices[cursor]()
        elif isinstance(source, Cards | Today) and cursor >= 0:
            deal_id = source.deal_id(cursor)
            if deal_id:
                self.coach.open_deal(deal_id)

    def action_tab(self, tab: str) -> None:
        """Show a list by its name."""
        if tab == self._tab and not self._stalled:
            return
        self._tab, self._stalled = tab, False
        self.rows.focus()
        self.rows.move_to(0)
        self.reload()

    def action_stalled(self) -> None:
        """Show only the deals in which nothing has happened for long; again, all of them."""
        self._tab, self._stalled = "deals", not self._stalled
        self.rows.focus()
        self.rows.move_to(0)
        self.reload()
        if self._stalled:
            days = self.coach.workspace.settings.stalled_days
            self.say(self.words("home.stalled-list", days=days))

    def action_turn(self, step: int) -> None:
        """Show the next list, or with -1 the one before."""
        self.action_tab(TABS[(TABS.index(self._tab) + step) % len(TABS)])

    def action_sort(self) -> None:
        """Sort the deals by the next column."""
        if self._tab == "today":
            self.action_tab("deals")
            return
        self._sort = (self._sort + 1) % len(SORTS)
        self.reload()
        by = self.words("home.sort-" + SORTS[self._sort])
        self.say(self.words("home.sort", by=by))

    async def action_search(self) -> None:
        """Search the deals."""
        from textual.widgets import Input

        if self._tab == "today":
            self.action_tab("deals")
        found = self.query(Input)
        if found:
            found.first().focus()
            found.first().select_all()
            return
        box = Input(value=self._text, id="search", select_on_focus=False)
        box.placeholder = self.words("home.search")
        await self.mount(box, before="#head")
        box.focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Filter as it is typed."""
        self._text = event.value.strip()
        if self._tab == "today":
            self.action_tab("deals")
            return
        self._load_cards(self._tab, self._text, SORTS[self._sort], self._stalled)

    def on_descendant_focus(self) -> None:
        """Show the keys of what has the focus: in the search field letters are letters."""
        self.show_keys()

    def on_descendant_blur(self) -> None:
        """Show the keys of what has the focus."""
        self.show_keys()

    def bar_commands(self) -> tuple[Command, ...]:
        """Return what the key bar shows."""
        typing = self.focused is not None and self.focused.id == "search"
        return SEARCHING if typing else super().bar_commands()

    def on_input_submitted(self) -> None:
        """Go from the search field into the list."""
        self.rows.focus()

    async def action_clear(self) -> None:
        """Leave the search."""
        from textual.widgets import Input

        box = self.query(Input)
        if box:
            await box.remove()
        self.rows.focus()
        if self._text or self._stalled:
            self._text, self._stalled = "", False
            self.reload()

    def action_new(self) -> None:
        """Create a deal."""
        from salescoach.tui.home.new_deal import new_deal

        new_deal(self.coach)

    def action_customers(self) -> None:
        """Show the customers."""
        from salescoach.tui.customer.list import CustomersScreen

        if self.is_current:
            self.app.push_screen(CustomersScreen())

    def action_samples(self) -> None:
        """Put the sample deals into an empty store."""
        if self._empty:
            from salescoach.tui.home import work as home_work

            home_work.samples(self)
        else:
            self.refuse(self.words("home.samples-only-empty"))

    def action_merge(self) -> None:
        """Merge conflict copies and parked changes, after asking."""
        from salescoach.tui.home.copies import ask_to_merge

        ask_to_merge(self.coach)

    def work_under_cursor(self) -> Due | None:
        """Return the action under the cursor; say so where there is none."""
        source = self.rows.source
        action = source.action(self.rows.cursor) if isinstance(source, Today) else None
        if action is None:
            self.refuse(self.words("home.no-action-here"))
        return action

    def action_done(self) -> None:
        """Mark the action under the cursor as done."""
        from salescoach.tui.home import work as home_work

        home_work.done(self)

    def action_snooze(self) -> None:
        """Move the date of the action under the cursor."""
        from salescoach.tui.home import work as home_work

        home_work.snooze(self)

    def action_undo(self) -> None:
        """Take the last edit of this session back."""
        self.coach.undo_last()

    def action_redo(self) -> None:
        """Do the last undone edit again."""
        self.coach.redo_last()

    def action_quit(self) -> None:
        """Leave the program."""
        self.app.run_worker(self.app.action_quit(), group="quit-ask", exclusive=True)
