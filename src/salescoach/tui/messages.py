"""What workers tell the screens, as small frozen messages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from textual.message import Message

if TYPE_CHECKING:
    from salescoach.document.models import Document
    from salescoach.store.care.outside import CameFromOutside


@dataclass
class Saved(Message):
    """An edit of a document is on the disk; `pending` more edits of it are on their way."""

    document: Document
    pending: int
    way: str = "edit"
    """`undo` and `redo` are told to the person."""
    event: str = ""
    """The timeline's entry that tells what was undone or redone."""
    key: str = ""
    """The id that the edit was for; that of another document where it was merged into this one."""


@dataclass
class SaveFailed(Message):
    """An edit could not be saved; it and what comes after it are kept and tried again."""

    key: str
    error: Exception
    pending: int


@dataclass
class Refused(Message):
    """The document on the disk has changed so that an edit no longer applies; `document` is what is there, if it can be read."""

    key: str
    error: Exception
    document: Document | None


@dataclass
class Came(Message):
    """The file of the document that is open, or of its customer, is another than before; `sign` tells it from others."""

    document: Document
    sign: object


@dataclass
class CameOutside(Message):
    """A file that somebody had put in the place of what was last saved here was merged with that."""

    found: CameFromOutside[Any]


@dataclass
class Vanished(Message):
    """The file of the document that is open is gone; with `folder`, so is all that was in its folder."""

    key: str
    folder: bool = False


@dataclass
class IndexChanged(Message):
    """The index was brought up to date; lists should be read again."""

    changed: int


@dataclass
class IndexProgress(Message):
    """How far a long refresh of the index is."""

    done: int
    total: int


@dataclass
class Unreadable(Message):
    """The terminal sent bytes that are no UTF-8; they were left out."""


@dataclass
class TerminalGone(Message):
    """Nothing can be written to the terminal any more."""
