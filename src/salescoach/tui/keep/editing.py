"""The app's editing half: edits on their way to the disk, what others change meanwhile, and what must survive a crash."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

from salescoach.text import local_time
from salescoach.tui.saying import SayingApp
from salescoach.tui.screens.base import CoachScreen

if TYPE_CHECKING:
    from salescoach.customer.models import Customer
    from salescoach.deal.models import Deal
    from salescoach.document.models import Document
    from salescoach.store.documents import DocumentStore
    from salescoach.store.errors import NotOwn
    from salescoach.tui.keep.news import ShowsDocument
    from salescoach.tui.keep.rescue import Rescue
    from salescoach.tui.keep.saver import Kind, Operation, Saver
    from salescoach.tui.keep.watcher import Watcher
    from salescoach.tui.messages import Came, CameOutside, Refused, Saved, SaveFailed, Vanished
    from salescoach.tui.screens.form import FormDialog

ASK_LATER = 2.0
"""Seconds after which a question that would come between what somebody types is asked again."""
_COMING = 1.0
"""Seconds after an edit in which its save is on its way; one that takes longer waits for a disk or for another program."""
_STEPS = 50
"""Edits of a session that Home can take back one after the other, over all documents."""


class EditingApp(SayingApp):
    """Owns the saver, the watcher and the recovery note; the other half of the app owns the screens."""

    def __init__(self) -> None:
        super().__init__()
        self._saver: Saver | None = None
        self._watcher: Watcher | None = None
        self._doubted: object = None
        self._rescue: Rescue | None = None
        self._told_failure = ""
        self._told_full: set[str] = set()
        self._creating = 0
        self._queued, self._queued_at = "", 0.0
        self._edited: list[tuple[Kind, str]] = []
        self._undone: list[tuple[Kind, str]] = []

    def refuses_changes(self) -> bool:
        """Say why nothing that is typed now could be saved, where that is so, and return whether it is.

        It is said when a form is to be opened, and not when everything has been typed into it.
        """
        from salescoach.store.errors import NewerSchema

        workspace, shown, told = self.workspace, self.shown_document, ""
        if not workspace.store.writable():
            kind = self.words(f"storage.kind-{workspace.store.kind.name}")
            told = self.words("storage.banner-read-only", kind=kind, path=workspace.paths.deals)
        elif shown is not None and shown.document.is_newer:
            path = (workspace.store if shown.KIND == "deal" else workspace.customers).path(
                shown.document.id
            )
            error = NewerSchema(path, shown.document.schema_).of(shown.KIND)
            told = workspace.explain(error, self.words)
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

    def save(
        self,
        key: str,
        operation: Operation,
        base: Document | None = None,
        *,
        kind: Kind = "deal",
        act_on_all: Callable[[], Any] | None = None,
    ) -> None:
        """Queue an edit that a screen already shows; `base` is the document that the person saw while making it.

        `act_on_all` does it where it changes several documents, and returns this one.
        """
        self._edited = [*self._edited[-_STEPS:], (kind, key)]
        self._undone.clear()
        self._expect_save(key)
        self.saver.put(key, operation, base=base, kind=kind, act_on_all=act_on_all)

    def _expect_save(self, key: str) -> None:
        from time import monotonic

        self._queued, self._queued_at = key, monotonic()

    @property
    def save_is_coming(self) -> bool:
        """Whether an edit of just now is not yet saved and told: lists of what is on the disk will be others then."""
        from time import monotonic

        recent = bool(self._queued) and monotonic() - self._queued_at < _COMING
        return recent and self.saver.unheard(self._queued)

    def follow(
        self,
        key: str | None,
        sign: object = None,
        *,
        kind: Kind = "deal",
        customer: str | None = None,
    ) -> None:
        """Notice from now on when somebody else changes this document; None watches nothing.

        `sign` tells what is shown from what comes; `customer` is the id of a deal's.
        """
        if self._watcher is None:
            if key is None:
                return
            from salescoach.tui.keep.watcher import Watcher

            self._watcher = Watcher(self.workspace, self.post_message)
        self._watcher.watch(key, sign, kind=kind, customer=customer)

    def follow_behind(self, screen: ShowsDocument) -> None:
        """Follow the document whose screen lies behind one that is left; none where there is none."""
        from salescoach.tui.keep.news import ShowsDocument

        behind = [
            one for one in self.screen_stack if isinstance(one, ShowsDocument) and one is not screen
        ]
        if not behind:
            self.follow(None)
            return
        document = behind[-1].document
        customer = getattr(document, "customer_id", None)
        self.follow(document.id, kind=behind[-1].KIND, customer=customer)

    @property
    def shown_document(self) -> ShowsDocument | None:
        """The screen of the document that is worked on, the one in front where several are open; None without any."""
        from salescoach.tui.keep.news import ShowsDocument

        shown = [screen for screen in self.screen_stack if isinstance(screen, ShowsDocument)]
        return shown[-1] if shown else None

    def open_screen(self, key: str) -> ShowsDocument | None:
        """Return the screen that shows this document, if one does."""
        from salescoach.tui.keep.news import ShowsDocument

        for screen in self.screen_stack:
            if isinstance(screen, ShowsDocument) and screen.document.id == key:
                return screen
        return None

    def on_came(self, message: Came) -> None:
        """Show what somebody else saved in the document that is open, with the edits on top that wait here."""
        from salescoach.document.merge import same_content
        from salescoach.tui.keep.news import is_older, parts

        document, screen = message.document, self.open_screen(message.document.id)
        if screen is None or self._watcher is None:
            return
        if is_older(document, screen.document) and self._doubted != message.sign:
            # Read before an edit of this program was saved, or an older file brought by somebody: look again.
            self._doubted = message.sign
            self._watcher.doubt()
            return
        shown = self.saver.on_top(document)
        if all(map(same_content, parts(shown), parts(screen.document))) and (
            len(parts(shown)) == len(parts(screen.document))
        ):
            if not self.saver.pending(document.id):
                screen.take(shown)
            return
        events = screen.news(shown)
        if not events and self.saver.unheard(document.id):
            # Most likely a save of this program, of which the word is still on its way: look again after it.
            self._watcher.doubt()
            return
        whole = len(parts(shown)) > len(parts(screen.document))
        screen.show_document(shown)
        if events or not whole:  # that its customer is back is seen without a word
            screen.tell_came(events)

    def on_vanished(self, message: Vanished) -> None:
        """Say that the file of the document on the screen is gone."""
        if (screen := self.open_screen(message.key)) is not None:
            if message.folder:
                from salescoach.store.errors import FolderGone

                store: DocumentStore[Any] = (
                    self.workspace.store if screen.KIND == "deal" else self.workspace.customers
                )
                self.say_error(FolderGone(store.places.folder).of(screen.KIND))
            else:
                word = "vanished" if screen.KIND == "deal" else "vanished-customer"
                told = self.words(f"dialogs.{word}", name=name_of(screen.document))
                self.say(told, severity="error")

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

    def refused_form(self, key: str) -> None:
        """What a form was sent for is refused: offer what was typed."""
        if self._rescue is not None:
            self._rescue.refused(key)

    def form_pending(self, more: int) -> None:
        """Know that what a form was sent for is being looked up, `more` being 1, or that it is, with -1."""
        self._creating += more

    def settle_forms(self) -> None:
        """Let go of what was typed and sent, if nothing waits to be saved."""
        if self._rescue is not None and not self._creating and not self.unsaved():
            self._rescue.settled()

    def unsaved(self) -> int:
        """Return how many edits are not yet on the disk."""
        return self._saver.pending() if self._saver is not None else 0

    def on_saved(self, message: Saved) -> None:
        """Hand a saved document to the screens that show it."""
        document = message.document
        key = message.key or document.id
        self.saver.heard(key)
        self.settle_forms()
        self._told_failure = ""
        # More may have been queued since the message was sent.
        pending = max(message.pending, self.saver.pending(key))
        what = self._travelled(message) if message.event else ""
        screen = self.open_screen(key)
        edited = screen is not None and message.way == "edit" and not pending
        if screen is not None and edited and (events := screen.news(document)):
            screen.tell_came(events)
        settle = screen.after_travel(document) if screen and message.way != "edit" else None
        self._tell_saved(document, pending)
        if settle is not None:
            settle()
        if what:
            self.say(what)
        self._tell_size(document)

    def _tell_saved(self, document: Document, pending: int) -> None:
        from salescoach.customer.models import Customer
        from salescoach.deal.models import Deal

        if isinstance(document, Deal):
            deal: Deal = document
            self._tell_screens(lambda each: each.deal_saved(deal, pending))
        elif isinstance(document, Customer):
            customer: Customer = document
            self._tell_screens(lambda each: each.customer_saved(customer, pending))

    def _tell_size(self, document: Document) -> None:
        """Say once of each document that it nears the size beyond which nothing more is saved."""
        from salescoach.tui.keep.news import parts

        workspace = self.workspace
        for one in parts(document):
            store: DocumentStore[Any] = (
                workspace.store if kind_of(one) == "deal" else workspace.customers
            )
            if one.id not in self._told_full and (share := store.nearly_full(one.id)):
                self._told_full.add(one.id)
                told = self.words("storage.nearly-full", name=name_of(one), share=share)
                self.say(told, severity="warning", timeout=8)

    def _travelled(self, message: Saved) -> str:
        """Return what an undo took back or a redo did again, as the timeline tells it, with the document where no screen does."""
        from salescoach.coach.travel import travelled_text

        document = message.document
        told = travelled_text(self.words, self.workspace.playbook, document, message.event)
        if self.open_screen(message.key or document.id) is not None:
            return told
        return self.words("dialogs.in-deal", deal=name_of(document), what=told)

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

        self.saver.heard(message.key)
        if isinstance(message.error, NotOwn):
            self._offer_others(message.error)
        else:
            self.say_error(message.error)
        if self._rescue is not None:
            self._rescue.refused(message.key)
        if message.document is not None:
            self._tell_saved(message.document, self.saver.pending(message.key))

    def undo_last(self) -> None:
        """Take the last edit of this session back."""
        if self._edited:
            kind, key = self._edited[-1]
            self.travel(key, "undo", kind=kind)
        else:
            self.say(self.words("dialogs.nothing-undone"))

    def redo_last(self) -> None:
        """Do the last undone edit again."""
        if self._undone:
            kind, key = self._undone[-1]
            self.travel(key, "redo", kind=kind)
        else:
            self.say(self.words("dialogs.nothing-undone"))

    def travel(self, key: str, way: Literal["undo", "redo"], *, kind: Kind = "deal") -> None:
        """Undo or redo a document's last change, after what is queued and in the order of the keys."""
        come, gone = (self._edited, self._undone) if way == "undo" else (self._undone, self._edited)
        for at in range(len(come) - 1, -1, -1):
            if come[at] == (kind, key):
                gone.append(come.pop(at))
                break
        self._expect_save(key)
        self.saver.put_travel(key, way, self.workspace.stamp(), kind=kind)

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
                stamp, kind = self.workspace.stamp(), kind_of(error.document)
                self.saver.put_travel(error.document.id, way, stamp, error.event, kind=kind)

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


def kind_of(document: Document) -> Kind:
    """Return the kind of a document."""
    from salescoach.customer.models import Customer

    return "customer" if isinstance(document, Customer) else "deal"


def name_of(document: Document) -> str:
    """Return what a document is called."""
    return str(getattr(document, "name", ""))
