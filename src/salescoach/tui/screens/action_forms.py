"""What is typed about a next step: a new one, another date."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import TYPE_CHECKING

from salescoach.deal import actions
from salescoach.tui.forms import check_lengths, day_field, read_date
from salescoach.tui.screens.form import Field, FieldError, FormDialog, Values

if TYPE_CHECKING:
    from salescoach.deal.models import Action
    from salescoach.tui.app import CoachApp
    from salescoach.tui.saver import Operation
    from salescoach.tui.screens.deal_changes import DealChanges


def _fields(coach: CoachApp, action: Action | None) -> list[Field]:
    words = coach.words
    due = action.due.isoformat() if action and action.due else ""
    owner = action.owner if action else coach.workspace.settings.me
    return [
        Field("text", words("dialogs.action-text"), action.text if action else "", required=True),
        day_field(coach, "due", words("dialogs.due"), due),
        Field("owner", words("dialogs.owner"), owner),
        Field(
            "agreed_with",
            words("dialogs.agreed-with"),
            action.agreed_with if action else "",
            words("dialogs.agreed-hint"),
        ),
    ]


def add(screen: DealChanges, item: str) -> None:
    """Ask for a next step; `item` is the item it should get done, or empty."""
    coach = screen.coach

    def check(values: Values) -> None:
        check_lengths(coach, values)
        read_date(coach, values, "due")

    def sent(values: dict[str, str] | None) -> None:
        if values is None:
            return
        stamp, due = coach.workspace.stamp(), read_date(coach, values, "due")
        planned = screen.change(
            lambda deal: actions.add(
                deal,
                stamp,
                values["text"],
                due=due,
                owner=values["owner"],
                agreed_with=values["agreed_with"],
                item=item or None,
            )
        )
        if planned:
            # The line at the bottom shows the earliest action, which may be another one.
            screen.call_later(screen.say, coach.words("dialogs.action-added", text=values["text"]))

    place = screen.playbook.places.get(item)
    note = f"{place.number} {place.item.text.get(screen.words.lang)}" if place else ""
    coach.push_screen(
        FormDialog(screen.words("dialogs.action"), _fields(coach, None), check, note=note), sent
    )


def edit(screen: DealChanges, action_id: str) -> None:
    """Change a next step."""
    coach, base = screen.coach, screen.deal

    def check(values: Values) -> None:
        check_lengths(coach, values)
        read_date(coach, values, "due")

    def sent(values: dict[str, str] | None) -> None:
        if values is None:
            return
        stamp = coach.workspace.stamp()
        changes: dict[str, object] = {**values, "due": read_date(coach, values, "due")}
        screen.change(lambda deal: actions.edit(deal, action_id, stamp, **changes), base)

    fields = _fields(coach, base.actions[action_id])
    coach.push_screen(FormDialog(screen.words("dialogs.action"), fields, check), sent)


def snooze(
    coach: CoachApp,
    action_id: str,
    text: str,
    due: date | None,
    change: Callable[[Operation], object],
) -> None:
    """Ask for another date of the action, due on `due`, and hand the operation that sets it to `change`."""
    words, today = coach.words, coach.workspace.today()
    later = max(due or today, today) + timedelta(days=1)

    def check(values: Values) -> None:
        if read_date(coach, values, "due") is None:
            raise FieldError("due", words("dialogs.needed", field=words("dialogs.due")))

    def sent(values: dict[str, str] | None) -> None:
        due = read_date(coach, values, "due") if values is not None else None
        if due is not None:
            stamp = coach.workspace.stamp()
            change(lambda deal: actions.snooze(deal, action_id, due, stamp))

    fields = [
        day_field(coach, "due", words("dialogs.until"), later.isoformat(), required=True),
    ]
    coach.push_screen(FormDialog(words("dialogs.snooze"), fields, check, note=text), sent)
