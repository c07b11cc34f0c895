"""`salescoach win`, `lose`, `nurture`, `reopen` and `archive`: how a deal ends, rests and comes back."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    from salescoach.cli.context import Context
    from salescoach.deal.models import Deal
    from salescoach.document.stamp import Stamp
    from salescoach.words import Words


def add_arguments(parser: argparse.ArgumentParser, command: str, words: Words) -> None:
    """Describe the deal and the reason, and what the command needs besides."""
    parser.add_argument("deal", metavar="DEAL", help=words("help.deal"))
    if command == "archive":
        parser.add_argument("--restore", action="store_true", help=words("help.archive-restore"))
        return
    from salescoach.cli.parser import reason

    parser.add_argument(
        "--reason",
        "-r",
        metavar="TEXT",
        default="",
        required=command == "lose",
        action=reason(words),
        help=words(f"help.{command}-reason"),
    )
    if command == "win":
        parser.add_argument("--what", metavar="TEXT", help=words("help.win-what"))
        parser.add_argument("--on", metavar="DATE", help=words("help.win-on"))
        parser.add_argument("--amount", metavar="AMOUNT", help=words("help.win-amount"))
        parser.add_argument("--currency", metavar="CODE", help=words("help.win-currency"))
    if command == "nurture":
        parser.add_argument("--revisit", metavar="DATE", help=words("help.revisit"))
    if command == "reopen":
        parser.add_argument("--stage", metavar="STAGE", help=words("help.reopen-stage"))


def run(context: Context, args: argparse.Namespace) -> int:
    """Change the deal's status, or reopen one of its stages."""
    deal = context.edit(args.deal, _operation(context, args))
    done = args.command
    if done == "archive" and args.restore:
        done = "restore"
    if done == "reopen" and args.stage:
        done = "reopen-stage"
    context.tell_done(context.words(f"cli.done-{done}", deal=deal.name))
    return 0


def _operation(context: Context, args: argparse.Namespace) -> Callable[[Deal, Stamp], Deal]:
    from salescoach.deal import identity

    if args.command == "win":
        return _win(context, args)
    if args.command == "lose":
        return lambda deal, stamp: identity.lose(deal, stamp, args.reason)
    if args.command == "nurture":
        on = context.day(args.revisit) if args.revisit else None
        return lambda deal, stamp: identity.nurture(deal, stamp, reason=args.reason, revisit_on=on)
    if args.command == "archive":
        return lambda deal, stamp: identity.archive(deal, stamp, archived=not args.restore)
    if args.stage is None:
        return lambda deal, stamp: identity.reopen(deal, stamp, reason=args.reason)
    from salescoach.deal import stages
    from salescoach.playbook.lookup import stage_of

    stage = stage_of(context.playbook, args.stage).key
    return lambda deal, stamp: stages.reopen_stage(deal, stage, stamp, reason=args.reason)


def _win(context: Context, args: argparse.Namespace) -> Callable[[Deal, Stamp], Deal]:
    """Return the operation, with what was signed; a person at a terminal is asked for what is missing.

    Raises Failure that names what is missing in a script.
    """
    from salescoach.cli.ask import ask_text, can_ask
    from salescoach.cli.context import Failure
    from salescoach.deal import identity
    from salescoach.deal.parse import parse_amount
    from salescoach.text import clean

    words, deal = context.words, context.read(args.deal)
    what, on, amount = clean(args.what or ""), args.on, args.amount
    known = "" if deal.amount is None else f"{deal.amount:f}"
    if not what and can_ask():
        what = ask_text(context.out, words("cli.ask-what"))
        on = on or ask_text(context.out, words("cli.ask-on"), context.today.isoformat())
        amount = amount or ask_text(context.out, words("cli.ask-amount"), known)
    given = {"--what": what, "--amount": amount or known}
    missing = [option for option, value in given.items() if not value]
    if missing:
        raise Failure(words("cli.win-needs", options=", ".join(missing)), code=2)
    day = context.day(on, past=True) if on else None
    money, currency = parse_amount(amount) if amount else None, (args.currency or "").upper()
    return lambda deal, stamp: identity.win(
        deal, stamp, what, day, money, currency, reason=args.reason
    )
