"""Advice names a step that can be taken as things stand, and another one when that goes unanswered."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from typing import Any

import pytest

from salescoach.coach.advice import all_advice, next_steps
from salescoach.coach.findings import PATIENCE_DAYS, Advice
from salescoach.coach.tell import advice_text
from salescoach.deal import actions, contacts, identity, items, notes, phases, stages
from salescoach.deal.models import Deal
from salescoach.deal.parts import PlaybookRef
from salescoach.playbook.load import load, packaged
from salescoach.playbook.lookup import rung_rank
from salescoach.playbook.models import Playbook
from salescoach.words import LANGS, Words
from tests.build import TODAY, climb, make_customer, stamp, uid, with_contact

WEEKS = 6
LONGEST = 17
"""Days for which one sentence may stand: patience, and a day that was agreed on meanwhile."""


@pytest.fixture(scope="module")
def cuilong() -> Playbook:
    return load(packaged())


def make(playbook: Playbook, stage: int = 2) -> Deal:
    keys = tuple(one.key for one in playbook.stages)
    return identity.create(
        id=uid("reachable"),
        name="CRM 升级",
        customer=make_customer(),
        playbook=PlaybookRef(id=playbook.id, version=playbook.version),
        stamp=stamp("start"),
        stages=keys,
        open_stage=keys[stage - 1],
    )


def person(deal: Deal, name: str, *roles: str, boss: str = "", **more: object) -> Deal:
    fields: dict[str, Any] = more | ({"reports_to": uid(boss)} if boss else {})
    return with_contact(deal, name, roles=roles, **fields)


def said(playbook: Playbook, deal: Deal, today: date = TODAY) -> tuple[str, Advice]:
    step = next_steps(playbook, deal, today).step
    assert step is not None
    return advice_text(Words("zh"), playbook, step)[0], step


def assert_reachable(playbook: Playbook, deal: Deal, advice: Advice) -> None:
    """Whoever is to be met or asked can be: nobody is invited whom we have not met, and no gift is advised."""
    params = advice.params
    names = {one.name: one for one in deal.contacts.values() if not one.left}
    ladder = playbook.tools.relationship.rungs
    if "via" in params and advice.rule != "overdue-action":
        via = names[params["via"]]
        met = via.guide or rung_rank(playbook, via.rung)
        assert met or advice.way == "call"
        assert params["via"] != params.get("contact")
    if advice.way in {"introduce", "first", "meet", "favour"}:
        rank = rung_rank(playbook, names[params["contact"]].rung)
        assert (rank == 0) == (advice.way in {"introduce", "first"})
        assert params["next_rung"] == ladder[rank].key
        if "activity" in params:
            fitting = {one.key for one in ladder[rank].activities if one.progress}
            assert params["activity"] in fitting
    if advice.rule in {"next-item", "no-next-action"} and advice.item:
        rung = rung_rank(playbook, playbook.places[advice.item].move.key)
        ranks = [rung_rank(playbook, one.rung) for one in names.values()]
        assert rung < 2 or max(ranks, default=0) >= rung - 1
        assert items.state_of(deal, advice.item).state == "open"


def test_who_was_never_met_is_introduced_then_called_and_only_then_invited(
    cuilong: Playbook,
) -> None:
    deal = phases.set_phase(make(cuilong), "internal-deliberation", stamp("phase"))
    deal = person(deal, "王总", "decision-maker", department="总经办")
    text, step = said(cuilong, deal)
    assert (step.rule, step.way, step.params["activity"]) == (
        "key-person-cold",
        "first",
        "phone-calls",
    )
    assert text == "先电话联系，让 决策者 王总 叫得出你的名字"
    deal = person(deal, "陈会计", rung="acquaintance")
    assert said(cuilong, deal)[0] == "请 陈会计 (认识我们的人) 引见 决策者 王总，还没有人见过"
    deal = person(deal, "小何", guide=True)
    assert "请 小何 (我们的向导) 引见" in said(cuilong, deal)[0]
    deal = person(deal, "刘秘书", rung="acquaintance", department="总经办")
    assert "请 刘秘书 (同一个部门) 引见" in said(cuilong, deal)[0]
    deal = person(deal, "马部长", rung="engagement", boss="王总")
    assert "请 马部长 (对方的下属) 引见" in said(cuilong, deal)[0]
    met = contacts.set_rung(deal, uid("王总"), climb("acquaintance"), stamp("met"))
    assert said(cuilong, met)[0] == "约 决策者 王总 一次“技术交流”，从“认识”走到“约会”"


def test_for_a_role_with_nobody_it_says_who_could_tell_and_what_to_ask(cuilong: Playbook) -> None:
    deal = phases.set_phase(make(cuilong), "purchase-design", stamp("phase"))
    text, step = said(cuilong, deal)
    assert (step.rule, step.way) == ("key-person-unknown", "department")
    assert text == "还不知道设计者是谁。打到客户的技术部门问：“方案和采购指标由谁来定？”"
    deal = person(deal, "陈会计", rung="confidence")
    assert "问 陈会计：“方案和采购指标由谁来定？”" in said(cuilong, deal)[0]
    deal = person(deal, "小周", rung="acquaintance", function="technical")
    assert "问 小周：" in said(cuilong, deal)[0]
    deal = person(deal, "小何", guide=True)
    assert "问 小何：" in said(cuilong, deal)[0]


Act = Callable[[Deal, int], Deal]


def nothing(deal: Deal, day: int) -> Deal:
    return deal


def notes_now_and_then(deal: Deal, day: int) -> Deal:
    """Somebody writes each week what came of it, and nothing changes by that."""
    if day % 7 or not deal.contacts:
        return deal
    first = next(iter(deal.contacts))
    return notes.add(deal, stamp(f"n{day}", days=day), f"第{day}天打电话没人接", contact=first)


def one_item_a_fortnight(deal: Deal, day: int) -> Deal:
    if day % 14 != 13:
        return deal
    playbook = load(packaged())
    step = next_steps(playbook, deal, TODAY + timedelta(days=day)).step
    if step is None or step.item is None:
        return deal
    return items.add_evidence(
        deal, step.item, stamp(f"e{day}", days=day), who="李工", note="当面说过"
    )


def deals(playbook: Playbook) -> Iterator[tuple[str, Deal]]:
    for stage in range(1, 7):
        deal = actions.add(make(playbook, stage), stamp("plan"), "整理资料")
        yield f"stage {stage}, nobody", deal
        yield f"stage {stage}, no plan", make(playbook, stage)
        deal = phases.set_phase(deal, "internal-deliberation", stamp("phase"))
        deal = person(deal, "王总", "decision-maker", "designer")
        yield f"stage {stage}, a stranger", deal
        deal = person(deal, "小何", "user", guide=True, rung="engagement")
        yield f"stage {stage}, a stranger and a guide", deal
    deal = identity.edit(make(playbook, 3), stamp("close"), close_on=TODAY - timedelta(days=1))
    yield "close date gone", deal
    yield "late promise", actions.add(deal, stamp("late"), "送样机", TODAY, agreed_with="小何")
    yield "won", identity.win(make(playbook, 6), stamp("win"), "合同")
    yield "nurture", identity.nurture(deal, stamp("nurture"), revisit_on=TODAY)


@pytest.mark.parametrize("act", [nothing, notes_now_and_then, one_item_a_fortnight])
def test_over_six_weeks_no_sentence_is_repeated_for_long(cuilong: Playbook, act: Act) -> None:
    """Day by day: what is said stays reachable, and changes where nothing came of it."""
    for name, start in deals(cuilong):
        deal, told, kinds = start, [], set()
        for day in range(7 * WEEKS + 1):
            today = TODAY + timedelta(days=day)
            deal = act(deal, day)
            for one in all_advice(cuilong, deal, today):
                assert_reachable(cuilong, deal, one)
            steps = next_steps(cuilong, deal, today)
            assert steps.step is not None, name
            one = steps.step
            told.append(
                (one.rule, one.way, one.item, one.params.get("via"), one.params.get("activity"))
            )
            kinds.add(one.again)
        # The last resort has nothing after it, so it may stand to the end.
        last = told[-1]
        while last[1] in {"nurture", "meeting", "decide"} and told and told[-1] == last:
            told.pop()
        assert longest_run(told) <= LONGEST, (name, told)
        assert len(set(told)) >= 2, (name, set(told))
        assert kinds - {""}, name


def longest_run(entries: Sequence[tuple[object, ...]]) -> int:
    longest = run = 0
    before: object = None
    for one in entries:
        run = run + 1 if one == before else 1
        longest, before = max(longest, run), one
    return longest


def test_it_says_for_how_long_and_what_was_tried(cuilong: Playbook) -> None:
    deal = phases.set_phase(make(cuilong), "internal-deliberation", stamp("phase"))
    deal = person(deal, "王总", "decision-maker", rung="acquaintance")
    later = TODAY + timedelta(days=PATIENCE_DAYS)
    step = next_steps(cuilong, deal, later).step
    assert step is not None
    text, why = advice_text(Words("zh"), cuilong, step)
    assert text.startswith("10 天没有进展，换个办法：")
    assert "本地参观" in text
    assert "这段时间没有做过的记录" in why
    tried = notes.add(deal, stamp("n", days=1), "约技术交流，说没空", contact=uid("王总"))
    early = next_steps(cuilong, tried, TODAY + timedelta(days=3)).step
    assert early is not None
    assert early.again == ""
    step = next_steps(cuilong, tried, TODAY + timedelta(days=4)).step
    assert step is not None
    text, why = advice_text(Words("zh"), cuilong, step)
    assert text.startswith("还没有结果，换个办法：")
    assert why.endswith("记录里有：约技术交流，说没空")


def test_what_a_coach_notes_is_nothing_that_was_tried(cuilong: Playbook) -> None:
    deal = phases.set_phase(make(cuilong), "internal-deliberation", stamp("phase"))
    deal = person(deal, "王总", "decision-maker", rung="acquaintance")
    for by, again in ((stamp("n", role="coach"), ""), (stamp("n"), "tried")):
        noted = notes.add(deal, by, "先去看王总", contact=uid("王总"))
        step = next_steps(cuilong, noted, TODAY + timedelta(days=4)).step
        assert step is not None
        assert (step.rule, step.again) == ("key-person-cold", again)


def test_days_are_told_once_in_a_sentence(cuilong: Playbook) -> None:
    deal = person(make(cuilong), "李工", "user", rung="acquaintance")
    deal = person(deal, "王工", "user", rung="acquaintance")
    deal = actions.add(deal, stamp("a"), "寄样品", TODAY + timedelta(days=90))
    step = next_steps(cuilong, deal, TODAY + timedelta(days=14 + PATIENCE_DAYS)).step
    assert step is not None
    assert (step.rule, step.way, step.again) == ("stalled", "ask", "quiet")
    assert advice_text(Words("zh"), cuilong, step)[0].startswith("24 天没有动静：今天联系")


def test_a_day_that_is_agreed_is_waited_for(cuilong: Playbook) -> None:
    deal = phases.set_phase(make(cuilong), "internal-deliberation", stamp("phase"))
    deal = person(deal, "王总", "decision-maker", rung="acquaintance")
    day = TODAY + timedelta(days=12)
    deal = actions.add(deal, stamp("a"), "技术交流", day, agreed_with="王总")
    step = next_steps(cuilong, deal, day, stalled_days=90).step
    assert step is not None
    assert (step.rule, step.again) == ("key-person-cold", "")


def test_random_deals_are_told_reachable_steps_in_both_languages(cuilong: Playbook) -> None:
    for seed in range(40):
        deal = random_deal(cuilong, random.Random(seed))
        for days in (0, 15, 40):
            for one in all_advice(cuilong, deal, TODAY + timedelta(days=days)):
                assert_reachable(cuilong, deal, one)
                for lang in LANGS:
                    text, why = advice_text(Words(lang), cuilong, one)
                    assert text.strip()
                    assert "{" not in text + why


def random_deal(playbook: Playbook, dice: random.Random) -> Deal:
    """Return a deal with a random stage, people, items, phase, actions, answers and status."""
    tools = playbook.tools
    deal = make(playbook, dice.randint(1, 6))
    rungs = [None, *(one.key for one in tools.relationship.rungs)]
    for number in range(dice.randint(0, 5)):
        deal = person(
            deal,
            f"人{number}",
            *dice.sample([one.key for one in tools.organisation.roles], dice.randint(0, 2)),
            rung=dice.choice(rungs),
            guide=dice.random() < 0.2,
            function=dice.choice([None, *(one.key for one in tools.organisation.functions)]),
        )
    for key in dice.sample(list(playbook.places), dice.randint(0, 40)):
        deal = items.tick(deal, key, stamp(f"t{key}", days=-dice.randint(0, 20)))
    if dice.random() < 0.7:
        phase = dice.choice(tools.phases.phases).key
        deal = phases.set_phase(deal, phase, stamp("phase", days=-5))
    for question in tools.opportunity.questions:
        if dice.random() < 0.5:
            deal = stages.answer(deal, question.key, "yes", stamp(question.key), note="李工说的")
    for number in range(dice.randint(0, 3)):
        due = TODAY + timedelta(days=dice.randint(-15, 15))
        deal = actions.add(deal, stamp(f"a{number}"), f"事{number}", due)
    if dice.random() < 0.3:
        deal = identity.edit(deal, stamp("c"), close_on=TODAY + timedelta(days=dice.randint(-9, 9)))
    ending = dice.choice(["open", "open", "won", "nurture"])
    if ending == "won":
        deal = identity.win(deal, stamp("w"), "合同")
    if ending == "nurture":
        deal = identity.nurture(deal, stamp("w"), revisit_on=TODAY)
    return deal
