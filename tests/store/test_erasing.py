"""Promise 22: an erased person is nowhere in the home, and nothing brings them back."""

from __future__ import annotations

import base64
import json
import os
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from salescoach.customer import people
from salescoach.deal import contacts, notes
from salescoach.document.errors import NotThere
from salescoach.store.care.backup import make_backup
from salescoach.store.care.parked import park
from salescoach.store.care.recovery import Draft, RecoveryNote
from salescoach.store.errors import Damaged, NothingToUndo
from salescoach.text import fold
from salescoach.workspace import Workspace, open_workspace

from .test_backup import _put_back

NAME, OTHER, PHONE, EMAIL = "張小虎", "Tiger Zhang", "13812345678", "zxh.tiger@example.com"
_TRACES = (NAME, OTHER, PHONE, EMAIL, "zhangxiaohu", "zxh.tiger", fold(OTHER), "whisky")


def _left(home: Path, but: tuple[Path, ...] = ()) -> list[tuple[str, str]]:
    """Return every file of the home in which a trace stands, as it is written or as JSON escapes it."""
    found = []
    for path in sorted(one for one in home.rglob("*") if one.is_file() and one not in but):
        data = path.read_bytes().lower()
        for trace in _TRACES:
            written = (trace.encode().lower(), json.dumps(trace)[1:-1].encode().lower())
            found += [(str(path.relative_to(home)), trace) for one in set(written) if one in data]
    return found


def _searched_also(home: Path, data: bytes) -> bytes:
    for text in (base64.b64decode(one["document"]) for one in json.loads(data)["documents"]):
        data += text
    return data


@pytest.fixture
def workspace(home: Path) -> Workspace:
    return open_workspace(lang="en")


class Told:
    """A person in two deals of a customer, with everything that work leaves behind."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.one = workspace.create(customer="Acme", name="CRM").id
        self.two = workspace.create(customer="Acme", name="ERP").id
        self.elsewhere = workspace.create(customer="Other", name="Ours").id
        self.person = workspace.stamp().id
        stamp = workspace.stamp()
        self.person = stamp.id
        workspace.edit(
            self.one,
            lambda deal: contacts.add(
                deal, stamp, name=NAME, phone=PHONE, email=EMAIL, note="likes whisky"
            ),
        )
        customer = workspace.read(self.one).customer_id
        assert customer is not None
        self.customer = customer
        for operation in (
            lambda deal, stamp: contacts.edit(deal, self.person, stamp, other_names=(OTHER,)),
            lambda deal, stamp: notes.add(deal, stamp, f"{NAME} said yes", contact=self.person),
            lambda deal, stamp: notes.add(deal, stamp, "call 138-1234-5678 (Tiger Zhang)"),
            lambda deal, stamp: contacts.add(
                deal, stamp, name="李四", reports_to=self.person, note=f"brother of {NAME}"
            ),
        ):
            self.do(self.one, operation)
        self.do(self.two, lambda deal, stamp: contacts.involve(deal, self.person, stamp))
        self.do(self.two, lambda deal, stamp: notes.add(deal, stamp, f"{EMAIL} wrote"))
        workspace.undo(self.two)
        workspace.undo(self.one)
        workspace.redo(self.one)
        workspace.catch_up()

    def do(self, deal_id: str, operation: Any) -> None:
        stamp = self.workspace.stamp()
        self.workspace.edit(deal_id, lambda deal: operation(deal, stamp))

    def leave_everything(self, home: Path) -> None:
        """Leave a parked change, conflict copies, damaged and merged files, a draft, an unfinished act and a crash report."""
        workspace, places = self.workspace, self.workspace.customers.places
        park(places.parked, workspace.read_customer(self.customer))
        park(workspace.store.places.parked, workspace.store.read(self.one))
        for folder, key in ((places.folder, self.customer), (workspace.paths.deals, self.one)):
            data = (folder / f"{key}.json").read_bytes()
            (folder / f"{key} (1).json").write_bytes(data)
            (folder / f".{key}.json.123-0a1b2c3d.tmp").write_bytes(data)
        for store, key in ((workspace.customers, self.customer), (workspace.store, self.two)):
            data = store.path(key).read_bytes()
            for place in (store.places.quarantine, store.places.merged):
                place.mkdir(parents=True, exist_ok=True)
                (place / f"{key}.20261123T090000.json").write_bytes(data[: len(data) * 9 // 10])
        ascii_only = json.dumps({"x": f"{NAME} {EMAIL}"}).encode()
        lost = workspace.store.places.quarantine / f"{self.elsewhere}.20261123T090000.json"
        lost.write_bytes(ascii_only + self.person.encode() + b"{")
        at = datetime(2026, 11, 23, tzinfo=UTC)
        note = RecoveryNote(workspace.paths.recovery)
        note.keep(
            Draft(f"Contact {NAME}", (("Phone", PHONE), ("Note", "b")), at, document=self.one)
        )
        note.let_go()
        told = {
            "kind": "customer",
            "id": self.customer,
            "base": "0" * 32,
            "document": base64.b64encode(
                workspace.customers.path(self.customer).read_bytes()
            ).decode(),
        }
        stuck = {"kind": "review", "id": self.customer, "base": "", "document": "AAAA"}
        workspace.paths.unfinished.mkdir(parents=True, exist_ok=True)
        (workspace.paths.unfinished / "stuck.json").write_text(
            json.dumps({"documents": [told, stuck]})
        )
        workspace.paths.crashes.mkdir(parents=True, exist_ok=True)
        (workspace.paths.crashes / "crash-1.txt").write_text(f"KeyError: {NAME}", "utf-8")


@pytest.fixture
def told(workspace: Workspace) -> Told:
    return Told(workspace)


def test_nothing_of_an_erased_person_is_left_in_the_home(told: Told, home: Path) -> None:
    """Promise 22: every byte is searched, after work in two deals, undo, parking, damage and a crash."""
    told.leave_everything(home)
    workspace = told.workspace
    target = home / "state" / "backups" / "before.zip"
    target.parent.mkdir(parents=True)
    make_backup(workspace.stores, target, now=workspace.now(), replace=False)
    assert _left(home)
    report = workspace.erase_person(told.customer, told.person)
    assert _left(home, (target,)) == []
    (note,) = workspace.paths.unfinished.glob("*.json")
    searched = _searched_also(home, note.read_bytes())
    assert not any(trace.encode() in searched for trace in _TRACES)
    assert report.backups == [target]
    assert report.gone is not None
    assert report.gone.left == []
    assert sorted(report.deals) == sorted((told.one, told.two))
    assert {key for _, key in report.gone.versions} == {told.customer, told.one, told.two}
    assert not workspace.paths.erasing.exists() or not list(workspace.paths.erasing.iterdir())
    customer = workspace.read_customer(told.customer)
    assert told.person in customer.erased
    assert [one.name for one in customer.people.values()] == ["李四"]
    assert all(one.reports_to is None for one in customer.people.values())
    for key in (told.one, told.two):
        assert told.person not in workspace.read(key).contacts
    assert workspace.people("tiger", 5) == []
    assert [one.name for one in workspace.people("lisi", 5)] == ["李四"]


def test_erasing_is_not_taken_back_and_undo_ends_there(told: Told) -> None:
    workspace = told.workspace
    workspace.erase_person(told.customer, told.person)
    for key in (told.one, told.two):
        with pytest.raises(NothingToUndo):
            workspace.undo(key)
    with pytest.raises(NothingToUndo):
        workspace.undo_customer(told.customer)
    told.do(told.one, lambda deal, stamp: notes.add(deal, stamp, "after"))
    workspace.undo(told.one)
    assert _notes(workspace, told.one)[-1:] != ["after"]


def _notes(workspace: Workspace, key: str) -> list[str]:
    return [one.text for one in workspace.read(key).notes.values()]


def test_no_copy_and_no_backup_brings_the_person_back(told: Told, home: Path) -> None:
    """Promise 22: what another home still has is merged without them, and an old backup restores without them."""
    workspace = told.workspace
    target = home.with_name("old.zip")
    make_backup(workspace.stores, target, now=workspace.now(), replace=False)
    old = {
        store.path(key): store.path(key).read_bytes()
        for store, key in ((workspace.customers, told.customer), (workspace.store, told.one))
    }
    workspace.erase_person(told.customer, told.person)
    for path, data in old.items():
        path.with_name(f"{path.stem} (1).json").write_bytes(data)
    for copy in workspace.copies():
        workspace.merge_copy(copy)
    assert _left(home) == []
    for path, data in old.items():  # put in the place of the file, as a stick does
        path.write_bytes(data)
    workspace.bring_together(workspace.read(told.one))
    fresh = open_workspace(lang="en")
    assert told.person not in fresh.read_customer(told.customer).people
    assert told.person not in fresh.read(told.one).contacts
    fresh.refresh()
    assert _left(home) == []
    _put_back(target, workspace.stores)
    fresh.refresh()
    assert _left(home) == []
    assert told.person in fresh.read_customer(told.customer).erased


def test_a_person_of_the_same_name_elsewhere_stays(told: Told) -> None:
    """Two of one name are two people: the other one is told, and nothing of them is touched."""
    workspace = told.workspace
    told.do(told.elsewhere, lambda deal, stamp: contacts.add(deal, stamp, name=NAME))
    before = workspace.store.path(told.elsewhere).read_bytes()
    report = workspace.erase_person(told.customer, told.person)
    assert workspace.store.path(told.elsewhere).read_bytes() == before
    other = workspace.read(told.elsewhere).customer_id
    assert set(report.elsewhere) == {("customer", other), ("deal", told.elsewhere)}
    assert len(workspace.read(told.elsewhere).contacts) == 1


def test_the_records_that_were_merged_into_one_go_together(told: Told, home: Path) -> None:
    workspace = told.workspace
    customer = workspace.read_customer(told.customer)
    stamp = workspace.stamp()
    workspace.edit_customer(
        customer.id, lambda one: people.add(one, stamp, name="Tiger Zhang", phone=PHONE)
    )
    workspace.merge_people(customer.id, told.person, stamp.id)
    other = workspace.new_customer("Acme Ltd")
    workspace.merge_customers(other.id, customer.id)
    workspace.erase_person(customer.id, told.person)
    assert _left(home) == []
    assert {told.person, stamp.id} <= workspace.read_customer(other.id).erased.keys()


def test_what_cannot_be_read_is_told_before_anything_is_erased(told: Told, home: Path) -> None:
    workspace = told.workspace
    path = workspace.store.path(told.two)
    path.write_bytes(path.read_bytes()[:-30])
    before = _left(home)
    with pytest.raises(Damaged):
        workspace.erase_person(told.customer, told.person)
    assert _left(home) == before
    assert not workspace.paths.erased.exists()
    with pytest.raises(NotThere):
        workspace.erase_person(told.customer, told.elsewhere)


def _killed_at(number: int, told: Told) -> bool:
    """Erase in a process of its own that dies at the `number`th write, removal or rename; say whether it did."""
    pid = os.fork()
    if pid == 0:
        made = 0

        def wrap(name: str) -> None:
            real = getattr(os, name)

            def call(*args: Any, **kwargs: Any) -> Any:
                nonlocal made
                made += 1
                if made == number:
                    os._exit(9)
                return real(*args, **kwargs)

            setattr(os, name, call)

        try:
            for name in ("write", "replace", "unlink", "link", "ftruncate"):
                wrap(name)
            open_workspace(lang="en").erase_person(told.customer, told.person)
        except BaseException:  # noqa: BLE001 - the parent tells by the code
            os._exit(1)
        os._exit(0)
    _, status = os.waitpid(pid, 0)
    code = os.waitstatus_to_exitcode(status)
    assert code in {0, 9}
    return code == 9


def _numbers() -> Iterator[int]:
    yield from (1, 3, 5, 7, 10, 14, 19, 25, 32, 40, 50, 66, 67, 85)


@pytest.mark.skipif(sys.platform == "win32", reason="no fork")
@pytest.mark.parametrize("number", _numbers())
def test_a_kill_at_any_moment_leaves_what_the_next_start_finishes(
    told: Told, home: Path, number: int
) -> None:
    told.leave_everything(home)
    told.workspace.settle()
    killed = _killed_at(number, told)
    fresh = open_workspace(lang="en")
    fresh.sweep()
    if told.person in fresh.read_customer(told.customer).people:
        assert killed
        fresh.erase_person(told.customer, told.person)
    assert _left(home) == []
    assert told.person in fresh.read_customer(told.customer).erased
