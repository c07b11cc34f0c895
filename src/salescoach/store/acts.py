"""Finds what an act was done on and what it made among the kept versions."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from salescoach.document.undo import TRAVELS, WHOLE
from salescoach.store.errors import Damaged, NewerSchema, NotFound, Unreadable

if TYPE_CHECKING:
    from pathlib import Path

    from salescoach.deal.models import Deal
    from salescoach.store.deals import DealStore


class Act(NamedTuple):
    """One act: its events, and the deal without and with it."""

    events: tuple[str, ...]
    before: Deal
    after: Deal
    alone: bool
    """False when it came here together with what others did."""


def find_act(store: DealStore, deal: Deal, event: str) -> Act | None:
    """Return the act that the timeline's entry `event` is of; None when its versions are not kept."""
    for after in _with(store, deal, event):
        for before in store.parents(after):
            if event not in before.timeline:
                return _act(before, after, event)
    return None


def _with(store: DealStore, deal: Deal, event: str) -> Iterator[Deal]:
    """Yield the versions that have the event, `deal` itself first and then from the oldest on."""
    yield deal
    asked = event.encode()
    for version in reversed(store.kept_versions(deal.id)):
        # What is damaged or gone is no help; what cannot be read now is told instead of taken for that.
        with suppress(Damaged, NewerSchema, NotFound):
            # Looking for the id in the bytes takes a fiftieth of parsing them.
            if asked in _bytes(version.path):
                found = store.read_kept(deal.id, version)
                if event in found.timeline:
                    yield found


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""
    except OSError as error:
        raise Unreadable(path, error) from error


def _act(before: Deal, after: Deal, event: str) -> Act:
    new = {key: one for key, one in after.timeline.items() if key not in before.timeline}
    did = {key: one for key, one in new.items() if one.what not in TRAVELS}
    one = did[event]
    if one.what in WHOLE:
        return Act(tuple(did), before, after, alone=True)
    same = [key for key, each in did.items() if (each.at, each.by) == (one.at, one.by)]
    return Act(tuple(same), before, after, alone=len(same) == len(new))
