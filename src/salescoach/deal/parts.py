"""What a deal is made of: how far items, markers and stages are, answers, actions, notes and phases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Literal

from pydantic import Field

from salescoach.document.merge_rules import Group, Rule
from salescoach.document.models import (
    JUDGED,
    MADE,
    NOT_CONFIRMED,
    Count,
    Day,
    Evidence,
    Id,
    Instant,
    Line,
    Name,
    Note,
    Order,
    Part,
    UserId,
)
from salescoach.playbook.models import Key

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
