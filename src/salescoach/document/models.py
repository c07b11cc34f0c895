"""What every saved document is: cleaned and bounded values, frozen parts, and the record of what was done and saved.

Collections are keyed maps so that edits from two places merge field by field; unknown fields survive at every depth;
every text is cleaned on the way in. Models are frozen: operations return new ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Final, Literal, Self, TypeVar

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    JsonValue,
    StringConstraints,
)
from pydantic_core import PydanticCustomError

from salescoach.document.merge_rules import PLAIN, Group, Rule
from salescoach.document.migrate import Step
from salescoach.text import NAME_LIMIT, NOTE_LIMIT, clean

if TYPE_CHECKING:
    from salescoach.document.traces import Traces

FIRST_YEAR, LAST_YEAR = 1900, 2199
"""Years that a day or a moment may lie in: any zone and any number of days can be reckoned from there."""
MAX_WHOLE = 2**53
"""The largest whole number: every program that reads JSON gives it back as it was written."""
_MAX_DIGITS = 28
_LEAST_EXPONENT, _MOST_EXPONENT = -20, 15


def _line(value: str) -> str:
    return _within(clean(value), NAME_LIMIT)


def _note(value: str) -> str:
    return _within(clean(value, multiline=True), NOTE_LIMIT)


def _within(value: str, limit: int) -> str:
    if len(value) > limit:
        raise PydanticCustomError("too_long", "longer than {limit} characters", {"limit": limit})
    return value


def _payable(value: Decimal) -> Decimal:
    # The exponent first: with a huge one, comparing or writing the number out takes all memory there is.
    _, digits, exponent = value.as_tuple()
    plain = isinstance(exponent, int) and _LEAST_EXPONENT <= exponent <= _MOST_EXPONENT
    if not plain or len(digits) > _MAX_DIGITS or value < 0 or value >= Decimal(10) ** 15:
        raise PydanticCustomError(
            "amount_range",
            "an amount is from 0 to below 10^15 and has at most {digits} digits",
            {"digits": _MAX_DIGITS},
        )
    return value


AnyDay = TypeVar("AnyDay", bound=date)


def _in_years(value: AnyDay) -> AnyDay:
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise PydanticCustomError(
            "date_range",
            "a day is in the years {first} to {last}",
            {"first": FIRST_YEAR, "last": LAST_YEAR},
        )
    return value


Line = Annotated[str, AfterValidator(_line)]
"""A cleaned single-line text."""
Name = Annotated[Line, StringConstraints(min_length=1)]
Note = Annotated[str, AfterValidator(_note)]
"""A cleaned multi-line text."""
Id = Annotated[
    str, StringConstraints(pattern="^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$")
]
"""A UUID in its usual lower-case form; a pattern, since there are thousands of them in a large deal."""
UserId = Annotated[
    str,
    StringConstraints(pattern="^([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})?$"),
]
"""Who a user is, under whatever name: the id in his settings. Empty where none was recorded, and for who is no user here."""
Day = Annotated[date, AfterValidator(_in_years)]
Instant = Annotated[AwareDatetime, AfterValidator(_in_years)]
"""A moment with its offset from UTC."""
Money = Annotated[Decimal, AfterValidator(_payable)]
Count = Annotated[int, Field(ge=0, le=MAX_WHOLE)]
Order = Annotated[int, Field(ge=-MAX_WHOLE, le=MAX_WHOLE)]
"""Sorts entries; equal ones are told apart by when they were made."""
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
"""An ISO 4217 code."""
Digest = Annotated[str, StringConstraints(pattern=r"^([0-9a-f]{32})?$")]
"""The id of a save, made from what was saved; empty for what was never saved."""
Actor = Literal["rep", "coach"]
Changes = dict[str, dict[str, JsonValue]]
"""By the JSON Pointer of a place in the document, the `old` and the `new` value there, as JSON; absent is not null."""


class Part(BaseModel):
    """Base of everything in the document: frozen, keeps unknown fields, refuses NaN."""

    MERGE: ClassVar[Rule] = PLAIN
    """How the fields of the model merge."""

    model_config = ConfigDict(
        extra="allow",
        frozen=True,
        allow_inf_nan=False,
        populate_by_name=True,
        validate_default=False,
    )

    def but(self, **changes: object) -> Self:
        """Return a copy with `changes`, validated. Raises pydantic.ValidationError for a value that does not fit."""
        values = {name: getattr(self, name) for name in type(self).model_fields}
        return type(self).model_validate(values | (self.model_extra or {}) | changes)

    @classmethod
    def mend(cls, values: dict[str, Any], sides: Sequence[Any]) -> None:
        """Put merged `values`, by field, in agreement with each other, in place.

        `sides` are the two that were merged and their base, None where there is none.
        """


class Versions(Part):
    """Where undo and redo led in files of earlier programs: revision numbers kept in the history, or None."""

    undo: Count | None = None
    redo: Count | None = None


class Ancestry(Part):
    """What a document was saved on top of; see `deal.ancestry`."""

    on: tuple[Digest, ...] = ()
    """The save it goes on from; several after a merge."""
    before: dict[Digest, tuple[Digest, ...]] = Field(default_factory=dict)
    """The saves it descends from, each after those that it went on from itself; the oldest are dropped in time."""


def _is_empty(part: Part) -> bool:
    return part == type(part)()


def _is_none(value: object) -> bool:
    return value is None


MADE = Group(along=("at", "by"))
"""Who made something and when goes along with the thing."""
NOT_CONFIRMED: Final = {"confirmed_at": None, "confirmed_by": "", "self_confirmed": False}
"""The fields of what no coach has confirmed."""
JUDGED = Group(
    ("challenge", "confirmed_at"),
    ("challenged_at", "challenged_by", "confirmed_by", "self_confirmed"),
)
"""A coach's verdict is one value."""


class Evidence(Part):
    """Who said or showed it, when, a note, a document reference."""

    MERGE: ClassVar[Rule] = Rule((MADE,))

    who: Line = ""
    on: Day | None = None
    """The day it was said or shown."""
    note: Note = ""
    document: Line = ""
    against: bool = False
    """It speaks against the thing, not for it."""
    at: Instant
    by: Line = ""


class Event(Part):
    """One line of the timeline: an operation by its name with the facts needed to tell it in any language."""

    MERGE: ClassVar[Rule] = Rule(
        (Group(along=("what", "about", "at", "by", "by_id", "role", "changes")),)
    )

    what: Annotated[str, StringConstraints(pattern=r"^[a-z]+(-[a-z]+)*$", max_length=40)]
    """The operation: `created`, `ticked`, `evidence-added`, `stage-closed`, ..."""
    about: dict[str, Line] = Field(default_factory=dict)
    """Parameters by name: item, stage, contact, text, before, after, reason."""
    at: Instant
    by: Line = ""
    by_id: UserId = ""
    """The one place that keeps who a user is: what an act leaves elsewhere has its `at` and `by`; see `document.authors`."""
    role: Actor = "rep"
    changes: Changes | None = Field(default=None, exclude_if=_is_none)
    """What it changed; None in what earlier programs saved, which tell nothing of it. See `document.changes`."""


class Conflict(Part):
    """A field that was changed in two places to different things: what the document has, and what the other place had."""

    path: Annotated[tuple[str, ...], Field(min_length=1)]
    """The keys that lead to the field in the document, such as `("contacts", "<id>", "title")`."""
    kept: JsonValue = None
    """The value the document got, as JSON: money as its text, dates as ISO."""
    kept_with: dict[str, JsonValue] = Field(default_factory=dict)
    """Fields beside it that go with the value, such as the reason of a status."""
    kept_at: Instant
    kept_by: Line = ""
    lost: JsonValue = None
    lost_with: dict[str, JsonValue] = Field(default_factory=dict)
    lost_at: Instant
    lost_by: Line = ""


class Document(Part):
    """What is saved in one JSON file. A kind of document adds its own fields."""

    SCHEMA: ClassVar[int]
    """The schema this program writes; a document with a higher one opens read-only."""
    STEPS: ClassVar[Mapping[int, Step]] = {}
    """By schema: what makes the next one of the raw document; see `document.migrate`."""

    schema_: int = Field(alias="schema", ge=1)
    rev: Count = 0
    save: Digest = ""
    """The id of this save."""
    versions: Versions = Field(default_factory=Versions, exclude_if=_is_empty)
    id: Id
    created_at: Instant
    conflicts: dict[Id, Conflict] = Field(default_factory=dict)
    """What a merge could not decide, until a person has settled it."""
    timeline: dict[Id, Event] = Field(default_factory=dict)
    ancestry: Ancestry = Field(default_factory=Ancestry, exclude_if=_is_empty)

    @property
    def events(self) -> Mapping[str, Event]:
        """What was done in the document, in the order of time; what is read with it may add to that."""
        return self.timeline

    @property
    def open_conflicts(self) -> Mapping[str, Conflict]:
        """What a merge could not decide in the document; what is read with it may add to that."""
        return self.conflicts

    @property
    def is_newer(self) -> bool:
        """Whether a later program saved it: it may be shown, never written."""
        return self.schema_ > self.SCHEMA

    @classmethod
    def merge_rule(cls, **more: Any) -> Rule:
        """Return the rule of a kind of document, which has `more` (fields of Rule) beside what all have."""
        groups = (*more.pop("groups", ()), Group(along=("created_at",)))
        apart = ("schema_", "id", "conflicts", *NUMBERS)
        added = ("timeline", *more.pop("only_added", ()))
        return Rule(groups=groups, only_added=added, apart=apart, **more)

    @classmethod
    def aligned(cls, base: Self | None, mine: Self, stored: Self) -> tuple[Self | None, Self, Self]:
        """Return three versions that are to be merged, under the same ids and without what is to come back from none."""
        return base, mine, stored

    def merged(self, base: Self | None, mine: Self, stored: Self, *, strict: bool) -> Self:
        """Return the document, which was merged from `mine` and `stored` on their `base`, with what its kind keeps true put right.

        Raises MergeFailed where the two make none, and Clash with `strict` where `stored` would have to give way.
        """
        del base, mine, stored, strict
        return self

    @property
    def tombstones(self) -> Mapping[str, Mapping[str, str]]:
        """Who was erased from the document, by id: when (`at`) and by whom (`by`)."""
        return {}

    def forgetting(
        self, gone: Mapping[str, Mapping[str, object]], known_by: Traces | None = None
    ) -> Self:
        """Return the document without the people with these ids, who were erased (`at`, `by`); itself where it knows none.

        `known_by` is what another document, which tells more of them, knows them by.
        """
        del gone, known_by
        return self

    def known_by(self, ids: Iterable[str]) -> Traces:
        """Return what the document knows people with these ids by."""
        from salescoach.document.traces import Traces

        del ids
        return Traces()

    def takes_back(self, before: Self, after: Self) -> None:
        """Raise MergeFailed where the act that made `after` of `before` cannot be taken back, or done again, in this document."""
        del before, after

    def settled(self, before: Self, path: tuple[str, ...]) -> None:
        """Raise InvalidValue where the document, in which the value at `path` was put back, holds no longer together."""
        del before, path

    def subject(self, path: tuple[str, ...]) -> dict[str, str]:
        """Return whom or what the entry at `path`, a map's field and a key, is about, as an event tells it."""
        del path
        return {}

    def name_of(self, field: str, value: JsonValue) -> str | None:
        """Return the name that a field's value stands for, where it is an id; None for any other value."""
        del field, value
        return None


NUMBERS = ("rev", "save", "versions", "ancestry")
"""Fields that tell about the save and not about the document."""
TAIL = ("conflicts", "timeline", "ancestry")
"""Fields that are written last, after what people look for."""
AnyPart = TypeVar("AnyPart", bound=Part)
AnyDocument = TypeVar("AnyDocument", bound=Document)
