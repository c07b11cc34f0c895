"""Who does something to a document, when, and under which id."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal
from uuid import UUID, uuid4, uuid5


def new_id() -> str:
    """Return a fresh random UUID in its usual lower-case form."""
    return str(uuid4())


@dataclass(frozen=True, slots=True)
class Stamp:
    """One doing: every operation takes one, so that applying it again gives the same document.

    What an operation creates is keyed by the stamp's `id` or by one derived from it, so an operation that is applied to a
    re-read document never doubles an entry.
    """

    at: datetime
    """An aware datetime."""
    by: str = ""
    role: Literal["rep", "coach"] = "rep"
    id: str = field(default_factory=new_id)
    by_id: str = ""
    """The user's id (`settings.user`): the same under any name, another one for another person of the same name.

    Empty where the program has none, and for somebody who is only named, such as the coach at the rep's desk.
    """

    @property
    def today(self) -> date:
        """The day of the doing, in the offset of `at`."""
        return self.at.date()

    def derive(self, label: str) -> Stamp:
        """Return the stamp of a part of this doing: the same moment and person, an id of its own."""
        return Stamp(self.at, self.by, self.role, str(uuid5(UUID(self.id), label)), self.by_id)
