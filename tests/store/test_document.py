"""Between a deal and the bytes of its file."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salescoach.customer.models import Person
from salescoach.deal import actions, items, notes
from salescoach.deal.models import Deal
from salescoach.deal.parts import Worksheets
from salescoach.deal.stakeholders import Stakeholder
from salescoach.document.models import TAIL
from salescoach.store.documents import DocumentStore
from salescoach.store.errors import Damaged, SaveFailed
from salescoach.store.files import codec as document
from salescoach.store.files import fragments
from salescoach.store.files.codec import decode, encode
from salescoach.store.files.fragments import write
from salescoach.store.files.seal import save_id
from tests.build import make_deal, stamp, uid, with_contact

PATH = Path("deal.json")
_TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
_UNKNOWN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63)
    | st.floats(allow_nan=False, allow_infinity=False)
    | _TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXTS, inner, max_size=3),
    max_leaves=8,
)


def full() -> Deal:
    """Return a deal with something in most of its maps."""
    deal = with_contact(make_deal(amount=1200000), roles=("user",)).beside(None)
    deal = items.add_evidence(deal, "an-item", stamp("evidence"), who="李工", note="seen at work")
    deal = actions.add(deal, stamp("action"), text="回访", due=stamp().today)
    return notes.add(deal, stamp("note"), text="first\n\tsecond")


def _holders(raw: dict[str, Any]) -> list[dict[str, Any]]:
    """Return every object in a document whose fields have names of their own, at any depth."""
    found = [raw, raw["playbook"], raw["worksheets"]]
    for name in ("stakeholders", "actions", "notes", "timeline", "stages", "items"):
        for entry in raw[name].values():
            found.append(entry)
            found += [entry[side] for side in ("entry", "exit") if side in entry]
            found += entry.get("evidence", {}).values()
    return found


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_unknown_fields_survive(data: st.DataObject) -> None:
    """Promise 10: random fields at random depths are there after loading, editing and saving."""
    raw = json.loads(encode(full(), PATH)[0])
    holders = _holders(raw)
    count = data.draw(st.integers(1, 4))
    for number in range(count):
        holder = data.draw(st.sampled_from(holders))
        holder[f"x{number}{data.draw(_TEXTS)}"] = data.draw(_UNKNOWN)
    expected = copy.deepcopy(raw)
    deal = decode(json.dumps(raw).encode(), PATH, raw["id"], Deal)
    edited = deal.but(owner="new")
    again = json.loads(encode(edited, PATH)[0])
    numbers = {name: again[name] for name in ("save", "ancestry")}  # a hand made these bytes
    assert again == expected | {"owner": "new"} | numbers


def test_unknown_fields_survive_a_save(store: DocumentStore[Deal], deal: Deal) -> None:
    """Promise 10, through the store: what a later program added to a stakeholder is kept."""
    store.edit(deal.id, lambda deal: deal.but(stakeholders=full().stakeholders))
    path = store.path(deal.id)
    raw = json.loads(path.read_text("utf-8"))
    (contact,) = raw["stakeholders"].values()
    contact["zodiac"] = {"sign": ["狮子", 1.5, None]}
    raw["worksheets"]["talk"] = {"step": {"new": {"deep": [{"er": True}]}}}
    raw["worksheets"]["later"] = {"a": 1}
    path.write_text(json.dumps(raw), "utf-8")
    store.edit(deal.id, lambda deal: deal.but(owner="new"))
    again = json.loads(path.read_text("utf-8"))
    assert next(iter(again["stakeholders"].values())) == contact
    assert again["worksheets"] == raw["worksheets"]


def test_a_file_is_made_for_people(store: DocumentStore[Deal], deal: Deal) -> None:
    """Two spaces, real characters, the order of the model but for the record at the end, and a newline."""
    text = store.path(deal.id).read_text("utf-8")
    assert text.startswith(
        f'{{\n  "schema": {Deal.SCHEMA},\n  "rev": 1,\n  "save": "{deal.save}",\n  "id": '
    )
    assert '\n  "customer": "华鼎数据",\n' in text
    assert text.endswith("\n}\n")
    first = [
        field.alias or name
        for name, field in Deal.model_fields.items()
        if name not in {"versions", "carried", "erased", *TAIL}  # most deals have none of them
    ]
    # What people look for comes first; and there is no ancestry before the second save.
    assert list(json.loads(text)) == [*first, "conflicts", "timeline"]


def test_a_deal_comes_back_as_it_was() -> None:
    """Writing and reading is the identity."""
    deal = full()
    data, _ = encode(deal, PATH)
    again = decode(data, PATH, deal.id, Deal)
    assert again == deal.model_copy(update={"save": save_id(data)})
    assert encode(again, PATH)[0] == data


def test_a_map_that_is_written_only_with_entries_is_whole_with_them() -> None:
    """The people that a deal of an earlier program carries stand in their place, and nothing is written without any."""
    deal = full()
    carrying = deal.but(carried={uid("x"): Person(name="郑总"), uid("y"): Person(name="李工")})
    data, known = encode(carrying, PATH)
    again = decode(data, PATH, deal.id, Deal)
    assert [one.name for one in again.carried.values()] == ["郑总", "李工"]
    assert write(again, known)[0] == data
    fields = list(json.loads(data))
    assert fields.index("carried") == fields.index("stakeholders") + 1
    assert "carried" not in json.loads(encode(deal, PATH)[0])


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["note", "action", "person", "name", "drop", "turn", "failed"]), _TEXTS
        ),
        max_size=12,
    ),
    st.sampled_from([3, 100]),
)
def test_writing_from_fragments_gives_the_same_bytes(
    steps: list[tuple[str, str]], pieces: int
) -> None:
    """However a deal was changed, the quick way of writing it gives what pydantic would; also after failed saves."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fragments, "_PIECES", pieces)
        _write_steps(steps)


def _write_steps(steps: list[tuple[str, str]]) -> None:
    deal = full()
    _, known = write(deal, {})
    for number, (what, text) in enumerate(steps):
        doing = stamp(f"{number} {text}")
        if what == "note":
            deal = notes.add(deal, doing, text=f"n {text}")
        elif what == "action":
            deal = actions.add(deal, doing, text=f"a {text}")
        elif what == "person":
            part = Stakeholder(name=f"c {text}")
            deal = deal.but(stakeholders={**deal.stakeholders, doing.id: part})
        elif what == "name":
            deal = deal.but(name=f"x {text}", later={"items": {}, text: '\n  "items": {}'})
        elif what == "turn":
            deal = deal.but(notes=dict(reversed(deal.notes.items())))
        elif what == "failed":
            # What was written is thrown away, and something else follows on what was known.
            write(notes.add(deal, doing, text=f"lost {text}"), known)
            deal = notes.add(deal, doing, text=f"kept {text}")
        else:
            deal = deal.but(notes={}, stakeholders=dict(list(deal.stakeholders.items())[1:]))
        data, known = write(deal, known)
        assert json.loads(data) == json.loads(deal.model_dump_json(by_alias=True))
        assert data.decode() == json.dumps(json.loads(data), indent=2, ensure_ascii=False) + "\n"
        assert write(deal, {})[0] == data


def test_a_deal_that_outgrew_its_file_is_not_saved(
    store: DocumentStore[Deal], deal: Deal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What could not be read back is not written."""
    monkeypatch.setattr(document, "MAX_BYTES", 4000)
    with pytest.raises(SaveFailed) as failure:
        store.edit(deal.id, lambda deal: deal.but(status_reason="long " * 1000))
    assert failure.value.code == "save-failed-too-large"
    assert store.read(deal.id) == deal


def test_text_that_is_none_is_not_saved(store: DocumentStore[Deal], deal: Deal) -> None:
    """A lone surrogate that got past everything is a failed save, not a traceback."""
    with pytest.raises(SaveFailed) as failure:
        store.edit(deal.id, lambda deal: deal.model_copy(update={"owner": "\ud800"}))
    assert failure.value.code == "save-failed-text"
    assert store.read(deal.id) == deal


def test_the_first_mistake_is_told_with_its_place() -> None:
    """A person who edited the file by hand can find what is wrong."""
    deal = full()
    raw = json.loads(encode(deal, PATH)[0])
    next(iter(raw["stakeholders"].values()))["name"] = ""
    raw["amount"] = -1
    with pytest.raises(Damaged) as failure:
        decode(json.dumps(raw).encode(), PATH, deal.id, Deal)
    assert failure.value.detail.startswith("amount: ")
    assert failure.value.detail.endswith("(+1)")


def test_a_revision_beyond_counting_is_damaged() -> None:
    """A number that no index or file name can hold is not a revision."""
    deal = full()
    raw = json.loads(encode(deal, PATH)[0])
    for field in ({"rev": 10**30}, {"versions": {"undo": 10**30}}):
        with pytest.raises(Damaged):
            decode(json.dumps(raw | field).encode(), PATH, deal.id, Deal)


def test_an_older_schema_is_migrated_on_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    """A document of schema 1 read by a program of schema 2 goes through the migrations."""
    deal = full()
    data = encode(deal, PATH)[0]
    schema = Deal.SCHEMA
    monkeypatch.setattr(Deal, "SCHEMA", schema + 1)
    seen: list[object] = []

    def step(raw: dict[str, Any]) -> dict[str, Any]:
        seen.append(raw["schema"])
        return raw | {"owner": "migrated"}

    monkeypatch.setattr(Deal, "STEPS", {schema: step})
    found = decode(data, PATH, deal.id, Deal)
    assert (seen, found.owner, found.schema_) == ([schema], "migrated", schema + 1)


def test_a_migration_that_trips_is_damage() -> None:
    """Whatever a migration makes of nonsense, the user gets a reason."""
    deal = full()
    raw = json.loads(encode(deal, PATH)[0]) | {"schema": -3}
    with pytest.raises(Damaged) as failure:
        decode(json.dumps(raw).encode(), PATH, deal.id, Deal)
    assert "schema" in failure.value.detail


def test_unexpected_trouble_while_reading_is_damage(monkeypatch: pytest.MonkeyPatch) -> None:
    """A validator that fails in its own way does not bring the program down."""
    deal = full()
    data = encode(deal, PATH)[0]

    def fail(raw: object) -> Deal:
        raise KeyError("odd")

    monkeypatch.setattr(Deal, "model_validate", fail)
    with pytest.raises(Damaged) as failure:
        decode(data, PATH, deal.id, Deal)
    assert (failure.value.reason, failure.value.detail) == ("not-a-document", "KeyError")


def test_worksheets_keep_what_they_do_not_know() -> None:
    """A worksheet's entries are maps of anything."""
    sheets = Worksheets.model_validate({"talk": {"a": {"b": [1]}}, "new": {"c": 2}})
    deal = full().but(worksheets=sheets)
    assert decode(encode(deal, PATH)[0], PATH, deal.id, Deal).worksheets == sheets
