"""Small pieces of text that several commands show the same way."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

    from salescoach.words import Words


def short_id(identifier: str) -> str:
    """Return the part of an id that people type."""
    return identifier[:8]


def money(amount: Decimal | str | None, currency: str) -> str:
    """Return an amount with its currency and thousands separated, or nothing."""
    if amount is None or amount == "":
        return ""
    from decimal import Decimal

    value = Decimal(amount)
    whole = value == value.to_integral_value()
    return f"{currency} {value:,.0f}" if whole else f"{currency} {value:,.2f}"


def day(value: date | str | None) -> str:
    """Return a date as ISO, or nothing."""
    return "" if value is None else str(value)[:10]


def due(value: date | None, today: date, words: Words) -> str:
    """Return how far away a due date is: overdue by days, today, in days; nothing without a date."""
    if value is None:
        return ""
    days = (value - today).days
    if days < 0:
        return words("cli.overdue", days=-days)
    return words("cli.due-today") if days == 0 else words("cli.due-in", days=days)


def share(done: int, total: int) -> str:
    """Return a progress as `done/total`."""
    return f"{done}/{total}"
