"""What a coach confirms or challenges: items, markers and rungs are judged alike."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from salescoach.document.change import mark
from salescoach.document.errors import DocumentError
from salescoach.document.models import Evidence
from salescoach.document.stamp import Stamp


class Judged(Protocol):
    """A part of a document that a coach can confirm or challenge; some have `evidence`, keyed by id."""

    @property
    def confirmed_at(self) -> datetime | None:
        """When a coach agreed."""

    @property
    def challenge(self) -> str:
        """What a coach asked when he did not accept it."""


def coach_only(stamp: Stamp) -> None:
    """Raise DocumentError for a stamp that is not a coach's."""
    if stamp.role != "coach":
        raise DocumentError("coach-only")


def confirmed(stamp: Stamp, *, own: bool) -> dict[str, object]:
    """Return the fields of what a coach confirms; `own` says that he had claimed it himself."""
    marked = mark(stamp)
    return {
        "challenge": "",
        "confirmed_at": marked["at"],
        "confirmed_by": marked["by"],
        "self_confirmed": own,
    }


def confirmation_stands(part: Judged) -> bool:
    """Say whether a coach's confirmation holds: nothing has spoken against the thing since."""
    if part.confirmed_at is None or part.challenge:
        return False
    since = part.confirmed_at
    pieces: Mapping[str, Evidence] = getattr(part, "evidence", {})
    return not any(one.against and one.at > since for one in pieces.values())
