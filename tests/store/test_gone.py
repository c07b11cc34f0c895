"""Folders that go away and come back, and deals and state on different disks."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from salescoach.deal.models import Deal
from salescoach.paths import Paths
from salescoach.store.documents import DocumentStore
from salescoach.store.errors import FolderGone, NotFound
from tests.kinds import bare_deal, deal_store
from tests.lists import bring, deals, made

from .doing import renamed, tree


def _away(path: Path) -> Path:
    return path.rename(path.with_name(f"{path.name} elsewhere"))


def _unmount(path: Path) -> Path:
    """Leave an empty folder behind, as a share that is not mounted any more does."""
    away = _away(path)
    path.mkdir()
    return away


def _back(away: Path, path: Path) -> None:
    if path.exists():
        shutil.rmtree(path)
    away.rename(path)


WAYS: dict[str, tuple[Callable[[Path], Path], Callable[[Paths], Path]]] = {
    "the folder": (_away, lambda paths: paths.deals),
    "its parent": (_away, lambda paths: paths.deals.parent),
    "an unmounted folder": (_unmount, lambda paths: paths.deals),
    "an unmounted parent": (_unmount, lambda paths: paths.deals.parent),
}


@pytest.mark.parametrize("way", WAYS)
def test_a_folder_that_is_gone_is_no_deal_that_is_gone(
    paths: Paths, store: DocumentStore[Deal], deal: Deal, way: str
) -> None:
    """Whoever waits for it to come back must be able to; and nothing is made in its place meanwhile."""
    go, what = WAYS[way]
    place = what(paths)
    away = go(place)
    before = tree(place) if place.exists() else None
    attempts: list[Callable[[], object]] = [
        lambda: store.edit(deal.id, renamed("new")),
        lambda: store.undo(deal.id),
        lambda: store.create(bare_deal(label="other")),
        lambda: store.read(deal.id),
    ]
    for attempt in attempts:
        with pytest.raises(FolderGone):
            attempt()
    assert (tree(place) if place.exists() else None) == before
    _back(away, place)
    assert store.edit(deal.id, renamed("new")).name == "new"
    assert len(store.versions(deal.id)) == 2


def test_a_deal_that_is_deleted_beside_others_is_not_found(
    store: DocumentStore[Deal], deal: Deal
) -> None:
    store.create(bare_deal(label="other"))
    store.path(deal.id).unlink()
    with pytest.raises(NotFound):
        store.edit(deal.id, renamed("new"))
    with pytest.raises(NotFound):
        store.read(deal.id)


def test_a_folder_made_anew_that_fills_slowly_is_waited_for(
    paths: Paths, store: DocumentStore[Deal], deal: Deal
) -> None:
    """A sync client that makes the folder again brings the deals one after the other."""
    other = store.create(bare_deal(label="other"))
    away = _unmount(paths.deals)
    shutil.copy2(away / f"{other.id}.json", paths.deals)
    with pytest.raises(FolderGone):
        store.edit(deal.id, renamed("new"))
    shutil.copy2(away / f"{deal.id}.json", paths.deals)
    assert store.edit(deal.id, renamed("new")).name == "new"


def test_the_index_keeps_its_rows_while_the_folder_is_gone(
    paths: Paths, store: DocumentStore[Deal], deal: Deal
) -> None:
    """Home says that the folder is gone instead of that there are no deals."""
    index = made()
    bring(index, store)
    for go in (_away, _unmount):
        away = go(paths.deals)
        with pytest.raises(FolderGone):
            bring(index, store)
        assert [card.id for card in deals(index).cards()] == [deal.id]
        _back(away, paths.deals)
        assert bring(index, store).total == 1


def test_a_store_that_never_saw_the_folder_finds_nothing(paths: Paths, deal: Deal) -> None:
    _away(paths.deals)
    with pytest.raises(NotFound):
        deal_store(paths).edit(deal.id, renamed("new"))
    assert deal_store(paths).ids() == []


@pytest.mark.parametrize("code", [errno.EXDEV, errno.EPERM, errno.EOPNOTSUPP, errno.EMLINK])
def test_history_is_a_copy_where_there_are_no_links(
    store: DocumentStore[Deal], deal: Deal, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    """Deals and state on different disks, FAT, some shares: the first edit too, whose history has no folder yet."""
    real = os.link

    def link(source: str, target: str | Path) -> None:
        if not Path(target).parent.exists():  # what the system says first
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(source))
        raise OSError(code, os.strerror(code), str(source))

    monkeypatch.setattr(os, "link", link)
    first = store.path(deal.id).read_bytes()
    os.utime(store.path(deal.id), (1_000_000_000, 1_000_000_000))
    store.edit(deal.id, renamed("second"))
    store.edit(deal.id, renamed("third"))
    monkeypatch.setattr(os, "link", real)
    (kept,) = [one for one in (store.paths.history / deal.id).iterdir() if one.name[0] == "1"]
    assert kept.read_bytes() == first
    assert store.versions(deal.id)[-1].saved_at == 1_000_000_000
    assert store.undo(deal.id).name == "second"
    assert store.undo(deal.id).name == deal.name
    assert store.redo(deal.id).name == "second"
    assert [path.name for path in store.paths.deals.iterdir()] == [f"{deal.id}.json"]
