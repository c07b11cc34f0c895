"""A person names a stage, a move or an item by number, key or name; what is not there is answered with what is near."""

from __future__ import annotations

import json

import pytest

from salescoach.playbook import lookup
from salescoach.playbook.dump import playbook_data, stage_data
from salescoach.playbook.errors import Unknown
from salescoach.playbook.models import Playbook

from .editions import Edition


@pytest.mark.parametrize(
    "asked",
    ["3", "３", " 3 ", "uncovering-needs", "Uncovering-Needs", "uncovering needs", "挖掘需求"],
)
def test_a_stage_is_found_by_number_key_and_name(cuilong: Playbook, asked: str) -> None:
    assert lookup.stage_of(cuilong, asked).key == "uncovering-needs"


@pytest.mark.parametrize("asked", ["3.2", "problems", "问题和障碍"])
def test_a_move_is_found_by_number_key_and_name(cuilong: Playbook, asked: str) -> None:
    assert lookup.move_of(cuilong, asked).key == "problems"


def test_an_item_is_found_by_number_and_key(cuilong: Playbook) -> None:
    first = cuilong.stages[2].moves[1].items[0]
    for asked in ("3.2.1", first.key, first.key.upper()):
        place = lookup.item_of(cuilong, asked)
        assert (place.item, place.number) == (first, "3.2.1")
        assert (place.stage.key, place.move.key) == ("uncovering-needs", "problems")


def test_every_place_leads_back_to_its_item(cuilong: Playbook) -> None:
    places = lookup.places(cuilong)
    assert places is lookup.places(cuilong)
    for key, place in places.items():
        assert lookup.item_of(cuilong, place.number).item.key == key
        assert place.item in place.move.items
        assert place.number.startswith(lookup.move_number(cuilong, place.move.key) + ".")
        assert place.number.startswith(f"{lookup.stage_number(cuilong, place.stage.key)}.")


def near(find: object, playbook: Playbook, asked: str) -> tuple[str, ...]:
    assert callable(find)
    with pytest.raises(Unknown) as caught:
        find(playbook, asked)
    assert caught.value.asked == asked
    assert isinstance(caught.value, LookupError)
    return caught.value.near


def test_what_is_not_there_is_answered_with_what_is_near(cuilong: Playbook) -> None:
    assert near(lookup.stage_of, cuilong, "trust") == ("building-trust",)
    assert near(lookup.stage_of, cuilong, "信任") == ("building-trust",)
    assert near(lookup.stage_of, cuilong, "uncoverin need") == ("uncovering-needs",)
    assert near(lookup.stage_of, cuilong, "7") == ()
    assert near(lookup.stage_of, cuilong, "") == ()
    assert near(lookup.stage_number, cuilong, "follow")[0] == "follow-up"
    assert near(lookup.move_of, cuilong, "probelms")[0] == "problems"
    assert near(lookup.move_of, cuilong, "3.9") == tuple(
        move.key for move in cuilong.stages[2].moves
    )
    assert near(lookup.move_of, cuilong, "") == ()
    assert near(lookup.move_number, cuilong, "negotiate")[0] == "negotiation"
    asked = tuple(item.key for item in cuilong.stages[2].moves[1].items)
    assert near(lookup.item_of, cuilong, "3.2.9") == asked
    assert near(lookup.item_of, cuilong, "3.2") == asked
    assert near(lookup.item_of, cuilong, asked[0][:-1] + "x")[0] == asked[0]
    assert near(lookup.item_of, cuilong, "[/]" * 10_000) == ()


def test_an_unknown_name_says_so_in_words(cuilong: Playbook) -> None:
    with pytest.raises(Unknown, match=r"no stage 'trust' \(nearest: building-trust\)"):
        lookup.stage_of(cuilong, "trust")
    with pytest.raises(Unknown, match=r"no item 'zzzz'$"):
        lookup.item_of(cuilong, "zzzz")


def test_stages_follow_one_another(cuilong: Playbook) -> None:
    assert lookup.previous_stage(cuilong, "customer-analysis") is None
    assert lookup.next_stage(cuilong, "follow-up") is None
    for before, after in zip(cuilong.stages, cuilong.stages[1:], strict=False):
        assert lookup.next_stage(cuilong, before.key) is after
        assert lookup.previous_stage(cuilong, after.key) is before


def test_rungs_are_ranked_from_the_bottom(cuilong: Playbook) -> None:
    ladder = [None, "stranger", "acquaintance", "engagement", "confidence", "alliance", "retired"]
    assert [lookup.rung_rank(cuilong, rung) for rung in ladder] == [0, 0, 1, 2, 3, 4, 0]


def test_the_key_roles_are_known(cuilong: Playbook) -> None:
    assert lookup.key_roles(cuilong) == {"decision-maker", "designer", "evaluator"}


def test_items_are_those_of_the_kind_of_deal(edition: Edition) -> None:
    show = lookup.move_of(edition.parse(), "show")
    assert [item.key for item in lookup.items_for(show, "complex")] == ["shown"]
    assert lookup.items_for(show, "simple") == ()


def test_a_playbook_is_dumped_with_its_numbers(cuilong: Playbook) -> None:
    data = json.loads(json.dumps(playbook_data(cuilong)))
    assert data["stages"][2]["moves"][1]["items"][0]["number"] == "3.2.1"
    assert data["stages"][2] == json.loads(json.dumps(stage_data(cuilong, cuilong.stages[2])))
    assert data["stages"][2]["number"] == "3"
    assert data["stages"][2]["moves"][1]["name"]["zh"] == "问题和障碍"
    assert set(data["tools"]) == set(type(cuilong.tools).model_fields)
