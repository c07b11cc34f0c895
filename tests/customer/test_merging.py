"""Two records made one, of a person and of a customer: nothing is lost, all of it can be taken back, edits find their way."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from salescoach.customer import apart, notes, people
from salescoach.customer.merging import (
    carry_over,
    has_strays,
    merge_customers,
    merge_people,
)
from salescoach.customer.models import Customer, Erased, Person
from salescoach.customer.surviving import surviving
from salescoach.customer.uniting import united
from salescoach.document.conflicts import settle
from salescoach.document.errors import Clash, DocumentError, InvalidValue, NotThere
from salescoach.document.merge import merge, same_content
from salescoach.document.undo import taken_back
from tests.build import LADDER, NOW, TODAY, climb, refused, stamp, uid
from tests.customer.build import make_customer, with_person

LI, OLD, WANG, ZHAO = uid("李工"), uid("李建国"), uid("王总"), uid("赵敏")


def two(**gone: Any) -> Customer:
    """Return a customer with 李工 and 李建国, who are one, and 王总, who reports to the second."""
    customer = with_person(make_customer(), title="主任", phone="138 0013 8000")
    customer = with_person(customer, "李建国", **gone)
    return with_person(customer, "王总", reports_to=OLD)


def one_of_two(customer: Customer, label: str = "merge", **more: Any) -> Customer:
    return merge_people(customer, LI, OLD, stamp(label, **more), LADDER)


def test_one_record_has_all_that_two_had() -> None:
    before = two(
        title="处长",
        email="li@b.cn",
        department="信息部",
        birthday="03-08",
        note="爱喝茶",
        guide=True,
    )
    before = people.judge_style(before, OLD, "driving", None, stamp("style"))
    before = people.set_rung(before, LI, climb("acquaintance"), stamp("up"))
    before = notes.add(before, stamp("note"), "见过两次", person=OLD)
    after = one_of_two(before)
    li = after.people[LI]
    assert after.people.keys() == {LI, WANG}
    assert (li.name, li.other_names) == ("李工", ("李建国",))
    assert (li.title, li.email, li.department, li.guide) == ("主任", "li@b.cn", "信息部", True)
    assert li.note == "爱喝茶\n\n李建国: 处长"
    assert [*li.rungs, *li.styles] == [uid("up"), uid("style")]
    assert after.people[WANG].reports_to == LI
    assert after.person_id(OLD) == LI
    assert [one.text for _, one in notes.newest_first(after, LI)] == ["见过两次"]
    assert after.timeline[uid("merge")].about == {
        "contact": "李工",
        "contact_id": LI,
        "other": "李建国",
        "other_id": OLD,
        "customer": "华鼎数据",
    }
    assert one_of_two(after) is after


def test_an_edit_under_the_old_id_lands_on_the_record_that_stayed() -> None:
    after = people.edit(one_of_two(two()), OLD, stamp("edit"), title="总监")
    assert after.people[LI].title == "总监"


def test_a_record_is_not_merged_with_itself_or_with_nobody() -> None:
    customer = two()
    with refused(InvalidValue, "same-record"):
        merge_people(customer, LI, LI, stamp(), LADDER)
    with refused(InvalidValue, "same-record"):
        merge_people(one_of_two(customer), LI, OLD, stamp("again"), LADDER)
    with refused(NotThere, "contact-unknown"):
        merge_people(customer, LI, ZHAO, stamp(), LADDER)


def test_chains_lead_to_the_last_one() -> None:
    customer = merge_people(one_of_two(two()), WANG, LI, stamp("more"), LADDER)
    assert customer.people.keys() == {WANG}
    assert {customer.person_id(key) for key in (LI, OLD, WANG)} == {WANG}
    assert customer.people[WANG].reports_to is None


def test_who_were_called_different_and_are_one_after_all_are_no_pair() -> None:
    customer = apart.keep_people_apart(two(), LI, OLD, stamp("apart"))
    customer = apart.keep_people_apart(customer, LI, WANG, stamp("other"))
    after = one_of_two(customer)
    assert len(after.apart) == 1
    assert after.are_apart(OLD, WANG)


def test_a_circle_that_merging_would_make_is_opened() -> None:
    customer = with_person(with_person(make_customer(), "王总"), "李工", reports_to=WANG)
    customer = people.edit(with_person(customer, "赵敏"), WANG, stamp("e"), reports_to=ZHAO)
    after = merge_people(customer, LI, ZHAO, stamp("m"), LADDER)
    assert after.people[WANG].reports_to == LI
    assert after.people[LI].reports_to is None


def step(
    rung: str | None, *, days: int = 0, note: str = "当面说的话", **more: Any
) -> dict[str, Any]:
    at = NOW + timedelta(days=days)
    return {"rung": rung, "on": at.date(), "note": note, "at": at, **more}


def on(rung: str | None, *steps: dict[str, Any], name: str = "李工") -> Person:
    rungs = {uid(f"{name} {number}"): one for number, one in enumerate(steps)}
    since = steps[-1]["on"] if steps else None
    return Person.model_validate({"name": name, "rung": rung, "rung_since": since, "rungs": rungs})


@pytest.mark.parametrize(
    ("kept", "gone", "rung"),
    [
        (None, "engagement", "engagement"),
        ("engagement", None, "engagement"),
        ("confidence", "confidence", "confidence"),
        ("acquaintance", "alliance", "acquaintance"),
        ("alliance", "acquaintance", "alliance"),
    ],
)
def test_of_rungs_that_nothing_shows_the_kept_one_stays(
    kept: str | None, gone: str | None, rung: str | None
) -> None:
    assert united(on(kept), on(gone), LADDER).person.rung == rung


def test_the_higher_rung_wins_only_with_its_proof() -> None:
    low, high = (
        on("acquaintance", step("acquaintance")),
        on("alliance", step("alliance"), name="李"),
    )
    assert united(low, high, LADDER).person.rung == "alliance"
    assert united(high, low, LADDER).person.rung == "alliance"
    claim = on("alliance", step("alliance", note=""), name="李")
    asked = on("alliance", step("alliance", challenge="哪一次？"), name="李")
    for unproved in (claim, asked, on("alliance", name="李")):
        assert united(low, unproved, LADDER).person.rung == "acquaintance"
        assert united(unproved, low, LADDER).person.rung == "acquaintance"
    both = united(low, high, LADDER).person
    assert len(both.rungs) == 2
    assert both.rung_since == TODAY


def test_who_stepped_down_since_is_not_put_up_again() -> None:
    high = on("confidence", step("confidence"), name="李")
    down = on(None, step("engagement", days=1), step(None, days=2, note="", reason="换了供应商"))
    assert united(down, high, LADDER).person.rung is None
    assert united(high, down, LADDER).person.rung is None
    before = on(None, step("engagement", days=-3), step(None, days=-2, note="", reason="走了"))
    assert united(before, high, LADDER).person.rung == "confidence"


def test_a_birthday_with_its_year_is_the_better_one() -> None:
    one, other = Person(name="李", birthday="03-08"), Person(name="李", birthday="1980-03-08")
    assert united(one, other, ()).person.birthday == "1980-03-08"
    assert united(other, one, ()).person.birthday == "1980-03-08"


def test_fields_of_a_later_program_are_put_together() -> None:
    one = Person.model_validate({"name": "李", "wechat": "a", "later": {"deep": {"a": 1}}})
    other = Person.model_validate(
        {"name": "李", "qq": 5, "wechat": "b", "later": {"deep": {"b": 2}}}
    )
    assert united(one, other, ()).person.model_extra == {
        "wechat": "a",
        "qq": 5,
        "later": {"deep": {"a": 1, "b": 2}},
    }


def test_a_note_that_has_no_room_becomes_a_note_of_the_customer() -> None:
    customer = people.edit(two(note="短" * 15_000), LI, stamp("e"), note="长" * 15_000)
    after = one_of_two(customer)
    assert after.people[LI].note == "长" * 15_000
    assert [one.text for _, one in notes.newest_first(after, OLD)] == ["短" * 15_000]


# Taking it back, and what happens elsewhere meanwhile


def undone(now: Customer, before: Customer, after: Customer, label: str = "merge") -> Customer:
    return taken_back(now, [uid(label)], before, after, "undo", stamp("undo"))


def content(customer: Customer) -> dict[str, Any]:
    return customer.model_dump(exclude={"timeline"})


def test_a_merge_is_taken_back_as_if_it_had_not_been() -> None:
    before = apart.keep_people_apart(two(title="处长", note="爱喝茶"), LI, OLD, stamp("apart"))
    after = one_of_two(before)
    back = undone(after, before, after)
    assert content(back) == content(before)
    again = taken_back(back, [uid("merge")], before, after, "redo", stamp("redo"))
    assert content(again) == content(after)


def test_what_came_since_stays_when_a_merge_is_taken_back() -> None:
    before = two(title="处长")
    after = one_of_two(before)
    since = people.edit(after, WANG, stamp("since"), title="CEO")
    since = people.edit(since, LI, stamp("rung"), rung=climb("acquaintance"))
    back = undone(since, before, after)
    assert (back.people[WANG].title, back.people[OLD].title) == ("CEO", "处长")
    assert back.people[LI].rung == "acquaintance"
    renamed = people.edit(after, LI, stamp("note"), note="别的")
    with pytest.raises(Clash):
        undone(people.edit(renamed, LI, stamp("n"), note="更多"), before, after)


def test_a_merge_done_again_takes_in_what_was_changed_meanwhile() -> None:
    before = two()
    after = one_of_two(before)
    back = people.edit(undone(after, before, after), OLD, stamp("since"), email="li@b.cn")
    again = taken_back(back, [uid("merge")], before, after, "redo", stamp("redo"))
    assert again.people[LI].email == "li@b.cn"
    assert OLD not in again.people


def both_ways(base: Customer | None, one: Customer, other: Customer) -> list[Customer]:
    return [merge(base, one, other), merge(base, other, one)]


def test_an_edit_elsewhere_of_the_record_that_is_gone_lands_on_the_one_that_stayed() -> None:
    base = two(email="li@b.cn")
    there = people.edit(base, OLD, stamp("there"), email="new@b.cn", department="信息部")
    there = people.set_rung(there, OLD, climb("engagement"), stamp("rung"))
    for result in both_ways(base, one_of_two(base), there):
        assert result.people.keys() == {LI, WANG}
        li = result.people[LI]
        assert (li.email, li.department, li.rung) == ("new@b.cn", "信息部", "engagement")
        assert result.conflicts == {}


def test_an_edit_elsewhere_of_what_the_kept_record_has_otherwise_is_in_its_note() -> None:
    base = two(phone="139 0000 1111")
    there = people.edit(base, OLD, stamp("there"), phone="137 2222 3333")
    for result in both_ways(base, one_of_two(base), there):
        assert result.people[LI].phone == "138 0013 8000"
        assert result.people[LI].note == "李建国: 137 2222 3333"
        assert result.conflicts == {}


def test_who_comes_to_report_elsewhere_to_the_record_that_is_gone_reports_to_the_other() -> None:
    base = two()
    there = with_person(base, "赵敏", reports_to=OLD)
    for result in both_ways(base, one_of_two(base), there):
        assert result.people[ZHAO].reports_to == LI


def test_two_who_merge_each_into_the_other_have_one_record_and_no_circle() -> None:
    base = two()
    here, there = one_of_two(base), merge_people(base, OLD, LI, stamp("turned"), LADDER)
    results = both_ways(base, here, there)
    for result in (*results, *both_ways(None, here, there)):
        stays = min(LI, OLD)
        assert result.people.keys() == {stays, WANG}
        assert {result.person_id(key) for key in (LI, OLD)} == {stays}
        assert result.people[WANG].reports_to == stays
        assert {"李工", "李建国"} == {
            result.people[stays].name,
            *result.people[stays].other_names,
        }


def test_two_places_that_merge_in_a_row_come_to_the_same() -> None:
    base = with_person(two(), "赵敏")
    here = one_of_two(base)
    there = merge_people(base, ZHAO, LI, stamp("there"), LADDER)
    for result in both_ways(base, here, there):
        assert result.people.keys() == {ZHAO, WANG}
        assert {result.person_id(key) for key in (LI, OLD, ZHAO)} == {ZHAO}
        assert result.people[WANG].reports_to == ZHAO
        assert result.people[ZHAO].phone == "138 0013 8000"


def test_one_who_was_merged_into_two_others_in_two_places_is_one_with_both() -> None:
    base = with_person(two(), "赵敏", email="z@b.cn")
    here = one_of_two(base)
    there = merge_people(base, ZHAO, OLD, stamp("there"), LADDER)
    for result in both_ways(base, here, there):
        stays = min(LI, ZHAO)
        assert result.people.keys() == {stays, WANG}
        assert {result.person_id(key) for key in (LI, OLD, ZHAO)} == {stays}
        one = result.people[stays]
        assert {one.name, *one.other_names} == {"李工", "李建国", "赵敏"}
        assert (one.phone, one.email) == ("138 0013 8000", "z@b.cn")


def test_a_merge_that_one_place_took_back_stays_taken_back() -> None:
    before = two()
    base = one_of_two(before)
    here, there = undone(base, before, base), people.edit(base, LI, stamp("e"), email="li@b.cn")
    for result in both_ways(base, here, there):
        assert result.people.keys() == {LI, OLD, WANG}
        assert result.people[LI].email == "li@b.cn"
        assert result.redirects == {}


def test_a_conflict_about_a_record_that_is_gone_is_one_about_the_other() -> None:
    base = two(title="处长")
    here = people.edit(base, OLD, stamp("1"), department="A部")
    torn = merge(base, here, people.edit(base, OLD, stamp("2"), department="B部"))
    after = one_of_two(torn)
    (key,) = after.conflicts
    assert after.conflicts[key].path == ("people", LI, "department")
    assert settle(after, key, "lost", stamp("s")).people[LI].department == "B部"


# Customers


def pair() -> tuple[Customer, Customer]:
    kept = with_person(make_customer(other_names=("华鼎",)), "王总")
    gone = with_person(make_customer("Huading Data", other_names=("HD",)), "李工", phone="138")
    gone = with_person(gone, "赵敏", reports_to=LI)
    gone = notes.add(gone, stamp("note"), "老客户", person=LI)
    return kept, merge_people(with_person(gone, "李建国"), LI, OLD, stamp("p"), LADDER)


def test_one_customer_has_all_that_two_had() -> None:
    kept, gone = pair()
    after, left = merge_customers(kept, gone, stamp("m"))
    assert after.other_names == ("华鼎", "Huading Data", "HD")
    assert [one.name for _, one in people.ordered(after)] == ["王总", "李工", "赵敏"]
    assert after.people[ZHAO].reports_to == LI
    assert after.person_id(OLD) == LI
    assert after.notes == gone.notes
    assert (left.merged_into, left.people, left.notes, left.name) == (
        kept.id,
        {},
        {},
        "Huading Data",
    )
    assert after.timeline[uid("m")].what == "customers-merged"
    assert left.timeline[uid("m")].what == "customer-merged-into"
    assert not has_strays(left)
    assert merge_customers(after, left, stamp("m")) == (after, left)
    # What a crash left half done is finished by doing it again.
    assert merge_customers(after, gone, stamp("m")) == (after, left)
    with refused(DocumentError, "customer-merged"):
        merge_customers(after, left, stamp("again"))
    with refused(DocumentError, "customer-merged"):
        merge_customers(left, after, stamp("turned"))
    with refused(InvalidValue, "same-record"):
        merge_customers(kept, kept, stamp("self"))


def test_merged_customers_are_parted_again_by_undo() -> None:
    kept, gone = pair()
    after, left = merge_customers(kept, gone, stamp("m"))
    assert content(undone(after, kept, after, "m")) == content(kept)
    assert content(undone(left, gone, left, "m")) == content(gone)


def test_who_stands_in_both_customers_is_one_and_what_contradicts_is_a_conflict() -> None:
    kept, gone = pair()
    kept = with_person(kept, "李工", phone="139", email="li@b.cn")
    gone = people.edit(gone, LI, stamp("d"), department="信息部")
    after, _ = merge_customers(kept, gone, stamp("m"))
    li = after.people[LI]
    assert (li.phone, li.email, li.department) == ("139", "li@b.cn", "信息部")
    (conflict,) = after.conflicts.values()
    assert (conflict.path, conflict.kept, conflict.lost) == (("people", LI, "phone"), "139", "138")


def test_who_was_erased_in_either_is_in_neither() -> None:
    kept, gone = pair()
    kept = kept.but(erased={LI: Erased(at=NOW)})
    after, _ = merge_customers(kept, gone, stamp("m"))
    assert LI not in after.people
    assert after.people[ZHAO].reports_to is None


def test_what_comes_to_a_merged_customer_later_is_carried_over() -> None:
    kept, gone = pair()
    after, left = merge_customers(kept, gone, stamp("m"))
    after = people.edit(after, LI, stamp("here"), title="总监")
    elsewhere = people.edit(gone, LI, stamp("there"), phone="137", note="爱喝茶")
    elsewhere = with_person(elsewhere, "孙梅")
    stray = merge(gone, left, elsewhere)
    assert has_strays(stray)
    whole, empty = carry_over(after, stray, stamp("c"))
    li = whole.people[LI]
    assert (li.title, li.note, li.phone) == ("总监", "爱喝茶", "137")
    assert whole.conflicts == {}
    assert whole.people[uid("孙梅")].name == "孙梅"
    assert not has_strays(empty)
    assert empty.merged_into == kept.id
    assert carry_over(whole, empty, stamp("c2")) == (whole, empty)


def test_customers_that_were_merged_into_each_other_come_to_one() -> None:
    kept, gone = pair()
    here, left_here = merge_customers(kept, gone, stamp("here"))
    there, left_there = merge_customers(gone, kept, stamp("there"))
    one, other = merge(kept, here, left_there), merge(gone, left_here, there)
    stays, goes = sorted((one, other), key=lambda each: each.id)
    both = {each.id: each for each in (one, other)}
    assert [surviving(each, both.get) for each in both] == [stays, stays]
    whole, empty = carry_over(stays, goes, stamp("c"))
    assert whole.merged_into is None
    assert {each.name for each in whole.people.values()} == {"王总", "李工", "赵敏"}
    assert empty.merged_into == whole.id
    assert not empty.people


def test_a_chain_of_customers_leads_to_the_last() -> None:
    customers = {name: make_customer(name) for name in "ABC"}
    ways = {uid("A"): uid("B"), uid("B"): uid("C")}
    home = {one.id: one.but(merged_into=ways.get(one.id)) for one in customers.values()}
    assert [surviving(key, home.get) for key in home] == [home[uid("C")]] * 3
    del home[uid("C")]
    assert surviving(uid("A"), home.get) is None


def test_a_customer_survives_the_disk_with_all_of_it() -> None:
    kept, gone = pair()
    for each in merge_customers(kept, gone, stamp("m")):
        assert same_content(Customer.model_validate_json(each.model_dump_json(by_alias=True)), each)
