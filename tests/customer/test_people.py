"""The people at a customer, its names and the notes on both, as a rep keeps them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from salescoach.customer import identity, notes, people
from salescoach.customer.models import Customer, Redirect
from salescoach.document.change import changes
from salescoach.document.errors import DocumentError, InvalidValue, NotThere
from tests.build import NOW, TODAY, climb, refused, stamp, uid
from tests.customer.build import make_customer, with_person

LI, WANG, ZHAO = uid("李工"), uid("王总"), uid("赵敏")


def test_a_customer_is_made_and_called_otherwise() -> None:
    customer = make_customer(other_names=("华鼎", "HUADING", "Huading ", "华鼎数据", ""))
    assert customer.other_names == ("华鼎", "HUADING")
    assert customer.timeline[uid("create 华鼎数据")].about == {"customer": "华鼎数据"}
    assert identity.edit(customer, stamp("same"), name="华鼎数据") is customer
    after = identity.edit(customer, stamp("a"), name="华鼎", other_names=["华鼎", "Hua Ding Data"])
    assert (after.name, after.other_names) == ("华鼎", ("Hua Ding Data",))
    assert changes(after.timeline[uid("a")])[1] == (
        "other_names",
        "华鼎; HUADING",
        "Hua Ding Data",
    )
    assert identity.edit(after, stamp("a"), name="别的") is after
    with refused(InvalidValue, "empty", field="name"):
        identity.edit(customer, stamp("b"), name=" ")
    with pytest.raises(TypeError, match="merged_into"):
        identity.edit(customer, stamp("c"), merged_into=LI)


def test_people_keep_the_order_they_were_added_in() -> None:
    customer = with_person(with_person(make_customer()), "王总", rung="engagement")
    assert [one.name for _, one in people.ordered(customer)] == ["李工", "王总"]
    assert customer.people[WANG].rung_since == TODAY


def test_an_act_tells_the_deal_it_was_done_in_and_else_the_customer() -> None:
    customer = with_person(make_customer(), deal=uid("deal"))
    assert customer.timeline[LI].about == {
        "contact": "李工",
        "contact_id": LI,
        "deal": uid("deal"),
    }
    customer = people.edit(customer, LI, stamp("a"), phone="138")
    about = customer.timeline[uid("a")].about
    assert about["customer"] == "华鼎数据"
    assert "deal" not in about


def test_an_edit_names_what_changed() -> None:
    customer = with_person(make_customer())
    assert people.edit(customer, LI, stamp("same"), name="李工") is customer
    customer = people.edit(customer, LI, stamp("a"), title="主任", other_names=["Li Gong", "李 工"])
    assert customer.people[LI].other_names == ("Li Gong",)
    assert changes(customer.timeline[uid("a")]) == [
        ("other_names", "", "Li Gong"),
        ("title", "", "主任"),
    ]
    assert people.edit(customer, LI, stamp("a"), title="别的") is customer
    with refused(InvalidValue, "empty", field="name"):
        people.edit(customer, LI, stamp("b"), name="")
    with pytest.raises(TypeError, match="styles"):
        people.edit(customer, LI, stamp("c"), styles={})
    with pytest.raises(NotThere) as caught:
        people.edit(customer, "李", stamp("d"), title="x")
    assert caught.value.near == ("李工",)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("1980-03-08", "1980-03-08"),
        ("1980/3/8", "1980-03-08"),
        ("1980年3月8日", "1980-03-08"),
        ("3月8号", "03-08"),
        ("3-8", "03-08"),
        ("02-29", "02-29"),
        ("2000-02-29", "2000-02-29"),
        (TODAY.isoformat(), TODAY.isoformat()),
        (" ", ""),
    ],
)
def test_a_birthday_is_a_day_with_or_without_its_year(written: str, kept: str) -> None:
    customer = with_person(make_customer(), birthday=written)
    assert customer.people[LI].birthday == kept


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("1981-02-29", "bad-birthday"),
        ("02-30", "bad-birthday"),
        ("13-01", "bad-birthday"),
        ("1899-12-31", "bad-birthday"),
        ("三月八号", "bad-birthday"),
        ("1980-03-08 10:00", "bad-birthday"),
        ((TODAY + timedelta(days=1)).isoformat(), "birthday-to-come"),
    ],
)
def test_what_is_no_birthday_is_refused(written: str, code: str) -> None:
    with refused(InvalidValue, code):
        with_person(make_customer(), birthday=written)


def test_a_rung_keeps_its_steps_and_a_coach_judges_them() -> None:
    customer = with_person(make_customer())
    three = TODAY - timedelta(days=3)
    customer = people.set_rung(customer, LI, climb("engagement", on=three), stamp("up"))
    assert customer.people[LI].rung_since == three
    assert people.set_rung(customer, LI, climb("engagement", ""), stamp("again")) is customer
    with refused(InvalidValue, "rung-needs-evidence", contact="李工"):
        people.set_rung(customer, LI, climb("confidence", ""), stamp("bare"))
    with refused(DocumentError, "coach-only"):
        people.confirm_rung(customer, LI, stamp("no coach"))
    coach = stamp("yes", by="教练", role="coach")
    confirmed = people.confirm_rung(customer, LI, coach)
    step = confirmed.people[LI].rungs[uid("up")]
    assert (step.confirmed_at, step.self_confirmed) == (NOW, False)
    assert people.confirm_rung(confirmed, LI, stamp("twice", role="coach")) is confirmed
    asked = people.challenge_rung(confirmed, LI, stamp("why", role="coach"), "哪一次？")
    step = asked.people[LI].rungs[uid("up")]
    assert (step.challenge, step.confirmed_at) == ("哪一次？", None)
    with refused(DocumentError, "rung-none"):
        people.confirm_rung(with_person(customer, "王总"), WANG, stamp("no", role="coach"))
    down = people.set_rung(customer, LI, climb(None, ""), stamp("down"))
    assert (down.people[LI].rung, down.people[LI].rung_since) == (None, TODAY)


def test_style_judgements_add_up_with_their_days() -> None:
    customer = people.judge_style(with_person(make_customer()), LI, "driving", None, stamp("a"))
    before = TODAY - timedelta(days=9)
    customer = people.judge_style(customer, LI, "amiable", before, stamp("b"), "饭桌上")
    assert [one.style for one in customer.people[LI].styles.values()] == ["driving", "amiable"]
    with refused(InvalidValue, "date-to-come"):
        people.judge_style(customer, LI, "driving", TODAY + timedelta(days=1), stamp("c"))


def test_nobody_reports_to_himself_not_even_around_corners() -> None:
    customer = with_person(make_customer(), "王总")
    customer = with_person(customer, "李工", reports_to=WANG)
    customer = with_person(customer, "赵敏", reports_to=LI)
    with refused(InvalidValue, "reports-to-circle", contact="王总", superior="赵敏"):
        people.edit(customer, WANG, stamp(), reports_to=ZHAO)
    with refused(InvalidValue, "reports-to-circle"):
        people.edit(customer, LI, stamp(), reports_to=LI)
    with refused(NotThere, "contact-unknown"):
        people.edit(customer, LI, stamp(), reports_to=uid("nobody"))
    free = people.edit(customer, LI, stamp("free"), reports_to=None)
    turned = people.edit(free, WANG, stamp("turn"), reports_to=ZHAO)
    assert turned.people[WANG].reports_to == ZHAO
    assert turned.timeline[uid("turn")].about["reports_to.after-name"] == "赵敏"


def _redirected() -> Customer:
    customer = with_person(with_person(make_customer()), "王总")
    to = Redirect(to=LI, at=NOW)
    return customer.but(redirects={ZHAO: to, uid("older"): to.but(to=ZHAO)})


def test_the_id_of_a_record_that_was_merged_stands_for_the_one_that_stayed() -> None:
    customer = people.edit(_redirected(), uid("older"), stamp("a"), phone="138")
    assert customer.people[LI].phone == "138"
    assert customer.people.keys() == {LI, WANG}
    customer = people.set_rung(customer, ZHAO, climb("engagement"), stamp("b"))
    customer = people.judge_style(customer, ZHAO, "driving", None, stamp("c"))
    customer = people.confirm_rung(customer, ZHAO, stamp("d", role="coach"))
    assert [customer.timeline[uid(one)].about["contact_id"] for one in "abcd"] == [LI] * 4
    below = people.edit(customer, WANG, stamp("e"), reports_to=ZHAO)
    assert below.people[WANG].reports_to == LI
    with refused(InvalidValue, "reports-to-circle"):
        people.edit(below, ZHAO, stamp("f"), reports_to=WANG)
    noted = notes.add(customer, stamp("note"), "爱喝茶", person=ZHAO)
    assert noted.notes[uid("note")].person == LI
    assert [one.text for _, one in notes.newest_first(noted, ZHAO)] == ["爱喝茶"]


def test_notes_are_added_newest_first() -> None:
    customer = notes.add(with_person(make_customer()), stamp("a"), "长" * 5_000, person=LI)
    customer = notes.add(customer, stamp("b", days=1), "第二条", deal=uid("deal"))
    assert [len(one.text) for _, one in notes.newest_first(customer)] == [3, 5_000]
    assert [len(one.text) for _, one in notes.newest_first(customer, LI)] == [5_000]
    assert notes.add(customer, stamp("b"), "别的") is customer
    assert customer.timeline[uid("a")].about["contact"] == "李工"
    assert customer.timeline[uid("b")].about["deal"] == uid("deal")
    with refused(InvalidValue, "empty", field="note"):
        notes.add(customer, stamp("c"), "\n\t")
    with refused(NotThere, "contact-unknown"):
        notes.add(customer, stamp("c"), "谁", person=uid("nobody"))
