"""What the store promises of every kind of document, number by number; the numbers are those of the design.

`tests/faults` tries the same harder. Promise 22, that nothing brings an erased person back, is in `test_erasing.py`.
"""

from __future__ import annotations

import errno
import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from salescoach.paths import Paths, under
from salescoach.store.care.repair import set_aside_document
from salescoach.store.care.sweep import STALE
from salescoach.store.documents import DocumentStore
from salescoach.store.errors import (
    Damaged,
    Locked,
    NewerSchema,
    NotFound,
    ReadOnly,
    SaveFailed,
)
from salescoach.store.files.locks import locked
from tests.build import NOW, uid
from tests.kinds import EXAMPLES, Example

from .doing import CALLS, failing, read_only, renamed, start, tree

Store = DocumentStore[Any]


@pytest.fixture(params=EXAMPLES, ids=str)
def example(request: pytest.FixtureRequest) -> Example[Any]:
    """A kind of document."""
    found: Example[Any] = request.param
    return found


@pytest.fixture
def store(paths: Paths, example: Example[Any]) -> Store:
    return example.store(paths)


@pytest.fixture
def document(store: Store, example: Example[Any]) -> Any:
    """One that is saved as revision 1."""
    return store.create(example.make())


def test_saved_means_on_the_disk(
    store: Store, document: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Promise 2: the bytes are synced before the file takes its place, and the folder is before anybody is told.

    The copy of what was last saved comes after that, and nobody waits for the disk to have it.
    """
    store.edit(document.id, renamed("first"))
    with failing(monkeypatch, 0, errno.EIO, ("write", "fsync", "link", "replace")) as made:
        store.edit(document.id, renamed("new"))
    assert made == ["write", "fsync", "link", "replace", "fsync", "write"]


def test_a_full_disk_is_named_and_the_edit_can_be_tried_again(
    store: Store, document: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Promise 4, the store's part: the same operation works once there is room."""
    operation = renamed("kept on the screen")
    with (
        failing(monkeypatch, 1, errno.ENOSPC, ("write",)),
        pytest.raises(SaveFailed) as failure,
    ):
        store.edit(document.id, operation)
    assert failure.value.code == "save-failed-disk-full"
    assert store.read(document.id) == document
    assert store.edit(document.id, operation).name == "kept on the screen"


def test_a_change_from_outside_is_not_overwritten(store: Store, document: Any) -> None:
    """Promise 6, the store's part: an operation is applied to what is on the disk, not to what was loaded."""
    path = store.path(document.id)
    raw = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps(raw | {"by_others": "蓝海物流"}), "utf-8")
    edited = store.edit(document.id, renamed("new"))
    assert (edited.name, edited.model_extra) == ("new", {"by_others": "蓝海物流"})


def test_a_lock_names_its_holder_and_dies_with_it(
    paths: Paths, store: Store, document: Any
) -> None:
    """Promise 7: a held lock times out naming process and command; a killed holder holds nothing."""
    code = """
        import sys, time
        from pathlib import Path
        from salescoach.store.files.locks import locked
        sys.argv[0:2] = ["/usr/bin/salescoach", "import"]
        with locked(Path(sys.argv[2])):
            print("held", flush=True)
            time.sleep(60)
    """
    holder = start(code, "import", store.places.locks / f"{document.id}.lock")
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    store.lock_timeout = 0.1
    with pytest.raises(Locked) as failure:
        store.edit(document.id, renamed("new"))
    assert failure.value.holder == f"{holder.pid} salescoach import"
    assert store.read(document.id) == document
    holder.kill()
    holder.wait()
    assert store.edit(document.id, renamed("new")).name == "new"


def test_a_lock_is_waited_for_five_seconds(store: Store) -> None:
    """Promise 7: five seconds is the time-out."""
    assert store.lock_timeout == 5.0


def test_two_threads_wait_for_each_other(paths: Paths, store: Store, document: Any) -> None:
    """Promise 7: the lock keeps threads of one process apart too."""
    store.lock_timeout = 0.05
    with locked(store.places.locks / f"{document.id}.lock"), pytest.raises(Locked):
        store.edit(document.id, renamed("new"))


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b" \n\n", "empty"),
        (b"\0" * 4096, "nul"),
        (b'{"id": "\xff"}', "not-utf8"),
        ('{"id": 1}'.encode("utf-16"), "not-utf8"),
        (b'{"id": ', "not-json"),
        (b"[" * 5000 + b"]" * 5000, "too-deep"),
        (b'{"a":' * 5000 + b"1" + b"}" * 5000, "too-deep"),
        (b'{"a": ' + b"[" * 100 + b"]" * 100 + b"}", "too-deep"),
        (b'{"amount": NaN}', "not-a-number"),
        (b'{"amount": -Infinity}', "not-a-number"),
        (b'{"amount": 1e999}', "not-a-number"),
        (b'{"amount": ' + b"9" * 5000 + b"}", "not-a-number"),
        (b'{"id": "a", "id": "b"}', "duplicate-key"),
        (b"[]", "not-a-document"),
        (b'"text"', "not-a-document"),
        (b"{}", "not-a-document"),
        (b'{"schema": 0}', "not-a-document"),
        (b'{"schema": "1"}', "not-a-document"),
        (b'{"schema": null}', "not-a-document"),
    ],
)
def test_a_damaged_file_is_told_and_left_then_set_aside(
    store: Store, document: Any, data: bytes, reason: str
) -> None:
    """Promise 9: reading tells why and touches nothing; the very bytes are kept, with the reason beside them."""
    key = uid("damaged")
    path = store.path(key)
    path.write_bytes(data)
    attempts: list[Callable[[], object]] = [
        lambda: store.read(key),
        lambda: store.edit(key, renamed("new")),
        lambda: store.undo(key),
        lambda: store.versions(key),
    ]
    for attempt in attempts:
        with pytest.raises(Damaged) as failure:
            attempt()
        assert failure.value.reason == reason
        assert path.read_bytes() == data
    assert [(error.path, error.reason) for error in store.damaged()] == [(path, reason)]
    assert store.read(document.id) == document

    assert store.sweep().set_aside == ()  # somebody may be halfway through writing it
    os.utime(path, (1, 1))
    (aside,) = store.sweep().set_aside
    assert aside.path.read_bytes() == data
    assert aside.document == key
    note = aside.path.with_name(aside.path.name + ".reason.txt").read_text("utf-8")
    assert reason in note
    assert str(path) in note
    assert store.sweep().set_aside == ()  # once is enough
    assert path.read_bytes() == data
    assert store.quarantined() == [aside]
    moved = set_aside_document(store, key)
    assert moved.path.read_bytes() == data
    assert not path.exists()
    assert store.ids() == [document.id]


def test_a_byte_order_mark_is_no_damage(store: Store, document: Any) -> None:
    """Promise 9: editors that put a mark before the text do not cost a document."""
    path = store.path(document.id)
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert store.read(document.id) == document


def test_a_file_beyond_any_document_is_not_read(store: Store, document: Any) -> None:
    """Promise 9: a file of gigabytes costs no memory."""
    path = store.path(uid("large"))
    with path.open("wb") as file:
        file.truncate(5 * 1024**3)
    with pytest.raises(Damaged) as failure:
        store.read(uid("large"))
    assert failure.value.reason == "too-large"


def test_a_document_under_another_name_is_damaged(store: Store, document: Any) -> None:
    """Promise 9: a copied file does not become a second document with the same id."""
    store.path(uid("copy")).write_bytes(store.path(document.id).read_bytes())
    with pytest.raises(Damaged) as failure:
        store.read(uid("copy"))
    assert (failure.value.reason, failure.value.detail) == ("wrong-id", document.id)


def test_lone_surrogates_in_a_file_are_dropped(store: Store, document: Any) -> None:
    """Promise 9: what is no text is dropped wherever it stands; real pairs and backslashes stay."""
    path = store.path(document.id)
    raw = json.loads(path.read_text("utf-8"))
    raw["other"] = {"a\ud800b": "x\udfff\U0001f600 \\ud800"}
    raw["name"] = "na\ud83dme"
    path.write_text(json.dumps(raw), "ascii")
    edited = store.edit(document.id, lambda one: one.but(created_at=NOW))
    assert edited.name == "name"
    assert edited.model_extra == {"other": {"ab": "x\U0001f600 \\ud800"}}
    assert store.read(document.id) == edited


def test_a_newer_schema_is_never_written(store: Store, document: Any) -> None:
    """Promise 11: it can be read as far as it is understood, and its file stays byte-identical."""
    path = store.path(document.id)
    raw = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps(raw | {"schema": 99, "hologram": {"x": 1}}), "utf-8")
    before = path.read_bytes()
    found = store.read(document.id)
    assert (found.schema_, found.name) == (99, document.name)
    attempts: list[Callable[[], object]] = [
        lambda: store.edit(document.id, renamed("new")),
        lambda: store.undo(document.id),
        lambda: store.redo(document.id),
    ]
    for attempt in attempts:
        with pytest.raises(NewerSchema):
            attempt()
    os.utime(path, (1, 1))
    assert store.sweep().set_aside == ()
    assert path.read_bytes() == before


def test_a_newer_schema_that_cannot_be_shown_is_kept_too(store: Store, document: Any) -> None:
    """Promise 11: a document that this program cannot understand is not damaged, only newer."""
    path = store.path(document.id)
    path.write_text(json.dumps({"schema": 999, "id": document.id}), "utf-8")
    os.utime(path, (1, 1))
    with pytest.raises(NewerSchema):
        store.read(document.id)
    assert store.damaged() == []
    assert store.sweep().set_aside == ()
    assert path.exists()


def test_an_operation_cannot_write_a_newer_schema(store: Store, document: Any) -> None:
    """Promise 11: nor does an older program's version in the history."""
    with pytest.raises(NewerSchema):
        store.edit(document.id, lambda one: one.model_copy(update={"schema_": 999, "name": "x"}))
    assert store.read(document.id) == document


def test_reading_writes_nothing(
    paths: Paths, store: Store, document: Any, example: Example[Any]
) -> None:
    """Promise 12: after every kind of reading the tree is what it was, damaged files, copies and all."""
    store.edit(document.id, renamed("new"))
    store.path(uid("damaged")).write_bytes(b"{")
    (store.places.folder / f"{document.id} (conflicted copy 2026-01-01).json").write_bytes(b"{}")
    before = tree(paths.state.parent)
    fresh = example.store(paths)
    fresh.ids()
    fresh.read(document.id)
    fresh.versions(document.id)
    fresh.read_version(document.id, 1)
    fresh.damaged()
    fresh.quarantined()
    fresh.conflict_copies()
    fresh.writable()
    for missing in (uid("nobody"), "../x"):
        with pytest.raises(NotFound):
            fresh.read(missing)
    assert tree(paths.state.parent) == before


def test_reading_a_store_that_is_not_there_makes_nothing(
    tmp_path: Path, example: Example[Any]
) -> None:
    """Promise 12: an empty machine stays empty."""
    store = example.store(under(tmp_path / "nowhere"))
    assert (store.ids(), store.damaged(), store.conflict_copies(), store.quarantined()) == (
        [],
        [],
        [],
        [],
    )
    with pytest.raises(NotFound):
        store.edit(uid("nobody"), renamed("new"))
    assert list(tmp_path.iterdir()) == []


def test_a_read_only_folder_can_be_browsed(
    store: Store, document: Any, example: Example[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Promise 13: everything can be read, and every change says that nothing can be written."""
    edited = store.edit(document.id, renamed("new"))
    with read_only(monkeypatch):
        assert store.read(document.id) == edited
        assert len(store.versions(document.id)) == 2
        assert store.sweep().temporary == 0
        attempts: list[Callable[[], object]] = [
            lambda: store.edit(document.id, renamed("newer")),
            lambda: store.undo(document.id),
            lambda: store.create(example.make(label="other")),
        ]
        for attempt in attempts:
            with pytest.raises(ReadOnly):
                attempt()
    assert store.read(document.id) == edited


def test_a_folder_that_cannot_be_written_is_known_before(
    store: Store, document: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Promise 13: the banner needs no failed save."""
    assert store.writable()
    monkeypatch.setattr(os, "access", lambda path, mode: store.kind.folder not in str(path))
    assert not store.writable()


@pytest.mark.parametrize(
    ("rest", "service"),
    [
        (".sync-conflict-20260101-120000-ABCDEFG.json", "Syncthing"),
        (" (Anna's conflicted copy 2026-01-01).json", "Dropbox"),
        (" (小周 的冲突副本 2026-01-01).json", "Dropbox"),
        (" (Case Conflict).json", "Dropbox"),
        (" 2.json", "iCloud"),
        ("-LAPTOP-7.json", "OneDrive"),
        (" (conflicted copy 2026-01-01 120000).json", "Nextcloud"),
        ("_conflict-20260101-120000.json", "ownCloud"),
        (" (1).json", "Google Drive"),
        ("_conf(1).json", "Google Drive"),
        (".Conflict.json", "Resilio Sync"),
        (" (SFConflict anna@example.com 2026-01-01-12-00-00).json", "Seafile"),
        ("_DiskStation_Jan-01-120000-2026_Conflict.json", "Synology Drive"),
        (" [conflicted].json", "pCloud"),
        ("(冲突-小周).json", "Nutstore"),
        (" - Copy.json", "Windows"),
        (" - 副本 (2).json", "Windows"),
        (" copie en conflit.json", ""),
    ],
)
def test_conflict_copies_are_reported_and_never_listed(
    paths: Paths, store: Store, document: Any, rest: str, service: str
) -> None:
    """Promise 14: a copy made by a sync service is told by its name, and is no document."""
    path = store.places.folder / f"{document.id}{rest}"
    path.write_bytes(store.path(document.id).read_bytes())
    (copy,) = store.conflict_copies()
    assert (copy.path, copy.document, copy.service) == (path, document.id, service)
    assert store.ids() == [document.id]
    assert store.sweep().set_aside == ()
    assert path.exists()


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o277])
def test_what_is_made_is_the_owners_only(tmp_path: Path, umask: int, example: Example[Any]) -> None:
    """Promise 15: folders 0700 and files 0600, whatever the umask."""
    home = tmp_path / "deep" / "home"
    store = example.store(under(home))
    before = os.umask(umask)
    try:
        document = store.create(example.make())
        store.edit(document.id, renamed("new"))
        store.path(uid("damaged")).write_bytes(b"{")
        os.utime(store.path(uid("damaged")), (1, 1))
        store.sweep()
    finally:
        os.umask(before)
    store.path(document.id)
    modes = {
        path: path.lstat().st_mode & 0o777
        for path in (home.parent, *home.parent.rglob("*"))
        if not path.name.startswith(uid("damaged")) or path.name.endswith(".txt")
    }
    assert len(modes) > 8
    assert {
        path: mode for path, mode in modes.items() if mode != (0o700 if path.is_dir() else 0o600)
    } == {}


@pytest.mark.parametrize(
    "asked",
    [
        "",
        ".",
        "../../etc/passwd",
        "/etc/passwd",
        uid("one").upper(),
        f"{uid('one')}\n",
        f"{uid('one')}/..",
        f"{{{uid('one')}}}",
        uid("one").replace("-", ""),
        "\0",
    ],
)
def test_no_id_leaves_the_folder(store: Store, document: Any, asked: str) -> None:
    """Promise 16: only a whole UUID in its usual form is an id."""
    attempts: list[Callable[[], object]] = [
        lambda: store.read(asked),
        lambda: store.edit(asked, renamed("new")),
        lambda: store.undo(asked),
        lambda: store.versions(asked),
        lambda: store.create(document.model_copy(update={"id": asked})),
    ]
    for attempt in attempts:
        with pytest.raises(NotFound):
            attempt()


def test_a_name_is_never_a_file_name(store: Store, example: Example[Any]) -> None:
    """Promise 16: a document named like a path is one with a strange name."""
    document = store.create(example.make(name="../../../etc/passwd"))
    assert [path.name for path in store.places.folder.iterdir()] == [f"{document.id}.json"]


def test_a_symlinked_document_is_refused(tmp_path: Path, store: Store, document: Any) -> None:
    """Promise 16: a link is not followed, neither for reading nor for writing, and stays where it is."""
    target = tmp_path / "elsewhere.json"
    target.write_bytes(
        store.path(document.id).read_bytes().replace(document.id.encode(), uid("link").encode())
    )
    link = store.path(uid("link"))
    link.symlink_to(target)
    before = target.read_bytes()
    with pytest.raises(Damaged) as failure:
        store.read(uid("link"))
    assert failure.value.reason == "symlink"
    with pytest.raises(Damaged):
        store.edit(uid("link"), renamed("new"))
    os.utime(link, (1, 1), follow_symlinks=False)
    assert store.sweep().set_aside == ()
    assert link.is_symlink()
    assert target.read_bytes() == before


@pytest.mark.parametrize("kind", ["folder", "pipe", "socket"])
def test_what_is_no_file_is_no_document_and_hangs_nobody(
    store: Store, document: Any, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Promise 16: folders, named pipes and sockets with a document's name are told and left."""
    path = store.path(uid("odd"))
    if kind == "folder":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    else:
        import socket

        monkeypatch.chdir(path.parent)
        socket.socket(socket.AF_UNIX).bind(path.name)
    with pytest.raises(Damaged) as failure:
        store.read(uid("odd"))
    assert failure.value.reason == "not-a-file"
    assert store.sweep().set_aside == ()
    assert os.path.lexists(path)


def test_stale_temporary_files_are_swept(paths: Paths, store: Store, document: Any) -> None:
    """Promise 17: what a killed writer left goes after a while; what may still be written stays, as does all else."""
    old = store.places.folder / f".{document.id}.json.4711-0123abcd.tmp"
    young = store.places.folder / f".{document.id}.json.4712-0123abcd.tmp"
    foreign = store.places.folder / ".something.tmp"
    note = paths.unfinished / f".{document.id}.json.4711-0123abcd.tmp"
    note.parent.mkdir(parents=True)
    for path in (old, young, foreign, note):
        path.write_bytes(b"half")
    for path in (old, foreign, note):
        os.utime(path, (time.time() - STALE - 5,) * 2)
    assert store.sweep().temporary == 2
    assert not old.exists()
    assert not note.exists()
    assert young.exists()
    assert foreign.exists()
    assert store.ids() == [document.id]


def test_the_fault_harness_sees_every_call(
    store: Store, document: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A call that the harness does not know would make promise 3 empty."""
    (store.places.locks / f"{document.id}.lock").write_text("1 another\n", "utf-8")
    with failing(monkeypatch, 0, errno.EIO) as made:
        store.edit(document.id, renamed("new"))
    assert set(made) == set(CALLS)
