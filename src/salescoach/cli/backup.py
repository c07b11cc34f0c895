"""`salescoach backup`: everything a person cannot make again, in one file that was read back."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse
    from pathlib import Path

    from salescoach.cli.context import Context
    from salescoach.store.care.backup import LeftOut, Made
    from salescoach.words import Words

_REASONS = ("symlink", "not-a-file", "too-large", "name")


def add_arguments(parser: argparse.ArgumentParser, command: str, words: Words) -> None:
    """Describe the file."""
    parser.add_argument("file", metavar="FILE", nargs="?", help=words("help.backup-file"))
    parser.add_argument("--yes", "-y", action="store_true", help=words("help.backup-yes"))
    parser.add_argument("--json", action="store_true", help=words("help.json"))


def run(context: Context, args: argparse.Namespace) -> int:
    """Write the backup and its path; exit with 1 when something could not go into it."""
    from salescoach.cli.ask import Progress
    from salescoach.cli.context import Failure
    from salescoach.store.care.backup import make_backup

    target = _target(context, args.file)
    replace = _may_replace(context, target, yes=args.yes)
    progress = Progress(context.out, context.words)
    context.workspace.sweep()  # of what was half saved, no half goes in
    try:
        made = make_backup(
            context.workspace.stores,
            target,
            now=context.workspace.now(),
            replace=replace,
            progress=progress,
        )
    except FileExistsError:
        raise Failure(context.words("backup.not-replaced", path=target), code=4) from None
    finally:
        progress.clear()
    if args.json:
        _json(context, made)
    else:
        context.out.line(str(made.path))
    _tell(context, made)
    return 1 if made.left_out else 0


def _target(context: Context, asked: str | None) -> Path:
    """Return the file to write: in a folder that was named, or in the current one, under a name with the date."""
    from pathlib import Path

    from salescoach.cli.context import Failure

    usual = f"salescoach-{context.today}.zip"
    target = Path(asked) if asked else Path(usual)
    if target.is_dir():
        target /= usual
    # A link to an earlier backup stays one.
    target = Path(os.path.realpath(target)) if target.is_symlink() else target
    if not target.parent.is_dir():
        raise Failure(context.words("cli.no-such-folder", path=target.parent), code=3)
    return target


def _may_replace(context: Context, target: Path, *, yes: bool) -> bool:
    from salescoach.cli.ask import ask, can_ask
    from salescoach.cli.context import Failure

    if not os.path.lexists(target):
        return False
    words = context.words
    if not target.is_file():
        raise Failure(words("backup.not-a-file", path=target), code=4)
    if yes:
        return True
    question = words("backup.ask-replace-file", path=target)
    if can_ask() and ask(context.out, words, question) == "y":
        return True
    raise Failure(words("backup.not-replaced", path=target), code=4)


def _json(context: Context, made: Made) -> None:
    counts = made.counts
    context.out.json(
        "backup",
        {
            "file": str(made.path),
            "made_at": made.made_at.isoformat(),
            "bytes": made.size,
            "deals": counts.get("deal", 0),
            "customers": counts.get("customer", 0),
            "versions": counts.get("history", 0),
            "set_aside": counts.get("quarantine", 0),
            "conflict_copies": counts.get("copy", 0),
            "settings": "settings" in counts,
            "playbook_files": counts.get("playbook", 0),
            "left_out": [
                {"path": str(left.path), "reason": _reason(context.words, left)}
                for left in made.left_out
            ],
        },
    )


def _tell(context: Context, made: Made) -> None:
    words, counts = context.words, made.counts
    told = [
        words(
            "backup.made",
            size=_size(made.size),
            deals=counts.get("deal", 0),
            customers=counts.get("customer", 0),
            versions=counts.get("history", 0),
            aside=counts.get("quarantine", 0),
            copies=counts.get("copy", 0),
        )
    ]
    if "settings" in counts:
        told.append(words("backup.made-settings"))
    if "playbook" in counts:
        told.append(words("backup.made-playbook"))
    context.out.tell((" ".join(told), "good"))
    for left in made.left_out:
        reason = _reason(words, left)
        context.out.tell((words("backup.left-out", path=left.path, reason=reason), "warning"))
    if made.left_out:
        context.out.tell((words("backup.incomplete", count=len(made.left_out)), "warning"))


def _reason(words: Words, left: LeftOut) -> str:
    return words(f"backup.reason-{left.reason}") if left.reason in _REASONS else left.reason


def _size(count: int) -> str:
    if count < 1024 * 1024:
        return f"{max(1, count // 1024)} KB"
    return f"{count / 1024 / 1024:.1f} MB"
