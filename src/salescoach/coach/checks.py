"""The checks on a deal's data that a playbook can name for an item or a marker."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

from salescoach.coach.memory import computed
from salescoach.customer.models import Person
from salescoach.customer.rungs import last_step, proves, steps
from salescoach.deal.contacts import ordered
from salescoach.deal.models import Deal
from salescoach.deal.stages import has_basis
from salescoach.deal.stakeholders import Contact
from salescoach.playbook.lookup import key_roles, rung_rank
from salescoach.playbook.models import RUNG_OF_CHECK, Check, Playbook

People = list[tuple[str, Contact]]
RungStanding = Literal["shown", "claimed", "challenged"]


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What a check found: whether it is `met`, how many of how many, and what is lacking.

    `lacking` holds contact names, question keys or field names, as `about` says; `keys` the matching contact ids (else
    the same as `lacking`). `firm` are those of `keys` that evidence on a marker cannot make up for, `claimed` those that
    are said to be so and lack what shows it: a rung without its evidence, a yes without its basis.
    """

    met: bool
    have: int
    need: int
    lacking: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    about: Literal["contact", "question", "field", "none"] = "none"
    firm: tuple[str, ...] = ()
    claimed: tuple[str, ...] = ()


def run(name: Check, playbook: Playbook, deal: Deal) -> CheckResult:
    """Return what the check `name` finds in the deal."""
    known = computed(playbook, deal)
    result: CheckResult | None = known.get(name)
    if result is None:
        result = known[name] = _CHECKS[name](playbook, deal)
    return result


def people(deal: Deal) -> People:
    """Return the contacts who play a part, with their ids, in their order."""
    return [(id_, one) for id_, one in ordered(deal) if not one.left]


def is_key(playbook: Playbook, one: Contact) -> bool:
    """Say whether a contact who plays a part is a key contact: by a key role of the playbook, or marked by hand."""
    return not one.left and (one.key or bool(key_roles(playbook).intersection(one.roles)))


def key_contacts(playbook: Playbook, deal: Deal) -> People:
    """Return the key contacts with their ids, in their order."""
    return [(id_, one) for id_, one in people(deal) if is_key(playbook, one)]


def rung_from(playbook: Playbook, key: str) -> int:
    """Return the rank of the rung `key`, or of the one in its usual place where a playbook has no such rung."""
    rungs = tuple(RUNG_OF_CHECK.values())
    usual = min(rungs.index(key) + 1, len(playbook.tools.relationship.rungs))
    return rung_rank(playbook, key) or usual


def shown_rank(playbook: Playbook, one: Person) -> int:
    """Return the rank of the highest rung that a contact's steps show, up to the one he is on; 0 when they show none.

    A step down ends what was shown above it; a rung that is only claimed, or that a coach challenges, shows nothing.
    """
    rank = 0
    for _, step in steps(one):
        at = rung_rank(playbook, step.rung)
        if step.down:
            rank = at if proves(step) else min(rank, at)
        elif proves(step):
            rank = max(rank, at)
    return min(rank, rung_rank(playbook, one.rung))


def rung_standing(playbook: Playbook, one: Person) -> RungStanding:
    """Return whether the rung that a contact is on is shown, only claimed, or challenged by a coach."""
    step = last_step(one)
    rank = rung_rank(playbook, one.rung)
    retired = rank == 0 and one.rung is not None
    if shown_rank(playbook, one) >= rank and not (retired and not (step and proves(step[1]))):
        return "shown"
    return "challenged" if step is not None and step[1].challenge else "claimed"


def placed(one: Contact) -> bool:
    """Say whether a contact has all three dimensions: level, function and at least one role."""
    return bool(one.level and one.function and one.roles)


def _each(
    people_: People,
    fits: Callable[[Contact], bool],
    claims: Callable[[Contact], bool] = lambda _: False,
) -> CheckResult:
    lacking = [(id_, one) for id_, one in people_ if not fits(one)]
    return CheckResult(
        met=bool(people_) and not lacking,
        have=len(people_) - len(lacking),
        need=max(1, len(people_)),
        lacking=tuple(one.name for _, one in lacking),
        keys=tuple(id_ for id_, _ in lacking),
        about="contact",
        claimed=tuple(id_ for id_, one in lacking if claims(one)),
    )


def _one(found: bool) -> CheckResult:  # noqa: FBT001
    return CheckResult(met=found, have=int(found), need=1)


def _fields(known: Iterable[tuple[str, bool]]) -> CheckResult:
    states = tuple(known)
    lacking = tuple(name for name, there in states if not there)
    return CheckResult(
        not lacking, len(states) - len(lacking), len(states), lacking, lacking, "field"
    )


def _four_questions(playbook: Playbook, deal: Deal) -> CheckResult:
    keys = tuple(question.key for question in playbook.tools.opportunity.questions)
    given = {key: deal.answers[key].answer for key in keys if key in deal.answers}
    lacking = tuple(key for key in keys if not has_basis(deal.answers.get(key)))
    firm = tuple(key for key in keys if given.get(key) in {None, "no"})
    claimed = tuple(key for key in lacking if given.get(key) == "yes")
    have = len(keys) - len(lacking)
    return CheckResult(not lacking, have, len(keys), lacking, lacking, "question", firm, claimed)


def _at_rung(key: str) -> Callable[[Playbook, Deal], CheckResult]:
    def check(playbook: Playbook, deal: Deal) -> CheckResult:
        wanted = rung_from(playbook, key)
        return _each(
            key_contacts(playbook, deal),
            lambda one: shown_rank(playbook, one) >= wanted,
            lambda one: rung_rank(playbook, one.rung) >= wanted,
        )

    return check


def _key_contacts_known(playbook: Playbook, deal: Deal) -> CheckResult:
    return _each(key_contacts(playbook, deal), placed)


def _an_ally(playbook: Playbook, deal: Deal) -> CheckResult:
    wanted = rung_from(playbook, RUNG_OF_CHECK["an-ally"])
    return _one(any(shown_rank(playbook, one) >= wanted for _, one in people(deal)))


def _a_guide(_: Playbook, deal: Deal) -> CheckResult:
    return _one(any(one.guide for _, one in people(deal)))


def _contacts_placed(_: Playbook, deal: Deal) -> CheckResult:
    return _each(people(deal), placed)


def _reporting_lines(_: Playbook, deal: Deal) -> CheckResult:
    there = people(deal)
    lacking = [(id_, one) for id_, one in there if one.reports_to not in deal.contacts]
    have, need = len(there) - len(lacking), max(1, len(there) - 1)
    if have >= need:
        return CheckResult(met=True, have=have, need=need, about="contact")
    names = tuple(one.name for _, one in lacking)
    return CheckResult(
        False,  # noqa: FBT003
        have,
        need,
        names,
        tuple(id_ for id_, _ in lacking),
        "contact",
    )


def _styles_judged(playbook: Playbook, deal: Deal) -> CheckResult:
    return _each(key_contacts(playbook, deal), lambda one: bool(one.styles))


def _buying_phase_set(playbook: Playbook, deal: Deal) -> CheckResult:
    known = any(phase.key == deal.buying_phase for phase in playbook.tools.phases.phases)
    return _fields([("buying_phase", known)])


def _amount_and_date(_: Playbook, deal: Deal) -> CheckResult:
    return _fields([("amount", deal.amount is not None), ("close_on", deal.close_on is not None)])


_CHECKS: dict[Check, Callable[[Playbook, Deal], CheckResult]] = {
    "four-questions": _four_questions,
    "key-contacts-known": _key_contacts_known,
    **{check: _at_rung(rung) for check, rung in RUNG_OF_CHECK.items()},
    "an-ally": _an_ally,  # one person, key contact or not
    "a-guide": _a_guide,
    "contacts-placed": _contacts_placed,
    "reporting-lines": _reporting_lines,
    "styles-judged": _styles_judged,
    "buying-phase-set": _buying_phase_set,
    "amount-and-date": _amount_and_date,
    "agreement-signed": lambda _, deal: _one(bool(deal.signed_what)),
}
