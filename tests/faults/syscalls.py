"""Lets each call to the system that a save makes fail, one after the other, alone and together with all that follow."""

from __future__ import annotations

import errno
import itertools
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

import pytest

from salescoach.deal.models import Deal
from salescoach.paths import Paths, under
from salescoach.settings import SettingRefused, load_settings, set_setting
from salescoach.store.care.repair import set_aside_document
from salescoach.store.errors import StoreError
from salescoach.store.files.locks import Held, locked
from tests.build import make_deal, uid
from tests.faults.program import home
from tests.faults.tally import Tally
from tests.kinds import deal_store
from tests.store.doing import CALLS, failing, renamed

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
_MOST = 120


@dataclass(frozen=True, slots=True)
class Way:
    """One operation: how the home is made ready, what is done, what must be kept, and what is there once it worked."""

    name: str
    ready: Callable[[Paths], object]
    do: Callable[[Paths], object]
    kept: Callable[[Paths], object]
    """What an operation that failed may not change."""
    done: Callable[[Paths], bool]


def run(size: int) -> Tally:
    """Let every call of every way to write fail with `size` of CODES, in turn."""
    tally = Tally(PROMISE)
    for way, turn, lasting in itertools.product(WAYS, range(size), (False, True)):
        if lasting and size == 1 and way.name != "edit":
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
    for lock in paths.locks.glob("*.lock"):
        lock.write_text("1 another\n", "utf-8")  # so that this one has to sign it
    before = way.kept(paths)
    told: Exception | None = None
    with (
        pytest.MonkeyPatch.context() as patch,
        failing(patch, number, code, WATCHED, lasting=lasting) as made,
    ):
        try:
            way.do(paths)
        except (StoreError, SettingRefused, OSError) as error:
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
    done = way.done(paths)
    if told is None:
        tally.check(done, "silent", f"{met}: nothing was done and nothing told")
        tally.check(lasting or harmless, "silent", f"{met}: passed over")
    else:
        kept = way.kept(paths) == before
        # With the whole disk gone the old version cannot be put back either.
        tally.check(kept or (lasting and done), "corrupt", f"{met}: told, but not as before")
        tally.check(
            lasting or isinstance(told, StoreError) or "settings" in way.name, "silent", met
        )
    if not lasting:
        left = list(paths.deals.glob(".*.tmp"))
        tally.check(call == "unlink" or not left, "corrupt", f"{met}: left {left}")
    _lock_is_free(paths, met, tally)
    if told is not None and not done:
        way.do(paths)
        tally.check(way.done(paths), "lost", f"{met}: trying again does not help")


def _lock_is_free(paths: Paths, met: str, tally: Tally) -> None:
    for lock in paths.locks.glob("*.lock"):
        try:
            with locked(lock, 0):
                pass
        except Held:
            tally.blame("corrupt", f"{met}: the lock is held")


# The ways to write

_ID: Final = uid("deal")


def _files(paths: Paths) -> Iterator[tuple[str, bytes]]:
    for folder in (paths.deals, paths.quarantine):
        for path in sorted(folder.glob("*.json")):
            yield path.stem[:36], path.read_bytes()
    if paths.config_file.exists():
        yield "config", paths.config_file.read_bytes()


def _kept(paths: Paths) -> dict[str, bytes]:
    return dict(_files(paths))


def _name(paths: Paths) -> str:
    store = deal_store(paths)
    return store.read(_ID).name if _ID in store.ids() else ""


def _made(paths: Paths) -> None:
    deal_store(paths).create(make_deal())


def _other(paths: Paths) -> None:
    deal_store(paths).create(make_deal(label="other"))


def _edited(paths: Paths) -> None:
    _made(paths)
    deal_store(paths).edit(_ID, renamed("first"))
    deal_store(paths).edit(_ID, renamed("second"))


def _undone(paths: Paths) -> None:
    _edited(paths)
    deal_store(paths).undo(_ID)


def _many(paths: Paths) -> None:
    _made(paths)
    store = deal_store(paths)
    for number in range(2, 64):
        store.edit(_ID, lambda deal, number=number: deal.but(name=f"name {number}"))  # type: ignore[misc]


def _damaged(paths: Paths) -> None:
    paths.deals.mkdir(parents=True)
    path = paths.deals / f"{_ID}.json"
    path.write_bytes(b'{"id": "half a dea')
    os.utime(path, (1, 1))


def _set_aside(paths: Paths) -> object:
    return set_aside_document(deal_store(paths), _ID)


def _settings(paths: Paths) -> None:
    set_setting(paths.config_file, "me", "Anna")


def _nothing(paths: Paths) -> None:
    """Leave even the home to be made."""


def _edit(paths: Paths) -> Deal:
    return deal_store(paths).edit(_ID, renamed("new"))


def _called(name: str) -> Callable[[Paths], bool]:
    return lambda paths: _name(paths) == name


def _is_set_aside(paths: Paths) -> bool:
    return [aside.document for aside in deal_store(paths).quarantined()] == [_ID]


def _chosen(name: str) -> Callable[[Paths], bool]:
    return lambda paths: load_settings(paths.config_file, {})[0].me == name


def _store(call: str, *arguments: Any) -> Callable[[Paths], object]:
    return lambda paths: getattr(deal_store(paths), call)(*arguments)


WAYS: Final = (
    Way("first deal", _nothing, _made, _kept, _called("CRM 升级")),
    Way("create", _other, _made, _kept, _called("CRM 升级")),
    Way("first edit", _made, _edit, _kept, _called("new")),
    Way("edit", _edited, _edit, _kept, _called("new")),
    Way("edit that prunes", _many, _edit, _kept, _called("new")),
    Way("undo", _edited, _store("undo", _ID), _kept, _called("first")),
    Way("redo", _undone, _store("redo", _ID), _kept, _called("second")),
    Way("quarantine", _damaged, _set_aside, _kept, _is_set_aside),
    Way("first settings", _nothing, _settings, _kept, _chosen("Anna")),
    Way(
        "settings",
        lambda paths: set_setting(paths.config_file, "me", "Bo"),
        _settings,
        _kept,
        _chosen("Anna"),
    ),
)
