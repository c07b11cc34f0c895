"""Next steps: what, by when, whose, and who at the customer agreed to it."""

from __future__ import annotations

from datetime import date

from salescoach.deal.items import add_evidence
from salescoach.deal.models import Deal
from salescoach.deal.parts import Action
from salescoach.document.authors import id_of
from salescoach.document.change import (
    applied,
    brief,
    differences,
    fit,
    make,
    mark,
    nearest,
    next_order,
    record,
)
from salescoach.document.errors import InvalidValue, NotThere
from salescoach.document.models import MAX_WHOLE
from salescoach.document.stamp import Stamp
from salescoach.text import clean

FIELDS = ("text", "due", "owner", "agreed_with", "item")
"""What `add` and `edit` take."""


def action(deal: Deal, action_id: str) -> Action:
    """Return an action. Raises NotThere with the nearest texts."""
    found = deal.actions.get(action_id)
    if found is None:
        texts = [one.text for _, one in open_actions(deal)]
        near = nearest(action_id, texts) or tuple(texts[:5])
        raise NotThere("action-unknown", near=near, asked=brief(action_id))
    return found


def open_actions(deal: Deal) -> list[tuple[str, Action]]:
    """Return the actions not done yet with their ids, the earliest date first, those without a date last."""
    waiting = [(id_, one) for id_, one in deal.actions.items() if one.done_at is None]
    return sorted(waiting, key=lambda one: (one[1].due or date.max, one[1].order, one[0]))


def add(
    deal: Deal,
    stamp: Stamp,
    text: str,
    due: date | None = None,
    owner: str = "",
    agreed_with: str = "",
    item: str | None = None,
) -> Deal:
    """Return the deal with a new action, keyed by the stamp's id. Raises InvalidValue for an empty text."""
    if applied(deal, stamp):
        return deal
    new = make(
        Action,
        text=text,
        due=due,
        owner=owner,
        owner_id=id_of(owner, stamp),
        agreed_with=agreed_with,
        item=item,
        order=next_order(one.order for one in deal.actions.values()),
        **mark(stamp),
    )
    return _put(deal, stamp.id, stamp, "action-added", new, due=_day(due), item=item or "")


def done(deal: Deal, action_id: str, stamp: Stamp, outcome: str = "") -> Deal:
    """Return the deal with an action done and what came of it; the same deal when it was done already.

    Raises NotThere, or InvalidValue for an outcome that does not fit in a line, or of an action with another one.
    """
    old = action(deal, action_id)
    if applied(deal, stamp):
        return deal
    if old.done_at is not None:
        if clean(outcome) not in {"", old.outcome}:
            raise InvalidValue("action-was-done", text=old.text)
        return deal
    new = fit(old, done_at=stamp.at, done_by=brief(stamp.by), outcome=outcome)
    return _put(deal, action_id, stamp, "action-done", new, outcome=new.outcome)


def done_with_evidence(
    deal: Deal, action_id: str, stamp: Stamp, outcome: str, *, against: bool = False
) -> Deal:
    """Return the deal with an action done, and its outcome as evidence for the action's item, or `against` it.

    Said by whoever the action was agreed with, on the stamp's day. Raises NotThere, or InvalidValue for an action without
    an item, for one that is done already and for an outcome that says too little.
    """
    old = action(deal, action_id)
    if applied(deal, stamp):
        return deal
    if old.item is None:
        raise InvalidValue("action-without-item", text=old.text)
    if old.done_at is not None:
        raise InvalidValue("action-was-done", text=old.text)
    after = done(deal, action_id, stamp, outcome)
    backing = stamp.derive("outcome")
    return add_evidence(
        after, old.item, backing, who=old.agreed_with, note=outcome, against=against
    )


def reopen(deal: Deal, action_id: str, stamp: Stamp) -> Deal:
    """Return the deal with a done action waiting again. Raises NotThere."""
    old = action(deal, action_id)
    if applied(deal, stamp) or old.done_at is None:
        return deal
    return _put(
        deal, action_id, stamp, "action-reopened", fit(old, done_at=None, done_by="", outcome="")
    )


def snooze(deal: Deal, action_id: str, until: date, stamp: Stamp) -> Deal:
    """Return the deal with an action moved to another day, which is counted.

    Raises NotThere, or InvalidValue for a day before the stamp's or an action that is done.
    """
    old = action(deal, action_id)
    if applied(deal, stamp) or old.due == until:
        return deal
    if old.done_at is not None:
        raise InvalidValue("action-is-done", text=old.text)
    if until < stamp.today:
        raise InvalidValue("date-gone", field="due", value=until.isoformat())
    new = fit(old, due=until, snoozed=min(old.snoozed + 1, MAX_WHOLE))
    return _put(
        deal, action_id, stamp, "action-snoozed", new, before=_day(old.due), due=_day(until)
    )


def edit(deal: Deal, action_id: str, stamp: Stamp, **fields: object) -> Deal:
    """Return the deal with other `FIELDS` of an action; the same deal when nothing differs.

    Raises NotThere for an unknown action, InvalidValue for a value that does not fit.
    """
    old = action(deal, action_id)
    unknown = set(fields) - set(FIELDS)
    if unknown:
        raise TypeError(f"an action has no {', '.join(sorted(unknown))}")
    if applied(deal, stamp):
        return deal
    if (owner := fields.get("owner", old.owner)) != old.owner:
        fields["owner_id"] = id_of(owner, stamp)
    new = fit(old, **fields)
    about = differences(old, new, FIELDS)
    return _put(deal, action_id, stamp, "action-edited", new, **about) if about else deal


def _put(deal: Deal, action_id: str, stamp: Stamp, what: str, new: Action, **about: str) -> Deal:
    told = {"text": new.text, "action_id": action_id, **about}
    return record(deal, stamp, what, told, actions={**deal.actions, action_id: new})


def _day(due: date | None) -> str:
    return due.isoformat() if due else ""
