"""What is typed and picked about a contact: who it is, the rung, the style."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, get_args

from salescoach.coach.names import entry as entry_name
from salescoach.customer.rungs import RungChange, moved, steps_up
from salescoach.deal import contacts
from salescoach.deal.stakeholders import Stance
from salescoach.document.errors import DocumentError, InvalidValue
from salescoach.tui.customer.forms import (
    birthday_field,
    names_in,
    other_names_field,
    twins,
)
from salescoach.tui.forms import (
    check_lengths,
    contact_options,
    day_field,
    entry_options,
    read_date,
    told_doubts,
)
from salescoach.tui.screens.choice import ChoiceDialog, Option
from salescoach.tui.screens.form import Field, FieldError, FormDialog, Values, opens_form
from salescoach.tui.screens.lookup import Looked, Offer

if TYPE_CHECKING:
    from salescoach.customer.models import Person
    from salescoach.deal.models import Deal
    from salescoach.deal.stakeholders import Contact
    from salescoach.document.stamp import Stamp
    from salescoach.tui.deal.changes import DealChanges
    from salescoach.words import Words


def _fields(screen: DealChanges, contact_id: str, who: Contact | None) -> list[Field]:
    words, tools = screen.words, screen.playbook.tools
    unknown = words("contacts.unknown")
    yes_no = [Option("", words("contacts.no")), Option("yes", words("contacts.yes"))]
    rungs = [
        Option("", tools.relationship.none.name.get(words.lang)),
        *entry_options(words, tools.relationship.rungs),
    ]
    lookup = None if who else partial(_others, screen)
    return [
        Field(
            "name", words("contacts.name"), who.name if who else "", required=True, lookup=lookup
        ),
        Field("title", words("contacts.title"), who.title if who else ""),
        Field("department", words("contacts.department"), who.department if who else ""),
        Field(
            "level",
            words("contacts.level"),
            (who.level or "") if who else "",
            options=entry_options(words, tools.organisation.levels, none=unknown),
        ),
        Field(
            "function",
            words("contacts.function"),
            (who.function or "") if who else "",
            options=entry_options(words, tools.organisation.functions, none=unknown),
        ),
        Field(
            "roles",
            words("contacts.roles"),
            ",".join(who.roles) if who else "",
            options=entry_options(words, tools.organisation.roles),
            many=True,
        ),
        Field("rung", words("contacts.rung"), (who.rung or "") if who else "", options=rungs),
        Field("guide", words("contacts.guide"), "yes" if who and who.guide else "", options=yes_no),
        Field("key", words("contacts.key"), "yes" if who and who.key else "", options=yes_no),
        Field(
            "stance",
            words("contacts.stance"),
            (who.stance or "") if who else "",
            options=stances(words),
        ),
        Field(
            "reports_to",
            words("contacts.reports-to"),
            (who.reports_to or "") if who else "",
            options=contact_options(screen.deal, unknown, but=contact_id),
        ),
        Field("phone", words("contacts.phone"), who.phone if who else ""),
        Field("email", words("contacts.email"), who.email if who else ""),
        other_names_field(words, who),
        birthday_field(words, who),
        Field("note", words("contacts.note"), who.note if who else "", lines=3),
    ]


def _given(values: dict[str, str]) -> dict[str, Any]:
    left_out = {"rung", "name_id"}
    given: dict[str, Any] = {name: value for name, value in values.items() if name not in left_out}
    for name in ("level", "function", "reports_to", "stance"):
        given[name] = values[name] or None
    given["other_names"] = names_in(values["other_names"])
    given["roles"] = tuple(role for role in values["roles"].split(",") if role)
    for name in ("guide", "key"):
        given[name] = bool(values[name])
    return given


def stances(words: Words) -> list[Option]:
    """Return where somebody may stand in a deal, as options."""
    options = [Option("", words("contacts.stance-unknown"))]
    return options + [
        Option(stance, words(f"contacts.stance-{stance}")) for stance in get_args(Stance)
    ]


def _others(screen: DealChanges, text: str) -> Looked:
    """Return the customer's people who are no stakeholders of the deal and are found by name or pinyin."""
    from salescoach.tui.hits import Finder, Hit

    words, deal = screen.words, screen.deal
    customer = deal.customer_record
    if customer is None:
        return Looked()
    people = [(key, customer.people[key]) for key, _ in contacts.others(deal)]
    hits = [
        Hit("person", key, one.name, one.title, also=" ".join(one.other_names))
        for key, one in people
    ]
    found = Finder(screen.coach.workspace).fitting(text, hits)
    offers = [Offer(hit.label, _told(customer.people[hit.value]), hit.value) for hit in found[:5]]
    return Looked(offers, words("contacts.new-person") if not offers else "")


def _told(who: Person) -> str:
    return "  ".join(filter(None, (who.title, who.department, who.phone)))


def _number_doubts(screen: DealChanges, values: Values) -> list[tuple[str, str]]:
    from salescoach.deal.doubts import contact_doubts

    return told_doubts(screen.coach, contact_doubts(values["phone"], values["email"]))


def _doubts(screen: DealChanges, values: Values) -> list[tuple[str, str]]:
    """Return what to ask about once: a number that is none, somebody of the customer's who may be the same person."""
    found = _number_doubts(screen, values)
    customer = screen.deal.customer_record
    if customer is None or values.get("name_id"):
        return found
    return found + twins(screen.words, customer, _given(dict(values)))


@opens_form
def add(screen: DealChanges) -> None:
    """Ask who a new contact is, or which of the customer's people; a rung picked is asked for its evidence after."""
    coach = screen.coach

    def sent(values: dict[str, str] | None) -> None:
        if values is None:
            return
        stamp, given = coach.workspace.stamp(), _given(values)
        if chosen := values["name_id"]:
            added, key = screen.change(lambda deal: _involved(deal, chosen, stamp, given)), chosen
        else:
            added, key = screen.change(lambda deal: contacts.add(deal, stamp, **given)), stamp.id
        known = screen.deal.contacts.get(key)
        if added and values["rung"] and known is not None and known.rung != values["rung"]:
            prove_rung(screen, key, values["rung"])

    def check(values: Values) -> None:
        check_lengths(coach, values)
        _check_birthday(screen, values)

    form = FormDialog(
        screen.words("contacts.new"),
        _fields(screen, "", None),
        check,
        doubts=lambda values: _doubts(screen, values),
    )
    screen.app.push_screen(form, sent)


def _involved(deal: Deal, person_id: str, stamp: Stamp, given: dict[str, Any]) -> Deal:
    """Return the deal with one of the customer's people in it, and with what was filled in about the person."""
    part = {name: given[name] for name in contacts.PART}
    deal = contacts.involve(deal, person_id, stamp, **part)
    more = {
        name: value
        for name, value in given.items()
        if value and name != "name" and name not in contacts.PART
    }
    return contacts.edit(deal, person_id, stamp.derive("record"), **more) if more else deal


def _check_birthday(screen: DealChanges, values: Values) -> None:
    """Refuse a birthday that is no day. Raises FieldError."""
    from salescoach.customer.birthdays import birthday_of

    coach = screen.coach
    try:
        birthday_of(values["birthday"], coach.workspace.stamp())
    except DocumentError as error:
        raise FieldError("birthday", coach.workspace.explain(error, coach.words)) from None


@opens_form
def edit(screen: DealChanges, contact_id: str) -> None:
    """Change what is known of a contact; another rung picked for it is asked for its evidence after."""
    coach, base = screen.coach, screen.deal
    who = base.contacts[contact_id]

    def sent(values: dict[str, str] | None) -> None:
        if values is not None:
            stamp, given = coach.workspace.stamp(), _given(values)
            screen.change(lambda deal: contacts.edit(deal, contact_id, stamp, **given), base)
            if values["rung"] != (who.rung or ""):
                prove_rung(screen, contact_id, values["rung"] or None)

    def check(values: Values) -> None:
        check_lengths(coach, values)
        _check_birthday(screen, values)
        try:
            contacts.edit(base, contact_id, coach.workspace.stamp(), **_given(dict(values)))
        except DocumentError as error:  # who reports to whom goes in a circle
            told = coach.workspace.explain(error, coach.words)
            raise FieldError("reports_to", told) from None

    form = FormDialog(
        who.name,
        _fields(screen, contact_id, who),
        check,
        doubts=lambda values: _number_doubts(screen, values),
    )
    screen.app.push_screen(form, sent)


def set_rung(screen: DealChanges, contact_id: str) -> None:
    """Pick the rung a contact has reached, each option with its marker, then ask what shows it."""
    words = screen.words
    ladder = screen.playbook.tools.relationship
    who = screen.deal.contacts[contact_id]

    def chosen(value: str | None) -> None:
        if value is None or (not value and who.rung is None):
            return
        prove_rung(screen, contact_id, value or None)

    options = [Option("", ladder.none.name.get(words.lang))]
    options += [
        Option(rung.key, rung.name.get(words.lang), rung.marker.get(words.lang))
        for rung in ladder.rungs
    ]
    title = f"{who.name}  {words('contacts.rung')}"
    screen.app.push_screen(ChoiceDialog(title, options, who.rung or ""), chosen)


_WRONG = {
    "date-to-come": "on",
    "reason-needed-rungs": "reason",
    "reason-needed-rung-down": "reason",
}
"""The field of the form that a refusal is about; all others are about what happened."""


@opens_form
def prove_rung(screen: DealChanges, contact_id: str, rung: str | None) -> None:
    """Ask what shows that a contact is on a rung: who, when, what; for a step down only why."""
    words, coach, base = screen.words, screen.coach, screen.deal
    who, tool = base.contacts[contact_id], screen.playbook.tools.relationship
    ladder = tuple(one.key for one in tool.rungs)
    climbs = steps_up(who.rung, rung, ladder)

    def change(values: Values) -> RungChange:
        return RungChange(
            rung,
            ladder,
            note=values.get("note", ""),
            who=values.get("who", ""),
            on=read_date(coach, values, "on", past=True),
            reason=values.get("reason", ""),
        )

    def check(values: Values) -> None:
        check_lengths(coach, values)
        try:
            given = change(values)
            if climbs == 0 and not given.note:
                raise InvalidValue("rung-needs-evidence", contact=who.name, rung=rung or "")
            moved(who, given, coach.workspace.stamp())
        except DocumentError as error:
            told = coach.workspace.explain(error, coach.words)
            raise FieldError(_WRONG.get(error.code, "note"), told) from None

    def sent(values: dict[str, str] | None) -> None:
        if values is not None:
            stamp, given = coach.workspace.stamp(), change(values)
            screen.change(lambda deal: contacts.set_rung(deal, contact_id, given, stamp), base)

    today = coach.workspace.today().isoformat()
    why = Field("reason", words("contacts.rung-why"), required=True, lines=2)
    fields = [
        Field("note", words("contacts.rung-shown-by"), required=True, lines=3),
        Field("who", words("dialogs.who"), who.name, words("dialogs.who-hint")),
        day_field(coach, "on", words("dialogs.on"), today, past=True),
    ]
    name = entry_name(words, (tool.none, *tool.rungs), rung or tool.none.key)
    if climbs < 0:
        fields, note = [why], words("contacts.rung-down-note", contact=who.name)
    else:
        note = next((one.marker.get(words.lang) for one in tool.rungs if one.key == rung), "")
        if climbs > 1:
            fields.append(why)
            note = f"{note}\n{words('contacts.rung-skip-note', count=climbs)}"
    screen.app.push_screen(FormDialog(f"{who.name}  {name}", fields, check, note=note), sent)


@opens_form
def judge_style(screen: DealChanges, contact_id: str) -> None:
    """Ask which communication style a contact showed, and when."""
    words, coach = screen.words, screen.coach
    base = screen.deal
    who = base.contacts[contact_id]

    def check(values: Values) -> None:
        check_lengths(coach, values)
        read_date(coach, values, "on", past=True)

    def sent(values: dict[str, str] | None) -> None:
        if values is not None:
            stamp, on = coach.workspace.stamp(), read_date(coach, values, "on", past=True)
            screen.change(
                lambda deal: contacts.judge_style(
                    deal, contact_id, values["style"], on, stamp, values["note"]
                ),
                base,
            )

    options = entry_options(words, screen.playbook.tools.styles.styles)
    fields = [
        Field("style", words("contacts.style"), options[0].value, options=options),
        day_field(coach, "on", words("dialogs.on"), coach.workspace.today().isoformat(), past=True),
        Field("note", words("contacts.style-seen"), lines=3),
    ]
    screen.app.push_screen(
        FormDialog(f"{who.name}  {words('contacts.style')}", fields, check), sent
    )
