"""`salescoach history`, `undo` and `redo`: what happened in a deal, and one act taken back or done again."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from salescoach.text import local_time

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    from salescoach.cli.context import Context
    from salescoach.customer.models import Customer
    from salescoach.deal.models import Deal
    from salescoach.store.errors import NotOwn
    from salescoach.words import Words

    Document = Deal | Customer


def add_arguments(parser: argparse.ArgumentParser, command: str, words: Words) -> None:
    """Describe the deal and, for the history, how much of it."""
    parser.add_argument("deal", metavar="DEAL", help=words("help.deal"))
    if command == "history":
        parser.add_argument("--limit", "-n", metavar="N", type=int, help=words("help.limit"))
        parser.add_argument("--json", action="store_true", help=words("help.json"))
    else:
        parser.add_argument("--yes", "-y", action="store_true", help=words(f"help.{command}-yes"))


def run(context: Context, args: argparse.Namespace) -> int:
    """Write the timeline, oldest first, or take an act back or do it again."""
    if args.command == "history":
        return _history(context, args, context.read(args.deal))
    workspace = context.workspace
    move = workspace.undo if args.command == "undo" else workspace.redo
    return _travel(context, args, args.command, context.deal_id(args.deal), move)


def run_for(context: Context, args: argparse.Namespace, customer: Customer) -> int:
    """Do the same for a customer, as the verb says."""
    if args.verb == "history":
        return _history(context, args, customer)
    workspace = context.workspace
    move = workspace.undo_customer if args.verb == "undo" else workspace.redo_customer
    return _travel(context, args, args.verb, customer.id, move)


def _travel(
    context: Context, args: argparse.Namespace, way: str, key: str, move: Callable[..., Document]
) -> int:
    stamp = context.workspace.stamp()
    from salescoach.store.errors import CannotTakeBack, NotOwn

    try:
        document = move(key, stamp)
    except NotOwn as error:
        if not _allowed(context, args, way, error):
            raise
        document = move(key, stamp, error.event)
    except CannotTakeBack:
        _ = context.playbook  # which act it is, is told by it
        raise
    from salescoach.coach.travel import travelled_text

    what = travelled_text(context.words, context.playbook, document, stamp.id)
    context.out.tell(context.words(f"cli.done-{way}", deal=document.name, what=what))
    return 0


def _allowed(context: Context, args: argparse.Namespace, way: str, error: NotOwn) -> bool:
    """Tell whose act comes next, and say whether it may be taken back: `--yes`, or a yes at the terminal."""
    from salescoach.cli.ask import ask, can_ask
    from salescoach.coach.tell import event_text

    words = context.words
    event = error.document.events[error.event]
    who = error.by or words("cli.somebody")
    what = event_text(words, context.playbook, event)
    told = words(f"cli.{way}-not-own", who=who, when=local_time(event.at), what=what)
    if args.yes:
        return True
    if can_ask():
        return ask(context.out, words, words(f"cli.{way}-ask", told=told)) == "y"
    context.out.tell(told)
    from salescoach.cli.conflicts import command_for

    document = cast("Document", error.document)
    context.out.tell(words("cli.travel-yes", command=command_for(document, way)))
    return False


def _history(context: Context, args: argparse.Namespace, document: Document) -> int:
    from salescoach.coach.tell import event_text
    from salescoach.document.change import changes

    events = sorted(document.events.items(), key=lambda pair: pair[1].at)
    if args.limit is not None:
        events = events[-args.limit :] if args.limit > 0 else []
    told = [event_text(context.words, context.playbook, event) for _, event in events]
    if args.json:
        entries = [
            {
                "id": key,
                **event.model_dump(mode="json", exclude={"changes"}),
                "values": event.changes,
                "changes": [one._asdict() for one in changes(event)],
                "text": text,
            }
            for (key, event), text in zip(events, told, strict=True)
        ]
        kind = "deal" if args.command == "history" else "customer"
        about = {kind: document.id, "rev": document.rev, "events": entries}
        context.out.json("history", about)
        return 0
    for (_, event), text in zip(events, told, strict=True):
        who = f" ({event.by})" if event.by else ""
        context.out.line((local_time(event.at), "dim"), "  ", text, (who, "dim"))
    return 0
