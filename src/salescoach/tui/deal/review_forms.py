"""A coach's verdict, typed: an item, a stage's marker or a contact's rung is confirmed or challenged."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from salescoach.coach import review
from salescoach.coach.names import rung as rung_name
from salescoach.deal import contacts
from salescoach.document.errors import DocumentError
from salescoach.document.stamp import Stamp
from salescoach.playbook.lookup import stage_of
from salescoach.tui.forms import check_lengths, one_of
from salescoach.tui.screens.choice import ChoiceDialog, Option
from salescoach.tui.screens.form import Field, FormDialog, Values, opens_form

if TYPE_CHECKING:
    from salescoach.deal.models import Deal
    from salescoach.deal.parts import Side
    from salescoach.tui.deal.changes import DealChanges

Confirm = Callable[["Deal", Stamp], "Deal"]
Challenge = Callable[["Deal", Stamp, str], "Deal"]


@opens_form
def of_item(screen: DealChanges, item: str) -> None:
    """Let a coach confirm or challenge an item, also one that only the deal's data meet."""
    playbook, place = screen.playbook, screen.playbook.places[item]
    _ask(
        screen,
        f"{place.number} {place.item.text.get(screen.words.lang)}",
        lambda deal, stamp: review.confirm_item(playbook, deal, place, stamp),
        lambda deal, stamp, why: review.challenge_item(playbook, deal, place, stamp, why),
    )


def of_marker(screen: DealChanges, stage_key: str) -> None:
    """Let a coach pick one of a stage's markers, and confirm or challenge it."""
    playbook, words = screen.playbook, screen.words
    stage = stage_of(playbook, stage_key)

    def chosen(value: str | None) -> None:
        if value is None:
            return
        side: Side = "entry" if value == "entry" else "exit"
        marker = stage.entry if side == "entry" else stage.exit
        _ask(
            screen,
            marker.text.get(words.lang),
            lambda deal, stamp: review.confirm_marker(playbook, deal, stage_key, side, stamp),
            lambda deal, stamp, why: review.challenge_marker(
                playbook, deal, stage_key, side, stamp, why
            ),
        )

    options = [
        Option("entry", words("deal.gate-entry"), stage.entry.text.get(words.lang)),
        Option("exit", words("deal.gate-exit"), stage.exit.text.get(words.lang)),
    ]
    screen.app.push_screen(ChoiceDialog(words("dialogs.review"), options), chosen)


@opens_form
def of_rung(screen: DealChanges, contact_id: str) -> None:
    """Let a coach confirm or challenge the rung that a contact is on."""
    who = screen.deal.contacts[contact_id]
    _ask(
        screen,
        f"{who.name}  {rung_name(screen.words, screen.playbook, who.rung or '')}",
        lambda deal, stamp: contacts.confirm_rung(deal, contact_id, stamp),
        lambda deal, stamp, why: contacts.challenge_rung(deal, contact_id, stamp, why),
    )


@opens_form
def _ask(screen: DealChanges, what: str, confirm: Confirm, challenge: Challenge) -> None:
    """Ask for the verdict; the coach's name goes into the record. Where there is nothing to judge say so instead."""
    words, coach, base = screen.words, screen.coach, screen.deal
    refusal = _refusal(base, screen.coach.workspace.stamp(), confirm, challenge)
    if refusal is not None:
        screen.refuse(coach.workspace.explain(refusal, words))
        return

    def sent(values: dict[str, str] | None) -> None:
        if values is None:
            return
        coach.last_coach = values["coach"]
        own = coach.workspace.stamp()
        # Somebody who is only named at this desk has no id here.
        his = values["coach"] == own.by
        stamp = Stamp(own.at, values["coach"], "coach", own.id, own.by_id if his else "")
        if values["verdict"] == "challenge":
            screen.change(lambda deal: challenge(deal, stamp, values["reason"]), base)
        elif screen.change(lambda deal: confirm(deal, stamp), base):
            event = screen.deal.events.get(stamp.id)
            if event is not None and event.about.get("itself"):
                screen.call_later(screen.say, words("dialogs.self-confirmed"), severity="warning")

    def check(values: Values) -> None:
        check_lengths(coach, values)
        if values["verdict"] == "challenge":
            one_of(coach, values, ("reason",), "dialogs.challenge-why")

    settings = coach.workspace.settings
    name = coach.last_coach or (settings.me if settings.role == "coach" else "")
    verdicts = [
        Option("confirm", words("dialogs.confirm"), words("dialogs.confirm-note")),
        Option("challenge", words("dialogs.challenge"), words("dialogs.challenge-note")),
    ]
    fields = [
        Field("verdict", words("dialogs.verdict"), "confirm", options=verdicts),
        Field("coach", words("dialogs.coach-name"), name, required=True),
        Field("reason", words("dialogs.challenge-why"), lines=3),
    ]
    screen.app.push_screen(FormDialog(words("dialogs.review"), fields, check, note=what), sent)


def _refusal(
    deal: Deal, stamp: Stamp, confirm: Confirm, challenge: Challenge
) -> DocumentError | None:
    """Return why there is nothing to judge, or None where one of the two verdicts can be given."""
    coach = Stamp(stamp.at, stamp.by, "coach", by_id=stamp.by_id)
    try:
        confirm(deal, coach)
    except DocumentError as error:
        try:
            challenge(deal, coach, "?")
        except DocumentError:
            return error
    return None
