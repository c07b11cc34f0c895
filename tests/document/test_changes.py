"""What an event says that its act changed, value by value."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from salescoach.deal import actions, identity, items, notes
from salescoach.deal.models import Deal
from salescoach.document.changes import content, difference, take_back
from salescoach.document.merge import merge
from salescoach.document.models import Changes
from salescoach.document.undo import taken_back
from tests.build import TODAY, make_deal, stamp, uid
from tests.deal.test_operations import OPERATIONS, worked_on


def changed(deal: Deal, label: str = "a") -> Changes:
    """Return what the event of the stamp says."""
    found = deal.timeline[uid(label)].changes
    assert found is not None
    return found


def test_a_value_is_told_by_its_place_with_what_it_was_and_is() -> None:
    deal = identity.edit(make_deal(), stamp("a"), amount=Decimal("12.50"), close_on=TODAY)
    assert changed(deal) == {
        "/amount": {"old": None, "new": "12.50"},
        "/close_on": {"old": None, "new": "2026-11-23"},
    }


def test_what_was_added_has_no_old_value_and_what_was_removed_no_new_one() -> None:
    deal = items.add_evidence(make_deal(), "met", stamp("a"), note="见过面了")
    assert changed(deal)["/items/met"].keys() == {"new"}
    piece = changed(deal)["/items/met"]["new"]
    assert isinstance(piece, dict)
    deal = items.remove_evidence(deal, "met", uid("a"), stamp("b", days=1))
    gone = changed(deal, "b")[f"/items/met/evidence/{uid('a')}"]
    assert gone.keys() == {"old"}
    assert isinstance(gone["old"], dict)
    assert gone["old"]["note"] == "见过面了"


def test_what_was_added_is_told_without_what_it_has_by_default() -> None:
    deal = items.tick(make_deal(), "met", stamp("a"))
    assert changed(deal) == {
        "/items/met": {"new": {"state": "claimed", "at": "2026-11-23T09:00:00Z", "by": "小周"}}
    }


def test_a_deal_that_was_just_made_tells_no_values() -> None:
    assert changed(make_deal(), "create deal") == {}


def test_numbers_and_timeline_are_no_changes() -> None:
    deal = make_deal()
    other = notes.add(deal, stamp("a"), "x").model_copy(update={"notes": deal.notes})
    assert difference(deal, other.model_copy(update={"rev": 7, "save": "f" * 32})) == {}


def test_places_are_json_pointers() -> None:
    deal = make_deal()
    other = deal.but(**{"a/b": {"c~d": 1, "": 2}})
    assert difference(deal.but(**{"a/b": {"c~d": 0}}), other) == {
        "/a~1b/c~0d": {"old": 0, "new": 1},
        "/a~1b/": {"new": 2},
    }


@pytest.mark.parametrize(
    ("before", "after"),
    [(1, 1.0), (1, True), (0, None), ([1], [True]), ({"x": 1}, {"x": 1.0}), ({}, [])],
)
def test_values_that_python_calls_equal_are_told_apart(before: object, after: object) -> None:
    changes = difference(make_deal().but(later=before), make_deal().but(later=after))
    assert changes
    raw = content(make_deal().but(later=after))
    take_back(raw, changes)
    assert repr(raw["later"]) == repr(before)


def test_going_back_leaves_the_event_as_it_is() -> None:
    changes: Changes = {"/items/met": {"old": {"state": "claimed"}}}
    raw: dict[str, Any] = {"items": {}}
    take_back(raw, changes)
    take_back(raw, {"/items/met/state": {"old": "open"}})
    assert raw == {"items": {"met": {"state": "open"}}}
    assert changes == {"/items/met": {"old": {"state": "claimed"}}}


@pytest.mark.parametrize("pointer", ["", "name", "/name/deeper", "/nobody/there"])
def test_a_place_that_is_not_there_is_passed_over(pointer: str) -> None:
    raw = content(make_deal())
    take_back(raw, {pointer: {"old": "x"}})
    assert raw == content(make_deal())


def test_what_lies_too_deep_is_not_kept_in_an_event() -> None:
    deep: Any = 0
    for _ in range(60):
        deep = [deep]
    deal = make_deal().but(later=deep)
    assert difference(make_deal(), deal) is None
    edited = notes.add(deal, stamp("a"), "seen")
    assert changed(edited).keys() == {f"/notes/{uid('a')}"}


@pytest.mark.parametrize("what", OPERATIONS)
def test_every_operation_tells_all_that_it_changed(what: str) -> None:
    before = worked_on()
    after = OPERATIONS[what](before, stamp("a", role="coach"))
    told = 0
    sides = (
        (before.beside(None), after.beside(None)),
        (before.customer_record, after.customer_record),
    )
    for was, now in sides:
        assert was is not None
        assert now is not None
        raw = content(now)
        if uid("a") in now.timeline:
            told += len(now.timeline[uid("a")].changes or {})
            take_back(raw, now.timeline[uid("a")].changes or {})
        assert raw == content(was)
    assert told


def test_an_act_of_two_events_tells_each_change_once() -> None:
    deal = actions.add(make_deal(), stamp("due"), "约李工", item="met")
    after = actions.done_with_evidence(deal, uid("due"), stamp("a"), "他答应了")
    told = [
        event.changes or {} for key, event in after.timeline.items() if key not in deal.timeline
    ]
    assert len(told) == 2
    assert not told[0].keys() & told[1].keys()


def test_taking_an_act_back_tells_what_came_back() -> None:
    before = make_deal()
    after = identity.edit(before, stamp("a"), name="New")
    undone = taken_back(after, (uid("a"),), before, after, "undo", stamp("b"))
    assert changed(undone, "b") == {"/name": {"old": "New", "new": before.name}}
    redone = taken_back(undone, (uid("a"),), before, after, "redo", stamp("c"))
    assert changed(redone, "c") == {"/name": {"old": before.name, "new": "New"}}


def test_events_of_earlier_programs_are_written_as_they_were() -> None:
    deal = make_deal()
    key = uid("create deal")
    old = deal.timeline[key].model_copy(update={"changes": None})
    raw = deal.model_copy(update={"timeline": {key: old}}).model_dump(mode="json", by_alias=True)
    assert "changes" not in raw["timeline"][key]
    assert Deal.model_validate(raw).timeline[key].changes is None


def test_a_merge_never_splits_an_event() -> None:
    base = make_deal()
    mine = identity.edit(base, stamp("a"), name="One")
    event = mine.timeline[uid("a")].model_copy(update={"changes": {"/name": {"new": "Two"}}})
    other = mine.model_copy(update={"timeline": {**mine.timeline, uid("a"): event}})
    merged = merge(base, mine, other)
    assert merged.timeline[uid("a")] in (event, mine.timeline[uid("a")])
    assert not merged.conflicts
