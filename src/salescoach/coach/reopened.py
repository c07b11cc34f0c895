"""Tells which items the deal's data had met before a change and leaves open after it, and what they lack."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from salescoach.coach.checks import CheckResult, rung_from
from salescoach.coach.progress import item_status, move_progress
from salescoach.coach.tell import missing_text
from salescoach.deal.models import Deal
from salescoach.playbook.lookup import move_number
from salescoach.playbook.models import RUNG_OF_CHECK, Check, Move, Place, Playbook
from salescoach.words import Words

_REASONS = 3
"""Reasons that are told of one move; the rest are counted."""


@dataclass(frozen=True, slots=True)
class Reopened:
    """An item at `place` that data had met, and what its `check` finds lacking after the change."""

    place: Place
    check: CheckResult


def reopened(playbook: Playbook, before: Deal, after: Deal) -> tuple[Reopened, ...]:
    """Return the items that data met in `before` and that are open in `after`, in the checklist's order."""
    found = []
    for place in playbook.places.values():
        if place.item.auto is None or not {before.kind, after.kind} <= set(place.item.kinds):
            continue
        left = item_status(playbook, after, place)
        if left.check and not left.done and item_status(playbook, before, place).by_data:
            found.append(Reopened(place, _news(place.item.auto, left.check, before)))
    return tuple(found)


def reopened_text(words: Words, playbook: Playbook, before: Deal, after: Deal) -> list[str]:
    """Return a sentence for each move that is no longer complete, and for each other item that is open again."""
    found = reopened(playbook, before, after)
    told = []
    for move in dict.fromkeys(one.place.move.key for one in found):
        here = [one for one in found if one.place.move.key == move]
        of = here[0].place.move
        was = move_progress(playbook, before, of).done
        if was and not move_progress(playbook, after, of).done:
            told.append(_of_move(words, playbook, after, of, here))
        else:
            told += [_of_item(words, playbook, after, one) for one in here]
    return told


def _news(name: Check, check: CheckResult, before: Deal) -> CheckResult:
    """Return the check without those who lacked what it wants all along: of a team, one needs no superior."""
    if name != "reporting-lines":
        return check
    alone = {key for key, one in before.contacts.items() if one.reports_to not in before.contacts}
    new = tuple(key for key in check.keys if key not in alone)
    return replace(check, keys=new) if new else check


def _of_move(
    words: Words, playbook: Playbook, deal: Deal, move: Move, found: list[Reopened]
) -> str:
    why = [reason for one in found for reason in _reasons(words, playbook, deal, one)]
    number, name = move_number(playbook, move.key), move.name.get(words.lang)
    return words("reopened.move", number=number, name=name, why=_some(words, why))


def _of_item(words: Words, playbook: Playbook, deal: Deal, one: Reopened) -> str:
    why = _some(words, list(_reasons(words, playbook, deal, one)))
    name = one.place.item.text.get(words.lang)
    return words("reopened.item", number=one.place.number, name=name, why=why)


def _some(words: Words, reasons: list[str]) -> str:
    several = list(dict.fromkeys(reasons))
    shown, rest = several[:_REASONS], len(several) - _REASONS
    if rest > 0:
        shown.append(words("reopened.more", count=rest))
    return words("reopened.separator").join(shown)


def _reasons(words: Words, playbook: Playbook, deal: Deal, one: Reopened) -> Iterator[str]:
    name, check = one.place.item.auto, one.check
    assert name is not None  # noqa: S101 - only items with a check are reopened by data
    rung = ""
    if name in RUNG_OF_CHECK:
        place = rung_from(playbook, RUNG_OF_CHECK[name])
        rung = playbook.tools.relationship.rungs[place - 1].name.get(words.lang)
    if name == "an-ally":
        yield words("reopened.no-ally", rung=rung)
    elif name == "a-guide":
        yield words("reopened.no-guide")
    elif check.about in {"question", "field"}:
        for key in check.keys:
            yield missing_text(words, playbook, f"{check.about}:{key}")
    elif not check.keys:
        everybody = name in {"contacts-placed", "reporting-lines"}
        yield words("reopened.no-contact" if everybody else "reopened.no-key-contact")
    for key in check.keys if check.about == "contact" else ():
        yield _lack(words, deal, name, key, rung, claimed=key in check.claimed)


def _lack(words: Words, deal: Deal, name: Check, key: str, rung: str, *, claimed: bool) -> str:
    who = deal.contacts[key]
    if rung and claimed:
        return words("reopened.rung-unshown", contact=who.name, rung=rung)
    if rung:
        return words("reopened.below-rung", contact=who.name, rung=rung)
    if name == "reporting-lines":
        return words("reopened.reports-to-nobody", contact=who.name)
    if name == "styles-judged":
        return words("reopened.style-unknown", contact=who.name)
    empty = [field for field in ("level", "function", "roles") if not getattr(who, field)]
    fields = words("fields.list-separator").join(words(f"fields.{field}") for field in empty)
    return words("reopened.not-placed", contact=who.name, fields=fields)
