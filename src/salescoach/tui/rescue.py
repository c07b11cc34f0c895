"""Saves what only the screen knows: texts half typed into a form, and edits that the disk has refused so far."""

from __future__ import annotations

import os
import threading
from contextlib import suppress
from pathlib import Path
from tempfile import mkstemp
from typing import TYPE_CHECKING, cast

from salescoach.store.errors import StoreError
from salescoach.store.recovery import Draft, RecoveryNote, discard
from salescoach.text import NOTE_LIMIT, clean

if TYPE_CHECKING:
    from salescoach.deal.models import Deal
    from salescoach.tui.app import CoachApp
    from salescoach.tui.editing import EditingApp
    from salescoach.tui.saver import Saver
    from salescoach.tui.screens.form import FormDialog
    from salescoach.workspace import Workspace


class Rescue:
    """The recovery note of one app, and what earlier ones left behind."""

    def __init__(self, app: EditingApp) -> None:
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

        typed = form.typed()
        if not typed:
            return None
        fields = tuple((label, text) for _, label, text in typed)
        names = tuple(name for name, _, _ in typed)
        deals = [one.deal.id for one in self._app.screen_stack if isinstance(one, DealScreen)]
        return Draft(
            clean(form.heading),
            fields,
            self._app.workspace.now(),
            deals[-1] if deals else "",
            names,
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

    def keep_open_forms(self) -> None:
        """Keep what stands in the forms on the screen, at the end of the program."""
        from salescoach.tui.screens.form import FormDialog

        for screen in self._app.screen_stack:
            if isinstance(screen, FormDialog) and screen.is_mounted:
                with suppress(
                    Exception
                ):  # the program is ending, with an error perhaps: no second one
                    if draft := self.draft(screen):
                        self.keep(draft, self.forms)

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
        if not draft.deal and "customer" in draft.names:
            options.insert(0, Option("resume", words("dialogs.draft-resume"), draft.text()))
        if card is not None:
            name = f"{card.customer} / {card.name}"
            options.insert(0, Option("note", words("dialogs.draft-note", name=name), draft.text()))

        def chosen(answer: str | None) -> None:
            if answer == "note":
                app.run_worker(
                    lambda: self._as_note(draft), thread=True, group="draft", exit_on_error=False
                )
            elif answer in {"discard", "resume"}:
                with suppress(OSError):
                    discard(draft)
            self.offer(drafts[1:])
            if answer == "resume":
                from salescoach.tui.screens.new_deal import new_deal

                texts = (text for _, text in draft.fields)
                new_deal(cast("CoachApp", app), dict(zip(draft.names, texts, strict=False)))

        app.push_screen(ChoiceDialog(title, options), chosen)

    def _as_note(self, draft: Draft) -> None:
        from salescoach.deal import notes

        app = self._app
        head = f"{draft.title}\n" if len(draft.fields) > 1 else ""
        text = (head + draft.text())[:NOTE_LIMIT]
        stamp = app.workspace.stamp()
        try:
            app.workspace.edit(draft.deal, lambda deal: notes.add(deal, stamp, text))
            discard(draft)
        except Exception as error:  # noqa: BLE001 - told; the draft stays and is offered again
            app.call_from_thread(app.say_error, error)
            return
        app.call_from_thread(app.say, app.words("dialogs.draft-kept"))


def park_unsaved(workspace: Workspace, saver: Saver) -> list[str]:
    """Keep the edits that were never saved as files that can be merged, and return a sentence about each.

    Where the deals' disk takes nothing, the file goes to the system's folder for temporary files.
    """
    told: list[str] = []
    for deal_id in saver.unsaved():
        try:
            deal = saver.on_top(workspace.read(deal_id))
            try:
                told.append(workspace.words("dialogs.parked-at", path=workspace.park(deal)))
            except StoreError:
                path = _elsewhere(deal)
                folder = workspace.paths.deals
                told.append(workspace.words("dialogs.rescued-at", path=path, folder=folder))
        except Exception as error:  # noqa: BLE001 - the program is ending: told, and on to the next deal
            told.append(workspace.explain(error))
    return told


def _elsewhere(deal: Deal) -> Path:
    from salescoach.store.document import encode

    # The name is that of a conflict copy, so that it can be merged once it is put beside the deal.
    descriptor, name = mkstemp(prefix=f"{deal.id} (", suffix=").json")
    path = Path(name)
    with os.fdopen(descriptor, "wb") as file:
        file.write(encode(deal, path)[0])
        file.flush()
        os.fsync(file.fileno())
    return path
