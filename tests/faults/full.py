"""Fills the disk under shell commands and under the running app, to the last page and to a few before it."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Final

from salescoach.paths import under
from tests.faults.app import TICKED, RunningApp, comes_true
from tests.faults.commands import import_early, judge, shells, stored_bytes, try_again
from tests.faults.disk import Ballast, inside, small_disk
from tests.faults.program import a_deal, command, home, stored
from tests.faults.tally import Tally

PROMISE: Final = (
    "A full disk: told, the old file stays, the edit stays on screen, trying again saves it"
)
SHORT, LONG = 1, 24
_PAGE: Final = 4096
_COMMANDS_OF_A_SHORT_RUN: Final = 3


def run(size: int) -> Tally:
    """Fill the disk up to `size` pages before its end, under each command, and under the app a few times."""
    with home() as place:
        place.mkdir()
        return inside(__name__, PROMISE, size, place)


def _run(size: int) -> Tally:
    tally = Tally(PROMISE)
    import_early()
    with home() as place:
        deal = a_deal(place)
        command(place, "list")
        every = shells(deal.id)
        for one in every if size > 1 else every[:_COMMANDS_OF_A_SHORT_RUN]:
            mine = place.with_name("mine")
            shutil.copytree(place, mine)
            for arguments in one.before:
                command(mine, *arguments)
            for pages in range(size):
                with small_disk(place.with_name("disk")) as disk:
                    shutil.copytree(mine, disk / "home")
                    ballast = Ballast(disk)
                    ballast.fill(leave=pages * _PAGE)
                    tally.tried += 1
                    met = f"{' '.join(one.arguments)}, {pages} pages left"
                    before = stored_bytes(disk / "home")
                    outcome = command(disk / "home", *one.arguments)
                    judge(one, disk / "home", outcome, before, met, tally)
                    ballast.drop()
                    try_again(one, disk / "home", outcome, met, tally)
            shutil.rmtree(mine)
        for number in range(1 + size // 6):
            with small_disk(place.with_name("disk")) as disk:
                shutil.copytree(place, disk / "home")
                _app(disk, deal.id, tally, ask=number % 2 == 0)
    return tally


def _app(disk: Path, key: str, tally: Tally, *, ask: bool) -> None:
    """Tick an item on a full disk; then make room, and press the key for trying again, or wait."""
    place, ballast = disk / "home", Ballast(disk)
    tally.tried += 1
    with RunningApp(place) as app:
        app.open_the_deal()
        ballast.fill()
        before = stored_bytes(place)
        app.press(b" ")
        try:
            app.tells_unsaved()
        except AssertionError as error:
            tally.blame("silent", f"the app on a full disk: {error}")
        tally.check(stored_bytes(place) == before, "corrupt", "the app changed a file it could not")
        ballast.drop()
        if ask:
            app.ask_again()
        saved = comes_true(lambda: bool(stored(under(place), key).items))
        tally.check(saved, "lost", "the app's edit was not saved once there was room")
        try:
            app.shows(TICKED)
        except AssertionError as error:
            tally.blame("lost", f"the edit left the screen: {error}")


if __name__ == "__main__":
    print(_run(int(sys.argv[1])).to_json())
