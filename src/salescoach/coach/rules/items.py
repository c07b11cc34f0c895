"""Rules about the checklist: the first open item of the stage, and claims that nothing backs."""

from __future__ import annotations

from collections.abc import Iterator

from salescoach.coach.findings import Finding, Way
from salescoach.coach.progress import item_status
from salescoach.coach.rules.ways import attempts, last_resorts
from salescoach.coach.situation import Situation
from salescoach.deal.stages import stage_record

_NAMED = 3
"""How many claims are named one after the other."""


def next_item(situation: Situation) -> Iterator[Finding]:
    """Find the first required item of the stage that is open and within reach; further ones are its alternatives."""
    stage, waiting = situation.stage, situation.waiting
    if stage is None or not waiting:
        return
    places, first = situation.playbook.places, waiting[0]
    start = stage_record(situation.deal, stage.key).since or situation.deal.created_at
    before = [start.date()]
    for key, place in places.items():
        if key == first:
            break
        if place.stage is stage:
            before += [one.on for one in situation.about("item", key)]
    happened = situation.about_item(first)
    since = max([*before, situation.promised(item=first), *(one.on for one in happened)])
    ways = [
        Way("" if key == first else "item", _facts(situation, key), places[key].move.key, key)
        for key in situation.choices
    ]
    yield Finding(
        "next-item",
        "hint",
        (*ways, *last_resorts(situation, f"item:{first}")),
        since,
        {"stage": stage.key, "move": places[first].move.key},
        tries=attempts(happened, max(before)),
    )


def claims_unbacked(situation: Situation) -> Iterator[Finding]:
    """Find items that are ticked and that nothing backs: a tick is a claim."""
    deal, playbook = situation.deal, situation.playbook
    claims = [
        key
        for key, place in playbook.places.items()
        if key in deal.items
        and deal.items[key].state == "claimed"
        and deal.kind in place.item.kinds
        and item_status(playbook, deal, place).state == "claimed"
    ]
    if not claims:
        return
    ways = [
        Way("" if key == claims[0] else "item", _facts(situation, key), move, key)
        for key in claims[:_NAMED]
        for move in (playbook.places[key].move.key,)
    ]
    happened = situation.about_item(claims[0])
    since = max((one.on for one in happened), default=deal.created_at.date())
    facts = {"count": str(len(claims))}
    coach = Way("coach", {"about": f"item:{claims[0]}"}, item=claims[0])
    yield Finding("claims-unbacked", "hint", (*ways, coach), since, facts)


def _facts(situation: Situation, key: str) -> dict[str, str]:
    return {"item": key, "move": situation.playbook.places[key].move.key}
