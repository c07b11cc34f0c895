"""`salescoach confirm`: a coach's verdict on items, on stages' markers and on the rungs of contacts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    from salescoach.cli.context import Context
    from salescoach.deal.models import Deal
    from salescoach.document.stamp import Stamp
    from salescoach.words import Words


@dataclass(frozen=True, slots=True)
class _Target:
    """What is judged: how it is named to people, and the operations that confirm and challenge it."""

    label: str
    confirm: Callable[[Deal, Stamp], Deal]
    challenge: Callable[[Deal, Stamp, str], Deal]


def add_arguments(parser: argparse.ArgumentParser, command: str, words: Words) -> None:
    """Describe the deal, what is judged, and the reason of a challenge."""
    from salescoach.cli.parser import reason

    parser.add_argument("deal", metavar="DEAL", help=words("help.deal"))
    parser.add_argument(
        "items", metavar="ITEM|K.entry|K.exit", nargs="*", help=words("help.item-or-marker")
    )
    parser.add_argument(
        "--contact",
        "-c",
        metavar="CONTACT",
        action="append",
        default=[],
        help=words("help.confirm-contact"),
    )
    parser.add_argument(
        "--challenge", metavar="REASON", action=reason(words), help=words("help.challenge")
    )


def run(context: Context, args: argparse.Namespace) -> int:
    """Judge everything that is named in one save."""
    from salescoach.cli.parser import UsageError

    if not args.items and not args.contact:
        raise UsageError(context.words("cli.confirm-needs"))
    told: dict[str, bool] = {}
    known: set[str] = set()

    def operation(deal: Deal, stamp: Stamp) -> Deal:
        told.clear()
        known.update(deal.events)
        targets = [_item_or_marker(context, deal, asked) for asked in args.items]
        targets += [_rung(context, deal, asked) for asked in args.contact]
        for target in targets:
            before, doing = deal, stamp.derive(target.label)
            if args.challenge is None:
                deal = target.confirm(deal, doing)
            else:
                deal = target.challenge(deal, doing, args.challenge)
            told[target.label] = told.get(target.label, False) or deal is not before
        return deal

    deal = context.edit(args.deal, operation)
    verdict = "confirm" if args.challenge is None else "challenge"
    for label, changed in told.items():
        word = f"cli.verdict-{verdict}" if changed else "cli.verdict-already"
        context.out.tell(context.words(word, what=label))
    if any(event.about.get("itself") for key, event in deal.events.items() if key not in known):
        context.out.tell((context.words("cli.self-confirmed"), "warning"))
    return 0


def _item_or_marker(context: Context, deal: Deal, asked: str) -> _Target:
    from salescoach.cli.check import find_item, refuse_other_kind
    from salescoach.cli.evidence import marker_of
    from salescoach.coach import review

    playbook = context.playbook
    found = marker_of(context, asked)
    if found is not None:
        stage, side, label = found
        return _Target(
            label,
            lambda deal, stamp: review.confirm_marker(playbook, deal, stage.key, side, stamp),
            lambda deal, stamp, why: review.challenge_marker(
                playbook, deal, stage.key, side, stamp, why
            ),
        )
    place = find_item(context, asked)
    refuse_other_kind(context, deal, place)
    return _Target(
        f"{place.number} {place.item.text.get(context.lang)}",
        lambda deal, stamp: review.confirm_item(playbook, deal, place, stamp),
        lambda deal, stamp, why: review.challenge_item(playbook, deal, place, stamp, why),
    )


def _rung(context: Context, deal: Deal, asked: str) -> _Target:
    from salescoach.cli.people_at import find_person
    from salescoach.coach.names import rung
    from salescoach.deal import contacts

    key = find_person(context, deal, asked)
    who = deal.contacts[key]
    return _Target(
        f"{who.name}: {rung(context.words, context.playbook, who.rung or '')}",
        lambda deal, stamp: contacts.confirm_rung(deal, key, stamp),
        lambda deal, stamp, why: contacts.challenge_rung(deal, key, stamp, why),
    )
