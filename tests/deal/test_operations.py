"""Properties that every operation has: pure, applied once per stamp, adding to the timeline, losing nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salescoach.deal import actions, contacts, identity, items, notes, phases, stages
from salescoach.deal.models import Deal
from salescoach.document.errors import DocumentError
from salescoach.document.stamp import Stamp
from salescoach.text import clean, too_long
from tests.build import TODAY, climb, make_deal, stamp, uid, with_contact

Operation = Callable[[Deal, Stamp], Deal]

OPERATIONS: dict[str, Operation] = {
    "edited": lambda d, s: identity.edit(d, s, amount=Decimal(1200000), name="新名"),
    "won": lambda d, s: identity.win(d, s, "签了"),
    "lost": lambda d, s: identity.lose(d, s, "价格"),
    "nurtured": lambda d, s: identity.nurture(d, s, "明年", TODAY + timedelta(days=60)),
    "archived": identity.archive,
    "ticked": lambda d, s: items.tick(d, "network", s),
    "unticked": lambda d, s: items.untick(d, "met", s),
    "evidence-added": lambda d, s: items.add_evidence(d, "who", s, who="王总", note="会上说过"),
    "evidence-against": lambda d, s: items.add_evidence(
        d, "met", s, who="王总", note="王总说没见过", against=True
    ),
    "marker-evidence-against": lambda d, s: stages.add_marker_evidence(
        d, "customer-analysis", "exit", s, note="预算还没批", against=True
    ),
    "marker-confirmed": lambda d, s: stages.confirm_marker(d, "customer-analysis", "exit", s),
    "marker-challenged": lambda d, s: stages.challenge_marker(
        d, "customer-analysis", "exit", s, "谁批的？"
    ),
    "rung-confirmed": lambda d, s: contacts.confirm_rung(d, uid("赵敏"), s),
    "rung-challenged": lambda d, s: contacts.challenge_rung(d, uid("赵敏"), s, "哪一次？"),
    "rung-shown": lambda d, s: contacts.set_rung(d, uid("赵敏"), climb("engagement"), s),
    "evidence-removed": lambda d, s: items.remove_evidence(d, "met", uid("seed evidence"), s),
    "confirmed": lambda d, s: items.confirm(d, "met", s),
    "challenged": lambda d, s: items.challenge(d, "met", s, "谁说的"),
    "not-applicable": lambda d, s: items.not_applicable(d, "tender", s, "不招标"),
    "stage-opened": lambda d, s: stages.open_stage(d, "building-trust", s),
    "stage-opened-regardless": lambda d, s: stages.open_stage(
        d, "follow-up", s, ("marker:follow-up/entry",), "客户急"
    ),
    "stage-closed": lambda d, s: stages.close_stage(d, "customer-analysis", s),
    "stage-closed-regardless": lambda d, s: stages.close_stage(
        d, "customer-analysis", s, ("question:real",), "老客户"
    ),
    "marker-evidence-added": lambda d, s: stages.add_marker_evidence(
        d, "uncovering-needs", "exit", s, document="需求书.pdf"
    ),
    "answered": lambda d, s: stages.answer(d, "real", "yes", s, "预算批了"),
    "contact-added": lambda d, s: contacts.add(
        d, s, name="孙梅", roles=("designer",), rung=climb("engagement")
    ),
    "contact-edited": lambda d, s: contacts.edit(
        d, uid("李工"), s, title="主任", rung=climb("engagement")
    ),
    "rung-set": lambda d, s: contacts.set_rung(d, uid("李工"), climb("confidence"), s),
    "style-judged": lambda d, s: contacts.judge_style(d, uid("李工"), "driving", TODAY, s, "急"),
    "contact-left": lambda d, s: contacts.mark_left(d, uid("李工"), s),
    "action-added": lambda d, s: actions.add(d, s, "约李工", TODAY, "小周", "李工", "met"),
    "action-done": lambda d, s: actions.done(d, uid("seed action"), s, "王工愿意再谈"),
    "action-snoozed": lambda d, s: actions.snooze(
        d, uid("seed action"), TODAY + timedelta(days=9), s
    ),
    "action-edited": lambda d, s: actions.edit(d, uid("seed action"), s, text="回访"),
    "noted": lambda d, s: notes.add(d, s, "一行\n两行", "met", uid("李工")),
    "phase-set": lambda d, s: phases.set_phase(d, "purchase-design", s),
}


def worked_on() -> Deal:
    """A deal with a contact, an action and an item with evidence, and fields of a later program at every depth."""
    deal = with_contact(with_contact(make_deal()), "赵敏", rung="engagement")
    deal = actions.add(deal, stamp("seed action"), "回访王工", TODAY)
    deal = items.add_evidence(deal, "met", stamp("seed evidence"), who="李工", note="见过面了")
    raw = deal.model_dump(mode="json", by_alias=True)
    raw["later"] = {"deep": [1, 2]}
    raw["stakeholders"][uid("李工")]["seat"] = 4
    raw["items"]["met"]["weight"] = 3
    raw["items"]["met"]["evidence"][uid("seed evidence")]["audio"] = "a.mp3"
    raw["actions"][uid("seed action")]["colour"] = "red"
    raw["stages"]["customer-analysis"]["exit"]["votes"] = 2
    raw["worksheets"]["needs"]["n1"] = {"layer": "goals"}
    customer = deal.customer_record
    assert customer is not None
    known = customer.people[uid("李工")].but(wechat="li")
    customer = customer.but(people={**customer.people, uid("李工"): known})
    return Deal.model_validate(raw).beside(customer)


def written(deal: Deal) -> tuple[str, str]:
    """Return a deal and its customer as JSON."""
    customer = deal.customer_record
    assert customer is not None
    return deal.model_dump_json(by_alias=True), customer.model_dump_json(by_alias=True)


@pytest.mark.parametrize("what", OPERATIONS)
def test_an_operation_is_pure_applied_once_and_told_in_the_timeline(what: str) -> None:
    operation = OPERATIONS[what]
    before = worked_on()
    copy = before.model_dump_json(by_alias=True)
    doing = stamp("the doing", role="coach", by="教练")
    after = operation(before, doing)
    assert before.model_dump_json(by_alias=True) == copy
    assert after != before
    assert operation(after, doing) == after
    event = after.events[doing.id]
    assert (event.what, event.at, event.by, event.role) == (what, doing.at, "教练", "coach")
    assert {key: after.events[key] for key in before.events} == before.events
    assert len(after.events) == len(before.events) + 1
    again = Deal.model_validate_json(after.model_dump_json(by_alias=True))
    assert again.beside(after.customer_record) == after


@pytest.mark.parametrize("what", OPERATIONS)
def test_fields_of_a_later_program_survive_every_operation(what: str) -> None:
    after = OPERATIONS[what](worked_on(), stamp("the doing", role="coach"))
    raw = after.model_dump(mode="json", by_alias=True)
    assert raw["later"] == {"deep": [1, 2]}
    assert raw["stakeholders"][uid("李工")]["seat"] == 4
    assert after.contacts[uid("李工")].model_extra == {"wechat": "li"}
    assert raw["items"]["met"]["weight"] == 3
    if what != "evidence-removed":
        assert raw["items"]["met"]["evidence"][uid("seed evidence")]["audio"] == "a.mp3"
    assert raw["actions"][uid("seed action")]["colour"] == "red"
    assert raw["stages"]["customer-analysis"]["exit"]["votes"] == 2
    assert raw["worksheets"]["needs"]["n1"] == {"layer": "goals"}


@given(st.lists(st.sampled_from(sorted(OPERATIONS)), max_size=8))
def test_any_row_of_operations_only_adds_to_the_timeline(row: list[str]) -> None:
    deal = worked_on()
    for number, what in enumerate(row):
        try:
            after = OPERATIONS[what](deal, stamp(f"step {number}", role="coach"))
        except DocumentError:
            continue
        assert deal.timeline.items() <= after.timeline.items()
        deal = after
    again = Deal.model_validate_json(deal.model_dump_json(by_alias=True))
    assert again.beside(deal.customer_record) == deal


HOSTILE = st.text(
    st.characters() | st.sampled_from("\x1b[]\x07\x00\u202e\u2066\ud800\r\n\t[/]{}"), max_size=300
)


def tried(operation: Operation, doing: Stamp) -> Deal | DocumentError:
    try:
        return operation(make_deal(), doing)
    except DocumentError as error:
        return error


@given(HOSTILE)
def test_whatever_is_typed_is_cleaned_or_refused_with_a_code(value: str) -> None:
    tries: list[Operation] = [
        lambda d, s: identity.edit(d, s, name=value, owner=value),
        lambda d, s: items.add_evidence(d, "who", s, who=value, note=value),
        lambda d, s: items.not_applicable(d, "tender", s, value),
        lambda d, s: contacts.add(d, s, name=value, note=value),
        lambda d, s: actions.add(d, s, value),
        lambda d, s: notes.add(d, s, value),
        lambda d, s: identity.lose(d, s, value),
        lambda d, s: identity.archive(d, Stamp(s.at, value, s.role, s.id)),
    ]
    for number, operation in enumerate(tries):
        doing = stamp(f"hostile {number}")
        deal = tried(operation, doing)
        if isinstance(deal, DocumentError):
            assert deal.code in {"empty", "too-long", "evidence-thin", "reason-needed-na"} | {
                "reason-needed-lose"
            }
            continue
        told = deal.timeline.get(doing.id)
        texts = [
            deal.name,
            deal.owner,
            *(told.about.values() if told else ()),
            told.by if told else "",
        ]
        for text in texts:
            assert text == clean(text)
            assert not too_long(text)
        text = deal.model_dump_json()
        assert "\\u001b" not in text
        assert "\u202e" not in text


def test_a_hundred_kilobytes_of_name_get_one_clear_refusal() -> None:
    with pytest.raises(DocumentError) as caught:
        identity.edit(make_deal(), stamp(), name="长" * 100_000)
    assert (caught.value.code, caught.value.params) == ("too-long", {"field": "name", "limit": 200})


def test_a_derived_stamp_is_the_same_each_time_and_another_for_another_label() -> None:
    doing = stamp()
    assert doing.derive("a") == doing.derive("a")
    assert len({doing.id, doing.derive("a").id, doing.derive("b").id}) == 3
    assert doing.today == date(2026, 11, 23)
