"""Brings a large index up to date in a process of its own: a thread beside the screens would make their keys wait."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import TextIO

    from salescoach.workspace import Workspace

Progress = Callable[[int, int], None]

MANY = 500
"""Rows to be made from which a process of its own is worth its start, about a third of a second."""
_GENTLE = 5
"""How much less urgent than the screens it is, as `nice` counts."""


class Indexing:
    """Refreshes a workspace's index; `stop` ends a process that is still at it."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._process: subprocess.Popen[str] | None = None
        self._stopped = False

    def run(self, progress: Progress) -> int:
        """Bring the index up to date and return how many deals were changed, new or gone.

        `progress(done, total)` is told about deals read, from the calling thread. Where the process cannot be started
        or fails, what it left undone is done here. Raises StoreError when the folder cannot be listed.
        """
        changed = 0
        if self._workspace.rows_lacking() >= MANY:
            with suppress(OSError, ValueError):
                changed = self._apart(progress)
        if self._stopped:
            return changed
        return max(changed, self._workspace.refresh(progress, lambda: self._stopped))

    def stop(self) -> None:
        """End the refresh as soon as can be; what it has written stays."""
        self._stopped = True
        process = self._process
        if process is not None:
            process.terminate()

    def _apart(self, progress: Progress) -> int:
        """Let another process do it and return how many deals it has read."""
        workspace = self._workspace
        task = {
            "paths": [str(path) for path in workspace.paths],
            "playbook": str(workspace.playbook_path) if workspace.playbook_path else None,
            "settings": workspace.settings._replace(keymap={})._asdict(),
        }
        self._process = process = subprocess.Popen(
            [sys.executable, "-P", "-m", __name__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
            start_new_session=True,  # a key that interrupts the terminal's programs is none of its business
        )
        done = 0
        with process:
            assert process.stdin is not None  # noqa: S101 - both were asked for
            assert process.stdout is not None  # noqa: S101
            with process.stdin as into:
                json.dump(task, into)
            for line in process.stdout:
                told, total = (int(word) for word in line.split())
                done = told
                progress(done, total)
        return done


def work(task: TextIO, out: TextIO) -> None:
    """Do what `Indexing` asks for in `task` and tell `out` how far it is, a line of two numbers at a time.

    Ends with BrokenPipeError when the program that asked is gone.
    """
    from salescoach.paths import Paths
    from salescoach.settings import Settings
    from salescoach.workspace import Workspace

    if sys.platform != "win32":
        with suppress(OSError):
            os.nice(_GENTLE)
    asked = json.load(task)
    playbook = Path(asked["playbook"]) if asked["playbook"] else None
    workspace = Workspace(
        Paths(*map(Path, asked["paths"])), Settings(**asked["settings"]), playbook
    )

    def progress(done: int, total: int) -> None:
        out.write(f"{done} {total}\n")
        out.flush()

    workspace.refresh(progress)


if __name__ == "__main__":
    try:
        work(sys.stdin, sys.stdout)
    except BrokenPipeError:
        os._exit(1)  # nobody listens any more, and flushing at the end would only fail again
