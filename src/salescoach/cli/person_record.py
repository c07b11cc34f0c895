"""What `salescoach person` does with the whole record of somebody: shown, exported, erased, made one with another or kept apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from salescoach.cli.format import short_id

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    from salescoach.cli.context import Context
    from salescoach.customer.models import Customer, Person
    from salescoach.deal.stakeholders import Contact
    from salescoach.words import Words
    from salescoach.workspace.erasing import Report


def add_arguments(
    verbs: argparse._SubParsersAction[argparse.ArgumentParser],
    verb: Callable[..., argparse.ArgumentParser],
    words: Words,
) -> None:
    """Describe these verbs: `verb` makes the parser of one that is about people at one place."""
    for name in ("show", "export", "erase"):
        summary = words(f"help.person-{name}")
        child = verbs.add_parser(name, help=summary, description=summary)
        child.add_argument("person", metavar="PERSON", help=words("help.person-ref"))
        child.add_argument("--at", metavar="DEAL|CUSTOMER", help=words("help.person-at"))
        if name == "show":
            child.add_argument("--json", action="store_true", help=words("help.json"))
        if name == "erase":
            child.add_argument("--yes", metavar="NAME", help=words("help.person-erase-yes"))
    for name in ("merge", "different"):
        child = verb(name)
        for which in ("kept", "other"):
            child.add_argument(which, metavar="PERSON", help=words(f"help.person-{which}"))
        if name == "merge":
            child.add_argument("--yes", "-y", action="store_true", help=words("help.merge-yes"))
    verb("same").add_argument("--json", action="store_true", help=words("help.json"))


def run(context: Context, args: argparse.Namespace) -> int:
    """Do what the verb says."""
    if args.verb in {"merge", "different", "same"}:
        from salescoach.cli.same import run_people

        return run_people(context, args)
    customer, key = _found(context, args)
    if args.verb == "show":
        return _show(context, args, customer, key)
    if args.verb == "export":
        context.out.json("person", context.workspace.export_person(customer.id, key))
        return 0
    return _erase(context, args, customer, key)


def _found(context: Context, args: argparse.Namespace) -> tuple[Customer, str]:
    """Return the customer, and the id of the person there that the command line means. Raises Failure or NotFound."""
    from salescoach.cli.context import Failure
    from salescoach.cli.people_at import PeopleAt, find_person
    from salescoach.customer.models import Customer
    from salescoach.text import clean

    if args.at is None:
        customer_id, key = context.workspace.resolve_person(clean(args.person))
        return context.read_customer(customer_id), key
    document = PeopleAt(context, args.at).read()
    customer = document if isinstance(document, Customer) else document.customer_record
    if customer is None:
        raise Failure(context.words("customer_commands.no-record", name=document.name), code=3)
    return customer, find_person(context, customer, args.person)


def _show(context: Context, args: argparse.Namespace, customer: Customer, key: str) -> int:
    from salescoach.cli.person_table import as_json

    person = customer.people[key]
    deals = map(context.workspace.read, context.workspace.deals_of(customer.id))
    parts = [(deal, deal.contacts[key]) for deal in deals if key in deal.contacts]
    if args.json:
        told = [
            {
                "deal": deal.id,
                "name": deal.name,
                "roles": list(part.roles),
                "key": part.key,
                "stance": part.stance,
            }
            for deal, part in parts
        ]
        where = {"id": customer.id, "name": customer.name}
        one = as_json(context.playbook, key, person)
        context.out.json("person", {"customer": where, "person": one, "deals": told})
        return 0
    _write(context, customer, key, person)
    for deal, part in parts:
        context.out.line(f"{deal.name}  ", (_part(context, part), "dim"), indent=2)
    return 0


def _part(context: Context, part: Contact) -> str:
    """Return the roles and the stance of somebody in a deal."""
    roles = context.playbook.tools.organisation.roles
    told = [one.name.get(context.lang) for one in roles if one.key in part.roles]
    if part.stance is not None:
        told.append(context.words(f"contacts.stance-{part.stance}"))
    return context.words("fields.list-separator").join(told)


def _write(context: Context, customer: Customer, key: str, person: Person) -> None:
    from salescoach.cli.person_table import rung_text

    words, out = context.words, context.out
    out.line((person.name, "bold"), f" · {customer.name}")
    lines = [
        (words("cli.head-id"), key),
        (words("contacts.other-names"), " / ".join(person.other_names)),
        (words("contacts.title"), " · ".join(filter(None, (person.department, person.title)))),
        (words("contacts.phone"), person.phone),
        (words("contacts.email"), person.email),
        (words("contacts.birthday"), person.birthday),
        (words("contacts.rung"), rung_text(context, person)),
        (words("contacts.note"), person.note),
    ]
    for label, value in lines:
        for at, line in enumerate(value.splitlines()):
            out.line((f"{label}: " if not at else "  ", "dim"), line, indent=2)


def _erase(context: Context, args: argparse.Namespace, customer: Customer, key: str) -> int:
    name = customer.people[key].name
    if not _agreed(context, args, customer, name):
        return 4
    report = context.workspace.erase_person(customer.id, key)
    _tell(context, name, key, report)
    return 1 if report.gone is not None and report.gone.left else 0


def _agreed(context: Context, args: argparse.Namespace, customer: Customer, name: str) -> bool:
    """Say what is going to be erased, and whether somebody agreed to it by typing the name."""
    import sys

    from salescoach.cli.ask import can_ask
    from salescoach.cli.parser import UsageError
    from salescoach.text import clean, fold

    words = context.words
    if args.yes is not None:
        if fold(args.yes) != fold(name):
            raise UsageError(words("customer_commands.erase-other-name", name=name))
        return True
    deals = len(context.workspace.deals_of(customer.id))
    told = words("customer_commands.erase-what", name=name, customer=customer.name, deals=deals)
    context.out.tell((told, "warning"))
    if not can_ask():
        context.out.tell(words("customer_commands.erase-needs-yes", name=name))
        return False
    context.out.stderr.write(f"{clean(words('customer_commands.erase-ask', name=name))} ")
    context.out.stderr.flush()
    if fold(sys.stdin.readline()) == fold(name):
        return True
    context.out.tell(words("customer_commands.erase-not"))
    return False


def _tell(context: Context, name: str, key: str, report: Report) -> None:
    words, out = context.words, context.out
    out.tell((words("customer_commands.erased", name=name, id=short_id(key)), "good"))
    gone = report.gone
    if gone is None:
        return
    for (kind, document), count in gone.versions.items():
        kind_told = words(f"storage.kind-{kind}")
        told = {"kind": kind_told, "id": short_id(document), "count": count}
        out.tell(words("customer_commands.erased-versions", **told), indent=2)
    if gone.removed or gone.rewritten:
        counts = {"removed": len(gone.removed), "rewritten": len(gone.rewritten)}
        out.tell(words("customer_commands.erased-files", **counts), indent=2)
    for path in gone.left:
        out.tell((words("customer_commands.erased-left", path=path), "warning"))
    for path in report.backups:
        out.tell((words("customer_commands.erased-backup", path=path), "warning"))
    for kind, document in report.elsewhere:
        told = {"kind": words(f"storage.kind-{kind}"), "id": short_id(document)}
        out.tell((words("customer_commands.erased-elsewhere", **told), "warning"))
