"""`salescoach conflicts` and `settle`: what a merge left open in a deal, and picking one of the two values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from salescoach.cli.format import short_id
from salescoach.text import local_time

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    from salescoach.cli.context import Context
    from salescoach.customer.models import Customer
    from salescoach.deal.models import Deal
    from salescoach.document.stamp import Stamp
    from salescoach.words import Words


def add_arguments(parser: argparse.ArgumentParser, command: str, words: Words) -> None:
    """Describe the deal and, for settling, the conflict and the value that is wanted."""
    parser.add_argument("deal", metavar="DEAL", help=words("help.deal"))
    if command == "conflicts":
        parser.add_argument("--json", action="store_true", help=words("help.json"))
        return
    parser.add_argument("conflict", metavar="CONFLICT", help=words("help.conflict"))
    parser.add_argument("keep", choices=("kept", "lost"), help=words("help.keep"))


def run(context: Context, args: argparse.Namespace) -> int:
    """List a deal's conflicts, or settle one."""
    if args.command == "settle":
        return _settle(context, args, lambda operation: context.edit(args.deal, operation))
    return _list(context, args, context.read(args.deal), "deal")


def run_for(context: Context, args: argparse.Namespace, customer: Customer) -> int:
    """Do the same for a customer, as the verb says."""
    if args.verb == "settle":
        return _settle(
            context, args, lambda operation: context.edit_customer(customer.id, operation)
        )
    return _list(context, args, customer, "customer")


def _list(context: Context, args: argparse.Namespace, document: Deal | Customer, kind: str) -> int:
    if args.json:
        entries = conflicts_json(context, document)
        about = {kind: document.id, "rev": document.rev, "conflicts": entries}
        context.out.json("conflicts", about)
    elif document.open_conflicts:
        write_conflicts(context, document)
    else:
        context.out.tell(context.words("cli.no-conflicts", deal=document.name))
    return 0


def write_conflicts(context: Context, document: Deal | Customer, *, indent: int = 0) -> None:
    """Write every open conflict with both values, who set them and when, and how to settle it."""
    from salescoach.coach.tell import conflict_text
    from salescoach.deal.conflicts import ordered, value_now

    words, out = context.words, context.out
    for number, (key, conflict) in enumerate(ordered(document), 1):
        field, kept, lost = conflict_text(words, context.playbook, document, conflict)
        out.line(f"{number} ", (short_id(key), "dim"), " ", (field, "bold"), indent=indent)
        since = ""  # somebody else may have changed what was kept
        if value_now(document, conflict) == conflict.kept:
            since = f"{local_time(conflict.kept_at)} {conflict.kept_by}".strip()
        other = f"{local_time(conflict.lost_at)} {conflict.lost_by}".strip()
        for name, text, who in (("kept", kept, since), ("lost", lost, other)):
            label = f"{name} {words(f'cli.conflict-{name}')}: "
            out.line((label, "dim"), text, (f"  ({who})" if who else "", "dim"), indent=indent + 4)
    out.tell((words("cli.settle-with", settle=command_for(document, "settle")), "dim"))


def conflicts_json(context: Context, document: Deal | Customer) -> list[dict[str, object]]:
    """Return a document's open conflicts, each with its values as they are and in words."""
    from salescoach.coach.tell import conflict_text
    from salescoach.deal.conflicts import ordered, value_now

    entries: list[dict[str, object]] = []
    for key, conflict in ordered(document):
        field, kept, lost = conflict_text(context.words, context.playbook, document, conflict)
        data = conflict.model_dump(mode="json")
        now = value_now(document, conflict)
        entries.append({"id": key, **data, "now": now, "field": field, "texts": [kept, lost]})
    return entries


def conflicts_left(context: Context, document: Deal | Customer) -> str:
    """Return how many conflicts a document has, and the command that lists them."""
    count, command = len(document.open_conflicts), command_for(document, "conflicts")
    return context.words("cli.conflicts-left", count=count, conflicts=command)


def command_for(document: Deal | Customer, verb: str) -> str:
    """Return the command that does something with a document."""
    from salescoach.deal.models import Deal

    noun = "" if isinstance(document, Deal) else "customer "
    return f"salescoach {noun}{verb} {short_id(document.id)}"


def _settle(
    context: Context,
    args: argparse.Namespace,
    change: Callable[[Callable[[Any, Stamp], Any]], Deal | Customer],
) -> int:
    from salescoach.cli.pick import pick_id
    from salescoach.coach.tell import conflict_text
    from salescoach.deal.conflicts import ordered, settle

    told: list[str] = []

    def operation(deal: Any, stamp: Stamp) -> Any:
        texts = {
            key: conflict_text(context.words, context.playbook, deal, conflict)
            for key, conflict in ordered(deal)
        }
        known = {key: field for key, (field, _, _) in texts.items()}
        chosen = pick_id(context.words, "conflict", args.conflict, known)
        field, kept, lost = texts[chosen]
        told[:] = [field, kept if args.keep == "kept" else lost]
        return settle(deal, chosen, args.keep, stamp)

    deal = change(operation)
    context.out.tell(context.words("cli.settled", field=told[0], value=told[1]))
    if deal.open_conflicts:
        context.out.tell((conflicts_left(context, deal), "warning"))
    return 0
