"""Tells the Escape key from the first byte of a sequence: a terminal sends the same byte for both.

Textual takes Escape and what is typed within a tenth of a second after it for one key with Alt, or for a sequence that it
does not know. No command of ours uses Alt: Escape followed by a letter is Escape, and then the letter.
"""

from __future__ import annotations

import re
from typing import Final

from textual.constants import ESCAPE_DELAY

ESCAPE: Final = "\x1b"
SEQUENCE_DELAY: Final = 0.5
"""Seconds that the rest of a sequence is waited for once more of it has come than Escape sends."""
_WHOLE = re.compile(
    r"\x1b(?:\[(?:\[[A-E]|M[^\x1b]{3}|(?!\[|M)[0-?]*[ -/]*[@-~])|O[A-DF-IMP-SXj-y])"
)
_BEGUN = re.compile(r"\x1b(?:\[(?:\[?|M[^\x1b]{0,2}|[0-?]{1,200}[ -/]{0,20})|O)?")
_KEYS = re.compile(r"[^\x1b]+")


class Escapes:
    """What was read so far; the time is in seconds of any clock."""

    def __init__(self) -> None:
        self._held = ""
        self._since = 0.0

    def feed(self, text: str, now: float) -> list[str]:
        """Take a text read at `now`; return `ESCAPE` alone for each press of that key, and between them texts to parse."""
        self._since = now
        return self._parts(self._held + text, hold=True)

    def wait(self, now: float) -> float | None:
        """Return the seconds until `pause` has something to return if nothing is read; None for never."""
        if not self._held:
            return None
        delay = ESCAPE_DELAY if self._held == ESCAPE else SEQUENCE_DELAY
        return max(0.0, self._since + delay - now)

    def pause(self, now: float) -> list[str]:
        """Return what was held back, now that the rest of a sequence has not come until `now`."""
        return self._parts(self._held, hold=False) if self.wait(now) == 0 else []

    def forget(self) -> None:
        """Drop what is held back: it was the beginning of something else."""
        self._held = ""

    def flush(self) -> list[str]:
        """Return what is held back at once: what comes next is no part of it."""
        return self._parts(self._held, hold=False)

    def _parts(self, text: str, *, hold: bool) -> list[str]:
        self._held = ""
        parts: list[str] = []
        at = 0
        while at < len(text):
            if (found := _KEYS.match(text, at) or _WHOLE.match(text, at)) is not None:
                parts.append(found[0])
                at = found.end()
            elif hold and _BEGUN.fullmatch(text, at):
                self._held = text[at:]
                break
            else:
                parts.append(ESCAPE)
                at += 1
        return parts
