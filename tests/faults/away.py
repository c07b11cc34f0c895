"""Takes the deals' folder away under the running app and brings it back, and keeps deals and state on different disks."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

from salescoach.paths import under
from tests.bench.keys import DOWN
from tests.faults.app import RunningApp, comes_true
from tests.faults.disk import inside, small_disk
from tests.faults.program import a_deal, command, home, stored
from tests.faults.tally import Tally

PROMISE: Final = (
    "A deals folder that goes away and comes back, deals and state on two disks: edits are told as"
    " waiting, saved once it is back, undone as ever"
)
SHORT, LONG = 1, 12


def run(size: int) -> Tally:
    """Take the folder away `size` times in each way, and save across two disks as often."""
    with home() as place:
        place.mkdir()
        return inside(__name__, PROMISE, size, place)


def _run(size: int) -> Tally:
    tally = Tally(PROMISE)
    for _ in range(size):
        with home() as place:
            _unmounted(place, tally)
        with home() as place:
            _renamed(place, tally)
        with home() as place, small_disk(place / "state", 16 * 1024 * 1024):
            _two_disks(place, tally)
    return tally


def _unmounted(place: Path, tally: Tally) -> None:
    key = a_deal(place).id
    share, deals = place.with_name("share"), place / "deals"
    deals.rename(share)
    deals.mkdir()
    mount = ["mount", "--bind", str(share), str(deals)]
    subprocess.run(mount, check=True)
    try:
        _app(
            place,
            key,
            tally,
            lambda: subprocess.run(["umount", "-l", str(deals)], check=True),
            lambda: subprocess.run(mount, check=True),
        )
    finally:
        subprocess.run(["umount", "-l", str(deals)], check=False)


def _renamed(place: Path, tally: Tally) -> None:
    key = a_deal(place).id
    deals, away = place / "deals", place / "elsewhere"
    _app(place, key, tally, lambda: deals.rename(away), lambda: away.rename(deals))


def _app(
    place: Path,
    key: str,
    tally: Tally,
    go: Callable[[], object],
    back: Callable[[], object],
) -> None:
    tally.tried += 1
    with RunningApp(place) as app:
        app.open_the_deal()
        go()
        app.press(b" ", DOWN, b" ")
        try:
            app.tells_unsaved()
        except AssertionError as error:
            tally.blame("silent", f"the folder is away: {error}")
        back()
        app.ask_again()
        saved = comes_true(lambda: len(stored(under(place), key).items) == 2)
        tally.check(saved, "lost", "the edits were not saved once the folder was back")


def _two_disks(place: Path, tally: Tally) -> None:
    key = a_deal(place).id
    for number in range(3):
        tally.tried += 1
        outcome = command(place, "edit", key, "--name", f"name {number}")
        tally.check(outcome.code == 0, "lost", f"an edit across disks: {outcome.err}")
    tally.tried += 1
    undone = command(place, "undo", key)
    name = stored(under(place), key).name
    tally.check(undone.code == 0 and name == "name 1", "lost", f"undo: {undone.err} {name}")


if __name__ == "__main__":
    print(_run(int(sys.argv[1])).to_json())
