"""`salescoach next`: today's work over all deals, or the one next step of a deal with its reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from salescoach.cli.format import day, due, short_id

if TYPE_CHECKING:
    import argparse

    from salescoach.cli.context import Context
    from salescoach.coach.advice import Advice
    from salescoach.deal.models import Deal
    from salescoach.words import Words


SHOWN = 30
"""Actions, and deals with a next step, that are told unless all are asked for: nobody does more in a day."""


def add_arguments(parser: argparse.ArgumentParser, command: str, words: Words) -> None:
    """Describe the deal and the form."""
    parser.add_argument("deal", metavar="DEAL", nargs="?", help=words("help.next-deal"))
    parser.add_argument("--all", action="store_true", help=words("help.next-all", count=SHOWN))
    parser.add_argument("--json", action="store_true", help=words("help.json"))


def run(context: Context, args: argparse.Namespace) -> int:
    """Write what to do next."""
    if args.deal is None:
        return _all(context, as_json=args.json, limit=-1 if args.all or args.json else SHOWN)
    deal = context.read(args.deal)
    step = advice_json(context, today_step(context, deal))
    actions = _due_actions(context, deal)
    if args.json:
        context.out.json("next", {"deal": deal.id, "next": step, "actions": actions})
        return 0
    _write_actions(context, actions, with_deal=False)
    _write_step(context, step, "")
    return 0


def today_step(context: Context, deal: Deal) -> Advice | None:
    """Return the one next step that matters today."""
    from salescoach.coach.advice import next_step

    days = context.settings.stalled_days
    return next_step(context.playbook, deal, context.today, stalled_days=days)


def advice_json(context: Context, step: Advice | None) -> dict[str, object] | None:
    """Return a piece of advice with its sentence and its reason in the user's language."""
    if step is None:
        return None
    from salescoach.coach.tell import advice_text
    from salescoach.playbook.lookup import move_number

    text, why = advice_text(context.words, context.playbook, step)
    playbook = context.playbook
    place = playbook.places.get(step.item) if step.item else None
    return {
        "rule": step.rule,
        "severity": step.severity,
        "text": text,
        "why": why,
        "move": move_number(playbook, step.move) if step.move else None,
        "item": place.number if place else None,
        "contact": step.contact,
    }


def _due_actions(context: Context, deal: Deal) -> list[dict[str, object]]:
    from salescoach.deal.actions import open_actions

    return [
        {
            "id": key,
            "deal": deal.id,
            "deal_name": deal.name,
            "text": action.text,
            "due": day(action.due) or None,
            "when": due(action.due, context.today, context.words),
            "owner": action.owner,
        }
        for key, action in open_actions(deal)
        if action.due is not None and action.due <= context.today
    ]


def _all(context: Context, *, as_json: bool, limit: int) -> int:
    """Write today's work over all deals from the index, at most `limit` of a kind (-1: all); opens no deal."""
    from datetime import date

    from salescoach.store.query import Where

    workspace, words, lang = context.workspace, context.words, context.lang
    workspace.catch_up()
    work: list[dict[str, object]] = [
        {
            "id": entry.action_id,
            "deal": entry.deal_id,
            "deal_name": entry.name,
            "text": entry.text,
            "due": entry.due,
            "when": due(date.fromisoformat(entry.due), context.today, words),
            "owner": entry.owner,
        }
        for entry in workspace.due(context.today, limit)
    ]
    where = Where(status=("open",), archived=False)
    cards = workspace.index.cards(where, sort="stage", limit=limit)
    steps: list[dict[str, object]] = [
        {
            "deal": card.id,
            "deal_name": card.name,
            "rule": card.advice_rule,
            "text": card.advice(lang),
            "why": card.advice_why(lang),
        }
        for card in cards
        if card.advice_rule
    ]
    if as_json:
        context.out.json("next", {"deal": None, "actions": work, "next": steps})
        return 0
    if not work and not steps:
        context.out.tell(words("cli.nothing-to-do"))
    _write_actions(context, work, with_deal=True)
    for step in steps:
        _write_step(context, step, f"{short_id(str(step['deal']))}  {step['deal_name']}")
    if limit in {len(work), len(cards)}:
        context.out.tell(words("cli.next-more", deals=workspace.index.count(where)))
    return 0


def _write_actions(context: Context, work: list[dict[str, object]], *, with_deal: bool) -> None:
    for action in work:
        style = "bad" if str(action["due"]) < str(context.today) else "warning"
        deal = f"  {action['deal_name']}" if with_deal else ""
        context.out.line((f"! {action['when']}", style), f"  {action['text']}", (deal, "dim"))


def _write_step(context: Context, step: dict[str, object] | None, title: str) -> None:
    if step is None:
        context.out.line(context.words("cli.no-step"))
        return
    if title:
        context.out.line((title, "bold"))
    where = step.get("item") or step.get("move")
    context.out.line(f"> {step['text']}", (f"  ({where})" if where else "", "dim"))
    context.out.line((f"  {step['why']}", "dim"))
