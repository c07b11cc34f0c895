"""`salescoach advance`: closes the current stage's gate and opens the next, or says exactly what is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from salescoach.cli.format import short_id

if TYPE_CHECKING:
    import argparse

    from salescoach.cli.context import Context
    from salescoach.deal.models import Deal
    from salescoach.words import Words


def add_arguments(parser: argparse.ArgumentParser, command: str, words: Words) -> None:
    """Describe the deal, where to, and the reason for going on regardless."""
    parser.add_argument("deal", metavar="DEAL", help=words("help.deal"))
    from salescoach.cli.parser import reason

    parser.add_argument("--to", metavar="STAGE", help=words("help.advance-to"))
    parser.add_argument(
        "--reason",
        "-r",
        metavar="TEXT",
        default="",
        action=reason(words),
        help=words("help.advance-reason"),
    )


def run(context: Context, args: argparse.Namespace) -> int:
    """Move on if the gate allows it or a reason is given; otherwise list what is missing and exit with 1."""
    from salescoach.coach import gates
    from salescoach.deal.errors import GateClosed
    from salescoach.playbook.lookup import stage_of

    playbook = context.playbook
    target = stage_of(playbook, args.to).key if args.to else None
    deal = context.read(args.deal)
    try:
        after = context.edit(
            deal.id,
            lambda deal, stamp: gates.advance(playbook, deal, stamp, to=target, reason=args.reason),
        )
    except GateClosed as closed:
        _tell_missing(context, deal, closed.missing)
        return 1
    _tell_moved(context, deal, after)
    return 0


def _tell_missing(context: Context, deal: Deal, missing: tuple[str, ...]) -> None:
    from salescoach.coach.tell import missing_text

    words, out = context.words, context.out
    out.tell((words("cli.gate-closed"), "bad"))
    for code in missing:
        out.tell("- ", missing_text(words, context.playbook, code, deal), indent=2)
        out.tell((command_for(context, deal, code), "accent"), indent=6)
    out.tell(words("cli.gate-regardless", command=f"salescoach advance {short_id(deal.id)}"))


def command_for(context: Context, deal: Deal, code: str) -> str:
    """Return the command that brings what a gate's `code` says is missing, ready to be filled in."""
    from salescoach.playbook.lookup import stage_number

    words, playbook = context.words, context.playbook
    rungs = playbook.tools.relationship.rungs
    kind, _, key = code.partition(":")
    start, text, name = short_id(deal.id), words("cli.command-text"), words("cli.command-name")
    backing = f"--who '{name}' --note '{text}'"
    if kind in {"question", "basis"}:
        return f"salescoach answer {start} {key} yes --note '{text}'"
    if kind == "field":
        option = "--close" if key == "close_on" else f"--{key}"
        return f"salescoach edit {start} {option} '{text}'"
    if kind == "contact":
        rung = rungs[1:2] or rungs
        if key not in deal.contacts:
            role = next(role.key for role in playbook.tools.organisation.roles if role.is_key)
            return f"salescoach contact add {start} '{name}' --role {role}"
        return _rung_command(context, deal, key, rung[0].key)
    if kind == "proof" and key in deal.contacts:
        return _rung_command(context, deal, key, deal.contacts[key].rung or rungs[0].key)
    if kind == "marker":
        stage, _, side = key.partition("/")
        return f"salescoach evidence {start} {stage_number(playbook, stage)}.{side} {backing}"
    return f"salescoach evidence {start} {key} {backing}"


def _rung_command(context: Context, deal: Deal, contact: str, rung: str) -> str:
    """Return the command that takes a contact to a rung, with the reason where that skips others."""
    from salescoach.customer.rungs import steps_up

    text = context.words("cli.command-text")
    ladder = [one.key for one in context.playbook.tools.relationship.rungs]
    far = steps_up(deal.contacts[contact].rung, rung, ladder) > 1
    why = f" --reason '{text}'" if far else ""
    start = f"salescoach contact rung {short_id(deal.id)} {short_id(contact)} {rung}"
    return f"{start} --note '{text}'{why}"


def _tell_moved(context: Context, before: Deal, after: Deal) -> None:
    words = context.words
    for number, stage in enumerate(context.playbook.stages, 1):
        old, new = before.stages.get(stage.key), after.stages.get(stage.key)
        if new is None:
            continue
        name = f"{number} {stage.name.get(context.lang)}"
        if new.closed and not (old and old.closed):
            context.out.tell(words("cli.stage-closed", stage=name))
        if new.opened and not (old and old.opened):
            context.out.tell(words("cli.stage-opened", stage=name))
