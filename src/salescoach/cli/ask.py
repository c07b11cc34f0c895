"""Asks a person at the terminal, and tells them how far long work has come; scripts are never asked."""

from __future__ import annotations

import sys
from time import monotonic
from typing import TYPE_CHECKING

from salescoach.text import clean

if TYPE_CHECKING:
    from salescoach.cli.output import Output
    from salescoach.words import Words

_PATIENCE = 0.7
"""Seconds of work without a word of progress, and between two of them a fifth of that."""


def can_ask() -> bool:
    """Say whether somebody is there to read a question and answer it."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def ask(output: Output, words: Words, question: str, answers: str = "yn") -> str:
    """Ask until one of the letters in `answers`, or yes in the user's language, comes back; return the letter.

    The end of the input means no: `q` where that is an answer, else `n`.
    """
    refusal = "q" if "q" in answers else "n"
    while True:
        output.stdout.flush()
        output.stderr.write(f"{clean(question)} ")
        output.stderr.flush()
        line = sys.stdin.readline()
        if not line:
            output.tell("")
            return refusal
        from salescoach.text import fold

        answer = fold(line)
        if answer in {"yes", words("backup.yes")}:
            return "y"
        if len(answer) == 1 and answer in answers:
            return answer
        if answer == "no":
            return "n"


def ask_text(output: Output, question: str, default: str = "") -> str:
    """Ask for a line and return it cleaned; nothing typed, or the end of the input, gives `default`."""
    output.stdout.flush()
    shown = f" [{clean(default)}]" if default else ""
    output.stderr.write(f"{clean(question)}{shown}: ")
    output.stderr.flush()
    return clean(sys.stdin.readline()) or default


class Progress:
    """A count on one line of stderr, shown on a terminal once the work has taken a moment."""

    def __init__(self, output: Output, words: Words, sentence: str = "backup.progress") -> None:
        self._output = output
        self._words = words
        self.sentence = sentence
        """The key of what is shown, with `done` and `total`."""
        self._next = monotonic() + _PATIENCE
        self._shown = False
        self._wanted = output.stderr.isatty()

    def __call__(self, done: int, total: int) -> None:
        """Tell that `done` of `total` are done."""
        if not self._wanted or monotonic() < self._next:
            return
        self._next = monotonic() + _PATIENCE / 5
        self._shown = True
        self._output.stderr.write(f"\r{self._words(self.sentence, done=done, total=total)}\x1b[K")
        self._output.stderr.flush()

    def clear(self) -> None:
        """Take the line away, so that what follows begins at the left."""
        if self._shown:
            self._shown = False
            self._output.stderr.write("\r\x1b[K")
            self._output.stderr.flush()
