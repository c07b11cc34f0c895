"""A person's birthday: a day of a year, or only the day where nobody knows the year."""

from __future__ import annotations

import re
from datetime import date

from salescoach.document.change import shown
from salescoach.document.errors import InvalidValue
from salescoach.document.models import FIRST_YEAR
from salescoach.document.stamp import Stamp
from salescoach.text import clean

_ANY_LEAP_YEAR = 2000
_WRITTEN = re.compile(
    r"(?:(?P<year>\d{4})\s*[-/.年]\s*)?(?P<month>\d{1,2})\s*[-/.月]\s*(?P<day>\d{1,2})\s*[日号]?"
)


def birthday_of(text: str, stamp: Stamp) -> str:
    """Return a birthday as the document has it, `YYYY-MM-DD` or `MM-DD`; empty for none.

    It may be written as `1980-3-8`, `3/8` or `3月8日`. Raises InvalidValue for what is no day, and for a day after the
    stamp's.
    """
    line = clean(text)
    if not line:
        return ""
    found = _WRITTEN.fullmatch(line)
    if found is None:
        raise InvalidValue("bad-birthday", value=shown(line))
    year, month, day = (int(one) if one else 0 for one in found.group("year", "month", "day"))
    try:
        # Without a year the 29th of February is a day like any other.
        on = date(year if found["year"] else _ANY_LEAP_YEAR, month, day)
    except ValueError:
        raise InvalidValue("bad-birthday", value=shown(line)) from None
    if not found["year"]:
        return f"{on:%m-%d}"
    if on.year < FIRST_YEAR:
        raise InvalidValue("bad-birthday", value=shown(line))
    if on > stamp.today:
        raise InvalidValue("birthday-to-come", value=on.isoformat())
    return on.isoformat()
