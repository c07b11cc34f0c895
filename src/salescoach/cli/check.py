"""`salescoach check`, `uncheck` and `na`: how far items of the checklist are."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    from salescoach.cli.context import Context
    from salescoach.deal.models import Deal
    from salescoach.document.stamp import Stamp
    from salescoach.playbook.models import Place
    from salescoach.words import Words


def add_arguments(parser: argparse.ArgumentParser, command: str, words: Words) -> None:
    """Describe the deal, the items, and the reason where one belongs."""
    parser.add_argument("deal", metavar="DEAL", help=words("help.deal"))
    parser.add_argument("items", metavar="ITEM", nargs="+", help=words("help.items"))
    if command == "na":
        from salescoach.cli.parser import reason

        parser.add_argument(
            "--reason",
            "-r",
            metavar="TEXT",
            required=True,
            action=reason(words),
            help=words("help.na-reason"),
        )


def run(context: Context, args: argparse.Namespace) -> int:
    """Change every named item in one save."""
    found = [find_item(context, asked) for asked in args.items]
    places = list({place.number: place for place in found}.values())
    change = _change(args)
    changed: set[str] = set()

    def operation(deal: Deal, stamp: Stamp) -> Deal:
        changed.clear()
        for place in places:
            refuse_other_kind(context, deal, place)
            before, deal = deal, change(deal, place.item.key, stamp.derive(place.item.key))
            if deal is not before:
                changed.add(place.number)
        return deal

    deal = context.edit(args.deal, operation)
    for place in places:
        told = "cli.done-" if place.number in changed else "cli.already-"
        told += args.command
        text = place.item.text.get(context.lang)
        context.out.tell(context.words(told, number=place.number, item=text))
    tell_backing(context, deal, places if args.command == "check" else [])
    return 0


def find_item(context: Context, asked: str) -> Place:
    """Return the item that a key or a number like 3.2.1 means. Raises playbook.errors.Unknown."""
    from salescoach.playbook.lookup import item_of

    return item_of(context.playbook, asked)


def refuse_other_kind(context: Context, deal: Deal, place: Place) -> None:
    """Raise Failure for an item that deals of this kind do not have."""
    from salescoach.cli.context import Failure

    if deal.kind not in place.item.kinds:
        kind = context.words(f"cli.kind-{deal.kind}")
        raise Failure(context.words("cli.other-kind", number=place.number, kind=kind))


def tell_backing(context: Context, deal: Deal, places: list[Place]) -> None:
    """Say which ticked items are only claims so far, of which the data say something else, and what is contradicted."""
    from salescoach.coach.progress import item_status

    found = {place.number: item_status(context.playbook, deal, place) for place in places}
    claims = [number for number, status in found.items() if status.state == "claimed"]
    if claims:
        context.out.tell((context.words("cli.only-claimed", numbers=", ".join(claims)), "dim"))
    for number, status in found.items():
        if status.short:
            told = context.words("cli.data-short", number=number, detail=status.detail)
            context.out.tell((told, "warning"))
        if status.state == "contradicted":
            context.out.tell((context.words("cli.contradicted", number=number), "warning"))


def _change(args: argparse.Namespace) -> Callable[[Deal, str, Stamp], Deal]:
    from salescoach.deal import items

    if args.command == "na":
        return lambda deal, item, stamp: items.not_applicable(deal, item, stamp, args.reason)
    if args.command == "uncheck":
        return items.untick
    return items.tick
