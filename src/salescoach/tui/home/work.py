"""What Home does to the work and the deals that it lists, loaded when it is first asked for."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from salescoach.tui.deal.action_forms import finish
from salescoach.tui.deal.action_forms import snooze as ask_when

if TYPE_CHECKING:
    from salescoach.tui.home.screen import HomeScreen
    from salescoach.tui.keep.saver import Operation


def done(screen: HomeScreen) -> None:
    """Mark the action under the cursor as done, and ask what came of it."""
    action = screen.work_under_cursor()
    if action is None:
        return
    deal_id, key, text = action.document, action.id, action.text

    def save(operation: Operation) -> None:
        if screen.finishing.start(deal_id, key, text):
            screen.coach.save(deal_id, operation)

    finish(screen.coach, key, text, action.item, save)


def snooze(screen: HomeScreen) -> None:
    """Move the date of the action under the cursor."""
    action = screen.work_under_cursor()
    if action is not None:
        deal_id = action.document
        ask_when(
            screen.coach,
            action.id,
            action.text,
            date.fromisoformat(action.due),
            lambda operation: screen.coach.save(deal_id, operation),
        )


def samples(screen: HomeScreen) -> None:
    """Put the sample deals into the store, away from the event loop."""

    def put() -> None:
        coach = screen.coach
        from salescoach.samples import install

        try:
            count = len(install(coach.workspace, coach.workspace.today()))
        except Exception as error:  # noqa: BLE001 - told in one line, whatever the disk says
            coach.call_from_thread(coach.say_error, error)
            return
        told = "samples-added" if count or coach.workspace.has_deals() else "samples-missing"
        coach.call_from_thread(screen.say, screen.words(f"home.{told}", count=count))
        coach.call_from_thread(screen.reload)

    screen.run_worker(put, thread=True, exclusive=True, exit_on_error=False, group="samples")
