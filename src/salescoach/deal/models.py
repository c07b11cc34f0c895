"""The deal document: one JSON file per deal, its fields in this order.

Collections are keyed maps so that edits from two places merge field by field; unknown fields survive at every depth;
every text is cleaned on the way in. Models are frozen: the operations of this package return new ones.
"""

from __future__ import annotations

import operator
from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar, Self

from pydantic import Field, JsonValue, PrivateAttr

from salescoach.customer.models import Customer, Erased, Person
from salescoach.deal.migrate import customer_id_of, with_stakeholders
from salescoach.deal.parts import (
    Action,
    Answer,
    ItemState,
    NoteEntry,
    PhaseChange,
    PlaybookRef,
    StageRecord,
    Status,
    Worksheets,
)
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
    Conflict,
    Currency,
    Day,
    Document,
    Event,
    Id,
    Instant,
    Line,
    Money,
    Name,
    Note,
    UserId,
)
from salescoach.playbook.models import DealKind, Key

if TYPE_CHECKING:
    from salescoach.document.traces import Traces


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
