"""Who works here: the form that asks for name and role, at the first start and whenever somebody wants to change them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from salescoach.tui.forms import check_lengths
from salescoach.tui.screens.choice import Option
from salescoach.tui.screens.form import Field, FormDialog, opens_form

if TYPE_CHECKING:
    from salescoach.tui.app import CoachApp


@opens_form
def ask_who(coach: CoachApp, *, first: bool = False) -> None:
    """Ask for the user's name and role and keep them in the settings.

    At the `first` start the system's name for the person is proposed, and Escape puts it off: it says once how the name is
    given later.
    """
    words, settings = coach.words, coach.workspace.settings
    name = settings.me
    if first:
        from salescoach.settings.user import proposed_name

        name = proposed_name()

    def sent(values: dict[str, str] | None) -> None:
        if values is not None:
            coach.introduce(values["me"], values["role"])
        elif first:
            coach.say(coach.words("dialogs.who-later"), timeout=8)

    roles = [
        Option(role, words(f"dialogs.role-{role}"), words(f"dialogs.role-{role}-note"))
        for role in ("rep", "coach")
    ]
    form = FormDialog(
        words("dialogs.who-first" if first else "dialogs.who-title"),
        [
            Field("me", words("dialogs.me"), name, words("dialogs.me-hint"), required=True),
            Field("role", words("dialogs.role"), settings.role, options=roles),
        ],
        lambda values: check_lengths(coach, values),
        note=words("dialogs.who-note"),
    )
    coach.push_screen(form, sent)
