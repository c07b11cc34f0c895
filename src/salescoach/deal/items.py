"""The state of the playbook's items in a deal: open, claimed, evidenced, confirmed, or not applicable."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from salescoach.deal.models import Deal
from salescoach.deal.parts import ItemState
from salescoach.document.authors import Author, author, is_among
from salescoach.document.change import applied, fit, key, mark, record, required
from salescoach.document.errors import DocumentError, NotThere
from salescoach.document.evidence import evidence, gist
from salescoach.document.judging import coach_only, confirmation_stands, confirmed
from salescoach.document.models import NOT_CONFIRMED, Evidence
from salescoach.document.stamp import Stamp

_UNTOUCHED = ItemState()


def state_of(deal: Deal, item: str) -> ItemState:
    """Return how far `item` is; an item nobody touched is open."""
    return deal.items.get(item, _UNTOUCHED)


def tick(deal: Deal, item: str, stamp: Stamp) -> Deal:
    """Return the deal with `item` claimed, or evidenced when it kept evidence that no coach has challenged."""
    old = state_of(deal, item)
    if applied(deal, stamp) or old.state not in {"open", "not_applicable"}:
        return deal
    state = "evidenced" if _for(old.evidence) and not old.challenge else "claimed"
    return _put(deal, item, stamp, "ticked", fit(old, state=state, reason="", **mark(stamp)))


def untick(deal: Deal, item: str, stamp: Stamp) -> Deal:
    """Return the deal with `item` open again; its evidence stays in the record."""
    old = state_of(deal, item)
    if applied(deal, stamp) or old.state == "open":
        return deal
    new = fit(old, state="open", reason="", **NOT_CONFIRMED, **mark(stamp))
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
    against: bool = False,
) -> Deal:
    """Return the deal with evidence for `item`, which makes it evidenced unless a coach has confirmed it.

    Evidence `against` leaves the state as it is, but for an item set aside, which is open again: it applies after all.
    `coach.progress` tells how far an item is that evidence speaks against. The evidence is keyed by the stamp's id.
    Raises InvalidValue for evidence that says nothing or of a day to come.
    """
    if applied(deal, stamp):
        return deal
    piece = evidence(stamp, who=who, on=on, note=note, document=document, against=against)
    old = state_of(deal, item)
    changes: dict[str, object] = {"evidence": {**old.evidence, stamp.id: piece}}
    about = {"who": piece.who, "text": gist(piece)}
    if against:
        if old.state == "not_applicable":
            changes |= {"state": "open", "reason": "", **mark(stamp)}
        return _put(deal, item, stamp, "evidence-against", fit(old, **changes), **about)
    confirmed = old.state == "confirmed" or old.confirmed_at is not None
    changes |= {"state": "confirmed" if confirmed else "evidenced", "reason": "", "challenge": ""}
    return _put(deal, item, stamp, "evidence-added", fit(old, **changes, **mark(stamp)), **about)


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
    bare = _for(old.evidence) and not _for(left) and old.state in {"evidenced", "confirmed"}
    changes: dict[str, object] = {"state": "claimed", **NOT_CONFIRMED} if bare else {}
    new = fit(old, evidence=left, **changes, **mark(stamp))
    return _put(deal, item, stamp, "evidence-removed", new, text=gist(old.evidence[evidence_id]))


def confirm(
    deal: Deal, item: str, stamp: Stamp, *, by_data: bool = False, claimed_by: Iterable[Author] = ()
) -> Deal:
    """Return the deal with `item` confirmed by a coach.

    With `by_data` it is what the deal's data say that the coach agrees to: the state stays, for the data may change.
    `claimed_by` are those who entered them. Who confirms what he claimed himself is marked as such. Raises DocumentError when
    the stamp is not a coach's, or when nobody has claimed the item.
    """
    if applied(deal, stamp):
        return deal
    coach_only(stamp)
    old = state_of(deal, item)
    if not by_data and old.state in {"open", "not_applicable"}:
        raise DocumentError("confirm-open", item=item)
    if (old.state == "confirmed" or by_data) and confirmation_stands(old):
        return deal
    pieces = [one for one in old.evidence.values() if not one.against]
    claimants = {author(one, deal) for one in pieces} | set(claimed_by)
    if old.state in {"claimed", "evidenced"} and not (old.challenge or old.confirmed_at):
        claimants.add(author(old, deal))
    state = old.state if by_data and old.state in {"open", "claimed"} else "confirmed"
    own = is_among(author(stamp), claimants)
    new = fit(old, state=state, **confirmed(stamp, own=own), **mark(stamp))
    return _put(deal, item, stamp, "confirmed", new, itself="yes" if own else "")


def challenge(deal: Deal, item: str, stamp: Stamp, reason: str, *, by_data: bool = False) -> Deal:
    """Return the deal with `item` one step back: a claim is open again, what was backed is a claim again.

    With `by_data` the deal's data meet the item, and the challenge stands against them. The reason stays with the item
    until new evidence or a confirmation. Raises DocumentError when the stamp is not a coach's or the item is open,
    InvalidValue without a reason.
    """
    if applied(deal, stamp):
        return deal
    coach_only(stamp)
    text = required(reason, "reason-needed-challenge")
    old = state_of(deal, item)
    if old.state == "open" and not by_data:
        raise DocumentError("challenge-open", item=item)
    state = "claimed" if old.state in {"evidenced", "confirmed"} else "open"
    new = fit(old, state=state, reason="", challenge=text, **NOT_CONFIRMED, **mark(stamp))
    return _put(deal, item, stamp, "challenged", new, reason=text)


def not_applicable(deal: Deal, item: str, stamp: Stamp, reason: str) -> Deal:
    """Return the deal with `item` set aside. Raises InvalidValue without a reason."""
    if applied(deal, stamp):
        return deal
    text = required(reason, "reason-needed-na")
    old = state_of(deal, item)
    new = fit(old, state="not_applicable", reason=text, **NOT_CONFIRMED, **mark(stamp))
    return _put(deal, item, stamp, "not-applicable", new, reason=text)


def _for(pieces: Mapping[str, Evidence]) -> bool:
    return any(not one.against for one in pieces.values())


def _put(deal: Deal, item: str, stamp: Stamp, what: str, state: ItemState, **about: str) -> Deal:
    items = {**deal.items, key(item, "item"): state}
    return record(deal, stamp, what, {"item": item, **about}, items=items)
