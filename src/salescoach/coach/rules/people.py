"""Rules about the people: who matters in the buying phase, whether we know who that is, and how close we are."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from salescoach.coach.checks import key_contacts, people, rung_from
from salescoach.coach.findings import Finding, Way
from salescoach.coach.rules.ways import approach, attempts, find_out, last_resorts, talk
from salescoach.coach.situation import Situation
from salescoach.deal.stakeholders import Contact
from salescoach.playbook.lookup import stage_number
from salescoach.playbook.models import Phase

_NAMED = 5
"""How many people with one role are named; nobody gets closer to more of them at once."""


def key_people(situation: Situation) -> Iterator[Finding]:
    """Find that nobody has the role of the buying phase, or that we are not close to who has it.

    Each phase has a key role (method.md, buying phase); with it the relationship should be at engagement (stage 3).
    """
    deal, playbook = situation.deal, situation.playbook
    phase = _phase(situation)
    if situation.stage is None or phase is None:
        return
    facts = {"role": phase.key_role, "phase": phase.key}
    holders = [(id_, one) for id_, one in people(deal) if phase.key_role in one.roles]
    if not holders:
        move = "analyse-organisation"
        role = next(one for one in playbook.tools.organisation.roles if one.key == phase.key_role)
        ways = (*find_out(situation, role), *last_resorts(situation, f"role:{role.key}"))
        ways = tuple(Way(one.name, one.params, move, None, one.contact) for one in ways)
        since = max(_phase_since(situation), *_contacts_changed(situation))
        yield Finding("key-person-unknown", "warning", ways, since, facts | {"move": move})
    wanted = rung_from(playbook, "engagement")
    cold = [(id_, one) for id_, one in holders if situation.rank(one) < wanted]
    for id_, one in cold[:_NAMED]:
        yield _cold(situation, id_, one, facts | {"move": "engagement"})


def no_key_contacts(situation: Situation) -> Iterator[Finding]:
    """Find that no key contact is known: never start blind (method.md, move 1.3)."""
    stage, move = situation.stage, "analyse-organisation"
    if stage is None or situation.deal.status != "open":
        return
    if key_contacts(situation.playbook, situation.deal):
        return
    late = stage_number(situation.playbook, stage.key) > 1
    ways = (*find_out(situation, None), *last_resorts(situation, f"move:{move}"))
    ways = tuple(Way(one.name, one.params, move, None, one.contact) for one in ways)
    since = max(_contacts_changed(situation))
    yield Finding("no-key-contacts", "warning" if late else "hint", ways, since, {"move": move})


def phase_unset(situation: Situation) -> Iterator[Finding]:
    """Find that the buying phase is not known although the opportunity is (method.md, buying phase)."""
    stage = situation.stage
    if stage is None or situation.deal.status != "open" or _phase(situation) is not None:
        return
    if stage_number(situation.playbook, stage.key) > 1:
        ways = (*talk(situation), *last_resorts(situation, f"stage:{stage.key}"))
        since = max((one.on for one in situation.about("stage", stage.key)), default=situation.last)
        yield Finding("phase-unset", "hint", ways, since, {"stage": stage.key})


def _cold(situation: Situation, id_: str, who: Contact, facts: dict[str, str]) -> Finding:
    happened = situation.about_contact(id_, who.name)
    start = max(
        [
            _phase_since(situation),
            *(one.on for one in happened if one.what in {"contact-added", "rung-set"}),
        ]
    )
    since = max([start, situation.promised(name=who.name), *(one.on for one in happened)])
    ways = (*approach(situation, id_, who), *last_resorts(situation, f"name:{who.name}"))
    told = facts | {"contact": who.name, "rung": who.rung or ""}
    return Finding("key-person-cold", "warning", ways, since, told, tries=attempts(happened, start))


def _phase(situation: Situation) -> Phase | None:
    phases = situation.playbook.tools.phases.phases
    return next((one for one in phases if one.key == situation.deal.buying_phase), None)


def _phase_since(situation: Situation) -> date:
    moments = (one.at for one in situation.deal.phases.values())
    return max(moments, default=situation.deal.created_at).date()


def _contacts_changed(situation: Situation) -> list[date]:
    """Return the days on which somebody was entered or changed, the deal's first day among them."""
    days = [situation.deal.created_at.date()]
    for id_ in situation.deal.contacts:
        days += [one.on for one in situation.about("contact", id_)]
    return days
