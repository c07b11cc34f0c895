"""Keeps the terminal from working on keys that are typed before the first screen is there.

Until a program asks for every key, the terminal turns Enter into a line feed, edits the line, and shows what is typed. What
it held by then is read like all else: nothing is flushed.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from typing import Any

_found: list[Any] = []
"""How the terminal was before `ask_for_keys`, while it is another."""


def ask_for_keys() -> None:
    """Ask the terminal of standard input for every key as it is typed; where there is none, nothing happens.

    Ctrl+C still interrupts, since there is no screen yet to leave.
    """
    if sys.platform == "win32" or _found:
        return
    import termios

    with suppress(OSError, ValueError, AttributeError, termios.error):
        number = sys.stdin.fileno()
        before = termios.tcgetattr(number)
        now = termios.tcgetattr(number)
        now[0] &= ~(termios.ICRNL | termios.INLCR | termios.IGNCR | termios.IXON | termios.IXOFF)
        now[3] &= ~(termios.ECHO | termios.ICANON | termios.IEXTEN)
        now[6][termios.VMIN], now[6][termios.VTIME] = 1, 0
        termios.tcsetattr(number, termios.TCSANOW, now)
        _found.append(before)


def hand_over(driver: Any) -> None:
    """The screens have taken the terminal: have them give it back as it was before `ask_for_keys`."""
    if _found and hasattr(driver, "attrs_before"):
        driver.attrs_before = _found[0]


def give_back() -> None:
    """Make the terminal as it was; where `ask_for_keys` changed nothing, nothing happens."""
    if sys.platform == "win32":
        return
    while _found:
        import termios

        with suppress(OSError, ValueError, AttributeError, termios.error):
            termios.tcsetattr(sys.stdin.fileno(), termios.TCSANOW, _found[-1])
        _found.pop()
