"""Undo and redo over restarts, and what the history keeps."""

from __future__ import annotations

import errno
import os
import tempfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salescoach.customer import people
from salescoach.deal import actions, identity, items, notes
from salescoach.deal.models import Deal
from salescoach.document.models import Event
from salescoach.paths import Paths, under
from salescoach.store.documents import DocumentStore
from salescoach.store.errors import (
    CannotTakeBack,
    Damaged,
    NotFound,
    NothingToRedo,
    NothingToUndo,
    NotOwn,
)
from salescoach.store.files import history
from tests.build import stamp, uid
from tests.kinds import CUSTOMER, bare_deal, deal_store

from .doing import renamed, without_timeline


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(["edit", "undo", "redo", "nothing"]), max_size=40))
def test_undo_and_redo_do_what_an_editor_does(steps: list[str]) -> None:
    """Promises 8 and 19: whatever the order, each step by another process, undo after do is the identity, and so is redo after undo."""
    with tempfile.TemporaryDirectory() as folder:
        paths = under(Path(folder))
        deal = deal_store(paths).create(bare_deal())
        past: list[dict[str, Any]] = []
        future: list[dict[str, Any]] = []
        now, rev, told = without_timeline(deal), 1, 1
        for number, step in enumerate(steps):
            store = deal_store(paths)
            if step == "edit":
                past, future = [*past, now], []
                deal = store.edit(deal.id, _act(number))
                now = without_timeline(deal)
            elif step == "nothing":
                assert store.edit(deal.id, lambda deal: deal) == deal
                continue
            elif not (past if step == "undo" else future):
                refused = NothingToUndo if step == "undo" else NothingToRedo
                with pytest.raises(refused):
                    getattr(store, step)(deal.id)
                continue
            elif step == "undo":
                future, now, past = [*future, now], past[-1], past[:-1]
                deal = store.undo(deal.id)
            else:
                past, now, future = [*past, now], future[-1], future[:-1]
                deal = store.redo(deal.id)
            rev, told = rev + 1, told + 1
            assert (deal.rev, len(deal.timeline)) == (rev, told)
            assert without_timeline(deal) == now
            assert deal_store(paths).read(deal.id) == deal


def _act(number: int) -> Any:
    """Return one of several kinds of act: a field, a note, an action, an item."""
    when = stamp(f"act {number}", days=number)
    return (
        lambda deal: identity.edit(deal, when, name=f"name {number}"),
        lambda deal: notes.add(deal, when, f"note {number}"),
        lambda deal: actions.add(deal, when, text=f"call {number}"),
        lambda deal: items.add_evidence(
            deal, "network", when, who="李工", note=f"said so in meeting {number}"
        ),
    )[number % 4]


def test_ninety_steps_back_and_forth(paths: Paths, store: DocumentStore[Deal], deal: Deal) -> None:
    """Promise 19: what can be taken back can be done again, all of it; undo stops where that could not be so."""
    for number in range(120):
        store.edit(deal.id, _act(number))
    full = without_timeline(store.read(deal.id))
    undone = 0
    while True:
        try:
            store.undo(deal.id)
        except NothingToUndo:
            break
        undone += 1
    assert undone == history.ACTS
    assert len(store.read(deal.id).notes) == (120 - undone) // 4
    for _ in range(undone):
        deal = deal_store(paths).redo(deal.id)
    with pytest.raises(NothingToRedo):
        store.redo(deal.id)
    assert without_timeline(deal) == full
    assert len(list((paths.history / deal.id).iterdir())) <= history.STEPS + 2 * history.ACTS


def test_an_undo_takes_back_one_act_and_nothing_that_came_since(
    store: DocumentStore[Deal], deal: Deal
) -> None:
    """Another's later work stays, and so does what a hand changed in the file."""
    store.edit(deal.id, lambda one: identity.edit(one, stamp("a"), owner="小周"))
    path = store.path(deal.id)
    path.write_bytes(path.read_bytes().replace(b'"currency": "CNY"', b'"currency": "USD"'))
    store.edit(deal.id, lambda one: notes.add(one, stamp("b", by="小吴", days=1), "theirs"))
    back = store.undo(deal.id, stamp("u", days=2), _by("小周"))
    assert (back.owner, len(back.notes), back.currency) == (deal.owner, 1, "USD")
    (event,) = (one for one in back.timeline.values() if one.what == "undone")
    assert (event.about["done"], event.about["fields"], event.by) == ("edited", "owner", "小周")
    again = store.redo(deal.id, stamp("r", days=3), _by("小周"))
    assert (again.owner, len(again.notes), again.currency) == ("小周", 1, "USD")


def _by(name: str) -> Any:
    def own(event: Event) -> bool:
        return event.by == name

    return own


def test_what_another_did_is_not_taken_back_unasked(store: DocumentStore[Deal], deal: Deal) -> None:
    store.edit(deal.id, lambda one: notes.add(one, stamp("mine", days=1), "mine"))
    store.edit(deal.id, lambda one: notes.add(one, stamp("theirs", by="小吴", days=2), "theirs"))
    back = store.undo(deal.id, stamp("u", days=3), _by("小周"))
    assert [one.text for one in back.notes.values()] == ["theirs"]
    with pytest.raises(NotOwn) as asked:
        store.undo(deal.id, stamp("u2", days=4), _by("小周"))
    assert (asked.value.by, asked.value.event) == ("小吴", stamp("theirs").id)
    assert store.read(deal.id) == back
    both = store.undo(deal.id, stamp("u3", days=5), _by("小周"), asked.value.event)
    assert both.notes == {}
    told = both.timeline[stamp("u3").id]
    assert (told.by, told.about["whose"], told.about["text"]) == ("小周", "小吴", "theirs")
    with pytest.raises(NotOwn):
        store.redo(deal.id, stamp("r", days=6), _by("小吴"))


def test_what_was_changed_since_is_not_overwritten(store: DocumentStore[Deal], deal: Deal) -> None:
    """Taking back an amount that another changed since is refused, and everything stays as it is."""
    store.edit(deal.id, lambda one: identity.edit(one, stamp("a"), amount=Decimal(5)))
    theirs = stamp("b", by="小吴", days=1)
    stored = store.edit(deal.id, lambda one: identity.edit(one, theirs, amount=Decimal(7)))
    with pytest.raises(CannotTakeBack) as refused:
        store.undo(deal.id, stamp("u", days=2), _by("小周"))
    assert refused.value.place == ("amount",)
    assert store.read(deal.id) == stored


def test_a_person_somebody_built_on_is_not_taken_away(paths: Paths) -> None:
    store = CUSTOMER.store(paths)
    customer = store.create(CUSTOMER.make())
    store.edit(customer.id, lambda one: people.add(one, stamp("p"), name="李工"))
    theirs = stamp("n", by="小吴", days=1)
    stored = store.edit(
        customer.id, lambda one: people.add(one, theirs, name="王总", reports_to=uid("p"))
    )
    with pytest.raises(CannotTakeBack):
        store.undo(customer.id, stamp("u", days=2), _by("小周"))
    assert store.read(customer.id) == stored


def test_an_act_of_several_entries_is_taken_back_as_one(
    store: DocumentStore[Deal], deal: Deal
) -> None:
    """Everything with one stamp: two entries of the timeline, one undo, one redo."""
    when = stamp("both", days=1)

    def both(one: Deal) -> Deal:
        return notes.add(identity.edit(one, when.derive("e"), owner="新人"), when.derive("n"), "x")

    done = store.edit(deal.id, both)
    back = store.undo(deal.id, stamp("u", days=2))
    assert without_timeline(back) == without_timeline(deal)
    assert [one.what for one in back.timeline.values()].count("undone") == 2
    assert without_timeline(store.redo(deal.id, stamp("r", days=3))) == without_timeline(done)


def test_an_undo_that_is_tried_again_is_done_once(store: DocumentStore[Deal], deal: Deal) -> None:
    for number in range(2):
        store.edit(deal.id, renamed(f"name {number}"))
    once = store.undo(deal.id, stamp("u"))
    assert store.undo(deal.id, stamp("u")) == once


def test_versions_are_listed_latest_first(store: DocumentStore[Deal], deal: Deal) -> None:
    """Promise 8: each can be read."""
    second = store.edit(deal.id, renamed("second"))
    third = store.undo(deal.id)
    versions = store.versions(deal.id)
    assert [(found.rev, found.save, found.current) for found in versions] == [
        (3, third.save, True),
        (2, second.save, False),
        (1, deal.save, False),
    ]
    assert all(found.size > 100 and found.saved_at > 0 for found in versions)
    assert store.read_version(deal.id, 2).name == "second"
    assert store.read_version(deal.id, 3) == store.read(deal.id)
    with pytest.raises(NotFound):
        store.read_version(deal.id, 9)


def test_what_an_earlier_program_saved_can_be_undone(
    paths: Paths, store: DocumentStore[Deal], deal: Deal
) -> None:
    """Its files name the versions by number, and have no record of what they were saved on."""
    folder = paths.history / deal.id
    folder.mkdir(parents=True)
    texts = {}
    for rev, name in enumerate(("one", "two", "three"), 1):
        deal = renamed(name)(deal) if rev > 1 else deal
        raw = deal.model_dump(mode="json", by_alias=True, exclude={"save", "ancestry"})
        raw |= {"rev": rev, "versions": {"undo": rev - 1 or None, "redo": None}}
        texts[rev] = __import__("json").dumps(raw, ensure_ascii=False).encode()
    (folder / "1.u-.r-.json").write_bytes(texts[1])
    (folder / "2.u1.r-.json").write_bytes(texts[2])
    (paths.saved / f"{deal.id}.json").unlink()
    store.path(deal.id).write_bytes(texts[3])
    assert [store.undo(deal.id).name for _ in range(2)] == ["two", "CRM 升级"]
    assert [store.redo(deal.id).name for _ in range(2)] == ["two", "three"]
    assert store.path(deal.id).read_bytes().count(b'"versions"') == 0


def test_an_untouched_original_is_kept(
    paths: Paths, store: DocumentStore[Deal], deal: Deal
) -> None:
    """A file that a person or another program formatted is in the history byte for byte."""
    path = store.path(deal.id)
    path.write_bytes(b"\n\n" + path.read_bytes().replace(b"  ", b"\t"))
    before = path.read_bytes()
    store.edit(deal.id, renamed("new"))
    assert before in [version.read_bytes() for version in (paths.history / deal.id).iterdir()]


@pytest.mark.parametrize("code", [errno.EXDEV, errno.EPERM, errno.EMLINK])
def test_without_links_versions_are_copied(
    store: DocumentStore[Deal], deal: Deal, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    """Promise 8 on disks without hard links, or with the state on another disk."""

    def refuse(*args: object, **kwargs: object) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, "link", refuse)
    store.edit(deal.id, renamed("second"))
    store.edit(deal.id, renamed("third"))
    assert store.undo(deal.id).name == "second"
    assert without_timeline(store.undo(deal.id)) == without_timeline(deal)
    assert store.redo(deal.id).name == "second"


def test_a_save_that_was_cut_off_after_keeping_the_old_version(
    paths: Paths, store: DocumentStore[Deal], deal: Deal
) -> None:
    """The version that is kept already is not kept twice."""
    folder = paths.history / deal.id
    folder.mkdir(parents=True)
    name = history.place(folder, deal, store.path(deal.id)).name
    os.link(store.path(deal.id), folder / name)
    store.edit(deal.id, renamed("new"))
    assert [path.name for path in folder.iterdir()] == [name]
    assert without_timeline(store.undo(deal.id)) == without_timeline(deal)


def test_a_damaged_version_stops_undo_and_nothing_else(
    paths: Paths, store: DocumentStore[Deal], deal: Deal
) -> None:
    """What cannot be undone is told; the deal stays as it is, and so does everything that lies about there."""
    edited = store.edit(deal.id, renamed("second"))
    folder = paths.history / deal.id
    (folder / "notes.txt").write_text("mine", "utf-8")
    (version,) = folder.glob("*.json")
    for data in (b"{", deal.name.encode()):
        version.write_bytes(data)
        with pytest.raises((NothingToUndo, Damaged)):
            store.undo(deal.id)
        assert store.read(deal.id) == edited
    version.unlink()
    with pytest.raises(NothingToUndo):
        store.undo(deal.id)
    assert (folder / "notes.txt").exists()


def test_pruning_keeps_what_it_cannot_list(tmp_path: Path) -> None:
    """A history that cannot be read is no reason for a save to fail."""
    folder = tmp_path / "history"
    folder.write_text("not a folder", "utf-8")
    history.prune(folder, 16)
    assert folder.read_text("utf-8") == "not a folder"


def test_what_acts_were_done_on_outlives_many_undos(tmp_path: Path) -> None:
    """Versions that undo and redo need are kept, however many undos came since; older ones go, and so do undos'."""
    for rev in range(1, 601):
        kind = "a" if rev <= 300 else "t"
        (tmp_path / f"{rev}.{kind}.{rev:032x}.json").write_bytes(b"{}")
    history.prune(tmp_path, 608)
    left = set(history.kept(tmp_path))
    assert set(range(300 - history.ACTS, 301)) <= left
    assert set(range(551, 601)) <= left
    assert not left & {1, 100, 150, 301, 400, 550}
    (tmp_path / "5.u-.r-.json").write_bytes(b"{}")
    history.prune(tmp_path, 609)
    assert 5 in history.kept(tmp_path)


def test_what_an_act_was_done_on_is_kept_across_a_jump_of_the_numbers(tmp_path: Path) -> None:
    jump = [1, 2, 40, *range(41, 105)]
    for rev in jump:
        kind = "t" if rev in {1, 2, *range(41, 105)} else "a"
        (tmp_path / f"{rev}.{kind}.{rev:032x}.json").write_bytes(b"{}")

    history.prune(tmp_path, 112)

    assert {1, 2, 40} <= history.kept(tmp_path).keys()
