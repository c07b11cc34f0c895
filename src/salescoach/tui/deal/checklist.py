"""The rows of one stage's checklist: moves with their items, and the items the playbook no longer has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from salescoach.coach.names import state_mark
from salescoach.coach.progress import (
    ItemStatus,
    item_status,
    move_progress,
    retired,
    retired_stages,
)
from salescoach.playbook.lookup import fitting, items_for, move_number
from salescoach.text import cell_width
from salescoach.tui.spans import Span, column, columns

if TYPE_CHECKING:
    from salescoach.deal.models import Deal
    from salescoach.playbook.models import Move, Playbook, Stage
    from salescoach.words import Words

STATE_STYLES = {
    "open": "",
    "claimed": "warning",
    "contradicted": "alert",
    "evidenced": "success",
    "confirmed": "success",
    "not_applicable": "muted",
}


@dataclass(frozen=True, slots=True)
class Row:
    """A row: a move, or one of its items, or a retired item; a retired row without an item is a stage, named as `move`."""

    move: str
    item: str = ""
    retired: bool = False


class Checklist:
    """One stage of one deal."""

    def __init__(
        self, playbook: Playbook, deal: Deal, stage: Stage, words: Words, folded: frozenset[str]
    ) -> None:
        self._playbook = playbook
        self._deal = deal
        self._words = words
        self._moves = {move.key: move for move in stage.moves}
        self._folded = folded
        self._statuses: dict[str, ItemStatus] = {}
        self.rows = self._lay_out(stage, folded)
        self._notes = _count_notes(deal)

    def _lay_out(self, stage: Stage, folded: frozenset[str]) -> list[Row]:
        rows: list[Row] = []
        for move in stage.moves:
            items = items_for(move, self._deal.kind)
            if not items:
                continue
            rows.append(Row(move.key))
            if move.key not in folded:
                rows.extend(Row(move.key, item.key) for item in items)
        if stage is self._playbook.stages[-1]:
            rows.extend(
                Row(key, retired=True) for key in retired_stages(self._playbook, self._deal)
            )
            rows.extend(Row("", key, retired=True) for key in retired(self._playbook, self._deal))
        return rows

    def __len__(self) -> int:
        return len(self.rows)

    def selectable(self, index: int) -> bool:
        """Moves and items both have something to tell."""
        return True

    def index_of(self, item: str) -> int:
        """Return the row of an item or a move, or 0."""
        for index, row in enumerate(self.rows):
            if item in {row.item, "" if row.item else row.move}:
                return index
        return 0

    def start(self) -> int:
        """Return where the cursor begins: the first open required item, else the first item, else the first row."""
        first = 0
        for index, row in enumerate(self.rows):
            if not row.item or row.retired:
                continue
            first = first or index
            if self._playbook.places[row.item].item.required and not self.status(row.item).done:
                return index
        return first

    def status(self, item: str) -> ItemStatus:
        """Return how far an item is."""
        status = self._statuses.get(item)
        if status is None:
            status = self._statuses[item] = item_status(
                self._playbook, self._deal, self._playbook.places[item]
            )
        return status

    def row(self, index: int, width: int) -> Sequence[Span]:
        """Return a row's spans."""
        row = self.rows[index]
        if row.retired:
            return self._retired_row(row, width)
        if not row.item:
            return self._move_row(self._moves[row.move], width)
        return self._item_row(row, width)

    def _move_row(self, move: Move, width: int) -> Sequence[Span]:
        progress = move_progress(self._playbook, self._deal, move)
        number = move_number(self._playbook, move.key)
        fold = "+" if move.key in self._folded else "v"
        return columns(
            [
                (f"{fold} {number} {move.name.get(self._words.lang)}", "heading", width - 7),
                (f"{progress.items_done}/{progress.items_total}", "heading", -6),
            ]
        )

    def _item_row(self, row: Row, width: int) -> Sequence[Span]:
        item = self._playbook.places[row.item].item
        status = self.status(row.item)
        mark = state_mark(self._words, status.state, by_data=status.by_data)
        optional = "" if item.required else self._words("deal.optional")
        state = self._deal.items.get(row.item)
        tail = self._tail(row.item, len(state.evidence) if state else 0)
        if status.short:
            tail = f" {status.detail}{tail}"
        doubt = " !" if state and state.challenge else ""
        tail_width = cell_width(doubt + tail)
        text_style = "muted" if status.state in {"not_applicable", "confirmed"} else ""
        lang, cells = self._words.lang, width - 6 - tail_width
        text = optional + fitting(item, lang, cells - cell_width(optional))
        return [
            Span(" "),
            Span(mark, STATE_STYLES[status.state]),
            Span(" "),
            column(text, text_style, cells, optional + item.text.get(lang)),
            Span(doubt, "alert"),
            Span(tail, "muted"),
        ]

    def _tail(self, item: str, evidence: int) -> str:
        parts = [
            f" e{evidence}" if evidence else "",
            f" n{self._notes[item]}" if self._notes.get(item) else "",
        ]
        return "".join(parts)

    def _retired_row(self, row: Row, width: int) -> Sequence[Span]:
        if not row.item:
            return [Span(" "), *columns([(self._stage_told(row.move), "muted", width - 3)])]
        mark = state_mark(self._words, self._deal.items[row.item].state)
        label = self._words("deal.retired", key=row.item)
        return [
            Span(" "),
            *columns([(mark, "muted", 4), (label, "muted", width - 7)]),
        ]

    def _stage_told(self, key: str) -> str:
        record = self._deal.stages[key]
        opened, closed = (f"{at:%Y-%m-%d}" if at else "?" for at in (record.opened, record.closed))
        return self._words("deal.stage-retired", key=key, opened=opened, closed=closed)


def _count_notes(deal: Deal) -> dict[str, int]:
    counts: dict[str, int] = {}
    for note in deal.notes.values():
        if note.item:
            counts[note.item] = counts.get(note.item, 0) + 1
    return counts
