"""Runs shell commands whose streams are closed or full, and in places that are not there: homes of nobody, deleted folders."""

from __future__ import annotations

import os
import shlex
import subprocess
from pathlib import Path
from typing import Final

from salescoach.paths import under
from tests.bench.home import PYTHON, environ
from tests.faults.program import Outcome, a_deal, home, stored
from tests.faults.tally import Tally

PROMISE: Final = (
    "Closed or full streams, homes and folders that are not there: one line and the true exit code"
)
SHORT, LONG = 1, 12
_READ: Final = (
    "list",
    "list --json",
    "next",
    "paths",
    "--version",
    "show {deal}",
    "history {deal}",
)
_BROKEN_OUTPUT: Final = (">&-", ">/dev/full", ">&- <&-")
_DEAF: Final = ("2>&-", "2>/dev/full", "<&-", "2>&- <&-")
_NOWHERE: Final = ("~nobody-of-this-name/x", "~nobody-of-this-name")


def run(size: int) -> Tally:
    """Run commands in each of the ways; a short run takes fewer commands."""
    tally = Tally(PROMISE)
    with home() as place:
        deal = a_deal(place)
        reads = _READ if size > 1 else _READ[:2]
        for line in reads:
            for where in _BROKEN_OUTPUT:
                outcome = _shell(place, f"{line.format(deal=deal.id)} {where}")
                tally.tried += 1
                told = outcome.code == 1 and outcome.told
                tally.check(told, "silent", f"{line} {where}: {outcome}")
        for number in range(size):
            for where in _DEAF:
                text = f"note {number} {where}"
                outcome = _shell(place, f"note {deal.id} {shlex.quote(text)} {where}")
                tally.tried += 1
                notes = [one.text for one in stored(under(place), deal.id).notes.values()]
                tally.check(outcome.code == 0, "silent", f"note {where}: {outcome}")
                tally.check(text in notes, "lost", f"note {where} is gone")
                code = _shell(place, f"show nothing {where}").code
                tally.check(code == 3, "silent", f"show nothing {where}: exit code {code}")
        for line in (*reads[:2], f"note {deal.id} text"):
            for nowhere in _NOWHERE:
                outcome = _shell(place, line, SALESCOACH_HOME=nowhere)
                tally.tried += 1
                told = outcome.code == 1 and outcome.told
                tally.check(told, "silent", f"{line} in {nowhere}: {outcome}")
            gone = shlex.quote(str(place.with_name("gone")))
            enter = f"mkdir {gone} && cd {gone} && rmdir {gone} && "
            outcome = _shell(place, line, before=enter)
            tally.tried += 1
            tally.check(
                outcome.code == 0 and outcome.clean,
                "silent",
                f"{line} in a deleted folder: {outcome}",
            )
    return tally


def _shell(place: Path, line: str, *, before: str = "", **env: str) -> Outcome:
    program = f"{shlex.quote(PYTHON)} -P -m salescoach"
    done = subprocess.run(
        ["sh", "-c", f"{before}{program} {line}"],
        env={**environ(place), **env},
        cwd=os.path.sep,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return Outcome(done.returncode, done.stdout, done.stderr)
