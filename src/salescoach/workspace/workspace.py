"""The one door to everything: settings, playbook, deals, index and coach, each opened when it is first asked for."""

from __future__ import annotations

import atexit
import os
import threading
import weakref
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from salescoach.settings import Settings, Warned, choose_lang, load_settings
from salescoach.words import Words

if TYPE_CHECKING:
    from pathlib import Path

    from salescoach.customer.models import Customer
    from salescoach.deal.days.question import Reading
    from salescoach.deal.doubts import Doubt
    from salescoach.deal.models import Deal
    from salescoach.deal.workdays import Workdays
    from salescoach.document.models import Event
    from salescoach.document.stamp import Stamp
    from salescoach.paths import Paths
    from salescoach.playbook.compare import Concern
    from salescoach.playbook.errors import Problem
    from salescoach.playbook.models import Playbook
    from salescoach.store.cards import Card, Counts, Due
    from salescoach.store.documents import DocumentStore, Version
    from salescoach.store.files import Save
    from salescoach.store.index.cache import Index
    from salescoach.store.names import ConflictCopy
    from salescoach.store.outside import CameFromOutside
    from salescoach.store.people import Person
    from salescoach.store.query import Where
    from salescoach.store.sweep import Swept
    from salescoach.workspace.deals import Deals

_TABS = {"deals": ("open",), "nurture": ("nurture",), "closed": ("won", "lost")}
_FEW = 1000
"""Deals of which every file is looked at before a list is told: a few milliseconds."""
_UNSETTLED = 32
"""Saves whose index rows may wait."""


class Listing(NamedTuple):
    """A list of deals that is read a page at a time: `page(offset, limit)`."""

    total: int
    page: Callable[[int, int], Sequence[Card]]


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


class Workspace:
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
        self._looked_for_id = False
        self._registered = False
        self._settling = threading.RLock()
        self._began = now()
        self._moments: set[datetime] = set()
        self.told_outside: Callable[[CameFromOutside[Any]], None] | None = None
        """Told of a file that somebody had put in the place of what was last saved here, from any thread."""
        self._unsettled: list[tuple[Deal, Save]] = []
        environ = os.environ if environ is None else environ
        self.words = Words(choose_lang(environ, asked=lang, setting=settings.lang))

    # What everything rests on

    @cached_property
    def playbook_folder(self) -> Path:
        """The folder the playbook is looked for in."""
        from salescoach.playbook.load import find

        return find(self.playbook_path, self.paths.playbook)

    @property
    def playbook(self) -> Playbook:
        """The method as data: the packaged one when there are mistakes in the one found."""
        return self._loaded[0]

    @property
    def playbook_problems(self) -> tuple[Problem, ...]:
        """The mistakes because of which the packaged playbook is used."""
        if "_loaded" not in self.__dict__:
            from salescoach.playbook.cache import is_cached

            if is_cached(self.playbook_folder, self.paths.cache):
                return ()  # told without the models, which nothing on Home needs
        return self._loaded[1]

    @cached_property
    def playbook_concerns(self) -> tuple[Concern, ...]:
        """What there is to look at in a playbook of one's own, beside the packaged one that it was made from."""
        from salescoach.playbook.load import packaged

        if self.playbook_folder == packaged() or self.playbook_problems:
            return ()
        from salescoach.playbook.cache import load_cached
        from salescoach.playbook.compare import concerns

        return concerns(self.playbook, load_cached(packaged(), self.paths.cache), self.words)

    @cached_property
    def _loaded(self) -> tuple[Playbook, tuple[Problem, ...]]:
        from salescoach.playbook.cache import load_cached
        from salescoach.playbook.errors import PlaybookInvalid
        from salescoach.playbook.load import packaged

        try:
            return load_cached(self.playbook_folder, self.paths.cache), ()
        except PlaybookInvalid as error:
            if self.playbook_folder == packaged():
                raise
            return load_cached(packaged(), self.paths.cache), error.errors

    @cached_property
    def store(self) -> DocumentStore[Deal]:
        """The deals on disk. Change them through the workspace, which keeps the index true."""
        from salescoach.store.documents import DocumentStore
        from salescoach.workspace.kinds import DEALS

        return DocumentStore(self.paths, DEALS, self._saved, told=self._outside, stamp=self.stamp)

    @cached_property
    def customers(self) -> DocumentStore[Customer]:
        """The customers on disk."""
        from salescoach.store.documents import DocumentStore
        from salescoach.workspace.kinds import CUSTOMERS

        return DocumentStore(self.paths, CUSTOMERS, told=self._outside, stamp=self.stamp)

    @cached_property
    def deals(self) -> Deals:
        """The deals with their customers, which are read and changed together."""
        from salescoach.workspace.deals import Deals

        return Deals(self.store, self.customers, self.paths.unfinished)

    @property
    def index(self) -> Index:
        """The index over the deals, with all that was saved through this workspace."""
        self.settle()
        return self._index

    @cached_property
    def _index(self) -> Index:
        from salescoach.store.index.cache import Index

        path = self.paths.index_file
        if self.playbook_path is not None:
            # A playbook tried out must not make the index of the usual one anew, twice.
            from zlib import crc32

            mark = crc32(os.fsencode(os.path.realpath(self.playbook_path)))
            path = path.with_name(f"{path.stem}-{mark:08x}.sqlite")
        return Index(path)

    @cached_property
    def fingerprint(self) -> str:
        """Stands for the program, the playbook's files and the limits that are set: what is told of a deal changes with it."""
        from salescoach import __version__
        from salescoach.playbook.load import mark

        return f"{__version__} {mark(self.playbook_folder):08x} {self.settings.stalled_days}"

    def now(self) -> datetime:
        """Return the moment, with its offset."""
        return self._now()

    def today(self) -> date:
        """Return the day."""
        return self._now().date()

    @cached_property
    def workdays(self) -> Workdays:
        """Which days are worked. Raises InvalidValue for mistakes in the user's own file."""
        from salescoach.store.workdays import load_workdays

        return load_workdays(self.paths.workdays)

    def read_day(self, text: str, *, past: bool = False) -> Reading:
        """Return the day that `text` means today; `past` leans back. Raises InvalidValue as `deal.days.read` does."""
        from salescoach.deal.days.read import read_day

        return read_day(text, self.today(), past=past, workdays=lambda: self.workdays)

    def stamp(self) -> Stamp:
        """Return the stamp of something the user does at this moment."""
        from salescoach.document.stamp import Stamp

        moment = self._now()
        self._moments.add(moment)
        settings = self.settings
        return Stamp(moment, settings.me, settings.role, by_id=settings.user_id)

    def own(self, event: Event) -> bool:
        """Say whether an entry of a timeline is the user's own: made here, or by him before this run.

        By him is what has his id, under whatever name, and of entries without an id what has his name or none. What is
        made here counts under any name, such as that of the coach who judges at the rep's desk; what a program beside
        this one makes does not. Bringing a copy from elsewhere into a deal is nobody's own act.
        """
        if event.what == "merged":
            return False
        if self.made_here(event):
            return True
        settings = self.settings
        his = event.by_id == settings.user_id if event.by_id else event.by in {"", settings.me}
        return his and event.at < self._began

    def keep_user_id(self) -> None:
        """See to it that the user has an id, before anything is written; without settings that take it he has none."""
        if self.settings.user_id or self._looked_for_id:
            return
        self._looked_for_id = True
        from salescoach.settings.user import keep_user_id

        paths = self.paths
        found = keep_user_id(paths.config_file, paths.settings_lock, self.words)
        self.settings = self.settings._replace(user_id=found)

    def use_language(self, lang: str) -> Words:
        """Speak `lang` and return its words."""
        self.words = Words("zh" if lang == "zh" else "en")
        return self.words

    def remember(self, key: str, value: object) -> None:
        """Keep a setting in the user's file. Raises SettingRefused, or OSError when it cannot be written."""
        from salescoach.settings import set_setting

        paths = self.paths
        set_setting(paths.config_file, key, value, self.words, lock=paths.settings_lock)
        changes: dict[str, Any] = {key: value}
        self.settings = self.settings._replace(**changes)

    # One deal

    def read(self, deal_id: str) -> Deal:
        """Return a deal with its customer."""
        return self.deals.read(deal_id)

    def read_customer(self, customer_id: str) -> Customer:
        """Return a customer."""
        return self.customers.read(customer_id)

    def create(self, *, customer: Customer | str, stage: str | None = None, **fields: Any) -> Deal:
        """Make and save a new deal, under way at the stage with the key `stage`, or at the first one.

        A `customer` is one that is there, or the name of a new one. `fields` are those of `deal.identity.create`; currency
        and owner come from the settings when left out.
        """
        from salescoach.deal.identity import create
        from salescoach.deal.models import PlaybookRef
        from salescoach.document.stamp import new_id

        self._sweep_once()
        stages = tuple(entry.key for entry in self.playbook.stages)
        values = {"currency": self.settings.currency, "owner": self.settings.me} | fields
        stamp = self.stamp()
        if isinstance(customer, str):
            customer = self.customer_named(customer) or self._new_customer(customer, stamp)
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
        """Return the customer who has this name, or is also known by it, however it is spaced and cased."""
        from salescoach.deal.migrate import customer_id_of
        from salescoach.text import fold

        found = self.deals.customer(customer_id_of(name))
        names = () if found is None else (found.name, *found.other_names)
        return found if fold(name) in map(fold, names) else None

    def _new_customer(self, name: str, stamp: Stamp) -> Customer:
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
            return deal.beside(edit(customer, stamp, name=name))
        return move(deal, self._new_customer(name, stamp.derive("new customer")), stamp)

    def _is_alone(self, deal: Deal) -> bool:
        """Say whether no other deal is one with the deal's customer."""
        from salescoach.text import fold

        wanted = fold(deal.customer)
        return not any(
            fold(customer) == wanted and key != deal.id for key, _, customer in self.index.names()
        )

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

    def merge_copy(self, copy: ConflictCopy) -> Deal:
        """Merge a conflict copy or a parked change into its deal; see DocumentStore.merge_copy."""
        with self._writing(copy.document):
            return self.store.merge_copy(copy)

    def park(self, deal: Deal) -> Path:
        """Keep a deal's unsaved state as a file that can be merged later, and return it. Raises SaveFailed."""
        return self.deals.park(deal)

    def copies(self) -> list[ConflictCopy]:
        """Return the conflict copies of sync services and the parked changes, all of which can be merged."""
        return [*self.store.conflict_copies(), *self.store.parked()]

    def undo(self, deal_id: str, stamp: Stamp | None = None, act: str | None = None) -> Deal:
        """Take back the user's latest act in a deal, or that of the timeline's entry `act`; see DocumentStore.undo."""
        with self._writing(deal_id):
            return self.deals.travel(deal_id, "undo", stamp or self.stamp(), self.own, act)

    def redo(self, deal_id: str, stamp: Stamp | None = None, act: str | None = None) -> Deal:
        """Do again what the user took back last; see DocumentStore.redo."""
        with self._writing(deal_id):
            return self.deals.travel(deal_id, "redo", stamp or self.stamp(), self.own, act)

    def made_here(self, event: Event) -> bool:
        """Say whether an entry of a timeline was made by this run of the program."""
        return event.at in self._moments

    def bring_together(self, deal: Deal) -> bool:
        """Merge a file that somebody put in the place of what was last saved here; say whether `deal` was such a one."""
        customer = deal.customer_record
        found = self.store.bring_together(deal.beside(None)) is not None
        return (
            customer is not None and self.customers.bring_together(customer) is not None
        ) or found

    def bring_all_together(self) -> int:
        """Do so for every deal whose file was touched after this program saved it; return how many there were."""
        from salescoach.store.errors import StoreError
        from salescoach.store.saved import replaced, touched

        found = 0
        for key in touched(self.paths, self.store.ids()):
            if replaced(self.store.path(key), self.paths.saved, key):
                with suppress(StoreError):
                    found += self.bring_together(self.read(key))
        return found

    def outside_text(self, found: CameFromOutside[Any]) -> str:
        """Return one line that tells what became of such a file."""
        name, kept, came = found.document.name, len(found.kept), len(found.came_in)
        if found.parked is not None:
            return self.words("storage.outside-parked", name=name, path=found.parked)
        if not found.changed:
            return self.words("storage.outside-older", name=name, kept=kept)
        told = self.words("storage.outside-merged", name=name, kept=kept, came=came)
        count = len(found.document.conflicts)
        return self.words("storage.outside-conflicts", told=told, count=count) if count else told

    def _outside(self, found: CameFromOutside[Any]) -> None:
        if self.told_outside is not None:
            self.told_outside(found)

    def versions(self, deal_id: str) -> list[Version]:
        """Return the versions of a deal that are kept, latest first."""
        return self.store.versions(deal_id)

    def resolve(self, asked: str) -> str:
        """Return the id of the deal that `asked` means: an id, a unique prefix of one, or an unambiguous name.

        Raises Ambiguous, or NotFound with the nearest names.
        """
        from salescoach.store.names import is_id
        from salescoach.store.resolve import resolve

        wanted = asked.strip().lower()
        if is_id(wanted) and os.path.lexists(self.store.path(wanted)):
            return wanted
        self.catch_up()
        return resolve(self.index, asked)

    # Many deals, from the index; none of these reads a deal

    def cards(self) -> list[Card]:
        """Return every deal, archived ones included, after a look whether the index is behind.

        They come in no order and without what the coach says.
        """
        self.catch_up()
        return self.index.cards(sort="none", brief=True)

    def listing(
        self, *, tab: str, text: str = "", sort: str = "next", stalled: bool = False
    ) -> Listing:
        """Return the deals of a tab (`deals`, `nurture`, `closed`) that `text` finds; best matches first, or sorted.

        With `stalled` only those in which nothing has happened for as long as the settings say.
        """
        from salescoach.store.query import Where

        day = self.today().isoformat() if stalled else ""
        where: Where = Where(status=_TABS[tab], archived=False, text=text, stalled_on=day)
        index = self.index
        return Listing(
            index.count(where),
            lambda offset, limit: index.cards(where, sort=sort, limit=limit, offset=offset),
        )

    def found(self, text: str, limit: int) -> list[Card]:
        """Return the deals that `text` finds, closed and archived ones included, best matches first."""
        return self.index.search(text, limit)

    def people(self, text: str, limit: int) -> list[Person]:
        """Return the people of all deals in whose name or title every word of `text` is found."""
        return self.index.people(text, limit)

    def same_deals(self, name: str, customer: str, but: str = "") -> list[Doubt]:
        """Return a doubt for another deal, archived ones included, of this name and customer; `but` is the deal itself."""
        from salescoach.deal.doubts import Doubt
        from salescoach.text import fold

        for key in self.index.named(name, customer):
            if key != but:
                told = {"name": fold(name), "customer": fold(customer), "id": key[:8]}
                return [Doubt("name", "same-deal", told)]
        return []

    def card(self, deal_id: str) -> Card | None:
        """Return one deal's card."""
        return self.index.get(deal_id)

    def due(self, until: date, limit: int = -1) -> list[Due]:
        """Return the open actions due until that day, earliest first."""
        return self.index.due(until.isoformat(), limit)

    def idle_cards(self, limit: int = -1) -> list[Card]:
        """Return open deals without a next step."""
        return self.index.idle(limit)

    def revisit_cards(self, limit: int = -1) -> list[Card]:
        """Return the deals in nurture whose day to look again has come, the earliest first."""
        return self.index.revisit(self.today().isoformat(), limit)

    def won_cards(self, limit: int = -1) -> list[Card]:
        """Return the deals that are won and not served and paid yet, by their next step."""
        return self.index.won(limit)

    def counts(self) -> Counts:
        """Return how many there are of everything that Home counts."""
        return self.index.counts(self.today().isoformat())

    def has_deals(self) -> bool:
        """Say whether there is any deal, archived and damaged ones included."""
        return bool(self.index.cards(limit=1, sort="none", brief=True))

    def stage_names(self) -> list[str]:
        """Return the names of the stages in order, from the index where it has them."""
        stages = self.index.stages() or self._stages()
        return [zh if self.words.lang == "zh" else en for _, zh, en in stages]

    # Keeping the index and the folder in order

    def catch_up(self) -> None:
        """Refresh the index if one look at the folder says that it may be behind, also when it fails a reader later."""
        self.index.refill = self.refresh
        # A file edited in place does not show in its folder; where there are few, each is looked at.
        if self.behind() or self.index.count() <= _FEW:
            self.refresh()

    def glance(self) -> tuple[int, int]:
        """Return the folder's time and the index's version: other ones when anybody changed a deal."""
        from salescoach.store.files import mtime

        return mtime(self.paths.deals), self._index.version()

    def behind(self) -> bool:
        """Say, with one look at the folder and the playbook, whether the index is behind."""
        return self.index.behind(self.paths.deals, self.fingerprint)

    def rows_lacking(self) -> int:
        """Return how many deals have no row in the index, or one made under another program or playbook."""
        return max(0, len(self.store.ids()) - self.index.made_under(self.fingerprint))

    def refresh(
        self,
        progress: Callable[[int, int], None] | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> int:
        """Bring the index up to date with every file, and return how many deals were changed, new or gone."""
        from salescoach.store.index.refresh import refresh

        done = refresh(
            self.index,
            self.store,
            self._summary,
            fingerprint=self.fingerprint,
            stages=self._stages,
            progress=progress,
            cancelled=cancelled,
        )
        return done.changed + done.gone

    def sweep(self) -> Swept:
        """Finish what a crash left half done and remove stale temporary files; damaged documents stay as they are."""
        from salescoach.store.together import finish

        self._swept = True
        finish((self.store, self.customers), self.paths.unfinished)
        return self.store.sweep([])

    def banners(self) -> list[str]:
        """Return what the user should know about the folder and the playbook, a sentence each."""
        found: list[str] = [str(problem) for problem in self.setting_problems]
        if not self.store.writable():
            found.append(self.words("storage.banner-read-only", path=self.paths.deals))
        if self.playbook_problems:
            count = len(self.playbook_problems)
            path = self.playbook_folder
            found.append(self.words("storage.banner-playbook", path=path, count=count))
        concerns = self.playbook_concerns
        if gone := [each.params["name"] for each in concerns if each.is_gone]:
            found.append(self.words("storage.banner-playbook-gone", names=", ".join(gone)))
        if others := sum(not each.is_gone for each in concerns):
            found.append(self.words("storage.banner-playbook-look", count=others))
        if damaged := len(self.index.problems()):
            found.append(self.words("storage.banner-damaged", count=damaged))
        # One whose deal was put back is only kept.
        aside = sum(
            not os.path.lexists(self.store.path(one.document)) for one in self.store.quarantined()
        )
        if aside:
            path = self.paths.quarantine
            found.append(self.words("storage.banner-set-aside", count=aside, path=path))
        copies = len(self.store.conflict_copies())
        if copies:
            found.append(self.words("storage.banner-copies", count=copies))
        parked = len(self.store.parked())
        if parked:
            found.append(self.words("storage.banner-parked", count=parked))
        return found

    def explain(self, error: Exception, words: Words | None = None) -> str:
        """Return what an error of the workspace's parts means, with its mend, as one line."""
        from salescoach.explain import explain

        return explain(error, words or self.words, self.__dict__.get("_loaded", (None,))[0])

    @contextmanager
    def _writing(self, deal_id: str) -> Iterator[None]:
        """Where the deal turns out to be damaged, set a copy of it aside before anybody mends it."""
        self._sweep_once()
        try:
            yield
        except Exception as error:
            if str(getattr(error, "code", "")).startswith("damaged"):
                self.store.sweep([deal_id])
            raise

    def _sweep_once(self) -> None:
        self.keep_user_id()
        if not self._swept:
            self._swept = True
            self.sweep()

    def settle(self) -> None:
        """Write the index rows of what was saved. It happens by itself when the index is used or the program ends."""
        with self._settling:
            while self._unsettled:
                deal, save = self._unsettled.pop(0)
                self._index.put(deal, self._told(deal), save, self.fingerprint)

    def _saved(self, deal: Deal, save: Save) -> None:
        # Judging the deal for its row takes longer than saving it, and nobody has to wait for that: the row can be
        # made from the file at any time.
        if not self._registered:
            self._registered = True
            atexit.register(_settle, weakref.ref(self))
        with self._settling:
            last = self._unsettled[-1] if self._unsettled else None
            if last and last[0].id == deal.id and last[1].folder_after == save.folder_before:
                # Only the newest of a deal's saves makes a row, and nobody else came between the two.
                save = save._replace(folder_before=last[1].folder_before)
                self._unsettled.pop()
            self._unsettled.append((deal, save))
        if len(self._unsettled) > _UNSETTLED:
            self.settle()

    def _told(self, deal: Deal) -> dict[str, Any]:
        with suppress(Exception):  # a deal that the coach cannot judge is listed all the same
            return self._summary(deal)
        return {}

    def _summary(self, deal: Deal) -> dict[str, Any]:
        from salescoach.coach.summary import summarise

        return summarise(self.playbook, deal, self.settings.stalled_days)

    def _stages(self) -> list[tuple[str, str, str]]:
        return [(stage.key, stage.name.zh, stage.name.en) for stage in self.playbook.stages]


def _settle(reference: weakref.ref[Workspace]) -> None:
    workspace = reference()
    if workspace is not None and workspace.paths.deals.is_dir():
        workspace.settle()
