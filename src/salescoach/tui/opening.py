"""Opens documents: reads them away from the event loop, some of them ahead, and shows them."""

from __future__ import annotations

import gc
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from textual import work

from salescoach.store.errors import StoreError
from salescoach.tui.lifecycle import Lifecycle

if TYPE_CHECKING:
    from salescoach.deal.models import Deal
    from salescoach.tui.customer.rows import Around
    from salescoach.tui.widgets.message import Severity
    from salescoach.workspace.signs import Signs


class OpensDocuments(Lifecycle):
    """Shows deals, new ones among them."""

    def __init__(self) -> None:
        super().__init__()
        self._swept = self._touched = self._warm = False
        self._ahead: tuple[Deal, Signs] | None = None

    def refuse(self, message: str, severity: Severity = "warning") -> None:
        """Say why what was asked for does not come; what was typed for it, and is typed in the same run, is dropped."""
        self.input_queue.refuse(message, severity)

    def open_deal(
        self,
        deal_id: str,
        stage: str | None = None,
        item: str | None = None,
        *,
        person: str | None = None,
    ) -> None:
        """Show a deal, at a stage and an item, or one of its people, if they are given."""
        deal, sign = self._ahead or (None, None)
        if (
            deal is not None
            and deal.id == deal_id
            and sign == self.workspace.deals.signs(deal_id, deal.customer_id)
        ):
            self._show_deal(self.saver.on_top(deal), stage, item, sign, person)
        else:
            self._read_deal(deal_id, stage, item, person)

    def read_ahead(self, deal_id: str) -> None:
        """Read the deal that the cursor rests on, so that it is there when it is opened.

        A program that nobody touches holds neither playbook nor deals in memory, and while the index is made anew it
        has better to do.
        """
        if self._swept and self._touched:
            self._load_ahead(deal_id)

    @work(thread=True, exclusive=True, exit_on_error=False, group="ahead")
    def _load_ahead(self, deal_id: str) -> None:
        with suppress(Exception):  # whatever is wrong is told when the deal is opened
            self._ahead = self.workspace.deals.read_signed(deal_id)
            if self._warm:
                return
            import salescoach.tui.deal.screen  # noqa: F401 - the first to open a deal need not wait for it

            self.workspace.playbook  # noqa: B018 - read for its side effect: parsed and kept
            gc.collect()
            gc.freeze()
            self._warm = True

    @work(thread=True, exclusive=True, exit_on_error=False, group="open")
    def _read_deal(
        self, deal_id: str, stage: str | None, item: str | None, person: str | None
    ) -> None:
        try:
            deal, sign = self.workspace.deals.read_signed(deal_id)
            deal = self.saver.on_top(deal)
            self.workspace.playbook  # noqa: B018 - parsed here, away from the event loop
        except Exception as error:  # noqa: BLE001 - a file that cannot be read is told, whatever is wrong with it
            told = self.workspace.explain(error, self.words)
            self.call_from_thread(self.refuse, told, "error")
            return
        self.call_from_thread(self._show_deal, deal, stage, item, sign, person)

    def _show_deal(
        self,
        deal: Deal,
        stage: str | None,
        item: str | None,
        sign: Signs | None = None,
        person: str | None = None,
    ) -> None:
        self.follow(deal.id, sign, customer=deal.customer_id)
        from salescoach.tui.deal.screen import DealScreen

        # One screen is kept for all deals: composing and styling a new one takes longer than all else about opening.
        name = DealScreen.__name__
        if not self.is_screen_installed(name):
            kept = DealScreen(deal, stage=stage, item=item)
            self.install_screen(kept, name)
        else:
            kept = self.get_screen(name, DealScreen)
            while kept in self.screen_stack and self.screen is not kept:
                self.pop_screen()
            kept.show_another(deal, stage, item)
        if self.screen is not kept:
            self.push_screen(name)
        if person is not None:
            kept.show_person(person)

    def open_customer(self, customer_id: str, *, person: str = "") -> None:
        """Show a customer, at one of its people if one is given."""
        self._read_customer(customer_id, person)

    @work(thread=True, exclusive=True, exit_on_error=False, group="open")
    def _read_customer(self, customer_id: str, person: str) -> None:
        from salescoach.tui.customer.screen import CustomerScreen

        workspace = self.workspace
        try:
            customer = self.saver.on_top(workspace.current_customer(customer_id))
            sign = workspace.customers.sign(customer.id)
            around = self.around(customer.id)
            workspace.playbook  # noqa: B018 - parsed here, away from the event loop
        except Exception as error:  # noqa: BLE001 - a file that cannot be read is told, whatever is wrong with it
            told = workspace.explain(error, self.words)
            self.call_from_thread(self.refuse, told, "error")
            return

        def show() -> None:
            while any(isinstance(screen, CustomerScreen) for screen in self.screen_stack):
                self.pop_screen()
            self.follow(customer.id, sign, kind="customer")
            self.push_screen(CustomerScreen(customer, around, at=person))

        self.call_from_thread(show)

    def create_customer(self, name: str, other_names: tuple[str, ...]) -> None:
        """Save a new customer and open it; where that fails, offer what was typed."""
        self._creating += 1
        self._create_customer(name, other_names)

    @work(thread=True, exit_on_error=False, group="create")
    def _create_customer(self, name: str, other_names: tuple[str, ...]) -> None:
        try:
            customer = self.workspace.new_customer(name, other_names)
        except Exception as error:  # noqa: BLE001 - told in one line, whatever the disk says
            self.call_from_thread(self._created, None, error)
        else:
            self.call_from_thread(self._created, None, None)
            self.call_from_thread(self.settle_forms)
            self.call_from_thread(self.open_customer, customer.id)

    def around(self, customer_id: str) -> Around:
        """Return a customer's deals and their open actions, as they are shown; to be called away from the event loop."""
        from salescoach.tui.customer.rows import Around

        deals = []
        for key in self.workspace.deals_of(customer_id):
            with suppress(StoreError):  # one that cannot be read is told where deals are listed
                deals.append(self.saver.on_top(self.workspace.store.read(key)))
        return Around.of(deals)

    def show_item(self, stage: str, item: str) -> None:
        """Show an item of the playbook in the deal that is open; without one say so."""
        from salescoach.tui.deal.screen import DealScreen

        for screen in reversed(self.screen_stack):
            if isinstance(screen, DealScreen):
                screen.show_stage(stage, at=item)
                return
        self.say(self.words("dialogs.open-a-deal"))

    def create_deal(self, given: dict[str, Any]) -> None:
        """Save a new deal and open it; where that fails, offer what was typed."""
        self._creating += 1
        self._create(given)

    @work(thread=True, exit_on_error=False, group="create")
    def _create(self, given: dict[str, Any]) -> None:
        try:
            chosen = given.pop("customer_id", "")
            if chosen:
                given["customer"] = self.workspace.current_customer(chosen)
            deal = self.workspace.create(**given)
        except Exception as error:  # noqa: BLE001 - told in one line, whatever the disk says
            self.call_from_thread(self._created, None, error)
        else:
            self.call_from_thread(self._created, deal, None)

    def _created(self, deal: Deal | None, error: Exception | None) -> None:
        self._creating -= 1
        if error is not None:
            self.refused_form("")
            self.refuse(self.workspace.explain(error, self.words), "error")
        if deal is not None:
            self.settle_forms()
            self._show_deal(deal, None, None)
