"""Which deal a person means by what they typed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from salescoach.store.errors import Ambiguous, NotFound
from salescoach.text import fold
from salescoach.workspace.kinds import DEALS

if TYPE_CHECKING:
    from salescoach.workspace.lists.deals import DealLists

PREFIX = 4
"""Characters of an id that are enough to mean it, if only one deal's id starts with them."""
_TOLD = 8


def resolve(deals: DealLists, asked: str) -> str:
    """Return the id of the deal that `asked` means: an id, a unique prefix of one, or an unambiguous name.

    A whole name counts before a part of one. Raises Ambiguous, or NotFound with the nearest names.
    """
    wanted = fold(asked)
    names = deals.names()
    told = {key: f"{customer} {name}".strip() for key, name, customer in names}
    folded = [(key, fold(name), fold(customer)) for key, name, customer in names]
    ways: list[Callable[[], list[str]]] = [
        lambda: [key for key, name, _ in folded if name == wanted],
        lambda: [key for key, name, who in folded if wanted in (who, f"{who} {name}")],
    ]
    if len(wanted) >= PREFIX:
        ways.append(lambda: [key for key, _, _ in folded if key.startswith(wanted)])
    ways.append(lambda: [card.id for card in deals.search(wanted)])
    for way in ways if wanted else []:
        found = way()
        if len(found) == 1:
            return found[0]
        if found:
            raise Ambiguous(asked, tuple((key, told.get(key, key)) for key in found[:_TOLD])).of(
                DEALS.name
            )
    raise NotFound(asked, near=_near(wanted, told)).of(DEALS.name)


def _near(wanted: str, names: Mapping[str, str]) -> tuple[str, ...]:
    if not wanted or not names:
        return ()
    from rapidfuzz import process

    found = process.extract(wanted[:200], names, processor=fold, limit=3, score_cutoff=50)
    return tuple(dict.fromkeys(str(name) for name, _, _ in found))
