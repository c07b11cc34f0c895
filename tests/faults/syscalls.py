"""Lets each call to the system that a save makes fail, one after the other, alone and together with all that follow."""

from __future__ import annotations

import errno
import itertools
import shutil
from typing import Final

import pytest

from salescoach.document.errors import DocumentError
from salescoach.paths import Paths, under
from salescoach.settings import SettingRefused, Settings
from salescoach.store.errors import HalfSaved, StoreError
from salescoach.store.files.locks import Held, locked
from salescoach.workspace import Workspace
from tests.faults.program import home
from tests.faults.tally import Tally
from tests.faults.ways import WAYS, Way
from tests.store.doing import CALLS, failing

PROMISE: Final = "Whichever call fails, in whichever way: saved, or told and as it was before"
SHORT, LONG = 1, 5
CODES: Final = (errno.ENOSPC, errno.EINTR, errno.EIO, errno.EROFS, errno.EDQUOT)
WATCHED: Final = (*CALLS, "rename", "unlink", "read", "fchmod", "chmod", "pread", "fstat", "lstat")
_HARMLESS: Final = {
    "close",
    "pwrite",
    "ftruncate",
    "pread",
    "unlink",
    "chmod",
    "fchmod",
    "fstat",
    "lstat",
}
"""Calls whose failure alone need not be told: the note in the lock file, what comes after the last fsync, tidying up."""
_MOST = 200


def run(size: int) -> Tally:
    """Let every call of every way to write fail with `size` of CODES, in turn."""
    tally = Tally(PROMISE)
    for way, turn, lasting in itertools.product(WAYS, range(size), (False, True)):
        if lasting and size == 1 and not way.brief:
            continue
        with home() as place:
            ready = place.with_name("ready")
            way.ready(under(ready))
            for number in itertools.count(1):
                if ready.exists():
                    shutil.copytree(ready, place)
                code = CODES[(number + turn) % len(CODES)]
                calls = _try(way, under(place), code, number, tally, lasting=lasting)
                shutil.rmtree(place, ignore_errors=True)
                if calls < number or number > _MOST:
                    break
        tally.check(3 < number <= _MOST, "silent", f"{way.name} made {number} calls")
    return tally


def _try(way: Way, paths: Paths, code: int, number: int, tally: Tally, *, lasting: bool) -> int:
    """Let the call `number`, or all from it on, fail; return how many calls there were."""
    for lock in paths.locks.rglob("*.lock"):
        lock.write_text("1 another\n", "utf-8")  # so that this one has to sign it
    before = way.kept(paths)
    told: Exception | None = None
    with (
        pytest.MonkeyPatch.context() as patch,
        failing(patch, number, code, WATCHED, lasting=lasting) as made,
    ):
        try:
            way.do(paths)
        except (StoreError, DocumentError, SettingRefused, OSError) as error:
            told = error
        except Exception as error:  # noqa: BLE001 - this is what is looked for
            tally.blame("silent", f"{way.name}: {type(error).__name__}: {error}")
    if len(made) < number:
        tally.check(told is None and way.done(paths), "lost", f"{way.name} does not work at all")
        return len(made)
    tally.tried += 1
    met = f"{way.name}, call {number} {made[number - 1]} {errno.errorcode[code]} {lasting=}"
    try:
        harmless = made[number - 1] in _HARMLESS or _after_the_save(made[: number - 1])
        _judge(
            way, paths, before, told, met, tally, made[number - 1],
            lasting=lasting, harmless=harmless,
        )  # fmt: skip
    except Exception as error:  # noqa: BLE001 - what cannot even be looked at is broken
        tally.blame("corrupt", f"{met}: {type(error).__name__}: {error}")
    return len(made)


def _after_the_save(made: list[str]) -> bool:
    """Say whether the file was replaced and its folder synced by then: what follows is a copy of it, and tidying up."""
    at = next((at for at in range(len(made) - 1, -1, -1) if made[at] == "replace"), None)
    return at is not None and "fsync" in made[at:]


def _judge(
    way: Way,
    paths: Paths,
    before: object,
    told: Exception | None,
    met: str,
    tally: Tally,
    call: str,
    *,
    lasting: bool,
    harmless: bool,
) -> None:
    if isinstance(told, HalfSaved):
        # Some of its documents are saved: whoever writes next saves the others.
        Workspace(paths, Settings(lang="en"), lang="en").sweep()
        tally.check(way.done(paths), "lost", f"{met}: what was half saved is not finished")
        return
    done = way.done(paths)
    if told is None:
        tally.check(done, "silent", f"{met}: nothing was done and nothing told")
        tally.check(lasting or harmless, "silent", f"{met}: passed over")
    else:
        kept = way.kept(paths) == before
        # With the whole disk gone the old version cannot be put back either.
        tally.check(kept or (lasting and done), "corrupt", f"{met}: told, but not as before")
        tally.check(
            lasting or isinstance(told, StoreError | DocumentError) or "settings" in way.name,
            "silent",
            met,
        )
    if not lasting:
        left = [path for path in paths.deals.parent.rglob(".*.tmp") if "cache" not in path.parts]
        tally.check(call == "unlink" or not left, "corrupt", f"{met}: left {left}")
    _lock_is_free(paths, met, tally)
    if told is not None and not done:
        way.do(paths)
        tally.check(way.done(paths), "lost", f"{met}: trying again does not help")


def _lock_is_free(paths: Paths, met: str, tally: Tally) -> None:
    for lock in paths.locks.rglob("*.lock"):
        try:
            with locked(lock, 0):
                pass
        except Held:
            tally.blame("corrupt", f"{met}: the lock is held")
