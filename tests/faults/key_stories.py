"""The sequences of keys that are typed at the app, over its screens and forms, and what they leave in the deals."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.faults.program import command, home

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
ITEM: Final = ("/", *"1.1.3", ENTER)
"""Goes to an item: evidence and verdicts are refused on a move, and what is typed for them is dropped."""
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
    Story(
        "a note after dialogs that were left", _note(*ITEM, "b", ESC, "s", ESC, "a", ESC, "e", ESC)
    ),
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
    Story("evidence", (*ITEM, "e", Typed("note"), TAB, Typed("who"), SEND)),
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
    Story("a note as soon as it starts", (*_note("2", ENTER), *BACK), cold=True),
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
