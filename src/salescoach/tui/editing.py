"""The app's editing half: edits on their way to the disk, what others change meanwhile, and what must survive a crash."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Literal

from textual.app import App

from salescoach.text import clean
from salescoach.tui.screens.base import CoachScreen, Severity

if TYPE_CHECKING:
    from salescoach.deal.models import Deal
    from salescoach.store.files import Sign
    from salescoach.tui.messages import Came, Refused, Saved, SaveFailed, Vanished
    from salescoach.tui.rescue import Rescue
    from salescoach.tui.saver import Operation, Saver
    from salescoach.tui.screens.deal import DealScreen
    from salescoach.tui.watcher import Watcher
    from salescoach.words import Words
    from salescoach.workspace import Workspace


class EditingApp(App[int]):
    """Owns the saver, the watcher and the recovery note; the other half of the app owns the screens."""

    workspace: Workspace
    words: Words

    def __init__(self) -> None:
        super().__init__()
        self._saver: Saver | None = None
        self._watcher: Watcher | None = None
        self._doubted: Sign | None = None
        self._rescue: Rescue | None = None
        self._told_failure = ""
        self.last_edited: str | None = None

    def say(self, message: str, *, severity: Severity = "information", timeout: float = 4) -> None:
        """Show a short message in a corner, in place of the one before; foreign text in it stays text."""
        self.clear_notifications()
        self.notify(
            clean(message, multiline=True), severity=severity, timeout=timeout, markup=False
        )

    def say_error(self, error: Exception) -> None:
        """Show an error as one line with its mend."""
        self.say(self.workspace.explain(error, self.words), severity="error", timeout=8)

    @property
    def saver(self) -> Saver:
        """The saving thread, made when the first edit comes."""
        if self._saver is None:
            from salescoach.tui.saver import Saver

            self._saver = Saver(self.workspace, self.post_message)
        return self._saver

    def save(self, deal_id: str, operation: Operation, base: Deal | None = None) -> None:
        """Queue an edit that a screen already shows; `base` is the deal that the person saw while making it."""
        self.last_edited = deal_id
        self.saver.put(deal_id, operation, base=base)

    def follow(self, deal_id: str | None, sign: Sign | None = None) -> None:
        """Notice from now on when somebody else changes this deal; None watches nothing."""
        if self._watcher is None:
            if deal_id is None:
                return
            from salescoach.tui.watcher import Watcher

            self._watcher = Watcher(self.workspace, self.post_message)
        self._watcher.watch(deal_id, sign)

    def open_screen(self, deal_id: str) -> DealScreen | None:
        """Return the screen that shows this deal, if one does."""
        from salescoach.tui.screens.deal import DealScreen

        for screen in self.screen_stack:
            if isinstance(screen, DealScreen) and screen.deal.id == deal_id:
                return screen
        return None

    def on_came(self, message: Came) -> None:
        """Show what somebody else saved in the deal that is open, with the edits on top that wait here."""
        from salescoach.deal.merge import incoming, same_content

        deal, screen = message.deal, self.open_screen(message.deal.id)
        if screen is None or self._watcher is None:
            return
        if deal.rev < screen.deal.rev and self._doubted != message.sign:
            # Read before an edit of this program was saved, or an older file brought by somebody: look again.
            self._doubted = message.sign
            self._watcher.doubt()
            return
        shown = self.saver.on_top(deal)
        if same_content(shown, screen.deal):
            if not self.saver.pending(deal.id):
                screen.deal = shown
            return
        events = incoming(screen.deal, shown)
        screen.show_deal(shown)
        screen.tell_came(events)

    def on_vanished(self, message: Vanished) -> None:
        """Say that the file of the deal on the screen is gone."""
        if (screen := self.open_screen(message.deal_id)) is not None:
            self.say(self.words("dialogs.vanished", name=screen.deal.name), severity="error")

    @property
    def rescue(self) -> Rescue:
        """What keeps texts half typed; made when the first form opens."""
        if self._rescue is None:
            from salescoach.tui.rescue import Rescue

            self._rescue = Rescue(self)
        return self._rescue

    def keep_typed(self) -> None:
        """Write what is typed and not sent to the recovery note."""
        if self._rescue is not None:
            self._rescue.keep_open_forms()

    def form_left(self) -> None:
        """A form was sent or given up; what it was sent for is queued by now or in a moment."""
        self.rescue.form_left()

        def settle() -> None:
            if not (self._saver and self._saver.pending()):
                self.rescue.settled()

        self.set_timer(1, settle)

    def on_saved(self, message: Saved) -> None:
        """Hand a saved deal to the screens that show it."""
        if self._rescue is not None and not self.saver.pending():
            self._rescue.settled()
        self._told_failure = ""
        deal = message.deal
        # More may have been queued since the message was sent.
        pending = max(message.pending, self.saver.pending(deal.id))
        what = self._travelled(message) if message.way != "edit" else ""
        if message.way == "edit" and not pending and (screen := self.open_screen(deal.id)):
            from salescoach.deal.merge import incoming

            if events := incoming(screen.deal, deal):
                screen.tell_came(events)
        self._tell_screens(lambda screen: screen.deal_saved(deal, pending))
        if what:
            self.say(self.words("dialogs.done-" + message.way, what=what))

    def _travelled(self, message: Saved) -> str:
        """Return what an undo took back or a redo did again, as the timeline tells it; the deal's name where it cannot."""
        from salescoach.coach.tell import event_text
        from salescoach.deal.merge import incoming

        deal = message.deal
        if (screen := self.open_screen(deal.id)) is not None:
            sides = (deal, screen.deal) if message.way == "undo" else (screen.deal, deal)
            if events := incoming(*sides):
                return event_text(self.words, self.workspace.playbook, events[0])
        return deal.name

    def on_save_failed(self, message: SaveFailed) -> None:
        """Say once why edits are not on the disk yet; they stay on the screen."""
        reason = self.workspace.explain(message.error, self.words)
        told = self.words("dialogs.save-failed", count=message.pending, reason=reason)
        if told != self._told_failure:
            self._told_failure = told
            self.say(told, severity="error", timeout=8)

    def on_refused(self, message: Refused) -> None:
        """Say why an edit no longer applies and show what is there."""
        self.say_error(message.error)
        if message.deal is not None:
            deal, pending = message.deal, self.saver.pending(message.deal_id)
            self._tell_screens(lambda screen: screen.deal_saved(deal, pending))

    def undo_last(self) -> None:
        """Take the last edit of this session back."""
        if self.last_edited:
            self.travel(self.last_edited, "undo")
        else:
            self.say(self.words("dialogs.nothing-undone"))

    def redo_last(self) -> None:
        """Do the last undone edit again."""
        if self.last_edited:
            self.travel(self.last_edited, "redo")
        else:
            self.say(self.words("dialogs.nothing-undone"))

    def travel(self, deal_id: str, way: Literal["undo", "redo"]) -> None:
        """Undo or redo a deal's last change, after what is queued and in the order of the keys."""
        self.last_edited = deal_id
        self.saver.put(deal_id, lambda deal: deal, way)

    def _tell_screens(self, tell: Callable[[CoachScreen[object]], None]) -> None:
        for screen in self.screen_stack:
            if isinstance(screen, CoachScreen):
                tell(screen)
