"""Whose deal it is: another customer's, a new one's, or the same customer's under another name."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from salescoach.customer import identity as customer_identity
from salescoach.deal.identity import move
from salescoach.tui.screens.choice import ChoiceDialog, Option

if TYPE_CHECKING:
    from salescoach.customer.models import Customer
    from salescoach.deal.models import Deal
    from salescoach.tui.deal.changes import DealChanges
    from salescoach.tui.keep.saver import Operation


class Placing:
    """Finds out what a customer's name that was typed for a deal means, and gives `then` the operation that makes it so.

    `chosen` is the id of a customer that was picked. A name that nobody has renames the customer, where the deal is its
    only one; with others it is asked whether the customer is called so, or the deal goes to a new one.
    """

    def __init__(
        self,
        screen: DealChanges,
        deal: Deal,
        name: str,
        chosen: str,
        then: Callable[[Operation], None],
    ) -> None:
        self._screen = screen
        self._coach = screen.coach
        self._deal = deal
        self._name = name
        self._chosen = chosen
        self._then = then
        self._stamp = screen.coach.workspace.stamp()

    def start(self) -> None:
        """Look away from the event loop, and go on from there."""
        self._coach.form_pending(1)
        self._screen.run_worker(self._look, thread=True, exit_on_error=False, group="placing")

    def _look(self) -> None:
        coach, deal, workspace = self._coach, self._deal, self._coach.workspace
        try:
            if self._chosen:
                known: Customer | None = workspace.current_customer(self._chosen)
            else:
                known = workspace.customer_named(self._name)
            new = workspace.made_customer(self._name, self._stamp.derive("new customer"))
            others = len(workspace.deals_of(deal.customer_id)) - 1 if deal.customer_id else 0
        except Exception as error:  # noqa: BLE001 - told in one line, and what was typed is offered again
            coach.call_from_thread(self._refused, error)
        else:
            coach.call_from_thread(self._decide, known, new, others)
        finally:
            coach.call_from_thread(coach.form_pending, -1)

    def _refused(self, error: Exception) -> None:
        self._coach.refused_form(self._deal.id)
        self._coach.say_error(error)

    def _goes_to(self, other: Customer) -> Operation:
        return lambda old: move(old, other, self._stamp)

    def _renamed(self, old: Deal) -> Deal:
        record = old.customer_record
        if record is None:
            return old
        edited = customer_identity.edit(record, self._stamp, deal=old.id, name=self._name)
        return old.beside(edited)

    def _decide(self, known: Customer | None, new: Customer, others: int) -> None:
        customer = self._deal.customer_record
        if known is not None and (customer is None or known.id != customer.id):
            self._then(self._goes_to(known))
        elif customer is None:
            self._then(self._goes_to(new))
        elif known is not None or others < 1:
            self._then(self._renamed)
        else:
            self._ask(new, others)

    def _ask(self, new: Customer, others: int) -> None:
        words, name, old = self._screen.words, self._name, self._deal.customer

        def answered(answer: str | None) -> None:
            if answer == "rename":
                self._then(self._renamed)
            elif answer == "move":
                self._then(self._goes_to(new))
            else:
                self._coach.refused_form(self._deal.id)

        options = [
            Option("move", words("dialogs.customer-move", name=name)),
            Option("rename", words("dialogs.customer-rename", old=old, name=name)),
            Option("back", words("dialogs.customer-neither")),
        ]
        note = words("dialogs.customer-which-note", old=old, count=others)
        title = words("dialogs.customer-which", name=name)
        self._coach.push_screen(ChoiceDialog(title, options, note=note), answered)
