"""The people of all customers, found by name, title, phone or e-mail, each once."""

from __future__ import annotations

import json
from typing import NamedTuple

from salescoach.store.index.cache import Index
from salescoach.text import fold
from salescoach.workspace.lists.query import WORDS

_DEALS = (
    "SELECT {what} FROM stakeholders JOIN deals ON deals.n = stakeholders.n"
    " WHERE stakeholders.person = {id}"
)
_NEWEST = _DEALS.format(what="max(deals.updated_at)", id="people.id")
_IDS = (
    "SELECT json_group_array(id) FROM ("
    + _DEALS.format(what="deals.id", id="hits.id")
    + " ORDER BY deals.updated_at DESC)"
)


class Person(NamedTuple):
    """Somebody at a customer."""

    id: str
    name: str
    title: str
    customer_id: str
    customer: str
    deals: tuple[str, ...]
    """The ids of the deals that the person is a stakeholder of, the newest first."""


class PeopleLists:
    """The people of an index; those of a deal whose customer cannot be read are known by name alone."""

    def __init__(self, index: Index) -> None:
        self.index = index

    def search(self, text: str, limit: int = -1) -> list[Person]:
        """Return the people in whom every word of `text` is found, those of the newest deals first."""
        words = fold(text).split()[:WORDS]
        if not words:
            return []
        known, known_params = _clause("people", words)
        loose, loose_params = _clause("loose_people", words)
        hits = (
            "SELECT people.id, people.name, people.title, customers.id AS customer_id, customers.name AS customer,"
            f" coalesce(({_NEWEST}), customers.updated_at) AS late"
            f" FROM people JOIN customers ON customers.n = people.n WHERE {known}"
            " UNION ALL SELECT loose_people.id, loose_people.name, '', coalesce(deals.customer_id, ''), deals.customer,"
            " max(deals.updated_at) FROM loose_people JOIN deals ON deals.n = loose_people.n"
            f" WHERE {loose} GROUP BY loose_people.id ORDER BY late DESC LIMIT ?"
        )
        query = (
            f"SELECT id, name, title, customer_id, customer, ({_IDS}) FROM ({hits}) hits"
            " ORDER BY late DESC"
        )
        rows = self.index.rows(query, [*known_params, *loose_params, limit])
        return [Person._make((*told, tuple(json.loads(deals)))) for *told, deals in rows]

    def customer_of(self, person_id: str) -> str:
        """Return the id of the customer that has the record of a person; empty where none has it."""
        query = "SELECT customers.id FROM people JOIN customers ON customers.n = people.n WHERE people.id = ?"
        return next((str(key) for (key,) in self.index.rows(query, [person_id])), "")

    def names(self) -> list[tuple[str, str, str]]:
        """Return (id, name, customer) of everybody."""
        query = (
            "SELECT people.id, people.name, customers.name FROM people"
            " JOIN customers ON customers.n = people.n"
        )
        return [(key, name, customer) for key, name, customer in self.index.rows(query)]


def _clause(table: str, words: list[str]) -> tuple[str, list[object]]:
    from salescoach.store.index.spelling import matches

    tests: list[str] = []
    params: list[object] = []
    for word in words:
        test, values = matches(table, word)
        tests.append(test)
        params += values
    return " AND ".join(tests), params
