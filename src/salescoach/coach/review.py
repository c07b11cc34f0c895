"""A coach's verdict on items, markers and rungs, judged with the deal's data, and whose claims they rest on."""

from __future__ import annotations

from salescoach.coach.checks import people
from salescoach.coach.gates import gate, marker_home, marker_state
from salescoach.coach.progress import item_status
from salescoach.customer.rungs import last_step
from salescoach.deal import items, stages
from salescoach.deal.models import Deal
from salescoach.deal.parts import Side
from salescoach.document.authors import Author, author
from salescoach.document.errors import DocumentError
from salescoach.document.stamp import Stamp
from salescoach.playbook.models import RUNG_OF_CHECK, Check, Place, Playbook

_ON_PEOPLE = frozenset({"contact-added", "contact-edited", "style-judged"})
_ON_FIELDS = frozenset({"created", "edited", "phase-set"})


def confirm_item(playbook: Playbook, deal: Deal, place: Place, stamp: Stamp) -> Deal:
    """Return the deal with an item confirmed, also one that only the deal's data meet. Raises DocumentError."""
    by_data = _data_say_so(playbook, deal, place)
    claimed_by = _entered_by(deal, place.item.auto) if place.item.auto and by_data else ()
    return items.confirm(deal, place.item.key, stamp, by_data=by_data, claimed_by=claimed_by)


def challenge_item(playbook: Playbook, deal: Deal, place: Place, stamp: Stamp, reason: str) -> Deal:
    """Return the deal with an item challenged, also one that only the deal's data meet. Raises DocumentError."""
    by_data = _data_say_so(playbook, deal, place)
    return items.challenge(deal, place.item.key, stamp, reason, by_data=by_data)


def confirm_marker(
    playbook: Playbook, deal: Deal, stage_key: str, side: Side, stamp: Stamp
) -> Deal:
    """Return the deal with a marker confirmed by a coach.

    An entry that repeats the exit of the stage before shares its verdict. Raises DocumentError when nothing speaks for the
    marker, and as `deal.stages.confirm_marker` does.
    """
    at, where = marker_home(playbook, stage_key, side)
    kept = marker_state(playbook, deal, at, where)
    found = gate(playbook, deal, at)
    status = found.exit if where == "exit" else found.entry
    if not (status.met or kept.evidence or kept.challenge):
        raise DocumentError("confirm-marker-open", stage=at, side=where)
    marker = getattr(found.stage, where)
    claimed_by = {author(one, deal) for one in kept.evidence.values() if not one.against}
    if marker.auto is not None and status.how == "data":
        claimed_by |= _entered_by(deal, marker.auto)
    return stages.confirm_marker(deal, at, where, stamp, claimed_by=claimed_by)


def challenge_marker(
    playbook: Playbook, deal: Deal, stage_key: str, side: Side, stamp: Stamp, reason: str
) -> Deal:
    """Return the deal with a marker challenged by a coach.

    An entry that repeats the exit of the stage before shares its verdict. Raises DocumentError when the marker is not met, and
    as `deal.stages.challenge_marker` does.
    """
    at, where = marker_home(playbook, stage_key, side)
    found = gate(playbook, deal, at)
    status = found.exit if where == "exit" else found.entry
    if not status.met:
        raise DocumentError("challenge-marker-open", stage=at, side=where)
    return stages.challenge_marker(deal, at, where, stamp, reason)


def _data_say_so(playbook: Playbook, deal: Deal, place: Place) -> bool:
    """Say whether the deal's data meet an item that nothing else backs, whatever a coach objected."""
    check = item_status(playbook, deal, place).check
    kept = items.state_of(deal, place.item.key)
    return check is not None and check.met and kept.state in {"open", "claimed"}


def _entered_by(deal: Deal, check: Check) -> set[Author]:
    """Return who entered the data that a check looks at."""
    if check == "four-questions":
        return {author(given, deal) for given in deal.answers.values() if given.answer == "yes"}
    if check == "agreement-signed":
        return {author(event) for event in deal.events.values() if event.what == "won"}
    if check in RUNG_OF_CHECK:
        found = (last_step(one) for _, one in people(deal))
        return {author(known[1], deal) for known in found if known is not None}
    wanted = _ON_FIELDS if check in {"buying-phase-set", "amount-and-date"} else _ON_PEOPLE
    return {author(event) for event in deal.events.values() if event.what in wanted}
