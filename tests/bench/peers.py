"""Other terminal programs in the same run, where they are installed; nothing is installed for it."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from tests.bench.home import Home
from tests.bench.report import Figure, paired
from tests.bench.starts import app_start
from tests.bench.terminal import Terminal, text_complete

_SETTLED = 1.0
"""Seconds without output after which a foreign program counts as at rest."""


@dataclass(frozen=True, slots=True)
class Peer:
    """A program by its name, the names that its command goes by, and files without which it asks before it starts."""

    name: str
    commands: tuple[str, ...]
    files: tuple[str, ...] = ()

    def found(self) -> str | None:
        """Return its command where it is installed."""
        return next(filter(None, map(shutil.which, self.commands)), None)


PEERS = (
    Peer("kanban-tui", ("ktui", "kanban-tui")),
    Peer("posting", ("posting",)),
    Peer("vit", ("vit",), ("taskrc", ".vit/config.ini")),
)


def first_frame(home: Home, peer: Peer, runs: int) -> Figure:
    """Measure the first frame of Home against that of a peer with nothing saved in it."""
    label = f"first frame of Home, {home.count:,} deals"
    command = peer.found()
    if command is None:
        return Figure(label, beside=peer.name, note="not installed")
    environ = _environ(home, peer)

    def theirs() -> float:
        terminal = Terminal([command], environ)
        try:
            terminal.until(_anything, quiet=_SETTLED * home.patience, limit=20)
        finally:
            terminal.close()
        return text_complete(terminal.pieces)

    try:
        theirs()  # what it sets up the first time is not its usual start
    except AssertionError:
        return Figure(label, beside=peer.name, note="did not start")
    return paired(label, runs, lambda: app_start(home), peer.name, theirs)


def _anything(text: str) -> bool:
    return bool(text.strip())


def _environ(home: Home, peer: Peer) -> dict[str, str]:
    place = home.place.with_name(f"{home.place.name}-{peer.name}")
    place.mkdir(exist_ok=True)
    for name in peer.files:
        (place / name).parent.mkdir(exist_ok=True)
        (place / name).touch()
    return {
        **home.environ,
        "HOME": str(place),
        **_folders(place, "CONFIG", "DATA", "STATE", "CACHE"),
        "XDG_RUNTIME_DIR": str(place),
        "TASKRC": str(place / "taskrc"),
        "TASKDATA": str(place),
    }


def _folders(place: Path, *kinds: str) -> dict[str, str]:
    return {f"XDG_{kind}_HOME": str(place / kind.lower()) for kind in kinds}
