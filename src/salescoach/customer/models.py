"""The customer document: an organisation we sell to, its people, and what is known of both.

A person has one record, whatever the number of deals; what is particular to a deal stands in the deal.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, ClassVar, Self, TypeVar

from pydantic import Field, JsonValue

from salescoach.customer.reporting import circle, with_referred
from salescoach.document.errors import Clash, InvalidValue, MergeFailed, NotThere
from salescoach.document.merge_rules import Group, Rule
from salescoach.document.models import (
    JUDGED,
    MADE,
    Day,
    Document,
    Id,
    Instant,
    Line,
    Name,
    Note,
    Order,
    Part,
)
from salescoach.playbook.models import Key

if TYPE_CHECKING:
    from salescoach.document.traces import Traces


class StyleJudgement(Part):
    """What communication style a person showed on a day; people show different ones at different times."""

    MERGE: ClassVar[Rule] = Rule((Group(along=("by",)),))

    style: Key
    on: Day
    note: Note = ""
    by: Line = ""


class RungStep(Part):
    """A person's move to another relationship stage: who showed it, when, what happened."""

    MERGE: ClassVar[Rule] = Rule((JUDGED, MADE))

    rung: Key | None = None
    on: Day
    """The day it happened."""
    who: Line = ""
    note: Note = ""
    """What happened; without it the rung is only claimed."""
    reason: Note = ""
    """Why it went down, or up by several rungs at once."""
    down: bool = False
    """Whether it led down. The steps before it do not tell: they may be from a record that was made one with this."""
    challenge: Note = ""
    """What a coach asked when he did not accept it."""
    challenged_at: Instant | None = None
    challenged_by: Line = ""
    confirmed_at: Instant | None = None
    confirmed_by: Line = ""
    self_confirmed: bool = False
    at: Instant
    by: Line = ""


class Person(Part):
    """Somebody at the customer."""

    MERGE: ClassVar[Rule] = Rule(
        (Group(("rung",), ("rung_since",)), Group(along=("order",))), sets=("other_names",)
    )

    name: Name
    other_names: tuple[Name, ...] = ()
    """Names that he is also known by, such as one in Latin letters."""
    title: Line = ""
    department: Line = ""
    level: Key | None = None
    function: Key | None = None
    rung: Key | None = None
    """None is the bottom of the ladder: a stranger."""
    rung_since: Day | None = None
    rungs: dict[Id, RungStep] = Field(default_factory=dict)
    """How the present rung was reached."""
    styles: dict[Id, StyleJudgement] = Field(default_factory=dict)
    guide: bool = False
    reports_to: Id | None = None
    phone: Line = ""
    email: Line = ""
    birthday: Line = ""
    """A day as `YYYY-MM-DD`, or as `MM-DD` where the year is not known."""
    note: Note = ""
    left: bool = False
    """Has left the customer; kept for the record."""
    order: Order = 0


class Redirect(Part):
    """Whom an id stands for since two records of one person were merged."""

    MERGE: ClassVar[Rule] = Rule((MADE,))

    to: Id
    ladder: tuple[Key, ...] = ()
    """The rungs from low to high by which theirs were compared, so that it comes out the same wherever it is done."""
    at: Instant
    by: Line = ""


class Erased(Part):
    """The place of a person whose data left for good; no merge and no restore brings them back."""

    MERGE: ClassVar[Rule] = Rule((MADE,))

    at: Instant
    by: Line = ""


class Apart(Part):
    """Two people, or two customers, that somebody has called different although they look alike."""

    MERGE: ClassVar[Rule] = Rule((MADE,))

    one: Id
    other: Id
    at: Instant
    by: Line = ""


class NoteEntry(Part):
    """A note on the customer or on one of its people; never edited, only added."""

    MERGE: ClassVar[Rule] = Rule((MADE,))

    text: Note
    person: Id | None = None
    at: Instant
    by: Line = ""


class Customer(Document):
    """An organisation we sell to: the document that is saved."""

    SCHEMA: ClassVar[int] = 1
    MERGE: ClassVar[Rule] = Document.merge_rule(sets=("other_names",), only_added=("erased",))

    schema_: int = Field(default=SCHEMA, alias="schema", ge=1)
    name: Name
    other_names: tuple[Name, ...] = ()
    """Names that it is also known by: the short one, the English one, the earlier one."""
    merged_into: Id | None = None
    """The customer whose record has all of this one, since the two were found to be the same."""
    people: dict[Id, Person] = Field(default_factory=dict)
    redirects: dict[Id, Redirect] = Field(default_factory=dict)
    """By the id of a record that was merged into another one of the people."""
    erased: dict[Id, Erased] = Field(default_factory=dict)
    apart: dict[Id, Apart] = Field(default_factory=dict)
    """Pairs that are not offered for merging; a pair of customers stands in either of them."""
    facts: dict[str, Part] = Field(default_factory=dict)
    activities: dict[Id, Part] = Field(default_factory=dict)
    notes: dict[Id, NoteEntry] = Field(default_factory=dict)

    def person_id(self, key: str) -> str:
        """Return the id of the record that a person's id leads to; the id itself where it was merged into none."""
        seen = {key}
        while (found := self.redirects.get(key)) is not None and found.to not in seen:
            key = found.to
            seen.add(key)
        return key

    def ids_of(self, key: str) -> frozenset[str]:
        """Return all the ids that stand for the person that an id leads to."""
        stays = self.person_id(key)
        return frozenset({stays, *(one for one in self.redirects if self.person_id(one) == stays)})

    def are_apart(self, one: str, other: str) -> bool:
        """Say whether somebody has called two people, or this customer and another one, different."""
        wanted = {self.person_id(one), self.person_id(other)}
        return any(
            {self.person_id(pair.one), self.person_id(pair.other)} == wanted
            for pair in self.apart.values()
        )

    @classmethod
    def aligned(cls, base: Self | None, mine: Self, stored: Self) -> tuple[Self | None, Self, Self]:
        """Return three versions with the same people made one, so that what was changed in a record that is gone stays.

        Who was erased in any of them is in none.
        """
        from salescoach.customer.erasing import forgotten
        from salescoach.customer.redirecting import agreed_on, redirected

        if any(one is not None and one.erased for one in (base, mine, stored)):
            base, (mine, stored) = forgotten(base, mine, stored)
        if not mine.redirects and not stored.redirects:
            return base, mine, stored
        redirects = agreed_on(base, mine, stored)
        before = redirected(base, redirects) if base is not None else None
        return before, redirected(mine, redirects), redirected(stored, redirects)

    @property
    def tombstones(self) -> Mapping[str, Mapping[str, str]]:
        """Return who was erased from it; see `Document.tombstones`."""
        return {key: {"at": one.at.isoformat(), "by": one.by} for key, one in self.erased.items()}

    def known_by(self, ids: Iterable[str]) -> Traces:
        """Return what people are known by, and were before; see `Document.known_by`."""
        from salescoach.customer.erasing import known_by

        return known_by(self, ids)

    def forgetting(
        self, gone: Mapping[str, Mapping[str, object]], known_by: Traces | None = None
    ) -> Self:
        """Return it without people who were erased elsewhere in the home; see `Document.forgetting`.

        It knows best itself what they are known by.
        """
        del known_by
        known = {
            key: Erased.model_validate(one)
            for key, one in gone.items()
            if key in self.people or key in self.redirects
        }
        if not known:
            return self
        marked = self.model_copy(update={"erased": {**known, **self.erased}})
        return self.aligned(None, marked, marked)[2]

    def merged(self, base: Self | None, mine: Self, stored: Self, *, strict: bool) -> Self:
        """Return the customer with the people whom somebody reports to, and without the erased; see `Document.merged`."""
        del base
        people = with_referred(self.people, (), mine.people, stored.people)
        if strict and (back := people.keys() - self.people.keys()):
            raise Clash(("people", min(back)))
        people = {key: one for key, one in people.items() if key not in self.erased}
        before = circle(mine.people) | circle(stored.people)
        while new := circle(people) - before:
            # Where two were found to be one, somebody may have come to report to himself; else people contradict.
            ends = new & {self.person_id(key) for key in self.redirects}
            if strict or not ends:
                names = ", ".join(sorted(people[key].name for key in new))
                raise MergeFailed("merge-circle", contacts=names[:200])
            people[min(ends)] = people[min(ends)].model_copy(update={"reports_to": None})
        if people == self.people:
            return self
        return self.model_copy(update={"people": people})

    def settled(self, before: Self, path: tuple[str, ...]) -> None:
        """Raise InvalidValue where somebody reports to himself in the end, NotThere where he reports to nobody."""
        if path[-1] != "reports_to" or path[1] not in self.people:
            return
        who = self.people[path[1]]
        above = self.people.get(who.reports_to or "")
        if who.reports_to is not None and above is None:
            raise NotThere("contact-unknown", asked=who.reports_to)
        if above is not None and circle(self.people) - circle(before.people):
            raise InvalidValue("reports-to-circle", contact=who.name, superior=above.name)

    def subject(self, path: tuple[str, ...]) -> dict[str, str]:
        """Return the person that a path leads to."""
        field, key = path
        if field != "people":
            return {}
        person = self.people.get(key)
        return {"contact": person.name if person else "", "contact_id": key}

    def name_of(self, field: str, value: JsonValue) -> str | None:
        """Return the name of the person that somebody reports to."""
        found = self.people.get(value) if isinstance(value, str) else None
        return found.name if found is not None and field == "reports_to" else None


AnyPerson = TypeVar("AnyPerson", bound=Person)
