"""What can be done to a deal from its screen: every key that changes it or opens one of its parts."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING

from salescoach.coach.reopened import reopened_text
from salescoach.deal import items
from salescoach.document.errors import DocumentError
from salescoach.tui.keep.news import ShowsDocument

if TYPE_CHECKING:
    from salescoach.deal.models import Deal
    from salescoach.playbook.models import Playbook, Stage
    from salescoach.tui.deal.checklist import Row
    from salescoach.tui.keep.saver import Operation


class DealChanges(ShowsDocument):
    """The changing half of a deal's screen; the showing half says which row the cursor is on."""

    KIND = "deal"
    deal: Deal

    @property
    def playbook(self) -> Playbook:
        """The playbook in use."""
        return self.coach.workspace.playbook

    @property
    @abstractmethod
    def stage(self) -> Stage:
        """The stage on show."""

    @abstractmethod
    def show_stage(self, key: str, at: str | None = None) -> None:
        """Show another stage, the cursor on an item if one is given."""

    @abstractmethod
    def current_row(self) -> Row | None:
        """Return the row under the cursor."""

    @abstractmethod
    def show_deal(self, deal: Deal) -> None:
        """Show another state of the same deal."""

    def change(self, operation: Operation, base: Deal | None = None) -> bool:
        """Apply an operation to what is on screen and save it in the background; say so when it is refused.

        `base` is the deal that a form was filled from: what came in while it was open is merged with what was typed.
        """
        seen = self.deal if base is None else base
        try:
            deal = operation(seen)
            if seen is not self.deal and deal is not seen:
                from salescoach.document.merge import merge

                deal = merge(seen, deal, self.deal)
        except DocumentError as error:
            self.coach.refused_form(self.deal.id)
            self.coach.say_error(error)
            return False
        if deal is seen:
            return True
        clashed = self.clashed(deal)
        told = reopened_text(self.words, self.playbook, self.deal, deal)
        self.show_deal(deal)
        self.coach.save(deal.id, operation, seen)
        if clashed:
            told.append(clashed)
        if told:
            # After the form has gone, which takes with it what was said before.
            self.call_later(self.coach.say, "\n".join(told), severity="warning", timeout=8)
        return True

    def clashed(self, deal: Deal) -> str:
        """Return a sentence on the conflicts that `deal` has and the deal on the screen has not; empty without any."""
        new = deal.open_conflicts.keys() - self.deal.open_conflicts.keys()
        return self.words("deal.conflicts-new", count=len(new)) if new else ""

    def _item_under_cursor(self) -> str:
        row = self.current_row()
        if row is None or not row.item or row.retired:
            self.refuse(self.words("deal.on-an-item"))
            return ""
        return row.item

    def action_tick(self) -> None:
        """Tick the item, or take the tick back."""
        item = self._item_under_cursor()
        if not item:
            return
        stamp = self.coach.workspace.stamp()
        state = items.state_of(self.deal, item).state
        if state == "confirmed":
            from salescoach.tui.deal import item_forms

            item_forms.untick_confirmed(self, item)
            return
        operation = items.tick if state == "open" else items.untick
        self.change(lambda deal: operation(deal, item, stamp))

    def action_evidence(self) -> None:
        """Say what backs the item."""
        from salescoach.tui.deal import item_forms

        if item := self._item_under_cursor():
            item_forms.add_evidence(self, item)

    def action_remove_evidence(self) -> None:
        """Take one piece of evidence away."""
        from salescoach.tui.deal import item_forms

        if item := self._item_under_cursor():
            item_forms.remove_evidence(self, item)

    def action_not_applicable(self) -> None:
        """Say that the item does not apply to this deal, and why."""
        from salescoach.tui.deal import item_forms

        if item := self._item_under_cursor():
            item_forms.not_applicable(self, item)

    def action_coach(self) -> None:
        """Let a coach confirm or challenge the item."""
        from salescoach.tui.deal import review_forms

        if item := self._item_under_cursor():
            review_forms.of_item(self, item)

    def action_questions(self) -> None:
        """Show the questions that judge the opportunity."""
        from salescoach.tui.deal.questions import QuestionsScreen

        self.app.push_screen(QuestionsScreen(self))

    def action_note(self) -> None:
        """Add a note to the item, or to the deal."""
        from salescoach.tui.deal import item_forms

        row = self.current_row()
        item_forms.add_note(self, row.item if row and not row.retired else "")

    def action_add_action(self) -> None:
        """Plan a next step."""
        from salescoach.tui.deal import action_forms

        row = self.current_row()
        action_forms.add(self, row.item if row and not row.retired else "")

    def action_actions(self) -> None:
        """Show the deal's actions."""
        from salescoach.tui.deal.actions import ActionsScreen

        self.app.push_screen(ActionsScreen(self))

    def action_gate(self) -> None:
        """Show what the stage's gate asks, fill it in, move on."""
        from salescoach.tui.deal.gate import GateDialog

        self.app.push_screen(GateDialog(self))

    def action_contacts(self) -> None:
        """Show the people at the customer."""
        from salescoach.tui.deal.contacts import ContactsScreen

        self.app.push_screen(ContactsScreen(self))

    def show_person(self, contact_id: str) -> None:
        """Show one of the people at the customer."""
        from salescoach.tui.deal.contacts import ContactsScreen

        self.app.push_screen(ContactsScreen(self, at=contact_id))

    def action_timeline(self) -> None:
        """Show what happened, latest first."""
        from salescoach.tui.deal.timeline import TimelineScreen

        self.app.push_screen(TimelineScreen(self))

    def action_phase(self) -> None:
        """Say where the customer's purchase is."""
        from salescoach.tui.deal import forms as deal_forms

        deal_forms.set_phase(self)

    def action_status(self) -> None:
        """Win, lose, nurture, reopen or archive the deal."""
        from salescoach.tui.deal import forms as deal_forms

        deal_forms.set_status(self)

    def action_edit(self) -> None:
        """Change the deal's name, customer, money and dates."""
        from salescoach.tui.deal import forms as deal_forms

        deal_forms.edit(self)

    def action_undo(self) -> None:
        """Take the last change of this deal back."""
        self.coach.travel(self.deal.id, "undo")

    def action_redo(self) -> None:
        """Do the change taken back again."""
        self.coach.travel(self.deal.id, "redo")

    def action_conflicts(self) -> None:
        """Show what was changed in two places, and settle it."""
        from salescoach.tui.deal.conflicts import ConflictsScreen

        if self.deal.open_conflicts:
            self.app.push_screen(ConflictsScreen(self))
        else:
            self.refuse(self.words("deal.no-conflicts"))
