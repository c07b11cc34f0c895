"""What the rules reason on, computed once for a deal: the stage in question, who is known, what happened about what."""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import NamedTuple

from salescoach.coach.checks import People, people
from salescoach.coach.progress import current_stage, open_items
from salescoach.deal.actions import open_actions
from salescoach.deal.models import Deal
from salescoach.deal.parts import Action
from salescoach.deal.stages import stage_record
from salescoach.deal.stakeholders import Contact
from salescoach.document.models import Actor, Event
from salescoach.playbook.lookup import rung_rank
from salescoach.playbook.models import Move, Playbook, Stage


class Happening(NamedTuple):
    """One line of the timeline: the day, the operation, what was written, empty where nothing was, and who did it."""

    on: date
    what: str
    text: str
    role: Actor = "rep"


_SUBJECTS = {
    "contact_id": "contact",
    "item": "item",
    "stage": "stage",
    "question": "question",
    "action_id": "action",
}
"""The params of an event that say what it is about, and the kind of subject that each names."""


class Situation:
    """A deal as the rules see it."""

    def __init__(self, playbook: Playbook, deal: Deal) -> None:
        self.playbook = playbook
        self.deal = deal

    @cached_property
    def stage(self) -> Stage | None:
        """The stage that advice is about; of a won deal the last one, which follows the signature.

        None when all stages are closed, and when the last one is closed with nothing left open in it.
        """
        if self.deal.status != "won":
            return current_stage(self.playbook, self.deal)
        last = self.playbook.stages[-1]
        closed = stage_record(self.deal, last.key).closed is not None
        return None if closed and not open_items(self.playbook, self.deal, last) else last

    @cached_property
    def waiting(self) -> tuple[str, ...]:
        """The keys of the stage's required open items that can be done as things stand, in order."""
        if self.stage is None:
            return ()
        found = open_items(self.playbook, self.deal, self.stage)
        return tuple(key for key in found if self.within_reach(self.playbook.places[key].move))

    @cached_property
    def choices(self) -> list[str]:
        """The first of the `waiting` items, the next one of its move, and the first one of the move after that.

        Later moves often rest on what comes before them, so none is chosen from those.
        """
        if not self.waiting:
            return []
        moves: dict[str, list[str]] = {}
        for key in self.waiting:
            moves.setdefault(self.playbook.places[key].move.key, []).append(key)
        first, *others = moves.values()
        return [*first[:2], *(key for move in others[:1] for key in move[:1])]

    @cached_property
    def known(self) -> People:
        """The people who know us: guides and whoever is on a rung, guides first, then the best known."""
        met = [(id_, one) for id_, one in people(self.deal) if one.guide or self.rank(one)]
        return sorted(met, key=lambda one: (not one[1].guide, -self.rank(one[1]), one[1].order))

    @cached_property
    def actions(self) -> list[tuple[str, Action]]:
        """The open actions, the earliest first."""
        return open_actions(self.deal)

    @cached_property
    def last(self) -> date:
        """The day of the latest entry in the timeline, or of the deal's creation."""
        return max(
            (one.at for one in self.deal.events.values()), default=self.deal.created_at
        ).date()

    def rank(self, contact: Contact) -> int:
        """Return how high the rung of a contact is; 0 for somebody nobody has met."""
        return rung_rank(self.playbook, contact.rung)

    def within_reach(self, move: Move) -> bool:
        """Say whether a move can be made: one that is a rung of the ladder needs somebody on the rung below it."""
        wanted = rung_rank(self.playbook, move.key)
        return wanted < 2 or any(self.rank(one) >= wanted - 1 for _, one in people(self.deal))

    def about(self, kind: str, key: str) -> list[Happening]:
        """Return what happened about a contact, an item, a stage, a question or an action, the oldest first."""
        return self._happened.get(f"{kind}:{key}", [])

    def about_contact(self, id_: str, name: str) -> list[Happening]:
        """Return what happened about a contact, with the actions agreed with him or naming him."""
        found = list(self.about("contact", id_))
        for key, action in self.deal.actions.items():
            if name in action.agreed_with or name in action.text:
                found += self.about("action", key)
        return sorted(found)

    def about_item(self, key: str) -> list[Happening]:
        """Return what happened about an item, with the actions meant to get it done."""
        found = list(self.about("item", key))
        for action_id, action in self.deal.actions.items():
            if action.item == key:
                found += self.about("action", action_id)
        return sorted(set(found))

    def promised(self, *, item: str = "", name: str = "") -> date:
        """Return the last day for which something is planned about an item or a contact; `date.min` without any."""
        days = (
            action.due
            for _, action in self.actions
            if action.due
            and (
                (item and action.item == item)
                or (name and (name in action.agreed_with or name in action.text))
            )
        )
        return max(days, default=date.min)

    @cached_property
    def everything(self) -> list[Happening]:
        """Return all that happened in the deal, the oldest first."""
        events = sorted(self.deal.events.values(), key=lambda one: one.at)
        return [_happening(event) for event in events]

    @cached_property
    def _happened(self) -> dict[str, list[Happening]]:
        found: dict[str, list[Happening]] = {}
        for event in sorted(self.deal.events.values(), key=lambda one: one.at):
            entry = _happening(event)
            for param, kind in _SUBJECTS.items():
                if key := event.about.get(param):
                    found.setdefault(f"{kind}:{key}", []).append(entry)
        return found


def _happening(event: Event) -> Happening:
    return Happening(event.at.date(), event.what, event.about.get("text", ""), event.role)
