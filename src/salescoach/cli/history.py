"""`salescoach history`, `undo` and `redo`: what happened in a deal, and one act taken back or done again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from salescoach.cli.format import short_id
from salescoach.text import local_time

if TYPE_CHECKING:
    import argparse

    from salescoach.cli.context import Context
    from salescoach.store.errors import NotOwn
    from salescoach.words import Words


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
        return _history(context, args)
    deal_id = context.deal_id(args.deal)
    move = context.workspace.undo if args.command == "undo" else context.workspace.redo
    stamp = context.workspace.stamp()
    from salescoach.store.errors import CannotTakeBack, NotOwn

    try:
        deal = move(deal_id, stamp)
    except NotOwn as error:
        if not _allowed(context, args, error):
            raise
        deal = move(deal_id, stamp, error.event)
    except CannotTakeBack:
        _ = context.playbook  # which act it is, is told by it
        raise
    from salescoach.coach.travel import travelled_text

    what = travelled_text(context.words, context.playbook, deal, stamp.id)
    context.out.tell(context.words(f"cli.done-{args.command}", deal=deal.name, what=what))
    return 0


def _allowed(context: Context, args: argparse.Namespace, error: NotOwn) -> bool:
    """Tell whose act comes next, and say whether it may be taken back: `--yes`, or a yes at the terminal."""
    from salescoach.cli.ask import ask, can_ask
    from salescoach.coach.tell import event_text

    words = context.words
    event = error.document.events[error.event]
    who = error.by or words("cli.somebody")
    what = event_text(words, context.playbook, event)
    told = words(f"cli.{args.command}-not-own", who=who, when=local_time(event.at), what=what)
    if args.yes:
        return True
    if can_ask():
        return ask(context.out, words, words(f"cli.{args.command}-ask", told=told)) == "y"
    context.out.tell(told)
    context.out.tell(
        words("cli.travel-yes", command=args.command, deal=short_id(error.document.id))
    )
    return False


def _history(context: Context, args: argparse.Namespace) -> int:
    from salescoach.coach.tell import event_text
    from salescoach.document.change import changes

    deal = context.read(args.deal)
    events = sorted(deal.events.items(), key=lambda pair: pair[1].at)
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
        context.out.json("history", {"deal": deal.id, "rev": deal.rev, "events": entries})
        return 0
    for (_, event), text in zip(events, told, strict=True):
        who = f" ({event.by})" if event.by else ""
        context.out.line((local_time(event.at), "dim"), "  ", text, (who, "dim"))
    return 0
