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

from tests.bench.home import APP, environ
from tests.bench.terminal import Terminal
from tests.faults.program import TOP, a_deal, command, home
from tests.faults.tally import Tally, from_json

PROMISE: Final = "Keys typed while a screen, form, list or field change is under way: each lands where it was meant"
SHORT, LONG = 24, 3_000
GAPS: Final = (0, 5, 20, 50, 100)
"""Milliseconds between two keys; 0 sends all in one write."""
LIMIT: Final = 60.0
"""Seconds until a text that is not in the files is lost, on a machine that has much else to do."""
_AT_ONCE: Final = 4
"""Programs that are typed at in the long run: they also keep the machine busy for each other."""
_COLD_EVERY: Final = 15
TAB, ENTER, ESC, SEND, KILL = "\t", "\r", "\x1b", "\x07", "\x15"
DOWN, UP, END, F2 = "\x1b[B", "\x1b[A", "\x1b[F", "\x1bOQ"


@dataclass(frozen=True, slots=True)
class Typed:
    """A text, and the name of the field in the file that it is typed for; `lost.reason` is of an event in the timeline."""

    field: str
    within: str = ""
    """A key that is pressed in the middle of the text."""


@dataclass(frozen=True, slots=True)
class Click:
    """A press of the mouse on a field of the form for a contact."""

    label: str


Key = str | Typed | Click


@dataclass(frozen=True, slots=True)
class Story:
    """Keys that start and end on the deal's screen, and how many events they leave in the deals."""

    name: str
    keys: tuple[Key, ...]
    events: int = 1
    cold: bool = False
    """Typed into the terminal of a program that has just been started."""
    before: Callable[[Path], object] | None = None
    """Done to the home beforehand, while no program runs."""


def _note(*before: Key) -> tuple[Key, ...]:
    return (*before, "n", Typed("text"), SEND)


def _conflict(place: Path) -> None:
    """Leave a deal whose owner was changed in two places at once."""
    (path,) = (one for one in (place / "deals").glob("*.json") if b"CRM" in one.read_bytes())
    with home() as other:
        (other / "deals").mkdir(parents=True)
        copy = other / "deals" / path.name
        copy.write_bytes(path.read_bytes())
        for at in (place, other):
            assert command(at, "edit", path.stem, "--owner", f"P{random.random()}").code == 0
        path.with_name(f"{path.stem}.sync-conflict-20260101-120000-ABCDEFG.json").write_bytes(
            copy.read_bytes()
        )
    assert command(place, "merge").code == 0


BACK: Final = (ESC, "2", "/", *"CRM", ENTER, ENTER)
"""Leaves the deal for Home, finds it there and opens it."""
STORIES: Final = (
    Story(
        "a contact, Tab between the fields",
        ("p", "a", Typed("name"), TAB, Typed("title"), TAB, Typed("department"), SEND, ESC),
    ),
    Story(
        "a contact, Enter between the fields",
        ("p", "a", Typed("name"), ENTER, Typed("title"), ENTER, Typed("department"), SEND, "q"),
    ),
    Story(
        "a contact from the gate",
        ("g", "p", "a", Typed("name"), TAB, Typed("title"), SEND, ESC),
    ),
    Story(
        "a contact changed",
        ("p", "E", KILL, Typed("name"), TAB, KILL, Typed("title"), SEND, ESC),
    ),
    Story("a note", _note()),
    Story("a note on the timeline", (*_note("t"), ESC)),
    Story("a note after a walk over lists", _note(DOWN, DOWN, UP, "A", ESC, "t", DOWN, ESC)),
    Story("a note after dialogs that were left", _note("b", ESC, "s", ESC, "a", ESC, "e", ESC)),
    Story("a note after the help", _note("?", ESC, "w")),
    Story("a note in another stage", _note("3", DOWN, DOWN, "4", "]", "1")),
    Story("a note on an item that was searched", _note("/", *"1.3", ENTER)),
    Story("a note by the palette", ("\x10", *"note", ENTER, Typed("text"), SEND)),
    Story("a note after the palette", (*_note("\x10", *"timeline", ENTER), ESC)),
    Story("a note after ticks", _note("/", *"1.1.1", ENTER, " ", " "), events=3),
    Story("an action", ("a", Typed("text"), TAB, "1", "2", "-", "3", "1", SEND)),
    Story(
        "an action, all fields", ("A", "a", Typed("text"), TAB, TAB, TAB, Typed("owner"), SEND, ESC)
    ),
    Story("an action changed", ("A", "E", KILL, Typed("text"), SEND, ESC)),
    Story("evidence", ("e", Typed("note"), TAB, Typed("who"), SEND)),
    Story("the deal's facts", ("E", TAB, TAB, TAB, TAB, TAB, KILL, Typed("owner"), SEND)),
    Story("put away and back", _note("s", "4", "s", "4"), events=3),
    Story("Home, search, open", _note(*BACK)),
    Story("Home's lists, search, open", _note(ESC, "1", "3", "4", TAB, *BACK[1:])),
    Story(
        "a new deal",
        (ESC, "n", Typed("customer"), TAB, Typed("name"), SEND, *_note(), *BACK),
        events=2,
    ),
    Story("a form left with Escape", _note("n", *"xy", ESC, "2")),
    Story("a note on a person", ("p", "n", Typed("text"), SEND, ESC)),
    Story(
        "a rung and what shows it",
        ("p", "a", Typed("name"), SEND, "r", "2", Typed("note"), TAB, Typed("who"), SEND, ESC),
        events=2,
    ),
    Story("a style", ("p", "s", "2", TAB, Typed("note"), SEND, ESC)),
    Story(
        "what came of an action",
        ("A", "a", Typed("text"), SEND, "d", Typed("outcome"), SEND, ESC),
        events=2,
    ),
    Story(
        "an action done on Home",
        ("a", Typed("text"), TAB, *"today", SEND, ESC, "1", "d", Typed("outcome"), SEND, *BACK[1:]),
        events=2,
    ),
    Story(
        "an action put off and done on Home",
        (
            "a",
            Typed("text"),
            TAB,
            *"today",
            SEND,
            ESC,
            "1",
            "z",
            *"+3d",
            SEND,
            "d",
            Typed("outcome"),
            SEND,
            *BACK[1:],
        ),
        events=3,
    ),
    Story("one of the four questions", ("Q", "e", "1", KILL, Typed("note"), SEND, ESC)),
    Story("evidence in the gate", ("g", END, "e", Typed("note"), TAB, Typed("who"), SEND, ESC)),
    Story("the buying phase", _note("b", "2", "b", "1"), events=3),
    Story(
        "lost and open again",
        ("s", "2", Typed("lost.reason"), SEND, "s", "1", Typed("reopened.reason"), SEND),
        events=2,
    ),
    Story(
        "nurture and open again",
        ("s", "3", TAB, Typed("nurtured.reason"), SEND, "s", "1", Typed("reopened.reason"), SEND),
        events=2,
    ),
    Story(
        "won and open again",
        (
            "s",
            "1",
            Typed("won.text"),
            TAB,
            TAB,
            *"700",
            SEND,
            "s",
            "1",
            Typed("reopened.reason"),
            SEND,
        ),
        events=2,
    ),
    Story(
        "a coach's verdict",
        ("/", *"1.1.2", ENTER, " ", "c", TAB, KILL, Typed("confirmed.by"), SEND, " ", "2"),
        events=3,
    ),
    Story("Home's stalled deals, search, open", _note(ESC, "S", "S", *BACK[1:])),
    Story(
        "another language while it is typed",
        ("p", "a", Typed("name", F2), TAB, Typed("title", F2), SEND, ESC),
    ),
    Story("a note after the language was changed twice", _note(F2, F2)),
    Story(
        "fields that are clicked",
        (
            "p",
            "a",
            Typed("name"),
            Click("Department"),
            Typed("department"),
            Click("Title"),
            Typed("title"),
            SEND,
            ESC,
        ),
    ),
    Story("a conflict that is settled", _note("C", "2", ESC), events=2, before=_conflict),
    Story("a note as soon as it starts", _note("2", ENTER), cold=True),
    Story("a search as soon as it starts", _note("2", "/", *"CRM", ENTER, ENTER), cold=True),
    Story(
        "a new deal as soon as it starts",
        ("n", Typed("customer"), TAB, Typed("name"), SEND, *_note(), *BACK),
        events=2,
        cold=True,
    ),
)
WARM: Final = tuple(story for story in STORIES if not story.cold)
COLD: Final = tuple(story for story in STORIES if story.cold)


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
        self._send(pieces, gap)
        landed = self._until(lambda: _placed(self.place, expected) == set(expected))
        found = _events(self.place)
        if landed and found == before + story.events:
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
        if found != before + story.events:
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

    def _send(self, pieces: list[list[str]], gap: int) -> None:
        assert self.terminal is not None
        writes = [part for piece in pieces for part in piece]
        if not gap:
            os.write(self.terminal.fd, "".join(writes).encode())
            return
        for part in writes:
            os.write(self.terminal.fd, part.encode())
            end = time.perf_counter() + gap / 1000
            while (left := end - time.perf_counter()) > 0:
                self.terminal.read(quiet=left, limit=left)

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
    for path in sorted((place / "deals").glob("*.json")):
        yield json.loads(path.read_bytes())


def _events(place: Path) -> int:
    return sum(len(document["timeline"]) for document in _documents(place))


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
