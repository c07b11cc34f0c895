"""Makes folders read-only under shell commands and under the running app, and writable again."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Final

from salescoach.paths import under
from tests.bench.keys import DOWN, ENTER
from tests.faults.app import TICKED, RunningApp, comes_true
from tests.faults.commands import import_early, judge, shells, stored_bytes, try_again
from tests.faults.disk import inside, read_only, small_disk
from tests.faults.program import a_deal, command, home, stored
from tests.faults.tally import Tally

PROMISE: Final = (
    "A read-only folder: browsed, told in a banner and at each change, saved once it is writable"
)
SHORT, LONG = 1, 10
_PLACES: Final = ("deals", "state", "state/history", "state/locks", "cache", ".")


def run(size: int) -> Tally:
    """Do every command over each folder that is read-only, or in a short run few, and use the app `size` times."""
    with home() as place:
        place.mkdir()
        return inside(__name__, PROMISE, size, place)


def _run(size: int) -> Tally:
    tally = Tally(PROMISE)
    import_early()
    # The folders of a small disk, since the options of other disks may not be changed by everybody.
    with home() as outer, small_disk(outer.with_name("disk"), 64 * 1024 * 1024) as disk:
        ready, place = disk / "ready", disk / "home"
        deal = a_deal(ready)
        command(ready, "edit", deal.id, "--name", "renamed")
        command(ready, "edit", deal.id, "--name", "CRM 升级")
        command(ready, "list")
        every = shells(deal.id)
        for folder in _PLACES:
            for one in every if size > 1 else every[:1]:
                tally.tried += 1
                shutil.copytree(ready, place)
                for arguments in one.before:
                    command(place, *arguments)
                before, met = stored_bytes(place), f"{' '.join(one.arguments)}, {folder} read-only"
                with read_only(place / folder):
                    outcome = command(place, *one.arguments)
                    judge(one, place, outcome, before, met, tally)
                try_again(one, place, outcome, met, tally)
                shutil.rmtree(place)
        for number in range(size):
            shutil.copytree(ready, place)
            _app(place, deal.id, tally, ask=number % 2 == 0)
            shutil.rmtree(place)
    return tally


def _app(place: Path, key: str, tally: Tally, *, ask: bool) -> None:
    tally.tried += 2
    with RunningApp(place) as app:
        app.open_the_deal()
        before = stored_bytes(place)
        with read_only(place / "deals"):
            app.press(b" ")
            try:
                app.tells_unsaved()
                app.press(DOWN, b"\x1b", ENTER)
                app.shows(TICKED)
            except AssertionError as error:
                tally.blame("silent", f"the app in a read-only folder: {error}")
            tally.check(stored_bytes(place) == before, "corrupt", "a read-only file has changed")
        if ask:
            app.ask_again()
        saved = comes_true(lambda: bool(stored(under(place), key).items))
        tally.check(saved, "lost", "the app's edit was not saved once it could be")
    with read_only(place / "deals"), RunningApp(place) as app:
        try:
            app.shows("The deals folder cannot be written")
        except AssertionError as error:
            tally.blame("silent", f"no banner: {error}")


if __name__ == "__main__":
    print(_run(int(sys.argv[1])).to_json())
