"""Shows how an old home is upgraded, over Home, and lets a person put it off."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical

from salescoach.tui.commands import Command, bindings
from salescoach.tui.screens.base import DIALOG_COMMANDS, Dialog
from salescoach.tui.spans import Span
from salescoach.tui.widgets.bar import Bar
from salescoach.tui.widgets.panel import Panel, Para
from salescoach.upgrading import Ended, Upgrading

if TYPE_CHECKING:
    from salescoach.tui.app import CoachApp


class UpgradeDialog(Dialog[Ended | None]):
    """Upgrades the home; how that ended comes back."""

    COMMANDS_HERE: ClassVar[tuple[Command, ...]] = (
        Command("upgrade.later", "escape,q", palette=False),
    )
    TOPIC = "upgrade"
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings(COMMANDS_HERE),
        *bindings(one for one in DIALOG_COMMANDS if one.id == "app.help"),
    ]

    DEFAULT_CSS = """
    UpgradeDialog {
        align: center middle;
        & > Vertical {
            width: 76; max-width: 100%; height: auto; max-height: 90%;
            background: $surface; border: round $primary; padding: 0 1;
        }
        & Panel { height: 4; margin: 1 0; padding: 0; }
    }
    """

    def __init__(self, upgrading: Upgrading) -> None:
        super().__init__()
        self._upgrading = upgrading
        self._at = ("starting", 0, 0)

    def compose(self) -> ComposeResult:
        """The title, what happens and why, how far it is, the way out."""
        with Vertical():
            yield Bar(id="heading")
            yield Panel(id="why")
            yield Bar(id="far")
            yield Bar(id="way-out")

    def on_mount(self) -> None:
        """Say what happens."""
        self.retell()

    def retell(self) -> None:
        """Draw everything in the words of the moment."""
        words = self.words
        self.query_one("#heading", Bar).show([Span(words("upgrade.title"), "heading")])
        self.query_one("#why", Panel).show([Para(words("upgrade.why"))])
        self.query_one("#way-out", Bar).show(
            [Span("Esc ", "key"), Span(words("upgrade.later"), "muted")]
        )
        self.show_progress(*self._at)

    def show_progress(self, what: str, done: int, total: int) -> None:
        """Show what is being done, and how far it is."""
        self._at = (what, done, total)
        told = self.words(f"upgrade.{what}", done=done, total=total)
        self.query_one("#far", Bar).show([Span(told, "warning")])

    def action_later(self) -> None:
        """End it with what is being saved; the dialog goes when it has ended."""
        self._upgrading.stop()


def upgrade_home(coach: CoachApp) -> None:
    """Look whether an earlier program saved some of the deals and, if so, upgrade the home with a dialog in front.

    It is called in a thread and returns when that has ended.
    """
    from salescoach.workspace.upgrade import old_deals, upgrade

    workspace = coach.workspace
    if not old_deals(workspace):
        upgrade(workspace)  # which notes that there are none
        return
    upgrading = Upgrading(workspace)
    dialog = UpgradeDialog(upgrading)
    coach.upgrading = upgrading

    def show() -> None:
        coach.input_queue.surprise()
        coach.push_screen(dialog)

    coach.call_from_thread(show)

    def progress(what: str, done: int, total: int) -> None:
        coach.call_from_thread(dialog.show_progress, what, done, total)

    ended = upgrading.run(progress)
    coach.upgrading = None
    coach.call_from_thread(dialog.dismiss, ended)
    for line in ended.told:
        severity = "warning" if ended.failed else "information"
        coach.call_from_thread(coach.say, line, severity=severity, timeout=20)
