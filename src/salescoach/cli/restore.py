"""`salescoach restore`: a backup put back, after everything in it was checked and whoever must be asked was asked."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import argparse
    from pathlib import Path

    from salescoach.cli.ask import Progress
    from salescoach.cli.context import Context
    from salescoach.store.care.archive import Archive
    from salescoach.store.care.compare import Fate, Plan
    from salescoach.store.care.restore import Restore
    from salescoach.words import Words


@dataclass(slots=True)
class _Done:
    """What a restore did, by document and for the rest."""

    documents: dict[Fate, str] = field(default_factory=dict)
    """`created`, `replaced`, `same`, `left` or `failed`."""
    reasons: dict[Fate, str] = field(default_factory=dict)
    settings: bool = False
    playbook: bool = False
    kept: list[Path] = field(default_factory=list)
    code: int = 0

    def count(self, what: str) -> int:
        return sum(done == what for done in self.documents.values())


def add_arguments(parser: argparse.ArgumentParser, command: str, words: Words) -> None:
    """Describe the backup and how much of it is wanted."""
    parser.add_argument("file", metavar="FILE", help=words("help.restore-file"))
    parser.add_argument("--dry-run", action="store_true", help=words("help.dry-run"))
    parser.add_argument("--yes", "-y", action="store_true", help=words("help.restore-yes"))
    parser.add_argument("--settings", action="store_true", help=words("help.restore-settings"))
    parser.add_argument("--partial", action="store_true", help=words("help.restore-partial"))
    parser.add_argument("--json", action="store_true", help=words("help.json"))


def run(context: Context, args: argparse.Namespace) -> int:
    """Check, tell, ask, put back; exit with 4 when something was left alone for want of a yes."""
    from pathlib import Path

    from salescoach.cli.ask import Progress
    from salescoach.store.care.archive import opened
    from salescoach.store.care.restore import Restore
    from salescoach.store.errors import BackupDamaged

    path = Path(args.file)
    progress = Progress(context.out, context.words)
    try:
        stores = context.workspace.stores
        with opened(path, [store.kind.folder for store in stores]) as archive:
            damaged = archive.check(progress)
            if damaged and not args.partial:
                raise BackupDamaged(path, "member", damaged[0])
            restore = Restore(archive, stores, damaged)
            plan = restore.plan(progress)
            progress.clear()
            if not args.json:
                _show(context, archive, plan, damaged, settings=args.settings)
            done = _Done()
            if not args.dry_run:
                done = _carry_out(context, args, restore, plan, progress)
            progress.clear()
            if args.json:
                _json(context, args, archive, plan, damaged, done)
    finally:
        progress.clear()
    _tell(context, args, plan, done)
    return done.code


def _carry_out(
    context: Context,
    args: argparse.Namespace,
    restore: Restore,
    plan: Plan,
    progress: Progress,
) -> _Done:
    from salescoach.cli.failures import explain
    from salescoach.store.care.compare import CREATED
    from salescoach.store.errors import StoreError

    restore.need_room(plan)
    wanted = _wanted(context, plan, yes=args.yes)
    done = _Done()
    for number, fate in enumerate(plan.documents, 1):
        if fate not in wanted:
            done.documents[fate] = "same" if fate.state == "same" else "left"
            continue
        try:
            restore.put_back(fate)
        except StoreError as error:
            lines, code = explain(error, context.words)
            done.documents[fate], done.reasons[fate] = "failed", lines[0]
            done.code = done.code or code
        else:
            done.documents[fate] = "created" if fate.state in CREATED else "replaced"
        progress(number, len(plan.documents))
    if done.count("created") or done.count("replaced"):
        from salescoach.workspace.upgrade_note import UpgradeNote

        UpgradeNote(context.paths).forget()  # the backup may be of an earlier program
    try:
        _rest(context, args, restore, plan, done)
    except StoreError as error:
        # What was done to the documents is told all the same.
        lines, code = explain(error, context.words)
        context.out.tell((lines[0], "bad"))
        done.code = done.code or code
    if not done.code and _needing_yes(args, plan, done):
        done.code = 4
    return done


def _rest(
    context: Context, args: argparse.Namespace, restore: Restore, plan: Plan, done: _Done
) -> None:
    from salescoach.workspace.upgrade_note import UpgradeNote

    if {"created", "replaced"} & set(done.documents.values()):
        # What an earlier program saved is brought to the form of this one at the next start.
        UpgradeNote(context.paths).forget()
    restore.put_back_others(plan)
    now = context.workspace.now()
    if plan.settings == "new" or (plan.settings == "different" and args.settings):
        kept = restore.put_back_settings(now)
        _stay_the_same(context)
        done.settings = True
        done.kept += [kept] if kept else []
    if plan.playbook == "new" or (plan.playbook == "different" and args.settings):
        kept = restore.put_back_playbook(now)
        done.playbook = True
        done.kept += [kept] if kept else []


def _stay_the_same(context: Context) -> None:
    """Give settings that were put back the user's id where they are from before he had one."""
    from contextlib import suppress

    from salescoach.settings import SettingRefused, load_settings, set_setting

    before, paths = context.settings.user_id, context.paths
    if before and not load_settings(paths.config_file, context.environ)[0].user_id:
        with suppress(
            OSError, SettingRefused
        ):  # settings that cannot be read are told at the next start
            lock = paths.settings_lock
            set_setting(paths.config_file, "user_id", before, context.words, lock=lock)


def _wanted(context: Context, plan: Plan, *, yes: bool) -> set[Fate]:
    """Return the documents to put back: what is not here, and what a person says yes to."""
    from salescoach.cli.ask import ask, can_ask
    from salescoach.store.care.compare import ASKED, CREATED

    words = context.words
    wanted = {fate for fate in plan.documents if fate.state in CREATED}
    asked = [fate for fate in plan.documents if fate.state in ASKED]
    if yes:
        return wanted | set(asked)
    if not can_ask():
        return wanted
    for at, fate in enumerate(asked):
        state = words(f"backup.state-{fate.state}")
        question = words("backup.ask-replace", name=fate.name or fate.id[:8], state=state)
        answer = ask(context.out, words, question, "ynaq")
        if answer == "a":
            return wanted | set(asked[at:])
        if answer == "q":
            break
        if answer == "y":
            wanted.add(fate)
    return wanted


def _needing_yes(args: argparse.Namespace, plan: Plan, done: _Done) -> int:
    """Return how many documents were left alone because nobody was there to be asked."""
    from salescoach.cli.ask import can_ask
    from salescoach.store.care.compare import ASKED

    if args.yes or args.dry_run or can_ask():
        return 0
    return sum(done.documents.get(fate) == "left" for fate in plan.documents if fate.state in ASKED)


def _show(
    context: Context, archive: Archive, plan: Plan, damaged: tuple[str, ...], *, settings: bool
) -> None:
    from salescoach.cli.format import short_id
    from salescoach.cli.table import Column
    from salescoach.text import local_time

    words, out = context.words, context.out
    differing = [fate for fate in plan.documents if fate.state != "same"]
    out.line(
        words(
            "backup.head",
            when=local_time(archive.head.made_at),
            program=archive.head.program,
            count=len(plan.documents),
            same=len(plan.documents) - len(differing),
        )
    )
    for name in damaged:
        out.line((words("backup.member-damaged", name=name), "warning"))
    if differing:
        out.table(
            [
                Column(words("backup.head-state")),
                Column(words("backup.head-kind"), spare=3),
                Column(words("cli.head-id"), spare=2),
                Column(words("backup.head-name"), elastic=True),
                Column(words("backup.head-backup"), right=True, spare=1),
                Column(words("backup.head-here"), right=True, spare=1),
            ],
            [_row(words, short_id(fate.id), fate) for fate in differing],
        )
    for part, state in (("settings", plan.settings), ("playbook", plan.playbook)):
        if state != "none":
            told = "replace" if state == "different" and settings else state
            out.line(words(f"backup.{part}-{told}"))
    if plan.others:
        out.line(words("backup.others-new", count=len(plan.others)))


def _row(words: Words, key: str, fate: Fate) -> list[str]:
    numbers = ["" if rev is None else str(rev) for rev in (fate.rev, fate.here)]
    kind = words(f"storage.kind-{fate.kind}")
    return [words(f"backup.state-{fate.state}"), kind, key, fate.name, *numbers]


def _tell(context: Context, args: argparse.Namespace, plan: Plan, done: _Done) -> None:
    words, out = context.words, context.out
    if args.dry_run:
        out.tell(words("backup.dry-run"))
        return
    for fate, reason in done.reasons.items():
        told = words("backup.failed", name=fate.name or fate.id[:8], reason=reason)
        out.tell((told, "bad"))
    for path in done.kept:
        out.tell(words("backup.kept-here", path=path))
    style = "warning" if done.code else "good"
    told = words(
        "backup.restored",
        created=done.count("created"),
        replaced=done.count("replaced"),
        left=done.count("left"),
    )
    out.tell((told, style))
    if count := _needing_yes(args, plan, done):
        out.tell((words("backup.needs-yes", count=count), "warning"))


def _json(
    context: Context,
    args: argparse.Namespace,
    archive: Archive,
    plan: Plan,
    damaged: tuple[str, ...],
    done: _Done,
) -> None:
    entries: dict[str, list[dict[str, Any]]] = {"customers": [], "deals": []}
    for fate in plan.documents:
        entry = {
            "id": fate.id,
            "name": fate.name,
            "state": fate.state,
            "rev": fate.rev,
            "rev_here": fate.here,
            "done": done.documents.get(fate, ""),
            "reason": done.reasons.get(fate, ""),
        }
        entries[fate.folder].append(entry)
    context.out.json(
        "restore",
        {
            "file": str(archive.path),
            "made_at": archive.head.made_at.isoformat(),
            "program": archive.head.program,
            "dry_run": args.dry_run,
            **entries,
            "settings": {"state": plan.settings, "restored": done.settings},
            "playbook": {"state": plan.playbook, "restored": done.playbook},
            "others_new": list(plan.others),
            "kept": [str(path) for path in done.kept],
            "damaged": list(damaged),
        },
    )
