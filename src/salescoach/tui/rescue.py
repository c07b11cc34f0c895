"""Saves what only the screen knows: texts half typed into a form, and edits that the disk has refused so far."""

from __future__ import annotations

import threading
from contextlib import suppress
from typing import TYPE_CHECKING

from salescoach.store.errors import StoreError
from salescoach.store.recovery import Draft, RecoveryNote, discard, left_behind
from salescoach.text import clean

if TYPE_CHECKING:
    from salescoach.deal.models import Deal
    from salescoach.tui.app import CoachApp
    from salescoach.tui.screens.form import FormDialog


class Rescue:
    """The recovery note of one app, and what earlier ones left behind."""

    def __init__(self, app: CoachApp) -> None:
        self._app = app
        self._note = RecoveryNote(app.workspace.paths.recovery)
        self._kept: tuple[tuple[str, str], ...] = ()
        self._done = False
        self._writing = threading.Lock()
        self.forms = 0
        """How many forms have been left: what was typed into one of them is not to be kept any more."""

    def draft(self, form: FormDialog) -> Draft | None:
        """Return what was typed into a form; None where nothing was."""
        from salescoach.tui.screens.deal import DealScreen

        fields = form.typed()
        if not fields:
            return None
        deals = [one.deal.id for one in self._app.screen_stack if isinstance(one, DealScreen)]
        return Draft(
            clean(form.heading), fields, self._app.workspace.now(), deals[-1] if deals else ""
        )

    def keep(self, draft: Draft, forms: int) -> None:
        """Write what was typed into the recovery note, unless it is there or its form has been left.

        `forms` is what it was when the draft was made. A disk that refuses is no reason to stop.
        """
        with self._writing:
            if forms != self.forms:
                return
            self._done = False
            if draft.fields != self._kept:
                with suppress(StoreError):
                    self._note.keep(draft)
                    self._kept = draft.fields

    def form_left(self) -> None:
        """The form was sent or given up: once nothing waits to be saved the note can go."""
        self.forms += 1
        self._done = True

    def settled(self) -> None:
        """Nothing waits to be saved."""
        with self._writing:
            if self._done and self._kept:
                self._note.clear()
                self._kept, self._done = (), False

    def everything(self) -> list[str]:
        """Keep all that is not saved, at the end of the program; return the files that edits were parked in."""
        from salescoach.tui.screens.form import FormDialog

        app = self._app
        for screen in app.screen_stack:
            if isinstance(screen, FormDialog) and screen.is_mounted:
                with suppress(Exception):
                    if draft := self.draft(screen):
                        self.keep(draft, self.forms)
        parked: list[str] = []
        for deal_id in app.saver.unsaved():
            with suppress(Exception):
                parked.append(str(app.workspace.park(self._as_shown(deal_id))))
        return parked

    def _as_shown(self, deal_id: str) -> Deal:
        screen = self._app.open_screen(deal_id)
        if screen is not None:
            return screen.deal
        return self._app.saver.on_top(self._app.workspace.read(deal_id))

    def offer(self, drafts: list[Draft]) -> None:
        """Ask what to do with the drafts that were left behind, one after the other."""
        if not drafts:
            return
        from salescoach.tui.screens.choice import ChoiceDialog, Option

        app, draft = self._app, drafts[0]
        words = app.words
        card = app.workspace.card(draft.deal) if draft.deal else None
        options = [
            Option("later", words("dialogs.draft-later"), draft.text()),
            Option("discard", words("dialogs.draft-discard"), draft.text()),
        ]
        title = words("dialogs.draft", title=draft.title, at=f"{draft.at:%m-%d %H:%M}")
        if card is not None:
            name = f"{card.customer} / {card.name}"
            options.insert(0, Option("note", words("dialogs.draft-note", name=name), draft.text()))

        def chosen(answer: str | None) -> None:
            if answer == "note":
                self._as_note(draft)
            if answer in {"note", "discard"}:
                with suppress(OSError):
                    discard(draft)
            self.offer(drafts[1:])

        app.push_screen(ChoiceDialog(title, options), chosen)

    def _as_note(self, draft: Draft) -> None:
        from salescoach.deal import notes

        workspace, text = self._app.workspace, f"{draft.title}\n{draft.text()}"
        stamp = workspace.stamp()
        try:
            workspace.edit(draft.deal, lambda deal: notes.add(deal, stamp, text))
        except Exception as error:  # noqa: BLE001 - told, and the draft is parked as a note that waits to be saved
            self._app.say_error(error)
            self._app.save(draft.deal, lambda deal: notes.add(deal, stamp, text))
            return
        self._app.say(self._app.words("dialogs.draft-kept"))


def found(app: CoachApp) -> list[Draft]:
    """Return what earlier programs left behind."""
    return left_behind(app.workspace.paths.recovery)
