"""Tells what an undo took back, or a redo did again: all entries of an act, which may be several at once."""

from __future__ import annotations

from salescoach.coach.tell import event_text
from salescoach.document.models import Document
from salescoach.document.undo import TRAVELS
from salescoach.playbook.models import Playbook
from salescoach.words import Words


def travelled_text(words: Words, playbook: Playbook, document: Document, event: str) -> str:
    """Return a sentence on the undo or redo whose first entry in the timeline is `event`, with how much came along."""
    first = document.events[event]
    told = event_text(words, playbook, first)
    together = sum(
        one.what in TRAVELS and (one.at, one.by) == (first.at, first.by)
        for one in document.events.values()
    )
    return words("events.and-more", told=told, count=together - 1) if together > 1 else told
