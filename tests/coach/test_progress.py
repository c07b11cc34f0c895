"""Progress counts what applies to the deal, tells claims from what is backed, and finds the stage a deal is in."""

from __future__ import annotations

from datetime import timedelta

from salescoach.coach.progress import (
    current_stage,
    days_in_stage,
    deal_progress,
    item_status,
    move_progress,
    open_items,
    open_stages,
    retired,
)
from salescoach.deal import items, stages
from salescoach.deal.models import Deal
from salescoach.playbook.lookup import item_of, move_of, stage_of
from tests.build import STAGES, TODAY, make_deal, small_playbook, stamp, with_contact

PLAYBOOK = small_playbook()


def close(deal: Deal, *keys: str) -> Deal:
    for key in keys:
        if not stages.stage_record(deal, key).is_open:
            deal = stages.open_stage(deal, key, stamp(f"open {key}"))
        deal = stages.close_stage(deal, key, stamp(f"close {key}"))
    return deal


def test_data_backs_an_item_without_a_tick_and_a_bare_tick_stays_a_claim() -> None:
    place = item_of(PLAYBOOK, "guide")
    assert item_status(PLAYBOOK, make_deal(), place).detail == "0/1"
    ticked = items.tick(make_deal(), "guide", stamp())
    claim = item_status(PLAYBOOK, ticked, place)
    assert (claim.state, claim.by_data, claim.done, claim.backed) == ("claimed", False, True, False)
    guided = item_status(PLAYBOOK, with_contact(ticked, guide=True), place)
    assert (guided.state, guided.by_data, guided.detail) == ("evidenced", True, "1/1")
    agreed = items.confirm(with_contact(ticked, guide=True), "guide", stamp("ok", role="coach"))
    assert item_status(PLAYBOOK, agreed, place).state == "confirmed"
    aside = items.not_applicable(with_contact(make_deal(), guide=True), "guide", stamp(), "没有")
    assert item_status(PLAYBOOK, aside, place).state == "not_applicable"


def test_a_move_is_done_when_no_required_item_is_open() -> None:
    deal = items.tick(make_deal(), "goal-written", stamp("a"))
    deal = items.add_evidence(deal, "goal-owner", stamp("b"), who="王总", note="当面说的")
    deal = items.not_applicable(deal, "tender", stamp("c"), "不招标")
    needs = deal_progress(PLAYBOOK, deal).of("uncovering-needs")
    assert (needs.number, needs.moves_done, needs.moves_total) == (3, 2, 2)
    assert (needs.items_done, needs.items_total, needs.backed) == (3, 3, 1)
    assert [move.number for move in needs.moves] == ["3.1", "3.2"]
    assert open_items(PLAYBOOK, deal, needs.stage) == ()


def test_a_move_without_required_items_is_done_by_any() -> None:
    move = move_of(PLAYBOOK, "confidence")
    assert not move_progress(PLAYBOOK, make_deal(), move).done
    deal = items.tick(make_deal(), "private", stamp())
    assert move_progress(PLAYBOOK, deal, move).done
    assert move_progress(PLAYBOOK, deal, move).number == "2.2"


def test_a_simple_deal_counts_only_what_applies_to_it() -> None:
    simple = deal_progress(PLAYBOOK, make_deal(kind="simple"))
    whole = deal_progress(PLAYBOOK, make_deal())
    assert (whole.moves_total, simple.moves_total) == (8, 7)
    assert (whole.items_total, simple.items_total) == (11, 10)
    assert not simple.of("uncovering-needs").moves[1].applies


def test_a_deal_is_in_its_highest_open_stage() -> None:
    deal = make_deal()
    assert current_stage(PLAYBOOK, deal) == PLAYBOOK.stages[0]
    deal = stages.open_stage(deal, STAGES[2], stamp("three"))
    assert [stage.key for stage in open_stages(PLAYBOOK, deal)] == [STAGES[0], STAGES[2]]
    assert current_stage(PLAYBOOK, deal) == PLAYBOOK.stages[2]
    deal = close(make_deal(), STAGES[0])
    assert current_stage(PLAYBOOK, deal) == PLAYBOOK.stages[1]
    assert days_in_stage(PLAYBOOK, deal, TODAY) is None
    done = close(make_deal(), *STAGES)
    assert current_stage(PLAYBOOK, done) is None
    assert days_in_stage(PLAYBOOK, done, TODAY) is None


def test_days_in_a_stage_count_from_its_last_opening() -> None:
    assert days_in_stage(PLAYBOOK, make_deal(), TODAY + timedelta(days=9)) == 9
    assert days_in_stage(PLAYBOOK, make_deal(), TODAY - timedelta(days=1)) == 0
    deal = close(make_deal(), STAGES[0])
    deal = stages.reopen_stage(deal, STAGES[0], stamp("again", days=5))
    assert days_in_stage(PLAYBOOK, deal, TODAY + timedelta(days=9)) == 4


def test_items_that_the_playbook_dropped_are_shown_as_retired_and_keep_their_state() -> None:
    deal = items.tick(make_deal(), "dropped-item", stamp())
    assert retired(PLAYBOOK, deal) == ["dropped-item"]
    assert deal.items["dropped-item"].state == "claimed"
    assert deal_progress(PLAYBOOK, deal).items_done == 0


def test_open_items_leave_out_the_optional_ones() -> None:
    assert open_items(PLAYBOOK, make_deal(), stage_of(PLAYBOOK, "2")) == ("met", "visit")
