"""Reads a day as people type it; what cannot be read, or can be read in two ways, is refused with the mend.

What repeats (a weekday, a day of a month, the end of a quarter) is the next one, or for a field that tells of the past
the last one; `docs/days.md` lists what each kind means.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date

from salescoach.deal.days import chinese, english, numeric
from salescoach.deal.days.question import FIRST_YEAR, LAST_YEAR, Question, Reading
from salescoach.deal.workdays import Workdays
from salescoach.document.errors import InvalidValue
from salescoach.text import clean

_LONGEST = 60


def read_day(
    text: str,
    today: date,
    *,
    past: bool = False,
    workdays: Callable[[], Workdays] = lambda: Workdays({}),
) -> Reading:
    """Return the day that `text` means, such as `2026-02-28`, `明天`, `月底`, `next wed` or `5 business days`.

    `past` reads what repeats as the last one up to `today` and not the next; `workdays` is asked only where workdays
    are counted. Raises InvalidValue: `empty`, `bad-date`, `no-such-day` for one that the calendar does not have, and
    `two-days` for what can be read in two ways.
    """
    if not clean(text):
        raise InvalidValue("empty", field="date")
    spaced = " ".join(unicodedata.normalize("NFKC", clean(text)).casefold().split())
    question = Question(clean(text), today, past, workdays)
    if len(spaced) > _LONGEST:
        raise question.refusal("bad-date")
    close = re.sub(r"\s", "", spaced)
    try:
        found: Reading | date | None = (
            numeric.read(close, question)
            or chinese.read(close, question)
            or english.read(spaced, question)
            or (None if past else chinese.by(close, question))
        )
    except OverflowError:
        raise question.refusal("bad-date") from None
    except ValueError:
        raise question.refusal("no-such-day") from None
    if found is None:
        raise question.refusal("bad-date")
    reading = found if isinstance(found, Reading) else Reading(found)
    if not FIRST_YEAR <= reading.day.year <= LAST_YEAR:
        raise question.refusal("bad-date")
    return reading
