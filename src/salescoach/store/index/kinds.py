"""What a kind of document tells the index: which tables it has there, and what of one document goes into them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

NOT_LISTED = "not-listed"
"""The problem of a document that can be read, and whose record cannot be worked out or kept."""


class Table(NamedTuple):
    """A table of a kind. Each of its rows belongs to a document: `n`, the document's number, is a column of every table."""

    name: str
    columns: tuple[str, ...]
    """Names with their SQL types."""
    indexes: tuple[str, ...] = ()
    """What each is on: columns in brackets, and a condition if there is one."""
    many: bool = False
    """Whether a document may have any number of rows; else it has one or none."""
    keys: tuple[str, ...] = ()
    """Columns that sort by how a text is read; what a row gives for one is the text."""
    found: bool = False
    """Whether its rows are found by words, spelled in pinyin too: it has columns for that beside its own."""


class Entry(NamedTuple):
    """A row of a table."""

    values: tuple[object, ...]
    texts: tuple[str, ...] = ()
    """What it is found by, if its table is one in which words are looked for."""
    first: int = 0
    """How many of these texts, folded and without repetition, count for more."""


class Dated(NamedTuple):
    """Something that has a day, of whatever kind: an action, a day to look again, later a commitment or a birthday."""

    what: str
    """The kind of dated thing."""
    id: str
    due: str
    """An ISO date."""
    text: str
    owner: str = ""
    agreed_with: str = ""
    item: str | None = None
    """The key of the playbook's item that it serves."""
    owner_id: str = ""
    """The user's id of the owner, where it is known."""


class Rest(NamedTuple):
    """That a record rests on another document too, as it was at one save; it is stale once there is another one."""

    kind: str
    id: str
    save: str
    """The id of that save; empty where there was no such document that could be read."""


class Record(NamedTuple):
    """What the index keeps of a document."""

    rev: int
    title: str
    """What people call it."""
    save: str = ""
    """The id of the save that this was made from."""
    rows: Mapping[str, Sequence[Entry]] = {}
    """By table."""
    dated: Sequence[Dated] = ()
    rests: Sequence[Rest] = ()
    problem: str = ""
    """Why its file cannot be read or listed, a word of the area `storage`; empty for a sound one."""


class IndexedKind(NamedTuple):
    """A kind of document as the index knows it."""

    name: str
    tables: tuple[Table, ...]
    describe: Callable[[Any, Mapping[str, Any]], Record]
    """Returns the record of a document; the mapping is what the coach says of it."""
    broken: Callable[[str, str], Record]
    """Returns the record of a document, by its id, that has a problem."""

    def record(self, key: str, document: object, summary: Mapping[str, Any]) -> Record:
        """Return a document's record, or that of a problem where it cannot be worked out: the others are listed all the same."""
        try:
            return self.describe(document, summary)
        except Exception:  # noqa: BLE001 - whatever it is, it is this document's alone
            return self.broken(key, NOT_LISTED)
