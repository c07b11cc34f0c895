"""What the harness does with each kind of document; another kind is one more object here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Generic, Protocol

from salescoach.customer import notes as customer_notes
from salescoach.customer import people
from salescoach.customer.models import Customer
from salescoach.deal import actions, contacts, notes
from salescoach.deal.models import Deal
from salescoach.document.kind import D
from salescoach.paths import Paths, under
from salescoach.settings import Settings
from salescoach.workspace import Workspace
from tests.build import NOW, make_deal, stamp, uid
from tests.kinds import CUSTOMER, DEAL, Example

Joint = Callable[[Workspace, str, str], Deal]
"""Something done to the document with this id that another one takes part in; the text is used once."""


class Door(Protocol[D]):
    """The way by which the program changes documents of a kind."""

    def edit(self, key: str, operation: Callable[[D], D], /) -> D:
        """Apply an operation to a document and save it."""

    def undo(self, key: str, /) -> D:
        """Take back the latest act."""

    def redo(self, key: str, /) -> D:
        """Do again what was taken back."""


@dataclass(frozen=True)
class Tried(Generic[D]):
    """A kind of document as the harness tries it."""

    example: Example[D]
    door: Callable[[Workspace], Door[D]]
    create: Callable[[Workspace], D]
    """Makes and saves one as the program does."""
    full: Callable[[], D]
    """Makes one with something of everything in it."""
    long: str
    """A field that takes a text of thousands of characters; of a kind that has none a field that it does not know."""
    joint: Mapping[str, Joint] = field(default_factory=dict)
    """Acts by name that change another document too."""
    note: tuple[str, ...] = ()
    """The shell's words that add a note, before the id; empty where the shell has none."""
    merge: tuple[str, ...] = ()
    """Those that merge a file that somebody put in the place of another."""

    @property
    def name(self) -> str:
        """What one is called."""
        return self.example.kind.name

    def renamed(self, name: str) -> Callable[[D], D]:
        """Return the operation that gives one another name; the same doing for the same name."""
        return lambda document: self.example.rename(document, stamp(f"rename {name}"), name)

    def stored(self, paths: Paths, key: str) -> D:
        """Return a document as a program that has just started reads it."""
        return self.example.store(paths).read(key)

    def folder(self, paths: Paths) -> Path:
        """Return the folder that they are in."""
        return paths.places(self.example.kind.folder).folder

    def locks(self, paths: Paths) -> Path:
        """Return the folder of their locks."""
        return paths.places(self.example.kind.folder).locks

    def made(self, place: Path) -> D:
        """Make one below `place`, its index up to date."""
        workspace = Workspace(under(place), Settings(lang="en"), lang="en")
        document = self.create(workspace)
        workspace.settle()
        workspace.index.close()
        return document


class _Deals:
    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def edit(self, key: str, operation: Callable[[Deal], Deal], /) -> Deal:
        return self._workspace.edit(key, operation)

    def undo(self, key: str, /) -> Deal:
        return self._workspace.undo(key)

    def redo(self, key: str, /) -> Deal:
        return self._workspace.redo(key)


class _Customers:
    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def edit(self, key: str, operation: Callable[[Customer], Customer], /) -> Customer:
        return self._workspace.edit_customer(key, operation)

    def undo(self, key: str, /) -> Customer:
        return self._workspace.undo_customer(key)

    def redo(self, key: str, /) -> Customer:
        return self._workspace.redo_customer(key)


def _new_deal(workspace: Workspace) -> Deal:
    return workspace.create(name="CRM 升级", customer="华鼎数据")


def _new_customer(workspace: Workspace) -> Customer:
    return workspace.new_customer("华鼎数据")


def _full_deal() -> Deal:
    deal = make_deal(amount="1200000", currency="CNY")
    deal = contacts.add(deal, stamp("contact"), name="李工")
    deal = actions.add(deal, stamp("action"), text="约技术交流", due=NOW.date())
    return notes.add(deal, stamp("note"), "价格 \U0001f600 [/] `rm`").beside(None)


def _full_customer() -> Customer:
    customer = CUSTOMER.make(other_names=("HD",))
    customer = people.add(customer, stamp("person"), name="李工", phone="138 0000 0000")
    note = "价格 \U0001f600 [/] `rm`"
    return customer_notes.add(customer, stamp("note"), note, stamp("person").id)


def add_person(workspace: Workspace, key: str, text: str) -> Deal:
    """Add somebody of this name to a deal and to its customer."""
    stamp = workspace.stamp()
    return workspace.edit(key, lambda deal: contacts.add(deal, stamp, name=text))


def change_person(workspace: Workspace, key: str, text: str) -> Deal:
    """Give somebody another phone number and a role of that name, so that the two documents can be compared."""
    stamp = workspace.stamp()

    def change(deal: Deal) -> Deal:
        if not deal.contacts:
            return contacts.add(deal, stamp, name=text)
        mark = f"r{text[:8]}"
        return contacts.edit(deal, min(deal.contacts), stamp, phone=mark, roles=(mark,))

    return workspace.edit(key, change)


_JOINT: Final = {"a person added": add_person, "a person changed": change_person}
DEALS: Final = Tried(
    DEAL, _Deals, _new_deal, _full_deal, "status_reason", _JOINT, ("note",), ("merge",)
)
CUSTOMERS: Final = Tried(CUSTOMER, _Customers, _new_customer, _full_customer, "of_a_later_program")
TRIED: Final[tuple[Tried[Any], ...]] = (DEALS, CUSTOMERS)


def key_of(tried: Tried[Any], label: str = "") -> str:
    """Return the id of the document that `tried.example.make` makes for a label, or for none."""
    return uid(label or tried.name)
