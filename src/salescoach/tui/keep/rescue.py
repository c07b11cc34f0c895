"""Saves what only the screen knows: texts half typed into a form, and edits that the disk has refused so far."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from tempfile import mkstemp
from typing import TYPE_CHECKING, cast

from salescoach.store.care.recovery import Draft, RecoveryNote
from salescoach.store.errors import StoreError
from salescoach.text import NOTE_LIMIT, clean

if TYPE_CHECKING:
    from salescoach.document.models import Document
    from salescoach.tui.app import CoachApp
    from salescoach.tui.keep.editing import EditingApp
    from salescoach.tui.keep.saver import Saver
    from salescoach.tui.screens.form import FormDialog
    from salescoach.workspace import Workspace

_LATER = 2.0
"""Seconds after which what cannot be done now is done."""


class Rescue:
    """The recovery notes of one app, and what earlier ones left behind. Its methods run on the event loop."""

    def __init__(self, app: EditingApp) -> None:
        self._app = app
        self._folder = app.workspace.paths.recovery
        self._open: RecoveryNote | None = None
        self._sent: list[tuple[RecoveryNote, Draft]] = []
        self._waiting: list[Draft] = []

    def draft(self, form: FormDialog) -> Draft | None:
        """Return what was typed into a form; None where nothing was."""
        typed = form.typed()
        if not typed or not form.kept:
            return None
        fields = tuple((label, text) for _, label, text in typed)
        names = tuple(name for name, _, _ in typed)
        shown = self._app.shown_document
        key = shown.document.id if shown is not None else ""
        return Draft(clean(form.heading), fields, self._app.workspace.now(), key, names)

    def keep(self, form: FormDialog) -> None:
        """Write what stands in a form into a note, in the background; a disk that refuses is no reason to stop."""
        if draft := self.draft(form):
            self._open = self._open or RecoveryNote(self._folder)
            self._later(self._open.keep, draft)

    def form_left(self, form: FormDialog, *, sent: bool) -> None:
        """The form was sent, and its note can go once nothing waits to be saved; or it was given up."""
        note, self._open = self._open, None
        draft = self.draft(form) if sent else None
        if draft is not None:
            self._sent.append((note or RecoveryNote(self._folder), draft))
        elif note is not None:
            self._later(note.clear)

    def settled(self) -> None:
        """Nothing waits to be saved: the notes of what was sent can go."""
        sent, self._sent = self._sent, []
        for note, _ in sent:
            self._later(note.clear)

    def leaving(self) -> None:
        """The same at the end of the program, at once."""
        sent, self._sent = self._sent, []
        for note, _ in sent:
            note.clear()

    def unsaved(self) -> None:
        """What was sent is not on the disk: have the notes say what it was."""
        for note, draft in self._sent:
            self._later(note.keep, draft)

    def refused(self, deal_id: str) -> None:
        """What was sent last for this document is refused: offer it, so that nobody types it again."""
        for sent in reversed(self._sent):
            if sent[1].document == deal_id:
                self._sent.remove(sent)
                self._later(sent[0].keep, sent[1])
                self._app.call_after_refresh(self._ask, *sent)
                return

    def keep_everything(self) -> None:
        """Keep what stands in the forms on the screen and what was sent and not saved, at the end of the program."""
        from salescoach.tui.screens.form import FormDialog

        notes = list(self._sent)
        for screen in self._app.screen_stack:
            if isinstance(screen, FormDialog) and screen.is_mounted:
                with suppress(
                    Exception
                ):  # the program is ending, with an error perhaps: no second one
                    if draft := self.draft(screen):
                        self._open = self._open or RecoveryNote(self._folder)
                        notes.append((self._open, draft))
        for note, draft in notes:
            with suppress(StoreError):
                note.keep(draft)

    def offer(self, drafts: list[Draft]) -> None:
        """Ask what to do with drafts that were left behind, one after the other, when Home is there to be asked on."""
        self._waiting = drafts
        self.offer_waiting()

    def offer_waiting(self) -> None:
        """Ask about the next draft, unless something is being typed or another screen is open."""
        from textual.widgets import Input

        from salescoach.tui.home.screen import HomeScreen

        app = self._app
        if not self._waiting or not isinstance(app.screen, HomeScreen):
            return  # Home comes here again when it is back
        if isinstance(app.focused, Input):
            app.set_timer(_LATER, self.offer_waiting)
            return
        draft = self._waiting.pop(0)
        note = RecoveryNote(self._folder, draft.path)
        if note.take():
            self._ask(note, draft)
        else:
            self.offer_waiting()

    def _ask(self, note: RecoveryNote, draft: Draft) -> None:
        from salescoach.tui.screens.choice import ChoiceDialog, Option
        from salescoach.tui.screens.form import FormDialog

        if isinstance(self._app.screen, FormDialog):
            # Somebody is typing: what they type must not answer this.
            self._app.set_timer(_LATER, lambda: self._ask(note, draft))
            return
        app, words, text = self._app, self._app.words, draft.text()
        name = self._name_of(draft.document)
        options = [
            Option("later", words("dialogs.draft-later"), text),
            Option("discard", words("dialogs.draft-discard"), text),
        ]
        title = words("dialogs.draft", title=draft.title, at=f"{draft.at:%m-%d %H:%M}")
        if not draft.document and "customer" in draft.names:
            options.insert(0, Option("resume", words("dialogs.draft-resume"), text))
        if name:
            options.insert(0, Option("note", words("dialogs.draft-note", name=name), text))

        def chosen(answer: str | None) -> None:
            if answer == "note":
                self._later(self._as_note, note, draft)
            elif answer == "resume":
                self._resume(note, draft)
            elif answer == "discard":
                self._make_sure(note, draft)
            else:
                self._later(note.let_go)
            if answer not in {"resume", "discard"}:
                self.offer_waiting()

        app.push_screen(ChoiceDialog(title, options), chosen)
        app.input_queue.surprise()

    def _make_sure(self, note: RecoveryNote, draft: Draft) -> None:
        from salescoach.tui.screens.choice import ChoiceDialog, Option

        words = self._app.words
        options = [
            Option("keep", words("dialogs.draft-later"), draft.text()),
            Option("discard", words("dialogs.draft-discard"), draft.text()),
        ]

        def chosen(answer: str | None) -> None:
            self._later(note.clear if answer == "discard" else note.let_go)
            self.offer_waiting()

        self._app.push_screen(ChoiceDialog(words("dialogs.draft-sure"), options), chosen)

    def _resume(self, note: RecoveryNote, draft: Draft) -> None:
        from salescoach.tui.home.new_deal import new_deal

        # The form's own note is there by the time that this one goes.
        self._app.set_timer(_LATER, lambda: self._later(note.clear))
        texts = (text for _, text in draft.fields)
        new_deal(cast("CoachApp", self._app), dict(zip(draft.names, texts, strict=False)))

    def _name_of(self, key: str) -> str:
        """Return what the deal or the customer with this id is called; empty where it is neither."""
        workspace = self._app.workspace
        if key and (card := workspace.card(key)) is not None:
            return f"{card.customer} / {card.name}"
        customer = workspace.lists.customers.get(key) if key else None
        return customer.name if customer is not None else ""

    def _as_note(self, note: RecoveryNote, draft: Draft) -> None:
        from salescoach.customer import notes as customer_notes
        from salescoach.deal import notes

        app = self._app
        head = f"{draft.title}\n" if len(draft.fields) > 1 else ""
        text = (head + draft.text())[:NOTE_LIMIT]
        # Keyed by the note, so that however often it is added it is in the deal once.
        stamp = replace(app.workspace.stamp(), id=note.path.stem)
        try:
            if app.workspace.card(draft.document) is not None:
                app.workspace.edit(draft.document, lambda deal: notes.add(deal, stamp, text))
            else:
                app.workspace.edit_customer(
                    draft.document, lambda customer: customer_notes.add(customer, stamp, text)
                )
        except Exception as error:  # noqa: BLE001 - told; the draft stays and is offered again
            note.let_go()
            app.call_from_thread(app.say_error, error)
            return
        note.clear()
        app.call_from_thread(app.say, app.words("dialogs.draft-kept"))

    def _later(self, work: Callable[..., None], *given: object) -> None:
        self._app.run_worker(
            partial(work, *given), thread=True, group="recovery", exit_on_error=False
        )


def park_unsaved(workspace: Workspace, saver: Saver) -> list[str]:
    """Keep the edits that were never saved as files that can be merged, and return a sentence about each.

    Where the deals' disk takes nothing, the file goes to the system's folder for temporary files.
    """
    told: list[str] = []
    for kind, key in saver.unsaved():
        try:
            document = saver.as_shown(key)
            try:
                told.append(workspace.words("dialogs.parked-at", path=saver.park(kind, document)))
            except StoreError:
                for part, folder in _parts(workspace, document):
                    path = _elsewhere(part)
                    told.append(workspace.words("dialogs.rescued-at", path=path, folder=folder))
        except Exception as error:  # noqa: BLE001 - the program is ending: told, and on to the next document
            told.append(workspace.explain(error))
    return told


def _parts(workspace: Workspace, document: Document) -> list[tuple[Document, Path]]:
    """Return what of a document must be kept and the folder of each: a deal, and its customer where that was changed."""
    from salescoach.deal.models import Deal
    from salescoach.document.merge import same_content

    customers = workspace.customers.places.folder
    if not isinstance(document, Deal):
        return [(document, customers)]
    parts: list[tuple[Document, Path]] = [(document, workspace.store.places.folder)]
    if (customer := document.customer_record) is not None:
        known = workspace.deals.customer(customer.id)
        if known is None or not same_content(known, customer):
            parts.append((customer, customers))
    return parts


def _elsewhere(document: Document) -> Path:
    from salescoach.store.files.codec import encode

    # The name is that of a conflict copy, so that it can be merged once it is put beside the document.
    descriptor, name = mkstemp(prefix=f"{document.id} (", suffix=").json")
    path = Path(name)
    with os.fdopen(descriptor, "wb") as file:
        file.write(encode(document, path)[0])
        file.flush()
        os.fsync(file.fileno())
    return path
