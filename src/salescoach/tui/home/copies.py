"""Asks whether to merge what sync services and refused merges left beside the deals, and does it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from salescoach.store.errors import StoreError
from salescoach.tui.screens.choice import ChoiceDialog, Option

if TYPE_CHECKING:
    from salescoach.tui.app import CoachApp


def ask_to_merge(coach: CoachApp) -> None:
    """Ask, and merge every copy in a thread; say so where there is none."""
    words = coach.words
    try:
        count = len(coach.workspace.copies())
    except StoreError as error:
        coach.say_error(error)
        return
    if not count:
        coach.say(words("home.copies-none"))
        return
    options = [
        Option("yes", words("home.copies-yes"), words("home.copies-yes-note")),
        Option("no", words("home.copies-no")),
    ]

    def chosen(answer: str | None) -> None:
        if answer == "yes":
            coach.run_worker(
                lambda: _merge(coach),
                thread=True,
                exclusive=True,
                group="copies",
                exit_on_error=False,
            )

    coach.push_screen(ChoiceDialog(words("home.copies-ask", count=count), options), chosen)


def _merge(coach: CoachApp) -> None:
    merged, conflicts = 0, 0
    try:
        copies = coach.workspace.copies()
    except StoreError as error:
        coach.call_from_thread(coach.say_error, error)
        return
    for copy in copies:
        try:
            deal = coach.workspace.merge_copy(copy)
        except Exception as error:  # noqa: BLE001 - told in one line; the copy stays where it is
            coach.call_from_thread(coach.say_error, error)
            continue
        merged += 1
        conflicts += len(deal.open_conflicts)
    if merged:
        told = coach.words("home.copies-merged", count=merged, conflicts=conflicts)
        coach.call_from_thread(coach.say, told)
    coach.call_from_thread(coach.refresh_index)
