"""Stages are opened, closed and reopened; what was missing goes on record with the reason."""

from __future__ import annotations

import pytest

from salescoach.deal import stages
from salescoach.deal.errors import GateClosed
from salescoach.document.errors import DocumentError, InvalidValue
from tests.build import NOW, make_deal, refused, stamp, uid


def test_what_is_missing_holds_a_stage_up_until_a_reason_is_given() -> None:
    missing = ("question:real", "question:winnable")
    with pytest.raises(GateClosed) as caught:
        stages.close_stage(make_deal(), "customer-analysis", stamp(), missing, " ")
    assert caught.value.code == "gate-closed-exit"
    assert caught.value.missing == missing
    deal = stages.close_stage(
        make_deal(), "customer-analysis", stamp("go"), missing, "老客户\n续签"
    )
    record = deal.stages["customer-analysis"]
    assert record.closed == NOW
    assert (record.exit.override, record.exit.override_missing) == ("老客户\n续签", missing)
    assert deal.timeline[uid("go")].about == {
        "stage": "customer-analysis",
        "reason": "老客户 续签",
        "missing": "question:real question:winnable",
    }


def test_a_reason_without_anything_missing_is_not_put_on_record() -> None:
    deal = stages.close_stage(make_deal(), "customer-analysis", stamp(), (), "想关")
    assert deal.stages["customer-analysis"].exit.override == ""
    assert deal.timeline[uid("doing")].what == "stage-closed"


def test_each_refusal_names_the_stage() -> None:
    deal = make_deal()
    with refused(DocumentError, "stage-already-open", stage="customer-analysis"):
        stages.open_stage(deal, "customer-analysis", stamp())
    with refused(DocumentError, "stage-not-open", stage="follow-up"):
        stages.close_stage(deal, "follow-up", stamp())
    with refused(DocumentError, "stage-not-closed", stage="follow-up"):
        stages.reopen_stage(deal, "follow-up", stamp())
    closed = stages.close_stage(deal, "customer-analysis", stamp("close"))
    with refused(DocumentError, "stage-was-closed", stage="customer-analysis"):
        stages.open_stage(closed, "customer-analysis", stamp())
    with refused(DocumentError, "stage-not-open", stage="customer-analysis"):
        stages.close_stage(closed, "customer-analysis", stamp())


def test_a_reopened_stage_counts_its_days_anew_and_keeps_its_record() -> None:
    deal = stages.close_stage(make_deal(), "customer-analysis", stamp("close"), ("x",), "急")
    deal = stages.reopen_stage(deal, "customer-analysis", stamp("again", days=5), "机会变了")
    record = deal.stages["customer-analysis"]
    assert (record.opened, record.closed, record.since) == (NOW, None, stamp(days=5).at)
    assert record.exit.override == "急"
    assert stages.reopen_stage(deal, "customer-analysis", stamp("again", days=5)) is deal


def test_marker_evidence_can_come_before_the_stage_is_open() -> None:
    deal = stages.add_marker_evidence(
        make_deal(), "follow-up", "entry", stamp(), who="王总", note="当面说的"
    )
    assert deal.stages["follow-up"].entry.evidence[uid("doing")].who == "王总"
    assert not deal.stages["follow-up"].is_open
    with refused(InvalidValue, "evidence-thin"):
        stages.add_marker_evidence(deal, "follow-up", "exit", stamp("b"))


def test_an_answer_can_change_and_the_same_answer_leaves_no_trace() -> None:
    deal = stages.answer(make_deal(), "real", "unsure", stamp("a"))
    assert stages.answer(deal, "real", "unsure", stamp("b")) is deal
    deal = stages.answer(deal, "real", "yes", stamp("c"), "立项了")
    assert deal.answers["real"].answer == "yes"
    assert deal.timeline[uid("c")].about["before"] == "unsure"
    with refused(InvalidValue, "bad-choice", field="answer", value="maybe"):
        stages.answer(deal, "real", "maybe", stamp("d"))  # type: ignore[arg-type]
