"""How the app ends: when it is asked to, when its terminal goes, when something goes wrong; and when it collects garbage."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from textual import work

from salescoach.tui.keep.editing import EditingApp

if TYPE_CHECKING:
    from threading import Timer

    from textual.driver import Driver

    from salescoach.indexing import Indexing
    from salescoach.upgrading import Upgrading

HANG_UP = 5.0
"""Seconds that the app has to end by itself once its terminal is gone."""


class Lifecycle(EditingApp):
    """Ends with everything saved, or at least kept."""

    def __init__(self) -> None:
        super().__init__()
        self.leave_unsaved = False
        self.crashed: BaseException | None = None
        """What ended the app, if it was a fault of its own."""
        self.at_once: Callable[[Driver], None] | None = None
        """Restores the terminal and ends the process without waiting for Textual's threads."""
        self._last_key = 0.0
        self._last_resort: Timer | None = None
        self._indexing: Indexing | None = None
        self.upgrading: Upgrading | None = None
        """The upgrade of an old home while it is under way."""

    def _handle_exception(self, error: Exception) -> None:
        # Whatever went wrong, what is typed is on the disk before the screens go; `run` sees to edits not saved.
        self.keep_typed()
        if self.crashed is None:
            self.crashed = error
        super()._handle_exception(error)

    def panic(self, *renderables: object) -> None:
        """End at once; what went wrong is told in one line by `run`, since tracebacks show what deals hold."""
        self._close_messages_no_wait()

    def _fatal_error(self) -> None:
        self.bell()
        self._close_messages_no_wait()

    def _hang_up(self) -> None:
        """The terminal was closed, or somebody asks the program to end."""
        self.keep_typed()
        self.exit(0)
        # Without a terminal an app that is just starting may wait for good.
        from threading import Timer

        self._last_resort = Timer(HANG_UP, self._leave_anyway)
        self._last_resort.daemon = True
        self._last_resort.start()

    def on_unmount(self) -> None:
        """The app ends by itself after all."""
        if self._last_resort is not None:
            self._last_resort.cancel()
        for running in (self._indexing, self.upgrading):
            if running is not None:
                running.stop()

    def _leave_anyway(self) -> None:
        from salescoach.tui.keep.rescue import park_unsaved

        with suppress(Exception):
            park_unsaved(self.workspace, self.saver)
        os._exit(1)

    def _heed_signals(self) -> None:
        import asyncio
        import signal

        for name in ("SIGHUP", "SIGTERM", "SIGINT"):
            # Not there on Windows; not allowed where the app runs in another thread than the first.
            with suppress(AttributeError, NotImplementedError, RuntimeError, ValueError):
                number = getattr(signal, name)
                asyncio.get_running_loop().add_signal_handler(number, self._hang_up)

    def _collect(self) -> None:
        """Collect garbage only while nobody types: the collector causes the worst key latencies."""
        from time import monotonic

        if monotonic() - self._last_key > 5:
            gc.collect(1)

    def on_terminal_gone(self) -> None:
        """End as when the terminal says itself that it is closed."""
        self._hang_up()

    def leave(self) -> None:
        """End the program; all is saved, so as soon as the terminal is as it was."""
        self.forget_forms()
        if self.at_once is None or self._driver is None or self.is_headless:
            self.exit(0)
        else:
            self.at_once(self._driver)

    async def action_quit(self) -> None:
        """Leave once everything is saved; ask when something cannot be."""
        saver = self._saver
        if saver is None or not saver.pending():
            self.leave()
            return
        self._quit_when_saved()

    @work(exclusive=True, group="quit")
    async def _quit_when_saved(self) -> None:
        import asyncio

        if await asyncio.to_thread(self.saver.drain, 2.0):
            self.leave()
            return
        from salescoach.tui.screens.choice import ChoiceDialog, Option

        options = [
            Option("wait", self.words("dialogs.quit-wait")),
            Option("leave", self.words("dialogs.quit-leave")),
        ]
        title = self.words("dialogs.quit-unsaved", count=self.saver.pending())

        def chosen(value: str | None) -> None:
            if value == "leave":
                self.leave_unsaved = True
                self.exit(0)

        # Keys wait for a worker that brings a screen: this one must not wait for a key in turn.
        self.push_screen(ChoiceDialog(title, options), chosen)
