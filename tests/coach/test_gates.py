"""Gates: a rep moves on by evidence, by data, or with a reason that stays in the record."""

from __future__ import annotations

import pytest

from salescoach.coach import gates
from salescoach.coach.gates import Missing, advance, default_target, gate, to_move_on
from salescoach.coach.progress import current_stage
from salescoach.coach.review import confirm_marker
from salescoach.deal import contacts, identity, items, stages
from salescoach.deal.errors import GateClosed
from salescoach.deal.models import Deal
from salescoach.document.errors import DocumentError
from salescoach.playbook.errors import Unknown
from salescoach.playbook.load import load, packaged
from tests.build import (
    STAGES,
    build_playbook,
    climb,
    make_deal,
    marker,
    refused,
    small_playbook,
    stamp,
    uid,
    with_contact,
)
from tests.build import stages as trees

PLAYBOOK = small_playbook()
ONE, TWO, THREE, LAST = STAGES


def judged(deal: Deal, word: stages.AnswerWord = "yes") -> Deal:
    deal = stages.answer(deal, "real", "yes", stamp("real"), "预算批了")
    return stages.answer(deal, "winnable", word, stamp("winnable"), "李工支持")


def opened(deal: Deal) -> list[str]:
    return [key for key in STAGES if stages.stage_record(deal, key).is_open]


def engaged(deal: Deal) -> Deal:
    return contacts.set_rung(deal, uid("李工"), climb("engagement"), stamp("dinner"))


def test_stage_one_ends_when_all_questions_are_answered_yes() -> None:
    deal = make_deal()
    with pytest.raises(GateClosed) as caught:
        advance(PLAYBOOK, deal, stamp())
    assert caught.value.missing == ("question:real", "question:winnable")
    assert caught.value.params["stage"] == ONE
    status = gate(PLAYBOOK, judged(deal), ONE)
    assert (status.exit.met, status.exit.how) == (True, "data")
    on = advance(PLAYBOOK, judged(deal), stamp("on"))
    assert opened(on) == [TWO]
    assert on.stages[ONE].exit.override == ""


def test_a_no_is_missing_whatever_else_is_brought_but_unsure_can_be_backed_by_evidence() -> None:
    for word in ("no", "unsure"):
        deal = judged(make_deal(), word)
        assert gate(PLAYBOOK, deal, ONE).exit.missing == (
            Missing("question", "winnable", ONE, "exit"),
        )
        backed = stages.add_marker_evidence(deal, ONE, "exit", stamp("proof"), document="立项书")
        assert gate(PLAYBOOK, backed, ONE).exit.met == (word == "unsure")
    half = stages.answer(make_deal(), "real", "yes", stamp("real"), "预算批了")
    half = stages.add_marker_evidence(
        half, ONE, "exit", stamp("proof"), who="王总", note="会上说的"
    )
    assert [one.key for one in gate(PLAYBOOK, half, ONE).exit.missing] == ["winnable"]


def test_the_first_entry_marker_is_met_by_the_deal_itself() -> None:
    assert gate(PLAYBOOK, make_deal(), ONE).entry.how == "data"
    backed = stages.add_marker_evidence(make_deal(), ONE, "entry", stamp(), document="名单")
    assert gate(PLAYBOOK, backed, ONE).entry.how == "evidence"


def test_an_entry_that_follows_is_met_with_the_exit_before_and_evidence_counts_on_either_side() -> (
    None
):
    deal = make_deal(stage=THREE)
    assert not gate(PLAYBOOK, deal, LAST).entry.met
    assert gate(PLAYBOOK, deal, LAST).entry.missing == (Missing("marker", THREE, THREE, "exit"),)
    left = stages.add_marker_evidence(deal, THREE, "exit", stamp(), document="需求书")
    assert gate(PLAYBOOK, left, LAST).entry.how == "previous"
    right = stages.add_marker_evidence(deal, LAST, "entry", stamp(), document="需求书")
    assert gate(PLAYBOOK, right, LAST).entry.how == "evidence"
    assert gate(PLAYBOOK, right, THREE).exit.how == "evidence"


def test_stage_three_opens_beside_stage_two_once_every_key_contact_is_engaged() -> None:
    deal = advance(PLAYBOOK, judged(make_deal()), stamp("to two"))
    lonely = to_move_on(PLAYBOOK, deal, TWO, THREE)
    assert lonely.blocking == (Missing("contact", "", THREE, "entry"),)
    deal = with_contact(deal, roles=("designer",), rung="acquaintance")
    step = to_move_on(PLAYBOOK, deal, TWO, THREE)
    assert step.blocking == (Missing("contact", uid("李工"), THREE, "entry", "李工"),)
    assert (step.closes, step.also_open) == (False, ("met", "visit"))
    with pytest.raises(GateClosed) as caught:
        advance(PLAYBOOK, deal, stamp("too early"))
    assert (caught.value.code, caught.value.params["stage"]) == ("gate-closed-entry", THREE)
    deal = advance(PLAYBOOK, engaged(deal), stamp("to three"))
    assert opened(deal) == [TWO, THREE]
    assert not deal.stages[THREE].entry.override
    with pytest.raises(GateClosed):
        gates.close_stage(PLAYBOOK, deal, TWO, stamp("close two"))
    deal = stages.add_marker_evidence(deal, TWO, "exit", stamp("trust"), note="李工公开支持")
    assert opened(gates.close_stage(PLAYBOOK, deal, TWO, stamp("close two"))) == [THREE]


def test_with_its_exit_met_stage_two_closes_on_the_way_but_the_next_entry_still_counts() -> None:
    deal = advance(PLAYBOOK, judged(make_deal()), stamp("to two"))
    deal = with_contact(deal, roles=("designer",))
    deal = stages.add_marker_evidence(deal, TWO, "exit", stamp("trust"), note="李工公开支持")
    step = to_move_on(PLAYBOOK, deal, TWO, THREE)
    assert step.closes
    assert [one.kind for one in step.blocking] == ["contact"]
    assert opened(advance(PLAYBOOK, engaged(deal), stamp("to three"))) == [THREE]


def test_going_on_regardless_needs_a_reason_that_stays_in_the_record() -> None:
    with pytest.raises(GateClosed):
        advance(PLAYBOOK, make_deal(), stamp(), reason="  ")
    deal = advance(PLAYBOOK, make_deal(), stamp("on"), reason="老客户增购")
    leave = deal.stages[ONE].exit
    assert (leave.override, leave.override_missing) == (
        "老客户增购",
        ("question:real", "question:winnable"),
    )
    assert gate(PLAYBOOK, deal, ONE).exit.how == "override"
    entry = gate(PLAYBOOK, deal, TWO).entry
    assert (entry.met, entry.how, entry.passed) == (False, "override", True)
    assert deal.stages[TWO].entry.override == ""
    told = [event.what for event in deal.timeline.values()]
    assert told == ["created", "stage-closed-regardless", "stage-opened"]
    later = judged(deal)
    assert gate(PLAYBOOK, later, ONE).exit.how == "data"
    assert later.stages[ONE].exit.override == "老客户增购"


def test_the_same_doing_moves_on_once() -> None:
    deal = advance(PLAYBOOK, judged(make_deal()), stamp("on"))
    assert advance(PLAYBOOK, deal, stamp("on")) is deal
    assert {uid("on"), stamp("on").derive("advance-1").id} <= deal.timeline.keys()


def test_a_jump_passes_the_stages_between_with_the_reason() -> None:
    with pytest.raises(GateClosed) as caught:
        advance(PLAYBOOK, make_deal(), stamp(), to=LAST)
    assert caught.value.missing == (
        "question:real",
        "question:winnable",
        "contact:",
        f"marker:{THREE}/exit",
    )
    deal = advance(PLAYBOOK, make_deal(), stamp(), to="4", reason="补录")
    assert opened(deal) == [TWO, LAST]
    assert deal.stages[THREE].exit.override == "补录"
    assert deal.stages[THREE].entry.override_missing == ("contact:",)


def test_after_the_last_stage_there_is_only_closing() -> None:
    deal = make_deal(stage=LAST)
    assert default_target(PLAYBOOK, deal, LAST) is None
    with refused(GateClosed, "gate-closed-exit", stage=LAST):
        advance(PLAYBOOK, deal, stamp("paid"))
    deal = stages.add_marker_evidence(deal, LAST, "exit", stamp("money"), document="回单")
    deal = advance(PLAYBOOK, deal, stamp("paid"))
    assert opened(deal) == []
    with refused(DocumentError, "all-stages-closed"):
        advance(PLAYBOOK, deal, stamp("more"))


def test_a_target_that_was_opened_before_is_refused_with_the_mend() -> None:
    deal = make_deal(stage=THREE)
    with refused(DocumentError, "stage-already-open", stage=THREE):
        advance(PLAYBOOK, deal, stamp(), to=THREE)
    with refused(DocumentError, "stage-was-closed", stage=ONE):
        advance(PLAYBOOK, deal, stamp(), to=ONE)
    with refused(DocumentError, "stage-behind", stage=ONE):
        advance(PLAYBOOK, make_deal(stage=THREE, stages=()), stamp(), to=ONE)
    with pytest.raises(Unknown):
        advance(PLAYBOOK, deal, stamp(), to="7")


def test_a_reopened_stage_asks_again_for_what_was_overridden() -> None:
    deal = advance(PLAYBOOK, make_deal(), stamp("on"), reason="急")
    deal = gates.reopen_stage(PLAYBOOK, deal, ONE, stamp("back"))
    assert opened(deal) == [ONE, TWO]
    assert gate(PLAYBOOK, deal, ONE).exit.how == "none"
    with refused(GateClosed, "gate-closed-exit"):
        gates.close_stage(PLAYBOOK, deal, ONE, stamp("close"))
    again = gates.close_stage(PLAYBOOK, deal, ONE, stamp("close"), "还是急")
    assert again.stages[ONE].exit.override == "还是急"


def test_with_nothing_open_moving_on_opens_the_first_stage_that_was_never_closed() -> None:
    deal = gates.close_stage(PLAYBOOK, judged(make_deal()), ONE, stamp("close"))
    assert opened(advance(PLAYBOOK, deal, stamp("on"))) == [TWO]
    assert opened(advance(PLAYBOOK, deal, stamp("on"), to=TWO)) == [TWO]
    far = advance(PLAYBOOK, deal, stamp("far"), to=THREE, reason="急")
    assert opened(far) == [TWO, THREE]
    bare = stages.close_stage(make_deal(), ONE, stamp("close"))
    with refused(GateClosed, "gate-closed-entry", stage=TWO):
        advance(PLAYBOOK, bare, stamp("on"))


def test_a_stage_closed_out_of_turn_is_passed_by() -> None:
    deal = make_deal(stage=TWO)
    deal = stages.open_stage(deal, THREE, stamp("open three"))
    deal = stages.close_stage(deal, THREE, stamp("close three"), ("x",), "先做了")
    assert default_target(PLAYBOOK, deal, TWO) is None
    only_closed = advance(PLAYBOOK, deal, stamp("on"), reason="够了")
    assert opened(only_closed) == []
    there = advance(PLAYBOOK, deal, stamp("there"), to=LAST, reason="够了")
    assert opened(there) == [LAST]


def test_a_single_stage_can_be_opened_by_itself() -> None:
    with refused(GateClosed, "gate-closed-entry", stage=THREE):
        gates.open_stage(PLAYBOOK, make_deal(), THREE, stamp())
    deal = with_contact(make_deal(), roles=("designer",), rung="engagement")
    assert opened(gates.open_stage(PLAYBOOK, deal, "3", stamp())) == [ONE, THREE]


def test_a_gate_stays_passed_for_a_deal_that_was_under_way() -> None:
    deal = make_deal(stage=THREE)
    found = gate(PLAYBOOK, deal, THREE)
    assert (found.entry.met, found.entry.how) == (False, "override")
    assert to_move_on(PLAYBOOK, deal, TWO).blocking == ()
    assert to_move_on(PLAYBOOK, deal, THREE).blocking == (Missing("marker", THREE, THREE, "exit"),)


def test_a_company_may_name_other_checks_for_its_markers() -> None:
    changed = trees()
    changed[0]["exit"] = marker("金额", "amount", auto="amount-and-date")
    changed[1]["exit"] = marker("同盟", "an ally", auto="an-ally")
    playbook = build_playbook(stages=changed)
    codes = [one.code for one in gate(playbook, make_deal(), ONE).exit.missing]
    assert codes == ["field:amount", "field:close_on"]
    assert [one.code for one in gate(playbook, make_deal(), TWO).exit.missing] == [
        f"marker:{TWO}/exit"
    ]


def test_open_items_do_not_hold_a_stage_up() -> None:
    deal = items.tick(judged(make_deal()), "network", stamp("tick"))
    step = to_move_on(PLAYBOOK, deal, ONE, TWO)
    assert (step.blocking, step.also_open) == ((), ("guide", "who"))
    assert (step.from_stage, step.to_stage) == (ONE, TWO)


def test_what_was_signed_meets_the_gate_that_asks_for_it() -> None:
    """One fact is typed once: who wins a deal need not show the signature again."""
    playbook = load(packaged())
    keys = [one.key for one in playbook.stages]
    deal = make_deal(stage=keys[4], stages=tuple(keys))
    assert not gate(playbook, deal, keys[4]).exit.met
    won = identity.win(deal, stamp("win"), "合同 7 号")
    assert gate(playbook, won, keys[4]).exit.how == "data"
    assert gate(playbook, won, keys[5]).entry.met
    assert current_stage(playbook, advance(playbook, won, stamp("on"))) == playbook.stages[5]
    confirmed = confirm_marker(playbook, won, keys[4], "exit", stamp("coach", role="coach"))
    assert confirmed.stages[keys[4]].exit.self_confirmed
