"""Who was erased stays away, whatever comes in: a conflict copy, a parked change, a file put in the place of another."""

from __future__ import annotations

from pathlib import Path

import pytest

from salescoach.customer import people
from salescoach.customer.erasing import erase
from salescoach.customer.models import Customer
from salescoach.paths import Paths, under
from salescoach.store.care import erased
from salescoach.store.care.parked import park
from salescoach.store.documents import DocumentStore
from salescoach.store.files.names import ConflictCopy
from tests.build import NOW, stamp, uid
from tests.kinds import CUSTOMER

_LI, _PHONE = "李工", "13800138000"


@pytest.fixture
def store(paths: Paths) -> DocumentStore[Customer]:
    return CUSTOMER.store(paths)


@pytest.fixture
def before(store: DocumentStore[Customer]) -> Customer:
    """A customer with a person, as another machine still has it: with a note written there since."""
    known = store.create(people.add(CUSTOMER.make(), stamp("li"), name=_LI, phone=_PHONE))
    return CUSTOMER.note(known, stamp("theirs", days=2), f"talked to {_LI}")


@pytest.fixture
def gone(store: DocumentStore[Customer], before: Customer, paths: Paths) -> Customer:
    """The same one here, after the person was erased from the document and from all that is kept of it."""
    gone = erase(store.read(before.id), uid("li"), stamp("erase", days=1))
    store.path(before.id).unlink()
    (store.places.saved / f"{before.id}.json").unlink()
    erased.remember(paths.erased, [uid("li")], NOW, "小周")
    return store.create(gone)


def nowhere(paths: Paths) -> bool:
    """Say whether no file of the home names the person."""
    files = [path for path in paths.deals.parent.rglob("*") if path.is_file()]
    return len(files) > 2 and not any(
        word.encode() in path.read_bytes() for path in files for word in (_LI, _PHONE)
    )


def _copy(store: DocumentStore[Customer], customer: Customer) -> ConflictCopy:
    there = CUSTOMER.store(under(store.paths.state.parent.parent / "there"))
    data = there.path(there.create(customer).id).read_bytes()
    path = store.path(customer.id).with_name(f"{customer.id} (1).json")
    path.write_bytes(data)
    (copy,) = store.conflict_copies()
    return copy


def test_a_copy_that_still_has_them_brings_the_rest(
    store: DocumentStore[Customer], before: Customer, gone: Customer, paths: Paths
) -> None:
    merged = store.merge_copy(_copy(store, before))
    assert (merged.people, CUSTOMER.notes(merged)) == ({}, ["talked to ***"])
    assert store.conflict_copies() == []
    assert nowhere(paths)


def test_a_document_that_comes_back_from_a_copy_comes_without_them(
    store: DocumentStore[Customer], before: Customer, gone: Customer, paths: Paths
) -> None:
    store.path(gone.id).unlink()
    merged = store.merge_copy(_copy(store, before))
    assert merged.people == {}
    assert merged.erased.keys() == {uid("li")}
    assert nowhere(paths)


def test_a_parked_change_comes_without_them(
    store: DocumentStore[Customer], before: Customer, gone: Customer, paths: Paths
) -> None:
    park(store.places.parked, before)
    (change,) = store.parked()
    assert store.merge_copy(change).people == {}
    assert nowhere(paths)


def test_a_file_put_in_the_place_of_the_document_comes_without_them(
    store: DocumentStore[Customer], before: Customer, gone: Customer, paths: Paths
) -> None:
    copy = _copy(store, before)
    copy.path.replace(store.path(gone.id))
    assert store.bring_together(store.read(gone.id)) is not None
    merged = store.read(gone.id)
    assert (merged.people, CUSTOMER.notes(merged)) == ({}, ["talked to ***"])
    assert nowhere(paths)


def test_who_was_erased_elsewhere_is_remembered_here(
    store: DocumentStore[Customer], tmp_path: Path, paths: Paths
) -> None:
    known = store.create(people.add(CUSTOMER.make(), stamp("li"), name=_LI))
    store.merge_copy(_copy(store, erase(known, uid("li"), stamp("e", days=1))))
    assert store.read(known.id).people == {}
    assert erased.read(paths.erased).keys() == {uid("li")}
