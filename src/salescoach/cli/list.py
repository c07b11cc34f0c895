"""`salescoach list`: deals from the index, filtered and sorted; opens no deal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from salescoach.cli.format import day, money, share, short_id

if TYPE_CHECKING:
    import argparse

    from salescoach.cli.context import Context
    from salescoach.cli.table import Column
    from salescoach.words import Words
    from salescoach.workspace.lists.cards import Card
    from salescoach.workspace.lists.query import Where

_SORTS = ("stage", "next", "amount", "close", "days", "name", "customer", "updated")
_STATUSES = ("open", "nurture", "won", "lost", "all")


def add_arguments(parser: argparse.ArgumentParser, command: str, words: Words) -> None:
    """Describe filters, order and form."""
    parser.add_argument("text", nargs="*", metavar="TEXT", help=words("help.list-text"))
    parser.add_argument(
        "--status",
        choices=_STATUSES,
        default="open",
        help=words("help.list-status"),
    )
    parser.add_argument("--stage", metavar="STAGE", help=words("help.list-stage"))
    parser.add_argument("--owner", metavar="NAME", help=words("help.list-owner"))
    parser.add_argument("--archived", action="store_true", help=words("help.list-archived"))
    parser.add_argument("--stalled", action="store_true", help=words("help.list-stalled"))
    parser.add_argument("--sort", choices=_SORTS, default="stage", help=words("help.list-sort"))
    parser.add_argument("--json", action="store_true", help=words("help.json"))


def run(context: Context, args: argparse.Namespace) -> int:
    """Write the deals that fit."""
    workspace, words = context.workspace, context.words
    workspace.catch_up()
    where = _where(context, args)
    if args.json:
        lines = workspace.lists.deals.lines(where, sort=args.sort)
        context.out.json_lines("deals", "deals", lines)
        _tell_problems(context)
        return 0
    cards = workspace.lists.deals.cards(where, sort=args.sort)
    if cards:
        stages = workspace.stage_names()
        columns = _columns(words, "signed" if args.status == "won" else "close")
        context.out.table(columns, [_row(card, stages) for card in cards])
    else:
        context.out.tell(_none(context, where))
    _tell_problems(context)
    return 0


def _none(context: Context, where: Where) -> str:
    """Tell why the list is empty: no deals at all, none that is open, or none that fits."""
    from salescoach.workspace.lists.query import Where as Asked

    deals, words = context.workspace.lists.deals, context.words
    there = deals.count(Asked(problem=False))
    if there == 0:
        return words("cli.no-deals")
    plain = where == Asked(status=("open",), archived=False, problem=False)
    live = deals.count(Asked(archived=False, problem=False)) if plain else 0
    return words("cli.no-deals-open", count=live) if live else words("cli.no-deals-fit")


def _columns(words: Words, day_of: str) -> list[Column]:
    from salescoach.cli.table import Column

    return [
        Column(words("cli.head-id")),
        Column(words("cli.head-deal"), elastic=True),
        Column(words("cli.head-customer"), elastic=True, spare=1),
        Column(words("cli.head-stage"), elastic=True),
        Column(words("cli.head-moves"), spare=2),
        Column(words("cli.head-amount"), right=True, spare=3),
        Column(words("cli.head-" + day_of), spare=4),
        Column(words("cli.head-next"), elastic=True),
        Column(words("cli.head-due")),
    ]


def _where(context: Context, args: argparse.Namespace) -> Where:
    from salescoach.text import clean
    from salescoach.workspace.lists.query import Where

    return Where(
        status=() if args.status == "all" else (args.status,),
        archived=args.archived,
        stage=_stage_key(context, args.stage) if args.stage else "",
        owner=clean(args.owner or ""),
        text=clean(" ".join(args.text)),
        problem=False,
        stalled_on=context.today.isoformat() if args.stalled else "",
    )


def _stage_key(context: Context, asked: str) -> str:
    """Return the key of a stage that a number, key or name means; the playbook is read only if none is known."""
    wanted = asked.strip().casefold()
    for number, (key, *names) in enumerate(context.workspace.lists.deals.stages(), 1):
        if wanted in {str(number), key, *(name.casefold() for name in names)}:
            return key
    from salescoach.playbook.lookup import stage_of

    return stage_of(context.playbook, asked).key


def _row(card: Card, stages: list[str]) -> list[str]:
    known = 0 < card.stage_number <= len(stages)
    return [
        short_id(card.id),
        card.name,
        card.customer,
        f"{card.stage_number} {stages[card.stage_number - 1]}" if known else card.stage,
        share(card.moves_done, card.moves_total),
        money(card.amount, card.currency)
        if card.signed_amount is None
        else money(card.signed_amount, card.signed_currency),
        day(card.signed_on or card.close_on),
        card.next_text,
        day(card.next_due),
    ]


def _tell_problems(context: Context) -> None:
    damaged = len(context.workspace.lists.deals.problems())
    if damaged:
        context.out.tell((context.words("cli.some-unreadable", count=damaged), "warning"))
