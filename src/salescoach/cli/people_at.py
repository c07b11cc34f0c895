"""Where people are: in a deal as its stakeholders, or at a customer; both are read and changed alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from salescoach.cli.context import Context
    from salescoach.customer.models import Customer, Person
    from salescoach.deal.models import Deal
    from salescoach.document.stamp import Stamp

    Document = Deal | Customer


class PeopleAt:
    """The people of the deal, or else of the customer, that `asked` means.

    Raises NotFound or Ambiguous where it means neither.
    """

    def __init__(self, context: Context, asked: str) -> None:
        from salescoach.store.errors import Ambiguous, NotFound

        self._context = context
        self.asked = asked
        self.deal_id: str | None = None
        self.customer_id = ""
        try:
            self.deal_id = context.deal_id(asked)
        except (NotFound, Ambiguous) as error:
            # A customer's name stands for the customer where it has no deal, or several.
            try:
                self.customer_id = context.customer_id(asked)
            except NotFound:
                raise error from None

    @property
    def operations(self) -> Any:
        """The module whose operations change these people."""
        if self.deal_id is not None:
            from salescoach.deal import contacts

            return contacts
        from salescoach.customer import people

        return people

    def read(self) -> Document:
        """Return the deal or the customer."""
        if self.deal_id is not None:
            return self._context.read(self.deal_id)
        return self._context.read_customer(self.customer_id)

    def edit(self, operation: Callable[[Any, Stamp], Any]) -> Document:
        """Change the deal or the customer, and return it."""
        if self.deal_id is not None:
            return self._context.edit(self.deal_id, operation)
        return self._context.edit_customer(self.customer_id, operation)


def people_of(document: Document) -> list[tuple[str, Person]]:
    """Return the people of a deal or a customer with their ids, those who left last."""
    from salescoach.customer.models import Customer
    from salescoach.customer.people import ordered as of_customer
    from salescoach.deal.contacts import ordered as of_deal

    if isinstance(document, Customer):
        return sorted(of_customer(document), key=lambda one: one[1].left)
    return list(of_deal(document))


def find_person(context: Context, document: Document, asked: str) -> str:
    """Return the id of the person that an id, a prefix, a name, another name or a number in the list means. Raises Failure."""
    from salescoach.cli.context import Failure
    from salescoach.cli.pick import pick_id
    from salescoach.text import fold

    people = people_of(document)
    try:
        return pick_id(context.words, "contact", asked, {key: one.name for key, one in people})
    except Failure:
        wanted = fold(asked)
        found = [key for key, one in people if wanted in map(fold, one.other_names)]
        if len(found) != 1:
            raise
        return found[0]
