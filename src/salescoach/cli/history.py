"""`salescoach history`, `undo` and `redo`: what happened in a deal, and one version back or forth."""

from __future__ import annotations

from typing import TYPE_CHECKING

from salescoach.text import local_time

if TYPE_CHECKING:
    import argparse

    from salescoach.cli.context import Context
    from salescoach.words import Words


def add_arguments(parser: argparse.ArgumentParser, command: str, words: Words) -> None:
    """Describe the deal and, for the history, how much of it."""
    parser.add_argument("deal", metavar="DEAL", help=words("help.deal"))
    if command == "history":
        parser.add_argument("--limit", "-n", metavar="N", type=int, help=words("help.limit"))
        parser.add_argument("--json", action="store_true", help=words("help.json"))


def run(context: Context, args: argparse.Namespace) -> int:
    """Write the timeline, oldest first, or go one version back or forth."""
    if args.command == "history":
        return _history(context, args)
    deal_id = context.deal_id(args.deal)
    move = context.workspace.undo if args.command == "undo" else context.workspace.redo
    deal = move(deal_id)
    context.out.tell(context.words(f"cli.done-{args.command}", deal=deal.name))
    return 0


def _history(context: Context, args: argparse.Namespace) -> int:
    from salescoach.coach.tell import event_text
    from salescoach.deal.change import changes

    deal = context.read(args.deal)
    events = sorted(deal.timeline.items(), key=lambda pair: pair[1].at)
    if args.limit is not None:
        events = events[-args.limit :] if args.limit > 0 else []
    told = [event_text(context.words, context.playbook, event) for _, event in events]
    if args.json:
        entries = [
            {
                "id": key,
                **event.model_dump(mode="json"),
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
