"""`salescoach merge`: brings what conflict copies and parked changes hold into their deals and customers."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from salescoach.cli.format import short_id
from salescoach.text import local_time

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from salescoach.cli.context import Context
    from salescoach.customer.models import Customer
    from salescoach.deal.models import Deal
    from salescoach.document.models import Event
    from salescoach.store.documents import DocumentStore
    from salescoach.store.files.names import ConflictCopy
    from salescoach.words import Words

_SHOWN = 8
"""How many of the lines that came in are shown of each copy."""


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What became of one copy: the document with what came in, or why not and the exit code for it."""

    copy: ConflictCopy
    document: Deal | Customer | None = None
    came_in: tuple[Event, ...] = ()
    is_back: bool = False
    changed: bool = False
    refusal: str = ""
    code: int = 0


def add_arguments(parser: argparse.ArgumentParser, command: str, words: Words) -> None:
    """Describe the deal and the form."""
    parser.add_argument("deal", metavar="DEAL", nargs="?", help=words("help.merge-deal"))
    parser.add_argument("--dry-run", action="store_true", help=words("help.dry-run"))
    parser.add_argument("--json", action="store_true", help=words("help.json"))


def run(context: Context, args: argparse.Namespace) -> int:
    """Merge the copies and tell what came in; the exit code is that of the first one that cannot be merged.

    A file that somebody put in the place of what was last saved here is brought together with that first.
    """
    replaced = _replaced(context, args.deal, dry_run=args.dry_run)
    outcomes = list(_outcomes(context, _copies(context, args.deal), dry_run=args.dry_run))
    if args.json:
        _write_json(context, outcomes, dry_run=args.dry_run)
    else:
        for outcome in outcomes:
            _write(context, outcome)
        if not outcomes and not replaced:
            context.out.tell(context.words("cli.no-copies"))
        elif args.dry_run:
            context.out.tell(context.words("cli.merge-dry"))
    return next((outcome.code for outcome in outcomes if outcome.code), 0)


def _replaced(context: Context, asked: str | None, *, dry_run: bool) -> int:
    """Bring replaced files together with what was last saved, or say which there are; return how many."""
    from salescoach.store.care.outside import last_of
    from salescoach.store.errors import NotFound, StoreError
    from salescoach.store.files.saved import replaced

    workspace, found = context.workspace, 0
    try:
        wanted = None if asked is None else _wanted(context, asked)
    except NotFound:
        return 0  # its own file is gone; what there is of it is among the copies
    stores: tuple[DocumentStore[Any], ...] = (workspace.customers, workspace.store)
    for store in stores:
        for key in store.ids():
            if (wanted is not None and key not in wanted) or not replaced(
                store.path(key), store.places.saved, key
            ):
                continue
            try:
                document = store.read(key)
                if not dry_run:
                    found += workspace.bring_document_together(store, document)
                elif last_of(store, document) is not None:
                    found += 1
                    name, code = document.name, short_id(key)
                    told = context.words("storage.outside-seen", name=name, id=code)
                    context.out.tell((told, "warning"))
            except StoreError as error:
                from salescoach.explain import explain

                context.out.tell((explain(error, context.words), "warning"))
    return found


def _wanted(context: Context, asked: str) -> set[str]:
    """Return the ids of the deal that `asked` means and of its customer, or that of a customer. Raises NotFound."""
    from salescoach.store.errors import Ambiguous, NotFound, StoreError

    try:
        deal_id = context.deal_id(asked)
    except (Ambiguous, NotFound):
        with suppress(StoreError):
            return {context.customer_id(asked)}
        raise
    with suppress(StoreError):
        customer = context.workspace.store.read(deal_id).customer_id
        return {deal_id, customer} if customer is not None else {deal_id}
    return {deal_id}


def _copies(context: Context, asked: str | None) -> list[ConflictCopy]:
    from salescoach.store.errors import NotFound

    copies = context.workspace.copies()
    if asked is None:
        return copies
    try:
        ids = _wanted(context, asked)
    except NotFound:
        # A document whose own file is gone has no name that could be looked up.
        found = {
            copy.document for copy in copies if copy.document.startswith(asked.strip().lower())
        }
        if len(found) != 1 or len(asked.strip()) < 4:
            raise
        ids = found
    return [copy for copy in copies if copy.document in ids]


def _outcomes(context: Context, copies: list[ConflictCopy], *, dry_run: bool) -> Iterator[_Outcome]:
    from salescoach.cli.failures import explain
    from salescoach.document.errors import DocumentError
    from salescoach.document.merge import incoming, same_content
    from salescoach.store.errors import StoreError

    for copy in copies:
        try:
            before, document = context.workspace.preview_copy(copy)
            came_in = incoming(before, document) if before is not None else ()
            if not dry_run:
                document = context.workspace.merge_copy(copy)
        except (StoreError, DocumentError) as error:
            lines, code = explain(error, context.words, context.known_playbook)
            yield _Outcome(copy, refusal=" ".join(lines), code=code)
            continue
        changed = before is not None and not same_content(before, document)
        yield _Outcome(copy, document, came_in, is_back=before is None, changed=changed)


def _write(context: Context, outcome: _Outcome) -> None:
    from salescoach.cli.conflicts import command_for, conflicts_left
    from salescoach.coach.tell import event_text

    words, out, document = context.words, context.out, outcome.document
    name = outcome.copy.path.name
    if document is None:
        out.line((name, "bold"))
        out.line((outcome.refusal, "bad"), indent=2)
        return
    customer = getattr(document, "customer", "")
    kind = words(f"storage.kind-{outcome.copy.kind}")
    out.line((name, "bold"), f"  {' · '.join(filter(None, (document.name, customer)))}")
    if outcome.is_back:
        out.line(words("cli.merge-back", kind=kind), indent=2)
    elif not outcome.changed:
        out.line(words("cli.merge-nothing"), indent=2)
    elif not outcome.came_in and not document.open_conflicts:
        out.line(
            words("cli.merge-unrecorded", kind=kind, undo=command_for(document, "undo")), indent=2
        )
    for event in outcome.came_in[:_SHOWN]:
        who = f" ({event.by})" if event.by else ""
        text = event_text(words, context.playbook, event)
        out.line((local_time(event.at), "dim"), "  ", text, (who, "dim"), indent=2)
    if len(outcome.came_in) > _SHOWN:
        out.line(words("cli.merge-more", count=len(outcome.came_in) - _SHOWN), indent=2)
    if document.open_conflicts:
        out.line((conflicts_left(context, document), "warning"), indent=2)


def _write_json(context: Context, outcomes: list[_Outcome], *, dry_run: bool) -> None:
    from salescoach.cli.conflicts import conflicts_json
    from salescoach.coach.tell import event_text

    entries = []
    for outcome in outcomes:
        copy, document = outcome.copy, outcome.document
        events = [
            {
                **event.model_dump(mode="json"),
                "text": event_text(context.words, context.playbook, event),
            }
            for event in outcome.came_in
        ]
        entries.append(
            {
                "copy": str(copy.path),
                "service": copy.service,
                "kind": copy.kind,
                copy.kind: copy.document,
                "name": document.name if document else None,
                "merged": document is not None and not dry_run,
                "back": outcome.is_back,
                "changed": outcome.changed,
                "came_in": events,
                "conflicts": conflicts_json(context, document) if document else [],
                "error": outcome.refusal or None,
            }
        )
    context.out.json("merge", {"dry_run": dry_run, "copies": entries})
