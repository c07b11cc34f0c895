"""The parsed form of an edition is kept, and never believed when it should not be."""

from __future__ import annotations

import gc
import os
from pathlib import Path
from zlib import crc32

import pytest

from salescoach.playbook import cache as module
from salescoach.playbook.cache import load_cached
from salescoach.playbook.errors import PlaybookInvalid
from salescoach.playbook.load import load, packaged
from salescoach.playbook.models import Playbook

from .editions import SECOND, Edition


@pytest.fixture
def folder(edition: Edition, tmp_path: Path) -> Path:
    return edition.write(tmp_path / "mine")


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


@pytest.fixture
def loads(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The folders whose TOML was read."""
    seen: list[Path] = []

    def counted(folder: Path) -> Playbook:
        seen.append(folder)
        return load(folder)

    monkeypatch.setattr(module, "load", counted)
    return seen


def test_the_second_time_no_toml_is_read(
    folder: Path, cache: Path, edition: Edition, loads: list[Path]
) -> None:
    first = load_cached(folder, cache)
    second = load_cached(folder, cache)
    assert first == second == edition.parse()
    assert len(loads) == 1
    (file,) = cache.iterdir()
    assert file.stat().st_mode & 0o777 == 0o600


def test_the_whole_packaged_edition_comes_back_from_the_cache(
    cuilong: Playbook, cache: Path
) -> None:
    load_cached(packaged(), cache)
    assert load_cached(packaged(), cache) == cuilong


def test_an_edited_file_is_noticed(folder: Path, cache: Path, loads: list[Path]) -> None:
    load_cached(folder, cache)
    file = folder / SECOND
    file.write_text(file.read_text("utf-8").replace('"won"', '"own"'), "utf-8")
    assert "own" in load_cached(folder, cache).places
    assert len(loads) == 2


def test_an_edit_that_keeps_size_and_time_is_noticed(
    folder: Path, cache: Path, loads: list[Path]
) -> None:
    load_cached(folder, cache)
    file = folder / SECOND
    before = file.stat()
    file.write_text(file.read_text("utf-8").replace('"won"', '"own"'), "utf-8")
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert "own" in load_cached(folder, cache).places


def test_an_added_or_removed_file_is_noticed(folder: Path, cache: Path) -> None:
    load_cached(folder, cache)
    (folder / "tools" / "extra.toml").touch()
    with pytest.raises(PlaybookInvalid):
        load_cached(folder, cache)
    (folder / "tools" / "extra.toml").unlink()
    (folder / "tools" / "talk.toml").unlink()
    with pytest.raises(PlaybookInvalid):
        load_cached(folder, cache)


def test_another_version_of_the_program_reads_again(
    folder: Path, cache: Path, loads: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    load_cached(folder, cache)
    monkeypatch.setattr(module, "__version__", "99.0.0")
    load_cached(folder, cache)
    assert len(loads) == 2


def test_two_editions_do_not_share_a_cache(folder: Path, cache: Path, tmp_path: Path) -> None:
    other = Edition()
    other.trees["playbook.toml"]["id"] = "other"
    there = other.write(tmp_path / "other")
    for _ in range(2):
        assert load_cached(folder, cache).id == "tiny"
        assert load_cached(there, cache).id == "other"


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: b"",
        lambda data: data[:-10],
        lambda data: data.replace(b"English", b"Inglish", 1),
        lambda data: data.partition(b"\n")[0],
        lambda data: b"\0" * len(data),
        lambda data: b"\xff" + data,
        lambda data: _with_right_sum(data.partition(b"\n")[0], b"[" * 100_000),
        lambda data: _with_right_sum(data.partition(b"\n")[0], b'{"format": 1}'),
    ],
    ids=[
        "empty",
        "cut off",
        "a letter changed",
        "no body",
        "NULs",
        "a byte before",
        "deep",
        "not a playbook",
    ],
)
def test_a_damaged_cache_is_passed_over_and_mended(
    folder: Path, cache: Path, loads: list[Path], damage: object
) -> None:
    load_cached(folder, cache)
    (file,) = cache.iterdir()
    assert callable(damage)
    file.write_bytes(damage(file.read_bytes()))
    assert load_cached(folder, cache).id == "tiny"
    assert load_cached(folder, cache).id == "tiny"
    assert len(loads) == 2


def _with_right_sum(head: bytes, body: bytes) -> bytes:
    return b"%08x %s\n%s" % (crc32(body), head.partition(b" ")[2], body)


def test_without_a_place_to_write_the_edition_is_read_each_time(
    folder: Path, tmp_path: Path, loads: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def read_only(*args: object) -> int:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(os, "open", read_only)
    for _ in range(2):
        assert load_cached(folder, tmp_path / "cache").id == "tiny"
    assert list((tmp_path / "cache").iterdir()) == []
    assert load_cached(folder, folder / SECOND / "cache").id == "tiny"
    assert load_cached(folder, None).id == "tiny"
    assert len(loads) == 4


def test_a_cache_that_cannot_be_put_in_place_leaves_no_draft(
    folder: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, target: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    assert load_cached(folder, cache).id == "tiny"
    assert list(cache.iterdir()) == []


def test_a_mistake_is_told_every_time(folder: Path, cache: Path) -> None:
    (folder / SECOND).write_bytes(b"[")
    for _ in range(2):
        with pytest.raises(PlaybookInvalid):
            load_cached(folder, cache)
    assert not cache.exists()
    with pytest.raises(PlaybookInvalid):
        load_cached(folder / "none", cache)


def test_the_garbage_collector_is_left_as_it_was(folder: Path, cache: Path) -> None:
    load_cached(folder, cache)
    load_cached(folder, cache)
    assert gc.isenabled()
    gc.disable()
    try:
        load_cached(folder, cache)
        assert not gc.isenabled()
    finally:
        gc.enable()
