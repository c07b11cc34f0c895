"""What tests need of each kind of document: one made, changed and read back, whatever the kind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic

from salescoach.customer import identity as customer_identity
from salescoach.customer import notes as customer_notes
from salescoach.customer.models import Customer
from salescoach.deal import identity, notes
from salescoach.deal.models import Deal
from salescoach.document.kind import D, Kind
from salescoach.document.models import Document
from salescoach.document.stamp import Stamp
from salescoach.paths import Paths
from salescoach.store.documents import DocumentStore
from salescoach.workspace.deals import Deals
from salescoach.workspace.kinds import CUSTOMERS, DEALS
from tests.build import make_customer, make_deal, uid


@dataclass(frozen=True)
class Example(Generic[D]):
    """A kind of document, and what tests do to one."""

    kind: Kind[D]
    make: Callable[..., D]
    """Makes a new one: `label` gives its id, `name` its name."""
    rename: Callable[[D, Stamp, str], D]
    note: Callable[[D, Stamp, str], D]
    """Adds a note with this text."""

    def __str__(self) -> str:
        return self.kind.name

    def store(self, paths: Paths, saved: Any = None, **more: Any) -> DocumentStore[D]:
        """Return those below `paths`; the rest is given to the store as it is."""
        return DocumentStore(paths, self.kind, saved, **more)

    def notes(self, document: Any) -> list[str]:
        """Return the texts of its notes, in the order in which they were added."""
        return [note.text for note in document.notes.values()]


def bare_deal(**fields: Any) -> Deal:
    """Return a new deal as it is stored: apart from its customer."""
    return make_deal(**fields).beside(None)


def _customer(*, label: str = "customer", name: str = "华鼎数据", **fields: Any) -> Customer:
    return make_customer(name, **fields).model_copy(update={"id": uid(label)})


DEAL = Example(
    DEALS,
    bare_deal,
    lambda deal, stamp, name: identity.edit(deal, stamp, name=name),
    notes.add,
)
CUSTOMER = Example(
    CUSTOMERS,
    _customer,
    lambda customer, stamp, name: customer_identity.edit(customer, stamp, name=name),
    customer_notes.add,
)
EXAMPLES: tuple[Example[Any], ...] = (DEAL, CUSTOMER)


def example_of(document: Document) -> Example[Any]:
    """Return the example of a document's kind."""
    return next(one for one in EXAMPLES if isinstance(document, one.kind.model))


def new_in(store: DocumentStore[Any], **fields: Any) -> Any:
    """Return a new document of the kind that a store has."""
    return next(one for one in EXAMPLES if one.kind is store.kind).make(**fields)


def deal_store(paths: Paths, saved: Any = None, **more: Any) -> DocumentStore[Deal]:
    """Return the deals below `paths`; the rest is given to the store as it is."""
    return DEAL.store(paths, saved, **more)


def customer_store(paths: Paths, saved: Any = None, **more: Any) -> DocumentStore[Customer]:
    """Return the customers below `paths`; the rest is given to the store as it is."""
    return CUSTOMER.store(paths, saved, **more)


def joined_deals(paths: Paths) -> Deals:
    """Return the deals below `paths`, read and changed with their customers."""
    return Deals(deal_store(paths), customer_store(paths), paths.unfinished)
