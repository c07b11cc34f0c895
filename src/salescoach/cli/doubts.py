"""Asks about what may not be meant as it stands before a command saves it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from salescoach.cli.context import Context
    from salescoach.deal.doubts import Doubt


def settled(context: Context, doubts: Sequence[Doubt], *, anyway: bool) -> bool:
    """Say whether to go on: with `anyway` or without doubts, or where everybody asked at the terminal says yes.

    A script is not asked: it is told, and does nothing.
    """
    if anyway or not doubts:
        return True
    from salescoach.cli.ask import ask, can_ask

    words = context.words
    for doubt in doubts:
        told = words(f"doubts.{doubt.code}", **doubt.params)
        if not can_ask():
            context.out.tell((told, "warning"))
        elif ask(context.out, words, words("doubts.ask", doubt=told)) != "y":
            context.out.tell(words("doubts.not-saved"))
            return False
    if not can_ask():
        context.out.tell(words("doubts.anyway"))
        return False
    return True
