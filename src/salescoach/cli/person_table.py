"""People as the shell shows them: a table, and JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from salescoach.cli.format import short_id

if TYPE_CHECKING:
    from collections.abc import Iterable

    from salescoach.cli.context import Context
    from salescoach.customer.models import Customer, Person
    from salescoach.deal.models import Deal
    from salescoach.playbook.models import Entry, Playbook


def as_json(playbook: Playbook, key: str, person: Person) -> dict[str, object]:
    """Return a person by the names of the document, with the id and how the rung stands; a contact also with the part in the deal."""
    from salescoach.coach.checks import is_key, rung_standing
    from salescoach.deal.stakeholders import Contact

    told = {
        "id": key,
        **person.model_dump(mode="json"),
        "rung_standing": rung_standing(playbook, person),
    }
    return told | {"is_key": is_key(playbook, person)} if isinstance(person, Contact) else told


def write_people(context: Context, document: Deal | Customer) -> None:
    """Write the table of the people of a deal or a customer."""
    from salescoach.cli.people_at import people_of
    from salescoach.cli.table import Column

    words = context.words
    columns = [
        Column(words("cli.head-id")),
        Column(words("cli.head-name"), elastic=True),
        Column(words("cli.head-title"), elastic=True, spare=3),
        Column(words("cli.head-level"), elastic=True, spare=2),
        Column(words("cli.head-function"), elastic=True, spare=2),
        Column(words("cli.head-roles"), elastic=True),
        Column(words("cli.head-rung"), elastic=True),
        Column(words("cli.head-style"), elastic=True, spare=1),
        Column(words("cli.head-marks"), elastic=True),
    ]
    people = [_row(context, key, person) for key, person in people_of(document)]
    context.out.table(columns, people)


def rung_text(context: Context, person: Person) -> str:
    """Return the name of a person's rung, and whether it is only claimed or challenged."""
    from salescoach.coach.checks import rung_standing

    ladder = context.playbook.tools.relationship
    wanted = person.rung or ladder.none.key
    entries = (
        entry.name.get(context.lang)
        for entry in (ladder.none, *ladder.rungs)
        if entry.key == wanted
    )
    name = next(entries, wanted)
    standing = rung_standing(context.playbook, person)
    return name if standing == "shown" else f"{name} ({context.words('contacts.rung-' + standing)})"


def _row(context: Context, key: str, person: Person) -> list[str]:
    from salescoach.coach.checks import is_key
    from salescoach.deal.stakeholders import Contact

    words, lang, tools = context.words, context.lang, context.playbook.tools
    organisation = tools.organisation

    def name(entries: Iterable[Entry], wanted: str | None) -> str:
        found = (entry.name.get(lang) for entry in entries if entry.key == wanted)
        return next(found, wanted or "")

    part = person if isinstance(person, Contact) else None
    marks = {
        "guide": person.guide,
        "key": part is not None and is_key(context.playbook, part),
        "left": person.left,
    }
    told = [words(f"cli.contact-is-{mark}") for mark, holds in marks.items() if holds]
    if part is not None and part.stance is not None:
        told.append(words(f"contacts.stance-{part.stance}"))
    latest = max(person.styles.values(), key=lambda judged: judged.on, default=None)
    return [
        short_id(key),
        person.name,
        " · ".join(filter(None, (person.department, person.title))),
        name(organisation.levels, person.level),
        name(organisation.functions, person.function),
        " ".join(name(organisation.roles, role) for role in (part.roles if part else ())),
        rung_text(context, person),
        name(tools.styles.styles, latest.style) if latest else "",
        " ".join(told),
    ]
