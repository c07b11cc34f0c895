"""Which customers and which people are the same: for certain, perhaps, or not."""

from __future__ import annotations

import pytest

from salescoach.customer import apart, identity
from salescoach.customer.legal_names import core
from salescoach.customer.matching import (
    Likeness,
    contradictions,
    doubtful_customers,
    doubtful_people,
    same_customer,
    same_person,
)
from salescoach.customer.models import Customer, Person
from salescoach.customer.names import folded
from salescoach.customer.reach import emails, phones
from salescoach.document.errors import InvalidValue
from salescoach.pinyin import Readings
from tests.build import refused, stamp, uid
from tests.customer.build import make_customer, with_person

READINGS = Readings(
    {
        "华": "hua",
        "鼎": "ding",
        "数": "shu shuo",
        "据": "ju",
        "李": "li",
        "伟": "wei",
        "维": "wei",
        "王": "wang",
        "吕": "lv lu lyu",
        "行": "xing hang",
    }
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("华鼎数据", " 华鼎 数据 "),
        ("Acme Robotics", "ACME  robotics"),
        ("Acme-Robotics.", "Acme Robotics"),
        ("ＡＢＣ（上海）", "abc(上海)"),
        ("Société Générale", "SOCIÉTÉ GÉNÉRALE"),
        ("O'Neil & Co", "O’Neil & Co"),
    ],
)
def test_a_name_is_folded_however_it_was_typed(one: str, other: str) -> None:
    assert folded(one) == folded(other)
    assert same_customer(_customer(one), _customer(other)) == ("same", "name", ())


@pytest.mark.parametrize(
    ("one", "other"), [("C++", "C"), ("AT&T", "ATT"), ("一", "二"), ("!", "?"), ("कि", "क")]
)
def test_names_that_differ_in_a_telling_sign_are_two(one: str, other: str) -> None:
    assert folded(one) != folded(other)


@pytest.mark.parametrize(
    ("name", "left"),
    [
        ("华鼎数据股份有限公司", "华鼎数据"),
        ("华鼎数据（上海）有限责任公司", "华鼎数据"),
        ("华鼎集团", "华鼎"),
        ("集团有限公司", "集团有限公司"),
        ("Acme Robotics Ltd.", "acmerobotics"),
        ("Acme Robotics, Inc", "acmerobotics"),
        ("The Acme Holding Co., Ltd.", "acme"),
        ("Acme GmbH", "acme"),
        ("GmbH", "gmbh"),
        ("ABB（中国）有限公司", "abb"),
    ],
)
def test_the_legal_form_is_no_part_of_the_name(name: str, left: str) -> None:
    assert core(name) == left


def _customer(name: str, *others: str) -> Customer:
    return make_customer(name, other_names=others)


@pytest.mark.parametrize(
    ("one", "other", "likeness", "why"),
    [
        (_customer("华鼎数据", "华鼎"), _customer("华鼎"), "same", "other-name"),
        (_customer("中石油", "中油"), _customer("中国石油", "中油"), "perhaps", "other-name"),
        (_customer("华鼎数据"), _customer("华鼎数据有限公司"), "perhaps", "legal-form"),
        (_customer("Acme Ltd"), _customer("ACME Inc."), "perhaps", "legal-form"),
        (_customer("华鼎"), _customer("上海华鼎数据有限公司"), "perhaps", "contains"),
        (_customer("Acme"), _customer("Acme Robotics GmbH"), "perhaps", "contains"),
        (_customer("Robotics"), _customer("Acme Robotics GmbH"), "perhaps", "contains"),
        (_customer("ABB"), _customer("ABB中国"), "perhaps", "contains"),
        (_customer("华鼎数据"), _customer("Huading Shuju Ltd"), "perhaps", "pinyin"),
        (_customer("华鼎"), _customer("华顶"), "different", None),
        (_customer("鼎"), _customer("华鼎数据"), "different", None),
        (_customer("Acme"), _customer("Acmetron"), "different", None),
        (_customer("BB"), _customer("ABB中国"), "different", None),
        (_customer("Ac"), _customer("Ac of Base Music"), "different", None),
        (_customer("集团有限公司"), _customer("华鼎集团有限公司"), "different", None),
    ],
)
def test_customers_are_the_same_perhaps_or_not(
    one: Customer, other: Customer, likeness: Likeness, why: str | None
) -> None:
    for first, second in ((one, other), (other, one)):
        assert same_customer(first, second, READINGS)[:2] == (likeness, why)
    found = doubtful_customers({"1": one, "2": other}, (), READINGS)
    assert [pair[:2] for pair in found] == ([] if likeness == "different" else [("1", "2")])


def test_without_readings_pinyin_says_nothing() -> None:
    pair = {"1": _customer("华鼎"), "2": _customer("Hua Ding")}
    assert len(doubtful_customers(pair, (), READINGS)) == 1
    assert doubtful_customers(pair) == []


def who(name: str, **fields: object) -> Person:
    return Person.model_validate({"name": name} | fields)


CELL, OTHER_CELL, DESK = "138 0013 8000", "139-0000-1111", "021-5555 1234"


@pytest.mark.parametrize(
    ("one", "other", "likeness", "why"),
    [
        # The same name, and a way to reach them in common or nothing that contradicts
        (who("李伟", phone=CELL), who("李伟", phone="+86 13800138000"), "same", "name"),
        (who("李伟", email="li@b.cn"), who("李 伟", email="LI@B.CN"), "same", "name"),
        (
            who("李伟", phone=CELL, title="主任"),
            who("李伟", phone=CELL, title="处长"),
            "same",
            "name",
        ),
        (who("李伟", phone=CELL), who("李伟"), "same", "name"),
        (who("李伟"), who("李伟", title="主任"), "same", "name"),
        (who("John Smith"), who("JOHN SMITH"), "same", "name"),
        (who("李伟", other_names=("Wei Li",)), who("Wei Li"), "same", "other-name"),
        # The same name, but something speaks against it
        (who("李伟", phone=CELL), who("李伟", phone=OTHER_CELL), "perhaps", "name"),
        (who("李伟", phone=CELL), who("李伟", email="li@b.cn"), "perhaps", "name"),
        (who("李伟", title="主任"), who("李伟", title="处长"), "perhaps", "name"),
        (who("李伟", department="采购部"), who("李伟", department="信息部"), "perhaps", "name"),
        (who("李伟", birthday="1980-03-08"), who("李伟", birthday="04-08"), "perhaps", "name"),
        (who("李伟", birthday="1980-03-08"), who("李伟", birthday="03-08"), "same", "name"),
        # A short form of the name
        (who("李工", phone=CELL), who("李建国", phone=CELL), "same", "short-name"),
        (who("老李", phone=CELL), who("李建国", phone=CELL), "same", "short-name"),
        (who("建国", phone=CELL), who("李建国", phone=CELL), "same", "short-name"),
        (who("欧阳主任", phone=CELL), who("欧阳明", phone=CELL), "same", "short-name"),
        (who("Mr. Smith", email="j@s.uk"), who("John Smith", email="j@s.uk"), "same", "short-name"),
        (who("J. Smith", email="j@s.uk"), who("John Smith", email="j@s.uk"), "same", "short-name"),
        (who("李工", phone=DESK), who("李建国", phone=DESK), "perhaps", "short-name"),
        (who("李工"), who("李建国"), "different", None),
        (who("欧工", phone=CELL), who("欧阳明", phone=CELL), "perhaps", "reach"),
        (who("李工", phone=CELL), who("李总", phone=CELL), "perhaps", "reach"),
        (who("A. Smith", email="j@s.uk"), who("John Smith", email="j@s.uk"), "perhaps", "reach"),
        # One phone, two names
        (who("李伟", phone=CELL), who("王总", phone=CELL), "perhaps", "reach"),
        (who("李伟", phone=DESK), who("王总", phone=DESK), "different", None),
        (who("李伟", email="info@b.cn"), who("王总", email="info@b.cn"), "different", None),
        (
            who("李伟", phone=DESK + " 转 8001"),
            who("王总", phone=DESK + "转8001"),
            "perhaps",
            "reach",
        ),
        (who("李伟", phone=DESK + " 转 8001"), who("王总", phone=DESK), "different", None),
        # Two ways of writing
        (who("李伟", phone=CELL), who("Wei Li", phone=CELL), "same", "pinyin"),
        (who("李伟"), who("Li Wei"), "perhaps", "pinyin"),
        (who("吕行"), who("Lyu Hang"), "perhaps", "pinyin"),
        (who("李伟"), who("李维"), "different", None),
        (who("李伟"), who("王伟"), "different", None),
    ],
)
def test_people_are_the_same_perhaps_or_not(
    one: Person, other: Person, likeness: Likeness, why: str | None
) -> None:
    for first, second in ((one, other), (other, one)):
        assert same_person(first, second, READINGS)[:2] == (likeness, why)
    customer = make_customer().but(people={uid("1"): one, uid("2"): other})
    assert bool(doubtful_people(customer, READINGS)) == (likeness != "different")


def test_what_was_entered_side_by_side_is_never_the_same_for_want_of_an_address() -> None:
    one, other = who("王总", phone=CELL), who("王总")
    assert same_person(one, other).likeness == "same"
    assert same_person(one, other, beside=True).likeness == "perhaps"
    assert same_person(one, one, beside=True).likeness == "same"


def test_contradictions_are_named() -> None:
    one = who("李伟", phone=CELL, title="主任", level="manager", email="a@b.cn", department="IT")
    other = who("李伟", phone=OTHER_CELL, title="处长", level="executive", email="A@B.CN")
    assert contradictions(one, other) == ("phone", "level", "title")
    assert same_person(one, other).against == ("phone", "level", "title")


def test_several_numbers_and_addresses_are_read_from_a_line() -> None:
    assert phones("13800138000 / 021-5555 1234") == {"13800138000", "02155551234"}
    assert phones("+86-21-5555 1234") == phones("(021) 55551234") == {"02155551234"}
    assert phones("0086 13800138000") == {"13800138000"}
    assert phones("+49 30 123456") == {"4930123456"}
    assert phones("8001") == frozenset()
    assert emails("Li <li@b.cn>; Wang＠B.CN") == {"li@b.cn", "wang@b.cn"}


def test_a_pair_that_was_called_different_is_not_offered_again() -> None:
    customer = with_person(
        with_person(make_customer(), "李伟", label="1", phone=CELL), "李伟", label="2"
    )
    assert [pair[:2] for pair in doubtful_people(customer)] == [tuple(sorted((uid("1"), uid("2"))))]
    there = apart.keep_people_apart(customer, uid("1"), uid("2"), stamp("no"))
    assert doubtful_people(there) == []
    assert there.timeline[uid("no")].what == "kept-apart"
    assert apart.keep_people_apart(there, uid("2"), uid("1"), stamp("again")) is there
    here = apart.keep_people_apart(customer, uid("2"), uid("1"), stamp("here"))
    assert here.apart.keys() == there.apart.keys()
    with refused(InvalidValue, "same-record"):
        apart.keep_people_apart(customer, uid("1"), uid("1"), stamp("self"))


def test_customers_that_were_called_different_are_not_offered_again() -> None:
    one, other = make_customer(), make_customer("华鼎数据有限公司")
    both = {each.id: each for each in (one, other)}
    assert len(doubtful_customers(both)) == 1
    told = apart.keep_customers_apart(one, other, stamp("no"))
    assert doubtful_customers(both, apart.customers_apart(told)) == []
    assert apart.keep_customers_apart(other, told, stamp("again")) is other
    with refused(InvalidValue, "same-record"):
        apart.keep_customers_apart(one, one, stamp("self"))


def test_a_word_of_the_trade_makes_no_pairs_and_thousands_are_compared_at_once() -> None:
    many = {f"{n}": _customer(f"第{n:04}市数据有限公司") for n in range(2000)}
    many["trade"] = _customer("数据")
    many["near"] = identity.edit(_customer("第0007市数据"), stamp("e"), other_names=["七"])
    assert [pair[:2] for pair in doubtful_customers(many)] == [("7", "near")]


def test_a_crowd_at_one_number_makes_no_pairs() -> None:
    people = {uid(f"{n}"): who(f"员工{n}", phone=CELL, order=n) for n in range(1000)}
    assert doubtful_people(make_customer().but(people=people)) == []
