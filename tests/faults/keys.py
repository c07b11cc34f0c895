"""Types at the running app faster than it can show, over its screens and forms, and looks in the files where it landed.

Every text that is typed is used once. A sequence is right when each of its texts is the whole value of the field that it
was typed for, and the deals have changed as often as the sequence changes them: a key that was taken for a command, or
for another field, shows in one of the two.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from salescoach.paths import under
from tests.bench.home import APP, environ
from tests.bench.terminal import Terminal
from tests.faults.key_stories import COLD, ESC, STORIES, WARM, Click, Key, Story
from tests.faults.kinds import TRIED
from tests.faults.program import TOP, a_deal, home
from tests.faults.tally import Tally, from_json

PROMISE: Final = "Keys typed while a screen, form, list or field change is under way: each lands where it was meant"
SHORT, LONG = 24, 3_000
GAPS: Final = (0, 5, 20, 50, 100)
"""Milliseconds between two keys; 0 sends all in one write."""
LIMIT: Final = 60.0
"""Seconds until a text that is not in the files is lost, on a machine that has much else to do."""
LATE: Final = 0.08
"""Seconds after which the second byte of a sequence is not sent in time: the first one may be the Escape key by then."""
_AT_ONCE: Final = 4
"""Programs that are typed at in the long run: they also keep the machine busy for each other."""
_COLD_EVERY: Final = 15


def run(size: int) -> Tally:
    """Type `size` sequences, in the long run at several programs at once."""
    crowd = _AT_ONCE if size >= 10 * _AT_ONCE * _COLD_EVERY else 2
    shares = [size // crowd + (size % crowd > number) for number in range(crowd)]
    processes = [
        subprocess.Popen(
            [sys.executable, "-m", __name__, str(share), str(number)],
            cwd=TOP,
            stdout=subprocess.PIPE,
            text=True,
        )
        for number, share in enumerate(shares)
    ]
    tally = Tally(PROMISE)
    for process in processes:
        told, _ = process.communicate()
        tally.add(from_json(told.splitlines()[-1]))
    return tally


@dataclass(slots=True)
class Typist:
    """Somebody who types at one program and looks into its files."""

    place: Path
    chance: random.Random
    tally: Tally
    number: int = 0
    terminal: Terminal | None = None
    events: int = 0
    fields: dict[str, str] = field(default_factory=dict)

    def type(self, story: Story, gap: int) -> None:
        """Type a story and count what went wrong."""
        self.tally.tried += 1
        if story.cold or story.before:
            self.close()
        if story.before:
            story.before(self.place)
        if self.terminal is None:
            self._start(cold=story.cold)
        expected: dict[str, str] = {}
        pieces = [self._piece(each, expected, gap) for each in story.keys]
        before = self.events
        if not self._send(pieces, gap):
            self.tally.tried -= 1
            self.close()
            return
        # The last of the changes may hold no text.
        wanted = before + story.events
        landed = self._until(
            lambda: _placed(self.place, expected) == set(expected) and _events(self.place) >= wanted
        )
        found = _events(self.place)
        if landed and found == wanted:
            self.events = found
            return
        at = f"{story.name}, {gap} ms, {pieces}"
        missing = set(expected) - _placed(self.place, expected)
        for text in missing:
            elsewhere = _where(self.place, text)
            self.tally.blame(
                "corrupt" if elsewhere else "lost",
                f"{at}: {text} for {expected[text]}: {elsewhere}",
            )
        if found != wanted:
            self.tally.blame(
                "corrupt", f"{at}: {found - before} changes in place of {story.events}"
            )
        self.close()

    def close(self) -> None:
        """End the program."""
        if self.terminal is not None:
            self.terminal.close()
            self.terminal = None
        for draft in (self.place / "state" / "recovery").glob("*"):
            draft.unlink()

    def _piece(self, each: Key, expected: dict[str, str], gap: int) -> list[str]:
        if isinstance(each, Click):
            at = self._field(each.label)
            return [f"\x1b[<0;{at}M", f"\x1b[<0;{at}m"]
        if isinstance(each, str):
            # A tenth of a second after it, the first byte of a sequence is the Escape key.
            if each.startswith(ESC) and len(each) > 1 and gap < 100 and self.chance.random() < 0.2:
                return list(each)  # a sequence that comes in several reads
            return [each]
        self.number += 1
        text = (
            self.chance.choice("甲乙丙丁")
            + f"{self.number}号"
            + self.chance.choice(("王", "li", "é"))
        )
        expected[text] = each.field
        if each.within:
            return [*text[:2], each.within, *text[2:]]
        if self.chance.random() < 0.2:
            return [text]  # an input method sends a phrase at once
        # Two pastes that arrive in one go count as one: what is pasted may hold an end marker itself.
        if len(expected) == 1 and self.chance.random() < 0.1:
            return [f"\x1b[200~{text}\x1b[201~"]
        return list(text)

    def _field(self, label: str) -> str:
        """Return where the field with this label is, as a terminal tells it; the form is opened for it once."""
        if not self.fields:
            assert self.terminal is not None
            for key in (b"p", b"a"):
                self.terminal.press(key, quiet=0.5)
            shown = ""

            def is_shown(text: str) -> bool:
                nonlocal shown
                shown = text
                return "Department" in text

            self.terminal.until(is_shown, quiet=0.2, limit=LIMIT)
            for key in (ESC.encode(), ESC.encode()):
                self.terminal.press(key, quiet=0.5)
            for row, line in enumerate(shown.splitlines(), start=1):
                for name in ("Department", "Title"):
                    if (at := line.find(name)) >= 0:
                        self.fields[name] = f"{at + 25};{row}"
        return self.fields[label]

    def _start(self, *, cold: bool) -> None:
        self.events = _events(self.place)
        self.terminal = Terminal(APP, environ(self.place))
        if not cold:
            self.terminal.until(lambda text: "? help" in text, quiet=0.2, limit=LIMIT)
            for key in (b"2", b"/", b"CRM", b"\r", b"\r"):
                self.terminal.press(key, quiet=0.3)
            self.terminal.until(
                lambda text: "tick" in text.splitlines()[-1], quiet=0.2, limit=LIMIT
            )
        elif wait := self.chance.choice((0, 0, 5, 20, 50, 100, 200, 300)):
            time.sleep(wait / 1000)

    def _send(self, pieces: list[list[str]], gap: int) -> bool:
        """Send everything; say whether it was sent in time: on a busy machine the rest of a sequence can be late."""
        assert self.terminal is not None
        if not gap:
            os.write(self.terminal.fd, "".join(part for piece in pieces for part in piece).encode())
            return True
        in_time = True
        for piece in pieces:
            began = time.perf_counter()
            for number, part in enumerate(piece):
                os.write(self.terminal.fd, part.encode())
                late = piece[0] == ESC and number == 1 and time.perf_counter() - began > LATE
                in_time = in_time and not late
                end = time.perf_counter() + gap / 1000
                while (left := end - time.perf_counter()) > 0:
                    self.terminal.read(quiet=left, limit=left)
        return in_time

    def _until(self, wanted: Callable[[], bool]) -> bool:
        assert self.terminal is not None
        end = time.monotonic() + LIMIT
        while not wanted():
            if time.monotonic() > end or self.terminal.ended:
                return False
            self.terminal.read(quiet=0.01, limit=0.03)
            self.terminal.pieces.clear()
        # What was typed behind the last text has its effect, and a change too many would be saved by now.
        self.terminal.read(quiet=0.1, limit=0.5)
        return True


def _documents(place: Path) -> Iterator[Any]:
    for tried in TRIED:
        for path in sorted(tried.folder(under(place)).glob("*.json")):
            yield json.loads(path.read_bytes())


def _events(place: Path) -> int:
    """Count the acts: what one of them changes in several documents has the same id in each."""
    return len({key for document in _documents(place) for key in document["timeline"]})


def _values(node: Any, name: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(node, dict):
        for key, value in node.items():
            if key == "timeline":
                for event in value.values():
                    told = {**event["about"], "by": event.get("by", "")}
                    yield from ((f"{event['what']}.{name}", text) for name, text in told.items())
            else:
                yield from _values(value, key)
    elif isinstance(node, list):
        for value in node:
            yield from _values(value, name)
    elif isinstance(node, str):
        yield name, node


def _placed(place: Path, expected: dict[str, str]) -> set[str]:
    """Return the texts that are the whole value of the field that they were typed for."""
    found = {(value, name) for document in _documents(place) for name, value in _values(document)}
    return {text for text, name in expected.items() if (text, name) in found}


def _where(place: Path, text: str) -> list[tuple[str, str]]:
    return [
        (name, value)
        for document in _documents(place)
        for name, value in _values(document)
        if text in value
    ]


def _run(size: int, seed: int) -> Tally:
    tally = Tally(PROMISE)
    chance = random.Random(seed)
    with home() as place:
        a_deal(place)
        typist = Typist(place, chance, tally, number=seed * 100_000)
        try:
            # What other stories change has to be there.
            for story in (
                STORIES[0],
                STORIES[0],
                *(one for one in STORIES if one.name == "an action"),
            ):
                typist.type(story, 100)
            for number in range(size - tally.tried):
                stories = COLD if number % _COLD_EVERY == _COLD_EVERY - 1 else WARM
                typist.type(chance.choice(stories), chance.choice(GAPS))
        finally:
            typist.close()
    return tally


if __name__ == "__main__":
    print(_run(int(sys.argv[1]), int(sys.argv[2])).to_json())
