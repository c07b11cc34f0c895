"""What two records of one person come to as one: nothing that either says is lost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from pydantic import JsonValue

from salescoach.customer.matching import contradictions
from salescoach.customer.models import Person, RungStep
from salescoach.customer.names import others
from salescoach.customer.reporting import circle
from salescoach.customer.rungs import last_step, proves, steps
from salescoach.document.change import fit
from salescoach.text import NOTE_LIMIT

_GAPS: Final = (
    "title",
    "department",
    "level",
    "function",
    "reports_to",
    "phone",
    "email",
    "birthday",
)
"""Fields that the other record fills where the one that stays has nothing."""
_IN_NOTE: Final = ("title", "department", "phone", "email", "birthday")
"""Those whose value tells by itself what it is: in a note it needs no label, which would be of one language."""
_BETWEEN: Final = " · "


class United(NamedTuple):
    """The one record, and the other's note where the record's own has no room for it."""

    person: Person
    note: str = ""


def united(kept: Person, gone: Person, ladder: Sequence[str]) -> United:
    """Return one record of two: the kept one's values, its gaps filled by the other.

    What contradicts goes into the note, another name among the other names; rungs and styles are put together. The rung
    is the higher one on the `ladder`, whose keys go from low to high, if what happened shows it (method.md, stage 2), and
    else the one that is shown, or the kept record's.
    """
    against = contradictions(kept, gone)
    changes: dict[str, object] = {
        name: getattr(kept, name) or getattr(gone, name) for name in _GAPS
    }
    if "birthday" not in against:
        changes["birthday"] = max(kept.birthday, gone.birthday, key=len)
    rungs = sorted({**gone.rungs, **kept.rungs}.items(), key=lambda one: (one[1].at, one[0]))
    whole, rest = _note(kept, gone, against)
    changes |= {
        "other_names": others(kept.name, kept.other_names, (gone.name,), gone.other_names),
        "guide": kept.guide or gone.guide,
        "styles": {**gone.styles, **kept.styles},
        "rungs": dict(rungs),
        "note": whole,
        "order": min(kept.order, gone.order),
    }
    changes |= _rung(kept, gone, ladder)
    extra = _with_gaps_filled(kept.model_extra or {}, gone.model_extra or {})
    return United(fit(kept, **changes, **extra), rest)


def without_circle(people: Mapping[str, Person], key: str, before: Mapping[str, Person]) -> Person:
    """Return the person `key` without a superior who reports to him in the end, unless that was so `before`."""
    who = people[key]
    if key in circle(people) - circle(before):
        return fit(who, reports_to=None)
    return who


def _note(kept: Person, gone: Person, against: Sequence[str]) -> tuple[str, str]:
    told = [getattr(gone, name) for name in _IN_NOTE if name in against]
    line = f"{gone.name}: {_BETWEEN.join(told)}" if told else ""
    known = kept.note.split("\n\n")
    more = [text for text in (gone.note, line) if text and text not in known and text != kept.note]
    whole = "\n\n".join(filter(None, (kept.note, *more)))
    return (whole, "") if len(whole) <= NOTE_LIMIT else (kept.note, "\n\n".join(more))


def _rung(kept: Person, gone: Person, ladder: Sequence[str]) -> dict[str, object]:
    """Return the fields of the rung that two records come to."""
    winner = kept
    if gone.rung != kept.rung:
        high = max((kept, gone), key=lambda who: _rank(who.rung, ladder))
        low = gone if high is kept else kept
        if (shown := _shown(high)) is not None:
            winner = low if _stepped_down(low, shown, ladder) else high
        elif _shown(low) is not None:
            winner = low
        elif kept.rung is None and not kept.rungs:
            winner = gone
    return {"rung": winner.rung, "rung_since": winner.rung_since}


def _rank(rung: str | None, ladder: Sequence[str]) -> int:
    """Return how high a rung is: nobody's rung is lowest, one of another ladder next."""
    if rung is None:
        return -1
    return ladder.index(rung) + 1 if rung in ladder else 0


def _shown(who: Person) -> RungStep | None:
    """Return the step that shows the rung somebody is on; None for the bottom and for a mere claim."""
    known = last_step(who) if who.rung is not None else None
    return known[1] if known is not None and proves(known[1]) else None


def _stepped_down(who: Person, shown: RungStep, ladder: Sequence[str]) -> bool:
    """Say whether somebody was put lower by what happened after the step that shows a higher rung."""
    found = [step for _, step in steps(who)]
    if len(found) < 2 or found[-1].rung != who.rung:
        return False
    last, before = found[-1], found[-2]
    down = _rank(last.rung, ladder) < _rank(before.rung, ladder)
    return down and (last.on, last.at) > (shown.on, shown.at)


def _with_gaps_filled(
    kept: Mapping[str, JsonValue], gone: Mapping[str, JsonValue]
) -> dict[str, JsonValue]:
    """Return the unknown fields of both, object by object; where both have a value that of the kept one."""
    result = dict(kept)
    for key, value in gone.items():
        mine = result.get(key)
        if key not in result:
            result[key] = value
        elif isinstance(mine, dict) and isinstance(value, dict):
            result[key] = _with_gaps_filled(mine, value)
    return result
