"""The app's editing half: edits on their way to the disk, what others change meanwhile, and what must survive a crash."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Literal

from salescoach.text import local_time
from salescoach.tui.saying import SayingApp
from salescoach.tui.screens.base import CoachScreen

if TYPE_CHECKING:
    from salescoach.deal.models import Deal
    from salescoach.store.errors import NotOwn
    from salescoach.tui.deal.screen import DealScreen
    from salescoach.tui.keep.rescue import Rescue
    from salescoach.tui.keep.saver import Operation, Saver
    from salescoach.tui.keep.watcher import Watcher
    from salescoach.tui.messages import Came, CameOutside, Refused, Saved, SaveFailed, Vanished
    from salescoach.tui.screens.form import FormDialog
    from salescoach.workspace.signs import Signs


ASK_LATER = 2.0
"""Seconds after which a question that would come between what somebody types is asked again."""
_COMING = 1.0
"""Seconds after an edit in which its save is on its way; one that takes longer waits for a disk or for another program."""
_STEPS = 50
"""Edits of a session that Home can take back one after the other, over all deals."""


class EditingApp(SayingApp):
    """Owns the saver, the watcher and the recovery note; the other half of the app owns the screens."""

    def __init__(self) -> None:
        super().__init__()
        self._saver: Saver | None = None
        self._watcher: Watcher | None = None
        self._doubted: Signs | None = None
        self._rescue: Rescue | None = None
        self._told_failure = ""
        self._told_full: set[str] = set()
        self._creating = 0
        self._queued, self._queued_at = "", 0.0
        self._edited: list[str] = []
        self._undone: list[str] = []

    def refuses_changes(self) -> bool:
        """Say why nothing that is typed now could be saved, where that is so, and return whether it is.

        It is said when a form is to be opened, and not when everything has been typed into it.
        """
        from salescoach.store.errors import NewerSchema

        store = self.workspace.store
        deals: list[Deal] = [one.deal for one in self.screen_stack if hasattr(one, "deal")]
        told = ""
        if not store.writable():
            told = self.words("storage.banner-read-only", path=store.paths.deals)
        elif deals and (deal := deals[-1]).is_newer:
            error = NewerSchema(store.path(deal.id), deal.schema_).of(store.kind.name)
            told = self.workspace.explain(error, self.words)
        if told:
            self.input_queue.refuse(told)
        return bool(told)

    @property
    def saver(self) -> Saver:
        """The saving thread, made when the first edit comes."""
        if self._saver is None:
            from salescoach.tui.keep.saver import Saver

            self._saver = Saver(self.workspace, self.post_message)
        return self._saver

    def save(self, deal_id: str, operation: Operation, base: Deal | None = None) -> None:
        """Queue an edit that a screen already shows; `base` is the deal that the person saw while making it."""
        self._edited = [*self._edited[-_STEPS:], deal_id]
        self._undone.clear()
        self._expect_save(deal_id)
        self.saver.put(deal_id, operation, base=base)

    def _expect_save(self, deal_id: str) -> None:
        from time import monotonic

        self._queued, self._queued_at = deal_id, monotonic()

    @property
    def save_is_coming(self) -> bool:
        """Whether an edit of just now is not yet saved and told: lists of what is on the disk will be others then."""
        from time import monotonic

        recent = bool(self._queued) and monotonic() - self._queued_at < _COMING
        return recent and self.saver.unheard(self._queued)

    def follow(self, deal_id: str | None, sign: Signs | None = None) -> None:
        """Notice from now on when somebody else changes this deal; None watches nothing."""
        if self._watcher is None:
            if deal_id is None:
                return
            from salescoach.tui.keep.watcher import Watcher

            self._watcher = Watcher(self.workspace, self.post_message)
        self._watcher.watch(deal_id, sign)

    def open_screen(self, deal_id: str) -> DealScreen | None:
        """Return the screen that shows this deal, if one does."""
        from salescoach.tui.deal.screen import DealScreen

        for screen in self.screen_stack:
            if isinstance(screen, DealScreen) and screen.deal.id == deal_id:
                return screen
        return None

    def on_came(self, message: Came) -> None:
        """Show what somebody else saved in the deal that is open, with the edits on top that wait here."""
        from salescoach.document.merge import same_content

        deal, screen = message.deal, self.open_screen(message.deal.id)
        if screen is None or self._watcher is None:
            return
        older = deal.rev < screen.deal.rev and self._doubted != message.sign
        if older:
            # Read before an edit of this program was saved, or an older file brought by somebody: look again.
            self._doubted = message.sign
            self._watcher.doubt()
            return
        shown = self.saver.on_top(deal)
        if same_content(shown, screen.deal):
            if not self.saver.pending(deal.id):
                screen.deal = shown
            return
        events = screen.news(shown)
        if not events and self.saver.unheard(deal.id):
            # Most likely a save of this program, of which the word is still on its way: look again after it.
            self._watcher.doubt()
            return
        screen.show_deal(shown)
        screen.tell_came(events)

    def on_vanished(self, message: Vanished) -> None:
        """Say that the file of the deal on the screen is gone."""
        if (screen := self.open_screen(message.deal_id)) is not None:
            if message.folder:
                from salescoach.store.errors import FolderGone

                self.say_error(
                    FolderGone(self.workspace.paths.deals).of(self.workspace.store.kind.name)
                )
            else:
                self.say(self.words("dialogs.vanished", name=screen.deal.name), severity="error")

    @property
    def rescue(self) -> Rescue:
        """What keeps texts half typed; made when the first form opens."""
        if self._rescue is None:
            from salescoach.tui.keep.rescue import Rescue

            self._rescue = Rescue(self)
        return self._rescue

    def keep_typed(self) -> None:
        """Write what is typed and not sent to the recovery note."""
        self.rescue.keep_everything()

    def form_left(self, form: FormDialog, *, sent: bool) -> None:
        """A form was sent or given up; what it was sent for is queued by now or in a moment."""
        self.rescue.form_left(form, sent=sent)
        self.set_timer(1, self.settle_forms)

    def forget_forms(self) -> None:
        """Let go of what was typed and sent, at the end of the program with everything saved."""
        if self._rescue is not None and not self.unsaved():
            self._rescue.leaving()

    def offer_drafts(self) -> None:
        """Ask about a draft that waits for Home to be there."""
        if self._rescue is not None:
            self._rescue.offer_waiting()

    def refused_form(self, deal_id: str) -> None:
        """What a form was sent for is refused: offer what was typed."""
        if self._rescue is not None:
            self._rescue.refused(deal_id)

    def settle_forms(self) -> None:
        """Let go of what was typed and sent, if nothing waits to be saved."""
        if self._rescue is not None and not self._creating and not self.unsaved():
            self._rescue.settled()

    def unsaved(self) -> int:
        """Return how many edits are not yet on the disk."""
        return self._saver.pending() if self._saver is not None else 0

    def on_saved(self, message: Saved) -> None:
        """Hand a saved deal to the screens that show it."""
        self.saver.heard(message.deal.id)
        self.settle_forms()
        self._told_failure = ""
        deal = message.deal
        # More may have been queued since the message was sent.
        pending = max(message.pending, self.saver.pending(deal.id))
        what = self._travelled(message) if message.event else ""
        screen = self.open_screen(deal.id) if message.way == "edit" and not pending else None
        if screen is not None and (events := screen.news(deal)):
            screen.tell_came(events)
        travelled = self.open_screen(deal.id) if message.way != "edit" else None
        stage = travelled.stage_after(deal) if travelled is not None else None
        self._tell_screens(lambda each: each.deal_saved(deal, pending))
        if travelled is not None and stage is not None:
            travelled.show_stage(stage)
        if what:
            self.say(what)
        self._tell_size(deal)

    def _tell_size(self, deal: Deal) -> None:
        """Say once of each deal that it nears the size beyond which nothing more is saved."""
        if deal.id in self._told_full:
            return
        if share := self.workspace.store.nearly_full(deal.id):
            self._told_full.add(deal.id)
            told = self.words("storage.nearly-full", name=deal.name, share=share)
            self.say(told, severity="warning", timeout=8)

    def _travelled(self, message: Saved) -> str:
        """Return what an undo took back or a redo did again, as the timeline tells it, with the deal where no screen does."""
        from salescoach.coach.travel import travelled_text

        deal = message.deal
        told = travelled_text(self.words, self.workspace.playbook, deal, message.event)
        if self.open_screen(deal.id) is not None:
            return told
        return self.words("dialogs.in-deal", deal=deal.name, what=told)

    def on_came_outside(self, message: CameOutside) -> None:
        """Say what became of a file that was put in the place of another, and of what it would have overwritten."""
        told = self.workspace.outside_text(message.found)
        self.say(told, severity="warning", timeout=12)

    def on_save_failed(self, message: SaveFailed) -> None:
        """Say once why edits are not on the disk yet; they stay on the screen."""
        if self._rescue is not None:
            self._rescue.unsaved()
        reason = self.workspace.explain(message.error, self.words)
        told = self.words("dialogs.save-failed", count=message.pending, reason=reason)
        if told != self._told_failure:
            self._told_failure = told
            self.say(told, severity="error", timeout=8)

    def on_refused(self, message: Refused) -> None:
        """Say why an edit no longer applies and show what is there; ask where undo would take back another's act."""
        from salescoach.store.errors import NotOwn

        self.saver.heard(message.deal_id)
        if isinstance(message.error, NotOwn):
            self._offer_others(message.error)
        else:
            self.say_error(message.error)
        if self._rescue is not None:
            self._rescue.refused(message.deal_id)
        if message.deal is not None:
            deal, pending = message.deal, self.saver.pending(message.deal_id)
            self._tell_screens(lambda screen: screen.deal_saved(deal, pending))

    def undo_last(self) -> None:
        """Take the last edit of this session back."""
        if self._edited:
            self.travel(self._edited[-1], "undo")
        else:
            self.say(self.words("dialogs.nothing-undone"))

    def redo_last(self) -> None:
        """Do the last undone edit again."""
        if self._undone:
            self.travel(self._undone[-1], "redo")
        else:
            self.say(self.words("dialogs.nothing-undone"))

    def travel(self, deal_id: str, way: Literal["undo", "redo"]) -> None:
        """Undo or redo a deal's last change, after what is queued and in the order of the keys."""
        come, gone = (self._edited, self._undone) if way == "undo" else (self._undone, self._edited)
        for at in range(len(come) - 1, -1, -1):
            if come[at] == deal_id:
                gone.append(come.pop(at))
                break
        self._expect_save(deal_id)
        self.saver.put_travel(deal_id, way, self.workspace.stamp())

    def _offer_others(self, error: NotOwn) -> None:
        """Ask whether the act that comes next, which is another's, is to be taken back."""
        from salescoach.coach.tell import event_text
        from salescoach.tui.screens.base import Dialog
        from salescoach.tui.screens.choice import ChoiceDialog, Option

        if isinstance(self.screen, Dialog):
            # Somebody is typing or choosing by now: what they type must not answer this.
            self.set_timer(ASK_LATER, partial(self._offer_others, error))
            return
        words, event, way = self.words, error.document.events[error.event], error.way
        who = error.by or words("dialogs.somebody")
        what = event_text(words, self.workspace.playbook, event)
        when = local_time(event.at)

        def chosen(answer: str | None) -> None:
            if answer == "yes":
                self.saver.put_travel(error.document.id, way, self.workspace.stamp(), error.event)

        told = words(f"dialogs.{way}-not-own", who=who, when=when, what=what)
        options = [
            Option("no", words("dialogs.leave-it")),
            Option("yes", words(f"dialogs.{way}-it")),
        ]
        title = words(f"dialogs.{way}-others")
        self.push_screen(ChoiceDialog(title, options, note=told), chosen)
        self.input_queue.surprise()

    def _tell_screens(self, tell: Callable[[CoachScreen[object]], None]) -> None:
        for screen in self.screen_stack:
            if isinstance(screen, CoachScreen):
                tell(screen)
