"""A store with one deal in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from salescoach.deal.models import Deal
from salescoach.paths import Paths, under
from salescoach.store.deals import DealStore
from tests.build import make_deal


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return under(tmp_path / "home")


@pytest.fixture
def store(paths: Paths) -> DealStore:
    return DealStore(paths)


@pytest.fixture
def deal(store: DealStore) -> Deal:
    """A deal that is saved as revision 1."""
    return store.create(make_deal())
