"""Files, locks and quarantine where the promises' tests do not reach."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from salescoach.deal.models import Deal
from salescoach.paths import Paths
from salescoach.store.care.quarantine import set_aside
from salescoach.store.care.repair import set_aside_document
from salescoach.store.documents import DocumentStore
from salescoach.store.errors import (
    AlreadyThere,
    Damaged,
    Locked,
    NotFound,
    ReadOnly,
    SaveFailed,
    Unreadable,
    save_failed,
)
from salescoach.store.files import locks
from salescoach.store.files.atomic import (
    TooLarge,
    keep_version,
    make_folder,
    mtime,
    read_regular,
    replace_file,
)
from salescoach.store.files.locks import Held, locked
from salescoach.store.files.names import conflict_copy, document_id
from tests.build import uid
from tests.kinds import bare_deal, deal_store

from .doing import failing, renamed


def test_an_id_is_taken_once(store: DocumentStore[Deal], deal: Deal) -> None:
    """Creating never overwrites, not even a damaged file or a link that leads nowhere."""
    with pytest.raises(AlreadyThere):
        store.create(bare_deal(name="other"))
    assert store.read(deal.id) == deal
    link = store.path(uid("link"))
    link.symlink_to("nowhere")
    with pytest.raises(AlreadyThere):
        store.create(bare_deal(label="link"))
    assert link.is_symlink()


def test_an_operation_that_refuses_changes_nothing(store: DocumentStore[Deal], deal: Deal) -> None:
    """What an operation raises reaches the caller; an operation on another deal is a mistake."""

    def refuse(deal: Deal) -> Deal:
        raise LookupError("no")

    with pytest.raises(LookupError):
        store.edit(deal.id, refuse)
    with pytest.raises(ValueError, match="id"):
        store.edit(deal.id, lambda deal: bare_deal(label="other"))
    assert store.read(deal.id) == deal
    assert len(store.versions(deal.id)) == 1


def test_the_same_doing_twice_is_done_once(store: DocumentStore[Deal], deal: Deal) -> None:
    """A save that is tried again after all makes no second version."""
    first = store.edit(deal.id, renamed("new"))
    assert store.edit(deal.id, renamed("new")) == first
    assert len(store.versions(deal.id)) == 2


def test_many_deals_edited_in_turn(store: DocumentStore[Deal]) -> None:
    """The store remembers only a few deals at a time."""
    keys = [store.create(bare_deal(label=f"deal {number}")).id for number in range(12)]
    for key in (*keys, *keys):
        rev = store.read(key).rev
        assert store.edit(key, renamed(f"name {rev}")).rev == rev + 1
    assert len(store._seen) <= 8


def test_a_file_that_the_system_refuses_is_not_damaged(
    store: DocumentStore[Deal], deal: Deal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Permissions and a failing disk are told as such, and nothing is set aside for them."""
    for code in (errno.EACCES, errno.EIO):
        with failing(monkeypatch, 1, code, ("open",)), pytest.raises(Unreadable):
            store.read(deal.id)

        def refuse(path: Path, flags: int, mode: int = 0o777, code: int = code) -> int:
            raise OSError(code, os.strerror(code))

        with monkeypatch.context() as patch:
            patch.setattr(os, "open", refuse)
            assert store.damaged() == []


def test_listing_a_folder_without_permission_is_told(
    store: DocumentStore[Deal], deal: Deal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is not taken for an empty one."""

    def refuse(path: Path) -> list[str]:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(os, "listdir", refuse)
    with pytest.raises(Unreadable):
        store.ids()


def test_a_file_that_grows_while_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The limit holds for what is read, not for what the size said."""
    path = tmp_path / "file"
    path.write_bytes(b"x" * 10)
    assert read_regular(path, 10)[0] == b"x" * 10
    real = os.read
    monkeypatch.setattr(os, "read", lambda descriptor, size: (real(descriptor, size) + b"y")[:size])
    with pytest.raises(TooLarge):
        read_regular(path, 20)


def test_what_cannot_be_put_back_is_still_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The folder's sync fails and so does the way back: the caller hears of the first."""
    path = tmp_path / "file"
    path.write_bytes(b"old")
    synced: list[int] = []

    def sync(descriptor: int) -> None:
        synced.append(descriptor)
        if len(synced) == 2:
            monkeypatch.setattr(
                os, "replace", lambda *args: (_ for _ in ()).throw(OSError(5, "EIO"))
            )
            raise OSError(errno.EIO, "first")

    monkeypatch.setattr(os, "fsync", sync)
    with pytest.raises(OSError, match="first"):
        replace_file(path, b"new", tmp_path / "kept")
    assert (tmp_path / "kept").read_bytes() == b"old"


def test_folders_that_cannot_be_synced_are_no_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Some network and FUSE disks know no such thing."""
    real, calls = os.fsync, []

    def sync(descriptor: int) -> None:
        calls.append(descriptor)
        if len(calls) == 2:
            raise OSError(errno.EINVAL, "no")
        real(descriptor)

    monkeypatch.setattr(os, "fsync", sync)
    replace_file(tmp_path / "file", b"new")
    assert (tmp_path / "file").read_bytes() == b"new"


@pytest.mark.parametrize("links", [True, False])
def test_a_file_without_history_is_put_back_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, links: bool
) -> None:
    """Settings keep no versions: where the folder's sync fails, what was chosen before is there all the same."""
    path = tmp_path / "config.toml"
    path.write_bytes(b"old")
    if not links:
        monkeypatch.setattr(os, "link", lambda *args: (_ for _ in ()).throw(OSError(1, "EPERM")))
    synced = 1 if links else 2
    with failing(monkeypatch, synced + 1, errno.EIO, ("fsync",)), pytest.raises(OSError):
        replace_file(path, b"new")
    assert path.read_bytes() == b"old"
    replace_file(path, b"new")
    assert [(file.name, file.read_bytes()) for file in tmp_path.iterdir()] == [(path.name, b"new")]


def test_a_new_folder_is_on_the_disk_before_anything_is_in_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Promise 2: a file is not saved in a folder whose own name a power cut may take away."""
    with failing(monkeypatch, 0, errno.EIO, ("mkdir", "fsync")) as made:
        make_folder(tmp_path / "one" / "two")
    assert made == ["mkdir", "fsync", "mkdir", "fsync"]
    with failing(monkeypatch, 1, errno.EIO, ("fsync",)), pytest.raises(OSError):
        make_folder(tmp_path / "three")
    assert not (tmp_path / "three").exists()
    with failing(monkeypatch, 1, errno.EACCES, ("open",)):
        make_folder(tmp_path / "three")  # its parent may be entered and written, but not listed
    assert (tmp_path / "three").is_dir()


def test_a_copy_is_on_the_disk_before_the_original_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Promise 2: where there are no links a version, or a damaged file, is copied; the copy is as safe as the rest."""
    path = tmp_path / "file"
    path.write_bytes(b"old")
    monkeypatch.setattr(os, "link", lambda *args: (_ for _ in ()).throw(OSError(1, "EPERM")))
    with failing(monkeypatch, 0, errno.EIO, ("write", "fsync", "replace")) as made:
        keep_version(path, tmp_path / "kept")
    assert made == ["write", "fsync", "replace"]


def test_system_errors_become_reasons() -> None:
    """A full disk, a quota, a read-only disk and everything else."""
    reasons = {
        code: save_failed(Path("x"), OSError(code, os.strerror(code))).reason
        for code in (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EIO)
    }
    assert list(reasons.values()) == ["disk-full", "disk-full", "read-only", "read-only", "system"]
    failure = save_failed(Path("x"), OSError(errno.EIO, "bad", "/some/where"))
    assert (failure.path, failure.detail) == (Path("/some/where"), "bad")
    assert str(failure) == "save-failed-system {'path': '/some/where', 'detail': 'bad'}"
    assert save_failed(Path("x"), OSError("odd")).detail == "OSError"


def test_an_unwritable_lock_is_a_failed_save(
    paths: Paths, store: DocumentStore[Deal], deal: Deal
) -> None:
    """A file where the locks' folder should be is told, and nothing is written."""
    for path in paths.locks.iterdir():
        path.unlink()
    paths.locks.rmdir()
    paths.locks.write_text("in the way", "utf-8")
    with pytest.raises(SaveFailed):
        store.edit(deal.id, renamed("new"))
    assert store.read(deal.id) == deal


def test_a_deals_folder_that_cannot_be_made_is_told(paths: Paths) -> None:
    """A file where the folder should be."""
    paths.deals.parent.mkdir(parents=True)
    paths.deals.write_text("in the way", "utf-8")
    with pytest.raises(SaveFailed):
        deal_store(paths).create(bare_deal())


def test_a_lock_is_no_link(paths: Paths, tmp_path: Path) -> None:
    """A link planted as a lock writes into nobody's file."""
    target = tmp_path / "victim"
    target.write_text("mine", "utf-8")
    paths.locks.mkdir(parents=True)
    (paths.locks / "x.lock").symlink_to(target)
    with pytest.raises(OSError), locked(paths.locks / "x.lock"):
        pass
    assert target.read_text("utf-8") == "mine"


def test_locks_without_flock(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the system has no flock, filelock does it; both ways keep each other out."""
    path = paths.locks / "x.lock"
    with monkeypatch.context() as patch:
        patch.setattr(locks, "fcntl", None)
        with locked(path), pytest.raises(Held), locked(path, 0.02):
            pass
        with locked(path):
            patch.undo()
            with pytest.raises(Held), locked(path, 0.02):
                pass
    with locked(path):
        pass


def test_an_unknown_holder_is_said_to_be_unknown() -> None:
    """No empty gap in the sentence."""
    assert Locked("x", "").code == "locked-unknown"
    assert Locked("x", "12 salescoach").code == "locked"


def test_quarantine_on_another_disk(
    paths: Paths, store: DocumentStore[Deal], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a file cannot be moved it is copied, and removed only then."""
    path = paths.deals / f"{uid('bad')}.json"
    paths.deals.mkdir(parents=True)

    def refuse(*args: object) -> None:
        raise OSError(errno.EXDEV, "other disk")

    for name in ("rename", "link"):
        monkeypatch.setattr(os, name, refuse)
    for number in range(3):
        path.write_bytes(b"bad %d" % number)
        aside = set_aside(Damaged(path, "not-json", "1:1"), paths.quarantine)
        assert aside.path.read_bytes() == b"bad %d" % number
        assert not path.exists()
    assert len(store.quarantined()) == 3
    assert {aside.reason for aside in store.quarantined()} == {"not-json (1:1)"}
    assert {aside.document for aside in store.quarantined()} == {uid("bad")}


def test_on_another_disk_the_copy_is_safe_before_the_original_goes(
    paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Promise 9: a power cut never takes the only bytes there are; where that cannot be told, the original stays."""
    path = paths.deals / f"{uid('bad')}.json"
    paths.deals.mkdir(parents=True)
    path.write_bytes(b"bad")

    def refuse(*args: object) -> None:
        raise OSError(errno.EXDEV, "other disk")

    for name in ("rename", "link"):
        monkeypatch.setattr(os, name, refuse)
    damaged = Damaged(path, "not-json")
    make_folder(paths.quarantine)
    with failing(monkeypatch, 4, errno.EIO, ("fsync",)), pytest.raises(OSError):
        set_aside(damaged, paths.quarantine)
    assert path.read_bytes() == b"bad"
    with failing(monkeypatch, 0, errno.EIO, ("replace", "fsync", "unlink")) as made:
        set_aside(damaged, paths.quarantine)
    assert made[-4:] == ["fsync", "replace", "fsync", "unlink"]


def test_what_cannot_be_set_aside_stays(
    paths: Paths, store: DocumentStore[Deal], monkeypatch: pytest.MonkeyPatch
) -> None:
    """No move, no note that says there was one, and the sweep goes on."""
    path = paths.deals / f"{uid('bad')}.json"
    paths.deals.mkdir(parents=True)
    path.write_bytes(b"bad")
    os.utime(path, (1, 1))

    def refuse(*args: object) -> None:
        raise PermissionError(errno.EACCES, "no")

    with monkeypatch.context() as patch:
        patch.setattr(os, "rename", refuse)
        with pytest.raises(ReadOnly):
            set_aside_document(store, uid("bad"))
        patch.setattr(os, "replace", refuse)
        assert store.sweep().set_aside == ()
    assert path.read_bytes() == b"bad"
    assert [one.name for one in paths.quarantine.iterdir()] == []
    assert len(store.sweep([uid("bad"), uid("nobody")]).set_aside) == 1
    for note in paths.quarantine.glob("*.txt"):
        note.unlink()
    assert [aside.reason for aside in store.quarantined()] == [""]


def test_a_deal_that_was_mended_meanwhile_is_not_set_aside(
    store: DocumentStore[Deal], deal: Deal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Under the lock it is looked at once more."""
    damaged = Damaged(store.path(deal.id), "not-json")
    monkeypatch.setattr(DocumentStore, "damaged", lambda self, ids=None: [damaged])
    assert store.sweep().set_aside == ()
    assert store.read(deal.id) == deal


def test_a_stale_file_that_cannot_be_removed_stays(
    paths: Paths, store: DocumentStore[Deal], deal: Deal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is tried again the next time."""
    old = paths.deals / f".{deal.id}.json.4711-0123abcd.tmp"
    old.write_bytes(b"half")
    os.utime(old, (1, 1))
    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", lambda self: (_ for _ in ()).throw(PermissionError(13, "no")))
        assert store.sweep().temporary == 0
    assert old.exists()


def test_a_file_whose_size_is_not_told_is_read_in_pieces(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Some file systems tell no size; one that grows meanwhile is read to its end, up to the limit."""
    path = tmp_path / "file"
    path.write_bytes(b"x" * 200_000)
    real, asked = os.fstat, []

    def fstat(descriptor: int) -> os.stat_result:
        asked.append(descriptor)
        return os.stat_result(
            [0 if at == 6 else one for at, one in enumerate(real(descriptor)[:10])]
        )

    read, reads = os.read, []

    def count(descriptor: int, size: int) -> bytes:
        reads.append(size)
        return read(descriptor, size)

    with monkeypatch.context() as patch:
        patch.setattr(os, "fstat", fstat)
        patch.setattr(os, "read", count)
        data, _ = read_regular(path, 300_000)
        with pytest.raises(TooLarge):
            read_regular(path, 100_000)
    assert asked
    assert data == b"x" * 200_000
    assert len(reads) < 20


def test_a_save_whose_folder_cannot_be_looked_at_any_more_is_a_save(
    paths: Paths, store: DocumentStore[Deal], deal: Deal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All is on the disk by then: telling a failure would be a lie."""
    real = os.fstat

    def fstat(descriptor: int) -> os.stat_result:
        status = real(descriptor)
        if status.st_ino == paths.deals.stat().st_ino:
            raise OSError(errno.EIO, "EIO")
        return status

    with monkeypatch.context() as patch:
        patch.setattr(os, "fstat", fstat)
        assert store.edit(deal.id, renamed("new")).name == "new"
    assert store.read(deal.id).name == "new"


def test_a_dangling_link_in_the_history_is_stepped_around(
    paths: Paths, store: DocumentStore[Deal], deal: Deal
) -> None:
    folder = paths.history / deal.id
    folder.mkdir(parents=True)
    (folder / f"1.a.{deal.save}.json").symlink_to(folder / "nowhere")
    store.edit(deal.id, renamed("new"))
    assert store.undo(deal.id).name == deal.name


def test_a_version_that_vanishes_while_it_is_listed(
    paths: Paths, store: DocumentStore[Deal], deal: Deal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process may prune the history at the same time."""
    from salescoach.store.files import history

    store.edit(deal.id, renamed("new"))
    found = history.kept(paths.history / deal.id)
    (paths.history / deal.id / f"1.a.{deal.save}.json").unlink()
    monkeypatch.setattr(history, "kept", lambda folder: dict(found))
    assert [version.rev for version in store.versions(deal.id)] == [2]


def test_a_folder_that_is_not_there_never_changed(tmp_path: Path) -> None:
    """Its time is zero."""
    assert mtime(tmp_path / "nowhere") == 0


@pytest.mark.parametrize(
    "name",
    [
        "notes.txt",
        f"{uid('deal')}.json.bak",
        f"x{uid('deal')}.json",
        f"{uid('deal')}.json",
        f".{uid('deal')}.json.12-0123abcd.tmp",
        "readme.json",
    ],
)
def test_other_files_are_neither_deals_nor_copies(name: str) -> None:
    """What people keep beside their deals is theirs."""
    assert conflict_copy(Path(name)) is None
    assert document_id(name) == (uid("deal") if name == f"{uid('deal')}.json" else None)


def test_nothing_is_there_for_a_deal_that_vanished(store: DocumentStore[Deal], deal: Deal) -> None:
    """Between looking and locking a deal may be taken away."""
    store.path(deal.id).unlink()
    attempts: list[Callable[[], object]] = [
        lambda: store.edit(deal.id, renamed("x")),
        lambda: store.redo(deal.id),
        lambda: store.read_version(deal.id, 1),
    ]
    for attempt in attempts:
        with pytest.raises(NotFound):
            attempt()
