"""Rules about the gates: what the one ahead lacks, and that there is one to go through (method.md, the whole)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from salescoach.coach.findings import Finding, Way
from salescoach.coach.gates import Missing, default_target, gate, to_move_on
from salescoach.coach.progress import open_stages
from salescoach.coach.rules.ways import approach, attempts, find_out, last_resorts
from salescoach.coach.situation import Happening, Situation
from salescoach.deal.stages import stage_record
from salescoach.playbook.lookup import stage_of
from salescoach.playbook.models import RUNG_OF_CHECK, Stage

_OTHERS = 2
"""How many further missing things are named when the first one does not move."""
_CLIMBS = RUNG_OF_CHECK.keys() - {"an-ally"}
"""Checks of a marker that ask how close we are to the key contacts."""
_LOOSE = frozenset({"noted", "action-added", "action-done", "action-snoozed", "action-edited"})
"""Operations that change nothing at a gate."""


def gates(situation: Situation) -> Iterator[Finding]:
    """Find what the current stage's gate lacks, and every gate that can be gone through."""
    current, deal, playbook = situation.stage, situation.deal, situation.playbook
    if current is None:
        return
    since = _last_change(situation)
    if stage_record(deal, current.key).opened is None:
        entry = gate(playbook, deal, current.key).entry
        if entry.passed:
            yield _through(situation, "gate-open", {"stage": current.key}, since)
        else:
            yield _lacking(situation, current, entry.missing)
    opened = (current,) if deal.status == "won" else open_stages(playbook, deal)
    for stage in opened:
        if not stage_record(deal, stage.key).is_open:
            continue
        target = default_target(playbook, deal, stage.key)
        step = to_move_on(playbook, deal, stage.key, target)
        facts = {"stage": stage.key} | ({"next_stage": target} if target else {})
        if step.blocking:
            if stage.key == current.key:
                yield _lacking(situation, stage, step.blocking)
        elif target is None:
            yield _through(situation, "gate-close", facts, since)
        else:
            rule = "gate-ready" if step.closes else "gate-beside"
            yield _through(situation, rule, facts, since)


def _through(situation: Situation, rule: str, facts: dict[str, str], since: date) -> Finding:
    ways = (Way(), *last_resorts(situation, f"stage:{facts['stage']}"))
    return Finding(rule, "hint", ways, since, facts)


def _lacking(situation: Situation, stage: Stage, missing: Sequence[Missing]) -> Finding:
    first, *others = missing
    ways = list(_ways(situation, first))
    for one in others[:_OTHERS]:
        ways += _ways(situation, one)[:1]
    ways += last_resorts(situation, f"stage:{stage.key}")
    happened, promised = _about(situation, first)
    start = stage_record(situation.deal, stage.key).since or situation.deal.created_at
    days = [start.date(), promised, *(one.on for one in happened)]
    facts = {"stage": stage.key, "count": str(len(missing))}
    tries = attempts(happened, start.date())
    return Finding("gate-missing", "hint", tuple(ways), max(days), facts, tries=tries)


def _ways(situation: Situation, missing: Missing) -> tuple[Way, ...]:
    """Return how to bring what is missing; a contact who is not close enough is approached from where he stands."""
    deal, key = situation.deal, missing.key
    marker = getattr(stage_of(situation.playbook, missing.stage), missing.side)
    if missing.kind == "contact" and not key:
        return find_out(situation, None)
    contact = key if missing.kind == "contact" else None
    if contact in deal.contacts and marker.auto in _CLIMBS:
        return approach(situation, key, deal.contacts[key])
    return (Way("", {"missing": missing.code, "name": missing.name}, contact=contact),)


def _about(situation: Situation, missing: Missing) -> tuple[list[Happening], date]:
    if missing.kind == "contact" and missing.key:
        return (
            situation.about_contact(missing.key, missing.name),
            situation.promised(name=missing.name),
        )
    if missing.kind == "item":
        return situation.about_item(missing.key), situation.promised(item=missing.key)
    kind = "stage" if missing.kind == "marker" else missing.kind
    return situation.about(kind, missing.key), date.min


def _last_change(situation: Situation) -> date:
    moments = (one.at for one in situation.deal.events.values() if one.what not in _LOOSE)
    return max(moments, default=situation.deal.created_at).date()
