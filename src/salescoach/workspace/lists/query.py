"""What a list of deals asks of the index: which deals, in which order, and the SQL for it."""

from __future__ import annotations

from typing import NamedTuple

from salescoach.text import fold

SORTS = {
    "none": "deals.n",
    "next": "next_key, name_key",
    "stage": "stage_number, coalesce(close_on, '9999'), name_key",
    "amount": "CAST(amount AS REAL) DESC, name_key",
    "name": "name_key",
    "customer": "customer_key, name_key",
    "days": "coalesce(stage_since, '9999'), name_key",
    "close": "coalesce(close_on, '9999'), name_key",
    "updated": "updated_at DESC",
}
"""The orders of a list, by name."""


WORDS = 64
"""Words of a search that count: the database takes no more than some hundred conditions."""


class Where(NamedTuple):
    """Which deals a list shows; what is left out does not matter."""

    status: tuple[str, ...] = ()
    archived: bool | None = None
    stage: str = ""
    owner: str = ""
    customer: str = ""
    """A customer's id."""
    text: str = ""
    """Words that must all be found in name, customer, owner or contacts, or in their pinyin."""
    problem: bool | None = None
    stalled_on: str = ""
    """An ISO date: open deals that are stalled on that day."""
    working_on: str = ""
    """An ISO date: open deals, won ones that are not served and paid, and those in nurture to be looked at that day."""


def select(
    columns: str, where: Where, sort: str, *, also: str = "", limit: int = -1, offset: int = 0
) -> tuple[str, list[object]]:
    """Return the query for these columns of the deals that fit, and of the table `also`, and its parameters.

    A search puts the best matches first. A page's rows are read only once it is known which they are: reading all rows
    that fit, to sort them, takes three times as long.
    """
    words = fold(where.text)
    if not words:
        clause, params = _clause(where, "deals", "")
        order = SORTS[sort]
        source = f"deals LEFT JOIN {also} ON {also}.n = deals.n" if also else "deals"
        if limit >= 0:
            hits = f"SELECT n FROM deals {clause} ORDER BY {order} LIMIT ? OFFSET ?"
            query = f"SELECT {columns} FROM {source} WHERE deals.n IN ({hits}) ORDER BY {order}"
            return query, [*params, limit, offset]
        return f"SELECT {columns} FROM {source} {clause} ORDER BY {order}", params
    clause, params = _clause(where, "finds", words)
    from salescoach.store.index.spelling import rank

    ranked, values = rank("finds", words)
    hits = (
        f"SELECT finds.n AS hit, {ranked} AS rank, finds.updated_at AS late FROM {_searched(where)} {clause}"
        " ORDER BY rank, late DESC LIMIT ? OFFSET ?"
    )
    source = f"({hits}) JOIN deals ON deals.n = hit"
    if also:
        source += f" LEFT JOIN {also} ON {also}.n = hit"
    query = f"SELECT {columns} FROM {source} ORDER BY rank, late DESC"
    return query, [*values, *params, limit, offset]


def count(where: Where) -> tuple[str, list[object]]:
    """Return the query for how many deals fit, and its parameters."""
    words = fold(where.text)
    clause, params = _clause(where, "finds" if words else "deals", words)
    return f"SELECT count(*) FROM {_searched(where) if words else 'deals'} {clause}", params


def _searched(where: Where) -> str:
    # Looking the deals themselves up takes several times as long as looking for the words.
    if (
        where.stage
        or where.owner
        or where.customer
        or where.problem is not None
        or where.stalled_on
        or where.working_on
    ):
        return "finds CROSS JOIN deals ON deals.n = finds.n"
    return "finds"


def _clause(where: Where, table: str, words: str) -> tuple[str, list[object]]:
    tests: list[str] = []
    params: list[object] = []
    if where.archived is not None:
        tests.append(f"{table}.archived = ?")
        params.append(int(where.archived))
    if where.status:
        tests.append(f"{table}.status IN ({', '.join('?' * len(where.status))})")
        params += where.status
    for column, value in (
        ("stage", where.stage),
        ("owner", where.owner),
        ("customer_id", where.customer),
    ):
        if value:
            tests.append(f"{column} = ?")
            params.append(value)
    if where.problem is not None:
        tests.append("problem <> ''" if where.problem else "problem = ''")
    if where.stalled_on:
        tests.append("deals.status = 'open' AND stalled_on <= ?")
        params.append(where.stalled_on)
    if where.working_on:
        tests.append(
            "(deals.status = 'open' OR deals.status = 'won' AND follow_up"
            " OR deals.status = 'nurture' AND revisit_on <= ?)"
        )
        params.append(where.working_on)
    if words:
        from salescoach.store.index.spelling import matches
    for word in words.split()[:WORDS]:
        test, values = matches(table, word)
        tests.append(test)
        params += values
    return (f"WHERE {' AND '.join(tests)}" if tests else ""), params
