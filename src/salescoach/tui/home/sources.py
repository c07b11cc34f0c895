"""The rows of Home: today's work and the lists of deals, told from the index alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING

from salescoach.text import cell_width
from salescoach.tui.figures import day, due_mark, money
from salescoach.tui.spans import MEASURED, Span, columns, grown, share, widest
from salescoach.tui.widgets.rows import EmptySource
from salescoach.workspace.kinds import DEALS
from salescoach.workspace.lists.deal_rows import ACTION
from salescoach.workspace.lists.work import Due

if TYPE_CHECKING:
    from salescoach.words import Words
    from salescoach.workspace.lists.cards import Card

WIDE_LIST = 96
"""Cells from which a list has room for more than what and when."""
_MOVES = 5
_TEXT, _RIGHT, _NARROW = 5, (3, 4, 7), (0, 2, 3, 5, 6)
"""Which column of the list of deals takes the room that is over, which are aligned to the right, which stay where it is narrow."""
PAGE = 200
"""Cards that are read from the index at a time."""


class Today:
    """Today's work over all deals: what is overdue or due, and whom to look at again.

    Under a heading each come after that what is due next, what is won and not served and paid yet, and what has no step.
    """

    def __init__(
        self,
        due: Sequence[Due],
        revisit: Sequence[Card],
        won: Sequence[Card],
        idle: Sequence[Card],
        words: Words,
        today: date,
        stages: Sequence[str],
        me: str,
        my_id: str = "",
    ) -> None:
        self._words = words
        self._today = today
        self._stages = stages
        self._me, self._my_id = me, my_id
        day = today.isoformat()
        self._rows: list[Due | Card | str] = [one for one in due if one.due <= day]
        self._rows += revisit
        self._shared: tuple[int, list[int]] = (0, [])
        self._told: dict[str, str] = {}
        # The number beside the tab is that of the rows above the first heading.
        if later := [one for one in due if one.due > day]:
            self._rows += [words("home.band-ahead"), *later]
        if won:
            self._rows += [words("home.band-won"), *won]
        if idle:
            self._rows += [words("home.band-idle"), *idle]

    def __len__(self) -> int:
        return len(self._rows)

    def selectable(self, index: int) -> bool:
        """Every row but a heading is a piece of work."""
        return not isinstance(self._rows[index], str)

    def deal_id(self, index: int) -> str:
        """Return the deal a row belongs to; empty for a heading, and for what another document has."""
        found = self._rows[index]
        if isinstance(found, str):
            return ""
        if isinstance(found, Due):
            return found.document if found.kind == DEALS.name else ""
        return found.id

    def action(self, index: int) -> Due | None:
        """Return the action of a row, if it is one."""
        found = self._rows[index] if 0 <= index < len(self._rows) else None
        return found if isinstance(found, Due) and found.what == ACTION else None

    def row(self, index: int, width: int) -> Sequence[Span]:
        """Return a heading, or a row: how urgent, what, which deal, where it stands."""
        of = self._rows[index]
        if isinstance(of, str):
            return [Span(of, "heading")]
        mark, style = self._mark(of)
        due, text, name, stage, moves = self._widths(width)
        return columns(
            [
                (mark, style, due),
                (self._text(of), "", text),
                (_deal_name(of), "accent", name),
                (stage_label(of.stage_number, self._stages), "muted", stage),
                (f"{of.moves_done}/{of.moves_total}", "muted", -moves),
            ]
        )

    def _mark(self, of: Due | Card) -> tuple[str, str]:
        """Return how urgent an action is, or why a deal is listed that has no action here."""
        words = self._words
        if isinstance(of, Due):
            return due_mark(of.due, self._today, words)
        if of.status == "nurture" and of.revisit_on:
            late = (self._today - date.fromisoformat(of.revisit_on)).days
            told = words("home.overdue", days=late) if late else words("home.due-today")
            return f"! {words('home.head-revisit')} {told}", "warning"
        if of.status == "won":
            return words("home.status-won"), "success"
        return "? " + words("home.no-next"), "muted"

    def _is_mine(self, of: Due) -> bool:
        # By the id where both are known: the user may have another name by now, and a colleague the same one.
        if of.owner_id and self._my_id:
            return of.owner_id == self._my_id
        return of.owner in {"", self._me}

    def _text(self, of: Due | Card) -> str:
        if isinstance(of, Due):
            return of.text if self._is_mine(of) else f"{of.text} ({of.owner})"
        if of.id not in self._told:
            step = of.step_on(self._today, self._words)
            self._told[of.id] = step.text if step else ""
        return self._told[of.id]

    def _widths(self, width: int) -> list[int]:
        """Return the columns' widths: when, what, deal, stage, moves; 0 hides one."""
        if width != self._shared[0]:
            shown = [one for one in self._rows[:MEASURED] if not isinstance(one, str)]
            wishes = [
                widest(self._mark(one)[0] for one in shown),
                widest(map(self._text, shown)),
                widest(map(_deal_name, shown)),
                widest(stage_label(one.stage_number, self._stages) for one in shown)
                if width >= WIDE_LIST
                else 0,
                _MOVES,
            ]
            self._shared = width, grown(share(width, wishes), 1, width)
        return self._shared[1]


def _deal_name(of: Due | Card) -> str:
    return f"{of.customer} {of.name}".strip()


def stage_label(number: int, stages: Sequence[str]) -> str:
    """Return `3 挖掘需求` for a stage's number; empty for none."""
    return f"{number} {stages[number - 1]}" if 0 < number <= len(stages) else ""


class Cards:
    """A list of deals, read from the index a page at a time."""

    def __init__(
        self,
        count: int,
        fetch: Callable[[int, int], Sequence[Card]],
        words: Words,
        today: date,
        stages: Sequence[str],
        *,
        kind: str = "deals",
    ) -> None:
        self._count = count
        self._fetch = fetch
        self._words = words
        self._today = today
        self._stages = stages
        self._kind = kind
        self._pages: dict[int, Sequence[Card]] = {}
        self._shared: tuple[int, list[int]] = (0, [])

    def __len__(self) -> int:
        return self._count

    def selectable(self, index: int) -> bool:
        """Every row is a deal."""
        return True

    def card(self, index: int) -> Card | None:
        """Return the card of a row; None where the index has shrunk meanwhile."""
        page, place = divmod(index, PAGE)
        cards = self._pages.get(page)
        if cards is None:
            cards = self._pages[page] = self._fetch(page * PAGE, PAGE)
        return cards[place] if 0 <= place < len(cards) else None

    def deal_id(self, index: int) -> str:
        """Return the deal of a row; empty where there is none."""
        card = self.card(index)
        return card.id if card else ""

    def widths(self, width: int) -> list[int]:
        """Return the columns' widths: name, customer, stage, moves, amount, next step, due, days, owner.

        They are sized by what stands in the first rows; 0 hides one, and a negative one is aligned to the right.
        """
        if width != self._shared[0]:
            self._shared = width, self._share(width)
        return self._shared[1]

    def _share(self, width: int) -> list[int]:
        cards = [card for at in range(min(MEASURED, self._count)) if (card := self.card(at))]
        wide = width >= WIDE_LIST
        cells = [self._cells(card, wide=wide) for card in cards]
        heads = self._heads()
        wishes = [
            max(cell_width(head), widest(row[place] for row in cells))
            for place, head in enumerate(heads)
        ]
        if not wide:
            wishes = [wish if place in _NARROW else 0 for place, wish in enumerate(wishes)]
        owners = {card.owner for card in cards} - {""}
        room = width - sum(1 for wish in wishes[:-1] if wish)
        if not owners or (len(owners) == 1 and sum(wishes) > room):
            wishes[-1] = 0
        got = grown(share(width, wishes), _TEXT, width)
        return [-cells if place in _RIGHT else cells for place, cells in enumerate(got)]

    def _heads(self) -> list[str]:
        kind_next = {"nurture": "head-reason", "closed": "head-reason"}.get(self._kind, "head-next")
        kind_due = {"nurture": "head-revisit", "closed": "head-signed"}.get(self._kind, "head-due")
        names = (
            "head-name",
            "head-customer",
            "head-stage",
            "head-moves",
            "head-amount",
            kind_next,
            kind_due,
            "head-days",
            "head-owner",
        )
        return [self._words("home." + name) for name in names]

    def head(self, width: int) -> Sequence[Span]:
        """Return the heading line over the columns."""
        cells = self.widths(width)
        return columns([(head, "muted", cells[at]) for at, head in enumerate(self._heads())])

    def _cells(self, card: Card, *, wide: bool) -> list[str]:
        label = card.name if wide else f"{card.customer} {card.name}"
        step, when, _ = self._last_columns(card)
        return [
            f"! {label}" if card.conflicts else label,
            card.customer,
            stage_label(card.stage_number, self._stages),
            f"{card.moves_done}/{card.moves_total}",
            _money(card, self._words.lang),
            step,
            when,
            self._days(card),
            card.owner,
        ]

    def row(self, index: int, width: int) -> Sequence[Span]:
        """Return a deal's row."""
        card = self.card(index)
        if card is None:
            return []
        cells = self.widths(width)
        texts = self._cells(card, wide=bool(cells[1]))
        name = "warning" if card.conflicts else "strong"
        styles = [name, "", "", "muted", "", "", self._last_columns(card)[2], "muted", "muted"]
        return columns(list(zip(texts, styles, cells, strict=True)))

    def _days(self, card: Card) -> str:
        if not card.stage_since:
            return ""
        return str(max(0, (self._today - date.fromisoformat(card.stage_since)).days))

    def _last_columns(self, card: Card) -> tuple[str, str, str]:
        if self._kind == "nurture":
            return card.status_reason, day(card.revisit_on, self._today), ""
        if self._kind == "closed":
            told = self._words("home.status-" + card.status), card.signed_what, card.status_reason
            won = card.status == "won"
            ended = day(card.signed_on or card.close_on, self._today) if won else ""
            return " ".join(filter(None, told)), ended, ""
        when, style = due_mark(card.next_due, self._today, self._words)
        return card.next_text or "", when, style


def _money(card: Card, lang: str) -> str:
    """Tell what was signed for, else what is expected."""
    if card.signed_amount is not None:
        return money(card.signed_amount, card.signed_currency, lang)
    return money(card.amount, card.currency, lang)


class Welcome(EmptySource):
    """What a person who has no deals yet can do."""

    CHOICES = (("n", "new"), ("e", "samples"), ("?", "help"), ("F2", "lang"))

    def __init__(self, words: Words) -> None:
        super().__init__()
        self._words = words

    def __len__(self) -> int:
        return len(self.CHOICES)

    def row(self, index: int, width: int) -> Sequence[Span]:
        """Return a choice with its key."""
        key, name = self.CHOICES[index]
        return [Span(f"{key:<4}", "key"), Span(self._words("home.welcome-" + name))]

    def selectable(self, index: int) -> bool:
        """All of them can be chosen."""
        return True
