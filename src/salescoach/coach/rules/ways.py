"""Ways that several rules name: whom to ask, how to get closer to somebody, and what is left when nothing helped."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from salescoach.coach.checks import people
from salescoach.coach.findings import Way
from salescoach.coach.situation import Happening, Situation
from salescoach.deal.stakeholders import Contact
from salescoach.playbook.models import Role

_ASKED = 2
"""How many of the people we know are named one after the other."""
_ATTEMPTS = frozenset({"action-done", "noted", "evidence-added"})
"""Operations that tell of something that was tried."""
_TOLD = 60
"""Characters of something tried that are told."""


def approach(situation: Situation, id_: str, who: Contact) -> tuple[Way, ...]:
    """Return the ways to the rung above the one where a contact stands (method.md, stage 2), the best one first.

    Somebody nobody has met is introduced by those whom we know, best by who works for him or beside him, or else called
    and visited; who is met already is invited to what the playbook's ladder names for the next rung. A gift is no way.
    """
    ladder = situation.playbook.tools.relationship.rungs
    rank = situation.rank(who)
    if rank >= len(ladder):
        return ()
    rung = ladder[rank]
    facts = {"contact": who.name, "rung": who.rung or "", "next_rung": rung.key}
    found = []
    if not rank:
        for through, via in _introducers(situation, id_, who)[:_ASKED]:
            named = facts | {"via": via.name, "through": through}
            found.append(Way("introduce", named, rung.key, contact=id_))
    # What leads to the last rung is done by the contact for us (move 2.4).
    name = "first" if not rank else "favour" if rung is ladder[-1] else "meet"
    found += [
        Way(name, facts | {"activity": activity.key}, rung.key, contact=id_)
        for activity in rung.activities
        if activity.progress
    ]
    if not found:
        found.append(Way("closer", facts, rung.key, contact=id_))
    return tuple(found)


def talk(situation: Situation) -> tuple[Way, ...]:
    """Return whom to speak to: those we know, else somebody on the list to be called, else finding a first insider."""
    known = [Way("ask", {"via": one.name}, contact=id_) for id_, one in situation.known[:_ASKED]]
    if known:
        return tuple(known)
    for id_, one in people(situation.deal):
        return (Way("call", {"via": one.name}, contact=id_),)
    return (Way("nobody"),)


def find_out(situation: Situation, role: Role | None) -> tuple[Way, ...]:
    """Return who could tell us who has a role (any key role without one), with the question to ask.

    A guide comes first, then who sits in a department where such people are found, then whoever knows us; after them,
    or where we know nobody, that department's telephone.
    """
    functions = role.functions if role else ()
    facts = {"asks": role.key if role else ""}
    known = sorted(
        situation.known, key=lambda one: (not one[1].guide, one[1].function not in functions)
    )
    ways = [
        Way("ask", facts | {"via": one.name}, contact=id_)
        for id_, one in known[:_ASKED]
        if role is None or role.key not in one.roles
    ]
    facts |= {"function": functions[0] if functions else ""}
    return (*ways, Way("department" if functions else "switchboard", facts))


def last_resorts(situation: Situation, about: str) -> tuple[Way, ...]:
    """Return what is left when no way brought an answer: the coach, then to think again about the whole.

    `about` is what it is about: `item:KEY`, `stage:KEY`, `name:TEXT` or `deal`.
    """
    coach = Way("coach", {"about": about})
    if situation.deal.status == "won":
        return coach, Way("meeting")
    if situation.deal.status == "nurture":
        return coach, Way("decide")
    return coach, Way("nurture")


def attempts(happened: Sequence[Happening], start: date) -> tuple[tuple[date, str], ...]:
    """Return what was tried since the day on which a matter came up: the day and what was written of it.

    What a coach notes is advice, and nothing that was tried.
    """
    return tuple(
        (one.on, _brief(one.text))
        for one in happened
        if one.what in _ATTEMPTS and one.on >= start and one.text
        if not (one.what == "noted" and one.role == "coach")
    )


def _brief(text: str) -> str:
    return text.rstrip("。.") if len(text) <= _TOLD else text[: _TOLD - 1].rstrip() + "…"


def _introducers(situation: Situation, id_: str, who: Contact) -> list[tuple[str, Contact]]:
    def reasons() -> Iterator[tuple[str, str, Contact]]:
        known = [(key, one) for key, one in situation.known if key != id_]
        for key, one in known:
            if one.reports_to == id_:
                yield "reports", key, one
        for key, one in known:
            if who.department and one.department.casefold() == who.department.casefold():
                yield "department", key, one
        for key, one in known:
            yield ("guide" if one.guide else "known"), key, one

    found: dict[str, tuple[str, Contact]] = {}
    for through, key, one in reasons():
        found.setdefault(key, (through, one))
    return list(found.values())
