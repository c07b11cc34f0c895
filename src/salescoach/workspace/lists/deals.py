"""Lists of deals, read from the index."""

from __future__ import annotations

from typing import Any

from salescoach.store.index.cache import Index
from salescoach.store.index.finding import lines_of
from salescoach.text import fold
from salescoach.workspace.kinds import DEALS
from salescoach.workspace.lists.cards import Card
from salescoach.workspace.lists.deal_rows import NEVER, TOLD
from salescoach.workspace.lists.query import Where, count, select

_JOINED = "deals LEFT JOIN tells ON tells.n = deals.n"
_FULL = ", ".join(Card._fields)
_BRIEF = ", ".join("''" if name in TOLD else name for name in Card._fields)
_FLAGS = tuple(Card._fields.index(name) for name in ("archived", "follow_up"))


class DealLists:
    """The deals of an index, as lists show them."""

    def __init__(self, index: Index) -> None:
        self.index = index

    def cards(
        self,
        where: Where | None = None,
        *,
        sort: str = "next",
        limit: int = -1,
        offset: int = 0,
        brief: bool = False,
    ) -> list[Card]:
        """Return the deals that fit, in the order `sort` (one of SORTS); a search puts the best matches first.

        `brief` leaves out what the coach says.
        """
        columns = _BRIEF if brief else _FULL
        also = "" if brief else "tells"
        asked = select(columns, where or Where(), sort, also=also, limit=limit, offset=offset)
        return [_card(row) for row in self.index.rows(*asked)]

    def lines(self, where: Where | None = None, *, sort: str = "next") -> list[str]:
        """Return the deals that fit, each as `Card.line` gives it, in the order `sort`."""
        asked = select("line", where or Where(), sort, also="lines")
        return [line for (line,) in self.index.rows(*asked)]

    def count(self, where: Where | None = None) -> int:
        """Return how many deals fit."""
        return self.index.number(*count(where or Where()))

    def search(self, text: str, limit: int = -1) -> list[Card]:
        """Return the deals, archived ones included, in which every word of `text` is found, best match first."""
        return self.cards(Where(text=text), limit=limit)

    def get(self, deal_id: str) -> Card | None:
        """Return one deal's card."""
        rows = self.index.rows(f"SELECT {_FULL} FROM {_JOINED} WHERE id = ?", [deal_id])
        return _card(rows[0]) if rows else None

    def idle(self, limit: int = -1) -> list[Card]:
        """Return open deals without a next step."""
        query = (
            f"SELECT {_FULL} FROM {_JOINED} WHERE archived = 0 AND status = 'open'"
            f" AND next_key = '{NEVER}' ORDER BY deals.n DESC LIMIT ?"
        )
        return [_card(row) for row in self.index.rows(query, [limit])]

    def revisit(self, today: str, limit: int = -1) -> list[Card]:
        """Return deals in nurture to be looked at again on or before the ISO date `today`, the earliest first."""
        query = (
            f"SELECT {_FULL} FROM {_JOINED} WHERE archived = 0 AND status = 'nurture'"
            " AND revisit_on <= ? ORDER BY revisit_on, name_key LIMIT ?"
        )
        return [_card(row) for row in self.index.rows(query, [today, limit])]

    def won(self, limit: int = -1) -> list[Card]:
        """Return won deals that are not served and paid yet, by their next step."""
        query = (
            f"SELECT {_FULL} FROM {_JOINED} WHERE archived = 0 AND status = 'won' AND follow_up"
            " ORDER BY next_key, name_key LIMIT ?"
        )
        return [_card(row) for row in self.index.rows(query, [limit])]

    def named(self, name: str, customer: str) -> list[str]:
        """Return the ids of the deals with this name and customer, however they are spaced and cased."""
        lines = lines_of((name, customer))
        start = "\n" + "".join(f"{line}\n" for line in lines)
        query = (
            "SELECT id, name, customer FROM finds JOIN deals ON deals.n = finds.n"
            " WHERE substr(hay, 1, ?) = ?"
        )
        wanted = (fold(name), fold(customer))
        rows = self.index.rows(query, [len(start), start])
        return [key for key, *named in rows if tuple(map(fold, named)) == wanted]

    def names(self) -> list[tuple[str, str, str]]:
        """Return (id, name, customer) of every deal."""
        rows = self.index.rows("SELECT id, name, customer FROM deals")
        return [(key, name, customer) for key, name, customer in rows]

    def problems(self) -> dict[str, str]:
        """Return the deals that could not be read, with the reason's code."""
        return self.index.problems(DEALS.name)

    def stages(self) -> list[tuple[str, str, str]]:
        """Return (key, Chinese name, English name) of the playbook's stages in order; empty before the first refresh."""
        return [(key, zh, en) for key, zh, en in self.index.fact("stages") or ()]


def _card(row: tuple[Any, ...]) -> Card:
    values = list(row)
    for place in _FLAGS:
        values[place] = values[place] == 1
    return Card._make(values)
