"""Two records of a person or of a customer that may be one: listed, made one, or remembered as two."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from salescoach.cli.format import short_id

if TYPE_CHECKING:
    import argparse

    from salescoach.cli.context import Context
    from salescoach.customer.matching import Match, Pair
    from salescoach.customer.models import Customer
    from salescoach.pinyin import Readings


class _Called(NamedTuple):
    """A customer by its names."""

    name: str
    other_names: tuple[str, ...]


def run_people(context: Context, args: argparse.Namespace) -> int:
    """List pairs of people at one place who may be one, make two one, or remember that they are two."""
    from salescoach.cli.people_at import find_person

    customer = _customer_at(context, args.deal)
    if args.verb == "same":
        from salescoach.customer.matching import doubtful_people

        people = customer.people.values()
        names = (name for one in people for name in (one.name, *one.other_names))
        pairs = doubtful_people(customer, _readings(context, names))
        return _list(context, args, pairs, {key: one.name for key, one in customer.people.items()})
    kept, other = (find_person(context, customer, asked) for asked in (args.kept, args.other))
    if args.verb == "different":
        from salescoach.customer.apart import keep_people_apart

        context.edit_customer(
            customer.id, lambda one, stamp: keep_people_apart(one, kept, other, stamp)
        )
        context.tell_done(context.words("customer_commands.two-people"))
        return 0
    one, two = customer.people[kept], customer.people[other]
    from salescoach.customer.matching import contradictions

    told = [
        context.words(
            "customers.gives-way",
            field=context.words(f"fields.{name}"),
            kept=getattr(one, name),
            lost=getattr(two, name),
        )
        for name in contradictions(one, two)
    ]
    if not _agreed(context, args, one.name, two.name, told):
        return 4
    context.workspace.merge_people(customer.id, kept, other)
    context.out.tell(_done(context, one.name, customer.id))
    return 0


def run_customers(context: Context, args: argparse.Namespace) -> int:
    """List pairs of customers that may be one, make two one, or remember that they are two."""
    if args.verb == "same":
        return _same_customers(context, args)
    workspace = context.workspace
    kept, other = (
        context.read_customer(context.customer_id(asked)) for asked in (args.kept, args.other)
    )
    if args.verb == "different":
        from salescoach.customer.apart import keep_customers_apart

        context.edit_customer(kept.id, lambda one, stamp: keep_customers_apart(one, other, stamp))
        context.tell_done(context.words("customer_commands.two-customers"))
        return 0
    counts = {"people": len(other.people), "deals": len(workspace.deals_of(other.id))}
    note = context.words(
        "customer_commands.merge-customers", kept=kept.name, gone=other.name, **counts
    )
    if not _agreed(context, args, kept.name, other.name, [note]):
        return 4
    workspace.merge_customers(kept.id, other.id)
    context.out.tell(_done(context, kept.name, kept.id))
    return 0


def _customer_at(context: Context, asked: str) -> Customer:
    from salescoach.cli.context import Failure
    from salescoach.cli.people_at import PeopleAt
    from salescoach.customer.models import Customer

    document = PeopleAt(context, asked).read()
    customer = document if isinstance(document, Customer) else document.customer_record
    if customer is None:
        raise Failure(context.words("customer_commands.no-record", name=document.name), code=3)
    return customer


def _same_customers(context: Context, args: argparse.Namespace) -> int:
    from salescoach.customer.matching import doubtful_customers
    from salescoach.workspace.lists.customer_rows import SEPARATOR

    workspace = context.workspace
    workspace.catch_up()
    cards = [one for one in workspace.lists.customers.cards() if not one.problem]
    called = {
        one.id: _Called(one.name, tuple(filter(None, one.other_names.split(SEPARATOR))))
        for one in cards
    }
    names = (name for one in called.values() for name in (one.name, *one.other_names))
    found = doubtful_customers(called, readings=_readings(context, names))
    pairs = [pair for pair in found if not _apart(context, pair)]
    return _list(context, args, pairs, {key: one.name for key, one in called.items()})


def _apart(context: Context, pair: Pair) -> bool:
    both = (context.workspace.current_customer(key) for key in (pair.one, pair.other))
    return any(one.are_apart(pair.one, pair.other) for one in both)


def _readings(context: Context, names: Iterable[str]) -> Readings:
    return context.workspace.index.readings("".join(names))


def _list(
    context: Context, args: argparse.Namespace, pairs: list[Pair], names: dict[str, str]
) -> int:
    if args.json:
        entries = [
            {
                "one": {"id": pair.one, "name": names[pair.one]},
                "other": {"id": pair.other, "name": names[pair.other]},
                "likeness": pair.match.likeness,
                "why": pair.match.why,
                "against": list(pair.match.against),
            }
            for pair in pairs
        ]
        context.out.json("same", {"pairs": entries})
        return 0
    if not pairs:
        context.out.tell(context.words("customers.no-doubts"))
    for pair in pairs:
        sides = [(f"{short_id(key)} ", f"{names[key]}") for key in (pair.one, pair.other)]
        (one, first), (other, second) = sides
        why = _why(context, pair.match)
        context.out.line((one, "dim"), first, "  ", (other, "dim"), second, (f"  {why}", "dim"))
    return 0


def _why(context: Context, match: Match) -> str:
    words = context.words
    told = words(f"customer_commands.why-{match.why or 'name'}")
    if not match.against:
        return told
    fields = words("fields.list-separator").join(words(f"fields.{one}") for one in match.against)
    return words("customer_commands.why-against", why=told, fields=fields)


def _agreed(
    context: Context, args: argparse.Namespace, kept: str, gone: str, told: list[str]
) -> bool:
    """Say what becomes of the two, and whether they are to be made one: `--yes`, or a yes at the terminal."""
    from salescoach.cli.ask import ask, can_ask

    words, out = context.words, context.out
    for line in told or [words("customers.nothing-lost")]:
        out.tell(line)
    if args.yes:
        return True
    if can_ask():
        question = words("customer_commands.merge-ask", kept=kept, gone=gone)
        return ask(out, words, question) == "y"
    out.tell(words("customer_commands.merge-needs-yes"))
    return False


def _done(context: Context, name: str, customer_id: str) -> str:
    return context.words("customer_commands.merged", name=name, id=short_id(customer_id))
