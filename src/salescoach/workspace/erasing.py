"""A person's data leave the home for good: documents, versions, copies, notes and the index; old backups are named.

It is one act over the customer and every deal that tells of the person, and then every other file. A note says what is being
erased until nothing is left: what a crash cuts short is finished at the next start.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from salescoach.customer.models import Customer, Erased
from salescoach.document.errors import DocumentError
from salescoach.document.merge import same_content
from salescoach.document.stamp import Stamp
from salescoach.document.traces import ERASED, PERSON_ERASED, Traces
from salescoach.store.errors import NotFound, StoreError, save_failed
from salescoach.store.files.atomic import (
    NotRegular,
    TooLarge,
    make_folder,
    read_regular,
    refuse_link,
    replace_file,
)
from salescoach.store.files.names import is_id
from salescoach.store.files.notes import read_note
from salescoach.store.together import Change, hold_order, save_together

if TYPE_CHECKING:
    from salescoach.document.models import Document
    from salescoach.store.care.erasing import Clearing, Gone
    from salescoach.store.documents import DocumentStore
    from salescoach.workspace.workspace import Workspace


_LIMIT: Final = 256 * 1024 * 1024
"""Bytes of the largest file that is searched."""


@dataclass(frozen=True, slots=True)
class Erasing:
    """What is being erased: who, at which customer, what they are known by, and the stamp of the act."""

    customer: str
    ids: tuple[str, ...]
    known_by: Traces
    stamp: Stamp

    def tombstones(self) -> dict[str, Erased]:
        """Return the tombstones that the act leaves."""
        return dict.fromkeys(self.ids, Erased(at=self.stamp.at, by=self.stamp.by))


@dataclass
class Report:
    """What erasing somebody did."""

    deals: list[str] = field(default_factory=list)
    """The ids of the deals that told of the person."""
    gone: Gone | None = None
    backups: list[Path] = field(default_factory=list)
    """Backups that still hold the person; they are never changed."""
    elsewhere: list[tuple[str, str]] = field(default_factory=list)
    """Kinds and ids of documents of other customers that name somebody like that, who may be somebody else."""


def erase(workspace: Workspace, customer_id: str, person_id: str) -> Report:
    """Erase a person of a customer from everything in the home; nothing takes it back.

    Raises NotThere for an unknown person, Damaged and the like for a document that tells of the person and cannot be read,
    and what saving raises; then either nothing is changed, or the next start goes on.
    """
    from salescoach.customer.erasing import traces

    workspace.sweep()
    customer = workspace.customer_acts.read(customer_id)
    known_by = traces(customer, person_id)
    ids = tuple(sorted(customer.ids_of(person_id)))
    doing = Erasing(customer.id, ids, known_by, workspace.stamp())
    return _carried_out(workspace, doing, None)


def finish(workspace: Workspace) -> int:
    """Go on with what a crash cut short, and return how many people it was about; what cannot be done now waits."""
    count = 0
    with suppress(OSError):
        for note in sorted(workspace.paths.erasing.glob("*.json")):
            with suppress(StoreError, DocumentError, OSError, ValueError, KeyError, TypeError):
                _carried_out(workspace, _read(note), note)
                count += 1
    return count


def backups_of(workspace: Workspace, tells: Clearing) -> list[Path]:
    """Return the backups in their usual places that hold the person."""
    from salescoach.store.care.erasing import zips_with

    paths = workspace.paths
    usual = [paths.state / "backups", paths.state, paths.deals.parent, paths.config_file.parent]
    with suppress(OSError, RuntimeError):
        usual += [Path.cwd(), Path.home()]
    return zips_with(dict.fromkeys(usual), tells.tells)


def _carried_out(workspace: Workspace, doing: Erasing, note: Path | None) -> Report:
    from salescoach.store.care import erased
    from salescoach.store.care.erasing import Clearing

    report = Report()
    workspace.customers.erased()  # where nobody can be kept out, nobody is erased
    concerned = _concerned(workspace, doing, report)
    deals = [key for store, key in concerned if store is workspace.store]
    for key in deals:
        if not workspace.store.read(key).is_handed_over:
            workspace.deals.hand_over(key)
    with ExitStack() as held:
        for store, key in hold_order(concerned):
            held.enter_context(store.hold(key))
        changes = list(_changes(doing, concerned))
        note = note or _write(workspace.paths.erasing, doing)
        # A note without its act would erase somebody although saving was refused.
        try:
            if changes:
                save_together(changes, workspace.paths.unfinished)
        except StoreError as error:
            if error.code != "half-saved":
                note.unlink(missing_ok=True)
            raise
        erased.remember(workspace.paths.erased, doing.ids, doing.stamp.at, doing.stamp.by)
        about = frozenset(key for _, key in concerned)
        clearing = Clearing(
            workspace.paths,
            workspace.stores,
            frozenset(doing.ids),
            doing.known_by,
            about,
            lambda document: _without(document, doing),
        )
        report.gone = clearing.run()
    report.deals = [change.new.id for change in changes if change.store is workspace.store]
    report.backups = backups_of(workspace, clearing)
    workspace.forget_index()
    note.unlink(missing_ok=True)
    return report


def _concerned(
    workspace: Workspace, doing: Erasing, report: Report
) -> list[tuple[DocumentStore[Any], str]]:
    """Return the documents that may tell of the person, by store and id: the customer, its deals, and who has one of the ids."""
    clearing = _names_only(doing)
    customers = {doing.customer, *_merged_into(workspace, doing.customer)}
    needles = [one.encode() for one in (*doing.ids, *customers)]
    found: list[tuple[DocumentStore[Any], str]] = []
    for store in workspace.stores:
        for key in store.ids():
            try:
                data, _ = read_regular(store.path(key), _LIMIT)
            except (FileNotFoundError, NotRegular):
                continue  # what is no file holds nothing of anybody
            except (OSError, TooLarge):
                store.read(key)  # raises what is wrong
                continue
            if key in customers or any(one in data for one in needles):
                found.append((store, key))
            elif clearing(data):
                report.elsewhere.append((store.kind.name, key))
    if not any(key == doing.customer for _, key in found):
        raise NotFound(doing.customer).of(workspace.customers.kind.name)
    return found


def _names_only(doing: Erasing) -> Any:
    from salescoach.store.care.erasing import Clearing

    nobody: Any = None
    return Clearing(nobody, (), frozenset(), doing.known_by, frozenset(), lambda one: one).tells


def _merged_into(workspace: Workspace, key: str) -> set[str]:
    """Return the ids of the customers that went into this one."""
    into: dict[str, str] = {}
    for one in workspace.customers.ids():
        with suppress(StoreError):
            into_key = workspace.customers.read(one).merged_into
            if into_key is not None:
                into[one] = into_key
    found = {key}
    while more := {one for one, to in into.items() if to in found and one not in found}:
        found |= more
    return found


def _changes(
    doing: Erasing, concerned: Iterable[tuple[DocumentStore[Any], str]]
) -> Iterator[Change]:
    """Yield what the act changes; the caller holds the documents."""
    for store, key in concerned:
        try:
            document = store.current(key)
        except NotFound:
            continue
        after = _erased(document, doing)
        if after is not document and not same_content(after, document):
            yield Change(store, after, document)


def _erased(document: Any, doing: Erasing) -> Any:
    """Return a document after the act, with its event; the very same one where it tells nothing of the person."""
    from salescoach.customer import erasing as of_customer
    from salescoach.deal import erasing as of_deal
    from salescoach.document.change import applied, record

    if applied(document, doing.stamp):
        return document
    if not isinstance(document, Customer):
        return of_deal.erase(document, doing.ids, doing.known_by, doing.stamp)
    mine = next((key for key in doing.ids if key in document.people), None)
    if mine is not None:
        return of_customer.erase(document, mine, doing.stamp)
    after = _without(document, doing)
    if after is document:
        return document
    about = {"contact": ERASED, "contact_id": doing.ids[0], "customer": document.name}
    return record(after, doing.stamp, PERSON_ERASED, about)


def _without(document: Document, doing: Erasing) -> Document:
    """Return another version of a document without the person; the very same one where it tells nothing of them."""
    from salescoach.customer import erasing as of_customer
    from salescoach.deal import erasing as of_deal

    gone = doing.tombstones()
    known: Any = document
    if isinstance(document, Customer):
        after: Any = of_customer.without(document, gone, doing.known_by)
    else:
        after = of_deal.without(known, gone, doing.known_by)
    same = same_content(after.model_copy(update={"erased": known.erased}), document)
    return document if same else after


def _write(folder: Path, doing: Erasing) -> Path:
    stamp, known_by = doing.stamp, doing.known_by
    note = folder / f"{stamp.id}.json"
    told = {
        "customer": doing.customer,
        "ids": list(doing.ids),
        "at": stamp.at.isoformat(),
        "by": stamp.by,
        "role": stamp.role,
        "by_id": stamp.by_id,
        "names": sorted(known_by.names),
        "numbers": sorted(known_by.numbers),
        "addresses": sorted(known_by.addresses),
        "others": sorted(known_by.others),
    }
    try:
        refuse_link(folder)
        make_folder(folder)
        replace_file(note, json.dumps(told, ensure_ascii=False).encode())
    except OSError as error:
        raise save_failed(note, error) from error
    return note


def _read(note: Path) -> Erasing:
    raw = read_note(note)
    texts = [raw["ids"], *(raw[name] for name in ("names", "numbers", "addresses", "others"))]
    ids, *known = [tuple(str(one) for one in each) for each in texts]
    if not is_id(str(raw["customer"])) or not ids or not all(map(is_id, ids)):
        raise ValueError("no ids")
    known_by = Traces(*map(frozenset, known))
    at = datetime.fromisoformat(raw["at"])
    stamp = Stamp(at, raw["by"], raw["role"], note.stem, raw["by_id"])
    return Erasing(raw["customer"], ids, known_by, stamp)
