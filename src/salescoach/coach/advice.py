"""What to do next in a deal and why: what was promised and is late, and the one step that wins the deal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from salescoach.coach.findings import (
    Advice,
    Finding,
    first_on,
    ranked,
    schedule,
)
from salescoach.coach.rules import gates, items, people, promises
from salescoach.coach.situation import Situation
from salescoach.deal.models import Deal
from salescoach.playbook.models import Playbook

STALLED_DAYS = 14
"""Days without an entry in the timeline after which an open deal counts as stalled, unless a setting says otherwise."""

_PROMISED = "overdue-action"


@dataclass(frozen=True, slots=True)
class Steps:
    """What every front end shows of a deal on a day: the overdue promise, if any, and the step that matters most."""

    promised: Advice | None = None
    step: Advice | None = None


Schedule = list[tuple[date, Advice | None]]
"""A piece of advice from each day on which it changes, the first one from `date.min`; see `findings.schedule`."""


@dataclass(frozen=True, slots=True)
class Coming:
    """What `next_steps` says on any day, for the store's index to keep, and the first day on which the deal is stalled."""

    promised: Schedule
    step: Schedule
    stalled_on: date | None


def next_steps(
    playbook: Playbook, deal: Deal, today: date, *, stalled_days: int = STALLED_DAYS
) -> Steps:
    """Return what was promised and is overdue, and the one next step that matters most beside it."""
    promised, others = _apart(_findings(playbook, deal, stalled_days))
    return Steps(first_on(promised, today), first_on(others, today))


def all_advice(
    playbook: Playbook, deal: Deal, today: date, *, stalled_days: int = STALLED_DAYS
) -> list[Advice]:
    """Return every finding, the most severe first, then in the order in which a rep would take them up.

    A lost or archived deal needs no advice; one in nurture only what was promised and the day to look again; a won one
    what the last stage, service and payment, still lacks.
    """
    found = ranked(_findings(playbook, deal, stalled_days))
    return [one.on(today) for one in found if one.holds_from <= today]


def coming(playbook: Playbook, deal: Deal, *, stalled_days: int = STALLED_DAYS) -> Coming:
    """Return what `next_steps` says on any day as long as nothing happens in the deal."""
    promised, others = _apart(_findings(playbook, deal, stalled_days))
    quiet = next((one.holds_from for one in others if one.rule == "stalled"), None)
    return Coming(schedule(promised), schedule(others), quiet)


def _apart(findings: Iterator[Finding]) -> tuple[Sequence[Finding], Sequence[Finding]]:
    found = ranked(findings)
    promised = [one for one in found if one.rule == _PROMISED]
    return promised, [one for one in found if one.rule != _PROMISED]


def _findings(playbook: Playbook, deal: Deal, stalled_days: int) -> Iterator[Finding]:
    if deal.archived or deal.status == "lost":
        return
    situation = Situation(playbook, deal)
    yield from promises.overdue_actions(situation)
    if deal.status == "nurture":
        yield from promises.revisit_due(situation)
        return
    yield from promises.close_date_past(situation)
    yield from promises.stalled(situation, stalled_days)
    yield from people.key_people(situation)
    yield from people.no_key_contacts(situation)
    yield from people.phase_unset(situation)
    yield from gates.gates(situation)
    yield from items.next_item(situation)
    yield from items.claims_unbacked(situation)
    yield from promises.no_next_action(situation)
