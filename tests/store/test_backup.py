"""Backups and restores: what comes back is what went in, whatever state the file or the store is in."""

from __future__ import annotations

import errno
import hashlib
import io
import json
import os
import random
import stat
import struct
import zipfile
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from salescoach.customer import people
from salescoach.customer.erasing import erase, traces
from salescoach.deal import notes
from salescoach.deal.erasing import erase as erase_from_deal
from salescoach.deal.stakeholders import Stakeholder
from salescoach.document.stamp import Stamp
from salescoach.paths import Paths, under
from salescoach.store.care import archive, erased
from salescoach.store.care.archive import member_folder, opened, place_of
from salescoach.store.care.backup import Made, make_backup
from salescoach.store.care.compare import ASKED, CREATED, Plan
from salescoach.store.care.restore import Restore
from salescoach.store.documents import DocumentStore
from salescoach.store.errors import (
    AlreadyThere,
    BackupDamaged,
    BackupNotFound,
    BackupNotVerified,
    BackupRefused,
    SaveFailed,
    StoreError,
)
from tests.build import NOW, stamp, uid
from tests.kinds import CUSTOMER, DEAL, EXAMPLES, Example, bare_deal, new_in

from .doing import failing, renamed, tree

FOLDERS = ("customers", "deals")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "backup.zip"


@pytest.fixture
def store(documents: DocumentStore[Any]) -> DocumentStore[Any]:
    return documents


@pytest.fixture
def elsewhere(tmp_path: Path, example: Example[Any]) -> DocumentStore[Any]:
    """An empty store on another machine."""
    return example.store(under(tmp_path / "elsewhere"))


def back_up(store: DocumentStore[Any], file: Path, *, replace: bool = False) -> Made:
    return make_backup([store], file, now=NOW, replace=replace)


def look(file: Path, store: DocumentStore[Any]) -> Plan:
    with opened(file, FOLDERS) as found:
        return Restore(found, [store], found.check()).plan()


def states(file: Path, store: DocumentStore[Any]) -> dict[str, str]:
    return {fate.id: fate.state for fate in look(file, store).documents}


def restore(file: Path, store: DocumentStore[Any], *, yes: bool = False) -> Plan:
    """Put back what is new and, with `yes`, what differs."""
    with opened(file, FOLDERS) as found:
        wanted = Restore(found, [store], found.check())
        plan = wanted.plan()
        wanted.need_room(plan)
        for fate in plan.documents:
            if fate.state in CREATED or (yes and fate.state in ASKED):
                wanted.put_back(fate)
        wanted.put_back_others(plan)
        if plan.settings == "new":
            wanted.put_back_settings(NOW)
        if plan.playbook == "new":
            wanted.put_back_playbook(NOW)
    return plan


def kept(folder: Path) -> dict[str, tuple[str, int, int]]:
    """Return what a backup is for, by name: hash, mode and time of every file; locks, cache and last saves left out."""
    return {
        name: (digest, mode, name == "config.toml" or (folder / name).stat().st_mtime_ns)
        for name, (digest, mode) in tree(folder).items()
        if digest and not name.startswith(("state/locks", "state/saved", "cache"))
    }


def version_name(document: Any) -> str:
    """Return the name that a version which an act made has in the history."""
    return f"{document.rev}.a.{document.save}.json"


def full(paths: Paths, store: DocumentStore[Any]) -> list[str]:
    """Fill a home with everything that a backup can meet, and return the ids of its deals."""
    for number in range(3):
        key = store.create(new_in(store, label=f"deal {number}")).id
        for again in range(number * 3):
            store.edit(key, renamed(f"name {again}"))
    store.undo(uid("deal 2"))
    store.undo(uid("deal 2"))
    damaged = store.places.folder / f"{uid('damaged')}.json"
    damaged.write_bytes(b"\0" * 3_000_000)
    copy = store.places.folder / f"{uid('deal 1')} (Zhou's conflicted copy 2026-11-23).json"
    copy.write_bytes(b'{"a copy": 1}')
    store.places.quarantine.mkdir(parents=True)
    aside = store.places.quarantine / f"{uid('gone')}.20261123T090000.json"
    aside.write_bytes(b"{")
    aside.with_name(aside.name + ".reason.txt").write_text("not-json", "utf-8")
    only = store.places.history / uid("only a history")
    only.mkdir()
    (only / "1.u-.r-.json").write_bytes(b"{}")
    paths.config_file.write_text('me = "周"\n', "utf-8")
    paths.workdays.write_text('["2027"]\n', "utf-8")
    for name in ("playbook.toml", "stages/one.toml", "tools/two.toml", "read me.md"):
        (paths.playbook / name).parent.mkdir(parents=True, exist_ok=True)
        (paths.playbook / name).write_text(name, "utf-8")
    for path in paths.deals.parent.rglob("*"):
        if path.is_file():
            path.chmod(0o600)
            os.utime(path, ns=(1_700_000_000_123_456_789, 1_700_000_000_123_456_789))
    return [uid(f"deal {number}") for number in range(3)]


# What comes back


def test_an_empty_home_gets_all_of_it_byte_for_byte(
    paths: Paths, store: DocumentStore[Any], elsewhere: DocumentStore[Any], file: Path
) -> None:
    """Deals, damaged ones too, histories, what was set aside, copies, settings and playbook, with modes and times."""
    ids = full(paths, store)
    made = back_up(store, file)
    assert made.left_out == ()
    assert made.counts == {
        store.kind.name: 4,
        "history": 12,
        "copy": 1,
        "quarantine": 2,
        "settings": 1,
        "workdays": 1,
        "playbook": 4,
    }
    plan = restore(file, elsewhere)
    assert {fate.state for fate in plan.documents} == {"new", "new-damaged", "history"}
    assert kept(elsewhere.paths.deals.parent) == kept(paths.deals.parent)
    assert {fate.state for fate in look(file, elsewhere).documents} == {"same"}
    for key in ids:
        assert elsewhere.read(key) == store.read(key)
        assert elsewhere.versions(key) == store.versions(key)
    redone = store.redo(uid("deal 2"), stamp("redo"))
    assert elsewhere.redo(uid("deal 2"), stamp("redo")) == redone


@settings(max_examples=25, deadline=None)
@given(st.sampled_from(EXAMPLES), st.lists(st.sampled_from(["edit", "undo", "redo"]), max_size=25))
def test_undo_and_redo_lead_where_they_led(example: Example[Any], steps: list[str]) -> None:
    """Property: whatever was done to a deal, its restored history is the same, and so is every step from it."""
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        here = example.store(under(Path(folder) / "here"))
        there = example.store(under(Path(folder) / "there"))
        key = here.create(new_in(here)).id
        for number, step in enumerate(steps):
            if step == "edit":
                here.edit(key, renamed(f"name {number}"))
            else:
                _try(getattr(here, step), key)
        back_up(here, Path(folder) / "b.zip")
        restore(Path(folder) / "b.zip", there)
        assert kept(Path(folder) / "here") == kept(Path(folder) / "there")
        for number, step in enumerate(("undo", "undo", "redo", "undo", "redo", "redo")):
            when = stamp(f"{step} {number}")
            assert _try(getattr(here, step), key, when) == _try(getattr(there, step), key, when)


def _try(step: Callable[..., Any], key: str, when: Stamp | None = None) -> Any:
    try:
        return step(key, when)
    except StoreError as error:
        return error.code


def test_a_lost_deal_comes_back_and_the_others_stay(store: DocumentStore[Any], file: Path) -> None:
    one, two = store.create(new_in(store, label="one")), store.create(new_in(store, label="two"))
    edited = store.edit(one.id, renamed("edited"))
    back_up(store, file)
    later = store.edit(two.id, renamed("later"))
    store.path(one.id).unlink()
    assert states(file, store) == {one.id: "new", two.id: "older"}
    restore(file, store)
    assert store.read(one.id) == edited
    assert store.undo(one.id).name == one.name
    assert store.read(two.id) == later


def test_a_deal_that_is_replaced_can_be_undone(
    store: DocumentStore[Any], document: Any, file: Path
) -> None:
    """The version that was here goes into the history; the number goes up by one."""
    back_up(store, file)
    here = store.edit(document.id, renamed("later"))
    restore(file, store, yes=True)
    assert (store.read(document.id).name, store.read(document.id).rev) == (
        document.name,
        here.rev + 1,
    )
    assert states(file, store) == {document.id: "same"}
    assert store.undo(document.id).name == "later"
    assert store.redo(document.id).name == document.name


def test_older_newer_and_different_are_told_apart(
    store: DocumentStore[Any],
    elsewhere: DocumentStore[Any],
    document: Any,
    file: Path,
    tmp_path: Path,
) -> None:
    back_up(store, file)
    restore(file, elsewhere)
    for number in range(80):
        store.edit(document.id, renamed(f"name {number}"))
    # So many edits later, neither history knows the other's version any more.
    assert states(file, store) == {document.id: "older"}
    back_up(store, tmp_path / "later.zip")
    assert states(tmp_path / "later.zip", elsewhere) == {document.id: "newer"}
    elsewhere.edit(document.id, renamed("something else"))
    assert states(tmp_path / "later.zip", elsewhere) == {document.id: "different"}
    elsewhere.undo(document.id)
    assert states(file, elsewhere) == {document.id: "same"}


def test_a_damaged_deal_here_is_set_aside_and_replaced_after_a_yes(
    paths: Paths, store: DocumentStore[Any], document: Any, file: Path
) -> None:
    back_up(store, file)
    store.path(document.id).write_bytes(b"{broken")
    os.utime(store.path(document.id), (1, 1))
    assert states(file, store) == {document.id: "damaged-here"}
    restore(file, store)
    assert store.path(document.id).read_bytes() == b"{broken"
    restore(file, store, yes=True)
    assert store.read(document.id) == document
    assert [entry.path.read_bytes() for entry in store.quarantined()] == [b"{broken"]


def test_what_must_not_be_replaced_is_left_alone(
    store: DocumentStore[Any], document: Any, file: Path
) -> None:
    """Not by a damaged deal, not where a newer program wrote, and not through a link."""
    path = store.path(document.id)
    sound = path.read_bytes()
    newer = sound.replace(b'"schema": %d' % document.SCHEMA, b'"schema": 999')
    assert newer != sound
    for theirs, ours, state in (
        (b"{", sound, "damaged"),
        (b"{", b"[", "damaged"),
        (newer, sound, "newer-schema"),
        (sound, newer, "newer-schema"),
    ):
        path.write_bytes(theirs)
        back_up(store, file, replace=True)
        path.write_bytes(ours)
        assert states(file, store) == {document.id: state}
        restore(file, store, yes=True)
        assert path.read_bytes() == ours
    path.write_bytes(sound)
    back_up(store, file, replace=True)
    path.rename(file.with_name("moved.json"))
    path.symlink_to(file.with_name("moved.json"))
    assert states(file, store) == {document.id: "blocked"}
    restore(file, store, yes=True)
    assert path.is_symlink()
    assert file.with_name("moved.json").read_bytes() == sound


def test_a_deal_that_only_a_newer_program_can_read_is_left_alone(
    store: DocumentStore[Any], elsewhere: DocumentStore[Any], document: Any, file: Path
) -> None:
    """Where nothing is, it is put back as it was; it never replaces anything and nothing replaces it."""
    path = store.path(document.id)
    sound = path.read_bytes()
    strange = b'{"schema": 999, "id": 7}'
    path.write_bytes(strange)
    back_up(store, file)
    assert states(file, elsewhere) == {document.id: "new"}
    restore(file, elsewhere)
    assert elsewhere.path(document.id).read_bytes() == strange
    path.write_bytes(sound)
    assert states(file, store) == {document.id: "newer-schema"}
    back_up(store, file, replace=True)
    assert states(file, elsewhere) == {document.id: "newer-schema"}
    restore(file, elsewhere, yes=True)
    assert elsewhere.path(document.id).read_bytes() == strange


def test_settings_and_extras_that_cannot_be_written_are_told(
    paths: Paths,
    store: DocumentStore[Any],
    elsewhere: DocumentStore[Any],
    file: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    full(paths, store)
    back_up(store, file)
    elsewhere.paths.config_file.parent.mkdir()
    elsewhere.paths.config_file.write_text("mine", "utf-8")
    with opened(file, FOLDERS) as found:
        wanted = Restore(found, [elsewhere])
        plan = wanted.plan()
        with failing(monkeypatch, 1, errno.EROFS, ("replace",)), pytest.raises(SaveFailed):
            wanted.put_back_settings(NOW)
        with failing(monkeypatch, 1, errno.EROFS, ("link",)), pytest.raises(SaveFailed):
            wanted.put_back_others(plan)
    assert elsewhere.paths.config_file.read_text("utf-8") == "mine"
    assert not list(elsewhere.places.folder.glob("*"))


def test_another_history_of_the_same_numbers_stays(
    paths: Paths,
    store: DocumentStore[Any],
    elsewhere: DocumentStore[Any],
    document: Any,
    file: Path,
) -> None:
    """The deal was lost, and its history here went another way: both are kept, undo follows the backup's."""
    store.edit(document.id, renamed("second"))
    store.edit(document.id, renamed("third"))
    back_up(store, file)
    other = elsewhere.create(new_in(elsewhere, name="other beginnings"))
    elsewhere.edit(other.id, renamed("other second"))
    elsewhere.path(other.id).unlink()
    before = tree(elsewhere.places.history)
    restore(file, elsewhere)
    assert before.items() <= tree(elsewhere.places.history).items()
    assert elsewhere.read(document.id) == store.read(document.id)
    assert [elsewhere.undo(document.id).name for _ in range(2)] == ["second", document.name]
    restore(file, elsewhere)
    assert len(list((elsewhere.places.history / document.id).iterdir())) == 5


def test_settings_and_playbook_that_are_here_are_kept_beside(
    paths: Paths, store: DocumentStore[Any], elsewhere: DocumentStore[Any], file: Path
) -> None:
    full(paths, store)
    back_up(store, file)
    elsewhere.paths.playbook.mkdir(parents=True)
    elsewhere.paths.config_file.write_text("mine", "utf-8")
    (elsewhere.paths.playbook / "playbook.toml").write_text("mine too", "utf-8")
    plan = restore(file, elsewhere)
    assert (plan.settings, plan.playbook) == ("different", "different")
    assert elsewhere.paths.config_file.read_text("utf-8") == "mine"
    with opened(file, FOLDERS) as found:
        wanted = Restore(found, [elsewhere])
        kept_settings, kept_playbook = wanted.put_back_settings(NOW), wanted.put_back_playbook(NOW)
    assert kept_settings is not None
    assert kept_playbook is not None
    assert kept_settings.read_text("utf-8") == "mine"
    assert (kept_playbook / "playbook.toml").read_text("utf-8") == "mine too"
    plan = look(file, elsewhere)
    assert (plan.settings, plan.playbook) == ("same", "same")
    assert (elsewhere.paths.playbook / "tools" / "two.toml").read_text("utf-8") == "tools/two.toml"


def test_a_playbook_that_cannot_be_put_in_place_leaves_the_old_one(
    paths: Paths,
    store: DocumentStore[Any],
    elsewhere: DocumentStore[Any],
    file: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    full(paths, store)
    back_up(store, file)
    elsewhere.paths.playbook.mkdir(parents=True)
    (elsewhere.paths.playbook / "playbook.toml").write_text("mine", "utf-8")
    before = tree(elsewhere.paths.playbook)
    for number in range(1, 40):
        with (
            opened(file, FOLDERS) as found,
            failing(monkeypatch, number, errno.ENOSPC, ("rename", "link")),
        ):
            try:
                Restore(found, [elsewhere]).put_back_playbook(NOW)
            except SaveFailed:
                assert tree(elsewhere.paths.playbook) == before
            else:
                break
    assert number > 5
    assert [path.name for path in elsewhere.paths.config_file.parent.glob(".playbook*")] == []


# Making one


def test_a_backup_never_takes_anothers_place_unasked(
    store: DocumentStore[Any], document: Any, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file.write_bytes(b"somebody's")

    def no_links(*args: object, **kwargs: object) -> None:
        raise OSError(errno.EPERM, os.strerror(errno.EPERM))

    for _ in range(2):
        with pytest.raises(FileExistsError):
            back_up(store, file)
        assert file.read_bytes() == b"somebody's"
        monkeypatch.setattr(os, "link", no_links)
    back_up(store, file, replace=True)
    assert states(file, store) == {document.id: "same"}
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    file.unlink()
    back_up(store, file)
    assert [path.name for path in file.parent.iterdir() if path.is_file()] == [file.name]


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO, errno.EROFS])
def test_a_backup_that_fails_leaves_what_was_there(
    store: DocumentStore[Any], document: Any, file: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    """Whichever call of the system fails: no half file, and the earlier backup is whole."""
    back_up(store, file)
    before = tree(file.parent)
    for number in range(1, 60):
        with failing(monkeypatch, number, code, ("open", "fsync", "replace")) as made:
            try:
                result = back_up(store, file, replace=True)
            except (SaveFailed, StoreError):
                assert tree(file.parent) == before or made[-1] == "fsync"
                assert states(file, store) == {document.id: "same"}
                continue
        if len(made) < number:
            break
        # A deal that could not be read is told; whoever asked knows that the backup lacks it.
        assert result.left_out
        back_up(store, file, replace=True)
        before = tree(file.parent)
    assert 4 < number < 59


def test_an_interrupted_backup_leaves_nothing(
    store: DocumentStore[Any], document: Any, file: Path
) -> None:
    def interrupt(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        make_backup([store], file, now=NOW, replace=False, progress=interrupt)
    assert [path.name for path in file.parent.iterdir()] == ["home"]


def test_a_disk_that_loses_what_was_written_is_found_out(
    store: DocumentStore[Any], document: Any, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = zipfile.ZipFile.writestr

    def lossy(self: zipfile.ZipFile, info: Any, data: bytes) -> None:
        real(self, info, b"x" + data[1:] if f"{store.kind.folder}/" in info.filename else data)

    monkeypatch.setattr(zipfile.ZipFile, "writestr", lossy)
    with pytest.raises(BackupNotVerified):
        back_up(store, file)
    assert not file.exists()


def test_what_cannot_be_backed_up_is_told(
    paths: Paths, store: DocumentStore[Any], document: Any, file: Path, tmp_path: Path
) -> None:
    (tmp_path / "outside.json").write_bytes(b"{}")
    link = store.places.folder / f"{uid('link')}.json"
    link.symlink_to(tmp_path / "outside.json")
    (store.places.folder / f"{uid('folder')}.json").mkdir()
    large = store.places.folder / f"{uid('large')}.json"
    with large.open("wb") as sparse:
        sparse.truncate(archive.MAX_MEMBER + 1)
    odd = store.places.folder / f"{document.id} copy \x07.json"
    odd.write_bytes(b"{}")
    made = back_up(store, file)
    assert {left.path: left.reason for left in made.left_out} == {
        link: "symlink",
        store.places.folder / f"{uid('folder')}.json": "not-a-file",
        large: "too-large",
        odd: "name",
    }
    assert states(file, store) == {document.id: "same"}


def test_a_deal_that_is_saved_meanwhile_goes_in_with_its_history(
    store: DocumentStore[Any],
    document: Any,
    elsewhere: DocumentStore[Any],
    file: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Between the deal and its history somebody saves: the two in the backup still fit together."""
    from salescoach.store.care import backup
    from salescoach.store.files.atomic import read_regular as real

    edits = iter(range(3))

    def meanwhile(path: Path, limit: int) -> Any:
        found = real(path, limit)
        if path.parent == store.places.folder and (number := next(edits, None)) is not None:
            store.edit(document.id, renamed(f"meanwhile {number}"))
        return found

    monkeypatch.setattr(backup, "read_regular", meanwhile)
    back_up(store, file)
    monkeypatch.undo()
    restore(file, elsewhere)
    assert elsewhere.versions(document.id) == store.versions(document.id)
    assert elsewhere.undo(document.id).name == "meanwhile 1"


# Files that are not what they should be


def forge(
    file: Path,
    files: Mapping[str, bytes],
    *,
    listed: Mapping[str, Any] | None = None,
    **head: object,
) -> Path:
    """Write a backup with these members and a manifest that fits, but for what is given otherwise."""
    entries = {
        name: {"size": len(data), "sha256": hashlib.sha256(data).hexdigest(), "mtime_ns": 1}
        for name, data in files.items()
    }
    manifest = {
        "kind": "salescoach-backup",
        "format": 1,
        "program": "1",
        "made_at": NOW.isoformat(),
        "members": entries if listed is None else listed,
    } | head
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in files.items():
            packed.writestr(name, data)
        packed.writestr("manifest.json", json.dumps(manifest))
    return file


EVIL = (
    "../x.json",
    "deals/../x.json",
    f"deals/../{uid('a')}.json",
    "/etc/passwd",
    "C:\\x.json",
    f"deals\\{uid('a')}.json",
    f"deals/{uid('a')}.json/",
    f"deals/{uid('a').upper()}.json",
    f"deals/{uid('a')}.json\n",
    f"deals/sub/{uid('a')}.json",
    f"history/{uid('a')}/../1.u-.r-.json",
    f"history/{uid('a')}/1.json",
    "history/../1.u-.r-.json",
    "quarantine/../x.json",
    "quarantine/..json.exe",
    "config.toml/x",
    "playbook/../config.toml",
    "playbook/other/x.toml",
    "playbook/.hidden",
    "playbook/stages/../../x",
    "playbook/nul",
    "playbook/a:b",
    "playbook/",
    "state/locks/x",
    f"customers/../{uid('a')}.json",
    f"customers/sub/{uid('a')}.json",
    f"reviews/{uid('a')}.json",
    f"history/customers/../{uid('a')}/1.u-.r-.json",
    f"history/reviews/{uid('a')}/1.u-.r-.json",
    "history/customers/1.u-.r-.json",
    "quarantine/customers/../x.json",
    "quarantine/reviews/x.json",
    "",
)


@pytest.mark.parametrize("name", EVIL)
def test_no_name_leads_out_of_its_place(
    elsewhere: DocumentStore[Any], file: Path, name: str
) -> None:
    assert place_of(name, FOLDERS) is None
    if not name:
        return
    forge(file, {name: b"{}"}, listed={})
    with pytest.raises(BackupDamaged) as caught, opened(file, FOLDERS):
        pass
    assert caught.value.reason == "name"
    assert not elsewhere.paths.deals.parent.exists()


def test_links_are_refused(file: Path) -> None:
    name = f"deals/{uid('a')}.json"
    forge(file, {})
    with zipfile.ZipFile(file, "a") as packed:
        info = zipfile.ZipInfo(name)
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        packed.writestr(info, "/etc/passwd")
    with pytest.raises(BackupDamaged, match="damaged-link"), opened(file, FOLDERS):
        pass


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_members_of_one_name_are_refused(file: Path) -> None:
    name = f"deals/{uid('a')}.json"
    forge(file, {name: b"{}"})
    with zipfile.ZipFile(file, "a") as packed:
        packed.writestr(name, b"[]")
    with pytest.raises(BackupDamaged, match="damaged-twice"), opened(file, FOLDERS):
        pass


def test_members_that_nobody_listed_are_refused(file: Path) -> None:
    forge(file, {f"deals/{uid('a')}.json": b"{}"}, listed={})
    with pytest.raises(BackupDamaged, match="damaged-unlisted"), opened(file, FOLDERS):
        pass


@pytest.mark.parametrize("size", [archive.MAX_MEMBER + 1, 30 * archive.SMALL])
def test_bombs_are_refused_before_they_go_off(file: Path, size: int) -> None:
    name = f"deals/{uid('a')}.json"
    listed = {name: {"size": 1, "sha256": "0" * 64, "mtime_ns": 1}}
    forge(file, {name: bytes(size)}, listed=listed)
    with pytest.raises(BackupDamaged, match="damaged-bomb"), opened(file, FOLDERS):
        pass


def test_members_over_one_another_are_refused(file: Path) -> None:
    """Many names in the directory that share the same packed bytes: the sum of sizes gives them away."""
    data = random.Random(1).randbytes(5_000)
    names = [f"deals/{uid(str(number))}.json" for number in range(40)]
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as packed:
        packed.writestr(names[0], data)
        for name in names[1:]:
            info = zipfile.ZipInfo(name)
            info.header_offset, info.CRC = 0, 0
            info.compress_size = info.file_size = len(data)
            packed.filelist.append(info)
            packed.NameToInfo[name] = info
    file.write_bytes(whole.getvalue())
    with pytest.raises(BackupDamaged, match="damaged-bomb"), opened(file, FOLDERS):
        pass


def test_a_size_that_is_a_lie_is_found_out(elsewhere: DocumentStore[Any], file: Path) -> None:
    """The directory says ten bytes, a megabyte comes out: no more than what was told is taken."""
    name = f"deals/{uid('a')}.json"
    forge(file, {name: bytes(archive.SMALL)})
    data = bytearray(file.read_bytes())
    at = data.index(b"PK\x01\x02")
    data[at + 24 : at + 28] = struct.pack("<I", 10)
    file.write_bytes(bytes(data))
    with opened(file, FOLDERS) as found:
        assert found.check() == (name,)


@pytest.mark.parametrize(("head", "code"), [
    ({"format": 3}, "backup-newer"),
    ({"format": 10**30}, "backup-newer"),
    ({"format": 0}, "backup-damaged-manifest"),
    ({"format": True}, "backup-damaged-manifest"),
    ({"format": "1"}, "backup-damaged-manifest"),
    ({"kind": "something else"}, "backup-not-one"),
    ({"made_at": "yesterday"}, "backup-damaged-manifest"),
    ({"made_at": "2026-11-23T09:00:00"}, "backup-damaged-manifest"),
    ({"made_at": 7}, "backup-damaged-manifest"),
    ({"members": []}, "backup-damaged-manifest"),
    ({"members": {"../x": {"size": 1, "sha256": "0" * 64, "mtime_ns": 1}}}, "backup-damaged-manifest"),
    ({"members": {"config.toml": 1}}, "backup-damaged-manifest"),
    ({"members": {"config.toml": {}}}, "backup-damaged-manifest"),
    ({"members": {"config.toml": {"size": -1, "sha256": "0" * 64, "mtime_ns": 1}}}, "backup-damaged-manifest"),
    ({"members": {"config.toml": {"size": 1, "sha256": "0", "mtime_ns": 1}}}, "backup-damaged-manifest"),
    ({"members": {"config.toml": {"size": 1, "sha256": "0" * 64, "mtime_ns": 2**64}}}, "backup-damaged-manifest"),
])  # fmt: skip
def test_a_manifest_that_is_wrong_is_one_reason(
    file: Path, head: dict[str, Any], code: str
) -> None:
    forge(file, {}, **head)
    with pytest.raises((BackupDamaged, BackupRefused)) as caught, opened(file, FOLDERS):
        pass
    assert caught.value.code == code


def test_other_files_are_no_backups(file: Path, tmp_path: Path) -> None:
    with pytest.raises(BackupNotFound), opened(file, FOLDERS):
        pass
    for data in (b"", b"PK", b"hello", b"\0" * 1000):
        file.write_bytes(data)
        with pytest.raises(BackupRefused, match="not-one"), opened(file, FOLDERS):
            pass
    with zipfile.ZipFile(file, "w") as packed:
        packed.writestr("config.toml", "")
    with pytest.raises(BackupRefused, match="not-one"), opened(file, FOLDERS):
        pass
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(BackupRefused, match="not-one"), opened(tmp_path / "pipe", FOLDERS):
        pass


def test_a_manifest_nested_without_end_is_damaged(file: Path) -> None:
    with zipfile.ZipFile(file, "w") as packed:
        packed.writestr("manifest.json", "[" * 100_000)
    with pytest.raises(BackupDamaged, match="damaged-bomb"), opened(file, FOLDERS):
        pass


def test_locked_and_oddly_packed_members_are_refused(file: Path) -> None:
    name = f"deals/{uid('a')}.json"
    forge(file, {name: b"{}"})
    whole = file.read_bytes()
    at = whole.index(b"PK\x01\x02")
    for offset, value in ((8, 1), (10, 12)):
        data = bytearray(whole)
        data[at + offset] = value
        file.write_bytes(bytes(data))
        with pytest.raises(BackupDamaged, match="damaged-packing"), opened(file, FOLDERS):
            pass


def test_a_wrong_hash_is_found_and_the_rest_is_whole(
    store: DocumentStore[Any], document: Any, elsewhere: DocumentStore[Any], file: Path
) -> None:
    folder = store.kind.folder
    other = store.create(new_in(store, label="other"))
    store.edit(other.id, renamed("second"))
    version = f"{member_folder('history', folder)}/{other.id}/{version_name(other)}"
    back_up(store, file)
    with zipfile.ZipFile(file) as packed:
        members = {name: packed.read(name) for name in packed.namelist()}
    listed = json.loads(members.pop("manifest.json"))["members"]
    for name in (f"{folder}/{document.id}.json", version):
        members[name] = members[name].replace(b"timeline", b"TIMELINE")
    forge(file, members, listed=listed)
    with opened(file, FOLDERS) as found:
        assert set(found.check()) == {f"{folder}/{document.id}.json", version}
    assert states(file, elsewhere) == {document.id: "lost", other.id: "new"}
    restore(file, elsewhere)
    assert elsewhere.ids() == [other.id]
    assert elsewhere.read(other.id).name == "second"
    assert not list(elsewhere.places.history.rglob("*.json"))


def test_a_member_that_is_missing_is_damage(elsewhere: DocumentStore[Any], file: Path) -> None:
    name = f"{elsewhere.kind.folder}/{uid('a')}.json"
    forge(file, {}, listed={name: {"size": 1, "sha256": "0" * 64, "mtime_ns": 1}})
    with opened(file, FOLDERS) as found:
        assert found.check() == (name,)
    assert states(file, elsewhere) == {uid("a"): "lost"}


def test_damaged_files_change_nothing_and_raise_nothing_else(
    paths: Paths, store: DocumentStore[Any], elsewhere: DocumentStore[Any], file: Path
) -> None:
    """Two hundred backups cut off, flipped, torn and shuffled: a clear error, or only what was backed up comes back."""
    full(paths, store)
    back_up(store, file)
    whole = file.read_bytes()
    good = {digest for digest, _ in tree(paths.deals.parent).values()}
    mine = elsewhere.create(new_in(elsewhere, label="deal 0", name="mine"))
    before = elsewhere.path(mine.id).read_bytes()
    chance = random.Random(20261124)
    refused, codes = 0, set()
    for _ in range(200):
        file.write_bytes(_mutated(whole, chance))
        try:
            restore(file, elsewhere)
        except StoreError as error:
            refused += 1
            codes.add(error.code)
        assert elsewhere.path(mine.id).read_bytes() == before
        for name, (digest, _) in tree(elsewhere.paths.deals.parent).items():
            ours = name.endswith((".lock", f"/{mine.id}.json"))
            assert not digest or ours or digest in good, name
    assert refused > 50
    assert all(code.startswith("backup-") for code in codes)


def _mutated(whole: bytes, chance: random.Random) -> bytes:
    data = bytearray(whole)
    kind = chance.randrange(6)
    at = chance.randrange(len(data))
    # The directory, where the damage is worst, is small and at the end.
    near = len(data) - 1 - chance.randrange(min(len(data), 4_000))
    if kind == 0:
        return bytes(data[:at])
    if kind == 1:
        data[at] ^= 1 << chance.randrange(8)
    elif kind == 2:
        for _ in range(chance.randrange(1, 8)):
            spot = len(data) - 1 - chance.randrange(min(len(data), 4_000))
            data[spot] = chance.randrange(256)
    elif kind == 3:
        del data[near : near + chance.randrange(1, 200)]
    elif kind == 4:
        data[near:near] = chance.randbytes(chance.randrange(1, 50))
    else:
        length = chance.randrange(1, 500)
        data[at : at + length] = bytes(length)
    return bytes(data)


# A restore that cannot go on


def test_a_restore_that_fails_changes_nothing_by_halves(
    store: DocumentStore[Any],
    document: Any,
    elsewhere: DocumentStore[Any],
    file: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whichever call fails: the deal is not there, or it is whole with its history; trying again completes it."""
    store.edit(document.id, renamed("second"))
    back_up(store, file)
    for number in range(1, 200):
        with opened(file, FOLDERS) as found:
            wanted = Restore(found, [elsewhere])
            fate = wanted.plan().documents[0]
            with failing(monkeypatch, number, errno.ENOSPC) as made:
                try:
                    wanted.put_back(fate)
                except SaveFailed:
                    assert elsewhere.ids() == [] or made[-1] in {"fsync", "close"}
        if elsewhere.ids():
            assert elsewhere.read(document.id) == store.read(document.id)
            assert (elsewhere.places.history / document.id / version_name(document)).exists()
        if len(made) < number:
            break
        elsewhere.path(document.id).unlink(missing_ok=True)
    assert 10 < number < 199
    assert not list(elsewhere.paths.deals.parent.rglob("*.tmp"))


def test_a_disk_without_room_is_told_before_anything_is_written(
    store: DocumentStore[Any],
    document: Any,
    elsewhere: DocumentStore[Any],
    file: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    back_up(store, file)
    monkeypatch.setattr("shutil.disk_usage", lambda _: type("Usage", (), {"free": 10}))
    with pytest.raises(SaveFailed, match="disk-full"):
        restore(file, elsewhere)
    assert not elsewhere.paths.deals.parent.exists()


def test_a_deal_that_appears_meanwhile_is_left_alone(
    store: DocumentStore[Any], document: Any, elsewhere: DocumentStore[Any], file: Path
) -> None:
    back_up(store, file)
    with opened(file, FOLDERS) as found:
        wanted = Restore(found, [elsewhere])
        plan = wanted.plan()
        other = elsewhere.create(new_in(elsewhere, name="other"))
        with pytest.raises(AlreadyThere):
            wanted.put_back(plan.documents[0])
    assert elsewhere.read(document.id) == other


def test_looking_writes_nothing(
    paths: Paths, store: DocumentStore[Any], elsewhere: DocumentStore[Any], file: Path
) -> None:
    full(paths, store)
    before = tree(paths.deals.parent)
    back_up(store, file)
    look(file, store)
    look(file, elsewhere)
    assert tree(paths.deals.parent) == before
    assert not elsewhere.paths.deals.parent.exists()


# Both kinds together, and who was erased


@pytest.fixture
def both(paths: Paths) -> tuple[DocumentStore[Any], ...]:
    """A deal and a customer with a person, each changed once."""
    customers, deals = CUSTOMER.store(paths), DEAL.store(paths)
    person = people.add(CUSTOMER.make(), stamp("li"), name="李工", phone="13800138000")
    customer = customers.create(person)
    customers.edit(customer.id, lambda one: people.edit(one, uid("li"), stamp("t"), title="总工"))
    part = {uid("li"): Stakeholder(name="李工")}
    deal = deals.create(bare_deal(customer=customer).but(stakeholders=part))
    deals.edit(deal.id, lambda one: notes.add(one, stamp("n"), "李工 答应了"))
    return customers, deals


def test_both_kinds_go_into_one_backup_and_come_back(
    both: tuple[DocumentStore[Any], ...], file: Path, tmp_path: Path
) -> None:
    make_backup(both, file, now=NOW, replace=False)
    there = under(tmp_path / "there")
    stores: tuple[DocumentStore[Any], ...] = (CUSTOMER.store(there), DEAL.store(there))
    plan = _put_back(file, stores)
    assert [(fate.kind, fate.state) for fate in plan.documents] == [
        ("customer", "new"),
        ("deal", "new"),
    ]
    for here, other in zip(both, stores, strict=True):
        (key,) = here.ids()
        assert other.path(key).read_bytes() == here.path(key).read_bytes()
        assert other.undo(key, stamp("u")) == here.undo(key, stamp("u"))


def test_nobody_who_was_erased_comes_back_with_a_backup(
    both: tuple[DocumentStore[Any], ...], paths: Paths, file: Path, tmp_path: Path
) -> None:
    """Into another home that knows of the erasing, and in the place of what is here by then."""
    customers, deals = both
    (customer,), (deal,) = customers.ids(), deals.ids()
    copy = customers.path(customer).with_name(f"{customer} (1).json")
    copy.write_bytes(customers.path(customer).read_bytes())
    make_backup(both, file, now=NOW, replace=False)
    copy.unlink()
    there = under(tmp_path / "there")
    erased.remember(there.erased, [uid("li")], NOW, "周")
    stores: tuple[DocumentStore[Any], ...] = (CUSTOMER.store(there), DEAL.store(there))
    _put_back(file, stores)
    known = traces(customers.read(customer), uid("li"))
    customers.edit(customer, lambda one: erase(one, uid("li"), stamp("e", days=1)))
    deals.edit(deal, lambda one: erase_from_deal(one, [uid("li")], known, stamp("e", days=1)))
    erased.remember(paths.erased, [uid("li")], NOW, "周")
    _put_back(file, both)
    for place in (there.deals.parent, paths.deals, paths.customers):
        for path in place.rglob("*"):
            if path.is_file():
                data = path.read_bytes()
                assert "李工".encode() not in data, path
                assert b"13800138000" not in data or "deals" in path.parts, path
    for one in (stores, both):
        assert one[0].read(customer).people == {}
        assert one[0].read(customer).erased.keys() == {uid("li")}
        assert one[1].read(deal).stakeholders == {}


def test_the_list_of_the_erased_bears_damage(paths: Paths) -> None:
    """A line that is cut short still keeps somebody out, and one added keeps those before it."""
    assert erased.read(paths.erased) == {}
    erased.remember(paths.erased, [uid("a")], NOW, "周 工")
    paths.erased.write_bytes(paths.erased.read_bytes() + f"{uid('b')} 20\xff".encode("latin-1"))
    erased.remember(paths.erased, [uid("c"), uid("a")], NOW, "")
    found = erased.read(paths.erased)
    assert list(found) == [uid("a"), uid("b"), uid("c")]
    assert found[uid("a")] == {"at": NOW.isoformat(), "by": "周 工"}
    assert datetime.fromisoformat(found[uid("b")]["at"]).tzinfo is not None
    assert paths.erased.stat().st_mode & 0o777 == 0o600


def _put_back(file: Path, stores: tuple[DocumentStore[Any], ...]) -> Plan:
    with opened(file, FOLDERS) as found:
        wanted = Restore(found, stores, found.check())
        plan = wanted.plan()
        for fate in plan.documents:
            wanted.put_back(fate)
        wanted.put_back_others(plan)
    return plan
