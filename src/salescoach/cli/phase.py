"""`salescoach phase`: the customer's buying phase, shown or set."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse

    from salescoach.cli.context import Context
    from salescoach.deal.models import Deal
    from salescoach.words import Words


def add_arguments(parser: argparse.ArgumentParser, command: str, words: Words) -> None:
    """Describe the deal and the phase."""
    parser.add_argument("deal", metavar="DEAL", help=words("help.deal"))
    parser.add_argument("phase", metavar="PHASE", nargs="?", help=words("help.phase-arg"))
    parser.add_argument("--json", action="store_true", help=words("help.json"))


def run(context: Context, args: argparse.Namespace) -> int:
    """Set the phase if one is given, otherwise show it with its history."""
    if args.phase is None:
        return _show(context, context.read(args.deal), as_json=args.json)
    from salescoach.cli.person_fields import entry_of
    from salescoach.deal import phases

    key = entry_of(context, "buying_phase", context.playbook.tools.phases.phases, args.phase)
    deal = context.edit(args.deal, lambda deal, stamp: phases.set_phase(deal, key, stamp))
    context.tell_done(
        context.words("cli.phase-set", deal=deal.name, phase=phase_name(context, key))
    )
    return 0


def phase_name(context: Context, key: str | None) -> str:
    """Return a buying phase's name with the role that matters in it, or its key if the playbook has it no more."""
    tools, lang = context.playbook.tools, context.lang
    for phase in tools.phases.phases:
        if phase.key == key:
            roles = {role.key: role.name.get(lang) for role in tools.organisation.roles}
            return context.words(
                "cli.phase-role", phase=phase.name.get(lang), role=roles.get(phase.key_role, "")
            )
    return key or context.words("cli.phase-none")


def _show(context: Context, deal: Deal, *, as_json: bool) -> int:
    from salescoach.deal.phases import history

    changes = history(deal)
    if as_json:
        entries = [change.model_dump(mode="json") for change in changes]
        context.out.json("phase", {"deal": deal.id, "phase": deal.buying_phase, "history": entries})
        return 0
    context.out.line(phase_name(context, deal.buying_phase))
    for change in changes:
        context.out.line(
            (f"{change.at:%Y-%m-%d}", "dim"), " ", phase_name(context, change.phase), indent=2
        )
    return 0
