"""`salescoach doctor`: looks at everything the program rests on, says how to mend what it finds, and mends what it can."""

from __future__ import annotations

from typing import TYPE_CHECKING

from salescoach.cli.checkup import Finding, Level, examine, terminal_findings

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable

    from salescoach.cli.context import Context
    from salescoach.words import Words

_STYLES: dict[Level, str] = {"fine": "good", "note": "dim", "wrong": "warning", "damaged": "bad"}

Line = tuple[str, str]
"""An area and what was done in it, or why it could not be."""


def add_arguments(parser: argparse.ArgumentParser, command: str, words: Words) -> None:
    """Describe the form, and whether anything is to be mended."""
    parser.add_argument("--repair", action="store_true", help=words("help.doctor-repair"))
    parser.add_argument("--dry-run", action="store_true", help=words("help.dry-run"))
    parser.add_argument("--json", action="store_true", help=words("help.json"))


def run(context: Context, args: argparse.Namespace) -> int:
    """Write what was mended and every finding; exit with 6 when a deal is damaged, 1 when something else is wrong."""
    findings, terminal = list(examine(context)), list(terminal_findings(context))
    mended: list[Line] = []
    failed: list[Line] = []
    if args.repair and not args.dry_run:
        mended, failed = _repair(context, findings)
        if mended or failed:
            findings = list(examine(context))
    findings += terminal
    levels = {finding.level for finding in findings}
    code = 6 if "damaged" in levels else 1 if "wrong" in levels else 0
    if args.json:
        _json(context, findings, mended, failed, fine=code == 0)
    else:
        _show(context, findings, mended, failed, fine=code == 0)
    return code


def _repair(context: Context, findings: Iterable[Finding]) -> tuple[list[Line], list[Line]]:
    """Mend what can be mended and return what was, and what could not be and why."""
    from salescoach.cli.failures import explain
    from salescoach.store.errors import StoreError

    mended: list[Line] = []
    failed: list[Line] = []
    for found in findings:
        if found.repair is None:
            continue
        try:
            mended.append((found.area, found.repair.do()))
        except (OSError, StoreError) as error:
            failed.append((found.area, explain(error, context.words)[0][0]))
    return mended, failed


def _json(
    context: Context,
    findings: Iterable[Finding],
    mended: Iterable[Line],
    failed: Iterable[Line],
    *,
    fine: bool,
) -> None:
    entries = [
        {
            "area": found.area,
            "level": found.level,
            "text": found.text,
            "mend": found.mend,
            "repair": found.repair.plan if found.repair else "",
        }
        for found in findings
    ]
    payload = {
        "fine": fine,
        "findings": entries,
        "repaired": [{"area": area, "text": text} for area, text in mended],
        "not_repaired": [{"area": area, "text": text} for area, text in failed],
    }
    context.out.json("doctor", payload)


def _show(
    context: Context,
    findings: Iterable[Finding],
    mended: Iterable[Line],
    failed: Iterable[Line],
    *,
    fine: bool,
) -> None:
    words, out = context.words, context.out
    for mark, style, lines in (("mended", "good", mended), ("not-mended", "bad", failed)):
        for area, text in lines:
            out.line((words(f"doctor.{mark}"), style), f" {words(f'doctor.area-{area}')}: {text}")
    repairs = 0
    for found in findings:
        mark = words(f"doctor.{found.level}")
        area = words(f"doctor.area-{found.area}")
        out.line((mark, _STYLES[found.level]), f" {area}: {found.text}")
        if found.mend:
            out.line(f"{words('doctor.mend')} {found.mend}", indent=6)
        if found.repair is not None:
            repairs += 1
            out.line(f"--repair: {found.repair.plan}", indent=6)
    out.tell(words("doctor.all-fine" if fine else "doctor.not-fine"))
    if repairs:
        out.tell(words("doctor.can-repair", count=repairs))
