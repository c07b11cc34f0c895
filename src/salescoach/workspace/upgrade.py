"""Brings a home of an earlier program to the form of this one, once: a backup first, then customer by customer.

A customer's people are on the disk before any deal lets go of them, and handing over again what was handed over changes
nothing. So whatever ends it in between leaves a home that is read as ever, and the next run goes on.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from salescoach.customer.names import folded
from salescoach.deal.upgrade import HandedOver, hand_over
from salescoach.store.errors import (
    Damaged,
    Locked,
    NewerSchema,
    NotFound,
    StoreError,
    Unreadable,
    save_failed,
)
from salescoach.store.files.atomic import make_folder
from salescoach.store.files.codec import MAX_BYTES
from salescoach.store.files.locks import Held, locked
from salescoach.store.many import Change, save_many
from salescoach.workspace.upgrade_note import SCHEMA, UpgradeNote

if TYPE_CHECKING:
    from salescoach.customer.models import Customer
    from salescoach.deal.models import Deal
    from salescoach.store.files.atomic import Sign
    from salescoach.words import Words
    from salescoach.workspace.indexed import Indexed
    from salescoach.workspace.workspace import Workspace

Progress = Callable[[str, int, int], None]
"""Told what is being done (`backup`, `upgrade`), and how many deals of how many are done."""

_BATCH = 100
"""Deals that are saved together: so many files are open at once, and so much is done again after a crash."""
_LARGEST = 1000
"""Deals of one customer that are handed over at once."""
_SCHEMA = re.compile(rb'^\xef?\xbb?\xbf?\{\s*"schema": (\d{1,9}),?\s')
_CUSTOMER = re.compile(rb'\n  "customer": ("(?:[^"\\\n]|\\.)*")')
_HEAD = 64
_LOOK = 0.5
"""Seconds between two looks at another program that is upgrading the home."""


@dataclass(slots=True)
class Upgraded:
    """What an upgrade did."""

    deals: int = 0
    """Deals that have the new form now and had not before."""
    customers: int = 0
    backup: Path | None = None
    """Where everything is as it was before."""
    left: list[tuple[str, StoreError]] = field(default_factory=list)
    """Deals that stay as they are, with the reason."""
    complete: bool = True
    """False when it was cancelled: the next run goes on."""


def old_deals(workspace: Indexed) -> list[list[str]]:
    """Return the deals whose files an earlier program wrote, those of one customer together.

    It looks at the start of every file, and reads those of an earlier program.
    """
    found: dict[str, list[str]] = {}
    for key in workspace.store.ids():
        customer = _customer_in(workspace.store.path(key))
        if customer is not None:
            found.setdefault(customer, []).append(key)
    return [keys for _, keys in sorted(found.items())]


def upgrade(
    workspace: Workspace,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Upgraded:
    """Bring the whole home to the form of this program; where it has that already, only say so in the state folder.

    Another program that is at it is waited for (`progress` is told `waiting`). Raises StoreError for what the disk refuses;
    what was done until then counts.
    """
    work = _Upgrading(
        workspace, progress or (lambda _what, _done, _total: None), cancelled or (lambda: False)
    )
    with work.alone() as mine:
        return work.run() if mine else Upgraded(complete=False)


def told(words: Words, done: Upgraded, explain: Callable[[Exception], str]) -> list[str]:
    """Return what an upgrade did, a sentence each; nothing for one that had nothing to do."""
    found = []
    if done.deals:
        found.append(
            words("upgrade.done", deals=done.deals, customers=done.customers, path=done.backup)
        )
    if done.left:
        reason = explain(done.left[0][1])
        found.append(words("upgrade.left", count=len(done.left), reason=reason))
    if not done.complete:
        found.append(words("upgrade.cancelled"))
    return found


class _Upgrading:
    """One upgrade under way."""

    def __init__(
        self, workspace: Workspace, progress: Progress, cancelled: Callable[[], bool]
    ) -> None:
        self.workspace = workspace
        self.progress = progress
        self.cancelled = cancelled
        self.note = UpgradeNote(workspace.paths)
        self.done = Upgraded()
        self.rules = workspace.hand_over_rules()
        self._saving: Future[None] | None = None
        self._saving_of: set[str] = set()
        """The customers whose people are being saved."""

    @contextmanager
    def alone(self) -> Iterator[bool]:
        """Keep other programs from upgrading the home; yields False when it was cancelled while one of them was at it."""
        path = self.workspace.paths.locks / "upgrade.lock"
        while True:
            try:
                with locked(path, _LOOK):
                    yield True
                    return
            except Held:
                self.progress("waiting", 0, 0)
                if self.cancelled():
                    break
            except OSError as error:
                raise save_failed(path, error) from error
        yield False

    def run(self) -> Upgraded:
        """Do what is still to be done."""
        if self.note.is_done():
            return self.done
        note = self.note.read()
        old = old_deals(self.workspace)
        if not old:
            with suppress(StoreError):  # the next start looks again
                self.note.write(done=True, backup=note.get("backup"))
            return self.done
        self._back_up(None if note.get("done") else note.get("backup"))
        if self.done.complete:
            self._all(old)
        if self.done.complete:
            # What somebody else holds is for the next start; what is damaged, until it is mended.
            held = any(isinstance(error, Locked | Unreadable) for _, error in self.done.left)
            self.note.write(done=not held, backup=str(self.done.backup))
        return self.done

    def _back_up(self, known: object) -> None:
        """Make the backup, unless an upgrade that was begun before made it.

        It has its name in the note before it is there, and is there only once it is whole: there is one, whenever it ends.
        """
        folder = self.workspace.paths.state / "backups"
        target = Path(known) if isinstance(known, str) else self._free_name(folder)
        if target.parent != folder or target.suffix != ".zip":  # the note is of another place
            target = self._free_name(folder)
        self.done.backup = target
        if target.is_file():
            return
        self.note.write(done=False, backup=str(target))
        try:
            self._make_backup(target)
        except _Cancelled:
            self.done.backup, self.done.complete = None, False

    def _make_backup(self, target: Path) -> None:
        from salescoach.store.care.backup import make_backup

        def told(done: int, total: int) -> None:
            if self.cancelled():
                raise _Cancelled
            self.progress("backup", done, total)

        try:
            make_folder(target.parent)
        except OSError as error:
            raise save_failed(target.parent, error) from error
        now = self.workspace.now()
        make_backup(self.workspace.stores, target, now=now, replace=True, progress=told)

    def _free_name(self, folder: Path) -> Path:
        stem = f"before-upgrade-{self.workspace.today()}"
        names = (f"{stem}{again}.zip" for again in ("", *(f"-{at}" for at in range(2, 10_000))))
        return next(folder / name for name in names if not (folder / name).exists())

    def _all(self, groups: Sequence[Sequence[str]]) -> None:
        total, done = sum(map(len, groups)), 0
        with ThreadPoolExecutor(1) as saver:
            for keys in _batches(groups):
                self.progress("upgrade", done, total)
                if self.cancelled():
                    self.done.complete = False
                    break
                made = self._handed_over(keys)
                self._saved()
                # While it waits for the disk the next ones are read.
                self._saving = saver.submit(self._save, made)
                self._saving_of = {handed.customer.id for _, handed in made}
                done += len(keys)
            self._saved()
        if self.done.complete:
            self.progress("upgrade", total, total)

    def _saved(self) -> None:
        """Wait until what was handed over last is saved. Raises what saving it raises."""
        if self._saving is not None:
            saving, self._saving = self._saving, None
            saving.result()

    def _handed_over(self, keys: Sequence[str]) -> list[tuple[_Group, HandedOver]]:
        """Return what becomes of these deals and their customers; nothing of it is saved."""
        groups: dict[str, _Group] = {}
        for key in keys:
            with self._telling([key]):
                deal, sign = self.workspace.store.read_signed(key)
                if deal.customer_key in self._saving_of:
                    self._saved()
                known = self._customer(deal)
                name = known[0].id if known else deal.customer_key
                groups.setdefault(name, _Group(known, [], [])).add(deal, sign)
        made = []
        for group in groups.values():
            with self._telling(group.ids()):
                made.append((group, hand_over(group.customer(), group.deals, self.rules)))
        return made

    def _save(self, made: Sequence[tuple[_Group, HandedOver]]) -> None:
        """Save what was handed over, customers first; what somebody else is changing is handed over again by itself."""
        left = self._save_customers(made)
        changes = [
            Change(deal, sign, after)
            for group, handed in made
            if handed.customer.id not in left
            for deal, sign, after in zip(group.deals, group.signs, handed.deals, strict=True)
        ]
        singly = [
            key for group, handed in made if handed.customer.id in left for key in group.ids()
        ]
        for start in range(0, len(changes), _BATCH):
            part = changes[start : start + _BATCH]
            alone = save_many(self.workspace.store, part)
            singly += alone
            self.done.deals += len(part) - len(alone)
        for key in singly:
            with self._telling([key]):
                self.workspace.deals.hand_over(key)
                self.done.deals += 1

    def _customer(self, deal: Deal) -> tuple[Customer, Sign] | None:
        """Return the customer of a deal with the sign of its file, None where there is none yet. Raises StoreError."""
        key, seen = deal.customer_key, set[str]()
        while key not in seen and self.workspace.customers.sign(key) is not None:
            seen.add(key)
            found = self.workspace.customers.read_signed(key)
            if found[0].merged_into is None:
                return found
            key = found[0].merged_into
        return None

    def _save_customers(self, made: Sequence[tuple[_Group, HandedOver]]) -> set[str]:
        """Save the customers that have changed; return those that somebody else was changing."""
        changes = [
            Change(group.customer(), group.known[1] if group.known else None, handed.customer)
            for group, handed in made
            if handed.customer is not group.customer()
        ]
        left = set(save_many(self.workspace.customers, changes))
        self.done.customers += len(changes) - len(left)
        return left

    @contextmanager
    def _telling(self, keys: Sequence[str]) -> Iterator[None]:
        """Tell which deals stay as they are because of what is wrong with them; what the disk refuses stops it all."""
        try:
            yield
        except (Damaged, NewerSchema, Unreadable, NotFound, Locked) as error:
            self.done.left += [(key, error) for key in keys]


class _Cancelled(Exception):
    pass


@dataclass(slots=True)
class _Group:
    """The deals of one customer that are handed over together, and the customer, if there is one yet."""

    known: tuple[Customer, Sign] | None
    deals: list[Deal]
    signs: list[Sign]

    def add(self, deal: Deal, sign: Sign) -> None:
        self.deals.append(deal)
        self.signs.append(sign)

    def customer(self) -> Customer | None:
        return self.known[0] if self.known else None

    def ids(self) -> list[str]:
        return [deal.id for deal in self.deals]


def _batches(groups: Sequence[Sequence[str]]) -> Iterator[list[str]]:
    """Yield the deals in parts, those of one customer in one part unless there are very many."""
    part: list[str] = []
    for keys in groups:
        if part and len(part) + len(keys) > _BATCH:
            yield part
            part = []
        for start in range(0, len(keys), _LARGEST):
            part += keys[start : start + _LARGEST]
            if len(part) >= _BATCH:
                yield part
                part = []
    if part:
        yield part


def _customer_in(path: Path) -> str | None:
    """Return the name of the customer in a deal's file, folded, if an earlier program wrote it; else None.

    It is empty where the rest of the file is damaged.
    """
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
            schema = _SCHEMA.match(head)
            if schema is not None and int(schema[1]) >= SCHEMA:
                return None
            data = head + file.read(MAX_BYTES)
    except OSError:
        return None
    found = _CUSTOMER.search(data) if schema is not None else None
    try:
        raw = {"schema": 1, "customer": json.loads(found[1])} if found else json.loads(data)
        return folded(raw["customer"]) if raw.get("schema", 1) == 1 else None
    except (ValueError, RecursionError, KeyError, TypeError, AttributeError):
        return None if schema is None else ""
