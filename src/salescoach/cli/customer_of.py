"""Which customer a deal is made with, or moved to: found by name, other name or pinyin, or a new one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from salescoach.cli.format import short_id

if TYPE_CHECKING:
    from salescoach.cli.context import Context
    from salescoach.customer.models import Customer

_NEAR = 80
"""How alike two names are, in per cent, that one may be the other mistyped."""


def customer_of(context: Context, asked: str, *, anyway: bool) -> Customer | str:
    """Return the customer that `asked` means, and say which one that is where it is called otherwise; else the new name.

    At a terminal somebody is asked about a name that is nearly that of a customer; `anyway` takes it as it stands.
    """
    from salescoach.customer.names import folded
    from salescoach.text import clean

    workspace, name = context.workspace, clean(asked)
    known = workspace.customer_named(name) or _by_id(context, name)
    if known is None and (found := _spelled(context, name)) is not None and not anyway:
        known = workspace.current_customer(found)
    if known is not None:
        if folded(known.name) != folded(name):
            told = context.words(
                "customer_commands.taken", name=known.name, id=short_id(known.id), asked=name
            )
            context.out.tell(told)
        return known
    if not anyway and (near := _near(context, name)) is not None:
        from salescoach.cli.ask import ask, can_ask

        customer = workspace.current_customer(near)
        about = {"name": customer.name, "id": short_id(near), "asked": name}
        if can_ask():
            question = context.words("customer_commands.did-you-mean", **about)
            if ask(context.out, context.words, question) == "y":
                return customer
        else:
            context.out.tell((context.words("customer_commands.near", **about), "warning"))
    return name


def _by_id(context: Context, asked: str) -> Customer | None:
    from salescoach.store.errors import NotFound
    from salescoach.store.files.names import is_id

    if not is_id(asked.lower()):
        return None
    try:
        return context.workspace.current_customer(asked.lower())
    except NotFound:
        return None


def _spelled(context: Context, asked: str) -> str | None:
    """Return the id of the one customer whose Chinese name is spelled like this in pinyin, from its start to its end."""
    from salescoach.customer.names import folded, is_chinese, spellings

    wanted = folded(asked)
    if not wanted.isascii() or not wanted.isalpha():
        return None
    names = [one for one in context.workspace.lists.customers.names() if is_chinese(one[1])]
    readings = context.workspace.index.readings("".join(name for _, name, _ in names))
    found = {key for key, name, _ in names if wanted in spellings(name, readings)}
    return next(iter(found)) if len(found) == 1 else None


def _near(context: Context, asked: str) -> str | None:
    """Return the id of the customer whose name is most like this; None where none is nearly."""
    from rapidfuzz import fuzz, process

    from salescoach.customer.legal_names import core
    from salescoach.customer.names import folded

    names = context.workspace.lists.customers.names()
    wanted = core(asked)
    same = [key for key, name, _ in names if core(name) == wanted]
    if same:
        return same[0]
    whole = [folded(name) for _, name, _ in names]
    found = process.extractOne(folded(asked), whole, scorer=fuzz.ratio, score_cutoff=_NEAR)
    return names[found[2]][0] if found else None
