"""Folders of the program's own that are links are refused: nothing is written through them or removed behind them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from salescoach.deal.models import Deal
from salescoach.paths import Paths
from salescoach.store.care.parked import park
from salescoach.store.care.quarantine import set_aside
from salescoach.store.care.recovery import Draft, RecoveryNote
from salescoach.store.documents import DocumentStore
from salescoach.store.errors import Damaged, NothingToUndo, SaveFailed
from salescoach.store.files.saved import forget, last_id
from tests.build import uid

from .doing import renamed, tree


def _link(path: Path, elsewhere: Path) -> Path:
    elsewhere.mkdir()
    (elsewhere / "kept").write_bytes(b"kept")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.symlink_to(elsewhere)
    return elsewhere


def test_a_history_that_is_a_link_is_never_written_through(
    paths: Paths, store: DocumentStore[Deal], deal: Deal, tmp_path: Path
) -> None:
    elsewhere = _link(paths.history / deal.id, tmp_path / "elsewhere")
    before, saved = tree(elsewhere), store.path(deal.id).read_bytes()
    with pytest.raises(SaveFailed) as failure:
        store.edit(deal.id, renamed("new"))
    assert failure.value.code == "save-failed-link"
    assert str(paths.history / deal.id) == failure.value.params["path"]
    assert (tree(elsewhere), store.path(deal.id).read_bytes()) == (before, saved)
    with pytest.raises(NothingToUndo):
        store.undo(deal.id)
    assert len(store.versions(deal.id)) == 1


def test_nothing_behind_a_history_that_is_a_link_is_pruned(
    paths: Paths, store: DocumentStore[Deal], deal: Deal, tmp_path: Path
) -> None:
    from salescoach.store.files.history import STEPS, prune

    elsewhere = _link(paths.history / deal.id, tmp_path / "elsewhere")
    for number in range(1, 2 * STEPS):
        (elsewhere / f"{number}.u-.r-.json").write_bytes(b"{}")
    before = tree(elsewhere)
    prune(paths.history / deal.id, 160)
    assert tree(elsewhere) == before


WRITERS: dict[str, tuple[Callable[[Paths, str], Path], Callable[[Paths, Deal], object]]] = {
    "quarantine": (
        lambda paths, key: paths.quarantine,
        lambda paths, deal: set_aside(
            Damaged(paths.deals / f"{deal.id}.json", "empty"), paths.quarantine
        ),
    ),
    "parked": (lambda paths, key: paths.parked, lambda paths, deal: park(paths.parked, deal)),
    "parked, one deal's": (
        lambda paths, key: paths.parked / key,
        lambda paths, deal: park(paths.parked, deal),
    ),
    "recovery": (
        lambda paths, key: paths.recovery,
        lambda paths, deal: RecoveryNote(paths.recovery).keep(
            Draft("title", (("a", "b"),), datetime.now(UTC))
        ),
    ),
}


@pytest.mark.parametrize("name", WRITERS)
def test_no_other_folder_of_the_state_is_written_through(
    paths: Paths, store: DocumentStore[Deal], deal: Deal, tmp_path: Path, name: str
) -> None:
    place, write = WRITERS[name]
    elsewhere = _link(place(paths, deal.id), tmp_path / "elsewhere")
    before, saved = tree(elsewhere), store.path(deal.id).read_bytes()
    with pytest.raises((SaveFailed, OSError)):
        write(paths, deal)
    assert (tree(elsewhere), store.path(deal.id).read_bytes()) == (before, saved)


def test_last_saves_are_neither_kept_nor_removed_nor_believed_behind_a_link(
    paths: Paths, store: DocumentStore[Deal], deal: Deal, tmp_path: Path
) -> None:
    rename_to = tmp_path / "moved"
    paths.saved.rename(rename_to)
    elsewhere = _link(paths.saved, tmp_path / "elsewhere")
    other = rename_to / f"{deal.id}.json"
    (elsewhere / other.name).write_bytes(other.read_bytes().replace(b"CRM", b"ERP"))
    before = tree(elsewhere)
    assert store.edit(deal.id, renamed("new")).name == "new"
    forget(paths.saved, deal.id)
    assert tree(elsewhere) == before
    assert last_id(paths.saved, deal.id) is None


def test_a_deals_folder_that_is_a_link_is_the_users_own(
    paths: Paths, store: DocumentStore[Deal], tmp_path: Path
) -> None:
    """People keep their deals where a sync service takes them from."""
    from tests.kinds import bare_deal

    (tmp_path / "synced").mkdir()
    paths.deals.parent.mkdir(parents=True, exist_ok=True)
    paths.deals.symlink_to(tmp_path / "synced")
    deal = store.create(bare_deal())
    assert store.edit(deal.id, renamed("new")).name == "new"
    assert (tmp_path / "synced" / f"{uid('deal')}.json").exists()
