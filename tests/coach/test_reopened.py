"""A change that opens items which the deal's data had met is told, with what each of them lacks."""

from __future__ import annotations

from collections.abc import Callable
from typing import get_args

import pytest

from salescoach.coach.reopened import reopened, reopened_text
from salescoach.deal import contacts, identity, items, phases
from salescoach.deal import stages as deal_stages
from salescoach.deal.models import Deal
from salescoach.playbook.models import Check, Playbook
from salescoach.words import Lang, Words
from tests.build import (
    build_playbook,
    item,
    make_deal,
    marker,
    move,
    small_playbook,
    stage,
    stamp,
    uid,
    with_contact,
)

PLAYBOOK = small_playbook()
PLACED = {"level": "manager", "function": "technical", "roles": ("designer",)}


def every_check() -> Playbook:
    """Return a playbook with a move and one item for each check, each by the check's name."""
    moves = [move(name, name, item(f"item-{name}", auto=name)) for name in get_args(Check)]
    whole = stage("all", "全部", marker("开始", "entry"), marker("结束", "exit"), *moves)
    return build_playbook(stages=[whole])


def full() -> Deal:
    """Return a deal in which every check is met, by one contact."""
    deal = with_contact(make_deal(), "李工", **PLACED, rung="alliance", guide=True)
    deal = contacts.judge_style(deal, uid("李工"), "driving", stamp().today, stamp("style"))
    for key in ("real", "winnable"):
        deal = deal_stages.answer(deal, key, "yes", stamp(key), "当面说的")
    deal = phases.set_phase(deal, "purchase-design", stamp("phase"))
    return identity.edit(deal, stamp("edit"), amount=1, close_on=stamp().today)


def told(before: Deal, after: Deal, lang: Lang = "en") -> list[str]:
    return reopened_text(Words(lang), every_check(), before, after)


def test_a_new_contact_without_a_level_says_what_it_opened() -> None:
    after = with_contact(full(), "王工", function="technical", roles=("user",))
    assert told(full(), after) == [
        "1.8 contacts-placed is no longer complete: 王工 has no level yet"
    ]
    assert told(full(), after, "zh") == ["1.8 contacts-placed 不再完成：王工 还没有级别"]


def test_a_new_key_contact_is_told_for_each_check_it_lacks() -> None:
    after = with_contact(full(), "王工", key=True)
    lines = told(full(), after)
    assert [line.partition(":")[2].strip() for line in lines] == [
        "王工 has no level, function, roles yet",
        "王工 has not reached “acquaintance” yet",
        "王工 has not reached “engagement” yet",
        "王工 has not reached “confidence” yet",
        "王工 has no level, function, roles yet",
        "the style of 王工 has not been judged yet",
    ]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(
    ("change", "reasons"),
    [
        (
            lambda deal: contacts.mark_left(deal, uid("李工"), stamp("left")),
            {
                "en": {
                    "no contact is left",
                    "no key contact is left",
                    "nobody is at “alliance”",
                    "nobody is a guide",
                },
                "zh": {"没有联系人", "没有关键客户", "没有人在“同盟”", "没有向导"},
            },
        ),
        (
            lambda deal: deal_stages.answer(deal, "real", "unsure", stamp("again")),
            {"en": {"not answered with yes: real"}, "zh": {"还不能回答“是”：有机会吗"}},
        ),
        (
            lambda deal: identity.edit(deal, stamp("less"), close_on=None),
            {"en": {"not filled in: expected close date"}, "zh": {"还没填：预计签约日"}},
        ),
        (
            lambda deal: phases.set_phase(deal, "retired-phase", stamp("none")),
            {"en": {"not filled in: buying phase"}, "zh": {"还没填：采购阶段"}},
        ),
    ],
)
def test_every_check_says_what_it_lacks(
    lang: Lang, change: Callable[[Deal], Deal], reasons: dict[Lang, set[str]]
) -> None:
    lines = told(full(), change(full()), lang)
    mark = "完成：" if lang == "zh" else "complete: "
    assert {line.partition(mark)[2] for line in lines} == reasons[lang]


def test_reporting_lines_name_who_reports_to_nobody_but_not_the_head_of_all() -> None:
    before = with_contact(full(), "王工", **PLACED, reports_to=uid("李工"), rung="alliance")
    before = contacts.judge_style(before, uid("王工"), "driving", stamp().today, stamp("w"))
    after = contacts.edit(before, uid("王工"), stamp("alone"), reports_to=None)
    (line,) = told(before, after)
    assert line.endswith("complete: 王工 reports to nobody yet")


def test_many_reasons_are_counted() -> None:
    after = full()
    for name in ("甲", "乙", "丙", "丁", "戊"):
        after = with_contact(after, name)
    placed = [line for line in told(full(), after) if "contacts-placed" in line]
    assert [line.count("; ") for line in placed] == [3]
    assert placed[0].endswith("; 2 more")


def test_an_item_of_a_move_that_was_open_all_along_is_told_alone() -> None:
    before = with_contact(make_deal(), guide=True)
    after = contacts.edit(before, uid("李工"), stamp("no"), guide=False)
    assert reopened_text(Words("en"), PLAYBOOK, before, after) == [
        "1.1.1 guide done is open again: nobody is a guide"
    ]


def test_a_tick_or_evidence_of_its_own_keeps_an_item_from_opening() -> None:
    before = items.tick(with_contact(make_deal(), guide=True), "guide", stamp("tick"))
    after = contacts.edit(before, uid("李工"), stamp("no"), guide=False)
    assert reopened(PLAYBOOK, before, after) == ()


def test_what_a_person_unticks_is_not_told() -> None:
    before = items.tick(make_deal(), "network", stamp("tick"))
    assert reopened(PLAYBOOK, before, items.untick(before, "network", stamp("no"))) == ()
    assert reopened(PLAYBOOK, full(), full()) == ()
