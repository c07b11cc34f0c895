"""What to do next in a deal and why: every finding of the rules, the most pressing one first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from salescoach.coach.checks import key_contacts, people, rung_from
from salescoach.coach.gates import default_target, gate, to_move_on
from salescoach.coach.progress import current_stage, item_status, open_items, open_stages
from salescoach.deal.actions import open_actions
from salescoach.deal.models import Deal
from salescoach.deal.stages import stage_record
from salescoach.playbook.lookup import rung_rank, stage_number
from salescoach.playbook.models import Playbook, Stage

Severity = Literal["alert", "warning", "hint"]

STALLED_DAYS = 14
"""Days without an entry in the timeline after which an open deal counts as stalled, unless a setting says otherwise."""

_SEVERITIES: tuple[Severity, ...] = ("alert", "warning", "hint")
_ORDER = (
    "overdue-action",
    "close-date-past",
    "revisit-due",
    "key-person-cold",
    "key-person-unknown",
    "stalled",
    "gate-open",
    "gate-ready",
    "gate-beside",
    "gate-close",
    "next-item",
    "gate-missing",
    "no-key-contacts",
    "phase-unset",
    "claims-unbacked",
    "no-next-action",
)
"""Rules of the same severity in the order in which a rep would take them up."""


@dataclass(frozen=True, slots=True)
class Advice:
    """One finding: the rule, how pressing it is, the facts for its sentences, and what it is about.

    `params` named stage, next_stage, move, item, role, rung, phase and missing are keys; `coach.tell` puts them in
    words. `move`, `item` and `contact` say where a front end should lead.
    """

    rule: str
    severity: Severity
    params: dict[str, str] = field(default_factory=dict)
    move: str | None = None
    item: str | None = None
    contact: str | None = None


def next_step(
    playbook: Playbook, deal: Deal, today: date, *, stalled_days: int = STALLED_DAYS
) -> Advice | None:
    """Return the one next step that matters most, or None for a deal that needs nothing."""
    found = all_advice(playbook, deal, today, stalled_days=stalled_days)
    return found[0] if found else None


def all_advice(
    playbook: Playbook, deal: Deal, today: date, *, stalled_days: int = STALLED_DAYS
) -> list[Advice]:
    """Return every finding, the most severe first, then in the order in which a rep would take them up.

    A lost or archived deal needs no advice; one in nurture only what was promised and the day to look again.
    """
    if deal.archived or deal.status == "lost":
        return []
    found = list(_by_day(playbook, deal, today, stalled_days))
    return _sorted(found + timeless_advice(playbook, deal))


def timeless_advice(playbook: Playbook, deal: Deal) -> list[Advice]:
    """Return the findings that do not depend on the day, sorted like `all_advice`."""
    if deal.archived or deal.status in {"lost", "nurture"}:
        return []
    found = [*_contacts(playbook, deal), *_gates(playbook, deal), *_items(playbook, deal)]
    stage = current_stage(playbook, deal)
    if stage is not None and not open_actions(deal):
        waiting = open_items(playbook, deal, stage)
        item = waiting[0] if waiting else None
        move = playbook.places[item].move.key if item else None
        found.append(Advice("no-next-action", "warning", {"stage": stage.key}, move, item))
    return _sorted(found)


def _sorted(found: list[Advice]) -> list[Advice]:
    return sorted(found, key=lambda one: (_SEVERITIES.index(one.severity), _ORDER.index(one.rule)))


def _by_day(playbook: Playbook, deal: Deal, today: date, stalled_days: int) -> Iterator[Advice]:
    for _, action in open_actions(deal):
        if action.due is not None and action.due < today:
            late = {"text": action.text, "due": action.due.isoformat()}
            late |= {"days": str((today - action.due).days), "move": "confidence"}
            yield Advice("overdue-action", "alert", late, item=action.item)
    if deal.status == "nurture" and deal.revisit_on is not None and deal.revisit_on <= today:
        again = {"date": deal.revisit_on.isoformat(), "move": "develop-guides"}
        yield Advice("revisit-due", "alert", again, move="develop-guides")
    if deal.status != "open":
        return
    if deal.close_on is not None and deal.close_on < today:
        days = str((today - deal.close_on).days)
        gone = {"date": deal.close_on.isoformat(), "days": days, "move": "analyse-organisation"}
        yield Advice("close-date-past", "alert", gone)
    last = max((event.at for event in deal.timeline.values()), default=deal.created_at).date()
    idle = (today - last).days
    stage = current_stage(playbook, deal)
    if idle >= stalled_days and stage is not None:
        quiet = {"days": str(idle), "date": last.isoformat(), "limit": str(stalled_days)}
        yield Advice("stalled", "warning", quiet | {"stage": stage.key})


def _contacts(playbook: Playbook, deal: Deal) -> Iterator[Advice]:
    stage = current_stage(playbook, deal)
    if stage is None:
        return
    late = stage_number(playbook, stage.key) > 1
    move = "analyse-organisation"
    if deal.status == "open" and not key_contacts(playbook, deal):
        yield Advice("no-key-contacts", "warning" if late else "hint", {"move": move}, move)
    phase = next(
        (one for one in playbook.tools.phases.phases if one.key == deal.buying_phase), None
    )
    if phase is None:
        if late and deal.status == "open":
            yield Advice("phase-unset", "hint", {"stage": stage.key})
        return
    facts = {"role": phase.key_role, "phase": phase.key}
    holders = [(id_, one) for id_, one in people(deal) if phase.key_role in one.roles]
    if not holders:
        yield Advice("key-person-unknown", "warning", facts | {"move": move}, move)
    wanted = rung_from(playbook, "engagement")
    for id_, one in holders:
        if rung_rank(playbook, one.rung) < wanted:
            cold = facts | {"contact": one.name, "rung": one.rung or "", "move": "engagement"}
            yield Advice("key-person-cold", "warning", cold, "engagement", contact=id_)


def _gates(playbook: Playbook, deal: Deal) -> Iterator[Advice]:
    current = current_stage(playbook, deal)
    if current is None:
        return
    if not stage_record(deal, current.key).is_open:
        entry = gate(playbook, deal, current.key).entry
        if entry.passed:
            yield Advice("gate-open", "hint", {"stage": current.key})
        else:
            codes = tuple((one.code, one.name) for one in entry.missing)
            yield _missing(current, codes)
    for stage in open_stages(playbook, deal):
        target = default_target(playbook, deal, stage.key)
        step = to_move_on(playbook, deal, stage.key, target)
        facts = {"stage": stage.key} | ({"next_stage": target} if target else {})
        if step.blocking:
            if stage.key == current.key:
                yield _missing(stage, tuple((one.code, one.name) for one in step.blocking))
        elif target is None:
            yield Advice("gate-close", "hint", facts)
        else:
            yield Advice("gate-ready" if step.closes else "gate-beside", "hint", facts)


def _missing(stage: Stage, missing: tuple[tuple[str, str], ...]) -> Advice:
    code, name = missing[0]
    facts = {"stage": stage.key, "missing": code, "name": name, "count": str(len(missing))}
    kind, _, key = code.partition(":")
    return Advice("gate-missing", "hint", facts, contact=key if kind == "contact" and key else None)


def _items(playbook: Playbook, deal: Deal) -> Iterator[Advice]:
    stage = current_stage(playbook, deal)
    waiting = open_items(playbook, deal, stage) if stage else ()
    if stage is not None and waiting:
        move = playbook.places[waiting[0]].move.key
        facts = {"stage": stage.key, "item": waiting[0], "move": move}
        yield Advice("next-item", "hint", facts, move, waiting[0])
    claims = [
        key
        for key, place in playbook.places.items()
        if key in deal.items
        and deal.items[key].state == "claimed"
        and deal.kind in place.item.kinds
        and item_status(playbook, deal, place).state == "claimed"
    ]
    if claims:
        move = playbook.places[claims[0]].move.key
        facts = {"count": str(len(claims)), "item": claims[0], "move": move}
        yield Advice("claims-unbacked", "hint", facts, move, claims[0])
