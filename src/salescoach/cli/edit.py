"""`salescoach edit`: a deal's name, customer, kind, owner, amount and expected date."""

from __future__ import annotations

from typing import TYPE_CHECKING

from salescoach.cli.new import add_fields, fields

if TYPE_CHECKING:
    import argparse

    from salescoach.cli.context import Context
    from salescoach.deal.models import Deal
    from salescoach.document.stamp import Stamp
    from salescoach.words import Words


def add_arguments(parser: argparse.ArgumentParser, command: str, words: Words) -> None:
    """Describe the deal and the fields to change."""
    parser.add_argument("deal", metavar="DEAL", help=words("help.deal"))
    parser.add_argument("--name", metavar="NAME", help=words("help.new-name"))
    parser.add_argument("--customer", "-c", metavar="NAME", help=words("help.customer-name"))
    add_fields(parser, words)


def run(context: Context, args: argparse.Namespace) -> int:
    """Change what was given."""
    from salescoach.cli.customer_of import customer_of
    from salescoach.cli.doubts import settled
    from salescoach.cli.parser import UsageError
    from salescoach.deal import identity
    from salescoach.deal.doubts import close_doubts

    values = fields(context, args)
    if not values:
        raise UsageError(context.words("cli.nothing-to-change"))
    old = context.read(args.deal)
    if args.customer is not None:
        found = customer_of(context, args.customer, anyway=args.anyway)
        values["customer"] = found if isinstance(found, str) else found.name
    name, customer = values.get("name", old.name), values.get("customer", old.customer)
    doubts = list(close_doubts(values.get("close_on"), context.today))
    if (name, customer) != (old.name, old.customer):
        context.workspace.catch_up()
        doubts += context.workspace.same_deals(name, customer, but=old.id)
    if not settled(context, doubts, anyway=args.anyway):
        return 1
    values.pop("customer", None)

    def change(deal: Deal, stamp: Stamp) -> Deal:
        if customer != deal.customer and args.customer is not None:
            deal = context.workspace.at_customer(deal, customer, stamp.derive("customer"))
        return identity.edit(deal, stamp, **values)

    deal = context.edit(args.deal, change)
    context.tell_done(context.words("cli.edited", deal=deal.name))
    return 0
