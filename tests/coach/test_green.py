"""Nothing is green that is not so: what does not count, what speaks against, and what a coach says of it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from salescoach.coach import gates, review
from salescoach.coach.checks import run, rung_standing, shown_rank
from salescoach.coach.gates import Missing, gate
from salescoach.coach.progress import deal_progress, item_status
from salescoach.coach.tell import missing_text
from salescoach.deal import contacts, items, stages
from salescoach.deal.models import Deal
from salescoach.document.errors import DocumentError, InvalidValue
from salescoach.playbook.lookup import item_of
from salescoach.words import Words
from tests.build import (
    STAGES,
    TODAY,
    claimed_rung,
    climb,
    make_deal,
    refused,
    small_playbook,
    stamp,
    uid,
    with_contact,
)

PLAYBOOK = small_playbook()
ONE, TWO, THREE, LAST = STAGES
LI = uid("李工")


def state(deal: Deal, item: str) -> str:
    return item_status(PLAYBOOK, deal, item_of(PLAYBOOK, item)).state


def engaged() -> Deal:
    return with_contact(make_deal(stage=TWO), roles=("designer",), rung="engagement")


# Rungs


def test_a_rung_needs_what_happened_and_several_at_once_a_reason() -> None:
    deal = with_contact(make_deal())
    for thin in ("", "x", "ok"):
        with refused(InvalidValue, "rung-needs-evidence", contact="李工"):
            contacts.set_rung(deal, LI, climb("acquaintance", thin), stamp("a"))
    with refused(InvalidValue, "reason-needed-rungs", count=2):
        contacts.set_rung(deal, LI, climb("engagement", reason=" "), stamp("a"))
    with refused(InvalidValue, "bad-choice", field="rung"):
        contacts.set_rung(deal, LI, climb("friend"), stamp("a"))
    deal = contacts.set_rung(deal, LI, climb("engagement", reason="老同学"), stamp("a"))
    step = deal.contacts[LI].rungs[uid("a")]
    assert (step.rung, step.who, step.on) == ("engagement", "李工", TODAY)
    assert (step.note, step.reason, step.by) == ("会上当面说的", "老同学", "小周")
    with refused(InvalidValue, "reason-needed-rung-down"):
        contacts.set_rung(deal, LI, climb("acquaintance", reason=""), stamp("b"))
    down = contacts.set_rung(deal, LI, climb("acquaintance", "", "换了部门"), stamp("b"))
    assert down.contacts[LI].rung == "acquaintance"
    assert rung_standing(PLAYBOOK, down.contacts[LI]) == "shown"


def test_a_rung_of_an_older_file_is_claimed_and_opens_no_gate() -> None:
    deal = claimed_rung(with_contact(make_deal(stage=TWO), roles=("designer",)), "confidence")
    check = run("key-contacts-engaged", PLAYBOOK, deal)
    assert (check.met, check.lacking, check.claimed) == (False, ("李工",), (LI,))
    assert rung_standing(PLAYBOOK, deal.contacts[LI]) == "claimed"
    missing = gates.to_move_on(PLAYBOOK, deal, TWO, THREE).blocking
    assert missing == (Missing("proof", LI, THREE, "entry", "李工"),)
    assert "李工" in missing_text(Words("en"), PLAYBOOK, missing[0])
    proof = climb("confidence", "他当众支持我们", "")
    deal = contacts.set_rung(deal, LI, proof, stamp("proof"))
    assert deal.events[uid("proof")].what == "rung-shown"
    assert run("key-contacts-engaged", PLAYBOOK, deal).met


def test_a_claim_above_what_was_shown_counts_as_what_was_shown() -> None:
    deal = engaged()
    high = deal.contacts[LI].but(rung="alliance")
    assert shown_rank(PLAYBOOK, high) == 2
    # A step down ends what was shown above it, whatever somebody then claims.
    down = contacts.set_rung(deal, LI, climb(None, "", "闹翻了"), stamp("down", days=1))
    claimed = down.contacts[LI].but(rung="engagement")
    assert shown_rank(PLAYBOOK, claimed) == 0


# Evidence for and against


def test_evidence_against_contradicts_until_newer_evidence_or_a_coach_settles_it() -> None:
    deal = items.add_evidence(
        make_deal(), "visit", stamp("no"), who="韩雪", note="韩雪不同意双活", against=True
    )
    assert state(deal, "visit") == "contradicted"
    assert not item_status(PLAYBOOK, deal, item_of(PLAYBOOK, "visit")).done
    deal = items.tick(deal, "visit", stamp("tick"))
    assert state(deal, "visit") == "contradicted"
    assert deal_progress(PLAYBOOK, deal).items_done == 0
    older = items.add_evidence(
        deal, "visit", stamp("old", days=1), note="她说过同意", on=TODAY - timedelta(days=9)
    )
    assert state(older, "visit") == "contradicted"
    newer = items.add_evidence(deal, "visit", stamp("yes", days=2), note="韩雪改口同意")
    assert state(newer, "visit") == "evidenced"
    settled = items.confirm(deal, "visit", stamp("ok", days=1, role="coach", by="老陈"))
    assert state(settled, "visit") == "confirmed"
    again = items.add_evidence(
        settled, "visit", stamp("no 2", days=3), note="她又不同意了", against=True
    )
    assert state(again, "visit") == "contradicted"
    assert again.items["visit"].confirmed_by == "老陈"
    gone = items.remove_evidence(again, "visit", uid("no 2"), stamp("drop", days=4))
    assert state(gone, "visit") == "confirmed"
    answered = items.add_evidence(again, "visit", stamp("yes 2", days=4), note="谈开了，同意")
    assert state(answered, "visit") == "evidenced"


def test_an_item_is_not_evidenced_by_evidence_that_is_none() -> None:
    deal = items.add_evidence(make_deal(), "visit", stamp("a"), note="李工带我们看了")
    piece = deal.items["visit"].evidence[uid("a")]
    thin = deal.items["visit"].but(evidence={uid("a"): piece.but(note="x")})
    assert state(deal.but(items={"visit": thin}), "visit") == "claimed"


def test_a_marker_with_evidence_against_is_not_met() -> None:
    deal = stages.add_marker_evidence(engaged(), TWO, "exit", stamp("yes"), note="李工公开支持")
    assert gate(PLAYBOOK, deal, TWO).exit.met
    deal = stages.add_marker_evidence(
        deal, TWO, "exit", stamp("no", days=1), note="王总说没谈过", against=True
    )
    found = gate(PLAYBOOK, deal, TWO).exit
    assert (found.met, found.how) == (False, "against")
    assert found.missing == (Missing("marker", TWO, TWO, "exit"),)
    entry = stages.add_marker_evidence(
        deal, THREE, "entry", stamp("x"), note="没有约出来", against=True
    )
    assert gate(PLAYBOOK, entry, THREE).entry.how == "against"
    coach = stamp("ok", days=2, role="coach", by="老陈")
    settled = review.confirm_marker(PLAYBOOK, deal, TWO, "exit", coach)
    assert gate(PLAYBOOK, settled, TWO).exit.met


# A hand tick beside data


def test_a_hand_tick_where_data_say_two_of_three_is_a_claim_with_that_beside_it() -> None:
    deal = engaged()
    deal = with_contact(deal, "王总", roles=("decision-maker",), rung="engagement")
    deal = with_contact(deal, "赵敏", key=True)
    deal = items.tick(deal, "met", stamp("tick"))
    status = item_status(PLAYBOOK, deal, item_of(PLAYBOOK, "met"))
    assert (status.state, status.by_data, status.backed) == ("claimed", False, False)
    assert (status.detail, status.short) == ("2/3", True)
    assert status.check is not None
    assert status.check.lacking == ("赵敏",)
    bare = item_status(PLAYBOOK, items.untick(deal, "met", stamp("off")), item_of(PLAYBOOK, "met"))
    assert not bare.short


# The four questions


def test_a_yes_without_its_basis_is_refused_and_in_an_older_file_not_counted() -> None:
    with refused(InvalidValue, "basis-needed", question="real"):
        stages.answer(make_deal(), "real", "yes", stamp("a"), "x")
    deal = stages.answer(make_deal(), "real", "yes", stamp("a"), "预算已经批了")
    deal = stages.answer(deal, "winnable", "no", stamp("b"))
    older = deal.answers["real"].but(note="")
    old = deal.but(answers={**deal.answers, "real": older})
    check = run("four-questions", PLAYBOOK, old)
    assert (check.have, check.claimed, check.firm) == (0, ("real",), ("winnable",))
    assert gate(PLAYBOOK, old, ONE).exit.missing == (
        Missing("basis", "real", ONE, "exit"),
        Missing("question", "winnable", ONE, "exit"),
    )


# A coach's verdict on everything


def test_what_data_meet_can_be_confirmed_and_challenged_and_stays_with_the_data() -> None:
    place = item_of(PLAYBOOK, "met")
    deal = engaged()
    assert state(deal, "met") == "evidenced"
    agreed = review.confirm_item(PLAYBOOK, deal, place, stamp("ok", role="coach", by="老陈"))
    assert state(agreed, "met") == "confirmed"
    grown = with_contact(agreed, "王总", roles=("decision-maker",))
    assert state(grown, "met") == "open"
    doubted = review.challenge_item(
        PLAYBOOK, agreed, place, stamp("why", days=1, role="coach", by="老陈"), "哪一次？"
    )
    assert state(doubted, "met") == "open"
    assert doubted.items["met"].challenge == "哪一次？"
    answered = items.add_evidence(doubted, "met", stamp("a", days=2), note="周五一起吃的饭")
    assert state(answered, "met") == "evidenced"
    again = review.confirm_item(PLAYBOOK, doubted, place, stamp("ok 2", days=2, role="coach"))
    assert state(again, "met") == "confirmed"


def test_what_an_earlier_program_stored_as_evidenced_under_a_challenge_is_a_claim() -> None:
    deal = items.add_evidence(make_deal(), "visit", stamp("a"), note="他当面说的")
    doubted = items.challenge(deal, "visit", stamp("c", role="coach"), "哪一次？")
    kept = doubted.items["visit"].model_copy(update={"state": "evidenced"})
    stored = doubted.model_copy(update={"items": {**doubted.items, "visit": kept}})
    assert state(deal, "visit") == "evidenced"
    assert state(stored, "visit") == "claimed"


def test_a_challenged_marker_is_not_met_until_it_is_answered() -> None:
    deal = stages.add_marker_evidence(engaged(), TWO, "exit", stamp("yes"), note="李工公开支持")
    doubted = review.challenge_marker(
        PLAYBOOK, deal, TWO, "exit", stamp("why", days=1, role="coach", by="老陈"), "王总呢？"
    )
    found = gate(PLAYBOOK, doubted, TWO).exit
    assert (found.met, found.how, found.challenge) == (False, "challenged", "王总呢？")
    answered = stages.add_marker_evidence(
        doubted, TWO, "exit", stamp("more", days=2), note="王总也点了头"
    )
    assert gate(PLAYBOOK, answered, TWO).exit.met
    agreed = review.confirm_marker(
        PLAYBOOK, doubted, TWO, "exit", stamp("ok", days=2, role="coach", by="老陈")
    )
    assert gate(PLAYBOOK, agreed, TWO).exit.met
    with refused(DocumentError, "challenge-marker-open"):
        review.challenge_marker(
            PLAYBOOK, make_deal(), TWO, "exit", stamp("w", role="coach"), "凭什么？"
        )


def test_a_verdict_on_an_entry_that_repeats_an_exit_is_one_on_both() -> None:
    deal = stages.add_marker_evidence(
        make_deal(stage=THREE), LAST, "entry", stamp("spec"), document="需求书 v3"
    )
    doubted = review.challenge_marker(
        PLAYBOOK, deal, LAST, "entry", stamp("why", days=1, role="coach"), "谁签的？"
    )
    found = gate(PLAYBOOK, doubted, LAST).entry
    assert (found.met, found.how) == (False, "challenged")
    assert not gate(PLAYBOOK, doubted, THREE).exit.met
    answered = stages.add_marker_evidence(
        doubted, LAST, "entry", stamp("signed", days=2), note="王总签了字"
    )
    assert gate(PLAYBOOK, answered, THREE).exit.met


def test_a_challenged_rung_falls_back_to_what_was_shown_before() -> None:
    deal = engaged()
    deal = contacts.set_rung(deal, LI, climb("confidence"), stamp("up", days=1))
    doubted = contacts.challenge_rung(
        deal, LI, stamp("why", days=2, role="coach", by="老陈"), "他支持什么了？"
    )
    who = doubted.contacts[LI]
    assert (shown_rank(PLAYBOOK, who), rung_standing(PLAYBOOK, who)) == (2, "challenged")
    agreed = contacts.confirm_rung(doubted, LI, stamp("ok", days=3, role="coach", by="老陈"))
    assert shown_rank(PLAYBOOK, agreed.contacts[LI]) == 3
    more = contacts.set_rung(doubted, LI, climb("confidence"), stamp("more", days=3))
    assert shown_rank(PLAYBOOK, more.contacts[LI]) == 3
    with refused(DocumentError, "rung-none"):
        contacts.confirm_rung(with_contact(make_deal()), LI, stamp("ok", role="coach"))
    with refused(DocumentError, "coach-only"):
        contacts.confirm_rung(deal, LI, stamp("ok"))


def test_a_coach_can_vouch_for_a_rung_of_an_older_file() -> None:
    deal = claimed_rung(with_contact(make_deal(), roles=("designer",)), "engagement")
    agreed = contacts.confirm_rung(deal, LI, stamp("ok", role="coach", by="老陈"))
    assert run("key-contacts-engaged", PLAYBOOK, agreed).met
    assert not next(iter(agreed.contacts[LI].rungs.values())).self_confirmed


@pytest.mark.parametrize(("by", "own"), [("小周", True), (" 小周", True), ("老陈", False)])
def test_confirming_what_one_claimed_oneself_is_marked(by: str, own: bool) -> None:
    doing = stamp("ok", days=1, role="coach", by=by)
    ticked = items.confirm(items.tick(make_deal(), "visit", stamp("tick")), "visit", doing)
    assert ticked.items["visit"].self_confirmed is own
    assert ticked.timeline[doing.id].about.get("itself") == ("yes" if own else None)
    backed = items.add_evidence(make_deal(), "visit", stamp("e"), note="李工带我们看了")
    assert items.confirm(backed, "visit", doing).items["visit"].self_confirmed is own
    by_data = review.confirm_item(PLAYBOOK, engaged(), item_of(PLAYBOOK, "met"), doing)
    assert by_data.items["met"].self_confirmed is own
    rung = contacts.confirm_rung(engaged(), LI, doing).contacts[LI]
    assert [step.self_confirmed for step in rung.rungs.values()] == [own]
    marked = stages.add_marker_evidence(engaged(), TWO, "exit", stamp("m"), note="李工公开支持")
    exit_ = review.confirm_marker(PLAYBOOK, marked, TWO, "exit", doing).stages[TWO].exit
    assert exit_.self_confirmed is own
