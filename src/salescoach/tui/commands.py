"""Commands: one small object gives a key, an id to remap it by, its words, its place in the key bar and in the palette."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from textual.binding import Binding


class Command(NamedTuple):
    """Something a person can do on a screen.

    `id` is `screen.name`: the key under which the config's keymap remaps it, and under which the words areas `keys` (a
    label of a word or two) and `helps` (a sentence) describe it. The action is the name with underscores.
    """

    id: str
    keys: str
    bar: bool = False
    """Whether the key bar shows it."""
    palette: bool = True
    """Whether the palette offers it."""
    call: str = ""
    """The action with its arguments, where it is not simply the name."""

    @property
    def action(self) -> str:
        """What Textual is to run: the action's name without `action_`, and its arguments if it has any."""
        return self.call or self.id.partition(".")[2].replace("-", "_")

    def binding(self) -> Binding:
        """Return the Textual binding for this command."""
        return Binding(self.keys, self.action, self.id, show=False, id=self.id)


def bindings(commands: Iterable[Command]) -> list[Binding]:
    """Return the bindings of `commands`, for a screen's BINDINGS."""
    return [command.binding() for command in commands]


_KEY_SIGNS = {
    "space": "Space",
    "enter": "Enter",
    "escape": "Esc",
    "question_mark": "?",
    "slash": "/",
    "comma": ",",
    "full_stop": ".",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
    "plus": "+",
    "minus": "-",
    "exclamation_mark": "!",
    "tab": "Tab",
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "home": "Home",
    "end": "End",
    "insert": "Ins",
    "delete": "Del",
    "backspace": "Backspace",
}
_FUNCTION_KEY = re.compile(r"f\d+")


def key_sign(keys: str) -> str:
    """Return how the first of a binding's comma-separated keys is shown to people, the same everywhere: `Ctrl+G`."""
    *held, key = keys.split(",", maxsplit=1)[0].strip().split("+")
    sign = _KEY_SIGNS.get(key, key)
    if held or _FUNCTION_KEY.fullmatch(key):
        # What is on the key's cap, as the read-me and the help write it.
        sign = sign.upper() if len(sign) == 1 or sign == key else sign
    return "+".join([*(one.capitalize() for one in held), sign])
