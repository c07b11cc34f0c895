"""Turns whatever went wrong into lines a person can act on and an exit code."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from salescoach.cli.context import Failure
from salescoach.cli.parser import UsageError
from salescoach.cli.streams import output_failed
from salescoach.text import clean, truncate

if TYPE_CHECKING:
    from salescoach.cli.output import Output
    from salescoach.playbook.models import Playbook
    from salescoach.words import Words

_ECHO = 160
"""Cells of foreign text that a message repeats at most."""
_CODES = {
    "NotThere": 3,
    "NotFound": 3,
    "Ambiguous": 3,
    "Unknown": 3,
    "InvalidValue": 2,
    "SettingRefused": 2,
    "MergeFailed": 4,
    "Parked": 4,
    "NotOwn": 4,
    "CannotTakeBack": 4,
    "AlreadyThere": 4,
    "Locked": 5,
    "Damaged": 6,
    "BackupNotFound": 3,
    "BackupDamaged": 6,
}
"""Exit codes by the name of an error's class or of one that it extends; everything else is 1."""


def report(error: Exception, output: Output, words: Words, playbook: Playbook | None = None) -> int:
    """Tell the user about `error` on stderr and return the exit code."""
    if os.environ.get("SALESCOACH_DEBUG"):
        _details(error, output)
    mark = (words("cli.error"), "bad")
    if isinstance(error, UsageError):
        output.tell(mark, shorten(error.message, 500))
        for line in error.usage.splitlines():
            output.tell((line, "dim"))
        return 2
    lines, code = explain(error, words, playbook)
    output.tell(mark, lines[0])
    for line in lines[1:]:
        output.tell(line, indent=2)
    return code


def explain(
    error: Exception, words: Words, playbook: Playbook | None = None
) -> tuple[list[str], int]:
    """Return the lines that tell about `error` and the exit code it means."""
    if isinstance(error, Failure):
        return [shorten(error.message, 500), *error.more], error.code
    names = {kind.__name__ for kind in type(error).__mro__}
    code = next((number for name, number in _CODES.items() if name in names), 1)
    if "PlaybookInvalid" in names:
        problems = getattr(error, "errors", ())
        told = [problem.line(words) for problem in problems]
        return [words("cli.playbook-invalid", count=len(problems)), *told], 1
    if "CopyRefused" in names:
        return [error.tell(words)], 1  # type: ignore[attr-defined]  # by the class's name
    if "Unknown" in names:
        from salescoach.coach.tell import error_text

        return [error_text(words, error, playbook)], 3  # type: ignore[arg-type]  # by the class's name
    if isinstance(getattr(error, "code", None), str):
        from salescoach.explain import explain as tell

        return [tell(error, words, playbook)], code
    if isinstance(error, OSError) and output_failed(error):
        return [words("cli.no-output", reason=error.strerror or type(error).__name__)], 1
    if isinstance(error, OSError):
        about = error.strerror or type(error).__name__
        return [words("cli.os-error", reason=about, path=shorten(str(error.filename or "")))], 1
    return [crashed(error, words)], 1


def crashed(error: BaseException, words: Words) -> str:
    """Write a report about an error that nobody foresaw, and return the sentence that says so and where it is."""
    from salescoach.crash import write_report
    from salescoach.paths import NoHome, find_paths

    path = None
    with suppress(NoHome):
        path = write_report(error, find_paths(os.environ).crashes)
    kind = type(error).__name__
    if path is None:
        return words("errors.crash-unreported", kind=kind)
    return words("errors.crash", kind=kind, path=shorten(str(path), 500))


def shorten(value: str, cells: int = _ECHO) -> str:
    """Return `value` cleaned and cut to a length that leaves a message readable."""
    return truncate(clean(value[:20_000]), cells)


def _details(error: Exception, output: Output) -> None:
    import traceback

    for text in traceback.format_exception(error):
        for line in text.rstrip().splitlines():
            output.tell(line)
    sys.stderr.flush()
