"""What hangs, and a program that stood still itself, never leave keys waiting for good nor in the wrong order afterwards."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import pytest
from textual import events

from salescoach.tui import input_queue
from tests.tui.pilot import Person, running


def typed(*keys: str) -> list[events.Key]:
    """Return the events of keys; a character is its own key."""
    return [events.Key(key, key if len(key) == 1 else None) for key in keys]


@contextmanager
def something_that_hangs(person: Person) -> Iterator[threading.Event]:
    """A worker that a screen is waited for from, until it is let go."""
    go = threading.Event()
    person.app.run_worker(go.wait, thread=True, group="open")
    try:
        yield go
    finally:
        go.set()


async def test_after_something_hung_keys_wait_for_their_place_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(input_queue, "PATIENCE", 0.5)
    async with running() as person:
        await person.new_deal()
        with something_that_hangs(person):
            person.app.post_message(*typed("n"))
            for _ in range(200):
                if any("(keys: 1)" in told for told in person.told):
                    break
                await asyncio.sleep(0.02)
            else:
                pytest.fail(f"the key waits for good; told: {person.told}")
        monkeypatch.setattr(
            input_queue, "PATIENCE", 10.0
        )  # on a busy machine a form may take long to open
        await person.settle()
        await asyncio.sleep(input_queue.RUN * 1.5)
        await person.burst("n", "a", "b", "c", "ctrl+g")
        assert [note.text for note in person.deal.deal.notes.values()] == ["abc"]


async def test_turns_of_the_wheel_do_not_keep_keys_waiting_once_something_hung(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(input_queue, "PATIENCE", 0.5)
    wheel = partial(events.MouseScrollDown, None, 5, 5, 0, 0, 0, False, False, False)
    async with running() as person:
        await person.new_deal()
        with something_that_hangs(person):
            for _ in range(20):
                person.app.post_message(wheel())
            await asyncio.sleep(1.5)
            assert not person.app.input_queue.holds


async def test_keys_that_wait_while_the_program_stands_still_are_carried_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Stopped by a signal, or by a terminal that takes nothing: nobody has waited in vain meanwhile."""
    monkeypatch.setattr(input_queue, "PATIENCE", 2.0)
    async with running() as person:
        await person.new_deal()
        for event in typed("n", "a", "b", "c", "ctrl+g"):
            person.app.post_message(event)
        while not person.app.input_queue._waiting:
            await asyncio.sleep(0)
        time.sleep(2.5)
        await person.settle()
        notes = [note.text for note in person.deal.deal.notes.values()]
        assert notes == ["abc"], person.told


async def test_a_paste_finds_its_field_in_a_window_that_says_it_is_not_in_front() -> None:
    async with running() as person:
        await person.new_deal()
        await person.press("n", "=ab")
        person.app.post_message(events.AppBlur())
        await person.paste("cd")
        await person.press("ctrl+g")
        assert [note.text for note in person.deal.deal.notes.values()] == ["abcd"]
