"""Restores backups made by somebody hostile, saves through links, and copies under every umask."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path
from typing import Final

from salescoach.paths import under
from salescoach.store.care import archive
from tests.build import uid
from tests.faults.commands import import_early
from tests.faults.program import a_deal, command, home, stored
from tests.faults.tally import Tally
from tests.store.test_backup import forge

PROMISE: Final = (
    "Hostile backups, links in the place of own folders, any umask: refused in a line, nothing"
    " written elsewhere, all for its owner only"
)
SHORT, LONG = 2, 30
_UMASKS: Final = (0o000, 0o022, 0o777)


def run(size: int) -> Tally:
    """Restore bombs of up to `size` times the members that are allowed; links and umasks once each."""
    tally = Tally(PROMISE)
    import_early()
    for factor in range(1, size + 1):
        with home() as place:
            _bomb(place, 30 * factor, tally)
            _manifest(place, 100_000 * factor, tally)
    with home() as place:
        _link(place, tally)
        for umask in _UMASKS:
            _copied(place, umask, tally)
    return tally


def _refused(place: Path, file: Path, tally: Tally) -> None:
    tally.tried += 1
    outcome = command(place, "restore", str(file), "--yes")
    tally.check(outcome.told, "silent", f"{file.name}: {outcome.code} {outcome.err[-300:]}")
    made = sum(path.stat().st_size for path in place.rglob("deals/*"))
    tally.check(made == 0, "corrupt", f"{made} bytes were written")


def _bomb(place: Path, members: int, tally: Tally) -> None:
    place.mkdir(exist_ok=True)
    file = place / "bomb.zip"
    forge(file, {f"deals/{uid(str(one))}.json": bytes(archive.SMALL) for one in range(members)})
    _refused(place, file, tally)


def _manifest(place: Path, values: int, tally: Tally) -> None:
    file = place / "manifest.zip"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(archive.MANIFEST, b'{"members": {"a": [' + b"[]," * values + b"1]}}")
    _refused(place, file, tally)


def _link(place: Path, tally: Tally) -> None:
    tally.tried += 1
    key, paths, elsewhere = a_deal(place).id, under(place), place / "elsewhere"
    elsewhere.mkdir()
    paths.history.mkdir(parents=True, exist_ok=True)
    (paths.history / key).symlink_to(elsewhere)
    outcome = command(place, "note", key, "a note")
    tally.check(outcome.told, "silent", f"a link: {outcome.code} {outcome.err[-300:]}")
    tally.check(not list(elsewhere.iterdir()), "corrupt", "something was written through a link")
    tally.check(not stored(paths, key).notes, "corrupt", "the deal has changed")


def _copied(place: Path, umask: int, tally: Tally) -> None:
    tally.tried += 1
    target = place / f"copied under {umask:o}"
    outcome = command(place, "playbook", "copy", str(target), before=lambda: os.umask(umask))
    tally.check(outcome.code == 0, "silent", f"umask {umask:o}: {outcome.err}")
    for path in (target, *target.rglob("*")):
        wanted = 0o700 if path.is_dir() else 0o600
        mode = path.stat().st_mode & 0o777
        tally.check(mode == wanted, "corrupt", f"{path.name} has {mode:o} under {umask:o}")
