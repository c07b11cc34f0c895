"""What a list of many deals shows of one, independent of the day, for the store's index to keep."""

from __future__ import annotations

from datetime import date
from typing import Any

from salescoach.coach.advice import STALLED_DAYS, Schedule, coming
from salescoach.coach.gates import follow_up
from salescoach.coach.progress import current_stage, deal_progress
from salescoach.coach.tell import stored_advice
from salescoach.deal.models import Deal
from salescoach.deal.stages import stage_record
from salescoach.playbook.models import Playbook
from salescoach.words import LANGS, Lang


def summarise(playbook: Playbook, deal: Deal, stalled_days: int = STALLED_DAYS) -> dict[str, Any]:
    """Return the summary of a deal.

    The keys are: stage, stage_number, stage_since (ISO date, empty when not opened), moves_done, moves_total,
    stage_moves_done, stage_moves_total, items_done, items_total, buying_phase, follow_up (whether it is won and service or
    payment is still open), stalled_on (ISO date of the first day on which it is stalled if nothing happens, else empty),
    promised and step (what `advice.next_steps` says, by the ISO date from which it does, the first one empty; see
    `tell.stored_advice`), and told: by language the buying phase and its key role. A deal with all stages closed is shown
    in the last one. Nothing in it depends on the day on which it is made.
    """
    progress = deal_progress(playbook, deal)
    stage = current_stage(playbook, deal) or playbook.stages[-1]
    here = progress.of(stage.key)
    since = stage_record(deal, stage.key).since
    ahead = coming(playbook, deal, stalled_days=stalled_days)
    return {
        "stage": stage.key,
        "stage_number": here.number,
        "stage_since": since.date().isoformat() if since else "",
        "moves_done": progress.moves_done,
        "moves_total": progress.moves_total,
        "stage_moves_done": here.moves_done,
        "stage_moves_total": here.moves_total,
        "items_done": progress.items_done,
        "items_total": progress.items_total,
        "buying_phase": deal.buying_phase or "",
        "follow_up": follow_up(playbook, deal),
        "stalled_on": ahead.stalled_on.isoformat() if ahead.stalled_on else "",
        "promised": _stored(playbook, ahead.promised),
        "step": _stored(playbook, ahead.step),
        "told": {lang: _phase(playbook, deal.buying_phase or "", lang) for lang in LANGS},
    }


def _stored(playbook: Playbook, schedule: Schedule) -> list[tuple[str, dict[str, object] | None]]:
    return [
        (
            "" if day == date.min else day.isoformat(),
            stored_advice(playbook, advice) if advice else None,
        )
        for day, advice in schedule
    ]


def _phase(playbook: Playbook, key: str, lang: Lang) -> dict[str, str]:
    tools = playbook.tools
    for phase in tools.phases.phases:
        if phase.key == key:
            roles = {role.key: role.name for role in tools.organisation.roles}
            return {"phase": phase.name.get(lang), "role": roles[phase.key_role].get(lang)}
    return {}
