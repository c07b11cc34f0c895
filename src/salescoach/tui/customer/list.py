"""The list of customers: how many people, open deals and actions each has, searched by name or pinyin."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import Input

from salescoach.tui.commands import Command, bindings
from salescoach.tui.customer.rows import Customers
from salescoach.tui.screens.base import CoachScreen
from salescoach.tui.spans import Span
from salescoach.tui.widgets.bar import Bar
from salescoach.tui.widgets.keybar import KeyBar
from salescoach.tui.widgets.rows import EmptySource, Rows

if TYPE_CHECKING:
    from salescoach.customer.models import Customer
    from salescoach.deal.models import Deal
    from salescoach.workspace.lists.customers import CustomerCard

SORTS = ("name", "touched", "deals")
_SEARCHING = (
    Command("customers.into-list", "enter", bar=True),
    Command("customers.clear", "escape", bar=True),
    Command("app.help", "f1", bar=True),
)


class CustomersScreen(CoachScreen[None]):
    """All customers, a row each."""

    TOPIC = "customers"
    COMMANDS_HERE: ClassVar[tuple[Command, ...]] = (
        Command("customers.open", "enter,o", bar=True, palette=False),
        Command("customers.new", "n,plus", bar=True),
        Command("customers.search", "slash", bar=True),
        Command("customers.sort", "s", bar=True),
        Command("customers.same", "D", bar=True),
        Command("customers.undo", "u", bar=True),
        Command("customers.redo", "ctrl+r"),
        Command("customers.clear", "escape", palette=False),
        Command("customers.back", "q,c", bar=True, palette=False),
    )
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(COMMANDS_HERE)]
    AUTO_FOCUS = "#list"

    DEFAULT_CSS = """
    CustomersScreen {
        & #title { background: $panel; }
        & Input { border: none; height: 1; padding: 0 1; background: $surface; }
        & Input:focus { border: none; }
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self._text = ""
        self._sort = 0
        self._left = False

    def compose(self) -> ComposeResult:
        """Title, column heads, the list, the keys."""
        yield Bar(id="title")
        yield Bar(id="head")
        yield Rows(id="list")
        yield KeyBar(id="keys")

    @property
    def rows(self) -> Rows:
        """The list."""
        return self.query_one("#list", Rows)

    def on_mount(self) -> None:
        """Fill the list from the index."""
        self.retell()

    def on_screen_resume(self) -> None:
        """Come back from a customer: its row may have changed."""
        if self._left:
            self._left = False
            self.reload()

    def on_screen_suspend(self) -> None:
        """Note that another screen is shown."""
        self._left = True

    def on_resize(self) -> None:
        """The columns' heads follow the width."""
        self._show_head()

    def retell(self) -> None:
        """Say everything in the words of the moment."""
        self.reload()
        self.show_keys()

    def index_changed(self, changed: int) -> None:
        """The index was refreshed."""
        if changed and self.is_current:
            self.reload()

    def customer_saved(self, customer: Customer, pending: int) -> None:
        """Tell the list again when a customer was saved."""
        if not pending and self.is_current:
            self.reload()

    def deal_saved(self, deal: Deal, pending: int) -> None:
        """Tell the list again when a deal was saved."""
        if not pending and self.is_current:
            self.reload()

    def reload(self) -> None:
        """Read the index again and show the list, the cursor where it was."""
        self._load(self._text, SORTS[self._sort])

    @work(thread=True, exclusive=True, exit_on_error=False, group="customers")
    def _load(self, text: str, sort: str) -> None:
        workspace = self.coach.workspace
        customers = workspace.lists.customers
        source = Customers(
            customers.count(text),
            lambda offset, limit: customers.cards(text, sort=sort, limit=limit, offset=offset),
            self.words,
            workspace.today(),
        )
        source.card(0)
        self.app.call_from_thread(self._show, source, text, sort)

    def _show(self, source: Customers, text: str, sort: str) -> None:
        if (text, sort) != (self._text, SORTS[self._sort]) or not self.query("#list"):
            return
        words, count = self.words, len(source)
        none = words("home.found-none", text=text) if text else words("customers.none")
        self.rows.show(source if count else EmptySource(none), max(0, self.rows.cursor))
        left = [Span(f" {words('customers.customers')} {count} ", "heading")]
        by = words("home.sort", by=words(f"customers.sort-{sort}"))
        self.query_one("#title", Bar).show(left, [Span(by + " ", "muted")])
        self._show_head()

    def _show_head(self) -> None:
        source = self.rows.source
        if isinstance(source, Customers):
            width = self.rows.scrollable_content_region.width or self.size.width
            self.query_one("#head", Bar).show([Span("  "), *source.head(max(0, width - 2))])
        else:
            self.query_one("#head", Bar).show([])

    def _chosen(self) -> CustomerCard | None:
        source, cursor = self.rows.source, self.rows.cursor
        return source.card(cursor) if isinstance(source, Customers) and cursor >= 0 else None

    @on(Rows.Opened)
    def _opened(self) -> None:
        self.action_open()

    def action_open(self) -> None:
        """Open the customer under the cursor."""
        if (card := self._chosen()) is not None:
            self.coach.open_customer(card.id)

    def action_new(self) -> None:
        """Make a customer without a deal."""
        from salescoach.tui.customer import forms

        forms.new_customer(self)

    def action_sort(self) -> None:
        """Sort by the next column."""
        self._sort = (self._sort + 1) % len(SORTS)
        self.reload()

    def action_same(self) -> None:
        """Look for customers that are perhaps the same."""
        from salescoach.tui.customer import same

        same.ask_customers(self)

    def action_undo(self) -> None:
        """Take the last edit of this session back."""
        self.coach.undo_last()

    def action_redo(self) -> None:
        """Do the last undone edit again."""
        self.coach.redo_last()

    async def action_search(self) -> None:
        """Search the customers."""
        found = self.query(Input)
        if found:
            found.first().focus()
            found.first().select_all()
            return
        box = Input(value=self._text, id="search", select_on_focus=False)
        box.placeholder = self.words("customers.search")
        await self.mount(box, before="#head")
        box.focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Filter as it is typed."""
        self._text = event.value.strip()
        self.reload()

    def on_input_submitted(self) -> None:
        """Go from the search field into the list."""
        self.rows.focus()

    def on_descendant_focus(self) -> None:
        """Show the keys of what has the focus: in the search field letters are letters."""
        self.show_keys()

    def on_descendant_blur(self) -> None:
        """Show the keys of what has the focus."""
        self.show_keys()

    def bar_commands(self) -> tuple[Command, ...]:
        """Return what the key bar shows."""
        typing = self.focused is not None and self.focused.id == "search"
        return _SEARCHING if typing else super().bar_commands()

    async def action_clear(self) -> None:
        """Leave the search; without one go back."""
        box = self.query(Input)
        if not box and not self._text:
            self.action_back()
            return
        await box.remove()
        self.rows.focus()
        self._text = ""
        self.reload()

    def action_back(self) -> None:
        """Go back to Home."""
        if self.is_current:
            self.dismiss(None)
