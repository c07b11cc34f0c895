"""A person who is erased is nowhere in the customer, and no version that is merged brings them back."""

from __future__ import annotations

from typing import Any

import pytest

from salescoach.customer import apart, notes, people
from salescoach.customer.erasing import erase, traces
from salescoach.customer.merging import merge_customers, merge_people
from salescoach.customer.models import Customer
from salescoach.document.errors import NotThere
from salescoach.document.merge import merge
from salescoach.document.rebuild import as_of
from salescoach.document.traces import ERASED, places
from salescoach.document.undo import latest, taken_back
from tests.build import LADDER, NOW, climb, refused, stamp, uid
from tests.customer.build import make_customer, with_person
from tests.customer.test_merging import both_ways, content

LI, OLD, WANG, SUN = uid("李建国"), uid("老李"), uid("王总"), uid("李建国华")


def known() -> Customer:
    """Return a customer that says a lot about 李建国, under two ids, and something of others."""
    customer = with_person(
        make_customer(other_names=("李建国工作室",)),
        "李建国",
        phone="138 0013 8000",
        email="li@b.cn",
        other_names=("Li Jianguo",),
        note="爱喝茶",
    )
    customer = with_person(customer, "老李", birthday="03-08")
    customer = with_person(customer, "王总", reports_to=LI, note="听李建国的，电话13800138000")
    customer = with_person(customer, "李建国华")
    customer = merge_people(customer, LI, OLD, stamp("merge"), LADDER)
    customer = people.set_rung(customer, LI, climb("engagement", who="李建国"), stamp("own"))
    customer = people.judge_style(customer, LI, "driving", None, stamp("style"), "急")
    proof = climb("engagement", "李建国引见的", who="李建国")
    customer = people.set_rung(customer, WANG, proof, stamp("rung"))
    customer = notes.add(customer, stamp("about"), "口味清淡", person=OLD)
    customer = notes.add(customer, stamp("on"), "li jianguo 会来，李建国华也来")
    return apart.keep_people_apart(customer, LI, SUN, stamp("apart"))


def test_an_erased_person_is_nowhere_in_the_customer() -> None:
    before = known()
    words = traces(before, LI)
    after = erase(before, OLD, stamp("erase"))
    raw = after.model_dump(mode="json", by_alias=True)
    # The organisation's own other name is not the person's.
    assert places(raw, words) == [("other_names", "0")] or places(raw, words) == []
    text = after.model_dump_json()
    for gone in (
        "老李",
        "Li Jianguo",
        "li jianguo",
        "138",
        "li@b.cn",
        "爱喝茶",
        "口味",
        "急",
        "03-08",
    ):
        assert gone not in text.replace("李建国工作室", "").replace(LI, "").replace(OLD, ""), gone
    assert "李建国" not in text.replace("李建国工作室", "").replace("李建国华", "")
    assert after.erased.keys() == {LI, OLD}
    assert (after.erased[LI].at, after.erased[LI].by) == (NOW, "小周")
    wang = after.people[WANG]
    assert (wang.reports_to, wang.note) == (None, "听***的，电话***")
    assert (wang.rungs[uid("rung")].who, wang.rungs[uid("rung")].note) == (ERASED, "***引见的")
    assert wang.rung == "engagement"
    assert after.people[SUN].name == "李建国华"
    assert [one.text for one in after.notes.values()] == ["*** 会来，李建国华也来"]
    assert (after.redirects, after.apart) == ({}, {})
    assert erase(after, OLD, stamp("erase")) is after
    with refused(NotThere, "contact-unknown"):
        erase(after, LI, stamp("again"))


def test_what_was_done_stays_in_the_timeline_without_texts() -> None:
    before = known()
    after = erase(before, LI, stamp("erase"))
    told = [(key, one.what, one.at, one.by) for key, one in before.timeline.items()]
    now = [(key, one.what, one.at, one.by) for key, one in after.timeline.items()]
    assert now[: len(told)] == told
    assert now[-1][:2] == (uid("erase"), "person-erased")
    assert after.timeline[uid("own")].about == {
        "contact": ERASED,
        "contact_id": LI,
        "rung": "engagement",
    }


def test_nothing_takes_erasing_back() -> None:
    after = erase(known(), LI, stamp("erase"))
    assert latest(after.timeline, "undo", lambda _: True, 100) != uid("erase")


def test_fields_of_a_later_program_are_searched_too_and_others_stay() -> None:
    raw = known().model_dump(mode="json", by_alias=True)
    raw["later"] = {"deep": ["李建国", 1], "at": "x"}
    raw["people"][WANG]["wechat"] = {"of": "王总"}
    after = erase(Customer.model_validate(raw), LI, stamp("erase"))
    assert after.model_extra == {"later": {"deep": [ERASED, 1], "at": "x"}}
    assert after.people[WANG].model_extra == {"wechat": {"of": "王总"}}


def elsewhere(base: Customer) -> list[Customer]:
    """Return what others made of the customer without knowing of the erasing."""
    told = notes.add(base, stamp("new note", by="乙"), "李建国升职了", person=LI)
    told = people.edit(told, LI, stamp("edited", by="乙"), phone="139 9999 9999")
    below = with_person(base, "赵敏", reports_to=LI, note="找李建国")
    merged = merge_people(base, WANG, LI, stamp("turned", by="乙"), LADDER)
    return [base, told, below, merged]


@pytest.mark.parametrize("which", range(4))
def test_no_merge_brings_an_erased_person_back(which: int) -> None:
    base = known()
    words = traces(base, LI)
    here, there = erase(base, LI, stamp("erase")), elsewhere(base)[which]
    for result in (*both_ways(base, here, there), *both_ways(None, here, there)):
        assert LI not in result.people
        raw: dict[str, Any] = result.model_dump(mode="json", by_alias=True)
        del raw["other_names"]
        assert places(raw, words) == []
        assert LI in result.erased
        for text in ("139", "升职"):
            assert text not in result.model_dump_json().replace(LI, "")
    again = merge(base, here, there)
    assert content(merge(None, again, there)) == content(again)


def test_who_was_erased_in_one_customer_is_in_none_that_it_is_merged_with() -> None:
    one, other = known(), with_person(make_customer("Huading"), "李建国", phone="139")
    other = with_person(other, "钱工", reports_to=LI, note="李建国介绍的")
    whole, _ = merge_customers(erase(one, LI, stamp("erase")), other, stamp("m"))
    assert LI not in whole.people
    assert whole.people[uid("钱工")].reports_to is None
    assert whole.people[uid("钱工")].note == "***介绍的"


def test_taking_back_what_was_done_before_brings_nobody_back() -> None:
    base = known()
    after = people.edit(base, LI, stamp("late"), phone="139 9999 9999")
    gone = erase(after, LI, stamp("erase"))
    back = taken_back(gone, [uid("late")], base, after, "undo", stamp("undo"))
    assert LI not in back.people
    assert content(back) == content(gone)
    assert "139" not in back.model_dump_json().replace(LI, "")


def test_no_day_before_tells_of_the_erased() -> None:
    base = known()
    later = people.edit(base, WANG, stamp("later", days=3), title="总监")
    gone = erase(later, LI, stamp("erase", days=5))
    words = traces(base, LI)
    then = as_of(gone, NOW.date())
    assert then is not None
    assert then.people.keys() == {WANG, SUN}
    assert (then.people[WANG].title, gone.people[WANG].title) == ("", "总监")
    raw = then.model_dump(mode="json", by_alias=True)
    del raw["other_names"]
    assert places(raw, words) == []
