"""Actions that were marked as done and are not on the disk yet, so that they are told as done when they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from salescoach.deal.models import Deal


class Finishing:
    """The texts of such actions, by deal and action."""

    def __init__(self) -> None:
        self._texts: dict[tuple[str, str], str] = {}

    def start(self, deal_id: str, action_id: str, text: str) -> bool:
        """Note an action; say whether it was not noted yet."""
        key = (deal_id, action_id)
        new = key not in self._texts
        self._texts.setdefault(key, text)
        return new

    def done(self, deal: Deal, pending: int) -> list[str]:
        """Take the actions that are done in a saved deal and return their texts.

        One that is not done is given up, unless `pending` more edits of the deal are on their way.
        """
        told = []
        for key in [key for key in self._texts if key[0] == deal.id]:
            action = deal.actions.get(key[1])
            done = action is not None and action.done_at is not None
            if done or not pending:
                text = self._texts.pop(key)
                told += [text] if done else []
        return told
