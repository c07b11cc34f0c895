"""Merging: what both sides did is in the result, what they disagree on is a conflict, and nothing else is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salescoach.customer.models import Customer
from salescoach.customer.reporting import circle
from salescoach.deal import actions, contacts, identity, items, notes, stages
from salescoach.deal.conflicts import settle
from salescoach.deal.models import Deal
from salescoach.deal.parts import ItemState
from salescoach.document.errors import MergeFailed
from salescoach.document.merge import incoming, merge, same_content
from salescoach.document.models import Conflict, Part
from tests.build import TODAY, climb, make_deal, refused, stamp, uid, with_contact
from tests.deal.branches import trunk

many = settings(max_examples=500, deadline=None)


def fresh(result: Deal, *before: Deal) -> dict[str, Conflict]:
    """Return the conflicts that this merge has found."""
    known = {key for deal in before for key in deal.open_conflicts}
    return {key: one for key, one in result.open_conflicts.items() if key not in known}


_LEAVES = st.dictionaries(st.sampled_from(["a", "b", "c"]), st.sampled_from([0, 1, True, 1.0, [1]]))


def expected(base: Any, mine: Any, stored: Any) -> tuple[dict[str, Any], set[str]]:
    """Merge flat mappings in the plainest way: the result, and the keys that both changed differently."""
    result, clashes = {}, set()
    for key in {*mine, *stored}:
        was, ours, theirs = (
            repr(side[key]) if key in side else None for side in (base, mine, stored)
        )
        if ours in (theirs, was):
            if theirs is None:
                continue
            won = stored
        elif theirs == was:
            if ours is None:
                continue
            won = mine
        elif ours is None or theirs is None:
            won = mine if theirs is None else stored
        else:
            won = mine
            clashes.add(key)
        result[key] = won[key]
    return result, clashes


def record_of(deal: Deal) -> Customer:
    """Return the customer that a deal is read with."""
    customer = deal.customer_record
    assert customer is not None
    return customer


def holding(leaves: Any) -> Deal:
    """Return the trunk with unknown fields at four depths."""
    raw = trunk().model_dump(mode="json", by_alias=True)
    top, inner, person, sheet = leaves
    raw |= top | {"later": {"deep": inner}}
    raw["stakeholders"][uid("李工")] |= person
    raw["worksheets"]["needs"]["n1"] |= sheet
    return Deal.model_validate(raw).beside(trunk().customer_record)


_FOUR = st.tuples(_LEAVES, _LEAVES, _LEAVES, _LEAVES)


@many
@given(_FOUR, _FOUR, _FOUR)
def test_fields_of_a_later_program_merge_like_all_others(was: Any, ours: Any, theirs: Any) -> None:
    base, mine, stored = holding(was), holding(ours), holding(theirs)
    result = merge(base, mine, stored)
    raw = result.model_dump(mode="json", by_alias=True)
    person = raw["stakeholders"][uid("李工")]
    sheet = raw["worksheets"]["needs"]["n1"]
    places: list[tuple[tuple[str, ...], Any]] = [
        ((), raw),
        (("later", "deep"), raw["later"]["deep"]),
        (("stakeholders", uid("李工")), person),
        (("worksheets", "needs", "n1"), sheet),
    ]
    clashing = set()
    for (path, holder), *sides in zip(places, was, ours, theirs, strict=True):
        wanted, clashes = expected(*sides)
        found = {key: value for key, value in holder.items() if key in {"a", "b", "c"}}
        assert {key: repr(value) for key, value in found.items()} == {
            key: repr(value) for key, value in wanted.items()
        }
        clashing |= {(*path, key) for key in clashes}
    assert {one.path for one in fresh(result, base).values()} == clashing


@many
@given(
    st.sampled_from(["stakeholders", "people", "actions", "answers", "evidence"]),
    st.booleans(),
    st.integers(0, 60),
    st.booleans(),
)
def test_an_edit_beats_a_deletion(what: str, edits: bool, value: int, mine_deletes: bool) -> None:
    base = stages.answer(trunk(), "winnable", "yes", stamp("answered"), "当面说的")
    day = TODAY + timedelta(days=value)
    backed = base.items["met"]
    key = {
        "stakeholders": uid("王总"),
        "people": uid("王总"),
        "actions": uid("seed action"),
        "answers": "winnable",
        "evidence": uid("seed evidence"),
    }[what]

    def deleted(deal: Deal) -> Deal:
        if what == "evidence":
            return items.remove_evidence(deal, "met", key, stamp("removal"))
        of = record_of(deal) if what == "people" else deal
        left = {one: part for one, part in getattr(of, what).items() if one != key}
        changed = of.but(**{what: left})
        return deal.beside(changed) if isinstance(changed, Customer) else changed

    evidence = {key: backed.evidence[key].but(note=f"new {value}")} if what == "evidence" else {}
    edits_of: dict[str, Callable[[], Deal]] = {
        "stakeholders": lambda: contacts.edit(base, key, stamp("edit"), key=True),
        "people": lambda: contacts.edit(base, key, stamp("edit"), title=f"T{value}"),
        "actions": lambda: actions.edit(base, key, stamp("edit"), due=day, text="new"),
        "answers": lambda: stages.answer(base, key, "no", stamp("edit"), f"{value}"),
        "evidence": lambda: base.but(items={**base.items, "met": backed.but(evidence=evidence)}),
    }
    other = edits_of[what]() if edits else notes.add(base, stamp("note"), f"{value}")
    sides = (deleted(base), other) if mine_deletes else (other, deleted(base))
    result = merge(base, *sides)

    def inside(deal: Deal) -> Any:
        if what == "evidence":
            return deal.items["met"].evidence
        return getattr(record_of(deal) if what == "people" else deal, what)

    assert (key in inside(result)) == edits
    if edits:
        assert inside(result)[key] == inside(other)[key]
    assert fresh(result, base) == {}


_TEXTS = st.sampled_from(["", "A", "B"])
_DEAL = st.fixed_dictionaries(
    {},
    optional={
        "name": st.sampled_from(["One", "A", "B"]),
        "owner": _TEXTS,
        "amount": st.sampled_from([None, Decimal(1), Decimal("1.00"), Decimal(2)]),
        "currency": st.sampled_from(["CNY", "USD", "EUR"]),
        "close_on": st.sampled_from([None, TODAY]),
    },
)
_PERSON = st.fixed_dictionaries(
    {},
    optional={
        "title": st.sampled_from(["CEO", "", "A"]),
        "rung": st.sampled_from([None, climb("acquaintance"), climb("alliance")]),
        "guide": st.booleans(),
        "note": _TEXTS,
        "roles": st.sampled_from([(), ("user",), ("user", "designer")]),
    },
)


@many
@given(_DEAL, _DEAL, _PERSON, _PERSON)
def test_what_both_changed_to_different_things_is_a_conflict_and_nothing_else(
    here: Any, there: Any, person_here: Any, person_there: Any
) -> None:
    base, key = trunk(), uid("王总")
    mine = contacts.edit(identity.edit(base, stamp("1"), **here), key, stamp("2"), **person_here)
    stored = contacts.edit(
        identity.edit(base, stamp("3"), **there), key, stamp("4"), **person_there
    )
    result = merge(base, mine, stored)
    wanted = set()
    people = [deal.contacts[key] for deal in (base, mine, stored, result)]
    single = [((name,), [base, mine, stored, result]) for name in ("name", "owner", "close_on")]
    group = [(("amount", "currency"), [base, mine, stored, result])]
    inside = [((name,), people) for name in ("title", "rung", "guide", "note")]
    checks: list[tuple[tuple[str, ...], Sequence[Part]]] = [*single, *group, *inside]
    for names, parts in checks:
        was, ours, theirs, got = (tuple(getattr(one, name) for name in names) for one in parts)
        assert got == (theirs if ours == was else ours)
        if len({was, ours, theirs}) == 3:
            first = next(name for at, name in enumerate(names) if ours[at] != theirs[at])
            wanted.add(("people", key, first) if parts is people else (first,))
    new = fresh(result, base)
    assert {found.path for found in new.values()} == wanted
    for found in new.values():
        assert found.kept != found.lost
    added = {*mine.contacts[key].roles, *stored.contacts[key].roles}
    assert set(result.contacts[key].roles) == added


# Stories


def test_two_reps_who_edit_different_contacts_both_have_their_way() -> None:
    base = with_contact(with_contact(make_deal(), "李工"), "王总")
    mine = contacts.edit(base, uid("李工"), stamp("m"), title="主任")
    stored = contacts.set_rung(base, uid("王总"), climb("alliance"), stamp("s", by="小吴", days=1))
    result = merge(base, mine, stored)
    assert result.contacts[uid("李工")].title == "主任"
    assert result.contacts[uid("王总")].rung == "alliance"
    assert result.conflicts == {}
    assert [event.what for event in incoming(base, result)] == ["rung-set", "contact-edited"]
    assert [event.by for event in incoming(mine, result)] == ["小吴"]


def two_amounts() -> tuple[Deal, str]:
    base = make_deal(amount=Decimal(100))
    mine = identity.edit(base, stamp("m", by="小周", days=1), amount=Decimal(200))
    stored = identity.edit(base, stamp("s", by="小吴", days=2), amount=Decimal("300.50"))
    result = merge(base, mine, stored)
    (key,) = result.conflicts
    return result, key


def test_when_both_change_the_amount_the_later_to_be_saved_is_kept_and_the_other_shown() -> None:
    result, key = two_amounts()
    conflict = result.conflicts[key]
    assert result.amount == 200
    assert (conflict.path, conflict.kept, conflict.lost) == (("amount",), "200", "300.50")
    assert (conflict.kept_by, conflict.lost_by) == ("小周", "小吴")
    assert (conflict.kept_at, conflict.lost_at) == (stamp(days=1).at, stamp(days=2).at)


def test_a_conflict_is_settled_each_way_and_once() -> None:
    result, key = two_amounts()
    doing = stamp("settle", days=3)
    kept, lost = settle(result, key, "kept", doing), settle(result, key, "lost", doing)
    assert (kept.amount, lost.amount) == (Decimal(200), Decimal("300.50"))
    for settled, other in ((kept, "lost"), (lost, "kept")):
        assert settled.conflicts == {}
        assert settled.timeline[doing.id].what == "conflict-settled"
        assert settle(settled, key, other, doing) is settled  # type: ignore[arg-type]  # a word of the type


def test_what_one_side_has_settled_stays_settled() -> None:
    base, key = two_amounts()
    settled = settle(base, key, "lost", stamp("settle"))
    other = notes.add(base, stamp("n"), "meanwhile")
    for result in (merge(base, settled, other), merge(base, other, settled)):
        assert result.conflicts == {}
        assert result.amount == Decimal("300.50")
        assert len(result.notes) == 1


def test_without_a_common_version_all_is_united_and_what_differs_is_a_conflict() -> None:
    mine = with_contact(make_deal(owner="甲"), "李工", title="A")
    stored = with_contact(make_deal(owner="乙"), "王总")
    stored = items.tick(with_contact(stored, "李工", title="A"), "network", stamp("t"))
    result = merge(None, mine, stored)
    assert set(result.contacts) == {uid("李工"), uid("王总")}
    assert result.items["network"].state == "claimed"
    assert {one.path for one in result.conflicts.values()} == {("owner",)}
    assert result.owner == "甲"


def test_the_reason_goes_with_the_state_that_has_its_way() -> None:
    base = make_deal()
    aside = items.not_applicable(base, "network", stamp("a", by="甲"), "没有")
    ticked = items.tick(base, "network", stamp("b", by="乙", days=1))
    result = merge(base, ticked, aside)
    (conflict,) = result.conflicts.values()
    assert conflict.path == ("items", "network", "state")
    assert (result.items["network"].reason, result.items["network"].by) == ("", "乙")
    back = settle(result, next(iter(result.conflicts)), "lost", stamp("s"))
    assert back.items["network"] == aside.items["network"]


def test_two_who_did_the_same_at_different_times_agree() -> None:
    base = actions.add(make_deal(), stamp("act"), "call")
    sides = [
        stages.close_stage(
            actions.done(
                items.tick(base, "met", stamp(f"t{day}", days=day)),
                uid("act"),
                stamp(f"d{day}", days=day),
            ),
            "customer-analysis",
            stamp(f"c{day}", days=day),
        )
        for day in (1, 2)
    ]
    for result in (merge(base, *sides), merge(base, *reversed(sides))):
        assert result.conflicts == {}
        assert result.items["met"].at == stamp(days=2).at
        assert result.actions[uid("act")].done_at == stamp(days=2).at
        assert result.stages["customer-analysis"].closed == stamp(days=2).at


def test_a_stage_reopened_here_and_closed_anew_there_is_a_conflict() -> None:
    base = stages.close_stage(make_deal(), "customer-analysis", stamp("c"))
    again = stages.reopen_stage(base, "customer-analysis", stamp("r", days=1))
    closed = stages.close_stage(
        stages.reopen_stage(base, "customer-analysis", stamp("r2", days=2)),
        "customer-analysis",
        stamp("c2", days=3),
    )
    result = merge(base, again, closed)
    assert result.stages["customer-analysis"].is_open
    assert {one.path[-1] for one in result.conflicts.values()} == {"closed"}


def test_roles_are_united_and_removals_honoured() -> None:
    base = with_contact(make_deal(), roles=("user", "designer"))
    mine = contacts.edit(base, uid("李工"), stamp("m"), roles=("designer", "buyer"))
    stored = contacts.edit(base, uid("李工"), stamp("s"), roles=("user", "designer", "coach"))
    result = merge(base, mine, stored)
    assert result.contacts[uid("李工")].roles == ("designer", "buyer", "coach")
    assert result.conflicts == {}


def test_a_contact_who_is_referred_to_meanwhile_stays() -> None:
    base = with_contact(with_contact(make_deal(), "李工"), "王总")
    customer = record_of(base)
    gone = base.beside(customer.but(people={uid("李工"): customer.people[uid("李工")]}))
    superior = contacts.edit(base, uid("李工"), stamp("m"), reports_to=uid("王总"))
    for result in (merge(base, gone, superior), merge(base, superior, gone)):
        assert uid("王总") in record_of(result).people


def test_a_circle_of_superiors_is_refused_unless_it_was_there() -> None:
    base = with_contact(with_contact(make_deal(), "李工"), "王总")
    mine = contacts.edit(base, uid("李工"), stamp("m"), reports_to=uid("王总"))
    stored = contacts.edit(base, uid("王总"), stamp("s"), reports_to=uid("李工"))
    with refused(MergeFailed, "merge-circle", contacts="李工, 王总"):
        merge(base, mine, stored)
    theirs, ours = stored.customer_record, mine.customer_record
    assert theirs is not None
    assert ours is not None
    people = theirs.people | {uid("李工"): ours.people[uid("李工")]}
    round_ = stored.beside(theirs.but(people=people))
    assert circle(round_.contacts) == {uid("李工"), uid("王总")}
    result = merge(stored, notes.add(stored, stamp("n"), "x"), round_)
    assert len(result.notes) == 1


def test_what_makes_no_valid_deal_or_no_readable_file_is_refused() -> None:
    base = make_deal()
    wrong = base.model_copy(update={"owner": "x" * 900})
    with refused(MergeFailed, "merge-invalid", place="owner"):
        merge(base, wrong, notes.add(base, stamp("n"), "x"))
    deep: Any = 1
    for _ in range(50):
        deep = [deep]
    with refused(MergeFailed, "merge-too-deep", place="later"):
        merge(base, base.but(later=deep), base.but(later=2))
    with pytest.raises(ValueError, match="different documents"):
        merge(base, base, make_deal(label="other"))


def test_versions_are_compared_without_their_numbers() -> None:
    one = make_deal()
    assert same_content(one, one.model_copy(update={"rev": 7}))
    assert not same_content(one, one.but(owner="x"))


def _item(deal: Deal) -> ItemState:
    return deal.items["met"]


def test_an_item_keeps_in_step_with_its_evidence() -> None:
    base = items.tick(make_deal(), "met", stamp("tick"))
    base = items.add_evidence(base, "met", stamp("first"), note="seen at work")
    without = items.remove_evidence(base, "met", stamp("first").id, stamp("remove"))
    more = items.add_evidence(base, "met", stamp("second"), note="heard of it")
    for merged in (merge(base, without, more), merge(base, more, without)):
        assert (_item(merged).state, len(_item(merged).evidence)) == ("evidenced", 1)


def test_a_tick_does_not_take_back_what_evidence_made_of_it() -> None:
    base = make_deal()
    ticked = items.tick(base, "new-item", stamp("tick"))
    backed = items.add_evidence(base, "new-item", stamp("evidence"), note="seen at work")
    for merged in (merge(base, ticked, backed), merge(base, backed, ticked)):
        assert merged.items["new-item"].state == "evidenced"
        assert not merged.conflicts
