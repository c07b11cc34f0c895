"""What the store brings together by itself leads back, by its events, to what was saved before that."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from salescoach.deal import identity, items, notes
from salescoach.deal.models import Deal
from salescoach.document.changes import content, take_back
from salescoach.paths import under
from salescoach.store.documents import DocumentStore
from tests.build import stamp
from tests.kinds import deal_store
from tests.store.doing import renamed
from tests.store.test_backup import back_up, restore
from tests.store.test_merging import copy_of


def before_it(after: Deal, before: Deal) -> dict[str, Any]:
    """Return what the events that `before` has not say that there was before them."""
    raw = content(after)
    for key, event in reversed(after.timeline.items()):
        if key not in before.timeline:
            assert event.changes is not None
            take_back(raw, event.changes)
    return raw


def test_a_save_beside_another_one_tells_what_became_of_the_two(
    store: DocumentStore[Deal], deal: Deal
) -> None:
    other = store.edit(deal.id, renamed("theirs"), deal)
    both = store.edit(deal.id, renamed("mine"), deal)
    assert both.conflicts
    assert before_it(both, other) == content(other)
    assert before_it(both, deal) == content(deal)


def test_a_file_in_the_place_of_the_last_save_tells_what_became_of_the_two(
    store: DocumentStore[Deal], deal: Deal, tmp_path: Path
) -> None:
    elsewhere = deal_store(under(tmp_path / "elsewhere"))
    elsewhere.paths.deals.mkdir(parents=True)
    elsewhere.path(deal.id).write_bytes(store.path(deal.id).read_bytes())
    elsewhere.edit(deal.id, lambda d: renamed("theirs")(items.tick(d, "met", stamp("tick"))))
    mine = store.edit(deal.id, renamed("mine"))
    store.path(deal.id).write_bytes(elsewhere.path(deal.id).read_bytes())
    together = store.edit(deal.id, lambda d: notes.add(d, stamp("n"), "seen"))
    assert together.conflicts
    # Only what both changed is that which both had.
    assert before_it(together, mine) == content(mine) | {"name": deal.name}
    assert before_it(together, deal) == content(deal)


def test_a_copy_that_is_merged_tells_what_became_of_the_two(
    store: DocumentStore[Deal], deal: Deal
) -> None:
    there = identity.edit(items.tick(deal, "met", stamp("tick")), stamp("there"), name="theirs")
    mine = store.edit(deal.id, renamed("mine"))
    together = store.merge_copy(copy_of(store, there.model_copy(update={"save": ""})))
    assert together.conflicts
    # Only what both changed is that which both had.
    assert before_it(together, mine) == content(mine) | {"name": deal.name}
    assert before_it(together, deal) == content(deal)


def test_a_backup_that_is_restored_tells_what_it_replaced(
    store: DocumentStore[Deal], deal: Deal, tmp_path: Path
) -> None:
    file = tmp_path / "backup.zip"
    back_up(store, file)
    mine = store.edit(deal.id, lambda d: notes.add(renamed("mine")(d), stamp("n"), "seen"))
    restore(file, store, yes=True)
    back = store.read(deal.id)
    assert (back.name, back.notes) == (deal.name, {})
    assert before_it(back, mine) == content(mine)
    assert before_it(back, deal) == content(deal)
