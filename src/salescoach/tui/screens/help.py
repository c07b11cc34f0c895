"""Explains a screen: what it shows, its signs, every key."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical

from salescoach.text import pad
from salescoach.tui.commands import Command, bindings, key_sign
from salescoach.tui.screens.base import APP_COMMANDS, Dialog
from salescoach.tui.spans import Span
from salescoach.tui.widgets.bar import Bar
from salescoach.tui.widgets.keybar import KeyBar
from salescoach.tui.widgets.panel import BLANK, Panel, Para


class HelpScreen(Dialog[None]):
    """What the screen behind is for and which keys it knows."""

    COMMANDS_HERE: ClassVar[tuple[Command, ...]] = (
        Command("help.back", "escape,q,question_mark,f1,enter", bar=True, palette=False),
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings(COMMANDS_HERE),
        ("down,j,space,pagedown", "scroll(5)", ""),
        ("up,k,pageup", "scroll(-5)", ""),
    ]

    DEFAULT_CSS = """
    HelpScreen {
        align: center middle;
        & > Vertical { width: 84; max-width: 100%; height: 94%; background: $surface; border: round $primary; }
        & KeyBar { dock: none; background: $surface; }
    }
    """

    def __init__(self, topic: str, commands: Sequence[Command]) -> None:
        super().__init__()
        self._topic = topic
        self._commands = commands

    def compose(self) -> ComposeResult:
        """Heading, text, keys."""
        with Vertical():
            yield Bar(id="heading")
            yield Panel()
            yield KeyBar()

    def on_mount(self) -> None:
        """Tell it."""
        self.retell()

    def retell(self) -> None:
        """Tell it in the words of the moment."""
        words = self.words
        keymap = self.coach.workspace.settings.keymap
        self.query_one("#heading", Bar).show(
            [Span(" " + words(f"about.{self._topic}-title"), "heading")]
        )
        told = words(f"about.{self._topic}", marks=words("marks.legend"))
        paras = [Para(line) for line in told.split("\n")]
        for title, commands in (
            ("about.keys-here", self._commands),
            ("about.keys-everywhere", APP_COMMANDS),
        ):
            paras += [BLANK, Para(words(title), "heading")]
            for command in commands:
                keys = keymap.get(command.id, command.keys)
                signs = " ".join(key_sign(key) for key in keys.split(","))
                paras.append(Para(words("helps." + command.id), "", pad(signs, 16) + " ", "key"))
        paras += [BLANK, Para(words("about.lists"), "muted")]
        self.query_one(Panel).show(paras)
        self.query_one(KeyBar).show_commands(self.COMMANDS_HERE, words, keymap)

    def action_scroll(self, lines: int) -> None:
        """Scroll the text."""
        self.query_one(Panel).scroll_relative(y=lines, animate=False)

    def action_back(self) -> None:
        """Close the help."""
        if not self.is_current:
            return  # a second key of the same burst
        self.dismiss(None)
