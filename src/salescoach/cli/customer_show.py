"""A customer as the shell shows it: its people, deals, open actions and notes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from salescoach.cli.format import day, short_id
from salescoach.text import local_time

if TYPE_CHECKING:
    import argparse

    from salescoach.cli.context import Context
    from salescoach.customer.models import Customer
    from salescoach.deal.models import Deal

_HEADER = ("id", "rev", "name", "other_names", "created_at")
_NOTES = 5
"""How many of the newest notes are shown with the customer."""


def show(context: Context, args: argparse.Namespace, customer: Customer) -> int:
    """Write a customer with its people, its deals and the open actions over all of them."""
    deals = [context.workspace.read(key) for key in context.workspace.deals_of(customer.id)]
    actions = _actions(deals)
    if args.json:
        from salescoach.cli.conflicts import conflicts_json

        data = customer.model_dump(mode="json")
        told = {
            "customer": {name: data[name] for name in _HEADER},
            "people": _people(context, customer),
            "deals": [_deal(deal) for deal in deals],
            "actions": actions,
            "notes": _notes(customer),
            "conflicts": conflicts_json(context, customer),
        }
        context.out.json("customer", told)
        return 0
    words, out = context.words, context.out
    others = " / ".join(customer.other_names)
    out.line((customer.name, "bold"), (f"  {others}" if others else "", "dim"))
    out.line((f"{words('cli.head-id')}: ", "dim"), customer.id, indent=2)
    if customer.people:
        from salescoach.cli.person_table import write_people

        out.line((words("customers.section-people", count=len(customer.people)), "bold"))
        write_people(context, customer)
    out.line((words("customers.section-deals", count=len(deals)), "bold"))
    for deal in deals:
        status = words(f"cli.status-{deal.status}")
        out.line((f"{short_id(deal.id)} ", "dim"), deal.name, (f"  {status}", "dim"), indent=2)
    out.line((words("customers.section-actions", count=len(actions)), "bold"))
    for one in actions:
        due = str(one["due"] or "")
        out.line((f"{due:10}  ", "dim"), one["text"], (f"  {one['deal_name']}", "dim"), indent=2)
    _write_notes(context, customer, _NOTES)
    if customer.conflicts:
        from salescoach.cli.conflicts import write_conflicts

        out.line((words("cli.title-conflicts"), "bold"))
        write_conflicts(context, customer, indent=2)
    return 0


def show_people(context: Context, args: argparse.Namespace, customer: Customer) -> int:
    """Write the table of a customer's people."""
    if args.json:
        where = {"id": customer.id, "name": customer.name}
        people = _people(context, customer)
        context.out.json("people", {"customer": where, "people": people})
    elif customer.people:
        from salescoach.cli.person_table import write_people

        write_people(context, customer)
    else:
        context.out.tell(context.words("cli.no-contacts"))
    return 0


def show_notes(context: Context, args: argparse.Namespace, customer: Customer) -> int:
    """Write the notes on a customer and on its people, the newest first."""
    if args.json:
        where = {"id": customer.id, "name": customer.name}
        context.out.json("notes", {"customer": where, "notes": _notes(customer)})
    elif customer.notes:
        _write_notes(context, customer)
    else:
        context.out.tell(context.words("customer_commands.no-notes"))
    return 0


def _people(context: Context, customer: Customer) -> list[dict[str, object]]:
    from salescoach.cli.people_at import people_of
    from salescoach.cli.person_table import as_json

    return [as_json(context.playbook, key, one) for key, one in people_of(customer)]


def _deal(deal: Deal) -> dict[str, Any]:
    data = deal.model_dump(mode="json", include={"id", "name", "status", "archived", "close_on"})
    return data | {"stakeholders": list(deal.contacts)}


def _actions(deals: list[Deal]) -> list[dict[str, Any]]:
    from salescoach.cli.action import ordered_actions

    found: list[dict[str, Any]] = [
        {
            "deal": deal.id,
            "deal_name": deal.name,
            "id": key,
            "text": action.text,
            "due": day(action.due) or None,
            "owner": action.owner,
            "agreed_with": action.agreed_with,
        }
        for deal in deals
        if not deal.archived
        for key, action in ordered_actions(deal)
        if action.done_at is None
    ]
    return sorted(found, key=lambda one: str(one["due"] or "9999"))


def _notes(customer: Customer) -> list[dict[str, object]]:
    from salescoach.customer.notes import newest_first

    return [{"id": key, **note.model_dump(mode="json")} for key, note in newest_first(customer)]


def _write_notes(context: Context, customer: Customer, most: int | None = None) -> None:
    from salescoach.customer.notes import newest_first

    notes = newest_first(customer)[:most]
    if notes:
        context.out.line((context.words("customers.notes"), "bold"))
    for _, note in notes:
        who = customer.people.get(customer.person_id(note.person)) if note.person else None
        about = f"{who.name}: " if who is not None else ""
        first, *rest = f"{about}{note.text}".splitlines() or [""]
        context.out.line((f"{local_time(note.at)}  ", "dim"), first, indent=2)
        for line in rest:
            context.out.line(line, indent=6)
