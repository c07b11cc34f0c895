"""`salescoach new`: a deal, from the start or already under way at a stage."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from salescoach.cli.format import short_id

if TYPE_CHECKING:
    import argparse

    from salescoach.cli.context import Context
    from salescoach.words import Words


def add_arguments(parser: argparse.ArgumentParser, command: str, words: Words) -> None:
    """Describe the fields of a new deal; name and customer are all it needs."""
    parser.add_argument("name", metavar="NAME", help=words("help.new-name"))
    parser.add_argument(
        "--customer", "-c", metavar="NAME", required=True, help=words("help.customer-name")
    )
    add_fields(parser, words)
    parser.add_argument("--stage", metavar="STAGE", help=words("help.new-stage"))


def add_fields(parser: argparse.ArgumentParser, words: Words) -> None:
    """Describe the fields that `new` and `edit` share."""
    parser.add_argument("--kind", choices=("complex", "simple"), help=words("help.kind"))
    parser.add_argument("--amount", metavar="AMOUNT", help=words("help.amount"))
    parser.add_argument("--currency", metavar="CODE", help=words("help.currency"))
    parser.add_argument("--close", metavar="DATE", dest="close_on", help=words("help.close"))
    parser.add_argument("--owner", metavar="NAME", help=words("help.owner"))
    parser.add_argument("--anyway", action="store_true", help=words("help.anyway"))


def fields(context: Context, args: argparse.Namespace) -> dict[str, Any]:
    """Return the fields the command line gives, as the deal wants them. Raises InvalidValue."""
    from salescoach.cli.context import given
    from salescoach.deal.currencies import currency_of
    from salescoach.deal.parse import parse_amount

    values = given(args, "name", "customer", "kind", "currency", "owner")
    if "currency" in values:
        values["currency"] = currency_of(args.currency)
    if args.amount is not None:
        values["amount"] = parse_amount(args.amount) if args.amount else None
    if args.close_on is not None:
        values["close_on"] = context.day(args.close_on) if args.close_on else None
    return values


def run(context: Context, args: argparse.Namespace) -> int:
    """Create the deal and write its id."""
    from salescoach.cli.customer_of import customer_of
    from salescoach.cli.doubts import settled
    from salescoach.deal.doubts import close_doubts
    from salescoach.playbook.lookup import stage_of

    values = fields(context, args)
    if args.stage is not None:
        values["stage"] = stage_of(context.playbook, args.stage).key
    context.workspace.catch_up()
    customer = customer_of(context, args.customer, anyway=args.anyway)
    customer_name = customer if isinstance(customer, str) else customer.name
    values["customer"] = customer
    doubts = [
        *context.workspace.same_deals(values["name"], customer_name),
        *close_doubts(values.get("close_on"), context.today),
    ]
    if not settled(context, doubts, anyway=args.anyway):
        return 1
    deal = context.workspace.create(**values)
    context.out.line(deal.id)
    context.out.tell(
        context.words("cli.created", deal=deal.name, customer=deal.customer, id=short_id(deal.id))
    )
    return 0
