"""`salescoach demo`: the app on a throw-away copy of the sample deals."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse

    from salescoach.cli.context import Context
    from salescoach.words import Words


def add_arguments(parser: argparse.ArgumentParser, command: str, words: Words) -> None:
    """Take no arguments of its own."""


def run(context: Context, args: argparse.Namespace) -> int:
    """Fill a temporary home with the samples, start the app in it, and remove it afterwards."""
    from tempfile import TemporaryDirectory

    from salescoach import samples
    from salescoach.cli.context import Context as Fresh
    from salescoach.cli.open import need_terminal, start

    need_terminal(context)
    before = os.environ.get("SALESCOACH_HOME")
    with TemporaryDirectory(prefix="salescoach-demo-") as home:
        os.environ["SALESCOACH_HOME"] = home
        # The app leaves at once where it can; here the folder has to be removed first.
        os.environ["SALESCOACH_SLOW_EXIT"] = "1"
        try:
            fresh = Fresh(context.options, os.environ, context.out)
            fresh.words = context.words
            samples.install(fresh.workspace, fresh.today)
            return start(fresh)
        finally:
            if before is None:
                del os.environ["SALESCOACH_HOME"]
            else:
                os.environ["SALESCOACH_HOME"] = before
