"""A document as it was at an earlier moment, made from what it is and from what the events since say that they changed.

No kept version is read. Acts are taken back in the order of the timeline, the last one first, until one that was done
by then; so the result is what the document really was, also where a clock was put back in between.
"""

from __future__ import annotations

from datetime import date, datetime

from pydantic import ValidationError

from salescoach.document.changes import content, take_back
from salescoach.document.errors import DocumentError
from salescoach.document.models import AnyDocument


class NotTold(DocumentError):
    """What a document was then is not on record: `since` is the first day of which it is."""

    def __init__(self, since: date) -> None:
        super().__init__("not-told", day=since.isoformat())
        self.since = since


class NotMade(DocumentError):
    """A document was not made yet on a day that is asked about."""

    def __init__(self, on: date, made: datetime) -> None:
        super().__init__("not-made", day=on.isoformat(), made=made.date().isoformat())


def as_of(document: AnyDocument, moment: date | datetime) -> AnyDocument | None:
    """Return the document as it was at the end of a day, or at an aware instant; None where it was not made yet.

    An act's day is the date on the clock of who did it, in the offset that its instant carries: so do people name the
    days of what they did, and so do the operations (`Stamp.today`). The result has the timeline up to then, the schema
    of `document` and no numbers, for it was never saved; where nothing was done since it is the document itself. Raises
    NotTold where an act since was recorded without values, as earlier programs did.
    """
    if _after(document.created_at, moment):
        return None
    raw, timeline = content(document), dict(document.timeline)
    last = None
    while timeline:
        key, event = next(reversed(timeline.items()))
        if not _after(event.at, moment):
            break
        if event.changes is None:
            raise NotTold(event.at.date())
        take_back(raw, event.changes)
        last = last or event
        del timeline[key]
    if last is None:
        return document
    try:
        rebuilt = type(document).model_validate(raw)
    except ValidationError as error:
        # The events of the file say that there was what no document can hold.
        raise NotTold(last.at.date()) from error
    return rebuilt.model_copy(update={"timeline": timeline})


def _after(at: datetime, moment: date | datetime) -> bool:
    return at > moment if isinstance(moment, datetime) else at.date() > moment
