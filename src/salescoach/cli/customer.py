"""`salescoach customer`: the organisations we sell to: list, show, make, rename, note, merge, take back."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from salescoach.cli.format import short_id

if TYPE_CHECKING:
    import argparse

    from salescoach.cli.context import Context
    from salescoach.customer.models import Customer
    from salescoach.document.stamp import Stamp
    from salescoach.words import Words
    from salescoach.workspace.lists.customers import CustomerCard

SORTS = ("name", "touched", "deals")


def add_arguments(parser: argparse.ArgumentParser, command: str, words: Words) -> None:
    """Describe the things that can be done with customers."""
    from salescoach.cli.person_fields import add_other_names

    verbs = parser.add_subparsers(dest="verb", metavar="VERB", required=True)

    def verb(name: str, *positional: str, json: bool = False) -> argparse.ArgumentParser:
        summary = words(f"help.customer-{name}")
        child = verbs.add_parser(name, help=summary, description=summary)
        for argument in positional:
            about = words(f"help.customer-arg-{argument}")
            child.add_argument(argument, metavar=argument.upper(), help=about)
        if json:
            child.add_argument("--json", action="store_true", help=words("help.json"))
        return child

    listed = verb("list", json=True)
    listed.add_argument("text", metavar="TEXT", nargs="*", help=words("help.customer-text"))
    listed.add_argument("--sort", choices=SORTS, default="name", help=words("help.customer-sort"))
    verb("show", "customer", json=True)
    verb("people", "customer", json=True)
    add_other_names(verb("new", "name"), words, edit=False)
    for name in ("edit", "rename"):
        edit = verb(name, "customer", *(("name",) if name == "rename" else ()))
        if name == "edit":
            edit.add_argument("--name", metavar="NAME", help=words("help.customer-arg-name"))
        add_other_names(edit, words, edit=True)
    note = verb("note", "customer")
    note.add_argument("text", metavar="TEXT", nargs="+", help=words("help.note-text"))
    note.add_argument("--person", metavar="PERSON", help=words("help.contact-ref"))
    verb("notes", "customer", json=True)
    merge = verb("merge", "kept", "other")
    merge.add_argument("--yes", "-y", action="store_true", help=words("help.merge-yes"))
    verb("same", json=True)
    verb("different", "kept", "other")
    history = verb("history", "customer", json=True)
    history.add_argument("--limit", "-n", metavar="N", type=int, help=words("help.limit"))
    for name in ("undo", "redo"):
        child = verb(name, "customer")
        child.add_argument("--yes", "-y", action="store_true", help=words(f"help.{name}-yes"))
    verb("conflicts", "customer", json=True)
    settle = verb("settle", "customer")
    settle.add_argument("conflict", metavar="CONFLICT", help=words("help.conflict"))
    settle.add_argument("keep", choices=("kept", "lost"), help=words("help.keep"))


def run(context: Context, args: argparse.Namespace) -> int:
    """Do what the verb says."""
    if args.verb == "list":
        return _list(context, args)
    if args.verb == "new":
        return _new(context, args)
    if args.verb in {"merge", "same", "different"}:
        from salescoach.cli.same import run_customers

        return run_customers(context, args)
    customer = context.read_customer(context.customer_id(args.customer))
    if args.verb in {"history", "undo", "redo"}:
        from salescoach.cli.history import run_for

        return run_for(context, args, customer)
    if args.verb in {"conflicts", "settle"}:
        from salescoach.cli.conflicts import run_for as run_conflicts

        return run_conflicts(context, args, customer)
    if args.verb in {"edit", "rename"}:
        return _edit(context, args, customer)
    if args.verb == "note":
        return _note(context, args, customer)
    from salescoach.cli.customer_show import show, show_notes, show_people

    shown = {"show": show, "people": show_people, "notes": show_notes}
    return shown[args.verb](context, args, customer)


def card_json(card: CustomerCard) -> dict[str, object]:
    """Return what a list knows of a customer."""
    from salescoach.workspace.lists.customer_rows import SEPARATOR

    names = list(filter(None, card.other_names.split(SEPARATOR)))
    return {**card._asdict(), "other_names": names}


def _list(context: Context, args: argparse.Namespace) -> int:
    from salescoach.cli.table import Column
    from salescoach.text import clean

    workspace, words = context.workspace, context.words
    workspace.catch_up()
    cards = workspace.lists.customers.cards(clean(" ".join(args.text)), sort=args.sort)
    sound = [card for card in cards if not card.problem]
    if args.json:
        context.out.json("customers", {"customers": [card_json(card) for card in sound]})
    elif sound:
        columns = [
            Column(words("cli.head-id")),
            Column(words("customers.head-name"), elastic=True),
            Column(words("customers.head-other-names"), elastic=True, spare=2),
            Column(words("customers.head-people"), right=True),
            Column(words("customers.head-open-deals"), right=True),
            Column(words("customers.head-actions"), right=True),
            Column(words("customers.head-touched"), spare=1),
        ]
        rows = [
            [
                short_id(card.id),
                card.name,
                card.other_names,
                str(card.people),
                str(card.open_deals),
                str(card.actions),
                card.touched_at[:10],
            ]
            for card in sound
        ]
        context.out.table(columns, rows)
    else:
        context.out.tell(words("customer_commands.no-customers"))
    if len(sound) < len(cards):
        count = len(cards) - len(sound)
        context.out.tell((words("customer_commands.unreadable", count=count), "warning"))
    return 0


def _new(context: Context, args: argparse.Namespace) -> int:
    from salescoach.text import clean

    known = context.workspace.customer_named(clean(args.name))
    customer = context.workspace.new_customer(args.name, args.other_name)
    context.out.line(customer.id)
    told = "customer_commands.known" if known is not None else "customer_commands.made"
    context.out.tell(context.words(told, name=customer.name, id=short_id(customer.id)))
    return 0


def _edit(context: Context, args: argparse.Namespace, customer: Customer) -> int:
    from salescoach.cli.parser import UsageError
    from salescoach.cli.person_fields import other_names
    from salescoach.customer.identity import edit

    given = {} if args.name is None else {"name": args.name}
    if not given and not args.other_name and not args.remove_other_name:
        raise UsageError(context.words("cli.nothing-to-change"))

    def operation(one: Customer, stamp: Stamp) -> Customer:
        # Whoever searches for the earlier name finds the customer by it.
        earlier = (one.name,) if given else ()
        names = other_names(args, (*one.other_names, *earlier))
        if args.verb == "rename" and "other_names" not in names:
            names = {"other_names": (*one.other_names, *earlier)}
        others = names.get("other_names", one.other_names)
        return edit(one, stamp, name=given.get("name", one.name), other_names=others)

    changed = context.edit_customer(customer.id, operation)
    context.tell_done(context.words("customer_commands.changed", name=changed.name))
    return 0


def _note(context: Context, args: argparse.Namespace, customer: Customer) -> int:
    from salescoach.cli.people_at import find_person
    from salescoach.customer import notes

    text = sys.stdin.read() if args.text == ["-"] else " ".join(args.text)
    person = find_person(context, customer, args.person) if args.person else None
    context.edit_customer(customer.id, lambda one, stamp: notes.add(one, stamp, text, person))
    context.out.tell(context.words("cli.noted", deal=customer.name))
    return 0
