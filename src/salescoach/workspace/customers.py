"""Customers as they are changed: each by itself, or in one act together with other customers and with deals."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING, Any

from salescoach.document.changes import telling_all
from salescoach.document.merge import same_content
from salescoach.store.errors import CannotTakeBack, NotFound, StoreError
from salescoach.store.together import Change, hold_order, save_together

if TYPE_CHECKING:
    from pathlib import Path

    from salescoach.customer.models import Customer
    from salescoach.deal.merging import Merged
    from salescoach.deal.models import Deal
    from salescoach.document.models import Event
    from salescoach.document.stamp import Stamp
    from salescoach.document.undo import Own, Way
    from salescoach.store.documents import DocumentStore

Operation = Callable[["Customer"], "Customer"]


class CustomerActs:
    """What changes the customers of `customers`, and with them deals of `deals`.

    Acts that are under way are noted in the folder `notes`; `deals_of` returns the ids of a customer's deals, archived ones
    included.
    """

    def __init__(
        self,
        deals: DocumentStore[Deal],
        customers: DocumentStore[Customer],
        notes: Path,
        deals_of: Callable[[str], Iterable[str]],
    ) -> None:
        self._deals = deals
        self._customers = customers
        self._notes = notes
        self._deals_of = deals_of

    def read(self, key: str) -> Customer:
        """Return a customer, or the one that it was merged into. Raises as `DocumentStore.read`."""
        from salescoach.customer.surviving import surviving

        found = surviving(key, self._customers.read)
        assert found is not None  # noqa: S101  what cannot be read raises
        return found

    def edit(self, key: str, operation: Operation, base: Customer | None = None) -> Customer:
        """Apply an operation to a customer, or to the one that it was merged into; see `DocumentStore.edit`."""
        current = self.read(key).id
        if base is not None and base.id != current:
            base = None  # it was merged into another one meanwhile, which is no version of it
        return self._customers.edit(current, operation, base)

    def merge_people(
        self, key: str, kept: str, gone: str, stamp: Stamp, ladder: Sequence[str]
    ) -> Customer:
        """Make two people of a customer one, in it and in all its deals; see `deal.merging.merge_people`."""
        from salescoach.deal.merging import merge_people

        customer = self.read(key)

        def change(customers: Mapping[str, Customer], deals: Sequence[Deal]) -> Merged:
            return merge_people(customers[customer.id], deals, kept, gone, stamp, ladder)

        return self._merge([customer.id], change)

    def merge_customers(self, kept: str, gone: str, stamp: Stamp) -> Customer:
        """Make two customers one, and their deals those of the one that stays; see `deal.merging.merge_customers`."""
        from salescoach.deal.merging import merge_customers

        stays, goes = self.read(kept).id, self.read(gone).id

        def change(customers: Mapping[str, Customer], deals: Sequence[Deal]) -> Merged:
            return merge_customers(customers[stays], customers[goes], deals, stamp)

        return self._merge([stays, goes], change)

    def carry_over(self, key: str, stamp: Stamp) -> bool:
        """Bring what a customer got since it was merged into another one to that one; say whether there was anything.

        It comes from where nobody knew of that; see `customer.merging.carry_over`.
        """
        from salescoach.customer.merging import carry_over, has_strays
        from salescoach.deal.merging import Merged

        kept = self.read(key)
        goes = key if kept.id != key else kept.merged_into
        if goes is None:
            return False
        if kept.merged_into is None and not has_strays(self._customers.read(goes)):
            return False

        def change(customers: Mapping[str, Customer], _: Sequence[Deal]) -> Merged:
            return Merged(*carry_over(customers[kept.id], customers[goes], stamp), ())

        self._merge([kept.id, goes], change)
        return True

    def travel(
        self,
        key: str,
        way: Way,
        stamp: Stamp,
        own: Own | None,
        act: str | None = None,
        shown: Deal | None = None,
    ) -> Customer:
        """Take back one act in a customer and in every other document that has a part of it, or do it again.

        `shown` is the deal in which the person asks for it, if it is not the customer. See `DocumentStore.undo`, and
        `_keep_parts` for what is refused besides.
        """
        from salescoach.document.undo import latest
        from salescoach.store.files.history import ACTS
        from salescoach.store.travel import travelled

        customer = self.read(key)
        events = customer.timeline if shown is None else shown.events
        event = act or latest(events, way, own or (lambda _: True), ACTS)
        others = self.others_of(customer, event) if event is not None else []
        wanted: list[Any] = [(self._customers, customer.id), *others]
        with ExitStack() as held:
            for store, one in hold_order(wanted):
                held.enter_context(store.hold(one))
            places = [(store, store.current(one)) for store, one in wanted]
            seen: Any = shown or places[0][1]
            found = travelled(places, seen, way, stamp, own, act or (event if not shown else None))
            if event is not None:
                self._keep_parts(places, found, seen.events[event])
            saved = self._save([(*place, new) for place, new in zip(places, found, strict=True)])
        return saved.get(customer.id, places[0][1])  # type: ignore[no-any-return]

    def others_of(self, customer: Customer, event: str) -> list[tuple[DocumentStore[Any], str]]:
        """Return the documents, by store and id, that have a part of an act in a customer's timeline beside the customer."""
        entry = customer.timeline.get(event)
        about = entry.about if entry is not None else {}
        other = about.get("other_id", "")
        # Taken back, what made two customers one left some of the deals with the other one.
        with_it = [one for key in (customer.id, other) if key for one in self._deals_of(key)]
        deals = dict.fromkeys([about.get("deal", ""), *with_it])
        keys: list[tuple[DocumentStore[Any], str]] = [(self._deals, key) for key in deals if key]
        if other:
            keys.append((self._customers, other))
        return [(store, key) for store, key in keys if self._has(store, key, event)]

    def with_part(self, deal: Deal, event: str) -> str | None:
        """Return the id of a customer that has a part of an act in a deal: the deal's own, or one it went from or to."""
        customer, entry = deal.customer_record, deal.timeline.get(event)
        if customer is not None and event in customer.timeline:
            return customer.id
        gone = (entry.changes or {}).get("/customer_id", {}) if entry is not None else {}
        for key in gone.values():
            if isinstance(key, str) and self._has(self._customers, key, event):
                return key
        return None

    def _keep_parts(
        self, places: Sequence[tuple[Any, Any]], found: Sequence[Any], entry: Event
    ) -> None:
        """Raise CannotTakeBack where the records of people would go who have a part in other deals by now."""
        travelled = {new.id: new for new in found}
        for (store, old), new in zip(places, found, strict=True):
            if store is not self._customers or new.merged_into is not None:
                continue
            gone = {key for key in old.people if new.person_id(key) not in new.people}
            for key in self._deals_of(new.id) if gone else ():
                with suppress(StoreError):
                    deal = travelled[key] if key in travelled else self._deals.read(key)
                    if deal.customer_id == new.id and gone & deal.stakeholders.keys():
                        break
            else:
                continue
            raise CannotTakeBack("in-deal", entry, deal=deal.name)

    def _has(self, store: DocumentStore[Any], key: str, event: str) -> bool:
        with suppress(StoreError, ValueError):
            return event in store.read(key).timeline
        return False

    def _merge(
        self,
        customers: Sequence[str],
        change: Callable[[Mapping[str, Customer], Sequence[Deal]], Merged],
    ) -> Customer:
        """Hold customers and their deals, and save what `change` makes of all of them; return the customer that stays."""
        deals = dict.fromkeys(key for each in customers for key in self._deals_of(each))
        wanted: list[Any] = [(self._customers, key) for key in customers]
        wanted += [(self._deals, key) for key in deals]
        with ExitStack() as held:
            for store, key in hold_order(wanted):
                held.enter_context(store.hold(key))
            olds = {key: self._customers.current(key) for key in customers}
            own = []
            for key in deals:
                with suppress(NotFound):
                    own.append(self._deals.current(key))
            merged = change(
                olds, [deal.beside(olds.get(deal.customer_id or customers[0])) for deal in own]
            )
            news: list[Any] = [(self._customers, olds[merged.customer.id], merged.customer)]
            if merged.gone is not None:
                news.append((self._customers, olds[merged.gone.id], merged.gone))
            after = {deal.id: deal.beside(None) for deal in merged.deals}
            news += [(self._deals, deal, _acted(deal, after.get(deal.id, deal))) for deal in own]
            saved = self._save(news)
        return saved.get(merged.customer.id, merged.customer)  # type: ignore[no-any-return]

    def _save(self, documents: Sequence[tuple[DocumentStore[Any], Any, Any]]) -> dict[str, Any]:
        """Save what differs of (store, before, after), all or none in the end; return what was saved, by id."""
        changes = [
            Change(store, new, old)
            for store, old, new in documents
            if new is not old and not same_content(new, old)
        ]
        if not changes:
            return {}
        return {one.id: one for one in save_together(changes, self._notes)}


def _acted(stored: Deal, result: Deal) -> Deal:
    """Return a deal with what an act made of it, all told by its event; as it is stored where the act did nothing in it.

    Names alone that a customer gives are no change of a deal.
    """
    if result.timeline.keys() == stored.timeline.keys():
        return stored
    return telling_all(stored, result)
