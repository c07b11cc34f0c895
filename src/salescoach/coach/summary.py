"""What a list of many deals shows of one, independent of the day, for the store's index to keep."""

from __future__ import annotations

from typing import Any

from salescoach.coach.advice import timeless_advice
from salescoach.coach.progress import current_stage, deal_progress
from salescoach.coach.tell import stored_advice_text, stored_params
from salescoach.deal.models import Deal
from salescoach.deal.stages import stage_record
from salescoach.playbook.models import Playbook
from salescoach.words import LANGS, Lang, Words


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


def summarise_told(playbook: Playbook, deal: Deal) -> dict[str, Any]:
    """Return the summary of a deal with `told`: by language the buying phase, its key role, the advice and its reason."""
    summary = summarise(playbook, deal)
    told: dict[str, dict[str, str]] = {}
    for lang in LANGS:
        said = _phase(playbook, deal.buying_phase or "", lang)
        if summary["advice_rule"]:
            rule, params = summary["advice_rule"], summary["advice_params"]
            said["advice"], said["why"] = stored_advice_text(Words(lang), rule, params)
        told[lang] = said
    return summary | {"told": told}


def _phase(playbook: Playbook, key: str, lang: Lang) -> dict[str, str]:
    tools = playbook.tools
    for phase in tools.phases.phases:
        if phase.key == key:
            roles = {role.key: role.name for role in tools.organisation.roles}
            return {"phase": phase.name.get(lang), "role": roles[phase.key_role].get(lang)}
    return {}
