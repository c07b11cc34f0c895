"""Lets many processes and a running app change one deal at the same time."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Final

from salescoach.cli import main
from salescoach.paths import under
from tests.faults.app import TICKED, RunningApp, comes_true
from tests.faults.program import a_deal, child, home, shell, stored
from tests.faults.tally import Tally

PROMISE: Final = "Processes and a running app on one deal at once: every edit is there"
SHORT, LONG = 20, 800
_LOCKED: Final = 5
"""The exit code of a command that could not get the lock in time and said so."""


def run(size: int) -> Tally:
    """Make `size` edits by shell commands from up to eight processes, and an eighth as many by keys in the app."""
    tally, crowd = Tally(PROMISE), 8 if size >= 100 else 4
    each, presses = size // crowd, max(4, size // 8)
    with home() as place:
        deal = a_deal(place)
        with RunningApp(place) as app:
            app.open_the_deal()
            workers = [child(__name__, place, deal.id, name, each) for name in range(crowd)]
            # A tick and an untick in turn: each is an edit of its own.
            for _ in range(presses):
                app.press(b" ")
            codes = [worker.wait(300) for worker in workers]
            tally.check(not any(codes), "silent", f"workers ended with {codes}")
            expected = deal.rev + crowd * each + presses
            tally.tried = crowd * each + presses
            comes_true(lambda: stored(under(place), deal.id).rev >= expected)
            found = stored(under(place), deal.id)
            if presses % 2:
                app.shows(TICKED)
    texts = {note.text for note in found.notes.values()}
    missing = [
        text for name in range(crowd) for n in range(each) if (text := _text(name, n)) not in texts
    ]
    if missing:
        tally.blame("lost", f"notes {missing[:5]}", len(missing))
    tally.check(len(found.notes) == crowd * each, "corrupt", f"{len(found.notes)} notes")
    toggles = [event for event in found.timeline.values() if event.what in _TOGGLES]
    tally.check(len(toggles) == presses, "lost", f"{len(toggles)} of {presses} keys' edits")
    tally.check(found.rev == expected, "corrupt", f"rev {found.rev} instead of {expected}")
    return tally


_TOGGLES: Final = ("ticked", "unticked")


def _text(name: object, number: int) -> str:
    return f"note {number} of {name}"


def _work(place: Path, key: str, name: str, count: int) -> int:
    """Make `count` notes: the first through a process of its own, the others through the same command in this one."""
    for number in range(count):
        arguments = ("note", key, _text(name, number))
        while True:
            code = shell(place, *arguments).code if number == 0 else main(arguments)
            if code != _LOCKED:
                break
            time.sleep(0.01)
        if code != 0:
            return code
    return 0


if __name__ == "__main__":
    sys.exit(_work(Path(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4])))
