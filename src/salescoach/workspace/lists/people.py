"""The people of all deals, found by name and title."""

from __future__ import annotations

from typing import NamedTuple

from salescoach.store.index.cache import Index
from salescoach.text import fold


class Person(NamedTuple):
    """Somebody at a customer, as one deal knows them."""

    deal_id: str
    id: str
    name: str
    title: str
    customer: str
    deal: str


def find_people(index: Index, text: str, limit: int = -1) -> list[Person]:
    """Return the people in whose name or title every word of `text` is found, those of the newest deals first."""
    from salescoach.store.index.spelling import matches

    tests, params = [], []
    for word in fold(text).split():
        test, values = matches("people", word)
        tests.append(test)
        params += values
    clause = " AND ".join(tests) or "0"
    query = (
        "SELECT deals.id, people.id, people.name, people.title, deals.customer, deals.name"
        " FROM people JOIN deals ON deals.n = people.n"
        f" WHERE {clause} ORDER BY deals.updated_at DESC, people.rowid LIMIT ?"
    )
    return list(map(Person._make, index.rows(query, [*params, limit])))
