"""A piece of evidence: who said or showed it, when, a note, a document; for items, markers and rungs alike."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final, Literal

from salescoach.document.change import make, mark
from salescoach.document.errors import InvalidValue
from salescoach.document.models import Evidence
from salescoach.document.stamp import Stamp
from salescoach.text import cell_width

NOTE_CELLS: Final = 6
"""Cells of letters and digits that a note needs to say what happened: three Chinese characters, or six letters."""
DOCUMENT_CELLS: Final = 3
"""Cells of letters and digits that a reference needs to lead to a document."""

Speaks = Literal["for", "against", "nothing"]


def enough(note: str, document: str = "") -> bool:
    """Say whether a note says what happened, or a reference leads to a document; a letter or two do neither."""
    return _says(note, NOTE_CELLS) or _says(document, DOCUMENT_CELLS)


def speaks(pieces: Mapping[str, Evidence], settled: datetime | None = None) -> Speaks:
    """Return which way evidence speaks: the piece of the latest day decides, of one day the one recorded last.

    A piece that is not `enough` says nothing. Evidence against that was recorded before a coach `settled` the matter is
    answered; what speaks for it then still does.
    """
    last = latest(pieces)
    if last is None:
        return "nothing"
    if last.against and (settled is None or last.at > settled):
        return "against"
    return "for" if any(not one.against and _tells(one) for one in pieces.values()) else "nothing"


def latest(pieces: Mapping[str, Evidence]) -> Evidence | None:
    """Return the piece that decides which way the evidence speaks; None where no piece says enough."""
    telling = filter(_tells, pieces.values())
    return max(telling, key=lambda one: (one.on or one.at.date(), one.at), default=None)


def evidence(
    stamp: Stamp,
    *,
    who: str = "",
    on: date | None = None,
    note: str = "",
    document: str = "",
    against: bool = False,
) -> Evidence:
    """Return evidence dated `on`, by default the day of the stamp; `against` is what speaks against the thing.

    Raises InvalidValue when neither note nor document is `enough`, or when the day is still to come.
    """
    if not enough(note, document):
        raise InvalidValue("evidence-thin")
    refuse_future(on, stamp)
    return make(
        Evidence,
        who=who,
        on=on or stamp.today,
        note=note,
        document=document,
        against=against,
        **mark(stamp),
    )


def refuse_future(on: date | None, stamp: Stamp, code: str = "date-to-come") -> None:
    """Raise InvalidValue with this code for a day after the stamp's, which is the day where the person is."""
    if on is not None and on > stamp.today:
        raise InvalidValue(code, value=on.isoformat())


def gist(piece: Evidence) -> str:
    """Return what a timeline line shows of it: the note, or the document."""
    return piece.note or piece.document


def _tells(piece: Evidence) -> bool:
    return enough(piece.note, piece.document)


def _says(text: str, cells: int) -> bool:
    # Every list asks this of all evidence, and the first few letters tell.
    said = 0
    for char in text:
        if char.isalnum():
            said += cell_width(char)
            if said >= cells:
                return True
    return False
