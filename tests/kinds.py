"""What tests need of each kind of document."""

from __future__ import annotations

from typing import Any

from salescoach.deal.models import Deal
from salescoach.paths import Paths
from salescoach.store.documents import DocumentStore
from salescoach.workspace.kinds import DEALS


def deal_store(paths: Paths, saved: Any = None, **more: Any) -> DocumentStore[Deal]:
    """Return the deals below `paths`; the rest is given to the store as it is."""
    return DocumentStore(paths, DEALS, saved, **more)
