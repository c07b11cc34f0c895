"""Builds customers and the people at them."""

from __future__ import annotations

from typing import Any

from salescoach.customer import identity, people
from salescoach.customer.models import Customer
from salescoach.customer.rungs import RungChange
from tests.build import climb, stamp, uid


def make_customer(name: str = "华鼎数据", **fields: Any) -> Customer:
    """Return a customer, made at NOW, whose id is `uid(name)`."""
    return identity.create(id=uid(name), name=name, stamp=stamp(f"create {name}"), **fields)


def with_person(
    customer: Customer,
    name: str = "李工",
    *,
    label: str = "",
    rung: RungChange | str | None = None,
    **fields: Any,
) -> Customer:
    """Return the customer with a person whose id is `uid(label)`, by default that of the name."""
    change = climb(rung) if isinstance(rung, str) else rung
    return people.add(customer, stamp(label or name), name=name, rung=change, **fields)
