"""What merging keeps whatever was done to a document: of deals with their customers, and of customers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings

from salescoach.document.merge import merge, same_content
from salescoach.document.models import AnyDocument, Conflict, Document
from salescoach.store.files.codec import decode, encode
from tests.branches import STEPS, Branches, Step
from tests.build import stamp
from tests.customer.branches import CUSTOMERS
from tests.deal.branches import DEALS

many = settings(max_examples=250, deadline=None)
each_kind = pytest.mark.parametrize("kind", [DEALS, CUSTOMERS], ids=["deals", "customers"])


def fresh(
    kind: Branches[AnyDocument], result: AnyDocument, *before: AnyDocument
) -> dict[str, Conflict]:
    """Return the conflicts that this merge has found."""
    known = {key for one in before for key in kind.conflicts(one)}
    return {key: one for key, one in kind.conflicts(result).items() if key not in known}


def swapped(conflict: Conflict) -> Conflict:
    names = ("", "_with", "_at", "_by")
    sides = {f"kept{name}": getattr(conflict, f"lost{name}") for name in names}
    return conflict.but(
        **sides, **{f"lost{name}": getattr(conflict, f"kept{name}") for name in names}
    )


def without_record(content: dict[str, Any]) -> dict[str, Any]:
    """Return content without what was told and settled, also in the customer that it comes with."""
    left = {name: value for name, value in content.items() if name not in {"timeline", "conflicts"}}
    if isinstance(left.get("customer"), dict):
        left["customer"] = without_record(left["customer"])
    return left


def records(document: Document) -> list[Document]:
    """Return a document and the customer that it is read with."""
    customer = getattr(document, "customer_record", None)
    return [document] if customer is None else [document, customer]


@each_kind
@many
@given(STEPS)
def test_a_side_that_did_nothing_changes_nothing(kind: Branches[Any], steps: list[Step]) -> None:
    base, one, content = kind.trunk(), kind.branch(steps, "甲"), kind.content
    assert content(merge(base, base, one)) == content(one)
    assert content(merge(base, one, base)) == content(one)
    assert content(merge(base, one, one)) == content(one)
    assert merge(base, one, base.model_copy(update={"rev": 9})).rev == 9


@each_kind
@many
@given(STEPS, STEPS)
def test_who_comes_last_decides_nothing_but_the_conflicts(
    kind: Branches[Any], ours: list[Step], theirs: list[Step]
) -> None:
    base, one, two = kind.trunk(), kind.branch(ours, "甲"), kind.branch(theirs, "乙")
    first, second = merge(base, one, two), merge(base, two, one)
    new = fresh(kind, first, one, two)
    assert {key: swapped(found) for key, found in new.items()} == fresh(kind, second, one, two)
    turned = first
    for key in new:
        turned = kind.settle(turned, key, "lost", stamp(f"settle {key}"))
    assert without_record(kind.content(turned)) == without_record(kind.content(second))


@each_kind
@many
@given(STEPS, STEPS)
def test_no_note_and_no_line_of_the_timeline_is_ever_lost(
    kind: Branches[Any], ours: list[Step], theirs: list[Step]
) -> None:
    base, one, two = kind.trunk(), kind.branch(ours, "甲"), kind.branch(theirs, "乙")
    for common in (base, None):
        result = merge(common, one, two)
        for place, whole in enumerate(records(result)):
            sides = [records(side)[place] for side in (base, one, two)]
            for name in ("notes", "timeline", "phases"):
                for side in sides if hasattr(whole, name) else ():
                    assert getattr(side, name).items() <= getattr(whole, name).items()
            assert len(whole.timeline) == len(sides[1].timeline | sides[2].timeline)


@each_kind
@example([(9, 0, 0)], [(8, 0, 0), (9, 0, 0)])
@many
@given(STEPS, STEPS)
def test_merging_the_same_again_changes_nothing(
    kind: Branches[Any], ours: list[Step], theirs: list[Step]
) -> None:
    base, one, two = kind.trunk(), kind.branch(ours, "甲"), kind.branch(theirs, "乙")
    content = kind.content
    result = merge(base, one, two)
    assert content(merge(base, one, result)) == content(result)
    assert content(merge(two, result, two)) == content(result)
    again = merge(None, one, two)
    assert content(merge(None, one, again)) == content(again)


@each_kind
@many
@given(STEPS, STEPS, STEPS)
def test_a_merged_document_is_valid_and_survives_the_disk(
    kind: Branches[Any], before: list[Step], ours: list[Step], theirs: list[Step]
) -> None:
    base = kind.branch(before, "丙")
    one, two = kind.branch(ours, "甲", base), kind.branch(theirs, "乙", base)
    for result in records(merge(base, one, two)):
        model = type(result)
        bare = model.model_validate(result.model_dump(by_alias=True))
        data, _ = encode(result, Path("document.json"))
        assert same_content(decode(data, Path("document.json"), result.id, model), bare)
        assert bare.model_dump() == result.model_dump()
