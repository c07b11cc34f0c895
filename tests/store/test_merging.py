"""Two writers of one deal, changes that are parked, and conflict copies that come back into their deals."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from salescoach.customer import people
from salescoach.customer.models import Customer
from salescoach.deal import actions, identity, items, notes
from salescoach.deal.models import Deal
from salescoach.document.ancestry import goes_on_from
from salescoach.document.errors import DocumentError, MergeFailed
from salescoach.document.merge import incoming
from salescoach.explain import explain
from salescoach.paths import Paths
from salescoach.store.documents import DocumentStore
from salescoach.store.errors import CopyStays, Damaged, NewerSchema, NotFound, Parked, ReadOnly
from salescoach.store.files.codec import encode
from salescoach.store.files.names import ConflictCopy
from salescoach.words import Words
from tests.build import refused, stamp, uid
from tests.kinds import CUSTOMER, bare_deal, deal_store
from tests.store.doing import read_only, renamed, tree, without_timeline

TWO = (uid("李工"), uid("王总"))


def copy_of(
    store: DocumentStore[Deal],
    deal: Deal,
    rest: str = ".sync-conflict-20260101-120000-ABCDEFG.json",
) -> ConflictCopy:
    """Leave a copy of a deal as a sync service does."""
    path = store.path(deal.id).with_name(deal.id + rest)
    path.write_bytes(encode(deal, path)[0])
    return next(copy for copy in store.conflict_copies() if copy.path == path)


@pytest.fixture
def customers(paths: Paths) -> DocumentStore[Customer]:
    return CUSTOMER.store(paths)


@pytest.fixture
def two(customers: DocumentStore[Customer]) -> Customer:
    """A customer with two people, saved as revision 1."""
    customer = CUSTOMER.make()
    for name in ("李工", "王总"):
        customer = people.add(customer, stamp(name), name=name)
    return customers.create(customer)


def test_two_writers_from_one_version_both_have_their_way(
    store: DocumentStore[Deal], deal: Deal
) -> None:
    other = deal_store(store.paths)
    first = other.edit(deal.id, lambda d: identity.edit(d, stamp("o"), owner="小吴"), deal)
    second = store.edit(deal.id, lambda d: notes.add(d, stamp("n"), "mine"), deal)
    assert (second.owner, len(second.notes), second.rev) == ("小吴", 1, 3)
    assert second.conflicts == {}
    assert [event.what for event in incoming(deal, first)] == ["edited"]
    assert store.undo(deal.id).notes == {}
    assert store.read(deal.id).owner == "小吴"


def test_what_both_writers_changed_is_a_conflict_and_the_later_save_is_kept(
    store: DocumentStore[Deal], deal: Deal
) -> None:
    store.edit(deal.id, renamed("theirs"), deal)
    saved = store.edit(deal.id, renamed("mine"), deal)
    assert saved.name == "mine"
    (conflict,) = saved.conflicts.values()
    assert (conflict.path, conflict.lost) == (("name",), "theirs")
    assert deal_store(store.paths).read(deal.id) == saved


def test_the_same_doing_saved_twice_is_saved_once(store: DocumentStore[Deal], deal: Deal) -> None:
    """A save whose success nobody heard of is tried again; what others did since stays."""
    store.edit(deal.id, renamed("mine"), deal)
    theirs = store.edit(deal.id, renamed("theirs"))
    assert store.edit(deal.id, renamed("mine"), deal) == theirs


def test_a_base_that_differs_in_nothing_but_its_number_changes_nothing(
    store: DocumentStore[Deal], deal: Deal
) -> None:
    saved = store.edit(deal.id, renamed("mine"), deal.model_copy(update={"rev": 40}))
    assert (saved.name, saved.rev, saved.conflicts) == ("mine", 2, {})
    assert store.edit(deal.id, lambda d: d, deal) == saved


def test_what_the_base_refuses_is_left_to_the_stored_deal(
    store: DocumentStore[Deal], deal: Deal
) -> None:
    store.edit(deal.id, lambda d: items.tick(d, "network", stamp("t")))
    confirmed = store.edit(
        deal.id, lambda d: items.confirm(d, "network", stamp("c", role="coach")), deal
    )
    assert confirmed.items["network"].state == "confirmed"
    with refused(DocumentError, "confirm-open"):
        store.edit(deal.id, lambda d: items.confirm(d, "who", stamp("w", role="coach")), deal)


def make_circle(customers: DocumentStore[Customer], two: Customer) -> Parked:
    customers.edit(two.id, lambda d: people.edit(d, TWO[0], stamp("a"), reports_to=TWO[1]))
    with pytest.raises(Parked) as caught:
        customers.edit(two.id, lambda d: people.edit(d, TWO[1], stamp("b"), reports_to=TWO[0]), two)
    return caught.value


def test_a_change_that_cannot_be_merged_is_parked_and_what_is_stored_stays(
    customers: DocumentStore[Customer], two: Customer, paths: Paths
) -> None:
    parked = make_circle(customers, two)
    stored = customers.read(two.id)
    assert stored.people[TWO[1]].reports_to is None
    assert parked.path.parent == customers.places.parked / two.id
    assert parked.path.stat().st_mode & 0o777 == 0o600
    assert parked.path.parent.stat().st_mode & 0o777 == 0o700
    (change,) = customers.parked()
    assert (change.path, change.document) == (parked.path, two.id)
    assert (customers.ids(), customers.conflict_copies()) == ([two.id], [])
    assert TWO[0] in parked.path.read_text("utf-8")
    for lang in ("zh", "en"):
        told = explain(parked, Words("zh" if lang == "zh" else "en"))
        assert str(parked.path) in told
        assert f"salescoach merge {two.id[:8]}" in told
        assert "李工" in told
    assert make_circle(customers, two).path == parked.path
    assert len(customers.parked()) == 1


def test_a_parked_change_is_merged_once_the_customer_lets_it(
    customers: DocumentStore[Customer], two: Customer, paths: Paths
) -> None:
    make_circle(customers, two)
    (change,) = customers.parked()
    before = tree(paths.state)
    with refused(MergeFailed, "merge-circle"):
        customers.merge_copy(change)
    assert {name: found for name, found in tree(paths.state).items() if "locks" not in name} == {
        name: found for name, found in before.items() if "locks" not in name
    }
    customers.edit(two.id, lambda d: people.edit(d, TWO[0], stamp("c"), reports_to=None))
    merged = customers.merge_copy(change)
    assert merged.people[TWO[1]].reports_to == TWO[0]
    assert customers.parked() == []
    assert list(customers.places.parked.iterdir()) == []
    assert [path.name for path in customers.places.merged.iterdir()] == [
        f"{two.id}.{change.path.name}"
    ]


def test_a_half_written_parked_change_is_swept(
    customers: DocumentStore[Customer], two: Customer
) -> None:
    left = make_circle(customers, two).path.with_name(".x.json.4711-0123abcd.tmp")
    left.write_bytes(b"half")
    os.utime(left, (1, 1))
    assert customers.sweep().temporary == 1
    assert len(customers.parked()) == 1


def test_a_change_that_cannot_be_parked_says_so(
    customers: DocumentStore[Customer], two: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    customers.edit(two.id, lambda d: people.edit(d, TWO[0], stamp("a"), reports_to=TWO[1]))
    with read_only(monkeypatch), pytest.raises(ReadOnly):
        customers.edit(two.id, lambda d: people.edit(d, TWO[1], stamp("b"), reports_to=TWO[0]), two)
    assert customers.parked() == []


# Conflict copies


def test_a_copy_is_merged_with_the_version_both_went_on_from(
    store: DocumentStore[Deal], deal: Deal, paths: Paths
) -> None:
    """Two machines: each changed revision 1, the service kept this one's and left the other's as a copy."""
    theirs = identity.edit(
        notes.add(deal, stamp("王总"), "王总"), stamp("t", by="小吴", days=1), name="Theirs"
    )
    copy = copy_of(store, theirs.model_copy(update={"rev": 2}))
    mine = store.edit(deal.id, lambda d: identity.edit(d, stamp("m"), name="Mine", owner="我"))
    data = copy.path.read_bytes()
    merged = store.merge_copy(copy)
    assert (merged.name, merged.owner, merged.rev) == ("Theirs", "我", 3)
    assert uid("王总") in merged.notes
    assert [(one.path, one.kept, one.lost) for one in merged.conflicts.values()] == [
        (("name",), "Theirs", "Mine")
    ]
    assert store.read(deal.id) == merged
    assert store.conflict_copies() == []
    (moved,) = paths.merged.iterdir()
    assert (moved.name, moved.read_bytes()) == (copy.path.name, data)
    assert moved.stat().st_mode & 0o777 == 0o600
    assert without_timeline(store.undo(deal.id)) == without_timeline(mine)


def test_the_side_that_was_changed_later_is_kept(store: DocumentStore[Deal], deal: Deal) -> None:
    theirs = identity.edit(deal, stamp("t"), name="Theirs")
    copy = copy_of(store, theirs)
    store.edit(deal.id, lambda d: identity.edit(d, stamp("m", days=1), name="Mine"))
    merged = store.merge_copy(copy)
    assert merged.name == "Mine"
    assert [one.lost for one in merged.conflicts.values()] == ["Theirs"]


def test_a_copy_that_only_went_on_is_taken_over_as_it_is(
    store: DocumentStore[Deal], deal: Deal
) -> None:
    theirs = notes.add(identity.edit(deal, stamp("t"), name="Theirs"), stamp("n"), "x")
    merged = store.merge_copy(copy_of(store, theirs.model_copy(update={"rev": 3})))
    assert without_timeline(merged) == without_timeline(theirs)
    assert [event.what for event in incoming(theirs, merged)] == ["merged"]
    assert (merged.rev, goes_on_from(merged, deal.save)) == (2, True)


def test_a_copy_of_an_older_version_brings_nothing_and_takes_nothing_back(
    store: DocumentStore[Deal], deal: Deal, paths: Paths
) -> None:
    edited = store.edit(deal.id, renamed("new"))
    old, undone = copy_of(store, deal), copy_of(store, edited, " (1).json")
    after = store.undo(deal.id)
    for copy in (old, undone):
        assert store.merge_copy(copy) == after
    assert store.read(deal.id) == after
    assert len(list(paths.merged.iterdir())) == 2


def test_without_a_common_version_both_are_united(store: DocumentStore[Deal], deal: Deal) -> None:
    other = bare_deal(owner="乙").model_copy(update={"timeline": {}, "rev": 9})
    other = notes.add(other, stamp("n", days=1), "theirs")
    store.edit(
        deal.id,
        lambda d: identity.edit(actions.add(d, stamp("a"), text="call"), stamp("m"), owner="甲"),
    )
    merged = store.merge_copy(copy_of(store, other))
    assert (merged.owner, len(merged.notes), len(merged.actions)) == ("乙", 1, 1)
    assert {one.path for one in merged.conflicts.values()} == {("owner",)}


def test_two_machines_that_merged_the_same_agree_in_the_end(
    store: DocumentStore[Deal], deal: Deal
) -> None:
    """Each had its own way; the copy of the other's result makes no second conflict."""
    theirs = identity.edit(deal, stamp("t"), name="Theirs")
    copy = copy_of(store, theirs)
    store.edit(deal.id, lambda d: identity.edit(d, stamp("m", days=1), name="Mine"))
    here = store.merge_copy(copy)
    (key,) = here.conflicts
    turned = here.conflicts[key].but(kept="Theirs", lost="Mine")
    there = here.model_copy(update={"name": "Theirs", "conflicts": {key: turned}})
    assert store.merge_copy(copy_of(store, there)).conflicts.keys() == {key}


def test_a_deal_whose_file_is_gone_comes_back_from_its_copy(
    store: DocumentStore[Deal], deal: Deal
) -> None:
    edited = store.edit(deal.id, renamed("new"))
    copy = copy_of(store, notes.add(edited, stamp("n"), "x"))
    store.path(deal.id).unlink()
    assert store.preview_copy(copy)[0] is None
    merged = store.merge_copy(copy)
    assert (merged.name, len(merged.notes), merged.rev) == ("new", 1, 3)
    assert (store.ids(), store.conflict_copies()) == ([deal.id], [])
    assert store.edit(deal.id, renamed("newer")).rev == 4


def test_a_preview_writes_nothing(store: DocumentStore[Deal], deal: Deal, paths: Paths) -> None:
    copy = copy_of(store, identity.edit(deal, stamp("t"), name="Theirs"))
    before = tree(paths.deals.parent)
    stored, would_be = store.preview_copy(copy)
    assert (stored, would_be.name) == (deal, "Theirs")
    assert tree(paths.deals.parent) == before


def test_copies_that_are_none_are_refused_and_stay(
    store: DocumentStore[Deal], deal: Deal, tmp_path: Path
) -> None:
    other = bare_deal(label="other")
    damaged, wrong, newer = (copy_of(store, deal, f" ({n}).json") for n in (1, 2, 3))
    damaged.path.write_bytes(b'{"half')
    wrong.path.write_bytes(encode(other, wrong.path)[0])
    newer.path.write_bytes(
        newer.path.read_bytes().replace(b'"schema": %d' % Deal.SCHEMA, b'"schema": 999')
    )
    linked = store.path(deal.id).with_name(f"{deal.id} (4).json")
    linked.symlink_to(tmp_path / "elsewhere.json")
    for copy, error, reason in (
        (damaged, Damaged, "not-json"),
        (wrong, Damaged, "wrong-id"),
        (newer, NewerSchema, ""),
        (ConflictCopy(linked, deal.id, ""), Damaged, "symlink"),
    ):
        with pytest.raises(error) as caught:
            store.merge_copy(copy)
        assert getattr(caught.value, "reason", "") == reason
        assert os.path.lexists(copy.path)
    with pytest.raises(NotFound):
        store.merge_copy(ConflictCopy(damaged.path, "../x", ""))
    assert store.read(deal.id) == deal


def test_a_damaged_or_newer_deal_is_not_overwritten_by_its_copy(
    store: DocumentStore[Deal], deal: Deal
) -> None:
    copy = copy_of(store, deal)
    for data, error in (
        (b"{", Damaged),
        (
            store.path(deal.id)
            .read_bytes()
            .replace(b'"schema": %d' % Deal.SCHEMA, b'"schema": 999'),
            NewerSchema,
        ),
    ):
        store.path(deal.id).write_bytes(data)
        with pytest.raises(error):
            store.merge_copy(copy)
        assert store.path(deal.id).read_bytes() == data
        assert copy.path.exists()


def test_versions_that_cannot_be_read_are_passed_over(
    store: DocumentStore[Deal], deal: Deal, paths: Paths
) -> None:
    theirs = identity.edit(deal, stamp("t"), name="Theirs")
    copy = copy_of(store, theirs)
    store.edit(deal.id, lambda d: notes.add(d, stamp("n"), "x"))
    (paths.history / deal.id / "9.u-.r-.json").write_bytes(b"\0")
    merged = store.merge_copy(copy)
    assert (merged.name, len(merged.notes), merged.conflicts) == ("Theirs", 1, {})


def test_a_copy_that_cannot_be_moved_is_merged_all_the_same_and_again(
    store: DocumentStore[Deal], deal: Deal, monkeypatch: pytest.MonkeyPatch, paths: Paths
) -> None:
    copy = copy_of(store, identity.edit(deal, stamp("t"), name="Theirs"))

    def refuse(*args: object) -> None:
        raise PermissionError(errno.EACCES, "no", str(copy.path))

    with monkeypatch.context() as patch:
        patch.setattr(os, "rename", refuse)
        with pytest.raises(CopyStays):
            store.merge_copy(copy)
    assert store.read(deal.id).name == "Theirs"
    again = store.merge_copy(copy)
    assert (again.rev, store.conflict_copies()) == (2, [])


def test_a_copy_on_another_disk_is_moved_by_copying(
    store: DocumentStore[Deal], deal: Deal, monkeypatch: pytest.MonkeyPatch, paths: Paths
) -> None:
    copy = copy_of(store, identity.edit(deal, stamp("t"), name="Theirs"))

    def other_disk(*args: object) -> None:
        raise OSError(errno.EXDEV, "other disk")

    monkeypatch.setattr(os, "rename", other_disk)
    store.merge_copy(copy)
    assert not copy.path.exists()
    assert [path.name for path in paths.merged.iterdir()] == [copy.path.name]


def test_a_save_that_fails_leaves_the_copy_where_it_is(
    store: DocumentStore[Deal], deal: Deal, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = copy_of(store, identity.edit(deal, stamp("t"), name="Theirs"))
    with read_only(monkeypatch), pytest.raises(ReadOnly):
        store.merge_copy(copy)
    assert copy.path.exists()
    assert store.read(deal.id) == deal


def test_two_copies_of_one_name_are_both_kept(
    store: DocumentStore[Deal], deal: Deal, paths: Paths
) -> None:
    for _ in range(3):
        store.merge_copy(copy_of(store, deal))
    assert len(list(paths.merged.iterdir())) == 3
