"""`salescoach action`: the next steps of a deal: add, list, done, reopen, snooze, edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from salescoach.cli.format import day, due, short_id

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    from salescoach.cli.context import Context
    from salescoach.deal.models import Deal
    from salescoach.deal.parts import Action
    from salescoach.document.stamp import Stamp
    from salescoach.words import Words


def add_arguments(parser: argparse.ArgumentParser, command: str, words: Words) -> None:
    """Describe the things that can be done with actions."""
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", required=True)

    def verb(name: str, *positional: str) -> argparse.ArgumentParser:
        summary = words(f"help.action-{name}")
        child = verbs.add_parser(name, help=summary, description=summary)
        for argument in positional:
            reference = "help.deal" if argument == "deal" else "help.action-ref"
            child.add_argument(argument, metavar=argument.upper(), help=words(reference))
        return child

    add = verb("add", "deal")
    add.add_argument("text", metavar="TEXT", nargs="+", help=words("help.action-text"))
    edit = verb("edit", "deal", "action")
    edit.add_argument("--text", metavar="TEXT", help=words("help.action-text"))
    for child in (add, edit):
        child.add_argument("--due", metavar="DATE", help=words("help.due"))
        child.add_argument("--owner", metavar="NAME", help=words("help.action-owner"))
        child.add_argument("--agreed-with", metavar="NAME", help=words("help.agreed-with"))
        child.add_argument("--item", metavar="ITEM", help=words("help.item"))
    finish = verb("done", "deal", "action")
    finish.add_argument("--outcome", metavar="TEXT", default="", help=words("help.action-outcome"))
    kinds = finish.add_mutually_exclusive_group()
    for kind in ("evidence", "against"):
        kinds.add_argument(f"--{kind}", action="store_true", help=words(f"help.action-{kind}"))
    verb("reopen", "deal", "action")
    verb("snooze", "deal", "action").add_argument(
        "until", metavar="DATE", help=words("help.snooze-until")
    )
    listing = verb("list")
    listing.add_argument("deal", metavar="DEAL", nargs="?", help=words("help.action-list-deal"))
    listing.add_argument("--all", action="store_true", help=words("help.action-list-all"))
    listing.add_argument("--json", action="store_true", help=words("help.json"))


def run(context: Context, args: argparse.Namespace) -> int:
    """Do what the verb says."""
    if args.verb == "list":
        return _list(context, args)
    return _add(context, args) if args.verb == "add" else _change(context, args)


def find_action(context: Context, deal: Deal, asked: str) -> str:
    """Return the id of the action that an id, a prefix, a text or its number in the list means. Raises Failure."""
    from salescoach.cli.pick import pick_id

    ordered = {key: action.text for key, action in ordered_actions(deal)}
    return pick_id(context.words, "action", asked, ordered)


def ordered_actions(deal: Deal) -> list[tuple[str, Action]]:
    """Return every action, the open ones by their dates first, then the done ones."""
    from salescoach.deal.actions import open_actions

    done = [(key, action) for key, action in deal.actions.items() if action.done_at]
    return [*open_actions(deal), *done]


def as_json(key: str, action: Action) -> dict[str, object]:
    """Return an action by the names of the document, with its id."""
    return {"id": key, **action.model_dump(mode="json")}


def _fields(context: Context, args: argparse.Namespace) -> dict[str, Any]:
    from salescoach.cli.check import find_item
    from salescoach.cli.context import given

    values = given(args, "owner", "agreed_with")
    if args.due is not None:
        values["due"] = context.day(args.due) if args.due else None
    if args.item is not None:
        values["item"] = find_item(context, args.item).item.key if args.item else None
    return values


def _add(context: Context, args: argparse.Namespace) -> int:
    from salescoach.deal import actions

    values = {"owner": context.settings.me} | _fields(context, args)
    made: list[str] = []

    def operation(deal: Deal, stamp: Stamp) -> Deal:
        changed = actions.add(deal, stamp, " ".join(args.text), **values)
        made[:] = [key for key in changed.actions if key not in deal.actions]
        return changed

    deal = context.edit(args.deal, operation)
    for key in made:
        context.out.line(key)
        context.out.tell(
            context.words("cli.action-added", text=deal.actions[key].text, id=short_id(key))
        )
    return 0


def _change(context: Context, args: argparse.Namespace) -> int:
    from salescoach.cli.parser import UsageError
    from salescoach.deal import actions

    change: Callable[[Deal, str, Stamp], Deal]
    if args.verb == "done":
        change = lambda deal, key, stamp: _finish(args, deal, key, stamp)  # noqa: E731
    elif args.verb == "reopen":
        change = actions.reopen
    elif args.verb == "snooze":
        until = context.day(args.until)
        change = lambda deal, key, stamp: actions.snooze(deal, key, until, stamp)  # noqa: E731
    elif args.verb == "edit":
        values = _fields(context, args) | ({} if args.text is None else {"text": args.text})
        if not values:
            raise UsageError(context.words("cli.nothing-to-change"))
        change = lambda deal, key, stamp: actions.edit(deal, key, stamp, **values)  # noqa: E731
    texts: list[str] = []

    def operation(deal: Deal, stamp: Stamp) -> Deal:
        key = find_action(context, deal, args.action)
        changed = change(deal, key, stamp)
        texts[:] = [changed.actions[key].text]
        return changed

    context.edit(args.deal, operation)
    context.tell_done(context.words(f"cli.action-{args.verb}", text=texts[0]))
    return 0


def _finish(args: argparse.Namespace, deal: Deal, key: str, stamp: Stamp) -> Deal:
    """Mark an action as done with its outcome, as evidence for its item where that is asked for."""
    from salescoach.deal import actions

    if args.evidence or args.against:
        return actions.done_with_evidence(deal, key, stamp, args.outcome, against=args.against)
    return actions.done(deal, key, stamp, args.outcome)


def _list(context: Context, args: argparse.Namespace) -> int:
    from salescoach.cli.table import Column

    rows: list[tuple[str, str, str, Action]] = []
    for deal_id in _deals(context, args.deal):
        deal = context.workspace.read(deal_id)
        rows += [
            (deal.id, deal.name, key, action)
            for key, action in ordered_actions(deal)
            if args.all or action.done_at is None
        ]
    if args.deal is None:
        rows.sort(key=lambda row: (row[3].done_at is not None, str(row[3].due or "9999")))
    if args.json:
        entries = [
            {"deal": deal, "deal_name": name, **as_json(key, action)}
            for deal, name, key, action in rows
        ]
        context.out.json("actions", {"actions": entries})
        return 0
    words, today = context.words, context.today
    if not rows:
        context.out.tell(words("cli.no-actions"))
        return 0
    columns = [
        Column(words("cli.head-id")),
        Column(words("cli.head-action"), elastic=True),
        Column(words("cli.head-due")),
        Column(words("cli.head-when"), spare=3),
        Column(words("cli.head-owner"), elastic=True, spare=2),
        Column(words("cli.head-agreed-with"), elastic=True, spare=1),
        Column(words("cli.head-deal"), elastic=True),
    ]
    context.out.table(
        columns,
        [
            [
                short_id(key),
                f"{action.text}: {action.outcome}" if action.outcome else action.text,
                day(action.due),
                words("cli.done") if action.done_at else due(action.due, today, words),
                action.owner,
                action.agreed_with,
                name,
            ]
            for _, name, key, action in rows
        ],
    )
    return 0


def _deals(context: Context, asked: str | None) -> list[str]:
    if asked is not None:
        return [context.deal_id(asked)]
    from salescoach.workspace.lists.cards import LIVE

    return [
        card.id
        for card in context.workspace.cards()
        if not card.archived and not card.problem and card.status in LIVE
    ]
