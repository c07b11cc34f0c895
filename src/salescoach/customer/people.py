"""The people at a customer: added, edited, placed on the ladder, judged for their style.

Each operation takes the id of the `deal` that it was done in, empty outside of one. An id of a record that was merged
into another one stands for that one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from salescoach.customer.birthdays import birthday_of
from salescoach.customer.models import Customer, Person, RungStep, StyleJudgement
from salescoach.customer.names import changed, others
from salescoach.customer.rungs import RungChange, last_step, moved
from salescoach.document.authors import author, is_among
from salescoach.document.change import (
    applied,
    brief,
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
    "other_names",
    "title",
    "department",
    "level",
    "function",
    "guide",
    "reports_to",
    "phone",
    "email",
    "birthday",
    "note",
)
"""What `add` and `edit` take; level and function are keys of the playbook."""


def person(customer: Customer, person_id: str) -> Person:
    """Return a person. Raises NotThere with the nearest names."""
    found = customer.people.get(customer.person_id(person_id))
    if found is None:
        names = [one.name for one in customer.people.values()]
        near = nearest(person_id, names) or tuple(names[:5])
        raise NotThere("contact-unknown", near=near, asked=brief(person_id))
    return found


def add(
    customer: Customer,
    stamp: Stamp,
    *,
    name: str,
    rung: RungChange | None = None,
    deal: str = "",
    **fields: object,
) -> Customer:
    """Return the customer with a new person, keyed by the stamp's id, on a rung if one is given. Raises InvalidValue."""
    if applied(customer, stamp):
        return customer
    order = next_order(one.order for one in customer.people.values())
    given = _given(customer, fields, stamp)
    new = _named(make(Person, name=name, order=order, **given))
    if rung is not None and rung.rung is not None:
        new = moved(new, rung, stamp)
    return _put(customer, stamp.id, stamp, "contact-added", new, {}, deal)


def edit(
    customer: Customer,
    person_id: str,
    stamp: Stamp,
    *,
    rung: RungChange | None = None,
    deal: str = "",
    **fields: object,
) -> Customer:
    """Return the customer with other `FIELDS` of a person, and on another rung; the same customer when nothing differs.

    Raises NotThere for an unknown person, InvalidValue for a value that does not fit or a circle of superiors.
    """
    if applied(customer, stamp):
        return customer
    person_id, old = customer.person_id(person_id), person(customer, person_id)
    new = _named(fit(old, **_given(customer, fields, stamp)))
    if rung is not None:
        new = moved(new, rung, stamp)
    about = changed(old, new, (*FIELDS, "rung"))
    if not about and new.rungs.keys() == old.rungs.keys():
        return customer
    about = about or {"fields": "rungs"}
    if new.reports_to != old.reports_to and new.reports_to is not None:
        _refuse_circle(customer, person_id, new.reports_to)
    for side in ("before", "after"):
        # The name goes along: a timeline is read without its customer, and people go.
        above = customer.people.get(customer.person_id(about.get(f"reports_to.{side}", "")))
        if above is not None:
            about[f"reports_to.{side}-name"] = above.name
    return _put(customer, person_id, stamp, "contact-edited", new, about, deal)


def set_rung(
    customer: Customer, person_id: str, change: RungChange, stamp: Stamp, *, deal: str = ""
) -> Customer:
    """Return the customer with a person at another relationship stage, or with the proof of the one he is on.

    Each step is kept with who, when and what (method.md, stage 2: a rung is reached when its marker is seen). Raises
    NotThere, or InvalidValue as `rungs.moved` does.
    """
    if applied(customer, stamp):
        return customer
    old = person(customer, person_id)
    new = moved(old, change, stamp)
    if new is old:
        return customer
    about = {"rung_before": old.rung or "", "rung": change.rung or "", "who": change.who}
    about |= {"text": change.note, "reason": change.reason}
    what = "rung-set" if change.rung != old.rung else "rung-shown"
    return _put(customer, person_id, stamp, what, new, about, deal)


def confirm_rung(customer: Customer, person_id: str, stamp: Stamp, *, deal: str = "") -> Customer:
    """Return the customer with the rung of a person confirmed by a coach.

    Who confirms the step that he recorded himself is marked as such. Raises NotThere, or DocumentError when the stamp is
    not a coach's or the person is a stranger.
    """
    if applied(customer, stamp):
        return customer

    def judged(step: RungStep) -> RungStep:
        if step.confirmed_at is not None:
            return step
        return fit(step, **confirmed(stamp, own=is_among(author(stamp), [author(step, customer)])))

    return _judge_rung(customer, person_id, stamp, "rung-confirmed", judged, {}, deal)


def challenge_rung(
    customer: Customer, person_id: str, stamp: Stamp, reason: str, *, deal: str = ""
) -> Customer:
    """Return the customer with the rung of a person challenged, until another step or a coach answers.

    Raises NotThere, DocumentError when the stamp is not a coach's or the person is a stranger, InvalidValue without a
    reason.
    """
    if applied(customer, stamp):
        return customer
    text, marked = required(reason, "reason-needed-challenge"), mark(stamp)

    def judged(step: RungStep) -> RungStep:
        by = {"challenged_at": marked["at"], "challenged_by": marked["by"]}
        return fit(step, challenge=text, **by, **NOT_CONFIRMED)

    about = {"reason": text}
    return _judge_rung(customer, person_id, stamp, "rung-challenged", judged, about, deal)


def judge_style(
    customer: Customer,
    person_id: str,
    style: str,
    on: date | None,
    stamp: Stamp,
    note: str = "",
    *,
    deal: str = "",
) -> Customer:
    """Return the customer with one more dated judgement of a person's communication style, keyed by the stamp's id.

    Raises NotThere, or InvalidValue for a day that is still to come.
    """
    if applied(customer, stamp):
        return customer
    old = person(customer, person_id)
    refuse_future(on, stamp)
    judged = make(StyleJudgement, style=style, on=on or stamp.today, note=note, by=brief(stamp.by))
    new = fit(old, styles={**old.styles, stamp.id: judged})
    about = {"style": style, "text": note}
    return _put(customer, person_id, stamp, "style-judged", new, about, deal)


def mark_left(
    customer: Customer,
    person_id: str,
    stamp: Stamp,
    left: bool = True,  # noqa: FBT001, FBT002  reads well
    *,
    deal: str = "",
) -> Customer:
    """Return the customer with a person who has left it, or is back; nothing about him is lost. Raises NotThere."""
    if applied(customer, stamp):
        return customer
    old = person(customer, person_id)
    if old.left == left:
        return customer
    what = "contact-left" if left else "contact-back"
    return _put(customer, person_id, stamp, what, fit(old, left=left), {}, deal)


def with_people(
    customer: Customer, people: Mapping[str, Person], stamp: Stamp, *, deal: str = ""
) -> Customer:
    """Return the customer with records of another customer's `people` under their ids, but for those it has.

    Somebody whose superior is not among them reports to nobody.
    """
    new = {
        key: one for key, one in people.items() if customer.person_id(key) not in customer.people
    }
    if applied(customer, stamp) or not new:
        return customer
    all_ = {**customer.people, **new}
    placed = {
        key: one if one.reports_to in all_ else fit(one, reports_to=None)
        for key, one in new.items()
    }
    about = {"contact": ", ".join(one.name for one in new.values()), "customer": customer.name}
    if deal:
        about["deal"] = deal
    return record(customer, stamp, "people-brought", about, people={**customer.people, **placed})


def ordered(customer: Customer) -> list[tuple[str, Person]]:
    """Return the people with their ids, in the order they were added."""
    return sorted(customer.people.items(), key=lambda one: (one[1].order, one[0]))


def _given(customer: Customer, fields: dict[str, object], stamp: Stamp) -> dict[str, object]:
    """Return `fields` as a person has them. Raises TypeError for others, NotThere for an unknown superior."""
    unknown = set(fields) - set(FIELDS)
    if unknown:
        raise TypeError(f"a person has no {', '.join(sorted(unknown))}")
    given = dict(fields)
    if isinstance(birthday := given.get("birthday"), str):
        given["birthday"] = birthday_of(birthday, stamp)
    if isinstance(superior := given.get("reports_to"), str):
        person(customer, superior)
        given["reports_to"] = customer.person_id(superior)
    return given


def _named(who: Person) -> Person:
    """Return the person with other names that are others."""
    names = others(who.name, who.other_names)
    return who if names == who.other_names else fit(who, other_names=names)


def _judge_rung(
    customer: Customer,
    person_id: str,
    stamp: Stamp,
    what: str,
    judged: Callable[[RungStep], RungStep],
    about: dict[str, str],
    deal: str,
) -> Customer:
    """Return the customer with the step to a present rung as a coach judged it; one without a step gets it now."""
    coach_only(stamp)
    old = person(customer, person_id)
    if old.rung is None:
        raise DocumentError("rung-none", contact=old.name)
    known = last_step(old)
    bare = make(RungStep, rung=old.rung, on=old.rung_since or stamp.today, at=stamp.at)
    key, step = known or (stamp.id, bare)
    new = judged(step)
    if new is step:
        return customer
    told = about | {"rung": old.rung, "itself": "yes" if new.self_confirmed else ""}
    after = fit(old, rungs={**old.rungs, key: new})
    return _put(customer, person_id, stamp, what, after, told, deal)


def _refuse_circle(customer: Customer, person_id: str, superior: str) -> None:
    above: str | None = superior
    seen: set[str] = set()
    while above is not None and above not in seen:
        if above == person_id:
            raise InvalidValue(
                "reports-to-circle",
                contact=customer.people[person_id].name,
                superior=customer.people[superior].name,
            )
        seen.add(above)
        found = customer.people.get(above)
        above = found.reports_to if found else None


def _put(
    customer: Customer,
    person_id: str,
    stamp: Stamp,
    what: str,
    new: Person,
    about: dict[str, str],
    deal: str,
) -> Customer:
    key = customer.person_id(person_id)
    told = {"contact": new.name, "contact_id": key} | about
    told |= {"deal": deal} if deal else {"customer": customer.name}
    return record(customer, stamp, what, told, people={**customer.people, key: new})
