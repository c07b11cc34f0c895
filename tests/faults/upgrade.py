"""Kills the upgrade of an old home at random moments until it is finished, and looks at what there is after each kill."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import time
from pathlib import Path
from typing import Any, Final

from salescoach.customer.names import folded
from salescoach.paths import Paths, under
from salescoach.settings import Settings
from salescoach.store.care import archive
from salescoach.store.care.restore import Restore
from salescoach.store.errors import StoreError
from salescoach.workspace import Workspace
from salescoach.workspace import upgrade as upgrades
from salescoach.workspace.upgrade_note import UpgradeNote
from tests import old_homes
from tests.faults.program import home
from tests.faults.tally import Tally

PROMISE: Final = "An old home is upgraded whole, however often that is killed, and its backup gives back the old bytes"
SHORT, LONG = 40, 400
"""Kills; the long run kills the upgrade of 10,000 deals too."""
_DEALS = 16
_MANY = 10_000
_NUMBERS = frozenset({"rev", "save", "ancestry"})


def run(size: int) -> Tally:
    """Kill `size` upgrades of small homes, and in the long run some of a large one."""
    tally, rng = Tally(PROMISE), random.Random(11)
    with home() as place:
        whole = _home(place / "whole", _DEALS)
        upgrades.upgrade(_workspace(whole))
        expected = _content(whole)
        number, longest = 0, 0.05
        while tally.tried < size:
            number += 1
            longest = _round(place / f"{number}", expected, rng, tally, size, longest)
    if size >= LONG:
        _large(rng, tally)
    return tally


def _round(
    place: Path,
    expected: dict[str, Any],
    rng: random.Random,
    tally: Tally,
    size: int,
    longest: float,
) -> float:
    """Kill the upgrade of one home again and again until it is done; return how long a whole one takes at most."""
    paths = _home(place, _DEALS)
    originals = _files(paths.deals)
    while not UpgradeNote(paths).is_done():
        start = time.monotonic()
        # With one deal in a batch there are as many moments as in a large home.
        killed = _killed(paths, rng.random() * longest if tally.tried < size else None, batch=1)
        if not killed:
            longest = max(0.9 * longest, time.monotonic() - start)
        tally.tried += killed
        _readable(paths, originals, tally)
    _judge(paths, expected, originals, tally)
    shutil.rmtree(place)
    return longest


def _large(rng: random.Random, tally: Tally) -> None:
    with home() as place:
        paths = old_homes.fill(place / "large", _MANY)
        ids = {path.stem for path in paths.deals.iterdir()}
        for _ in range(5):
            tally.tried += _killed(paths, 2 + rng.random() * 8, batch=None)
        _killed(paths, None, batch=None)
        workspace = _workspace(paths)
        tally.check(UpgradeNote(paths).is_done(), "lost", "the large home is not done")
        tally.check(not upgrades.old_deals(workspace), "lost", "old deals in the large home")
        tally.check(set(workspace.store.ids()) == ids, "lost", "deals of the large home")
        for key in rng.sample(sorted(ids), 200):
            deal = workspace.read(key)
            known = all(person in deal.customer_record.people for person in deal.stakeholders)  # type: ignore[union-attr]
            tally.check(known and bool(deal.stakeholders), "lost", f"people of {key}")


def _killed(paths: Paths, after: float | None, batch: int | None) -> bool:
    """Upgrade in a process of its own and kill it after so many seconds; say whether it was killed before its end."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            os.close(reading)
            if batch is not None:
                upgrades._BATCH = batch
            workspace = _workspace(paths)
            workspace.hand_over_rules()
            os.write(writing, b".")
            upgrades.upgrade(workspace)
        finally:
            os._exit(0)
    os.close(writing)
    os.read(reading, 1)
    os.close(reading)
    if after is None:
        os.waitpid(pid, 0)
        return False
    end = time.monotonic() + after
    while time.monotonic() < end:
        if os.waitpid(pid, os.WNOHANG)[0]:
            return False
        time.sleep(0.0005)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    return True


def _readable(paths: Paths, originals: dict[str, bytes], tally: Tally) -> None:
    """Every deal is there with all its people after a kill, whether it has the old form or the new one."""
    workspace = _workspace(paths)
    ids = workspace.store.ids()
    tally.check(len(ids) == len(originals), "lost", f"{len(ids)} of {len(originals)} deals")
    for key in ids:
        try:
            deal = workspace.read(key)
        except StoreError as error:
            tally.blame("corrupt", f"{key}: {error}")
            continue
        if deal.customer_record is None:
            tally.blame("lost", f"the customer of {key}")
            continue
        # A number is the same however it is spaced.
        told = folded(
            json.dumps(
                [one.model_dump(mode="json") for one in deal.contacts.values()], ensure_ascii=False
            )
        )
        for contact in json.loads(originals[f"{key}.json"])["contacts"].values():
            for field in ("name", "title", "phone", "email", "note"):
                value = contact.get(field) or ""
                tally.check(
                    folded(value) in told, "lost", f"{field} {value!r} of somebody in {key}"
                )


def _judge(
    paths: Paths, expected: dict[str, Any], originals: dict[str, bytes], tally: Tally
) -> None:
    """The finished home says what one upgraded undisturbed says, keeps the originals, and its backup gives them back."""
    found = _content(paths)
    for key in expected.keys() | found.keys():
        tally.check(found.get(key) == expected.get(key), "lost", f"{key} is another one")
    for name, data in originals.items():
        kept = _files(paths.history / Path(name).stem)
        tally.check(data in kept.values(), "lost", f"the original of {name}")
    backups = list((paths.state / "backups").glob("*.zip"))
    if not tally.check(len(backups) == 1, "lost", f"{len(backups)} backups"):
        return
    fresh = under(paths.state / "restored")
    stores = _workspace(fresh).stores
    with archive.opened(backups[0], [store.kind.folder for store in stores]) as file:
        restore = Restore(file, stores, file.check())
        for fate in restore.plan().documents:
            restore.put_back(fate)
    tally.check(_files(fresh.deals) == originals, "lost", "the backup gives other bytes")


def _home(place: Path, deals: int) -> Paths:
    old_homes.small(place)
    return old_homes.fill(place, deals)


def _workspace(paths: Paths) -> Workspace:
    return Workspace(paths, Settings(), lang="en")


def _files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.glob("*.json")}


def _content(paths: Paths) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for folder in (paths.customers, paths.deals):
        for name, data in _files(folder).items():
            raw = json.loads(data)
            found[name] = {field: raw[field] for field in raw if field not in _NUMBERS}
    return found
