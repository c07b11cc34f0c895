"""Settling conflicts: the value picked stands at its place, whatever happened there meanwhile."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from salescoach.customer.models import Customer
from salescoach.deal import actions, contacts, identity, items, notes, phases, stages
from salescoach.deal.conflicts import ordered, settle, value_now
from salescoach.deal.models import Deal
from salescoach.document.conflicts import place
from salescoach.document.errors import DocumentError, InvalidValue, NotThere
from salescoach.document.merge import merge
from salescoach.document.models import Conflict
from tests.build import NOW, TODAY, climb, make_deal, refused, stamp, uid, with_contact
from tests.deal.test_operations import worked_on

KEY = uid("conflict")


def disputed(deal: Deal, *path: str, lost: Any, **more: Any) -> Deal:
    """Return the deal with a conflict about `path`, as a file may hold it."""
    conflict = Conflict(path=path, lost=lost, kept_at=NOW, lost_at=NOW, **more)
    return deal.but(conflicts={KEY: conflict})


def with_disputed_people(deal: Deal, *path: str, lost: Any) -> Deal:
    """Return the deal with a conflict in its customer."""
    conflict = Conflict(path=path, lost=lost, kept_at=NOW, lost_at=NOW)
    return deal.beside(record_of(deal).but(conflicts={KEY: conflict}))


def split(base: Deal, ours: Any, theirs: Any) -> Deal:
    mine: Deal = ours(base, stamp("ours", by="甲"))
    stored: Deal = theirs(base, stamp("theirs", by="乙"))
    return merge(base, mine, stored)


CASES: dict[tuple[str, ...], tuple[Any, Any]] = {
    ("close_on",): (
        lambda d, s: identity.edit(d, s, close_on=TODAY),
        lambda d, s: identity.edit(d, s, close_on=TODAY + timedelta(days=1)),
    ),
    ("status",): (
        lambda d, s: identity.win(d, s, "签了"),
        lambda d, s: identity.nurture(d, s, "明年", TODAY),
    ),
    ("buying_phase",): (
        lambda d, s: phases.set_phase(d, "purchase-design", s),
        lambda d, s: phases.set_phase(d, "implementation", s),
    ),
    ("people", uid("李工"), "rung"): (
        lambda d, s: contacts.set_rung(d, uid("李工"), climb("engagement"), s),
        lambda d, s: contacts.set_rung(
            d, uid("李工"), climb("alliance", on=TODAY - timedelta(days=3)), s
        ),
    ),
    ("items", "met", "state"): (
        lambda d, s: items.not_applicable(d, "met", s, "不用"),
        lambda d, s: items.untick(d, "met", s),
    ),
    ("stages", "customer-analysis", "exit", "override"): (
        lambda d, s: stages.close_stage(d, "customer-analysis", s, ("question:real",), "急"),
        lambda d, s: stages.close_stage(d, "customer-analysis", s, ("question:real",), "熟"),
    ),
    ("answers", "real", "answer"): (
        lambda d, s: stages.answer(d, "real", "yes", s, "预算批了"),
        lambda d, s: stages.answer(d, "real", "no", s),
    ),
    ("actions", uid("seed action"), "due"): (
        lambda d, s: actions.snooze(d, uid("seed action"), TODAY + timedelta(days=2), s),
        lambda d, s: actions.snooze(d, uid("seed action"), TODAY + timedelta(days=4), s),
    ),
    ("later", "deep"): (
        lambda d, s: d.but(later={"deep": 1}),
        lambda d, s: d.but(later={"deep": 2}),
    ),
}


def record_of(deal: Deal) -> Customer:
    """Return the customer that a deal is read with."""
    customer = deal.customer_record
    assert customer is not None
    return customer


def at(deal: Deal, path: tuple[str, ...]) -> Any:
    holder = record_of(deal) if path[0] == "people" else deal
    found: Any = holder.model_dump(mode="json", by_alias=True)
    for step in path:
        found = found[step]
    return found


@pytest.mark.parametrize("path", CASES)
def test_either_value_can_be_picked(path: tuple[str, ...]) -> None:
    ours, theirs = CASES[path]
    base = worked_on()
    result = split(base, ours, theirs)
    (key,) = (key for key, one in result.open_conflicts.items() if one.path == path)
    theirs_alone = theirs(base, stamp("theirs", by="乙"))
    kept = settle(result, key, "kept", stamp("s", days=1))
    lost = settle(result, key, "lost", stamp("s", days=1))
    assert at(kept, path) == at(result, path) == value_now(result, result.open_conflicts[key])
    assert at(lost, path) == at(theirs_alone, path)
    holder = path[:-1]
    if len(holder) == 2:
        # Both ways up the ladder stay in the record, whichever rung is chosen.
        got, wanted = (at(one, holder) | {"rungs": {}} for one in (lost, theirs_alone))
        assert got == wanted
    for settled in (kept, lost):
        assert key not in settled.open_conflicts
        again = Deal.model_validate(settled.model_dump(by_alias=True))
        assert again.beside(settled.customer_record) == settled
        about = settled.events[uid("s")].about
        assert about["fields"].split()[-1] == path[-1]
        assert about["before"] != about["after"]


def test_a_field_that_was_changed_since_keeps_that_or_gets_the_lost_value() -> None:
    deal = disputed(make_deal(amount=Decimal(1)), "amount", kept="1", lost="2")
    deal = identity.edit(deal, stamp("e"), amount=Decimal(3))
    assert value_now(deal, deal.conflicts[KEY]) == "3"
    assert settle(deal, KEY, "kept", stamp("s")).amount == Decimal(3)
    assert settle(deal, KEY, "lost", stamp("s")).amount == Decimal(2)


def test_a_place_that_is_gone_is_made_again_where_nothing_else_is_needed() -> None:
    deal = disputed(make_deal(), "items", "network", "state", kept="open", lost="claimed")
    assert settle(deal, KEY, "lost", stamp("s")).items["network"].state == "claimed"
    deal = disputed(make_deal(), "later", "deep", "er", kept=1, lost=[2])
    assert settle(deal, KEY, "lost", stamp("s")).model_extra == {"later": {"deep": {"er": [2]}}}
    deal = disputed(make_deal(), "worksheets", "needs", "n1", "layer", kept="a", lost="b")
    assert settle(deal, KEY, "lost", stamp("s")).worksheets.needs["n1"].model_extra == {
        "layer": "b"
    }


@pytest.mark.parametrize("path", [
    ("stakeholders", uid("nobody"), "key"), ("actions", uid("nothing"), "due"), ("id",), ("rev",), ("timeline",),
    ("conflicts", KEY, "lost"), ("stakeholders",), ("playbook",), ("name", "x"), ("notes", uid("x"), "text"),
    ("stakeholders", uid("李工")), ("later", "list", "x"), ("schema",),
])  # fmt: skip
def test_a_place_that_cannot_be_made_is_refused_and_the_conflict_can_still_be_dropped(
    path: tuple[str, ...],
) -> None:
    deal = disputed(with_contact(make_deal()).but(later={"list": [1]}), *path, kept="a", lost="b")
    with refused(DocumentError, "conflict-place-gone"):
        settle(deal, KEY, "lost", stamp("s"))
    assert settle(deal, KEY, "kept", stamp("s")).conflicts == {}


def test_a_value_that_does_not_fit_is_refused() -> None:
    with refused(InvalidValue, "bad-amount"):
        settle(disputed(make_deal(), "amount", lost="much"), KEY, "lost", stamp("s"))
    with refused(InvalidValue, "empty", field="name"):
        settle(disputed(make_deal(), "name", lost=""), KEY, "lost", stamp("s"))
    deal = with_contact(with_contact(make_deal(), "李工"), "王总", reports_to=uid("李工"))
    above = ("people", uid("李工"), "reports_to")
    with refused(InvalidValue, "reports-to-circle", contact="李工", superior="王总"):
        settle(with_disputed_people(deal, *above, lost=uid("王总")), KEY, "lost", stamp("s"))
    with refused(NotThere, "contact-unknown"):
        settle(with_disputed_people(deal, *above, lost=uid("nobody")), KEY, "lost", stamp("s"))


def test_what_is_hostile_in_a_file_is_cleaned_when_it_is_picked() -> None:
    deal = disputed(make_deal(), "owner", kept="", lost="\x1b]52;c;eA==\x07周\u202e")
    settled = settle(deal, KEY, "lost", stamp("s"))
    assert settled.owner == "周"
    assert settled.timeline[uid("s")].about["after"] == "周"


def test_an_unknown_conflict_and_an_unknown_word_are_refused() -> None:
    deal = disputed(make_deal(), "owner", lost="x")
    with refused(NotThere, "conflict-unknown"):
        settle(deal, uid("other"), "kept", stamp("s"))
    with refused(InvalidValue, "bad-choice", value="mine"):
        settle(deal, KEY, "mine", stamp("s"))  # type: ignore[arg-type]  # what a person may type
    settled = settle(deal, KEY, "lost", stamp("s"))
    with refused(NotThere, "conflict-unknown"):
        settle(settled, KEY, "lost", stamp("again"))


def test_an_open_conflict_rides_along_with_other_changes() -> None:
    deal = disputed(make_deal(), "owner", lost="x")
    assert KEY in notes.add(deal, stamp("n"), "x").conflicts
    older = make_deal().model_dump(mode="json", by_alias=True)
    del older["conflicts"]
    assert Deal.model_validate(older) == make_deal().beside(None)


def test_conflicts_come_in_the_order_of_their_places() -> None:
    first = Conflict(path=("amount",), kept_at=NOW, lost_at=NOW)
    second = Conflict(path=("owner",), kept_at=NOW, lost_at=NOW)
    deal = make_deal().but(conflicts={uid("b"): second, uid("a"): first})
    assert [key for key, _ in ordered(deal)] == [uid("a"), uid("b")]


def test_a_place_is_told_by_what_a_person_knows() -> None:
    deal = worked_on()
    customer = deal.customer_record
    assert customer is not None
    assert place(customer, ("people", uid("李工"), "title"))["contact"] == "李工"
    assert place(customer, ("people", uid("x"), "styles", uid("y"), "note")) == {
        "contact": "",
        "contact_id": uid("x"),
        "fields": "styles note",
    }
    assert place(deal, ("actions", uid("seed action"), "due"))["action"] == "回访王工"
    assert place(deal, ("items", "met", "state")) == {"item": "met", "fields": "state"}
    assert place(deal, ("later", "deep")) == {"fields": "later deep"}
