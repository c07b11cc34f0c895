"""What is typed about an item: evidence, a note, why it does not apply."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from salescoach.deal import items, notes
from salescoach.document.evidence import enough
from salescoach.tui.forms import check_lengths, day_field, read_date
from salescoach.tui.screens.choice import ChoiceDialog, Option
from salescoach.tui.screens.form import Field, FieldError, FormDialog, Values, opens_form

if TYPE_CHECKING:
    from salescoach.tui.app import CoachApp
    from salescoach.tui.deal.changes import DealChanges


def evidence_form(
    coach: CoachApp, title: str, note: str, done: Callable[[dict[str, object]], None]
) -> None:
    """Ask who said or showed what, when; `done` gets the keyword arguments of an evidence operation."""
    words = coach.words

    def check(values: Values) -> None:
        check_lengths(coach, values)
        if not enough(values["note"], values["document"]):
            raise FieldError("note", words("errors.evidence-thin"))
        read_date(coach, values, "on", past=True)

    def sent(values: dict[str, str] | None) -> None:
        if values is not None:
            done(
                {
                    "who": values["who"],
                    "on": read_date(coach, values, "on", past=True),
                    "note": values["note"],
                    "document": values["document"],
                    "against": values["speaks"] == "against",
                }
            )

    speaks = [
        Option("for", words("dialogs.evidence-for")),
        Option("against", words("dialogs.evidence-against")),
    ]
    fields = [
        Field("note", words("dialogs.what-shown"), lines=3),
        Field("who", words("dialogs.who"), hint=words("dialogs.who-hint")),
        Field("speaks", words("dialogs.speaks"), "for", options=speaks),
        day_field(coach, "on", words("dialogs.on"), coach.workspace.today().isoformat(), past=True),
        Field("document", words("dialogs.document"), hint=words("dialogs.document-hint")),
    ]
    coach.push_screen(FormDialog(title, fields, check, note=note), sent)


@opens_form
def add_evidence(screen: DealChanges, item: str) -> None:
    """Add evidence to an item."""
    place = screen.playbook.places[item]
    text = f"{place.number} {place.item.text.get(screen.words.lang)}"

    def done(given: dict[str, object]) -> None:
        stamp = screen.coach.workspace.stamp()
        screen.change(lambda deal: items.add_evidence(deal, item, stamp, **given))  # type: ignore[arg-type]

    evidence_form(screen.coach, screen.words("dialogs.evidence"), text, done)


def remove_evidence(screen: DealChanges, item: str) -> None:
    """Pick a piece of evidence of an item and take it away."""
    words = screen.words
    state = screen.deal.items.get(item)
    if state is None or not state.evidence:
        screen.refuse(words("deal.no-evidence"))
        return

    def chosen(key: str | None) -> None:
        if key:
            stamp = screen.coach.workspace.stamp()
            screen.change(lambda deal: items.remove_evidence(deal, item, key, stamp))

    options = [
        Option(
            key,
            " ".join(part for part in (entry.who, entry.document, entry.note) if part).replace(
                "\n", " "
            ),
        )
        for key, entry in state.evidence.items()
    ]
    screen.app.push_screen(ChoiceDialog(words("dialogs.remove-evidence"), options), chosen)


def untick_confirmed(screen: DealChanges, item: str) -> None:
    """Ask before a tick is taken back that a coach has confirmed."""
    words = screen.words
    state = screen.deal.items[item]

    def chosen(value: str | None) -> None:
        if value == "untick":
            stamp = screen.coach.workspace.stamp()
            screen.change(lambda deal: items.untick(deal, item, stamp))

    options = [
        Option("keep", words("dialogs.keep-confirmed")),
        Option("untick", words("dialogs.untick"), words("dialogs.untick-note")),
    ]
    title = words("dialogs.confirmed-by", by=state.confirmed_by or "-")
    screen.app.push_screen(ChoiceDialog(title, options), chosen)


@opens_form
def not_applicable(screen: DealChanges, item: str) -> None:
    """Ask why an item does not apply."""
    words, coach = screen.words, screen.coach
    place = screen.playbook.places[item]

    def sent(values: dict[str, str] | None) -> None:
        if values is not None:
            stamp = coach.workspace.stamp()
            screen.change(lambda deal: items.not_applicable(deal, item, stamp, values["reason"]))

    fields = [Field("reason", words("dialogs.reason"), required=True, lines=3)]
    note = f"{place.number} {place.item.text.get(words.lang)}"
    screen.app.push_screen(
        FormDialog(
            words("dialogs.not-applicable"),
            fields,
            lambda values: check_lengths(coach, values),
            note=note,
        ),
        sent,
    )


@opens_form
def add_note(screen: DealChanges, item: str = "", contact: str = "") -> None:
    """Ask for a note on an item or a person or, without either, on the deal."""
    words, coach = screen.words, screen.coach

    def sent(values: dict[str, str] | None) -> None:
        if values is not None:
            stamp = coach.workspace.stamp()
            screen.change(
                lambda deal: notes.add(
                    deal, stamp, values["note"], item=item or None, contact=contact or None
                )
            )

    place = screen.playbook.places.get(item)
    about = (
        f"{place.number} {place.item.text.get(words.lang)}" if place else words("dialogs.note-deal")
    )
    if contact:
        about = words("dialogs.note-contact", contact=screen.deal.contacts[contact].name)
    fields = [Field("note", words("dialogs.note"), required=True, lines=6)]
    screen.app.push_screen(
        FormDialog(
            words("dialogs.note"), fields, lambda values: check_lengths(coach, values), note=about
        ),
        sent,
    )
