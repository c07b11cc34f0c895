"""How money and days are told in the few cells that a list or a line has for them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from salescoach.words import Words

_SIGNS = {"CNY": "¥", "USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥"}


def money(amount: str | Decimal | None, currency: str, lang: str) -> str:
    """Tell an amount in at most about ten cells: 120万 and 1.2亿 in Chinese, 1.2M in English; empty without one."""
    if amount is None or amount == "":
        return ""
    value = Decimal(amount)
    sign = _SIGNS.get(currency, f"{currency} ")
    steps = (
        [(Decimal(10) ** 8, "亿"), (Decimal(10) ** 4, "万")]
        if lang == "zh"
        else [
            (Decimal(10) ** 9, "B"),
            (Decimal(10) ** 6, "M"),
            (Decimal(10) ** 3, "K"),
        ]
    )
    for size, unit in steps:
        if value >= size:
            return f"{sign}{(value / size).quantize(Decimal('0.1')):f}".removesuffix(".0") + unit
    return f"{sign}{value:f}"


def full_money(amount: Decimal | None, currency: str) -> str:
    """Tell an amount in full with thousands separated; empty without one."""
    return "" if amount is None else f"{_SIGNS.get(currency, currency + ' ')}{amount:,f}"


def day(value: str | date | None, today: date) -> str:
    """Tell a day as month and day, with the year when it is another one; empty without one."""
    if not value:
        return ""
    moment = date.fromisoformat(value) if isinstance(value, str) else value
    return moment.strftime("%m-%d") if moment.year == today.year else moment.isoformat()


def due_mark(due: str | date | None, today: date, words: Words) -> tuple[str, str]:
    """Return how far a due date is in words and the style to tell it in."""
    if not due:
        return "", ""
    moment = date.fromisoformat(due) if isinstance(due, str) else due
    days = (moment - today).days
    if days < 0:
        return "! " + words("home.overdue", days=-days), "alert"
    if days == 0:
        return words("home.due-today"), "warning"
    if days == 1:
        return words("home.due-tomorrow"), ""
    if days <= 7:
        return words("home.due-in", days=days), ""
    return day(moment, today), "muted"
