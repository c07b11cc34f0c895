"""The last line of a screen: its most used keys, in the language of the moment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from salescoach.tui.commands import Command, key_sign
from salescoach.tui.spans import Span, width_of
from salescoach.tui.widgets.bar import Bar

if TYPE_CHECKING:
    from salescoach.words import Words


class KeyBar(Bar):
    """Key hints that can be clicked."""

    DEFAULT_CSS = """
    KeyBar { dock: bottom; background: $panel; }
    """

    def show_commands(
        self, commands: Iterable[Command], words: Words, keymap: Mapping[str, str]
    ) -> None:
        """Show the commands that want to be in the bar, under their present keys."""
        spans: list[Span] = []
        for command in commands:
            if not command.bar:
                continue
            keys = keymap.get(command.id, command.keys)
            spans.append(Span(f" {key_sign(keys)}", "key", command.action))
            spans.append(Span(f" {words('keys.' + command.id)} ", "", command.action))
        # The last one, the help or the way out, stays in view however narrow the screen is.
        self.show(spans[:-2], spans[-2:])

    def _layout(self, width: int) -> list[Span]:
        room = width - width_of(self._right)
        shown: list[Span] = []
        for sign, label in zip(self._left[::2], self._left[1::2], strict=True):
            if width_of([*shown, sign, label]) > room:
                break
            shown += [sign, label]
        return [*shown, *self._right]
