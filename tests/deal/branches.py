"""Random branches of one deal for the tests of merging: operations, deletions by hand and fields of a later program."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import cache
from typing import Any

from hypothesis import strategies as st

from salescoach.deal import conflicts, contacts, identity
from salescoach.deal.models import Deal
from salescoach.document.errors import DocumentError
from salescoach.document.merge import merge
from salescoach.document.models import Document
from salescoach.document.stamp import Stamp
from tests.build import NOW, climb, stamp, uid, with_contact
from tests.deal.test_operations import OPERATIONS, worked_on

Step = tuple[int, int, int]
"""Which doing, with which of its values, how many minutes after NOW."""
Doing = Callable[[Deal, Stamp, int], Deal]
NUMBERS = ("schema_", "rev", "save", "versions", "ancestry")


def _any(what: str) -> Doing:
    return lambda deal, by, _: OPERATIONS[what](deal, by)


def _without(field: str, key: str) -> Doing:
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


DOINGS: tuple[Doing, ...] = (
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


def branch(steps: list[Step], who: str, start: Deal | None = None) -> Deal:
    """Return what `who` made of the trunk; what is refused was not done."""
    deal = start or trunk()
    for number, (which, value, minutes) in enumerate(steps):
        by = Stamp(NOW + timedelta(minutes=minutes), who, "coach", uid(f"{who} {number}"))
        try:
            deal = DOINGS[which](deal, by, value)
        except (DocumentError, KeyError):
            continue
    return deal


STEPS: st.SearchStrategy[list[Step]] = st.lists(
    st.tuples(st.integers(0, len(DOINGS) - 1), st.integers(0, 7), st.integers(0, 5)), max_size=8
)


def content(deal: Deal) -> dict[str, Any]:
    """Return what is in a deal but for its numbers."""
    customer = deal.customer_record
    return {
        **_content(deal),
        "customer": None if customer is None else _content(customer),
    }


def _content(document: Document) -> dict[str, Any]:
    fields = type(document).model_fields
    return {name: getattr(document, name) for name in fields if name not in NUMBERS} | (
        document.model_extra or {}
    )
