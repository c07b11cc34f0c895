"""Lists of customers, read from the index."""

from __future__ import annotations

from typing import NamedTuple

from salescoach.store.index.cache import Index
from salescoach.text import fold
from salescoach.workspace.kinds import CUSTOMERS
from salescoach.workspace.lists.customer_rows import SEPARATOR
from salescoach.workspace.lists.query import WORDS

SORTS = {
    "name": "name_key",
    "touched": "touched_at DESC, name_key",
    "deals": "open_deals DESC, name_key",
}
"""The orders of a list, by name."""
_OF = "FROM deals WHERE deals.customer_id = customers.id AND archived = 0"
_TOUCHED = "SELECT max(deals.updated_at) FROM deals WHERE deals.customer_id = customers.id"
_COLUMNS = (
    "customers.id, name, other_names, people,"
    f" (SELECT count(*) {_OF} AND status = 'open') AS open_deals,"
    f" (SELECT count(*) {_OF}) AS deals,"
    f" (SELECT coalesce(sum(open_actions), 0) {_OF}) AS actions,"
    f" max(updated_at, coalesce(({_TOUCHED}), '')) AS touched_at, conflicts, problem"
)


class CustomerCard(NamedTuple):
    """One customer in a list."""

    id: str
    name: str
    other_names: str
    """Separated by slashes."""
    people: int
    open_deals: int
    deals: int
    """Without archived ones."""
    actions: int
    """Open actions of all its deals that still make work, with a day or without."""
    touched_at: str
    """When something was last recorded of it or of one of its deals, an ISO instant."""
    conflicts: int
    """How much was changed in two places at once and waits to be settled."""
    problem: str
    """Why the file could not be read; empty for a sound customer."""


class CustomerLists:
    """The customers of an index, as lists show them; those that were merged into others are none."""

    def __init__(self, index: Index) -> None:
        self.index = index

    def cards(
        self, text: str = "", *, sort: str = "name", limit: int = -1, offset: int = 0
    ) -> list[CustomerCard]:
        """Return the customers in whose names every word of `text` is found, best matches first, or all, sorted."""
        words = fold(text)
        if not words:
            query = (
                f"SELECT {_COLUMNS} FROM customers WHERE merged_into IS NULL"
                f" ORDER BY {SORTS[sort]} LIMIT ? OFFSET ?"
            )
            return self._cards(query, [limit, offset])
        from salescoach.store.index.spelling import rank

        clause, params = _clause(words)
        ranked, values = rank("customer_finds", words)
        hits = (
            f"SELECT customer_finds.n AS hit, {ranked} AS rank FROM customer_finds {clause}"
            " ORDER BY rank LIMIT ? OFFSET ?"
        )
        query = (
            f"SELECT {_COLUMNS} FROM ({hits}) JOIN customers ON customers.n = hit"
            " ORDER BY rank, name_key"
        )
        return self._cards(query, [*values, *params, limit, offset])

    def count(self, text: str = "") -> int:
        """Return how many customers fit."""
        words = fold(text)
        if not words:
            return self.index.number("SELECT count(*) FROM customers WHERE merged_into IS NULL")
        clause, params = _clause(words)
        return self.index.number(f"SELECT count(*) FROM customer_finds {clause}", params)

    def doubtful(self) -> tuple[int, int]:
        """Return with how many customers there are pairs of people who may be one, and how many such pairs there are."""
        query = "FROM customers WHERE merged_into IS NULL AND doubtful > 0"
        pairs = self.index.number(f"SELECT coalesce(sum(doubtful), 0) {query}")
        return self.index.number(f"SELECT count(*) {query}"), pairs

    def get(self, customer_id: str) -> CustomerCard | None:
        """Return one customer's card; None also for one that was merged into another."""
        query = f"SELECT {_COLUMNS} FROM customers WHERE customers.id = ? AND merged_into IS NULL"
        return next(iter(self._cards(query, [customer_id])), None)

    def named(self, name: str) -> list[str]:
        """Return the ids of the customers that have this name or are also known by it, however it is spaced and cased."""
        line = f"\n{fold(name)}\n"
        query = (
            "SELECT id FROM customer_finds JOIN customers USING (n)"
            " WHERE instr(hay, ?) AND problem = '' ORDER BY instr(hay, ?), id"
        )
        return [key for (key,) in self.index.rows(query, [line, line])] if line.strip() else []

    def strays(self) -> list[str]:
        """Return the customers that were merged into another one and have people all the same, or lead to nobody."""
        query = "SELECT id, merged_into, people FROM customers WHERE merged_into IS NOT NULL"
        rows = self.index.rows(query)
        ways = {key: into for key, into, _ in rows}
        found = {key for key, _, people in rows if people}
        for key, into in ways.items():
            seen, end = {key}, into
            while end in ways and end not in seen:
                seen.add(end)
                end = ways[end]
            if end == key:
                found.add(key)
        return sorted(found)

    def names(self) -> list[tuple[str, str, str]]:
        """Return (id, name, empty) of every customer, and the same of each of its other names."""
        query = "SELECT id, name, other_names FROM customers WHERE merged_into IS NULL"
        return [
            (key, called, "")
            for key, name, others in self.index.rows(query)
            for called in (name, *filter(None, others.split(SEPARATOR)))
        ]

    def search(self, text: str, limit: int = -1) -> list[CustomerCard]:
        """Return the customers in whose names every word of `text` is found, best match first."""
        return self.cards(text, limit=limit) if fold(text) else []

    def problems(self) -> dict[str, str]:
        """Return the customers that could not be read, with the reason's code."""
        return self.index.problems(CUSTOMERS.name)

    def _cards(self, query: str, params: list[object]) -> list[CustomerCard]:
        return list(map(CustomerCard._make, self.index.rows(query, params)))


def _clause(words: str) -> tuple[str, list[object]]:
    from salescoach.store.index.spelling import matches

    tests: list[str] = []
    params: list[object] = []
    for word in words.split()[:WORDS]:
        test, values = matches("customer_finds", word)
        tests.append(test)
        params += values
    return f"WHERE {' AND '.join(tests)}", params
