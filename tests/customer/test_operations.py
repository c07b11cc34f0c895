"""Properties that every operation on a customer has: pure, applied once per stamp, told in the timeline, losing nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salescoach.customer import apart, identity, notes, people
from salescoach.customer.erasing import erase, traces
from salescoach.customer.merging import merge_customers, merge_people
from salescoach.customer.models import Customer
from salescoach.document.errors import DocumentError
from salescoach.document.merge import merge
from salescoach.document.stamp import Stamp
from salescoach.document.traces import places
from salescoach.document.undo import taken_back
from salescoach.text import clean, too_long
from tests.branches import STEPS, Step
from tests.build import LADDER, TODAY, climb, stamp
from tests.customer.branches import CUSTOMERS, LI, WANG, ZHAO, trunk
from tests.customer.build import make_customer

Operation = Callable[[Customer, Stamp], Customer]

OPERATIONS: dict[str, Operation] = {
    "customer-edited": lambda c, s: identity.edit(c, s, name="新名", other_names=("HD",)),
    "contact-added": lambda c, s: people.add(c, s, name="孙梅", rung=climb("engagement")),
    "contact-edited": lambda c, s: people.edit(c, WANG, s, title="总监", birthday="3-8"),
    "contact-left": lambda c, s: people.mark_left(c, WANG, s),
    "rung-set": lambda c, s: people.set_rung(c, LI, climb("confidence"), s),
    "rung-shown": lambda c, s: people.set_rung(c, LI, climb("engagement"), s),
    "rung-confirmed": lambda c, s: people.confirm_rung(c, LI, s),
    "rung-challenged": lambda c, s: people.challenge_rung(c, LI, s, "哪一次？"),
    "style-judged": lambda c, s: people.judge_style(c, LI, "driving", TODAY, s, "急"),
    "noted": lambda c, s: notes.add(c, s, "一行\n两行", LI),
    "kept-apart": lambda c, s: apart.keep_people_apart(c, LI, WANG, s),
    "customers-kept-apart": lambda c, s: apart.keep_customers_apart(c, make_customer("别家"), s),
    "people-merged": lambda c, s: merge_people(c, LI, ZHAO, s, LADDER),
    "customers-merged": lambda c, s: merge_customers(c, make_customer("别家"), s)[0],
    "customer-merged-into": lambda c, s: merge_customers(make_customer("别家"), c, s)[1],
    "person-erased": lambda c, s: erase(c, ZHAO, s),
}
FINAL = {"person-erased"}


@pytest.mark.parametrize("what", OPERATIONS)
def test_an_operation_is_pure_applied_once_and_told_in_the_timeline(what: str) -> None:
    operation, before = OPERATIONS[what], trunk()
    copy = before.model_dump_json(by_alias=True)
    doing = stamp("the doing", role="coach", by="教练")
    after = operation(before, doing)
    assert before.model_dump_json(by_alias=True) == copy
    assert after != before
    assert operation(after, doing) == after
    event = after.timeline[doing.id]
    assert (event.what, event.at, event.by, event.role) == (what, doing.at, "教练", "coach")
    assert [*after.timeline] == [*before.timeline, doing.id]
    if what not in FINAL:
        assert {key: after.timeline[key] for key in before.timeline} == before.timeline
    assert Customer.model_validate_json(after.model_dump_json(by_alias=True)) == after


@pytest.mark.parametrize("what", OPERATIONS)
def test_fields_of_a_later_program_survive_every_operation(what: str) -> None:
    doing = stamp("the doing", role="coach")
    after = OPERATIONS[what](trunk(), doing)
    if what == "customer-merged-into":
        after = merge_customers(make_customer("别家"), trunk(), doing)[0]
    raw = after.model_dump(mode="json", by_alias=True)
    assert raw["people"][LI]["wechat"] == "li"
    if what != "customer-merged-into":
        assert raw["later"] == {"deep": [1, 2]}


@pytest.mark.parametrize("what", sorted(OPERATIONS.keys() - FINAL))
def test_every_operation_is_taken_back_as_if_it_had_not_been(what: str) -> None:
    before, doing = trunk(), stamp("the doing", role="coach")
    after = OPERATIONS[what](before, doing)
    back = taken_back(after, [doing.id], before, after, "undo", stamp("undo"))
    again = taken_back(back, [doing.id], before, after, "redo", stamp("redo"))
    assert back.model_dump(exclude={"timeline"}) == before.model_dump(exclude={"timeline"})
    assert again.model_dump(exclude={"timeline"}) == after.model_dump(exclude={"timeline"})


@settings(deadline=None)
@given(STEPS, STEPS, st.sampled_from([LI, WANG, ZHAO]))
def test_whatever_was_done_an_erased_person_is_nowhere_and_stays_so(
    ours: list[Step], theirs: list[Step], who: str
) -> None:
    mine, stored = CUSTOMERS.branch(ours, "甲"), CUSTOMERS.branch(theirs, "乙")
    if mine.person_id(who) not in mine.people:
        return
    words, ids = traces(mine, who), mine.ids_of(who)
    gone = erase(mine, who, stamp("erase"))
    results = [gone, merge(trunk(), gone, stored), merge(trunk(), stored, gone)]
    results += [merge(None, gone, stored), merge(gone, gone, results[1])]
    for result in results:
        assert not ids & result.people.keys()
        assert ids <= result.erased.keys()
        raw = result.model_dump(mode="json", by_alias=True)
        for one in raw["people"].values():
            del one["name"], one["other_names"]  # somebody else may be called the same
        for event in raw["timeline"].values():
            told = event["changes"] or {}
            event["changes"] = {path: one for path, one in told.items() if not _names(path, ids)}
        assert places(raw, words) == []
    left, right = (one.model_dump(exclude={"conflicts", "timeline"}) for one in results[1:3])
    assert left["people"].keys() == right["people"].keys()


def _names(path: str, ids: frozenset[str]) -> bool:
    """Say whether a change is one of the names of somebody else."""
    _, *steps = path.split("/")
    return steps[0] == "people" and steps[-1] in {"name", "other_names"} and steps[1] not in ids


HOSTILE = st.text(
    st.characters() | st.sampled_from("\x1b[]\x07\x00\u202e\u2066\ud800\r\n\t[/]{}"), max_size=300
)


REFUSALS = ("empty", "too-long", "bad-birthday", "birthday-to-come", "rung-needs-evidence")


def tried(operation: Operation, doing: Stamp) -> Customer | DocumentError:
    try:
        return operation(trunk(), doing)
    except DocumentError as error:
        return error


@settings(deadline=None)
@given(HOSTILE)
def test_whatever_is_typed_is_cleaned_or_refused_with_a_code(value: str) -> None:
    tries: list[Operation] = [
        lambda c, s: identity.edit(c, s, name=value, other_names=(value,)),
        lambda c, s: people.add(c, s, name=value, note=value, other_names=(value, "A")),
        lambda c, s: people.edit(c, WANG, s, birthday=value),
        lambda c, s: people.edit(c, WANG, s, phone=value, email=value),
        lambda c, s: people.set_rung(c, WANG, climb("engagement", value, who=value), s),
        lambda c, s: notes.add(c, s, value),
        lambda c, s: people.add(c, Stamp(s.at, value, s.role, s.id), name="孙"),
    ]
    for number, operation in enumerate(tries):
        doing = stamp(f"hostile {number}")
        customer = tried(operation, doing)
        if isinstance(customer, DocumentError):
            assert customer.code in REFUSALS
            continue
        told = customer.timeline.get(doing.id)
        for text in (
            customer.name,
            *(told.about.values() if told else ()),
            told.by if told else "",
        ):
            assert text == clean(text)
            assert not too_long(text)
        text = customer.model_dump_json()
        assert "\\u001b" not in text
        assert "\u202e" not in text
