"""Two deals walked through the packaged method from the first call to the last payment."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from salescoach.coach import gates
from salescoach.coach.advice import all_advice, next_steps
from salescoach.coach.progress import current_stage, deal_progress, item_status, open_stages
from salescoach.coach.summary import summarise
from salescoach.coach.tell import advice_text, event_text
from salescoach.deal import actions, contacts, identity, items, phases, stages
from salescoach.deal.errors import GateClosed
from salescoach.deal.models import Deal
from salescoach.deal.parts import PlaybookRef
from salescoach.document.stamp import Stamp
from salescoach.playbook.load import load, packaged
from salescoach.playbook.lookup import items_for, stage_of
from salescoach.playbook.models import DealKind, Playbook
from salescoach.words import LANGS, Words
from tests.build import NOW, TODAY, climb, make_customer, stamp, uid


@pytest.fixture(scope="module")
def cuilong() -> Playbook:
    return load(packaged())


def start(playbook: Playbook, kind: DealKind, stage: str = "customer-analysis") -> Deal:
    return identity.create(
        id=uid("story"),
        name="CRM 升级",
        customer=make_customer(),
        playbook=PlaybookRef(id=playbook.id, version=playbook.version),
        stamp=stamp("start"),
        kind=kind,
        stages=tuple(one.key for one in playbook.stages),
        open_stage=stage,
    )


def work(playbook: Playbook, deal: Deal, stage_key: str, day: int) -> Deal:
    """Bring evidence for everything of a stage that applies and is still open."""
    for move in stage_of(playbook, stage_key).moves:
        for item in items_for(move, deal.kind):
            if not item_status(playbook, deal, playbook.places[item.key]).done:
                doing = stamp(f"{item.key}", days=day)
                deal = items.add_evidence(deal, item.key, doing, who="李工", note="会上说的")
    return deal


def test_a_large_deal_from_the_first_call_to_the_last_payment(cuilong: Playbook) -> None:
    deal = start(cuilong, "complex")
    assert next_steps(cuilong, deal, TODAY).step is not None
    deal = identity.edit(deal, stamp("money"), amount=Decimal(1_200_000), close_on=TODAY)
    li: dict[str, Any] = {
        "roles": ("designer",),
        "level": "manager",
        "function": "technical",
        "guide": True,
    }
    deal = contacts.add(deal, stamp("li"), name="李工", **li)
    deal = work(cuilong, deal, "customer-analysis", 1)
    with pytest.raises(GateClosed) as caught:
        gates.advance(cuilong, deal, stamp("too early", days=1))
    assert len(caught.value.missing) == 4
    for question in cuilong.tools.opportunity.questions:
        deal = stages.answer(deal, question.key, "yes", stamp(question.key, days=1), "李工说的")
    assert "gate-ready" in {one.rule for one in all_advice(cuilong, deal, TODAY)}
    deal = gates.advance(cuilong, deal, stamp("to 2", days=2))

    deal = phases.set_phase(deal, "purchase-design", stamp("phase", days=2))
    step = all_advice(cuilong, deal, TODAY)[0]
    assert (step.rule, step.contact) == ("key-person-cold", uid("li"))
    deal = contacts.set_rung(deal, uid("li"), climb("engagement"), stamp("dinner", days=3))
    deal = gates.advance(cuilong, deal, stamp("to 3", days=3))
    assert [one.key for one in open_stages(cuilong, deal)] == ["building-trust", "uncovering-needs"]

    deal = work(cuilong, deal, "uncovering-needs", 10)
    deal = stages.add_marker_evidence(
        deal, "uncovering-needs", "exit", stamp("spec", days=11), document="需求书 v3"
    )
    deal = gates.advance(cuilong, deal, stamp("to 4", days=11))
    deal = contacts.set_rung(deal, uid("li"), climb("alliance"), stamp("ally", days=15))
    deal = stages.add_marker_evidence(
        deal, "building-trust", "exit", stamp("trust", days=15), who="李工", note="公开支持我们"
    )
    deal = gates.close_stage(cuilong, deal, "building-trust", stamp("close 2", days=15))

    for number, key in enumerate(("presenting-value", "winning-commitment", "follow-up"), 4):
        deal = work(cuilong, deal, key, number * 10)
        proof = stamp(f"proof {key}", days=number * 10)
        deal = stages.add_marker_evidence(deal, key, "exit", proof, who="王总", note="当面说了")
        if key == "winning-commitment":
            deal = identity.win(deal, stamp("win", days=number * 10), "合同 12 号")
        deal = gates.advance(cuilong, deal, stamp(f"on from {key}", days=number * 10))
    deal = work(cuilong, deal, "building-trust", 70)

    assert current_stage(cuilong, deal) is None
    progress = deal_progress(cuilong, deal)
    assert (progress.moves_done, progress.moves_total) == (24, 24)
    assert progress.items_done == progress.items_total == progress.backed
    assert not any(record.exit.override for record in deal.stages.values())
    assert next_steps(cuilong, deal, TODAY + timedelta(days=90)).step is None
    assert summarise(cuilong, deal)["moves_done"] == 24
    again = Deal.model_validate_json(deal.model_dump_json(by_alias=True))
    assert again.beside(deal.customer_record) == deal
    for lang in LANGS:
        told = [event_text(Words(lang), cuilong, event) for event in deal.timeline.values()]
        assert all(line and "{" not in line for line in told)


def test_a_simple_deal_has_no_negotiation_and_skips_ahead_with_a_reason(cuilong: Playbook) -> None:
    deal = start(cuilong, "simple")
    negotiation = deal_progress(cuilong, deal).of("winning-commitment").moves[3]
    assert not negotiation.applies
    assert deal_progress(cuilong, deal).moves_total == 23
    deal = gates.advance(cuilong, deal, stamp("jump"), to="5", reason="老客户当场下单")
    assert current_stage(cuilong, deal) == cuilong.stages[4]
    assert deal.stages["presenting-value"].exit.override == "老客户当场下单"
    waiting = summarise(cuilong, deal)
    assert waiting["stage_moves_total"] == 3


def test_a_coach_walks_a_deal_under_way_with_a_trainee(cuilong: Playbook) -> None:
    deal = start(cuilong, "complex", "presenting-value")
    coach = Stamp(NOW, "老陈", "coach", uid("challenge"))
    first = cuilong.stages[3].moves[0].items[0].key
    deal = items.tick(deal, first, stamp("tick"))
    deal = items.challenge(deal, first, coach, "哪位联系人认可这条优势？")
    deal = actions.add(
        deal, stamp("promise"), "问李工", TODAY + timedelta(days=2), "小周", "李工", first
    )
    assert deal.timeline[uid("challenge")].role == "coach"
    late = next_steps(cuilong, deal, TODAY + timedelta(days=3)).promised
    assert late is not None
    assert (late.rule, late.item) == ("overdue-action", first)
    for lang in LANGS:
        text, why = advice_text(Words(lang), cuilong, late)
        assert "问李工" in text
        assert "2.3" in why
