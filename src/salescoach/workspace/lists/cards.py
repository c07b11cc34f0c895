"""What a list shows of a deal."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from salescoach.workspace.lists.steps import Step, step_on

if TYPE_CHECKING:
    from salescoach.words import Words

LIVE = ("open", "nurture", "won")
"""The statuses of deals that still make work: after the signature come service and collecting the money (stage 6)."""
LINE = (
    "id",
    "name",
    "customer",
    "customer_id",
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


class Card(NamedTuple):
    """One deal in a list. Days are ISO dates, moments ISO with offset; what is not known is None or empty."""

    id: str
    rev: int
    name: str
    customer: str
    customer_id: str | None
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
    """JSON: the overdue promise by the day from which there is one; see `lists.steps`."""
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


def _object(text: str) -> dict[str, Any]:
    """Return a JSON object that was kept as text; an empty one where a damaged cache has anything else."""
    try:
        found = json.loads(text) if text else {}
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
