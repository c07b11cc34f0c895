"""A backup made by somebody hostile costs neither memory nor disk, and one that was made here always comes back."""

from __future__ import annotations

import os
import time
import tracemalloc
import zipfile
from pathlib import Path

import pytest

from salescoach.deal import notes
from salescoach.deal.models import Deal
from salescoach.paths import Paths
from salescoach.store.care import archive
from salescoach.store.care.archive import opened
from salescoach.store.care.sweep import STALE
from salescoach.store.documents import DocumentStore
from salescoach.store.errors import BackupDamaged
from tests.build import stamp, uid
from tests.kinds import bare_deal
from tests.store.test_backup import back_up, forge


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "backup.zip"


def test_small_members_that_unpack_to_gigabytes_are_refused(file: Path) -> None:
    """Each is small and passes; together they would fill a disk."""
    members = {f"deals/{uid(str(number))}.json": bytes(archive.SMALL) for number in range(60)}
    forge(file, members)
    assert file.stat().st_size < 200_000
    with pytest.raises(BackupDamaged, match="damaged-total"), opened(file, ["deals"]):
        pass


@pytest.mark.parametrize(
    "manifest",
    [
        b'{"members": {"a": [' + b"[]," * 400_000 + b"1]}}",
        b"[" * 100_000 + b"]" * 100_000,
        b'{"format": ' + b"9" * 5_000 + b"}",
        b'{"kind": "' + b"k" * 2_000_000 + b'"}',
    ],
)
def test_a_manifest_takes_no_more_memory_than_its_members_account_for(
    file: Path, manifest: bytes
) -> None:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(archive.MANIFEST, manifest)
    tracemalloc.start()
    try:
        with pytest.raises(BackupDamaged), opened(file, ["deals"]):
            pass
        assert tracemalloc.get_traced_memory()[1] < 3_000_000
    finally:
        tracemalloc.stop()


def test_what_packs_tightly_here_still_comes_back(
    monkeypatch: pytest.MonkeyPatch, store: DocumentStore[Deal], file: Path
) -> None:
    """The writer never makes a backup that the reader refuses."""
    monkeypatch.setattr(archive, "TOTAL_ROOM", 0)
    for number in range(4):
        deal = bare_deal(label=str(number))
        deal = notes.add(deal, stamp("note"), "x" * 19_000)
        for more in range(12):
            deal = notes.add(deal, stamp(f"note {more}"), "x" * 19_000)
        store.create(deal)
    back_up(store, file)
    with opened(file, ["deals"]) as found:
        assert found.check() == ()
        assert len(found.places) == 4


def test_a_killed_backups_temporary_file_is_swept_by_the_next(
    store: DocumentStore[Deal], file: Path
) -> None:
    store.create(bare_deal())
    gone = file.with_name(f".{file.name}.999999999-0123abcd.tmp")
    young = file.with_name(f".{file.name}.999999999-0123abce.tmp")
    running = file.with_name(f".{file.name}.{os.getpid()}-0123abcd.tmp")
    other = file.with_name(".somebody's.999999999-0123abcd.tmp")
    for path in (gone, young, running, other):
        path.write_bytes(b"PK")
    old = time.time() - STALE - 60
    for path in (gone, running, other):
        os.utime(path, (old, old))
    back_up(store, file)
    assert not gone.exists()
    assert young.exists()
    assert running.exists()
    assert other.exists()


def test_a_link_in_the_place_of_a_history_is_left_out(
    paths: Paths, store: DocumentStore[Deal], file: Path, tmp_path: Path
) -> None:
    deal = store.create(bare_deal())
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "1.u-.r-.json").write_bytes(b"a secret")
    paths.history.mkdir(parents=True)
    (paths.history / deal.id).symlink_to(elsewhere)
    made = back_up(store, file)
    assert [(left.path, left.reason) for left in made.left_out] == [
        (paths.history / deal.id, "symlink")
    ]
    with zipfile.ZipFile(file) as packed:
        assert not any(name.startswith("history/") for name in packed.namelist())
