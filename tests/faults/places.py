"""Puts whatever can stand there in the place of the settings and of the caches, out of a backup too."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import Final

from tests.cli.test_bad_settings import BAD
from tests.faults.commands import import_early
from tests.faults.program import a_deal, home, shell
from tests.faults.tally import Tally

PROMISE: Final = (
    "Settings and caches that are anything: no command stops or hangs, one line says how to mend it"
)
SHORT, LONG = 3, 0
_LIMIT: Final = 30


def run(size: int) -> Tally:
    """Try the first `size` kinds of settings, or all without one, and a pipe in the place of each cache."""
    tally = Tally(PROMISE)
    import_early()
    with home() as place:
        deal = a_deal(place).id
        shell(place, "list")
        path = place / "config.toml"
        for name in list(BAD)[: size or None]:
            BAD[name](path)
            _commands(place, deal, path, name, tally)
            _remove(path)
        os.mkfifo(path)
        _commands(place, deal, path, "a named pipe", tally)
        _remove(path)
        for cache in sorted((place / "cache").iterdir()):
            _remove(cache)
            os.mkfifo(cache)
            _commands(place, deal, None, f"a named pipe as {cache.name}", tally)
    return tally


def _commands(place: Path, deal: str, path: Path | None, name: str, tally: Tally) -> None:
    for words in (("list",), ("note", deal, "a note"), ("next", deal)):
        tally.tried += 1
        try:
            outcome = shell(place, *words, timeout=_LIMIT)
        except subprocess.TimeoutExpired as error:
            tally.blame("silent", f"{name}: {words[0]} hangs: {error}")
            continue
        fine = outcome.code == 0 and outcome.clean
        tally.check(fine, "silent", f"{name}: {words[0]}: {outcome.code} {outcome.err[-300:]}")
    if path is not None:
        told = shell(place, "config", "show", timeout=_LIMIT)
        fine = str(path) in told.err and len(told.err) < 2_000
        tally.check(fine, "silent", f"{name}: {told.err[:300]}")


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink()
