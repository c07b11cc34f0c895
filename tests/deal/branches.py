"""Random branches of one deal for the tests of merging: operations, deletions by hand and fields of a later program."""

from __future__ import annotations

from functools import cache
from typing import Any

from salescoach.deal import conflicts, contacts, identity
from salescoach.deal.models import Deal
from salescoach.document.merge import merge
from salescoach.document.stamp import Stamp
from tests.branches import Branches, Doing, bare_content
from tests.build import climb, stamp, uid, with_contact
from tests.deal.test_operations import OPERATIONS, worked_on


def _any(what: str) -> Doing[Deal]:
    return lambda deal, by, _: OPERATIONS[what](deal, by)


def _without(field: str, key: str) -> Doing[Deal]:
    return lambda deal, _, __: deal.but(
        **{field: {at: one for at, one in getattr(deal, field).items() if at != key}}
    )


def _later(deal: Deal, _: Stamp, value: int) -> Deal:
    """Change a field of a later program, somewhere."""
    part = deal.stakeholders[uid("李工")]
    changed: Any = {
        0: {"later": {"deep": [1, value]}},
        1: {"later": {"deep": [1, 2], "more": value}},
        2: {"later": "flat"},
        3: {"stakeholders": {**deal.stakeholders, uid("李工"): part.but(seat=value)}},
        4: {"score": value},
    }[value % 5]
    return deal.but(**changed)


def _settled(deal: Deal, by: Stamp, value: int) -> Deal:
    for key in deal.open_conflicts:
        return conflicts.settle(deal, key, "kept" if value % 2 else "lost", by)
    return deal


def _title(deal: Deal, by: Stamp, value: int) -> Deal:
    rung = ("acquaintance", "engagement", "confidence")[value % 3]
    return contacts.edit(deal, uid("王总"), by, title=f"T{value}", rung=climb(rung))


def _roles(deal: Deal, by: Stamp, value: int) -> Deal:
    roles = tuple(role for at, role in enumerate(("designer", "user", "buyer")) if value >> at & 1)
    return contacts.edit(deal, uid("李工"), by, roles=roles)


DOINGS: tuple[Doing[Deal], ...] = (
    *map(_any, OPERATIONS),
    lambda deal, by, value: identity.edit(deal, by, name=f"N{value}"),
    lambda deal, by, value: identity.edit(deal, by, amount=value),
    _title,
    _title,
    _roles,
    _later,
    _later,
    _settled,
    _without("stakeholders", uid("王总")),
    _without("actions", uid("seed action")),
    _without("answers", "winnable"),
)


@cache
def trunk() -> Deal:
    """Return the deal that the branches leave: with a conflict, two contacts and fields of a later program."""
    base = with_contact(worked_on(), "王总", title="CEO")
    base = OPERATIONS["noted"](base, stamp("first note"))
    mine = identity.edit(base, stamp("one name", by="甲"), name="One")
    return merge(base, mine, identity.edit(base, stamp("other name", by="乙"), name="Other"))


def content(deal: Deal) -> dict[str, Any]:
    """Return what is in a deal but for its numbers."""
    customer = deal.customer_record
    return {
        **bare_content(deal),
        "customer": None if customer is None else bare_content(customer),
    }


DEALS: Branches[Deal] = Branches(
    trunk, DOINGS, content, conflicts.settle, lambda deal: deal.open_conflicts, Deal
)
