"""The customer document: an organisation we sell to, its people, and what is known of both.

A person has one record, whatever the number of deals; what is particular to a deal stands in the deal.
"""

from __future__ import annotations

from typing import ClassVar, TypeVar

from pydantic import Field

from salescoach.document.merge_rules import Group, Rule
from salescoach.document.models import JUDGED, MADE, Day, Id, Instant, Line, Name, Note, Order, Part
from salescoach.playbook.models import Key


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

    MERGE: ClassVar[Rule] = Rule((Group(("rung",), ("rung_since",)), Group(along=("order",))))

    name: Name
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
    note: Note = ""
    order: Order = 0


AnyPerson = TypeVar("AnyPerson", bound=Person)
