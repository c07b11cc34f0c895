"""The people at the customer: added, edited, placed on the ladder, judged for their style, marked as gone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from salescoach.customer.models import RungStep, StyleJudgement
from salescoach.customer.rungs import RungChange, last_step, moved
from salescoach.deal.models import Contact, Deal
from salescoach.document.authors import author, is_among
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
    required,
)
from salescoach.document.errors import DocumentError, InvalidValue, NotThere
from salescoach.document.evidence import refuse_future
from salescoach.document.judging import coach_only, confirmed
from salescoach.document.models import NOT_CONFIRMED
from salescoach.document.stamp import Stamp

FIELDS = (
    "name",
    "title",
    "department",
    "level",
    "function",
    "roles",
    "guide",
    "key",
    "reports_to",
    "phone",
    "email",
    "note",
)
"""What `add` and `edit` take; level, function and roles are keys of the playbook."""


def contact(deal: Deal, contact_id: str) -> Contact:
    """Return a contact. Raises NotThere with the nearest names."""
    found = deal.contacts.get(contact_id)
    if found is None:
        names = [one.name for one in deal.contacts.values()]
        near = nearest(contact_id, names) or tuple(names[:5])
        raise NotThere("contact-unknown", near=near, asked=brief(contact_id))
    return found


def add(
    deal: Deal, stamp: Stamp, *, name: str, rung: RungChange | None = None, **fields: object
) -> Deal:
    """Return the deal with a new contact, keyed by the stamp's id, on a rung if one is given. Raises InvalidValue."""
    if applied(deal, stamp):
        return deal
    _known(fields)
    order = next_order(one.order for one in deal.contacts.values())
    new = make(Contact, name=name, order=order, **fields)
    if rung is not None and rung.rung is not None:
        new = moved(new, rung, stamp)
    if new.reports_to is not None:
        contact(deal, new.reports_to)
    about = {"contact": new.name, "contact_id": stamp.id, "roles": " ".join(new.roles)}
    contacts = {**deal.contacts, stamp.id: new}
    return record(deal, stamp, "contact-added", about, contacts=contacts)


def edit(
    deal: Deal,
    contact_id: str,
    stamp: Stamp,
    *,
    rung: RungChange | None = None,
    **fields: object,
) -> Deal:
    """Return the deal with other `FIELDS` of a contact, and on another rung; the same deal when nothing differs.

    Raises NotThere for an unknown contact, InvalidValue for a value that does not fit or a circle of superiors.
    """
    if applied(deal, stamp):
        return deal
    _known(fields)
    old = contact(deal, contact_id)
    new = fit(old, **fields)
    if rung is not None:
        new = moved(new, rung, stamp)
    about = differences(old, new, (*FIELDS, "rung"))
    if not about and new.rungs.keys() == old.rungs.keys():
        return deal
    about = about or {"fields": "rungs"}
    if new.reports_to != old.reports_to and new.reports_to is not None:
        _refuse_circle(deal, contact_id, new.reports_to)
    for side in ("before", "after"):
        # The name goes along: a timeline is read without its deal, and people go.
        if (above := deal.contacts.get(about.get(f"reports_to.{side}", ""))) is not None:
            about[f"reports_to.{side}-name"] = above.name
    return _put(deal, contact_id, stamp, "contact-edited", new, about)


def set_rung(deal: Deal, contact_id: str, change: RungChange, stamp: Stamp) -> Deal:
    """Return the deal with a contact at another relationship stage, or with the proof of the one he is on.

    Each step is kept with who, when and what (method.md, stage 2: a rung is reached when its marker is seen). Raises
    NotThere, or InvalidValue as `rungs.moved` does.
    """
    if applied(deal, stamp):
        return deal
    old = contact(deal, contact_id)
    new = moved(old, change, stamp)
    if new is old:
        return deal
    about = {"rung_before": old.rung or "", "rung": change.rung or "", "who": change.who}
    about |= {"text": change.note, "reason": change.reason}
    what = "rung-set" if change.rung != old.rung else "rung-shown"
    return _put(deal, contact_id, stamp, what, new, about)


def confirm_rung(deal: Deal, contact_id: str, stamp: Stamp) -> Deal:
    """Return the deal with the rung of a contact confirmed by a coach.

    Who confirms the step that he recorded himself is marked as such. Raises NotThere, or DocumentError when the stamp is not
    a coach's or the contact is a stranger.
    """
    if applied(deal, stamp):
        return deal

    def judged(step: RungStep) -> RungStep:
        if step.confirmed_at is not None:
            return step
        return fit(step, **confirmed(stamp, own=is_among(author(stamp), [author(step, deal)])))

    return _judge_rung(deal, contact_id, stamp, "rung-confirmed", judged, {})


def challenge_rung(deal: Deal, contact_id: str, stamp: Stamp, reason: str) -> Deal:
    """Return the deal with the rung of a contact challenged, until another step or a coach answers.

    Raises NotThere, DocumentError when the stamp is not a coach's or the contact is a stranger, InvalidValue without a reason.
    """
    if applied(deal, stamp):
        return deal
    text, marked = required(reason, "reason-needed-challenge"), mark(stamp)

    def judged(step: RungStep) -> RungStep:
        by = {"challenged_at": marked["at"], "challenged_by": marked["by"]}
        return fit(step, challenge=text, **by, **NOT_CONFIRMED)

    return _judge_rung(deal, contact_id, stamp, "rung-challenged", judged, {"reason": text})


def judge_style(
    deal: Deal, contact_id: str, style: str, on: date | None, stamp: Stamp, note: str = ""
) -> Deal:
    """Return the deal with one more dated judgement of a contact's communication style, keyed by the stamp's id.

    Raises NotThere, or InvalidValue for a day that is still to come.
    """
    if applied(deal, stamp):
        return deal
    old = contact(deal, contact_id)
    refuse_future(on, stamp)
    judged = make(StyleJudgement, style=style, on=on or stamp.today, note=note, by=brief(stamp.by))
    new = fit(old, styles={**old.styles, stamp.id: judged})
    return _put(deal, contact_id, stamp, "style-judged", new, {"style": style, "text": note})


def mark_left(
    deal: Deal,
    contact_id: str,
    stamp: Stamp,
    left: bool = True,  # noqa: FBT001, FBT002  reads well
) -> Deal:
    """Return the deal with a contact who no longer plays a part, or plays one again; nothing about him is lost."""
    if applied(deal, stamp):
        return deal
    old = contact(deal, contact_id)
    if old.left == left:
        return deal
    what = "contact-left" if left else "contact-back"
    return _put(deal, contact_id, stamp, what, fit(old, left=left), {})


def ordered(deal: Deal) -> list[tuple[str, Contact]]:
    """Return the contacts with their ids: those who play a part first, in the order they were added."""
    return sorted(deal.contacts.items(), key=lambda one: (one[1].left, one[1].order, one[0]))


def _known(fields: dict[str, object]) -> None:
    unknown = set(fields) - set(FIELDS)
    if unknown:
        raise TypeError(f"a contact has no {', '.join(sorted(unknown))}")


def _judge_rung(
    deal: Deal,
    contact_id: str,
    stamp: Stamp,
    what: str,
    judged: Callable[[RungStep], RungStep],
    about: dict[str, str],
) -> Deal:
    """Return the deal with the step to the present rung as a coach judged it; a rung without one gets its step now."""
    coach_only(stamp)
    old = contact(deal, contact_id)
    if old.rung is None:
        raise DocumentError("rung-none", contact=old.name)
    known = last_step(old)
    bare = make(RungStep, rung=old.rung, on=old.rung_since or stamp.today, at=stamp.at)
    key, step = known or (stamp.id, bare)
    new = judged(step)
    if new is step:
        return deal
    told = about | {"rung": old.rung, "itself": "yes" if new.self_confirmed else ""}
    return _put(deal, contact_id, stamp, what, fit(old, rungs={**old.rungs, key: new}), told)


def _refuse_circle(deal: Deal, contact_id: str, superior: str) -> None:
    contact(deal, superior)
    above: str | None = superior
    seen: set[str] = set()
    while above is not None and above not in seen:
        if above == contact_id:
            raise InvalidValue(
                "reports-to-circle",
                contact=deal.contacts[contact_id].name,
                superior=deal.contacts[superior].name,
            )
        seen.add(above)
        found = deal.contacts.get(above)
        above = found.reports_to if found else None


def _put(
    deal: Deal, contact_id: str, stamp: Stamp, what: str, new: Contact, about: dict[str, str]
) -> Deal:
    told = {"contact": new.name, "contact_id": contact_id} | about
    contacts = {**deal.contacts, contact_id: new}
    return record(deal, stamp, what, told, contacts=contacts)
