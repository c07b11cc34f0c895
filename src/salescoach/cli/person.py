"""`salescoach person`, also called `contact`: people in a deal or at a customer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from salescoach.cli.format import short_id

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    from salescoach.cli.context import Context
    from salescoach.cli.people_at import PeopleAt
    from salescoach.customer.models import Customer
    from salescoach.deal.models import Deal
    from salescoach.document.stamp import Stamp
    from salescoach.words import Words

_RECORDS = ("show", "export", "erase", "merge", "same", "different")


def add_arguments(parser: argparse.ArgumentParser, command: str, words: Words) -> None:
    """Describe the things that can be done with people."""
    from salescoach.cli.person_fields import add_fields, add_proof
    from salescoach.cli.person_record import add_arguments as add_records

    verbs = parser.add_subparsers(dest="verb", metavar="VERB", required=True)

    def verb(name: str, *positional: str) -> argparse.ArgumentParser:
        summary = words(f"help.contact-{name}")
        child = verbs.add_parser(name, help=summary, description=summary)
        child.add_argument("deal", metavar="DEAL|CUSTOMER", help=words("help.people-at"))
        for argument in positional:
            child.add_argument(
                argument, metavar=argument.upper(), help=words(f"help.contact-arg-{argument}")
            )
        return child

    added = verb("add", "name")
    add_fields(added, words, edit=False)
    added.add_argument("--new", action="store_true", help=words("help.contact-new"))
    edit = verb("edit", "contact")
    edit.add_argument("--name", metavar="NAME", help=words("help.contact-arg-name"))
    add_fields(edit, words, edit=True)
    add_proof(verb("rung", "contact", "rung"), words, "--")
    style = verb("style", "contact", "style")
    style.add_argument("--on", metavar="DATE", help=words("help.on"))
    style.add_argument("--note", metavar="TEXT", default="", help=words("help.ev-note"))
    verb("left", "contact")
    verb("list").add_argument("--json", action="store_true", help=words("help.json"))
    add_records(verbs, verb, words)


def run(context: Context, args: argparse.Namespace) -> int:
    """Do what the verb says."""
    if args.verb in _RECORDS:
        from salescoach.cli.person_record import run as run_record

        return run_record(context, args)
    from salescoach.cli.people_at import PeopleAt

    if args.verb == "list":
        return _list(context, args)
    at = PeopleAt(context, args.deal)
    if args.verb in {"add", "edit"}:
        from salescoach.cli.person_fields import meant

        if not meant(context, args):
            return 1
    return _add(context, args, at) if args.verb == "add" else _change(context, args, at)


def _superior(
    context: Context, args: argparse.Namespace, document: Deal | Customer
) -> dict[str, Any]:
    """Return whom the person reports to, as a field, if the command line says so; an empty text means nobody."""
    from salescoach.cli.people_at import find_person

    if args.reports_to is None:
        return {}
    found = find_person(context, document, args.reports_to) if args.reports_to else None
    return {"reports_to": found}


def _add(context: Context, args: argparse.Namespace, at: PeopleAt) -> int:
    from salescoach.cli.person_fields import fields, other_names

    values = fields(context, args, at)
    name = str(values.pop("name"))
    made: list[tuple[str, str, bool]] = []

    def operation(document: Any, stamp: Stamp) -> Any:
        given = values | _superior(context, args, document) | other_names(args, ())
        known = None if args.new else _known(document, name)
        if known is not None:
            made[:] = [(known[0], known[1], True)]
            return _involved(document, known[0], stamp, given)
        changed = at.operations.add(document, stamp, name=name, **given)
        before = {key for key, _ in _people(document)}
        made[:] = [(key, who, False) for key, who in _people(changed) if key not in before]
        return changed

    at.edit(operation)
    for key, who, is_known in made:
        context.out.line(key)
        told = "customer_commands.involved" if is_known else "cli.contact-added"
        context.out.tell(context.words(told, name=who, id=short_id(key)))
    return 0


def _people(document: Deal | Customer) -> list[tuple[str, str]]:
    from salescoach.cli.people_at import people_of

    return [(key, one.name) for key, one in people_of(document)]


def _known(document: Deal | Customer, name: str) -> tuple[str, str] | None:
    """Return the id and name of the one whom the customer has by this name already, and who is no stakeholder of the deal."""
    from salescoach.customer.names import folded
    from salescoach.deal.contacts import others
    from salescoach.deal.models import Deal

    if not isinstance(document, Deal) or document.customer_record is None:
        return None
    people, wanted = document.customer_record.people, folded(name)
    found = [
        (key, one)
        for key, one in others(document)
        if wanted in map(folded, (one, *people[key].other_names))
    ]
    return found[0] if len(found) == 1 else None


def _involved(document: Any, key: str, stamp: Stamp, given: dict[str, Any]) -> Any:
    """Return the deal with somebody the customer knows as a stakeholder, and with what is said of them."""
    from salescoach.deal import contacts

    part = {name: given[name] for name in contacts.PART if name in given}
    deal = contacts.involve(document, key, stamp, **part)
    of_person = {name: value for name, value in given.items() if name not in part}
    return contacts.edit(deal, key, stamp.derive("fields"), **of_person) if of_person else deal


def _change(context: Context, args: argparse.Namespace, at: PeopleAt) -> int:
    from salescoach.cli.people_at import find_person, people_of

    change = _operation(context, args, at)
    names: list[str] = []

    def operation(document: Any, stamp: Stamp) -> Any:
        key = find_person(context, document, args.contact)
        changed = change(document, key, stamp)
        names[:] = [one.name for found, one in people_of(changed) if found == key]
        return changed

    at.edit(operation)
    context.tell_done(context.words(f"cli.contact-{args.verb}", name=names[0]))
    return 0


def _operation(
    context: Context, args: argparse.Namespace, at: PeopleAt
) -> Callable[[Any, str, Stamp], Any]:
    from salescoach.cli.parser import UsageError
    from salescoach.cli.people_at import people_of
    from salescoach.cli.person_fields import entry_of, fields, other_names, rung_change

    operations = at.operations
    if args.verb == "rung":
        change = rung_change(context, args)
        return lambda document, key, stamp: operations.set_rung(document, key, change, stamp)
    if args.verb == "style":
        style = entry_of(context, "style", context.playbook.tools.styles.styles, args.style)
        on = context.day(args.on, past=True) if args.on else context.today
        return lambda document, key, stamp: operations.judge_style(
            document, key, style, on, stamp, note=args.note
        )
    if args.verb == "left":
        return operations.mark_left  # type: ignore[no-any-return]  # of a module that is chosen at run time
    values = fields(context, args, at)
    named = args.other_name or args.remove_other_name
    if not values and args.reports_to is None and not named:
        raise UsageError(context.words("cli.nothing-to-change"))

    def edit(document: Any, key: str, stamp: Stamp) -> Any:
        known = dict(people_of(document))[key].other_names
        given = values | _superior(context, args, document) | other_names(args, known)
        return operations.edit(document, key, stamp, **given)

    return edit


def _list(context: Context, args: argparse.Namespace) -> int:
    from salescoach.cli.people_at import PeopleAt, people_of
    from salescoach.cli.person_table import as_json, write_people

    at = PeopleAt(context, args.deal)
    document = at.read()
    people = people_of(document)
    if args.json:
        entries = [as_json(context.playbook, key, person) for key, person in people]
        where = {"deal" if at.deal_id is not None else "customer": document.id}
        context.out.json("contacts", {**where, "contacts": entries})
        return 0
    if not people:
        context.out.tell(context.words("cli.no-contacts"))
        return 0
    write_people(context, document)
    return 0
