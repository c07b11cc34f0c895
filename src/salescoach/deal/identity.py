"""What a deal is and how it stands: made, edited, won, lost, put in nurture, reopened, archived."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from salescoach.customer.models import Customer
from salescoach.customer.people import with_people
from salescoach.deal.currencies import check_amount, currency_of
from salescoach.deal.models import Deal
from salescoach.deal.parts import MarkerState, PlaybookRef, StageRecord, Status
from salescoach.document.authors import id_of
from salescoach.document.change import (
    applied,
    differences,
    fit,
    make,
    mark,
    record,
    record_made,
    required,
)
from salescoach.document.errors import DocumentError, InvalidValue
from salescoach.document.evidence import refuse_future
from salescoach.document.stamp import Stamp
from salescoach.playbook.models import DealKind
from salescoach.text import clean

UNDER_WAY = "already under way"
"""The reason in the record of a stage that was passed before the deal was entered; `coach.tell` puts it in words."""

FIELDS = ("name", "kind", "owner", "amount", "currency", "close_on")
"""What `edit` changes."""


def create(
    *,
    id: str,  # noqa: A002  the field's own name
    name: str,
    customer: Customer,
    playbook: PlaybookRef,
    stamp: Stamp,
    open_stage: str,
    stages: tuple[str, ...] = (),
    kind: DealKind = "complex",
    owner: str = "",
    amount: Decimal | None = None,
    currency: str = "CNY",
    close_on: date | None = None,
) -> Deal:
    """Return a new deal with `customer`, with `open_stage` open.

    `stages` are the playbook's stage keys in order: for a deal already under way those before `open_stage` are
    recorded as opened and closed with the reason `UNDER_WAY`. Raises InvalidValue for a value that does not fit.
    """
    if stages and open_stage not in stages:
        raise InvalidValue("bad-choice", field="stage", value=open_stage, choices=", ".join(stages))
    deal = make(
        Deal,
        id=id,
        playbook=playbook,
        name=name,
        customer=customer.name,
        customer_id=customer.id,
        kind=kind,
        owner=owner,
        owner_id=id_of(owner, stamp),
        amount=amount,
        currency=currency_of(currency),
        close_on=close_on,
        created_at=stamp.at,
        stages=_stages(stages, open_stage, stamp),
    )
    check_amount(deal.amount, deal.currency)
    about = {"text": deal.name, "customer": deal.customer, "stage": open_stage}
    return record_made(deal.beside(customer), stamp, "created", about)


def edit(deal: Deal, stamp: Stamp, **fields: object) -> Deal:
    """Return the deal with the given `FIELDS`; the same deal when nothing differs. Raises InvalidValue."""
    if applied(deal, stamp):
        return deal
    unknown = set(fields) - set(FIELDS)
    if unknown:
        raise TypeError(f"edit has no {', '.join(sorted(unknown))}")
    # A code that was saved before codes were looked at stays until somebody gives another.
    if "currency" in fields and fields["currency"] != deal.currency:
        fields["currency"] = currency_of(str(fields["currency"]))
    if (owner := fields.get("owner", deal.owner)) != deal.owner:
        fields["owner_id"] = id_of(owner, stamp)
    after = fit(deal, **fields)
    if {"amount", "currency"} & fields.keys():
        check_amount(after.amount, after.currency)
    about = differences(deal, after, FIELDS)
    return record(deal, stamp, "edited", about, after) if about else deal


def move(deal: Deal, customer: Customer, stamp: Stamp) -> Deal:
    """Return the deal as one with another `customer`, who gets the records of its stakeholders.

    The same deal comes back when it is one with that customer already.
    """
    if applied(deal, stamp) or deal.customer_id == customer.id:
        return deal
    old, about = deal.customer_record, {"before": deal.customer, "after": customer.name}
    records = {} if old is None else old.people
    brought = {key: records[key] for key in deal.stakeholders if key in records}
    after = deal.beside(with_people(customer, brought, stamp, deal=deal.id))
    return record(deal, stamp, "customer-changed", about, after)


def win(
    deal: Deal,
    stamp: Stamp,
    what: str,
    on: date | None = None,
    amount: Decimal | None = None,
    currency: str = "",
    reason: str = "",
) -> Deal:
    """Return the deal as won, with `what` was signed; everything else stays and can still be edited.

    `on` is by default the day of the stamp, amount and currency are those of the deal. Raises InvalidValue when `what` is
    empty, or when the day is still to come.
    """
    if applied(deal, stamp):
        return deal
    required(what, "empty", field="signed_what")
    refuse_future(on, stamp, "signed-to-come")
    if currency and currency != deal.currency:
        currency = currency_of(currency)
    signed: dict[str, object] = {
        "signed_what": what,
        "signed_on": on or stamp.today,
        "signed_amount": deal.amount if amount is None else amount,
        "signed_currency": currency or deal.currency,
    }
    return _status(deal, stamp, "won", "won", reason, **signed)


def lose(deal: Deal, stamp: Stamp, reason: str) -> Deal:
    """Return the deal as lost. Raises InvalidValue without a reason."""
    required(reason, "reason-needed-lose")
    return _status(deal, stamp, "lost", "lost", reason)


def nurture(deal: Deal, stamp: Stamp, reason: str = "", revisit_on: date | None = None) -> Deal:
    """Return the deal put in nurture, to be looked at again on `revisit_on`.

    Raises InvalidValue when that day is before the day of the stamp.
    """
    if applied(deal, stamp):
        return deal
    if revisit_on is not None and revisit_on < stamp.today:
        raise InvalidValue("date-gone", field="revisit_on", value=revisit_on.isoformat())
    return _status(deal, stamp, "nurture", "nurtured", reason, revisit_on=revisit_on)


def reopen(deal: Deal, stamp: Stamp, reason: str = "") -> Deal:
    """Return a won, lost or nurtured deal as open. Raises DocumentError when it is open already."""
    if applied(deal, stamp):
        return deal
    if deal.status == "open":
        raise DocumentError("deal-already-open")
    return _status(deal, stamp, "open", "reopened", reason)


def archive(deal: Deal, stamp: Stamp, archived: bool = True) -> Deal:  # noqa: FBT001, FBT002  reads well
    """Return the deal hidden from the lists, or back in them."""
    if applied(deal, stamp) or deal.archived == archived:
        return deal
    what = "archived" if archived else "unarchived"
    return record(deal, stamp, what, {}, archived=archived)


def _status(
    deal: Deal, stamp: Stamp, status: Status, what: str, reason: str, **more: object
) -> Deal:
    if applied(deal, stamp):
        return deal
    # What belongs to the status that it had before is forgotten; the timeline has it.
    forgotten = {"revisit_on": None, "signed_what": "", "signed_on": None}
    forgotten |= {"signed_amount": None, "signed_currency": None}
    fields = forgotten | {"status": status, "status_reason": reason} | more
    after = fit(deal, **fields)
    if all(getattr(after, name) == getattr(deal, name) for name in fields):
        return deal
    about = {
        "before": deal.status,
        "reason": clean(reason),
        "until": _day(after.revisit_on),
        "text": after.signed_what,
        "on": _day(after.signed_on),
    }
    if after.signed_amount is not None:
        about |= {"amount": f"{after.signed_amount:f}", "currency": after.signed_currency or ""}
    return record(deal, stamp, what, about, after, status_at=stamp.at)


def _stages(stages: tuple[str, ...], opened: str, stamp: Stamp) -> dict[str, StageRecord]:
    passed = stages[: stages.index(opened)] if stages else ()
    records = {
        stage: make(
            StageRecord,
            opened=stamp.at,
            closed=stamp.at,
            exit=_under_way(f"marker:{stage}/exit", stamp),
        )
        for stage in passed
    }
    entry = _under_way(f"marker:{opened}/entry", stamp) if passed else MarkerState()
    return records | {opened: make(StageRecord, opened=stamp.at, entry=entry)}


def _under_way(missing: str, stamp: Stamp) -> MarkerState:
    marked = mark(stamp)
    return make(
        MarkerState,
        override=UNDER_WAY,
        override_missing=(missing,),
        override_at=marked["at"],
        override_by=marked["by"],
    )


def _day(value: date | None) -> str:
    return value.isoformat() if value else ""
