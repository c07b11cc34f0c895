"""Holds keys, pastes and clicks back until what the one before set off is settled, so that each finds the place it was meant for.

Textual hands a key to the widget that has the focus when the key arrives. What Tab, Enter or a command does with it
happens later, in other tasks: without this queue a key typed meanwhile would still go to the old place.
"""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING, Any, Final

from textual import events

from salescoach.tui.widgets.rows import Rows

if TYPE_CHECKING:
    from textual.dom import DOMNode

    from salescoach.tui.app import CoachApp
    from salescoach.tui.widgets.message import Severity

SCREENS_ON_THEIR_WAY: Final = frozenset(
    {"open", "create", "samples", "copies", "introduce", "quit-ask", "quit"}
)
"""Worker groups that end with another screen, list or owner of what is made: whatever is typed meanwhile is for that."""
RESULTS_ON_THEIR_WAY: Final = frozenset({"list", "palette"})
"""Worker groups that find what was typed so far: more text may be typed meanwhile, and nothing else done."""
PATIENCE: Final = 10.0
"""Seconds after which what is still not settled has hung: what was typed for it is dropped, and keys work again."""
STOOD_STILL: Final = 0.1
"""Seconds between two looks that count as waiting, at most: the rest of the time the program itself stood still, stopped by
a signal or by a terminal that took nothing."""
RUN: Final = 0.3
"""Seconds between two keys up to which they are typed in one go, without looking what the first one did."""
SEEN: Final = 0.1
"""Seconds until somebody can have seen what came up by itself, at the earliest."""
NOT_YET: Final = 0.002
"""Seconds until the next look where only a thread or a timer can settle anything."""
_ALWAYS: Final = frozenset({"ctrl+q", "ctrl+c"})
"""Keys that are never dropped: somebody wants to leave."""


class InputQueue:
    """The input of one app, in order. Its methods run on the event loop."""

    def __init__(self, app: CoachApp) -> None:
        self._app = app
        self._waiting: deque[events.Event] = deque()
        self._released: events.Event | None = None
        self._look: asyncio.Handle | None = None
        self._ready = False
        self._waited = self._looked = 0.0
        self._hung = False
        self._deaf_until = 0.0
        self._refusal = ""
        self._severity: Severity = "warning"
        self._dropped = 0

    @property
    def holds(self) -> bool:
        """Whether something that was typed waits."""
        return bool(self._waiting) or self._released is not None

    @property
    def idle(self) -> bool:
        """Whether nothing waits and all that was typed has had its effect."""
        return not self.holds and self._settled(None, here=False)

    def start(self) -> None:
        """The first screen is ready: what was typed before goes to it."""
        self._ready = True
        self._look_soon()

    def takes(self, event: events.Event) -> bool:
        """Say whether an event of the terminal may go on at once; one that may not comes again when it may."""
        if event is self._released:
            self._released = None
            self._look_soon()
            return True
        if self._is_dropped(event):
            return False
        if isinstance(event, events.MouseMove) and not self.holds:
            return True
        if not self.holds:
            if self._hung or self._settled(event, here=True):
                return True
            self._wait_from_now()
        self._waiting.append(event)
        self._look_soon()
        return False

    def refuse(self, sentence: str, severity: Severity = "warning", *, within: float = RUN) -> None:
        """Say that what was asked for does not come, and drop what is typed for it.

        That is what waits, what comes `within` these seconds, and what follows in the same run of keys: nobody has read
        the sentence by then.
        """
        from textual import _time

        dropped = [each for each in self._waiting if self._droppable(each)]
        for each in dropped:
            self._waiting.remove(each)
        self._refusal, self._severity, self._dropped = sentence, severity, len(dropped)
        self._deaf_until = _time.get_time() + within
        self._tell()

    def surprise(self) -> None:
        """Something comes up that nobody asked for: drop what was typed before it could be seen."""
        self.refuse("", within=SEEN)

    @property
    def is_deaf(self) -> bool:
        """Whether a key that comes now would be dropped."""
        from textual import _time

        return _time.get_time() <= self._deaf_until

    def _tell(self) -> None:
        told = [self._refusal] if self._refusal else []
        if self._dropped:
            told.append(self._app.words("home.keys-dropped", count=self._dropped))
        if told:
            self._app.say(" ".join(told), severity=self._severity, timeout=8)

    @staticmethod
    def _droppable(event: events.Event) -> bool:
        return isinstance(event, events.Paste) or (
            isinstance(event, events.Key) and event.key not in _ALWAYS
        )

    def _is_dropped(self, event: events.Event) -> bool:
        if not self._deaf_until or not self._droppable(event):
            return False
        if event.time > self._deaf_until:
            self._deaf_until = 0.0
            return False
        self._deaf_until = event.time + RUN
        self._dropped += 1
        self._tell()
        return True

    def _look_soon(self) -> None:
        if self._look is None and self._waiting and self._released is None:
            self._look = asyncio.get_running_loop().call_soon(self._release)

    def _release(self) -> None:
        """Let the next event go if all is settled; otherwise look again."""
        self._look = None
        if not self._waiting or self._released is not None:
            return
        loop = asyncio.get_running_loop()
        now = loop.time()
        self._waited += min(now - self._looked, STOOD_STILL)
        self._looked = now
        if not (self._hung or self._settled(self._waiting[0], here=False)):
            if not self._ready or self._waited < PATIENCE:
                # While messages travel the loop goes round anyway.
                self._look = loop.call_later(0 if self._travelling else NOT_YET, self._release)
                return
            self._until_it_ends()
            self.refuse(self._app.words("home.still-busy", seconds=round(PATIENCE)), "error")
            if not self._waiting:
                return
        self._wait_from_now()
        self._released = self._waiting.popleft()
        self._app.post_message(self._released)

    def _until_it_ends(self) -> None:
        """Let keys pass at once until what hung is settled after all."""
        self._hung = not self._settled(None, here=False)
        if self._hung:
            asyncio.get_running_loop().call_later(STOOD_STILL, self._until_it_ends)

    def _wait_from_now(self) -> None:
        self._waited, self._looked = 0.0, asyncio.get_running_loop().time()

    def _settled(self, event: events.Event | None, *, here: bool) -> bool:
        """Say whether all that was typed before has had its effect; `here` in the middle of the app's own message."""
        self._travelling = False
        if not self._ready:
            return False
        app = self._app
        for worker in app.workers._workers:  # noqa: SLF001 - the manager's own iterator sorts them
            if worker.group in SCREENS_ON_THEIR_WAY and not worker.is_finished:
                return False
            if worker.group in RESULTS_ON_THEIR_WAY and not worker.is_finished:
                if self._is_more_text(event):
                    continue
                return False
        if app.save_is_coming and app.on_home:
            return False  # its rows are of what is on the disk: the key may be meant for one that is on its way there
        own = _is_empty(app) if here else _rests(app)
        if not (own and all(map(_all_rest, app.screen_stack))):
            self._travelling = True
            return False
        screen = app.screen
        # A list tells of its row after painting: nothing that a key does rests on that.
        if any(not isinstance(sender, Rows) for _, sender in screen._callbacks):  # noqa: SLF001
            return False
        return not screen._layout_required  # noqa: SLF001

    def _is_more_text(self, event: events.Event | None) -> bool:
        from textual.widgets import Input

        typed = isinstance(event, events.Key) and event.is_printable
        return typed and isinstance(self._app.focused, Input)


# Textual has no public way to tell whether a widget is done with what was sent to it; the tests of this module would see
# a version that keeps its queues another way.


def _is_empty(pump: Any) -> bool:
    """Say whether nothing more waits to be handled by a widget, a screen or the app."""
    return not (
        pump._message_queue.values  # noqa: SLF001
        or pump._next_callbacks  # noqa: SLF001
        or pump._pending_message is not None  # noqa: SLF001
    )


def _rests(pump: Any) -> bool:
    """Say whether it has handled all that was sent to it and waits for more."""
    if pump._closing or pump._closed:  # noqa: SLF001
        return True
    return bool(pump._message_queue.ready_event._waiters) and _is_empty(pump)  # noqa: SLF001


def _all_rest(node: DOMNode) -> bool:
    """Say whether a node and everything in it rests."""
    return _rests(node) and all(map(_all_rest, node._nodes))  # noqa: SLF001
