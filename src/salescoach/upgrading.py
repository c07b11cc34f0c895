"""Upgrades an old home in a process of its own, so that the screens stay quick and it can be left at any moment."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from typing import TextIO

    from salescoach.workspace import Workspace

Progress = Callable[[str, int, int], None]


class Ended(NamedTuple):
    """How an upgrade ended: what is to be told, and whether something went wrong."""

    told: tuple[str, ...] = ()
    failed: bool = False


class Upgrading:
    """Upgrades a workspace's home; `stop` ends it with what is under way at that moment."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._process: subprocess.Popen[str] | None = None
        self._stopped = False

    def run(self, progress: Progress) -> Ended:
        """Upgrade the home and return how that ended. `progress` is told, from the calling thread, what is being done.

        Where the process cannot be started it is done here.
        """
        with suppress(OSError, ValueError):
            ended = self._apart(progress)
            if ended is not None:
                return ended
        return upgraded(self._workspace, progress, lambda: self._stopped)

    def stop(self) -> None:
        """End it as soon as what is being saved is saved."""
        self._stopped = True
        process = self._process
        if process is not None and process.stdin is not None:
            with suppress(OSError, ValueError):
                process.stdin.close()

    def _apart(self, progress: Progress) -> Ended | None:
        workspace = self._workspace
        task = {
            "paths": [str(path) for path in workspace.paths],
            "playbook": str(workspace.playbook_path) if workspace.playbook_path else None,
            "settings": workspace.settings._replace(keymap={})._asdict(),
            "lang": workspace.words.lang,
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
        assert process.stdin is not None  # noqa: S101 - both were asked for
        assert process.stdout is not None  # noqa: S101
        ended = None
        try:
            process.stdin.write(json.dumps(task) + "\n")
            process.stdin.flush()
            for line in process.stdout:
                what, done, total = json.loads(line)
                if what in {"ended", "failed"}:
                    ended = Ended(tuple(done), failed=what == "failed")
                else:
                    progress(what, done, total)
        finally:
            self.stop_waiting(process)
        return ended

    @staticmethod
    def stop_waiting(process: subprocess.Popen[str]) -> None:
        """Close what leads to a process and wait for its end."""
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                with suppress(OSError, ValueError):
                    stream.close()
        process.wait()


def upgraded(workspace: Workspace, progress: Progress, cancelled: Callable[[], bool]) -> Ended:
    """Upgrade a home in this process and return how that ended."""
    from salescoach.store.errors import StoreError
    from salescoach.workspace import upgrade as upgrades

    try:
        done = upgrades.upgrade(workspace, progress, cancelled)
    except StoreError as error:
        told = workspace.words("upgrade.failed", error=workspace.explain(error))
        return Ended((told,), failed=True)
    return Ended(tuple(upgrades.told(workspace.words, done, workspace.explain)), bool(done.left))


def work(task: TextIO, out: TextIO) -> None:
    """Do what `Upgrading` asks for in the first line of `task` until that ends; tell `out` how far it is, a line at a time."""
    from threading import Event, Thread

    from salescoach.paths import Paths
    from salescoach.settings import Settings
    from salescoach.workspace import Workspace

    asked = json.loads(task.readline())
    playbook = Path(asked["playbook"]) if asked["playbook"] else None
    workspace = Workspace(
        Paths(*map(Path, asked["paths"])),
        Settings(**asked["settings"]),
        playbook,
        lang=asked["lang"],
    )
    left = Event()

    def listen() -> None:
        task.read()  # ends when the program that asked stops it, or is gone
        left.set()

    Thread(target=listen, daemon=True).start()

    def tell(*line: object) -> None:
        out.write(json.dumps(line) + "\n")
        out.flush()

    ended = upgraded(workspace, tell, left.is_set)
    tell("failed" if ended.failed else "ended", ended.told, 0)


if __name__ == "__main__":
    try:
        work(sys.stdin, sys.stdout)
    except BrokenPipeError:
        os._exit(1)  # nobody listens any more, and flushing at the end would only fail again
    os._exit(0)  # the thread that listens may still wait
