"""A piece of evidence: who said or showed it, when, a note, a document; for items and for markers alike."""

from __future__ import annotations

from datetime import date, timedelta

from salescoach.deal.change import make, mark
from salescoach.deal.errors import InvalidValue
from salescoach.deal.models import Evidence
from salescoach.deal.stamp import Stamp
from salescoach.text import clean


def evidence(
    stamp: Stamp, *, who: str = "", on: date | None = None, note: str = "", document: str = ""
) -> Evidence:
    """Return evidence dated `on`, by default the day of the stamp.

    Raises InvalidValue when who, note and document are all empty, or when the day is still to come (a day of grace for
    time zones).
    """
    if not (clean(who) or clean(note) or clean(document)):
        raise InvalidValue("evidence-empty")
    if on is not None and on > stamp.today + timedelta(days=1):
        raise InvalidValue("date-to-come", value=on.isoformat())
    return make(
        Evidence, who=who, on=on or stamp.today, note=note, document=document, **mark(stamp)
    )


def gist(piece: Evidence) -> str:
    """Return what a timeline line shows of it: the note, or the document."""
    return piece.note or piece.document
