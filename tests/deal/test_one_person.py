"""What makes one record of two, and none of one, done in a customer and its deals as one act."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import pytest

from salescoach.customer.erasing import erase as erase_from_customer
from salescoach.customer.erasing import traces
from salescoach.customer.models import Customer
from salescoach.deal import actions, contacts, identity, items, merging, notes, stages
from salescoach.deal.erasing import erase, found_in
from salescoach.deal.exporting import export
from salescoach.deal.models import Deal
from salescoach.document.change import changes
from salescoach.document.errors import NotThere
from salescoach.document.merge import merge
from salescoach.document.stamp import Stamp
from salescoach.document.traces import ERASED, Traces
from salescoach.document.undo import taken_back
from tests.build import LADDER, TODAY, climb, make_customer, make_deal, refused, stamp, uid
from tests.build import with_contact as with_one

LI, OLD, WANG = uid("李建国"), uid("老李"), uid("王总")


def customer_of(deal: Deal) -> Customer:
    assert deal.customer_record is not None
    return deal.customer_record


def two_deals() -> tuple[Customer, Deal, Deal]:
    """Return a customer with 李建国, 老李 and 王总, and two deals; the second knows one of the first two under each id."""
    first = with_one(make_deal(label="1"), "李建国", roles=("designer",), phone="138 0013 8000")
    first = with_one(first, "王总", roles=("decision-maker",))
    second = make_deal(label="2", customer=customer_of(first))
    second = contacts.involve(second, WANG, stamp("involve"))
    second = with_one(second, "老李", roles=("user",), key=True)
    second = contacts.involve(second, LI, stamp("involve li"), roles=("designer",))
    second = notes.add(second, stamp("note"), "口味清淡", contact=OLD)
    customer = customer_of(second)
    return customer, first.beside(customer), second


def merged() -> merging.Merged:
    customer, *deals = two_deals()
    return merging.merge_people(customer, deals, LI, OLD, stamp("m"), LADDER)


def test_two_people_who_are_one_have_one_part_in_each_deal() -> None:
    customer, first, second = two_deals()
    after = merged()
    one, other = after.deals
    assert one.timeline == first.timeline
    assert other.timeline[uid("m")].what == "people-merged"
    assert other.stakeholders.keys() == {LI, WANG}
    part = other.stakeholders[LI]
    assert (set(part.roles), part.key) == ({"designer", "user"}, True)
    assert other.contacts[LI].other_names == ("老李",)
    assert [note.text for _, note in notes.newest_first(other, LI)] == ["口味清淡"]
    again = merging.merge_people(after.customer, after.deals, LI, OLD, stamp("m"), LADDER)
    assert again == after
    del customer, second


def test_two_people_are_two_again_in_each_deal_when_it_is_taken_back() -> None:
    customer, _, second = two_deals()
    after = merged()
    since = contacts.edit(after.deals[1], LI, stamp("since"), title="总监")

    def back(now: Any, before: Any, then: Any) -> Any:
        return taken_back(now, [uid("m")], before, then, "undo", stamp("undo"))

    deal = back(since.beside(None), second.beside(None), after.deals[1].beside(None))
    people = back(customer_of(since), customer, after.customer)
    whole: Deal = deal.beside(people)
    assert whole.stakeholders == second.stakeholders
    assert (whole.contacts[LI].title, whole.contacts[OLD].name) == ("总监", "老李")


def test_a_stakeholder_who_comes_elsewhere_under_the_old_id_is_the_one_that_stayed() -> None:
    _, _, second = two_deals()
    there = contacts.edit(second, OLD, stamp("there"), roles=("user", "buyer"), department="IT")
    here = merged().deals[1]
    for result in (merge(second, here, there), merge(second, there, here)):
        assert result.stakeholders.keys() == {LI, WANG}
        assert set(result.stakeholders[LI].roles) == {"designer", "user", "buyer"}
        assert result.contacts[LI].department == "IT"
        assert result.conflicts == {}


def test_the_deals_of_a_merged_customer_are_deals_of_the_one_that_stays() -> None:
    gone, first, second = two_deals()
    kept = make_customer("Huading Data")
    after = merging.merge_customers(kept, gone, (first, second), stamp("m"))
    assert after.gone is not None
    assert after.gone.merged_into == kept.id
    for deal, before in zip(after.deals, (first, second), strict=True):
        assert (deal.customer_id, deal.customer) == (kept.id, "Huading Data")
        assert deal.contacts.keys() == before.contacts.keys()
        assert deal.timeline[uid("m")].what == "customer-changed"
        back = taken_back(
            deal.beside(None),
            [uid("m")],
            before.beside(None),
            deal.beside(None),
            "undo",
            stamp("u"),
        )
        assert back.customer_id == gone.id
    again = merging.merge_customers(after.customer, after.gone, after.deals, stamp("m"))
    assert again == after


def told_of() -> tuple[Customer, Deal, Deal]:
    """Return two deals that say a lot about 李建国."""
    _, first, second = two_deals()
    first = items.add_evidence(first, "met", stamp("ev"), who="李建国", note="王总也在，李建国说行")
    first = actions.add(first, stamp("act"), "约李建国", TODAY, "小周", "李建国")
    first = notes.add(first, stamp("n1"), "爱喝茶", contact=LI)
    first = notes.add(first, stamp("n2"), "电话13800138000，找李建国")
    first = stages.answer(first, "real", "yes", stamp("ans"), "李建国说预算批了")
    first = contacts.set_rung(first, LI, climb("engagement", who="李建国"), stamp("rung"))
    first = contacts.edit(first, LI, stamp("roles"), roles=("user",))
    first = identity.edit(first, stamp("name"), name="李建国的项目")
    first = stages.add_marker_evidence(
        first, "customer-analysis", "exit", stamp("mark"), who="李建国", note="当面说的"
    )
    customer = customer_of(first)
    return customer, first, second.beside(customer)


def erase_everywhere(
    customer: Customer, deals: Iterable[Deal], who: str, doing: Stamp
) -> tuple[Customer, tuple[Deal, ...]]:
    """Return the customer and its deals without one of its people."""
    ids, known_by = (
        customer.ids_of(who),
        traces(customer, who) if who in customer.people else Traces(),
    )
    after = erase_from_customer(customer, who, doing)
    return after, tuple(erase(deal, ids, known_by, doing).beside(after) for deal in deals)


def test_an_erased_person_is_in_no_deal() -> None:
    customer, *deals = told_of()
    words = traces(customer, LI)
    assert all(found_in(deal.beside(None), words) for deal in deals)
    after, cleared = erase_everywhere(customer, deals, LI, stamp("erase"))
    for deal, before in zip(cleared, deals, strict=True):
        assert found_in(deal.beside(None), words) == []
        assert LI not in deal.stakeholders
        assert deal.contacts.keys() == before.contacts.keys() - {LI}
        assert deal.erased.keys() == {LI}
        told = [(key, one.what, one.at, one.by) for key, one in before.timeline.items()]
        now = [(key, one.what, one.at, one.by) for key, one in deal.timeline.items()]
        assert now[:-1] == told
        assert now[-1][1] == "person-erased"
    first = cleared[0]
    assert first.name == "***的项目"
    assert first.items["met"].evidence[uid("ev")].who == ERASED
    assert first.items["met"].evidence[uid("ev")].note == "王总也在，***说行"
    assert first.items["met"].state == "evidenced"
    assert (first.actions[uid("act")].text, first.actions[uid("act")].agreed_with) == (
        "约***",
        ERASED,
    )
    assert [one.text for one in first.notes.values()] == ["电话***，找***"]
    assert first.stakeholders[WANG].name == "王总"
    assert found_in(after, words) == []
    assert erase_everywhere(after, cleared, LI, stamp("erase")) == (after, cleared)
    with refused(NotThere, "contact-unknown"):
        erase_everywhere(after, cleared, LI, stamp("again"))


def test_a_deal_that_says_nothing_of_a_person_stays_as_it_is() -> None:
    customer, *_ = told_of()
    other = make_deal(label="3")
    assert erase(other, customer.ids_of(LI), traces(customer, LI), stamp("erase")) is other


def elsewhere(deal: Deal) -> list[Deal]:
    told = notes.add(deal, stamp("new", by="乙"), "李建国升职了", contact=LI)
    told = contacts.edit(
        told, LI, stamp("edited", by="乙"), roles=("buyer",), phone="139 9999 9999"
    )
    return [deal, told, items.tick(deal, "network", stamp("tick"))]


@pytest.mark.parametrize("which", range(3))
@pytest.mark.parametrize("beside", [True, False])
def test_no_merge_brings_an_erased_person_back_to_a_deal(which: int, *, beside: bool) -> None:
    customer, first, second = told_of()
    words = traces(customer, LI)
    _, (here, _) = erase_everywhere(customer, (first, second), LI, stamp("erase"))
    base, there = first, elsewhere(first)[which]
    if not beside:
        base, here, there = (deal.beside(None) for deal in (base, here, there))
    for known in (base, None):
        for result in (merge(known, here, there), merge(known, there, here)):
            assert LI not in result.contacts
            assert "李建国" not in result.model_dump_json().replace(LI, "")
            assert "升职" not in result.model_dump_json()
            if beside:
                assert found_in(result.beside(None), words) == []
                assert LI not in customer_of(result).people


def test_fields_of_a_later_program_are_searched_and_survive() -> None:
    customer, first, _ = told_of()
    raw = first.model_dump(mode="json", by_alias=True)
    raw["later"] = {"deep": ["问李建国", 2]}
    raw["worksheets"]["needs"]["n1"] = {"layer": "goals", "who": "李建国"}
    raw["stakeholders"][WANG]["seat"] = 4
    deal = Deal.model_validate(raw).beside(customer)
    _, (after,) = erase_everywhere(customer, (deal,), LI, stamp("erase"))
    assert after.model_extra == {"later": {"deep": ["问***", 2]}}
    assert after.worksheets.needs["n1"].model_extra == {"layer": "goals", "who": ERASED}
    assert after.stakeholders[WANG].model_extra == {"seat": 4}


def test_all_that_is_held_of_a_person_is_one_object() -> None:
    customer, first, second = told_of()
    other = make_deal(label="3", customer=customer)
    held = export(customer, (first, second, other), OLD)
    assert held["person"]["name"] == "老李"
    held = export(customer, (first, second, other), LI)
    assert json.loads(json.dumps(held)) == held
    assert (held["person"]["phone"], held["customer"]["name"]) == ("138 0013 8000", "华鼎数据")
    assert held["person"]["rungs"].keys() == {uid("rung")}
    assert {one["what"] for one in held["events"]} == {"contact-added", "rung-set"}
    one, two = held["deals"]
    assert (one["name"], one["stakeholder"][LI]["roles"]) == ("李建国的项目", ["user"])
    assert [(piece.get("item"), piece.get("stage")) for piece in one["evidence"]] == [
        ("met", None),
        (None, "customer-analysis"),
    ]
    assert one["actions"][uid("act")]["agreed_with"] == "李建国"
    assert [note["text"] for note in one["notes"].values()] == ["爱喝茶"]
    places = {mention["place"] for mention in one["mentions"]}
    assert {"/name", "/answers/real/note", f"/notes/{uid('n2')}/text"} <= places
    assert not any(place.startswith(f"/notes/{uid('n1')}") for place in places)
    assert two["stakeholder"].keys() == {LI}
    assert changes(first.timeline[uid("roles")])
    with refused(NotThere, "contact-unknown"):
        export(customer, (), uid("nobody"))
