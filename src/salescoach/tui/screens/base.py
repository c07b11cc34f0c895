"""What every screen has: its commands, the words of the moment, a key bar, a way to say something."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Protocol, TypeVar, cast, runtime_checkable

from textual.events import ScreenResume
from textual.screen import ModalScreen, Screen

from salescoach.tui.commands import Command
from salescoach.tui.spans import plain
from salescoach.tui.widgets.keybar import KeyBar
from salescoach.tui.widgets.message import MessageLine, Severity
from salescoach.tui.widgets.styled import Ground

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.widget import Widget

    from salescoach.customer.models import Customer
    from salescoach.deal.models import Deal
    from salescoach.tui.app import CoachApp
    from salescoach.words import Words

Result = TypeVar("Result")

APP_COMMANDS = (
    Command("app.palette", "ctrl+p"),
    Command("app.help", "question_mark,f1"),
    Command("app.language", "f2"),
    Command("app.theme", "f3"),
    Command("app.me", "f4"),
    Command("app.retry", "f5"),
    Command("app.quit", "ctrl+q,ctrl+c"),
)

DIALOG_COMMANDS = tuple(
    command._replace(call=command.id)
    for command in APP_COMMANDS
    if command.id in {"app.palette", "app.help", "app.language", "app.theme"}
)
"""Commands of the app that a dialog has too: Textual keeps from a dialog what is bound behind it."""


class CoachScreen(Screen[Result], Ground):
    """A screen of the program. `say` shows a line; `retell` draws everything again in the words of the moment."""

    COMMANDS_HERE: ClassVar[tuple[Command, ...]] = ()
    TOPIC: ClassVar[str] = ""
    """The word of the area `about` that explains this screen on the help screen."""

    _styled_at: int | None = None

    @property
    def coach(self) -> CoachApp:
        """The app."""
        return cast("CoachApp", self.app)

    @property
    def words(self) -> Words:
        """The program's sentences in the language of the moment."""
        return self.coach.words

    def _extend_compose(self, widgets: list[Widget]) -> None:
        # In the place of Textual's toasts and tooltips, which lie over the screen.
        widgets.append(MessageLine())

    def _on_screen_resume(self, event: ScreenResume) -> None:
        self.coach.show_said()
        # Textual matches every widget of a screen with the stylesheet whenever the screen is shown, although each
        # was when it was mounted. Nothing can have changed since unless the theme did, and it takes longer than painting.
        state = self.app._css_update_count  # noqa: SLF001
        if self._styled_at in {None, state}:
            event.refresh_styles = False
        self._styled_at = state

    def say(self, message: str, *, severity: Severity = "information") -> None:
        """Show a short message; foreign text in it stays text."""
        self.coach.say(message, severity=severity)

    def refuse(self, message: str) -> None:
        """Say why what was asked for does not come; what is typed for it is dropped."""
        self.coach.refuse(message)

    def retell(self) -> None:
        """Draw everything again: the language, the theme or the deal has changed."""

    def deal_saved(self, deal: Deal, pending: int) -> None:
        """Take a deal that was saved, unless `pending` more edits of it are on their way."""

    def customer_saved(self, customer: Customer, pending: int) -> None:
        """Take a customer that was saved by itself, unless `pending` more edits of it are on their way."""

    def index_changed(self, changed: int) -> None:
        """The index was brought up to date, `changed` documents in it."""

    def show_keys(self) -> None:
        """Fill the key bar."""
        for bar in self.query(KeyBar):
            bar.show_commands(self.bar_commands(), self.words, self.coach.workspace.settings.keymap)

    def bar_commands(self) -> tuple[Command, ...]:
        """Return what the key bar shows: this screen's commands, then the help."""
        return (*self.COMMANDS_HERE, Command("app.help", "question_mark", bar=True))


@runtime_checkable
class ShowsDeal(Protocol):
    """A screen over a deal's own that shows a part of the same deal."""

    behind: object

    def deal_changed(self) -> None:
        """The deal behind has another state."""


class Dialog(ModalScreen[Result]):
    """A modal screen over another one."""

    COMMANDS_HERE: ClassVar[tuple[Command, ...]] = ()
    TOPIC: ClassVar[str] = ""

    DEFAULT_CSS = """
    Dialog > MessageLine { dock: bottom; }
    """

    def _extend_compose(self, widgets: list[Widget]) -> None:
        # In the place of Textual's toasts and tooltips, which lie over the dialog.
        widgets.append(MessageLine())

    def _on_screen_resume(self, event: ScreenResume) -> None:
        self.coach.show_said()

    @property
    def coach(self) -> CoachApp:
        """The app."""
        return cast("CoachApp", self.app)

    @property
    def words(self) -> Words:
        """The program's sentences in the language of the moment."""
        return self.coach.words

    def say(self, message: str, *, severity: Severity = "information") -> None:
        """Show a short message; foreign text in it stays text."""
        self.coach.say(message, severity=severity)

    def refuse(self, message: str) -> None:
        """Say why what was asked for does not come; what is typed for it is dropped."""
        self.coach.refuse(message)

    def retell(self) -> None:
        """Draw everything again in the words of the moment."""

    def leave(self, then: Callable[[], object]) -> None:
        """Close the dialog, then do `then`."""
        self.dismiss(None)
        then()

    @staticmethod
    def safe(value: str) -> object:
        """Return foreign text as content for a widget's title or label."""
        return plain(value)
