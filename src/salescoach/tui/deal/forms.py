"""What is typed and picked about a deal as a whole: its facts, the buying phase, its status."""

from __future__ import annotations

from typing import TYPE_CHECKING

from salescoach.deal import identity, phases
from salescoach.document.errors import DocumentError
from salescoach.tui.customer.choosing import customer_field
from salescoach.tui.deal.placing import Placing
from salescoach.tui.forms import (
    check_lengths,
    currency_field,
    day_field,
    entry_options,
    read_amount,
    read_currency,
    read_date,
    told_doubts,
)
from salescoach.tui.screens.choice import ChoiceDialog, Option
from salescoach.tui.screens.form import Field, FieldError, FormDialog, Values, opens_form

if TYPE_CHECKING:
    from salescoach.deal.models import Deal
    from salescoach.tui.app import CoachApp
    from salescoach.tui.deal.changes import DealChanges
    from salescoach.tui.keep.saver import Operation


def check_deal(coach: CoachApp, values: Values, currency: str) -> None:
    """Refuse a form whose amount, currency, day or lengths do not fit; `currency` is the one before. Raises FieldError."""
    from salescoach.deal.currencies import check_amount

    check_lengths(coach, values)
    amount = read_amount(coach, values, "amount")
    read_date(coach, values, "close_on")
    try:
        check_amount(amount, read_currency(coach, values, currency))
    except DocumentError as error:
        raise FieldError("amount", coach.workspace.explain(error, coach.words)) from None


def deal_doubts(coach: CoachApp, values: Values, old: Deal | None = None) -> list[tuple[str, str]]:
    """Return what to ask about a deal: another one of its name and customer, a close date gone by; `old` is it before."""
    from salescoach.deal.doubts import close_doubts

    found = []
    named = (values["name"], values["customer"])
    if old is None or named != (old.name, old.customer):
        found += coach.workspace.same_deals(*named, but=old.id if old else "")
    close_on = read_date(coach, values, "close_on")
    if old is None or close_on != old.close_on:
        found += close_doubts(close_on, coach.workspace.today())
    return told_doubts(coach, found)


@opens_form
def edit(screen: DealChanges) -> None:
    """Change the deal's name, customer, money and dates."""
    words, coach, deal = screen.words, screen.coach, screen.deal

    def sent(values: dict[str, str] | None) -> None:
        if values is None:
            return
        stamp = coach.workspace.stamp()
        changes: dict[str, object] = {
            **values,
            "amount": read_amount(coach, values, "amount"),
            "close_on": read_date(coach, values, "close_on"),
            "currency": read_currency(coach, values, deal.currency),
        }
        name, chosen = values["customer"], values["customer_id"]
        del changes["customer"], changes["customer_id"]

        def change(place: Operation | None) -> None:
            def changed(old: Deal) -> Deal:
                return identity.edit(old if place is None else place(old), stamp, **changes)

            screen.change(changed, deal)

        if name == deal.customer and not chosen:
            change(None)
        else:
            Placing(screen, deal, name, chosen, change).start()

    screen.app.push_screen(
        FormDialog(
            words("dialogs.edit-deal"),
            _fields(coach, deal),
            lambda values: check_deal(coach, values, deal.currency),
            doubts=lambda values: deal_doubts(coach, values, deal),
        ),
        sent,
    )


def _fields(coach: CoachApp, deal: Deal) -> list[Field]:
    words = coach.words
    kinds = [
        Option(kind, words("dialogs.kind-" + kind), words(f"dialogs.kind-{kind}-note"))
        for kind in ("complex", "simple")
    ]
    return [
        customer_field(coach, deal.customer, but=deal.customer_id or ""),
        Field("name", words("dialogs.deal-name"), deal.name, required=True),
        Field(
            "amount",
            words("dialogs.amount"),
            f"{deal.amount:f}" if deal.amount is not None else "",
            words("dialogs.amount-hint"),
        ),
        currency_field(coach, deal.currency),
        day_field(
            coach,
            "close_on",
            words("dialogs.close-on"),
            deal.close_on.isoformat() if deal.close_on else "",
        ),
        Field("owner", words("dialogs.owner"), deal.owner),
        Field("kind", words("dialogs.kind"), deal.kind, options=kinds),
    ]


def set_phase(screen: DealChanges) -> None:
    """Pick where the customer's purchase is; each phase names the role that matters in it."""
    words, coach, tools = screen.words, screen.coach, screen.playbook.tools
    roles = {role.key: role.name.get(words.lang) for role in tools.organisation.roles}

    def chosen(value: str | None) -> None:
        if value:
            stamp = coach.workspace.stamp()
            screen.change(lambda deal: phases.set_phase(deal, value, stamp))

    options = [
        Option(
            option.value,
            option.label,
            f"{option.note} {words('home.key-role', role=roles[phase.key_role])}",
        )
        for option, phase in zip(
            entry_options(words, tools.phases.phases), tools.phases.phases, strict=True
        )
    ]
    screen.app.push_screen(
        ChoiceDialog(words("deal.phase"), options, screen.deal.buying_phase or ""), chosen
    )


def set_status(screen: DealChanges) -> None:
    """Pick what becomes of the deal, then ask why."""
    words, deal = screen.words, screen.deal
    wanted = ["won", "lost", "nurture"] if deal.status == "open" else ["reopen"]
    wanted.append("unarchive" if deal.archived else "archive")
    options = [
        Option(name, words("dialogs.status-" + name), words(f"dialogs.status-{name}-note"))
        for name in wanted
    ]

    def chosen(value: str | None) -> None:
        stamp = screen.coach.workspace.stamp()
        if value in {"archive", "unarchive"}:
            away = value == "archive"
            if screen.change(lambda old: identity.archive(old, stamp, archived=away)):
                screen.call_later(
                    screen.say, words("dialogs.archived" if away else "dialogs.unarchived")
                )
        elif value == "won":
            _ask_signed(screen)
        elif value:
            _ask_why(screen, value)

    screen.app.push_screen(ChoiceDialog(words("dialogs.status"), options), chosen)


@opens_form
def _ask_signed(screen: DealChanges) -> None:
    """Ask what was signed, when and for how much."""
    words, coach, deal = screen.words, screen.coach, screen.deal

    def check(values: Values) -> None:
        check_deal(coach, values, deal.currency)
        read_date(coach, values, "signed_on", past=True)

    def sent(values: dict[str, str] | None) -> None:
        if values is None:
            return
        stamp = coach.workspace.stamp()
        what, reason = values["signed_what"], values["reason"]
        on = read_date(coach, values, "signed_on", past=True)
        amount = read_amount(coach, values, "amount")
        currency = read_currency(coach, values, deal.currency)
        screen.change(
            lambda old: identity.win(old, stamp, what, on, amount, currency, reason), deal
        )

    known = f"{deal.amount:f}" if deal.amount is not None else ""
    today = coach.workspace.today().isoformat()
    fields = [
        Field(
            "signed_what",
            words("dialogs.signed-what"),
            hint=words("dialogs.signed-what-hint"),
            required=True,
        ),
        day_field(coach, "signed_on", words("dialogs.signed-on"), today, past=True, required=True),
        Field(
            "amount", words("dialogs.amount"), known, words("dialogs.amount-hint"), required=True
        ),
        currency_field(coach, deal.currency),
        Field("reason", words("dialogs.won-why"), lines=2),
    ]
    screen.app.push_screen(FormDialog(words("dialogs.status-won"), fields, check), sent)


@opens_form
def _ask_why(screen: DealChanges, status: str) -> None:
    words, coach = screen.words, screen.coach

    def check(values: Values) -> None:
        check_lengths(coach, values)
        read_date(coach, values, "revisit_on")

    def sent(values: dict[str, str] | None) -> None:
        if values is None:
            return
        stamp, reason = coach.workspace.stamp(), values["reason"]
        until = read_date(coach, values, "revisit_on")
        operations: dict[str, Operation] = {
            "lost": lambda deal: identity.lose(deal, stamp, reason),
            "nurture": lambda deal: identity.nurture(deal, stamp, reason, until),
            "reopen": lambda deal: identity.reopen(deal, stamp, reason),
        }
        screen.change(operations[status])

    fields = [Field("reason", words("dialogs.reason"), required=status == "lost", lines=3)]
    if status == "nurture":
        fields.insert(0, day_field(coach, "revisit_on", words("home.head-revisit"), "+90d"))
    screen.app.push_screen(FormDialog(words("dialogs.status-" + status), fields, check), sent)
