"""The coach finds the one step that matters, says why, and keeps quiet where there is nothing to say."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from salescoach.coach.advice import all_advice, coming, next_steps
from salescoach.coach.findings import ORDER, Advice
from salescoach.coach.gates import follow_up
from salescoach.coach.summary import summarise
from salescoach.coach.tell import advice_text
from salescoach.deal import actions, contacts, identity, items, phases, stages
from salescoach.deal.models import Deal
from salescoach.words import LANGS, Words
from tests.build import STAGES, TODAY, climb, make_deal, small_playbook, stamp, uid, with_contact

PLAYBOOK = small_playbook()
ONE, TWO, THREE, LAST = STAGES
NEXT_MONTH = TODAY + timedelta(days=31)


def rules(deal: Deal, today: date = TODAY) -> list[str]:
    return [one.rule for one in all_advice(PLAYBOOK, deal, today)]


def next_step(deal: Deal, today: date = TODAY) -> Advice | None:
    return next_steps(PLAYBOOK, deal, today).step


def planned(deal: Deal) -> Deal:
    return actions.add(deal, stamp("plan"), "约李工", TODAY + timedelta(days=3))


def test_a_new_deal_is_told_to_plan_then_where_to_start() -> None:
    assert rules(make_deal()) == ["no-next-action", "next-item", "gate-missing", "no-key-contacts"]
    step = next_step(make_deal())
    assert step is not None
    assert (step.move, step.item) == ("develop-guides", "guide")
    first = next_step(planned(make_deal()))
    assert first is not None
    assert (first.rule, first.move, first.item) == ("next-item", "develop-guides", "guide")


def test_what_was_promised_and_is_late_comes_first() -> None:
    deal = actions.add(make_deal(), stamp("late"), "回访王工", TODAY - timedelta(days=2))
    assert "overdue-action" not in rules(deal, TODAY - timedelta(days=2))
    assert rules(deal)[0] == "overdue-action"
    steps = next_steps(PLAYBOOK, deal, TODAY)
    late = steps.promised
    assert late is not None
    assert (late.rule, late.severity, late.params["days"]) == ("overdue-action", "alert", "2")
    assert steps.step is not None
    assert steps.step.rule == "next-item"
    text, why = advice_text(Words("zh"), PLAYBOOK, late)
    assert "回访王工" in text
    assert "2.2 信赖" in why


def test_a_close_date_in_the_past_is_an_alert_for_an_open_deal() -> None:
    deal = identity.edit(make_deal(), stamp("e"), close_on=TODAY - timedelta(days=1))
    assert rules(deal)[0] == "close-date-past"
    assert "close-date-past" not in rules(identity.win(deal, stamp("w"), "合同"))


def test_a_deal_without_an_entry_for_some_days_is_stalled() -> None:
    deal = planned(make_deal())
    assert "stalled" not in rules(deal, TODAY + timedelta(days=13))
    assert "stalled" in rules(deal, TODAY + timedelta(days=14))
    quiet = all_advice(PLAYBOOK, deal, TODAY + timedelta(days=3), stalled_days=3)
    assert [one.params["days"] for one in quiet if one.rule == "stalled"] == ["3"]
    bare = deal.but(timeline={})
    assert "stalled" in rules(bare, NEXT_MONTH)


def test_the_key_person_of_the_buying_phase_is_looked_for_then_warmed_up() -> None:
    deal = planned(make_deal(stage=THREE))
    assert "phase-unset" in rules(deal)
    deal = phases.set_phase(deal, "purchase-design", stamp("phase"))
    assert rules(deal)[:2] == ["key-person-unknown", "no-key-contacts"]
    deal = with_contact(deal, roles=("designer",), rung="acquaintance")
    step = next_step(deal)
    assert step is not None
    assert (step.rule, step.contact, step.move) == ("key-person-cold", uid("李工"), "engagement")
    text, why = advice_text(Words("zh"), PLAYBOOK, step)
    assert "和 设计者 李工 从“认识”走到“约会”" in text
    assert "采购设计" in why
    assert "2.1 约会" in why
    warm = contacts.set_rung(deal, uid("李工"), climb("engagement"), stamp("warm"))
    assert not {"key-person-cold", "key-person-unknown"} & set(rules(warm))


def test_a_key_person_who_is_a_stranger_is_called_one() -> None:
    deal = phases.set_phase(make_deal(), "purchase-design", stamp("phase"))
    cold = all_advice(PLAYBOOK, with_contact(deal, roles=("designer",)), TODAY)[0]
    assert "陌生" in advice_text(Words("zh"), PLAYBOOK, cold)[0]


def test_a_gate_that_is_ready_says_move_on() -> None:
    deal = stages.answer(planned(make_deal()), "real", "yes", stamp("a"), "当面说的")
    missing = next(one for one in all_advice(PLAYBOOK, deal, TODAY) if one.rule == "gate-missing")
    assert missing.params["missing"] == "question:winnable"
    deal = stages.answer(deal, "winnable", "yes", stamp("b"), "当面说的")
    step = next_step(deal)
    assert step is not None
    assert (step.rule, step.params) == ("gate-ready", {"stage": ONE, "next_stage": TWO})


def test_stage_three_is_offered_beside_stage_two_and_two_is_closed_when_it_can_be() -> None:
    deal = planned(make_deal(stage=TWO))
    deal = with_contact(deal, roles=("designer",), rung="engagement")
    assert "gate-beside" in rules(deal)
    deal = stages.open_stage(deal, THREE, stamp("three"))
    assert "gate-close" not in rules(deal)
    deal = stages.add_marker_evidence(
        deal, TWO, "exit", stamp("trust"), who="李工", note="当面说的"
    )
    close = next(one for one in all_advice(PLAYBOOK, deal, TODAY) if one.rule == "gate-close")
    assert close.params == {"stage": TWO}


def test_a_key_contact_who_holds_the_gate_up_is_named() -> None:
    deal = with_contact(planned(make_deal(stage=TWO)), "[/]李工", roles=("designer",))
    found = next(one for one in all_advice(PLAYBOOK, deal, TODAY) if one.rule == "gate-missing")
    assert found.contact == uid("[/]李工")
    assert "[/]李工" in advice_text(Words("en"), PLAYBOOK, found)[0]


def test_with_nothing_open_the_next_stage_is_offered() -> None:
    deal = stages.close_stage(planned(make_deal()), ONE, stamp("close"), ("x",), "急")
    assert "gate-open" in rules(deal)
    bare = stages.close_stage(planned(make_deal()), ONE, stamp("close"))
    assert "gate-open" not in rules(bare)
    assert "gate-missing" in rules(bare)


def test_claims_without_evidence_are_counted() -> None:
    deal = items.tick(planned(make_deal()), "network", stamp("a"))
    deal = items.tick(deal, "visit", stamp("b"))
    deal = items.tick(deal, "dropped", stamp("c"))
    found = next(one for one in all_advice(PLAYBOOK, deal, TODAY) if one.rule == "claims-unbacked")
    assert (found.params["count"], found.item) == ("2", "network")
    simple = items.tick(planned(make_deal(kind="simple")), "tender", stamp("d"))
    assert "claims-unbacked" not in rules(simple)


def test_lost_and_archived_deals_are_left_alone_and_nurture_only_keeps_its_day() -> None:
    deal = actions.add(make_deal(), stamp("late"), "回访", TODAY - timedelta(days=2))
    assert rules(identity.lose(deal, stamp("l"), "价格")) == []
    assert rules(identity.archive(deal, stamp("a"))) == []
    kept = identity.nurture(make_deal(), stamp("n"), revisit_on=NEXT_MONTH)
    assert rules(kept) == []
    before = NEXT_MONTH - timedelta(days=1)
    assert rules(kept, before) == []
    assert rules(kept, NEXT_MONTH) == ["revisit-due"]
    assert next_step(kept) is None
    assert rules(identity.nurture(deal, stamp("n"))) == ["overdue-action"]


def test_a_won_deal_goes_on_to_its_last_stage_until_everything_is_closed() -> None:
    deal = identity.win(make_deal(stage=LAST), stamp("w"), "合同")
    assert rules(deal) == ["no-next-action", "next-item", "gate-missing"]
    assert follow_up(PLAYBOOK, deal)
    deal = items.tick(planned(deal), "paid", stamp("t"))
    deal = stages.add_marker_evidence(deal, LAST, "exit", stamp("m"), document="回单")
    assert rules(deal)[0] == "gate-close"
    closed = stages.close_stage(
        items.add_evidence(deal, "paid", stamp("p"), who="x", note="当面说的"), LAST, stamp("c")
    )
    assert rules(closed) == []
    assert follow_up(PLAYBOOK, closed)  # the action is still open
    closed = actions.done(closed, uid("plan"), stamp("d"))
    assert not follow_up(PLAYBOOK, closed)
    assert summarise(PLAYBOOK, closed)["stage_number"] == 4
    assert [said for _, said in summarise(PLAYBOOK, closed)["step"]] == [None]
    assert "stalled" not in rules(identity.reopen(closed, stamp("r")), NEXT_MONTH)


def test_a_won_deal_is_followed_up_whatever_stage_it_was_in() -> None:
    """An angry complaint and an unpaid bill are work, also where the stages were not kept up with the signature."""
    deal = identity.win(make_deal(stage=TWO), stamp("w"), "合同")
    assert follow_up(PLAYBOOK, deal)
    step = next_step(deal)
    assert step is not None
    assert step.params["stage"] == LAST
    assert not {"nurture"} & {one.way for one in all_advice(PLAYBOOK, deal, NEXT_MONTH)}
    passed = stages.close_stage(
        stages.open_stage(deal, LAST, stamp("o"), ("x",), "录入"),
        LAST,
        stamp("c"),
        ("x",),
        "合同终止",
    )
    assert follow_up(PLAYBOOK, passed)  # "paid" is open
    assert next_step(passed) is not None
    assert not follow_up(PLAYBOOK, items.not_applicable(passed, "paid", stamp("n"), "合同终止"))
    assert not follow_up(PLAYBOOK, identity.archive(deal, stamp("a")))


def situations() -> dict[str, Deal]:
    """Deals that between them meet every rule."""
    late = actions.add(make_deal(), stamp("late"), "回访{x}", TODAY - timedelta(days=2))
    late = identity.edit(late, stamp("e"), close_on=TODAY - timedelta(days=1))
    cold = phases.set_phase(make_deal(stage=THREE), "purchase-design", stamp("p"))
    ready = stages.answer(make_deal(), "real", "yes", stamp("a"), "当面说的")
    ready = stages.answer(ready, "winnable", "yes", stamp("b"), "当面说的")
    beside = with_contact(make_deal(stage=TWO), roles=("designer",), rung="engagement")
    done = stages.open_stage(beside, THREE, stamp("three"))
    return {
        "late": late,
        "nurture": identity.nurture(make_deal(), stamp("n"), revisit_on=TODAY),
        "unknown": cold,
        "cold": with_contact(cold, roles=("designer",)),
        "ready": ready,
        "beside": beside,
        "close": stages.add_marker_evidence(
            done, TWO, "exit", stamp("t"), who="李工", note="当面说的"
        ),
        "open": stages.close_stage(ready, ONE, stamp("c")),
        "claims": items.tick(make_deal(stage=TWO), "visit", stamp("v")),
    }


@pytest.mark.parametrize("today", [TODAY, NEXT_MONTH])
def test_every_rule_is_told_in_both_languages_with_its_reason(today: date) -> None:
    met: set[str] = set()
    for deal in situations().values():
        found = all_advice(PLAYBOOK, deal, today)
        met |= {one.rule for one in found}
        for one in found:
            told = [advice_text(Words(lang), PLAYBOOK, one) for lang in LANGS]
            assert all(text and why and "{" not in why for text, why in told)
            assert told[0] != told[1]
    assert met | {"stalled"} == set(ORDER)


def test_a_summary_does_not_know_the_day() -> None:
    deal = situations()["cold"]
    summary = summarise(PLAYBOOK, deal)
    assert set(summary) == {
        "stage",
        "stage_number",
        "stage_since",
        "moves_done",
        "moves_total",
        "stage_moves_done",
        "stage_moves_total",
        "items_done",
        "items_total",
        "buying_phase",
        "follow_up",
        "stalled_on",
        "promised",
        "step",
        "told",
    }
    assert (summary["stage"], summary["stage_number"]) == (THREE, 3)
    assert summary["stage_since"] == TODAY.isoformat()
    assert summary["stalled_on"] == (TODAY + timedelta(days=14)).isoformat()
    assert summary["promised"] == [("", None)]
    assert [said["rule"] for _, said in summary["step"]][:2] == ["key-person-cold"] * 2


@pytest.mark.parametrize("name", situations())
def test_what_comes_is_what_is_said_on_each_day(name: str) -> None:
    """The index keeps what changes and when: on every day it is what is worked out on that day."""
    deal = situations()[name]
    ahead = coming(PLAYBOOK, deal)
    changes = 0
    for days in range(-5, 90):
        today = TODAY + timedelta(days=days)
        steps = next_steps(PLAYBOOK, deal, today)
        for schedule, said in ((ahead.promised, steps.promised), (ahead.step, steps.step)):
            kept = [one for day, one in schedule if day <= today][-1]
            changes += len(schedule) - 1
            assert (kept is None) == (said is None)
            if kept is not None and said is not None:
                counted = {key: str(max(0, (today - day).days)) for key, day in kept.counts.items()}
                assert kept.params | counted == said.params
                assert (kept.rule, kept.way, kept.item) == (said.rule, said.way, said.item)
    assert changes


def test_a_stage_never_opened_has_no_since() -> None:
    deal = stages.close_stage(make_deal(), ONE, stamp("close"))
    assert summarise(PLAYBOOK, deal)["stage_since"] == ""
