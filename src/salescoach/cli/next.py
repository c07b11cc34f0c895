"""`salescoach next`: today's work over all deals, or the one next step of a deal with its reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from salescoach.cli.format import day, due, short_id

if TYPE_CHECKING:
    import argparse

    from salescoach.cli.context import Context
    from salescoach.coach.advice import Steps
    from salescoach.coach.findings import Advice
    from salescoach.deal.models import Deal
    from salescoach.words import Words
    from salescoach.workspace.lists.cards import Card


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
    steps = today_steps(context, deal)
    promised, step = advice_json(context, steps.promised), advice_json(context, steps.step)
    actions = _due_actions(context, deal)
    if args.json:
        told = {"deal": deal.id, "promised": promised, "next": step, "actions": actions}
        context.out.json("next", told)
        return 0
    _write_actions(context, actions, with_deal=False)
    if promised is not None:
        _write_step(context, promised, "", late=True)
    if step is not None or promised is None:
        _write_step(context, step, "")
    return 0


def today_steps(context: Context, deal: Deal) -> Steps:
    """Return what was promised and is overdue, and the one next step that matters today."""
    from salescoach.coach.advice import next_steps

    days = context.settings.stalled_days
    return next_steps(context.playbook, deal, context.today, stalled_days=days)


def advice_json(context: Context, step: Advice | None) -> dict[str, Any] | None:
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
    from salescoach.workspace.lists.deal_rows import ACTION

    if deal.archived or deal.status == "lost":
        return []
    return [
        {
            "id": key,
            "what": ACTION,
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

    from salescoach.workspace.kinds import DEALS
    from salescoach.workspace.lists.query import Where

    workspace, words = context.workspace, context.words
    workspace.catch_up()
    work: list[dict[str, object]] = [
        {
            "id": entry.id,
            "what": entry.what,
            "deal": entry.document if entry.kind == DEALS.name else None,
            "deal_name": entry.name,
            "text": entry.text,
            "due": entry.due,
            "when": due(date.fromisoformat(entry.due), context.today, words),
            "owner": entry.owner,
        }
        for entry in workspace.due(context.today, limit)
    ]
    where = Where(archived=False, working_on=context.today.isoformat())
    cards = workspace.lists.deals.cards(where, sort="stage", limit=limit)
    steps = [step for card in cards if (step := _card_steps(context, card))]
    if as_json:
        context.out.json("next", {"deal": None, "actions": work, "next": steps})
        return 0
    if not work and not steps:
        context.out.tell(words("cli.nothing-to-do"))
    _write_actions(context, work, with_deal=True)
    for step in steps:
        title = f"{short_id(str(step['deal']))}  {step['deal_name']}"
        if step["promised"]:
            _write_step(context, step["promised"], title, late=True)
            title = ""
        if step["text"]:
            _write_step(context, step, title)
    if limit in {len(work), len(cards)}:
        context.out.tell(words("cli.next-more", deals=workspace.lists.deals.count(where)))
    return 0


def _card_steps(context: Context, card: Card) -> dict[str, Any] | None:
    """Return what the index says of a deal today, with the overdue promise beside it; None where it says nothing."""
    promised = card.promised_on(context.today, context.words)
    step = card.step_on(context.today, context.words)
    if promised is None and step is None:
        return None
    return {
        "deal": card.id,
        "deal_name": card.name,
        "status": card.status,
        "rule": step.rule if step else "",
        "text": step.text if step else "",
        "why": step.why if step else "",
        "promised": promised._asdict() if promised else None,
    }


def _write_actions(context: Context, work: list[dict[str, object]], *, with_deal: bool) -> None:
    for action in work:
        style = "bad" if str(action["due"]) < str(context.today) else "warning"
        deal = f"  {action['deal_name']}" if with_deal else ""
        context.out.line((f"! {action['when']}", style), f"  {action['text']}", (deal, "dim"))


def _write_step(
    context: Context, step: dict[str, Any] | None, title: str, *, late: bool = False
) -> None:
    if step is None:
        context.out.line(context.words("cli.no-step"))
        return
    if title:
        context.out.line((title, "bold"))
    where = step.get("item") or step.get("move")
    label = context.words("home.promised" if late else "home.step")
    style = "bad" if late else "accent"
    context.out.line(
        (f"> {label} ", style), f"{step['text']}", (f"  ({where})" if where else "", "dim")
    )
    context.out.line((f"  {step['why']}", "dim"))
