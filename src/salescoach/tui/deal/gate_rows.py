"""The rows of a gate: what is missing, the required items still open, what can be done."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

from salescoach.coach.gates import Missing, default_target, gate, to_move_on
from salescoach.coach.tell import missing_text
from salescoach.deal import stages
from salescoach.playbook.lookup import fitting, stage_of
from salescoach.text import cell_width
from salescoach.tui.spans import Span, column

if TYPE_CHECKING:
    from salescoach.deal.models import Deal
    from salescoach.playbook.models import Playbook, Stage
    from salescoach.words import Words

Doing = Literal["move", "regardless", "open", "close", "reopen"]
LEADS = "-> "
"""What a row begins with that leaves the gate and goes to its item."""


class GateRows:
    """What is missing, then the required items still open, then what can be done."""

    def __init__(self, words: Words, playbook: Playbook, deal: Deal, stage: Stage) -> None:
        self._words, self._playbook, self._deal = words, playbook, deal
        record = stages.stage_record(deal, stage.key)
        self.target = default_target(playbook, deal, stage.key)
        if record.opened is None:
            found = gate(playbook, deal, stage.key).entry
            self.missing: tuple[Missing, ...] = () if found.passed else found.missing
            self.also_open: tuple[str, ...] = ()
            self.doings: tuple[Doing, ...] = ("open",)
        elif record.closed is not None:
            self.missing, self.also_open = gate(playbook, deal, stage.key).exit.missing, ()
            self.doings = ("reopen",)
        else:
            step = to_move_on(playbook, deal, stage.key, self.target)
            self.missing, self.also_open = step.blocking, step.also_open
            regardless: tuple[Doing, ...] = ("regardless",) if step.blocking else ()
            self.doings = ("move", *regardless)
            if self.target is not None and not step.closes:
                self.doings = (*self.doings, "close")

    def __len__(self) -> int:
        return len(self.missing) + len(self.also_open) + len(self.doings)

    def selectable(self, index: int) -> bool:
        """Everything can be filled in, looked at or done."""
        return True

    def at(self, index: int) -> Missing | str | None:
        """Return what a row stands for: something missing, an open item's key, or None for something to do."""
        if index < len(self.missing):
            return self.missing[index]
        index -= len(self.missing)
        return self.also_open[index] if index < len(self.also_open) else None

    def doing(self, index: int) -> Doing:
        """Return what the row does."""
        return self.doings[index - len(self.missing) - len(self.also_open)]

    def row(self, index: int, width: int) -> Sequence[Span]:
        """Return a row's mark and its whole text."""
        found = self.at(index)
        if isinstance(found, Missing):
            return [
                Span("! ", "alert"),
                Span(LEADS if found.kind == "item" else "", "accent"),
                Span(missing_text(self._words, self._playbook, found, self._deal)),
            ]
        if found is not None:
            place, lang = self._playbook.places[found], self._words.lang
            number = place.number + " "
            cells = max(0, width - cell_width(LEADS + number))
            text = fitting(place.item, lang, cells)
            return [
                Span(LEADS, "accent"),
                Span(number, "muted"),
                column(text, "muted", cells, place.item.text.get(lang)),
            ]
        doing = self.doing(index)
        if doing == "move" and self.target is not None:
            name = stage_of(self._playbook, self.target).name.get(self._words.lang)
            label = self._words("deal.gate-move-to", stage=name)
        else:
            label = self._words("deal.gate-do-" + doing)
        return [Span("= ", "accent"), Span(label, "strong")]
