"""Today's work: whatever has a day, of every kind of document, and how much there is of all that Home counts."""

from __future__ import annotations

from typing import NamedTuple

from salescoach.store.index.cache import Index
from salescoach.workspace.kinds import DEALS
from salescoach.workspace.lists.deal_rows import NEVER


class Due(NamedTuple):
    """Something that is due on a day: an open action of a deal that still makes work, or what else has a day."""

    kind: str
    """The kind of document it belongs to."""
    document: str
    """The document's id."""
    what: str
    """The kind of dated thing; `deal_rows.ACTION` for an action."""
    id: str
    text: str
    due: str
    owner: str
    owner_id: str
    """The user's id of the owner, empty where it is not known."""
    agreed_with: str
    item: str | None
    name: str
    """What the document is called."""
    customer: str
    """Of a deal; this and what follows is empty or 0 for another document."""
    status: str
    stage: str
    stage_number: int
    moves_done: int
    moves_total: int


class Counts(NamedTuple):
    """How many there are of everything that Home counts; archived deals are counted in `archived` only."""

    overdue: int
    today: int
    revisit: int
    """Deals in nurture whose day to look again has come."""
    stalled: int
    """Open deals in which nothing has happened for as long as the settings say."""
    idle: int
    """Open deals without a next step."""
    open: int
    nurture: int
    won: int
    lost: int
    archived: int
    problems: int
    """Deals that cannot be read."""
    conflicts: int
    """Deals in which something waits to be settled, whatever their status."""

    @property
    def closed(self) -> int:
        """Deals that are won or lost."""
        return self.won + self.lost


class Work:
    """Today's work, read from the index."""

    def __init__(self, index: Index) -> None:
        self._index = index

    def due(self, until: str, limit: int = -1) -> list[Due]:
        """Return all that is due on or before the ISO date `until`, earliest first."""
        query = (
            "SELECT documents.kind, documents.id, d.what, d.id, d.text, d.due, d.owner, d.owner_id, d.agreed_with, d.item,"
            " documents.title, coalesce(deals.customer, ''), coalesce(deals.status, ''), coalesce(deals.stage, ''),"
            " coalesce(deals.stage_number, 0), coalesce(deals.moves_done, 0), coalesce(deals.moves_total, 0)"
            " FROM dated d JOIN documents ON documents.n = d.n LEFT JOIN deals ON deals.n = d.n"
            " WHERE d.due <= ? ORDER BY d.due, d.n LIMIT ?"
        )
        return list(map(Due._make, self._index.rows(query, [until, limit])))

    def counts(self, today: str) -> Counts:
        """Return Home's counts on the ISO date `today`."""
        live = "SELECT count(*) FROM deals WHERE archived = 0 AND status ="
        query = (
            "SELECT (SELECT count(*) FROM dated WHERE due < ?1),"
            " (SELECT count(*) FROM dated WHERE due = ?1),"
            f" ({live} 'nurture' AND revisit_on <= ?1),"
            f" ({live} 'open' AND stalled_on <= ?1),"
            f" ({live} 'open' AND next_key = '{NEVER}'),"
            f" ({live} 'open'), ({live} 'nurture'), ({live} 'won'), ({live} 'lost'),"
            " (SELECT count(*) FROM deals WHERE archived = 1),"
            f" (SELECT count(*) FROM documents WHERE kind = '{DEALS.name}' AND problem <> ''),"
            " (SELECT count(*) FROM deals WHERE archived = 0 AND conflicts > 0)"
        )
        rows = self._index.rows(query, [today])
        return Counts._make(rows[0] if rows else (0,) * len(Counts._fields))
