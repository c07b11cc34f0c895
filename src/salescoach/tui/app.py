"""The app: owns the workspace, the language, the theme and the saving thread; everything else is a screen."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from textual import constants, work
from textual.await_complete import AwaitComplete
from textual.binding import BindingType
from textual.filter import Monochrome, NoColor
from textual.screen import Screen

from salescoach.text import clean
from salescoach.tui.commands import bindings, key_sign
from salescoach.tui.home.screen import HomeScreen
from salescoach.tui.input_queue import InputQueue
from salescoach.tui.opening import OpensDocuments
from salescoach.tui.raw import hand_over
from salescoach.tui.screens.base import APP_COMMANDS, CoachScreen, Dialog

if TYPE_CHECKING:
    from textual.driver import Driver

    from salescoach.store.care.outside import CameFromOutside
    from salescoach.tui.messages import (
        IndexChanged,
        IndexProgress,
    )
    from salescoach.words import Words
    from salescoach.workspace import Workspace

GC_EVERY = 20.0
"""Seconds between looks whether the program is idle enough to collect garbage."""

_TRIED = frozenset(
    {"delete", "backspace", "insert", "space", "enter", "plus", "minus", "slash", "comma"}
)
"""Keys that people try on a list besides letters and digits."""


PLAIN_THEMES = {
    "auto": "textual-dark",
    "dark": "textual-dark",
    "light": "textual-light",
    "ansi": "ansi-dark",
}
"""Textual's names of the themes that the settings name plainly."""


class CoachApp(OpensDocuments):
    """The program on the screen."""

    TITLE = "salescoach"
    ENABLE_COMMAND_PALETTE = False
    INLINE_PADDING = 0
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(APP_COMMANDS)]

    def __init__(self, workspace: Workspace, *, deal: str | None = None) -> None:
        super().__init__()
        if os.environ.get("NO_COLOR"):
            # Textual's own answer is to paint in grey; without colour a terminal has its own two and no others.
            self.no_color = True
            self._filters = [one for one in self._filters if not isinstance(one, Monochrome)]
            self._filters.append(NoColor())
        self.workspace = workspace
        workspace.told_outside = self._tell_outside
        workspace.upgrading = lambda: None  # that is done when the app starts, and told
        self.words: Words = workspace.words
        self._open_deal = deal
        self.last_coach = ""
        self.input_queue = InputQueue(self)
        self._offered = False
        if workspace.settings.keymap:
            self.set_keymap(workspace.settings.keymap)
        theme = PLAIN_THEMES.get(workspace.settings.theme, workspace.settings.theme)
        if theme in self.available_themes and theme != self.theme:
            self.theme = theme

    def get_default_screen(self) -> Screen[None]:
        """Start on Home."""
        return HomeScreen()

    def get_driver_class(self) -> type[Driver]:
        """Return Textual's driver, guarded against whatever a terminal sends; on Windows as it is."""
        if sys.platform == "win32" or constants.DRIVER is not None:
            return super().get_driver_class()
        from salescoach.tui.driver import GuardedDriver

        return GuardedDriver

    def on_ready(self) -> None:
        """After the first paint: what the first frame did not need."""
        self.call_after_refresh(self.refresh_index)
        self.set_interval(GC_EVERY, self._collect)
        self._heed_signals()
        if self._open_deal:
            self.open_deal(self._open_deal)
        elif self.workspace.is_first_start():
            from salescoach.tui.home.who import ask_who

            ask_who(self, first=True)
        hand_over(self._driver)
        self.input_queue.start()

    @property
    def on_home(self) -> bool:
        """Whether Home is in front."""
        return isinstance(self.screen, HomeScreen)

    def look_again(self) -> None:
        """Bring the index up to date, unless that is being done."""
        if self._swept:
            self.refresh_index()

    @work(thread=True, exclusive=True, exit_on_error=False, group="warm-up")
    def refresh_index(self) -> None:
        """Sweep and refresh the index, and tell what is wrong with folder or playbook, away from the event loop."""
        from salescoach.indexing import Indexing
        from salescoach.tui.messages import IndexChanged, IndexProgress

        workspace = self.workspace
        if workspace.store.writable():
            workspace.keep_user_id()
            self._bring_over()
        self._indexing = indexing = Indexing(workspace)

        def progress(done: int, total: int) -> None:
            self.post_message(IndexProgress(done, total))

        try:
            changed = indexing.run(progress)
            if workspace.store.writable():
                workspace.sweep()
                changed += workspace.bring_all_together()
        except Exception as error:  # noqa: BLE001 - a folder that cannot be listed is told, and the app goes on
            self.call_from_thread(self.say_error, error)
            changed = 0
        self.post_message(IndexChanged(changed))
        try:
            self.call_from_thread(self._show_banners, [*workspace.banners(), *self._misfits()])
        except Exception as error:  # noqa: BLE001 - told, and the app goes on with what it has
            self.call_from_thread(self.say_error, error)
        self._offer_drafts()
        gc.collect()
        gc.freeze()
        self._swept = True

    def _bring_over(self) -> None:
        """Upgrade deals of an earlier program, with a dialog in front; what goes wrong is told, and the app goes on."""
        from salescoach.workspace.upgrade_note import may_be_old

        try:
            if may_be_old(self.workspace.store):
                from salescoach.tui.home.upgrade import upgrade_home

                upgrade_home(self)
        except Exception as error:  # noqa: BLE001
            self.call_from_thread(self.say_error, error)

    def _offer_drafts(self) -> None:
        """Offer what earlier programs left behind, once: F5 comes here again."""
        folder = self.workspace.paths.recovery
        if self._offered or not folder.is_dir():
            return
        self._offered = True
        from salescoach.store.care.recovery import left_behind

        if drafts := left_behind(folder):
            self.call_from_thread(self.rescue.offer, drafts)

    def _tell_outside(self, found: CameFromOutside[Any]) -> None:
        from salescoach.tui.messages import CameOutside

        self.post_message(CameOutside(found))

    def _misfits(self) -> list[str]:
        """Return what the settings say of keys and colours that nobody can obey; seldom anybody says anything."""
        settings = self.workspace.settings
        if not settings.keymap and settings.theme in {*self.available_themes, *PLAIN_THEMES}:
            return []
        from salescoach.tui.keymap import setting_problems

        return setting_problems(settings, self.words)

    def _show_banners(self, banners: list[str]) -> None:
        for screen in self.screen_stack:
            if isinstance(screen, HomeScreen):
                screen.show_banners(banners)

    async def on_event(self, event: object) -> None:
        """Hold input back until its turn, note when the last key came, clean what is pasted, then go on as always."""
        from textual import events

        if (
            isinstance(event, events.InputEvent | events.Paste)
            and not event.is_forwarded
            and not self.input_queue.takes(event)
        ):
            return
        if isinstance(event, events.Key):
            from time import monotonic

            self._last_key = monotonic()
            self._touched = True
            if event.key == "escape":
                self.dismiss_error()
        elif isinstance(event, events.MouseDown):
            self._touched = True
        elif isinstance(event, events.Paste):
            # Whoever pastes is here, whatever the terminal said of its window: Textual sees that for keys alone.
            self.app_focus = True
            # A field draws what it holds: an escape code that was copied with a text must not get that far.
            event.text = clean(event.text, multiline=True)
        await super().on_event(event)  # type: ignore[arg-type]

    def push_screen(self, *args: Any, **kwargs: Any) -> Any:
        """Show a screen; what was said about the one before goes."""
        # An error says that something is not as the screen shows it: it stays its time wherever the person goes.
        self.hush(errors=False)
        return super().push_screen(*args, **kwargs)

    def pop_screen(self) -> AwaitComplete:
        """Leave a screen; what was said about it goes."""
        self.hush(errors=False)
        return super().pop_screen()

    def on_unreadable(self) -> None:
        """Say that the terminal sends what is no UTF-8."""
        self.say(self.words("home.unreadable"), severity="error", timeout=8)

    def on_index_changed(self, message: IndexChanged) -> None:
        """Lists read the index again."""
        self._tell_screens(lambda screen: screen.index_changed(message.changed))

    def on_index_progress(self, message: IndexProgress) -> None:
        """Show how far a long refresh is."""
        for screen in self.screen_stack:
            if isinstance(screen, HomeScreen):
                screen.show_progress(message.done, message.total)

    # Commands

    def action_palette(self) -> None:
        """Find a command, a deal or a move."""
        from salescoach.tui.screens.palette import PaletteScreen

        self.push_screen(PaletteScreen())

    def leave_dialogs(self, then: Callable[[], object]) -> None:
        """Close what stands over the screen, then do `then`; a form with something typed asks first."""
        screen = self.screen
        if isinstance(screen, Dialog):
            screen.leave(partial(self.leave_dialogs, then))
        else:
            then()

    def action_help(self) -> None:
        """Explain the screen and its keys."""
        from salescoach.tui.screens.help import HelpScreen

        screen = self.screen
        if isinstance(screen, CoachScreen | Dialog) and screen.TOPIC:
            self.push_screen(HelpScreen(screen.TOPIC, screen.COMMANDS_HERE))

    async def _check_bindings(self, key: str, priority: bool = False) -> bool:  # noqa: FBT001, FBT002 - Textual's signature
        handled = await super()._check_bindings(key, priority)
        if not (handled or priority) and (len(key) == 1 or key in _TRIED):
            # Letters that a field takes never come here.
            self.say(self.words("keys.unbound", key=key_sign(key)))
        return handled

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

    def action_me(self) -> None:
        """Change the user's name and role."""
        from salescoach.tui.home.who import ask_who

        ask_who(self)

    @work(thread=True, exit_on_error=False, group="introduce")
    def introduce(self, me: str, role: str) -> None:
        """Take the user's name and role from now on, and keep them in the settings."""
        try:
            self.workspace.introduce(me, role)
        except Exception as error:  # noqa: BLE001 - they count until the program ends, and that they are not kept is told
            self.call_from_thread(self.say_error, error)
        else:
            self.call_from_thread(self.say, self.words("dialogs.who-saved", name=me))
        self.call_from_thread(self._introduced)

    def _introduced(self) -> None:
        self.settle_forms()
        for screen in self.screen_stack:
            if isinstance(screen, HomeScreen):
                screen.reload()

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
            self.refresh_index()

    @work(thread=True, exit_on_error=False, group="remember")
    def _remember(self, key: str, value: str) -> None:
        try:
            self.workspace.remember(key, value)
        except Exception as error:  # noqa: BLE001 - a setting that cannot be kept is told and does not matter more
            self.call_from_thread(self.say_error, error)
