"""Reads what a form field holds, and turns what cannot be read into a mistake beside the field."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from salescoach.deal.parse import parse_amount
from salescoach.document.errors import DocumentError
from salescoach.document.evidence import refuse_future
from salescoach.text import NAME_LIMIT, NOTE_LIMIT, too_long
from salescoach.tui.screens.choice import Option
from salescoach.tui.screens.form import Field, FieldError, Values

if TYPE_CHECKING:
    from salescoach.deal.days.question import Reading
    from salescoach.deal.doubts import Doubt
    from salescoach.deal.models import Deal
    from salescoach.playbook.models import Entry
    from salescoach.tui.app import CoachApp
    from salescoach.words import Words

LONG_FIELDS = frozenset({"note", "text_long", "reason"})
"""Names of form fields that hold a text rather than a line."""


def read_date(coach: CoachApp, values: Values, name: str, *, past: bool = False) -> date | None:
    """Return the day in a field, None when it is empty.

    `past` is for what has happened: a day without a year is the last such one, and a day to come is refused. Raises
    FieldError.
    """
    if not values.get(name):
        return None
    return _read_day(coach, name, values[name], past=past).day


def _read_day(coach: CoachApp, name: str, text: str, *, past: bool) -> Reading:
    try:
        reading = coach.workspace.read_day(text, past=past)
        if past:
            to_come = "signed-to-come" if name == "signed_on" else "date-to-come"
            refuse_future(reading.day, coach.workspace.stamp(), to_come)
    except DocumentError as error:
        raise FieldError(name, coach.workspace.explain(error, coach.words)) from None
    return reading


def day_field(
    coach: CoachApp,
    name: str,
    label: str,
    value: str = "",
    *,
    past: bool = False,
    required: bool = False,
) -> Field:
    """Return a field for a day, which says below itself which day was understood; `past` as in `read_date`."""

    def echo(text: str) -> str:
        from salescoach.coach.days import reading_text

        return reading_text(coach.words, _read_day(coach, name, text, past=past))

    hint = coach.words("dialogs.date-hint")
    return Field(name, label, value, hint, required=required, echo=echo)


def read_amount(coach: CoachApp, values: Values, name: str) -> Decimal | None:
    """Return the amount in a field, None when it is empty. Raises FieldError."""
    if not values.get(name):
        return None
    try:
        return parse_amount(values[name])
    except DocumentError as error:
        raise FieldError(name, coach.workspace.explain(error, coach.words)) from None


def told_doubts(coach: CoachApp, doubts: Iterable[Doubt]) -> list[tuple[str, str]]:
    """Return doubts as a form asks about them: the field, and the question in words."""
    return [(one.field, coach.words(f"doubts.{one.code}", **one.params)) for one in doubts]


def currency_field(coach: CoachApp, value: str) -> Field:
    """Return a field for a currency, which says below itself that a code is none and which may be meant."""

    def echo(text: str) -> str:
        from salescoach.deal.currencies import currency_of

        try:
            code = currency_of(text)
        except DocumentError as error:
            told = coach.workspace.explain(error, coach.words)
            if text == value:
                return told  # a deal saved before codes were looked at says so at once
            raise FieldError("currency", told) from None
        return "" if code == text else code

    hint, label = "CNY USD EUR", coach.words("dialogs.currency")
    return Field("currency", label, value, hint, echo=echo, told_at_once=True)


def read_currency(coach: CoachApp, values: Values, known: str) -> str:
    """Return the code in the field, `known` when it is empty or still that. Raises FieldError."""
    from salescoach.deal.currencies import currency_of

    if values.get("currency", "") in {"", known}:
        return known
    try:
        return currency_of(values["currency"])
    except DocumentError as error:
        raise FieldError("currency", coach.workspace.explain(error, coach.words)) from None


def check_lengths(coach: CoachApp, values: Values) -> None:
    """Refuse a text longer than its kind of field may be. Raises FieldError."""
    for name, value in values.items():
        multiline = name in LONG_FIELDS
        if too_long(value, multiline=multiline):
            limit = NOTE_LIMIT if multiline else NAME_LIMIT
            raise FieldError(name, coach.words("dialogs.too-long", limit=limit, length=len(value)))


def one_of(coach: CoachApp, values: Values, names: Sequence[str], label: str) -> None:
    """Refuse a form in which all of `names` are empty. Raises FieldError for the first, called by the word `label`."""
    if not any(values.get(name) for name in names):
        raise FieldError(names[0], coach.words("dialogs.needed", field=coach.words(label)))


def entry_options(words: Words, entries: Sequence[Entry], *, none: str = "") -> list[Option]:
    """Return the entries of a vocabulary as options, with `none` before them for nothing picked."""
    options = [Option("", none)] if none else []
    for entry in entries:
        note = entry.text.get(words.lang) if entry.text else ""
        options.append(Option(entry.key, entry.name.get(words.lang), note))
    return options


def contact_options(deal: Deal, none: str, *, but: str = "") -> list[Option]:
    """Return the deal's contacts as options, with `none` before them, without the contact `but`."""
    people = sorted(deal.contacts.items(), key=lambda pair: pair[1].order)
    return [
        Option("", none),
        *(Option(key, who.name, who.title) for key, who in people if key != but and not who.left),
    ]
