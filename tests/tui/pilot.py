"""Drives the app as a person does, by keys and pastes, and reads what is on the screen."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from textual import events
from textual.pilot import Pilot

from salescoach.tui.app import CoachApp
from salescoach.tui.screens.deal import DealScreen
from salescoach.workspace import open_workspace

NARROW = (80, 24)
WIDE = (120, 36)


class Person:
    """Somebody at the keyboard of a running app."""

    def __init__(self, app: CoachApp, pilot: Pilot[int]) -> None:
        self.app = app
        self.pilot = pilot
        self.told: list[str] = []
        """All that was said so far, gone from the screen by now or not."""
        say = app.say

        def listen(message: str, **how: Any) -> None:
            self.told.append(message)
            say(message, **how)

        app.say = listen  # type: ignore[method-assign]

    @property
    def text(self) -> str:
        """The text on the screen, a line a row."""
        strips = self.app.screen._compositor.render_strips()
        return "\n".join(strip.text for strip in strips)

    @property
    def here(self) -> str:
        """The row under the cursor of the list that has the focus."""
        rows = [line for line in self.text.splitlines() if line.lstrip("│ ").startswith("> ")]
        return rows[0] if rows else ""

    @property
    def deal(self) -> DealScreen:
        """The screen of the deal that is open."""
        (screen,) = [one for one in self.app.screen_stack if isinstance(one, DealScreen)]
        return screen

    async def settle(self) -> None:
        """Wait until the workers and the saver are done and the screen shows it."""
        await self.pilot.pause()
        for _ in range(2000):
            queue = self.app.input_queue
            if not self.app.is_running or (queue.idle and not queue.is_deaf):
                break
            await asyncio.sleep(0.005)
        await self.app.workers.wait_for_complete()
        if self.app.saver.pending():
            self.app.saver.drain(5)
        await self.pilot.pause(0.03)

    async def press(self, *keys: str) -> None:
        """Press keys one after the other; `=text` types a text."""
        for key in keys:
            if key.startswith("="):
                await self.pilot.press(*("space" if char == " " else char for char in key[1:]))
            else:
                await self.pilot.press(key)
            await self.settle()

    async def burst(self, *keys: str) -> None:
        """Press keys all in the same moment; a character is its own key."""
        for key in keys:
            self.app.post_message(events.Key(key, key if len(key) == 1 else None))
        await self.settle()

    async def paste(self, text: str) -> None:
        """Paste a text into the field that has the focus, as a terminal does."""
        self.app.post_message(events.Paste(text))
        await self.settle()

    async def new_deal(self, customer: str = "Globex", name: str = "Backup") -> DealScreen:
        """Make a deal with the form; it opens."""
        await self.press("n", f"={customer}", "enter", f"={name}", "ctrl+g")
        return self.deal


@asynccontextmanager
async def running(
    lang: str | None = "en", size: tuple[int, int] = WIDE, *, leave_unsaved: bool = False
) -> AsyncIterator[Person]:
    """Run the app on the test's own home; leave only when everything is saved, unless told otherwise."""
    app = CoachApp(open_workspace(lang=lang))
    async with app.run_test(size=size, notifications=True) as pilot:
        person = Person(app, pilot)
        await person.settle()
        yield person
        if not leave_unsaved:
            assert app.saver.drain(5)
            await person.settle()
