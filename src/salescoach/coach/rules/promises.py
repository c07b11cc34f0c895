"""Rules about what was promised and when: actions, the expected close, the day to look again, and silence."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from salescoach.coach.findings import Finding, Way, later
from salescoach.coach.rules.ways import attempts, last_resorts, talk
from salescoach.coach.situation import Situation

_PROMISES = 20
"""How many actions are looked at, the earliest ones: only the first of them is ever told beside the next step."""


def overdue_actions(situation: Situation) -> Iterator[Finding]:
    """Find actions whose day is over. Confidence comes from kept promises (method.md, move 2.3)."""
    for key, action in situation.actions[:_PROMISES]:
        if action.due is None or action.due == date.max:
            continue
        told = {"text": action.text, "due": action.due.isoformat(), "move": "confidence"}
        ways = [Way(item=action.item)]
        if action.agreed_with:
            ways.append(Way("renew", {"via": action.agreed_with}, item=action.item))
        ways += [
            Way("drop", item=action.item),
            Way("coach", {"about": f"name:{action.text}"}, item=action.item),
        ]
        since = max((one.on for one in situation.about("action", key)), default=action.due)
        yield Finding(
            "overdue-action",
            "alert",
            tuple(ways),
            max(since, action.due),
            told,
            later(action.due, 1),
            action.due,
        )


def revisit_due(situation: Situation) -> Iterator[Finding]:
    """Find a deal in nurture whose day has come: the relationships are kept alive (method.md, move 1.1)."""
    deal = situation.deal
    if deal.status == "nurture" and deal.revisit_on is not None:
        told = {"date": deal.revisit_on.isoformat(), "move": "develop-guides"}
        ways = (*_with_move(talk(situation), "develop-guides"), *last_resorts(situation, "deal"))
        since = max(deal.revisit_on, situation.last)
        yield Finding("revisit-due", "alert", ways, since, told, deal.revisit_on)


def close_date_past(situation: Situation) -> Iterator[Finding]:
    """Find an open deal whose expected close is over. When to buy is an executive's decision (method.md, move 1.3)."""
    deal = situation.deal
    if deal.status != "open" or deal.close_on is None or deal.close_on == date.max:
        return
    told = {"date": deal.close_on.isoformat(), "move": "analyse-organisation"}
    ways = (*talk(situation), *last_resorts(situation, "deal"))
    gone = later(deal.close_on, 1)
    tries = attempts(situation.everything, gone)
    yield Finding("close-date-past", "alert", ways, gone, told, gone, deal.close_on, tries)


def stalled(situation: Situation, stalled_days: int) -> Iterator[Finding]:
    """Find an open deal in which nothing happens for `stalled_days`."""
    stage = situation.stage
    if situation.deal.status != "open" or stage is None:
        return
    told = {"date": situation.last.isoformat(), "limit": str(stalled_days), "stage": stage.key}
    ways = (*talk(situation), *last_resorts(situation, "deal"))
    holds = later(situation.last, stalled_days)
    yield Finding("stalled", "warning", ways, holds, told, holds, situation.last, ())


def no_next_action(situation: Situation) -> Iterator[Finding]:
    """Find a deal with work left and nothing planned: time and energy are limited (method.md, stage 1)."""
    stage, deal = situation.stage, situation.deal
    if stage is None or situation.actions or deal.status == "nurture":
        return
    places = situation.playbook.places
    ways = [Way("item", {"item": key}, places[key].move.key, key) for key in situation.choices]
    ways = [*(ways or [Way()]), *last_resorts(situation, f"stage:{stage.key}")]
    yield Finding("no-next-action", "warning", tuple(ways), situation.last, {"stage": stage.key})


def _with_move(ways: tuple[Way, ...], move: str) -> Iterator[Way]:
    return (Way(one.name, one.params, move, one.item, one.contact) for one in ways)
