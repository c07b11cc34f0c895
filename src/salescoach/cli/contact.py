"""`salescoach contact`: the people at the customer: add, edit, rung, style, left, list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from salescoach.cli.format import short_id

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterable

    from salescoach.cli.context import Context
    from salescoach.customer.rungs import RungChange
    from salescoach.deal.models import Deal
    from salescoach.deal.stakeholders import Contact
    from salescoach.document.stamp import Stamp
    from salescoach.playbook.models import Entry, Playbook
    from salescoach.words import Words

_LINES = ("title", "department", "phone", "email", "note")


def add_arguments(parser: argparse.ArgumentParser, command: str, words: Words) -> None:
    """Describe the things that can be done with contacts."""
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", required=True)

    def verb(name: str, *positional: str) -> argparse.ArgumentParser:
        summary = words(f"help.contact-{name}")
        child = verbs.add_parser(name, help=summary, description=summary)
        child.add_argument("deal", metavar="DEAL", help=words("help.deal"))
        for argument in positional:
            child.add_argument(
                argument, metavar=argument.upper(), help=words(f"help.contact-arg-{argument}")
            )
        return child

    added = verb("add", "name")
    _add_fields(added, words)
    edit = verb("edit", "contact")
    edit.add_argument("--name", metavar="NAME", help=words("help.contact-arg-name"))
    _add_fields(edit, words)
    for child in (added, edit):
        child.add_argument("--rung", metavar="KEY", help=words("help.contact-arg-rung"))
        _add_proof(child, words, "--rung-")
    _add_proof(verb("rung", "contact", "rung"), words, "--")
    style = verb("style", "contact", "style")
    style.add_argument("--on", metavar="DATE", help=words("help.on"))
    style.add_argument("--note", metavar="TEXT", default="", help=words("help.ev-note"))
    verb("left", "contact")
    verb("list").add_argument("--json", action="store_true", help=words("help.json"))


def _add_fields(parser: argparse.ArgumentParser, words: Words) -> None:
    from argparse import BooleanOptionalAction

    for name in _LINES:
        parser.add_argument(f"--{name}", metavar="TEXT", help=words(f"help.contact-{name}"))
    for name in ("level", "function"):
        parser.add_argument(f"--{name}", metavar="KEY", help=words(f"help.contact-arg-{name}"))
    parser.add_argument(
        "--role", metavar="KEY", action="append", dest="roles", help=words("help.contact-role")
    )
    parser.add_argument("--reports-to", metavar="CONTACT", help=words("help.contact-reports-to"))
    for name in ("guide", "key"):
        parser.add_argument(
            f"--{name}", action=BooleanOptionalAction, help=words(f"help.contact-{name}")
        )
    parser.add_argument("--anyway", action="store_true", help=words("help.anyway"))


def _add_proof(parser: argparse.ArgumentParser, words: Words, prefix: str) -> None:
    """Add what shows a rung: what happened, who showed it, when, and why it is an unusual step."""
    options = (("note", "TEXT"), ("who", "NAME"), ("on", "DATE"), ("reason", "TEXT"))
    for name, metavar in options:
        parser.add_argument(
            f"{prefix}{name}",
            dest=f"rung_{name}",
            metavar=metavar,
            default="",
            help=words(f"help.rung-{name}"),
        )


def run(context: Context, args: argparse.Namespace) -> int:
    """Do what the verb says."""
    if args.verb == "list":
        return _list(context, args)
    if args.verb in {"add", "edit"} and not _meant(context, args):
        return 1
    if args.verb == "add":
        return _add(context, args)
    return _change(context, args)


def _meant(context: Context, args: argparse.Namespace) -> bool:
    """Ask about a phone number or an e-mail address that does not look like one; say whether to go on."""
    from salescoach.cli.doubts import settled
    from salescoach.deal.doubts import contact_doubts
    from salescoach.text import clean

    doubts = list(contact_doubts(clean(args.phone or ""), clean(args.email or "")))
    return settled(context, doubts, anyway=args.anyway)


def find_contact(context: Context, deal: Deal, asked: str) -> str:
    """Return the id of the contact that an id, a prefix, a name or its number in the list means. Raises Failure."""
    from salescoach.cli.pick import pick_id
    from salescoach.deal.contacts import ordered

    known = {key: person.name for key, person in ordered(deal)}
    return pick_id(context.words, "contact", asked, known)


def entry_of(context: Context, field: str, entries: Iterable[Entry], asked: str) -> str:
    """Return the key of the vocabulary's entry that a key or a name means. Raises NotThere with all keys."""
    from salescoach.cli.failures import shorten
    from salescoach.document.errors import NotThere

    wanted = asked.strip().casefold()
    known = list(entries)
    for entry in known:
        if wanted in {entry.key, entry.name.zh.casefold(), entry.name.en.casefold()}:
            return entry.key
    choices = ", ".join(f"{entry.key} ({entry.name.get(context.lang)})" for entry in known)
    raise NotThere("unknown-choice", field=field, asked=shorten(asked, 60), choices=choices)


def as_json(playbook: Playbook, key: str, contact: Contact) -> dict[str, object]:
    """Return a contact by the names of the document, with its id, how its rung stands and whether it is a key contact."""
    from salescoach.coach.checks import is_key, rung_standing

    return {
        "id": key,
        **contact.model_dump(mode="json"),
        "rung_standing": rung_standing(playbook, contact),
        "is_key": is_key(playbook, contact),
    }


def _fields(context: Context, args: argparse.Namespace) -> dict[str, Any]:
    from salescoach.cli.context import given
    from salescoach.cli.parser import UsageError

    tools = context.playbook.tools
    values = given(args, "name", *_LINES, "guide", "key")
    if args.level is not None:
        values["level"] = entry_of(context, "level", tools.organisation.levels, args.level)
    if args.function is not None:
        functions = tools.organisation.functions
        values["function"] = entry_of(context, "function", functions, args.function)
    if args.rung is not None:
        values["rung"] = _rung_change(context, args)
    elif args.rung_note or args.rung_who or args.rung_on or args.rung_reason:
        raise UsageError(context.words("cli.rung-needed"))
    if args.roles is not None:
        roles = [role for text in args.roles for role in text.split(",") if role.strip()]
        values["roles"] = tuple(
            dict.fromkeys(
                entry_of(context, "roles", tools.organisation.roles, role) for role in roles
            )
        )
    return values


def _rung_change(context: Context, args: argparse.Namespace) -> RungChange:
    from salescoach.customer.rungs import RungChange

    ladder = context.playbook.tools.relationship
    key = entry_of(context, "rung", (ladder.none, *ladder.rungs), args.rung)
    return RungChange(
        None if key == ladder.none.key else key,
        tuple(rung.key for rung in ladder.rungs),
        note=args.rung_note,
        who=args.rung_who,
        on=context.day(args.rung_on, past=True) if args.rung_on else None,
        reason=args.rung_reason,
    )


def _superior(context: Context, args: argparse.Namespace, deal: Deal) -> dict[str, Any]:
    """Return who the contact reports to, as a field, if the command line says so; an empty text means nobody."""
    if args.reports_to is None:
        return {}
    return {"reports_to": find_contact(context, deal, args.reports_to) if args.reports_to else None}


def _add(context: Context, args: argparse.Namespace) -> int:
    from salescoach.deal import contacts

    values = _fields(context, args)
    name = str(values.pop("name"))
    made: list[str] = []

    def operation(deal: Deal, stamp: Stamp) -> Deal:
        fields = values | _superior(context, args, deal)
        changed = contacts.add(deal, stamp, name=name, **fields)
        made[:] = [key for key in changed.contacts if key not in deal.contacts]
        return changed

    deal = context.edit(args.deal, operation)
    for key in made:
        context.out.line(key)
        context.out.tell(
            context.words("cli.contact-added", name=deal.contacts[key].name, id=short_id(key))
        )
    return 0


def _change(context: Context, args: argparse.Namespace) -> int:
    change = _operation(context, args)
    names: list[str] = []

    def operation(deal: Deal, stamp: Stamp) -> Deal:
        key = find_contact(context, deal, args.contact)
        changed = change(deal, key, stamp)
        names[:] = [changed.contacts[key].name]
        return changed

    context.edit(args.deal, operation)
    context.tell_done(context.words(f"cli.contact-{args.verb}", name=names[0]))
    return 0


def _operation(context: Context, args: argparse.Namespace) -> Callable[[Deal, str, Stamp], Deal]:
    from salescoach.cli.parser import UsageError
    from salescoach.deal import contacts

    if args.verb == "rung":
        change = _rung_change(context, args)
        return lambda deal, key, stamp: contacts.set_rung(deal, key, change, stamp)
    if args.verb == "style":
        style = entry_of(context, "style", context.playbook.tools.styles.styles, args.style)
        on = context.day(args.on, past=True) if args.on else context.today
        return lambda deal, key, stamp: contacts.judge_style(
            deal, key, style, on, stamp, note=args.note
        )
    if args.verb == "left":
        return contacts.mark_left
    values = _fields(context, args)
    if not values and args.reports_to is None:
        raise UsageError(context.words("cli.nothing-to-change"))
    return lambda deal, key, stamp: contacts.edit(
        deal, key, stamp, **values | _superior(context, args, deal)
    )


def _list(context: Context, args: argparse.Namespace) -> int:
    from salescoach.deal.contacts import ordered

    deal = context.read(args.deal)
    people = ordered(deal)
    if args.json:
        entries = [as_json(context.playbook, key, person) for key, person in people]
        context.out.json("contacts", {"deal": deal.id, "contacts": entries})
        return 0
    if not people:
        context.out.tell(context.words("cli.no-contacts"))
        return 0
    write_contacts(context, deal)
    return 0


def write_contacts(context: Context, deal: Deal) -> None:
    """Write the table of a deal's contacts."""
    from salescoach.cli.table import Column
    from salescoach.deal.contacts import ordered

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
    people = [_row(context, key, person) for key, person in ordered(deal)]
    context.out.table(columns, people)


def _rung(context: Context, person: Contact) -> str:
    """Return the name of a contact's rung, and whether it is only claimed or challenged."""
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


def _row(context: Context, key: str, person: Contact) -> list[str]:
    from salescoach.coach.checks import is_key

    words, lang, tools = context.words, context.lang, context.playbook.tools
    organisation = tools.organisation

    def name(entries: Iterable[Entry], wanted: str | None) -> str:
        found = (entry.name.get(lang) for entry in entries if entry.key == wanted)
        return next(found, wanted or "")

    marks = {
        "guide": person.guide,
        "key": is_key(context.playbook, person),
        "left": person.left,
    }
    latest = max(person.styles.values(), key=lambda judged: judged.on, default=None)
    return [
        short_id(key),
        person.name,
        " · ".join(filter(None, (person.department, person.title))),
        name(organisation.levels, person.level),
        name(organisation.functions, person.function),
        " ".join(name(organisation.roles, role) for role in person.roles),
        _rung(context, person),
        name(tools.styles.styles, latest.style) if latest else "",
        " ".join(words(f"cli.contact-is-{mark}") for mark, holds in marks.items() if holds),
    ]
