"""An item is claimed, backed, confirmed or challenged, or set aside, and never loses its evidence by the way."""

from __future__ import annotations

from datetime import timedelta

from salescoach.deal import items
from salescoach.document.errors import DocumentError, InvalidValue, NotThere
from tests.build import NOW, TODAY, make_deal, refused, stamp, uid


def test_a_tick_is_a_claim_until_evidence_backs_it_and_a_coach_confirms() -> None:
    deal = items.tick(make_deal(), "visit", stamp("tick"))
    assert deal.items["visit"].state == "claimed"
    assert items.tick(deal, "visit", stamp("tick again")) is deal
    deal = items.add_evidence(deal, "visit", stamp("proof"), who="李工", note="参观了\n工厂")
    assert deal.items["visit"].state == "evidenced"
    assert deal.items["visit"].evidence[uid("proof")].on == TODAY
    assert deal.timeline[uid("proof")].about["text"] == "参观了 工厂"
    deal = items.confirm(deal, "visit", stamp("ok", role="coach", by="老陈"))
    state = deal.items["visit"]
    assert (state.state, state.confirmed_by, state.confirmed_at) == ("confirmed", "老陈", NOW)
    assert items.confirm(deal, "visit", stamp("ok 2", role="coach")) is deal
    more = items.add_evidence(deal, "visit", stamp("more"), document="签到表")
    assert more.items["visit"].state == "confirmed"


def test_unticking_keeps_the_evidence_and_ticking_again_finds_it() -> None:
    deal = items.add_evidence(make_deal(), "visit", stamp("proof"), who="李工", note="当面说的")
    deal = items.untick(deal, "visit", stamp("off"))
    assert deal.items["visit"].state == "open"
    assert uid("proof") in deal.items["visit"].evidence
    assert items.untick(deal, "visit", stamp("off 2")) is deal
    assert items.tick(deal, "visit", stamp("on")).items["visit"].state == "evidenced"


def test_evidence_says_something_of_a_day_that_has_come() -> None:
    for thin in (
        {"who": "李工"},
        {"note": "x"},
        {"note": " \x00 \n"},
        {"note": "。。。。"},
        {"document": "a"},
    ):
        with refused(InvalidValue, "evidence-thin"):
            items.add_evidence(make_deal(), "visit", stamp(), **thin)  # type: ignore[arg-type]
    for day in (1, 2):
        with refused(InvalidValue, "date-to-come"):
            items.add_evidence(
                make_deal(), "visit", stamp(), note="当面说的", on=TODAY + timedelta(days=day)
            )
    deal = items.add_evidence(make_deal(), "visit", stamp(), note="签字了", on=TODAY)
    assert deal.items["visit"].evidence[uid("doing")].on == TODAY


def test_without_its_last_evidence_an_item_is_a_claim_again() -> None:
    deal = items.add_evidence(make_deal(), "visit", stamp("a"), who="李工", note="当面说的")
    deal = items.add_evidence(deal, "visit", stamp("b"), who="王总", note="当面说的")
    deal = items.confirm(deal, "visit", stamp("ok", role="coach"))
    one = items.remove_evidence(deal, "visit", uid("a"), stamp("drop a"))
    assert one.items["visit"].state == "confirmed"
    none = items.remove_evidence(one, "visit", uid("b"), stamp("drop b"))
    assert (none.items["visit"].state, none.items["visit"].confirmed_at) == ("claimed", None)
    with refused(NotThere, "evidence-unknown", item="visit"):
        items.remove_evidence(none, "visit", uid("b"), stamp("drop c"))
    unticked = items.untick(one, "visit", stamp("off"))
    bare = items.remove_evidence(unticked, "visit", uid("b"), stamp("drop d"))
    assert bare.items["visit"].state == "open"


def test_only_a_coach_confirms_or_challenges_and_only_what_is_claimed() -> None:
    claimed = items.tick(make_deal(), "visit", stamp("tick"))
    with refused(DocumentError, "coach-only"):
        items.confirm(claimed, "visit", stamp())
    with refused(DocumentError, "coach-only"):
        items.challenge(claimed, "visit", stamp(), "怎么知道")
    with refused(DocumentError, "confirm-open"):
        items.confirm(make_deal(), "visit", stamp(role="coach"))
    with refused(DocumentError, "challenge-open"):
        items.challenge(make_deal(), "visit", stamp(role="coach"), "怎么知道")
    with refused(InvalidValue, "reason-needed-challenge"):
        items.challenge(claimed, "visit", stamp(role="coach"), "  ")


def test_a_challenge_goes_one_step_back_and_is_answered_by_new_evidence() -> None:
    deal = items.add_evidence(make_deal(), "visit", stamp("a"), who="李工", note="当面说的")
    deal = items.challenge(deal, "visit", stamp("c1", role="coach"), "谁在场？")
    assert (deal.items["visit"].state, deal.items["visit"].challenge) == ("claimed", "谁在场？")
    assert deal.timeline[uid("c1")].about["reason"] == "谁在场？"
    lower = items.challenge(deal, "visit", stamp("c2", role="coach"), "还是没说")
    assert lower.items["visit"].state == "open"
    answered = items.add_evidence(lower, "visit", stamp("b"), document="签到表")
    assert (answered.items["visit"].state, answered.items["visit"].challenge) == ("evidenced", "")


def test_a_tick_is_no_answer_to_a_challenge() -> None:
    deal = items.add_evidence(make_deal(), "visit", stamp("e1"), note="李工来过我们公司")
    deal = items.challenge(deal, "visit", stamp("c1", role="coach"), "谁在场？")
    deal = items.tick(items.untick(deal, "visit", stamp("u1")), "visit", stamp("t1"))
    assert (deal.items["visit"].state, deal.items["visit"].challenge) == ("claimed", "谁在场？")
    answered = items.add_evidence(deal, "visit", stamp("e2"), note="王总也在场")
    assert (answered.items["visit"].state, answered.items["visit"].challenge) == ("evidenced", "")


def test_not_applicable_needs_a_reason_and_can_be_taken_back() -> None:
    with refused(InvalidValue, "reason-needed-na"):
        items.not_applicable(make_deal(), "tender", stamp(), "")
    deal = items.not_applicable(make_deal(), "tender", stamp("na"), "直接采购")
    assert (deal.items["tender"].state, deal.items["tender"].reason) == (
        "not_applicable",
        "直接采购",
    )
    back = items.tick(deal, "tender", stamp("tick"))
    assert (back.items["tender"].state, back.items["tender"].reason) == ("claimed", "")


def test_a_text_that_cannot_be_a_key_never_gets_into_the_document() -> None:
    with refused(InvalidValue, "bad-key", field="item"):
        items.tick(make_deal(), "../x", stamp())
