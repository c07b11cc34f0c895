"""A store with one deal in it, and one with one document of each kind in turn."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from salescoach.deal.models import Deal
from salescoach.paths import Paths, under
from salescoach.store.documents import DocumentStore
from tests.kinds import EXAMPLES, Example, bare_deal, deal_store


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


@pytest.fixture(params=EXAMPLES, ids=str)
def example(request: pytest.FixtureRequest) -> Example[Any]:
    """Each kind of document in turn."""
    found: Example[Any] = request.param
    return found


@pytest.fixture
def documents(paths: Paths, example: Example[Any]) -> DocumentStore[Any]:
    return example.store(paths)


@pytest.fixture
def document(documents: DocumentStore[Any], example: Example[Any]) -> Any:
    """A document that is saved as revision 1."""
    return documents.create(example.make())
