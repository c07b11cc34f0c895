"""The deal document: one JSON file per deal, its fields in this order.

Collections are keyed maps so that edits from two places merge field by field; unknown fields survive at every depth;
every text is cleaned on the way in. Models are frozen: the operations of this package return new ones.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal, Self, TypeVar

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

from salescoach.playbook.models import DealKind, Key
from salescoach.text import NAME_LIMIT, NOTE_LIMIT, clean

SCHEMA = 1
"""The schema this program writes; a deal with a higher one opens read-only."""
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
Status = Literal["open", "nurture", "won", "lost"]
State = Literal["open", "claimed", "evidenced", "confirmed", "not_applicable"]
Side = Literal["entry", "exit"]


class Part(BaseModel):
    """Base of everything in the document: frozen, keeps unknown fields, refuses NaN."""

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


class PlaybookRef(Part):
    """The playbook a deal was made with."""

    id: Key
    version: str


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


class Evidence(Part):
    """Who said or showed it, when, a note, a document reference."""

    who: Line = ""
    on: Day | None = None
    """The day it was said or shown."""
    note: Note = ""
    document: Line = ""
    against: bool = False
    """It speaks against the thing, not for it."""
    at: Instant
    by: Line = ""


class ItemState(Part):
    """How far one item of the playbook is in this deal."""

    state: State = "open"
    evidence: dict[Id, Evidence] = Field(default_factory=dict)
    reason: Note = ""
    """Why it does not apply."""
    challenge: Note = ""
    """What a coach asked when he did not accept it; empty once something answers it."""
    at: Instant | None = None
    by: Line = ""
    confirmed_at: Instant | None = None
    """When a coach agreed; on an item that is open or claimed he agreed to what the deal's data say."""
    confirmed_by: Line = ""
    self_confirmed: bool = False
    """Who confirmed it had claimed it himself."""


class MarkerState(Part):
    """What backs a stage's entry or exit marker, or the reason for going on without."""

    evidence: dict[Id, Evidence] = Field(default_factory=dict)
    override: Note = ""
    """The reason given for going on although the marker was not met."""
    override_missing: tuple[Line, ...] = ()
    """What was missing when the reason was given: marker or item keys."""
    override_at: Instant | None = None
    override_by: Line = ""
    challenge: Note = ""
    """What a coach asked when he did not accept it; evidence recorded later answers it."""
    challenged_at: Instant | None = None
    challenged_by: Line = ""
    confirmed_at: Instant | None = None
    confirmed_by: Line = ""
    self_confirmed: bool = False


class StageRecord(Part):
    """When a stage was opened and closed, and what its gate rests on."""

    opened: Instant | None = None
    closed: Instant | None = None
    reopened: Instant | None = None
    entry: MarkerState = Field(default_factory=MarkerState)
    exit: MarkerState = Field(default_factory=MarkerState)

    @property
    def is_open(self) -> bool:
        """Whether the stage is being worked on."""
        return self.opened is not None and self.closed is None

    @property
    def since(self) -> Instant | None:
        """The moment from which the days in this stage count."""
        return self.reopened or self.opened


class Answer(Part):
    """An answer to one of the four questions that judge an opportunity."""

    answer: Literal["yes", "no", "unsure"]
    note: Note = ""
    """What tells us so; without it a yes is only claimed."""
    at: Instant
    by: Line = ""


class StyleJudgement(Part):
    """What communication style a contact showed on a day; people show different ones at different times."""

    style: Key
    on: Day
    note: Note = ""
    by: Line = ""


class RungStep(Part):
    """A contact's move to another relationship stage: who showed it, when, what happened."""

    rung: Key | None = None
    on: Day
    """The day it happened."""
    who: Line = ""
    note: Note = ""
    """What happened; without it the rung is only claimed."""
    reason: Note = ""
    """Why it went down, or up by several rungs at once."""
    challenge: Note = ""
    """What a coach asked when he did not accept it."""
    challenged_at: Instant | None = None
    challenged_by: Line = ""
    confirmed_at: Instant | None = None
    confirmed_by: Line = ""
    self_confirmed: bool = False
    at: Instant
    by: Line = ""


class Contact(Part):
    """A person at the customer."""

    name: Name
    title: Line = ""
    department: Line = ""
    level: Key | None = None
    function: Key | None = None
    roles: tuple[Key, ...] = ()
    rung: Key | None = None
    """None is the bottom of the ladder: a stranger."""
    rung_since: Day | None = None
    rungs: dict[Id, RungStep] = Field(default_factory=dict)
    """How the present rung was reached."""
    styles: dict[Id, StyleJudgement] = Field(default_factory=dict)
    guide: bool = False
    key: bool = False
    """Marked as a key contact by hand, whatever the roles say."""
    reports_to: Id | None = None
    phone: Line = ""
    email: Line = ""
    note: Note = ""
    left: bool = False
    """No longer plays a part; kept for the record."""
    order: Order = 0


class Action(Part):
    """A next step: what, by when, whose, and who at the customer agreed to it."""

    text: Name
    due: Day | None = None
    owner: Line = ""
    agreed_with: Line = ""
    item: Key | None = None
    """The item it is meant to get done, if any."""
    done_at: Instant | None = None
    done_by: Line = ""
    outcome: Line = ""
    """What came of it."""
    snoozed: Count = 0
    """How often its date was moved."""
    at: Instant
    by: Line = ""
    order: Order = 0


class NoteEntry(Part):
    """A note; never edited, only added."""

    text: Note
    item: Key | None = None
    contact: Id | None = None
    at: Instant
    by: Line = ""


class PhaseChange(Part):
    """One entry of the buying phase's history."""

    phase: Key
    at: Instant
    by: Line = ""


class Event(Part):
    """One line of the timeline: an operation by its name with the facts needed to tell it in any language."""

    what: Annotated[str, StringConstraints(pattern=r"^[a-z]+(-[a-z]+)*$", max_length=40)]
    """The operation: `created`, `ticked`, `evidence-added`, `stage-closed`, ..."""
    about: dict[str, Line] = Field(default_factory=dict)
    """Parameters by name: item, stage, contact, text, before, after, reason."""
    at: Instant
    by: Line = ""
    role: Actor = "rep"


class Conflict(Part):
    """A field that was changed in two places to different things: what the deal has, and what the other place had."""

    path: Annotated[tuple[str, ...], Field(min_length=1)]
    """The keys that lead to the field in the document, such as `("contacts", "<id>", "title")`."""
    kept: JsonValue = None
    """The value the deal got, as JSON: money as its text, dates as ISO."""
    kept_with: dict[str, JsonValue] = Field(default_factory=dict)
    """Fields beside it that go with the value, such as the reason of a status."""
    kept_at: Instant
    kept_by: Line = ""
    lost: JsonValue = None
    lost_with: dict[str, JsonValue] = Field(default_factory=dict)
    lost_at: Instant
    lost_by: Line = ""


class Worksheets(Part):
    """Structured facts behind moves; each worksheet is a keyed map that keeps fields it does not know."""

    fact_file: dict[str, Part] = Field(default_factory=dict)
    needs: dict[str, Part] = Field(default_factory=dict)
    competition: dict[str, Part] = Field(default_factory=dict)
    proposal: dict[str, Part] = Field(default_factory=dict)
    talk: dict[str, Part] = Field(default_factory=dict)
    negotiation: dict[str, Part] = Field(default_factory=dict)
    service: dict[str, Part] = Field(default_factory=dict)
    receivables: dict[str, Part] = Field(default_factory=dict)


class Deal(Part):
    """One opportunity with one customer: the document that is saved."""

    schema_: int = Field(default=SCHEMA, alias="schema", ge=1)
    rev: Count = 0
    save: Digest = ""
    """The id of this save."""
    versions: Versions = Field(default_factory=Versions, exclude_if=_is_empty)
    id: Id
    playbook: PlaybookRef
    name: Name
    customer: Name
    kind: DealKind = "complex"
    owner: Line = ""
    amount: Money | None = None
    currency: Currency = "CNY"
    close_on: Day | None = None
    """The day the contract is expected to be signed."""
    status: Status = "open"
    status_reason: Note = ""
    status_at: Instant | None = None
    revisit_on: Day | None = None
    """For a deal in nurture: when to look at it again."""
    signed_what: Line = ""
    """For a won deal: what was signed, such as the contract's name and number."""
    signed_on: Day | None = None
    signed_amount: Money | None = None
    signed_currency: Currency | None = None
    archived: bool = False
    created_at: Instant
    buying_phase: Key | None = None
    phases: dict[Id, PhaseChange] = Field(default_factory=dict)
    stages: dict[Key, StageRecord] = Field(default_factory=dict)
    answers: dict[Key, Answer] = Field(default_factory=dict)
    items: dict[Key, ItemState] = Field(default_factory=dict)
    contacts: dict[Id, Contact] = Field(default_factory=dict)
    actions: dict[Id, Action] = Field(default_factory=dict)
    notes: dict[Id, NoteEntry] = Field(default_factory=dict)
    conflicts: dict[Id, Conflict] = Field(default_factory=dict)
    """What a merge could not decide, until a person has settled it."""
    worksheets: Worksheets = Field(default_factory=Worksheets)
    timeline: dict[Id, Event] = Field(default_factory=dict)
    ancestry: Ancestry = Field(default_factory=Ancestry, exclude_if=_is_empty)


NUMBERS = ("rev", "save", "versions", "ancestry")
"""Fields that tell about the save and not about the deal."""
AnyPart = TypeVar("AnyPart", bound=Part)
