"""Which deal, customer or person somebody means by what they typed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from salescoach.store.errors import Ambiguous, NotFound
from salescoach.text import fold
from salescoach.workspace.kinds import DEALS

PREFIX = 4
"""Characters of an id that are enough to mean it, if only one starts with them."""
_TOLD = 8


class _Found(Protocol):
    @property
    def id(self) -> str: ...


class Listed(Protocol):
    """What is listed by name."""

    def names(self) -> list[tuple[str, str, str]]:
        """Return (id, name, what it is also told by, such as the customer) of each."""

    def search(self, text: str) -> Sequence[_Found]:
        """Return those in which every word of `text` is found, best match first."""


def resolve(listed: Listed, asked: str, kind: str = DEALS.name) -> str:
    """Return the id of the one of a `kind` that `asked` means: an id, a unique prefix of one, or an unambiguous name.

    A whole name counts before a part of one. Raises Ambiguous, or NotFound with the nearest names.
    """
    wanted = fold(asked)
    names = listed.names()
    told: dict[str, str] = {}
    for key, name, beside in names:
        told.setdefault(key, f"{beside} {name}".strip())
    folded = [(key, fold(name), fold(beside)) for key, name, beside in names]
    ways: list[Callable[[], list[str]]] = [
        lambda: [key for key, name, _ in folded if name == wanted],
        lambda: [key for key, name, who in folded if wanted in (who, f"{who} {name}")],
    ]
    if len(wanted) >= PREFIX:
        ways.append(lambda: [key for key, _, _ in folded if key.startswith(wanted)])
    ways.append(lambda: [one.id for one in listed.search(wanted)])
    for way in ways if wanted else []:
        found = list(dict.fromkeys(way()))
        if len(found) == 1:
            return found[0]
        if found:
            near = tuple((key, told.get(key, key)) for key in found[:_TOLD])
            raise Ambiguous(asked, near).of(kind)
    raise NotFound(asked, near=_near(wanted, told)).of(kind)


def _near(wanted: str, names: Mapping[str, str]) -> tuple[str, ...]:
    if not wanted or not names:
        return ()
    from rapidfuzz import process

    found = process.extract(wanted[:200], names, processor=fold, limit=3, score_cutoff=50)
    return tuple(dict.fromkeys(str(name) for name, _, _ in found))
