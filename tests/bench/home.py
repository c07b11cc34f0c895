"""A folder full of deals and the programs that are measured over it: the app, its commands and the minimal app."""

from __future__ import annotations

import os
import shutil
import sqlite3
import sys
from functools import cached_property
from pathlib import Path

from salescoach.paths import under
from salescoach.settings import Settings
from salescoach.workspace import Workspace
from tests.bench import corpus
from tests.bench.terminal import Terminal

PYTHON = sys.executable
MINIMAL = [PYTHON, str(Path(__file__).with_name("minimal.py"))]
APP = [PYTHON, "-m", "salescoach"]
MINIMAL_APP = "minimal Textual app"


def environ(home: Path) -> dict[str, str]:
    """Return the environment of a measured program."""
    kept = {"PATH": os.environ.get("PATH", os.defpath), "HOME": str(home)}
    kept |= {"SALESCOACH_HOME": str(home), "LANG": "en_US.UTF-8"}
    return kept | {"TERM": "xterm-256color", "COLORTERM": "truecolor"}


def minimal_ready(text: str) -> bool:
    """Say whether the minimal app is on the screen."""
    return "READY" in text


def keys_told(text: str) -> bool:
    """Say whether Home is on the screen, its list filled or not."""
    return "? help" in text.splitlines()[-1]


class Home:
    """A folder with `count` deals, made when it is first needed, and how the program looks over it."""

    def __init__(
        self, place: Path, count: int, *, patience: float = 1.0, warm: bool = True
    ) -> None:
        self.place = place
        self.count = count
        self.environ = environ(place)
        self.patience = patience
        """How long to wait for a program to come to rest, as a share of what is safe on a busy machine."""
        self.warm = warm
        """Whether runs and presses that do not count come before those that do."""

    @cached_property
    def workspace(self) -> Workspace:
        """The folder's workspace, the deals in it."""
        if not self.place.exists():
            corpus.fill(self.place, self.count)
        return Workspace(under(self.place), Settings(lang="en"))

    def ready(self) -> Workspace:
        """Return the workspace with its index up to date."""
        if not self.workspace.lists.deals.stages():
            corpus.index(self.workspace, self.count)
        self.workspace.catch_up()
        return self.workspace

    def without_index(self) -> None:
        """Delete the cache, as anybody may at any time."""
        self.workspace.index.close()
        shutil.rmtree(self.workspace.paths.cache, ignore_errors=True)

    def shown(self, text: str) -> bool:
        """Say whether Home is there, all deals counted."""
        return keys_told(text) and f"Deals {self.count} " in text

    def started(self, *keys: bytes) -> Terminal:
        """Return the program at rest on Home, after `keys`; the presses so far are not kept."""
        self.ready()
        terminal = Terminal(APP, self.environ)
        terminal.until(self.shown, quiet=1.5 * self.patience)
        for key in keys:
            terminal.press(key, quiet=0.4 * self.patience)
        terminal.presses.clear()
        return terminal

    def outdated(self, *keys: bytes) -> Terminal:
        """Return the program on Home, after `keys`, while it makes every row of an index that is there anew."""
        self.ready().index.close()
        connection = sqlite3.connect(self.workspace.paths.index_file)
        with connection:
            connection.execute("UPDATE documents SET made = ''")
        connection.close()
        terminal = Terminal(APP, self.environ)
        terminal.until(keys_told, quiet=0.1 * self.patience)
        for key in keys:
            terminal.press(key, quiet=0.4 * self.patience)
        terminal.presses.clear()
        return terminal

    def minimal(self) -> Terminal:
        """Return the minimal app at rest."""
        terminal = Terminal(MINIMAL, self.environ)
        terminal.until(minimal_ready, quiet=0.5 * self.patience)
        return terminal
