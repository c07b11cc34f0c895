"""What is typed about a next step: a new one, another date, what came of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import TYPE_CHECKING

from textual import on
from textual.widgets import Input

from salescoach.deal import actions
from salescoach.document.evidence import enough
from salescoach.tui.forms import check_lengths, day_field, read_date
from salescoach.tui.screens.choice import ChoiceDialog, Option
from salescoach.tui.screens.form import Field, FieldError, FormDialog, Values, opens_form

if TYPE_CHECKING:
    from salescoach.deal.models import Deal
    from salescoach.deal.parts import Action
    from salescoach.tui.app import CoachApp
    from salescoach.tui.deal.changes import DealChanges
    from salescoach.tui.keep.saver import Operation


def _fields(coach: CoachApp, deal: Deal, action: Action | None) -> list[Field]:
    words, me = coach.words, coach.workspace.settings.me
    due = action.due.isoformat() if action and action.due else ""
    owner = action.owner if action else me
    known = (owner, me, deal.owner, *(one.owner for one in deal.actions.values()))
    owners = [Option(name, name) for name in dict.fromkeys(filter(None, known))]
    return [
        Field("text", words("dialogs.action-text"), action.text if action else "", required=True),
        day_field(coach, "due", words("dialogs.due"), due),
        Field(
            "owner",
            words("dialogs.owner"),
            owner,
            options=[*owners, Option("", words("dialogs.owner-nobody"))],
        ),
        Field("owner_other", words("dialogs.owner-other"), hint=words("dialogs.owner-hint")),
        Field(
            "agreed_with",
            words("dialogs.agreed-with"),
            action.agreed_with if action else "",
            words("dialogs.agreed-hint"),
        ),
    ]


def _owner(values: Values) -> str:
    """Return whose an action is: a name that was typed goes before the one that was picked."""
    return values["owner_other"] or values["owner"]


@opens_form
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
                owner=_owner(values),
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
        FormDialog(
            screen.words("dialogs.action"), _fields(coach, screen.deal, None), check, note=note
        ),
        sent,
    )


@opens_form
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
        changes: dict[str, object] = {
            "text": values["text"],
            "due": read_date(coach, values, "due"),
            "owner": _owner(values),
            "agreed_with": values["agreed_with"],
        }
        screen.change(lambda deal: actions.edit(deal, action_id, stamp, **changes), base)

    fields = _fields(coach, base, base.actions[action_id])
    coach.push_screen(FormDialog(screen.words("dialogs.action"), fields, check), sent)


class OutcomeForm(FormDialog):
    """What came of an action; one Enter in the empty line is enough."""

    @on(Input.Submitted)
    def _nothing_to_tell(self, event: Input.Submitted) -> None:
        if not self.values()["outcome"]:
            event.prevent_default()  # there is nothing to offer as evidence, so no further field
            self.action_send()


@opens_form
def finish(
    coach: CoachApp,
    action_id: str,
    text: str,
    item: str | None,
    change: Callable[[Operation], object],
) -> None:
    """Ask what came of an action, offer that as evidence for its `item`, and hand the operation to `change`."""
    words = coach.words

    def check(values: Values) -> None:
        check_lengths(coach, values)
        if values.get("speaks") and not enough(values["outcome"]):
            raise FieldError("outcome", words("errors.evidence-thin"))

    def sent(values: dict[str, str] | None) -> None:
        if values is None:
            return
        stamp, outcome, speaks = coach.workspace.stamp(), values["outcome"], values.get("speaks")
        if speaks:
            against = speaks == "against"
            change(
                lambda deal: actions.done_with_evidence(
                    deal, action_id, stamp, outcome, against=against
                )
            )
        else:
            change(lambda deal: actions.done(deal, action_id, stamp, outcome))

    fields = [Field("outcome", words("dialogs.outcome"), hint=words("dialogs.outcome-hint"))]
    place = coach.workspace.playbook.places.get(item or "")
    note = text
    if place is not None:
        note = f"{text}\n{place.number} {place.item.text.get(words.lang)}"
        options = [
            Option("", words("dialogs.evidence-none")),
            Option("for", words("dialogs.evidence-for")),
            Option("against", words("dialogs.evidence-against")),
        ]
        fields.append(Field("speaks", words("dialogs.as-evidence"), "", options=options))
    coach.push_screen(OutcomeForm(words("dialogs.action-done"), fields, check, note=note), sent)


def reopen(screen: DealChanges, action_id: str) -> None:
    """Ask before a done action waits again: its outcome goes."""
    words, action = screen.words, screen.deal.actions[action_id]

    def chosen(value: str | None) -> None:
        if value == "reopen":
            stamp = screen.coach.workspace.stamp()
            screen.change(lambda deal: actions.reopen(deal, action_id, stamp))

    options = [
        Option("keep", words("dialogs.keep-done"), action.outcome),
        Option("reopen", words("dialogs.reopen-action"), words("dialogs.reopen-action-note")),
    ]
    title = words("dialogs.action-is-done", text=action.text)
    screen.app.push_screen(ChoiceDialog(title, options), chosen)


@opens_form
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
