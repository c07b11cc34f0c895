"""What a list of many deals shows of one, independent of the day, for the store's index to keep."""

from __future__ import annotations

from typing import Any

from salescoach.coach.advice import timeless_advice
from salescoach.coach.progress import current_stage, deal_progress
from salescoach.coach.tell import stored_params
from salescoach.deal.models import Deal
from salescoach.deal.stages import stage_record
from salescoach.playbook.models import Playbook


def summarise(playbook: Playbook, deal: Deal) -> dict[str, Any]:
    """Return the summary of a deal.

    The keys are: stage, stage_number, stage_since (ISO date, empty when not opened), moves_done, moves_total,
    stage_moves_done, stage_moves_total, items_done, items_total, buying_phase, warnings (how many timeless findings are
    at least a warning), advice_rule and advice_params (of the first timeless finding; see `coach.tell.stored_params`). A
    deal with all stages closed is shown in the last one. What depends on the day (overdue, stalled) is not in it.
    """
    progress = deal_progress(playbook, deal)
    stage = current_stage(playbook, deal) or playbook.stages[-1]
    here = progress.of(stage.key)
    since = stage_record(deal, stage.key).since
    advice = timeless_advice(playbook, deal)
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
        "warnings": sum(one.severity != "hint" for one in advice),
        "advice_rule": advice[0].rule if advice else "",
        "advice_params": stored_params(playbook, advice[0]) if advice else {},
    }
