"""What a list asks of the index: which deals, in which order, and the SQL for it."""

from __future__ import annotations

from typing import NamedTuple

from salescoach.store.finding import fold

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


class Where(NamedTuple):
    """Which deals a list shows; what is left out does not matter."""

    status: tuple[str, ...] = ()
    archived: bool | None = None
    stage: str = ""
    owner: str = ""
    text: str = ""
    """Words that must all be found in name, customer, owner or contacts, or in their pinyin."""
    problem: bool | None = None


def select(
    columns: str, where: Where, sort: str, *, told: bool, limit: int = -1, offset: int = 0
) -> tuple[str, list[object]]:
    """Return the query for these columns of the deals that fit, `told` with what the coach says, and its parameters.

    A search puts the best matches first. A page's rows are read only once it is known which they are: reading all rows
    that fit, to sort them, takes three times as long.
    """
    words = fold(where.text)
    clause, params = _clause(where)
    if not words:
        order = SORTS[sort]
        source = "deals LEFT JOIN tells ON tells.n = deals.n" if told else "deals"
        if limit >= 0:
            hits = f"SELECT n FROM deals {clause} ORDER BY {order} LIMIT ? OFFSET ?"
            query = f"SELECT {columns} FROM {source} WHERE deals.n IN ({hits}) ORDER BY {order}"
            return query, [*params, limit, offset]
        return f"SELECT {columns} FROM {source} {clause} ORDER BY {order}", params
    rank, ranked = _rank(words)
    hits = (
        f"SELECT deals.n AS hit, {rank} AS rank, updated_at AS late FROM {_SEARCHED} {clause}"
        " ORDER BY rank, late DESC LIMIT ? OFFSET ?"
    )
    source = f"({hits}) JOIN deals ON deals.n = hit"
    if told:
        source += " LEFT JOIN tells ON tells.n = hit"
    query = f"SELECT {columns} FROM {source} ORDER BY rank, late DESC"
    return query, [*ranked, *params, limit, offset]


def count(where: Where) -> tuple[str, list[object]]:
    """Return the query for how many deals fit, and its parameters."""
    clause, params = _clause(where)
    return f"SELECT count(*) FROM {_SEARCHED if fold(where.text) else 'deals'} {clause}", params


# The words are looked for first and the deals then looked up: the other way round takes twice as long.
_SEARCHED = "finds CROSS JOIN deals ON deals.n = finds.n"


def _clause(where: Where) -> tuple[str, list[object]]:
    tests: list[str] = []
    params: list[object] = []
    if where.archived is not None:
        tests.append("archived = ?")
        params.append(int(where.archived))
    if where.status:
        tests.append(f"status IN ({', '.join('?' * len(where.status))})")
        params += where.status
    for column, value in (("stage", where.stage), ("owner", where.owner)):
        if value:
            tests.append(f"{column} = ?")
            params.append(value)
    if where.problem is not None:
        tests.append("problem <> ''" if where.problem else "problem = ''")
    for word in fold(where.text).split():
        tests.append("instr(hay, ?)")
        params.append(word)
    return (f"WHERE {' AND '.join(tests)}" if tests else ""), params


def _rank(wanted: str) -> tuple[str, list[object]]:
    rank = (
        "CASE WHEN lower(name) = ? OR lower(customer) = ? THEN 0"
        " WHEN instr(lower(name), ?) = 1 OR instr(lower(customer), ?) = 1 THEN 1"
        " WHEN instr(hay, ?) THEN 2 ELSE 3 END"
    )
    return rank, [wanted, wanted, wanted, wanted, f"\n{wanted}"]
