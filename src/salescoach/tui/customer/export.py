"""Writes all that is held of a person into a file, for who asks for it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from salescoach.tui.screens.form import Field, FieldError, FormDialog, Values, opens_form

if TYPE_CHECKING:
    from salescoach.tui.customer.screen import CustomerScreen


@opens_form
def ask(screen: CustomerScreen, person_id: str) -> None:
    """Ask where to write it; the name proposed is that of the id, and not the person's."""
    words, coach, customer = screen.words, screen.coach, screen.customer
    who = customer.people[person_id]

    def check(values: Values) -> None:
        path = Path(values["path"]).expanduser()
        if path.exists():
            raise FieldError("path", words("customers.file-there", path=path))
        if not path.parent.is_dir():
            raise FieldError("path", words("customers.no-folder", path=path.parent))

    def sent(values: dict[str, str] | None) -> None:
        if values is not None:
            path = Path(values["path"]).expanduser()
            screen.run_worker(
                lambda: _write(screen, person_id, path),
                thread=True,
                exit_on_error=False,
                group="export",
            )

    proposed = Path.home() / f"person-{person_id[:8]}.json"
    fields = [Field("path", words("customers.file"), str(proposed), required=True)]
    title, note = words("customers.export", name=who.name), words("customers.export-note")
    coach.push_screen(FormDialog(title, fields, check, note=note), sent)


def _write(screen: CustomerScreen, person_id: str, path: Path) -> None:
    from salescoach.store.files.atomic import replace_file

    coach, workspace = screen.coach, screen.coach.workspace
    try:
        held = workspace.export_person(screen.customer.id, person_id)
        text = json.dumps(held, ensure_ascii=False, indent=2) + "\n"
        replace_file(path, text.encode())
    except Exception as error:  # noqa: BLE001 - told in one line, whatever is wrong
        coach.call_from_thread(coach.say_error, error)
        return
    coach.call_from_thread(screen.say, screen.words("customers.exported", path=path))
