"""A store with one deal in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from salescoach.deal.models import Deal
from salescoach.paths import Paths, under
from salescoach.store.documents import DocumentStore
from tests.kinds import bare_deal, deal_store


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return under(tmp_path / "home")


@pytest.fixture
def store(paths: Paths) -> DocumentStore[Deal]:
    return deal_store(paths)


@pytest.fixture
def deal(store: DocumentStore[Deal]) -> Deal:
    """A deal that is saved as revision 1."""
    return store.create(bare_deal())
