"""What is typed about a customer and its people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from salescoach.customer import identity, notes, people
from salescoach.customer.people import ordered
from salescoach.document.errors import DocumentError
from salescoach.tui.forms import check_lengths, entry_options, told_doubts
from salescoach.tui.screens.choice import Option
from salescoach.tui.screens.form import Field, FieldError, FormDialog, Values, opens_form

if TYPE_CHECKING:
    from collections.abc import Sequence

    from salescoach.customer.models import Customer, Person
    from salescoach.tui.customer.list import CustomersScreen
    from salescoach.tui.customer.screen import CustomerScreen
    from salescoach.words import Words

_CHOSEN = ("level", "function", "reports_to")


def names_in(text: str) -> tuple[str, ...]:
    """Return the names that somebody typed into one line, between commas or slashes."""
    for mark in "，、;；/":
        text = text.replace(mark, ",")
    return tuple(name for name in map(str.strip, text.split(",")) if name)


def names_out(words: Words, names: Sequence[str]) -> str:
    """Return names as one line that `names_in` reads."""
    return words("fields.list-separator").join(names)


@opens_form
def new_customer(screen: CustomersScreen) -> None:
    """Ask for a new customer's names, save it and open it."""
    words, coach = screen.words, screen.coach

    def sent(values: dict[str, str] | None) -> None:
        if values is not None:
            coach.create_customer(values["name"], names_in(values["other_names"]))

    fields = [
        Field("name", words("customers.name"), required=True),
        _other_names(words, ()),
    ]
    coach.push_screen(
        FormDialog(words("customers.new"), fields, lambda values: check_lengths(coach, values)),
        sent,
    )


@opens_form
def rename(screen: CustomerScreen) -> None:
    """Change the customer's name and other names."""
    words, coach, base = screen.words, screen.coach, screen.customer

    def sent(values: dict[str, str] | None) -> None:
        if values is not None:
            stamp, names = coach.workspace.stamp(), names_in(values["other_names"])
            screen.change(
                lambda old: identity.edit(old, stamp, name=values["name"], other_names=names), base
            )

    fields = [
        Field("name", words("customers.name"), base.name, required=True),
        _other_names(words, base.other_names),
    ]
    coach.push_screen(
        FormDialog(
            words("customers.rename"),
            fields,
            lambda values: check_lengths(coach, values),
            note=words("customers.rename-note"),
        ),
        sent,
    )


@opens_form
def add_note(screen: CustomerScreen, person_id: str) -> None:
    """Note something about a person, or about the customer where none is given."""
    words, coach = screen.words, screen.coach
    who = screen.customer.people.get(person_id)

    def sent(values: dict[str, str] | None) -> None:
        if values is not None:
            stamp, text = coach.workspace.stamp(), values["note"]
            screen.change(lambda customer: notes.add(customer, stamp, text, person_id or None))

    title = words("customers.note-on", name=who.name if who else screen.customer.name)
    fields = [Field("note", words("contacts.note"), required=True, lines=5)]
    coach.push_screen(FormDialog(title, fields, lambda values: check_lengths(coach, values)), sent)


@opens_form
def add_person(screen: CustomerScreen) -> None:
    """Ask who a new person is."""
    coach, base = screen.coach, screen.customer

    def sent(values: dict[str, str] | None) -> None:
        if values is not None:
            stamp, given = coach.workspace.stamp(), _given(values)
            screen.change(lambda customer: people.add(customer, stamp, **given), base)

    _show(screen, screen.words("customers.new-person"), "", None, sent)


@opens_form
def edit_person(screen: CustomerScreen, person_id: str) -> None:
    """Change what is known of a person."""
    coach, base = screen.coach, screen.customer
    who = base.people[person_id]

    def sent(values: dict[str, str] | None) -> None:
        if values is not None:
            stamp, given = coach.workspace.stamp(), _given(values)
            screen.change(lambda customer: people.edit(customer, person_id, stamp, **given), base)

    _show(screen, who.name, person_id, who, sent)


def _show(
    screen: CustomerScreen, title: str, person_id: str, who: Person | None, sent: Any
) -> None:
    coach, base = screen.coach, screen.customer

    def check(values: Values) -> None:
        check_lengths(coach, values)
        stamp, given = coach.workspace.stamp(), _given(dict(values))
        try:
            if who is None:
                people.add(base, stamp, **given)
            else:
                people.edit(base, person_id, stamp, **given)
        except DocumentError as error:
            told = coach.workspace.explain(error, coach.words)
            name = "birthday" if "birthday" in error.code else "reports_to"
            raise FieldError(name, told) from None

    def doubts(values: Values) -> list[tuple[str, str]]:
        from salescoach.deal.doubts import contact_doubts

        found = told_doubts(coach, contact_doubts(values["phone"], values["email"]))
        return found + twins(screen.words, base, _given(dict(values)), but=person_id)

    form = FormDialog(title, person_fields(screen, base, person_id, who), check, doubts=doubts)
    coach.push_screen(form, sent)


def twins(
    words: Words, customer: Customer, given: dict[str, Any], *, but: str = ""
) -> list[tuple[str, str]]:
    """Return a question for each of the customer's people who may be the one that is described."""
    from salescoach.customer.matching import same_person
    from salescoach.customer.models import Person

    fields = {name: value for name, value in given.items() if name in people.FIELDS}
    described = Person.model_construct(**{**Person(name="?").__dict__, **fields})
    found = []
    for key, one in customer.people.items():
        match = same_person(described, one)
        if key != but and match.likeness != "different" and not customer.are_apart(key, but):
            field = "phone" if match.why == "reach" else "name"
            title = f" ({one.title})" if one.title else ""
            found.append((field, words("doubts.same-person", name=f"{one.name}{title}")))
    return found[:1]


def person_fields(
    screen: CustomerScreen, customer: Customer, person_id: str, who: Person | None
) -> list[Field]:
    """Return the fields of a person's form."""
    words, tool = screen.words, screen.coach.workspace.playbook.tools.organisation
    unknown = words("contacts.unknown")
    yes_no = [Option("", words("contacts.no")), Option("yes", words("contacts.yes"))]
    bosses = [Option("", unknown)]
    bosses += [
        Option(key, one.name, one.title)
        for key, one in ordered(customer)
        if key != person_id and not one.left
    ]

    def known(name: str) -> str:
        return str(getattr(who, name) or "") if who is not None else ""

    return [
        Field("name", words("contacts.name"), known("name"), required=True),
        Field("title", words("contacts.title"), known("title")),
        Field("department", words("contacts.department"), known("department")),
        Field(
            "level",
            words("contacts.level"),
            known("level"),
            options=entry_options(words, tool.levels, none=unknown),
        ),
        Field(
            "function",
            words("contacts.function"),
            known("function"),
            options=entry_options(words, tool.functions, none=unknown),
        ),
        Field("guide", words("contacts.guide"), "yes" if who and who.guide else "", options=yes_no),
        Field("reports_to", words("contacts.reports-to"), known("reports_to"), options=bosses),
        Field("phone", words("contacts.phone"), known("phone")),
        Field("email", words("contacts.email"), known("email")),
        other_names_field(words, who),
        birthday_field(words, who),
        Field("note", words("contacts.note"), known("note"), lines=3),
    ]


def other_names_field(words: Words, who: Person | None) -> Field:
    """Return the field for a person's other names."""
    names = names_out(words, who.other_names) if who is not None else ""
    hint = words("contacts.other-names-hint")
    return Field("other_names", words("contacts.other-names"), names, hint)


def birthday_field(words: Words, who: Person | None) -> Field:
    """Return the field for a person's birthday."""
    hint = words("contacts.birthday-hint")
    known = who.birthday if who is not None else ""
    return Field("birthday", words("contacts.birthday"), known, hint)


def _other_names(words: Words, names: Sequence[str]) -> Field:
    hint = words("customers.other-names-hint")
    return Field("other_names", words("customers.other-names"), names_out(words, names), hint)


def _given(values: dict[str, str]) -> dict[str, Any]:
    given: dict[str, Any] = dict(values)
    for name in _CHOSEN:
        given[name] = values[name] or None
    given["other_names"] = names_in(values["other_names"])
    given["guide"] = bool(values["guide"])
    return given
