"""Makes one record of two that were kept of one person apart: of each field the value that was edited last is taken."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from pydantic import JsonValue

from salescoach.customer.models import Person
from salescoach.customer.names import folded, others
from salescoach.customer.rungs import last_step, proves, steps
from salescoach.document.change import fit
from salescoach.text import NOTE_LIMIT, fold

_BY_RULE: Final = frozenset(
    {
        "name",
        "other_names",
        "note",
        "rung",
        "rung_since",
        "rungs",
        "styles",
        "guide",
        "left",
        "reports_to",
        "order",
    }
)
"""Fields with a rule of their own; of all others the later value is taken, and a value fills a gap."""


_PLAIN: Final = tuple(name for name in Person.model_fields if name not in _BY_RULE)


class Differing(NamedTuple):
    """A field that this program does not know and that two records tell differently: `path` leads to it in the record."""

    path: tuple[str, ...]
    kept: JsonValue
    lost: JsonValue
    kept_at: datetime
    lost_at: datetime


@dataclass(frozen=True, slots=True)
class Record:
    """What is known of a person in one place."""

    person: Person
    made: datetime
    edited: Mapping[str, datetime]
    """When which field was changed after the record was made, as far as that is known."""
    place: str = ""
    """Where it was kept, as a note about it tells."""
    differing: tuple[Differing, ...] = ()
    over: tuple[str, ...] = ()
    """Lines that the person's note has no room for."""

    @property
    def touched(self) -> datetime:
        """When anything of it was last changed."""
        return max((self.made, *self.edited.values()))

    def at(self, field: str) -> datetime:
        """Return when a field was last changed, as far as that is known."""
        # Whoever goes on writing about somebody takes it that he is still there.
        return self.edited.get(field, self.touched if field == "left" else self.made)


def united(
    one: Record,
    other: Record,
    *,
    ladder: Sequence[str] = (),
    labels: Mapping[str, str] | None = None,
) -> Record:
    """Return one record with everything that either tells; a value that had to give way goes into the person's note.

    `ladder` has the playbook's rungs from low to high, `labels` the fields' names for that note. Whether somebody reports to
    others in a circle is for who knows the others.
    """
    return _Uniting(one, other, ladder, labels or {}).record()


class _Uniting:
    def __init__(
        self, one: Record, other: Record, ladder: Sequence[str], labels: Mapping[str, str]
    ) -> None:
        self.one, self.other = one, other
        self.ladder, self.labels = ladder, labels
        self.times: dict[str, datetime] = {}
        """When the values were edited that were taken."""
        self.lines: list[str] = []
        self.differing = [*one.differing, *other.differing]

    def record(self) -> Record:
        one, other = self.one.person, self.other.person
        values: dict[str, Any] = self._names()
        for field in _PLAIN:
            values[field] = self._later(field)
        values |= self._rung()
        values["rungs"] = _all(one.rungs, other.rungs)
        values["styles"] = _all(one.styles, other.styles)
        values["guide"] = self._flag("guide")
        values["left"] = self._ordered("left")[0].person.left
        values["reports_to"] = self._superior()
        values["order"] = min(one.order, other.order)
        values |= self._unknown(one.model_extra or {}, other.model_extra or {}, ())
        note, over = self._note()
        person = fit(one, **values, note=note)
        edited = {
            field: self.times.get(field) or max(self.one.at(field), self.other.at(field))
            for field in self.one.edited.keys() | self.other.edited.keys() | self.times.keys()
        }
        return replace(
            self.one,
            person=person,
            made=max(self.one.made, self.other.made),
            edited=edited,
            differing=tuple(self.differing),
            over=(*self.one.over, *self.other.over, *over),
        )

    def _ordered(self, field: str) -> tuple[Record, Record]:
        """Return the record in which a field was edited later, and the other one; told apart by content at one moment."""
        first, second = self.one.at(field), self.other.at(field)
        if first == second:
            texts = [
                json.dumps(_json(getattr(each.person, field))) for each in (self.one, self.other)
            ]
            return (self.one, self.other) if texts[0] >= texts[1] else (self.other, self.one)
        return (self.one, self.other) if first > second else (self.other, self.one)

    def _names(self) -> dict[str, Any]:
        new, old = self._ordered("name")
        name = new.person.name
        names = others(
            name, self.one.person.other_names, self.other.person.other_names, [old.person.name]
        )
        return {"name": name, "other_names": names}

    def _later(self, field: str) -> object:
        same = getattr(self.one.person, field)
        if same == getattr(self.other.person, field):
            self.times[field] = max(self.one.at(field), self.other.at(field))
            return same
        new, old = self._ordered(field)
        value, lost = getattr(new.person, field), getattr(old.person, field)
        taken = new if value not in (None, "") else old
        self.times[field] = taken.at(field)
        if taken is old:
            return lost
        if lost not in (None, "") and _plain(field, lost) != _plain(field, value):
            self._tell(field, str(lost), old)
        return value

    def _tell(self, field: str, value: str, where: Record) -> None:
        label = self.labels.get(field, field)
        self.lines.append(f"{label}: {value}" + (f" ({where.place})" if where.place else ""))

    def _flag(self, field: str) -> bool:
        """Return a mark that somebody sets by hand: it stands unless it was taken away after it was set."""
        new, old = self._ordered(field)
        value: bool = getattr(new.person, field)
        return value or (field not in new.edited and getattr(old.person, field))

    def _superior(self) -> str | None:
        new, old = self._ordered("reports_to")
        return new.person.reports_to or (
            old.person.reports_to if "reports_to" not in new.edited else None
        )

    def _rung(self) -> dict[str, Any]:
        """Return the rung that is shown, of two that are the higher one, unless somebody came down from there since."""
        new, old = self._ordered("rung")
        taken = new
        if _never_placed(new.person) or (
            not _came_down(new.person, self.ladder) and self._better(old, new)
        ):
            taken = old
        lost = new if taken is old else old
        if (
            lost.person.rung is not None
            and lost.person.rung != taken.person.rung
            and not lost.person.rungs
        ):
            self._tell("rung", lost.person.rung, lost)  # no step tells of it
        return {"rung": taken.person.rung, "rung_since": taken.person.rung_since}

    def _better(self, old: Record, new: Record) -> bool:
        shown = [_is_shown(each.person) for each in (old, new)]
        if shown[0] != shown[1]:
            return shown[0]
        ranks = [_rank(each.person.rung, self.ladder) for each in (old, new)]
        return shown[0] and ranks[0] > ranks[1]

    def _note(self) -> tuple[str, list[str]]:
        new, old = self._ordered("note")
        note, over = new.person.note, list[str]()
        for line in (old.person.note, *self.lines):
            if not line or line in note:
                continue
            longer = f"{note}\n{line}" if note else line
            if note and note in line:
                longer = line
            if len(longer) > NOTE_LIMIT:
                over.append(line)
            else:
                note = longer
        return note, over

    def _unknown(
        self, one: Mapping[str, JsonValue], other: Mapping[str, JsonValue], path: tuple[str, ...]
    ) -> dict[str, JsonValue]:
        """Unite fields that this program does not know, at any depth."""
        new, old = (one, other) if self.one.touched >= self.other.touched else (other, one)
        times = sorted((self.one.touched, self.other.touched))
        found: dict[str, JsonValue] = {}
        for key in {**one, **other}:
            if key not in new or key not in old:
                found[key] = new[key] if key in new else old[key]
                continue
            kept, lost = new[key], old[key]
            if isinstance(kept, dict) and isinstance(lost, dict):
                found[key] = self._unknown(one[key], other[key], (*path, key))  # type: ignore[arg-type]
                continue
            found[key] = kept
            if json.dumps(kept, sort_keys=True) != json.dumps(lost, sort_keys=True):
                self.differing.append(Differing((*path, key), kept, lost, times[1], times[0]))
        return found


def _all(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """Return the entries of both; of one that differs the one that a coach judged, or that says more, is taken."""
    found = {**one, **other}
    for key in one.keys() & other.keys():
        if one[key] != other[key]:
            found[key] = max(one[key], other[key], key=_weight)
    return dict(sorted(found.items(), key=lambda each: (_moment(each[1]), each[0])))


def _weight(part: Any) -> tuple[bool, str]:
    judged = getattr(part, "confirmed_at", None) is not None or bool(getattr(part, "challenge", ""))
    return judged, part.model_dump_json()


def _moment(part: Any) -> str:
    at = getattr(part, "at", None)
    return f"{at.timestamp():020.6f}" if at is not None else f"{part.on}"


def _never_placed(who: Person) -> bool:
    return who.rung is None and not who.rungs


def _came_down(who: Person, ladder: Sequence[str]) -> bool:
    """Say whether the last step recorded of somebody was one down."""
    taken = [step.rung for _, step in steps(who)]
    if not taken or taken[-1] != who.rung:
        return False
    return any(_rank(rung, ladder) > _rank(who.rung, ladder) for rung in taken[:-1])


def _is_shown(who: Person) -> bool:
    step = last_step(who)
    return who.rung is not None and step is not None and proves(step[1])


def _rank(rung: str | None, ladder: Sequence[str]) -> int:
    return ladder.index(rung) + 1 if rung in ladder else 0


def _plain(field: str, value: object) -> str:
    # A number's blanks and dashes mean nothing; an address's point does.
    return folded(str(value)) if field == "phone" else fold(str(value))


def _json(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value
