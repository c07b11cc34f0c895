"""What the index keeps of a customer: its tables there, and what of the customer goes into them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC
from typing import TYPE_CHECKING, Any

from salescoach.store.index.finding import head
from salescoach.store.index.kinds import Entry, IndexedKind, Record, Table
from salescoach.text import fold
from salescoach.workspace.kinds import CUSTOMERS

if TYPE_CHECKING:
    from salescoach.customer.models import Customer, Person

TABLES = (
    Table(
        "customers",
        (
            *("id TEXT", "name TEXT", "name_key TEXT", "other_names TEXT", "merged_into TEXT"),
            *("people INTEGER", "updated_at TEXT", "conflicts INTEGER", "doubtful INTEGER"),
            "problem TEXT",
        ),
        ("(id)", "(merged_into, name_key)"),
        keys=("name_key",),
    ),
    # What a customer is found by; one that was merged into another one is not.
    Table("customer_finds", ("head INTEGER",), found=True),
    # Everybody once, whatever the number of deals.
    Table("people", ("id TEXT", "name TEXT", "title TEXT"), ("(id)",), many=True, found=True),
)
SEPARATOR = " / "
"""Between the other names of a customer."""


def record(customer: Customer, summary: Mapping[str, Any]) -> Record:
    """Return a customer's record; the coach says nothing of one."""
    del summary
    from salescoach.customer.matching import doubtful_people

    updated = max((event.at for event in customer.timeline.values()), default=customer.created_at)
    values = (
        customer.id,
        customer.name,
        customer.name,
        SEPARATOR.join(customer.other_names),
        customer.merged_into,
        len(customer.people),
        updated.astimezone(UTC).isoformat(timespec="seconds"),
        len(customer.conflicts),
        len(doubtful_people(customer)),
        "",
    )
    rows = {"customers": [Entry(values)]}
    if customer.merged_into is None:
        names = (customer.name, *customer.other_names)
        rows["customer_finds"] = [Entry((head(*names),), names, len(set(map(fold, names)) - {""}))]
        rows["people"] = [_person(key, one) for key, one in customer.people.items()]
    return Record(customer.rev, customer.name, customer.save, rows)


def broken(key: str, problem: str) -> Record:
    """Return the record of a customer that cannot be read or listed."""
    name = f"{key}.json"
    row = Entry((key, name, name, "", None, 0, "", 0, 0, problem))
    finds = Entry((head(name),), (name,), 1)
    return Record(0, name, rows={"customers": [row], "customer_finds": [finds]}, problem=problem)


INDEXED = IndexedKind(CUSTOMERS.name, TABLES, record, broken)
"""The customers in the index."""


def _person(key: str, person: Person) -> Entry:
    reached = ("".join(person.phone.split()), person.email)
    texts = (person.name, *person.other_names, person.title, *reached)
    return Entry((key, person.name, person.title), texts)
