"""Erases all that is held of a person, once the name is typed: nothing takes it back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from salescoach.text import fold
from salescoach.tui.screens.choice import ChoiceDialog, Option
from salescoach.tui.screens.form import Field, FieldError, FormDialog, Values, opens_form

if TYPE_CHECKING:
    from salescoach.tui.customer.screen import CustomerScreen
    from salescoach.workspace.erasing import Report

_DRAIN = 5.0
"""Seconds that edits have to be saved before."""


@opens_form
def ask(screen: CustomerScreen, person_id: str) -> None:
    """Say what is erased and ask for the person's name."""
    words, coach, customer = screen.words, screen.coach, screen.customer
    who = customer.people[person_id]

    def check(values: Values) -> None:
        if fold(values["name"]) != fold(who.name):
            raise FieldError("name", words("customers.erase-other-name", name=who.name))

    def sent(values: dict[str, str] | None) -> None:
        if values is not None:
            screen.run_worker(
                lambda: _erase(screen, customer.id, person_id),
                thread=True,
                exit_on_error=False,
                group="erase",
            )

    count = len(screen.around.deals_with(person_id))
    note = words("customers.erase-note", name=who.name, count=count)
    fields = [Field("name", words("customers.erase-name"), required=True)]
    title = words("customers.erase", name=who.name)
    coach.push_screen(FormDialog(title, fields, check, note=note, kept=False), sent)


def _erase(screen: CustomerScreen, customer_id: str, person_id: str) -> None:
    coach, workspace = screen.coach, screen.coach.workspace
    try:
        coach.saver.drain(_DRAIN)
        report = workspace.erase_person(customer_id, person_id)
        customer = workspace.current_customer(customer_id)
    except Exception as error:  # noqa: BLE001 - told in one line, whatever the disk says
        coach.call_from_thread(coach.say_error, error)
        return
    coach.call_from_thread(screen.show_document, customer)
    coach.call_from_thread(_tell, screen, report)


def _tell(screen: CustomerScreen, report: Report) -> None:
    words = screen.words
    if not report.backups:
        screen.say(words("customers.erased"))
        return
    told = "\n".join(map(str, report.backups))
    options = [Option("ok", words("customers.erase-understood"))]
    note = words("customers.erase-backups", paths=told)
    dialog = ChoiceDialog(words("customers.erased"), options, note=note)
    screen.app.push_screen(dialog)
    screen.coach.input_queue.surprise()
