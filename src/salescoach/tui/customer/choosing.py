"""A line of a form in which a customer is named: found by name, other name or pinyin, or a new one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from salescoach.text import fold
from salescoach.tui.screens.form import Field
from salescoach.tui.screens.lookup import Looked, Offer
from salescoach.workspace.lists.customer_rows import SEPARATOR

if TYPE_CHECKING:
    from salescoach.tui.app import CoachApp
    from salescoach.workspace.lists.customers import CustomerCard

_OFFERED = 5


def customer_field(coach: CoachApp, value: str = "", *, but: str = "") -> Field:
    """Return the field of a deal's customer; `but` is the id of the customer that it is of already."""
    words = coach.words

    def lookup(text: str) -> Looked:
        found = [
            one for one in coach.workspace.lists.customers.search(text, _OFFERED) if not one.problem
        ]
        told = "customer-new"
        if any(fold(text) in names_of(one) for one in found):
            told = "customer-known"
        elif but:
            told = "customer-other"
        offers = [Offer(one.name, _note(coach, one), one.id) for one in found if one.id != but]
        return Looked(offers, words(f"customers.{told}") if fold(text) != fold(value) else "")

    hint = words("dialogs.customer-hint")
    return Field("customer", words("dialogs.customer"), value, hint, required=True, lookup=lookup)


def names_of(card: CustomerCard) -> set[str]:
    """Return the names of a customer, folded."""
    return {fold(name) for name in (card.name, *card.other_names.split(SEPARATOR)) if name}


def _note(coach: CoachApp, one: CustomerCard) -> str:
    told = coach.words("customers.numbers", people=one.people, deals=one.deals)
    return "  ".join(filter(None, (one.other_names, told)))
