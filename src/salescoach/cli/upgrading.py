"""Upgrades an old home before the first command that writes: how far it is on stderr, what came of it after it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from salescoach.cli.context import Context


def upgrade(context: Context) -> None:
    """Upgrade the home; what stops it is told, and the command goes on: each deal that it changes is upgraded by itself."""
    from salescoach.cli.ask import Progress
    from salescoach.store.errors import StoreError
    from salescoach.workspace import upgrade as upgrades

    words, out, workspace = context.words, context.out, context.workspace
    progress = Progress(out, words)
    waiting: list[str] = []

    def tell(what: str, done: int, total: int) -> None:
        if what == "waiting":
            if not waiting:
                waiting.append(what)
                out.tell((words("upgrade.waiting"), "warning"))
            return
        progress.sentence = f"upgrade.{what}"
        progress(done, total)

    try:
        done = upgrades.upgrade(workspace, tell)
    except StoreError as error:
        progress.clear()
        out.tell((words("upgrade.failed", error=workspace.explain(error)), "bad"))
        return
    finally:
        progress.clear()
    for line in upgrades.told(words, done, workspace.explain):
        out.tell((line, "warning" if done.left or not done.complete else ""))
