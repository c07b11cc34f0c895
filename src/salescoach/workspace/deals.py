"""Deals as they are read and changed: each with its customer, and what one act changes in both saved together."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING, Any, cast

from salescoach.deal.rebuild import as_of, merged, told
from salescoach.document.changes import telling_all
from salescoach.document.errors import DocumentError, MergeFailed
from salescoach.document.merge import merge, same_content
from salescoach.store.errors import (
    AlreadyThere,
    Damaged,
    FolderGone,
    NewerSchema,
    NotFound,
    Parked,
    StoreError,
    Unreadable,
)
from salescoach.store.together import Change, save_together
from salescoach.workspace.signs import Signs

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from salescoach.customer.models import Customer
    from salescoach.deal.models import Deal
    from salescoach.deal.upgrade import Rules
    from salescoach.document.stamp import Stamp
    from salescoach.document.undo import Own, Way
    from salescoach.store.documents import DocumentStore

Operation = Callable[["Deal"], "Deal"]
_NOT_READ = (NotFound, FolderGone, Damaged, NewerSchema, Unreadable)
"""Why a customer is not there for a deal to be read with, which opens all the same."""


class Deals:
    """The deals of `deals` with their customers of `customers`; acts that are under way are noted in the folder `notes`."""

    def __init__(
        self,
        deals: DocumentStore[Deal],
        customers: DocumentStore[Customer],
        notes: Path,
        rules: Callable[[], Rules | None] = lambda: None,
    ) -> None:
        self._deals = deals
        self._customers = customers
        self._notes = notes
        self._rules = rules

    def read(self, key: str) -> Deal:
        """Return a deal with its customer; see `DocumentStore.read`."""
        return self.joined(self._deals.read(key))

    def as_of(self, key: str, moment: date) -> Deal | None:
        """Return a deal with its customer as both were on a day; see `deal.rebuild.as_of`."""

        def read(customer: str) -> Customer | None:
            try:
                return self._customers.read(customer)
            except _NOT_READ:
                return None

        return as_of(self._deals.read(key), moment, read)

    def read_signed(self, key: str) -> tuple[Deal, Signs]:
        """Return a deal with its customer, and the signs of the files they were read from."""
        deal, sign = self._deals.read_signed(key)
        # Looked at before it is read: what comes between is seen as a change the next time.
        customer = self._customers.sign(deal.customer_id) if deal.customer_id else None
        joined = self.joined(deal)
        if joined.customer_id and joined.customer_id != deal.customer_id:
            customer = self._customers.sign(joined.customer_id)
        return joined, Signs(sign, customer)

    def signs(self, key: str, customer_id: str | None) -> Signs:
        """Return the signs of a deal's file and of the customer's that it was read with. Raises FileNotFoundError."""
        from salescoach.store.files.atomic import sign_of

        customer = self._customers.sign(customer_id) if customer_id else None
        return Signs(sign_of(self._deals.path(key).stat()), customer)

    def joined(self, deal: Deal) -> Deal:
        """Return a deal read with its customer; without one where the customer cannot be read.

        What a deal of an earlier program carries is handed over to the customer, which is not saved with that.
        """
        key = deal.customer_key
        customer = self.customer(key)
        if customer is None and not deal.is_handed_over and self._customers.sign(key) is not None:
            return deal.beside(None)  # it is there and cannot be read
        return self._with(deal, customer)

    def _with(self, deal: Deal, customer: Customer | None) -> Deal:
        if deal.is_handed_over:
            return deal.beside(customer)
        from salescoach.deal.upgrade import hand_over

        return hand_over(customer, [deal], self._rules()).deals[0]

    def hand_over(self, key: str) -> Deal:
        """Save a deal of an earlier program in the form of this one, its people with the customer, and return it."""
        return self.edit(key, lambda deal: deal)

    def handed_over(self, deal: Deal) -> Deal:
        """Return a deal that was saved just now, its people handed over to the customer where it still carries some.

        Else they would stand there with the next change to the deal only, and its customer's other deals would not know.
        """
        return deal if deal.is_handed_over else self.hand_over(deal.id)

    def customer(self, key: str | None) -> Customer | None:
        """Return the customer with this id, or that it was merged into; None where there is none that can be read."""
        from salescoach.customer.surviving import surviving

        def read(one: str) -> Customer | None:
            with suppress(*_NOT_READ):
                return self._customers.read(one)
            return None

        return surviving(key, read) if key is not None else None

    def create(self, deal: Deal) -> Deal:
        """Save a new deal, and its customer where that is new or changed; return it. Raises AlreadyThere."""
        customer, known = deal.customer_record, self.customer(deal.customer_id)
        if customer is None or (known is not None and same_content(known, customer)):
            return self.joined(self._deals.create(deal.beside(None)))
        with ExitStack() as held:
            held.enter_context(self._deals.hold(deal.id))
            held.enter_context(self._customers.hold(customer.id))
            if self._deals.sign(deal.id) is not None:
                raise AlreadyThere(deal.id)
            stored = self._stored(customer)
            if stored is not None and not stored.timeline.keys() <= customer.timeline.keys():
                customer = stored
            return self._save(deal.beside(customer), None, stored)

    def edit(self, key: str, operation: Operation, base: Deal | None = None) -> Deal:
        """Apply an operation to the deal as it is on the disk, save what it changed and return the deal.

        With the `base` that a person saw while deciding on it, what others changed since in deal and customer is merged
        with what it made of the base. Raises what it raises, Parked where the two cannot be merged, and HalfSaved.
        """

        def change(deal: Deal) -> Deal:
            return operation(deal) if base is None else self._rebased(operation, base, deal)

        return self._change(key, change)

    def travel(
        self, key: str, way: Way, stamp: Stamp, own: Own | None, act: str | None = None
    ) -> Deal:
        """Take back one act in the deal and its customer, or do it again; see `DocumentStore.undo`."""
        from salescoach.store.travel import travelled

        if not self._deals.read(key).is_handed_over:
            self.hand_over(key)  # so that there is a version to which the earlier ones lead

        with ExitStack() as held:
            held.enter_context(self._deals.hold(key))
            stored = self._deals.current(key)
            deal, places = self.joined(stored), list[Any]()
            if deal.customer_record is not None:
                held.enter_context(self._customers.hold(deal.customer_record.id))
                customer = self._customers.current(deal.customer_record.id)
                deal = self._with(stored, customer)
                places.append((self._customers, customer))
            places.append((self._deals, deal.beside(None)))
            # The act may have been to move the deal: what is saved of it is not bound to the customer of now.
            *others, after = travelled(places, deal, way, stamp, own, act)
            news = [(*place, new) for place, new in zip(places, others, strict=False)]
            news.append((self._deals, stored, told(stored, deal, cast("Deal", after))))
            changes = [
                Change(store, new, old) for store, old, new in news if not same_content(new, old)
            ]
            if changes:
                save_together(changes, self._notes)
        return self.read(key)

    def _change(self, key: str, change: Operation) -> Deal:
        if self._deals.sign(key) is None:
            self._deals.read(key)  # raises what is wrong, and no lock is made for it
        with self._deals.hold(key):
            stored = self._deals.current(key)
            deal = self.joined(stored)
            whole = stored.is_handed_over
            before = deal if whole else stored.beside(None)
            result = told(stored, deal, change(deal)) if whole else change(deal)
            if result.id != key:
                raise ValueError("an operation may not change a deal's id")
            customer = _changed_customer(before, result)
            if customer is None:
                return self._save(result, stored, deal.customer_record, before)
            # Only now is it known which customer it changes: it is held, and the change made on what it is by then.
            held = deal
            with self._customers.hold(customer.id):
                known = self._stored(customer)
                if known is not None and known.id == held.customer_id:
                    held = self._with(stored, known)
                result = self._with_news(change(held), known)
                if not whole:
                    return self._save(result, stored, known, before)
                return self._save(told(stored, held, result), stored, known, held)

    def _with_news(self, deal: Deal, known: Customer | None) -> Deal:
        """Return the deal with what came to its customer, `known` on the disk, since that was read to go along with it.

        A deal that goes to another customer may take one that was read long before.
        """
        customer = deal.customer_record
        if known is None or customer is None or customer.id != known.id:
            return deal
        if known.timeline.keys() <= customer.timeline.keys():
            return deal
        base = self._customers.saved_version(known.id, customer.save) if customer.save else None
        if base is None:  # made, or read too long ago: who came with the deal is what is new
            came = {key: one for key, one in customer.people.items() if key not in known.erased}
            events = {**known.timeline, **customer.timeline}.items()
            both = known.model_copy(
                update={
                    "people": {**came, **known.people},
                    "timeline": dict(sorted(events, key=lambda one: one[1].at)),
                }
            )
            return deal.beside(telling_all(known, both))
        return deal.beside(telling_all(known, merge(base, customer, known)))

    def _save(
        self, result: Deal, stored: Deal | None, known: Customer | None, before: Deal | None = None
    ) -> Deal:
        """Save what differs from `before`: a deal that is `stored`, a customer that is `known` on the disk."""
        changes: list[Change] = []
        customer, deal = result.customer_record, result.beside(None)
        if customer is not None and (known is None or not same_content(customer, known)):
            changes.append(Change(self._customers, customer, known))
        # Names alone that the customer gives are no change of the deal: they go along with the next one.
        if before is None or deal != before.beside(customer).beside(None):
            changes.append(Change(self._deals, deal, stored))
        if not changes:
            return before or result
        for saved in save_together(changes, self._notes):
            if saved.id == deal.id:
                deal = saved
            else:
                customer = saved
        return deal.beside(customer)

    def _stored(self, customer: Customer) -> Customer | None:
        try:
            return self._customers.current(customer.id)
        except NotFound:
            return None

    def _rebased(self, operation: Operation, base: Deal, stored: Deal) -> Deal:
        if stored.customer_record is None:
            base = base.beside(
                None
            )  # what was seen of a customer who is not there now cannot be changed
        if same_content(base, stored):
            return operation(stored)
        try:
            mine = operation(base)
        except DocumentError:
            return operation(stored)  # what it refuses on what was seen, what is there may allow
        new = mine.events.keys() - base.events.keys()
        if new and new <= stored.events.keys():
            return stored  # it was saved before, and what became of it since is for others to say
        try:
            return merged(base, mine, stored)
        except MergeFailed as error:
            raise Parked(stored.id, self.park(mine), error.code, error.params).of(
                self._deals.kind.name
            ) from error

    def park(self, deal: Deal) -> Path:
        """Keep a deal and its customer, as they are, as files that can be merged later; return the deal's. Raises SaveFailed."""
        from salescoach.store.care.parked import park

        customer = deal.customer_record
        if customer is not None:
            known = self.customer(customer.id)
            if known is None or not same_content(known, customer):
                park(self._customers.places.parked, customer)
        return park(self._deals.places.parked, deal.beside(None))


def problem_of(customers: DocumentStore[Customer], deal: Deal) -> StoreError | None:
    """Return why the deal's customer cannot be read with it; None where it can."""
    if deal.customer_record is not None or deal.customer_id is None:
        return None
    try:
        customers.read(deal.customer_id)
    except StoreError as error:
        return error
    return None


def _changed_customer(before: Deal, after: Deal) -> Customer | None:
    """Return the customer of `after` where it is another than that of `before`, or holds something else."""
    one, other = before.customer_record, after.customer_record
    if one is other or other is None:
        return None
    return None if one is not None and same_content(one, other) else other
