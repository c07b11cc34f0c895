"""Who did something: the name of the moment, and the user's id where one was recorded.

A user's id says who somebody is, whatever he is called: two people of one name are two, and who corrects the spelling of
his name stays one. Events keep it; everything else that an act leaves has the act's moment and name, by which its event is
found. Where one of two has no id, since an earlier program recorded it or somebody was only named, the names decide.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple, Protocol

from salescoach.document.models import Document, Event
from salescoach.document.stamp import Stamp
from salescoach.text import clean


class Author(NamedTuple):
    """Somebody by name, and by id where it is known."""

    name: str
    id: str = ""


class Made(Protocol):
    """A part that says when it was made and by whom."""

    @property
    def at(self) -> datetime | None:
        """When."""

    @property
    def by(self) -> str:
        """Under which name."""


def author(made: Made, *documents: Document) -> Author:
    """Return who made a part that is in one of `documents`, an event or a stamp, which say so themselves."""
    if isinstance(made, Stamp | Event):
        return Author(made.by, made.by_id)
    for document in documents:
        for event in document.timeline.values():
            if event.by_id and (event.at, event.by) == (made.at, made.by):
                return Author(made.by, event.by_id)
    return Author(made.by)


def is_among(one: Author, others: Iterable[Author]) -> bool:
    """Say whether somebody is one of `others`; names count however their letters are written."""
    return any(
        one.id == other.id
        if one.id and other.id
        else clean(one.name).casefold() == clean(other.name).casefold()
        for other in others
    )


def id_of(owner: object, stamp: Stamp) -> str:
    """Return the id of whom something is given to: that of the stamp's user where it is himself, else none."""
    name = clean(str(owner))
    return stamp.by_id if name and name == clean(stamp.by) else ""
