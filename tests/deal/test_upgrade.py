"""Deals of an earlier program hand their people over to one customer document."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from salescoach.coach.checks import rung_standing, shown_rank
from salescoach.customer.matching import doubtful_people
from salescoach.customer.models import Customer, Erased, Person
from salescoach.customer.rungs import RungChange, moved
from salescoach.deal.models import Deal
from salescoach.deal.upgrade import Rules, hand_over, without_carried
from salescoach.document.conflicts import settle
from salescoach.document.migrate import migrate
from salescoach.document.stamp import Stamp
from tests.build import LADDER, NOW, climb, small_playbook, stamp, uid
from tests.old_homes import SMALL

PLAYBOOK = small_playbook()
RULES = Rules(LADDER, {"title": "职务"})


def old(label: str) -> Deal:
    """Return a deal of the small old home as it is read."""
    raw = json.loads((SMALL / "deals" / f"{uid(label)}.json").read_text("utf-8"))
    return Deal.model_validate(migrate(raw, Deal.STEPS, Deal.SCHEMA))


def named(customer: Customer, name: str) -> list[tuple[str, Person]]:
    return [
        (key, one) for key, one in customer.people.items() if name in (one.name, *one.other_names)
    ]


def test_a_person_of_two_deals_has_one_record() -> None:
    crm, wms = old("crm"), old("wms")
    customer, deals = hand_over(None, [wms, crm], RULES)

    ((key, li),) = named(customer, "李建国")
    assert key == uid("crm li")  # added first
    assert customer.person_id(uid("wms li")) == key
    assert li.title == "技术总监"
    assert li.note == "职务: 技术经理 (CRM 升级)"
    assert (li.department, li.email) == ("信息部", "li@huading.example")
    assert li.rung == "engagement"
    assert [step.rung for step in li.rungs.values()] == ["acquaintance", "engagement"]
    assert [one.style for one in li.styles.values()] == ["analytical"]
    for deal, roles in zip(deals, [("user",), ("technical",)], strict=True):
        assert deal.carried == {}
        assert deal.stakeholders[key].roles == roles
        assert deal.contacts[key].title == "技术总监"
    assert [one.contact for one in deals[1].notes.values()] == [key]


def test_whose_numbers_contradict_each_other_are_two_and_offered() -> None:
    customer, _ = hand_over(None, [old("crm"), old("wms")], RULES)
    assert [one.phone for _, one in named(customer, "王芳")] == ["139-1111-2222", "137 3333 4444"]
    assert {(pair.one, pair.other) for pair in doubtful_people(customer)} == {
        tuple(sorted((uid("crm wang"), uid("wms wang"))))
    }
    superior = customer.people[uid("crm wang")].reports_to
    assert superior == uid("crm li")


def test_what_this_program_does_not_know_stays_with_the_person_and_the_deal() -> None:
    customer, (_crm, wms) = hand_over(None, [old("crm"), old("wms")], RULES)
    ((_, gao),) = named(customer, "高总")
    assert gao.model_extra == {"wechat": "gao-888", "mood": {"today": "good"}}
    assert gao.guide
    assert gao.note == "只看大数"
    assert wms.model_extra == {"team": {"lead": "小周"}}


def test_an_open_conflict_about_a_person_goes_on_in_the_customer() -> None:
    before = old("wms")
    customer, (_crm, wms) = hand_over(None, [old("crm"), before], RULES)
    ((key, gao),) = named(customer, "高总")
    assert wms.conflicts == {}
    ((conflict, told),) = customer.conflicts.items()
    assert told.path == ("people", key, "title")
    assert {told.kept, told.lost} == {"总裁", "董事长"}
    settled = settle(customer, conflict, "lost", stamp("settle"))
    assert settled.people[key].title == told.lost != gao.title


def test_names_that_are_equal_when_folded_are_one_customer() -> None:
    first, second = old("acme"), old("acme2")
    assert first.customer_id == second.customer_id
    customer, deals = hand_over(None, [first, second], RULES)
    ((key, smith),) = customer.people.items()
    assert {smith.name, *smith.other_names} == {"John Smith", "J. Smith"}
    assert [list(deal.stakeholders) for deal in deals] == [[key], [key]]


def test_a_deal_without_people_gets_its_customer() -> None:
    customer, (deal,) = hand_over(None, [old("bare")])
    assert (customer.id, customer.name, customer.people) == (deal.customer_id, "启明医院", {})


def test_handing_over_again_changes_nothing() -> None:
    deals = [old("crm"), old("wms")]
    once = hand_over(None, deals, RULES)
    again = hand_over(once.customer, deals, RULES)
    assert again.customer is once.customer
    assert again.deals == once.deals
    assert hand_over(once.customer, once.deals).customer is once.customer


def test_what_was_edited_since_in_a_stray_old_deal_comes_in() -> None:
    crm = old("crm")
    customer, _ = hand_over(None, [crm, old("wms")], RULES)
    li = crm.carried[uid("crm li")]
    event = crm.timeline[uid("crm phone")].model_copy(
        update={
            "at": datetime(2027, 1, 1, tzinfo=UTC),
            "about": {"contact_id": uid("crm li"), "fields": "phone"},
        }
    )
    stray = crm.model_copy(
        update={
            "carried": {**crm.carried, uid("crm li"): li.but(phone="155 0000 0000")},
            "timeline": {**crm.timeline, uid("later"): event},
        }
    )
    after, (deal,) = hand_over(customer, [stray], RULES)
    assert after.people.keys() == customer.people.keys()
    assert after.people[uid("crm li")].phone == "155 0000 0000"
    assert (
        "138 0013 8000" in after.people[uid("crm li")].note
        or "13800138000" in after.people[uid("crm li")].note
    )
    assert deal.carried == {}


def test_an_older_value_in_a_stray_old_deal_does_not_win() -> None:
    crm = old("crm")
    customer, _ = hand_over(None, [crm], RULES)
    edited = customer.model_copy(
        update={
            "people": {
                **customer.people,
                uid("crm li"): customer.people[uid("crm li")].but(phone="155 0000 0000"),
            },
            "timeline": {
                **customer.timeline,
                uid("edit"): crm.timeline[uid("crm phone")].model_copy(
                    update={
                        "at": datetime(2027, 1, 1, tzinfo=UTC),
                        "about": {"contact_id": uid("crm li"), "fields": "phone"},
                    }
                ),
            },
        }
    )
    assert hand_over(edited, [crm]).customer is edited
    stray = crm.model_copy(
        update={"carried": {uid("crm li"): crm.carried[uid("crm li")].but(title="副总")}}
    )
    after = hand_over(edited, [stray]).customer
    assert after.people[uid("crm li")].phone == "155 0000 0000"


def test_two_of_one_deal_with_one_name_are_two() -> None:
    deal = carrying("deal", [{"name": "王芳"}, {"name": "王芳"}])
    other = carrying("other", [{"name": "王芳", "phone": "13900000000"}])
    customer, _ = hand_over(None, [deal, other])
    assert len(customer.people) == 3
    assert len(doubtful_people(customer)) == 3


def test_a_name_that_several_have_tells_nobody() -> None:
    deals = [
        carrying("one", [{"name": "王芳", "phone": "13900000000"}]),
        carrying("two", [{"name": "王芳", "phone": "13700000000"}]),
        carrying("three", [{"name": "王芳"}]),
    ]
    assert len(hand_over(None, deals).customer.people) == 3
    assert len(hand_over(None, deals[::-1]).customer.people) == 3


def test_the_erased_do_not_come_back() -> None:
    crm = old("crm")
    customer, _ = hand_over(None, [crm])
    gone = {key: one for key, one in customer.people.items() if key != uid("crm li")}
    erased = {uid("crm li"): Erased(at=stamp().at)}
    customer = customer.but(people=gone, erased=erased, timeline={})
    after, (deal,) = hand_over(customer, [crm])
    assert uid("crm li") not in after.people
    assert uid("crm li") not in deal.stakeholders
    assert "李建国" not in deal.model_dump_json(include={"stakeholders", "carried"})


def test_nobody_becomes_his_own_superior() -> None:
    one = carrying(
        "one",
        [{"name": "甲", "phone": "13900000001"}, {"name": "乙", "phone": "13900000002"}],
        {0: 1},
    )
    two = carrying(
        "two",
        [{"name": "甲", "phone": "13900000001"}, {"name": "乙", "phone": "13900000002"}],
        {1: 0},
    )
    customer, _ = hand_over(None, [one, two])
    assert len(customer.people) == 2
    assert sum(person.reports_to is not None for person in customer.people.values()) == 1


PEOPLE = st.fixed_dictionaries(
    {"name": st.sampled_from(["王芳", "李工", "李建国", "Ann Lee"])},
    optional={
        "phone": st.sampled_from(["13900000001", "13900000002"]),
        "email": st.sampled_from(["a@x.example", "b@x.example"]),
        "title": st.sampled_from(["经理", "总监", "Buyer"]),
        "note": st.sampled_from(["爱喝茶", "likes tea"]),
        "guide": st.just(True),
        "wechat": st.sampled_from(["w1", "w2", {"id": 3}]),
    },
)


@given(st.lists(st.lists(PEOPLE, max_size=3), min_size=1, max_size=4), st.data())
@settings(max_examples=60, deadline=None)
def test_nothing_that_was_told_is_lost_however_it_is_handed_over(people: Any, data: Any) -> None:
    deals = [carrying(f"deal {at}", each) for at, each in enumerate(people)]
    order = data.draw(st.permutations(deals))
    cut = data.draw(st.integers(0, len(order)))
    customer: Customer | None = None
    for part in (order[:cut], order[cut:], order):
        if part:
            customer = hand_over(customer, part).customer
    assert customer is not None
    whole = customer.model_dump_json()
    for deal in deals:
        after = without_carried(deal, customer)
        for key, told in deal.carried.items():
            person = customer.people[customer.person_id(key)]
            assert after.stakeholders[customer.person_id(key)].name == person.name
            assert told.name in (person.name, *person.other_names)
            held = person.model_dump_json()
            for value in (told.phone, told.email, told.title, told.note):
                assert value in held
            assert person.guide or not told.guide
            assert json.dumps((told.model_extra or {}).get("wechat", "w"))[:-1] in whole.replace(
                ":", ": "
            )


def carrying(
    label: str, people: list[dict[str, Any]], superiors: dict[int, int] | None = None
) -> Deal:
    """Return a deal that carries people, made a day after the one before it in the alphabet."""
    keys = [uid(f"{label} {at}") for at in range(len(people))]
    values = {
        key: one
        | {
            "order": at,
            "reports_to": keys[superiors[at]] if superiors and at in superiors else None,
        }
        for at, (key, one) in enumerate(zip(keys, people, strict=True))
    }
    raw = json.loads((SMALL / "deals" / f"{uid('bare')}.json").read_text("utf-8"))
    day = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=len(label))
    raw |= {
        "id": uid(label),
        "name": label,
        "contacts": values,
        "created_at": day.isoformat(),
        "timeline": {},
    }
    return Deal.model_validate(migrate(raw, Deal.STEPS, Deal.SCHEMA))


def test_a_rung_that_a_coach_confirmed_stays_shown_whatever_lower_one_another_deal_tells_later() -> (
    None
):
    def rung(deal: Deal, contact: str, change: RungChange, at: Stamp) -> Deal:
        person = moved(deal.carried[uid(contact)], change, at)
        return deal.model_copy(update={"carried": {**deal.carried, uid(contact): person}})

    crm = rung(old("crm"), "crm li", climb("alliance", reason="老同学"), stamp("high", days=1))
    high = crm.carried[uid("crm li")]
    confirmed = high.rungs[uid("high")].but(confirmed_at=NOW, confirmed_by="老陈")
    crm = crm.model_copy(
        update={
            "carried": {
                **crm.carried,
                uid("crm li"): high.but(rungs={**high.rungs, uid("high"): confirmed}),
            }
        }
    )
    # In the other deal he was added later, on a lower rung and over several at once, which takes a reason too.
    wms = rung(old("wms"), "wms li", climb("confidence", reason="认识"), stamp("low", days=2))
    customer, _ = hand_over(None, [crm, wms], RULES)
    ((_, li),) = named(customer, "李建国")
    assert li.rung == "alliance"
    assert (shown_rank(PLAYBOOK, li), rung_standing(PLAYBOOK, li)) == (4, "shown")
    assert not any(step.down for step in li.rungs.values())

    # Whoever came down in the one deal they have keeps no rung above that.
    fallen = rung(crm, "crm li", climb(None, "", "闹翻了"), stamp("down", days=3))
    for at in fallen.carried[uid("crm li")].rungs.values():
        assert at.down is (at.rung is None)
    unmarked = {
        key: step.but(down=False) for key, step in fallen.carried[uid("crm li")].rungs.items()
    }
    person = fallen.carried[uid("crm li")].but(rungs=unmarked, rung="alliance")
    fallen = fallen.model_copy(update={"carried": {uid("crm li"): person}})
    customer, _ = hand_over(None, [fallen], RULES)
    assert shown_rank(PLAYBOOK, customer.people[uid("crm li")]) == 0
