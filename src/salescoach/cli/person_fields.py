"""The options that say what is known of a person, and what they mean for the document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable

    from salescoach.cli.context import Context
    from salescoach.cli.people_at import PeopleAt
    from salescoach.customer.rungs import RungChange
    from salescoach.playbook.models import Entry
    from salescoach.words import Words

_LINES = ("title", "department", "phone", "email", "birthday", "note")
_STANCES = ("for", "leaning", "neutral", "against", "rival", "")


def add_fields(parser: argparse.ArgumentParser, words: Words, *, edit: bool) -> None:
    """Add the options of what is known of a person, and of the part in a deal."""
    from argparse import BooleanOptionalAction

    for name in _LINES:
        parser.add_argument(f"--{name}", metavar="TEXT", help=words(f"help.contact-{name}"))
    for name in ("level", "function"):
        parser.add_argument(f"--{name}", metavar="KEY", help=words(f"help.contact-arg-{name}"))
    parser.add_argument(
        "--role", metavar="KEY", action="append", dest="roles", help=words("help.contact-role")
    )
    parser.add_argument("--stance", choices=_STANCES, help=words("help.contact-stance"))
    add_other_names(parser, words, edit=edit)
    parser.add_argument("--reports-to", metavar="PERSON", help=words("help.contact-reports-to"))
    for name in ("guide", "key"):
        parser.add_argument(
            f"--{name}", action=BooleanOptionalAction, help=words(f"help.contact-{name}")
        )
    parser.add_argument("--anyway", action="store_true", help=words("help.anyway"))
    parser.add_argument("--rung", metavar="KEY", help=words("help.contact-arg-rung"))
    add_proof(parser, words, "--rung-")


def add_other_names(parser: argparse.ArgumentParser, words: Words, *, edit: bool) -> None:
    """Add the options that add another name and, for an edit, take one away."""
    options = ["other-name", "remove-other-name"] if edit else ["other-name"]
    for name in options:
        parser.add_argument(
            f"--{name}", metavar="NAME", action="append", default=[], help=words(f"help.{name}")
        )


def other_names(args: argparse.Namespace, known: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return the other names that somebody who has the `known` ones gets, as a field, if the command line says so."""
    from salescoach.text import fold

    gone = set(map(fold, getattr(args, "remove_other_name", ())))
    if not gone and not args.other_name:
        return {}
    names = dict.fromkeys((*known, *args.other_name))
    return {"other_names": tuple(one for one in names if fold(one) not in gone)}


def add_proof(parser: argparse.ArgumentParser, words: Words, prefix: str) -> None:
    """Add what shows a rung: what happened, who showed it, when, and why it is an unusual step."""
    options = (("note", "TEXT"), ("who", "NAME"), ("on", "DATE"), ("reason", "TEXT"))
    for name, metavar in options:
        parser.add_argument(
            f"{prefix}{name}",
            dest=f"rung_{name}",
            metavar=metavar,
            default="",
            help=words(f"help.rung-{name}"),
        )


def meant(context: Context, args: argparse.Namespace) -> bool:
    """Ask about a phone number or an e-mail address that does not look like one; say whether to go on."""
    from salescoach.cli.doubts import settled
    from salescoach.deal.doubts import contact_doubts
    from salescoach.text import clean

    doubts = list(contact_doubts(clean(args.phone or ""), clean(args.email or "")))
    return settled(context, doubts, anyway=args.anyway)


def entry_of(context: Context, field: str, entries: Iterable[Entry], asked: str) -> str:
    """Return the key of the vocabulary's entry that a key or a name means. Raises NotThere with all keys."""
    from salescoach.cli.failures import shorten
    from salescoach.document.errors import NotThere

    wanted = asked.strip().casefold()
    known = list(entries)
    for entry in known:
        if wanted in {entry.key, entry.name.zh.casefold(), entry.name.en.casefold()}:
            return entry.key
    choices = ", ".join(f"{entry.key} ({entry.name.get(context.lang)})" for entry in known)
    raise NotThere("unknown-choice", field=field, asked=shorten(asked, 60), choices=choices)


def fields(context: Context, args: argparse.Namespace, at: PeopleAt) -> dict[str, Any]:
    """Return the fields the command line gives, as the operations want them.

    Raises UsageError for a part in a deal where there is none, and NotThere for a key that nobody knows.
    """
    from salescoach.cli.context import given
    from salescoach.cli.parser import UsageError

    tools = context.playbook.tools
    values = given(args, "name", *_LINES, "guide", "key")
    if args.level is not None:
        values["level"] = entry_of(context, "level", tools.organisation.levels, args.level)
    if args.function is not None:
        functions = tools.organisation.functions
        values["function"] = entry_of(context, "function", functions, args.function)
    if args.rung is not None:
        values["rung"] = rung_change(context, args)
    elif args.rung_note or args.rung_who or args.rung_on or args.rung_reason:
        raise UsageError(context.words("cli.rung-needed"))
    if args.stance is not None:
        values["stance"] = args.stance or None
    if args.roles is not None:
        roles = [role for text in args.roles for role in text.split(",") if role.strip()]
        values["roles"] = tuple(
            dict.fromkeys(
                entry_of(context, "roles", tools.organisation.roles, role) for role in roles
            )
        )
    part = [name for name in ("roles", "key", "stance") if name in values]
    if part and at.deal_id is None:
        option = "--role" if part[0] == "roles" else f"--{part[0]}"
        raise UsageError(context.words("customer_commands.needs-deal", option=option))
    return values


def rung_change(context: Context, args: argparse.Namespace) -> RungChange:
    """Return the rung that is asked for, with what shows it. Raises NotThere."""
    from salescoach.customer.rungs import RungChange

    ladder = context.playbook.tools.relationship
    key = entry_of(context, "rung", (ladder.none, *ladder.rungs), args.rung)
    return RungChange(
        None if key == ladder.none.key else key,
        tuple(rung.key for rung in ladder.rungs),
        note=args.rung_note,
        who=args.rung_who,
        on=context.day(args.rung_on, past=True) if args.rung_on else None,
        reason=args.rung_reason,
    )
