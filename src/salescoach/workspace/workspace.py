"""The one door to everything: settings, playbook, deals, index and coach, each opened when it is first asked for."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, cast

from salescoach.settings import Settings, Warned, choose_lang, load_settings
from salescoach.words import Words
from salescoach.workspace.indexed import Unsettled
from salescoach.workspace.outside import WithOutside
from salescoach.workspace.told import Told

if TYPE_CHECKING:
    from pathlib import Path

    from salescoach.customer.models import Customer
    from salescoach.deal.models import Deal
    from salescoach.document.stamp import Stamp
    from salescoach.document.undo import Way
    from salescoach.paths import Paths
    from salescoach.store.care.outside import CameFromOutside
    from salescoach.store.care.sweep import Swept
    from salescoach.store.documents import DocumentStore
    from salescoach.store.errors import HalfSaved
    from salescoach.store.files.names import ConflictCopy
    from salescoach.store.reading import Version
    from salescoach.workspace.erasing import Report


def open_workspace(
    *,
    lang: str | None = None,
    playbook: Path | None = None,
    environ: Mapping[str, str] | None = None,
) -> Workspace:
    """Return the workspace that the environment and the user's settings ask for."""
    from salescoach.paths import find_paths

    environ = os.environ if environ is None else environ
    paths = find_paths(environ)
    settings, warnings = load_settings(paths.config_file, environ)
    return Workspace(
        paths, settings, playbook, lang=lang, environ=environ, setting_problems=warnings
    )


class Workspace(WithOutside, Told):
    """The user's deals with the playbook and the coach. Its methods may be called from any thread."""

    def __init__(
        self,
        paths: Paths,
        settings: Settings,
        playbook_path: Path | None = None,
        *,
        lang: str | None = None,
        environ: Mapping[str, str] | None = None,
        setting_problems: tuple[Warned, ...] = (),
        now: Callable[[], datetime] = lambda: datetime.now().astimezone(),
    ) -> None:
        self.paths = paths
        self.settings = settings
        self.setting_problems = setting_problems
        """What is wrong with the settings file, a line each."""
        self.playbook_path = playbook_path
        """The playbook that was asked for, if one was; without, the user's own or the packaged one is used."""
        self._now = now
        self._swept = False
        self._half: dict[str, HalfSaved] = {}
        """By document, what of this program's acts could only be saved in part."""
        self._looked_for_old = False
        self.upgrading: Callable[[], None] = self._upgrade
        """Brings deals of an earlier program to the form of this one, before the first change."""
        self._looked_for_id = False
        self._registered = False
        self._settling = threading.RLock()
        self._began = now()
        self._moments: set[datetime] = set()
        self.told_outside: Callable[[CameFromOutside[Any]], None] | None = None
        """Told of a file that somebody had put in the place of what was last saved here, from any thread."""
        self._unsettled: list[Unsettled] = []
        environ = os.environ if environ is None else environ
        self.words = Words(choose_lang(environ, asked=lang, setting=settings.lang))

    def is_first_start(self) -> bool:
        """Say whether the program is new here, and name and role can be asked for: nothing is known, and all can be kept."""
        paths, settings = self.paths, self.settings
        if settings.me or settings.user_id or self.setting_problems or paths.history.exists():
            return False
        with suppress(OSError):
            if any(True for _ in paths.deals.iterdir()):
                return False
        from salescoach.settings.user import can_be_written

        return can_be_written(paths.config_file) and self.store.writable()

    # One deal

    def read(self, deal_id: str) -> Deal:
        """Return a deal with its customer."""
        return self.deals.read(deal_id)

    def as_of(self, deal_id: str, moment: date) -> Deal | None:
        """Return a deal with its customer as both were at the end of a day; None before it was made. Raises NotTold."""
        return self.deals.as_of(deal_id, moment)

    def read_customer(self, customer_id: str) -> Customer:
        """Return a customer."""
        return self.customers.read(customer_id)

    def create(self, *, customer: Customer | str, stage: str | None = None, **fields: Any) -> Deal:
        """Make and save a new deal, under way at the stage with the key `stage`, or at the first one.

        A `customer` is one that is there, or the name of a new one. `fields` are those of `deal.identity.create`; currency
        and owner come from the settings when left out.
        """
        from salescoach.deal.identity import create
        from salescoach.deal.parts import PlaybookRef
        from salescoach.document.stamp import new_id

        self._sweep_once()
        stages = tuple(entry.key for entry in self.playbook.stages)
        values = {"currency": self.settings.currency, "owner": self.settings.me} | fields
        stamp = self.stamp()
        if isinstance(customer, str):
            customer = self.customer_named(customer) or self.made_customer(customer, stamp)
        deal = create(
            id=new_id(),
            customer=customer,
            playbook=PlaybookRef(id=self.playbook.id, version=self.playbook.version),
            stamp=stamp,
            stages=stages,
            open_stage=stage or stages[0],
            **values,
        )
        return self.deals.create(deal)

    def customer_named(self, name: str) -> Customer | None:
        """Return the customer who has this name, or is also known by it, however it is spaced and cased.

        One who has the name comes before one who is known by it.
        """
        from salescoach.deal.migrate import customer_id_of
        from salescoach.text import fold

        self.catch_up()
        wanted = fold(name)
        known: Customer | None = None
        for key in (*self.lists.customers.named(name), customer_id_of(name)):
            found = self.deals.customer(key)
            if found is not None and fold(found.name) == wanted:
                return found
            if found is not None and wanted in map(fold, found.other_names):
                known = known or found
        return known

    def made_customer(self, name: str, stamp: Stamp) -> Customer:
        """Return a new customer of this name, which is not saved yet."""
        from salescoach.customer.identity import create
        from salescoach.deal.migrate import customer_id_of

        # Two homes in which a customer of one name is made have one customer, unless the id went to another meanwhile.
        key = customer_id_of(name)
        taken = self.customers.sign(key) is not None
        return create(id=stamp.derive("id").id if taken else key, name=name, stamp=stamp)

    def at_customer(self, deal: Deal, name: str, stamp: Stamp) -> Deal:
        """Return the deal as one with the customer of this name.

        Where there is none yet, the customer of the deal gets the name if the deal is its only one; else a new one is made.
        """
        from salescoach.customer.identity import edit
        from salescoach.deal.identity import move

        if name == deal.customer:
            return deal
        customer, known = deal.customer_record, self.customer_named(name)
        if known is not None and (customer is None or known.id != customer.id):
            return move(deal, known, stamp)
        if customer is not None and (known is not None or self._is_alone(deal)):
            return deal.beside(edit(customer, stamp, deal=deal.id, name=name))
        return move(deal, self.made_customer(name, stamp.derive("new customer")), stamp)

    def _is_alone(self, deal: Deal) -> bool:
        """Say whether no other deal is one with the deal's customer."""
        from salescoach.workspace.lists.query import Where

        self.catch_up()
        others = self.lists.deals.cards(Where(customer=deal.customer_id or ""), brief=True)
        return all(card.id == deal.id for card in others)

    def add(self, deal: Deal) -> Deal:
        """Save a deal that was made elsewhere, such as a sample. Raises AlreadyThere for an id that is taken."""
        self._sweep_once()
        return self.deals.create(deal)

    def edit(
        self, deal_id: str, operation: Callable[[Deal], Deal], base: Deal | None = None
    ) -> Deal:
        """Apply `operation` to the deal as it is on the disk and save it durably; see DocumentStore.edit."""
        with self._writing(deal_id):
            return self.deals.edit(deal_id, operation, base)

    def merge_copy(self, copy: ConflictCopy) -> Deal | Customer:
        """Merge a conflict copy or a parked change into its document; see DocumentStore.merge_copy."""
        from salescoach.workspace.kinds import CUSTOMERS

        if copy.kind == CUSTOMERS.name:
            self._sweep_once()
            return self.customers.merge_copy(copy)
        with self._writing(copy.document):
            return self.deals.handed_over(self.store.merge_copy(copy))

    def preview_copy(self, copy: ConflictCopy) -> tuple[Deal | Customer | None, Deal | Customer]:
        """Return the document that is stored, if any, and what `merge_copy` would make of it; nothing is written."""
        from salescoach.workspace.kinds import CUSTOMERS

        if copy.kind == CUSTOMERS.name:
            return self.customers.preview_copy(copy)
        return self.store.preview_copy(copy)

    def park(self, deal: Deal) -> Path:
        """Keep a deal's unsaved state as a file that can be merged later, and return it. Raises SaveFailed."""
        return self.deals.park(deal)

    def copies(self) -> list[ConflictCopy]:
        """Return the conflict copies of sync services and the parked changes, all of which can be merged."""
        return [
            copy
            for store in (self.customers, self.store)
            for copy in (*store.conflict_copies(), *store.parked())
        ]

    def undo(self, deal_id: str, stamp: Stamp | None = None, act: str | None = None) -> Deal:
        """Take back the user's latest act in a deal, or that of the timeline's entry `act`; see DocumentStore.undo."""
        return self._travel(deal_id, "undo", stamp or self.stamp(), act)

    def redo(self, deal_id: str, stamp: Stamp | None = None, act: str | None = None) -> Deal:
        """Do again what the user took back last; see DocumentStore.redo."""
        return self._travel(deal_id, "redo", stamp or self.stamp(), act)

    def _travel(self, deal_id: str, way: Way, stamp: Stamp, act: str | None) -> Deal:
        from salescoach.document.undo import latest
        from salescoach.store.files.history import ACTS

        with self._writing(deal_id):
            deal = self.deals.read(deal_id)
            event = act or latest(deal.events, way, self.own, ACTS)
            customer = None
            if event is not None and deal.is_handed_over:
                customer = self.customer_acts.with_part(deal, event)
            if customer is not None:
                self.customer_acts.travel(customer, way, stamp, self.own, act, deal)
                return self.deals.read(deal_id)
            return self.deals.travel(deal_id, way, stamp, self.own, act)

    # One customer

    def current_customer(self, customer_id: str) -> Customer:
        """Return a customer, or the one that it was merged into."""
        return self.customer_acts.read(customer_id)

    def park_customer(self, customer: Customer) -> Path:
        """Keep a customer's unsaved state as a file that can be merged later, and return it. Raises SaveFailed."""
        from salescoach.store.care.parked import park

        return park(self.customers.places.parked, customer)

    def new_customer(self, name: str, other_names: Iterable[str] = ()) -> Customer:
        """Make and save a customer; one who has the name already comes back as it is."""
        from salescoach.customer.identity import edit

        self._sweep_once()
        if (known := self.customer_named(name)) is not None:
            return known
        stamp = self.stamp()
        customer = self.made_customer(name, stamp)
        if others := tuple(other_names):
            customer = edit(customer, stamp.derive("other names"), other_names=others)
        return self.customers.create(customer)

    def edit_customer(
        self,
        customer_id: str,
        operation: Callable[[Customer], Customer],
        base: Customer | None = None,
    ) -> Customer:
        """Apply `operation` to a customer as it is on the disk and save it durably; see DocumentStore.edit."""
        with self._writing(customer_id, self.customers):
            return self.customer_acts.edit(customer_id, operation, base)

    def undo_customer(
        self, customer_id: str, stamp: Stamp | None = None, act: str | None = None
    ) -> Customer:
        """Take back the user's latest act in a customer, with its part in other documents; see DocumentStore.undo."""
        with self._writing(customer_id, self.customers):
            acts, stamp = self.customer_acts, stamp or self.stamp()
            return acts.travel(customer_id, "undo", stamp, self.own, act)

    def redo_customer(
        self, customer_id: str, stamp: Stamp | None = None, act: str | None = None
    ) -> Customer:
        """Do again what the user took back last in a customer; see DocumentStore.redo."""
        with self._writing(customer_id, self.customers):
            acts, stamp = self.customer_acts, stamp or self.stamp()
            return acts.travel(customer_id, "redo", stamp, self.own, act)

    def merge_people(
        self, customer_id: str, kept: str, gone: str, stamp: Stamp | None = None
    ) -> Customer:
        """Make two people of a customer one, in all its deals too, as one act."""
        with self._writing(customer_id, self.customers):
            ladder = [rung.key for rung in self.playbook.tools.relationship.rungs]
            acts, stamp = self.customer_acts, stamp or self.stamp()
            return acts.merge_people(customer_id, kept, gone, stamp, ladder)

    def merge_customers(self, kept: str, gone: str, stamp: Stamp | None = None) -> Customer:
        """Make two customers one, and their deals those of the one that stays, as one act."""
        with self._writing(kept, self.customers):
            return self.customer_acts.merge_customers(kept, gone, stamp or self.stamp())

    def erase_person(self, customer_id: str, person_id: str) -> Report:
        """Erase a person from everything in the home, for good; see `workspace.erasing.erase`."""
        from salescoach.workspace.erasing import erase

        with self._writing(customer_id, self.customers):
            return erase(self, customer_id, person_id)

    def export_person(self, customer_id: str, person_id: str) -> dict[str, Any]:
        """Return everything that is held of a person as JSON; see `deal.exporting.export`. Raises NotThere."""
        from salescoach.deal.exporting import export

        customer = self.customer_acts.read(customer_id)
        deals = [self.deals.read(key) for key in self.deals_of(customer.id)]
        return export(customer, deals, person_id)

    def versions(self, deal_id: str) -> list[Version]:
        """Return the versions of a deal that are kept, latest first."""
        return self.store.versions(deal_id)

    # The folder

    def sweep(self) -> Swept:
        """Finish what a crash left half done and remove stale temporary files; damaged documents stay as they are."""
        from salescoach.store.care.sweep import Swept
        from salescoach.store.together import finish

        self._swept = True
        finish((self.store, self.customers), self.paths.unfinished)
        if os.path.isdir(self.paths.erasing):  # noqa: PTH112 - at every start
            from salescoach.workspace.erasing import finish as finish_erasing

            finish_erasing(self)
        swept = [store.sweep([]) for store in (self.store, self.customers)]
        return Swept((), sum(one.temporary for one in swept))

    @contextmanager
    def _writing(self, key: str, store: DocumentStore[Any] | None = None) -> Iterator[None]:
        """Where the deal, or the document of `store`, turns out to be damaged, set a copy of it aside before anybody mends it."""
        self._sweep_once()
        self._finish(key)
        try:
            yield
        except Exception as error:
            code = str(getattr(error, "code", ""))
            if code == "half-saved":
                self._half[key] = cast("HalfSaved", error)
            if code.startswith("damaged"):
                (store or self.store).sweep([key])
            raise

    def _finish(self, key: str) -> None:
        """Save what is left of acts that were half saved: one that is tried again would take itself for done."""
        if self._half:
            self.sweep()
            self._half = {one: half for one, half in self._half.items() if half.note.exists()}
            if key in self._half:
                raise self._half[key]

    def _sweep_once(self) -> None:
        self.keep_user_id()
        if not self._swept:
            self._swept = True
            self.sweep()
        if not self._looked_for_old:
            self._looked_for_old = True
            from salescoach.store.errors import StoreError
            from salescoach.workspace.upgrade_note import UpgradeNote, may_be_old

            # A folder that cannot be listed is told by what is written next.
            with suppress(StoreError):
                if not self.store.writable():
                    return
                if may_be_old(self.store):
                    self.upgrading()
                elif not self.store.ids():
                    UpgradeNote(self.paths).write(done=True)  # nothing is of an earlier program

    def _upgrade(self) -> None:
        from salescoach.workspace.upgrade import upgrade

        upgrade(self)
