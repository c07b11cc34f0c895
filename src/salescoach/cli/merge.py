"""`salescoach merge`: brings what conflict copies and parked changes hold into their deals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from salescoach.cli.format import short_id
from salescoach.text import local_time

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from salescoach.cli.context import Context
    from salescoach.deal.models import Deal
    from salescoach.document.models import Event
    from salescoach.store.files.names import ConflictCopy
    from salescoach.words import Words

_SHOWN = 8
"""How many of the lines that came in are shown of each copy."""


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What became of one copy: the deal with what came in, or why not and the exit code for it."""

    copy: ConflictCopy
    deal: Deal | None = None
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

    store, found = context.workspace.store, 0
    try:
        ids = store.ids() if asked is None else [context.deal_id(asked)]
    except NotFound:
        return 0  # its own file is gone; what there is of it is among the copies
    for key in ids:
        if not replaced(store.path(key), store.paths.saved, key):
            continue
        try:
            deal = store.read(key)
            if not dry_run:
                found += context.workspace.bring_together(deal)
            elif last_of(store, deal) is not None:
                found += 1
                told = context.words("storage.outside-seen", name=deal.name, id=short_id(key))
                context.out.tell((told, "warning"))
        except StoreError as error:
            from salescoach.explain import explain

            context.out.tell((explain(error, context.words), "warning"))
    return found


def _copies(context: Context, asked: str | None) -> list[ConflictCopy]:
    from salescoach.store.errors import NotFound

    store = context.workspace.store
    copies = [*store.conflict_copies(), *store.parked()]
    if asked is None:
        return copies
    try:
        wanted = context.deal_id(asked)
    except NotFound:
        # A deal whose own file is gone has no name that could be looked up.
        found = {
            copy.document for copy in copies if copy.document.startswith(asked.strip().lower())
        }
        if len(found) != 1 or len(asked.strip()) < 4:
            raise
        (wanted,) = found
    return [copy for copy in copies if copy.document == wanted]


def _outcomes(context: Context, copies: list[ConflictCopy], *, dry_run: bool) -> Iterator[_Outcome]:
    from salescoach.cli.failures import explain
    from salescoach.document.errors import DocumentError
    from salescoach.document.merge import incoming, same_content
    from salescoach.store.errors import StoreError

    for copy in copies:
        try:
            before, deal = context.workspace.store.preview_copy(copy)
            came_in = incoming(before, deal) if before is not None else ()
            if not dry_run:
                deal = context.workspace.merge_copy(copy)
        except (StoreError, DocumentError) as error:
            lines, code = explain(error, context.words, context.known_playbook)
            yield _Outcome(copy, refusal=" ".join(lines), code=code)
            continue
        changed = before is not None and not same_content(before, deal)
        yield _Outcome(copy, deal, came_in, is_back=before is None, changed=changed)


def _write(context: Context, outcome: _Outcome) -> None:
    from salescoach.coach.tell import event_text

    words, out, deal = context.words, context.out, outcome.deal
    name = outcome.copy.path.name
    if deal is None:
        out.line((name, "bold"))
        out.line((outcome.refusal, "bad"), indent=2)
        return
    out.line((name, "bold"), f"  {deal.name} · {deal.customer}")
    if outcome.is_back:
        out.line(words("cli.merge-back"), indent=2)
    elif not outcome.changed:
        out.line(words("cli.merge-nothing"), indent=2)
    elif not outcome.came_in and not deal.open_conflicts:
        out.line(words("cli.merge-unrecorded", deal=short_id(deal.id)), indent=2)
    for event in outcome.came_in[:_SHOWN]:
        who = f" ({event.by})" if event.by else ""
        text = event_text(words, context.playbook, event)
        out.line((local_time(event.at), "dim"), "  ", text, (who, "dim"), indent=2)
    if len(outcome.came_in) > _SHOWN:
        out.line(words("cli.merge-more", count=len(outcome.came_in) - _SHOWN), indent=2)
    if deal.open_conflicts:
        told = words("cli.conflicts-left", count=len(deal.open_conflicts), deal=short_id(deal.id))
        out.line((told, "warning"), indent=2)


def _write_json(context: Context, outcomes: list[_Outcome], *, dry_run: bool) -> None:
    from salescoach.cli.conflicts import conflicts_json
    from salescoach.coach.tell import event_text

    entries = []
    for outcome in outcomes:
        copy, deal = outcome.copy, outcome.deal
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
                "deal": copy.document,
                "name": deal.name if deal else None,
                "merged": deal is not None and not dry_run,
                "back": outcome.is_back,
                "changed": outcome.changed,
                "came_in": events,
                "conflicts": conflicts_json(context, deal) if deal else [],
                "error": outcome.refusal or None,
            }
        )
    context.out.json("merge", {"dry_run": dry_run, "copies": entries})
