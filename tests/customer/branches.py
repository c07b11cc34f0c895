"""Random branches of one customer for the tests of merging: operations, deletions by hand and fields of a later program."""

from __future__ import annotations

from functools import cache
from typing import Any

from salescoach.customer import apart, identity, notes, people
from salescoach.customer.merging import merge_people
from salescoach.customer.models import Customer
from salescoach.document import conflicts
from salescoach.document.merge import merge
from salescoach.document.stamp import Stamp
from tests.branches import Branches, Doing, bare_content
from tests.build import LADDER, climb, stamp, uid
from tests.customer.build import make_customer, with_person

LI, WANG, ZHAO = uid("李工"), uid("王总"), uid("赵敏")
WHO = (LI, WANG, ZHAO)
RUNGS = (None, "acquaintance", "engagement", "confidence")


def _some(value: int) -> str:
    return WHO[value % 3]


def _edited(customer: Customer, by: Stamp, value: int) -> Customer:
    given: dict[int, dict[str, Any]] = {
        0: {"title": f"T{value}"},
        1: {"phone": f"138 0000 000{value}"},
        2: {"note": f"N{value}", "guide": value > 4},
        3: {"other_names": (f"A{value}", "B")},
    }
    return people.edit(customer, _some(value), by, **given[value % 4])


def _reporting(customer: Customer, by: Stamp, value: int) -> Customer:
    """Let somebody report to one of those before him: two who turn that around at once make no customer together."""
    above = WHO[value // 3] if value // 3 < value % 3 else None
    return people.edit(customer, _some(value), by, reports_to=above)


def _merged(customer: Customer, by: Stamp, value: int) -> Customer:
    return merge_people(customer, _some(value), _some(value // 3), by, LADDER)


def _later(customer: Customer, _: Stamp, value: int) -> Customer:
    """Change a field of a later program, somewhere."""
    person = customer.people[LI]
    changed: Any = {
        0: {"later": {"deep": [1, value]}},
        1: {"later": {"deep": [1, 2], "more": value}},
        2: {"people": {**customer.people, LI: person.but(wechat=value)}},
        3: {"score": value},
    }[value % 4]
    return customer.but(**changed)


def _settled(customer: Customer, by: Stamp, value: int) -> Customer:
    for key in customer.conflicts:
        return conflicts.settle(customer, key, "kept" if value % 2 else "lost", by)
    return customer


def _without(key: str) -> Doing[Customer]:
    return lambda customer, _, __: customer.but(
        people={at: one for at, one in customer.people.items() if at != key}
    )


DOINGS: tuple[Doing[Customer], ...] = (
    lambda customer, by, value: identity.edit(customer, by, name=f"N{value}"),
    lambda customer, by, value: identity.edit(customer, by, other_names=(f"O{value}", "华鼎")),
    lambda customer, by, value: people.add(customer, by, name=f"P{value}", reports_to=LI),
    _edited,
    _edited,
    _edited,
    _reporting,
    lambda customer, by, value: people.set_rung(
        customer, _some(value), climb(RUNGS[value % 4]), by
    ),
    lambda customer, by, value: people.confirm_rung(customer, _some(value), by),
    lambda customer, by, value: people.challenge_rung(customer, _some(value), by, "哪一次？"),
    lambda customer, by, value: people.judge_style(customer, _some(value), "driving", None, by),
    lambda customer, by, value: people.mark_left(customer, _some(value), by, value > 2),
    lambda customer, by, value: notes.add(customer, by, f"note {value}", _some(value)),
    lambda customer, by, value: apart.keep_people_apart(
        customer, _some(value), _some(value // 3), by
    ),
    _merged,
    _merged,
    _later,
    _settled,
    _without(WANG),
)


@cache
def trunk() -> Customer:
    """Return the customer that the branches leave: with a conflict, three people and fields of a later program."""
    customer = with_person(make_customer(), title="主任", phone="138", rung="engagement")
    customer = with_person(customer, "王总", reports_to=LI, rung="acquaintance", email="w@b.cn")
    customer = with_person(customer, "赵敏", title="处长", note="爱喝茶")
    customer = notes.add(customer, stamp("first note"), "老客户", LI)
    raw = customer.model_dump(mode="json", by_alias=True)
    raw["later"] = {"deep": [1, 2]}
    raw["people"][LI]["wechat"] = "li"
    raw["people"][ZHAO]["rungs"] = {
        uid("old"): {"rung": None, "on": "2026-01-05", "at": raw["created_at"]}
    }
    customer = Customer.model_validate(raw)
    mine = identity.edit(customer, stamp("one name", by="甲"), name="One")
    return merge(customer, mine, identity.edit(customer, stamp("other", by="乙"), name="Other"))


CUSTOMERS: Branches[Customer] = Branches(
    trunk, DOINGS, bare_content, conflicts.settle, lambda customer: customer.conflicts, Customer
)
