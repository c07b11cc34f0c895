"""A cache of what was computed of the last few deals: rules, gates and progress ask the same of one deal many times.

Deals and playbooks are frozen, so that what is true of one stays true of it.
"""

from __future__ import annotations

from typing import Any

from salescoach.deal.models import Deal
from salescoach.playbook.models import Playbook

_DEALS = 4
"""How many deals are remembered: the one on the screen, what it was before a change, and what a thread works on."""
_known: list[tuple[Playbook, Deal, dict[object, Any]]] = []


def computed(playbook: Playbook, deal: Deal) -> dict[object, Any]:
    """Return the cache of this deal under this playbook, to be read and filled; keys are the callers' own."""
    global _known  # noqa: PLW0603 - replaced as a whole, so that threads need no lock
    for book, one, found in _known:
        if one is deal and book is playbook:
            return found
    fresh: dict[object, Any] = {}
    _known = [(playbook, deal, fresh), *_known[: _DEALS - 1]]
    return fresh
