"""Finds what an act was done on and what it made among the kept versions."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Generic, NamedTuple

from salescoach.document.kind import D
from salescoach.document.undo import TRAVELS, WHOLE
from salescoach.store.errors import Damaged, NewerSchema, NotFound, Unreadable

if TYPE_CHECKING:
    from pathlib import Path

    from salescoach.store.documents import DocumentStore


class Act(NamedTuple, Generic[D]):
    """One act: its events, and the document without and with it."""

    events: tuple[str, ...]
    before: D
    after: D
    alone: bool
    """False when it came here together with what others did."""


def find_act(store: DocumentStore[D], document: D, event: str) -> Act[D] | None:
    """Return the act that the timeline's entry `event` is of; None when its versions are not kept."""
    for after in _with(store, document, event):
        for before in store.parents(after):
            if event not in before.timeline:
                return _act(before, after, event)
    return None


def _with(store: DocumentStore[D], document: D, event: str) -> Iterator[D]:
    """Yield the versions that have the event, `document` itself first and then from the oldest on."""
    yield document
    asked = event.encode()
    for version in reversed(store.kept_versions(document.id)):
        # What is damaged or gone is no help; what cannot be read now is told instead of taken for that.
        with suppress(Damaged, NewerSchema, NotFound):
            # Looking for the id in the bytes takes a fiftieth of parsing them.
            if asked in _bytes(version.path):
                found = store.read_kept(document.id, version)
                if event in found.timeline:
                    yield found


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""
    except OSError as error:
        raise Unreadable(path, error) from error


def _act(before: D, after: D, event: str) -> Act[D]:
    new = {key: one for key, one in after.timeline.items() if key not in before.timeline}
    did = {key: one for key, one in new.items() if one.what not in TRAVELS}
    one = did[event]
    if one.what in WHOLE:
        return Act(tuple(did), before, after, alone=True)
    same = [key for key, each in did.items() if (each.at, each.by) == (one.at, one.by)]
    return Act(tuple(same), before, after, alone=len(same) == len(new))
