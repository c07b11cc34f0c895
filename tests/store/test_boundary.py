"""The boundary where text becomes a deal: what passes can be listed, saved and read again, and what does not hides nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salescoach.deal import actions, notes
from salescoach.deal.models import Deal
from salescoach.document.merge import same_content
from salescoach.document.models import LAST_YEAR, MAX_WHOLE
from salescoach.store.documents import DocumentStore
from salescoach.store.errors import Damaged, SaveFailed
from salescoach.store.files import codec as document
from salescoach.store.files.atomic import sign_of
from salescoach.store.files.codec import decode, encode
from salescoach.store.index.cache import Index
from salescoach.workspace.lists import deal_rows
from salescoach.workspace.lists.deal_rows import ListedDeal, card_of, record
from tests.build import make_deal, stamp, uid, with_contact
from tests.kinds import deal_store
from tests.lists import bring, deals, made, put_all

PATH = Path("deal.json")
Bend = Callable[[dict[str, Any]], object]


def _raw(deal: Deal) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(encode(deal, PATH)[0])
    return found


def _full() -> Deal:
    deal = with_contact(make_deal(amount=1200000))
    deal = actions.add(deal, stamp("action"), text="回访", due=stamp().today)
    return notes.add(deal, stamp("note"), text="a note").beside(None)


def full_raw() -> dict[str, Any]:
    """Return the document of a deal with something in most of what has bounds."""
    return _raw(_full())


def _set(*path: str, value: object) -> Bend:
    def bend(raw: dict[str, Any]) -> None:
        for step in path[:-1]:
            raw = next(iter(raw.values())) if step == "*" else raw[step]
        raw[path[-1]] = value

    return bend


BAD: dict[str, Bend] = {
    "an instant at the end of time": _set("created_at", value="9999-12-31T23:59:59-01:00"),
    "an event at the end of time": _set("timeline", "*", "at", value="9999-12-31T23:59:59-01:00"),
    "an instant in year 1": _set("created_at", value="0001-01-01T00:00:00+01:00"),
    "a note in year 1": _set("notes", "*", "at", value="0001-01-01T00:00:00+23:59"),
    "a due day that sorts as none": _set("actions", "*", "due", value="9999-12-31"),
    "a closing day in year 1": _set("close_on", value="0001-01-01"),
    "a tiny amount": _set("amount", value="1E-900000000"),
    "a nought with a huge exponent": _set("amount", value="0E+900000000"),
    "an amount of forty digits": _set("amount", value="1." + "0" * 39),
    "a revision beyond 53 bits": _set("rev", value=2**53 + 1),
    "a revision beyond 64 bits": _set("rev", value=2**64),
    "an undo step beyond 64 bits": _set("versions", value={"undo": 2**70}),
    "an order beyond 64 bits": _set("stakeholders", "*", "order", value=2**64),
    "a count beyond 64 bits": _set("actions", "*", "snoozed", value=10**30),
    "a count below nought": _set("actions", "*", "snoozed", value=-(10**30)),
}
"""Documents that would break a list, a save or the next reading."""


def bent(bend: Bend, label: str = "deal") -> bytes:
    raw = _raw(_full()) | {"id": uid(label)}
    bend(raw)
    return json.dumps(raw).encode()


@pytest.mark.parametrize("name", BAD)
def test_what_could_not_be_listed_or_saved_is_told_as_damaged(name: str) -> None:
    """Design, promise 20: dates, decimals and integers are bounded where text becomes a document."""
    with pytest.raises(Damaged) as failure:
        decode(bent(BAD[name]), PATH, uid("deal"), Deal)
    assert failure.value.reason == "out-of-range"
    assert failure.value.detail


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (b"[" * 5000 + b"]" * 5000, "too-deep"),
        (b"[" * 500_000 + b"]" * 500_000, "too-deep"),
        (b'{"a":' * 65 + b"1" + b"}" * 65, "too-deep"),
        (b'{"a":' * 64 + b"1" + b"}" * 64, "not-a-document"),
        (b"[" * 64 + b"]" * 64, "not-a-document"),
        (b'{"a":' * 5000, "too-deep"),
        (b'"' + b"[" * 5000 + b'"', "not-a-document"),
        (rb'{"a\"[[": "\\", "b": ' + b"[" * 70 + b"]" * 70 + b"}", "too-deep"),
        (b"]" * 5000, "not-json"),
        (b'{"other": ' + b"9" * 50 + b"}", "not-a-number"),
        (b'{"other": [' + b"[]," * 1_000_000 + b"1]}", "too-large"),
        (b'{"other": [' + b"1," * 1_000_000 + b"1]}", "too-large"),
    ],
)
def test_depth_and_count_are_judged_before_anything_is_parsed(text: bytes, reason: str) -> None:
    """Depth does not depend on the interpreter's own limit, nor memory on what the file says."""
    with pytest.raises(Damaged) as failure:
        decode(text, PATH, uid("deal"), Deal)
    assert failure.value.reason == reason


def test_brackets_in_a_text_are_no_depth() -> None:
    deal = notes.add(_full(), stamp("brackets"), text='[{"' * 300 + "\\" * 7 + '"[' * 300)
    assert same_content(decode(encode(deal, PATH)[0], PATH, deal.id, Deal), deal)


def test_numbers_at_the_edge_can_be_saved_and_read_again(store: DocumentStore[Deal]) -> None:
    """The last revision there can be, and the last order, stay what they are instead of going beyond what is read."""
    deal = store.create(_full())
    path = store.path(deal.id)
    raw = json.loads(path.read_bytes()) | {"rev": MAX_WHOLE}
    next(iter(raw["stakeholders"].values()))["order"] = MAX_WHOLE
    next(iter(raw["actions"].values()))["snoozed"] = MAX_WHOLE
    path.write_text(json.dumps(raw), "utf-8")
    edited = store.edit(deal.id, lambda one: notes.add(one, stamp("more"), "more"))
    (action,) = edited.actions
    edited = store.edit(
        deal.id, lambda one: actions.snooze(one, action, stamp(days=3).today, stamp("z"))
    )
    assert deal_store(store.paths).read(deal.id) == edited
    assert edited.rev == MAX_WHOLE
    undone = store.undo(deal.id)
    assert len(undone.notes) == 2
    assert deal_store(store.paths).read(deal.id) == undone


def test_more_than_a_deal_holds_is_not_written(monkeypatch: pytest.MonkeyPatch) -> None:
    """What could not be read again is refused before it replaces what can."""
    monkeypatch.setattr(document, "MAX_VALUES", 100)
    with pytest.raises(SaveFailed) as failure:
        encode(_full(), PATH)
    assert failure.value.reason == "too-large"


_EDGE_YEARS = st.sampled_from(["1899", "1900", "2026", str(LAST_YEAR), "2200", "9998", "9999"])
_DAYS = st.one_of(
    st.dates().map(lambda day: day.isoformat()),
    st.builds(lambda year: f"{year}-12-31", _EDGE_YEARS),
    st.sampled_from(["", "0000-00-00", "2026-02-30", "10000-01-01"]),
)
_ZONES = st.sampled_from(["Z", "+00:00", "-12:00", "+14:00", "-23:59", "+23:59", "+24:00", ""])
_INSTANTS = st.builds(
    lambda day, time, zone: f"{day}T{time}{zone}",
    _DAYS,
    st.sampled_from(["00:00:00", "23:59:59.999999"]),
    _ZONES,
)
_AMOUNTS = st.one_of(
    st.decimals(allow_nan=True, allow_infinity=True).map(str),
    st.builds(lambda digits, at: f"{digits}E{at}", st.integers(0, 10**45), st.integers(-60, 60)),
    st.sampled_from([None, "0E-900000000", "1E+900000000", "-0", 1e-300, 1e300, 0.1 + 0.2]),
)
_WHOLES = st.one_of(
    st.integers(-5, 5),
    st.sampled_from(
        [s * (2**n + d) for n in (53, 63, 64, 130) for d in (-1, 0, 1) for s in (1, -1)]
    ),
    st.sampled_from([True, 1.0, 1e300, "7", None]),
)
_FIELDS: dict[tuple[str, ...], st.SearchStrategy[Any]] = {
    ("created_at",): _INSTANTS,
    ("status_at",): _INSTANTS,
    ("timeline", "*", "at"): _INSTANTS,
    ("notes", "*", "at"): _INSTANTS,
    ("stages", "*", "opened"): _INSTANTS,
    ("actions", "*", "due"): _DAYS,
    ("close_on",): _DAYS,
    ("revisit_on",): _DAYS,
    ("amount",): _AMOUNTS,
    ("rev",): _WHOLES,
    ("versions", "undo"): _WHOLES,
    ("versions", "redo"): _WHOLES,
    ("stakeholders", "*", "order"): _WHOLES,
    ("actions", "*", "order"): _WHOLES,
    ("actions", "*", "snoozed"): _WHOLES,
    ("other",): _WHOLES | _AMOUNTS | _INSTANTS,
}


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_what_passes_can_be_listed_saved_and_read_again(data: st.DataObject) -> None:
    """Design, promise 20, for whatever stands in the fields that have bounds, alone and together."""
    raw = _raw(_full()) | {"versions": {}}
    for path in data.draw(st.lists(st.sampled_from(list(_FIELDS)), min_size=1, max_size=4)):
        _set(*path, value=data.draw(_FIELDS[path]))(raw)
    try:
        deal = decode(json.dumps(raw).encode(), PATH, raw["id"], Deal)
    except Damaged:
        return
    index = made()
    card = card_of(deal, {})
    put_all(index, (deal.id, record(ListedDeal(deal), {}), sign_of(Path(__file__).stat())))
    assert [one.id for one in deals(index).cards()] == [deal.id]
    assert json.loads(card.line())["id"] == deal.id
    edited = notes.add(deal, stamp("more"), "more")
    written = encode(edited, PATH)[0]
    assert same_content(decode(written, PATH, deal.id, Deal), edited)


class TestAmongOthers:
    """One bad document among good ones: everything else goes on."""

    def test_a_row_that_cannot_be_computed_is_that_deals_problem(
        self, store: DocumentStore[Deal], deal: Deal, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        other = store.create(make_deal(label="other"))

        def row(one: Deal, summary: Any) -> Any:
            if one.id == other.id:
                raise OverflowError("date value out of range")
            return card_of(one, summary)

        monkeypatch.setattr(deal_rows, "card_of", row)
        index = made()
        _refresh(index, store)
        assert deals(index).problems() == {other.id: "not-listed"}
        assert {card.id for card in deals(index).cards()} == {deal.id, other.id}

    def test_a_row_that_the_index_cannot_take_is_that_deals_problem(
        self, store: DocumentStore[Deal], deal: Deal
    ) -> None:
        other = store.create(make_deal(label="other"))
        index = made()
        _refresh(index, store, lambda one: {"moves_done": 2**64 if one.id == other.id else 0})
        assert deals(index).problems() == {other.id: "not-listed"}
        assert {card.id for card in deals(index).cards()} == {deal.id, other.id}
        assert index.renewed == 0


def _refresh(index: Index, store: DocumentStore[Deal], summarise: Any = lambda deal: {}) -> None:
    bring(index, store, summarise=summarise)


def test_amounts_as_people_write_them_pass() -> None:
    for amount in ("0", "0.10", "999999999999999.99", "1.2E+6", "0.30000000000000004"):
        assert decode(
            bent(_set("amount", value=amount)), PATH, uid("deal"), Deal
        ).amount == Decimal(amount)
