"""What a list shows of a deal: a row of the index, made from the deal and what the coach says about it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from salescoach.store.steps import Step, step_on

if TYPE_CHECKING:
    from salescoach.deal.models import Action, Deal
    from salescoach.words import Words

LIVE = ("open", "nurture", "won")
"""The statuses of deals that still make work: after the signature come service and collecting the money (stage 6)."""
LINE = (
    "id",
    "name",
    "customer",
    "owner",
    "kind",
    "status",
    "archived",
    "amount",
    "currency",
    "close_on",
    "revisit_on",
    "signed_what",
    "signed_on",
    "signed_amount",
    "signed_currency",
    "stage",
    "stage_number",
    "stage_since",
    "moves_done",
    "moves_total",
    "buying_phase",
    "next_text",
    "next_due",
    "updated_at",
    "conflicts",
)
"""What `Card.line` tells."""
NOT_LISTED = "not-listed"
"""The problem of a deal that can be read, and whose row cannot be worked out or kept."""
_NEVER = "9999-99-99"
_UNDATED = "9998-99-99"


class Card(NamedTuple):
    """One deal in a list. Days are ISO dates, moments ISO with offset; what is not known is None or empty."""

    id: str
    rev: int
    name: str
    customer: str
    owner: str
    kind: str
    status: str
    archived: bool
    amount: str | None
    currency: str
    close_on: str | None
    stage: str
    stage_number: int
    stage_since: str | None
    moves_done: int
    moves_total: int
    stage_moves_done: int
    stage_moves_total: int
    items_done: int
    items_total: int
    buying_phase: str | None
    next_id: str | None
    next_text: str
    next_due: str | None
    next_owner: str
    updated_at: str
    revisit_on: str | None
    status_reason: str
    signed_what: str
    """What was signed, on which day and for how much, of a won deal."""
    signed_on: str | None
    signed_amount: str | None
    signed_currency: str
    follow_up: bool
    """Whether it is won and service or payment is still open."""
    stalled_on: str | None
    """The first day on which it is stalled if nothing happens in it."""
    conflicts: int
    """How much was changed in two places at once and waits to be settled."""
    promised: str
    """JSON: the overdue promise by the day from which there is one; see `store.steps`."""
    step: str
    """JSON: the step that matters most, by the day from which it does."""
    told: str
    """JSON: by language, what the coach says, so that a list needs no playbook."""
    problem: str
    """Why the file could not be read, a word of the area `storage`; empty for a sound deal."""

    def promised_on(self, today: date, words: Words) -> Step | None:
        """Return what was promised and is overdue on a day, if anything."""
        return step_on(self.promised, today, words)

    def step_on(self, today: date, words: Words) -> Step | None:
        """Return the one next step that matters on a day, if there is one."""
        return step_on(self.step, today, words)

    def phase_name(self, lang: str) -> str:
        """Return the name of the buying phase; empty when it is not set."""
        return self._say(lang, "phase")

    def key_role_name(self, lang: str) -> str:
        """Return the role that matters in the buying phase; empty when it is not set."""
        return self._say(lang, "role")

    def line(self) -> str:
        """Return what a script wants to know of a deal in a list, as a JSON object on one line."""
        return json.dumps({name: getattr(self, name) for name in LINE}, ensure_ascii=False)

    def _say(self, lang: str, what: str) -> str:
        return str(_object(self.told).get(lang, {}).get(what, ""))


class Due(NamedTuple):
    """One open action with a date, of a deal that still makes work."""

    deal_id: str
    action_id: str
    text: str
    due: str
    owner: str
    agreed_with: str
    item: str | None
    name: str
    customer: str
    status: str
    stage: str
    stage_number: int
    moves_done: int
    moves_total: int


class Counts(NamedTuple):
    """How many there are of everything that Home counts; archived deals are counted in `archived` only."""

    overdue: int
    today: int
    revisit: int
    """Deals in nurture whose day to look again has come."""
    stalled: int
    """Open deals in which nothing has happened for as long as the settings say."""
    idle: int
    """Open deals without a next step."""
    open: int
    nurture: int
    won: int
    lost: int
    archived: int
    problems: int
    conflicts: int
    """Deals in which something waits to be settled, whatever their status."""

    @property
    def closed(self) -> int:
        """Deals that are won or lost."""
        return self.won + self.lost


class Row(NamedTuple):
    """Everything the index keeps about a deal."""

    card: Card
    next_key: str
    """Sorts by the next step: dated ones, then undated ones, then none at all."""
    actions: tuple[tuple[str, str, str, str, str, str | None], ...]
    """(id, due, text, owner, agreed with, item) of the open actions with a date, if the deal is live."""
    texts: tuple[str, ...]
    """What it is found by: name, customer, owner, contacts."""
    people: tuple[tuple[str, str, str], ...] = ()
    """(id, name, title) of the contacts."""


def row_of(deal: Deal, summary: Mapping[str, Any]) -> Row:
    """Return a deal's row; `summary` is what the coach says, as `coach.summary` gives it."""
    live = deal.status in LIVE and not deal.archived
    step = _next(deal) if live else None
    action = deal.actions[step] if step else None
    updated = max((event.at for event in deal.timeline.values()), default=deal.created_at)
    card = Card(
        id=deal.id,
        rev=deal.rev,
        name=deal.name,
        customer=deal.customer,
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
        conflicts=len(deal.conflicts),
        follow_up=bool(summary.get("follow_up")),
        stalled_on=_day(summary.get("stalled_on")),
        promised=_json(summary.get("promised")),
        step=_json(summary.get("step")),
        told=_json(summary.get("told")),
        problem="",
        **{name: int(summary.get(name) or 0) for name in _COUNTED},
    )
    names = dict.fromkeys(contact.name for contact in deal.contacts.values())
    return Row(
        card,
        _NEVER if step is None else card.next_due or _UNDATED,
        _dated(deal) if live else (),
        (deal.name, deal.customer, deal.owner, *names),
        tuple((key, person.name, person.title) for key, person in deal.contacts.items()),
    )


def listed_row(deal: Deal, summary: Mapping[str, Any]) -> Row:
    """Return a deal's row, or the row of a problem where it cannot be worked out: the other deals are listed all the same."""
    try:
        return row_of(deal, summary)
    except Exception:  # noqa: BLE001 - whatever it is, it is this deal's alone
        return problem_row(deal.id, NOT_LISTED)


_COUNTED = (
    "moves_done",
    "moves_total",
    "stage_moves_done",
    "stage_moves_total",
    "items_done",
    "items_total",
)


def problem_row(deal_id: str, problem: str) -> Row:
    """Return the row of a deal that cannot be read."""
    name = f"{deal_id}.json"
    card = Card(
        deal_id, 0, name, "", "", "", "", False, None, "", None, "", 0, None,  # noqa: FBT003
        0, 0, 0, 0, 0, 0, None, None, "", None, "", "", None, "", "", None, None, "", False, None, 0, "", "", "", problem,  # noqa: FBT003
    )  # fmt: skip
    return Row(card, _NEVER, (), (name,))


def _next(deal: Deal) -> str | None:
    def soonest(entry: tuple[str, Action]) -> tuple[str, int, datetime, str]:
        key, action = entry
        return (_day(action.due) or _UNDATED, action.order, action.at, key)

    undone = (entry for entry in deal.actions.items() if entry[1].done_at is None)
    first = min(undone, key=soonest, default=None)
    return first[0] if first else None


def _dated(deal: Deal) -> tuple[tuple[str, str, str, str, str, str | None], ...]:
    return tuple(
        (key, action.due.isoformat(), action.text, action.owner, action.agreed_with, action.item)
        for key, action in deal.actions.items()
        if action.due is not None and action.done_at is None
    )


def _day(value: date | str | None) -> str | None:
    if isinstance(value, datetime):
        value = value.date()
    return value.isoformat() if isinstance(value, date) else value


def _object(text: str) -> dict[str, Any]:
    """Return a JSON object that was kept as text; an empty one where a damaged cache has anything else."""
    try:
        found = json.loads(text) if text else {}
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")) if value else ""
