"""A document as it was on a day, made from its events."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from salescoach.deal import identity, items
from salescoach.deal.models import Deal
from salescoach.document.changes import content, telling_all
from salescoach.document.merge import merge
from salescoach.document.rebuild import NotTold, as_of
from salescoach.document.stamp import Stamp
from tests.build import NOW, TODAY, make_deal, refused, stamp, uid


def named(deal: Deal, name: str, days: int) -> Deal:
    return identity.edit(deal, stamp(name, days=days), name=name)


def test_a_deal_is_told_as_it_was_at_the_end_of_a_day() -> None:
    deal = named(named(make_deal(), "A", 2), "B", 5)
    names = [as_of(deal, TODAY + timedelta(days=number)) for number in range(-1, 7)]
    assert [one and one.name for one in names] == [
        None,
        "CRM 升级",
        "CRM 升级",
        "A",
        "A",
        "A",
        "B",
        "B",
    ]
    assert as_of(deal, TODAY + timedelta(days=5)) is deal
    before = as_of(deal, TODAY + timedelta(days=4))
    assert before is not None
    assert list(before.timeline) == [uid("create deal"), uid("A")]


def test_an_instant_cuts_between_two_acts_of_a_day() -> None:
    deal = identity.edit(make_deal(), Stamp(NOW + timedelta(hours=1), id=uid("a")), name="A")
    deal = identity.edit(deal, Stamp(NOW + timedelta(hours=2), id=uid("b")), name="B")
    then = as_of(deal, NOW + timedelta(hours=1))
    assert then is not None
    assert then.name == "A"
    assert as_of(deal, NOW - timedelta(seconds=1)) is None


def test_a_day_is_that_of_who_did_it() -> None:
    # Half past midnight in Shanghai, while it is the day before in Greenwich.
    at = datetime(2026, 11, 25, 0, 30, tzinfo=timezone(timedelta(hours=8)))
    assert at.astimezone(UTC).date() == date(2026, 11, 24)
    deal = identity.edit(make_deal(), Stamp(at, id=uid("a")), name="A")
    then = as_of(deal, date(2026, 11, 24))
    assert then is not None
    assert then.name == "CRM 升级"
    assert as_of(deal, date(2026, 11, 25)) is deal


def test_a_clock_that_was_put_back_makes_no_deal_that_never_was() -> None:
    deal = named(named(make_deal(), "A", 5), "B", 3)
    then = as_of(deal, TODAY + timedelta(days=4))
    assert then is deal


def test_what_it_was_has_no_numbers() -> None:
    deal = named(make_deal(), "A", 2).model_copy(update={"rev": 7, "save": "f" * 32})
    then = as_of(deal, TODAY)
    assert then is not None
    assert (then.rev, then.save, then.ancestry.on) == (0, "", ())


def test_events_of_earlier_programs_say_from_which_day_on_it_is_told() -> None:
    deal = named(make_deal(), "A", 2)
    old = deal.timeline[uid("A")].model_copy(update={"changes": None})
    deal = named(deal.model_copy(update={"timeline": {**deal.timeline, uid("A"): old}}), "B", 5)
    then = as_of(deal, TODAY + timedelta(days=2))
    assert then is not None
    assert then.name == "A"
    with refused(NotTold, "not-told", day="2026-11-25"):
        as_of(deal, TODAY + timedelta(days=1))
    assert as_of(deal, TODAY - timedelta(days=1)) is None


@pytest.mark.parametrize("pointer", ["/name", "/items"])
def test_a_file_whose_events_make_no_deal_is_refused(pointer: str) -> None:
    deal = named(make_deal(), "A", 2)
    odd = deal.timeline[uid("A")].model_copy(update={"changes": {pointer: {"old": 7}}})
    deal = deal.model_copy(update={"timeline": {**deal.timeline, uid("A"): odd}})
    with refused(NotTold, "not-told", day="2026-11-25"):
        as_of(deal, TODAY)


def test_a_change_that_is_saved_after_another_program_s_leads_back_to_that() -> None:
    seen = make_deal()
    stored = named(seen, "Other", 1)
    mine = named(seen, "Mine", 2)
    merged = telling_all(stored, merge(seen, mine, stored))
    assert merged.conflicts
    then = as_of(merged, TODAY + timedelta(days=1))
    assert then is not None
    assert (then.name, then.conflicts) == ("Other", {})
    then = as_of(merged, TODAY)
    assert then is not None
    assert content(then) == content(seen)


def test_a_change_that_was_made_before_another_program_s_leads_back_to_what_both_saw() -> None:
    seen = items.tick(make_deal(), "met", stamp("tick"))
    stored = named(seen, "Other", 2)
    mine = named(seen, "Mine", 1)
    merged = telling_all(stored, merge(seen, mine, stored))
    assert merged.conflicts
    then = as_of(merged, TODAY)
    assert then is not None
    assert content(then) == content(seen)
