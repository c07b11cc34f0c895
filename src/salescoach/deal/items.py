"""The state of the playbook's items in a deal: open, claimed, evidenced, confirmed, or not applicable."""

from __future__ import annotations

from datetime import date

from salescoach.deal.change import applied, fit, key, mark, record, required
from salescoach.deal.errors import DealError, NotThere
from salescoach.deal.evidence import evidence, gist
from salescoach.deal.models import Deal, ItemState
from salescoach.deal.stamp import Stamp

_UNTOUCHED = ItemState()
_NOT_CONFIRMED = {"confirmed_at": None, "confirmed_by": ""}


def state_of(deal: Deal, item: str) -> ItemState:
    """Return how far `item` is; an item nobody touched is open."""
    return deal.items.get(item, _UNTOUCHED)


def tick(deal: Deal, item: str, stamp: Stamp) -> Deal:
    """Return the deal with `item` claimed, or evidenced when it kept evidence from before."""
    old = state_of(deal, item)
    if applied(deal, stamp) or old.state not in {"open", "not_applicable"}:
        return deal
    state = "evidenced" if old.evidence else "claimed"
    return _put(deal, item, stamp, "ticked", fit(old, state=state, reason="", **mark(stamp)))


def untick(deal: Deal, item: str, stamp: Stamp) -> Deal:
    """Return the deal with `item` open again; its evidence stays in the record."""
    old = state_of(deal, item)
    if applied(deal, stamp) or old.state == "open":
        return deal
    new = fit(old, state="open", reason="", **_NOT_CONFIRMED, **mark(stamp))
    return _put(deal, item, stamp, "unticked", new, before=old.state)


def add_evidence(
    deal: Deal,
    item: str,
    stamp: Stamp,
    *,
    who: str = "",
    on: date | None = None,
    note: str = "",
    document: str = "",
) -> Deal:
    """Return the deal with evidence for `item`, which makes it evidenced unless a coach has confirmed it.

    The evidence is keyed by the stamp's id. Raises InvalidValue for empty evidence.
    """
    if applied(deal, stamp):
        return deal
    piece = evidence(stamp, who=who, on=on, note=note, document=document)
    old = state_of(deal, item)
    new = fit(
        old,
        state="confirmed" if old.state == "confirmed" else "evidenced",
        evidence={**old.evidence, stamp.id: piece},
        reason="",
        challenge="",
        **mark(stamp),
    )
    return _put(deal, item, stamp, "evidence-added", new, who=piece.who, text=gist(piece))


def remove_evidence(deal: Deal, item: str, evidence_id: str, stamp: Stamp) -> Deal:
    """Return the deal without one piece of evidence; with the last one gone the item is a claim again.

    Raises NotThere when there is no such evidence.
    """
    if applied(deal, stamp):
        return deal
    old = state_of(deal, item)
    if evidence_id not in old.evidence:
        raise NotThere("evidence-unknown", item=item)
    left = {other: piece for other, piece in old.evidence.items() if other != evidence_id}
    bare = not left and old.state in {"evidenced", "confirmed"}
    changes: dict[str, object] = {"state": "claimed", **_NOT_CONFIRMED} if bare else {}
    new = fit(old, evidence=left, **changes, **mark(stamp))
    return _put(deal, item, stamp, "evidence-removed", new, text=gist(old.evidence[evidence_id]))


def confirm(deal: Deal, item: str, stamp: Stamp) -> Deal:
    """Return the deal with `item` confirmed by a coach.

    Raises DealError when the stamp is not a coach's, or when nobody has claimed the item.
    """
    if applied(deal, stamp):
        return deal
    _coach_only(stamp)
    old = state_of(deal, item)
    if old.state in {"open", "not_applicable"}:
        raise DealError("confirm-open", item=item)
    if old.state == "confirmed":
        return deal
    marked = mark(stamp)
    new = fit(
        old,
        state="confirmed",
        challenge="",
        confirmed_at=marked["at"],
        confirmed_by=marked["by"],
        **marked,
    )
    return _put(deal, item, stamp, "confirmed", new)


def challenge(deal: Deal, item: str, stamp: Stamp, reason: str) -> Deal:
    """Return the deal with `item` one step back: a claim is open again, what was backed is a claim again.

    The reason stays with the item until new evidence or a confirmation. Raises DealError when the stamp is not a
    coach's or the item is open, InvalidValue without a reason.
    """
    if applied(deal, stamp):
        return deal
    _coach_only(stamp)
    text = required(reason, "reason-needed-challenge")
    old = state_of(deal, item)
    if old.state == "open":
        raise DealError("challenge-open", item=item)
    state = "claimed" if old.state in {"evidenced", "confirmed"} else "open"
    new = fit(old, state=state, reason="", challenge=text, **_NOT_CONFIRMED, **mark(stamp))
    return _put(deal, item, stamp, "challenged", new, reason=text)


def not_applicable(deal: Deal, item: str, stamp: Stamp, reason: str) -> Deal:
    """Return the deal with `item` set aside. Raises InvalidValue without a reason."""
    if applied(deal, stamp):
        return deal
    text = required(reason, "reason-needed-na")
    old = state_of(deal, item)
    new = fit(old, state="not_applicable", reason=text, **_NOT_CONFIRMED, **mark(stamp))
    return _put(deal, item, stamp, "not-applicable", new, reason=text)


def _coach_only(stamp: Stamp) -> None:
    if stamp.role != "coach":
        raise DealError("coach-only")


def _put(deal: Deal, item: str, stamp: Stamp, what: str, state: ItemState, **about: str) -> Deal:
    items = {**deal.items, key(item, "item"): state}
    return record(deal, stamp, what, {"item": item, **about}, items=items)
