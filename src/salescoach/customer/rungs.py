"""How a person climbs the ladder of relationship stages: each step with who showed it, when and what happened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from salescoach.customer.models import AnyPerson, Person, RungStep
from salescoach.document.change import fit, make, mark, required
from salescoach.document.errors import InvalidValue
from salescoach.document.evidence import enough, refuse_future
from salescoach.document.stamp import Stamp


@dataclass(frozen=True, slots=True)
class RungChange:
    """What is given for a move to `rung`; None is the bottom of the `ladder`, whose keys go from low to high.

    A step up needs a `note` of what happened, with who showed it (by default the contact) and `on` which day (by default
    today's); several rungs at once need a `reason` too, and a step down needs nothing but one.
    """

    rung: str | None
    ladder: Sequence[str]
    note: str = ""
    who: str = ""
    on: date | None = None
    reason: str = ""


def moved(who: AnyPerson, change: RungChange, stamp: Stamp) -> AnyPerson:
    """Return the contact on the change's rung, the step keyed by the stamp's id; for the rung it is on, with its proof.

    The same contact comes back when there is nothing to change. Raises InvalidValue for a rung that is not on the
    ladder, for what is missing (see `RungChange`) and for a day to come.
    """
    climbs = steps_up(who.rung, change.rung, change.ladder)
    if climbs == 0 and not change.note.strip():
        return who
    refuse_future(change.on, stamp)
    if climbs >= 0:
        if not enough(change.note):
            raise InvalidValue("rung-needs-evidence", contact=who.name, rung=change.rung or "")
        if climbs > 1:
            required(change.reason, "reason-needed-rungs", contact=who.name, count=climbs)
    else:
        required(change.reason, "reason-needed-rung-down", contact=who.name)
    step = make(
        RungStep,
        rung=change.rung,
        on=change.on or stamp.today,
        who=(change.who or who.name) if change.note else change.who,
        note=change.note,
        reason=change.reason,
        down=climbs < 0,
        **mark(stamp),
    )
    rungs = {**who.rungs, stamp.id: step}
    return fit(who, rung=change.rung, rung_since=step.on, rungs=rungs)


def steps_up(before: str | None, after: str | None, ladder: Sequence[str]) -> int:
    """Return how many rungs it is from one to another, below zero for a step down; from a rung of another ladder one.

    Raises InvalidValue when `after` is not on the ladder.
    """
    if after is not None and after not in ladder:
        raise InvalidValue("bad-choice", field="rung", value=after, choices=", ".join(ladder))
    if before == after:
        return 0
    if before is not None and before not in ladder:
        return 1 if after is not None else -1
    ranks = [ladder.index(key) + 1 if key is not None else 0 for key in (before, after)]
    return ranks[1] - ranks[0]


def steps(who: Person) -> list[tuple[str, RungStep]]:
    """Return the steps of a contact with their ids, the first recorded first."""
    return sorted(who.rungs.items(), key=lambda one: (one[1].at, one[0]))


def with_steps_down(who: Person, ladder: Sequence[str]) -> Person:
    """Return somebody whose steps are all of one record with those marked that led down; an earlier program marked none."""
    before, rungs = 0, dict(who.rungs)
    for key, step in steps(who):
        rank = ladder.index(step.rung) + 1 if step.rung in ladder else 0
        if rank < before:
            rungs[key] = fit(step, down=True)
        before = rank
    return who if rungs == who.rungs else fit(who, rungs=rungs)


def last_step(who: Person) -> tuple[str, RungStep] | None:
    """Return the step that led to the rung a contact is on, with its id; None where nobody recorded one."""
    found = [one for one in steps(who) if one[1].rung == who.rung]
    return found[-1] if found else None


def proves(step: RungStep) -> bool:
    """Say whether a step shows its rung: it says what happened or a coach has confirmed it, and no coach objects."""
    return not step.challenge and (enough(step.note) or step.confirmed_at is not None)
