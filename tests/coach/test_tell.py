"""Events, missing things and refusals are told in both languages, whatever they carry."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path
from string import Formatter
from typing import Any, get_args

import pytest

import salescoach
from salescoach.coach import gates, names
from salescoach.coach.gates import Missing
from salescoach.coach.tell import conflict_text, error_text, event_text, missing_text, reason_text
from salescoach.deal import actions, contacts, identity, items, notes, phases, stages
from salescoach.deal.conflicts import settle
from salescoach.deal.errors import GateClosed
from salescoach.deal.models import Deal
from salescoach.deal.stakeholders import Stance
from salescoach.document.errors import DocumentError, InvalidValue, NotThere, TooNew
from salescoach.document.models import Conflict, Event
from salescoach.playbook.errors import Unknown
from salescoach.playbook.lookup import stage_of
from salescoach.text import clean
from salescoach.words import LANGS, Lang, Words, advice, errors, events, fields
from salescoach.words import gates as gate_words
from tests.build import (
    NOW,
    STAGES,
    TODAY,
    climb,
    make_deal,
    small_playbook,
    stamp,
    uid,
    with_contact,
)
from tests.deal.test_operations import OPERATIONS, worked_on

PLAYBOOK = small_playbook()
ZH, EN = Words("zh"), Words("en")
ONE, TWO, THREE, LAST = STAGES


def last_told(deal: Deal, words: Words = ZH) -> str:
    """Return how the last entry of the deal's own timeline is told, or of its customer's where that came later."""
    customer = deal.customer_record
    last = list(deal.timeline.values())[-1]
    if customer is not None:
        key, event = list(customer.timeline.items())[-1]
        if key not in deal.timeline and "deal" in event.about and event.at >= last.at:
            last = event
    return event_text(words, PLAYBOOK, last)


@pytest.mark.parametrize("what", OPERATIONS)
def test_every_operation_is_told_in_both_languages(what: str) -> None:
    deal = OPERATIONS[what](worked_on(), stamp("the doing", role="coach"))
    zh, en = last_told(deal), last_told(deal, EN)
    assert zh
    assert en
    assert zh != en
    assert what not in zh
    assert "{" not in zh + en


def test_the_timeline_reads_like_a_diary() -> None:
    deal = with_contact(make_deal(), "李工", roles=("designer", "user"), rung="acquaintance")
    assert last_told(deal) == "添加联系人 李工：设计者、使用者"
    dinner = climb("engagement", "来吃了饭", "", who="李工")
    deal = contacts.set_rung(deal, uid("李工"), dinner, stamp("rung"))
    assert last_told(deal) == "李工 的关系：认识 → 约会：李工，来吃了饭"
    assert last_told(
        contacts.set_rung(deal, uid("李工"), climb(None, "", "闹翻了"), stamp("fall"))
    ).endswith("约会 → 陌生：闹翻了")
    assert last_told(contacts.judge_style(deal, uid("李工"), "driving", TODAY, stamp("style"))) == (
        "判断 李工 的沟通风格：进取型"
    )
    deal = with_contact(make_deal(), "李工", roles=("designer", "user"), rung="acquaintance")
    assert last_told(items.add_evidence(deal, "visit", stamp("e"), who="李工", note="来看过")) == (
        "为“visit 做到”补了证据：李工，来看过"
    )
    assert last_told(stages.answer(deal, "real", "yes", stamp("q"), "立项了")) == (
        "有机会吗 回答“是”：立项了"
    )
    assert (
        last_told(phases.set_phase(deal, "purchase-design", stamp("p")))
        == "采购阶段：空 → 采购设计"
    )
    assert last_told(identity.edit(deal, stamp("k"), kind="simple")) == (
        "修改商机：类型 复杂销售 → 简单销售"
    )
    assert last_told(identity.edit(deal, stamp("k"), amount=Decimal(5), owner="我")) == (
        "修改商机：负责人 空 → 我；金额 空 → 5"
    )
    boss = contacts.add(deal, stamp("韩总"), name="韩总")
    changed = contacts.edit(
        boss, uid("李工"), stamp("d"), guide=True, reports_to=uid("韩总"), title="主任"
    )
    assert last_told(changed, EN) == (
        "Contact 李工 changed: title nothing → 主任; guide no → yes; reports to nothing → 韩总"
    )
    planned = actions.add(deal, stamp("a"), "约李工", TODAY)
    assert last_told(actions.edit(planned, uid("a"), stamp("b"), text="约韩总", due=None)) == (
        "修改行动“约韩总”：内容 约李工 → 约韩总；日期 2026-11-23 → 空"
    )
    closed = stages.close_stage(deal, ONE, stamp("c"), ("question:real",), "老客户")
    assert last_told(closed) == "结束标志未满足，仍关闭“1 客户分析”：老客户"
    assert last_told(
        stages.add_marker_evidence(deal, ONE, "exit", stamp("m"), who="王总", note="当面说的"), EN
    ) == ("Evidence for the exit marker of 1 customer-analysis: 王总, 当面说的")


def test_the_same_event_has_another_sentence_with_a_day_an_item_or_a_contact() -> None:
    deal = with_contact(make_deal())
    assert last_told(actions.add(deal, stamp("a"), "想想")) == "计划行动“想想”"
    assert last_told(actions.add(deal, stamp("a"), "约", TODAY)) == "计划行动“约”，2026-11-23"
    assert last_told(notes.add(deal, stamp("n"), "嗯")) == "笔记：嗯"
    assert last_told(notes.add(deal, stamp("n"), "嗯", "visit")) == "关于“visit 做到”的笔记：嗯"
    assert last_told(notes.add(deal, stamp("n"), "嗯", None, uid("李工"))) == "关于 李工 的笔记：嗯"
    assert last_told(identity.nurture(deal, stamp("x"), "没预算", TODAY)) == (
        "转入维护，2026-11-23 再看：没预算"
    )


def test_events_about_what_the_playbook_dropped_or_a_later_program_did_are_still_told() -> None:
    assert last_told(items.tick(make_deal(), "dropped", stamp())) == "勾选“dropped（已退役）”"
    later = Event(what="reviewed", about={"score": "7", "text": "{x}[/]"}, at=NOW)
    assert event_text(ZH, PLAYBOOK, later) == "reviewed：7，{x}[/]"
    assert event_text(EN, PLAYBOOK, Event(what="reviewed", at=NOW)) == "reviewed"
    bare = Event(what="stage-opened", about={"stage": "gone"}, at=NOW)
    assert event_text(EN, PLAYBOOK, bare) == "Stage gone opened"


def test_braces_and_brackets_in_a_name_stay_what_they_are() -> None:
    deal = with_contact(make_deal(), "{李工}[/]")
    assert last_told(deal) == "添加联系人 {李工}[/]"


def test_what_is_missing_is_told_from_the_gate_and_from_the_record_alike() -> None:
    deal = with_contact(make_deal(stage=TWO), roles=("designer",))
    contact = gates.to_move_on(PLAYBOOK, deal, TWO, THREE).blocking[0]
    assert missing_text(ZH, PLAYBOOK, contact) == "李工 还没达到：约会以上"
    assert missing_text(ZH, PLAYBOOK, contact.code, deal) == "李工 还没达到标志的要求"
    assert "不在名单上" in missing_text(ZH, PLAYBOOK, contact.code)
    question = Missing("question", "real", ONE, "exit")
    assert missing_text(ZH, PLAYBOOK, question) == missing_text(ZH, PLAYBOOK, question.code)
    marker = Missing("marker", THREE, THREE, "exit")
    assert missing_text(ZH, PLAYBOOK, marker) == "第3式的结束标志要有证据：书面需求"
    assert missing_text(ZH, PLAYBOOK, marker.code) == missing_text(ZH, PLAYBOOK, marker)
    assert missing_text(EN, PLAYBOOK, "marker:gone/entry").startswith(
        "evidence for the entry marker"
    )
    assert "关键客户" in missing_text(ZH, PLAYBOOK, Missing("contact", "", THREE, "entry"))
    assert (
        missing_text(ZH, PLAYBOOK, Missing("field", "close_on", ONE, "exit"))
        == "还没填：预计签约日"
    )
    assert missing_text(ZH, PLAYBOOK, "field:later") == "还没填：later"
    assert (
        missing_text(ZH, PLAYBOOK, Missing("item", "visit", TWO, "exit"))
        == "检查项未完成：visit 做到"
    )
    assert missing_text(ZH, PLAYBOOK, "later:x") == "later:x"
    assert missing_text(ZH, PLAYBOOK, "later") == "later"
    assert "李工" in missing_text(ZH, PLAYBOOK, Missing("contact", "x", "gone", "entry", "李工"))


def test_the_programs_own_reason_is_put_in_words_and_a_persons_is_left_alone() -> None:
    assert reason_text(ZH, identity.UNDER_WAY) == "录入时已过了这一式"
    assert reason_text(ZH, "急") == "急"


@pytest.mark.parametrize(("path", "lost", "more", "zh", "en"), [
    (("amount",), "1200000.50", {}, ("金额", "CNY 1,200,000.50"), ("amount", "CNY 1,200,000.50")),
    (("amount",), "5", {"currency": "USD"}, ("金额", "USD 5"), ("amount", "USD 5")),
    (("amount",), None, {}, ("金额", "空"), ("amount", "nothing")),
    (("kind",), "simple", {}, ("类型", "简单销售"), ("kind", "simple")),
    (("archived",), True, {}, ("归档", "是"), ("archived", "yes")),
    (("status",), "lost", {"status_reason": "贵"}, ("状态", "丢单（贵）"), ("status", "lost (贵)")),
    (("buying_phase",), "purchase-design", {}, ("采购阶段", "采购设计"), ("buying phase", "purchase-design")),
    (("buying_phase",), None, {}, ("采购阶段", "空"), ("buying phase", "nothing")),
    (("people", "L", "rung"), "alliance", {"rung_since": "2026-01-01"},
     ("李工 · 关系阶段", "同盟"), ("李工 · rung", "alliance")),
    (("people", "L", "rung"), None, {}, ("李工 · 关系阶段", "陌生"), ("李工 · rung", "stranger")),
    (("people", "L", "level"), "manager", {}, ("李工 · 级别", "manager 名"), ("李工 · level", "manager")),
    (("stakeholders", "L", "roles"), ["user"], {}, ("李工 · 角色", "使用者"), ("李工 · roles", "user")),
    (("people", "L", "reports_to"), "L", {}, ("李工 · 上级", "李工"), ("李工 · reports to", "李工")),
    (("items", "visit", "state"), "not_applicable", {"reason": "不去"},
     ("2.1.2 visit 做到 · 状态", "不适用（不去）"), ("2.1.2 visit done · state", "not applicable (不去)")),
    (("items", "gone", "state"), "claimed", {},
     ("gone（已退役） · 状态", "已勾选，无证据"), ("gone (retired) · state", "claimed")),
    (("stages", "building-trust", "closed"), "2026-11-23T09:00:00Z", {},
     ("2 建立信任 · 关闭", "2026-11-23 09:00"), ("2 building-trust · closed", "2026-11-23 09:00")),
    (("stages", "building-trust", "exit", "override"), "already under way", {},
     ("2 建立信任 · 结束标志 · 理由", "录入时已过了这一式"),
     ("2 building-trust · exit marker · reason", "already past this stage when the deal was entered")),
    (("answers", "real", "answer"), "yes", {"note": "批了"},
     ("有机会吗 · 回答", "是（批了）"), ("real · answer", "yes (批了)")),
    (("notes", "N", "text"), "一\n二[/]\x1b[31m", {}, ("笔记 · 内容", "一\n二[/]"), ("notes · text", "一\n二[/]")),
    (("later", "x"), {"a": [1]}, {}, ("later · x", '{"a": [1]}'), ("later · x", '{"a": [1]}')),
])  # fmt: skip
def test_a_conflict_is_told_by_its_field_and_both_values(
    path: tuple[str, ...],
    lost: Any,
    more: dict[str, Any],
    zh: tuple[str, str],
    en: tuple[str, str],
) -> None:
    ids = {"L": uid("李工"), "N": uid("note")}
    where = tuple(ids.get(step, step) for step in path)
    lost = ids.get(lost, lost) if isinstance(lost, str) else lost
    conflict = Conflict(path=where, lost=lost, lost_with=more, kept_at=NOW, lost_at=NOW)
    deal = with_contact(make_deal())
    for words, (field, value) in ((ZH, zh), (EN, en)):
        told = conflict_text(words, PLAYBOOK, deal, conflict)
        assert (told[0], told[2]) == (field, value)


HOSTILE = "\x1b]52;c;eA==\x07[/]{0}\u202e"


@pytest.mark.parametrize("path", [
    ("amount",), ("name",), ("buying_phase",), ("kind",), ("people", HOSTILE, "rung"), ("items", HOSTILE, "state"),
    ("stages", HOSTILE, "closed"), ("answers", HOSTILE, "answer"), (HOSTILE, HOSTILE), ("stakeholders", HOSTILE, "roles"),
    ("actions", HOSTILE, "done_at"), ("people", HOSTILE, "level"),
])  # fmt: skip
@pytest.mark.parametrize("value", [HOSTILE, [HOSTILE], {HOSTILE: HOSTILE}, "1e999999999", "NaN", 7])
def test_whatever_a_file_says_of_a_conflict_is_told_as_text(
    path: tuple[str, ...], value: Any
) -> None:
    more = {"reason": value, "currency": value}
    conflict = Conflict(path=path, kept=value, lost=value, lost_with=more, kept_at=NOW, lost_at=NOW)
    for words in (ZH, EN):
        for told in conflict_text(words, PLAYBOOK, make_deal(), conflict):
            assert told == clean(told, multiline=True)
            assert "\x1b" not in told
            assert len(told) < 500


def test_what_the_deal_has_now_is_told_even_when_it_was_changed_since() -> None:
    conflict = Conflict(
        path=("status",),
        kept="won",
        kept_with={"status_reason": "签了"},
        lost="lost",
        kept_at=NOW,
        lost_at=NOW,
    )
    deal = identity.win(make_deal(), stamp("w"), "合同", reason="签了")
    assert conflict_text(ZH, PLAYBOOK, deal, conflict)[1] == "赢单（签了）"
    deal = identity.reopen(deal, stamp("r"))
    assert conflict_text(ZH, PLAYBOOK, deal, conflict)[1] == "进行中"


def test_a_settled_conflict_is_told_in_the_timeline() -> None:
    key = uid("c")
    conflict = Conflict(
        path=("people", uid("李工"), "rung"), lost="alliance", kept_at=NOW, lost_at=NOW
    )
    deal = with_contact(make_deal())
    customer = deal.customer_record
    assert customer is not None
    deal = deal.beside(customer.but(conflicts={key: conflict}))
    settled = settle(deal, key, "lost", stamp("s"))
    assert last_told(settled) == "处理冲突：李工 · 关系阶段 定为“同盟”，不取“陌生”"
    assert last_told(settle(deal, key, "kept", stamp("s")), EN) == (
        "Conflict settled: 李工 · rung is “stranger”, not “alliance”"
    )


def test_a_refusal_names_fields_stages_and_what_is_missing() -> None:
    deal = make_deal()
    with pytest.raises(GateClosed) as caught:
        gates.advance(PLAYBOOK, deal, stamp())
    told = error_text(ZH, caught.value, PLAYBOOK, deal)
    assert told.startswith("“1 客户分析”的结束标志还没满足")
    assert "有机会吗" in told
    assert error_text(EN, caught.value).startswith("The exit marker of “customer-analysis”")
    assert error_text(ZH, InvalidValue("empty", field="close_on")).startswith("预计签约日不能为空")
    near = NotThere("contact-unknown", near=("李工",), asked="李")
    assert error_text(ZH, near).endswith("最接近的：李工")
    assert "schema 9" in error_text(EN, TooNew(9, 1))
    assert error_text(ZH, DocumentError("from-later")) == "没能完成：from-later"
    with pytest.raises(Unknown) as unknown:
        stage_of(PLAYBOOK, "客户")
    assert error_text(ZH, unknown.value).startswith("没有“客户”这一式")


SOURCE = Path(salescoach.__file__).parent
TABLES = {
    "advice": advice.TEXTS,
    "errors": errors.TEXTS,
    "events": events.TEXTS,
    "fields": fields.TEXTS,
    "gates": gate_words.TEXTS,
}


@pytest.mark.parametrize("area", TABLES)
def test_both_languages_say_something_with_the_same_params(area: str) -> None:
    for name, both in TABLES[area].items():
        used = [{field for _, field, _, _ in Formatter().parse(one) if field} for one in both]
        assert all(both), name
        assert used[0] == used[1] or area == "advice", name
        assert len(both) == len(LANGS)


def test_every_code_that_the_deal_and_the_coach_refuse_with_has_a_sentence() -> None:
    raised = re.compile(
        r"(?:DocumentError|InvalidValue|NotThere|GateClosed|required|super\(\).__init__)\(\s*"
        r"(?:[a-z]+, )?\"([a-z-]+)\""
    )
    codes = {
        code
        for folder in ("deal", "coach")
        for file in (SOURCE / folder).glob("*.py")
        for code in raised.findall(file.read_text(encoding="utf-8"))
    }
    codes |= {"gate-closed-entry", "gate-closed-exit"}
    assert len(codes) > 25
    assert codes <= errors.TEXTS.keys()
    assert set(OPERATIONS) <= events.TEXTS.keys()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_stance_is_told_in_words(lang: Lang) -> None:
    words = Words(lang)
    assert "stance" in fields.TEXTS
    for stance in get_args(Stance):
        assert names.value(words, "stance", stance) == words(f"fields.stance-{stance}")
