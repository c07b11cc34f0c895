"""What front ends ask of the lists: deals, people and today's work, from the index alone."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from salescoach.workspace.indexed import Indexed

if TYPE_CHECKING:
    from salescoach.deal.doubts import Doubt
    from salescoach.workspace.lists.cards import Card
    from salescoach.workspace.lists.people import Person
    from salescoach.workspace.lists.query import Where
    from salescoach.workspace.lists.work import Counts, Due

_TABS = {"deals": ("open",), "nurture": ("nurture",), "closed": ("won", "lost")}


class Listing(NamedTuple):
    """A list of deals that is read a page at a time: `page(offset, limit)`."""

    total: int
    page: Callable[[int, int], Sequence[Card]]


class Listed(Indexed):
    """Lists; none of these opens a document."""

    def cards(self) -> list[Card]:
        """Return every deal, archived ones included, after a look whether the index is behind.

        They come in no order and without what the coach says.
        """
        self.catch_up()
        return self.lists.deals.cards(sort="none", brief=True)

    def listing(
        self, *, tab: str, text: str = "", sort: str = "next", stalled: bool = False
    ) -> Listing:
        """Return the deals of a tab (`deals`, `nurture`, `closed`) that `text` finds; best matches first, or sorted.

        With `stalled` only those in which nothing has happened for as long as the settings say.
        """
        from salescoach.workspace.lists.query import Where

        day = self.today().isoformat() if stalled else ""
        where: Where = Where(status=_TABS[tab], archived=False, text=text, stalled_on=day)
        deals = self.lists.deals
        return Listing(
            deals.count(where),
            lambda offset, limit: deals.cards(where, sort=sort, limit=limit, offset=offset),
        )

    def found(self, text: str, limit: int) -> list[Card]:
        """Return the deals that `text` finds, closed and archived ones included, best matches first."""
        return self.lists.deals.search(text, limit)

    def people(self, text: str, limit: int) -> list[Person]:
        """Return the people of all customers in whom every word of `text` is found, each once."""
        return self.lists.people.search(text, limit)

    def same_deals(self, name: str, customer: str, but: str = "") -> list[Doubt]:
        """Return a doubt for another deal, archived ones included, of this name and customer; `but` is the deal itself."""
        from salescoach.deal.doubts import Doubt
        from salescoach.text import fold

        for key in self.lists.deals.named(name, customer):
            if key != but:
                told = {"name": fold(name), "customer": fold(customer), "id": key[:8]}
                return [Doubt("name", "same-deal", told)]
        return []

    def card(self, deal_id: str) -> Card | None:
        """Return one deal's card."""
        return self.lists.deals.get(deal_id)

    def due(self, until: date, limit: int = -1) -> list[Due]:
        """Return all that is due until that day, earliest first."""
        return self.lists.work.due(until.isoformat(), limit)

    def idle_cards(self, limit: int = -1) -> list[Card]:
        """Return open deals without a next step."""
        return self.lists.deals.idle(limit)

    def revisit_cards(self, limit: int = -1) -> list[Card]:
        """Return the deals in nurture whose day to look again has come, the earliest first."""
        return self.lists.deals.revisit(self.today().isoformat(), limit)

    def won_cards(self, limit: int = -1) -> list[Card]:
        """Return the deals that are won and not served and paid yet, by their next step."""
        return self.lists.deals.won(limit)

    def counts(self) -> Counts:
        """Return how many there are of everything that Home counts."""
        return self.lists.work.counts(self.today().isoformat())

    def has_deals(self) -> bool:
        """Say whether there is any deal, archived and damaged ones included, and those that no list knows yet."""
        if self.lists.deals.cards(limit=1, sort="none", brief=True):
            return True
        from salescoach.store.files.names import document_id

        try:
            with os.scandir(self.paths.deals) as entries:
                return any(document_id(entry.name) for entry in entries)
        except OSError:
            return False

    def stage_names(self) -> list[str]:
        """Return the names of the stages in order, from the index where it has them."""
        stages = self.lists.deals.stages() or self._stages()
        return [zh if self.words.lang == "zh" else en for _, zh, en in stages]

    def resolve(self, asked: str) -> str:
        """Return the id of the deal that `asked` means: an id, a unique prefix of one, or an unambiguous name.

        Raises Ambiguous, or NotFound with the nearest names.
        """
        from salescoach.store.files.names import is_id
        from salescoach.workspace.lists.resolve import resolve

        wanted = asked.strip().lower()
        if is_id(wanted) and os.path.lexists(self.store.path(wanted)):
            return wanted
        self.catch_up()
        return resolve(self.lists.deals, asked)

    def resolve_customer(self, asked: str) -> str:
        """Return the id of the customer that `asked` means: an id, a unique prefix, a name or another name, also in pinyin.

        Raises Ambiguous, or NotFound with the nearest names.
        """
        from salescoach.store.files.names import is_id
        from salescoach.workspace.kinds import CUSTOMERS
        from salescoach.workspace.lists.resolve import resolve

        wanted = asked.strip().lower()
        if is_id(wanted) and os.path.lexists(self.customers.path(wanted)):
            return wanted
        self.catch_up()
        return resolve(self.lists.customers, asked, CUSTOMERS.name)

    def resolve_person(self, asked: str) -> tuple[str, str]:
        """Return the ids of the customer and of the person there that `asked` means, as `resolve_customer` does."""
        from salescoach.workspace.lists.resolve import resolve

        self.catch_up()
        key = resolve(self.lists.people, asked, "person")
        return self.lists.people.customer_of(key), key
