"""The rows of the customers' screens: a customer a row, and of one its people, deals and open actions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING

from salescoach.coach.checks import rung_standing
from salescoach.coach.names import rung as rung_name
from salescoach.coach.names import style as style_name
from salescoach.coach.progress import current_stage
from salescoach.customer.people import ordered
from salescoach.text import cell_width
from salescoach.tui.figures import day, due_mark
from salescoach.tui.spans import MEASURED, Span, columns, grown, share, widest

if TYPE_CHECKING:
    from salescoach.customer.models import Customer, Person
    from salescoach.deal.models import Deal
    from salescoach.deal.parts import Action
    from salescoach.playbook.models import Playbook
    from salescoach.words import Words
    from salescoach.workspace.lists.customers import CustomerCard

PAGE = 200
"""Customers that are read from the index at a time."""
_WIDE = 96
"""Cells from which a row has room for everything."""
_HEADS = ("name", "other-names", "people", "open-deals", "actions", "touched")
_RIGHT = (2, 3, 4)


class Customers:
    """A list of customers, read from the index a page at a time."""

    def __init__(
        self,
        count: int,
        fetch: Callable[[int, int], Sequence[CustomerCard]],
        words: Words,
        today: date,
    ) -> None:
        self._count = count
        self._fetch = fetch
        self._words = words
        self._today = today
        self._pages: dict[int, Sequence[CustomerCard]] = {}
        self._shared: tuple[int, list[int]] = (0, [])

    def __len__(self) -> int:
        return self._count

    def selectable(self, index: int) -> bool:
        """Every row is a customer."""
        return True

    def card(self, index: int) -> CustomerCard | None:
        """Return the customer of a row; None where the index has shrunk meanwhile."""
        page, place = divmod(index, PAGE)
        cards = self._pages.get(page)
        if cards is None:
            cards = self._pages[page] = self._fetch(page * PAGE, PAGE)
        return cards[place] if 0 <= place < len(cards) else None

    def head(self, width: int) -> Sequence[Span]:
        """Return the heading line over the columns."""
        cells = self._widths(width)
        return columns([(self._head(at), "muted", cells[at]) for at in range(len(_HEADS))])

    def row(self, index: int, width: int) -> Sequence[Span]:
        """Return a customer's row."""
        card = self.card(index)
        if card is None:
            return []
        styles = ("warning" if card.conflicts or card.problem else "strong", "muted", "", "", "")
        parts = zip(self._cells(card), (*styles, "muted"), self._widths(width), strict=True)
        return columns(list(parts))

    def _head(self, place: int) -> str:
        return self._words(f"customers.head-{_HEADS[place]}")

    def _cells(self, card: CustomerCard) -> list[str]:
        touched = ""
        if card.touched_at:
            touched = day(datetime.fromisoformat(card.touched_at).astimezone().date(), self._today)
        counts = (str(one) if one else "" for one in (card.people, card.open_deals, card.actions))
        marked = f"! {card.name}" if card.conflicts or card.problem else card.name
        return [marked, card.other_names, *counts, touched]

    def _widths(self, width: int) -> list[int]:
        if width != self._shared[0]:
            shown = [card for at in range(min(MEASURED, self._count)) if (card := self.card(at))]
            cells = [self._cells(card) for card in shown]
            wishes = [
                max(cell_width(self._head(place)), widest(row[place] for row in cells))
                for place in range(len(_HEADS))
            ]
            if not any(row[1] for row in cells) or width < _WIDE:
                wishes[1] = 0
            got = grown(share(width, wishes), 0, width)
            self._shared = (
                width,
                [-one if place in _RIGHT else one for place, one in enumerate(got)],
            )
        return self._shared[1]


@dataclass(frozen=True, slots=True)
class OpenAction:
    """An action of one of a customer's deals that is not done."""

    deal_id: str
    deal: str
    key: str
    action: Action


@dataclass(frozen=True, slots=True)
class Around:
    """What belongs to a customer in other documents: its deals, in the order of the list, and their open actions."""

    deals: Sequence[Deal] = ()
    actions: Sequence[OpenAction] = ()

    @classmethod
    def of(cls, deals: Sequence[Deal]) -> Around:
        """Return what there is around a customer with these deals: open deals first, actions by their day."""
        rank = {"open": 0, "nurture": 1, "won": 2, "lost": 3}
        rows = sorted(deals, key=lambda one: (one.archived, rank[one.status], one.name))
        found = [
            OpenAction(deal.id, deal.name, key, action)
            for deal in rows
            if not deal.archived and deal.status != "lost"
            for key, action in deal.actions.items()
            if action.done_at is None
        ]
        found.sort(key=lambda one: (one.action.due or date.max, one.deal, one.action.order))
        return cls(rows, found)

    def deals_with(self, person_id: str) -> list[Deal]:
        """Return the deals that somebody is a stakeholder of."""
        return [deal for deal in self.deals if person_id in deal.stakeholders]


@dataclass(frozen=True, slots=True)
class Entry:
    """A row: a heading, or a person, a deal or an action by its id."""

    kind: str
    key: str = ""
    cells: tuple[tuple[str, str], ...] = ()
    deal: str = field(default="", compare=False)
    """The id of an action's deal."""


class CustomerRows:
    """What there is of one customer, under a heading each: people, deals, open actions."""

    def __init__(
        self, words: Words, playbook: Playbook, customer: Customer, around: Around, today: date
    ) -> None:
        self._words = words
        self._playbook = playbook
        people = sorted(ordered(customer), key=lambda one: one[1].left)
        self.entries: list[Entry] = []
        self._section("people", [self._person(key, one, around) for key, one in people])
        self._section("deals", [self._deal(one) for one in around.deals])
        self._section("actions", [self._action(one, today) for one in around.actions])
        self._shared: dict[tuple[str, int], list[int]] = {}

    def __len__(self) -> int:
        return len(self.entries)

    def selectable(self, index: int) -> bool:
        """Every row but a heading is something."""
        return bool(self.entries[index].key)

    def index_of(self, key: str) -> int | None:
        """Return the row of a person, a deal or an action; None where it has none."""
        return next((at for at, one in enumerate(self.entries) if key and one.key == key), None)

    def row(self, index: int, width: int) -> Sequence[Span]:
        """Return a heading, or the columns of a row."""
        entry = self.entries[index]
        if not entry.key:
            return [Span(entry.cells[0][0], entry.cells[0][1])]
        cells = self._widths(entry.kind, width)
        return columns(
            [(text, style, at) for (text, style), at in zip(entry.cells, cells, strict=True)]
        )

    def _section(self, kind: str, rows: list[Entry]) -> None:
        title = self._words(f"customers.section-{kind}", count=len(rows))
        self.entries.append(Entry(kind, cells=((title, "heading"),)))
        if not rows:
            self.entries.append(
                Entry(kind, cells=((self._words(f"customers.no-{kind}"), "muted"),))
            )
        self.entries += rows

    def _widths(self, kind: str, width: int) -> list[int]:
        got = self._shared.get((kind, width))
        if got is None:
            shown = [one for one in self.entries if one.kind == kind and one.key][:MEASURED]
            wishes = [
                widest(one.cells[place][0] for one in shown) for place in range(len(shown[0].cells))
            ]
            got = self._shared[kind, width] = grown(share(width, wishes), 0, width)
        return got

    def _person(self, key: str, who: Person, around: Around) -> Entry:
        words = self._words
        name = who.name if not who.left else f"{who.name} ({words('contacts.left')})"
        deals = around.deals_with(key)
        return Entry(
            "people",
            key,
            (
                (name, "muted" if who.left else "strong"),
                (who.title, ""),
                (
                    self.rung(who),
                    "warning" if rung_standing(self._playbook, who) != "shown" else "",
                ),
                (self.style(who), "muted"),
                (who.phone, ""),
                (words("customers.in-deals", count=len(deals)) if deals else "", "muted"),
            ),
        )

    def rung(self, who: Person) -> str:
        """Return the rung somebody is on, with a mark where it is only claimed; empty for a stranger."""
        if who.rung is None:
            return ""
        mark = {"shown": "", "claimed": "? ", "challenged": "! "}
        standing = rung_standing(self._playbook, who)
        return mark[standing] + rung_name(self._words, self._playbook, who.rung)

    def style(self, who: Person) -> str:
        """Return the communication style that was judged last; empty without any."""
        if not who.styles:
            return ""
        latest = max(who.styles.values(), key=lambda one: one.on)
        return style_name(self._words, self._playbook, latest.style)

    def _deal(self, deal: Deal) -> Entry:
        words = self._words
        status = words("home.status-" + ("archived" if deal.archived else deal.status))
        stage = current_stage(self._playbook, deal)
        return Entry(
            "deals",
            deal.id,
            (
                (deal.name, "accent"),
                (status, "" if deal.status == "open" and not deal.archived else "muted"),
                (stage.name.get(words.lang) if stage and deal.status == "open" else "", "muted"),
                (deal.owner, "muted"),
            ),
        )

    def _action(self, one: OpenAction, today: date) -> Entry:
        mark, style = due_mark(one.action.due, today, self._words)
        return Entry(
            "actions",
            f"{one.deal_id}/{one.key}",
            (
                (one.action.text, ""),
                (mark, style),
                (one.deal, "muted"),
                (one.action.owner, "muted"),
            ),
            one.deal_id,
        )
