"""The deal document: one JSON file per deal, its fields in this order.

Collections are keyed maps so that edits from two places merge field by field; unknown fields survive at every depth;
every text is cleaned on the way in. Models are frozen: the operations of this package return new ones.
"""

from __future__ import annotations

import operator
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Self

from pydantic import Field, JsonValue, PrivateAttr

from salescoach.customer.models import Customer, Erased, Person
from salescoach.deal.migrate import customer_id_of, with_stakeholders
from salescoach.deal.stakeholders import (
    Beside,
    Contact,
    Stakeholder,
    joined,
    seen_at,
    with_changes,
)
from salescoach.document.errors import MergeFailed
from salescoach.document.merge import merge, same_content
from salescoach.document.merge_rules import Group, Rule
from salescoach.document.migrate import Step
from salescoach.document.models import (
    JUDGED,
    MADE,
    NOT_CONFIRMED,
    Conflict,
    Count,
    Currency,
    Day,
    Document,
    Event,
    Evidence,
    Id,
    Instant,
    Line,
    Money,
    Name,
    Note,
    Order,
    Part,
    UserId,
)
from salescoach.playbook.models import DealKind, Key

if TYPE_CHECKING:
    from salescoach.document.traces import Traces

Status = Literal["open", "nurture", "won", "lost"]
State = Literal["open", "claimed", "evidenced", "confirmed", "not_applicable"]
Side = Literal["entry", "exit"]


class PlaybookRef(Part):
    """The playbook a deal was made with."""

    MERGE: ClassVar[Rule] = Rule((Group(("id", "version")),))

    id: Key
    version: str


class ItemState(Part):
    """How far one item of the playbook is in this deal."""

    MERGE: ClassVar[Rule] = Rule(
        (
            Group(
                ("state", "reason", "challenge"),
                ("confirmed_at", "confirmed_by", "self_confirmed", "at", "by"),
                ("claimed", "evidenced"),
            ),
        ),
        absent_is_untouched=True,
    )

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

    @classmethod
    def mend(cls, values: dict[str, Any], sides: Sequence[Any]) -> None:
        """Keep what `deal.items` keeps: evidence makes a claim evidenced, and without any it is a claim again.

        Who confirmed an item that had no evidence meant that. Where one side took all of an item back and the other had
        added evidence, the item stands by that.
        """
        state, untouched = values["state"], cls()
        if _backed(values["evidence"]):
            taken_back = any(side == untouched for side in sides[:2])
            if taken_back and state == "open":
                told = next((side for side in sides[:2] if side != untouched), sides[0])
                values |= {name: getattr(told, name) for name in ("state", "at", "by")}
                return
            if state == "claimed" and not values["challenge"]:
                values["state"] = "evidenced"
            return
        had_evidence = any(side is not None and _backed(side.evidence) for side in sides)
        meant = any(not _backed(side.evidence) and side.state == state for side in sides[:2])
        if had_evidence and not meant and state in {"evidenced", "confirmed"}:
            values |= {"state": "claimed", **NOT_CONFIRMED}


def _backed(evidence: Mapping[str, Evidence]) -> bool:
    return any(not one.against for one in evidence.values())


class MarkerState(Part):
    """What backs a stage's entry or exit marker, or the reason for going on without."""

    MERGE: ClassVar[Rule] = Rule(
        (Group(("override", "override_missing"), ("override_at", "override_by")), JUDGED)
    )

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

    MERGE: ClassVar[Rule] = Rule(
        (Group(("opened",)), Group(("closed",), ("reopened",))), absent_is_untouched=True
    )

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

    MERGE: ClassVar[Rule] = Rule((Group(("answer", "note"), ("at", "by")),))

    answer: Literal["yes", "no", "unsure"]
    note: Note = ""
    """What tells us so; without it a yes is only claimed."""
    at: Instant
    by: Line = ""


class Action(Part):
    """A next step: what, by when, whose, and who at the customer agreed to it."""

    MERGE: ClassVar[Rule] = Rule(
        (
            Group(("due",), ("snoozed",)),
            Group(("owner",), ("owner_id",)),
            Group(("done_at", "outcome"), ("done_by",)),
            MADE,
            Group(along=("order",)),
        )
    )

    text: Name
    due: Day | None = None
    owner: Line = ""
    owner_id: UserId = ""
    """Set where a user gave it to himself; others are known by name alone."""
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

    MERGE: ClassVar[Rule] = Rule((MADE,))

    text: Note
    item: Key | None = None
    contact: Id | None = None
    at: Instant
    by: Line = ""


class PhaseChange(Part):
    """One entry of the buying phase's history."""

    MERGE: ClassVar[Rule] = Rule((Group(along=("phase", "at", "by")),))

    phase: Key
    at: Instant
    by: Line = ""


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


class Deal(Document):
    """One opportunity with one customer: the document that is saved."""

    MERGE: ClassVar[Rule] = Document.merge_rule(
        groups=(
            Group(("amount", "currency")),
            Group(("owner",), ("owner_id",)),
            Group(
                (
                    "status",
                    "status_reason",
                    "revisit_on",
                    "signed_what",
                    "signed_on",
                    "signed_amount",
                    "signed_currency",
                ),
                ("status_at",),
            ),
            Group(("customer_id",), ("customer",)),
        ),
        only_added=("erased",),
    )

    SCHEMA: ClassVar[int] = 2
    STEPS: ClassVar[Mapping[int, Step]] = {1: with_stakeholders}

    schema_: int = Field(default=SCHEMA, alias="schema", ge=1)
    playbook: PlaybookRef
    name: Name
    customer_id: Id | None = None
    customer: Name
    """The customer's name as last seen."""
    kind: DealKind = "complex"
    owner: Line = ""
    owner_id: UserId = ""
    """Set where a user gave it to himself; others are known by name alone."""
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
    buying_phase: Key | None = None
    phases: dict[Id, PhaseChange] = Field(default_factory=dict)
    stages: dict[Key, StageRecord] = Field(default_factory=dict)
    answers: dict[Key, Answer] = Field(default_factory=dict)
    items: dict[Key, ItemState] = Field(default_factory=dict)
    stakeholders: dict[Id, Stakeholder] = Field(default_factory=dict)
    """By the person's id."""
    carried: dict[Id, Person] = Field(default_factory=dict, exclude_if=operator.not_)
    """People whose records are in no customer's document yet: those of a deal that an earlier program saved."""
    erased: dict[Id, Erased] = Field(default_factory=dict, exclude_if=operator.not_)
    """People who had a part in it, by id."""
    actions: dict[Id, Action] = Field(default_factory=dict)
    notes: dict[Id, NoteEntry] = Field(default_factory=dict)
    worksheets: Worksheets = Field(default_factory=Worksheets)

    _beside: Beside | None = PrivateAttr(default=None)

    def _besides(self) -> Beside | None:
        # As an attribute it takes pydantic several microseconds, and the coach asks for it dozens of times a deal.
        private = self.__pydantic_private__
        return private["_beside"] if private is not None else None

    @property
    def is_handed_over(self) -> bool:
        """Whether all that is known of the deal's people stands with its customer; else see `deal.upgrade`."""
        return not self.carried and self.customer_id is not None

    @property
    def customer_key(self) -> str:
        """The id of the customer, also of one whose document is to be made of what the deal carries."""
        return self.customer_id or customer_id_of(self.customer)

    def beside(self, customer: Customer | None) -> Self:
        """Return the deal with the customer it is to be read with, under the names that the customer gives."""
        if customer is None:
            deal = self.model_copy()
            deal._beside = None  # noqa: SLF001 - its own copy
            return deal
        seen = {
            "customer": customer.name,
            "customer_id": customer.id,
            "stakeholders": seen_at(customer, self.stakeholders),
        }
        deal = self.model_copy(update=seen)
        deal._beside = Beside(customer)  # noqa: SLF001
        return deal

    @property
    def customer_record(self) -> Customer | None:
        """The customer that the deal is read with; None where its document is missing."""
        beside = self._besides()
        return beside.customer if beside is not None else None

    @property
    def contacts(self) -> Mapping[str, Contact]:
        """The stakeholders with what their customer's document tells of them, by the person's id."""
        beside = self._besides()
        if beside is None:
            return joined(self.stakeholders, {}, self.carried)
        return beside.contacts(self.stakeholders, self.carried)

    @property
    def events(self) -> Mapping[str, Event]:
        """What was done in the deal, also to its customer, in the order of time."""
        beside = self._besides()
        return self.timeline if beside is None else beside.events(self.id, self.timeline)

    @property
    def open_conflicts(self) -> Mapping[str, Conflict]:
        """What a merge could not decide, in the deal and in its customer, but for people who play no part in the deal."""
        customer = self.customer_record
        if customer is None or not customer.conflicts:
            return self.conflicts
        theirs = {
            key: one
            for key, one in customer.conflicts.items()
            if one.path[0] != "people" or customer.person_id(one.path[1]) in self.stakeholders
        }
        return {**theirs, **self.conflicts}

    @classmethod
    def aligned(cls, base: Self | None, mine: Self, stored: Self) -> tuple[Self | None, Self, Self]:
        """Return three versions without anybody who was erased in any of them, or in its customer."""
        every = [one for one in (base, mine, stored) if one is not None]
        customers = [one.customer_record for one in every]
        if any(one is not None and one.erased for one in (*every, *customers)):
            from salescoach.deal.erasing import forgotten

            base, (mine, stored) = forgotten(base, mine, stored)
        return base, mine, stored

    @property
    def tombstones(self) -> Mapping[str, Mapping[str, str]]:
        """Return who was erased from it; see `Document.tombstones`."""
        return {key: {"at": one.at.isoformat(), "by": one.by} for key, one in self.erased.items()}

    def forgetting(
        self, gone: Mapping[str, Mapping[str, object]], known_by: Traces | None = None
    ) -> Self:
        """Return it without people who were erased elsewhere in the home; see `Document.forgetting`."""
        known = {
            key: Erased.model_validate(one)
            for key, one in gone.items()
            if key in self.stakeholders or key in self.carried
        }
        after = self
        if known:
            marked = self.model_copy(update={"erased": {**known, **self.erased}})
            after = self.aligned(None, marked, marked)[2]
        if known_by:
            from salescoach.deal.erasing import without

            cleared = without(after, {}, known_by)
            after = after if same_content(cleared, after) else cleared
        return after

    def merged(self, base: Self | None, mine: Self, stored: Self, *, strict: bool) -> Self:
        """Return the deal with the customers of both sides merged too; see `Document.merged`."""
        ours, theirs = mine.customer_record, stored.customer_record
        before = base.customer_record if base is not None else None
        if ours is None or theirs is None or ours.id != theirs.id:
            if self.customer_id == mine.customer_id and ours is not None:
                return self.beside(ours)
            if ours is not None and theirs is not None and before is not None:
                # It went to another customer meanwhile, and its people with it.
                theirs = with_changes(theirs, before, ours, self.stakeholders)
            return self.beside(theirs)
        if before is not None and before.id != theirs.id:
            before = None
        return self.beside(merge(before, ours, theirs, strict=strict))

    def takes_back(self, before: Self, after: Self) -> None:
        """Raise MergeFailed for an act of an earlier program that changed people, or the customer's name; see `deal.upgrade`."""
        if self.customer_id is None or {before.customer_id, after.customer_id} != {None}:
            return
        if before.carried != after.carried or before.customer != after.customer:
            raise MergeFailed("handed-over")

    def but(self, **changes: object) -> Self:
        """Return a copy with `changes`, validated, read with the same customer. Raises pydantic.ValidationError."""
        changed = super().but(**changes)
        changed._beside = self._beside  # noqa: SLF001
        return changed

    def subject(self, path: tuple[str, ...]) -> dict[str, str]:
        """Return the contact, item, stage, question or action that a path leads to."""
        field, key = path
        if field in {"stakeholders", "carried"}:
            contact = self.contacts.get(key)
            return {"contact": contact.name if contact else "", "contact_id": key}
        if field == "actions":
            action = self.actions.get(key)
            return {"action": action.text if action else "", "action_id": key}
        kinds = {"items": "item", "stages": "stage", "answers": "question"}
        return {kinds[field]: key} if field in kinds else {}

    def name_of(self, field: str, value: JsonValue) -> str | None:
        """Return the name of the contact that somebody reports to."""
        found = self.contacts.get(value) if isinstance(value, str) else None
        return found.name if found is not None and field == "reports_to" else None
