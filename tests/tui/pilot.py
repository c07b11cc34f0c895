"""Drives the app as a person does, by keys and pastes, and reads what is on the screen."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from textual import events
from textual.keys import _character_to_key
from textual.pilot import Pilot

from salescoach.tui.app import CoachApp
from salescoach.tui.deal.screen import DealScreen
from salescoach.workspace import Workspace, open_workspace

NARROW = (80, 24)
WIDE = (120, 36)
PATIENCE = 12.0
"""Seconds that a test waits for the app to come to rest; the app itself gives up what hangs before."""
_CALM = 3
"""Rounds of the event loop in a row in which nothing may be under way: what a thread posts takes one to arrive."""
_LOOK = 0.001
"""Seconds until the next look while something is under way."""


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
        """Wait until the workers and the saver are done and the screen shows it; no longer than what hangs is waited for."""
        calm, end = 0, time.monotonic() + PATIENCE
        while calm < _CALM and self.app.is_running and time.monotonic() < end:
            calm = calm + 1 if self._rests() else 0
            await asyncio.sleep(0 if calm else _LOOK)
        await self.app.workers.wait_for_complete()
        if self.app.is_running:
            self.app.screen._on_timer_update()

    def _rests(self) -> bool:
        """Say whether nothing is under way: input, messages, workers, scrolling, saves."""
        app = self.app
        queue, saver = app.input_queue, app._saver
        if not queue.idle or queue.is_deaf or any(not one.is_finished for one in app.workers):
            return False
        if not app._animator._complete_event.is_set():
            return False
        if saver is None or saver._thread is None:
            return True
        # It waits for an edit, or until it tries one again that the disk refused.
        return bool(saver._wake._waiters) and not any(
            count > 0 for count in saver._unheard.values()
        )

    def send(self, *keys: str) -> None:
        """Let keys arrive all in the same moment, and go on; `=text` types a text."""
        for key in keys:
            for one in key[1:] if key.startswith("=") else (key,):
                self.app.post_message(_event(one))

    async def press(self, *keys: str) -> None:
        """Press keys, each after the answer to the one before; `=text` types a text in one go."""
        for key in keys:
            self.send(key)
            await self.settle()

    async def burst(self, *keys: str) -> None:
        """Press keys all in the same moment; a character is its own key."""
        self.send(*keys)
        await self.settle()

    async def paste(self, text: str) -> None:
        """Paste a text into the field that has the focus, as a terminal does."""
        self.app.post_message(events.Paste(text))
        await self.settle()

    async def new_deal(self, customer: str = "Globex", name: str = "Backup") -> DealScreen:
        """Make a deal as the form does once it is sent; it opens. Typing into the form is for the tests of forms."""
        self.app.create_deal({"customer": customer, "name": name})
        await self.settle()
        return self.deal


def _event(key: str) -> events.Key:
    """Return the event of a key by its name; a character is its own key."""
    name = key if len(key) > 1 or key.isalnum() else _character_to_key(key)
    return events.Key(name, key if len(key) == 1 else None)


def started_before(lang: str | None = "en") -> Workspace:
    """Return the workspace of the test's own home, where somebody was asked who he is before."""
    workspace = open_workspace(lang=lang)
    workspace.keep_user_id()
    return workspace


@asynccontextmanager
async def running(
    lang: str | None = "en",
    size: tuple[int, int] = WIDE,
    *,
    leave_unsaved: bool = False,
    first: bool = False,
) -> AsyncIterator[Person]:
    """Run the app on the test's own home; leave only when everything is saved, unless told otherwise.

    The `first` start of all, which asks who somebody is, is tried by those who ask for it.
    """
    app = CoachApp(open_workspace(lang=lang) if first else started_before(lang))
    async with app.run_test(size=size, notifications=True) as pilot:
        person = Person(app, pilot)
        await person.settle()
        yield person
        if not leave_unsaved:
            assert app.saver.drain(5)
            await person.settle()
    # The collector never sees what the app has frozen: hundreds of open files would be left to the tests that follow.
    app.workspace.index.close()
