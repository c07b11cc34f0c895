"""What the index keeps of a deal: its tables there, and what of the deal and of what the coach says goes into them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from salescoach.store.index.finding import head
from salescoach.store.index.kinds import Dated, Entry, IndexedKind, Record, Rest, Table
from salescoach.text import fold
from salescoach.workspace.kinds import DEALS
from salescoach.workspace.lists.cards import LIVE, Card

if TYPE_CHECKING:
    from salescoach.deal.models import Deal
    from salescoach.deal.parts import Action

ACTION = "action"
"""What of a deal has a day."""
TOLD = ("promised", "step", "told")
"""Columns as long as all others together, which only the cards that are looked at need: a table of their own."""
COLUMNS = tuple(name for name in Card._fields if name not in TOLD)
NEVER = "9999-99-99"
"""What a deal without a next step sorts by."""
_UNDATED = "9998-99-99"
_COUNTED = (
    "moves_done",
    "moves_total",
    "stage_moves_done",
    "stage_moves_total",
    "items_done",
    "items_total",
)
_WHOLE = {*_COUNTED, "rev", "archived", "stage_number", "follow_up", "conflicts"}
TABLES = (
    Table(
        "deals",
        (
            *("next_key TEXT", "open_actions INTEGER", "name_key TEXT", "customer_key TEXT"),
            *(f"{name} {'INTEGER' if name in _WHOLE else 'TEXT'}" for name in COLUMNS),
        ),
        (
            "(id)",
            "(archived, status, next_key)",
            "(archived, status, updated_at)",
            "(archived, status, name_key)",
            "(archived, status, stage_number, coalesce(close_on, '9999'), name_key, problem)",
            "(archived) WHERE conflicts > 0",
            "(customer_id, archived, status)",
        ),
        keys=("name_key", "customer_key"),
    ),
    Table("tells", tuple(f"{name} TEXT" for name in TOLD)),
    # A list of all deals for scripts is read from here as it is: making JSON of the columns takes twice as long.
    Table("lines", ("line TEXT",)),
    # All that finding a word needs, so that it never reads the deals' own rows.
    Table(
        "finds",
        ("archived INTEGER", "status TEXT", "updated_at TEXT", "head INTEGER"),
        found=True,
    ),
    # Who has a part in which deals; what is known of people stands with their customers.
    Table("stakeholders", ("person TEXT",), ("(person)",), many=True),
    # The people of deals whose customer cannot be read, of whom nothing but the name is known.
    Table("loose_people", ("id TEXT", "name TEXT"), many=True, found=True),
)


class ListedDeal(NamedTuple):
    """A deal with its customer, and what its record rests on."""

    deal: Deal
    rests: tuple[Rest, ...] = ()
    """Its customer, and where that was merged into another one those on the way."""


def record(found: ListedDeal, summary: Mapping[str, Any]) -> Record:
    """Return a deal's record; `summary` is what the coach says, as `coach.summary` gives it."""
    deal, customer = found.deal, found.deal.customer_record
    card = card_of(deal, summary)
    live = deal.status in LIVE and not deal.archived
    people = deal.contacts
    names = [name for one in people.values() for name in (one.name, *one.other_names)]
    others = customer.other_names if customer is not None else ()
    texts = (deal.name, deal.customer, deal.owner, *dict.fromkeys((*names, *others)))
    undone = sum(action.done_at is None for action in deal.actions.values()) if live else 0
    made = listed(card, texts, next_key=_next_key(card), open_actions=undone)
    rows = {**made.rows, "stakeholders": [Entry((key,)) for key in people]}
    if customer is None:
        rows["loose_people"] = [
            Entry((key, one.name), (one.name, *one.other_names)) for key, one in people.items()
        ]
    dated = _dated(deal) if live else ()
    return made._replace(save=deal.save, rows=rows, dated=dated, rests=found.rests)


def listed(
    card: Card, texts: tuple[str, ...], *, next_key: str = NEVER, open_actions: int = 0
) -> Record:
    """Return the record of a deal that is listed as `card` and found by `texts`, name and customer first."""
    values = (value for name, value in zip(Card._fields, card, strict=True) if name not in TOLD)
    first = len({fold(card.name), fold(card.customer)} - {""})
    finds = (card.archived, card.status, card.updated_at, head(card.name, card.customer))
    rows = {
        "deals": [Entry((next_key, open_actions, card.name, card.customer, *values))],
        "tells": [Entry(tuple(getattr(card, name) for name in TOLD))],
        "lines": [Entry((card.line(),))],
        "finds": [Entry(finds, texts, first)],
    }
    return Record(card.rev, card.name, rows=rows, problem=card.problem)


def broken(key: str, problem: str) -> Record:
    """Return the record of a deal that cannot be read or listed."""
    return listed(problem_card(key, problem), (f"{key}.json",))


INDEXED = IndexedKind(DEALS.name, TABLES, record, broken)
"""The deals in the index."""


def card_of(deal: Deal, summary: Mapping[str, Any]) -> Card:
    """Return how a deal is listed; `summary` as in `record`."""
    live = deal.status in LIVE and not deal.archived
    step = _next(deal) if live else None
    action = deal.actions[step] if step else None
    updated = max((event.at for event in deal.events.values()), default=deal.created_at)
    return Card(
        id=deal.id,
        rev=deal.rev,
        name=deal.name,
        customer=deal.customer,
        customer_id=deal.customer_id,
        owner=deal.owner,
        kind=deal.kind,
        status=deal.status,
        archived=deal.archived,
        amount=None if deal.amount is None else f"{deal.amount:f}",
        currency=deal.currency,
        close_on=_day(deal.close_on),
        stage=summary.get("stage") or "",
        stage_number=summary.get("stage_number") or 0,
        stage_since=_day(summary.get("stage_since")),
        buying_phase=deal.buying_phase,
        next_id=step,
        next_text=action.text if action else "",
        next_due=_day(action.due) if action else None,
        next_owner=action.owner if action else "",
        updated_at=updated.astimezone(UTC).isoformat(timespec="seconds"),
        revisit_on=_day(deal.revisit_on),
        status_reason=deal.status_reason,
        signed_what=deal.signed_what,
        signed_on=_day(deal.signed_on),
        signed_amount=None if deal.signed_amount is None else f"{deal.signed_amount:f}",
        signed_currency=deal.signed_currency or "",
        conflicts=len(deal.open_conflicts),
        follow_up=bool(summary.get("follow_up")),
        stalled_on=_day(summary.get("stalled_on")),
        promised=_json(summary.get("promised")),
        step=_json(summary.get("step")),
        told=_json(summary.get("told")),
        problem="",
        **{name: int(summary.get(name) or 0) for name in _COUNTED},
    )


def problem_card(key: str, problem: str) -> Card:
    """Return how a deal is listed that cannot be."""
    values: dict[str, Any] = dict.fromkeys(Card._fields, "")
    values |= dict.fromkeys(_WHOLE, 0) | dict.fromkeys(_UNKNOWN)
    values |= {"id": key, "name": f"{key}.json", "archived": False, "follow_up": False}
    return Card(**values | {"problem": problem})


_UNKNOWN = (
    "customer_id",
    "amount",
    "close_on",
    "stage_since",
    "buying_phase",
    "next_id",
    "next_due",
    "revisit_on",
    "signed_on",
    "signed_amount",
    "stalled_on",
)
"""What is None where it is not known."""


def _next_key(card: Card) -> str:
    """Return what a deal sorts by in a list by next steps: dated ones, then undated ones, then none at all."""
    return NEVER if card.next_id is None else card.next_due or _UNDATED


def _next(deal: Deal) -> str | None:
    def soonest(entry: tuple[str, Action]) -> tuple[str, int, datetime, str]:
        key, action = entry
        return (_day(action.due) or _UNDATED, action.order, action.at, key)

    undone = (entry for entry in deal.actions.items() if entry[1].done_at is None)
    first = min(undone, key=soonest, default=None)
    return first[0] if first else None


def _dated(deal: Deal) -> tuple[Dated, ...]:
    return tuple(
        Dated(
            ACTION,
            key,
            action.due.isoformat(),
            action.text,
            action.owner,
            action.agreed_with,
            action.item,
            action.owner_id,
        )
        for key, action in deal.actions.items()
        if action.due is not None and action.done_at is None
    )


def _day(value: date | str | None) -> str | None:
    if isinstance(value, datetime):
        value = value.date()
    return value.isoformat() if isinstance(value, date) else value


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")) if value else ""
