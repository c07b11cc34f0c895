"""`salescoach evidence`: what backs an item or a stage's marker: who said it, when, a note, a document."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from salescoach.cli.format import short_id

if TYPE_CHECKING:
    import argparse

    from salescoach.cli.context import Context
    from salescoach.deal.models import Deal
    from salescoach.deal.parts import Side
    from salescoach.document.stamp import Stamp
    from salescoach.playbook.models import Stage
    from salescoach.words import Words

_MARKER = re.compile(r"(.+)[.:/](entry|exit)$")


def add_arguments(parser: argparse.ArgumentParser, command: str, words: Words) -> None:
    """Describe the deal, what is backed, and by what."""
    parser.add_argument("deal", metavar="DEAL", help=words("help.deal"))
    parser.add_argument("item", metavar="ITEM|K.entry|K.exit", help=words("help.item-or-marker"))
    parser.add_argument("--who", "-w", metavar="NAME", default="", help=words("help.who"))
    parser.add_argument("--on", metavar="DATE", help=words("help.on"))
    parser.add_argument("--note", "-n", metavar="TEXT", default="", help=words("help.ev-note"))
    parser.add_argument("--document", "-d", metavar="REF", default="", help=words("help.document"))
    parser.add_argument("--against", action="store_true", help=words("help.ev-against"))
    parser.add_argument("--remove", metavar="ID", help=words("help.ev-remove"))


def run(context: Context, args: argparse.Namespace) -> int:
    """Add or take away one piece of evidence; write the id of an added one."""
    if args.remove is not None:
        return _remove(context, args)
    if (found := marker_of(context, args.item)) is not None:
        return _add_to_marker(context, args, *found)
    from salescoach.cli.check import find_item, refuse_other_kind
    from salescoach.deal import items

    place = find_item(context, args.item)
    facts = _facts(context, args)
    made: list[str] = []

    def operation(deal: Deal, stamp: Stamp) -> Deal:
        refuse_other_kind(context, deal, place)
        before = deal.items.get(place.item.key)
        deal = items.add_evidence(deal, place.item.key, stamp, **facts)
        known = before.evidence if before else {}
        made[:] = [key for key in deal.items[place.item.key].evidence if key not in known]
        return deal

    context.edit(args.deal, operation)
    label = f"{place.number} {place.item.text.get(context.lang)}"
    _tell_added(context, made, label, against=args.against)
    return 0


def marker_of(context: Context, asked: str) -> tuple[Stage, Side, str] | None:
    """Return the stage and the side that `3.entry` or `3.exit` means, and what it is called; None for anything else.

    Raises playbook.errors.Unknown for a stage that there is not.
    """
    from salescoach.playbook.lookup import stage_number, stage_of

    found = _MARKER.match(asked)
    if found is None:
        return None
    stage = stage_of(context.playbook, found[1])
    side: Side = "entry" if found[2] == "entry" else "exit"
    marker = stage.entry if side == "entry" else stage.exit
    number = f"{stage_number(context.playbook, stage.key)}.{side}"
    return stage, side, f"{number} {marker.text.get(context.lang)}"


def _add_to_marker(
    context: Context, args: argparse.Namespace, stage: Stage, side: Side, label: str
) -> int:
    from salescoach.deal import stages

    facts = _facts(context, args)
    made: list[str] = []

    def operation(deal: Deal, stamp: Stamp) -> Deal:
        before = deal.stages.get(stage.key)
        known = getattr(before, side).evidence if before else {}
        deal = stages.add_marker_evidence(deal, stage.key, side, stamp, **facts)
        made[:] = [
            key for key in getattr(deal.stages[stage.key], side).evidence if key not in known
        ]
        return deal

    context.edit(args.deal, operation)
    _tell_added(context, made, label, against=args.against)
    return 0


def _facts(context: Context, args: argparse.Namespace) -> dict[str, Any]:
    on = context.day(args.on, past=True) if args.on else context.today
    facts = {"who": args.who, "on": on, "note": args.note, "document": args.document}
    return facts | {"against": args.against}


def _tell_added(context: Context, made: list[str], label: str, *, against: bool) -> None:
    for identifier in made:
        context.out.line(identifier)
    word = "cli.done-evidence-against" if against else "cli.done-evidence"
    context.out.tell(context.words(word, what=label))


def _remove(context: Context, args: argparse.Namespace) -> int:
    from salescoach.cli.check import find_item
    from salescoach.cli.pick import pick_id
    from salescoach.deal import items

    place = find_item(context, args.item)

    def operation(deal: Deal, stamp: Stamp) -> Deal:
        state = deal.items.get(place.item.key)
        known = {
            key: found.note or found.who or found.document
            for key, found in (state.evidence if state else {}).items()
        }
        chosen = pick_id(context.words, "evidence", args.remove, known)
        return items.remove_evidence(deal, place.item.key, chosen, stamp)

    context.edit(args.deal, operation)
    context.out.tell(
        context.words("cli.evidence-removed", number=place.number, id=short_id(args.remove))
    )
    return 0
