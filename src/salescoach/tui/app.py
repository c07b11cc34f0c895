"""The app: owns the workspace, the language, the theme and the saving thread; everything else is a screen."""

from __future__ import annotations

import gc
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from textual import work
from textual.app import App
from textual.await_complete import AwaitComplete
from textual.binding import BindingType
from textual.screen import Screen

from salescoach.text import clean
from salescoach.tui.commands import bindings
from salescoach.tui.screens.base import APP_COMMANDS, CoachScreen, Dialog, Severity
from salescoach.tui.screens.home import HomeScreen

if TYPE_CHECKING:
    from textual.driver import Driver

    from salescoach.deal.models import Deal
    from salescoach.store.files import Sign
    from salescoach.tui.messages import (
        Came,
        IndexChanged,
        IndexProgress,
        Refused,
        Saved,
        SaveFailed,
        Vanished,
    )
    from salescoach.tui.rescue import Rescue
    from salescoach.tui.saver import Operation, Saver
    from salescoach.tui.screens.deal import DealScreen
    from salescoach.tui.watcher import Watcher
    from salescoach.words import Words
    from salescoach.workspace import Workspace

GC_EVERY = 20.0
"""Seconds between looks whether the program is idle enough to collect garbage."""


class CoachApp(App[int]):
    """The program on the screen."""

    TITLE = "salescoach"
    ENABLE_COMMAND_PALETTE = False
    INLINE_PADDING = 0
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(APP_COMMANDS)]
    CSS = """
    Toast { max-width: 76; }
    ToastRack { align: right top; }
    """

    def __init__(self, workspace: Workspace, *, deal: str | None = None) -> None:
        super().__init__()
        self.workspace = workspace
        self.words: Words = workspace.words
        self._open_deal = deal
        self._saver: Saver | None = None
        self._watcher: Watcher | None = None
        self._doubted: Sign | None = None
        self._rescue: Rescue | None = None
        self._last_key = 0.0
        self.last_edited: str | None = None
        self.last_coach = ""
        self.leave_unsaved = False
        self.at_once: Callable[[Driver], None] | None = None
        """Restores the terminal and ends the process without waiting for Textual's threads."""
        self._told_failure = ""
        if workspace.settings.keymap:
            self.set_keymap(workspace.settings.keymap)
        theme = {
            "dark": "textual-dark",
            "light": "textual-light",
            "auto": "textual-dark",
            "ansi": "ansi-dark",
        }.get(workspace.settings.theme, workspace.settings.theme)
        if theme in self.available_themes and theme != self.theme:
            self.theme = theme

    def get_default_screen(self) -> Screen[None]:
        """Start on Home."""
        return HomeScreen()

    def on_ready(self) -> None:
        """After the first paint: what the first frame did not need."""
        self.call_after_refresh(self._warm_up)
        self.set_interval(GC_EVERY, self._collect)
        self._heed_signals()
        if self._open_deal:
            self.open_deal(self._open_deal)

    def _heed_signals(self) -> None:
        import asyncio
        import signal
        from contextlib import suppress

        for name in ("SIGHUP", "SIGTERM"):
            # Not there on Windows; not allowed where the app runs in another thread than the first.
            with suppress(AttributeError, NotImplementedError, RuntimeError, ValueError):
                number = getattr(signal, name)
                asyncio.get_running_loop().add_signal_handler(number, self._hang_up)

    @work(thread=True, exclusive=True, exit_on_error=False, group="warm-up")
    def _warm_up(self) -> None:
        """Sweep and refresh the index, then load what the deal screen needs, away from the event loop."""
        from salescoach.tui.messages import IndexChanged, IndexProgress

        workspace = self.workspace

        def progress(done: int, total: int) -> None:
            self.post_message(IndexProgress(done, total))

        try:
            changed = workspace.refresh(progress=progress)
            if workspace.store.writable():
                changed += len(workspace.sweep().set_aside)
        except Exception as error:  # noqa: BLE001 - a folder that cannot be listed is told, and the app goes on
            self.call_from_thread(self.say_error, error)
            changed = 0
        self.post_message(IndexChanged(changed))
        try:
            workspace.playbook  # noqa: B018 - read for its side effect: parsed and kept
            self.call_from_thread(self._show_banners, workspace.banners())
        except Exception as error:  # noqa: BLE001 - told, and the app goes on with what it has
            self.call_from_thread(self.say_error, error)
        from salescoach.tui.rescue import found

        if workspace.paths.recovery.is_dir() and (drafts := found(self)):
            self.call_from_thread(lambda: self.rescue.offer(drafts))

        gc.collect()
        gc.freeze()

    def _show_banners(self, banners: list[str]) -> None:
        for screen in self.screen_stack:
            if isinstance(screen, HomeScreen):
                screen.show_banners(banners)

    def _collect(self) -> None:
        """Collect garbage only while nobody types: the collector causes the worst key latencies."""
        from time import monotonic

        if monotonic() - self._last_key > 5:
            gc.collect(1)

    async def on_event(self, event: object) -> None:
        """Note when the last key came and clean what is pasted, then go on as always."""
        from textual import events

        if isinstance(event, events.Key):
            from time import monotonic

            self._last_key = monotonic()
        elif isinstance(event, events.Paste):
            # A field draws what it holds: an escape code that was copied with a text must not get that far.
            event.text = clean(event.text, multiline=True)
        await super().on_event(event)  # type: ignore[arg-type]

    def push_screen(self, *args: Any, **kwargs: Any) -> Any:
        """Show a screen; what was said about the one before goes."""
        self._hush()
        return super().push_screen(*args, **kwargs)

    def pop_screen(self) -> AwaitComplete:
        """Leave a screen; what was said about it goes."""
        self._hush()
        return super().pop_screen()

    def _hush(self) -> None:
        # An error says that something is not as the screen shows it: it stays its time wherever the person goes.
        if all(one.severity != "error" for one in self._notifications):
            self.clear_notifications()

    # Saying things

    def say(self, message: str, *, severity: Severity = "information", timeout: float = 4) -> None:
        """Show a short message in a corner, in place of the one before; foreign text in it stays text."""
        self.clear_notifications()
        self.notify(
            clean(message, multiline=True), severity=severity, timeout=timeout, markup=False
        )

    def say_error(self, error: Exception) -> None:
        """Show an error as one line with its mend."""
        self.say(self.workspace.explain(error, self.words), severity="error", timeout=8)

    # Editing

    @property
    def saver(self) -> Saver:
        """The saving thread, made when the first edit comes."""
        if self._saver is None:
            from salescoach.tui.saver import Saver

            self._saver = Saver(self.workspace, self.post_message)
        return self._saver

    def save(self, deal_id: str, operation: Operation, base: Deal | None = None) -> None:
        """Queue an edit that a screen already shows; `base` is the deal that the person saw while making it."""
        self.last_edited = deal_id
        self.saver.put(deal_id, operation, base=base)

    def follow(self, deal_id: str | None, sign: Sign | None = None) -> None:
        """Notice from now on when somebody else changes this deal; None watches nothing."""
        if self._watcher is None:
            if deal_id is None:
                return
            from salescoach.tui.watcher import Watcher

            self._watcher = Watcher(self.workspace, self.post_message)
        self._watcher.watch(deal_id, sign)

    def open_screen(self, deal_id: str) -> DealScreen | None:
        """Return the screen that shows this deal, if one does."""
        from salescoach.tui.screens.deal import DealScreen

        for screen in self.screen_stack:
            if isinstance(screen, DealScreen) and screen.deal.id == deal_id:
                return screen
        return None

    def on_came(self, message: Came) -> None:
        """Show what somebody else saved in the deal that is open, with the edits on top that wait here."""
        from salescoach.deal.merge import incoming, same_content

        deal, screen = message.deal, self.open_screen(message.deal.id)
        if screen is None or self._watcher is None:
            return
        if deal.rev < screen.deal.rev and self._doubted != message.sign:
            # Read before an edit of this program was saved, or an older file brought by somebody: look again.
            self._doubted = message.sign
            self._watcher.doubt()
            return
        shown = self.saver.on_top(deal)
        if same_content(shown, screen.deal):
            if not self.saver.pending(deal.id):
                screen.deal = shown
            return
        events = incoming(screen.deal, shown)
        screen.show_deal(shown)
        screen.tell_came(events)

    def on_vanished(self, message: Vanished) -> None:
        """Say that the file of the deal on the screen is gone."""
        if (screen := self.open_screen(message.deal_id)) is not None:
            self.say(self.words("dialogs.vanished", name=screen.deal.name), severity="error")

    @property
    def rescue(self) -> Rescue:
        """What keeps texts half typed; made when the first form opens."""
        if self._rescue is None:
            from salescoach.tui.rescue import Rescue

            self._rescue = Rescue(self)
        return self._rescue

    def _handle_exception(self, error: Exception) -> None:
        # Whatever went wrong, what only the screen knows is on the disk before the program ends.
        self.keep_unsaved()
        super()._handle_exception(error)

    def keep_unsaved(self) -> list[str]:
        """Write what is typed and not sent to the recovery note, and edits not saved to files that can be merged."""
        if self._rescue is None and not (self._saver and self._saver.pending()):
            return []
        return self.rescue.everything()

    def form_left(self) -> None:
        """A form was sent or given up; what it was sent for is queued by now or in a moment."""
        self.rescue.form_left()

        def settle() -> None:
            if not (self._saver and self._saver.pending()):
                self.rescue.settled()

        self.set_timer(1, settle)

    def _hang_up(self) -> None:
        """The terminal was closed, or somebody asks the program to end."""
        self.keep_unsaved()
        self.exit(0)

    def on_saved(self, message: Saved) -> None:
        """Hand a saved deal to the screens that show it."""
        if self._rescue is not None and not self.saver.pending():
            self._rescue.settled()
        self._told_failure = ""
        deal = message.deal
        # More may have been queued since the message was sent.
        pending = max(message.pending, self.saver.pending(deal.id))
        what = self._travelled(message) if message.way != "edit" else ""
        if message.way == "edit" and not pending and (screen := self.open_screen(deal.id)):
            from salescoach.deal.merge import incoming

            if events := incoming(screen.deal, deal):
                screen.tell_came(events)
        self._tell_screens(lambda screen: screen.deal_saved(deal, pending))
        if what:
            self.say(self.words("dialogs.done-" + message.way, what=what))

    def _travelled(self, message: Saved) -> str:
        """Return what an undo took back or a redo did again, as the timeline tells it; the deal's name where it cannot."""
        from salescoach.coach.tell import event_text
        from salescoach.deal.merge import incoming

        deal = message.deal
        if (screen := self.open_screen(deal.id)) is not None:
            sides = (deal, screen.deal) if message.way == "undo" else (screen.deal, deal)
            if events := incoming(*sides):
                return event_text(self.words, self.workspace.playbook, events[0])
        return deal.name

    def on_save_failed(self, message: SaveFailed) -> None:
        """Say once why edits are not on the disk yet; they stay on the screen."""
        reason = self.workspace.explain(message.error, self.words)
        told = self.words("dialogs.save-failed", count=message.pending, reason=reason)
        if told != self._told_failure:
            self._told_failure = told
            self.say(told, severity="error", timeout=8)

    def on_refused(self, message: Refused) -> None:
        """Say why an edit no longer applies and show what is there."""
        self.say_error(message.error)
        if message.deal is not None:
            deal, pending = message.deal, self.saver.pending(message.deal_id)
            self._tell_screens(lambda screen: screen.deal_saved(deal, pending))

    def _tell_screens(self, tell: Callable[[CoachScreen[object]], None]) -> None:
        for screen in self.screen_stack:
            if isinstance(screen, CoachScreen):
                tell(screen)

    def on_index_changed(self, message: IndexChanged) -> None:
        """Lists read the index again."""
        for screen in self.screen_stack:
            if isinstance(screen, HomeScreen):
                screen.index_changed(message.changed)

    def on_index_progress(self, message: IndexProgress) -> None:
        """Show how far a long refresh is."""
        for screen in self.screen_stack:
            if isinstance(screen, HomeScreen):
                screen.show_progress(message.done, message.total)

    # Commands

    def open_deal(self, deal_id: str, stage: str | None = None, item: str | None = None) -> None:
        """Show a deal, at a stage and an item if they are given."""
        self._read_deal(deal_id, stage, item)

    @work(thread=True, exclusive=True, exit_on_error=False, group="open")
    def _read_deal(self, deal_id: str, stage: str | None, item: str | None) -> None:
        try:
            deal, sign = self.workspace.store.read_signed(deal_id)
            deal = self.saver.on_top(deal)
            self.workspace.playbook  # noqa: B018 - parsed here, away from the event loop
        except Exception as error:  # noqa: BLE001 - a file that cannot be read is told, whatever is wrong with it
            self.call_from_thread(self.say_error, error)
            return
        self.call_from_thread(self._show_deal, deal, stage, item, sign)

    def _show_deal(
        self, deal: Deal, stage: str | None, item: str | None, sign: Sign | None = None
    ) -> None:
        self.follow(deal.id, sign)
        from salescoach.tui.screens.deal import DealScreen

        # One screen is kept for all deals: composing and styling a new one takes longer than all else about opening.
        name = DealScreen.__name__
        if not self.is_screen_installed(name):
            self.install_screen(DealScreen(deal, stage=stage, item=item), name)
            self.push_screen(name)
            return
        kept: DealScreen = self.get_screen(name, DealScreen)
        while kept in self.screen_stack and self.screen is not kept:
            self.pop_screen()
        kept.show_another(deal, stage, item)
        if self.screen is not kept:
            self.push_screen(name)

    def show_item(self, stage: str, item: str) -> None:
        """Show an item of the playbook in the deal that is open; without one say so."""
        from salescoach.tui.screens.deal import DealScreen

        for screen in reversed(self.screen_stack):
            if isinstance(screen, DealScreen):
                screen.show_stage(stage, at=item)
                return
        self.say(self.words("dialogs.open-a-deal"))

    @work(thread=True, exclusive=True, exit_on_error=False, group="merge")
    def merge_copies(self) -> None:
        """Merge what sync services and refused merges left beside the deals, and say what became of it."""
        merged, conflicts = 0, 0
        for copy in self.workspace.copies():
            try:
                deal = self.workspace.merge_copy(copy)
            except Exception as error:  # noqa: BLE001 - told in one line; the copy stays where it is
                self.call_from_thread(self.say_error, error)
                continue
            merged += 1
            conflicts += len(deal.conflicts)
        if merged:
            told = self.words("home.copies-merged", count=merged, conflicts=conflicts)
            self.call_from_thread(self.say, told)
        self._warm_up()

    @work(thread=True, exit_on_error=False, group="create")
    def create_deal(self, given: dict[str, Any]) -> None:
        """Save a new deal and open it."""
        try:
            deal = self.workspace.create(**given)
        except Exception as error:  # noqa: BLE001 - told in one line, whatever the disk says
            self.call_from_thread(self.say_error, error)
            return
        self.call_from_thread(self._show_deal, deal, None, None)

    def undo_last(self) -> None:
        """Take the last edit of this session back."""
        if self.last_edited:
            self.travel(self.last_edited, "undo")
        else:
            self.say(self.words("dialogs.nothing-undone"))

    def redo_last(self) -> None:
        """Do the last undone edit again."""
        if self.last_edited:
            self.travel(self.last_edited, "redo")
        else:
            self.say(self.words("dialogs.nothing-undone"))

    def travel(self, deal_id: str, way: Literal["undo", "redo"]) -> None:
        """Undo or redo a deal's last change, after what is queued and in the order of the keys."""
        self.last_edited = deal_id
        self.saver.put(deal_id, lambda deal: deal, way)

    def action_palette(self) -> None:
        """Find a command, a deal or a move."""
        from salescoach.tui.screens.palette import PaletteScreen

        if not isinstance(self.screen, Dialog):
            self.push_screen(PaletteScreen())

    def action_help(self) -> None:
        """Explain the screen and its keys."""
        from salescoach.tui.screens.help import HelpScreen

        screen = self.screen
        if isinstance(screen, CoachScreen):
            self.push_screen(HelpScreen(screen.TOPIC, screen.COMMANDS_HERE))

    def action_language(self) -> None:
        """Switch between Chinese and English and remember it."""
        self.set_language("en" if self.words.lang == "zh" else "zh")

    def set_language(self, lang: str) -> None:
        """Speak `lang` from now on, on every screen, and remember it in the config."""
        self.words = self.workspace.use_language(lang)
        for screen in self.screen_stack:
            if isinstance(screen, CoachScreen | Dialog):
                screen.retell()
        self._remember("lang", lang)

    def action_theme(self) -> None:
        """Choose the colours."""
        from salescoach.tui.screens.choice import ChoiceDialog, Option

        names = ["textual-dark", "textual-light", "ansi-dark", "ansi-light"]
        names += sorted(name for name in self.available_themes if name not in names)
        options = [
            Option(name, self.words(f"dialogs.theme-{name}") if index < 4 else name)
            for index, name in enumerate(names)
        ]

        def chosen(name: str | None) -> None:
            if name:
                self.theme = name
                self._remember("theme", name)

        self.push_screen(ChoiceDialog(self.words("dialogs.theme"), options, self.theme), chosen)

    def action_retry(self) -> None:
        """Try a refused save again; without one, look for changes on the disk."""
        if self._saver is not None and self._saver.pending():
            self._saver.retry()
        else:
            self._warm_up()

    @work(thread=True, exit_on_error=False, group="remember")
    def _remember(self, key: str, value: str) -> None:
        try:
            self.workspace.remember(key, value)
        except Exception as error:  # noqa: BLE001 - a setting that cannot be kept is told and does not matter more
            self.call_from_thread(self.say_error, error)

    def leave(self) -> None:
        """End the program; all is saved, so as soon as the terminal is as it was."""
        if self._rescue is not None:
            self._rescue.settled()
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
        if await self.push_screen_wait(ChoiceDialog(title, options)) == "leave":
            self.leave_unsaved = True
            self.exit(0)
