"""How the fields of each model merge: which are decided together, which only go along, which are sets."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from salescoach.deal.items import NOT_CONFIRMED
from salescoach.deal.models import (
    NUMBERS,
    Action,
    Answer,
    Contact,
    Deal,
    Event,
    Evidence,
    ItemState,
    MarkerState,
    NoteEntry,
    Part,
    PhaseChange,
    PlaybookRef,
    RungStep,
    StageRecord,
    StyleJudgement,
)


@dataclass(frozen=True, slots=True)
class Group:
    """Fields of a part that are decided together, as one value: the side that has its way brings all of them.

    `along` are those that only tell about the others (when, by whom): they go with them and never make a conflict.
    Of an instant among `fields` only matters whether it is there: two who both closed a stage agree.
    """

    fields: tuple[str, ...] = ()
    along: tuple[str, ...] = ()
    ranks: tuple[object, ...] = ()
    """Values of the first field that are steps of one ladder: where both sides climbed it, the higher step is taken."""


@dataclass(frozen=True, slots=True)
class Rule:
    """How the fields of one model merge; a field that no rule names is a value of its own."""

    groups: tuple[Group, ...] = ()
    sets: tuple[str, ...] = ()
    """Tuples that merge as sets: what either side added is added, what either side removed is removed."""
    only_added: tuple[str, ...] = ()
    """Maps in which an entry is never deleted."""
    apart: tuple[str, ...] = ()
    """Fields that `merge` itself sees to."""
    mend: Callable[[dict[str, Any], Sequence[Any]], None] | None = None
    """Puts the merged values in agreement with each other, given the two sides and, where there is one, their base."""


def _agree(values: dict[str, Any], sides: Sequence[Any]) -> None:
    """Keep what `deal.items` keeps: evidence makes a claim evidenced, and without any it is a claim again.

    Who confirmed an item that had no evidence meant that. Where one side took all of an item back and the other had
    added evidence, the item stands by that.
    """
    state = values["state"]
    if _backed(values["evidence"]):
        taken_back = any(side == _UNTOUCHED for side in sides[:2])
        if taken_back and state == "open":
            values |= {name: getattr(_told_of(sides), name) for name in ("state", "at", "by")}
            return
        if state == "claimed" and not values["challenge"]:
            values["state"] = "evidenced"
        return
    had_evidence = any(side is not None and _backed(side.evidence) for side in sides)
    meant = any(not _backed(side.evidence) and side.state == state for side in sides[:2])
    if had_evidence and not meant and state in {"evidenced", "confirmed"}:
        values |= {"state": "claimed", **NOT_CONFIRMED}


_UNTOUCHED = ItemState()


def _told_of(sides: Sequence[Any]) -> Any:
    """Return the side that has more of an item than nothing."""
    return next((side for side in sides[:2] if side != _UNTOUCHED), sides[0])


def _backed(evidence: Mapping[str, Evidence]) -> bool:
    return any(not one.against for one in evidence.values())


_MADE = Group(along=("at", "by"))
_JUDGED = Group(
    ("challenge", "confirmed_at"),
    ("challenged_at", "challenged_by", "confirmed_by", "self_confirmed"),
)
RULES: Final[Mapping[type[Part], Rule]] = {
    Deal: Rule(
        groups=(
            Group(("amount", "currency")),
            Group(
                (
                    "status",
                    "status_reason",
                    "revisit_on",
                    "signed_what",
                    "signed_on",
                    "signed_amount",
                    "signed_currency",
                ),
                ("status_at",),
            ),
            Group(along=("created_at",)),
        ),
        only_added=("timeline",),
        apart=("schema_", "id", "conflicts", *NUMBERS),
    ),
    PlaybookRef: Rule((Group(("id", "version")),)),
    Evidence: Rule((_MADE,)),
    ItemState: Rule(
        (
            Group(
                ("state", "reason", "challenge"),
                ("confirmed_at", "confirmed_by", "self_confirmed", "at", "by"),
                ("claimed", "evidenced"),
            ),
        ),
        mend=_agree,
    ),
    MarkerState: Rule(
        (Group(("override", "override_missing"), ("override_at", "override_by")), _JUDGED)
    ),
    StageRecord: Rule((Group(("opened",)), Group(("closed",), ("reopened",)))),
    Answer: Rule((Group(("answer", "note"), ("at", "by")),)),
    StyleJudgement: Rule((Group(along=("by",)),)),
    Contact: Rule((Group(("rung",), ("rung_since",)), Group(along=("order",))), sets=("roles",)),
    RungStep: Rule((_JUDGED, _MADE)),
    Action: Rule(
        (
            Group(("due",), ("snoozed",)),
            Group(("done_at", "outcome"), ("done_by",)),
            _MADE,
            Group(along=("order",)),
        )
    ),
    NoteEntry: Rule((_MADE,)),
    PhaseChange: Rule((Group(along=("phase", "at", "by")),)),
    Event: Rule((Group(along=("what", "about", "at", "by", "role")),)),
}
PLAIN = Rule()
"""A model of which every field is a value of its own."""
UNTOUCHED = (ItemState, StageRecord)
"""Models of maps in which a key that is not there means the same as an entry nobody touched."""
