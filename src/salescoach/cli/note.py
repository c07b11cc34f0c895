"""`salescoach note`: adds a note to a deal, if wanted about an item or a contact."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse

    from salescoach.cli.context import Context
    from salescoach.deal.models import Deal
    from salescoach.document.stamp import Stamp
    from salescoach.words import Words


def add_arguments(parser: argparse.ArgumentParser, command: str, words: Words) -> None:
    """Describe the deal, the text and what it is about."""
    parser.add_argument("deal", metavar="DEAL", help=words("help.deal"))
    parser.add_argument("text", metavar="TEXT", nargs="+", help=words("help.note-text"))
    parser.add_argument("--item", metavar="ITEM", help=words("help.item"))
    parser.add_argument("--contact", metavar="CONTACT", help=words("help.contact-ref"))


def run(context: Context, args: argparse.Namespace) -> int:
    """Add the note."""
    from salescoach.cli.check import find_item
    from salescoach.cli.people_at import find_person
    from salescoach.deal import notes

    text = sys.stdin.read() if args.text == ["-"] else " ".join(args.text)
    item = find_item(context, args.item).item.key if args.item else None

    def operation(deal: Deal, stamp: Stamp) -> Deal:
        contact = find_person(context, deal, args.contact) if args.contact else None
        return notes.add(deal, stamp, text, item=item, contact=contact)

    deal = context.edit(args.deal, operation)
    context.out.tell(context.words("cli.noted", deal=deal.name))
    return 0
