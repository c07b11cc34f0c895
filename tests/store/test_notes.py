"""Notes of what is under way: nothing that lies in their folders stops a start, hangs it, or leads out of the home."""

from __future__ import annotations

import base64
import json
import os
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from salescoach.deal import contacts, notes
from salescoach.deal.models import Deal
from salescoach.document.stamp import new_id
from salescoach.store.errors import NotFound, Unreadable
from salescoach.workspace import Workspace, open_workspace


@pytest.fixture
def workspace() -> Workspace:
    return open_workspace(lang="en")


@pytest.fixture
def deal(workspace: Workspace) -> Deal:
    made, stamp = workspace.create(name="CRM", customer="Acme"), workspace.stamp()
    return workspace.edit(made.id, lambda one: contacts.add(one, stamp, name="張小虎"))


def _link(path: Path) -> None:
    path.symlink_to("/dev/zero")


def _huge(path: Path) -> None:
    path.touch()
    os.truncate(path, 300 * 1024 * 1024)


IN_THE_WAY: dict[str, Callable[[Path], object]] = {
    "a folder": lambda path: path.mkdir(),
    "deep": lambda path: path.write_text('{"documents":' + "[" * 200_000),
    "huge": _huge,
    "a list": lambda path: path.write_text("[]"),
    "no documents": lambda path: path.write_text('{"documents": [[], {}, 5]}'),
}
if sys.platform != "win32":
    IN_THE_WAY |= {"a pipe": os.mkfifo, "a link": _link}


@pytest.mark.parametrize("folder", ["unfinished", "erasing"])
@pytest.mark.parametrize("what", IN_THE_WAY)
def test_nothing_in_the_place_of_a_note_stops_a_start(
    workspace: Workspace, deal: Deal, home: Path, folder: str, what: str
) -> None:
    place = home / "state" / folder
    place.mkdir(parents=True, exist_ok=True)
    IN_THE_WAY[what](place / f"{new_id()}.json")
    fresh = open_workspace(lang="en")
    fresh.sweep()
    stamp = fresh.stamp()
    assert fresh.edit(deal.id, lambda one: notes.add(one, stamp, "seen")).notes
    person = next(iter(deal.stakeholders))
    assert deal.customer_id is not None
    fresh.erase_person(deal.customer_id, person)
    assert person in fresh.read_customer(deal.customer_id).erased


@pytest.mark.parametrize("key", ["../../../evil", "/evil", "", 5, None, []])
@pytest.mark.parametrize("kind", ["deal", "customer", "review", 5, []])
def test_a_forged_note_leads_nowhere(
    workspace: Workspace, deal: Deal, home: Path, tmp_path: Path, key: Any, kind: Any
) -> None:
    place = home / "state" / "unfinished"
    place.mkdir(parents=True, exist_ok=True)
    if key == "/evil":
        key = str(tmp_path / "evil")
    text = base64.b64encode(workspace.store.path(deal.id).read_bytes()).decode()
    told = {"kind": kind, "id": key, "base": "", "document": text}
    (place / "forged.json").write_text(json.dumps({"documents": [told]}))
    before = workspace.store.path(deal.id).read_bytes()
    open_workspace(lang="en").sweep()
    assert list(tmp_path.rglob("*evil*")) == []
    assert list(home.parent.rglob("*evil*")) == []
    assert workspace.store.path(deal.id).read_bytes() == before


def test_no_lock_is_made_for_what_is_no_id(workspace: Workspace, home: Path) -> None:
    with pytest.raises(NotFound), workspace.store.hold("../../evil"):
        pass
    assert list(home.parent.rglob("evil.lock")) == []


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("customer", "../../x"),
        ("customer", 5),
        ("ids", [5]),
        ("ids", [""]),
        ("ids", []),
        ("ids", ["../../x"]),
        ("names", [5]),
        ("names", 5),
        ("at", 5),
        ("at", "2026-01-01"),
    ],
)
def test_a_forged_note_erases_nobody(
    workspace: Workspace, deal: Deal, home: Path, field: str, value: Any
) -> None:
    place = home / "state" / "erasing"
    place.mkdir(parents=True, exist_ok=True)
    told = dict.fromkeys(("names", "numbers", "addresses", "others"), ())
    who = {"at": "2026-01-01T00:00:00+00:00", "by": "x", "role": "rep", "by_id": ""}
    note = {"customer": deal.customer_id, "ids": [new_id()], **told, **who, field: value}
    (place / f"{new_id()}.json").write_text(json.dumps(note))
    open_workspace(lang="en").sweep()
    assert [one.name for one in open_workspace(lang="en").read(deal.id).contacts.values()] == [
        "張小虎"
    ]


@pytest.mark.skipif(sys.platform == "win32", reason="no named pipes")
def test_erasing_waits_for_no_pipe_and_reads_no_link(
    workspace: Workspace, deal: Deal, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    os.mkfifo(home / "customers" / f"{new_id()}.json")
    _link(home / "customers" / f"{new_id()}.json")
    monkeypatch.chdir(home)
    os.mkfifo(home / "other.zip")
    person = next(iter(deal.stakeholders))
    assert deal.customer_id is not None
    workspace.erase_person(deal.customer_id, person)
    assert person in workspace.read_customer(deal.customer_id).erased


@pytest.mark.skipif(sys.platform == "win32", reason="no named pipes")
def test_a_list_of_the_erased_that_is_no_file_is_told_before_anybody_is_erased(
    workspace: Workspace, deal: Deal, home: Path
) -> None:
    os.mkfifo(home / "state" / "erased")
    person = next(iter(deal.stakeholders))
    assert deal.customer_id is not None
    with pytest.raises(Unreadable):
        workspace.erase_person(deal.customer_id, person)
    assert person in workspace.read_customer(deal.customer_id).people


def test_an_encrypted_zip_beside_the_home_does_not_stop_erasing(
    workspace: Workspace, deal: Deal, home: Path
) -> None:
    path = home / "secret.zip"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("manifest.json", b"{}")
    data = bytearray(path.read_bytes())
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)
    with zipfile.ZipFile(path) as packed, pytest.raises(RuntimeError):
        packed.read("manifest.json")
    person = next(iter(deal.stakeholders))
    assert deal.customer_id is not None
    assert workspace.erase_person(deal.customer_id, person).backups == []
    assert list((home / "state" / "erasing").glob("*")) == []


@pytest.mark.parametrize("folder", ["unfinished", "erasing"])
def test_half_a_note_of_somebody_who_is_erased_goes(
    workspace: Workspace, deal: Deal, home: Path, folder: str
) -> None:
    assert deal.customer_id is not None
    person = next(iter(deal.stakeholders))
    text = workspace.customers.path(deal.customer_id).read_bytes()
    packed = base64.b64encode(text).decode()
    whole = json.dumps({"documents": [{"kind": "customer", "document": packed}]})
    if folder == "erasing":
        whole = json.dumps({"ids": [person], "names": ["張小虎"]}, ensure_ascii=False)
    half = home / "state" / folder / f".{new_id()}.json.123-0a1b2c3d.tmp"
    half.parent.mkdir(parents=True, exist_ok=True)
    half.write_text(whole[:-6], "utf-8")
    workspace.erase_person(deal.customer_id, person)
    assert not half.exists()
